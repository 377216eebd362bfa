"""Every AWS managed policy through boto3: listed, read, attached to a role and taken off again."""
import json

import botocore.exceptions
import pytest

from conftest import ACCOUNT_A

TRUST = json.dumps({"Version": "2012-10-17", "Statement": [
    {"Effect": "Allow", "Principal": {"AWS": ACCOUNT_A}, "Action": "sts:AssumeRole"}]})


def test_each_is_attached_to_a_role_and_its_document_read(cloud):
    iam = cloud.client("iam", cloud.a)
    iam.create_role(RoleName="Everything", AssumeRolePolicyDocument=TRUST)
    pages = iam.get_paginator("list_policies").paginate(Scope="AWS", MaxItems=1000)
    policies = [policy for page in pages for policy in page["Policies"]]
    assert len(policies) >= 1485 and len({policy["PolicyId"] for policy in policies}) == len(policies)
    created = [policy["CreateDate"] for policy in policies]
    assert created == sorted(created)

    for policy in policies:
        arn, version = policy["Arn"], policy["DefaultVersionId"]
        if policy["Path"] == "/aws-service-role/":  # of AWS's services alone
            with pytest.raises(botocore.exceptions.ClientError) as refused:
                iam.attach_role_policy(RoleName="Everything", PolicyArn=arn)
            assert refused.value.response["Error"]["Code"] == "PolicyNotAttachable", arn
        else:
            iam.attach_role_policy(RoleName="Everything", PolicyArn=arn)
            assert iam.get_policy(PolicyArn=arn)["Policy"]["AttachmentCount"] == 1, arn
            iam.detach_role_policy(RoleName="Everything", PolicyArn=arn)
        shown = iam.get_policy_version(PolicyArn=arn, VersionId=version)["PolicyVersion"]
        assert shown["IsDefaultVersion"] and shown["Document"]["Statement"], arn
        assert [v["VersionId"] for v in iam.list_policy_versions(PolicyArn=arn)["Versions"]] == [version]
