"""IAM through boto3: what each operation answers, and in whose words it refuses (docs/wire.md, section 5)."""
import concurrent.futures
import json
import urllib.parse

import botocore.exceptions
import pytest

from conftest import ACCOUNT_A, ACCOUNT_B, Keys

ALLOW = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}
DENY_NOTHING = json.dumps(ALLOW)


def trust(*principals):
    return json.dumps({"Version": "2012-10-17", "Statement": [
        {"Effect": "Allow", "Principal": {"AWS": list(principals)}, "Action": "sts:AssumeRole"}]})


@pytest.fixture
def iam(fresh):
    return fresh.client("iam", fresh.a)


def refused(call, code, message=None, status=None, **parameters):
    with pytest.raises(botocore.exceptions.ClientError) as caught:
        call(**parameters)
    answer = caught.value.response
    assert answer["Error"]["Code"] == code, answer
    if message is not None:
        assert answer["Error"]["Message"] == message
    if status is not None:
        assert answer["ResponseMetadata"]["HTTPStatusCode"] == status


def test_a_quota_is_kept_against_many_who_create_at_once(fresh):
    iam = fresh.client("iam", fresh.a)

    def create(i):
        try:
            iam.create_group(GroupName=f"g{i}")
            return "made"
        except botocore.exceptions.ClientError as error:
            return error.response["Error"]["Code"]

    with concurrent.futures.ThreadPoolExecutor(32) as pool:
        outcomes = list(pool.map(create, range(340)))
    assert outcomes.count("made") == 300
    assert len(iam.list_groups(MaxItems=1000)["Groups"]) == 300
    assert set(outcomes) <= {"made", "LimitExceeded", "ConcurrentModification"}  # the last: whoever lost too often


def test_users_live_and_die(iam):
    user = iam.create_user(UserName="Bob", Path="/dev/", Tags=[{"Key": "Team", "Value": "a"}])["User"]
    assert user["Arn"] == f"arn:aws:iam::{ACCOUNT_A}:user/dev/Bob" and user["UserId"].startswith("AIDA")
    assert len(user["UserId"]) == 21 and user["Tags"] == [{"Key": "Team", "Value": "a"}]
    refused(iam.create_user, "EntityAlreadyExists", "User with name bob already exists.", 409, UserName="bob")
    iam.tag_user(UserName="Bob", Tags=[{"Key": "TEAM", "Value": "b"}])
    assert iam.list_user_tags(UserName="Bob")["Tags"] == [{"Key": "TEAM", "Value": "b"}]
    iam.update_user(UserName="Bob", NewUserName="Robert", NewPath="/")
    refused(iam.get_user, "NoSuchEntity", "The user with name Bob cannot be found.", 404, UserName="Bob")
    assert iam.get_user(UserName="Robert")["User"]["UserId"] == user["UserId"]
    assert "Tags" not in iam.list_users()["Users"][0]

    iam.attach_user_policy(UserName="Robert", PolicyArn="arn:aws:iam::aws:policy/ReadOnlyAccess")
    iam.put_user_policy(UserName="Robert", PolicyName="p", PolicyDocument=DENY_NOTHING)
    iam.create_group(GroupName="G")
    iam.add_user_to_group(GroupName="G", UserName="Robert")
    key = iam.create_access_key(UserName="Robert")["AccessKey"]
    first = "Cannot delete entity, must {} first."
    for undo, parameters, words in (
            (iam.detach_user_policy, {"PolicyArn": "arn:aws:iam::aws:policy/ReadOnlyAccess"}, "detach all policies"),
            (iam.delete_user_policy, {"PolicyName": "p"}, "delete policies"),
            (iam.remove_user_from_group, {"GroupName": "G"}, "remove users from group"),
            (iam.delete_access_key, {"AccessKeyId": key["AccessKeyId"]}, "delete access keys")):
        refused(iam.delete_user, "DeleteConflict", first.format(words), 409, UserName="Robert")
        undo(UserName="Robert", **parameters)
    iam.delete_user(UserName="Robert")
    refused(iam.delete_user, "NoSuchEntity", "The user with name Robert cannot be found.", 404, UserName="Robert")


