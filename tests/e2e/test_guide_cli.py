"""The guide with the AWS CLI as people use it: profiles, `role_arn` with `source_profile`, `s3 ls`."""
import json
import os
import shutil
import subprocess

import pytest

import guide
from conftest import Cloud
from deputy import ROOT, Server

OURS = ROOT / ".tools/bin/aws"  # probed by scripts/install-deps
AWS = str(OURS) if os.access(OURS, os.X_OK) else shutil.which("aws")
pytestmark = pytest.mark.skipif(AWS is None, reason="no AWS CLI: run scripts/install-deps demo")


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    folder = tmp_path_factory.mktemp("cli")
    for name in ("trust-policy.json", "role-policy.json", "user-policy.json"):
        (folder / name).write_text(guide.blocks(name)[0])
    server = Server(folder).start()
    cloud = Cloud(server)
    yield cloud
    server.stop()


def aws(cloud, command, environment=None, **variables):
    """Runs one command of the page, as printed, in the folder with the JSON files."""
    env = cloud.server.environment(**variables) | (environment or {})
    words = subprocess.run(["bash", "-c", f"aws() {{ '{AWS}' \"$@\"; }}\n{command}"], env=env, cwd=cloud.server.folder,
                           stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60)
    return words.returncode, words.stdout, words.stderr.strip()


def must(cloud, command, **variables):
    code, out, err = aws(cloud, command, **variables)
    assert code == 0, f"{command}\n{out}{err}"
    return json.loads(out) if out.lstrip().startswith("{") else out


def commands(tag, number=0):
    """The commands of a block of the page, continuation lines joined as a shell joins them."""
    return guide.blocks(tag)[number].replace("\\\n", "").strip().split("\n")


def test_the_page_runs_as_printed(world):
    create_user, put_policy, create_key = commands("account-a")
    for command in (create_user, put_policy):
        must(world, command, AWS_PROFILE="account-a")
    key = must(world, create_key, AWS_PROFILE="account-a")["AccessKey"]
    for number in range(3):
        for command in commands("account-b", number):
            must(world, command, AWS_PROFILE="account-b")
    user = {"AWS_ENDPOINT_URL": world.server.endpoint, "AWS_DEFAULT_REGION": "us-east-1",
            "AWS_ACCESS_KEY_ID": key["AccessKeyId"], "AWS_SECRET_ACCESS_KEY": key["SecretAccessKey"]}
    world.user = user
    answer = must(world, guide.blocks("crossAccountUser")[0], **user)
    assert answer["AssumedRoleUser"]["Arn"] == guide.SESSION_ARN
    credentials = answer["Credentials"]
    exports = guide.blocks("export")[0]
    for member, value in credentials.items():
        variable = {"AccessKeyId": "AWS_ACCESS_KEY_ID", "SecretAccessKey": "AWS_SECRET_ACCESS_KEY",
                    "SessionToken": "AWS_SESSION_TOKEN"}.get(member)
        if variable:
            exports = exports.replace(f"{variable}=...", f"{variable}={value}")
    assert "..." not in exports
    listed = must(world, exports + guide.blocks("session")[0], **user)
    assert [line.split()[-1] for line in listed.splitlines()] == ["account-b-invoices", "account-b-reports"]
    code, _, err = aws(world, exports + "aws s3 mb s3://not-given", **user)
    assert code != 0
    assert guide.not_authorized(guide.SESSION_ARN, "s3:CreateBucket", '"arn:aws:s3:::not-given"',
                                guide.no_identity_policy("s3:CreateBucket")) in err


def test_a_profile_with_a_role_and_a_source_profile(world):
    if not hasattr(world, "user"):
        pytest.skip("the page did not run")
    with open(world.server.config, "a") as config:
        config.write(f"\n[profile cross-user]\nregion = us-east-1\nendpoint_url = {world.server.endpoint}\n"
                     f"\n[profile cross-role]\nregion = us-east-1\nendpoint_url = {world.server.endpoint}\n"
                     f"role_arn = {guide.ROLE_ARN}\nsource_profile = cross-user\nrole_session_name = by-profile\n")
    with open(world.server.credentials, "a") as credentials:
        credentials.write(f"\n[cross-user]\naws_access_key_id = {world.user['AWS_ACCESS_KEY_ID']}\n"
                          f"aws_secret_access_key = {world.user['AWS_SECRET_ACCESS_KEY']}\n")
    who = must(world, "aws sts get-caller-identity --profile cross-role", HOME=world.server.folder)
    assert who["Arn"] == "arn:aws:sts::222222222222:assumed-role/CrossAccountAccessRole/by-profile"
    assert "account-b-reports" in must(world, "aws s3 ls --profile cross-role", HOME=world.server.folder)


def test_a_refusal_is_printed_in_awss_words(world):
    if not hasattr(world, "user"):
        pytest.skip("the page did not run")
    arn = "arn:aws:iam::222222222222:role/NobodyMadeThis"
    code, _, err = aws(world, f"aws sts assume-role --role-arn {arn} --role-session-name dev", **world.user)
    assert code != 0
    assert err.endswith("An error occurred (AccessDenied) when calling the AssumeRole operation: "
                        + guide.not_authorized(guide.USER_ARN, "sts:AssumeRole", arn))


def test_names_are_unique_whatever_their_case(world):
    must(world, "aws iam create-user --user-name CaseMatters", AWS_PROFILE="account-a")
    code, _, err = aws(world, "aws iam create-user --user-name casematters", AWS_PROFILE="account-a")
    assert code != 0
    assert "(EntityAlreadyExists)" in err and err.endswith("User with name casematters already exists.")


def test_pages_are_walked_by_the_cli(world):
    for number in range(5):
        must(world, f"aws iam create-group --group-name page{number}", AWS_PROFILE="account-a")
    groups = must(world, "aws iam list-groups --page-size 2", AWS_PROFILE="account-a")["Groups"]
    assert [group["GroupName"] for group in groups] == [f"page{number}" for number in range(5)]
