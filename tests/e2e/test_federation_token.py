"""GetFederationToken: what the credentials may do, whose they are, and how long."""
import datetime
import json

import pytest
from botocore.exceptions import ClientError

import guide
from conftest import ACCOUNT_A, ACCOUNT_B, Keys

S3 = guide.policy("Allow", "s3:*", "*")
BUCKETS = guide.policy("Allow", "s3:ListAllMyBuckets", "*")


@pytest.fixture(scope="module")
def portal(cloud):
    """A user who may do everything with S3 and make federated users."""
    iam = cloud.client("iam", cloud.a)
    iam.create_user(UserName="portal", Tags=[{"Key": "Team", "Value": "blue"}])
    iam.put_user_policy(UserName="portal", PolicyName="p", PolicyDocument=guide.policy(
        "Allow", ["s3:*", "iam:*", "sts:GetFederationToken", "sts:TagSession"], "*"))
    return Keys.of(iam.create_access_key(UserName="portal")["AccessKey"])


def federate(cloud, keys, name="mona", **parameters):
    return cloud.client("sts", keys).get_federation_token(Name=name, **parameters)


def refused(call, code, message):
    with pytest.raises(ClientError) as error:
        call()
    said = error.value.response["Error"]
    assert (said["Code"], said["Message"]) == (code, message)


def arn(name):
    return f"arn:aws:sts::{ACCOUNT_A}:federated-user/{name}"


def may_list(cloud, session):
    cloud.client("s3", session).list_buckets()


def test_the_answer(cloud, portal):
    answer = federate(cloud, portal, Policy=BUCKETS)
    assert answer["FederatedUser"] == {"FederatedUserId": f"{ACCOUNT_A}:mona", "Arn": arn("mona")}
    assert 0 < answer["PackedPolicySize"] <= 20
    assert federate(cloud, portal)["PackedPolicySize"] == 0
    who = cloud.client("sts", Keys.of(answer["Credentials"])).get_caller_identity()
    assert (who["Arn"], who["UserId"], who["Account"]) == (arn("mona"), f"{ACCOUNT_A}:mona", ACCOUNT_A)


@pytest.mark.parametrize("asked, seconds", [({}, 43200), ({"DurationSeconds": 900}, 900), ({"DurationSeconds": 129600}, 129600)])
def test_the_duration(cloud, portal, asked, seconds):
    left = federate(cloud, portal, **asked)["Credentials"]["Expiration"] - datetime.datetime.now(datetime.timezone.utc)
    assert abs(left.total_seconds() - seconds) < 30


def test_root_gets_an_hour_whatever_it_asks(cloud):
    answer = federate(cloud, cloud.a, name="of-root", Policy=S3, DurationSeconds=129600)
    left = answer["Credentials"]["Expiration"] - datetime.datetime.now(datetime.timezone.utc)
    assert abs(left.total_seconds() - 3600) < 30
    may_list(cloud, Keys.of(answer["Credentials"]))


def test_permissions_are_the_intersection(cloud, portal):
    list_only = Keys.of(federate(cloud, portal, Policy=BUCKETS)["Credentials"])
    may_list(cloud, list_only)
    refused(lambda: cloud.client("s3", list_only).create_bucket(Bucket="of-mona"), "AccessDenied",
            f'User: {arn("mona")} is not authorized to perform: s3:CreateBucket on resource: "arn:aws:s3:::of-mona" because '
            "no session policy allows the s3:CreateBucket action")
    iam = cloud.client("iam", cloud.a)
    iam.create_user(UserName="small")
    iam.put_user_policy(UserName="small", PolicyName="p",
                        PolicyDocument=guide.policy("Allow", ["sts:GetFederationToken", "s3:CreateBucket"], "*"))
    small = Keys.of(iam.create_access_key(UserName="small")["AccessKey"])
    more = Keys.of(federate(cloud, small, Policy=guide.policy("Allow", "*", "*"))["Credentials"])
    refused(lambda: may_list(cloud, more), "AccessDenied",
            f"User: {arn('mona')} is not authorized to perform: s3:ListAllMyBuckets because no identity-based policy allows "
            "the s3:ListAllMyBuckets action")


