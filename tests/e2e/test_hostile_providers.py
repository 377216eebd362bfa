"""Identity providers and their documents: XML that costs the square, silent issuers, costly keys, hidden text."""
import base64
import contextlib
import json
import os
import socket
import threading
import time
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import pytest

from conftest import ACCOUNT_A, ACCOUNT_B
from deputy import PATIENCE
from hostile import ServerOfAccounts
from sigv4 import Request, form, send
from test_iam_rest import CERTIFICATE


def processor_seconds(server):
    """Spent by the server so far."""
    fields = Path(f"/proc/{server.process.pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


@contextlib.contextmanager
def costs_less_than(server, seconds):
    before = processor_seconds(server)
    yield
    spent = processor_seconds(server) - before
    assert spent < seconds, f"{spent} s of processor time"


def unsigned(server, **parameters):
    """A call of STS that asks for no signature: its status, {element: text}."""
    request = Request("POST", headers=[("Host", f"127.0.0.1:{server.port}"),
                                       ("Content-Type", "application/x-www-form-urlencoded")],
                      body=form({"Version": "2011-06-15", **parameters}).encode())
    answer = send(server.port, request, PATIENCE)
    said = {e.tag.rpartition("}")[2]: e.text or "" for e in ElementTree.fromstring(answer.body).iter()}
    return answer.status, said


class Federated(ServerOfAccounts):
    """Accounts A and B with issuers on loopback, some of which say nothing."""

    def __init__(self, folder):
        self.issuer = pytest.importorskip("issuer", reason="no `cryptography` package to sign tokens with")
        self.saml = pytest.importorskip("saml", reason="no `cryptography` package to sign assertions with")
        self.web = self.issuer.Issuer()
        self.silent = socket.create_server(("127.0.0.1", 0), backlog=200)
        self.silent_host = f"127.0.0.1:{self.silent.getsockname()[1]}"
        self.host = f"127.0.0.1:{self.web.port}"
        super().__init__(folder, "--memory", "--allow-issuer", f"http://{self.silent_host}", "--allow-issuer",
                         f"http://{self.host}")
        self.iam = {keys.id: self.client("iam", keys) for keys in (self.a, self.b)}

    def close(self):
        super().close()
        self.silent.close()
        self.web.stop()

    def trust(self, keys, account, url, role):
        """A provider for an issuer, and a role that trusts it."""
        iam = self.iam[keys.id]  # making a client takes its time
        arn = iam.create_open_id_connect_provider(Url=f"http://{url}", ClientIDList=["client"])["OpenIDConnectProviderArn"]
        iam.create_role(RoleName=role, AssumeRolePolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": [
            {"Effect": "Allow", "Principal": {"Federated": arn}, "Action": "sts:AssumeRoleWithWebIdentity"}]}))

    def log_in(self, key, url, account, role, **claims):
        now = int(time.time())
        token = self.issuer.token(key, {"iss": f"http://{url}", "sub": "somebody", "aud": "client", "iat": now - 5,
                                        "exp": now + 600} | claims)
        return unsigned(self.server, Action="AssumeRoleWithWebIdentity", RoleSessionName="session", WebIdentityToken=token,
                        RoleArn=f"arn:aws:iam::{account}:role/{role}")

    def events(self):
        """All so far: those in memory are written within a moment."""
        said = self.server.run("events", "--output", "json", "--data", self.server.data).stdout
        return [json.loads(line) for line in said.splitlines()]


@pytest.fixture(scope="module")
def federated(tmp_path_factory):
    with contextlib.closing(Federated(tmp_path_factory.mktemp("federated"))) as cloud:
        yield cloud


def attributes(count):
    return "".join(f' a{i}=""' for i in range(count))


def test_metadata_with_many_attributes_costs_little(federated):
    signer = federated.saml.Signer()
    iam = federated.client("iam", federated.a)
    for count in (101, 60_000):
        document = signer.metadata().replace("<md:IDPSSODescriptor ", f"<md:IDPSSODescriptor{attributes(count)} ")
        with costs_less_than(federated.server, 1):
            with pytest.raises(iam.exceptions.InvalidInputException):
                iam.create_saml_provider(Name="Square", SAMLMetadataDocument=document)


