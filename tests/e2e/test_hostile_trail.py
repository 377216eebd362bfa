"""The trail, files, terminals and logs: what strangers send displaces nothing of others, and steers nothing."""
import json
import os
import re
import resource
import socket
import subprocess
import time
from pathlib import Path

import pytest

from conftest import Cloud, Keys
from deputy import BINARY, PATIENCE, SANITIZED
from hostile import pipelined, signed_call
from sigv4 import Request, Scope, exchange, form, sign

not_sanitized = pytest.mark.skipif(SANITIZED, reason="a sanitizer needs memory and descriptors of its own")


HIDDEN = [chr(c) for c in (*range(0x20), *range(0x7f, 0xa0), 0x61c, 0x200e, 0x200f, *range(0x2028, 0x202f), *range(0x2066, 0x206a))
          if chr(c) != "\n"]


def events_of(server, *more):
    """What came over the network: the operator's own doings are left out."""
    lines = server.run("events", "--data", server.data, "--output", "json", *more).stdout.splitlines()
    return [event for event in map(json.loads, lines) if event["userIdentity"].get("type") != "Operator"]


def wait_for(condition):
    """The trail is written a moment after the answer."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        if found := condition():
            return found
        time.sleep(0.05)
    raise AssertionError("it did not come to that")


def signed_loop(server, keys, count):
    """Calls of somebody known, on one connection; the request ids that the answers say."""
    request = Request("POST", headers=[("Host", f"127.0.0.1:{server.port}"),
                                       ("Content-Type", "application/x-www-form-urlencoded")],
                      body=form({"Version": "2011-06-15", "Action": "GetCallerIdentity"}).encode())
    sign(request, keys, Scope("sts"))
    ids = []
    with socket.create_connection(("127.0.0.1", server.port), 60) as line:
        for _ in range(count):
            answer = exchange(line, request)
            assert answer.status == 200, answer.body
            ids.append(re.search(rb"<RequestId>([^<]+)", answer.body)[1].decode())
    return ids


def test_strangers_push_nothing_of_others_out_of_the_trail(server):
    cloud = Cloud(server.start("--audit-keep", "1MiB"))
    known = signed_loop(server, cloud.a, 20)
    wait_for(lambda: {e["requestID"] for e in events_of(server)} >= set(known))
    flood = (f"POST / HTTP/1.1\r\nHost: 127.0.0.1\r\nUser-Agent: {'x' * 6000}\r\nContent-Length: 43\r\n"
             "Content-Type: application/x-www-form-urlencoded\r\n\r\nAction=GetCallerIdentity&Version=2011-06-15").encode()
    for _ in range(20):
        assert set(pipelined(server.port, [flood] * 1000)) == {403}
    seen = wait_for(lambda: [e for e in events_of(server) if e["userIdentity"].get("accountId") == "anonymous"])
    assert {e["requestID"] for e in events_of(server)} >= set(known)
    assert {len(e["userAgent"].encode()) for e in seen} == {1024}
    assert sum(f.stat().st_size for f in server.data.glob("events*")) < 1.3 * 2**20
    times = [e["eventTime"] for e in events_of(server)]
    assert times == sorted(times), "both shares are shown as one"


def test_an_event_has_a_name_whatever_became_of_the_request(fresh):
    server = fresh.server
    wrong = Keys(fresh.a.id, "w" * 40)
    for service, version, action in (("sts", "2011-06-15", "GetCallerIdentity"), ("iam", "2010-05-08", "ListUsers")):
        assert pipelined(server.port, [signed_call(server, wrong, service, version, Action=action)]) == [403]
    assert pipelined(server.port, [signed_call(server, wrong, "iam", "2010-05-08", Action="\x1b\u009b" + "y" * 9000)]) == [403]
    refused = wait_for(lambda: (e := [e for e in events_of(server, "--errors")]) and len(e) >= 3 and e)
    assert [e["eventName"] for e in refused] == ["GetCallerIdentity", "ListUsers", "Unknown"]


def test_what_is_shown_steers_no_terminal(fresh):
    server = fresh.server
    agent = "b\u009b31m\u202egood\u2066"
    hostile = "a\x1b]0;pwned\x07\r\n" + agent
    signed = signed_call(server, fresh.a, "iam", "2010-05-08", Action="GetUser", UserName=hostile)
    pipelined(server.port, [signed.replace(b"Content-Type", f"User-Agent: {agent}\r\nContent-Type".encode(), 1)])
    assert [e["userAgent"] for e in wait_for(lambda: events_of(server))] == [agent], "the same value"
    for verb in (["events"], ["events", "--output", "json"], ["account", "list"], ["account", "show", hostile], [hostile],
                 ["events", "--audit-file", hostile], ["env", hostile], ["validate", "--type", "trust", hostile],
                 ["account", "create", "--name", hostile], ["account", "create", "--name", "x", "--email", hostile],
                 ["account", "create", "--name", "x", "--profile", hostile]):
        data = ["--data", server.data] if verb[0] in ("account", "events") else []
        done = server.run(*verb, *data, check=False)
        said = done.stdout + done.stderr
        assert said and not [c for c in HIDDEN if c in said], (verb, said)
    assert not [c for c in HIDDEN if c in server.log]


def test_emails_are_visible_ascii(fresh):
    for email in ("\x1b]0;pwned\x07@a.bb", "a\u009b@a.bb", "a\u202e@a.bb", "\u00fc@a.bb"):
        done = fresh.server.run("account", "create", "--name", "x", "--email", email, "--data", fresh.server.data, check=False)
        assert done.returncode == 1 and "email" in done.stderr, done.stderr
    assert len(json.loads(fresh.server.run("account", "list", "--output", "json", "--data", fresh.server.data).stdout)["Accounts"]) == 2


def test_no_file_is_written_through_a_link(server):
    victim = server.folder / "victim"
    victim.write_text("precious")
    server.data.mkdir(mode=0o700)
    for name in ("endpoint", "endpoint.new", "ca.pem", "events.jsonl.next", "events.strangers.jsonl.next"):
        (server.data / name).symlink_to(victim)
    cloud = Cloud(server.start())
    signed_loop(server, cloud.a, 3)
    wait_for(lambda: len(events_of(server)) >= 3)
    assert (server.data / "endpoint").read_text() == server.endpoint + "\n"
    server.stop()
    for name in ("events.jsonl", "events.strangers.jsonl"):
        (server.data / name).unlink()
        (server.data / name).symlink_to(victim)
        server.start(wait=False)
        assert server.process.wait(PATIENCE) == 1
        assert f"{name}: it is a symbolic link" in server.log
        server.process = None
        (server.data / name).unlink()
    assert victim.read_text() == "precious"
    assert [f.name for f in server.data.iterdir() if not f.is_symlink() and f.stat().st_mode & 0o077] == []


def test_calls_go_on_while_the_trail_cannot_be_written_and_it_heals(server):
    cloud = Cloud(server.start())
    known = signed_loop(server, cloud.a, 5)
    wait_for(lambda: {e["requestID"] for e in events_of(server)} >= set(known))
    before = resource.prlimit(server.process.pid, resource.RLIMIT_FSIZE)
    size = (server.data / "events.jsonl").stat().st_size  # as if the disk were full; the log is smaller
    resource.prlimit(server.process.pid, resource.RLIMIT_FSIZE, (size, before[1]))
    known += signed_loop(server, cloud.a, 50)
    wait_for(lambda: "the audit trail cannot be written" in server.log)
    known += signed_loop(server, cloud.a, 50)
    assert server.log.count("the audit trail cannot be written") == 1, "now and then"
    resource.prlimit(server.process.pid, resource.RLIMIT_FSIZE, before)
    wait_for(lambda: {e["requestID"] for e in events_of(server)} >= set(known))
    assert "the audit trail is written again" in server.log


@not_sanitized
def test_rotation_goes_on_without_descriptors(server):
    cloud = Cloud(server.start("--audit-keep", "1MiB"))
    names = os.listdir(f"/proc/{server.process.pid}/fd")
    before = resource.prlimit(server.process.pid, resource.RLIMIT_NOFILE)
    with socket.create_connection(("127.0.0.1", server.port), 60) as line:
        request = Request("POST", headers=[("Host", f"127.0.0.1:{server.port}"), ("User-Agent", "x" * 1000),
                                           ("Content-Type", "application/x-www-form-urlencoded")],
                          body=form({"Version": "2011-06-15", "Action": "GetCallerIdentity"}).encode())
        sign(request, cloud.a, Scope("sts"))
        assert exchange(line, request).status == 200
        resource.prlimit(server.process.pid, resource.RLIMIT_NOFILE, (len(names), before[1]))
        for _ in range(600):  # ten files' worth
            assert exchange(line, request).status == 200
        wait_for(lambda: len(list(server.data.glob("events.0*"))) > 0)
        assert (server.data / "events.jsonl").exists() and len(events_of(server)) > 100
        resource.prlimit(server.process.pid, resource.RLIMIT_NOFILE, before)
        rotated = max(server.data.glob("events.0*"))
        for _ in range(200):
            assert exchange(line, request).status == 200
        wait_for(lambda: max(server.data.glob("events.0*")) > rotated)


def test_the_trail_on_standard_output_is_lines_of_json(server):
    server.data.parent.mkdir(exist_ok=True)
    with open(server.folder / "out", "wb") as out, open(server.folder / "server.log", "ab") as log:
        server.process = subprocess.Popen(
            [BINARY, "serve", "--listen", f"127.0.0.1:{server.port}", "--data", str(server.data), "--audit-stdout"],
            stdin=subprocess.DEVNULL, stdout=out, stderr=log, env=server.environment())
    server.wait_until_up()
    cloud = Cloud(server)
    known = signed_loop(server, cloud.a, 10)
    assert pipelined(server.port, [signed_call(server, Keys(cloud.a.id, "w" * 40), "sts", "2011-06-15", Action="GetCallerIdentity")]) == [403]
    server.stop()
    told = [json.loads(line) for line in (server.folder / "out").read_text().splitlines()]
    assert [e["requestID"] for e in told if e["userIdentity"]["type"] == "Root"] == known
    assert [e["errorCode"] for e in told if e["userIdentity"]["type"] == "Unknown"] == ["SignatureDoesNotMatch"]
    assert not list(server.data.glob("events*"))


def test_the_trail_may_lie_elsewhere(server):
    trail = server.folder / "trail.jsonl"
    cloud = Cloud(server.start("--audit-file", str(trail), "--audit-keep", "2MiB,90d"))
    known = signed_loop(server, cloud.a, 3)
    wait_for(lambda: {e["requestID"] for e in events_of(server, "--audit-file", trail)} >= set(known))
    assert not list(server.data.glob("events*")) and trail.stat().st_mode & 0o777 == 0o600
    for bad in (["--audit-keep", "much"], ["--audit-keep", "1KiB"], ["--audit-file", "/nowhere/trail"], ["--audit-file", "x", "--audit-stdout"]):
        assert server.run("serve", "--data", server.folder / "other", "--listen", "127.0.0.1:0", *bad, check=False).returncode in (1, 2)


def test_a_crash_leaves_no_core_with_keys(server):
    server.start()
    limits = Path(f"/proc/{server.process.pid}/limits").read_text()
    assert re.search(r"Max core file size +0 +0 ", limits), limits
    server.stop()
    server.start("--allow-core-dumps")
    mine = resource.getrlimit(resource.RLIMIT_CORE)
    assert resource.prlimit(server.process.pid, resource.RLIMIT_CORE) == mine
