"""A SAML identity provider for tests: it signs anything, rightly and wrongly. Needs the `cryptography` package.

It writes every element in its canonical form (exclusive XML canonicalization), so that a digest is one of the text."""
import base64
import datetime
import hashlib
import hmac
from dataclasses import dataclass, field

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa

SIGN_IN = "https://signin.aws.amazon.com/saml"
DS, ASSERTION = "http://www.w3.org/2000/09/xmldsig#", "urn:oasis:names:tc:SAML:2.0:assertion"
PROTOCOL, METADATA = "urn:oasis:names:tc:SAML:2.0:protocol", "urn:oasis:names:tc:SAML:2.0:metadata"
EXCLUSIVE = "http://www.w3.org/2001/10/xml-exc-c14n#"
ENVELOPED = DS + "enveloped-signature"
MORE = "http://www.w3.org/2001/04/xmldsig-more#"
DIGESTS = {"sha1": DS + "sha1", "sha256": "http://www.w3.org/2001/04/xmlenc#sha256", "sha384": MORE + "sha384",
           "sha512": "http://www.w3.org/2001/04/xmlenc#sha512"}
HASHES = {"sha1": hashes.SHA1, "sha256": hashes.SHA256, "sha384": hashes.SHA384, "sha512": hashes.SHA512}
PLACE = "<!--signature-->"  # where the signature of an element goes: behind its issuer
ATTRIBUTES = "https://aws.amazon.com/SAML/Attributes/"


def escaped(text):
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def stamp(seconds):
    return datetime.datetime.fromtimestamp(seconds, datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")


class Signer:
    def __init__(self, private=None):
        self.private = private or rsa.generate_private_key(65537, 2048)
        name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "idp.example")])
        now = datetime.datetime.now(datetime.timezone.utc)
        self.certificate = (x509.CertificateBuilder().subject_name(name).issuer_name(name)
                            .public_key(self.private.public_key()).serial_number(x509.random_serial_number())
                            .not_valid_before(now - datetime.timedelta(days=1))
                            .not_valid_after(now + datetime.timedelta(days=2)).sign(self.private, hashes.SHA256()))

    @property
    def base64(self):
        return base64.b64encode(self.certificate.public_bytes(serialization.Encoding.DER)).decode()

    def sign(self, text, method):
        kind, _, digest = method.rpartition("-")
        if kind == "hmac":  # key confusion: what everybody knows as the secret
            return hmac.new(self.certificate.public_bytes(serialization.Encoding.DER), text, digest).digest()
        if isinstance(self.private, rsa.RSAPrivateKey):
            return self.private.sign(text, padding.PKCS1v15(), HASHES[digest]())
        from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
        r, s = decode_dss_signature(self.private.sign(text, ec.ECDSA(HASHES[digest]())))
        return r.to_bytes(32, "big") + s.to_bytes(32, "big")

    def metadata(self, entity_id="https://idp.example/saml", certificates=None, valid_until=None):
        keys = "".join(
            f'<md:KeyDescriptor use="signing"><ds:KeyInfo xmlns:ds="{DS}"><ds:X509Data><ds:X509Certificate>{text}'
            "</ds:X509Certificate></ds:X509Data></ds:KeyInfo></md:KeyDescriptor>"
            for text in certificates or [self.base64])
        until = f' validUntil="{valid_until}"' if valid_until else ""
        return (f'<?xml version="1.0"?><!-- made for a test --><md:EntityDescriptor xmlns:md="{METADATA}" '
                f'entityID="{entity_id}"{until}><md:IDPSSODescriptor '
                f'protocolSupportEnumeration="{PROTOCOL}">{keys}<md:SingleSignOnService '
                'Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST" Location="https://idp.example/sso"/>'
                "</md:IDPSSODescriptor></md:EntityDescriptor>")


@dataclass
class How:
    """How an element is signed."""
    method: str = "rsa-sha256"
    digest: str = "sha256"
    uri: str | None = None  # of the reference; None: the element's own
    transforms: tuple = (ENVELOPED, EXCLUSIVE)
    canonical: str = EXCLUSIVE
    references: int = 1
    extra_transform: str = ""