def test_a_managed_policy_limits_as_an_inline_one_does(cloud, portal):
    session = Keys.of(federate(cloud, portal, PolicyArns=[{"arn": "arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess"}])["Credentials"])
    may_list(cloud, session)
    with pytest.raises(ClientError):
        cloud.client("s3", session).create_bucket(Bucket="of-mona")
    refused(lambda: federate(cloud, portal, PolicyArns=[{"arn": f"arn:aws:iam::{ACCOUNT_B}:policy/theirs"}]),
            "ValidationError", f"Policy arn:aws:iam::{ACCOUNT_B}:policy/theirs does not exist or is not attachable.")


def test_without_a_session_policy_nothing_is_allowed(cloud, portal):
    session = Keys.of(federate(cloud, portal, name="bare")["Credentials"])
    refused(lambda: may_list(cloud, session), "AccessDenied",
            f"User: {arn('bare')} is not authorized to perform: s3:ListAllMyBuckets because no session policy allows the "
            "s3:ListAllMyBuckets action")


def test_what_a_federated_user_may_not_call(cloud, portal):
    session = Keys.of(federate(cloud, portal, Policy=guide.policy("Allow", "*", "*"))["Credentials"])
    sts = cloud.client("sts", session)
    refused(lambda: cloud.client("iam", session).list_users(), "InvalidClientTokenId",
            "The security token included in the request is invalid")
    role = f"arn:aws:iam::{ACCOUNT_A}:role/x"
    for operation, call in (
            ("AssumeRole", lambda: sts.assume_role(RoleArn=role, RoleSessionName="xx")),
            ("GetFederationToken", lambda: sts.get_federation_token(Name="again")),
            ("GetSessionToken", sts.get_session_token),
            ("DecodeAuthorizationMessage", lambda: sts.decode_authorization_message(EncodedMessage="x")),
            ("GetAccessKeyInfo", lambda: sts.get_access_key_info(AccessKeyId=session.id))):
        refused(call, "AccessDenied", f"Cannot call {operation} with session credentials")


def test_tags_need_a_permission_of_their_own(cloud, portal):
    tags = [{"Key": "Team", "Value": "red"}]
    policy = json.dumps({"Version": "2012-10-17", "Statement": [
        {"Effect": "Allow", "Action": "s3:ListAllMyBuckets", "Resource": "*",
         "Condition": {"StringEquals": {"aws:PrincipalTag/Team": "red"}}}]})
    may_list(cloud, Keys.of(federate(cloud, portal, Policy=policy, Tags=tags)["Credentials"]))
    with pytest.raises(ClientError):  # the user's own tag is blue
        may_list(cloud, Keys.of(federate(cloud, portal, Policy=policy)["Credentials"]))
    iam = cloud.client("iam", cloud.a)
    iam.create_user(UserName="tagless")
    iam.put_user_policy(UserName="tagless", PolicyName="p", PolicyDocument=guide.policy("Allow", "sts:GetFederationToken", "*"))
    keys = Keys.of(iam.create_access_key(UserName="tagless")["AccessKey"])
    refused(lambda: federate(cloud, keys, Tags=tags), "AccessDenied",
            f"User: arn:aws:iam::{ACCOUNT_A}:user/tagless is not authorized to perform: sts:TagSession on resource: "
            f"{arn('mona')} because no identity-based policy allows the sts:TagSession action")


def test_a_session_ends_with_its_user(cloud):
    iam = cloud.client("iam", cloud.a)
    iam.create_user(UserName="leaver")
    iam.put_user_policy(UserName="leaver", PolicyName="p", PolicyDocument=guide.policy("Allow", "*", "*"))
    key = iam.create_access_key(UserName="leaver")["AccessKey"]
    session = Keys.of(federate(cloud, Keys.of(key), Policy=S3)["Credentials"])
    may_list(cloud, session)
    iam.put_user_policy(UserName="leaver", PolicyName="p", PolicyDocument=guide.policy("Deny", "s3:*", "*"))
    with pytest.raises(ClientError):  # the user's policies count with each request
        may_list(cloud, session)
    iam.delete_user_policy(UserName="leaver", PolicyName="p")
    iam.delete_access_key(UserName="leaver", AccessKeyId=key["AccessKeyId"])
    iam.delete_user(UserName="leaver")
    refused(lambda: cloud.client("sts", session).get_caller_identity(), "InvalidClientTokenId",
            "The security token included in the request is invalid.")
