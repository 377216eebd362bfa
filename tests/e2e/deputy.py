"""Runs `deputy`: a server with a data folder of its own, and commands against it."""
import json
import os
import shutil
import signal
import socket
import subprocess
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
BINARY = os.environ.get("DEPUTY", str(ROOT / "build/release/deputy"))
REGION = "us-east-1"
# Under a sanitizer memory, want of it, and the lack of descriptors (of which it needs one to look at memory) say nothing.
SANITIZED = bool(os.environ.keys() & {"ASAN_OPTIONS", "TSAN_OPTIONS"})
PATIENCE = 60  # seconds for what takes none on an idle machine: a sanitized server on a busy one has taken a quarter of it


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


class Server:
    """A server process over `folder`/data, and the AWS configuration files that its accounts' profiles go to."""

    def __init__(self, folder):
        if not shutil.which(BINARY):
            pytest.skip(f"there is no {BINARY}: run 'make build'")
        self.folder = Path(folder)
        self.data = self.folder / "data"
        self.config = self.folder / "aws" / "config"
        self.credentials = self.folder / "aws" / "credentials"
        self.config.parent.mkdir(parents=True, exist_ok=True)
        self.port = free_port()
        self.process = None
        self.environment_of_server = {}  # beside what every child process gets

    @property
    def endpoint(self):
        return f"http://127.0.0.1:{self.port}"

    @property
    def log(self):
        path = self.folder / "server.log"
        return path.read_text(errors="replace") if path.exists() else ""

    def environment(self, **more):
        """For a child process: nothing of the caller's AWS settings, the files of this server instead."""
        kept = {k: v for k, v in os.environ.items() if not k.startswith(("AWS_", "DEPUTY_")) or k == "AWS_CA_BUNDLE"}
        kept.update(AWS_CONFIG_FILE=str(self.config), AWS_SHARED_CREDENTIALS_FILE=str(self.credentials),
                    AWS_EC2_METADATA_DISABLED="true", AWS_PAGER="", AWS_MAX_ATTEMPTS="1",
                    NO_PROXY="127.0.0.1,localhost", no_proxy="127.0.0.1,localhost", PYTHONWARNINGS="ignore")
        kept.update({k: str(v) for k, v in more.items()})
        return kept

    def start(self, *arguments, wait=True):
        assert self.process is None, "already running"
        log = open(self.folder / "server.log", "ab")
        self.process = subprocess.Popen(
            [BINARY, "serve", "--listen", f"127.0.0.1:{self.port}", "--data", str(self.data), *arguments],
            stdin=subprocess.DEVNULL, stdout=log, stderr=log, env=self.environment(**self.environment_of_server))
        log.close()
        if wait:
            self.wait_until_up()
        return self

    def wait_until_up(self, seconds=PATIENCE):
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if self.process.poll() is not None:
                raise AssertionError(f"the server ended with {self.process.returncode}:\n{self.log}")
            try:
                socket.create_connection(("127.0.0.1", self.port), 1).close()
                return
            except OSError:
                time.sleep(0.02)
        raise AssertionError(f"the server does not answer on port {self.port}:\n{self.log}")

    def stop(self):
        """SIGTERM: what is in flight is finished. A server that ends in any other way than well has failed its test."""
        if self.process is None:
            return
        self.process.send_signal(signal.SIGTERM)
        code = self.process.wait(PATIENCE)
        self.process = None
        assert code == 0, f"the server ended with {code}:\n{self.log}"

    def kill(self):
        """SIGKILL: nothing is finished."""
        self.process.kill()
        code = self.process.wait(PATIENCE)
        self.process = None
        assert code == -signal.SIGKILL, f"the server had ended before, with {code}:\n{self.log}"

    def run(self, *arguments, check=True, **more):
        """`deputy ARGUMENTS`, with this server's AWS files."""
        done = subprocess.run([BINARY, *map(str, arguments)], env=self.environment(**more), stdin=subprocess.DEVNULL,
                              capture_output=True, text=True, timeout=60)
        if check:
            assert done.returncode == 0, f"deputy {' '.join(map(str, arguments))}:\n{done.stdout}{done.stderr}"
        return done

    def move_clock(self, seconds):
        """Needs a server started with --movable-clock."""
        self.operate("MoveClock", Seconds=seconds)

    def operate(self, operation, **parameters):
        """As the operator, over the socket in the data folder; the answer."""
        body = json.dumps(parameters).encode()
        with socket.socket(socket.AF_UNIX) as line:
            folder = os.open(self.data, os.O_PATH)  # a socket's path may have 107 bytes only
            try:
                line.connect(f"/proc/self/fd/{folder}/admin.sock")
            finally:
                os.close(folder)
            line.sendall(b"POST / HTTP/1.1\r\nHost: admin\r\nConnection: close\r\n"
                         b"Content-Type: application/x-amz-json-1.1\r\nX-Amz-Target: DeputyAdmin.%s\r\n"
                         b"Content-Length: %d\r\n\r\n%s" % (operation.encode(), len(body), body))
            answer = line.recv(65536)
        assert answer.startswith(b"HTTP/1.1 200 "), answer
        return json.loads(answer.partition(b"\r\n\r\n")[2])

    def create_account(self, account, name, profile, *more):
        return self.run("account", "create", account, "--name", name, "--profile", profile, "--data", self.data, *more)
