#!/usr/bin/env python3
"""Makes what bench/run-server asks for: a user in account A, and in account B one role that trusts it, one that asks for
three conditions and takes tags, and one that does not trust it. Uses the AWS CLI. Arguments: folder, port, deputy binary."""
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
        {"Effect": "Allow", "Action": ["sts:AssumeRole", "sts:TagSession"],
         "Resource": "arn:aws:iam::222222222222:role/*"}]}))
trusted = aws("b", "iam", "create-role", "--role-name", "CrossAccountAccessRole", "--assume-role-policy-document",
              allow("arn:aws:iam::111111111111:user/crossAccountUser"))["Role"]["Arn"]
guarded = aws("b", "iam", "create-role", "--role-name", "Guarded", "--assume-role-policy-document",
              json.dumps({"Version": "2012-10-17", "Statement": [
                  {"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::111111111111:user/crossAccountUser"},
                   "Action": ["sts:AssumeRole", "sts:TagSession"],
                   "Condition": {"StringEquals": {"sts:ExternalId": "Customer-4711"},
                                 "ArnLike": {"aws:PrincipalArn": "arn:aws:iam::111111111111:user/*"},
                                 "IpAddress": {"aws:SourceIp": ["10.0.0.0/8", "127.0.0.0/8"]}}}]}))["Role"]["Arn"]
closed = aws("b", "iam", "create-role", "--role-name", "Closed", "--assume-role-policy-document",
             allow("arn:aws:iam::222222222222:root"))["Role"]["Arn"]
for name, arn in (("allowed", trusted), ("guarded", guarded), ("denied", closed)):
    with open(f"{folder}/{name}.json", "w") as file:
        json.dump({"AccessKeyId": key["AccessKeyId"], "SecretAccessKey": key["SecretAccessKey"], "RoleArn": arn}, file)