def test_a_certificate_that_is_none_is_no_metadata(federated):
    signer = federated.saml.Signer()
    iam = federated.client("iam", federated.a)
    for certificate in (base64.b64encode(b"no certificate").decode(), signer.base64[:-8],
                        base64.b64encode(base64.b64decode(signer.base64) + b"x").decode()):
        with pytest.raises(iam.exceptions.InvalidInputException):
            iam.create_saml_provider(Name="None", SAMLMetadataDocument=signer.metadata(
                certificates=[certificate]).replace("made for a test", "x" * 1000))


def test_a_response_that_nobody_signed_costs_little(federated):
    saml = federated.saml
    signers = [saml.Signer() for _ in range(10)]
    iam = federated.client("iam", federated.a)
    arn = iam.create_saml_provider(Name="Ten", SAMLMetadataDocument=signers[0].metadata(
        certificates=[s.base64 for s in signers]))["SAMLProviderArn"]
    role = f"arn:aws:iam::{ACCOUNT_A}:role/Saml"
    iam.create_role(RoleName="Saml", AssumeRolePolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": [
        {"Effect": "Allow", "Principal": {"Federated": arn}, "Action": "sts:AssumeRoleWithSAML"}]}))

    def call(text):
        return unsigned(federated.server, Action="AssumeRoleWithSAML", RoleArn=role, PrincipalArn=arn, SAMLAssertion=text)

    def response(inside, signer, change=lambda xml: xml):
        assertion = saml.Assertion(role, arn, int(time.time()), id=f"_{time.monotonic_ns()}", inside=inside)
        return saml.encoded(saml.response(change(saml.signed(assertion.xml(), assertion.id, signer))))

    stranger, calls = saml.Signer(), 5
    square = f"<x{attributes(7_000)}></x>"
    largest = f"<x{attributes(99)}></x>" * 80
    assert call(response("", signers[9]))[0] == 200
    for inside in (square, largest, "<x></x>" * 9_000):
        text = response(inside, stranger)
        assert len(text) <= 100_000
        with costs_less_than(federated.server, 0.4 * calls):
            for _ in range(calls):
                assert call(text)[1]["Code"] == "InvalidIdentityToken"
    # What a certificate did sign, around something else: digested, but once.
    text = response(largest, signers[9], lambda xml: xml.replace("a98=", "b98="))
    with costs_less_than(federated.server, 0.4 * calls):
        for _ in range(calls):
            assert call(text)[1]["Message"] == "Response signature invalid"


def test_silent_issuers_of_one_account_keep_nobody_else_waiting(federated):
    key = federated.issuer.Key.ec("k")
    for i in range(70):
        federated.trust(federated.a, ACCOUNT_A, f"{federated.silent_host}/{i}", f"Silent{i}")
    federated.web.keys[f"{federated.host}/b"] = [key]
    federated.trust(federated.b, ACCOUNT_B, f"{federated.host}/b", "Healthy")
    codes = []
    threads = [threading.Thread(target=lambda i=i: codes.append(
        federated.log_in(key, f"{federated.silent_host}/{i}", ACCOUNT_A, f"Silent{i}")[1]["Code"])) for i in range(70)]
    for thread in threads:
        thread.start()
    while len(codes) < 5:  # some for which there is no place; the others wait
        time.sleep(0.01)
    status, said = federated.log_in(key, f"{federated.host}/b", ACCOUNT_B, "Healthy")
    assert status == 200, said
    assert len(codes) < 70, "the silent ones are waited for meanwhile"
    for thread in threads:
        thread.join()
    assert codes == ["IDPCommunicationError"] * 70


