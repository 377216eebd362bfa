"""A server under attack: a process of its own over a folder of its own, and what it costs."""
import contextlib
import json
import os
import resource
import signal
import socket
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

from . import client
from .client import Keys, Line

A, B = "111111111111", "222222222222"


class Server:
    def __init__(self, binary, folder, *arguments, descriptors=None, user=None, data=None):
        self.binary, self.folder, self.arguments = str(binary), Path(folder), arguments
        self.descriptors, self.user = descriptors, user
        self.data = Path(data or self.folder / "data")
        self.process, self.port = None, None

    def start(self):
        """Seconds until it answered."""
        self.folder.mkdir(exist_ok=True)
        with contextlib.suppress(OSError):
            (self.data / "endpoint").unlink()
        began = time.monotonic()
        with open(self.folder / "log", "ab") as log:
            self.process = subprocess.Popen(
                [self.binary, "serve", "--data", str(self.data), "--listen", "127.0.0.1:0", "--log-level", "warning",
                 *map(str, self.arguments)], stdin=subprocess.DEVNULL, stdout=log, stderr=log, preexec_fn=self._limits)
        while not self._answers():
            if not self.alive():
                raise RuntimeError(f"the server ended with {self.process.returncode}: {self.last_words()}")
            time.sleep(0.001)
        return time.monotonic() - began

    def _limits(self):
        if self.descriptors:
            resource.setrlimit(resource.RLIMIT_NOFILE, (self.descriptors, self.descriptors))
        if self.user:
            os.setgroups([])
            os.setgid(self.user)
            os.setuid(self.user)

    def _answers(self):
        with contextlib.suppress(OSError, IndexError, ValueError):
            self.port = int((self.data / "endpoint").read_text().rsplit(":", 1)[1])
            with Line(self.port) as line:
                return line.ask(b"GET /_deputy/health HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n").status == 200
        return False

    def stop(self):
        if self.process is None:
            return
        if self.alive():
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(30)
            except subprocess.TimeoutExpired:
                self.process.kill()
        self.process.wait()

    def alive(self):
        return self.process.poll() is None

    def log(self):
        return (self.folder / "log").read_text(errors="replace")

    def last_words(self):
        """The last line of its log, without the time."""
        lines = self.log().strip().splitlines() or [""]
        return lines[-1].partition(" ")[2][:200]

    def cpu(self):
        """Seconds of processor time, of all threads, to the nanosecond (clock_getcpuclockid)."""
        return time.clock_gettime((~self.process.pid << 3) | 2)

    def memory(self, kind="VmRSS"):
        """MB."""
        return int(Path(f"/proc/{self.process.pid}/status").read_text().split(f"{kind}:")[1].split()[0]) * 1024 / 1e6

    def run(self, *arguments, timeout=60):
        return subprocess.run([self.binary, *map(str, arguments), "--data", str(self.data)], stdin=subprocess.DEVNULL,
                              capture_output=True, timeout=timeout)

    def account(self, number):
        out = self.run("account", "create", number, "--name", "N", "--output", "json")
        if out.returncode:
            raise RuntimeError(out.stderr.decode())
        made = json.loads(out.stdout)
        return Keys(made["AccessKeyId"], made["SecretAccessKey"])

    def operate(self, operation, **parameters):
        """As the operator; the answer's bytes, nothing if there is none."""
        body = json.dumps(parameters).encode()
        with socket.socket(socket.AF_UNIX) as line:
            line.settimeout(10)
            folder = os.open(self.data, os.O_PATH)  # a socket's path may have 107 bytes only
            try:
                line.connect(f"/proc/self/fd/{folder}/admin.sock")
            finally:
                os.close(folder)
            line.sendall(b"POST / HTTP/1.1\r\nHost: admin\r\nConnection: close\r\n"
                         b"Content-Type: application/x-amz-json-1.1\r\nX-Amz-Target: DeputyAdmin.%s\r\n"
                         b"Content-Length: %d\r\n\r\n%s" % (operation.encode(), len(body), body))
            return line.recv(65536)

    def ask(self, keys, service, action, headers=(), source="127.0.0.1", timeout=120, **parameters):
        """One call on a connection of its own."""
        return client.ask(self.port, client.call(self.port, keys, service, action, headers, **parameters), source, timeout)

    def must(self, keys, service, action, **parameters):
        answer = self.ask(keys, service, action, **parameters)
        if answer.status != 200:
            raise RuntimeError(f"{action}: {answer.status} {answer.body[:300]!r}")
        return answer

    def cost(self, request, rounds=3):
        """Processor time of one request, a median in milliseconds, and the last answer. What takes long is asked once."""
        costs = []
        while len(costs) < rounds and (not costs or costs[-1] < 1000):
            before = self.cpu()
            answer = client.ask(self.port, request)
            time.sleep(0.06)  # the trail's line is written later than the answer
            costs.append((self.cpu() - before) * 1000)
        return sorted(costs)[len(costs) // 2], answer

    def size(self, *patterns):
        """MB on disk of the files of the data folder."""
        return sum(f.stat().st_size for f in {f for p in patterns for f in self.data.rglob(p)} if f.is_file()) / 1e6


@dataclass
class Field:
    """What an attack is given."""
    binary: str
    folder: Path
    quick: bool

    def knows(self, option):
        """Whether this binary has that option of `serve`: older ones are measured too."""
        return option in subprocess.run([self.binary, "serve", "--help"], capture_output=True, text=True, check=True).stdout

    @contextlib.contextmanager
    def server(self, *arguments, name="server", **more):
        server = Server(self.binary, self.folder / name, *arguments, **more)
        try:
            server.start()
            yield server
        finally:
            server.stop()
