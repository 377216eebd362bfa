"""`deputy identity-provider`: what it signs, with boto3 and the AWS CLI's options; what it serves, as others read it.

The pages docs/guides/oidc.md and saml.md are typed by test_guides.py."""
import base64
import contextlib
import http.client
import json
import os
import re
import signal
import socket
import ssl
import subprocess
import xml.etree.ElementTree as ElementTree

import boto3
import botocore.config
import pytest
from botocore import UNSIGNED
from botocore.exceptions import ClientError

from conftest import ACCOUNT_A, Cloud
from deputy import BINARY, PATIENCE, REGION, Server, free_port

GITHUB, CLUSTER = "https://token.actions.githubusercontent.com", "https://oidc.eks.us-east-1.amazonaws.com/id/D486EXAMPLE"
MAIN = "repo:octo-org/octo-repo:ref:refs/heads/main"
CORP = f"arn:aws:iam::{ACCOUNT_A}:saml-provider/Corp"


def role_arn(name):
    return f"arn:aws:iam::{ACCOUNT_A}:role/{name}"


class Provider:
    """`deputy identity-provider` with a folder of its own."""

    def __init__(self, server, name="idp"):
        self.server, self.folder, self.port = server, server.folder / name, free_port()

    def run(self, verb, *arguments, check=True, **more):
        return self.server.run("identity-provider", verb, "--folder", self.folder, *arguments, check=check, **more)

    def start(self, *issuers):
        words = [word for issuer in issuers for word in ("--issuer", issuer)]
        # Its output goes to a file: what runs on in the background would hold a pipe open.
        with open(self.folder.parent / f"{self.folder.name}.out", "w+b") as out:
            code = subprocess.run([BINARY, "identity-provider", "serve", "--detach", "--folder", self.folder, "--listen",
                                   f"127.0.0.1:{self.port}", *words], env=self.server.environment(), stdin=subprocess.DEVNULL,
                                  stdout=out, stderr=out, timeout=PATIENCE).returncode
            out.seek(0)
            self.said = out.read().decode()
        assert code == 0, self.said
        return self

    def variables(self):
        """What `env` exports."""
        lines = self.run("env").stdout.splitlines()
        exported = (re.fullmatch(r"export (\w+)='?([^']*)'?", line) for line in lines)
        return {found[1]: found[2] for found in exported if found}

    def token(self, *arguments, **claims):
        words = [word for name, value in claims.items() for word in ("--claim", f"{name}={value}")]
        return self.run("token", *words, *arguments).stdout

    def assertion(self, *arguments):
        return self.run("assertion", *arguments).stdout

    def get(self, path, host, method="GET"):
        """As a client that knows the authority and checks strictly; the answer's status and body."""
        context = ssl.create_default_context(cafile=self.folder / "ca.pem")
        context.verify_flags |= ssl.VERIFY_X509_STRICT
        line = http.client.HTTPSConnection(host, timeout=PATIENCE)
        line.sock = context.wrap_socket(socket.create_connection(("127.0.0.1", self.port), PATIENCE), server_hostname=host)
        line.request(method, path)
        answer = line.getresponse()
        body = answer.read()
        line.close()
        return answer.status, body

    def stop(self):
        return self.run("stop", check=False)


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    server = Server(tmp_path_factory.mktemp("identity-provider"))
    provider = Provider(server).start(GITHUB, CLUSTER)
    server.environment_of_server = provider.variables()
    server.start()
    cloud = Cloud(server)
    cloud.provider = provider
    iam = cloud.client("iam", cloud.a)
    for url in (GITHUB, CLUSTER):
        iam.create_open_id_connect_provider(Url=url, ClientIDList=["sts.amazonaws.com"])
    iam.create_saml_provider(Name="Corp", SAMLMetadataDocument=provider.run("metadata").stdout)
    for role, action, provider_arn, conditions in (
            ("Deploy", "WebIdentity", f"oidc-provider/{GITHUB.removeprefix('https://')}",
             {f"{GITHUB.removeprefix('https://')}:sub": MAIN}),
            ("Pod", "WebIdentity", f"oidc-provider/{CLUSTER.removeprefix('https://')}",
             {f"{CLUSTER.removeprefix('https://')}:sub": "system:serviceaccount:default:my-app"}),
            ("Reader", "SAML", "saml-provider/Corp", {"SAML:aud": "https://signin.aws.amazon.com/saml"})):
        iam.create_role(RoleName=role, AssumeRolePolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": [{
            "Effect": "Allow", "Principal": {"Federated": f"arn:aws:iam::{ACCOUNT_A}:{provider_arn}"},
            "Action": [f"sts:AssumeRoleWith{action}", "sts:TagSession", "sts:SetSourceIdentity"],
            "Condition": {"StringEquals": conditions}}]}))
    yield cloud
    server.stop()
    done = provider.stop()
    assert done.returncode == 0, done.stderr


