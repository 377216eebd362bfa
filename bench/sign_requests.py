#!/usr/bin/env python3
"""Writes ready-made, signed requests for deputy_load: bench/sign_requests.py KIND PORT COUNT < credentials.json > FILE.

KIND: caller-identity, assume-role, conditions (with an external id, tags and a session policy), denied. Credentials: {"AccessKeyId", "SecretAccessKey", "RoleArn" or "RoleArns"}.
Signatures last fifteen minutes.
"""
import datetime
import hashlib
import hmac
import json
import sys
from urllib.parse import urlencode


SESSION_POLICY = json.dumps({"Version": "2012-10-17", "Statement": [
    {"Effect": "Allow", "Action": ["s3:GetObject", "s3:ListBucket"],
     "Resource": ["arn:aws:s3:::reports", "arn:aws:s3:::reports/${aws:PrincipalTag/Project}/*"]}]})


def signed(body, keys, port, service="sts"):
    now = datetime.datetime.now(datetime.timezone.utc)
    stamp, day = now.strftime("%Y%m%dT%H%M%SZ"), now.strftime("%Y%m%d")
    host = f"127.0.0.1:{port}"
    content_type = "application/x-www-form-urlencoded; charset=utf-8"
    canonical = "\n".join(["POST", "/", "", f"content-type:{content_type}", f"host:{host}", f"x-amz-date:{stamp}", "",
                           "content-type;host;x-amz-date", hashlib.sha256(body.encode()).hexdigest()])
    scope = f"{day}/us-east-1/{service}/aws4_request"
    to_sign = "\n".join(["AWS4-HMAC-SHA256", stamp, scope, hashlib.sha256(canonical.encode()).hexdigest()])
    key = ("AWS4" + keys["SecretAccessKey"]).encode()
    for part in scope.split("/"):
        key = hmac.new(key, part.encode(), hashlib.sha256).digest()
    signature = hmac.new(key, to_sign.encode(), hashlib.sha256).hexdigest()
    authorization = (f"AWS4-HMAC-SHA256 Credential={keys['AccessKeyId']}/{scope}, "
                     f"SignedHeaders=content-type;host;x-amz-date, Signature={signature}")
    return (f"POST / HTTP/1.1\r\nHost: {host}\r\nContent-Type: {content_type}\r\nX-Amz-Date: {stamp}\r\n"
            f"Authorization: {authorization}\r\nUser-Agent: load\r\nContent-Length: {len(body)}\r\n\r\n{body}").encode()


def main():
    kind, port, count = sys.argv[1], sys.argv[2], int(sys.argv[3])
    keys = json.load(sys.stdin)
    roles = keys.get("RoleArns") or [keys.get("RoleArn")]
    for i in range(count):
        if kind == "caller-identity":
            parameters = {"Action": "GetCallerIdentity", "Version": "2011-06-15"}
        else:
            parameters = {"Action": "AssumeRole", "Version": "2011-06-15", "RoleArn": roles[i % len(roles)],
                          "RoleSessionName": f"load-{i % 97}"}
        if kind == "conditions":
            parameters |= {"ExternalId": "Customer-4711", "Policy": SESSION_POLICY,
                           "Tags.member.1.Key": "Project", "Tags.member.1.Value": f"apollo-{i % 11}",
                           "Tags.member.2.Key": "CostCenter", "Tags.member.2.Value": "4711",
                           "TransitiveTagKeys.member.1": "Project"}
        request = signed(urlencode(parameters), keys, port)
        sys.stdout.buffer.write(str(len(request)).encode() + b"\n" + request)


if __name__ == "__main__":
    main()
