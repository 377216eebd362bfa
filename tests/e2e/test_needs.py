"""What scripts, tests and guides call is what scripts/install-deps installs, or what every Debian has.

Nobody keeps a list: the commands come from the sources (shell.py reads scripts and the guides' blocks, Python's own parser
the tests), the packages from `scripts/install-deps --list` with the groups that each script asks for, and what every Debian
has from its package database.
"""
import ast
import importlib.metadata
import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import shell
from deputy import ROOT

SCRIPTS = [path for folder in ("scripts", "scripts/lib") for path in sorted((ROOT / folder).iterdir())
           if path.is_file() and path.suffix != ".py"]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs/guides").glob("*.md"))]
TESTS = sorted((ROOT / "tests/e2e").glob("*.py"))
SHEBANG = re.compile(r"\A#!/usr/bin/env (\S+)")
SKIPPED = {"node_modules", "__pycache__", "peers"}  # peers: programs in other languages, which nothing runs by itself
READER = {"git", "make"}  # what the README asks for
ABOUT = {"terraform": "docs/guides/terraform.md"}  # what a page is about, its reader has


def groups_of(script):
    """As the script calls scripts/install-deps; one that does not is called by one that does."""
    found = re.search(r"^[^#\n]*scripts/install-deps\"?((?: [a-z]+)+)$", (ROOT / script).read_text(), re.M)
    return set(found.group(1).split()) if found else {"build"}


class Calls:
    """The commands that are no part of the shell nor of the project: (name, where it is called, groups installed by then)."""

    def __init__(self):
        self.found = set()

    def read(self, path, groups, text, functions=frozenset(), may_probe=False):
        for name in shell.outside(text, functions):
            own = (ROOT / name).is_file() or name.startswith("build/") or name == "deputy"
            # A script that asks whether a command is there does without it, too.
            probed = may_probe and re.search(rf"command -v {re.escape(name)}(?![\w-])", text)
            if not own and not probed and not name.startswith("no-such-"):
                self.found.add((name, str(path.relative_to(ROOT)), frozenset(groups)))


def fenced(path, kind="bash"):
    return "\n".join(re.findall(rf"^```{kind}\b[^\n]*\n(.*?)^```$", path.read_text(), re.M | re.S))


def constants(node):
    """The text of a literal, with what an f-string puts in as a variable; None for anything else."""
    if isinstance(node, ast.Constant):
        return node.value if isinstance(node.value, str) else None
    if isinstance(node, ast.JoinedStr):
        return "".join(part.value if isinstance(part, ast.Constant) else "$X" for part in node.values)
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        return (constants(node.left) or "$X") + (constants(node.right) or "$X")
    return None


def scripts_in(tree):
    """Shell text for what a Python module starts: lists of words given to subprocess, what it asks shutil.which for, and
    any words with a command behind `--` or a script behind `bash -c`."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            holder = getattr(node.func.value, "id", "")
            if holder == "subprocess" and node.args and isinstance(node.args[0], ast.List) and node.args[0].elts:
                yield words(node.args[0].elts)
            if (holder, node.func.attr) == ("shutil", "which") and (name := constants(node.args[0])):
                yield name
        parts = node.args if isinstance(node, ast.Call) else getattr(node, "elts", [])
        texts = [constants(part) for part in parts]
        if "--" in texts:
            yield words(parts[texts.index("--") + 1:])
        if "-c" in texts[1:] and texts[texts.index("-c") - 1] in ("bash", "sh"):
            yield words(parts[texts.index("-c") - 1:])


def words(parts):
    quoted = ("'" + text.replace("'", "'\\''") + "'" if text else '"$X"' for text in map(constants, parts))
    return " ".join(quoted)


def all_calls():
    calls, test, build = Calls(), groups_of("scripts/test"), groups_of("scripts/build")
    shared = frozenset().union(*(shell.scan(path.read_text())[1] for path in SCRIPTS))
    for path in SCRIPTS:
        groups = test if path.parent.name == "lib" or path.name == "install-deps" else groups_of(path)
        calls.read(path, groups, path.read_text(), shared, may_probe=True)
    for path in sorted((ROOT / "bench").glob("run*")):
        calls.read(path, groups_of("scripts/bench"), path.read_text(), shared, may_probe=True)
    calls.read(ROOT / ".ci/run", set(), (ROOT / ".ci/run").read_text())
    for line in re.findall(r"^\t@?(.*)$", (ROOT / "Makefile").read_text(), re.M):
        calls.read(ROOT / "Makefile", build, line.replace("$(", "${").replace("$$", "$"))
    for path in sorted((ROOT / "tests").rglob("*.sh")):
        calls.read(path, test, path.read_text())
    for path in PAGES:
        calls.read(path, test, fenced(path))
    for path in TESTS:
        for script in scripts_in(ast.parse(path.read_text())):
            calls.read(path, test, script)
    for folder in ("scripts", "tools", "tests", "bench"):
        for path in (path for path in (ROOT / folder).rglob("*") if path.is_file() and not SKIPPED & set(path.parts)):
            with path.open("rb") as file:
                if found := SHEBANG.match(file.readline(80).decode("utf-8", "replace")):
                    calls.read(path, test, found.group(1))
    return calls.found


class Packages:
    """Debian's database: which package owns a command, and what comes with every system or with a package."""

    def __init__(self):
        form = "${Package}\t${Essential}\t${Provides}\t${Pre-Depends}, ${Depends}\n"
        said = subprocess.run(["dpkg-query", "-W", "-f", form], capture_output=True, text=True, check=True).stdout
        self.needs, self.essential, self.providers = {}, {"apt"}, {}
        for line in said.splitlines():
            name, essential, provides, needs = line.split("\t")
            self.needs[name] = [word for word in re.findall(r"(?:^|[,|])\s*([\w.+-]+)", needs)]
            for provided in [name, *re.findall(r"(?:^|,)\s*([\w.+-]+)", provides)]:
                self.providers.setdefault(provided, set()).add(name)
            if essential == "yes":
                self.essential.add(name)

    def with_needs(self, names):
        found, left = set(), list(names)
        while left:
            for package in self.providers.get(left.pop(), ()):
                if package not in found:
                    found.add(package)
                    left += self.needs[package]
        return found

    @staticmethod
    def owners(commands):
        """The packages that have each command: the shell may find a link to where a package has it."""
        places = {}
        for command in commands:
            if path := shutil.which(command, path="/usr/bin:/bin:/usr/sbin:/sbin"):
                for place in (path, str(Path(path).resolve())):
                    places |= {place: command, place.removeprefix("/usr"): command, f"/usr{place}": command}
        said = subprocess.run(["dpkg-query", "-S", *sorted(places)], capture_output=True, text=True).stdout
        found = {command: set() for command in commands}
        for line in said.splitlines():
            owners, _, place = line.partition(": ")
            if place in places:
                found[places[place]] |= {owner.split(":")[0] for owner in owners.split(", ")}
        return found


