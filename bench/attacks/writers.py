"""Many writers of one entity: each must be done, at the price of one."""
import threading
import time
from collections import Counter

from . import client
from .client import Line
from .figures import all_of, attack, below
from .neighbour import Neighbour
from .server import A, B

PATIENCE = 150  # seconds
SOURCES = [f"127.0.0.{i}" for i in range(3, 43)]  # a server may give each address a share of its connections


def tagging(server, keys, count):
    """Signed beforehand. Forty keys: a user may have fifty."""
    return [client.call(server.port, keys, "iam", "TagUser", UserName="u",
                        **{"Tags.member.1.Key": f"k{i % 40}", "Tags.member.1.Value": f"v{i}"}) for i in range(count)]


def send_all(server, batches):
    """Each batch pipelined on a connection of its own, all at once: the codes of the answers that came within PATIENCE."""
    codes, lines = Counter(), [Line(server.port, SOURCES[i % len(SOURCES)], PATIENCE) for i in range(len(batches))]
    for line, batch in zip(lines, batches):
        line.socket.sendall(b"".join(batch))

    def collect(line, batch):
        for _ in batch:
            try:
                answer = line.read()
                codes["done" if answer.status == 200 else answer.code] += 1
            except (OSError, ValueError, IndexError):
                return
    readers = [threading.Thread(target=collect, args=pair, daemon=True) for pair in zip(lines, batches)]
    for reader in readers:
        reader.start()
    end = time.monotonic() + PATIENCE
    for reader in readers:
        reader.join(max(0, end - time.monotonic()))
    said = codes.copy()
    said["without an answer"] += sum(map(len, batches)) - said.total()
    return +said


def writers(field, connections, pipelined):
    with field.server() as server:
        a, b = server.account(A), server.account(B)
        for keys in (a, b):
            server.must(keys, "iam", "CreateUser", UserName="u")
        count = connections * pipelined
        requests = tagging(server, a, count)
        batches = [requests[i::connections] for i in range(connections)]
        value = {"Tags.member.1.Value": lambda now: f"v{now}"}
        with Neighbour(server.port, b, "iam", "TagUser", 0.02, 1, UserName="u", **{"Tags.member.1.Key": "k"}, **value) as other:
            quiet, cpu, began = other.median(2), server.cpu(), time.monotonic()
            codes = send_all(server, batches)
            seconds, cpu = time.monotonic() - began, server.cpu() - cpu
            if seconds < 0.2:  # over before the neighbour asked ten times
                time.sleep(0.2)
            under = other.since(began)
        told = ", ".join(f"{n:,} {code}" for code, n in codes.most_common())
        yield all_of("done", codes["done"], count, told)
        yield below("CPU of all", cpu, 4, "s", f"{seconds:.1f} s passed")
        yield below("a neighbour's own writes meanwhile, median", under * 1000, 10, "ms", f"{quiet * 1000:.2f} ms when quiet")


@attack("writers", "1,800 TagUser of one user: 30 connections with 60 pipelined each", 240)
def pipelined_writers(field):
    yield from writers(field, 30, 60)


@attack("writers-2000", "2,000 connections with one TagUser of one user each", 240)
def single_writers(field):
    yield from writers(field, 2000, 1)
