"""Buckets as S3 answers for them: where they are, how they are listed, and by which host names they are found."""
import http.client
import json

import boto3
import botocore
import botocore.config
import botocore.exceptions
import pytest
from botocore.auth import S3SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from conftest import ACCOUNT_A, ACCOUNT_B, Cloud
from deputy import Server


def refusal(call, **parameters):
    with pytest.raises(botocore.exceptions.ClientError) as refused:
        call(**parameters)
    return refused.value.response["Error"]


def at(place):
    return {"CreateBucketConfiguration": {"LocationConstraint": place}}


@pytest.mark.parametrize("region, place", [("eu-west-1", "bar"), ("us-east-2", "us-east-1"), ("us-east-2", "EU"),
                                           ("eu-west-1", "aws-global"), ("eu-west-1", "eu-west-2")])
def test_a_place_that_is_not_the_endpoints(cloud, region, place):
    error = refusal(cloud.client("s3", cloud.a, region).create_bucket, Bucket="elsewhere", **at(place))
    assert error == {"Code": "IllegalLocationConstraintException",
                     "Message": f"The {place} location constraint is incompatible for the region specific endpoint this "
                                "request was sent to."}


@pytest.mark.parametrize("place", ["us-east-1", "bar", "xx-west-9"])
def test_a_place_that_is_none_for_the_classic_region(cloud, place):
    error = refusal(cloud.client("s3", cloud.a).create_bucket, Bucket="elsewhere", **at(place))
    assert error == {"Code": "InvalidLocationConstraint", "Message": "The specified location-constraint is not valid",
                     "LocationConstraint": place}


def test_europe_is_another_name_of_eu_west_1(cloud):
    s3 = cloud.client("s3", cloud.a, "eu-west-1")
    s3.create_bucket(Bucket="made-in-europe", **at("EU"))
    assert s3.head_bucket(Bucket="made-in-europe")["BucketRegion"] == "eu-west-1"
    assert s3.get_bucket_location(Bucket="made-in-europe")["LocationConstraint"] == "EU"
    found = s3.list_buckets(BucketRegion="eu-west-1", Prefix="made-in-europe")["Buckets"]
    assert [bucket["BucketRegion"] for bucket in found] == ["eu-west-1"]
    assert not s3.list_buckets(BucketRegion="EU", Prefix="made-in-europe")["Buckets"]


def test_what_a_list_of_buckets_shows(cloud):
    s3 = cloud.client("s3", cloud.a)
    s3.create_bucket(Bucket="shown-in-lists")
    plain = next(b for b in s3.list_buckets()["Buckets"] if b["Name"] == "shown-in-lists")
    assert plain["BucketArn"] == "arn:aws:s3:::shown-in-lists" and "BucketRegion" not in plain
    paged = s3.list_buckets(Prefix="shown-in-lists", MaxBuckets=1)["Buckets"][0]
    assert paged["BucketArn"] == plain["BucketArn"] and paged["BucketRegion"] == "us-east-1"


def hosted(server, keys, host, path="/", **headers):
    """A client whose requests go to `server` under the name `host`."""
    request = AWSRequest("GET", f"http://{host}{path}", headers={"Host": host, **headers})
    S3SigV4Auth(Credentials(keys.id, keys.secret), "s3", "us-east-1").add_auth(request)
    line = http.client.HTTPConnection("127.0.0.1", server.port, timeout=30)
    line.request("GET", path, headers=dict(request.headers))
    answer = line.getresponse()
    return answer.status, answer.read().decode()


def test_a_bucket_in_an_unknown_host_name_is_no_list_of_buckets(cloud):
    status, body = hosted(cloud.server, cloud.a, "some-bucket.s3.corp.example", "/?list-type=2")
    assert status == 400 and "<Code>InvalidRequest</Code>" in body and "--domain" in body
    assert "<HostName>some-bucket.s3.corp.example</HostName>" in body and "ListAllMyBuckets" not in body


def test_names_below_a_configured_domain_are_awss(tmp_path):
    server = Server(tmp_path).start("--domain", "corp.example", "--domain", "other.example")
    try:
        cloud = Cloud(server)
        cloud.client("s3", cloud.a).create_bucket(Bucket="some-bucket")
        for host in ("some-bucket.s3.corp.example", "some-bucket.S3.other.example", "some-bucket.corp.example"):
            status, body = hosted(server, cloud.a, host, "/?list-type=2")
            assert status == 200 and "<Name>some-bucket</Name>" in body, body
        status, body = hosted(server, cloud.a, "s3.corp.example")
        assert status == 200 and "ListAllMyBucketsResult" in body, body
    finally:
        server.stop()


@pytest.mark.parametrize("name", ["amazonaws.com", "s3.amazonaws.com", "localhost", "a..b", "-a.example", "corp example", "x" * 64])
def test_what_is_no_domain(tmp_path, name):
    server = Server(tmp_path)
    done = server.run("serve", "--listen", "127.0.0.1:0", "--data", server.data, f"--domain={name}", check=False)
    assert done.returncode == 1 and "is no domain" in done.stderr, done.stderr


# --- who may touch a bucket, as boto3 sets and reads it (tests/wire/s3-access.json decides the requests) ---------------


def open_to(account, bucket, action="s3:ListBucket"):
    return json.dumps({"Version": "2012-10-17", "Statement": {
        "Effect": "Allow", "Principal": {"AWS": account}, "Action": action, "Resource": f"arn:aws:s3:::{bucket}"}})


