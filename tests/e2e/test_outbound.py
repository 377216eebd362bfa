"""Outbound identity federation: tokens that relying parties verify with libraries of their own, AWS's refusals, and a
second server that takes the tokens of the first."""
import base64
import json
import time
import urllib.request

import botocore.auth
import botocore.awsrequest
import botocore.credentials
import pytest
from botocore.exceptions import ClientError

from conftest import ACCOUNT_A, ACCOUNT_B, Cloud, Keys
from deputy import Server
from sigv4 import Request, send

pytest.importorskip("cryptography", reason="no `cryptography` package to verify tokens with")
from cryptography.exceptions import InvalidSignature  # noqa: E402
from cryptography.hazmat.primitives import hashes  # noqa: E402
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa  # noqa: E402
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature  # noqa: E402

AUDIENCE = "https://api.example.com"
DAY = 24 * 3600


def document(*statements):
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


def allow(*actions, resource="*", **conditions):
    return {"Effect": "Allow", "Action": list(actions), "Resource": resource} | (
        {"Condition": conditions} if conditions else {})


def fetch(url):
    with urllib.request.urlopen(url, timeout=10) as answer:
        return answer.headers["Content-Type"], json.load(answer)


def unb64(text):
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def number(text):
    return int.from_bytes(unb64(text), "big")


def verified(token, issuer):
    """Header and claims, as a relying party has them that knows nothing but the issuer's URL."""
    _, discovery = fetch(issuer + "/.well-known/openid-configuration")
    assert discovery["issuer"] == issuer
    _, keys = fetch(discovery["jwks_uri"])
    head, body, signature = token.split(".")
    header = json.loads(unb64(head))
    [key] = [key for key in keys["keys"] if key["kid"] == header["kid"]]
    signed, signature = f"{head}.{body}".encode(), unb64(signature)
    if header["alg"] == "RS256":
        public = rsa.RSAPublicNumbers(number(key["e"]), number(key["n"])).public_key()
        public.verify(signature, signed, padding.PKCS1v15(), hashes.SHA256())
    else:
        assert header["alg"] == "ES384" and len(signature) == 96
        public = ec.EllipticCurvePublicNumbers(number(key["x"]), number(key["y"]), ec.SECP384R1()).public_key()
        r, s = (int.from_bytes(half, "big") for half in (signature[:48], signature[48:]))
        public.verify(encode_dss_signature(r, s), signed, ec.ECDSA(hashes.SHA384()))
    return header, json.loads(unb64(body))


def refused(code, message, call, **parameters):
    with pytest.raises(ClientError) as failure:
        call(**parameters)
    said = failure.value.response["Error"]
    assert (said["Code"], said["Message"]) == (code, message)


class World:
    def __init__(self, folder):
        self.server = Server(folder)
        self.server.start("--movable-clock", "--allow-issuer", self.server.endpoint)
        self.cloud = Cloud(self.server)
        self.iam = self.cloud.client("iam", self.cloud.a)
        self.issuer = self.iam.enable_outbound_web_identity_federation()["IssuerIdentifier"]
        self.moved = 0

    def user(self, name, *statements, **more):
        self.iam.create_user(UserName=name, **more)
        if statements:
            self.iam.put_user_policy(UserName=name, PolicyName="p", PolicyDocument=document(*statements))
        return Keys.of(self.iam.create_access_key(UserName=name)["AccessKey"])

    def sts(self, keys, **more):
        return self.cloud.client("sts", keys, **more)

    def token(self, keys, algorithm="ES384", **more):
        return self.sts(keys).get_web_identity_token(
            **({"Audience": [AUDIENCE], "SigningAlgorithm": algorithm} | more))["WebIdentityToken"]


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    world = World(tmp_path_factory.mktemp("outbound"))
    yield world
    world.server.stop()


@pytest.fixture(scope="module")
def alice(world):
    return world.user("alice", allow("sts:*"), Path="/team/", Tags=[{"Key": "Team", "Value": "platform"}])


