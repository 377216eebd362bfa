"""The condition keys that S3's requests have: how they were signed, and what they ask for."""
import json
import urllib.error
import urllib.request

import pytest
from botocore.exceptions import ClientError

from conftest import ACCOUNT_A, Keys

EVERYTHING = {"Effect": "Allow", "Action": "s3:*", "Resource": "*"}


@pytest.fixture(scope="module")
def bucket(cloud):
    cloud.client("s3", cloud.a).create_bucket(Bucket="keys-of-s3")
    return "keys-of-s3"


@pytest.fixture(scope="module")
def user(cloud):
    iam = cloud.client("iam", cloud.a)
    iam.create_user(UserName="s3-keys")
    return Keys.of(iam.create_access_key(UserName="s3-keys")["AccessKey"])


def allowed(cloud, call, *statements):
    """Whether the user's call succeeds under these statements alone."""
    cloud.client("iam", cloud.a).put_user_policy(UserName="s3-keys", PolicyName="p", PolicyDocument=json.dumps(
        {"Version": "2012-10-17", "Statement": list(statements)}))
    try:
        call()
    except ClientError as error:
        assert error.response["Error"]["Code"] == "AccessDenied", error
        return False
    except urllib.error.HTTPError as error:
        assert error.code == 403, error
        return False
    return True


def deny(operator, key, value):
    return {"Effect": "Deny", "Action": "s3:*", "Resource": "*", "Condition": {operator: {key: value}}}


def only(operator, key, value):
    return EVERYTHING | {"Condition": {operator: {key: value}}}


def test_how_it_was_signed(cloud, user):
    s3 = cloud.client("s3", user, signature_version="s3v4")
    url = s3.generate_presigned_url("list_buckets", ExpiresIn=900)

    def presigned():
        return urllib.request.urlopen(url, timeout=20)

    assert allowed(cloud, s3.list_buckets, only("StringEquals", "s3:authType", "REST-HEADER"))
    assert not allowed(cloud, presigned, only("StringEquals", "s3:authType", "REST-HEADER"))
    assert allowed(cloud, presigned, only("StringEquals", "s3:authType", "REST-QUERY-STRING"))
    assert allowed(cloud, presigned, only("StringEquals", "s3:signatureversion", "AWS4-HMAC-SHA256"))
    assert not allowed(cloud, s3.list_buckets, EVERYTHING, deny("StringNotEquals", "s3:signatureversion", "AWS"))
    # The age of a signature in milliseconds; a signed header has none.
    assert allowed(cloud, presigned, EVERYTHING, deny("NumericGreaterThan", "s3:signatureAge", "600000"))
    assert not allowed(cloud, presigned, EVERYTHING, deny("NumericLessThan", "s3:signatureAge", "600000"))
    assert allowed(cloud, s3.list_buckets, EVERYTHING, deny("NumericLessThan", "s3:signatureAge", "600000"))
    assert allowed(cloud, s3.list_buckets, EVERYTHING, deny("StringEquals", "s3:x-amz-content-sha256", "UNSIGNED-PAYLOAD"))
    assert allowed(cloud, s3.list_buckets, only("Null", "s3:TlsVersion", "true"))


def test_what_it_asks_for(cloud, user, bucket):
    s3 = cloud.client("s3", user)

    def listing(**parameters):
        return lambda: s3.list_objects_v2(Bucket=bucket, **parameters)

    home = only("StringLike", "s3:prefix", "home/${aws:username}/*")
    assert allowed(cloud, listing(Prefix="home/s3-keys/x"), home)
    assert not allowed(cloud, listing(Prefix="home/erin/x"), home)
    assert not allowed(cloud, listing(), home)
    assert allowed(cloud, listing(), only("Null", "s3:prefix", "true"))
    assert allowed(cloud, listing(Delimiter="/"), only("StringEquals", "s3:delimiter", "/"))
    assert allowed(cloud, listing(MaxKeys=10), only("NumericLessThanEquals", "s3:max-keys", "10"))
    assert not allowed(cloud, listing(MaxKeys=11), only("NumericLessThanEquals", "s3:max-keys", "10"))
    assert allowed(cloud, listing(), only("StringEquals", "s3:ResourceAccount", ACCOUNT_A))
    assert not allowed(cloud, listing(), only("StringEquals", "s3:ResourceAccount", "333333333333"))
    assert allowed(cloud, listing(), only("StringEquals", "aws:ResourceAccount", ACCOUNT_A))


def test_where_and_how_a_bucket_is_made(cloud, user):
    s3 = cloud.client("s3", user)

    def make(name, **parameters):
        return lambda: s3.create_bucket(Bucket=name, **parameters)

    west = {"CreateBucketConfiguration": {"LocationConstraint": "eu-west-1"}}
    assert allowed(cloud, make("of-the-west", **west), only("StringEquals", "s3:LocationConstraint", "eu-west-1"))
    assert not allowed(cloud, make("of-nowhere"), only("StringEquals", "s3:LocationConstraint", "eu-west-1"))
    assert allowed(cloud, make("with-acl", ACL="private"), only("StringEquals", "s3:x-amz-acl", "private"))
    assert not allowed(cloud, make("without-acl"), only("StringEquals", "s3:x-amz-acl", "private"))