def test_a_key_set_of_huge_keys_costs_little(federated):
    key, name = federated.issuer.Key.ec("k"), f"{federated.host}/huge"
    moduli = [{"kty": "RSA", "kid": f"k{i}", "e": "AQAB", "n": federated.issuer.b64(b"\xff" * 1023 + bytes([2 * (i % 100) + 1]))}
              for i in range(350)]
    federated.web.keys[name] = [key]
    federated.web.answers[f"{name}/jwks"] = federated.web.json({"keys": moduli})
    federated.trust(federated.a, ACCOUNT_A, name, "Huge")
    with costs_less_than(federated.server, 1):
        assert federated.log_in(key, name, ACCOUNT_A, "Huge")[1]["Code"] == "InvalidIdentityToken"


def test_a_subject_that_cannot_be_shown_is_nobody(federated):
    key, name = federated.issuer.Key.ec("k"), f"{federated.host}/hidden"
    federated.web.keys[name] = [key]
    federated.trust(federated.a, ACCOUNT_A, name, "Hidden")
    assert federated.log_in(key, name, ACCOUNT_A, "Hidden", sub="Zoë 日本 👍")[0] == 200
    for sub in ("a\0b", "a\x1b[31mb", "a\x9b31mb", "a\u202eb", "a\ufffeb", "a\nb"):
        status, said = federated.log_in(key, name, ACCOUNT_A, "Hidden", sub=sub)
        assert (status, said["Code"]) == (400, "InvalidIdentityToken"), said
    assert federated.log_in(key, name, ACCOUNT_A, "Hidden", email="a\x1bb")[0] == 400


def test_why_an_issuer_could_not_be_read_is_said_to_who_runs_the_server(federated):
    key = federated.issuer.Key.ec("k")
    for answer, reason in (((302, {"Location": "/"}, b""), "the server redirects"), ((404, {}, b""), "the answer is not 200"),
                           ((503, {}, b""), "the server answers 429 or 5xx"), ((200, {}, b"x" * 600_000), "the answer is too large"),
                           ((200, {}, b"{}"), "that is no discovery document")):
        name = f"{federated.host}/{answer[0]}-{len(answer[2])}"
        federated.web.answers[f"{name}/.well-known/openid-configuration"] = answer
        federated.trust(federated.a, ACCOUNT_A, name, f"R{answer[0]}-{len(answer[2])}")
        assert federated.log_in(key, name, ACCOUNT_A, f"R{answer[0]}-{len(answer[2])}")[1]["Code"] == "InvalidIdentityToken"
        wanted = {"identityProviderConnectionFailure": reason}
        end = time.monotonic() + PATIENCE
        while all(event.get("additionalEventData") != wanted for event in federated.events()):
            assert time.monotonic() < end, f"no event says: {reason}"
            time.sleep(0.1)
        assert f"{name}/.well-known/openid-configuration: {reason}" in federated.server.log


def der(tag, content):
    size = len(content).to_bytes((len(content).bit_length() + 7) // 8 or 1, "big")
    return bytes([tag]) + (size if len(content) < 128 else bytes([0x80 | len(size)]) + size) + content


def der_number(number):
    return der(2, number.to_bytes(number.bit_length() // 8 + 1, "big"))


def dsa_key(bits):
    """Of DSA, PKCS #8, without its public half: whoever reads it has to compute that."""
    p = int.from_bytes(os.urandom(bits // 8), "big") | (1 << (bits - 1)) | 1
    algorithm = der(6, bytes.fromhex("2a8648ce380401")) + der(0x30, der_number(p) + der_number(p >> 3 | 1) + der_number(p >> 2))
    key = der(0x30, der_number(0) + der(0x30, algorithm) + der(4, der_number(p >> 1)))
    return f"-----BEGIN PRIVATE KEY-----\n{base64.encodebytes(key).decode()}-----END PRIVATE KEY-----\n"


def test_a_private_key_of_a_kind_that_nobody_takes_costs_nothing(fresh):
    iam, key = fresh.client("iam", fresh.a), dsa_key(23_000)
    assert len(key) < 16_384
    with costs_less_than(fresh.server, 0.2), pytest.raises(iam.exceptions.ClientError, match="KeyPairMismatch"):
        iam.upload_server_certificate(ServerCertificateName="slow", CertificateBody=CERTIFICATE, PrivateKey=key)
