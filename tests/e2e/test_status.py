"""`deputy status`: how the server is, as its operator sees it; each figure against what makes it."""
import json
import re
import time

import pytest

from conftest import ACCOUNT_A, Cloud
from deputy import PATIENCE, Server, free_port
from test_damage import edit


def told(server, *arguments, check=True):
    return server.run("status", "--data", server.data, *arguments, check=check)


def figures(server):
    return json.loads(told(server, "--output", "json").stdout)


def test_without_a_server_it_says_so(tmp_path):
    server = Server(tmp_path)
    done = told(server, check=False)
    assert done.returncode == 1 and done.stdout == ""
    assert f"no server is running on {server.data}; start one with: deputy serve --data {server.data}" in done.stderr
    done = told(server, "--output", "json", check=False)
    assert done.returncode == 1 and "no server is running" in json.loads(done.stderr)["error"]["message"]


def test_it_tells_what_there_is(tmp_path):
    server = Server(tmp_path)
    watched = free_port()
    server.start("--metrics", f"127.0.0.1:{watched}")
    empty = figures(server)
    assert empty["Ready"] is True and empty["Accounts"] == 0 and empty["Organizations"] == 0 and empty["Troubles"] == []
    assert empty["Process"] == server.process.pid
    cloud = Cloud(server)
    iam = cloud.client("iam", cloud.a)
    for name in ("dana", "erin"):
        iam.create_user(UserName=name)
    iam.create_policy(PolicyName="P", PolicyDocument='{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}')
    cloud.client("s3", cloud.a).create_bucket(Bucket="a-bucket")
    cloud.client("organizations", cloud.a).create_organization(FeatureSet="ALL")
    said = figures(server)
    assert said["Version"] == empty["Version"] and said["Revision"] > empty["Revision"]
    assert said["Accounts"] == 2 and said["Organizations"] == 1
    counts = {kind["Kind"]: kind["Count"] for kind in said["Entities"]}
    assert counts["user"] == 2 and counts["policy"] == 1 and counts["bucket"] == 1 and counts["group"] == 0
    assert said["Endpoint"] == server.endpoint and said["PublicUrl"] == server.endpoint
    assert said["Metrics"] == f"http://127.0.0.1:{watched}/metrics" and "Certificate" not in said
    assert said["Data"] == str(server.data) and said["Store"] == "sqlite" and said["MovableClock"] is False
    assert said["Trail"] == f"{server.data}/events.jsonl" and said["TrailLost"] == 0
    end = time.monotonic() + PATIENCE  # the trail is written a moment later
    while not (lines := sum(1 for _ in open(said["Trail"]))) >= figures(server)["TrailLines"] and time.monotonic() < end:
        time.sleep(0.05)
    assert lines >= said["TrailLines"] > 0

    shown = told(server).stdout
    assert shown.startswith(f"Deputy {said['Version']} is ready: {server.endpoint}\n")
    assert f"data          {server.data} (sqlite, revision {said['Revision']})\n" in shown
    assert "accounts      2 and 1 organization\n" in shown
    held = re.search(r"they hold     (.*)\n", shown)[1].split(", ")
    assert {"2 users", "1 policy", "1 bucket"} <= set(held) and not any("group" in kind for kind in held)
    assert "none lost" in shown and "TLS           no\n" in shown and "clock         the system's\n" in shown
    assert "public URL" not in shown and "What is wrong" not in shown
    server.stop()
    assert told(server, check=False).returncode == 1


def test_what_a_server_was_started_with_is_seen(tmp_path):
    server = Server(tmp_path)
    server.start("--memory", "--movable-clock", "--public-url", "https://deputy.example.com")
    said = figures(server)
    assert said["Store"] == "memory" and said["Trail"] == "memory" and said["MovableClock"] is True
    assert "Metrics" not in said
    server.move_clock(3 * 24 * 3600 + 4 * 3600)
    shown = told(server).stdout
    assert "up            3 days 4 h (process " in shown and "(nothing is kept, revision " in shown
    assert "public URL    https://deputy.example.com\n" in shown and "clock         movable\n" in shown
    server.stop()


def test_the_certificate_is_named(tmp_path):
    pytest.importorskip("cryptography", reason="no `cryptography` package to make certificates with")
    from issuer import Authority
    authority = Authority(tmp_path, ["localhost"])
    server = Server(tmp_path)
    server.start("--tls-cert", authority.chain, "--tls-key", authority.key)
    assert re.fullmatch(r"CN=localhost, until \d{4}-\d\d-\d\d \d\d:\d\d:\d\dZ", figures(server)["Certificate"])
    assert f"TLS           {figures(server)['Certificate']}\n" in told(server).stdout
    server.stop()


def test_what_is_set_aside_is_told(tmp_path):
    server = Server(tmp_path)
    server.start()
    cloud = Cloud(server)
    cloud.client("iam", cloud.a).create_user(UserName="dana")
    server.stop()
    assert edit(server, "UPDATE change SET value = X'01' WHERE key = CAST(? AS BLOB)", f"account/{ACCOUNT_A}/user/dana") == 1
    server.start()
    said = figures(server)
    assert said["Ready"] is True and said["Troubles"] == [
        "1 entry of the store is set aside, and what refers to it is denied: deputy entries list"]
    shown = told(server)
    assert shown.returncode == 0 and "What is wrong:\n  1 entry of the store is set aside" in shown.stdout
    server.stop()