def test_access_keys(iam, fresh):
    iam.create_user(UserName="u")
    made = [iam.create_access_key(UserName="u")["AccessKey"] for _ in range(2)]
    assert all(len(k["SecretAccessKey"]) == 40 and k["Status"] == "Active" for k in made)
    refused(iam.create_access_key, "LimitExceeded", "Cannot exceed quota for AccessKeysPerUser: 2", 409, UserName="u")
    sts = fresh.client("sts", Keys.of(made[0]))
    assert sts.get_caller_identity()["Arn"].endswith(":user/u")
    assert sts.get_access_key_info and fresh.client("sts", fresh.b).get_access_key_info(
        AccessKeyId=made[0]["AccessKeyId"])["Account"] == ACCOUNT_A
    iam.update_access_key(UserName="u", AccessKeyId=made[0]["AccessKeyId"], Status="Inactive")
    refused(sts.get_caller_identity, "InvalidClientTokenId", status=403)
    iam.update_access_key(UserName="u", AccessKeyId=made[0]["AccessKeyId"], Status="Active")
    sts.get_caller_identity()
    used = iam.get_access_key_last_used(AccessKeyId=made[0]["AccessKeyId"])
    assert used["UserName"] == "u" and used["AccessKeyLastUsed"]["ServiceName"] == "sts"
    never = iam.get_access_key_last_used(AccessKeyId=made[1]["AccessKeyId"])["AccessKeyLastUsed"]
    assert never == {"ServiceName": "N/A", "Region": "N/A"}
    refused(iam.delete_access_key, "NoSuchEntity", "The Access Key with id AKIAAAAAAAAAAAAAAAAA cannot be found.", 404,
            UserName="u", AccessKeyId="AKIAAAAAAAAAAAAAAAAA")
    refused(fresh.client("iam", fresh.b).get_access_key_last_used, "AccessDenied", status=403,
            AccessKeyId=made[0]["AccessKeyId"])


def test_roles_show_what_aws_shows(iam):
    made = iam.create_role(RoleName="R", AssumeRolePolicyDocument=trust(ACCOUNT_A), Description="d")["Role"]
    assert "MaxSessionDuration" not in made and "RoleLastUsed" not in made
    got = iam.get_role(RoleName="R")["Role"]
    assert got["MaxSessionDuration"] == 3600 and got["RoleLastUsed"] == {} and got["Description"] == "d"
    iam.update_role(RoleName="R", MaxSessionDuration=7200, Description="e")
    assert iam.get_role(RoleName="R")["Role"]["MaxSessionDuration"] == 7200
    assert "RoleLastUsed" not in iam.list_roles()["Roles"][0]
    refused(iam.create_role, "EntityAlreadyExists", "Role with name r already exists.", 409, RoleName="r",
            AssumeRolePolicyDocument=trust(ACCOUNT_A))
    iam.put_role_policy(RoleName="R", PolicyName="p", PolicyDocument=DENY_NOTHING)
    assert iam.get_role_policy(RoleName="R", PolicyName="p")["PolicyDocument"] == ALLOW
    refused(iam.delete_role, "DeleteConflict", "Cannot delete entity, must delete policies first.", 409, RoleName="R")
    refused(iam.get_role_policy, "NoSuchEntity", "The role policy with name q cannot be found.", 404, RoleName="R", PolicyName="q")
    iam.delete_role_policy(RoleName="R", PolicyName="p")
    iam.delete_role(RoleName="R")
    refused(iam.get_role, "NoSuchEntity", "The role with name R cannot be found.", 404, RoleName="R")


