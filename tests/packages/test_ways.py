"""docs/install.md, each way as it is printed: what its block says, then the first refusal, and nothing else. TIMES=1 prints how long
each took. In a bare Debian the blocks are typed there, and the refusal is typed here, with this machine's AWS CLI: none is in there."""
import os
import re
import shutil
import subprocess
import time

import pytest

import roots
from deputy import free_port

PAGE = (roots.ROOT / "docs/install.md").read_text()
REFUSAL = " ".join(re.search(r"^```text\n(.*?)^```$", PAGE, re.M | re.S).group(1).split())


def block(way):
    return re.search(rf"^```bash {way}\n(.*?)^```$", PAGE, re.M | re.S).group(1)


def aws():
    for folder in (roots.ROOT / ".tools/bin", *os.environ["PATH"].split(":")):
        if os.access(f"{folder}/aws", os.X_OK):
            return folder
    pytest.skip("no AWS CLI: scripts/install-deps demo")


def shell(text, folder, command=None, **environment):
    """Types it into a shell with a home of its own; what it printed. The last command is refused."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "DEPUTY_"))}
    kept |= {"HOME": str(folder), "AWS_EC2_METADATA_DISABLED": "true", "NO_PROXY": "127.0.0.1,localhost", "PYTHONWARNINGS": "ignore",
             "PATH": f"{folder}/bin:{aws()}:{os.environ['PATH']}"} | environment
    return subprocess.run(command or ["bash", "--norc", "-e"], input=text, cwd=folder, env=kept, capture_output=True, text=True,
                          timeout=500)


def is_refused(done):
    said = " ".join(done.stderr.split())
    assert done.returncode != 0 and REFUSAL in said, done.stdout + done.stderr


def deputy_in(bare, folder, user=None, **environment):
    """A `deputy` on the host's PATH that is the one in there."""
    (folder / "bin").mkdir(exist_ok=True)
    settings = " ".join(f"{name}={value}" for name, value in environment.items())
    words = " ".join(bare.command("env", settings, "deputy", user=user)) if settings else " ".join(bare.command("deputy", user=user))
    (folder / "bin/deputy").write_text(f'#!/bin/sh\nexec {words} "$@"\n')
    (folder / "bin/deputy").chmod(0o755)


def took(way, begun, capsys):
    if os.environ.get("TIMES"):
        with capsys.disabled():
            print(f"\n{way}: {time.monotonic() - begun:.1f} s")


@pytest.mark.parametrize("bare", ["debian12"], indirect=True)
def test_the_binary(bare, tmp_path, capsys):
    shutil.copy(roots.artifact("deputy-{version}-linux-x86_64"), bare.path / "root")
    at, port = {"HOME": "/root"}, f"127.0.0.1:{free_port()}"
    begun = time.monotonic()
    done = shell("cd\n" + block("binary"), tmp_path, bare.command("bash", "--norc", "-e"), DEPUTY_LISTEN=port, HOME="/root",
                 PATH="/usr/local/bin:/usr/bin:/bin")
    assert done.returncode == 0, done.stdout + done.stderr
    deputy_in(bare, tmp_path, **at, PATH="/usr/local/bin:/usr/bin")
    try:
        is_refused(shell(block("refusal"), tmp_path))
        took("binary", begun, capsys)
    finally:
        shell("deputy stop", tmp_path)


@pytest.mark.parametrize("bare", ["debian12"], indirect=True)
def test_the_package(bare, tmp_path, capsys):
    from test_deb import start_as_the_unit_does, stop
    shutil.copy(roots.artifact("deputy_{version}_amd64.deb"), bare.path / "root")
    begun = time.monotonic()
    done = shell("cd\n" + block("deb") + 'echo "$DEPUTY_DATA"', tmp_path, bare.command("bash", "--norc", "-e"), HOME="/root",
                 PATH="/usr/sbin:/usr/bin:/sbin:/bin", DEBIAN_FRONTEND="noninteractive")
    assert done.returncode == 0, done.stdout + done.stderr
    (bare.path / "etc/default/deputy").write_text(f"DEPUTY_LISTEN=127.0.0.1:{free_port()}\n")
    process, _ = start_as_the_unit_does(bare)  # what systemd would have done
    deputy_in(bare, tmp_path, HOME="/root", PATH="/usr/bin", DEPUTY_DATA=done.stdout.split()[-1])
    try:
        is_refused(shell(block("refusal"), tmp_path))
        took("deb", begun, capsys)
    finally:
        stop(process)


@pytest.mark.parametrize("bare", ["nothing"], indirect=True)
def test_the_image(bare, tmp_path, capsys):
    """Without an engine: its files and its settings, as test_image.py has them."""
    import io
    import json
    import tarfile
    begun = time.monotonic()
    with tarfile.open(roots.artifact("deputy-{version}-oci.tar")) as tar:
        read = lambda name: tar.extractfile(name).read()
        (listed,) = json.loads(read("manifest.json"))
        settings = json.loads(read(listed["Config"]))["config"]
        with tarfile.open(fileobj=io.BytesIO(read(listed["Layers"][0]))) as layer:
            layer.extractall(bare.path)
    environment = dict(value.split("=", 1) for value in settings["Env"]) | {"DEPUTY_LISTEN": f"127.0.0.1:{free_port()}"}
    process, _ = bare.start(*settings["Entrypoint"], *settings["Cmd"], user=settings["User"], **environment)
    (tmp_path / "bin").mkdir()
    words = " ".join(bare.command("/usr/bin/deputy", user=settings["User"]))
    exports = "".join(f"{name}={value} " for name, value in environment.items() if name != "PATH")
    (tmp_path / "bin/deputy").write_text(f'#!/bin/sh\nexec env {exports}{words} "$@"\n')
    (tmp_path / "bin/deputy").chmod(0o755)
    try:
        is_refused(shell(block("refusal"), tmp_path))
        took("image", begun, capsys)
    finally:
        process.terminate()
        assert process.wait(60) == 0


def test_pip(tmp_path, capsys):
    for wheel in roots.DIST.glob(f"pytest_deputy-{roots.version()}-*.whl"):
        shutil.copy(wheel, tmp_path)
    if not list(tmp_path.glob("*.whl")):
        pytest.skip("no wheel: run 'make package'")
    begun = time.monotonic()
    try:
        done = shell(block("pip") + block("refusal"), tmp_path, DEPUTY_LISTEN=f"127.0.0.1:{free_port()}")
        if "No matching distribution" in done.stderr or "Could not find a version" in done.stderr:
            pytest.skip("PyPI gives no pytest and boto3")
        is_refused(done)
        took("pip", begun, capsys)
    finally:
        shell("deputy-venv/bin/deputy stop", tmp_path)


def test_every_way_is_tried():
    assert set(re.findall(r"^```bash (\w+)$", PAGE, re.M)) == {"binary", "deb", "pip", "refusal"}
    assert set(re.findall(r"deputy[-_](\d+\.\d+\.\d+)", PAGE)) == {roots.version()}