def unsigned_sts(world):
    return boto3.client("sts", endpoint_url=world.server.endpoint, region_name=REGION,
                        config=botocore.config.Config(signature_version=UNSIGNED, retries={"total_max_attempts": 1}))


def trade(world, token, role="Deploy"):
    return unsigned_sts(world).assume_role_with_web_identity(RoleArn=role_arn(role), RoleSessionName="build", WebIdentityToken=token)


def sign_in(world, assertion):
    return unsigned_sts(world).assume_role_with_saml(RoleArn=role_arn("Reader"), PrincipalArn=CORP, SAMLAssertion=assertion)


def refusal(call, *arguments):
    with pytest.raises(ClientError) as refused:
        call(*arguments)
    return refused.value.response["Error"]["Code"], refused.value.response["Error"]["Message"]


def github(world, *more, **claims):
    return world.provider.token("--issuer", GITHUB, *more, **({"sub": MAIN, "aud": "sts.amazonaws.com"} | claims))


def decoded(part):
    return json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))


def test_tokens_of_both_algorithms_and_both_issuers_are_traded(world):
    for algorithm in ("RS256", "ES256"):
        answer = trade(world, github(world, "--algorithm", algorithm))
        assert answer["SubjectFromWebIdentityToken"] == MAIN
        assert answer["Provider"].endswith("oidc-provider/token.actions.githubusercontent.com")
    pod = world.provider.token("--issuer", CLUSTER, "--json-claim", 'aud=["sts.amazonaws.com"]',
                               sub="system:serviceaccount:default:my-app")
    assert trade(world, pod, "Pod")["Audience"] == "sts.amazonaws.com"
    assert refusal(trade, world, pod, "Deploy") == ("AccessDenied", "Not authorized to perform sts:AssumeRoleWithWebIdentity")


def test_claims_of_any_kind_come_through(world, tmp_path):
    claims = tmp_path / "claims.json"
    claims.write_text(json.dumps({"sub": MAIN, "aud": "sts.amazonaws.com", "run_attempt": 1, "nested": {"a": [1, None, "é"]},
                                  "https://aws.amazon.com/tags": {"principal_tags": {"team": ["blue"]},
                                                                  "transitive_tag_keys": ["team"]}}))
    token = world.provider.token("--issuer", GITHUB, "--claims", claims, "--claim", "https://aws.amazon.com/source_identity=alice",
                                 "--json-claim", "flag=true", "--without", "jti", "--at", "2026-07-24T10:11:12Z")
    header, body, _ = token.split(".")
    assert decoded(header)["alg"] == "RS256" and decoded(header)["typ"] == "JWT"
    said = decoded(body)
    assert said["nested"] == {"a": [1, None, "é"]} and said["flag"] is True and said["run_attempt"] == 1
    assert said["iat"] == said["nbf"] == 1784887872 and said["exp"] == 1784887872 + 3600 and "jti" not in said
    answer = trade(world, world.provider.token("--issuer", GITHUB, "--claims", claims,
                                               "--claim", "https://aws.amazon.com/source_identity=alice"))
    assert answer["SourceIdentity"] == "alice"


@pytest.mark.parametrize("more, code, message", [
    (["--forged"], "InvalidIdentityToken", "The web identity token provided could not be validated."),
    (["--forged", "--algorithm", "ES256"], "InvalidIdentityToken", "The web identity token provided could not be validated."),
    (["--expires-in", "-600"], "ExpiredTokenException", "Token expired"),
    (["--at", "2020-01-01T00:00:00Z"], "ExpiredTokenException", "Token expired"),
    (["--without", "exp"], "InvalidIdentityToken", ""),
    (["--claim", "iss=https://somebody.example"], "InvalidIdentityToken", "No OpenIDConnect provider found in your account"),
    (["--json-claim", "exp=\"soon\""], "InvalidIdentityToken", ""),
])
def test_wrong_tokens_are_made_and_refused(world, more, code, message):
    said = refusal(trade, world, github(world, *more))
    assert said[0] == code and message in said[1]


