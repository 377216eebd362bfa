"""What a machine runs out of: space, descriptors, the right to write. Service goes on, and heals by itself."""
import contextlib
import os
import shutil
import subprocess
import time

from . import client
from .client import Line
from .figures import Skip, attack, holds
from .server import A, Server
from .times import code_of

NOBODY, SIZE = 65534, 24  # MB of the volume
FILE = 64 * 1024 * 1024  # bytes, of a file of the trail


def need_root():
    if os.geteuid() != 0:
        raise Skip("only root can mount a volume or run a server as somebody else")


def write(server, keys, name):
    return code_of(server, keys, "iam", "CreateUser", UserName=name)


def healed(server, keys, patience=15):
    """Seconds until a write is done again; nothing if it never is."""
    began = time.monotonic()
    while time.monotonic() < began + patience and server.alive():
        if write(server, keys, f"healed{time.monotonic_ns()}") == "200":
            return time.monotonic() - began
        time.sleep(0.2)
    return None


def heals(server, keys, cause):
    seconds = healed(server, keys)
    return holds(f"writes are done again {cause}", seconds is not None, "" if seconds is None else f"after {seconds:.1f} s")


@contextlib.contextmanager
def volume(folder):
    folder.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={SIZE}m,mode=0700", "tmpfs", folder], capture_output=True).returncode:
        raise Skip("no volume can be mounted here")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "-l", folder], check=False)


def fill(path):
    """Until nothing more fits."""
    with open(path, "wb", buffering=0) as file, contextlib.suppress(OSError):
        while True:
            file.write(b"x" * 4096)


@attack("full-disk", f"a volume of {SIZE} MB that is full", 120)
def full_disk(field):
    need_root()
    with volume(field.folder / "volume") as place, field.server(data=place / "data") as server:
        keys = server.account(A)
        server.must(keys, "iam", "CreateUser", UserName="before")
        for _ in range(2):  # by whoever likes; then by others, to the last byte
            with contextlib.suppress(OSError, ValueError, IndexError):
                server.ask(None, "sts", "\x01" * 3_300_000)
        time.sleep(0.3)
        fill(place / "filler")
        codes = [write(server, keys, f"full{i}") for i in range(30)]  # some fit into what the store has already
        fill(place / "filler-2")
        codes += [write(server, keys, f"fuller{i}") for i in range(10)]
        refused = [c for c in codes if c != "200"]
        yield holds("writes are refused as unavailable", bool(refused) and set(refused) <= {"ServiceUnavailable", "ServiceFailure", "503"},
                    ", ".join(sorted(set(codes))))
        yield holds("sign-ins go on", code_of(server, keys, "sts", "GetSessionToken") == "200")
        yield holds("the server lives", server.alive())
        for filler in place.glob("filler*"):
            filler.unlink()
        for old in place.glob("data/events.*.jsonl"):
            old.unlink()
        yield heals(server, keys, "when there is space")
        yield holds("nothing acknowledged is lost", again(server, keys, codes))


def again(server, keys, codes):
    """Whether a new start still has every user whose making was answered with 200."""
    server.stop()
    server.start()
    made = [f"full{i}" for i, c in enumerate(codes[:30]) if c == "200"] + [f"fuller{i}" for i, c in enumerate(codes[30:]) if c == "200"]
    return all(code_of(server, keys, "iam", "GetUser", UserName=name) == "200" for name in ["before", *made])


def fill_trail(server, keys, line, bytes_wanted):
    """Signed calls, until the trail has grown by that much or grows no more."""
    began, start, sent = time.monotonic(), trail_size(server), 0
    request = client.call(server.port, keys, "sts", "GetCallerIdentity", [("User-Agent", "u" * 6_000)])
    while trail_size(server) < start + bytes_wanted and sent < 150_000 and time.monotonic() < began + 60:
        line.ask(*[request] * 20)
        sent += 20
    return sent


def trail_files(server):
    return [f for f in server.data.rglob("*.jsonl*") if f.is_file()]


def trail_size(server):
    total = 0
    for file in trail_files(server):
        with contextlib.suppress(OSError):
            total += file.stat().st_size
    return total


def rotates(server, keys):
    """Whether the trail, when it is filled once more, has no file beyond its size, and is read by `deputy events`."""
    with Line(server.port, "127.0.0.2") as line:
        fill_trail(server, keys, line, FILE + 4_000_000)
    write(server, keys, "newest")
    time.sleep(0.3)
    largest = max((f.stat().st_size for f in trail_files(server)), default=0)
    shown = subprocess.run([server.binary, "events", "--data", server.data, "--output", "json"], capture_output=True, timeout=60)
    yield holds("the trail is rotated again", largest < FILE * 1.1, f"largest file {largest / 1e6:.0f} MB")
    yield holds("deputy events shows what happened last", shown.returncode == 0 and b'"newest"' in shown.stdout, shown.stderr.decode(errors="replace").strip()[:120])


@attack("descriptors", "no descriptor is left while the trail must be rotated", 240)
def descriptors(field):
    with field.server(descriptors=64) as server, Line(server.port, "127.0.0.2") as writer, contextlib.ExitStack() as stack:
        keys = server.account(A)
        for _ in range(80):
            with contextlib.suppress(OSError):
                stack.enter_context(Line(server.port, "127.0.0.3", timeout=2))
        fill_trail(server, keys, writer, FILE + 4_000_000)
        yield holds("the server lives", server.alive())
        stack.close()
        time.sleep(0.5)
        yield from rotates(server, keys)


@attack("read-only", "the data folder becomes read-only while the trail must be rotated", 240)
def read_only(field):
    need_root()
    binary = field.folder / "deputy"  # somebody else may not read where it was
    shutil.copy(field.binary, binary)
    binary.chmod(0o755)
    home = field.folder / "home"
    home.mkdir(mode=0o700)
    os.chown(home, NOBODY, NOBODY)
    server = Server(binary, field.folder / "server", user=NOBODY, data=home / "data")
    try:
        server.start()
        keys = server.account(A)
        server.must(keys, "iam", "CreateUser", UserName="before")
        server.data.chmod(0o500)
        with Line(server.port, "127.0.0.2") as line:
            fill_trail(server, keys, line, FILE + 4_000_000)
        yield holds("sign-ins go on", code_of(server, keys, "sts", "GetSessionToken") == "200", f"a write: {write(server, keys, 'during')}")
        yield holds("the server lives", server.alive())
        server.data.chmod(0o700)
        yield heals(server, keys, "when it is writable")
        yield from rotates(server, keys)
        server.stop()
        server.data.chmod(0o500)
        try:
            server.start()
            yield holds("a start in a read-only folder says so or works", True, "it works")
        except RuntimeError as fault:
            said = str(fault)
            yield holds("a start in a read-only folder says so or works", server.process.returncode in (1, 2), said[-150:])
    finally:
        server.data.chmod(0o700)
        server.stop()
