"""Policies cannot make a request slow."""
import itertools
import json
import os
import string

import pytest
from botocore.exceptions import ClientError

from conftest import ACCOUNT_A, Keys
from deputy import SANITIZED


# Policies that are slow to check: a caller's own documents times the values of the caller's own requests.

def _processor_seconds(server):
    fields = open(f"/proc/{server.process.pid}/stat").read().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _costly_document(room=5800):
    """`StringLike` on the user agent, with as many patterns that nearly match as the quota lets in."""
    patterns, size = [], 0
    for letters in itertools.product(string.ascii_lowercase[1:], repeat=3):
        pattern = "*aaa" + "".join(letters) + "*"
        size += len(pattern) + 3
        if size > room:
            break
        patterns.append(pattern)
    return json.dumps({"Version": "2012-10-17", "Statement": [
        {"Effect": "Allow", "Action": "iam:ListUsers", "Resource": "*",
         "Condition": {"StringLike": {"aws:UserAgent": patterns}}}]}, separators=(",", ":"))


@pytest.fixture
def session_under_costly_policies(cloud):
    iam = cloud.client("iam", cloud.a)
    trust = {"Version": "2012-10-17", "Statement": [
        {"Effect": "Allow", "Principal": {"AWS": ACCOUNT_A}, "Action": "sts:AssumeRole"}]}
    iam.create_role(RoleName="costly", AssumeRolePolicyDocument=json.dumps(trust))
    for number in range(10):
        arn = iam.create_policy(PolicyName=f"costly-{number}", PolicyDocument=_costly_document())["Policy"]["Arn"]
        iam.attach_role_policy(RoleName="costly", PolicyArn=arn)
    iam.put_role_policy(RoleName="costly", PolicyName="inline", PolicyDocument=_costly_document())
    iam.create_user(UserName="costly")
    iam.put_user_policy(UserName="costly", PolicyName="p", PolicyDocument=json.dumps(
        {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "sts:AssumeRole", "Resource": "*"}]}))
    keys = Keys.of(iam.create_access_key(UserName="costly")["AccessKey"])
    sts = cloud.client("sts", keys)
    return Keys.of(sts.assume_role(RoleArn=f"arn:aws:iam::{ACCOUNT_A}:role/costly", RoleSessionName="session")["Credentials"])


def test_own_policies_cannot_make_a_request_slow(cloud, session_under_costly_policies):
    def list_users(times, user_agent):
        client = cloud.client("iam", session_under_costly_policies, user_agent=user_agent)
        before = _processor_seconds(cloud.server)
        messages = []
        for _ in range(times):
            with pytest.raises(ClientError) as refused:
                client.list_users()
            assert refused.value.response["Error"]["Code"] == "AccessDenied"
            messages.append(refused.value.response["Error"]["Message"])
        return (_processor_seconds(cloud.server) - before) / times, set(messages)

    cost, messages = list_users(20, "a" * 14000)
    # Of a debug build; one under the thread sanitizer has taken 120 ms. Release: docs/performance.md
    assert cost < (0.5 if SANITIZED else 0.1), f"{cost * 1000:.0f} ms a request"
    assert all("too many or too long patterns" in message for message in messages), messages
    _, messages = list_users(1, "aws-cli/2.15.30")  # with an ordinary value the policies are asked to their end
    assert all("because no identity-based policy allows" in message for message in messages), messages
