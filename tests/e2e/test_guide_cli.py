"""The guide with the AWS CLI as people use it: profiles, `role_arn` with `source_profile`, `s3 ls`."""
import json
import subprocess

import pytest

import guide
from clis import AWS
from conftest import Cloud
from deputy import Server

pytestmark = pytest.mark.skipif(AWS is None, reason="no AWS CLI: run scripts/install-deps demo")


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    server = Server(tmp_path_factory.mktemp("cli")).start()
    cloud = Cloud(server)
    a, b = (cloud.client("iam", keys) for keys in (cloud.a, cloud.b))
    a.create_user(UserName="crossAccountUser")
    a.put_user_policy(UserName="crossAccountUser", PolicyName="MayAssumeRolesOfB", PolicyDocument=guide.USER_POLICY)
    key = a.create_access_key(UserName="crossAccountUser")["AccessKey"]
    b.create_role(RoleName="CrossAccountAccessRole", AssumeRolePolicyDocument=guide.TRUST)
    b.put_role_policy(RoleName="CrossAccountAccessRole", PolicyName="S3ReadPolicy", PolicyDocument=guide.ROLE_POLICY)
    cloud.client("s3", cloud.b).create_bucket(Bucket="account-b-reports")
    cloud.user = {"AWS_ENDPOINT_URL": server.endpoint, "AWS_DEFAULT_REGION": "us-east-1",
                  "AWS_ACCESS_KEY_ID": key["AccessKeyId"], "AWS_SECRET_ACCESS_KEY": key["SecretAccessKey"]}
    yield cloud
    server.stop()


def aws(cloud, command, environment=None, **variables):
    """Runs one command, as typed."""
    env = cloud.server.environment(**variables) | (environment or {})
    words = subprocess.run(["bash", "-c", f"aws() {{ '{AWS}' \"$@\"; }}\n{command}"], env=env, cwd=cloud.server.folder,
                           stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60)
    return words.returncode, words.stdout, words.stderr.strip()


def must(cloud, command, **variables):
    code, out, err = aws(cloud, command, **variables)
    assert code == 0, f"{command}\n{out}{err}"
    return json.loads(out) if out.lstrip().startswith("{") else out


def test_a_profile_with_a_role_and_a_source_profile(world):
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