def test_a_recreated_user_does_not_regain_access(iam, fresh):
    iam_b, arn = fresh.client("iam", fresh.b), f"arn:aws:iam::{ACCOUNT_A}:user/Eve"

    def make_eve():
        iam.create_user(UserName="Eve")
        iam.put_user_policy(UserName="Eve", PolicyName="p", PolicyDocument=DENY_NOTHING)
        return Keys.of(iam.create_access_key(UserName="Eve")["AccessKey"])

    def principal():
        return iam_b.get_role(RoleName="ForEve")["Role"]["AssumeRolePolicyDocument"]["Statement"][0]["Principal"]["AWS"]

    keys = make_eve()
    eve_id = iam.get_user(UserName="Eve")["User"]["UserId"]
    iam_b.create_role(RoleName="ForEve", AssumeRolePolicyDocument=trust(arn))
    role = f"arn:aws:iam::{ACCOUNT_B}:role/ForEve"
    fresh.client("sts", keys).assume_role(RoleArn=role, RoleSessionName="dev")
    assert arn in principal()
    iam.update_user(UserName="Eve", NewUserName="Eva")
    assert f"arn:aws:iam::{ACCOUNT_A}:user/Eva" in principal(), "a renamed user shows under its new name"
    iam.update_user(UserName="Eva", NewUserName="Eve")

    iam.delete_access_key(UserName="Eve", AccessKeyId=keys.id)
    iam.delete_user_policy(UserName="Eve", PolicyName="p")
    iam.delete_user(UserName="Eve")
    assert eve_id in principal(), "a principal that is gone shows as its id"
    again = make_eve()
    refused(fresh.client("sts", again).assume_role, "AccessDenied", status=403, RoleArn=role, RoleSessionName="dev")
    refused(iam_b.update_assume_role_policy, "MalformedPolicyDocument", f'Invalid principal in policy: "AWS":"{eve_id}"', 400,
            RoleName="ForEve", PolicyDocument=trust(eve_id))
    iam_b.update_assume_role_policy(RoleName="ForEve", PolicyDocument=trust(arn))
    fresh.client("sts", again).assume_role(RoleArn=role, RoleSessionName="dev")


def test_managed_policies_and_their_versions(iam):
    policy = iam.create_policy(PolicyName="P", PolicyDocument=DENY_NOTHING, Description="d")["Policy"]
    arn = policy["Arn"]
    assert policy["DefaultVersionId"] == "v1" and policy["AttachmentCount"] == 0 and "Description" not in policy
    refused(iam.create_policy, "EntityAlreadyExists", "A policy called P already exists. Duplicate names are not allowed.", 409,
            PolicyName="P", PolicyDocument=DENY_NOTHING)
    old = json.dumps({"Statement": ALLOW["Statement"]})
    refused(iam.create_policy, "MalformedPolicyDocument", "Policy document must be version 2012-10-17 or greater.", 400,
            PolicyName="Q", PolicyDocument=old)
    for _ in range(4):
        iam.create_policy_version(PolicyArn=arn, PolicyDocument=DENY_NOTHING)
    refused(iam.create_policy_version, "LimitExceeded", "A managed policy can have up to 5 versions. Before you create a new "
            "version, you must delete an existing version.", 409, PolicyArn=arn, PolicyDocument=DENY_NOTHING)
    refused(iam.delete_policy_version, "DeleteConflict", "Cannot delete the default version of a policy.", 409, PolicyArn=arn,
            VersionId="v1")
    iam.delete_policy_version(PolicyArn=arn, VersionId="v2")
    assert iam.create_policy_version(PolicyArn=arn, PolicyDocument=DENY_NOTHING, SetAsDefault=True)[
        "PolicyVersion"]["VersionId"] == "v6", "numbers are never used again"
    iam.create_user(UserName="u")
    iam.attach_user_policy(UserName="u", PolicyArn=arn)
    iam.attach_user_policy(UserName="u", PolicyArn=arn)
    got = iam.get_policy(PolicyArn=arn)["Policy"]
    assert got["AttachmentCount"] == 1 and got["Description"] == "d" and got["Tags"] == [] and got["DefaultVersionId"] == "v6"
    refused(iam.delete_policy, "DeleteConflict", "Cannot delete a policy attached to entities.", 409, PolicyArn=arn)
    assert [u["UserName"] for u in iam.list_entities_for_policy(PolicyArn=arn)["PolicyUsers"]] == ["u"]
    iam.detach_user_policy(UserName="u", PolicyArn=arn)
    refused(iam.detach_user_policy, "NoSuchEntity", f"Policy {arn} was not found.", 404, UserName="u", PolicyArn=arn)
    refused(iam.delete_policy, "DeleteConflict", status=409, PolicyArn=arn)
    missing = f"arn:aws:iam::{ACCOUNT_A}:policy/Nothing"
    refused(iam.attach_user_policy, "NoSuchEntity", f"Policy {missing} does not exist or is not attachable.", 404, UserName="u",
            PolicyArn=missing)


