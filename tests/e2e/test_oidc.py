"""AssumeRoleWithWebIdentity against a provider that misbehaves: tests/wire/forged_tokens.json, keys that change, answers
that lie. The well-behaved one is in test_oidc_provider.py."""
import functools
import json
import socket
import threading
import time
import xml.etree.ElementTree as ElementTree

import boto3
import botocore.config
import pytest
from botocore import UNSIGNED

from conftest import ACCOUNT_A, ACCOUNT_B, Cloud, Keys
from deputy import ROOT, Server, free_port
from sigv4 import Request, form, send

pytest.importorskip("cryptography", reason="no `cryptography` package to sign tokens with")
import issuer  # noqa: E402
from issuer import EKS, GITHUB, Authority, Issuer, Key, b64  # noqa: E402

CASES = json.loads((ROOT / "tests/wire/forged_tokens.json").read_text())["cases"]
FIELDS = {"name", "key", "algorithm", "header", "claims", "drop", "times", "parts", "raw", "payload_text", "swap_claims",
          "swap_header", "embed", "role", "account", "status", "code", "message"}
NO_KEY = ("Couldn't retrieve verification key from your identity provider,  please reference AssumeRoleWithWebIdentity "
          "documentation for requirements")
HOUR = 3600


def trust(provider, action="sts:AssumeRoleWithWebIdentity", principal="Federated", **conditions):
    statement = {"Effect": "Allow", "Principal": {principal: provider}, "Action": action}
    if conditions:
        statement["Condition"] = conditions
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


def provider_arn(url, account=ACCOUNT_A):
    return f"arn:aws:iam::{account}:oidc-provider/{url}"


MAIN = "repo:octo-org/octo-repo:ref:refs/heads/main"
POD = "system:serviceaccount:default:my-app"


@functools.cache
def keys():
    """By the names that cases use: made once, as making one takes its time."""
    return {"rsa": Key.rsa("rsa-1"), "ec": Key.ec("ec-1"), "p384": Key.ec("p384-1", "ES384", issuer.ec.SECP384R1),
            "stranger": Key.rsa("stranger"), "weak": Key.rsa("weak-1", bits=1024), "eks": Key.rsa("eks-1"),
            "encryption": Key.rsa("enc-1", use="enc"), "second": Key.rsa("rsa-2")}


class World:
    """A server that knows two issuers, and roles that trust them."""

    def __init__(self, folder):
        self.authority = Authority(folder, [GITHUB, EKS.split("/")[0], "other.example"])
        self.issuer = Issuer(self.authority)
        self.keys = keys()
        self.issuer.keys = {GITHUB: [self.keys[k] for k in ("rsa", "ec", "p384", "weak", "encryption", "second")],
                            EKS: [self.keys["eks"]]}
        self.server = Server(folder)
        self.server.start("--movable-clock", "--issuer-ca", self.authority.ca,
                          *self.allow(GITHUB), *self.allow(EKS.split("/")[0]), *self.allow("other.example"))
        self.moved = 0
        cloud = self.cloud = Cloud(self.server)
        iam = self.iam = cloud.client("iam", cloud.a)
        for url in (GITHUB, EKS):
            iam.create_open_id_connect_provider(Url=f"https://{url}", ClientIDList=["sts.amazonaws.com"])
        on_main = {"StringEquals": {f"{GITHUB}:aud": "sts.amazonaws.com", f"{GITHUB}:sub": MAIN}}
        on_pod = {"StringEquals": {f"{EKS}:aud": "sts.amazonaws.com", f"{EKS}:sub": POD}}
        iam.create_role(RoleName="Main", AssumeRolePolicyDocument=trust(provider_arn(GITHUB), **on_main))
        iam.create_role(RoleName="Pods", AssumeRolePolicyDocument=trust(provider_arn(EKS), **on_pod))
        iam.create_role(RoleName="UsersOnly", AssumeRolePolicyDocument=trust(ACCOUNT_A, "sts:AssumeRole*", "AWS"))
        iam.create_role(RoleName="WrongAction", AssumeRolePolicyDocument=trust(provider_arn(GITHUB), "sts:AssumeRole", **on_main))

    def allow(self, host):
        return "--allow-issuer", f"{host}=127.0.0.1:{self.issuer.port}"

    def now(self):
        return int(time.time()) + self.moved

    def move_clock(self, seconds):
        self.server.move_clock(seconds)
        self.moved += seconds

    def claims(self, url=GITHUB, sub=MAIN, **more):
        now = self.now()
        return {"iss": f"https://{url}", "sub": sub, "aud": "sts.amazonaws.com", "iat": now - 10, "nbf": now - 10,
                "exp": now + HOUR, "jti": "1"} | more

    def token(self, key="rsa", **more):
        return issuer.token(self.keys[key], self.claims(**more))

    def call(self, token, role="Main", account=ACCOUNT_A, session="session", **more):
        """The HTTP answer, as status, {element: text}."""
        parameters = {"Action": "AssumeRoleWithWebIdentity", "Version": "2011-06-15", "RoleSessionName": session,
                      "RoleArn": f"arn:aws:iam::{account}:role/{role}", "WebIdentityToken": token} | more
        request = Request("POST", headers=[("Host", f"127.0.0.1:{self.server.port}"),
                                           ("Content-Type", "application/x-www-form-urlencoded")],
                          body=form(parameters).encode())
        answer = send(self.server.port, request)
        return answer.status, {e.tag.rpartition("}")[2]: e.text or "" for e in ElementTree.fromstring(answer.body).iter()}

    def accepted(self, token, **more):
        status, said = self.call(token, **more)
        assert status == 200, said
        return said

    def refused(self, token, code, message, status=400, **more):
        got, said = self.call(token, **more)
        assert (got, said.get("Code"), said.get("Message")) == (status, code, message), said

    def stop(self):
        self.server.stop()
        self.issuer.stop()


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    world = World(tmp_path_factory.mktemp("oidc"))
    yield world
    world.stop()


