"""Starting and stopping: what the server refuses to start on, and how it ends."""
import os
import signal
import socket
import stat
import subprocess
import time

from conftest import Cloud, Keys
from deputy import BINARY, Server, free_port


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
    assert fresh.server.stop() == 0
    fresh.server.start()
    assert fresh.client("iam", fresh.a).get_user(UserName="stays")["User"]["UserName"] == "stays"


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
