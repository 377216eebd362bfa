"""An OpenID Connect provider for tests that must go wrong: it serves what it is told, over TLS, and signs anything.

Needs the `cryptography` package. The well-behaved provider is js/oidc_provider.mjs."""
import base64
import contextlib
import datetime
import hashlib
import hmac
import http.server
import ipaddress
import json
import ssl
import threading

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature

GITHUB = "token.actions.githubusercontent.com"
EKS = "oidc.eks.us-east-1.amazonaws.com/id/D48675832CA65BD10A532F597EXAMPLE"


def b64(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def number(value, size=None):
    return b64(value.to_bytes(size or (value.bit_length() + 7) // 8, "big"))


class Key:
    """A signing key with its id; `jwk` is what a key set says of it."""
    DIGESTS = {"256": hashes.SHA256, "384": hashes.SHA384, "512": hashes.SHA512}

    def __init__(self, kid, private, algorithm, **more):
        self.kid, self.private, self.algorithm = kid, private, algorithm
        public = private.public_key().public_numbers()
        if isinstance(private, rsa.RSAPrivateKey):
            self.jwk = {"kty": "RSA", "n": number(public.n), "e": number(public.e)}
        else:
            size = (private.curve.key_size + 7) // 8
            curve = {256: "P-256", 384: "P-384", 521: "P-521"}[private.curve.key_size]
            self.jwk = {"kty": "EC", "crv": curve, "x": number(public.x, size), "y": number(public.y, size)}
        self.jwk |= {"kid": kid, "use": "sig", "alg": algorithm} | more

    @staticmethod
    def rsa(kid, algorithm="RS256", bits=2048, **more):
        return Key(kid, rsa.generate_private_key(65537, bits), algorithm, **more)

    @staticmethod
    def ec(kid, algorithm="ES256", curve=ec.SECP256R1, **more):
        return Key(kid, ec.generate_private_key(curve()), algorithm, **more)

    @property
    def pem(self):
        return self.private.public_key().public_bytes(serialization.Encoding.PEM,
                                                      serialization.PublicFormat.SubjectPublicKeyInfo)

    def sign(self, message, algorithm):
        if algorithm.startswith("HS"):  # key confusion: the public key, which everybody knows, as the secret
            return hmac.new(self.pem, message, hashlib.sha256).digest()
        digest = self.DIGESTS.get(algorithm[2:], hashes.SHA256)()
        if isinstance(self.private, rsa.RSAPrivateKey):
            if algorithm.startswith("PS"):
                return self.private.sign(message, padding.PSS(padding.MGF1(digest), digest.digest_size), digest)
            return self.private.sign(message, padding.PKCS1v15(), digest)
        r, s = decode_dss_signature(self.private.sign(message, ec.ECDSA(digest)))
        size = (self.private.curve.key_size + 7) // 8
        return r.to_bytes(size, "big") + s.to_bytes(size, "big")


def token(key, claims, algorithm=None, **header):
    """A JWT. A header member of None is left out."""
    algorithm = algorithm or key.algorithm
    head = {"typ": "JWT", "alg": algorithm, "kid": key.kid} | header
    head = {name: value for name, value in head.items() if value is not None}
    signed = f"{b64(json.dumps(head).encode())}.{b64(json.dumps(claims).encode())}"
    signature = b"" if algorithm.lower() == "none" else key.sign(signed.encode(), algorithm)
    return f"{signed}.{b64(signature)}"


class Authority:
    """A certificate authority, and a server certificate for some hosts, as PEM files in `folder`."""

    def __init__(self, folder, hosts, days=2):
        now = datetime.datetime.now(datetime.timezone.utc)
        span = (now - datetime.timedelta(days=1), now + datetime.timedelta(days=days))
        root, leaf = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
        named = lambda text: x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, text)])
        build = lambda subject, key: (x509.CertificateBuilder().subject_name(named(subject)).issuer_name(named("Test CA"))
                                      .public_key(key.public_key()).serial_number(x509.random_serial_number())
                                      .not_valid_before(span[0]).not_valid_after(span[1]))
        self.root = (build("Test CA", root).add_extension(x509.BasicConstraints(True, None), critical=True)
                     .sign(root, hashes.SHA256()))
        names = [x509.IPAddress(ipaddress.ip_address(h)) if h[0].isdigit() else x509.DNSName(h) for h in hosts]
        certificate = build(hosts[0], leaf).add_extension(x509.SubjectAlternativeName(names), critical=False)
        certificate = certificate.sign(root, hashes.SHA256())
        pem = serialization.Encoding.PEM
        self.ca, self.chain, self.key = folder / "ca.pem", folder / "chain.pem", folder / "key.pem"
        self.ca.write_bytes(self.root.public_bytes(pem))
        self.chain.write_bytes(certificate.public_bytes(pem) + self.root.public_bytes(pem))
        self.key.write_bytes(leaf.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()))
        self.thumbprint = self.root.fingerprint(hashes.SHA1()).hex()


class Issuer:
    """Serves discovery documents and key sets of several issuers on one port; each path can be made to misbehave."""

    def __init__(self, authority=None):
        self.keys = {}     # "host/path" -> [Key]
        self.answers = {}  # "host/path" of a document -> (status, headers, body): instead of the right one
        self.asked = []    # the same, in order
        outer = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                at = self.headers["Host"] + self.path
                outer.asked.append(at)
                status, headers, body = outer.answers.get(at) or outer.document(at)
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                with contextlib.suppress(OSError):  # a client that has seen enough
                    self.wfile.write(body)

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.port = self.server.server_address[1]
        self.scheme = "http" if authority is None else "https"
        if authority is not None:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(authority.chain, authority.key)
            self.server.socket = context.wrap_socket(self.server.socket, server_side=True, do_handshake_on_connect=False)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def document(self, at):
        for name, keys in self.keys.items():
            issuer = f"{self.scheme}://{name}"
            if at == f"{name.rstrip('/')}/.well-known/openid-configuration":
                return self.json({"issuer": issuer, "jwks_uri": f"{issuer}/jwks", "response_types_supported": ["id_token"],
                                  "id_token_signing_alg_values_supported": ["RS256", "ES256"]})
            if at == f"{name}/jwks":
                return self.json({"keys": [key.jwk for key in keys]})
        return 404, {}, b"nothing here"

    @staticmethod
    def json(value, status=200):
        return status, {"Content-Type": "application/json"}, json.dumps(value).encode()

    def stop(self):
        self.server.shutdown()
        self.server.server_close()