def signature(element, element_id, signer, how):
    """The ds:Signature of an element that is written canonically, with PLACE in it."""
    digest = base64.b64encode(hashlib.new(how.digest, element.replace(PLACE, "").encode()).digest()).decode()
    uri = "#" + element_id if how.uri is None else how.uri
    steps = "".join(f'<ds:Transform Algorithm="{t}"></ds:Transform>' for t in how.transforms) + how.extra_transform
    reference = (f'<ds:Reference URI="{uri}"><ds:Transforms>{steps}</ds:Transforms><ds:DigestMethod '
                 f'Algorithm="{DIGESTS[how.digest]}"></ds:DigestMethod><ds:DigestValue>{digest}</ds:DigestValue></ds:Reference>')
    method = (MORE if how.method != "rsa-sha1" and how.method != "hmac-sha1" else DS) + how.method
    inside = (f'<ds:CanonicalizationMethod Algorithm="{how.canonical}"></ds:CanonicalizationMethod>'
              f'<ds:SignatureMethod Algorithm="{method}"></ds:SignatureMethod>{reference * how.references}</ds:SignedInfo>')
    value = base64.b64encode(signer.sign(f'<ds:SignedInfo xmlns:ds="{DS}">{inside}'.encode(), how.method)).decode()
    return (f'<ds:Signature xmlns:ds="{DS}"><ds:SignedInfo>{inside}<ds:SignatureValue>{value}</ds:SignatureValue>'
            f"<ds:KeyInfo><ds:X509Data><ds:X509Certificate>{signer.base64}</ds:X509Certificate></ds:X509Data></ds:KeyInfo>"
            "</ds:Signature>")


@dataclass
class Assertion:
    role: str = ""
    provider: str = ""
    now: int = 0
    id: str = "_a1"
    issuer: str = "https://idp.example/saml"
    subject: str = "alice@example.com"
    format: str = "urn:oasis:names:tc:SAML:2.0:nameid-format:persistent"
    audience: str | None = SIGN_IN
    recipient: str | None = SIGN_IN
    method: str = "urn:oasis:names:tc:SAML:2.0:cm:bearer"
    version: str = "2.0"
    issued: int = -10
    not_before: int = -60
    not_on_or_after: int = 240
    confirmed_until: int | None = 240
    session_until: int | None = 7200
    pair: str | None = None
    attributes: dict = field(default_factory=lambda: {"RoleSessionName": "alice"})
    more_attributes: dict = field(default_factory=dict)  # by their full names
    inside: str = ""  # canonical XML before the end

    def xml(self):
        at = lambda shift: stamp(self.now + shift)
        values = {ATTRIBUTES + "Role": self.pair if self.pair is not None else f"{self.role},{self.provider}"}
        values |= {ATTRIBUTES + name: value for name, value in self.attributes.items() if value is not None}
        values |= self.more_attributes
        attributes = "".join(
            f'<saml:Attribute Name="{name}">' + "".join(
                f"<saml:AttributeValue>{escaped(v)}</saml:AttributeValue>" for v in ([value] if isinstance(value, str) else value))
            + "</saml:Attribute>" for name, value in values.items() if value)
        audience = "" if self.audience is None else (
            f"<saml:AudienceRestriction><saml:Audience>{self.audience}</saml:Audience></saml:AudienceRestriction>")
        confirmed = "" if self.confirmed_until is None else f' NotOnOrAfter="{at(self.confirmed_until)}"'
        recipient = "" if self.recipient is None else f' Recipient="{self.recipient}"'
        ends = "" if self.session_until is None else f' SessionNotOnOrAfter="{at(self.session_until)}"'
        return (
            f'<saml:Assertion xmlns:saml="{ASSERTION}" ID="{self.id}" IssueInstant="{at(self.issued)}" '
            f'Version="{self.version}"><saml:Issuer>{escaped(self.issuer)}</saml:Issuer>{PLACE}<saml:Subject><saml:NameID '
            f'Format="{self.format}">{escaped(self.subject)}</saml:NameID><saml:SubjectConfirmation Method="{self.method}">'
            f"<saml:SubjectConfirmationData{confirmed}{recipient}></saml:SubjectConfirmationData>"
            f'</saml:SubjectConfirmation></saml:Subject><saml:Conditions NotBefore="{at(self.not_before)}" '
            f'NotOnOrAfter="{at(self.not_on_or_after)}">{audience}</saml:Conditions><saml:AuthnStatement '
            f'AuthnInstant="{at(self.issued)}"{ends}></saml:AuthnStatement><saml:AttributeStatement>{attributes}'
            f"</saml:AttributeStatement>{self.inside}</saml:Assertion>")


def signed(element, element_id, signer, how=None):
    return element.replace(PLACE, signature(element, element_id, signer, how or How()), 1)


def response(inside, status="urn:oasis:names:tc:SAML:2.0:status:Success", element_id="_r1", before="", issued="2026-01-01T00:00:00Z"):
    """A samlp:Response around an assertion, with a place for its own signature."""
    return (f'<samlp:Response xmlns:samlp="{PROTOCOL}" Destination="{SIGN_IN}" ID="{element_id}" IssueInstant="{issued}" '
            f'Version="2.0"><saml:Issuer xmlns:saml="{ASSERTION}">https://idp.example/saml</saml:Issuer>{PLACE}{before}'
            f'<samlp:Status><samlp:StatusCode Value="{status}"></samlp:StatusCode></samlp:Status>{inside}</samlp:Response>')


def encoded(xml):
    return base64.b64encode(xml.replace(PLACE, "").encode()).decode()
