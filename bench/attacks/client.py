"""Requests as bytes, signed by the signer of the end-to-end tests, and connections that can be pipelined or left unread."""
import selectors
import socket
import sys
import time
from pathlib import Path
from typing import NamedTuple

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "tests/e2e"))
from sigv4 import Request, Scope, form, sign  # noqa: E402

VERSIONS = {"iam": "2010-05-08", "sts": "2011-06-15"}
FORM = "application/x-www-form-urlencoded"


class Keys(NamedTuple):
    id: str
    secret: str
    token: str = ""


class Answer(NamedTuple):
    status: int
    body: bytes

    def pick(self, name):
        return self.body.split(f"<{name}>".encode(), 1)[1].split(b"<", 1)[0].decode()

    @property
    def code(self):
        return self.pick("Code") if b"<Code>" in self.body else str(self.status)


def call(port, keys, service, action, headers=(), body=None, **parameters):
    """The bytes of one request of the query protocol; unsigned without keys."""
    if body is None:
        body = form({"Action": action, "Version": VERSIONS[service], **parameters}).encode()
    request = Request("POST", headers=[("Host", f"127.0.0.1:{port}"), ("Content-Type", FORM), *headers], body=body)
    if keys:
        sign(request, keys, Scope(service))
    return request.bytes()


class Line:
    """A connection. Strangers and neighbours have addresses of their own: all of 127.0.0.0/8 is this machine."""

    def __init__(self, port, source="127.0.0.1", timeout=120, unread=False):
        self.socket = socket.socket()
        self.socket.settimeout(timeout)
        if unread:  # the client's side shall hold nothing for the server
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.socket.bind((source, 0))
        self.socket.connect(("127.0.0.1", port))
        self.file = self.socket.makefile("rb", 65536)

    def read(self):
        """One answer. Error: OSError when the connection is closed instead."""
        start = self.file.readline()
        if not start:
            raise ConnectionResetError("closed instead of an answer")
        size = 0
        while (header := self.file.readline()) not in (b"\r\n", b""):
            if header.lower().startswith(b"content-length:"):
                size = int(header.split(b":")[1])
        return Answer(int(start.split()[1]), self.file.read(size))

    def ask(self, *requests):
        """The answer of one request, or the list of those that were pipelined."""
        self.socket.sendall(b"".join(requests))
        answers = [self.read() for _ in requests]
        return answers[0] if len(requests) == 1 else answers

    def is_open(self):
        """Whether the server has not closed; reads nothing that is there."""
        try:
            self.socket.setblocking(False)
            return self.socket.recv(1, socket.MSG_PEEK) != b""
        except BlockingIOError:
            return True
        except OSError:
            return False

    def close(self):
        self.file.close()
        self.socket.close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()


def ask(port, request, source="127.0.0.1", timeout=120):
    with Line(port, source, timeout) as line:
        return line.ask(request)


def pour(lines, request, seconds, pace=0.0, stop=lambda: False):
    """Sends the same bytes on all lines at once, beginning one each `pace` seconds; how many took all of it."""
    ready, rest, began = selectors.DefaultSelector(), {}, time.monotonic()
    waiting, done = list(lines), 0
    while (waiting or rest) and time.monotonic() < began + seconds and not stop():
        while waiting and (len(lines) - len(waiting)) * pace <= time.monotonic() - began:
            line = waiting.pop(0)
            line.socket.setblocking(False)
            rest[line.socket] = memoryview(request)
            ready.register(line.socket, selectors.EVENT_WRITE)
        for key, _ in ready.select(0.05):
            try:
                rest[key.fileobj] = rest[key.fileobj][key.fileobj.send(rest[key.fileobj][:262144]):]
            except BlockingIOError:
                continue
            except OSError:
                rest[key.fileobj] = None  # refused before it was sent
            if not rest[key.fileobj]:
                done += rest.pop(key.fileobj) is not None
                ready.unregister(key.fileobj)
    return done