def test_who_reads_the_documents_checks_the_tokens(world):
    """With `cryptography`, which is not ours."""
    pytest.importorskip("cryptography", reason="no `cryptography` package to check signatures with")
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
    from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
    for issuer in (GITHUB, CLUSTER):
        host, _, path = issuer.removeprefix("https://").partition("/")
        status, body = world.provider.get(f"/{path}{'/' if path else ''}.well-known/openid-configuration", host)
        document = json.loads(body)
        assert status == 200 and document["issuer"] == issuer and document["jwks_uri"].startswith(issuer)
        keys = json.loads(world.provider.get(document["jwks_uri"].removeprefix(f"https://{host}"), host)[1])["keys"]
    number = lambda text: int.from_bytes(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)), "big")
    by_id = {key["kid"]: key for key in keys}
    assert len(by_id) == 2
    for algorithm in ("RS256", "ES256"):
        token = github(world, "--algorithm", algorithm)
        signed, _, signature = token.rpartition(".")
        key = by_id[decoded(token.split(".")[0])["kid"]]
        assert key["alg"] == algorithm and key["use"] == "sig"
        raw = base64.urlsafe_b64decode(signature + "=" * (-len(signature) % 4))
        if algorithm == "RS256":
            rsa.RSAPublicNumbers(number(key["e"]), number(key["n"])).public_key().verify(
                raw, signed.encode(), padding.PKCS1v15(), hashes.SHA256())
        else:
            r, s = int.from_bytes(raw[:32], "big"), int.from_bytes(raw[32:], "big")
            ec.EllipticCurvePublicNumbers(number(key["x"]), number(key["y"]), ec.SECP256R1()).public_key().verify(
                encode_dss_signature(r, s), signed.encode(), ec.ECDSA(hashes.SHA256()))


def test_nothing_else_is_served(world):
    host = GITHUB.removeprefix("https://")
    for method, path, status in (("GET", "/", 404), ("GET", "/rsa.key", 404), ("GET", "/%2e%2e/rsa.key", 404), ("POST", "/token", 404),
                                 ("POST", "/.well-known/jwks.json", 405), ("HEAD", "/.well-known/jwks.json", 200)):
        assert world.provider.get(path, host, method)[0] == status, path
    with pytest.raises(ssl.SSLCertVerificationError):
        world.provider.get("/", "elsewhere.example")


def test_assertions_sign_people_in(world):
    words = ["--role", role_arn("Reader"), "--provider", CORP, "--session-name", "alice", "--subject", "alice@example.com"]
    for more in ([], ["--sign", "response"]):
        answer = sign_in(world, world.provider.assertion(*words, *more))
        assert answer["Subject"] == "alice@example.com" and answer["SubjectType"] == "persistent"
        assert answer["AssumedRoleUser"]["Arn"].endswith("assumed-role/Reader/alice")
    answer = sign_in(world, world.provider.assertion(
        *words, "--source-identity", "alice", "--tag", "team=blue", "--tag", "cost=a=b", "--transitive-tag", "team",
        "--duration", "3600", "--subject-format", "emailAddress", "--attribute", "urn:oid:1.3.6.1.4.1.5923.1.1.1.1=staff",
        "--attribute", "urn:oid:1.3.6.1.4.1.5923.1.1.1.1=\"member\""))
    assert answer["SourceIdentity"] == "alice" and answer["SubjectType"].endswith("emailAddress")
    session = answer["Credentials"]
    who = boto3.client("sts", endpoint_url=world.server.endpoint, region_name=REGION, aws_access_key_id=session["AccessKeyId"],
                       aws_secret_access_key=session["SecretAccessKey"], aws_session_token=session["SessionToken"])
    assert who.get_caller_identity()["Arn"].endswith("assumed-role/Reader/alice")


@pytest.mark.parametrize("more, code, message", [
    (["--forged"], "InvalidIdentityToken", "Response signature invalid"),
    (["--forged", "--sign", "response"], "InvalidIdentityToken", "Response signature invalid"),
    (["--at", "2020-01-01T00:00:00Z"], "ExpiredTokenException", "Token must be redeemed within 5 minutes of issuance"),
    (["--expires-in", "-1"], "ExpiredTokenException", "Token must be redeemed within 5 minutes of issuance"),
    (["--audience", "https://elsewhere.example"], "InvalidIdentityToken", "Response does not contain the required audience"),
    (["--entity-id", "https://elsewhere.example"], "InvalidIdentityToken", "Issuer not present in specified provider"),
])
def test_wrong_assertions_are_made_and_refused(world, more, code, message):
    words = ["--role", role_arn("Reader"), "--provider", CORP, "--session-name", "alice", *more]
    assert refusal(sign_in, world, world.provider.assertion(*words)) == (code, message)


