#!/usr/bin/env python3
"""What an organization's policies cost: bench/guardrails.py [ROUNDS]. DEPUTY=another/binary measures that one; PYTHON needs boto3.

AssumeRole from one account into another, both five units deep in an organization with five SCPs and five RCPs on each of the seven
levels, beside the same between two accounts of no organization: in turns, in one run, on one server. Then, in an organization of
MEMBERS (1,000) accounts, how long AttachPolicy to its root takes beside a call that writes one user, and whether the very next
request of a member knows of it."""
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError

sys.path.insert(0, str(Path(__file__).parent))
import sign_requests  # noqa: E402

ROOT = Path(__file__).resolve().parents[1]
DEPUTY = os.environ.get("DEPUTY", str(ROOT / "build/release/deputy"))
LOAD = ROOT / "build/release/bench/deputy_load"
ROUNDS, COUNT, MEMBERS = int(sys.argv[1] if len(sys.argv) > 1 else 7), int(os.environ.get("COUNT", 20000)), int(os.environ.get("MEMBERS", 1000))
MANAGEMENT, OUTSIDE_A, OUTSIDE_B, INSIDE_A, INSIDE_B = (str(n) * 12 for n in (9, 1, 2, 3, 4))


def document(*statements):
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


def scps(organization):
    deny = {"Effect": "Deny", "Resource": "*"}
    return [
        document(deny | {"Sid": "Stay", "Action": "organizations:LeaveOrganization"},
                 deny | {"Sid": "Root", "Action": "*", "Condition": {"ArnLike": {"aws:PrincipalArn": "arn:aws:iam::*:root"}}}),
        document(deny | {"Sid": "Regions", "NotAction": ["iam:*", "organizations:*", "route53:*", "support:*"],
                         "Condition": {"StringNotEquals": {"aws:RequestedRegion": ["us-east-1", "eu-central-1"]}}}),
        document({"Effect": "Deny", "Sid": "Guarded", "Action": ["iam:DeleteRole", "iam:PutRolePolicy", "iam:UpdateAssumeRolePolicy"],
                  "Resource": "arn:aws:iam::*:role/Guard*",
                  "Condition": {"ArnNotLike": {"aws:PrincipalArn": "arn:aws:iam::*:role/Security"}}}),
        document(deny | {"Sid": "Outside", "Action": ["sts:AssumeRole"],
                         "Condition": {"StringNotEqualsIfExists": {"aws:ResourceOrgID": organization}}}),
    ]


def rcps(organization):
    deny = {"Effect": "Deny", "Principal": "*", "Resource": "*"}
    return [
        document(deny | {"Sid": "Perimeter", "Action": ["sts:AssumeRole", "s3:*"], "Condition": {
            "StringNotEqualsIfExists": {"aws:PrincipalOrgID": organization}, "BoolIfExists": {"aws:PrincipalIsAWSService": "false"}}}),
        document(deny | {"Sid": "Encrypted", "Action": ["s3:*", "sqs:*", "secretsmanager:*"],
                         "Condition": {"BoolIfExists": {"aws:SecureTransport": "false"}}}),
        document(deny | {"Sid": "Deputies", "Action": ["s3:*", "sts:AssumeRole"], "Condition": {
            "StringNotEqualsIfExists": {"aws:SourceOrgID": organization}, "Null": {"aws:SourceAccount": "false"},
            "Bool": {"aws:PrincipalIsAWSService": "true"}}}),
        document(deny | {"Sid": "Keys", "Action": "kms:ScheduleKeyDeletion"}),
    ]


class Server:
    def __init__(self, folder):
        self.data = f"{folder}/data"
        self.process = subprocess.Popen([DEPUTY, "serve", "--data", self.data, "--listen", "127.0.0.1:0", "--log-level", "error",
                                         "--organization-accounts", str(MEMBERS + 10), "--tenant-accounts", str(MEMBERS + 10)])
        while not os.path.exists(f"{self.data}/endpoint"):
            time.sleep(0.01)
        self.port = int(open(f"{self.data}/endpoint").read().rsplit(":", 1)[1])

    def account(self, number):
        out = subprocess.run([DEPUTY, "account", "create", number, "--name", "A" + number, "--data", self.data, "--output", "json"],
                             check=True, capture_output=True, text=True).stdout
        made = json.loads(out)
        return made["AccessKeyId"], made["SecretAccessKey"]

    def client(self, service, keys):
        return boto3.client(service, endpoint_url=f"http://127.0.0.1:{self.port}", region_name="us-east-1", aws_access_key_id=keys[0],
                            aws_secret_access_key=keys[1], aws_session_token=keys[2] if len(keys) > 2 else None,
                            config=Config(retries={"max_attempts": 1}))

    def load(self, keys):
        requests = subprocess.run([sys.executable, Path(__file__).parent / "sign_requests.py", "assume-role", str(self.port), "500"],
                                  input=json.dumps(keys).encode(), check=True, capture_output=True).stdout
        with tempfile.NamedTemporaryFile() as file:
            file.write(requests)
            file.flush()
            out = subprocess.run([LOAD, "--port", str(self.port), "--requests", file.name, "--connections", "32", "--count", str(COUNT),
                                  "--expect", "200", "--server-pid", str(self.process.pid), "--json"],
                                 check=True, capture_output=True, text=True).stdout
        return json.loads(out)


