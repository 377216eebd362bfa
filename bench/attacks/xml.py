"""XML of strangers: metadata of SAML providers, and assertions that nobody signed."""
import base64
import functools
import hashlib
import os
import subprocess
import time

from . import client
from .client import form
from .figures import attack, below
from .neighbour import under_load
from .server import A, B

DS, ASSERTION = "http://www.w3.org/2000/09/xmldsig#", "urn:oasis:names:tc:SAML:2.0:assertion"
PROTOCOL, METADATA = "urn:oasis:names:tc:SAML:2.0:protocol", "urn:oasis:names:tc:SAML:2.0:metadata"
EXCLUSIVE = "http://www.w3.org/2001/10/xml-exc-c14n#"
SIGN_IN = "https://signin.aws.amazon.com/saml"
BAR, LARGEST = 50, 9_900_000  # milliseconds; bytes of a request's body, with room for what stands around


def certificate(name="idp"):
    """Of a key that is thrown away: nothing here is ever signed."""
    made = subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", "/dev/null", "-days", "2",
                           "-subj", f"/CN={name}", "-outform", "DER"], capture_output=True, check=True)
    return base64.b64encode(made.stdout).decode()


def provider_metadata(certificates=(), attributes="", inside="", valid_until="", filling=0):
    """`filling` letters at the end, each of which is six where the document is repeated in an answer."""
    more = '"' * filling
    keys = "".join(f'<md:KeyDescriptor use="signing"><ds:KeyInfo xmlns:ds="{DS}"><ds:X509Data><ds:X509Certificate>{text}'
                   "</ds:X509Certificate></ds:X509Data></ds:KeyInfo></md:KeyDescriptor>" for text in certificates or [any_certificate()])
    until = f' validUntil="{valid_until}"' if valid_until else ""
    return (f'<?xml version="1.0"?><md:EntityDescriptor xmlns:md="{METADATA}" entityID="https://idp.example/saml"{until}>'
            f'<md:IDPSSODescriptor protocolSupportEnumeration="{PROTOCOL}"{attributes}>{keys}<md:SingleSignOnService '
            'Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST" Location="https://idp.example/sso"/>'
            f"{inside}</md:IDPSSODescriptor>{more}</md:EntityDescriptor>")


@functools.cache
def any_certificate():
    return certificate()


def tree(depth, inside=""):
    return "".join(f"<a{i % 10}>" for i in range(depth)) + inside + "".join(f"</a{i % 10}>" for i in reversed(range(depth)))


# Documents of n parts; what they cost shall not grow faster than they do.
SHAPES = {
    "attributes of one element": lambda n: provider_metadata(attributes="".join(f" a{i}=''" for i in range(n))),
    "namespaces of one element": lambda n: provider_metadata(attributes="".join(f" xmlns:n{i}='u'" for i in range(n))),
    "attributes in namespaces": lambda n: provider_metadata(
        attributes="".join(f" xmlns:n{i}='u{i}'" for i in range(n)) + "".join(f" n{i}:a=''" for i in range(n))),
    "elements": lambda n: provider_metadata(inside="<b/>" * n),
    "elements inside each other": lambda n: provider_metadata(inside=tree(n)),
    "texts with references": lambda n: provider_metadata(inside="<b>" + "&#97;" * n + "</b>"),
    "certificates": lambda n: provider_metadata([base64.b64encode(i.to_bytes(8, "big")).decode() for i in range(n)]),
}


def with_document(server, keys, document, action, **parameters):
    """A call with a document as it is: of a form's value only these three must be written otherwise, so 10 MB fit in."""
    text = document.replace("%", "%25").replace("&", "%26").replace("+", "%2B")
    body = form({"Action": action, "Version": "2010-05-08", **parameters}) + "&SAMLMetadataDocument=" + text
    return client.call(server.port, keys, "iam", action, body=body.encode())


def grown(server, keys, name, shape):
    """The costliest of documents of growing size, as far as it stays bearable: (ms, parts, document, answer)."""
    worst, parts, last = None, 3_000, False
    while True:
        document = shape(parts)
        request = with_document(server, keys, document, "CreateSAMLProvider", Name=f"{name}-{parts}")
        if len(request) > LARGEST:
            parts, last = parts * LARGEST // len(request) * 95 // 100, True
            continue
        cost, answer = server.cost(request, rounds=1)
        if worst is None or cost > worst[0]:
            worst = (cost, parts, document, answer)
        if answer.status == 200:
            server.must(keys, "iam", "DeleteSAMLProvider", SAMLProviderArn=answer.pick("SAMLProviderArn"))
        if last or cost > 1000:  # that is missed by far: going on would only take our time
            return worst
        parts *= 3


@attack("metadata", "create-saml-provider with the costliest metadata of each shape", 400)
def metadata(field):
    with field.server() as server:
        a, b = server.account(A), server.account(B)
        worst = (0,)
        for number, (shape, document) in enumerate(SHAPES.items()):
            cost, parts, text, answer = grown(server, a, f"idp{number}", document)
            yield below(f"CPU of one call, {shape}", cost, BAR, "ms", f"{parts:,} of them, {len(text) / 1000:,.0f} KB; {answer.code}")
            worst = max(worst, (cost, text))
        small = server.must(a, "iam", "CreateSAMLProvider", Name="corp", SAMLMetadataDocument=provider_metadata(filling=1000))
        again = with_document(server, a, worst[1], "UpdateSAMLProvider", SAMLProviderArn=small.pick("SAMLProviderArn"))
        yield under_load(server, b, [again], 2)


