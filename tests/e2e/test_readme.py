"""The README's five minutes, as printed: one shell, from starting the server to ending it."""
import json
import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

import clis
from deputy import BINARY, ROOT
from story import environment, one_line

README = (ROOT / "README.md").read_text()
TOUR = README[README.index("\n## Five minutes\n"):README.index("\n## Guides\n")]

def test_guides_are_all_listed():
    listed = set(re.findall(r"^\| \[[^]]+\]\((docs/guides/[\w-]+\.md)\)", README, re.M))
    assert listed == {str(page.relative_to(ROOT)) for page in (ROOT / "docs/guides").glob("*.md")}


def test_every_link_leads_somewhere():
    for target in re.findall(r"\]\(([^)#:]+)\)", README):
        assert (ROOT / target).exists(), target


def test_the_figures_are_those_of_the_coverage():
    said = subprocess.run([BINARY, "coverage", "--output", "json"], capture_output=True, text=True, check=True).stdout
    names = {"iam": "IAM", "sts": "STS", "s3": "S3", "s3control": "S3 Control", "organizations": "Organizations"}
    coverage = json.loads(said)
    assert coverage.keys() == names.keys()
    for service, name in names.items():
        bound, missing = (len(coverage[service][key]) for key in ("implemented", "notImplemented"))
        assert re.search(rf"\b{name}\s+{bound}\s+of\s+{bound + missing}\b", README), f"{name}: {bound} of {bound + missing}"


def typed():
    """All that the tour has its reader type, but for the build."""
    blocks = re.findall(r"^```bash\n(.*?)^```$", TOUR, re.M | re.S)
    assert blocks.pop(0) == "make build\n"
    return "".join(blocks)


@pytest.mark.parametrize("time", range(int(os.environ.get("TIMES", "3"))))
@pytest.mark.parametrize("cli", clis.ALL)
def test_the_five_minutes_pasted_in_one_go(tmp_path, cli, time):
    """Into a shell that reads it as it comes: a command that asked for something would eat what follows."""
    cli = clis.find(cli)
    try:
        done = subprocess.run(["bash", "--norc", "--noprofile"], input=typed(), cwd=tmp_path, env=environment(tmp_path, cli),
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, timeout=300)
    finally:
        subprocess.run([BINARY, "stop", "--data", tmp_path / "deputy-data"], capture_output=True)
    said = [one_line(line).removeprefix("aws: [ERROR]: ") for line in done.stderr.splitlines() if "An error occurred" in line]
    refusal = re.search(r"^```\n(An error .*?)^```$", TOUR, re.M | re.S).group(1)
    assert said == [one_line(refusal)], done.stdout + done.stderr
    lists = [line.split()[-1] for line in done.stdout.splitlines() if re.match(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d \S+$", line)]
    assert lists == ["my-first-bucket", "bucket-of-b"], done.stdout + done.stderr
    assert "AccessDenied" in done.stdout and "sts:AssumeRole" in done.stdout, "the events"
    assert "because no identity-based policy allows the s3:ListAllMyBuckets action" in done.stdout, "and their reasons"
    assert re.search(r"^iam +\d+ of +\d+ operations$", done.stdout, re.M), "the coverage"
    assert "The server has ended" in done.stdout
    assert "SIGTERM: finishing what is in flight" in (tmp_path / "deputy-data/server.log").read_text()


@pytest.mark.skipif(shutil.which("strip") is None, reason="no strip to measure the binary with")
def test_the_size_is_that_of_the_binary(tmp_path):
    if (ROOT / "build/release/deputy").resolve() != Path(BINARY).resolve():
        pytest.skip("the binary under test is not the release build")
    subprocess.run(["strip", "-o", tmp_path / "stripped", BINARY], check=True)
    size = (tmp_path / "stripped").stat().st_size
    said = int(re.search(r"one binary, (\d+) MB stripped", README).group(1))
    assert round(size / 1e6) == said, f"the README says {said} MB, it is {size:,} bytes"