def test_the_switch(world):
    iam = world.cloud.client("iam", world.cloud.b)
    off = f"Outbound identity federation is disabled for account {ACCOUNT_B}"
    refused("FeatureDisabled", off, iam.get_outbound_web_identity_federation_info)
    refused("FeatureDisabled", off.replace("is disabled", "is already disabled"),
            iam.disable_outbound_web_identity_federation)
    issuer = iam.enable_outbound_web_identity_federation()["IssuerIdentifier"]
    assert issuer.startswith(world.server.endpoint + "/_deputy/oidc/") and issuer != world.issuer
    refused("FeatureEnabled", f"Outbound identity federation is already enabled for account {ACCOUNT_B}",
            iam.enable_outbound_web_identity_federation)
    said = iam.get_outbound_web_identity_federation_info()
    assert (said["IssuerIdentifier"], said["JwtVendingEnabled"]) == (issuer, True)
    keys = fetch(issuer + "/.well-known/jwks.json")[1]
    assert keys != fetch(world.issuer + "/.well-known/jwks.json")[1], "each account has its own"
    iam.disable_outbound_web_identity_federation()
    refused("OutboundWebIdentityFederationDisabledException", "OutboundWebIdentityFederation is disabled.",
            world.sts(world.cloud.b).get_web_identity_token, Audience=["x"], SigningAlgorithm="RS256")
    assert fetch(issuer + "/.well-known/jwks.json")[1] == keys, "tokens of before can still be checked"
    assert iam.enable_outbound_web_identity_federation()["IssuerIdentifier"] == issuer


def test_the_documents_are_aws_own_and_hold_public_keys_only(world):
    kind, discovery = fetch(world.issuer + "/.well-known/openid-configuration")
    assert kind == "application/json"
    assert discovery == {
        "claims_supported": ["sub", "iss", "aud", "exp", "iat", "jti", "https://sts.amazonaws.com/"],
        "id_token_signing_alg_values_supported": ["RS256", "ES384"], "issuer": world.issuer,
        "jwks_uri": world.issuer + "/.well-known/jwks.json", "response_types_supported": ["id_token"],
        "subject_types_supported": ["public"]}
    keys = fetch(discovery["jwks_uri"])[1]["keys"]
    assert [sorted(key) for key in keys] == [["alg", "e", "kid", "kty", "n", "use"],
                                             ["alg", "crv", "kid", "kty", "use", "x", "y"]]
    assert [key["kid"] for key in keys] == ["RSA_0", "EC384_0"]


@pytest.mark.parametrize("path", ["/", "/nobody", "/nobody/.well-known/jwks.json", "/{id}", "/{id}/",
                                  "/{id}/.well-known/", "/{id}/.well-known/jwks.json/x", "/../{id}"])
def test_nothing_else_is_served_there(world, path):
    target = "/_deputy/oidc" + path.format(id=world.issuer.rpartition("/")[2])
    assert send(world.server.port, Request("GET", target, headers=[("Host", "x")])).status == 404
    assert send(world.server.port, Request("DELETE", target, headers=[("Host", "x")])).status == 405


@pytest.mark.parametrize("algorithm, kid", [("RS256", "RSA_0"), ("ES384", "EC384_0")])
def test_a_users_token_is_verified_by_somebody_elses_library(world, alice, algorithm, kid):
    before = int(time.time()) + world.moved
    answer = world.sts(alice, region="eu-west-1").get_web_identity_token(
        Audience=[AUDIENCE], SigningAlgorithm=algorithm, DurationSeconds=60,
        Tags=[{"Key": "job", "Value": "4711"}, {"Key": "aws:test", "Value": "as AWS takes it"}])
    header, claims = verified(answer["WebIdentityToken"], world.issuer)
    assert header == {"kid": kid, "typ": "JWT", "alg": algorithm}
    arn = f"arn:aws:iam::{ACCOUNT_A}:user/team/alice"
    assert before <= claims.pop("iat") == claims["exp"] - 60 <= before + 30
    assert answer["Expiration"].timestamp() // 1 == claims.pop("exp")
    assert len(claims.pop("jti")) == 36
    assert claims == {"iss": world.issuer, "aud": AUDIENCE, "sub": arn, "https://sts.amazonaws.com/": {
        "aws_account": ACCOUNT_A, "source_region": "eu-west-1", "principal_id": arn, "principal_tags": {"Team": "platform"},
        "request_tags": {"job": "4711", "aws:test": "as AWS takes it"}}}
    changed = answer["WebIdentityToken"].split(".")
    changed[1] = base64.urlsafe_b64encode(json.dumps(claims | {"sub": "root"}).encode()).rstrip(b"=").decode()
    with pytest.raises(InvalidSignature):
        verified(".".join(changed), world.issuer)