def response(inside, role, provider):
    """A response in its canonical form, whose assertion holds `inside` and a signature of the right form by nobody."""
    now = time.time()

    def at(shift):
        return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(now + shift))

    def assertion(signature):
        return (f'<saml:Assertion xmlns:saml="{ASSERTION}" ID="_a1" IssueInstant="{at(-10)}" Version="2.0"><saml:Issuer>'
                f"https://idp.example/saml</saml:Issuer>{signature}<saml:Subject><saml:NameID Format=\"urn:oasis:names:tc:SAML:"
                '2.0:nameid-format:persistent">alice</saml:NameID><saml:SubjectConfirmation Method="urn:oasis:names:tc:SAML:2.0:'
                f'cm:bearer"><saml:SubjectConfirmationData NotOnOrAfter="{at(240)}" Recipient="{SIGN_IN}">'
                f'</saml:SubjectConfirmationData></saml:SubjectConfirmation></saml:Subject><saml:Conditions NotBefore="{at(-60)}" '
                f'NotOnOrAfter="{at(240)}"><saml:AudienceRestriction><saml:Audience>{SIGN_IN}</saml:Audience>'
                f'</saml:AudienceRestriction></saml:Conditions><saml:AuthnStatement AuthnInstant="{at(-10)}"></saml:AuthnStatement>'
                '<saml:AttributeStatement><saml:Attribute Name="https://aws.amazon.com/SAML/Attributes/Role"><saml:AttributeValue>'
                f"{role},{provider}</saml:AttributeValue></saml:Attribute></saml:AttributeStatement>{inside}</saml:Assertion>")

    digest = base64.b64encode(hashlib.sha256(assertion("").encode()).digest()).decode()
    signature = (
        f'<ds:Signature xmlns:ds="{DS}"><ds:SignedInfo><ds:CanonicalizationMethod Algorithm="{EXCLUSIVE}">'
        '</ds:CanonicalizationMethod><ds:SignatureMethod Algorithm="http://www.w3.org/2001/04/xmldsig-more#rsa-sha256">'
        f'</ds:SignatureMethod><ds:Reference URI="#_a1"><ds:Transforms><ds:Transform Algorithm="{DS}enveloped-signature">'
        f'</ds:Transform><ds:Transform Algorithm="{EXCLUSIVE}"></ds:Transform></ds:Transforms><ds:DigestMethod Algorithm="http://'
        f'www.w3.org/2001/04/xmlenc#sha256"></ds:DigestMethod><ds:DigestValue>{digest}</ds:DigestValue></ds:Reference>'
        f"</ds:SignedInfo><ds:SignatureValue>{base64.b64encode(os.urandom(256)).decode()}</ds:SignatureValue></ds:Signature>")
    return (f'<samlp:Response xmlns:samlp="{PROTOCOL}" Destination="{SIGN_IN}" ID="_r1" IssueInstant="{at(-10)}" Version="2.0">'
            f'<saml:Issuer xmlns:saml="{ASSERTION}">https://idp.example/saml</saml:Issuer><samlp:Status><samlp:StatusCode '
            f'Value="urn:oasis:names:tc:SAML:2.0:status:Success"></samlp:StatusCode></samlp:Status>{assertion(signature)}'
            "</samlp:Response>")


# Insides of an assertion that fill it: base64 may have 100,000 letters, so the text some 75,000 bytes.
ASSERTIONS = {
    "attributes of one element": lambda: "<b" + "".join(f' a{i:04}=""' for i in range(6_800)) + "></b>",
    "fewer attributes": lambda: "<b" + "".join(f' a{i:04}=""' for i in range(90)) + "></b>",
    "elements": lambda: "<b></b>" * 9_500,
    "elements inside each other": lambda: tree(200, "<b></b>" * 8_500),
    "namespaces": lambda: "".join(f'<n{i}:b xmlns:n{i}="u"></n{i}:b>' for i in range(2_000)),
    "nothing": lambda: "",
}


@attack("assertion", "unsigned AssumeRoleWithSAML with the largest assertions; ten certificates at the provider", 180)
def assertion(field):
    role, provider = f"arn:aws:iam::{A}:role/Reader", f"arn:aws:iam::{A}:saml-provider/Corp"
    with field.server() as server:
        a, b = server.account(A), server.account(B)
        certificates = [certificate(f"idp{i}") for i in range(10)]
        server.must(a, "iam", "CreateSAMLProvider", Name="Corp", SAMLMetadataDocument=provider_metadata(certificates))
        worst = (0,)
        for shape, inside in ASSERTIONS.items():
            text = base64.b64encode(response(inside(), role, provider).encode()).decode()
            request = client.call(server.port, None, "sts", "AssumeRoleWithSAML", RoleArn=role, PrincipalArn=provider,
                                  SAMLAssertion=text)
            cost, answer = server.cost(request)
            yield below(f"CPU of one call, {shape}", cost, BAR, "ms", f"{len(text) / 1000:.0f} KB; {answer.code}")
            worst = max(worst, (cost, request))
        yield under_load(server, b, [worst[1]], 10)
