"""Bare systems in folders: what a package meets on a machine where nothing else is installed."""
import contextlib
import os
import re
import shutil
import subprocess
import tarfile
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
ROOTS = ROOT / "build/roots"
DIST = ROOT / "dist"
DEBIANS = {"debian11": "bullseye", "debian12": "bookworm", "debian13": "trixie"}
SYSTEMS = [*DEBIANS, "alpine", "nothing"]
NOBODY = "65534:65534"


def version():
    return re.search(r"^project\(deputy VERSION ([\d.]+)", (ROOT / "CMakeLists.txt").read_text(), re.M).group(1)


def artifact(name):
    """A file of dist/."""
    path = DIST / name.format(version=version())
    if not path.exists():
        pytest.skip(f"there is no dist/{path.name}: run 'make package'")
    return path


def base(system):
    """The folder of a bare system, made the first time; nobody writes to it but through Root."""
    if os.geteuid() != 0:
        pytest.skip("needs root: chroot, mount and debootstrap")
    at = ROOTS / system
    if (at / "made").exists():
        return at
    shutil.rmtree(at, ignore_errors=True)
    tree = at / "tree"
    tree.mkdir(parents=True)
    if system in DEBIANS:
        if not shutil.which("debootstrap"):
            pytest.skip("no debootstrap")
        with open(at / "log", "w") as log:
            if subprocess.run(["debootstrap", "--variant=minbase", DEBIANS[system], str(tree)], stdout=log, stderr=log).returncode:
                pytest.skip(f"debootstrap makes no {system} here: see {at / 'log'}")
    elif system == "alpine":
        archive = os.environ.get("ALPINE_ROOTFS")
        if not archive:
            pytest.skip("ALPINE_ROOTFS names no minirootfs of Alpine")
        with tarfile.open(archive) as packed:
            packed.extractall(tree)
    (at / "made").touch()
    return at


class Root:
    """A system of one test's own: its changes lie over the bare folder, and go with it."""

    def __init__(self, system, folder):
        self.system, self.path = system, folder / "root"
        self.mounts = []
        over = folder / "over"  # of a tmpfs: an overlay may not lie on another
        for path in (self.path, over):
            path.mkdir()
        tree = base(system) / "tree"
        self.mount("-t", "tmpfs", "tmpfs", over)
        for path in ("new", "work"):
            (over / path).mkdir()
        self.mount("-t", "overlay", "overlay", "-o", f"lowerdir={tree},upperdir={over}/new,workdir={over}/work", self.path)
        for name in ("proc", "dev", "tmp", "etc"):
            (self.path / name).mkdir(exist_ok=True)
        (self.path / "tmp").chmod(0o1777)
        self.mount("-t", "proc", "proc", self.path / "proc")
        self.mount("--bind", "/dev", self.path / "dev")

    def mount(self, *arguments):
        done = subprocess.run(["mount", *map(str, arguments)], capture_output=True, text=True)
        if done.returncode:
            self.close()
            pytest.skip(f"nothing can be mounted here: {done.stderr.strip()}")
        self.mounts.append(arguments[-1])

    def install_binary(self):
        (self.path / "usr/local/bin").mkdir(parents=True, exist_ok=True)
        shutil.copy(artifact("deputy-{version}-linux-x86_64"), self.path / "usr/local/bin/deputy")

    def command(self, *words, user=None):
        return [shutil.which("chroot"), *([f"--userspec={user}"] if user else []), str(self.path), *map(str, words)]

    def run(self, *words, user=None, check=True, **more):
        clean = {"PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL": "C.UTF-8"}
        done = subprocess.run(self.command(*words, user=user), env=clean | more, stdin=subprocess.DEVNULL, capture_output=True,
                              text=True, timeout=300)
        if check:
            assert done.returncode == 0, f"{' '.join(map(str, words))}:\n{done.stdout}{done.stderr}"
        return done

    def start(self, *words, user=None, **more):
        """A server in it: (process, port)."""
        log = self.path / "tmp/server.log"
        clean = {"PATH": "/usr/local/bin:/usr/bin:/bin"}
        with open(log, "wb") as out:
            process = subprocess.Popen(self.command(*words, user=user), env=clean | more, stdin=subprocess.DEVNULL, stdout=out,
                                       stderr=out)
        end = time.monotonic() + 60
        while time.monotonic() < end and process.poll() is None:
            if found := re.search(r"listening on \S+?:(\d+)", log.read_text(errors="replace")):
                return process, int(found.group(1))
            time.sleep(0.02)
        process.kill()
        raise AssertionError(f"no server:\n{log.read_text(errors='replace')}")

    def close(self):
        for path in reversed(self.mounts):
            subprocess.run(["umount", "-l", str(path)], capture_output=True)
        self.mounts = []


@contextlib.contextmanager
def fresh(system, folder):
    root = Root(system, folder)
    try:
        yield root
    finally:
        root.close()
