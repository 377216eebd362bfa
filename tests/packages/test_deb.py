"""The Debian packages in bare systems: installed, started as the unit does, upgraded, removed, purged. systemd itself does not run
in such a folder: its unit is read by systemd-analyze, and what it would start is started as it says."""
import os
import re
import shlex
import shutil
import socket
import subprocess

import pytest

import roots
import story

PACKAGE = "deputy_{version}_amd64.deb"


def unit():
    text = (roots.ROOT / "packaging/deb/deputy.service").read_text()
    settings = {}
    for name, value in re.findall(r"^(\w+)=(.*)$", text, re.M):
        settings.setdefault(name, []).append(value)
    return settings


def install(bare, path, *options):
    shutil.copy(path, bare.path / "tmp" / path.name)
    return bare.run("dpkg", *options, "-i", f"/tmp/{path.name}", DEBIAN_FRONTEND="noninteractive")


def start_as_the_unit_does(bare):
    """User, environment, its file, and the command of deputy.service."""
    settings = unit()
    environment = dict(value.split("=", 1) for value in settings["Environment"])
    file = bare.path / settings["EnvironmentFile"][0].lstrip("-/")
    environment |= dict(line.split("=", 1) for line in file.read_text().splitlines() if line and line[0] != "#")
    ids = [bare.run("id", flag, settings["User"][0]).stdout.strip() for flag in ("-u", "-g")]
    return bare.start(*shlex.split(settings["ExecStart"][0]), user=":".join(ids), **environment)


def stop(process):
    process.terminate()
    assert process.wait(60) == 0


def older(path, folder):
    """The same package as of a version before."""
    tree = folder / "older"
    subprocess.run(["dpkg-deb", "-R", path, tree], check=True)
    control = tree / "DEBIAN/control"
    control.write_text(control.read_text().replace(f"Version: {roots.version()}", "Version: 0.0.1"))
    (tree / "etc/default/deputy").write_text("# the settings of an older version\n")
    built = folder / "deputy_0.0.1_amd64.deb"
    subprocess.run(["dpkg-deb", "--root-owner-group", "-Zgzip", "-z1", "--build", tree, built], check=True, capture_output=True)
    return built


@pytest.mark.parametrize("bare", ["debian12"], indirect=True)
def test_installed_upgraded_removed_and_purged(bare, tmp_path):
    package = roots.artifact(PACKAGE)
    install(bare, older(package, tmp_path))
    data, settings = bare.path / "var/lib/deputy", bare.path / "etc/default/deputy"
    owner = int(bare.run("id", "-u", "deputy").stdout)
    assert (data.stat().st_uid, data.stat().st_mode & 0o777) == (owner, 0o700) and 0 < owner < 1000
    assert bare.run("getent", "passwd", "deputy").stdout.strip().endswith(":/var/lib/deputy:/usr/sbin/nologin")
    settings.write_text(settings.read_text() + "DEPUTY_LISTEN=127.0.0.1:0\n")

    process, port = start_as_the_unit_does(bare)
    run = lambda *words: bare.run(*words, "--data", "/var/lib/deputy").stdout  # as root, like an operator
    root_a, root_b = story.account(run, story.A), story.account(run, story.B)
    dana = story.cross_account(f"http://127.0.0.1:{port}", root_a, root_b)
    stop(process)
    assert {path.stat().st_uid for path in data.iterdir()} == {owner}, "what root does makes no file of root's"

    install(bare, package, "--force-confold")
    assert "DEPUTY_LISTEN=127.0.0.1:0" in settings.read_text(), "what somebody changed stays"
    process, port = start_as_the_unit_does(bare)
    assert story.client("sts", f"http://127.0.0.1:{port}", dana).get_caller_identity()["Arn"].endswith("user/dana")
    stop(process)

    bare.run("dpkg", "-r", "deputy")
    assert not (bare.path / "usr/bin/deputy").exists() and settings.exists() and (data / "key").exists()
    bare.run("dpkg", "-P", "deputy")
    assert not settings.exists() and not data.exists()
    assert not list((bare.path / "etc/systemd").rglob("deputy.service")), "nothing enables what is not there"


@pytest.mark.parametrize("bare", ["debian11", "debian13"], indirect=True)
def test_it_installs_on_other_debians(bare):
    install(bare, roots.artifact(PACKAGE))
    (bare.path / "etc/default/deputy").write_text("DEPUTY_LISTEN=127.0.0.1:0\n")
    process, _ = start_as_the_unit_does(bare)
    stop(process)
    bare.run("dpkg", "-P", "deputy")


@pytest.mark.parametrize("bare", ["debian12"], indirect=True)
def test_the_service_starts_with_the_system(bare):
    install(bare, roots.artifact(PACKAGE))
    link = bare.path / "etc/systemd/system/multi-user.target.wants/deputy.service"
    assert os.readlink(link).endswith("/systemd/system/deputy.service")


