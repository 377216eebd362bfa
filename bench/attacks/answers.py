"""Large answers that nobody reads: memory is held as long as the reader likes."""
import contextlib
import time

from . import client
from .client import Line
from .figures import all_of, attack, below, holds, shown
from .neighbour import Neighbour, compared
from .server import A, B
from .xml import provider_metadata, with_document

LINES, BAR, ENOUGH = 40, 200, 3000  # MB; a machine that others use is not filled further
# What is repeated: a control character is five bytes in an answer of XML, six in a line of JSON.
ECHO = b"Version=2011-06-15&Action=" + b"\x01" * 9_999_900


def held(server, neighbour, request, patience):
    """The figures of 40 connections that send `request` and read 3 KB every 15 seconds, for `patience` seconds."""
    with Neighbour(server.port, neighbour) as other, contextlib.ExitStack() as stack:
        quiet, began = other.median(2), time.monotonic()
        lines = [stack.enter_context(Line(server.port, unread=True)) for _ in range(LINES)]
        sent = client.pour(lines, request, 30, pace=0.25, stop=lambda: server.memory() > ENOUGH)
        time.sleep(2)
        yield below("resident memory while they do not read", server.memory(), BAR, "MB", f"{sent} requests were taken")
        yield compared(quiet, other.since(began), f"{LINES} connections, at most 4 new ones/s")
        end, closed = time.monotonic() + patience, None
        while time.monotonic() < end:
            for line in lines:
                with contextlib.suppress(OSError):
                    line.socket.setblocking(False)
                    line.socket.recv(3072)
            time.sleep(min(15, max(0, end - time.monotonic())))
        if patience:
            closed = sum(not line.is_open() for line in lines)
            yield shown(f"closed by the server, of {LINES} that read 3 KB every 15 s for {patience} s", closed)
    time.sleep(3)
    yield below("… at its peak", server.memory("VmHWM"), BAR, "MB")
    yield shown("… when they are gone", server.memory(), "MB")
    yield holds("the server lives", server.alive())


@attack("unread", "40 unsigned requests with the largest answer, unread", 240)
def unread(field):
    with field.server() as server:
        server.account(A)
        b = server.account(B)
        yield shown("resident memory before", server.memory(), "MB")
        request = client.call(server.port, None, "sts", "", body=ECHO)
        yield shown("bytes of one answer", len(client.ask(server.port, request).body))
        yield from held(server, b, request, 0 if field.quick else 120)


@attack("unread-tenant", "40 connections that ask 20 times each for a large document of their own, unread", 120)
def unread_tenant(field):
    with field.server() as server:
        a, b = server.account(A), server.account(B)
        size = largest(server, a)
        if size is None:
            raise RuntimeError("no SAML metadata is taken")
        arn = f"arn:aws:iam::{A}:saml-provider/P{size}"
        request = client.call(server.port, a, "iam", "GetSAMLProvider", SAMLProviderArn=arn)
        yield shown("bytes of one answer", len(client.ask(server.port, request).body))
        yield from held(server, b, request * 20, 0)
        yield all_of("answers to whoever does read", server.ask(a, "iam", "GetSAMLProvider", SAMLProviderArn=arn).status == 200, 1)


def largest(server, keys):
    """The size of the largest metadata of some that is taken: its provider is called P and the size."""
    for size in (9_900_000, 3_000_000, 1_000_000, 300_000, 100_000, 30_000):
        document = provider_metadata(filling=size)
        request = with_document(server, keys, document, "CreateSAMLProvider", Name=f"P{size}")
        if client.ask(server.port, request).status == 200:
            return size
    return None
