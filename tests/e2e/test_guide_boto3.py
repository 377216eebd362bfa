"""The cross-account guide with boto3: it works, and each way in which it must fail, fails in AWS's words."""
import datetime

import pytest
from botocore.exceptions import ClientError

import guide
from conftest import Keys


def refusal(call, **arguments):
    """(HTTP status, code, message) of a call that must be refused."""
    with pytest.raises(ClientError) as caught:
        call(**arguments)
    response = caught.value.response
    return response["ResponseMetadata"]["HTTPStatusCode"], response["Error"]["Code"], response["Error"]["Message"]


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    """The guide done as far as step 2."""
    from conftest import Cloud
    from deputy import Server

    server = Server(tmp_path_factory.mktemp("boto3")).start()
    cloud = Cloud(server)
    iam_a, iam_b = cloud.client("iam", cloud.a), cloud.client("iam", cloud.b)
    iam_a.create_user(UserName="crossAccountUser")
    iam_a.put_user_policy(UserName="crossAccountUser", PolicyName="MayAssumeRolesOfB", PolicyDocument=guide.USER_POLICY)
    cloud.user = Keys.of(iam_a.create_access_key(UserName="crossAccountUser")["AccessKey"])
    iam_b.create_role(RoleName="CrossAccountAccessRole", AssumeRolePolicyDocument=guide.TRUST)
    iam_b.put_role_policy(RoleName="CrossAccountAccessRole", PolicyName="S3ReadPolicy", PolicyDocument=guide.ROLE_POLICY)
    cloud.client("s3", cloud.b).create_bucket(Bucket="boto3-guide-bucket")
    yield cloud
    server.stop()


def assume(cloud, keys=None, **arguments):
    request = {"RoleArn": guide.ROLE_ARN, "RoleSessionName": "dev-session", **arguments}
    return cloud.client("sts", keys or cloud.user).assume_role(**request)


def test_the_role_reads_back_as_it_was_made(world):
    role = world.client("iam", world.b).get_role(RoleName="CrossAccountAccessRole")["Role"]
    assert role["Arn"] == guide.ROLE_ARN
    assert role["RoleId"].startswith("AROA")
    assert role["MaxSessionDuration"] == 3600
    principal = role["AssumeRolePolicyDocument"]["Statement"][0]["Principal"]
    assert principal == {"AWS": guide.USER_ARN}


def test_the_user_becomes_the_role_and_lists_the_buckets(world):
    answer = assume(world)
    assert answer["AssumedRoleUser"]["Arn"] == guide.SESSION_ARN
    assert answer["AssumedRoleUser"]["AssumedRoleId"].endswith(":dev-session")
    credentials = answer["Credentials"]
    assert credentials["AccessKeyId"].startswith("ASIA")
    left = credentials["Expiration"] - datetime.datetime.now(datetime.timezone.utc)
    assert datetime.timedelta(minutes=58) < left <= datetime.timedelta(minutes=60, seconds=5)
    session = Keys.of(credentials)
    assert world.client("sts", session).get_caller_identity()["Arn"] == guide.SESSION_ARN
    buckets = world.client("s3", session).list_buckets()["Buckets"]
    assert "boto3-guide-bucket" in [bucket["Name"] for bucket in buckets]


def test_without_trust_the_role_is_closed(world):
    arn = "arn:aws:iam::222222222222:role/Boto3NoTrust"
    world.client("iam", world.b).create_role(RoleName="Boto3NoTrust",
                                             AssumeRolePolicyDocument=guide.trust("arn:aws:iam::222222222222:root"))
    assert refusal(assume, cloud=world, RoleArn=arn) == (
        403, "AccessDenied", guide.not_authorized(guide.USER_ARN, "sts:AssumeRole", arn))


def test_a_role_that_does_not_exist_looks_like_one_that_does_not_trust(world):
    arn = "arn:aws:iam::222222222222:role/NobodyMadeThis"
    assert refusal(assume, cloud=world, RoleArn=arn) == (
        403, "AccessDenied", guide.not_authorized(guide.USER_ARN, "sts:AssumeRole", arn))


