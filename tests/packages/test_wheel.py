"""pytest-deputy out of its wheel, in a virtual environment that holds nothing else."""
import subprocess
import sys
import zipfile

import pytest

import roots

PLATFORM = "manylinux_2_17_x86_64.manylinux2014_x86_64.musllinux_1_1_x86_64"
POLICIES = '''
def allow(action, resource="*", **more):
    return {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": action, "Resource": resource} | more]}

def trust(principal, **more):
    return {"Version": "2012-10-17", "Statement": [
        {"Effect": "Allow", "Principal": {"AWS": principal}, "Action": "sts:AssumeRole"} | more]}
'''


@pytest.fixture(scope="module")
def wheel():
    return roots.artifact(f"pytest_deputy-{{version}}-py3-none-{PLATFORM}.whl")


@pytest.fixture(scope="module")
def venv(wheel, tmp_path_factory):
    at = tmp_path_factory.mktemp("venv")
    subprocess.run([sys.executable, "-m", "venv", str(at)], check=True)
    done = subprocess.run([at / "bin/pip", "install", "-q", "--disable-pip-version-check", str(wheel)], capture_output=True, text=True)
    if done.returncode:
        pytest.skip(f"PyPI gives no pytest and boto3: {done.stderr[-300:]}")
    return at


@pytest.fixture
def run(venv, tmp_path):
    """Runs a test file with the environment's pytest: (exit code, what it said)."""
    def run(text, *arguments, **files):
        (tmp_path / "test_it.py").write_text(POLICIES + text)
        done = subprocess.run([venv / "bin/python", "-m", "pytest", "-q", "-p", "no:cacheprovider", *arguments, "test_it.py"],
                              cwd=tmp_path, capture_output=True, text=True, timeout=300)
        return done.returncode, done.stdout + done.stderr
    return run


def test_it_brings_the_program(venv):
    said = subprocess.run([venv / "bin/deputy", "--version"], capture_output=True, text=True, check=True)
    assert said.stdout == f"deputy {roots.version()}\n"


def test_its_tags_are_true(wheel):
    """A program that asks for no C library is of every one: manylinux's and musllinux's promises are about libraries."""
    with zipfile.ZipFile(wheel) as packed:
        assert packed.testzip() is None
        text = packed.read(f"pytest_deputy-{roots.version()}.dist-info/WHEEL").decode()
        program = packed.getinfo("pytest_deputy/bin/deputy")
        assert program.external_attr >> 16 & 0o777 == 0o755
        assert packed.read(program) == roots.artifact("deputy-{version}-linux-x86_64").read_bytes()
    assert [line for line in text.splitlines() if line.startswith("Tag")] == [f"Tag: py3-none-{p}" for p in PLATFORM.split(".")]


def test_roles_between_accounts(run):
    code, said = run('''
def test_allowed(deputy):
    a, b = deputy.account("111111111111"), deputy.account("222222222222")
    dana = a.user("dana", policy=allow("sts:AssumeRole"))
    role = b.role("Reader", trust=trust(dana.arn), policy=allow("s3:ListAllMyBuckets"))
    session = dana.assume(role)
    assert session.arn == "arn:aws:sts::222222222222:assumed-role/Reader/pytest"
    assert deputy.allowed(session.client("s3").list_buckets)["Buckets"] == []
    assert "user/dana" in deputy.run("events")

def test_refused(deputy):
    a, b = deputy.account("111111111111"), deputy.account("222222222222")
    role = b.role("Reader", trust=trust(b.id))
    sts = a.user("dana", policy=allow("sts:AssumeRole")).client("sts")
    refusal = deputy.refused(sts.assume_role, RoleArn=role, RoleSessionName="dana", because="principal .*user/dana is not 222222222222")
    assert (refusal.who, refusal.action, refusal.resource) == ("arn:aws:iam::111111111111:user/dana", "sts:AssumeRole", role)
    sts = a.user("erin").client("sts")
    deputy.refused(sts.assume_role, RoleArn=role, RoleSessionName="erin", because="The caller's policies do not allow it")

def test_code_that_makes_its_own_clients(deputy, deputy_as):
    import boto3
    deputy_as(deputy.account("111111111111").user("dana"))
    assert boto3.client("sts").get_caller_identity()["Arn"].endswith("user/dana")

def test_one_for_all(shared_deputy):
    assert shared_deputy.account("333333333333").root.arn.endswith(":root")
''')
    assert code == 0 and "4 passed" in said, said


def test_a_failure_shows_the_reason(run):
    code, said = run('''
def test_raised(deputy):
    a, b = deputy.account("111111111111"), deputy.account("222222222222")
    a.user("dana", policy=allow("sts:AssumeRole")).assume(b.role("Reader", trust=trust(b.id)))

def test_asserted(deputy):
    a, b = deputy.account("111111111111"), deputy.account("222222222222")
    role = b.role("Partner", trust=trust(a.id, Condition={"StringEquals": {"sts:ExternalId": "4711"}}))
    sts = a.user("dana", policy=allow("sts:AssumeRole")).client("sts")
    deputy.allowed(sts.assume_role, RoleArn=role, RoleSessionName="dana", ExternalId="0815")

def test_not_refused(deputy):
    a, b = deputy.account("111111111111"), deputy.account("222222222222")
    sts = a.user("dana", policy=allow("sts:AssumeRole")).client("sts")
    deputy.refused(sts.assume_role, RoleArn=b.role("Open", trust=trust(a.id)), RoleSessionName="dana")

def test_refused_for_another_reason(deputy):
    a, b = deputy.account("111111111111"), deputy.account("222222222222")
    sts = a.user("dana").client("sts")
    deputy.refused(sts.assume_role, RoleArn=b.role("R", trust=trust(a.id)), RoleSessionName="dana", because="The trust policy of R does not")
''')
    assert code == 1 and "4 failed" in said, said
    assert "why it was refused" in said and "The trust policy of Reader does not allow it:" in said
    assert "trust policy, statement 1 (Allow): does not apply: principal arn:aws:iam::111111111111:user/dana is not 222222222222" in said
    assert "The trust policy of Partner does not allow it:" in said and "sts:ExternalId" in said
    assert "allowed, and should be refused" in said and "SecretAccessKey" not in said.partition("allowed, and should be refused")[2].partition("____")[0]
    assert "refused, but not because of 'The trust policy of R does not'" in said


def test_nothing_is_left(run):
    code, said = run('''
import os
def test_gone(deputy):
    global server
    server = deputy
def test_after():
    assert server.process.poll() == 0 and not server.folder.exists()
''')
    assert code == 0, said
