"""Sessions that are made, used once and forgotten: nothing may stay of them."""
import multiprocessing
import sqlite3
import time

from . import client
from .client import Keys, Line
from .figures import attack, below, none_of, shown
from .neighbour import under_load
from .server import A, B

BATCH, PROCESSES = 50, 2


def rows(server):
    """Of the stopped server's store: entries that are there."""
    with sqlite3.connect(f"file:{server.data}/deputy.db?mode=ro", uri=True) as store:
        return store.execute("SELECT count(*) FROM current").fetchone()[0]


def use_sessions(port, keys, count):
    with Line(port) as line:
        for _ in range(count // BATCH):
            make = client.call(port, keys, "sts", "GetSessionToken")
            made = [Keys(m.pick("AccessKeyId"), m.pick("SecretAccessKey"), m.pick("SessionToken")) for m in line.ask(*[make] * BATCH)]
            used = line.ask(*(client.call(port, session, "sts", "GetCallerIdentity") for session in made))
            assert all(answer.status == 200 for answer in used)


def in_processes(port, keys, count):
    workers = [multiprocessing.Process(target=use_sessions, args=(port, keys, count // PROCESSES), daemon=True)
               for _ in range(PROCESSES)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    if any(worker.exitcode for worker in workers):
        raise RuntimeError("a session was refused")


def started(server, keys, name):
    """Milliseconds until the first write of a new start is durable; the server runs afterwards."""
    seconds, began = server.start(), time.monotonic()
    server.must(keys, "iam", "CreateUser", UserName=name)
    return (seconds + time.monotonic() - began) * 1000


@attack("sessions", "sessions of GetSessionToken, each used once", 400)
def sessions(field):
    count = 10_000 if field.quick else 100_000
    with field.server() as server:
        user, other = server.account(A), server.account(B)
        in_processes(server.port, user, 2_000)  # what is remembered of the latest is there before we look
        server.stop()
        before, disk = rows(server), server.size("deputy.db*")
        start = started(server, user, "before")
        in_processes(server.port, user, 2_000)
        memory = server.memory()
        in_processes(server.port, user, count)
        yield shown("sessions", count)
        yield below("growth of resident memory", server.memory() - memory, 8, "MB")
        server.stop()
        yield none_of("rows that stay in the store", rows(server) - before - 1, "without the user that was made meanwhile")
        yield below("growth of the store on disk", server.size("deputy.db*") - disk, 1, "MB")
        again = started(server, user, "after")
        slower = again / start if again > start + 50 else 1  # ms; below that it is the disk
        yield below("the next start with a write, against the one before", slower, 2, "times", f"{start:.1f} to {again:.1f} ms")
        yield under_load(server, other, [client.call(server.port, user, "sts", "GetSessionToken")], 500)
