"""Centralized root access: IAM's two switches, and sts:AssumeRoot, which does one task as the root user of a member."""
import json
import time

import pytest
from botocore.exceptions import ClientError

import guide
from conftest import Keys
from sigv4 import Request, Scope, form, now, send, sign, stamp
from test_organizations import MANAGEMENT, MEMBER, OUTSIDER, Organization

TASKS = "arn:aws:iam::aws:policy/root-task/"
AUDIT, DELETE, PASSWORD = TASKS + "IAMAuditRootUserCredentials", TASKS + "IAMDeleteRootUserCredentials", TASKS + "IAMCreateRootUserPassword"
UNLOCK_BUCKET, UNLOCK_QUEUE = TASKS + "S3UnlockBucketPolicy", TASKS + "SQSUnlockQueuePolicy"
ADMIN = f"arn:aws:iam::{MANAGEMENT}:user/admin"
ROOT_OF = "arn:aws:iam::{}:root".format


@pytest.fixture
def org(server):
    """An organization with centralized root access, and an administrator of its management account."""
    org = Organization(server.start("--movable-clock"))
    org.of(MANAGEMENT).enable_aws_service_access(ServicePrincipal="iam.amazonaws.com")
    iam = org.of(MANAGEMENT, "iam")
    iam.enable_organizations_root_credentials_management()
    iam.enable_organizations_root_sessions()
    org.admin = org.user(MANAGEMENT, "admin", "sts:*")
    return org


def assume_root(org, keys, target=MEMBER, task=AUDIT, **parameters):
    return org.cloud.client("sts", keys).assume_root(TargetPrincipal=target, TaskPolicyArn={"arn": task}, **parameters)


def root_of(org, task, target=MEMBER):
    return Keys.of(assume_root(org, org.admin, target, task)["Credentials"])


def code_of(call, *arguments, **parameters):
    with pytest.raises(ClientError) as refused:
        call(*arguments, **parameters)
    return refused.value.response["Error"]["Code"], refused.value.response["Error"]["Message"]


def refusal(who, target):
    return "AccessDenied", guide.not_authorized(who, "sts:AssumeRoot", ROOT_OF(target))


def test_the_features_are_switched_by_whom_they_should(server):
    org = Organization(server.start())
    management, member, outsider = (org.of(account, "iam") for account in (MANAGEMENT, MEMBER, OUTSIDER))
    enable = ("enable_organizations_root_credentials_management", "enable_organizations_root_sessions")
    disable = ("disable_organizations_root_credentials_management", "disable_organizations_root_sessions")
    for operation in (*enable, *disable, "list_organizations_features"):
        assert code_of(getattr(outsider, operation)) == (
            "OrganizationNotFoundException",
            "The request was rejected because no organization is associated with your account.")
        assert code_of(getattr(management, operation))[0] == "ServiceAccessNotEnabledException"
        assert code_of(getattr(member, operation))[0] == (
            "CallerIsNotManagementAccountException" if operation in enable
            else "AccountNotManagementOrDelegatedAdministratorException")
    org.of(MANAGEMENT).enable_aws_service_access(ServicePrincipal="iam.amazonaws.com")

    def features(client):
        said = client.list_organizations_features()
        assert said["OrganizationId"] == org.id
        return said["EnabledFeatures"]
    assert features(management) == []
    said = management.enable_organizations_root_sessions()
    assert (said["OrganizationId"], said["EnabledFeatures"]) == (org.id, ["RootSessions"])
    said = management.enable_organizations_root_credentials_management()
    assert said["EnabledFeatures"] == ["RootCredentialsManagement", "RootSessions"] == features(management)
    org.of(MANAGEMENT).register_delegated_administrator(AccountId=MEMBER, ServicePrincipal="iam.amazonaws.com")
    assert features(member) == ["RootCredentialsManagement", "RootSessions"]
    assert code_of(member.enable_organizations_root_sessions)[0] == "CallerIsNotManagementAccountException"
    assert member.disable_organizations_root_sessions()["EnabledFeatures"] == ["RootCredentialsManagement"]
    assert management.disable_organizations_root_credentials_management()["EnabledFeatures"] == []

    org.of(MANAGEMENT).deregister_delegated_administrator(AccountId=MEMBER, ServicePrincipal="iam.amazonaws.com")
    org.of(MEMBER).leave_organization()
    org.of(MANAGEMENT).delete_organization()
    org.of(MANAGEMENT).create_organization(FeatureSet="CONSOLIDATED_BILLING")
    assert code_of(management.list_organizations_features)[0] == "OrganizationNotInAllFeaturesModeException"


