"""Signed requests to one server, quickly: connections that stay open, signing keys that are derived once. The standard library
is all it takes.

    line = Line(port)
    line.query(keys, "iam", "ListUsers", {})                     # IAM and STS
    line.json(keys, "AttachPolicy", {"PolicyId": …})             # Organizations
    line.s3(keys, "GET", "/bucket", "location")

Each gives a Said. What does not depend on one another may go out together, and takes less than one after the other:

    answers = line.together([lambda line: line.query(…), …])

A line is for one thread.
"""
import datetime
import hashlib
import hmac
import json
import re
import socket
from dataclasses import dataclass

from sigv4 import ALGORITHM, canonical_query, form

VERSIONS = {"sts": "2011-06-15", "iam": "2010-05-08"}
ESCAPES = (("&lt;", "<"), ("&gt;", ">"), ("&quot;", '"'), ("&apos;", "'"), ("&#39;", "'"), ("&#34;", '"'), ("&amp;", "&"))


@dataclass(frozen=True)
class Said:
    status: int
    text: str

    @property
    def ok(self):
        return self.status < 300

    @property
    def code(self):
        """Of an error: `AccessDenied`. None where there is no body (HEAD) or no error."""
        if self.text.startswith("{"):
            return json.loads(self.text).get("__type", "").rpartition("#")[2] or None
        return self.element("Code")

    @property
    def message(self):
        if self.text.startswith("{"):
            body = json.loads(self.text)
            return body.get("Message", body.get("message"))
        return self.element("Message")

    def element(self, name):
        """The text of the first XML element of this name."""
        found = re.search(rf"<{name}>([^<]*)</{name}>", self.text)
        if not found:
            return None
        text = found[1]
        for escape, letter in ESCAPES:
            text = text.replace(escape, letter)
        return text

    @property
    def body(self):
        return json.loads(self.text)


class Refused(AssertionError):
    """A call that had to succeed."""


class Line:
    def __init__(self, port, patience=60):
        self.port, self.patience = port, patience
        self.socket, self.file, self.derived = None, None, {}
        self.held = None  # requests that wait for others, as (method, bytes)

    def query(self, keys, service, action, parameters, region="us-east-1", headers=()):
        body = form({"Action": action, "Version": VERSIONS[service]} | parameters).encode()
        return self.send(keys, service, region, "POST", "/", "", body,
                         (("content-type", "application/x-www-form-urlencoded"), *headers))

    def unsigned(self, service, action, parameters):
        return self.send(None, service, None, "POST", "/", "", form({"Action": action, "Version": VERSIONS[service]} | parameters).encode(),
                         (("content-type", "application/x-www-form-urlencoded"),))

    def json(self, keys, operation, parameters, region="us-east-1"):
        return self.send(keys, "organizations", region, "POST", "/", "", json.dumps(parameters).encode(), (
            ("content-type", "application/x-amz-json-1.1"), ("x-amz-target", f"AWSOrganizationsV20161128.{operation}")))

    def s3(self, keys, method, path, query="", body=b"", region="us-east-1", headers=()):
        return self.send(keys, "s3", region, method, path, query, body,
                         (("x-amz-content-sha256", hashlib.sha256(body).hexdigest()), *headers))

    def must(self, said, what=""):
        if not said.ok:
            raise Refused(f"{what}: {said.status} {said.text}")
        return said

    def organizations(self, keys, operation, **parameters):
        """The answer of an operation that must succeed."""
        text = self.must(self.json(keys, operation, parameters), f"{operation} {parameters}").text
        return json.loads(text) if text else {}

    # --- the bytes ----------------------------------------------------------------------------------------------------

    def send(self, keys, service, region, method, path, query, body, headers):
        """Once more on a new connection if the server had closed the old one."""
        fields = {"host": f"127.0.0.1:{self.port}", **dict(headers)}
        if keys:
            self.sign(keys, service, region, method, path, query, body, fields)
        head = [f"{method} {path}{'?' + query if query else ''} HTTP/1.1", *(f"{name}: {value}" for name, value in fields.items()),
                f"content-length: {len(body)}", "", ""]
        data = "\r\n".join(head).encode("latin-1") + body
        if self.held is not None:
            self.held.append((method, data))
            return None
        used = self.socket is not None
        try:
            return self.exchange(method, data)
        except (ConnectionError, EOFError):
            self.close()
            if not used:
                raise
            return self.exchange(method, data)

    def sign(self, keys, service, region, method, path, query, body, fields):
        date = datetime.datetime.now(datetime.timezone.utc).strftime("%Y%m%dT%H%M%SZ")
        fields["x-amz-date"] = date
        if keys.token:
            fields["x-amz-security-token"] = keys.token
        names = sorted(fields)
        signed = ";".join(names)
        payload = fields.get("x-amz-content-sha256") or hashlib.sha256(body).hexdigest()
        canonical = "\n".join([method, path, canonical_query(query), "".join(f"{name}:{fields[name]}\n" for name in names), signed, payload])
        scope = f"{date[:8]}/{region}/{service}/aws4_request"
        text = "\n".join([ALGORITHM, date, scope, hashlib.sha256(canonical.encode()).hexdigest()])
        value = hmac.new(self.key(keys.secret, scope), text.encode(), hashlib.sha256).hexdigest()
        fields["authorization"] = f"{ALGORITHM} Credential={keys.id}/{scope}, SignedHeaders={signed}, Signature={value}"

    def key(self, secret, scope):
        if (secret, scope) not in self.derived:
            key = ("AWS4" + secret).encode()
            for part in scope.split("/"):
                key = hmac.new(key, part.encode(), hashlib.sha256).digest()
            self.derived[secret, scope] = key
        return self.derived[secret, scope]

    def together(self, requests, at_once=25):
        """The answers of requests that are sent before the first of them is answered."""
        answers = []
        for start in range(0, len(requests), at_once):
            self.held = []
            for request in requests[start:start + at_once]:
                request(self)
            held, self.held = self.held, None
            self.connect()
            self.socket.sendall(b"".join(data for _, data in held))
            answers += [self.answer(method) for method, _ in held]
        return answers

    def exchange(self, method, data):
        self.connect()
        self.socket.sendall(data)
        return self.answer(method)

    def connect(self):
        if self.socket is None:
            self.socket = socket.create_connection(("127.0.0.1", self.port), self.patience)
            self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self.file = self.socket.makefile("rb")

    def answer(self, method):
        first = self.file.readline()
        if not first:
            raise EOFError("the server closed the connection")
        length, closes = 0, False
        while (field := self.file.readline()) not in (b"\r\n", b""):
            name, _, value = field.partition(b":")
            match name.lower():
                case b"content-length":
                    length = int(value)
                case b"connection":
                    closes = value.strip().lower() == b"close"
                case b"transfer-encoding":
                    raise NotImplementedError("an answer in chunks")
        text = self.file.read(length).decode() if length and method != "HEAD" else ""
        if closes:
            self.close()
        return Said(int(first.split()[1]), text)

    def close(self):
        if self.socket is not None:
            self.file.close()
            self.socket.close()
            self.socket = None
