"""The AWS CLIs that pages are run with. `make test` takes the one of scripts/install-deps; `make test-clis` three of them."""
import functools
import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from deputy import BINARY, PATIENCE, ROOT

OURS = ROOT / ".tools/bin/aws"  # probed by scripts/install-deps
AWS = str(OURS) if os.access(OURS, os.X_OK) else shutil.which("aws")

# Of scripts/aws-clis: a version 2 of AWS's, and Debian's, which is too old to heed AWS_ENDPOINT_URL.
OTHERS = {"v2": ROOT / ".tools/aws-clis/v2/aws", "debian": ROOT / ".tools/aws-clis/debian/aws"}
ALL = ["ours", *OTHERS] if os.environ.get("CLIS") == "all" else ["ours"]


class Cli:
    def __init__(self, name, path, version):
        self.name, self.path, self.version = name, path, version
        major, minor = version[:2]
        self.heeds_endpoint_url = (major, minor) >= ((2, 13) if major == 2 else (1, 29))

    @property
    def command(self):
        """What `aws` is for a reader: an old one is called through `deputy aws`, by a link of that name."""
        return self.path if self.heeds_endpoint_url else os.path.abspath(BINARY)

    @property
    def folders(self):
        """Where `deputy aws` finds it."""
        return [] if self.heeds_endpoint_url else [str(Path(self.path).parent)]


@functools.cache
def said(path):
    return subprocess.run([path, "--version"], capture_output=True, text=True, timeout=4 * PATIENCE)


def find(name):
    path = AWS if name == "ours" else str(OTHERS[name])
    if path is None or not os.access(path, os.X_OK):
        pytest.skip("no AWS CLI: run scripts/install-deps demo" if name == "ours" else f"no {path}: run scripts/aws-clis")
    answer = said(path)
    found = re.search(r"aws-cli/(\d+)\.(\d+)\.(\d+)", answer.stdout + answer.stderr)
    if not found:
        pytest.skip(f"{path} does not say its version: {answer.stdout}{answer.stderr}")
    return Cli(name, path, tuple(map(int, found.groups())))