def installed(groups):
    """(command or nothing, package) of each entry of the groups' lists."""
    said = subprocess.run([ROOT / "scripts/install-deps", "--list", *sorted(groups)], capture_output=True, text=True, check=True)
    entries = [entry.rpartition(":") for entry in said.stdout.split()] if groups else []
    return [(command, package) for command, _, package in entries]


@pytest.mark.skipif(shutil.which("dpkg-query") is None, reason="not a Debian: nobody to ask which package has a command")
def test_what_is_called_is_installed():
    packages, calls, missing = Packages(), all_calls(), []
    lists = {groups: installed(groups) for groups in {groups for _, _, groups in calls}}
    owners = packages.owners({name for name, _, _ in calls})
    there = {groups: packages.with_needs(packages.essential | READER | {package for _, package in entries})
             for groups, entries in lists.items()}
    for name, path, groups in sorted(calls, key=str):
        named = READER | {command for command, _ in lists[groups]}
        if name not in named and ABOUT.get(name) != path and not owners[name] & there[groups]:
            missing.append(f"{path} calls {name}, which is in no package of: {' '.join(sorted(groups))}")
    assert not missing, "\n".join(missing)


def test_what_is_called_is_found():
    """The reader of shell text sees what is known to be there: it is no check that finds nothing."""
    seen = {(name, path) for name, path, _ in all_calls()}
    assert {("curl", "docs/guides/workloads.md"), ("curl", "tests/e2e/test_workloads.py"), ("openssl", "tests/e2e/test_tls.py"),
            ("node", "tests/e2e/test_guide_js.py"), ("npm", "scripts/lib/test-deps.sh"), ("cmake", "scripts/build"),
            ("aws", "docs/guides/cross-account-role.md"), ("pkg-config", "tests/embed/install_test.sh"),
            ("ctest", "scripts/lib/runners.sh"), ("clang-tidy-14", "scripts/lint")} <= seen


@pytest.mark.parametrize("text, called", [
    ("a=1 b 'c' | d && e || { f; } > g", "b d e f"),
    ("if ! a; then b; elif c; then d; fi; for x in 1 2; do e; done", "a b c d e"),
    ('case "$1" in a | b|g) c d ;; (*) e ;; esac; f', "c e f"),
    ("case x in\n  a) b ;;\n  c) d\nesac\nif e; then case x in a) ;; esac; fi", "b d e"),
    ('a "$(b "$(c)" \'d\')" `e` <(f) "${g:-$(h)}" $((i + 1))', "a b c e f h"),
    ("a <<X | b\nc d\nX\ne", "a b e"),
    ("[[ a == b ]] && c; f() { d; }; f; words=(x $(e)) g", "c d e f g"),
    ("step 'what it is' sudo -- a; b | xargs -P 2 -n 1 c; d 2>&1 &", "a b c d step sudo xargs"),
    ("deputy workload -- bash -c 'x=$(a)\n b'; # c\ntrap 'd' EXIT; command -v e", "a b bash d deputy trap"),
])
def test_the_reader_of_shell_text(text, called):
    assert shell.scan(text)[0] == set(called.split())


def test_what_is_imported_is_pinned():
    pinned = re.findall(r"^([\w-]+)==", (ROOT / "tests/e2e/requirements.txt").read_text(), re.M)
    brings = {"botocore": "boto3"}  # with a package that is pinned
    owners = importlib.metadata.packages_distributions()
    own = {path.stem for path in TESTS}
    for path in TESTS:
        for node in ast.walk(ast.parse(path.read_text())):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else (
                [node.module] if isinstance(node, ast.ImportFrom) else [])
            for name in {name.split(".")[0] for name in names} - own - sys.stdlib_module_names:
                known = {owner.lower() for owner in owners.get(name, [name])} | {brings.get(name)}
                assert known & set(pinned), f"{path.name} imports {name}"


def test_what_javascript_imports_is_locked():
    folder = ROOT / "tests/e2e/js"
    wanted = json.loads((folder / "package.json").read_text())["dependencies"]
    lock = json.loads((folder / "package-lock.json").read_text())["packages"]
    imported = {name for path in folder.glob("*.mjs") for name in re.findall(r'from "((?!node:)[^"]+)"', path.read_text())}
    assert imported == set(wanted)
    assert {name: lock[f"node_modules/{name}"]["version"] for name in wanted} == wanted
