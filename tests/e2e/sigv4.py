"""A small SigV4 signer that can be told to do it wrong, and a client that sends exactly the bytes it is given.

    request = Request("POST", "/", headers=[("Host", host)], body=b"Action=GetCallerIdentity&Version=2011-06-15")
    sign(request, keys, service="sts")                   # or presign(request, keys, service="sts")
    answer = send(port, request)

No client library would send what the corrupted cases need. It shares nothing with the server or with botocore; what
it takes from docs/wire.md, 3.4, is the canonical form.
"""
import datetime
import hashlib
import hmac
import http.client
import re
import socket
from dataclasses import dataclass, field
from urllib.parse import quote, unquote_to_bytes

ALGORITHM = "AWS4-HMAC-SHA256"


@dataclass
class Request:
    method: str
    path: str = "/"
    query: str = ""  # as it goes over the wire, without the question mark
    headers: list = field(default_factory=list)
    body: bytes = b""

    def get(self, name):
        return next((value for known, value in self.headers if known.lower() == name.lower()), None)

    def drop(self, name):
        self.headers = [(known, value) for known, value in self.headers if known.lower() != name.lower()]

    def set(self, name, value):
        """In the place of the first header of that name, or at the end."""
        at = next((i for i, (known, _) in enumerate(self.headers) if known.lower() == name.lower()), len(self.headers))
        self.headers = [pair for i, pair in enumerate(self.headers) if i < at or pair[0].lower() != name.lower()]
        self.headers.insert(at, (name, value))

    def bytes(self):
        target = self.path + ("?" + self.query if self.query else "")
        head = [f"{self.method} {target} HTTP/1.1"] + [f"{name}: {value}" for name, value in self.headers]
        if self.get("Content-Length") is None and self.get("Transfer-Encoding") is None and (
                self.body or self.method in ("POST", "PUT")):
            head.append(f"Content-Length: {len(self.body)}")
        return "\r\n".join(head).encode("latin-1") + b"\r\n\r\n" + self.body


@dataclass(frozen=True)
class Scope:
    service: str
    region: str = "us-east-1"
    day: str | None = None  # the request's own day
    terminator: str = "aws4_request"


@dataclass(frozen=True)
class Answer:
    status: int
    headers: http.client.HTTPMessage
    body: bytes


def now(shift=0):
    return datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(seconds=shift)


def stamp(when):
    return when.strftime("%Y%m%dT%H%M%SZ")


def encode(text):
    return quote(text if isinstance(text, bytes) else text.encode(), safe="-_.~")


def form(parameters):
    """As botocore writes a body: a space is a plus."""
    return "&".join(f"{encode(name)}={encode(str(value)).replace('%20', '+')}" for name, value in parameters.items())


def canonical_query(query, without=()):
    pairs = []
    for part in filter(None, query.split("&")):
        name, _, value = part.partition("=")
        pair = tuple(encode(unquote_to_bytes(text.replace("+", " "))) for text in (name, value))
        if pair[0] not in without:
            pairs.append(pair)
    return "&".join(f"{name}={value}" for name, value in sorted(pairs))


def canonical_path(path, service):
    if service == "s3":
        return quote(unquote_to_bytes(path), safe="/-_.~")
    kept = []
    for segment in path.split("/"):
        if segment == "..":
            kept = kept[:-1]
        elif segment not in ("", "."):
            kept.append(segment)
    normal = "/" + "/".join(kept) + ("/" if kept and path.endswith("/") else "")
    return quote(normal, safe="/-_.~")


def payload_hash(request, service):
    given = request.get("x-amz-content-sha256")
    return given if service == "s3" and given else hashlib.sha256(request.body).hexdigest()


def canonical_request(request, signed, service, payload):
    lines = []
    for name in signed:
        values = [re.sub(" +", " ", value.strip()) for known, value in request.headers if known.lower() == name]
        lines.append(f"{name}:{','.join(values)}\n")
    return "\n".join([request.method, canonical_path(request.path, service),
                      canonical_query(request.query, without=("X-Amz-Signature",)), "".join(lines), ";".join(signed), payload])


def signature(secret, scope, day, date, canonical):
    def mac(key, text):
        return hmac.new(key, text.encode(), hashlib.sha256).digest()

    key = ("AWS4" + secret).encode()
    for part in (day, scope.region, scope.service, scope.terminator):
        key = mac(key, part)
    text = "\n".join([ALGORITHM, date, f"{day}/{scope.region}/{scope.service}/{scope.terminator}",
                      hashlib.sha256(canonical.encode()).hexdigest()])
    return mac(key, text).hex()


def signable(request, unsigned=()):
    names = {name.lower() for name, _ in request.headers}
    names -= {"authorization", "connection", "expect", "user-agent", "content-length"} | {name.lower() for name in unsigned}
    return sorted(names)


def sign(request, keys, scope, date=None, unsigned=()):
    """Adds X-Amz-Date, X-Amz-Security-Token and Authorization. `unsigned` headers stay out of the signature."""
    date = date or stamp(now())
    if request.get("X-Amz-Date") is None:
        request.set("X-Amz-Date", date)
    if keys.token and request.get("X-Amz-Security-Token") is None:
        request.set("X-Amz-Security-Token", keys.token)
    day = scope.day or date[:8]
    signed = signable(request, unsigned)
    canonical = canonical_request(request, signed, scope.service, payload_hash(request, scope.service))
    value = signature(keys.secret, scope, day, date, canonical)
    credential = f"{keys.id}/{day}/{scope.region}/{scope.service}/{scope.terminator}"
    request.set("Authorization", f"{ALGORITHM} Credential={credential}, SignedHeaders={';'.join(signed)}, Signature={value}")


def presign(request, keys, scope, date=None, expires=900, unsigned=()):
    """Adds the X-Amz- parameters to the query."""
    date = date or stamp(now())
    day = scope.day or date[:8]
    signed = signable(request, unsigned)
    added = {"X-Amz-Algorithm": ALGORITHM,
             "X-Amz-Credential": f"{keys.id}/{day}/{scope.region}/{scope.service}/{scope.terminator}",
             "X-Amz-Date": date, "X-Amz-Expires": str(expires), "X-Amz-SignedHeaders": ";".join(signed)}
    if keys.token:
        added["X-Amz-Security-Token"] = keys.token
    request.query = "&".join(filter(None, [request.query, "&".join(f"{n}={encode(v)}" for n, v in added.items())]))
    payload = "UNSIGNED-PAYLOAD" if scope.service == "s3" else hashlib.sha256(request.body).hexdigest()
    canonical = canonical_request(request, signed, scope.service, payload)
    request.query += "&X-Amz-Signature=" + signature(keys.secret, scope, day, date, canonical)


def exchange(line, request):
    """One request on an open connection."""
    line.sendall(request.bytes())
    response = http.client.HTTPResponse(line, method=request.method)
    response.begin()
    return Answer(response.status, response.headers, response.read())


def send(port, request, timeout=10):
    with socket.create_connection(("127.0.0.1", port), timeout) as line:
        return exchange(line, request)
