"""AssumeRoleWithSAML: tests/wire/forged_assertions.json, what a good response gives, and docs/guides/saml.md as printed."""
import base64
import functools
import hashlib
import json
import time
import xml.etree.ElementTree as ElementTree
from dataclasses import replace

import boto3
import botocore.config
import pytest
from botocore import UNSIGNED

from conftest import ACCOUNT_A, Cloud, Keys
from deputy import ROOT, Server
from sigv4 import Request, form, send

pytest.importorskip("cryptography", reason="no `cryptography` package to sign assertions with")
import saml  # noqa: E402
from cryptography.hazmat.primitives.asymmetric import ec  # noqa: E402

CASES = json.loads((ROOT / "tests/wire/forged_assertions.json").read_text())["cases"]
FIELDS = {"name", "raw", "sign", "key", "how", "assertion", "attack", "role", "provider", "status", "code", "message"}


@functools.cache
def signers():
    return {"corp": saml.Signer(), "stranger": saml.Signer(), "curve": saml.Signer(ec.generate_private_key(ec.SECP256R1()))}


def provider_arn(name="Corp"):
    return f"arn:aws:iam::{ACCOUNT_A}:saml-provider/{name}"


def role_arn(name):
    return f"arn:aws:iam::{ACCOUNT_A}:role/{name}"


def trust(actions="sts:AssumeRoleWithSAML", **conditions):
    statement = {"Effect": "Allow", "Principal": {"Federated": provider_arn()}, "Action": actions,
                 "Condition": conditions or {"StringEquals": {"SAML:aud": saml.SIGN_IN}}}
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


class World:
    def __init__(self, folder):
        self.server = Server(folder)
        self.server.start("--movable-clock")
        self.moved, self.count = 0, 0
        cloud = self.cloud = Cloud(self.server)
        iam = self.iam = cloud.client("iam", cloud.a)
        corp, other = signers()["corp"], signers()["stranger"]
        iam.create_saml_provider(Name="Corp", SAMLMetadataDocument=corp.metadata(
            certificates=[corp.base64, signers()["curve"].base64]))
        iam.create_saml_provider(Name="Other", SAMLMetadataDocument=other.metadata("https://other.example"))
        iam.create_role(RoleName="Reader", AssumeRolePolicyDocument=trust())
        iam.create_role(RoleName="Bob", AssumeRolePolicyDocument=trust(StringEquals={"saml:sub": "bob@example.com"}))
        iam.create_role(RoleName="UsersOnly", AssumeRolePolicyDocument=json.dumps({
            "Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": {"AWS": ACCOUNT_A},
                                                    "Action": "sts:AssumeRole*"}]}))

    def now(self):
        return int(time.time()) + self.moved

    def move_clock(self, seconds):
        self.server.move_clock(seconds)
        self.moved += seconds

    def assertion(self, role="Reader", provider="Corp", **more):
        self.count += 1
        return saml.Assertion(role_arn(role), provider_arn(provider), self.now(), id=f"_a{self.count}", **more)

    def good(self, role="Reader", key="corp", how=None, **more):
        assertion = self.assertion(role, **more)
        return saml.encoded(saml.response(saml.signed(assertion.xml(), assertion.id, signers()[key], how)))

    def call(self, text, role="Reader", provider="Corp", **more):
        parameters = {"Action": "AssumeRoleWithSAML", "Version": "2011-06-15", "RoleArn": role_arn(role),
                      "PrincipalArn": provider_arn(provider), "SAMLAssertion": text} | more
        request = Request("POST", headers=[("Host", f"127.0.0.1:{self.server.port}"),
                                           ("Content-Type", "application/x-www-form-urlencoded")],
                          body=form(parameters).encode())
        answer = send(self.server.port, request)
        return answer.status, {e.tag.rpartition("}")[2]: e.text or "" for e in ElementTree.fromstring(answer.body).iter()}

    def accepted(self, text, **more):
        status, said = self.call(text, **more)
        assert status == 200, said
        return said

    def refused(self, text, code, message, status=400, **more):
        got, said = self.call(text, **more)
        assert (got, said.get("Code"), said.get("Message")) == (status, code, message), said


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    world = World(tmp_path_factory.mktemp("saml"))
    yield world
    world.server.stop()