def test_an_assertion_may_lack_what_it_needs(world):
    assert refusal(sign_in, world, world.provider.assertion("--role", role_arn("Reader"), "--provider", CORP)) == (
        "InvalidIdentityToken", "RoleSessionName is required in AuthnResponse")
    assert refusal(sign_in, world, world.provider.assertion("--session-name", "alice"))[0] in ("AccessDenied", "InvalidIdentityToken")


def test_the_xml_is_well_formed_and_metadata_is_served(world):
    response = ElementTree.fromstring(world.provider.assertion("--session-name", "a&<\">'", "--xml"))
    value = response.find(".//{urn:oasis:names:tc:SAML:2.0:assertion}AttributeValue")
    assert value.text == "a&<\">'"
    printed = world.provider.run("metadata").stdout
    assert ElementTree.fromstring(printed.encode()).get("entityID") == "https://identity-provider.invalid/saml"
    assert world.provider.get("/saml/metadata.xml", GITHUB.removeprefix("https://")) == (200, printed.encode())


def test_a_provider_without_tls_needs_no_issuer(world, tmp_path):
    server = Server(tmp_path)
    provider = Provider(server).start()
    try:
        where = f"http://127.0.0.1:{provider.port}"
        assert provider.variables() == {"DEPUTY_ALLOW_ISSUER": where, "DEPUTY_IDENTITY_PROVIDER": str(provider.folder)}
        server.environment_of_server = provider.variables()
        server.start()
        cloud = Cloud(server)
        iam = cloud.client("iam", cloud.a)
        arn = iam.create_open_id_connect_provider(Url=where, ClientIDList=["tests"])["OpenIDConnectProviderArn"]
        iam.create_role(RoleName="Deploy", AssumeRolePolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": [{
            "Effect": "Allow", "Principal": {"Federated": arn}, "Action": "sts:AssumeRoleWithWebIdentity",
            "Condition": {"StringEquals": {f"127.0.0.1:{provider.port}:aud": "tests"}}}]}))
        cloud.server = server
        assert trade(cloud, provider.token(sub="me", aud="tests"))["SubjectFromWebIdentityToken"] == "me"
    finally:
        server.stop()
        provider.stop()


def test_one_runs_with_a_folder_and_ends_when_it_is_told(tmp_path):
    server = Server(tmp_path)
    provider = Provider(server)
    for verb in ("env", "stop"):
        done = provider.run(verb, check=False)
        assert done.returncode == 1 and "no identity provider runs with the keys of" in done.stderr
        assert "deputy identity-provider serve --detach" in done.stderr
    provider.start(GITHUB)
    assert "The identity provider is ready: https://token.actions.githubusercontent.com at 127.0.0.1:" in provider.said
    assert f"To end it: deputy identity-provider stop --folder {provider.folder}" in provider.said
    authority = (provider.folder / "ca.pem").read_text()
    second = provider.run("serve", "--listen", "127.0.0.1:0", check=False)
    assert second.returncode == 1 and "another identity provider runs with the keys of" in second.stderr
    taken = Provider(server, "other")
    taken.port = provider.port
    done = taken.run("serve", "--detach", "--listen", f"127.0.0.1:{provider.port}", check=False)
    assert done.returncode == 1 and "in use" in done.stderr
    host = GITHUB.removeprefix("https://")
    keys = provider.get("/.well-known/jwks.json", host)[1]
    assert f"GET {host}/.well-known/jwks.json: 200" in (provider.folder / "identity-provider.log").read_text()
    assert provider.token("--claim", "sub=x").count(".") == 2  # of the only issuer
    assert provider.stop().returncode == 0
    with pytest.raises(OSError):
        socket.create_connection(("127.0.0.1", provider.port), 1)
    provider.start(GITHUB)
    assert provider.get("/.well-known/jwks.json", host)[1] == keys
    assert (provider.folder / "ca.pem").read_text() == authority
    assert provider.stop().returncode == 0
    private = [name for name in os.listdir(provider.folder) if (provider.folder / name).stat().st_mode & 0o077]
    assert private == []


