"""Runs a page of docs/guides from top to bottom, as its reader would: what it prints, in one shell, and nothing else.

    ```bash              is typed into the shell; each command must succeed
    ```bash refused      is typed, too; its last command must fail, and no other
    ```bash newer        takes an AWS CLI that heeds a profile's endpoint_url: left out with an older one
    ```text              right behind a bash block: every line of it (a refusal: all of it, however it is broken into
                         lines) stands in what that block printed

A reader does not see the words behind `bash`: nothing that is needed to type the page along may stand there. Blocks of
other kinds are not run. The shell is a new one with a home of its own; `build/release/deputy` lies where the page looks for
it, and the ports are free ones (DEPUTY_LISTEN, DEPUTY_IDENTITY_PROVIDER_LISTEN), since
others run, too. Whatever would leave the machine meets a closed port.
"""
import os
import re
import select
import shutil
import subprocess
import time

import pytest

import shell
from deputy import BINARY, PATIENCE, ROOT, free_port

MARK = "-- the end of the block --"
FAILED = "-- failed: "


def blocks(page):
    """(kind, words of the opening line, text) of every fenced block."""
    text = (ROOT / page).read_text()
    found = re.findall(r"^```(\w+)([^\n]*)\n(.*?)^```$", text, re.M | re.S)
    return [(kind, words.split(), body) for kind, words, body in found]


def one_line(text):
    return " ".join(text.split())


def environment(folder, cli):
    """What a reader's shell has, who reads in `folder` (made ready here) and has no AWS settings."""
    links = {folder / "build/release/deputy": os.path.abspath(BINARY), folder / ".bin/aws": cli.command}
    for link, target in links.items():
        link.parent.mkdir(parents=True, exist_ok=True)
        if not link.is_symlink():
            link.symlink_to(target)
    kept = {name: value for name, value in os.environ.items()
            if not name.startswith(("AWS_", "DEPUTY_")) and not name.upper().endswith("_PROXY")}
    closed = "http://127.0.0.1:9"
    return kept | {"HOME": str(folder), "PATH": ":".join([f"{folder}/.bin", *cli.folders, os.environ["PATH"]]), "PYTHONWARNINGS": "ignore",
                   "DEPUTY_LISTEN": f"127.0.0.1:{free_port()}", "DEPUTY_IDENTITY_PROVIDER_LISTEN": f"127.0.0.1:{free_port()}", "HTTPS_PROXY": closed, "HTTP_PROXY": closed,
                   "NO_PROXY": "127.0.0.1,localhost,169.254.169.254"}


class Reader:
    """Sits at a shell in a folder."""

    def __init__(self, folder, cli):
        self.folder, self.cli, self.ran = folder, cli, 0
        self.environment = environment(folder, cli)
        self.shell = subprocess.Popen(["bash", "--norc", "--noprofile"], cwd=folder, env=self.environment, stdin=subprocess.PIPE,
                                      stdout=subprocess.PIPE, stderr=subprocess.STDOUT, start_new_session=True)
        os.set_blocking(self.shell.stdout.fileno(), False)
        self.type(f"trap 'printf \"\\n{FAILED}%s\\n\" \"$BASH_COMMAND\"' ERR")

    def close(self):
        """Whatever the page left running ends, too."""
        self.shell.stdin.close()
        self.shell.wait(PATIENCE)
        for data in self.folder.glob("deputy-*"):
            subprocess.run([BINARY, "stop", "--data", data], env=self.environment, capture_output=True)
            provider = data / "identity-provider"
            if provider.is_dir():
                subprocess.run([BINARY, "identity-provider", "stop", "--folder", provider], env=self.environment, capture_output=True)

    def type(self, text):
        """What the shell printed until it asked for more, and how many commands failed."""
        self.shell.stdin.write(f"{text}\nprintf '\\n%s\\n' '{MARK}'\n".encode())
        self.shell.stdin.flush()
        said, end = b"", time.monotonic() + 4 * PATIENCE
        while not said.endswith(f"\n{MARK}\n".encode()):
            if select.select([self.shell.stdout], [], [], max(0, end - time.monotonic()))[0]:
                some = self.shell.stdout.read()
                said += some or b""
            if some == b"" or time.monotonic() > end:
                raise AssertionError(f"the shell did not come back from\n{text}\n{said.decode()}")
        lines = said.decode().removesuffix(f"\n{MARK}\n").split("\n")
        failed = [line for line in lines if line.startswith(FAILED)]
        return "\n".join(line for line in lines if not line.startswith(FAILED)), failed

    def read(self, page):
        """How many blocks were typed."""
        typed = "\n".join(text for kind, _, text in blocks(page) if kind == "bash")
        for name in sorted(shell.outside(typed) - {"aws", "deputy"}):
            if shutil.which(name) is None:
                pytest.skip(f"{page} calls {name}, which is not here: run scripts/install-deps test")
        output, refused = None, False
        for kind, words, text in blocks(page):
            if kind == "bash":
                assert set(words) <= {"refused", "newer"}, words
                refused, output = "refused" in words, None
                if "newer" in words and not self.cli.heeds_endpoint_url:
                    continue
                output, failed = self.type(text)
                assert len(failed) == (1 if refused else 0), f"{text}\n{output}\n{failed}"
                self.ran += 1
                continue
            if kind == "text" and output is not None:
                wanted = [text] if refused else text.strip().split("\n")
                for line in wanted:
                    assert one_line(line) in one_line(output), f"{line}\nis not in\n{output}"
            output = None
        return self.ran