def wrapped(attack, world, assertion, signed):
    """A response in which a forged assertion stands where some reader could find it."""
    forged = replace(assertion, id="_evil", subject="admin@example.com", attributes={"RoleSessionName": "admin"})
    plain = forged.xml().replace(saml.PLACE, "")
    match attack:
        case "a forged assertion before the signed one":
            return saml.response(plain + signed)
        case "a forged assertion behind the signed one":
            return saml.response(signed + plain)
        case "a forged assertion of the same id before the signed one":
            return saml.response(replace(forged, id=assertion.id).xml() + signed)
        case "the signed assertion inside the forged one":
            return saml.response(replace(forged, inside=f"<saml:Advice>{signed}</saml:Advice>").xml())
        case "the signed assertion in an Object of the forged one's signature":
            copy = signed[signed.index("<ds:Signature"):signed.index("</ds:Signature>")]
            evil = replace(forged, id=assertion.id).xml()
            return saml.response(evil.replace(saml.PLACE, f"{copy}<ds:Object>{signed}</ds:Object></ds:Signature>"))
        case "the signed response in the Extensions of a forged one":
            inner = saml.response(assertion.xml().replace(saml.PLACE, ""), element_id="_inner")
            inner = saml.signed(inner, "_inner", signers()["corp"])
            return saml.response(plain, before=f"<samlp:Extensions>{inner}</samlp:Extensions>")
        case "the signed assertion in the Extensions of a forged response":
            return saml.response(plain, before=f"<samlp:Extensions>{signed}</samlp:Extensions>")
        case "a forged assertion inside the signed one, unsigned":
            return saml.response(signed.replace("</saml:Assertion>", f"<saml:Advice>{plain}</saml:Advice></saml:Assertion>"))
        case "second in signed response":
            both = saml.response(assertion.xml().replace(saml.PLACE, "") + plain)
            return saml.signed(both, "_r1", signers()["corp"])
    return None


