"""examples/ci as a stranger uses it: the commands of its workflow in a fresh copy and an empty environment, without the hosting
service's own steps. It passes; and it fails for the right reason when a trust policy is broken."""
import json
import os
import re
import shutil
import subprocess
import sys

import pytest

import roots

EXAMPLE = roots.ROOT / "examples/ci"


def commands():
    """What the workflow runs: its steps without those of the service (uses:)."""
    return re.findall(r"^ +- run: (.+)$", (EXAMPLE / ".github/workflows/access.yml").read_text(), re.M)


@pytest.fixture(scope="module")
def repository(tmp_path_factory):
    at = tmp_path_factory.mktemp("ci")
    shutil.copytree(EXAMPLE, at / "repository")
    (at / "repository/wheels").mkdir()
    shutil.copy(next(iter(roots.DIST.glob("pytest_deputy-*.whl")), None) or pytest.skip("no wheel: run 'make package'"),
                at / "repository/wheels")
    subprocess.run([sys.executable, "-m", "venv", str(at / "python")], check=True)  # what actions/setup-python is for
    install, *rest = commands()
    if (done := run(at / "repository", install)).returncode:
        pytest.skip(f"PyPI gives no pytest and boto3: {done.stderr[-300:]}")
    assert rest == ["pytest"]
    return at / "repository"


def run(repository, command):
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "DEPUTY_", "PYTEST_"))}
    kept["PATH"] = f"{repository.parent}/python/bin:{os.environ['PATH']}"
    return subprocess.run(["bash", "-e", "-o", "pipefail", "-c", command], cwd=repository, env=kept, stdin=subprocess.DEVNULL,
                          capture_output=True, text=True, timeout=300)


def test_it_passes(repository):
    done = run(repository, "pytest")
    assert done.returncode == 0 and "4 passed" in done.stdout, done.stdout + done.stderr


def broken(document, how):
    statement = document["Statement"][0]
    if how == "it names another":
        statement["Principal"]["AWS"] = "arn:aws:iam::111111111111:user/intern"
    elif how == "it trusts the whole account":
        statement["Principal"]["AWS"] = "111111111111"
    else:
        statement["Condition"]["StringEquals"]["sts:ExternalId"] = "another-train"
    return document


@pytest.mark.parametrize("how, failed, said", [
    ("it names another", {"test_the_deployer_releases", "test_a_releaser_makes_buckets_and_touches_no_role", "test_nobody_else_releases",
                          "test_not_without_the_external_id"},
     ["The caller's policies allow it:", "The trust policy of Releaser does not allow it:",
      "trust policy, statement 1 (Allow): does not apply: principal arn:aws:iam::111111111111:user/deployer is not"]),
    ("it trusts the whole account", {"test_nobody_else_releases"}, ["allowed, and should be refused"]),
    ("it wants another external id", {"test_the_deployer_releases", "test_a_releaser_makes_buckets_and_touches_no_role"},
     ["The trust policy of Releaser does not allow it:", "sts:ExternalId"]),
], ids=lambda value: value if isinstance(value, str) else "")
def test_it_fails_for_the_right_reason(repository, how, failed, said):
    policy = repository / "policies/trust-of-releaser.json"
    whole = policy.read_text()
    policy.write_text(json.dumps(broken(json.loads(whole), how), indent=2))
    try:
        done = run(repository, "pytest")
    finally:
        policy.write_text(whole)
    assert done.returncode == 1, done.stdout + done.stderr
    assert set(re.findall(r"^FAILED tests/test_access.py::(\w+)", done.stdout, re.M)) == failed, done.stdout
    assert all(part in done.stdout for part in said), done.stdout
