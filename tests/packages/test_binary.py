"""The static binary: it runs on any x86-64 Linux, and does there what it does here."""
import functools
import json
import os
import subprocess
import sys
import time

import boto3
import pytest
from botocore import UNSIGNED
from botocore.config import Config

import roots
import story

pytest.importorskip("cryptography", reason="no `cryptography` package to sign assertions with")
import issuer  # noqa: E402
import saml  # noqa: E402


@functools.cache
def binary():
    return roots.artifact("deputy-{version}-linux-x86_64")


def test_it_asks_for_no_library_and_no_newer_kernel_than_six_years():
    said = subprocess.run(["readelf", "-W", "-d", "-l", "-n", binary()], capture_output=True, text=True, check=True).stdout
    assert "NEEDED" not in said and "INTERP" not in said
    kernel = tuple(map(int, said.partition("OS: Linux, ABI: ")[2].split()[0].split(".")))
    assert kernel < (5, 4), "Debian 10's successor, and whatever is younger, has at least this"
    assert "x86-64-v2" not in said and "x86-64-v3" not in said


@pytest.mark.parametrize("bare", roots.SYSTEMS, indirect=True)
def test_it_runs_where_nothing_else_is(bare, tmp_path):
    """As nobody: accounts, roles, refusals, SAML, a provider found by its name and trusted by the system's authorities (which
    lie where Debian, or Fedora, has them), and all of it again after a restart."""
    bare.install_binary()
    run = lambda *words: bare.run(*words, user=roots.NOBODY).stdout
    assert run("deputy", "--version") == f"deputy {roots.version()}\n"
    (bare.path / "etc/hosts").write_text("127.0.0.1 localhost issuer.test\n")
    (bare.path / "etc/nsswitch.conf").write_text("hosts: mymachines files mdns4_minimal [NOTFOUND=return] dns\n")
    (bare.path / "etc/resolv.conf").write_text("nameserver 127.0.0.1\n")
    authority = issuer.Authority(tmp_path, ["issuer.test"])
    bundle = bare.path / ("etc/pki/tls/certs/ca-bundle.crt" if bare.system == "nothing" else "etc/ssl/certs/ca-certificates.crt")
    bundle.parent.mkdir(parents=True, exist_ok=True)
    bundle.write_bytes(authority.ca.read_bytes())
    provider = issuer.Issuer(authority)
    key, host = issuer.Key.rsa("key"), f"issuer.test:{provider.port}"
    provider.keys = {host: [key]}
    serve = ["deputy", "serve", "--listen", "127.0.0.1:0", "--data", "/tmp/data", "--allow-issuer", host]
    process, port = bare.start(*serve, user=roots.NOBODY)
    try:
        endpoint = f"http://127.0.0.1:{port}"
        root_a, root_b = (story.account(run_in(bare), number) for number in (story.A, story.B))
        dana = story.cross_account(endpoint, root_a, root_b)
        saml_session(endpoint, root_a)
        web_identity_session(endpoint, root_a, host, key)
    finally:
        process.terminate()
        assert process.wait(60) == 0
        provider.stop()
    process, port = bare.start(*serve, user=roots.NOBODY)
    try:
        arn = story.client("sts", f"http://127.0.0.1:{port}", dana).get_caller_identity()["Arn"]
        assert arn == f"arn:aws:iam::{story.A}:user/dana"
    finally:
        process.terminate()
        assert process.wait(60) == 0


def run_in(bare):
    return lambda *words: bare.run(*words, "--data", "/tmp/data", user=roots.NOBODY).stdout


def federated(provider, action, key, value):
    return json.dumps({"Version": "2012-10-17", "Statement": [
        {"Effect": "Allow", "Principal": {"Federated": provider}, "Action": action, "Condition": {"StringEquals": {key: value}}}]})


def unsigned(endpoint):
    return boto3.client("sts", endpoint_url=endpoint, region_name="us-east-1", config=Config(signature_version=UNSIGNED))


def saml_session(endpoint, root):
    iam, signer = story.client("iam", endpoint, root), saml.Signer()
    provider = iam.create_saml_provider(Name="Corp", SAMLMetadataDocument=signer.metadata())["SAMLProviderArn"]
    role = iam.create_role(RoleName="People", AssumeRolePolicyDocument=federated(
        provider, "sts:AssumeRoleWithSAML", "SAML:aud", saml.SIGN_IN))["Role"]["Arn"]
    assertion = saml.Assertion(role, provider, int(time.time()))

    def call(by):
        said = saml.encoded(saml.response(saml.signed(assertion.xml(), assertion.id, by)))
        return unsigned(endpoint).assume_role_with_saml(RoleArn=role, PrincipalArn=provider, SAMLAssertion=said)

    assert call(signer)["Subject"] == "alice@example.com"
    assert story.refusal(call, by=saml.Signer()).startswith("InvalidIdentityToken: ")


def web_identity_session(endpoint, root, host, key):
    """The keys are fetched from a host whose name /etc/hosts knows: no plugin of the system's is needed for it."""
    iam, now = story.client("iam", endpoint, root), int(time.time())
    provider = iam.create_open_id_connect_provider(Url=f"https://{host}", ClientIDList=["me"])["OpenIDConnectProviderArn"]
    role = iam.create_role(RoleName="Jobs", AssumeRolePolicyDocument=federated(
        provider, "sts:AssumeRoleWithWebIdentity", f"{host}:sub", "job"))["Role"]["Arn"]
    claims = {"iss": f"https://{host}", "sub": "job", "aud": "me", "iat": now - 10, "exp": now + 3600}
    said = unsigned(endpoint).assume_role_with_web_identity(
        RoleArn=role, RoleSessionName="session", WebIdentityToken=issuer.token(key, claims))
    assert said["SubjectFromWebIdentityToken"] == "job"


@pytest.mark.parametrize("suite", ["test_saml.py", "test_oidc.py", "test_tls.py", "test_outbound.py", "test_durability.py", "test_lifecycle.py"])
def test_it_passes_what_the_linked_one_passes(suite):
    """Of the end-to-end tests those whose libraries are others in it: SAML's, TLS, the store, names."""
    done = subprocess.run([sys.executable, "-m", "pytest", str(roots.ROOT / "tests/e2e" / suite), "-q", "-p", "no:cacheprovider"],
                          env=os.environ | {"DEPUTY": str(binary())}, cwd=roots.ROOT,
                          capture_output=True, text=True)
    assert done.returncode == 0, done.stdout[-4000:]