def pair(server, keys, caller, owner):
    """A user of one account who may become a role of the other."""
    iam = server.client("iam", keys[caller])
    iam.create_user(UserName="u")
    iam.put_user_policy(UserName="u", PolicyName="p", PolicyDocument=document(
        {"Effect": "Allow", "Action": "sts:AssumeRole", "Resource": f"arn:aws:iam::{owner}:role/*"}))
    key = iam.create_access_key(UserName="u")["AccessKey"]
    server.client("iam", keys[owner]).create_role(RoleName="r", AssumeRolePolicyDocument=document(
        {"Effect": "Allow", "Principal": {"AWS": f"arn:aws:iam::{caller}:user/u"}, "Action": "sts:AssumeRole"}))
    return {"AccessKeyId": key["AccessKeyId"], "SecretAccessKey": key["SecretAccessKey"], "RoleArn": f"arn:aws:iam::{owner}:role/r"}


def reader(server, keys, account):
    """A client of a user who may list users: the root users of members are denied everything by the policies below."""
    iam = server.client("iam", keys[account])
    iam.create_user(UserName="reader")
    iam.put_user_policy(UserName="reader", PolicyName="p", PolicyDocument=document(
        {"Effect": "Allow", "Action": "iam:ListUsers", "Resource": "*"}))
    key = iam.create_access_key(UserName="reader")["AccessKey"]
    return server.client("iam", (key["AccessKeyId"], key["SecretAccessKey"]))


def organize(server, keys):
    """Puts the two accounts five units deep, with five policies of each type on every level."""
    m = server.client("organizations", keys[MANAGEMENT])
    organization = m.create_organization()["Organization"]["Id"]
    root = m.list_roots()["Roots"][0]["Id"]
    for kind in ("SERVICE_CONTROL_POLICY", "RESOURCE_CONTROL_POLICY"):
        m.enable_policy_type(RootId=root, PolicyType=kind)
    places = [root]
    for _ in range(5):
        places.append(m.create_organizational_unit(ParentId=places[-1], Name="unit")["OrganizationalUnit"]["Id"])
    for account in (INSIDE_A, INSIDE_B):
        shake = m.invite_account_to_organization(Target={"Id": account, "Type": "ACCOUNT"})["Handshake"]["Id"]
        server.client("organizations", keys[account]).accept_handshake(HandshakeId=shake)
        m.move_account(AccountId=account, SourceParentId=root, DestinationParentId=places[-1])
    for level, place in enumerate([*places, INSIDE_A, INSIDE_B]):
        for kind, texts in (("SERVICE_CONTROL_POLICY", scps(organization)), ("RESOURCE_CONTROL_POLICY", rcps(organization))):
            for number, text in enumerate(texts):
                policy = m.create_policy(Content=text, Description="", Name=f"{level}-{number}", Type=kind)["Policy"]["PolicySummary"]["Id"]
                m.attach_policy(PolicyId=policy, TargetId=place)
    return m, root


def main():
    with tempfile.TemporaryDirectory() as folder:
        server = Server(folder)
        try:
            keys = {n: server.account(n) for n in (MANAGEMENT, OUTSIDE_A, OUTSIDE_B, INSIDE_A, INSIDE_B)}
            outside, inside = pair(server, keys, OUTSIDE_A, OUTSIDE_B), pair(server, keys, INSIDE_A, INSIDE_B)
            member = reader(server, keys, INSIDE_A)
            m, root = organize(server, keys)
            plain, bound, ratios = [], [], []
            for _ in range(ROUNDS):
                plain.append(server.load(outside)["serverCpuMicros"])
                bound.append(server.load(inside)["serverCpuMicros"])
                ratios.append(bound[-1] / plain[-1])
            print(f"AssumeRole, no organization: {statistics.median(plain):.2f} us of CPU")
            print(f"AssumeRole, five units deep, five SCPs and five RCPs a level: {statistics.median(bound):.2f} us, "
                  f"{statistics.median(ratios):.2f} times that")

            for i in range(MEMBERS):
                m.create_account(Email=f"m{i}@example.com", AccountName=f"m{i}")
            print(f"{MEMBERS} accounts are in the organization now")
            deny = m.create_policy(Content=document({"Effect": "Deny", "Action": "iam:ListUsers", "Resource": "*"}), Description="",
                                   Name="deny", Type="SERVICE_CONTROL_POLICY")["Policy"]["PolicySummary"]["Id"]
            iam = server.client("iam", keys[MANAGEMENT])
            attach, user = [], []
            for i in range(20):
                began = time.perf_counter()
                iam.create_user(UserName=f"x{i}")
                user.append(time.perf_counter() - began)
                member.list_users()
                began = time.perf_counter()
                m.attach_policy(PolicyId=deny, TargetId=root)
                attach.append(time.perf_counter() - began)
                try:
                    member.list_users()
                    sys.exit("the next request did not know of it")
                except ClientError as e:
                    assert e.response["Error"]["Code"] == "AccessDenied" and e.response["Error"]["Message"].endswith(deny), e
                m.detach_policy(PolicyId=deny, TargetId=root)
            print(f"AttachPolicy to its root: {1000 * statistics.median(attach):.1f} ms at the client (CreateUser: "
                  f"{1000 * statistics.median(user):.1f} ms); the next request knew of it 20 times of 20")
        finally:
            server.process.terminate()
            server.process.wait()


if __name__ == "__main__":
    main()