def test_without_a_permission_of_the_user_trust_is_not_enough(world):
    iam = world.client("iam", world.a)
    iam.create_user(UserName="powerless")
    keys = Keys.of(iam.create_access_key(UserName="powerless")["AccessKey"])
    arn = "arn:aws:iam::222222222222:role/Boto3TrustsPowerless"
    powerless = "arn:aws:iam::111111111111:user/powerless"
    world.client("iam", world.b).create_role(RoleName="Boto3TrustsPowerless", AssumeRolePolicyDocument=guide.trust(powerless))
    bare = guide.not_authorized(powerless, "sts:AssumeRole", arn)
    assert refusal(assume, cloud=world, keys=keys, RoleArn=arn) == (403, "AccessDenied", bare)
    world.client("iam", world.a).put_user_policy(UserName="powerless", PolicyName="No",
                                                 PolicyDocument=guide.policy("Deny", "sts:*", "*"))
    assert refusal(assume, cloud=world, keys=keys, RoleArn=arn) == (
        403, "AccessDenied", bare + " with an explicit deny in an identity-based policy")


def test_an_external_id_must_be_the_one_agreed_on(world):
    arn = "arn:aws:iam::222222222222:role/Boto3Partner"
    condition = {"StringEquals": {"sts:ExternalId": "contract-4711"}}
    world.client("iam", world.b).create_role(RoleName="Boto3Partner",
                                             AssumeRolePolicyDocument=guide.trust(guide.USER_ARN, Condition=condition))
    denied = (403, "AccessDenied", guide.not_authorized(guide.USER_ARN, "sts:AssumeRole", arn))
    assert refusal(assume, cloud=world, RoleArn=arn) == denied
    assert refusal(assume, cloud=world, RoleArn=arn, ExternalId="contract-0815") == denied
    assert refusal(assume, cloud=world, RoleArn=arn, ExternalId="Contract-4711") == denied
    assert assume(world, RoleArn=arn, ExternalId="contract-4711")["Credentials"]


def test_the_session_may_do_only_what_the_role_was_given(world):
    session = Keys.of(assume(world)["Credentials"])
    assert refusal(world.client("s3", session).create_bucket, Bucket="boto3-not-given") == (
        403, "AccessDenied", guide.not_authorized(guide.SESSION_ARN, "s3:CreateBucket", '"arn:aws:s3:::boto3-not-given"',
                                                  guide.no_identity_policy("s3:CreateBucket")))
    assert refusal(world.client("iam", session).list_users) == (
        403, "AccessDenied", guide.not_authorized(guide.SESSION_ARN, "iam:ListUsers", "arn:aws:iam::222222222222:user/",
                                                  guide.no_identity_policy("iam:ListUsers")))


def test_a_session_policy_only_narrows(world):
    narrowed = Keys.of(assume(world, Policy=guide.policy("Allow", "iam:*", "*"))["Credentials"])
    status, code, message = refusal(world.client("s3", narrowed).list_buckets)
    assert (status, code) == (403, "AccessDenied")
    assert "because no session policy allows the s3:ListAllMyBuckets action" in message
    status, code, _ = refusal(world.client("iam", narrowed).list_users)
    assert (status, code) == (403, "AccessDenied")


def test_an_explicit_deny_of_the_role_wins(world):
    arn = "arn:aws:iam::222222222222:role/Boto3Denied"
    iam = world.client("iam", world.b)
    iam.create_role(RoleName="Boto3Denied", AssumeRolePolicyDocument=guide.TRUST)
    iam.put_role_policy(RoleName="Boto3Denied", PolicyName="Yes", PolicyDocument=guide.ROLE_POLICY)
    session = Keys.of(assume(world, RoleArn=arn)["Credentials"])
    assert world.client("s3", session).list_buckets()["Buckets"]
    iam.put_role_policy(RoleName="Boto3Denied", PolicyName="No", PolicyDocument=guide.policy("Deny", "s3:*", "*"))
    status, code, message = refusal(world.client("s3", session).list_buckets)
    assert (status, code) == (403, "AccessDenied")
    assert message.endswith("with an explicit deny in an identity-based policy")


def test_root_does_not_assume_roles(world):
    assert refusal(assume, cloud=world, keys=world.b) == (403, "AccessDenied", "Roles may not be assumed by root accounts.")


