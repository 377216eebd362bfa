"""What the project's scripts share (scripts/lib/common.sh): how a long step is shown."""
import re
import subprocess

import pytest

from deputy import ROOT


def bash(folder, script):
    head = f'set -euo pipefail\n. "{ROOT}/scripts/lib/common.sh"\nBUILD="$1"\n'
    return subprocess.run(["bash", "-c", head + script, "bash", folder], stdin=subprocess.DEVNULL, capture_output=True,
                          text=True, timeout=120)


def test_a_step_says_what_it_does_and_keeps_what_was_said(tmp_path):
    done = bash(tmp_path, "step 'counting sheep (all)' seq 1000; echo \"$STEP_LOG\"")
    said = done.stdout.splitlines()
    assert (done.returncode, said[0], done.stderr) == (0, "-- counting sheep (all)", "")
    assert len(said) <= 3, "none of its thousand lines"
    log = tmp_path / "logs/counting-sheep--all-.log"
    assert said[-1] == str(log) and log.read_text().split() == [str(n) for n in range(1, 1001)]


def test_a_step_that_exits_ends_itself_alone(tmp_path):
    done = bash(tmp_path, "step leaving die 'there is no way'\necho never")
    assert done.returncode == 1 and "error: there is no way" in done.stderr and "never" not in done.stdout
    assert bash(tmp_path, "step leaving die 'no way' || echo went on").stdout.endswith("went on\n")


@pytest.mark.parametrize("lines, shown", [
    ("seq 100; exit 3", [str(n) for n in range(61, 101)]),
    ("seq 100; echo FAILED: a.o; echo why; seq 60; exit 3", ["FAILED: a.o", "why", *(str(n) for n in range(1, 61))]),
], ids=["its last lines", "from where Ninja says so"])
def test_a_step_that_fails_shows_the_end(tmp_path, lines, shown):
    done = bash(tmp_path, f"status=0; step failing bash -c '{lines}' || status=$?; exit $((status + 10))")
    assert done.returncode == 13
    *end, last = done.stderr.splitlines()
    assert end == shown
    assert "failed with status 3" in last and last.endswith("logs/failing.log")


def test_a_long_step_shows_its_last_line_without_control_characters(tmp_path):
    # The watcher's clock is bash's SECONDS, which may be set.
    script = r"""log="$BUILD/log"; printf 'one\ntwo \033[31m\r' > "$log"; SECONDS=40; turns=0
sleep() { [ "$((++turns))" -lt 3 ]; }
watch_step "$log" 0"""
    done = bash(tmp_path, script)
    assert re.fullmatch(r"   4\d s: two \[31m\n", done.stdout), done.stdout + done.stderr
