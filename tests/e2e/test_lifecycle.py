"""Starting and stopping: what the server refuses to start on, and how it ends."""
import base64
import os
import signal
import socket
import stat
import subprocess
import time
import xml.etree.ElementTree as ElementTree

import guide
from conftest import ACCOUNT_A, Cloud, Keys
from deputy import BINARY, Server, free_port
from sigv4 import Request, Scope, form, now, send, sign, stamp


def attempt(server, *arguments):
    """Starts `deputy serve` where it must refuse; returns what it says."""
    done = subprocess.run([BINARY, "serve", "--listen", f"127.0.0.1:{free_port()}", "--data", str(server.data), *arguments],
                          env=server.environment(), stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=20)
    assert done.returncode not in (0, -signal.SIGSEGV, -signal.SIGABRT), done.stdout + done.stderr
    return done.stdout + done.stderr


def test_sigterm_finishes_what_is_in_flight(fresh):
    body = b"Action=GetCallerIdentity&Version=2011-06-15"
    head = (f"POST / HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/x-www-form-urlencoded\r\n"
            f"Content-Length: {len(body)}\r\n\r\n").encode()
    with socket.create_connection(("127.0.0.1", fresh.server.port), 5) as line:
        line.sendall(head + body[:10])
        time.sleep(0.2)
        fresh.server.process.send_signal(signal.SIGTERM)
        time.sleep(0.2)
        line.sendall(body[10:])
        assert line.recv(65536).startswith(b"HTTP/1.1 403 ")
    assert fresh.server.process.wait(20) == 0
    fresh.server.process = None


def test_a_stopped_server_starts_again_with_everything(fresh):
    fresh.client("iam", fresh.a).create_user(UserName="stays")
    fresh.server.stop()
    fresh.server.start()
    assert fresh.client("iam", fresh.a).get_user(UserName="stays")["User"]["UserName"] == "stays"


def test_a_restart_remembers_when_keys_and_roles_were_last_used(fresh):
    iam = fresh.client("iam", fresh.a)
    iam.create_user(UserName="u")
    iam.put_user_policy(UserName="u", PolicyName="all", PolicyDocument=guide.policy("Allow", "*", "*"))
    key = Keys.of(iam.create_access_key(UserName="u")["AccessKey"])
    iam.create_role(RoleName="R", AssumeRolePolicyDocument=guide.trust(f"arn:aws:iam::{ACCOUNT_A}:user/u"))
    session = Keys.of(fresh.client("sts", key).assume_role(
        RoleArn=f"arn:aws:iam::{ACCOUNT_A}:role/R", RoleSessionName="dev")["Credentials"])
    fresh.client("sts", session).get_caller_identity()

    def last_uses():
        return (fresh.client("iam", fresh.a).get_access_key_last_used(AccessKeyId=key.id)["AccessKeyLastUsed"],
                fresh.client("iam", fresh.a).get_role(RoleName="R")["Role"]["RoleLastUsed"])

    before = last_uses()
    assert before[0]["ServiceName"] == "sts" and before[1]["LastUsedDate"]
    fresh.server.stop()
    fresh.server.start()
    assert last_uses() == before


def test_token_keys_rotate_and_no_session_notices(server):
    cloud = Cloud(server.start("--movable-clock"))
    keys = cloud.profile("account-a")
    iam = cloud.client("iam", keys)
    iam.create_user(UserName="u")
    key = Keys.of(iam.create_access_key(UserName="u")["AccessKey"])

    moved = 0

    def ask(who, action, **parameters):
        body = form({"Action": action, "Version": "2011-06-15", **parameters})
        request = Request("POST", headers=[("Host", f"127.0.0.1:{server.port}"),
                                           ("Content-Type", "application/x-www-form-urlencoded; charset=utf-8")],
                          body=body.encode())
        sign(request, who, Scope("sts"), stamp(now(moved)))
        return send(server.port, request)

    def session():
        answer = ask(key, "GetSessionToken", DurationSeconds=129600)
        assert answer.status == 200, answer.body
        return Keys.of({e.tag.split("}")[1]: e.text for e in ElementTree.fromstring(answer.body).iter()})

    def key_number(who):
        return int.from_bytes(base64.b64decode(who.token)[1:5], "big")

    first = session()
    assert key_number(first) == 1
    for hours in (25, 10):
        server.move_clock(hours * 3600)
        moved += hours * 3600
        end = time.monotonic() + 20
        while key_number(session()) == 1 and hours == 10 and time.monotonic() < end:
            time.sleep(0.1)
        time.sleep(1.5 if hours == 25 else 0)  # a round of housekeeping publishes the second key
        assert ask(first, "GetCallerIdentity").status == 200
    assert key_number(session()) == 2
    server.move_clock(2 * 3600)
    moved += 2 * 3600
    assert b"ExpiredToken" in ask(first, "GetCallerIdentity").body
    cloud.server.stop()
    assert "have rotated" in server.log


def test_a_data_folder_belongs_to_one_server(fresh):
    said = attempt(fresh.server)
    assert "in use" in said.lower() or "another" in said.lower(), said


def test_a_wrong_key_file_is_refused(fresh, tmp_path):
    fresh.server.stop()
    other = Server(tmp_path / "other").start()
    Cloud(other)
    other.stop()
    keys = [path for path in other.data.rglob("*") if path.is_file() and "key" in path.name.lower()]
    assert keys, "no key file in the data folder"
    said = attempt(fresh.server, "--key-file", str(keys[0]))
    assert "key" in said.lower(), said
    fresh.server.start()  # and nothing was harmed
    assert fresh.client("sts", fresh.a).get_caller_identity()["Account"] == "111111111111"


def test_secrets_are_not_readable_in_the_data_folder(fresh):
    iam = fresh.client("iam", fresh.a)
    iam.create_user(UserName="u")
    keys = Keys.of(iam.create_access_key(UserName="u")["AccessKey"])
    fresh.server.stop()
    for path in fresh.server.data.rglob("*"):
        if path.is_file():
            contents = path.read_bytes()
            assert keys.secret.encode() not in contents, path
            assert fresh.a.secret.encode() not in contents, path


def test_what_holds_secrets_is_for_the_owner_only(fresh):
    for path in [fresh.server.credentials, *fresh.server.data.rglob("*")]:
        mode = path.stat().st_mode
        if stat.S_ISSOCK(mode) or "key" in path.name.lower() or path == fresh.server.credentials:
            assert mode & 0o077 == 0, f"{path} has mode {oct(mode & 0o777)}"


def test_the_port_in_use_is_said(fresh):
    done = subprocess.run([BINARY, "serve", "--listen", f"127.0.0.1:{fresh.server.port}", "--data",
                           str(fresh.server.folder / "second")], env=fresh.server.environment(), capture_output=True,
                          stdin=subprocess.DEVNULL, text=True, timeout=20)
    assert done.returncode != 0
    assert str(fresh.server.port) in done.stderr + done.stdout


def test_the_environment_says_what_options_say(server):
    environment = server.environment(DEPUTY_LISTEN=f"127.0.0.1:{server.port}", DEPUTY_DATA=server.data)
    with open(server.folder / "server.log", "ab") as log:
        server.process = subprocess.Popen([BINARY, "serve"], env=environment, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
    server.wait_until_up()
    assert os.path.isdir(server.data)
