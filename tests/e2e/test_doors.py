"""The ways in: a server that starts while one asks, in the background, under a service manager; and what is said when not."""
import json
import os
import re
import socket
import subprocess
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from deputy import BINARY, PATIENCE, Server


def deputy(server, *arguments, **more):
    return server.run(*arguments, check=False, DEPUTY_DATA=server.data, DEPUTY_LISTEN=f"127.0.0.1:{server.port}", **more)


def runs(process):
    """Also not as what is left of it until its parent looks: in a container nobody may."""
    status = Path(f"/proc/{process}/status")
    return status.exists() and "\nState:\tZ" not in status.read_text()


@pytest.fixture
def alone(tmp_path):
    """Nothing runs yet; whatever runs in the end is ended."""
    server = Server(tmp_path)
    yield server
    deputy(server, "stop")


def test_who_is_early_waits(alone):
    """As README and guides print it: no pause between the two."""
    for i in range(5):
        script = f"'{BINARY}' serve & '{BINARY}' account create --profile p{i} && '{BINARY}' stop && wait"
        done = subprocess.run(["bash", "-ec", script], capture_output=True, text=True, timeout=PATIENCE,
                              env=alone.environment(DEPUTY_DATA=alone.data, DEPUTY_LISTEN=f"127.0.0.1:{alone.port}"))
        assert done.returncode == 0, done.stdout + done.stderr
        assert f"endpoint_url = {alone.endpoint}" in alone.config.read_text()


def test_who_will_not_wait_is_told_at_once(alone):
    for arguments in (("account", "list", "--wait", "0"), ("wait", "--wait", "0"), ("stop",)):
        done = deputy(alone, *arguments)
        assert done.returncode == 1
        assert done.stderr == f"deputy: no server is running on {alone.data}; start one with: deputy serve --data {alone.data}\n"
    assert deputy(alone, "account", "list", DEPUTY_WAIT="0").returncode == 1
    assert deputy(alone, "account", "list", DEPUTY_WAIT="soon").returncode == 2


def test_a_folder_is_meant_as_it_was_where_it_was_named(alone):
    done = subprocess.run([BINARY, "account", "list", "--wait", "0"], cwd=alone.folder, capture_output=True, text=True,
                          env=alone.environment(DEPUTY_DATA="./x"))
    assert f"deputy serve --data {alone.folder}/x\n" in done.stderr


def test_detach_returns_when_the_server_listens(alone):
    done = deputy(alone, "serve", "--detach")
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith(f"The server is ready: {alone.endpoint} (process ")
    socket.create_connection(("127.0.0.1", alone.port), 5).close()
    assert deputy(alone, "account", "create", "111111111111", "--wait", "0").returncode == 0
    assert deputy(alone, "wait", "--wait", "0").stdout == f"The server is ready: {alone.endpoint}\n"
    process = int(re.search(r"process (\d+)", done.stdout).group(1))
    assert os.getsid(process) == process
    ended = deputy(alone, "stop")
    assert ended.returncode == 0 and str(alone.data) in ended.stdout
    assert not runs(process)
    assert "SIGTERM: finishing what is in flight" in (alone.data / "server.log").read_text()
    assert deputy(alone, "serve", "--detach").returncode == 0
    assert "111111111111" in deputy(alone, "account", "list").stdout


def test_detach_fails_with_the_reason(alone):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        done = deputy(alone, "serve", "--detach", "--listen", f"127.0.0.1:{port}")
    assert done.returncode == 1 and done.stdout == ""
    assert f"deputy: Cannot listen on 127.0.0.1 port {port}: Address already in use" in done.stderr
    assert deputy(alone, "serve", "--detach").returncode == 0
    second = deputy(alone, "serve", "--detach", "--listen", "127.0.0.1:0")
    assert second.returncode == 1 and "deputy: " in second.stderr


def get(url):
    try:
        with urllib.request.urlopen(url, timeout=PATIENCE) as answer:
            return answer.status, answer.headers["Content-Type"], answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.headers["Content-Type"], error.read().decode()


def test_health_says_which_server_it_is(alone):
    alone.start()
    status, kind, body = get(alone.endpoint + "/_deputy/health")
    before = json.loads(body)
    version = alone.run("--version").stdout.split()[1]
    assert (status, kind) == (200, "application/json")
    assert before == {"live": True, "ready": True, "version": version, "revision": before["revision"]}
    alone.create_account("111111111111", "A", "a")
    assert json.loads(get(alone.endpoint + "/_deputy/health")[2])["revision"] > before["revision"]
    assert '"s3": "running"' in get(alone.endpoint + "/_localstack/health")[2]
    request = urllib.request.Request(alone.endpoint + "/_deputy/health", method="HEAD")
    with urllib.request.urlopen(request, timeout=PATIENCE) as answer:
        assert answer.status == 200 and answer.read() == b""
    alone.stop()


def test_a_service_manager_is_told(alone):
    path = str(alone.folder / "notify")
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager:
        manager.bind(path)
        manager.settimeout(PATIENCE)
        alone.environment_of_server = {"NOTIFY_SOCKET": path}
        alone.start(wait=False)
        assert manager.recv(100) == b"READY=1"
        assert deputy(alone, "account", "list", "--wait", "0").returncode == 0
        alone.stop()
        assert manager.recv(100) == b"STOPPING=1"


