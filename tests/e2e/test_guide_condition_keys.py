"""docs/guides/condition-keys.md with the AWS CLI: every block of the page, in the order of the page.

A block's opening line says what it is: `json FILE` and `bash FILE.sh` are files; `bash PROFILE` are commands with that
profile, which must succeed; after `bash PROFILE refused` the last command fails, and says what the next `text` block shows.
`bash deputy` and `bash restart` are the operator's commands, `bash shell` needs no profile. `sh` is how to begin: not run.
"""
import os
import re
import shlex
import shutil
import subprocess

import pytest

from deputy import BINARY, ROOT, Server

OURS = ROOT / ".tools/bin/aws"
AWS = str(OURS) if os.access(OURS, os.X_OK) else shutil.which("aws")
PAGE = (ROOT / "docs/guides/condition-keys.md").read_text()
BLOCKS = re.findall(r"^```(\w+)([^\n]*)\n(.*?)^```$", PAGE, re.M | re.S)
pytestmark = [pytest.mark.skipif(AWS is None, reason="no AWS CLI: run scripts/install-deps demo"),
              pytest.mark.skipif(shutil.which("openssl") is None, reason="no openssl command to make a certificate with")]


class Reader:
    """Follows the page in a folder of its own."""

    def __init__(self, folder):
        self.folder, self.server = folder, Server(folder)
        (folder / "deputy-data").symlink_to(self.server.data)
        self.server.start()

    def local(self, text):
        """The page's port is the standard one, this server's is not."""
        return text.replace("127.0.0.1:4566", f"127.0.0.1:{self.server.port}")

    def shell(self, script, **variables):
        functions = f"aws() {{ '{AWS}' \"$@\"; }}\ndeputy() {{ '{BINARY}' \"$@\"; }}\n"
        return subprocess.run(["bash", "-c", f"{functions}set -e\n{self.local(script)}"], cwd=self.folder,
                              env=self.server.environment(AWS_DEFAULT_OUTPUT="json", **variables),
                              stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=120)

    def restart(self, command):
        words = shlex.split(command)
        assert words[:4] == ["deputy", "serve", "--data", "./deputy-data"], command
        self.server.stop()
        paths = [str(self.folder / word) if word.startswith("server.") else word for word in words[4:]]
        self.server.start(*paths)


def one_line(text):
    return " ".join(text.split())


def test_the_page_runs_as_printed(tmp_path):
    reader = Reader(tmp_path)
    try:
        runs = follow(reader)
    finally:
        reader.server.stop()
    assert runs["refused"] >= 20 and runs["done"] >= 25, runs


def follow(reader):
    runs = {"done": 0, "refused": 0}
    said = None  # by the last refused command, until the page has shown it
    for kind, rest, text in BLOCKS:
        tag, *mode = rest.split() or [""]
        if kind == "text":
            assert said is not None, f"nothing was refused before:\n{text}"
            assert one_line(text) in one_line(said), f"the page says\n{text}\nthe command said\n{said}"
            said = None
            continue
        assert said is None, f"the page does not show what was said:\n{said}"
        if kind == "sh":
            continue
        if kind == "json" or tag.endswith(".sh"):
            (reader.folder / tag).write_text(reader.local(text))
        elif tag == "restart":
            reader.restart(text)
        elif tag in ("deputy", "shell"):
            done = reader.shell(text, DEPUTY_DATA=reader.server.data)
            assert done.returncode == 0, f"{text}\n{done.stdout}{done.stderr}"
        else:
            done = reader.shell(text, AWS_PROFILE=tag)
            refused = mode == ["refused"]
            assert (done.returncode != 0) == refused, f"{tag}: {text}\n{done.stdout}{done.stderr}"
            said = done.stderr if refused else None
            runs["refused" if refused else "done"] += 1
    assert said is None, f"the page does not show what was said:\n{said}"
    return runs