def test_a_session_is_root_for_its_task_alone(org):
    said = assume_root(org, org.admin, ROOT_OF(MEMBER), DurationSeconds=600)
    assert set(said) == {"Credentials", "SessionTokenSize", "SessionTokenUtilization", "ResponseMetadata"}
    keys = Keys.of(said["Credentials"])
    assert 590 < said["Credentials"]["Expiration"].timestamp() - time.time() <= 600
    identity = org.cloud.client("sts", keys).get_caller_identity()
    assert (identity["Arn"], identity["UserId"], identity["Account"]) == (ROOT_OF(MEMBER), MEMBER, MEMBER)
    iam = org.cloud.client("iam", keys)
    listed, = iam.list_access_keys()["AccessKeyMetadata"]
    assert listed["AccessKeyId"] == org.keys[MEMBER].id
    assert iam.get_access_key_last_used(AccessKeyId=listed["AccessKeyId"])["AccessKeyLastUsed"]["ServiceName"]
    assert iam.get_account_summary()["SummaryMap"]["AccountAccessKeysPresent"] == 1
    assert iam.get_user()["User"]["Arn"] == ROOT_OF(MEMBER)
    assert iam.list_mfa_devices()["MFADevices"] == []
    for call, action, resource in ((lambda: iam.list_users(), "iam:ListUsers", f"arn:aws:iam::{MEMBER}:user/"),
                                   (lambda: iam.create_access_key(), "iam:CreateAccessKey", ROOT_OF(MEMBER)),
                                   (lambda: iam.list_access_keys(UserName="x"), "iam:ListAccessKeys",
                                    f"arn:aws:iam::{MEMBER}:user/x"),
                                   (lambda: iam.delete_access_key(AccessKeyId=listed["AccessKeyId"]),
                                    "iam:DeleteAccessKey", ROOT_OF(MEMBER))):
        assert code_of(call) == ("AccessDenied", guide.not_authorized(
            ROOT_OF(MEMBER), action, resource, "with an explicit deny in a session policy: "
            "arn:aws:iam::aws:policy/root-task/IAMAuditRootUserCredentials"))
    assert code_of(org.cloud.client("s3", keys).list_buckets)[0] == "AccessDenied"
    assert code_of(org.cloud.client("organizations", keys).describe_organization)[0] == "AccessDeniedException"
    sts = org.cloud.client("sts", keys)
    assert code_of(sts.get_session_token) == ("AccessDenied", "Cannot call GetSessionToken with session credentials")
    assert code_of(sts.assume_role, RoleArn=f"arn:aws:iam::{MEMBER}:role/x", RoleSessionName="ss") == (
        "AccessDenied", "Roles may not be assumed by root accounts.")


def test_the_root_users_keys_are_deleted(org):
    key = org.keys[MEMBER].id
    iam = org.cloud.client("iam", root_of(org, DELETE))
    assert [listed["AccessKeyId"] for listed in iam.list_access_keys()["AccessKeyMetadata"]] == [key]
    assert code_of(iam.delete_user, UserName="x")[0] == "AccessDenied"
    iam.delete_access_key(AccessKeyId=key)
    assert code_of(org.of(MEMBER, "sts").get_caller_identity)[0] == "InvalidClientTokenId"
    assert iam.list_access_keys()["AccessKeyMetadata"] == []
    for call in (iam.get_login_profile, iam.delete_login_profile):  # root users have no passwords here
        assert code_of(call) == ("NoSuchEntity", "Login Profile for User root cannot be found.")


def test_a_bucket_is_unlocked(org):
    s3 = org.of(MEMBER, "s3")
    s3.create_bucket(Bucket="locked-out")
    unlock = org.cloud.client("s3", root_of(org, UNLOCK_BUCKET))
    assert [bucket["Name"] for bucket in unlock.list_buckets()["Buckets"]] == ["locked-out"]
    assert code_of(unlock.create_bucket, Bucket="another")[0] == "AccessDenied"
    assert code_of(unlock.delete_bucket, Bucket="locked-out")[0] == "AccessDenied"
    assert code_of(org.cloud.client("iam", root_of(org, UNLOCK_BUCKET)).list_access_keys)[0] == "AccessDenied"
    assert code_of(org.cloud.client("s3", root_of(org, UNLOCK_QUEUE)).list_buckets)[0] == "AccessDenied"


