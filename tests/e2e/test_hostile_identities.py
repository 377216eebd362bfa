"""Identities that outlive what they belong to; names that somebody takes; lists and quotas."""
import json
import os
from pathlib import Path

import pytest
from botocore.exceptions import ClientError

from conftest import ACCOUNT_A, ACCOUNT_B, Cloud, Keys
from sigv4 import Request, Scope, form, sign
from sigv4 import send as send_signed

EVERYTHING = json.dumps({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]})


def error_of(call, *arguments, **parameters):
    with pytest.raises(ClientError) as refused:
        call(*arguments, **parameters)
    return refused.value.response["Error"]["Code"], refused.value.response["Error"]["Message"]


def test_no_session_of_root_outlives_its_account(fresh):
    """The account is deleted and another one gets its number: what the former root holds is nothing to it."""
    sts = fresh.client("sts", fresh.b)
    held = [Keys.of(sts.get_session_token()["Credentials"]),
            Keys.of(sts.get_federation_token(Name="bob", Policy=EVERYTHING)["Credentials"])]
    for keys in held:
        assert fresh.client("s3", keys).list_buckets()["Buckets"] == []
    fresh.server.run("account", "delete", ACCOUNT_B, "--force", "--data", fresh.server.data)
    fresh.server.create_account(ACCOUNT_B, "somebody else", "account-b", "--force", "--reuse-id")
    fresh.client("s3", fresh.profile("account-b")).create_bucket(Bucket="of-somebody-else")
    for keys in held:
        assert error_of(fresh.client("s3", keys).delete_bucket, Bucket="of-somebody-else")[0] in ("InvalidAccessKeyId", "403")
        assert error_of(fresh.client("sts", keys).get_caller_identity)[0] == "InvalidClientTokenId"
    assert [b["Name"] for b in fresh.client("s3", fresh.profile("account-b")).list_buckets()["Buckets"]] == ["of-somebody-else"]


def test_no_message_or_task_outlives_its_account(server):
    """Encoded messages and ids of deletion tasks are sealed for one account, and not for the next one of its number."""
    cloud = Cloud(server.start("--encoded-messages"))
    iam = cloud.client("iam", cloud.b)
    iam.create_user(UserName="nobody")
    nobody = Keys.of(iam.create_access_key(UserName="nobody")["AccessKey"])
    message = error_of(cloud.client("iam", nobody).list_users)[1].rpartition("failure message: ")[2]
    assert json.loads(cloud.client("sts", cloud.b).decode_authorization_message(EncodedMessage=message)["DecodedMessage"])
    role = iam.create_service_linked_role(AWSServiceName="autoscaling.amazonaws.com")["Role"]["RoleName"]
    task = iam.delete_service_linked_role(RoleName=role)["DeletionTaskId"]
    assert iam.get_service_linked_role_deletion_status(DeletionTaskId=task)["Status"] == "SUCCEEDED"
    server.run("account", "delete", ACCOUNT_B, "--force", "--data", server.data)
    server.create_account(ACCOUNT_B, "somebody else", "account-b", "--force", "--reuse-id")
    other = cloud.profile("account-b")
    assert error_of(cloud.client("sts", other).decode_authorization_message, EncodedMessage=message)[0] == (
        "InvalidAuthorizationMessageException")
    assert error_of(cloud.client("iam", other).get_service_linked_role_deletion_status, DeletionTaskId=task)[0] == "NoSuchEntity"


def test_a_session_from_the_future_is_refused(server):
    """The clock goes back: what was issued later than now is believed by five minutes, and no more."""
    cloud = Cloud(server.start("--movable-clock"))
    sts = cloud.client("sts", cloud.a)
    server.move_clock(200)
    soon = Keys.of(sts.get_session_token()["Credentials"])
    server.move_clock(-200)
    assert cloud.client("sts", soon).get_caller_identity()["Account"] == ACCOUNT_A
    server.move_clock(-150)
    assert error_of(cloud.client("sts", soon).get_caller_identity)[0] == "InvalidClientTokenId"