def attacked(attack, world, assertion, signed):
    """The whole of what is sent, before base64."""
    if (response := wrapped(attack, world, assertion, signed)) is not None:
        return response
    whole = saml.response(signed)
    subject = ">alice@example.com<"
    assert subject in whole
    match attack:
        case "cut":
            return whole[:len(whole) // 2]
        case "metadata":
            return signers()["corp"].metadata()
        case "bare":
            return signed
        case "failed":
            return saml.response(signed, status="urn:oasis:names:tc:SAML:2.0:status:Requester")
        case "change subject":
            return whole.replace(subject, ">admin@example.com<")
        case "change role":
            return whole.replace("role/Reader", "role/Bob")
        case "other signature":
            other = replace(assertion, subject="bob@example.com")
            return saml.response(assertion.xml().replace(
                saml.PLACE, saml.signature(other.xml(), other.id, signers()["corp"], saml.How())))
        case "half signature":
            head, _, rest = whole.partition("<ds:SignatureValue>")
            value, _, tail = rest.partition("</ds:SignatureValue>")
            return f"{head}<ds:SignatureValue>{value[:len(value) // 8 * 4]}</ds:SignatureValue>{tail}"
        case "two signatures":
            again = signed[signed.index("<ds:Signature"):signed.index("</ds:Signature>") + len("</ds:Signature>")]
            return saml.response(signed.replace("<saml:Subject>", again + "<saml:Subject>"))
        case "comment in subject":
            return whole.replace(subject, ">alice@example.com<!-- -->.evil.example<")
        case "instruction in subject":
            return whole.replace(subject, ">alice<?x y?>@example.com<")
        case "element in subject":
            return whole.replace(subject, ">alice<b></b>@example.com<")
        case "external entity":
            return '<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]>' + whole.replace(subject, ">&x;<")
        case "laughs":
            entities = "".join(f'<!ENTITY l{i} "{f"&l{i - 1};" * 10 if i else "ha"}">' for i in range(10))
            return f"<!DOCTYPE r [{entities}]>" + whole.replace(subject, ">&l9;<")
        case "doctype":
            return "<!DOCTYPE Response>" + whole
    raise AssertionError(f"unknown attack {attack}")


def test_the_table_is_large_and_its_names_differ():
    assert len(CASES) >= 20
    assert len({case["name"] for case in CASES}) == len(CASES)


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_a_forged_assertion_is_refused(world, case):
    assert not case.keys() - FIELDS, f"unknown fields {case.keys() - FIELDS}"
    role, provider = case.get("role", "Reader"), case.get("provider", "Corp")
    assertion = world.assertion(role, provider, **case.get("assertion", {}))
    how = saml.How(**{k: tuple(v) if isinstance(v, list) else v for k, v in case.get("how", {}).items()})
    key = signers()[case.get("key", "corp")]
    attack, signs = case.get("attack"), case.get("sign", "assertion")
    signed = assertion.xml() if signs == "none" else saml.signed(assertion.xml(), assertion.id, key, how)
    text = case.get("raw")
    if text is None and attack == "replay":
        text = saml.encoded(saml.response(signed))
        world.accepted(text)
    elif text is None:
        text = saml.encoded(attacked(attack, world, assertion, signed) if attack else saml.response(signed))
    world.refused(text, case["code"], case["message"], case["status"], role=role, provider=provider)


@pytest.mark.parametrize("key, method", [("corp", "rsa-sha256"), ("corp", "rsa-sha384"), ("corp", "rsa-sha512"),
                                         ("curve", "ecdsa-sha256")])
@pytest.mark.parametrize("digest", ["sha256", "sha512"])
def test_a_signed_assertion_becomes_the_role(world, key, method, digest):
    said = world.accepted(world.good(key=key, how=saml.How(method=method, digest=digest)))
    assert said["Arn"] == f"arn:aws:sts::{ACCOUNT_A}:assumed-role/Reader/alice"
    assert (said["Subject"], said["SubjectType"]) == ("alice@example.com", "persistent")
    assert (said["Issuer"], said["Audience"]) == ("https://idp.example/saml", saml.SIGN_IN)
    qualifier = hashlib.sha1(f"https://idp.example/saml{ACCOUNT_A}/Corp".encode()).digest()
    assert said["NameQualifier"] == base64.b64encode(qualifier).decode()
    keys = Keys(said["AccessKeyId"], said["SecretAccessKey"], said["SessionToken"])
    assert world.cloud.client("sts", keys).get_caller_identity()["Arn"] == said["Arn"]


def test_a_regions_endpoint_is_the_audience_and_trust_policies_must_name_it(world):
    regional = "https://eu-west-1.signin.aws.amazon.com/saml"
    status, said = world.call(world.good(recipient=regional))
    assert (status, said["Code"]) == (403, "AccessDenied")
    world.iam.create_role(RoleName="Regional", AssumeRolePolicyDocument=trust(
        StringEquals={"SAML:aud": [saml.SIGN_IN, regional]}))
    for recipient in regional, saml.SIGN_IN:
        said = world.accepted(world.good("Regional", recipient=recipient, audience=recipient), role="Regional")
        assert said["Audience"] == recipient


def test_a_signed_response_does_as_well(world):
    assertion = world.assertion(subject="a&b <c>")
    whole = saml.response(assertion.xml().replace(saml.PLACE, ""), element_id="_whole")
    assert world.accepted(saml.encoded(saml.signed(whole, "_whole", signers()["corp"])))["Subject"] == "a&b <c>"


def test_base64_may_have_lines(world):
    text = world.good()
    world.accepted("\n".join(text[i:i + 76] for i in range(0, len(text), 76)))


def test_one_assertion_works_once_also_after_a_restart_and_for_another_role(tmp_path):
    own = World(tmp_path)
    text = own.good()
    own.accepted(text)
    used = ("InvalidIdentityToken", "Assertion has already been used")
    own.refused(text, *used)
    own.server.kill()
    own.server.start("--movable-clock")
    own.refused(text, *used)
    own.move_clock(250)
    own.refused(text, "ExpiredTokenException", "Token must be redeemed within 5 minutes of issuance")
    own.move_clock(120)
    for _ in range(3):
        own.accepted(own.good())  # and old marks are swept away
    own.server.stop()


def test_conditions_tags_and_attributes_of_the_assertion(world):
    document = trust(["sts:AssumeRoleWithSAML", "sts:TagSession", "sts:SetSourceIdentity"], StringEquals={
        "saml:aud": saml.SIGN_IN, "saml:iss": "https://idp.example/saml", "saml:sub": "alice@example.com",
        "saml:sub_type": "persistent", "saml:doc": f"{ACCOUNT_A}/Corp", "aws:RequestTag/Team": "blue",
        "sts:SourceIdentity": "alice", "sts:RoleSessionName": "alice"},
        **{"ForAnyValue:StringEquals": {"saml:edupersonaffiliation": "staff", "sts:TransitiveTagKeys": "Team"}})
    world.iam.create_role(RoleName="Full", AssumeRolePolicyDocument=document)
    world.iam.put_role_policy(RoleName="Full", PolicyName="list", PolicyDocument=json.dumps({
        "Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:ListAllMyBuckets", "Resource": "*",
                                                "Condition": {"StringEquals": {
                                                    "saml:sub": "alice@example.com", "aws:PrincipalTag/Team": "blue",
                                                    "aws:FederatedProvider": provider_arn()},
                                                    "Null": {"saml:aud": "true"}}}]}))
    attributes = {"RoleSessionName": "alice", "PrincipalTag:Team": "blue", "TransitiveTagKeys": "Team",
                  "SourceIdentity": "alice", "SessionDuration": "3600"}
    affiliation = {"urn:oid:1.3.6.1.4.1.5923.1.1.1.1": ["staff", "member"]}
    said = world.accepted(world.good("Full", attributes=attributes, more_attributes=affiliation), role="Full")
    assert said["SourceIdentity"] == "alice"
    keys = Keys(said["AccessKeyId"], said["SecretAccessKey"], said["SessionToken"])
    world.cloud.client("s3", keys).list_buckets()
    denied = ("AccessDenied", "Not authorized to perform sts:AssumeRoleWithSAML", 403)
    world.refused(world.good("Full", attributes=attributes), *denied, role="Full")
    world.refused(world.good("Full", attributes=attributes | {"PrincipalTag:Team": "red"}, more_attributes=affiliation),
                  *denied, role="Full")