@pytest.fixture
def own(tmp_path):
    """A world of the test's own."""
    world = World(tmp_path)
    yield world
    world.stop()


def forged(world, case):
    """The token of a case, and the names that its message may use."""
    assert not case.keys() - FIELDS, f"unknown fields {case.keys() - FIELDS}"
    claims = world.claims() | case.get("claims", {})
    claims |= {name: world.now() + shift for name, shift in case.get("times", {}).items()}
    for name in case.get("drop", []):
        del claims[name]
    key = world.keys[case.get("key", "rsa")]
    header = dict(case.get("header", {}))
    if case.get("embed") == "jwk":
        header["jwk"] = key.jwk
    claimed = header.pop("alg", None)  # what the header says, where that is not how it was signed
    text = issuer.token(key, claims, case.get("algorithm"), **header)
    if claimed is not None:
        head = {"typ": "JWT", "kid": key.kid} | header | {"alg": claimed}
        signed = f"{b64(json.dumps(head).encode())}.{text.split('.')[1]}"
        text = f"{signed}.{b64(key.sign(signed.encode(), key.algorithm))}"
    head, payload, signature = text.split(".")
    if "payload_text" in case:
        payload = b64(case["payload_text"].encode(errors="surrogateescape"))
        signature = b64(key.sign(f"{head}.{payload}".encode(), key.algorithm))
    if "swap_claims" in case:
        payload = b64(json.dumps(claims | case["swap_claims"]).encode())
    if "swap_header" in case:
        head = b64(json.dumps({"typ": "JWT", "alg": key.algorithm, "kid": key.kid} | case["swap_header"]).encode())
    parts = case.get("parts", "{header}.{payload}.{signature}")
    text = parts.format(header=head, payload=payload, signature=signature, half=signature[:len(signature) // 8 * 4])
    return case.get("raw", text), claims


def test_the_table_is_large_and_its_names_differ():
    assert len(CASES) >= 25
    assert len({case["name"] for case in CASES}) == len(CASES)


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_a_forged_token_is_refused(world, case):
    text, claims = forged(world, case)
    before = world.now()
    status, said = world.call(text, case.get("role", "Main"), case.get("account", ACCOUNT_A))
    assert (status, said.get("Code")) == (case["status"], case["code"]), said
    wanted = {case["message"].replace("<exp>", str(claims.get("exp"))).replace("<now>", str(now))
              for now in range(before, world.now() + 1)}
    assert said["Message"] in wanted


@pytest.mark.parametrize("key", ["rsa", "ec", "p384"])
def test_a_token_of_its_provider_becomes_the_role(world, key):
    said = world.accepted(world.token(key))
    assert said["SubjectFromWebIdentityToken"] == MAIN
    assert said["Audience"] == "sts.amazonaws.com"
    assert said["Provider"] == provider_arn(GITHUB)
    assert said["Arn"] == f"arn:aws:sts::{ACCOUNT_A}:assumed-role/Main/session"
    assert said["AccessKeyId"].startswith("ASIA")
    assert "PackedPolicySize" not in said
    keys = Keys(said["AccessKeyId"], said["SecretAccessKey"], said["SessionToken"])
    who = world.cloud.client("sts", keys).get_caller_identity()
    assert who["Arn"] == said["Arn"]


def test_clocks_may_differ_by_five_minutes(world):
    now = world.now()
    world.accepted(world.token(exp=now - 290, iat=now - HOUR, nbf=now - HOUR))
    world.accepted(world.token(iat=now + 290, nbf=now + 290))
    world.accepted(world.token(exp=now + 600.5))  # NumericDate may have a fraction


def test_an_authorized_party_is_the_audience(world):
    world.iam.add_client_id_to_open_id_connect_provider(OpenIDConnectProviderArn=provider_arn(GITHUB), ClientID="party")
    azp = trust(provider_arn(GITHUB), StringEquals={f"{GITHUB}:aud": "party", f"{GITHUB}:sub": MAIN},
                **{"ForAllValues:StringEquals": {f"{GITHUB}:oaud": ["one", "two"]}})
    world.iam.create_role(RoleName="Party", AssumeRolePolicyDocument=azp)
    assert world.accepted(world.token(aud=["one", "two"], azp="party"), role="Party")["Audience"] == "party"
    world.refused(world.token(), "AccessDenied", "Not authorized to perform sts:AssumeRoleWithWebIdentity", 403,
                  role="Party")


def test_claims_of_github_and_lists_are_condition_keys(world):
    document = trust(provider_arn(GITHUB), StringEquals={f"{GITHUB}:sub": MAIN, f"{GITHUB}:repository_id": "74"},
                     **{"ForAnyValue:StringEquals": {f"{GITHUB}:amr": "mfa"}})
    world.iam.create_role(RoleName="Claims", AssumeRolePolicyDocument=document)
    world.accepted(world.token(repository_id="74", amr=["pwd", "mfa"]), role="Claims")
    denied = ("AccessDenied", "Not authorized to perform sts:AssumeRoleWithWebIdentity", 403)
    world.refused(world.token(repository_id="75", amr=["mfa"]), *denied, role="Claims")
    world.refused(world.token(repository_id="74", amr=["pwd"]), *denied, role="Claims")
    world.refused(world.token(repository_id="74"), *denied, role="Claims")


@pytest.mark.parametrize("flat", [False, True])
def test_tags_and_source_identity_of_the_token_are_the_sessions(world, flat):
    name, url = ("Flat" if flat else "Nested"), "https://aws.amazon.com/"
    actions = ["sts:AssumeRoleWithWebIdentity", "sts:TagSession", "sts:SetSourceIdentity"]
    document = trust(provider_arn(GITHUB), actions, StringEquals={
        f"{GITHUB}:sub": MAIN, "aws:RequestTag/Team": "blue", "sts:SourceIdentity": "octocat",
        "sts:TransitiveTagKeys": "Team", "sts:RoleSessionName": "session"})
    document = document.replace('"sts:TransitiveTagKeys": "Team", ', "")
    world.iam.create_role(RoleName=name, AssumeRolePolicyDocument=document)
    policy = {"Version": "2012-10-17", "Statement": [{
        "Effect": "Allow", "Action": "s3:ListAllMyBuckets", "Resource": "*", "Condition": {"StringEquals": {
            "aws:PrincipalTag/Team": "blue", "aws:SourceIdentity": "octocat", f"{GITHUB}:sub": MAIN,
            "aws:FederatedProvider": provider_arn(GITHUB)}, "Null": {f"{GITHUB}:repository": "true"}}}]}
    world.iam.put_role_policy(RoleName=name, PolicyName="list", PolicyDocument=json.dumps(policy))
    claims = {url + "source_identity": "octocat", "repository": "octo-org/octo-repo"}
    if flat:
        claims |= {url + "tags/principal_tags/Team": ["blue"], url + "tags/transitive_tag_keys": ["Team"]}
    else:
        claims |= {url + "tags": {"principal_tags": {"Team": ["blue"]}, "transitive_tag_keys": ["Team"]}}
    said = world.accepted(world.token(**claims), role=name)
    assert said["SourceIdentity"] == "octocat"
    assert int(said["PackedPolicySize"]) >= 1
    keys = Keys(said["AccessKeyId"], said["SecretAccessKey"], said["SessionToken"])
    world.cloud.client("s3", keys).list_buckets()
    world.refused(world.token(**claims | {url + "source_identity": "mallory"}), "AccessDenied",
                  "Not authorized to perform sts:AssumeRoleWithWebIdentity", 403, role=name)


def test_boto3_needs_no_credentials_and_passes_policies(world):
    client = boto3.client("sts", endpoint_url=world.server.endpoint, region_name="us-east-1",
                          config=botocore.config.Config(signature_version=UNSIGNED, retries={"total_max_attempts": 1}))
    answer = client.assume_role_with_web_identity(
        RoleArn=f"arn:aws:iam::{ACCOUNT_A}:role/Main", RoleSessionName="boto3", WebIdentityToken=world.token(),
        DurationSeconds=900, PolicyArns=[{"arn": "arn:aws:iam::aws:policy/ReadOnlyAccess"}],
        Policy='{"Version":"2012-10-17","Statement":[]}'.replace("[]", '[{"Effect":"Allow","Action":"*","Resource":"*"}]'))
    assert answer["Provider"] == provider_arn(GITHUB)
    assert answer["PackedPolicySize"] > 0
    with pytest.raises(client.exceptions.InvalidIdentityTokenException):
        client.assume_role_with_web_identity(RoleArn=f"arn:aws:iam::{ACCOUNT_A}:role/Main", RoleSessionName="boto3",
                                             WebIdentityToken=world.token("stranger"))


def test_a_duration_over_the_roles_maximum_is_refused(world):
    world.refused(world.token(), "ValidationError",
                  "The requested DurationSeconds exceeds the MaxSessionDuration set for this role.", DurationSeconds="7200")


def test_other_operations_still_ask_for_a_signature(world):
    request = Request("POST", headers=[("Host", f"127.0.0.1:{world.server.port}"),
                                       ("Content-Type", "application/x-www-form-urlencoded")],
                      body=form({"Action": "GetCallerIdentity", "Version": "2011-06-15"}).encode())
    answer = send(world.server.port, request)
    assert answer.status == 403 and b"<Code>MissingAuthenticationToken</Code>" in answer.body


def web_identity_events(world):
    lines = world.server.run("events", "--data", world.server.data, "--output", "json").stdout.splitlines()
    return [e for e in map(json.loads, lines) if e["eventName"] == "AssumeRoleWithWebIdentity"]


def test_what_happened_is_in_the_audit(own):
    own.accepted(own.token())
    own.refused(own.token("stranger"), "InvalidIdentityToken", NO_KEY)
    end = time.monotonic() + 10  # the trail is written behind the answers
    while len(events := web_identity_events(own)) < 2 and time.monotonic() < end:
        time.sleep(0.05)
    good, bad = events
    assert good["userIdentity"] == {"type": "WebIdentityUser", "userName": MAIN, "identityProvider": provider_arn(GITHUB),
                                    "principalId": f"{provider_arn(GITHUB)}:sts.amazonaws.com:{MAIN}"}
    assert good["recipientAccountId"] == ACCOUNT_A
    assert good["responseElements"]["subjectFromWebIdentityToken"] == MAIN
    assert "webIdentityToken" not in json.dumps(good["requestParameters"]) or "eyJ" not in json.dumps(good)
    assert bad["errorCode"] == "InvalidIdentityTokenException"


def test_keys_are_fetched_once_and_a_retired_one_is_stale_after_ten_minutes(own):
    for _ in range(5):
        own.accepted(own.token())
    assert own.issuer.asked == [f"{GITHUB}/.well-known/openid-configuration", f"{GITHUB}/jwks"]
    own.issuer.keys[GITHUB] = [own.keys["second"]]  # the provider retires all others
    own.accepted(own.token())  # not noticed yet
    own.move_clock(11 * 60)
    own.refused(own.token(), "InvalidIdentityToken", NO_KEY)
    own.accepted(own.token("second"))


def test_a_new_key_is_found_but_strangers_cannot_make_us_ask_often(own):
    own.accepted(own.token())
    own.issuer.keys[GITHUB].append(own.keys["stranger"])
    asked = len(own.issuer.asked)
    for _ in range(3):
        own.refused(own.token("stranger"), "InvalidIdentityToken", NO_KEY)
    assert len(own.issuer.asked) == asked
    own.move_clock(31)
    own.accepted(own.token("stranger"))
    assert len(own.issuer.asked) == asked + 2


def test_tokens_that_cannot_be_right_cost_no_question(own):
    own.refused(own.token(aud="other"), "InvalidIdentityToken", "Incorrect token audience")
    own.call(own.token(exp=own.now() - HOUR))
    own.call(issuer.token(own.keys["rsa"], own.claims(), "HS256"))
    assert own.issuer.asked == []


DISCOVERY, JWKS = f"{GITHUB}/.well-known/openid-configuration", f"{GITHUB}/jwks"


@pytest.mark.parametrize("name, at, answer", [
    ("a redirect", DISCOVERY, (302, {"Location": f"https://{EKS}/.well-known/openid-configuration"}, b"")),
    ("an error", DISCOVERY, (500, {}, b"{}")),
    ("no JSON", DISCOVERY, (200, {}, b"<html>")),
    ("an issuer twice", DISCOVERY, (200, {}, b'{"issuer":"https://%s","issuer":"x","jwks_uri":"https://%s/jwks"}'
                                    % (GITHUB.encode(), GITHUB.encode()))),
    ("another issuer", DISCOVERY, Issuer.json({"issuer": f"https://{EKS}", "jwks_uri": f"https://{GITHUB}/jwks"})),
    ("keys over http", DISCOVERY, Issuer.json({"issuer": f"https://{GITHUB}", "jwks_uri": f"http://{GITHUB}/jwks"})),
    ("keys of the cloud's metadata", DISCOVERY,
     Issuer.json({"issuer": f"https://{GITHUB}", "jwks_uri": "http://169.254.169.254/latest/meta-data"})),
    ("keys in a file", DISCOVERY, Issuer.json({"issuer": f"https://{GITHUB}", "jwks_uri": "file:///etc/passwd"})),
    ("keys on a host that is not allowed", DISCOVERY,
     Issuer.json({"issuer": f"https://{GITHUB}", "jwks_uri": "https://elsewhere.example/jwks"})),
    ("a discovery document without end", DISCOVERY, (200, {}, b" " * 100_000)),
    ("no key set", JWKS, Issuer.json({"keys": "none"})),
    ("a key set without end", JWKS, (200, {}, b'{"keys":[' + b" " * 600_000 + b"]}")),
    ("an empty key set", JWKS, Issuer.json({"keys": []})),
])
def test_a_provider_that_answers_wrongly_vouches_for_nobody(own, name, at, answer):
    own.issuer.answers[at] = answer
    own.refused(own.token(), "InvalidIdentityToken", NO_KEY)
    own.issuer.answers.clear()
    own.move_clock(31)
    own.accepted(own.token())


def test_a_provider_that_is_down_is_said_to_be(own):
    own.issuer.stop()
    own.refused(own.token(), "IDPCommunicationError", "Unable to communicate with the identity provider")
    assert own.call(own.token())[1]["Code"] == "IDPCommunicationError"  # remembered: not asked again at once


def test_a_provider_that_never_answers_holds_nobody_else_up(own):
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        own.server.stop()
        own.server.start("--movable-clock", "--allow-issuer", f"{GITHUB}=127.0.0.1:{silent.getsockname()[1]}")
        said = {}
        waiting = threading.Thread(target=lambda: said.update(own.call(own.token())[1]))
        waiting.start()
        for _ in range(20):
            own.cloud.client("sts", own.cloud.a).get_caller_identity()
        waiting.join(15)
        assert said["Code"] == "IDPCommunicationError"


def test_certificates_without_an_authority_need_a_thumbprint(own):
    own.server.stop()
    own.server.start("--movable-clock", *own.allow(GITHUB))  # the test's authority is no longer known
    arn = provider_arn(GITHUB)
    wrong = "OpenIDConnect provider's HTTPS certificate doesn't match configured thumbprint"
    own.refused(own.token(), "InvalidIdentityToken", wrong)
    own.iam.update_open_id_connect_provider_thumbprint(OpenIDConnectProviderArn=arn, ThumbprintList=["0" * 40])
    own.refused(own.token(), "InvalidIdentityToken", wrong)
    own.iam.update_open_id_connect_provider_thumbprint(OpenIDConnectProviderArn=arn,
                                                       ThumbprintList=[own.authority.thumbprint.upper()])
    own.accepted(own.token())


def test_a_certificate_of_another_host_is_refused_whatever_its_thumbprint(own, tmp_path):
    (tmp_path / "liar").mkdir()
    liar = Authority(tmp_path / "liar", ["elsewhere.example"])
    other = Issuer(liar)
    other.keys = own.issuer.keys
    own.server.stop()
    own.server.start("--movable-clock", "--issuer-ca", liar.ca, "--allow-issuer", f"{GITHUB}=127.0.0.1:{other.port}")
    wrong = "OpenIDConnect provider's HTTPS certificate doesn't match configured thumbprint"
    own.refused(own.token(), "InvalidIdentityToken", wrong)
    own.iam.update_open_id_connect_provider_thumbprint(OpenIDConnectProviderArn=provider_arn(GITHUB),
                                                       ThumbprintList=[liar.thumbprint])
    own.refused(own.token(), "InvalidIdentityToken", wrong)
    other.stop()


@pytest.mark.parametrize("url", ["https://localhost", "https://127.0.0.1", "https://169.254.169.254", "https://10.0.0.1"])
def test_this_machine_and_its_networks_are_not_asked_unless_allowed(fresh, url, tmp_path):
    host = url.removeprefix("https://")
    iam = fresh.client("iam", fresh.a)
    iam.create_open_id_connect_provider(Url=url, ClientIDList=["sts.amazonaws.com"])
    iam.create_role(RoleName="R", AssumeRolePolicyDocument=trust(provider_arn(host)))
    world = World.__new__(World)
    world.server, world.moved, world.keys = fresh.server, 0, keys()
    # As of a name that does not exist: nobody is told what names there are inside.
    world.refused(world.token(url=host), "IDPCommunicationError", "Unable to communicate with the identity provider", role="R")
    assert "its address is not public" in fresh.server.log


def test_http_on_this_machine_only_where_the_operator_says_so(server):
    plain = Issuer()
    allowed = f"127.0.0.1:{plain.port}"
    cloud = Cloud(server.start("--allow-issuer", f"http://{allowed}"))
    iam = cloud.client("iam", cloud.a)
    for url in (f"http://127.0.0.1:{free_port()}", f"https://{allowed}", "http://localhost"):
        with pytest.raises(iam.exceptions.ClientError) as refusal:
            iam.create_open_id_connect_provider(Url=url, ClientIDList=["sts.amazonaws.com"])
        assert refusal.value.response["Error"]["Message"] == "Invalid Open ID Connect Provider URL"
    iam.create_open_id_connect_provider(Url=f"http://{allowed}/realms/test", ClientIDList=["sts.amazonaws.com"])
    iam.create_role(RoleName="R", AssumeRolePolicyDocument=trust(
        provider_arn(f"{allowed}/realms/test"), StringEquals={f"{allowed}/realms/test:sub": "alice"}))
    world = World.__new__(World)
    world.server, world.moved, world.keys = server, 0, keys()
    plain.keys = {f"{allowed}/realms/test": [world.keys["rsa"]]}
    claims = world.claims(sub="alice") | {"iss": f"http://{allowed}/realms/test"}
    world.accepted(issuer.token(world.keys["rsa"], claims), role="R")
    plain.stop()


def test_a_deleted_provider_vouches_for_nobody(own):
    own.accepted(own.token())
    own.iam.delete_open_id_connect_provider(OpenIDConnectProviderArn=provider_arn(GITHUB))
    own.refused(own.token(), "InvalidIdentityToken",
                f"No OpenIDConnect provider found in your account for https://{GITHUB}")


def test_the_other_accounts_provider_is_another(own):
    iam = own.cloud.client("iam", own.cloud.b)
    iam.create_open_id_connect_provider(Url=f"https://{GITHUB}", ClientIDList=["other"])
    iam.create_role(RoleName="Main", AssumeRolePolicyDocument=trust(
        provider_arn(GITHUB, ACCOUNT_A), StringEquals={f"{GITHUB}:sub": MAIN}))
    own.refused(own.token(), "InvalidIdentityToken", "Incorrect token audience", account=ACCOUNT_B)
    own.refused(own.token(aud="other"), "AccessDenied", "Not authorized to perform sts:AssumeRoleWithWebIdentity", 403,
                account=ACCOUNT_B)