def test_an_id_is_given_again_only_if_the_operator_says_so(fresh):
    """What trusts the id of an account would trust the next one of that id."""
    gone = fresh.server.run("account", "delete", ACCOUNT_B, "--force", "--data", fresh.server.data)
    assert "--reuse-id" in gone.stdout
    refused = fresh.server.run("account", "create", ACCOUNT_B, "--data", fresh.server.data, check=False)
    assert refused.returncode != 0 and "was deleted on" in refused.stderr and "--reuse-id" in refused.stderr
    fresh.server.stop()
    fresh.server.start()
    assert fresh.server.run("account", "create", ACCOUNT_B, "--data", fresh.server.data, check=False).returncode != 0
    fresh.server.run("account", "create", ACCOUNT_B, "--reuse-id", "--data", fresh.server.data)
    none = fresh.server.run("account", "create", "0" * 12, "--data", fresh.server.data, check=False)
    assert none.returncode != 0 and "is the id of no account" in none.stderr


def test_what_names_a_session_is_held_by_its_name(fresh):
    """As documented, not as wished: a trust policy that names a role ends with the role; one that names a session of it
    holds for the next role of that name (docs/security.md)."""
    iam, sts = fresh.client("iam", fresh.a), fresh.client("sts", fresh.a)
    iam.create_user(UserName="dana")
    iam.put_user_policy(UserName="dana", PolicyName="all", PolicyDocument=EVERYTHING)
    dana = Keys.of(iam.create_access_key(UserName="dana")["AccessKey"])

    def trusts(principal):
        return json.dumps({"Version": "2012-10-17", "Statement": [
            {"Effect": "Allow", "Principal": {"AWS": principal}, "Action": "sts:AssumeRole"}]})

    def make_middle():
        iam.create_role(RoleName="Mid", AssumeRolePolicyDocument=trusts(f"arn:aws:iam::{ACCOUNT_A}:user/dana"))
        iam.put_role_policy(RoleName="Mid", PolicyName="all", PolicyDocument=EVERYTHING)

    def session():
        return Keys.of(fresh.client("sts", dana).assume_role(
            RoleArn=f"arn:aws:iam::{ACCOUNT_A}:role/Mid", RoleSessionName="alice")["Credentials"])
    make_middle()
    of_b = fresh.client("iam", fresh.b)
    of_b.create_role(RoleName="BySession", AssumeRolePolicyDocument=trusts(f"arn:aws:sts::{ACCOUNT_A}:assumed-role/Mid/alice"))
    of_b.create_role(RoleName="ByRole", AssumeRolePolicyDocument=trusts(f"arn:aws:iam::{ACCOUNT_A}:role/Mid"))

    def assume(role):
        return fresh.client("sts", session()).assume_role(RoleArn=f"arn:aws:iam::{ACCOUNT_B}:role/{role}", RoleSessionName="probe")
    assert assume("BySession") and assume("ByRole")
    iam.delete_role_policy(RoleName="Mid", PolicyName="all")
    iam.delete_role(RoleName="Mid")
    make_middle()
    assert assume("BySession")
    assert error_of(assume, "ByRole")[0] == "AccessDenied"
    assert sts.get_caller_identity()["Account"] == ACCOUNT_A


def test_an_invitation_by_email_is_not_taken_by_who_takes_the_email(fresh):
    inviting, taking = fresh.client("organizations", fresh.a), fresh.client("organizations", fresh.b)
    inviting.create_organization()
    target = {"Id": "cfo@corp.example", "Type": "EMAIL"}
    assert error_of(inviting.invite_account_to_organization, Target=target) == (
        "InvalidInputException", "You specified an invalid email address for the invited account owner.")
    taking.create_organization()
    status = taking.create_account(Email="cfo@corp.example", AccountName="mine")["CreateAccountStatus"]["Id"]
    made = taking.describe_create_account_status(CreateAccountRequestId=status)["CreateAccountStatus"]["AccountId"]
    owner = fresh.client("iam", fresh.b)
    owner.create_user(UserName="admin")
    owner.put_user_policy(UserName="admin", PolicyName="all", PolicyDocument=EVERYTHING)
    admin = Keys.of(owner.create_access_key(UserName="admin")["AccessKey"])
    inside = Keys.of(fresh.client("sts", admin).assume_role(
        RoleArn=f"arn:aws:iam::{made}:role/OrganizationAccountAccessRole", RoleSessionName="probe")["Credentials"])
    fresh.client("organizations", inside).leave_organization()
    assert fresh.client("organizations", inside).list_handshakes_for_account()["Handshakes"] == []