def test_groups_give_their_policies(iam, fresh):
    iam.create_user(UserName="u")
    keys = Keys.of(iam.create_access_key(UserName="u")["AccessKey"])
    s3 = fresh.client("s3", keys)
    refused(s3.list_buckets, "AccessDenied", status=403)
    iam.create_group(GroupName="readers")
    iam.attach_group_policy(GroupName="readers", PolicyArn="arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess")
    iam.add_user_to_group(GroupName="readers", UserName="u")
    s3.list_buckets()
    iam.update_group(GroupName="readers", NewGroupName="viewers")
    s3.list_buckets()
    assert [u["UserName"] for u in iam.get_group(GroupName="viewers")["Users"]] == ["u"]
    refused(iam.delete_group, "DeleteConflict", "Cannot delete entity, must remove users from group first.", 409, GroupName="viewers")
    iam.put_user_policy(UserName="u", PolicyName="never", PolicyDocument=json.dumps(
        {"Version": "2012-10-17", "Statement": [{"Effect": "Deny", "Action": "s3:List*", "Resource": "*"}]}))
    refused(s3.list_buckets, "AccessDenied", f"User: arn:aws:iam::{ACCOUNT_A}:user/u is not authorized to perform: "
            "s3:ListAllMyBuckets with an explicit deny in an identity-based policy", 403)