def test_who_may_assume_root_of_whom(org):
    assert code_of(assume_root, org, org.admin, MANAGEMENT) == refusal(ADMIN, MANAGEMENT)  # not of the management account
    assert code_of(assume_root, org, org.admin, OUTSIDER) == refusal(ADMIN, OUTSIDER)  # nor of a stranger
    assert code_of(assume_root, org, org.admin, "999999999999") == refusal(ADMIN, "999999999999")
    for task in ("AdministratorAccess", "root-task/Nothing"):
        assert code_of(assume_root, org, org.admin, MEMBER, f"arn:aws:iam::aws:policy/{task}") == refusal(ADMIN, MEMBER)
    assert code_of(assume_root, org, org.keys[MANAGEMENT]) == refusal(ROOT_OF(MANAGEMENT), MEMBER)  # root itself may not
    member, stranger = org.user(MEMBER, "dana", "sts:*"), org.user(OUTSIDER, "erin", "sts:*")
    assert code_of(assume_root, org, member) == refusal(f"arn:aws:iam::{MEMBER}:user/dana", MEMBER)
    assert code_of(assume_root, org, stranger) == refusal(f"arn:aws:iam::{OUTSIDER}:user/erin", MEMBER)
    nobody = org.user(MANAGEMENT, "nobody")
    assert code_of(assume_root, org, nobody) == ("AccessDenied", guide.not_authorized(
        f"arn:aws:iam::{MANAGEMENT}:user/nobody", "sts:AssumeRoot", ROOT_OF(MEMBER),
        guide.no_identity_policy("sts:AssumeRoot")))

    org.join(OUTSIDER)
    assume_root(org, org.admin, OUTSIDER)
    assert code_of(assume_root, org, member, OUTSIDER) == refusal(f"arn:aws:iam::{MEMBER}:user/dana", OUTSIDER)
    org.of(MANAGEMENT).register_delegated_administrator(AccountId=MEMBER, ServicePrincipal="iam.amazonaws.com")
    assume_root(org, member, OUTSIDER)
    assert code_of(assume_root, org, member, MANAGEMENT) == refusal(f"arn:aws:iam::{MEMBER}:user/dana", MANAGEMENT)
    org.of(MANAGEMENT).deregister_delegated_administrator(AccountId=MEMBER, ServicePrincipal="iam.amazonaws.com")
    assert code_of(assume_root, org, member, OUTSIDER) == refusal(f"arn:aws:iam::{MEMBER}:user/dana", OUTSIDER)


def test_each_task_needs_its_feature_and_trusted_access(org):
    iam = org.of(MANAGEMENT, "iam")
    by_feature = {"root_credentials_management": (AUDIT, DELETE, PASSWORD), "root_sessions": (UNLOCK_BUCKET, UNLOCK_QUEUE)}
    for feature, tasks in by_feature.items():
        getattr(iam, f"disable_organizations_{feature}")()
        for other, others in by_feature.items():
            for task in others:
                if other == feature:
                    assert code_of(assume_root, org, org.admin, MEMBER, task) == refusal(ADMIN, MEMBER)
                else:
                    assume_root(org, org.admin, MEMBER, task)
        getattr(iam, f"enable_organizations_{feature}")()
    org.of(MANAGEMENT).disable_aws_service_access(ServicePrincipal="iam.amazonaws.com")
    assert code_of(assume_root, org, org.admin) == refusal(ADMIN, MEMBER)