def test_two_audiences_are_a_list(world, alice):
    assert verified(world.token(alice, Audience=["one", "one"]), world.issuer)[1]["aud"] == ["one", "one"]


def test_a_session_shows_its_role_and_what_it_carries(world, alice):
    trust = json.dumps({"Version": "2012-10-17", "Statement": [{
        "Effect": "Allow", "Principal": {"AWS": ACCOUNT_A},
        "Action": ["sts:AssumeRole", "sts:TagSession", "sts:SetSourceIdentity"]}]})
    arn = world.iam.create_role(RoleName="Job", Path="/jobs/", AssumeRolePolicyDocument=trust, Tags=[
        {"Key": "Team", "Value": "role"}, {"Key": "kept", "Value": "yes"}])["Role"]["Arn"]
    world.iam.put_role_policy(RoleName="Job", PolicyName="p", PolicyDocument=document(allow("sts:*")))
    made = world.sts(alice).assume_role(RoleArn=arn, RoleSessionName="s-1", DurationSeconds=900, SourceIdentity="al",
                                        Tags=[{"Key": "team", "Value": "session"}])
    session = Keys.of(made["Credentials"])
    claims = verified(world.token(session), world.issuer)[1]
    assert claims["sub"] == arn
    assert claims["https://sts.amazonaws.com/"] == {
        "aws_account": ACCOUNT_A, "source_region": "us-east-1", "principal_id": arn, "source_identity": "al",
        "original_session_exp": made["Credentials"]["Expiration"].strftime("%Y-%m-%dT%H:%M:%SZ"),
        "principal_tags": {"team": "session", "kept": "yes"}}
    refused("SessionDurationEscalationException",
            "Requested token expiry time must be before the original session's expiry time.",
            world.sts(session).get_web_identity_token, Audience=["x"], SigningAlgorithm="RS256", DurationSeconds=3600)
    of_user = Keys.of(world.sts(alice).get_session_token()["Credentials"])
    assert verified(world.token(of_user), world.issuer)[1]["sub"].endswith(":user/team/alice")
    federated = Keys.of(world.sts(alice).get_federation_token(Name="fe", Policy=document(allow("sts:*")))["Credentials"])
    refused("AccessDenied", "GetWebIdentityToken does not support federated user sessions",
            world.sts(federated).get_web_identity_token, Audience=["x"], SigningAlgorithm="RS256")


