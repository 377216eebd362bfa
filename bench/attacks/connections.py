"""Connections that say nothing, or little."""
import contextlib
import time

from . import client
from .client import Line
from .figures import all_of, attack, below, holds
from .neighbour import Neighbour, compared
from .server import A, B

IDLE, DESCRIPTORS, DRIPPING = 300, 256, 200


def served_after(server, request, source, patience):
    """Seconds until a caller, who tries again when he is closed, has an answer; nothing if he never has."""
    began = time.monotonic()
    while time.monotonic() < began + patience:
        with contextlib.suppress(OSError, ValueError, IndexError):
            if client.ask(server.port, request, source, timeout=patience).status == 200:
                return time.monotonic() - began
        time.sleep(0.02)
    return None


def idle(field, sources):
    patience = 20 if field.quick else 60
    with field.server(descriptors=DESCRIPTORS) as server, contextlib.ExitStack() as stack:
        a = server.account(A)
        for i in range(IDLE):
            with contextlib.suppress(OSError):
                stack.enter_context(Line(server.port, sources[i % len(sources)], timeout=2))
        request = client.call(server.port, a, "sts", "GetCallerIdentity")
        for whose, source in (("a caller from elsewhere", "127.0.0.2"), ("a caller from the same address", sources[0])):
            seconds = served_after(server, request, source, patience)
            yield holds(f"{whose} is served", seconds is not None, f"waited {patience} s" if seconds is None else f"after {seconds * 1000:.0f} ms")


@attack("idle", f"{IDLE} idle connections of one address to a server with {DESCRIPTORS} descriptors", 180)
def idle_from_one(field):
    yield from idle(field, ["127.0.0.3"])


@attack("idle-many", f"{IDLE} idle connections of a hundred addresses to a server with {DESCRIPTORS} descriptors", 180)
def idle_from_many(field):
    yield from idle(field, [f"127.0.1.{i}" for i in range(1, 101)])


@attack("dripping", f"{DRIPPING} bodies of which one byte comes every 20 s", 240)
def dripping(field):
    patience = 70 if field.quick else 180
    with field.server() as server, contextlib.ExitStack() as stack:
        server.account(A)
        b = server.account(B)
        with Neighbour(server.port, b) as other:
            quiet, began = other.median(2), time.monotonic()
            lines = [stack.enter_context(Line(server.port, "127.0.0.3")) for _ in range(DRIPPING)]
            for line in lines:
                line.socket.sendall(b"POST / HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 1000\r\n"
                                    b"Content-Type: application/x-www-form-urlencoded\r\n\r\nA")
            closed, last, fed = set(), 0, 0
            while len(closed) < DRIPPING and time.monotonic() < began + patience:
                time.sleep(1)
                waited = time.monotonic() - began
                gone = {i for i, line in enumerate(lines) if i not in closed and not is_waited_for(line)}
                closed, last = closed | gone, waited if gone else last
                if waited >= (fed + 1) * 20:
                    fed += 1
                    for line in lines:
                        with contextlib.suppress(OSError):
                            line.socket.send(b"c")
            under = other.since(began)
        yield all_of("closed", len(closed), DRIPPING, f"watched for {waited:.0f} s; the last after {last:.0f} s")
        yield compared(quiet, under, f"{DRIPPING / 20:.0f} bytes/s")
        yield below("resident memory", server.memory("VmHWM"), 200, "MB")


def is_waited_for(line):
    """Neither closed nor refused: an answer, 408, says as much as the end of the connection."""
    try:
        line.socket.setblocking(False)
        line.socket.recv(1)
        return False
    except BlockingIOError:
        return True
    except OSError:
        return False
