"""What a server must do, wherever it came from: two accounts, a role between them, and the refusals in AWS's words."""
import json

import boto3
import botocore.config
import pytest
from botocore.exceptions import ClientError

A, B = "111111111111", "222222222222"


def client(service, endpoint, keys):
    config = botocore.config.Config(retries={"total_max_attempts": 1})
    return boto3.session.Session().client(
        service, endpoint_url=endpoint, region_name="us-east-1", aws_access_key_id=keys["AccessKeyId"],
        aws_secret_access_key=keys["SecretAccessKey"], aws_session_token=keys.get("SessionToken"), config=config)


def refusal(call, **arguments):
    with pytest.raises(ClientError) as refused:
        call(**arguments)
    error = refused.value.response["Error"]
    return f"{error['Code']}: {error['Message']}"


def policy(action, resource="*"):
    return json.dumps({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": action, "Resource": resource}]})


def trust(principal):
    return json.dumps({"Version": "2012-10-17", "Statement": [
        {"Effect": "Allow", "Principal": {"AWS": principal}, "Action": "sts:AssumeRole"}]})


def cross_account(endpoint, root_a, root_b):
    """From two accounts' root keys to the role and back: the trust policy decides, then the caller's own policy."""
    iam_a, iam_b = client("iam", endpoint, root_a), client("iam", endpoint, root_b)
    iam_a.create_user(UserName="dana")
    dana = iam_a.create_access_key(UserName="dana")["AccessKey"]
    assert refusal(client("s3", endpoint, dana).list_buckets) == (
        f"AccessDenied: User: arn:aws:iam::{A}:user/dana is not authorized to perform: s3:ListAllMyBuckets because no "
        "identity-based policy allows the s3:ListAllMyBuckets action")
    role = iam_b.create_role(RoleName="Reader", AssumeRolePolicyDocument=trust(B))["Role"]["Arn"]
    iam_b.put_role_policy(RoleName="Reader", PolicyName="List", PolicyDocument=policy("s3:ListAllMyBuckets"))
    iam_a.put_user_policy(UserName="dana", PolicyName="Become", PolicyDocument=policy("sts:AssumeRole", role))
    sts = client("sts", endpoint, dana)
    assert refusal(sts.assume_role, RoleArn=role, RoleSessionName="session") == (
        f"AccessDenied: User: arn:aws:iam::{A}:user/dana is not authorized to perform: sts:AssumeRole on resource: {role}")
    iam_b.update_assume_role_policy(RoleName="Reader", PolicyDocument=trust(f"arn:aws:iam::{A}:user/dana"))
    session = sts.assume_role(RoleArn=role, RoleSessionName="session")["Credentials"]
    assert client("s3", endpoint, session).list_buckets()["Buckets"] == []
    assert client("sts", endpoint, session).get_caller_identity()["Account"] == B
    return dana


def account(run, number, **more):
    """`deputy account create NUMBER` by `run`, which runs a command and gives what it said: the root user's keys."""
    said = json.loads(run("deputy", "account", "create", number, "--output", "json", **more))
    return {name: said[name] for name in ("AccessKeyId", "SecretAccessKey")}