@pytest.mark.parametrize("bare", ["debian12"], indirect=True)
def test_it_says_to_systemd_when_it_is_ready(bare):
    """Type=notify: a unit whose server said nothing would be ended after a while."""
    assert unit()["Type"] == ["notify"]
    install(bare, roots.artifact(PACKAGE))
    (bare.path / "etc/default/deputy").write_text("DEPUTY_LISTEN=127.0.0.1:0\nNOTIFY_SOCKET=/run/notify\n")
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager:
        folder = os.open(bare.path / "run", os.O_PATH)  # the path of a socket may have 107 bytes
        manager.bind(f"/proc/self/fd/{folder}/notify")
        os.close(folder)
        (bare.path / "run/notify").chmod(0o666)
        manager.settimeout(60)
        process, _ = start_as_the_unit_does(bare)
        said = manager.recv(4096).decode()
        stop(process)
    assert "READY=1" in said.splitlines(), said


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="no systemd-analyze")
def test_systemd_understands_the_unit(tmp_path):
    copy = tmp_path / "deputy.service"
    text = (roots.ROOT / "packaging/deb/deputy.service").read_text()
    copy.write_text(text.replace("/usr/bin/deputy", str(roots.artifact("deputy-{version}-linux-x86_64")))
                    .replace("User=deputy", "User=daemon").replace("Group=deputy", "Group=daemon"))
    done = subprocess.run(["systemd-analyze", "verify", "--man=no", str(copy)], capture_output=True, text=True)
    said = [line for line in (done.stdout + done.stderr).splitlines() if "deputy.service" in line]
    assert not said, said
    done = subprocess.run(["systemd-analyze", "security", "--offline=true", "--threshold=20", str(copy)], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout[-1500:]


def test_the_manual_and_the_completions_know_every_command(tmp_path):
    tree = tmp_path / "tree"
    subprocess.run(["dpkg-deb", "-x", roots.artifact(PACKAGE), tree], check=True)
    manual = {path.name for path in (tree / "usr/share/man/man1").iterdir()}
    said = subprocess.run([tree / "usr/bin/deputy", "--help"], capture_output=True, text=True, check=True).stdout
    verbs = re.findall(r"^  ([a-z-]+)  ", said.partition("ubcommands:")[2] or said.partition("ommands:")[2], re.M)
    assert len(verbs) > 5 and {"deputy.1.gz", *(f"deputy-{verb}.1.gz" for verb in verbs)} <= manual
    if shutil.which("man"):
        for page in ("deputy.1.gz", "deputy-serve.1.gz"):
            done = subprocess.run(["man", "--warnings", "-E", "UTF-8", "-l", "-Tutf8", tree / "usr/share/man/man1" / page],
                                  capture_output=True, text=True, env=os.environ | {"MANWIDTH": "100", "LC_ALL": "C.UTF-8"})
            assert done.returncode == 0 and not done.stderr, done.stderr
    bash = tree / "usr/share/bash-completion/completions/deputy"
    ask = ('. "$1"; COMP_WORDS=(deputy "${@:2}"); COMP_CWORD=$(($# - 1)); compopt() { :; }; _deputy; printf "%s\\n" "${COMPREPLY[@]}"')
    def complete(*words):
        return subprocess.run(["bash", "-c", ask, "bash", bash, *words], capture_output=True, text=True, check=True).stdout.split()
    assert set(verbs) <= set(complete(""))
    assert complete("acc") == ["account"] and complete("account", "crea") == ["create"]
    assert complete("account", "create", "--prof") == ["--profile"]
    assert complete("account", "list", "--output", "") == ["people", "json"]
    for shell, file in {"zsh": "zsh/vendor-completions/_deputy", "fish": "fish/vendor_completions.d/deputy.fish"}.items():
        if shutil.which(shell):
            subprocess.run([shell, "-n", tree / "usr/share" / file], check=True)


def test_checksums_are_of_what_is_there():
    done = subprocess.run(["sha256sum", "--check", "--strict", "SHA256SUMS"], cwd=roots.artifact("SHA256SUMS").parent, capture_output=True,
                          text=True)
    assert done.returncode == 0 and done.stdout.count(": OK") == len(list(roots.DIST.iterdir())) - 1, done.stdout + done.stderr


@pytest.mark.skipif(shutil.which("g++") is None, reason="no compiler")
def test_the_library_links_what_embeds_it(tmp_path):
    tree = tmp_path / "tree"
    for package in ("libdeputy1", "libdeputy-dev"):
        subprocess.run(["dpkg-deb", "-x", roots.artifact(f"{package}_{{version}}_amd64.deb"), tree], check=True)
    library = tree / "usr/lib/x86_64-linux-gnu"
    program = tmp_path / "guide"
    subprocess.run(["g++", "-std=c++20", f"-I{tree}/usr/include", roots.ROOT / "examples/embed/guide.cpp", f"-L{library}", "-ldeputy",
                    "-o", program], check=True)
    done = subprocess.run([program], env={"LD_LIBRARY_PATH": str(library)}, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    needs = re.search(r"^Depends: (.*)$", subprocess.run(["dpkg-deb", "-f", roots.artifact("libdeputy1_{version}_amd64.deb")],
                                                         capture_output=True, text=True, check=True).stdout, re.M).group(1)
    assert {name.split()[0] for name in needs.split(", ")} == {"libc6", "libgcc-s1", "libstdc++6"}
