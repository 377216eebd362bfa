#!/usr/bin/env python3
"""Makes what bench/run-server asks for: a user in account A, and in account B one role that trusts it and one that does
not. Uses the AWS CLI. Arguments: folder, port, deputy binary."""
import json
import os
import subprocess
import sys

folder = sys.argv[1]


def aws(profile, *arguments):
    command = os.environ.get("AWS", "aws")
    out = subprocess.run([command, "--profile", profile, *arguments, "--output", "json"], check=True, capture_output=True,
                         text=True).stdout
    return json.loads(out) if out.strip() else {}


def allow(principal):
    return json.dumps({"Version": "2012-10-17", "Statement": [
        {"Effect": "Allow", "Principal": {"AWS": principal}, "Action": "sts:AssumeRole"}]})


aws("a", "iam", "create-user", "--user-name", "crossAccountUser")
key = aws("a", "iam", "create-access-key", "--user-name", "crossAccountUser")["AccessKey"]
aws("a", "iam", "put-user-policy", "--user-name", "crossAccountUser", "--policy-name", "assume", "--policy-document",
    json.dumps({"Version": "2012-10-17", "Statement": [
        {"Effect": "Allow", "Action": "sts:AssumeRole", "Resource": "arn:aws:iam::222222222222:role/*"}]}))
trusted = aws("b", "iam", "create-role", "--role-name", "CrossAccountAccessRole", "--assume-role-policy-document",
              allow("arn:aws:iam::111111111111:user/crossAccountUser"))["Role"]["Arn"]
closed = aws("b", "iam", "create-role", "--role-name", "Closed", "--assume-role-policy-document",
             allow("arn:aws:iam::222222222222:root"))["Role"]["Arn"]
for name, arn in (("allowed", trusted), ("denied", closed)):
    with open(f"{folder}/{name}.json", "w") as file:
        json.dump({"AccessKeyId": key["AccessKeyId"], "SecretAccessKey": key["SecretAccessKey"], "RoleArn": arn}, file)
