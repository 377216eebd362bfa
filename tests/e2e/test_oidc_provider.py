"""What docs/guides/oidc.md does, with tokens of an OpenID Connect provider that is not ours (npm's oidc-provider)."""
import contextlib
import http.client
import json
import os
import shutil
import ssl
import subprocess
import urllib.parse

import boto3
import pytest

import page
from conftest import ACCOUNT_A, Cloud
from deputy import ROOT, Server
from clis import AWS

pytest.importorskip("cryptography", reason="no `cryptography` package to make certificates with")
from issuer import EKS, GITHUB, Authority  # noqa: E402

JS = ROOT / "tests/e2e/js"
if shutil.which("node") is None:
    pytest.skip("no Node: run scripts/install-deps test", allow_module_level=True)
if not (JS / "node_modules/oidc-provider").is_dir():
    pytest.skip("npm's oidc-provider is not installed: run scripts/install-deps test", allow_module_level=True)

PAGE = page.Page("oidc.md")
MAIN, POD = "repo:octo-org/octo-repo:ref:refs/heads/main", "system:serviceaccount:default:my-app"
ISSUERS = {
    f"https://{GITHUB}": {"alg": "RS256", "audience": "sts.amazonaws.com", "claims": {
        "sub": MAIN, "repository": "octo-org/octo-repo", "repository_id": "74", "repository_owner": "octo-org",
        "ref": "refs/heads/main", "actor": "octocat", "workflow": "deploy", "event_name": "push",
        "job_workflow_ref": "octo-org/octo-repo/.github/workflows/deploy.yml@refs/heads/main"}},
    f"https://{EKS}": {"alg": "ES256", "audience": "sts.amazonaws.com", "claims": {
        "sub": POD, "aud": ["sts.amazonaws.com"], "kubernetes.io": {
            "namespace": "default", "serviceaccount": {"name": "my-app", "uid": "a3e5"}, "pod": {"name": "my-app-0"}}}},
}


class Provider:
    def __init__(self, authority, log):
        with log.open("wb") as complaints:
            self.process = subprocess.Popen(["node", "oidc_provider.mjs"], cwd=JS, stdin=subprocess.PIPE, text=True,
                                            stdout=subprocess.PIPE, stderr=complaints)
        setup = {"key": authority.key.read_text(), "certificate": authority.chain.read_text(), "issuers": ISSUERS}
        self.process.stdin.write(json.dumps(setup) + "\n")
        self.process.stdin.flush()
        port = self.process.stdout.readline()
        assert port, f"the provider did not start:\n{log.read_text()}"
        self.port = int(port)
        self.context = ssl.create_default_context(cafile=authority.ca)

    def token(self, issuer):
        """An access token by client credentials, as a JWT."""
        host, _, path = issuer.partition("/")
        line = http.client.HTTPSConnection("127.0.0.1", self.port, context=self.context, timeout=20)
        line.sock = self.context.wrap_socket(_connected(self.port), server_hostname=host)
        form = urllib.parse.urlencode({"grant_type": "client_credentials", "client_id": "workload",
                                       "client_secret": "workload-secret-of-the-tests"})
        line.request("POST", f"/{path}/token" if path else "/token", form,
                     {"Host": host, "Content-Type": "application/x-www-form-urlencoded"})
        answer = line.getresponse()
        body = answer.read()
        assert answer.status == 200, body
        return json.loads(body)["access_token"]

    def stop(self):
        with contextlib.suppress(OSError):
            self.process.stdin.close()
        self.process.wait(10)


def _connected(port):
    import socket
    return socket.create_connection(("127.0.0.1", port), 20)


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    folder = tmp_path_factory.mktemp("oidc-provider")
    authority = Authority(folder, [GITHUB, EKS.split("/")[0]])
    provider = Provider(authority, folder / "provider.log")
    server = Server(folder)
    server.start("--issuer-ca", authority.ca, *(word for host in (GITHUB, EKS.split("/")[0])
                                               for word in ("--allow-issuer", f"{host}=127.0.0.1:{provider.port}")))
    world = Cloud(server)
    world.provider = provider
    yield world
    server.stop()
    provider.stop()