def test_a_chained_session_lasts_an_hour_at_most(world):
    iam = world.client("iam", world.b)
    iam.put_role_policy(RoleName="CrossAccountAccessRole", PolicyName="Chain",
                        PolicyDocument=guide.policy("Allow", "sts:AssumeRole", "arn:aws:iam::222222222222:role/Boto3Second"))
    iam.create_role(RoleName="Boto3Second", AssumeRolePolicyDocument=guide.trust(guide.ROLE_ARN), MaxSessionDuration=7200)
    first = Keys.of(assume(world)["Credentials"])
    second = {"RoleArn": "arn:aws:iam::222222222222:role/Boto3Second", "RoleSessionName": "second"}
    assert assume(world, keys=first, **second)["AssumedRoleUser"]["Arn"].endswith(":assumed-role/Boto3Second/second")
    assert refusal(assume, cloud=world, keys=first, DurationSeconds=3601, **second) == (
        400, "ValidationError",
        "The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining.")
    iam.delete_role_policy(RoleName="CrossAccountAccessRole", PolicyName="Chain")


def test_the_duration_is_bounded_by_the_role(world):
    assert refusal(assume, cloud=world, DurationSeconds=3601) == (
        400, "ValidationError", "The requested DurationSeconds exceeds the MaxSessionDuration set for this role.")


def test_a_deleted_role_ends_its_sessions(world):
    iam = world.client("iam", world.b)
    arn = "arn:aws:iam::222222222222:role/Boto3ShortLived"
    iam.create_role(RoleName="Boto3ShortLived", AssumeRolePolicyDocument=guide.TRUST)
    session = Keys.of(assume(world, RoleArn=arn)["Credentials"])
    iam.delete_role(RoleName="Boto3ShortLived")
    gone = (403, "InvalidClientTokenId", "The security token included in the request is invalid.")
    assert refusal(world.client("sts", session).get_caller_identity) == gone
    iam.create_role(RoleName="Boto3ShortLived", AssumeRolePolicyDocument=guide.TRUST)
    assert refusal(world.client("sts", session).get_caller_identity) == gone


def test_a_user_who_comes_back_is_somebody_else(world):
    iam_a, iam_b = world.client("iam", world.a), world.client("iam", world.b)
    user = "arn:aws:iam::111111111111:user/phoenix"
    arn = "arn:aws:iam::222222222222:role/Boto3TrustsPhoenix"
    allow = guide.policy("Allow", "sts:AssumeRole", "*")

    def make_user():
        iam_a.create_user(UserName="phoenix")
        iam_a.put_user_policy(UserName="phoenix", PolicyName="p", PolicyDocument=allow)
        return Keys.of(iam_a.create_access_key(UserName="phoenix")["AccessKey"])

    first = make_user()
    first_id = iam_a.get_user(UserName="phoenix")["User"]["UserId"]
    iam_b.create_role(RoleName="Boto3TrustsPhoenix", AssumeRolePolicyDocument=guide.trust(user))
    assert assume(world, keys=first, RoleArn=arn)["Credentials"]
    iam_a.delete_access_key(UserName="phoenix", AccessKeyId=first.id)
    iam_a.delete_user_policy(UserName="phoenix", PolicyName="p")
    iam_a.delete_user(UserName="phoenix")
    second = make_user()
    status, code, _ = refusal(assume, cloud=world, keys=second, RoleArn=arn)
    assert (status, code) == (403, "AccessDenied")
    shown = iam_b.get_role(RoleName="Boto3TrustsPhoenix")["Role"]["AssumeRolePolicyDocument"]
    assert shown["Statement"][0]["Principal"] == {"AWS": first_id}


def test_a_trust_policy_must_name_somebody_who_exists(world):
    document = guide.trust("arn:aws:iam::111111111111:user/nobody")
    status, code, message = refusal(world.client("iam", world.b).create_role, RoleName="Boto3Nobody",
                                    AssumeRolePolicyDocument=document)
    assert (status, code) == (400, "MalformedPolicyDocument")
    assert message == 'Invalid principal in policy: "AWS":"arn:aws:iam::111111111111:user/nobody"'


def test_the_event_of_an_assumption_names_both_accounts(world):
    assume(world)
    text = world.server.run("events", "--data", world.server.data).stdout
    assert "AssumeRole" in text