def test_the_task_is_a_condition_key(org):
    org.of(MANAGEMENT, "iam").put_user_policy(UserName="admin", PolicyName="p", PolicyDocument=json.dumps(
        {"Version": "2012-10-17", "Statement": [
            {"Effect": "Allow", "Action": "sts:AssumeRoot", "Resource": ROOT_OF(MEMBER),
             "Condition": {"StringEquals": {"sts:TaskPolicyArn": AUDIT, "aws:ResourceAccount": MEMBER,
                                            "aws:PrincipalOrgID": org.id, "aws:ResourceOrgID": org.id}}}]}))
    assume_root(org, org.admin)
    assert code_of(assume_root, org, org.admin, MEMBER, DELETE) == ("AccessDenied", guide.not_authorized(
        ADMIN, "sts:AssumeRoot", ROOT_OF(MEMBER), guide.no_identity_policy("sts:AssumeRoot")))


def test_a_session_ends_with_its_time(org):
    keys = root_of(org, AUDIT)
    org.cloud.client("iam", keys).list_access_keys()
    org.server.move_clock(901)
    body = form({"Action": "ListAccessKeys", "Version": "2010-05-08"}).encode()
    request = Request("POST", headers=[("Host", f"127.0.0.1:{org.server.port}"),
                                       ("Content-Type", "application/x-www-form-urlencoded; charset=utf-8")], body=body)
    sign(request, keys, Scope("iam"), stamp(now(901)))
    answer = send(org.server.port, request)
    assert answer.status == 403 and b"<Code>ExpiredToken</Code>" in answer.body


@pytest.mark.parametrize("host,allowed", [("sts.eu-west-1.amazonaws.com", True), ("sts.us-east-1.amazonaws.com", True),
                                          ("sts.amazonaws.com", False)])
def test_the_global_endpoint_does_not_take_it(org, host, allowed):
    region = "eu-west-1" if "eu-west-1" in host else "us-east-1"
    body = form({"Action": "AssumeRoot", "Version": "2011-06-15", "TargetPrincipal": MEMBER, "TaskPolicyArn.arn": AUDIT})
    request = Request("POST", headers=[("Host", host), ("Content-Type", "application/x-www-form-urlencoded; charset=utf-8")],
                      body=body.encode())
    sign(request, org.admin, Scope("sts", region), stamp(now(0)))
    answer = send(org.server.port, request)
    assert answer.status == (200 if allowed else 403), answer.body
    assert allowed or b"AssumeRoot is not supported on the global endpoint." in answer.body


def test_the_source_identity_goes_along(org):
    iam = org.of(MANAGEMENT, "iam")
    trust = json.dumps({"Version": "2012-10-17", "Statement": [
        {"Effect": "Allow", "Principal": {"AWS": MANAGEMENT}, "Action": ["sts:AssumeRole", "sts:SetSourceIdentity"]}]})
    iam.create_role(RoleName="Rescue", AssumeRolePolicyDocument=trust)
    iam.put_role_policy(RoleName="Rescue", PolicyName="p", PolicyDocument=guide.policy("Allow", "sts:AssumeRoot", "*"))
    session = Keys.of(org.cloud.client("sts", org.admin).assume_role(
        RoleArn=f"arn:aws:iam::{MANAGEMENT}:role/Rescue", RoleSessionName="now", SourceIdentity="dana")["Credentials"])
    assert assume_root(org, session)["SourceIdentity"] == "dana"


def events(org):
    found = org.server.run("events", "--output", "json", "--data", org.server.data).stdout
    return [json.loads(line) for line in found.splitlines()]


def test_the_trail_names_the_task_and_the_assumed_root(org):
    org.cloud.client("iam", root_of(org, AUDIT)).list_access_keys()
    for _ in range(100):
        found = {event["eventName"]: event for event in events(org)}
        if "ListAccessKeys" in found:
            break
        time.sleep(0.02)
    assumed, listed = found["AssumeRoot"], found["ListAccessKeys"]
    assert assumed["userIdentity"]["arn"] == ADMIN and assumed["readOnly"] is True
    assert assumed["requestParameters"] == {"targetPrincipal": MEMBER, "taskPolicyArn": {"arn": AUDIT}}
    credentials = assumed["responseElements"]["credentials"]
    assert "secretAccessKey" not in credentials and credentials["accessKeyId"].startswith("ASIA")
    identity = listed["userIdentity"]
    assert (identity["type"], identity["principalId"], identity["arn"]) == ("Root", MEMBER, ROOT_OF(MEMBER))
    assert identity["accessKeyId"] == credentials["accessKeyId"]
    assert identity["sessionContext"]["assumedRoot"] == "true"
    assert listed["recipientAccountId"] == MEMBER
