"""`make demo` from its first to its last line; the building and installing aside."""
import os
import shutil
import subprocess

import pytest

from deputy import BINARY, ROOT


@pytest.mark.skipif(not shutil.which(BINARY), reason=f"there is no {BINARY}: run 'make build'")
def test_the_demo_ends_well(tmp_path):
    environment = {name: value for name, value in os.environ.items() if not name.startswith("AWS_") or name == "AWS_CA_BUNDLE"}
    done = subprocess.run([str(ROOT / "scripts/demo"), "--no-build"], cwd=tmp_path, stdin=subprocess.DEVNULL,
                          env=environment | {"DEPUTY": BINARY, "TMPDIR": str(tmp_path)}, capture_output=True, text=True,
                          timeout=300)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "\x1b" not in done.stdout, "colours are for terminals"
    assert "NOT as expected" not in done.stdout
    assert not list(tmp_path.glob("deputy-demo.*")), "the demo leaves nothing behind"