def test_a_policy_opens_a_bucket_to_another_account(cloud):
    owner, guest = cloud.client("s3", cloud.a), cloud.client("s3", cloud.b)
    owner.create_bucket(Bucket="opened-to-b")
    assert refusal(guest.list_objects_v2, Bucket="opened-to-b") == {"Code": "AccessDenied", "Message": "Access Denied"}
    owner.put_bucket_policy(Bucket="opened-to-b", Policy=open_to(ACCOUNT_B, "opened-to-b"))
    assert guest.list_objects_v2(Bucket="opened-to-b")["KeyCount"] == 0
    assert json.loads(owner.get_bucket_policy(Bucket="opened-to-b")["Policy"])["Statement"]["Principal"] == {"AWS": ACCOUNT_B}
    assert owner.get_bucket_policy_status(Bucket="opened-to-b")["PolicyStatus"] == {"IsPublic": False}
    said = refusal(owner.put_bucket_policy, Bucket="opened-to-b", Policy=open_to(f"arn:aws:iam::{ACCOUNT_B}:role/none", "opened-to-b"))
    assert said == {"Code": "MalformedPolicy", "Message": "Invalid principal in policy", "Detail": f'"AWS" : "arn:aws:iam::{ACCOUNT_B}:role/none"'}
    owner.delete_bucket_policy(Bucket="opened-to-b")
    assert refusal(guest.list_objects_v2, Bucket="opened-to-b")["Code"] == "AccessDenied"


def test_public_is_blocked_until_it_is_not(cloud):
    owner = cloud.client("s3", cloud.a)
    anybody = boto3.client("s3", "us-east-1", endpoint_url=cloud.server.endpoint, config=botocore.config.Config(signature_version=botocore.UNSIGNED))
    owner.create_bucket(Bucket="opened-to-all")
    assert set(owner.get_public_access_block(Bucket="opened-to-all")["PublicAccessBlockConfiguration"].values()) == {True}
    assert "BlockPublicPolicy" in refusal(owner.put_bucket_policy, Bucket="opened-to-all", Policy=open_to("*", "opened-to-all"))["Message"]
    owner.delete_public_access_block(Bucket="opened-to-all")
    owner.put_bucket_policy(Bucket="opened-to-all", Policy=open_to("*", "opened-to-all"))
    assert owner.get_bucket_policy_status(Bucket="opened-to-all")["PolicyStatus"] == {"IsPublic": True}
    assert anybody.list_objects_v2(Bucket="opened-to-all")["KeyCount"] == 0
    owner.put_public_access_block(Bucket="opened-to-all", PublicAccessBlockConfiguration={"RestrictPublicBuckets": True})
    assert refusal(anybody.list_objects_v2, Bucket="opened-to-all")["Code"] == "AccessDenied"


def test_lists_and_ownership(cloud):
    owner = cloud.client("s3", cloud.a)
    owner.create_bucket(Bucket="with-lists", ObjectOwnership="BucketOwnerPreferred")
    me, other = owner.list_buckets()["Owner"]["ID"], cloud.client("s3", cloud.b).list_buckets()["Owner"]["ID"]
    rules = owner.get_bucket_ownership_controls(Bucket="with-lists")["OwnershipControls"]["Rules"]
    assert rules == [{"ObjectOwnership": "BucketOwnerPreferred"}]
    assert owner.get_bucket_acl(Bucket="with-lists")["Grants"] == [{"Grantee": {"ID": me, "Type": "CanonicalUser"}, "Permission": "FULL_CONTROL"}]
    grants = [{"Grantee": {"ID": other, "Type": "CanonicalUser"}, "Permission": "READ"},
              {"Grantee": {"URI": "http://acs.amazonaws.com/groups/s3/LogDelivery", "Type": "Group"}, "Permission": "WRITE"}]
    owner.put_bucket_acl(Bucket="with-lists", AccessControlPolicy={"Owner": {"ID": me}, "Grants": grants})
    shown = owner.get_bucket_acl(Bucket="with-lists")
    assert shown["Grants"] == grants and shown["Owner"] == {"ID": me}
    assert cloud.client("s3", cloud.b).list_objects_v2(Bucket="with-lists")["KeyCount"] == 0
    owner.put_bucket_acl(Bucket="with-lists", GrantFullControl=f'id="{me}"')
    owner.put_bucket_ownership_controls(Bucket="with-lists", OwnershipControls={"Rules": [{"ObjectOwnership": "BucketOwnerEnforced"}]})
    assert refusal(owner.put_bucket_acl, Bucket="with-lists", ACL="private")["Code"] == "AccessControlListNotSupported"


def test_an_accounts_block_is_asked_for_below_its_own_name(cloud):
    """SDKs put the account in front of the endpoint's name, and into a header."""
    path, host = "/v20180820/configuration/publicAccessBlock", f"{ACCOUNT_A}.deputy.example"
    status, body = hosted(cloud.server, cloud.a, host, path, **{"x-amz-account-id": ACCOUNT_A})
    assert status == 404 and body.startswith('<?xml version="1.0" encoding="UTF-8"?>\n<ErrorResponse xmlns="http://awss3control.amazonaws.com/')
    assert "<Code>NoSuchPublicAccessBlockConfiguration</Code>" in body and f"<AccountId>{ACCOUNT_A}</AccountId>" in body
    status, body = hosted(cloud.server, cloud.b, host, path, **{"x-amz-account-id": ACCOUNT_A})
    assert status == 403 and "<Code>AccessDenied</Code>" in body
    status, body = hosted(cloud.server, cloud.a, host, "/v20180820/accesspoint/p", **{"x-amz-account-id": ACCOUNT_A})
    assert status == 501 and "s3control:GetAccessPoint" in body