IN_THE_JOB = """export AWS_ROLE_ARN=arn:aws:iam::111111111111:role/{role}
export AWS_WEB_IDENTITY_TOKEN_FILE=./token AWS_ROLE_SESSION_NAME=build-4711
aws sts get-caller-identity
aws s3 ls"""
BY_HAND = ("aws sts assume-role-with-web-identity --no-sign-request --role-arn arn:aws:iam::111111111111:role/Deploy "
           "--role-session-name by-hand --web-identity-token file://token")


@pytest.mark.skipif(AWS is None, reason="no AWS CLI: run scripts/install-deps demo")
def test_the_cli_trades_its_tokens(world):
    folder = world.server.folder
    run = page.Runner(AWS, world.server)
    iam = world.client("iam", world.a)
    for url in ISSUERS:
        iam.create_open_id_connect_provider(Url=url, ClientIDList=["sts.amazonaws.com"])
    for role, trust in {"Deploy": "github-trust.json", "MyApp": "pod-trust.json"}.items():
        iam.create_role(RoleName=role, AssumeRolePolicyDocument=PAGE.document(trust))
        iam.put_role_policy(RoleName=role, PolicyName="List", PolicyDocument=PAGE.document("list-buckets.json"))
    world.client("s3", world.a).create_bucket(Bucket="deployed-by-ci")
    (folder / "token").write_text(world.provider.token(GITHUB))
    here = {"AWS_ENDPOINT_URL": world.server.endpoint, "AWS_DEFAULT_REGION": "us-east-1"}
    said = run.must(IN_THE_JOB.format(role="Deploy"), **here)
    assert f'"arn:aws:sts::{ACCOUNT_A}:assumed-role/Deploy/build-4711"' in said
    assert said.rstrip().endswith("deployed-by-ci")
    answer = json.loads(run.must(BY_HAND, **here))
    assert answer["SubjectFromWebIdentityToken"] == MAIN
    assert answer["Provider"] == f"arn:aws:iam::{ACCOUNT_A}:oidc-provider/{GITHUB}"

    pod = IN_THE_JOB.format(role="MyApp")
    code, _, err = run(pod, **here)
    assert code != 0
    assert "(InvalidIdentityToken)" not in err
    assert ("An error occurred (AccessDenied) when calling the AssumeRoleWithWebIdentity operation: "
            "Not authorized to perform sts:AssumeRoleWithWebIdentity") in err
    (folder / "token").write_text(world.provider.token(EKS))
    assert f'"arn:aws:sts::{ACCOUNT_A}:assumed-role/MyApp/build-4711"' in run.must(pod, **here)


def test_boto3_takes_the_same_environment(world, monkeypatch):
    iam = world.client("iam", world.a)
    with contextlib.suppress(iam.exceptions.EntityAlreadyExistsException):
        iam.create_open_id_connect_provider(Url=f"https://{EKS}", ClientIDList=["sts.amazonaws.com"])
    trust = PAGE.document("pod-trust.json").replace("my-app", "my-*").replace("StringEquals", "StringLike")
    iam.create_role(RoleName="Boto3", AssumeRolePolicyDocument=trust)
    token = world.server.folder / "boto3-token"
    token.write_text(world.provider.token(EKS))
    for name, value in {"AWS_ENDPOINT_URL": world.server.endpoint, "AWS_DEFAULT_REGION": "us-east-1",
                        "AWS_ROLE_ARN": f"arn:aws:iam::{ACCOUNT_A}:role/Boto3",
                        "AWS_WEB_IDENTITY_TOKEN_FILE": str(token)}.items():
        monkeypatch.setenv(name, value)
    who = boto3.session.Session().client("sts").get_caller_identity()
    assert who["Arn"].startswith(f"arn:aws:sts::{ACCOUNT_A}:assumed-role/Boto3/botocore-session-")