def test_accounts_have_an_end(server):
    """An organization is filled, an account leaves and begins the next one: the server's bound holds for all together."""
    cloud = Cloud(server.start("--organization-accounts", "3", "--tenant-accounts", "4"))
    owner = cloud.client("iam", cloud.a)
    owner.create_user(UserName="admin")
    owner.put_user_policy(UserName="admin", PolicyName="all", PolicyDocument=EVERYTHING)
    keys, made = Keys.of(owner.create_access_key(UserName="admin")["AccessKey"]), 0
    too_many = ("ConstraintViolationException", "You have exceeded the allowed number of AWS accounts.")
    for generation in range(2):
        organizations = cloud.client("organizations", keys)
        organizations.create_organization()
        for _ in range(2):
            status = organizations.create_account(Email=f"x{made}@example.com", AccountName="x")["CreateAccountStatus"]["Id"]
            last = organizations.describe_create_account_status(CreateAccountRequestId=status)["CreateAccountStatus"]["AccountId"]
            made += 1
        assert error_of(organizations.create_account, Email="y@example.com", AccountName="y") == too_many
        role = Keys.of(cloud.client("sts", keys).assume_role(
            RoleArn=f"arn:aws:iam::{last}:role/OrganizationAccountAccessRole", RoleSessionName="probe")["Credentials"])
        cloud.client("organizations", role).leave_organization()
        inside = cloud.client("iam", role)
        inside.create_user(UserName="admin")
        inside.put_user_policy(UserName="admin", PolicyName="all", PolicyDocument=EVERYTHING)
        keys = Keys.of(inside.create_access_key(UserName="admin")["AccessKey"])
    organizations = cloud.client("organizations", keys)
    organizations.create_organization()
    assert error_of(organizations.create_account, Email="z@example.com", AccountName="z") == too_many
    server.create_account("333333333333", "the operator's do not count", "account-c")


def test_session_tags_are_held_to_one_rule(fresh):
    """The ways by which a provider says them are in tests/wire/forged_tokens.json and forged_assertions.json."""
    sts = fresh.client("sts", fresh.a)
    message = 'Session tags must match [\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]+ and not begin with "aws:"'
    for key, value in (("aws:PrincipalOrgID", "x"), ("AWS:x", "x"), ("Team", "aws:x")):
        assert error_of(sts.get_federation_token, Name="bob", Tags=[{"Key": key, "Value": value}]) == (
            "InvalidParameterValue", message)
    with pytest.raises(AssertionError, match="not begin with"):
        fresh.server.operate("AssumeRoleAsService", ServicePrincipal="lambda.amazonaws.com", RoleSessionName="probe",
                             RoleArn=f"arn:aws:iam::{ACCOUNT_A}:role/x", Tags=[{"Key": "aws:x", "Value": "y"}])


def processor_seconds(server):
    fields = Path(f"/proc/{server.process.pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def test_a_list_is_counted_before_it_is_worked_through(fresh):
    """30,000 client ids of 248 characters: comparing each with all before took five seconds."""
    ids = {f"ClientIDList.member.{i + 1}": f"{i:05}" + "c" * 243 for i in range(30_000)}
    body = form({"Action": "CreateOpenIDConnectProvider", "Version": "2010-05-08", "Url": "https://idp.example"} | ids)
    request = Request("POST", headers=[("Host", f"127.0.0.1:{fresh.server.port}"),
                                       ("Content-Type", "application/x-www-form-urlencoded; charset=utf-8")], body=body.encode())
    sign(request, fresh.a, Scope("iam"))
    before = processor_seconds(fresh.server)
    answer = send_signed(fresh.server.port, request)
    assert answer.status >= 400, answer.body
    assert processor_seconds(fresh.server) - before < 1.5  # of a server without optimization, parsing included


def test_texts_without_a_pattern_take_no_controls(fresh):
    iam = fresh.client("iam", fresh.a)
    assert error_of(iam.create_policy, PolicyName="p", PolicyDocument=EVERYTHING, Description="\x1b]0;x\x07")[0] == "ValidationError"
    assert iam.create_policy(PolicyName="p", PolicyDocument=EVERYTHING, Description="größer, 大きい\n")
    assert error_of(iam.create_open_id_connect_provider, Url="https://idp.example", ClientIDList=["a\x9bb"])[0] == "ValidationError"
    for name in ("a\x0bb", "a\x1b[31m", "a\x7f"):
        done = fresh.server.run("account", "create", "--profile", name, "--data", fresh.server.data, check=False)
        assert done.returncode != 0 and "is no name for a profile" in done.stderr