def test_policies_decide_on_audience_algorithm_duration_and_tags(world):
    bob = world.user("bob", allow(
        "sts:GetWebIdentityToken", resource=f"arn:aws:sts::{ACCOUNT_A}:self",
        **{"ForAllValues:StringEquals": {"sts:IdentityTokenAudience": [AUDIENCE, "other"]},
           "StringEquals": {"sts:SigningAlgorithm": "ES384"}, "NumericLessThanEquals": {"sts:DurationSeconds": "300"}}))
    call = world.sts(bob).get_web_identity_token
    good = {"Audience": [AUDIENCE], "SigningAlgorithm": "ES384"}
    call(**good)
    call(**good | {"Audience": ["other", AUDIENCE], "DurationSeconds": 300})
    said = (f"User: arn:aws:iam::{ACCOUNT_A}:user/bob is not authorized to perform: %s on resource: "
            f"arn:aws:sts::{ACCOUNT_A}:self because no identity-based policy allows the %s action")
    for wrong in ({"Audience": ["third"]}, {"Audience": [AUDIENCE, "third"]}, {"SigningAlgorithm": "RS256"},
                  {"DurationSeconds": 301}):
        refused("AccessDenied", said % (("sts:GetWebIdentityToken",) * 2), call, **good | wrong)
    refused("AccessDenied", said % (("sts:TagGetWebIdentityToken",) * 2), call,
            **good | {"Tags": [{"Key": "team", "Value": "x"}]})
    nobody = world.user("nobody")
    refused("AccessDenied", f"User: arn:aws:iam::{ACCOUNT_A}:user/nobody is not authorized to perform: "
            "iam:GetOutboundWebIdentityFederationInfo on resource: * because no identity-based policy allows the "
            "iam:GetOutboundWebIdentityFederationInfo action",
            world.cloud.client("iam", nobody).get_outbound_web_identity_federation_info)


@pytest.mark.parametrize("more, code, message", [
    ({"SigningAlgorithm": "HS256"}, "ValidationError", "Requested SigningAlgorithm is not supported. See the "
     "GetWebIdentityToken documentation for supported algorithms"),
    ({"SigningAlgorithm": "none"}, "ValidationError", "1 validation error detected: Value 'none' at 'signingAlgorithm' "
     "failed to satisfy constraint: Member must have length greater than or equal to 5"),
    ({"DurationSeconds": 59}, "ValidationError", "1 validation error detected: Value '59' at 'durationSeconds' failed to "
     "satisfy constraint: Member must have value greater than or equal to 60"),
    ({"DurationSeconds": 3601}, "ValidationError", "1 validation error detected: Value '3601' at 'durationSeconds' failed "
     "to satisfy constraint: Member must have value less than or equal to 3600"),
    ({"Tags": [{"Key": "team", "Value": "1"}, {"Key": "Team", "Value": "2"}]}, "InvalidParameterValue",
     "Duplicate tag keys found. Please note that Tag keys are case insensitive."),
    ({"Audience": ["a" * 1000] * 10, "Tags": [{"Key": f"{i}", "Value": "v" * 256} for i in range(30)]},
     "JWTPayloadSizeExceededException", "JWT payload exceeds maximum allowed size")])
def test_what_is_refused(world, alice, more, code, message):
    client = world.sts(alice, parameter_validation=False)
    refused(code, message, client.get_web_identity_token, **{"Audience": ["x"], "SigningAlgorithm": "RS256"} | more)


def test_the_largest_payload_is_aws_own(world, alice):
    """14,984 bytes of claims and no more."""
    def token(size):
        return world.token(alice, Audience=["a" * 1000] * 10,
                           Tags=[{"Key": f"{i:02}", "Value": "v" * min(256, max(0, size - 256 * i))} for i in range(50)])
    base = len(unb64(token(0).split(".")[1]))
    assert len(unb64(token(14984 - base).split(".")[1])) == 14984
    refused("JWTPayloadSizeExceededException", "JWT payload exceeds maximum allowed size", token, size=14985 - base)


def trusting(iam, issuer, role, subject):
    """A role for whoever shows a token of that issuer with that subject."""
    url, arn = issuer.partition("//")[2], f"arn:aws:iam::{ACCOUNT_B}:oidc-provider/" + issuer.partition("//")[2]
    iam.create_role(RoleName=role, AssumeRolePolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": [{
        "Effect": "Allow", "Principal": {"Federated": arn}, "Action": "sts:AssumeRoleWithWebIdentity",
        "Condition": {"StringEquals": {f"{url}:aud": "other-cloud", f"{url}:sub": subject}}}]}))
    return {"RoleArn": f"arn:aws:iam::{ACCOUNT_B}:role/{role}", "RoleSessionName": "s-1"}