def test_a_key_that_others_may_read_signs_nothing(tmp_path):
    provider = Provider(Server(tmp_path))
    provider.token("--issuer", GITHUB)
    (provider.folder / "rsa.key").chmod(0o644)
    done = provider.run("token", "--issuer", GITHUB, check=False)
    assert done.returncode == 1 and done.stdout == "" and "chmod 600" in done.stderr
    assert "PRIVATE KEY" not in done.stderr


def test_a_command_runs_beside_it(tmp_path):
    provider = Provider(Server(tmp_path))
    done = provider.run("serve", "--listen", "127.0.0.1:0", "--issuer", GITHUB, "--", "sh", "-c",
                        'echo "$DEPUTY_ALLOW_ISSUER $DEPUTY_ISSUER_CA $DEPUTY_IDENTITY_PROVIDER"; exit 7', check=False)
    assert done.returncode == 7
    allowed, ca, folder = done.stdout.split()
    assert re.fullmatch(r"token\.actions\.githubusercontent\.com=127\.0\.0\.1:\d+", allowed)
    assert ca == f"{provider.folder}/ca.pem" and folder == str(provider.folder)


def test_in_the_foreground_it_ends_by_a_signal(tmp_path):
    provider = Provider(Server(tmp_path))
    process = subprocess.Popen([BINARY, "identity-provider", "serve", "--folder", provider.folder, "--listen", "127.0.0.1:0"],
                               env=provider.server.environment(), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True)
    assert process.stdout.readline().startswith("The identity provider is ready: http://127.0.0.1:")
    process.send_signal(signal.SIGTERM)
    assert process.wait(PATIENCE) == 0
    process.stdout.close()


@pytest.mark.parametrize("arguments, message", [
    (["serve", "--issuer", "idp.example"], '"idp.example" is not https://HOST[:PORT][/PATH]'),
    (["serve", "--issuer", "https://idp.example/"], "without a slash at its end"),
    (["serve", "--issuer", "http://idp.example"], "an issuer without TLS may only be on 127.0.0.1, [::1] or localhost"),
    (["serve", "--issuer", "https://a.example", "--issuer", "http://127.0.0.1"], "either all are https, or none is"),
    (["serve", "--listen", "nowhere"], '"nowhere" is not HOST:PORT'),
    (["serve", "--detach", "--", "true"], "excludes"),
    (["token", "--claim", "sub"], '"sub" is not NAME=VALUE'),
    (["token", "--claim", "=x"], '"=x" is not NAME=VALUE'),
    (["token", "--at", "yesterday"], '"yesterday" is not a time'),
    (["token", "--algorithm", "none"], "none not in"),
    (["assertion", "--role", "arn:aws:iam::111111111111:role/Reader"], "--provider with --role"),
    (["assertion", "--tag", "team"], '"team" is not NAME=VALUE'),
    ([], "subcommand"),
])
def test_command_lines_that_are_wrong_are_told_what_is(tmp_path, arguments, message):
    done = Server(tmp_path).run("identity-provider", *arguments, check=False)
    assert done.returncode == 2 and message in done.stderr, done.stderr


@pytest.mark.parametrize("arguments, message", [
    (["token"], "the token has no issuer: give --issuer"),
    (["token", "--issuer", "x", "--claim", "a=1", "--claim", "a=2"], 'The claim "a" is given twice'),
    (["token", "--issuer", "x", "--json-claim", "a=x"], 'The value of the claim "a" is no JSON'),
    (["token", "--issuer", "x", "--claims", "/nowhere"], "cannot read /nowhere"),
    (["token", "--issuer", "x", "--without", "sub"], "--without sub: there is no such claim"),
    (["assertion", "--session-name", "\x01"], "a character that XML cannot hold"),
    (["metadata", "--entity-id", ""], "An entity id has 1 to 1024 bytes"),
])
def test_what_cannot_be_signed_is_said(tmp_path, arguments, message):
    provider = Provider(Server(tmp_path))
    done = provider.run(arguments[0], *arguments[1:], check=False)
    assert done.returncode == 1 and done.stdout == "" and message in done.stderr, done.stderr


def test_the_provider_that_stands_for_two_asks_which(world):
    done = world.provider.run("token", check=False)
    assert done.returncode == 1 and "stands for 2 issuers: say with --issuer" in done.stderr


def test_it_outlives_clients_that_break_off(world):
    host = GITHUB.removeprefix("https://")
    for _ in range(20):
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", world.provider.port), 5) as line:
            line.sendall(b"\x16\x03\x01garbage" * 100)
    assert world.provider.get("/.well-known/jwks.json", host)[0] == 200
