"""Runs a page of docs/guides from top to bottom, as its reader would.

    ```json NAME.json          becomes that file
    ```bash PROFILE            runs with that AWS profile and must succeed
    ```bash PROFILE refused    must fail
    ```text                    right behind a bash block: every line of it (a refusal: all of it, however it is broken
                               into lines) stands in what that block printed

Blocks of other kinds, and bash blocks without a profile (how to start the server), are not run.
"""
import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

import shell
from deputy import BINARY, ROOT

OURS = ROOT / ".tools/bin/aws"  # probed by scripts/install-deps
AWS = str(OURS) if os.access(OURS, os.X_OK) else shutil.which("aws")


def blocks(page):
    """(kind, words of the opening line, text) of every fenced block."""
    text = (ROOT / "docs/guides" / page).read_text()
    found = re.findall(r"^```(\w+)([^\n]*)\n(.*?)^```$", text, re.M | re.S)
    return [(kind, words.split(), body) for kind, words, body in found]


def one_line(text):
    return " ".join(text.split())


class Reader:
    """Sits in a folder of the server's, with `aws` and `deputy` at hand."""

    def __init__(self, server):
        self.server = server
        self.ran = 0

    def run(self, script, profile):
        path = os.pathsep.join([str(Path(AWS).parent), os.environ["PATH"]])
        env = self.server.environment(AWS_PROFILE=profile, DEPUTY_DATA=self.server.data, PATH=path,
                                      HOME=self.server.folder)
        done = subprocess.run(["bash", "-e", "-c", f"deputy() {{ '{os.path.abspath(BINARY)}' \"$@\"; }}\n{script}"], env=env,
                              cwd=self.server.folder, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=120)
        return done.returncode, done.stdout + done.stderr

    def read(self, page):
        output, refused = None, False
        typed = "\n".join(text for kind, words, text in blocks(page) if kind == "bash" and words)
        for name in sorted(shell.outside(typed) - {"aws", "deputy"}):
            if shutil.which(name) is None:
                pytest.skip(f"{page} calls {name}, which is not here: run scripts/install-deps test")
        for kind, words, text in blocks(page):
            if kind == "json" and words:
                (self.server.folder / words[0]).write_text(text)
            elif kind == "bash" and words:
                assert set(words[1:]) <= {"refused"}, words
                refused = "refused" in words
                code, output = self.run(text, words[0])
                assert (code != 0) == refused, f"{text}\nexit code {code}:\n{output}"
                self.ran += 1
                continue
            elif kind == "text" and output is not None:
                wanted = [text] if refused else text.strip().split("\n")
                for line in wanted:
                    assert one_line(line) in one_line(output), f"{line}\nis not in\n{output}"
            output = None
        return self.ran