def test_another_server_takes_the_token_and_its_own_does_not(world, alice, tmp_path):
    """AWS documents that its tokens are not for AssumeRoleWithWebIdentity; to another installation they are tokens like
    any other's."""
    subject = f"arn:aws:iam::{ACCOUNT_A}:user/team/alice"
    token = world.token(alice, Audience=["other-cloud"])
    other = Server(tmp_path)
    other.start("--allow-issuer", world.server.endpoint)
    try:
        cloud = Cloud(other)
        iam, sts = cloud.client("iam", cloud.b), cloud.client("sts", cloud.b)
        iam.create_open_id_connect_provider(Url=world.issuer, ClientIDList=["other-cloud"])
        made = sts.assume_role_with_web_identity(**trusting(iam, world.issuer, "Taken", subject), WebIdentityToken=token)
        assert made["SubjectFromWebIdentityToken"] == subject
        refused("AccessDenied", "Not authorized to perform sts:AssumeRoleWithWebIdentity",
                sts.assume_role_with_web_identity, WebIdentityToken=token,
                **trusting(iam, world.issuer, "NotTaken", subject.replace("alice", "mallory")))
    finally:
        other.stop()
    iam = world.cloud.client("iam", world.cloud.b)
    iam.create_open_id_connect_provider(Url=world.issuer, ClientIDList=["other-cloud"])
    refused("InvalidIdentityToken", "The web identity token provided could not be validated. See the "
            "AssumeRoleWithWebIdentity documentation for requirements.",
            world.sts(world.cloud.b).assume_role_with_web_identity, WebIdentityToken=token,
            **trusting(iam, world.issuer, "Never", subject))


def test_the_global_endpoint_does_not_have_it(world):
    body = b"Action=GetWebIdentityToken&Version=2011-06-15&Audience.member.1=x&SigningAlgorithm=RS256"
    request = botocore.awsrequest.AWSRequest("POST", "http://sts.amazonaws.com/", data=body, headers={
        "Content-Type": "application/x-www-form-urlencoded", "Host": "sts.amazonaws.com"})
    keys = botocore.credentials.Credentials(world.cloud.a.id, world.cloud.a.secret)
    botocore.auth.SigV4Auth(keys, "sts", "us-east-1").add_auth(request)
    answer = send(world.server.port, Request("POST", headers=list(request.headers.items()), body=body))
    assert answer.status == 400 and b"<Code>InvalidAction</Code>" in answer.body, answer.body
    assert b"<Message>Operation not supported on STS global endpoint</Message>" in answer.body


def test_keys_rotate_before_relying_parties_notice(world, alice):
    old = world.token(alice)
    world.server.move_clock(31 * DAY)
    deadline = time.monotonic() + 20
    while len(keys := fetch(world.issuer + "/.well-known/jwks.json")[1]["keys"]) < 4:
        assert time.monotonic() < deadline, "no new keys were published"
        time.sleep(0.2)
    assert [key["kid"] for key in keys] == ["RSA_0", "EC384_0", "RSA_1", "EC384_1"]
    verified(old, world.issuer)


def test_the_switch_survives_a_restart(tmp_path):
    server = Server(tmp_path).start()
    cloud = Cloud(server)
    issuer = cloud.client("iam", cloud.a).enable_outbound_web_identity_federation()["IssuerIdentifier"]
    keys = fetch(issuer + "/.well-known/jwks.json")[1]
    server.stop()
    server.start("--public-url", "https://deputy.example.com")
    try:
        iam = cloud.client("iam", cloud.a)
        public = iam.get_outbound_web_identity_federation_info()["IssuerIdentifier"]
        assert public == "https://deputy.example.com/_deputy/oidc/" + issuer.rpartition("/")[2]
        discovery = fetch(issuer + "/.well-known/openid-configuration")[1]
        assert discovery["issuer"] == public and discovery["jwks_uri"] == public + "/.well-known/jwks.json"
        assert fetch(issuer + "/.well-known/jwks.json")[1] == keys
    finally:
        server.stop()
