"""Identity providers of one tenant that are silent, or whose keys cost much, while another tenant's people log in."""
import base64
import contextlib
import http.server
import json
import os
import socket
import subprocess
import threading
import time

from . import client
from .client import Line
from .figures import attack, below, holds
from .neighbour import Neighbour, compared
from .server import A, B

KEYS, BITS, SILENT = 350, 8192, 70


def b64(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


class Signer:
    """An RSA key of the openssl command."""

    def __init__(self, folder):
        self.file = folder / "issuer.pem"
        subprocess.run(["openssl", "genrsa", "-out", self.file, "2048"], check=True, capture_output=True)
        modulus = subprocess.run(["openssl", "rsa", "-in", self.file, "-noout", "-modulus"], check=True, capture_output=True)
        self.jwk = {"kty": "RSA", "kid": "k", "use": "sig", "alg": "RS256", "e": "AQAB",
                    "n": b64(bytes.fromhex(modulus.stdout.decode().strip().partition("=")[2]))}

    def token(self, issuer, kid="k"):
        now = int(time.time())
        claims = {"iss": issuer, "sub": "somebody", "aud": "client", "iat": now - 5, "exp": now + 600}
        text = b64(json.dumps({"alg": "RS256", "typ": "JWT", "kid": kid}).encode()) + "." + b64(json.dumps(claims).encode())
        signed = subprocess.run(["openssl", "dgst", "-sha256", "-sign", self.file], input=text.encode(), check=True, capture_output=True)
        return text + "." + b64(signed.stdout)


@contextlib.contextmanager
def serving(jwks):
    """An issuer that answers with this key set (bytes); its URL."""
    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            body = jwks if self.path.endswith("/jwks") else json.dumps({
                "issuer": url, "jwks_uri": url + "/jwks", "response_types_supported": ["id_token"],
                "id_token_signing_alg_values_supported": ["RS256"]}).encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            with contextlib.suppress(OSError):
                self.wfile.write(body)

        def log_message(self, *_):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    url = f"http://127.0.0.1:{server.server_address[1]}"
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield url
    server.shutdown()


@contextlib.contextmanager
def silent():
    """A port that takes connections and never says anything."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen(1000)
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"


def provide(server, keys, account, url, role):
    server.must(keys, "iam", "CreateOpenIDConnectProvider", Url=url, **{"ClientIDList.member.1": "client",
                                                                        "ThumbprintList.member.1": "0" * 40})
    name = url.partition("//")[2]
    server.must(keys, "iam", "CreateRole", RoleName=role, AssumeRolePolicyDocument=json.dumps({
        "Version": "2012-10-17", "Statement": [{
            "Effect": "Allow", "Principal": {"Federated": f"arn:aws:iam::{account}:oidc-provider/{name}"},
            "Action": "sts:AssumeRoleWithWebIdentity", "Condition": {"StringEquals": {f"{name}:aud": "client"}}}]}))


def login(server, account, role, token):
    return client.call(server.port, None, "sts", "AssumeRoleWithWebIdentity", RoleArn=f"arn:aws:iam::{account}:role/{role}",
                       RoleSessionName="session", WebIdentityToken=token)


def healthy(server, request):
    """(answer, milliseconds) of a login of somebody else."""
    began = time.monotonic()
    answer = client.ask(server.port, request, "127.0.0.2")
    return answer, (time.monotonic() - began) * 1000


@attack("silent-issuers", f"{SILENT} providers on silent ports, one unsigned login each", 120)
def silent_issuers(field):
    signer = Signer(field.folder)
    with serving(json.dumps({"keys": [signer.jwk]}).encode()) as good, silent() as mute, contextlib.ExitStack() as stack:
        with field.server("--allow-issuer", good, "--allow-issuer", mute) as server:
            a, b = server.account(A), server.account(B)
            provide(server, b, B, good, "Good")
            for i in range(SILENT):
                provide(server, a, A, f"{mute}/{i}", f"Mute{i}")
            requests = [login(server, A, f"Mute{i}", signer.token(f"{mute}/{i}")) for i in range(SILENT)]
            for request in requests:
                stack.enter_context(Line(server.port)).socket.sendall(request)
            time.sleep(0.5)
            answer, milliseconds = healthy(server, login(server, B, "Good", signer.token(good)))
            yield holds("another account's login by a healthy issuer works", answer.status == 200, answer.code)
            yield below("… and takes", milliseconds, 1000, "ms")


@attack("costly-keys", f"a key set of {KEYS} RSA moduli of {BITS:,} bits", 120)
def costly_keys(field):
    signer = Signer(field.folder)
    def modulus():
        return b64(bytes([0x80 | os.urandom(1)[0]]) + os.urandom(BITS // 8 - 2) + bytes([1 | os.urandom(1)[0]]))
    costly = json.dumps({"keys": [{"kty": "RSA", "kid": f"x{i}", "use": "sig", "alg": "RS256", "e": "AQAB", "n": modulus()}
                                  for i in range(KEYS)]}, separators=(",", ":")).encode()
    with serving(json.dumps({"keys": [signer.jwk]}).encode()) as good, serving(costly) as bad:
        with field.server("--allow-issuer", good, "--allow-issuer", bad) as server, Line(server.port) as line:
            a, b = server.account(A), server.account(B)
            provide(server, b, B, good, "Good")
            provide(server, a, A, bad, "Bad")
            with Neighbour(server.port, b) as other:
                quiet, before, began = other.median(2), server.cpu(), time.monotonic()
                line.socket.sendall(login(server, A, "Bad", signer.token(bad, "x0")))
                time.sleep(0.3)
                answer, milliseconds = healthy(server, login(server, B, "Good", signer.token(good)))
                bad_answer = line.read()
                time.sleep(0.1)
                cpu, under = server.cpu() - before, other.since(began)
            yield below("CPU, of two logins and a neighbour's calls meanwhile", cpu * 1000, 50, "ms", f"{len(costly) / 1000:.0f} KB; {bad_answer.code}")
            yield holds("another account's login by a healthy issuer works", answer.status == 200, answer.code)
            yield below("… and takes", milliseconds, 1000, "ms")
            yield compared(quiet, under, "one request was sent")
