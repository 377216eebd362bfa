"""Accounts that one tenant makes, and makes again by accounts that leave and have organizations of their own."""
import json

from . import client
from .client import Keys, Request, Scope, sign
from .figures import attack, below
from .server import A

MOST, BAR = 1_200, 1_000


def organizations(server, keys, operation, **parameters):
    sent = Request("POST", headers=[("Host", f"127.0.0.1:{server.port}"), ("Content-Type", "application/x-amz-json-1.1"),
                                    ("X-Amz-Target", f"AWSOrganizationsV20161128.{operation}")], body=json.dumps(parameters).encode())
    sign(sent, keys, Scope("organizations"))
    answer = client.ask(server.port, sent.bytes())
    return answer.status, json.loads(answer.body or b"{}")


def administrator(server, root):
    """A user: root itself can assume nothing."""
    server.must(root, "iam", "CreateUser", UserName="admin")
    server.must(root, "iam", "PutUserPolicy", UserName="admin", PolicyName="all", PolicyDocument=json.dumps({
        "Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}))
    made = server.must(root, "iam", "CreateAccessKey", UserName="admin")
    return Keys(made.pick("AccessKeyId"), made.pick("SecretAccessKey"))


def into(server, keys, account):
    """The session of whoever made an account, in it; nothing if there is none."""
    made = server.ask(keys, "sts", "AssumeRole", RoleSessionName="session",
                      RoleArn=f"arn:aws:iam::{account}:role/OrganizationAccountAccessRole")
    if made.status != 200:
        return None
    return Keys(made.pick("AccessKeyId"), made.pick("SecretAccessKey"), made.pick("SessionToken"))


def make(server, keys, count, most):
    """Accounts until that is refused, or there are `most`: their ids."""
    made = []
    while len(made) < most:
        status, said = organizations(server, keys, "CreateAccount", Email=f"n{count + len(made)}@corp.example", AccountName="n")
        if status != 200 or said["CreateAccountStatus"]["State"] == "FAILED":
            break
        _, said = organizations(server, keys, "DescribeCreateAccountStatus",
                                CreateAccountRequestId=said["CreateAccountStatus"]["Id"])
        state = said.get("CreateAccountStatus", {})
        if state.get("State") == "FAILED" or "AccountId" not in state:
            break
        made.append(state["AccountId"])
    return made


@attack("accounts", "accounts that one tenant makes, by organizations one after the other", 120)
def accounts(field):
    with field.server() as server:
        keys, count, organizations_made = administrator(server, server.account(A)), 0, 0
        while count < MOST and organizations_made < 20:
            if organizations(server, keys, "CreateOrganization", FeatureSet="ALL")[0] != 200:
                break
            organizations_made += 1
            made = make(server, keys, count, MOST - count)
            count += len(made)
            left = into(server, keys, made[-1]) if made else None
            if left is None or organizations(server, left, "LeaveOrganization")[0] != 200:
                break
            keys = left
        yield below("made", count, BAR, "accounts", f"{organizations_made} organizations; {MOST:,} were tried")
