"""docs/guides/ci.md as printed: its tests pass, and fail for the right reason when its trust policy is broken. What brings the SDKs
are the folders of sdks/. The container of its Java is made, and what it would start is started as it says, without an engine."""
import json
import os
import re
import shutil
import subprocess
import urllib.request

import pytest

from deputy import BINARY, ROOT, Server
from sdks import BUILT, MAVEN, SDKS

B = "222222222222"
PAGE = (ROOT / "docs/guides/ci.md").read_text()

# The four tests, in the words of Go, Java and Node.
READS = ("TestDanaReadsWhatIsThere", "danaReadsWhatIsThere", "Dana reads what is there")
WITHOUT = ("TestNotWithoutTheContract", "notWithoutTheContract", "not without the contract")
ERIN = ("TestErinIsNotTrusted", "erinIsNotTrusted", "Erin is not trusted")
NOTHING = ("TestAReaderMakesNothing", "aReaderMakesNothing", "a reader makes nothing")

# How the trust policy is broken: what of the seed becomes what, and which tests must fail of it, and no others.
BREAKS = {
    "it trusts the whole account": ('Principal: {AWS: "arn:aws:iam::111111111111:user/dana"}', 'Principal: {AWS: "111111111111"}', {ERIN}),
    "it wants another contract": ("contract-4711", "contract-0815", {READS, NOTHING}),
    "it asks for no contract": ('Condition: {StringEquals: {"sts:ExternalId": contract-4711}}', "Sid: Anything", {WITHOUT}),
}

# By language: the command, what the page says of it, and how its output names a test that failed.
RUNS = {
    "go": (("go", "test", "-v", "-count=1", "./..."), "go test", r"^--- FAIL: (\w+)"),
    "java": ((*MAVEN, "test"), "mvn test", r"^\[ERROR\]   AccessTest\.(\w+):"),
    "js": (("node", "--test", "--test-reporter=tap"), "node --test", r"^not ok \d+ - (.+)$"),
}


def block(opening):
    return re.search(rf"^```{opening}\n(.*?)^```$", PAGE, re.M | re.S).group(1)


def fresh(name):
    folder = BUILT / name
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return folder


def java(name, **sources):
    """A Maven project with those classes among its tests."""
    folder = fresh(name)
    shutil.copy(SDKS["java"].folder / "pom.xml", folder)
    tests = folder / "src/test/java"
    tests.mkdir(parents=True)
    for title, text in sources.items():
        (tests / f"{title}.java").write_text(text)
    return folder


def project(name):
    """What the project of a reader has: the page's files, and the SDK's packages."""
    SDKS[name].make()
    if name == "java":
        return java("page-java", Deputy=block("java process"), AccessTest=block("java test"))
    folder = fresh(f"page-{name}")
    if name == "go":
        for file in ("go.mod", "go.sum"):
            shutil.copy(SDKS[name].folder / file, folder)
        (folder / "access_test.go").write_text(block("go"))
    else:
        (folder / "node_modules").symlink_to(SDKS[name].folder / "node_modules")
        (folder / "access.test.mjs").write_text(block("js"))
    return folder


def run(command, folder):
    """With `deputy` on the PATH, and nothing of AWS in the environment."""
    (folder / "bin").mkdir(exist_ok=True)
    if not (folder / "bin/deputy").is_symlink():
        (folder / "bin/deputy").symlink_to(os.path.abspath(BINARY))
    kept = {key: value for key, value in os.environ.items() if not key.startswith(("AWS_", "DEPUTY_"))}
    return subprocess.run(command, cwd=folder, env=kept | {"PATH": f"{folder}/bin:{os.environ['PATH']}"}, stdin=subprocess.DEVNULL,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=1800)


@pytest.mark.parametrize("name", RUNS)
def test_the_page_as_printed_and_broken(name):
    command, said, failure = RUNS[name]
    assert f"`{said}` runs them" in PAGE
    folder, seed = project(name), block("yaml")
    (folder / "access.yaml").write_text(seed)
    done = run(command, folder)
    assert done.returncode == 0, done.stdout
    for how, (old, new, tests) in BREAKS.items():
        assert seed.count(old) == 1, old
        (folder / "access.yaml").write_text(seed.replace(old, new))
        done = run(command, folder)
        failed = set(re.findall(failure, done.stdout, re.M))
        assert done.returncode != 0 and failed == {test[list(RUNS).index(name)] for test in tests}, f"{how}\n{done.stdout}"


SHOW = """
import org.junit.jupiter.api.Test;

class ShowTest {
  @Test
  void show() {
    Deputy deputy = new Deputy();
    System.out.println();
    System.out.println("command=" + String.join(" ", deputy.getCommandParts()));
    System.out.println("ports=" + deputy.getExposedPorts());
    deputy.getCopyToFileContainerPathMap().forEach((file, path) ->
        System.out.println("file=" + path + " " + Integer.toOctalString(file.getFileMode())));
  }
}
"""


def test_what_the_container_would_start(tmp_path):
    SDKS["java"].make()
    folder = java("page-container", Deputy=block("java container"), ShowTest=SHOW)
    seed = folder / "access.yaml"
    seed.write_text(block("yaml"))
    done = run((*MAVEN, "test"), folder)
    assert done.returncode == 0, done.stdout
    shown = dict(re.findall(r"^(command|ports|file)=(.*)$", done.stdout, re.M))
    version = re.search(r"^project\(deputy VERSION ([0-9.]+)", (ROOT / "CMakeLists.txt").read_text(), re.M).group(1)
    assert f'DockerImageName.parse("deputy:{version}")' in PAGE and shown["ports"] == "[4566]"
    path, mode = shown["file"].split()
    assert int(mode, 8) & 0o004, "the image's user must be able to read the seed"
    verb, *options = shown["command"].split()
    assert verb == "serve" and path in options
    server = Server(tmp_path).start(*(seed if option == path else option for option in options))
    try:
        with urllib.request.urlopen(f"{server.endpoint}/_deputy/health", timeout=60) as answer:
            assert answer.status == 200
        assert json.loads(server.run("account", "show", B, "--output", "json", "--data", server.data).stdout)["Roles"] == 1
    finally:
        server.stop()
