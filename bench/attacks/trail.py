"""The audit trail against strangers who fill it."""
import json
import subprocess
import threading
import time

from . import client, load
from .answers import ECHO
from .figures import Skip, all_of, attack, shown
from .neighbour import Neighbour, compared
from .server import A, B


def names_in_trail(server, names):
    """Which of these user names `deputy events` still shows, and how many lines it shows in all."""
    time.sleep(0.2)  # lines are written 25 ms later
    seen, lines, wanted = set(), 0, {name.encode(): name for name in names}
    with subprocess.Popen([server.binary, "events", "--data", str(server.data), "--output", "json"], stdin=subprocess.DEVNULL,
                          stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as events:
        for line in events.stdout:
            lines += 1
            if b'"CreateUser"' in line:
                said = json.loads(line)
                name = (said.get("requestParameters") or {}).get("userName", "")
                seen |= {wanted[name.encode()]} if name.encode() in wanted else set()
    return seen, lines


@attack("trail", "unsigned requests with a User-Agent of 6 KB", 300)
def flood(field):
    """As many as push everything out of files of 1.1 GB, as the trail had once; with --quick out of a small trail."""
    count, pace = (20_000 if field.quick else 200_000), 5_000
    small = ("--audit-keep", "16MB") if field.quick and field.knows("--audit-keep") else ()
    with field.server(*small) as server:
        a, b = server.account(A), server.account(B)
        server.must(a, "iam", "CreateUser", UserName="witness")
        request = client.call(server.port, None, "sts", "GetCallerIdentity", [("User-Agent", "u" * 6_000)])
        with Neighbour(server.port, b) as other:
            quiet, began = other.median(2), time.monotonic()
            sent = load.paced(server.port, [request], pace, 4, count / pace * 4 + 10, pipelined=10, most=count)
            under = other.since(began)
        yield shown("requests", sent.count, detail=f"{sent.per_second:,.0f}/s")
        yield compared(quiet, under, f"{sent.per_second:,.0f} requests/s were sent, at most {pace:,}")
        seen, lines = names_in_trail(server, ["witness"])
        yield all_of("an event that was written before is still there", len(seen), 1, f"of {lines:,}")
        yield shown("the trail on disk", server.size("events*", "*.jsonl*", "trail*"), "MB")


@attack("trail-echo", "24 unsigned requests of 10 MB that were repeated whole, by four senders; users are made meanwhile", 240)
def echo(field):
    with field.server() as server:
        a, b = server.account(A), server.account(B)
        server.must(a, "iam", "CreateUser", UserName="witness")
        request = client.call(server.port, None, "sts", "", body=ECHO)
        made = []

        def make(until):
            while not until.is_set():
                name = f"u{len(made)}"
                if server.ask(a, "iam", "CreateUser", UserName=name).status == 200:
                    made.append(name)
                time.sleep(0.02)
        over = threading.Event()
        maker = threading.Thread(target=make, args=(over,), daemon=True)
        maker.start()
        with Neighbour(server.port, b) as other:
            quiet, began = other.median(2), time.monotonic()
            sent = load.paced(server.port, [request], 4, 4, 60, most=24)
            under = other.since(began)
        over.set()
        maker.join()
        seen, _ = names_in_trail(server, ["witness", *made])
        if not made:
            raise Skip("no user could be made")
        yield shown("requests", sent.count, detail=f"{sent.per_second:.1f}/s; {dict(sent.statuses)}")
        yield compared(quiet, under, f"{sent.per_second:.1f} requests/s were sent, at most 4")
        yield all_of("an event that was written before is still there", "witness" in seen, 1)
        yield all_of("acknowledged CreateUser that have a line", len(seen - {"witness"}), len(made))
        yield shown("the trail on disk", server.size("events*", "*.jsonl*", "trail*"), "MB")