def test_a_boundary_limits(iam, fresh):
    boundary = iam.create_policy(PolicyName="Limit", PolicyDocument=json.dumps(
        {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:*", "Resource": "*"}]}))["Policy"]["Arn"]
    iam.create_user(UserName="u", PermissionsBoundary=boundary)
    iam.put_user_policy(UserName="u", PolicyName="all", PolicyDocument=DENY_NOTHING)
    keys = Keys.of(iam.create_access_key(UserName="u")["AccessKey"])
    fresh.client("s3", keys).list_buckets()
    refused(fresh.client("iam", keys).list_users, "AccessDenied", f"User: arn:aws:iam::{ACCOUNT_A}:user/u is not authorized to "
            f"perform: iam:ListUsers on resource: arn:aws:iam::{ACCOUNT_A}:user/ because no permissions boundary allows the "
            "iam:ListUsers action", 403)
    refused(iam.delete_policy, "DeleteConflict", status=409, PolicyArn=boundary)
    iam.delete_user_permissions_boundary(UserName="u")
    fresh.client("iam", keys).list_users()


def test_lists_come_in_pages(iam):
    for i in range(7):
        iam.create_user(UserName=f"user-{i}")
    pages = list(iam.get_paginator("list_users").paginate(PaginationConfig={"PageSize": 3}))
    assert [len(page["Users"]) for page in pages] == [3, 3, 1]
    assert [u["UserName"] for page in pages for u in page["Users"]] == [f"user-{i}" for i in range(7)]
    refused(iam.list_users, "ValidationError", "Invalid Marker.", 400, Marker="nonsense")
    aws = [p for page in iam.get_paginator("list_policies").paginate(Scope="AWS") for p in page["Policies"]]
    assert len(aws) > 100 and {"AdministratorAccess", "ReadOnlyAccess", "SecurityAudit"} <= {p["PolicyName"] for p in aws}


def test_documents_come_back_as_they_were_sent(iam, fresh):
    text = '{ "Version" : "2012-10-17",\n  "Statement":[{"Effect":"Allow","Action":"s3:*","Resource":"arn:aws:s3:::b/%3A*"}] }'
    iam.create_user(UserName="u")
    iam.put_user_policy(UserName="u", PolicyName="p", PolicyDocument=text)
    seen = {}
    iam.meta.events.register("before-parse.iam.GetUserPolicy", lambda response_dict, **_: seen.update(response_dict))
    iam.get_user_policy(UserName="u", PolicyName="p")
    raw = seen["body"].decode().split("<PolicyDocument>")[1].split("<")[0]
    assert urllib.parse.unquote(raw) == text and "%20" in raw and "+" not in raw and "%253A" in raw


def test_the_account_itself(iam, fresh):
    iam.create_account_alias(AccountAlias="first-alias")
    assert iam.list_account_aliases()["AccountAliases"] == ["first-alias"]
    refused(fresh.client("iam", fresh.b).create_account_alias, "EntityAlreadyExists", "The account alias first-alias already exists.",
            409, AccountAlias="first-alias")
    iam.delete_account_alias(AccountAlias="first-alias")
    summary = iam.get_account_summary()["SummaryMap"]
    assert summary["AccessKeysPerUserQuota"] == 2 and summary["Users"] == 0 and len(summary) == 34
    assert iam.get_user()["User"]["UserId"] == ACCOUNT_A
    refused(iam.simulate_custom_policy, "NotImplemented", status=501, PolicyInputList=[json.dumps(ALLOW)], ActionNames=["s3:GetObject"])


def test_inline_policies_have_a_size(iam):
    iam.create_user(UserName="u")
    big = json.dumps({"Version": "2012-10-17", "Statement": [
        {"Effect": "Allow", "Action": "s3:GetObject", "Resource": f"arn:aws:s3:::bucket/{i:060}"} for i in range(20)]})
    refused(iam.put_user_policy, "LimitExceeded", "Maximum policy size of 2048 bytes exceeded for user u", 409, UserName="u",
            PolicyName="p", PolicyDocument=big)
    refused(iam.create_role, "LimitExceeded", "Cannot exceed quota for ACLSizePerRole: 2048", 409, RoleName="r",
            AssumeRolePolicyDocument=trust(*[ACCOUNT_A] * 200))


def test_session_policies_and_tags_limit_a_session(iam, fresh):
    iam.create_role(RoleName="R", AssumeRolePolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": [
        {"Effect": "Allow", "Principal": {"AWS": ACCOUNT_A}, "Action": ["sts:AssumeRole", "sts:TagSession"]}]}))
    iam.put_role_policy(RoleName="R", PolicyName="p", PolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": [
        {"Effect": "Allow", "Action": "*", "Resource": "*", "Condition": {"StringEquals": {"aws:PrincipalTag/team": "blue"}}}]}))
    iam.create_user(UserName="u")
    iam.put_user_policy(UserName="u", PolicyName="all", PolicyDocument=DENY_NOTHING)
    sts = fresh.client("sts", Keys.of(iam.create_access_key(UserName="u")["AccessKey"]))
    call = {"RoleArn": f"arn:aws:iam::{ACCOUNT_A}:role/R", "RoleSessionName": "dev"}

    def buckets(**more):
        answer = sts.assume_role(**call, **more)
        return fresh.client("s3", Keys.of(answer["Credentials"])).list_buckets, answer

    plain, _ = buckets()
    refused(plain, "AccessDenied", status=403)
    tagged, answer = buckets(Tags=[{"Key": "team", "Value": "blue"}])
    tagged()
    assert answer["PackedPolicySize"] > 0
    narrowed, _ = buckets(Tags=[{"Key": "team", "Value": "blue"}], Policy=json.dumps(
        {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "iam:*", "Resource": "*"}]}))
    refused(narrowed, "AccessDenied", f"User: arn:aws:sts::{ACCOUNT_A}:assumed-role/R/dev is not authorized to perform: "
            "s3:ListAllMyBuckets because no session policy allows the s3:ListAllMyBuckets action", 403)