def test_a_server_that_keeps_nothing_keeps_no_trail(alone):
    alone.start("--memory")
    alone.create_account("111111111111", "A", "a")
    try:
        deadline = time.monotonic() + PATIENCE
        while "CreateAccount" not in (said := deputy(alone, "events").stdout) and time.monotonic() < deadline:
            time.sleep(0.05)
        assert re.search(r"111111111111  operator +deputy:CreateAccount +ok$", said, re.M), said
        secret = re.search(r"aws_secret_access_key = (\S+)", alone.credentials.read_text()).group(1)
        assert secret not in deputy(alone, "events", "--output", "json").stdout
        assert sorted(path.name for path in alone.data.iterdir()) == ["admin.sock", "endpoint"]
    finally:
        alone.stop()


def test_events_are_asked_for(alone):
    alone.start()
    alone.create_account("111111111111", "A", "a")
    alone.create_account("222222222222", "B", "b")
    deputy(alone, "account", "credentials", "222222222222")
    alone.stop()  # what is in memory is written

    def events(*words):
        done = deputy(alone, "events", *words)
        assert done.returncode == 0, done.stderr
        return re.findall(r"deputy:(\w+)", done.stdout)

    assert events() == ["CreateAccount", "CreateAccount", "CreateRootAccessKey"]
    assert events("--limit", "1") == ["CreateRootAccessKey"]
    assert events("--action", "*rootaccesskey") == ["CreateRootAccessKey"]
    assert events("--action", "deputy:Create*", "--user", "operator", "--account", "111111111111") == ["CreateAccount"]
    assert events("--since", "1h") == events() and events("--since", "2999-01-01T00:00:00Z") == []
    assert events("--user", "dana") == []
    assert deputy(alone, "events", "--since", "soon").returncode == 2


def test_credentials_of_root_users_are_made_anew(alone):
    alone.start()
    try:
        alone.create_account("111111111111", "A", "a")
        first = re.search(r"aws_access_key_id = (\S+)", alone.credentials.read_text()).group(1)
        assert deputy(alone, "account", "credentials", "111111111111", "--profile", "a").returncode == 0
        second = re.search(r"aws_access_key_id = (\S+)", alone.credentials.read_text()).group(1)
        third = deputy(alone, "account", "credentials", "111111111111", "--output", "json")
        assert third.returncode == 1 and first != second, "two keys at most"
        assert json.loads(third.stderr)["error"]["code"] == "LimitExceededException"
        replaced = json.loads(deputy(alone, "account", "credentials", "111111111111", "--replace", "--output", "json").stdout)
        assert replaced["AccessKeyId"] not in (first, second)
    finally:
        alone.stop()


def test_what_was_made_is_shown_when_its_profile_cannot_be_written(alone):
    """A folder where a file should be is no reason to crash, or to lose what is shown once."""
    alone.start()
    try:
        folder = alone.folder / "a-folder"
        folder.mkdir()
        done = deputy(alone, "account", "create", "111111111111", "--profile", "a", AWS_CONFIG_FILE=folder)
        assert done.returncode == 1 and f"cannot read {folder}: Is a directory" in done.stderr
        assert "There is no account yet" in deputy(alone, "account", "list").stdout, "asked before it is made"
        assert deputy(alone, "env", "a", AWS_SHARED_CREDENTIALS_FILE=folder).returncode == 1
        assert deputy(alone, "validate", "--type", "trust", folder).returncode != 0
    finally:
        alone.stop()


def test_a_server_listens_where_clients_look(alone):
    for listen in (f":{alone.port}", f"localhost:{alone.port}"):
        done = deputy(alone, "serve", "--detach", "--memory", "--listen", listen)
        assert done.returncode == 0 and alone.endpoint in done.stdout, done.stdout + done.stderr
        families = [(socket.AF_INET, "127.0.0.1")] + ([(socket.AF_INET6, "::1")] if has_ipv6() else [])
        for family, address in families:
            with socket.socket(family) as line:
                line.settimeout(PATIENCE)
                line.connect((address, alone.port))
        assert deputy(alone, "stop").returncode == 0


def has_ipv6():
    try:
        with socket.socket(socket.AF_INET6) as probe:
            probe.bind(("::1", 0))
        return True
    except OSError:
        return False


def test_a_variable_that_nobody_heeds_is_told(alone):
    done = deputy(alone, "serve", "--detach", DEPUTY_LISTN="127.0.0.1:1")
    assert done.returncode == 0 and 'Did you mean "DEPUTY_LISTEN"?' in done.stderr


def test_without_a_home_nothing_is_guessed(alone):
    bare = {"PATH": os.environ["PATH"]}
    for words in (["account", "list"], ["serve"], ["events"]):
        done = subprocess.run([BINARY, *words], env=bare, capture_output=True, text=True, cwd=alone.folder)
        assert done.returncode == 2 and "--data DIR or DEPUTY_DATA" in done.stderr, done.stderr
    done = subprocess.run([BINARY, "env", "a", "--data", alone.data], env=bare, capture_output=True, text=True)
    assert done.returncode == 1 and "there is no HOME" in done.stderr


@pytest.mark.parametrize("url", ["https://sts.amazonaws.com", "https://sts.us-east-1.amazonaws.com.", "https://x@IAM.AmazonAWS.com:443/a",
                                 "https://sts.eu-central-1.api.aws"])
def test_aws_of_deputy_never_speaks_to_amazon(fresh, url):
    words = ["sts", "get-caller-identity"]
    for done in (fresh.server.run("aws", "--endpoint-url", url, *words, check=False),
                 fresh.server.run("aws", *words, check=False, AWS_ENDPOINT_URL=url)):
        assert done.returncode == 1 and "is Amazon's: deputy aws speaks to Deputy alone" in done.stderr, done
