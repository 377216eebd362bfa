"""The README's five minutes, as printed: one shell, from starting the server to ending it."""
import json
import os
import re
import subprocess

import pytest

from deputy import BINARY, ROOT, Server
from story import AWS, one_line

README = (ROOT / "README.md").read_text()
TOUR = README[README.index("\n## Five minutes\n"):README.index("\n## Guides\n")]

# What a reader does by hand: types the two values of the answer when `aws configure` asks for them.
HANDS = r"""
aws() {
  case "$*" in
    *create-access-key*) '%(aws)s' "$@" --output json | tee key.json ;;
    "configure --profile dana") python3 -c 'import json
key = json.load(open("key.json"))["AccessKey"]
print(key["AccessKeyId"], key["SecretAccessKey"], "us-east-1", "", sep="\n")' | '%(aws)s' "$@" > /dev/null ;;
    *) '%(aws)s' "$@" ;;
  esac
}
deputy_listens() { until [ -S deputy-data/admin.sock ]; do sleep 0.05; done; }
set -m
"""


def test_guides_are_all_listed():
    listed = set(re.findall(r"^\| \[[^]]+\]\((docs/guides/[\w-]+\.md)\)", README, re.M))
    assert listed == {str(page.relative_to(ROOT)) for page in (ROOT / "docs/guides").glob("*.md")}


def test_every_link_leads_somewhere():
    for target in re.findall(r"\]\(([^)#:]+)\)", README):
        assert (ROOT / target).exists(), target


def test_the_figures_are_those_of_the_coverage():
    said = subprocess.run([BINARY, "coverage", "--output", "json"], capture_output=True, text=True, check=True).stdout
    names = {"iam": "IAM", "sts": "STS", "s3": "S3", "organizations": "Organizations"}
    coverage = json.loads(said)
    for service, name in names.items():
        bound, missing = (len(coverage[service][key]) for key in ("implemented", "notImplemented"))
        assert re.search(rf"\b{name}\s+{bound}\s+of\s+{bound + missing}\b", README), f"{name}: {bound} of {bound + missing}"


@pytest.mark.skipif(AWS is None, reason="no AWS CLI: run scripts/install-deps demo")
def test_the_five_minutes_go_as_printed(tmp_path):
    server = Server(tmp_path)
    (tmp_path / "build/release").mkdir(parents=True)
    (tmp_path / "build/release/deputy").symlink_to(os.path.abspath(BINARY))
    typed = "".join(re.findall(r"^```bash\n(.*?)^```$", TOUR, re.M | re.S)).replace("127.0.0.1:4566", f"127.0.0.1:{server.port}")
    assert typed.startswith("make build\n")
    typed = typed.removeprefix("make build\n").replace("serve --data ./deputy-data &\n",
                                                       "serve --data ./deputy-data &\ndeputy_listens\n")
    done = subprocess.run(["bash", "-c", HANDS % {"aws": AWS} + typed + "wait\n"], cwd=tmp_path, stdin=subprocess.DEVNULL,
                          env=server.environment(DEPUTY_LISTEN=f"127.0.0.1:{server.port}", HOME=tmp_path),  # CLI's cache
                          capture_output=True, text=True, timeout=180)
    said = re.findall(r"^(An error .*)$", done.stderr, re.M)
    refusal = re.search(r"^```\n(An error .*?)^```$", TOUR, re.M | re.S).group(1)
    assert said == [one_line(refusal)], done.stdout + done.stderr
    lists = [line.split()[-1] for line in done.stdout.splitlines() if re.match(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d \S+$", line)]
    assert lists == ["my-first-bucket", "bucket-of-b"], done.stdout + done.stderr
    assert "AccessDenied" in done.stdout and "sts:AssumeRole" in done.stdout, "the events"
    assert re.search(r"^iam +\d+ of +181 operations$", done.stdout, re.M), "the coverage"
    assert "SIGTERM: finishing what is in flight" in done.stderr