def test_a_session_lasts_no_longer_than_the_providers(world):
    client = boto3.client("sts", endpoint_url=world.server.endpoint, region_name="us-east-1",
                          config=botocore.config.Config(signature_version=UNSIGNED, retries={"total_max_attempts": 1}))
    answer = client.assume_role_with_saml(RoleArn=role_arn("Reader"), PrincipalArn=provider_arn(),
                                          SAMLAssertion=world.good(session_until=1200))
    assert 1100 <= answer["Credentials"]["Expiration"].timestamp() - world.now() <= 1201
    with pytest.raises(client.exceptions.ExpiredTokenException):
        client.assume_role_with_saml(RoleArn=role_arn("Reader"), PrincipalArn=provider_arn(),
                                     SAMLAssertion=world.good(issued=-400))


def test_a_provider_can_take_a_new_certificate_and_is_then_deaf_to_the_old(world):
    iam, old, new = world.iam, saml.Signer(), saml.Signer()
    iam.create_saml_provider(Name="Rolls", SAMLMetadataDocument=old.metadata(valid_until="2100-01-01T00:00:00Z"))
    assert iam.get_saml_provider(SAMLProviderArn=provider_arn("Rolls"))["ValidUntil"].year == 2100
    iam.update_saml_provider(SAMLProviderArn=provider_arn("Rolls"), SAMLMetadataDocument=new.metadata())
    assert iam.get_saml_provider(SAMLProviderArn=provider_arn("Rolls"))["SAMLMetadataDocument"] == new.metadata()
    assertion = world.assertion(provider="Rolls")
    old_text, new_text = (saml.encoded(saml.response(saml.signed(assertion.xml(), assertion.id, signer))) for signer in (old, new))
    world.refused(old_text, "InvalidIdentityToken", "Response signature invalid", provider="Rolls")
    world.refused(new_text, "AccessDenied", "Not authorized to perform sts:AssumeRoleWithSAML", 403, provider="Rolls")
    iam.delete_saml_provider(SAMLProviderArn=provider_arn("Rolls"))
    world.refused(new_text, "InvalidIdentityToken", "Specified provider doesn't exist", provider="Rolls")


def test_providers_are_listed_tagged_and_refused_in_awss_words(world):
    iam = world.iam
    with pytest.raises(iam.exceptions.EntityAlreadyExistsException) as refusal:
        iam.create_saml_provider(Name="Corp", SAMLMetadataDocument=signers()["corp"].metadata())
    assert refusal.value.response["Error"]["Message"] == "Provider with name Corp already exists."
    for document in (signers()["corp"].metadata().replace("X509Certificate", "X509Data"), "<x/>" + " " * 1000,
                     "<!DOCTYPE x>" + signers()["corp"].metadata().partition("?>")[2],
                     signers()["corp"].metadata().replace('entityID="https://idp.example/saml"', "")):
        with pytest.raises(iam.exceptions.InvalidInputException) as refusal:
            iam.create_saml_provider(Name="Bad", SAMLMetadataDocument=document)
        assert refusal.value.response["Error"]["Message"] == "Could not parse metadata"
    with pytest.raises(iam.exceptions.NoSuchEntityException) as refusal:
        iam.get_saml_provider(SAMLProviderArn=provider_arn("Nobody"))
    assert refusal.value.response["Error"]["Message"] == f"Manifest not found for arn {provider_arn('Nobody')}"
    iam.tag_saml_provider(SAMLProviderArn=provider_arn(), Tags=[{"Key": "a", "Value": "1"}, {"Key": "b", "Value": "2"}])
    iam.untag_saml_provider(SAMLProviderArn=provider_arn(), TagKeys=["a"])
    assert iam.list_saml_provider_tags(SAMLProviderArn=provider_arn())["Tags"] == [{"Key": "b", "Value": "2"}]
    assert provider_arn() in [p["Arn"] for p in iam.list_saml_providers()["SAMLProviderList"]]
