"""AWS Organizations over the wire, with boto3 and the AWS CLI: who may call what, and what becomes of accounts."""
import json
import os
import shutil
import subprocess

import pytest
from botocore.exceptions import ClientError

import guide
from conftest import ACCOUNT_A, ACCOUNT_B, Cloud, Keys
from deputy import ROOT, Server
from sigv4 import Request, Scope, now, send, sign, stamp

OURS = ROOT / ".tools/bin/aws"  # probed by scripts/install-deps
AWS = str(OURS) if os.access(OURS, os.X_OK) else shutil.which("aws")
MANAGEMENT, MEMBER, OUTSIDER = ACCOUNT_A, ACCOUNT_B, "333333333333"


class Organization:
    """Account A manages an organization, B is in it, and 333333333333 is not."""

    def __init__(self, server):
        self.server, self.cloud = server, Cloud(server)
        server.create_account(OUTSIDER, "Outsider", "outsider", "--email", "out@example.com")
        self.keys = {MANAGEMENT: self.cloud.a, MEMBER: self.cloud.b, OUTSIDER: self.cloud.profile("outsider")}
        self.id = self.of(MANAGEMENT).create_organization()["Organization"]["Id"]
        self.join(MEMBER)

    def of(self, account, service="organizations", **settings):
        return self.cloud.client(service, self.keys[account], **settings)

    def invite(self, account):
        return self.of(MANAGEMENT).invite_account_to_organization(Target={"Id": account, "Type": "ACCOUNT"})["Handshake"]

    def join(self, account):
        return self.of(account).accept_handshake(HandshakeId=self.invite(account)["Id"])["Handshake"]

    def user(self, account, name, *actions):
        """Keys of a new user who may do this."""
        iam = self.of(account, "iam")
        iam.create_user(UserName=name)
        if actions:
            iam.put_user_policy(UserName=name, PolicyName="p", PolicyDocument=guide.policy("Allow", list(actions), "*"))
        return Keys.of(iam.create_access_key(UserName=name)["AccessKey"])


@pytest.fixture(scope="module")
def org(tmp_path_factory):
    """Shared by the tests that leave it as they found it."""
    server = Server(tmp_path_factory.mktemp("organization")).start("--movable-clock")
    yield Organization(server)
    server.stop()


@pytest.fixture
def own(server):
    """An organization of the test's own."""
    return Organization(server.start("--movable-clock"))


def refused(code, message=None, reason=None):
    class Refusal:
        def __enter__(self):
            self.raises = pytest.raises(ClientError)
            self.info = self.raises.__enter__()
            return self.info

        def __exit__(self, *error):
            done = self.raises.__exit__(*error)
            response = self.info.value.response
            assert response["Error"]["Code"] == code, response
            assert response["ResponseMetadata"]["HTTPStatusCode"] == 400, response
            if message is not None:
                assert response["Error"]["Message"] == message
            assert response.get("Reason") == reason, response
            return done
    return Refusal()


def test_an_organization_shows_as_in_aws(org):
    said = org.of(MANAGEMENT).describe_organization()["Organization"]
    arn = f"arn:aws:organizations::{MANAGEMENT}"
    assert said == {
        "Id": org.id, "Arn": f"{arn}:organization/{org.id}", "FeatureSet": "ALL", "MasterAccountId": MANAGEMENT,
        "MasterAccountArn": f"{arn}:account/{org.id}/{MANAGEMENT}",
        "AvailablePolicyTypes": [{"Type": "SERVICE_CONTROL_POLICY", "Status": "ENABLED"}]}
    assert org.of(MEMBER).describe_organization()["Organization"] == said  # any member may ask that
    root, = org.of(MANAGEMENT).list_roots()["Roots"]
    assert root == {"Id": root["Id"], "Arn": f"{arn}:root/{org.id}/{root['Id']}", "Name": "Root", "PolicyTypes": []}
    accounts = {account["Id"]: account for account in org.of(MANAGEMENT).list_accounts()["Accounts"]}
    assert accounts.keys() == {MANAGEMENT, MEMBER}
    member = accounts[MEMBER]
    assert member["Arn"] == f"{arn}:account/{org.id}/{MEMBER}" and member["Name"] == "Account B"
    assert (member["Status"], member["State"], member["JoinedMethod"]) == ("ACTIVE", "ACTIVE", "INVITED")
    assert member["Paths"] == [f"{org.id}/{root['Id']}/{MEMBER}/"] and member["JoinedTimestamp"].year >= 2026
    assert org.of(MANAGEMENT).describe_account(AccountId=MEMBER)["Account"] == member
    assert org.of(MANAGEMENT).list_parents(ChildId=MEMBER)["Parents"] == [{"Id": root["Id"], "Type": "ROOT"}]
    children = org.of(MANAGEMENT).list_children(ParentId=root["Id"], ChildType="ACCOUNT")["Children"]
    assert children == [{"Id": account, "Type": "ACCOUNT"} for account in (MANAGEMENT, MEMBER)]
    assert org.of(MANAGEMENT).list_children(ParentId=root["Id"], ChildType="ORGANIZATIONAL_UNIT")["Children"] == []
    assert len(org.of(MANAGEMENT).list_accounts_for_parent(ParentId=root["Id"])["Accounts"]) == 2


NO_PERMISSION = "You don't have permissions to access this resource."
NOT_IN_USE = "Your account is not a member of an organization."
READS = {"list_accounts": {}, "list_roots": {}, "describe_account": {"AccountId": MEMBER}, "list_parents": {"ChildId": MEMBER},
         "list_create_account_status": {}, "list_aws_service_access_for_organization": {},
         "list_delegated_administrators": {}, "list_handshakes_for_organization": {}}
WRITES = {"create_account": {"Email": "x@example.com", "AccountName": "X"}, "delete_organization": {},
          "invite_account_to_organization": {"Target": {"Id": OUTSIDER, "Type": "ACCOUNT"}},
          "remove_account_from_organization": {"AccountId": MEMBER},
          "enable_aws_service_access": {"ServicePrincipal": "sso.amazonaws.com"},
          "disable_aws_service_access": {"ServicePrincipal": "sso.amazonaws.com"},
          "register_delegated_administrator": {"AccountId": MEMBER, "ServicePrincipal": "sso.amazonaws.com"},
          "deregister_delegated_administrator": {"AccountId": MEMBER, "ServicePrincipal": "sso.amazonaws.com"}}


@pytest.mark.parametrize("operation", READS | WRITES)
def test_only_the_management_account_manages(org, operation):
    parameters = (READS | WRITES)[operation]
    with refused("AccessDeniedException", NO_PERMISSION):
        getattr(org.of(MEMBER), operation)(**parameters)
    with refused("AWSOrganizationsNotInUseException", NOT_IN_USE):
        getattr(org.of(OUTSIDER), operation)(**parameters)


def test_a_delegated_administrator_reads_and_no_more(own):
    management, member = own.of(MANAGEMENT), own.of(MEMBER)
    with refused("ConstraintViolationException", reason="SERVICE_ACCESS_NOT_ENABLED"):
        management.register_delegated_administrator(AccountId=MEMBER, ServicePrincipal="sso.amazonaws.com")
    management.enable_aws_service_access(ServicePrincipal="sso.amazonaws.com")
    enabled, = management.list_aws_service_access_for_organization()["EnabledServicePrincipals"]
    assert enabled["ServicePrincipal"] == "sso.amazonaws.com" and enabled["DateEnabled"].year >= 2026
    management.enable_aws_service_access(ServicePrincipal="sso.amazonaws.com")  # again: nothing changes
    assert management.list_aws_service_access_for_organization()["EnabledServicePrincipals"] == [enabled]
    with refused("ConstraintViolationException", reason="CANNOT_REGISTER_MASTER_AS_DELEGATED_ADMINISTRATOR"):
        management.register_delegated_administrator(AccountId=MANAGEMENT, ServicePrincipal="sso.amazonaws.com")
    with refused("AccountNotFoundException", "You specified an account that doesn't exist."):
        management.register_delegated_administrator(AccountId=OUTSIDER, ServicePrincipal="sso.amazonaws.com")
    with refused("AccountNotRegisteredException"):
        management.list_delegated_services_for_account(AccountId=MEMBER)

    management.register_delegated_administrator(AccountId=MEMBER, ServicePrincipal="sso.amazonaws.com")
    with refused("AccountAlreadyRegisteredException"):
        management.register_delegated_administrator(AccountId=MEMBER, ServicePrincipal="sso.amazonaws.com")
    for operation, parameters in READS.items():
        getattr(member, operation)(**parameters)
    for operation, parameters in WRITES.items():
        with refused("AccessDeniedException", NO_PERMISSION):
            getattr(member, operation)(**parameters)
    administrator, = member.list_delegated_administrators(ServicePrincipal="sso.amazonaws.com")["DelegatedAdministrators"]
    assert administrator["Id"] == MEMBER and administrator["DelegationEnabledDate"].year >= 2026
    assert member.list_delegated_administrators(ServicePrincipal="iam.amazonaws.com")["DelegatedAdministrators"] == []
    service, = member.list_delegated_services_for_account(AccountId=MEMBER)["DelegatedServices"]
    assert service["ServicePrincipal"] == "sso.amazonaws.com"

    with refused("ConstraintViolationException", reason="CANNOT_REMOVE_DELEGATED_ADMINISTRATOR_FROM_ORG"):
        member.leave_organization()
    management.deregister_delegated_administrator(AccountId=MEMBER, ServicePrincipal="sso.amazonaws.com")
    with refused("AccountNotRegisteredException"):
        management.deregister_delegated_administrator(AccountId=MEMBER, ServicePrincipal="sso.amazonaws.com")
    with refused("AccessDeniedException", NO_PERMISSION):
        member.list_accounts()
    management.disable_aws_service_access(ServicePrincipal="sso.amazonaws.com")
    assert management.list_aws_service_access_for_organization()["EnabledServicePrincipals"] == []
    with refused("InvalidInputException", "You specified an unrecognized service principal.",
                 "UNRECOGNIZED_SERVICE_PRINCIPAL"):
        management.enable_aws_service_access(ServicePrincipal="nobody")


def test_permissions_are_asked_before_the_organization(own):
    nobody = own.cloud.client("organizations", own.user(MANAGEMENT, "nobody"))
    arn = f"arn:aws:iam::{MANAGEMENT}:user/nobody"
    with refused("AccessDeniedException", f"User: {arn} is not authorized to perform: organizations:ListAccounts because no "
                                          "identity-based policy allows the organizations:ListAccounts action"):
        nobody.list_accounts()
    resource = f"arn:aws:organizations::{MANAGEMENT}:account/{own.id}/{MEMBER}"
    with refused("AccessDeniedException", f"User: {arn} is not authorized to perform: organizations:DescribeAccount on resource: "
                                          f"{resource} because no identity-based policy allows the "
                                          "organizations:DescribeAccount action"):
        nobody.describe_account(AccountId=MEMBER)
    iam = own.of(MANAGEMENT, "iam")
    iam.put_user_policy(UserName="nobody", PolicyName="p", PolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": [
        {"Effect": "Allow", "Action": "organizations:DescribeAccount", "Resource": resource},
        {"Effect": "Allow", "Action": "organizations:EnableAWSServiceAccess", "Resource": "*",
         "Condition": {"StringEquals": {"organizations:ServicePrincipal": "sso.amazonaws.com"}}}]}))
    assert nobody.describe_account(AccountId=MEMBER)["Account"]["Id"] == MEMBER
    nobody.enable_aws_service_access(ServicePrincipal="sso.amazonaws.com")
    with refused("AccessDeniedException"):
        nobody.enable_aws_service_access(ServicePrincipal="iam.amazonaws.com")
    with refused("AccessDeniedException"):
        nobody.describe_account(AccountId=MANAGEMENT)


def test_a_created_account_is_entered_by_its_role(own):
    management = own.of(MANAGEMENT)
    asked = management.create_account(Email="dev@example.com", AccountName="Dev")["CreateAccountStatus"]
    assert asked["State"] == "IN_PROGRESS" and "AccountId" not in asked
    status = management.describe_create_account_status(CreateAccountRequestId=asked["Id"])["CreateAccountStatus"]
    assert status["State"] == "SUCCEEDED" and status["AccountName"] == "Dev"
    account = management.describe_account(AccountId=status["AccountId"])["Account"]
    assert (account["JoinedMethod"], account["Email"], account["Name"]) == ("CREATED", "dev@example.com", "Dev")

    keys = own.user(MANAGEMENT, "admin", "sts:AssumeRole")
    role = f"arn:aws:iam::{account['Id']}:role/OrganizationAccountAccessRole"
    inside = Keys.of(own.cloud.client("sts", keys).assume_role(RoleArn=role, RoleSessionName="setup")["Credentials"])
    own.cloud.client("iam", inside).create_user(UserName="first")
    outsider = own.user(OUTSIDER, "stranger", "sts:AssumeRole")
    with pytest.raises(ClientError) as denied:
        own.cloud.client("sts", outsider).assume_role(RoleArn=role, RoleSessionName="setup")
    assert denied.value.response["Error"]["Message"] == guide.not_authorized(
        f"arn:aws:iam::{OUTSIDER}:user/stranger", "sts:AssumeRole", role)

    again = management.create_account(Email="DEV@example.com", AccountName="Again")["CreateAccountStatus"]
    failed = management.describe_create_account_status(CreateAccountRequestId=again["Id"])["CreateAccountStatus"]
    assert (failed["State"], failed["FailureReason"]) == ("FAILED", "EMAIL_ALREADY_EXISTS")
    statuses = management.list_create_account_status(States=["FAILED"])["CreateAccountStatuses"]
    assert [status["Id"] for status in statuses] == [again["Id"]]
    with refused("CreateAccountStatusNotFoundException"):
        management.describe_create_account_status(CreateAccountRequestId="car-" + "0" * 32)
    management.create_account(Email="named@example.com", AccountName="Named", RoleName="Admin")
    accounts = [account for page in management.get_paginator("list_accounts").paginate(PaginationConfig={"PageSize": 2})
                for account in page["Accounts"]]
    assert len(accounts) == 4
    named, = (account["Id"] for account in accounts if account["Name"] == "Named")
    own.cloud.client("sts", keys).assume_role(RoleArn=f"arn:aws:iam::{named}:role/Admin", RoleSessionName="setup")


def test_an_invitation_is_shown_to_both_and_answered_once(own):
    management, outsider = own.of(MANAGEMENT), own.of(OUTSIDER)
    handshake = management.invite_account_to_organization(
        Target={"Id": OUTSIDER, "Type": "ACCOUNT"}, Notes="welcome")["Handshake"]
    assert handshake["Arn"] == f"arn:aws:organizations::{MANAGEMENT}:handshake/{own.id}/invite/{handshake['Id']}"
    assert (handshake["State"], handshake["Action"]) == ("OPEN", "INVITE")
    assert handshake["Parties"] == [{"Id": own.id, "Type": "ORGANIZATION"}, {"Id": OUTSIDER, "Type": "ACCOUNT"}]
    assert handshake["Resources"] == [
        {"Type": "ORGANIZATION", "Value": own.id, "Resources": [
            {"Type": "MASTER_NAME", "Value": "Account A"}, {"Type": "ORGANIZATION_FEATURE_SET", "Value": "ALL"}]},
        {"Type": "ACCOUNT", "Value": OUTSIDER}, {"Type": "NOTES", "Value": "welcome"}]
    assert (handshake["ExpirationTimestamp"] - handshake["RequestedTimestamp"]).days == 15
    with refused("DuplicateHandshakeException"):
        own.invite(OUTSIDER)
    for client in (management, outsider):
        assert client.describe_handshake(HandshakeId=handshake["Id"])["Handshake"] == handshake
    assert outsider.list_handshakes_for_account()["Handshakes"] == [handshake]
    assert handshake in management.list_handshakes_for_organization()["Handshakes"]
    with refused("HandshakeNotFoundException"):
        own.of(MEMBER).describe_handshake(HandshakeId=handshake["Id"])
    with refused("HandshakeNotFoundException"):
        management.accept_handshake(HandshakeId=handshake["Id"])
    with refused("HandshakeNotFoundException"):
        outsider.cancel_handshake(HandshakeId=handshake["Id"])

    assert outsider.decline_handshake(HandshakeId=handshake["Id"])["Handshake"]["State"] == "DECLINED"
    with refused("HandshakeAlreadyInStateException"):
        outsider.decline_handshake(HandshakeId=handshake["Id"])
    with refused("InvalidHandshakeTransitionException"):
        outsider.accept_handshake(HandshakeId=handshake["Id"])
    canceled = own.invite(OUTSIDER)
    assert management.cancel_handshake(HandshakeId=canceled["Id"])["Handshake"]["State"] == "CANCELED"
    with refused("InvalidHandshakeTransitionException"):
        outsider.accept_handshake(HandshakeId=canceled["Id"])
    by_email = management.invite_account_to_organization(Target={"Id": "Out@example.com", "Type": "EMAIL"})["Handshake"]
    assert outsider.accept_handshake(HandshakeId=by_email["Id"])["Handshake"]["State"] == "ACCEPTED"
    assert outsider.describe_organization()["Organization"]["Id"] == own.id
    with refused("HandshakeConstraintViolationException", reason="ALREADY_IN_AN_ORGANIZATION"):
        own.invite(OUTSIDER)
    with refused("AlreadyInOrganizationException"):
        outsider.create_organization()
    with refused("InvalidInputException", reason="TARGET_NOT_SUPPORTED"):
        own.invite("999999999999")


def call(org, account, operation, parameters, shift=0):
    """As a client whose clock goes with the server's."""
    request = Request("POST", headers=[("Host", f"127.0.0.1:{org.server.port}"), ("Content-Type", "application/x-amz-json-1.1"),
                                       ("X-Amz-Target", f"AWSOrganizationsV20161128.{operation}")],
                      body=json.dumps(parameters).encode())
    sign(request, org.keys[account], Scope("organizations"), stamp(now(shift)))
    answer = send(org.server.port, request)
    return answer.status, json.loads(answer.body)


def test_an_invitation_expires_and_is_forgotten(own):
    handshake = own.invite(OUTSIDER)["Id"]
    days = 24 * 3600

    def listed(shift):
        status, said = call(own, OUTSIDER, "ListHandshakesForAccount", {}, shift)
        assert status == 200, said
        return [handshake["State"] for handshake in said["Handshakes"]]
    own.server.move_clock(15 * days - 60)
    assert listed(15 * days - 60) == ["OPEN"]
    own.server.move_clock(120)
    assert listed(15 * days + 60) == ["EXPIRED"]
    status, said = call(own, OUTSIDER, "AcceptHandshake", {"HandshakeId": handshake}, 15 * days + 60)
    assert (status, said["__type"]) == (400, "InvalidHandshakeTransitionException")
    own.server.move_clock(31 * days)
    assert listed(46 * days + 60) == []


def test_members_come_and_go(own):
    management = own.of(MANAGEMENT)
    with refused("MasterCannotLeaveOrganizationException"):
        management.leave_organization()
    with refused("MasterCannotLeaveOrganizationException"):
        management.remove_account_from_organization(AccountId=MANAGEMENT)
    with refused("OrganizationNotEmptyException",
                 "To delete an organization you must first remove all member accounts (except the master)."):
        management.delete_organization()
    with refused("AccountNotFoundException"):
        management.remove_account_from_organization(AccountId=OUTSIDER)
    management.remove_account_from_organization(AccountId=MEMBER)
    with refused("AWSOrganizationsNotInUseException"):
        own.of(MEMBER).describe_organization()
    own.join(MEMBER)
    own.of(MEMBER).leave_organization()
    management.delete_organization()
    with refused("AWSOrganizationsNotInUseException", NOT_IN_USE):
        management.describe_organization()
    said = management.create_organization(FeatureSet="CONSOLIDATED_BILLING")["Organization"]
    assert said["FeatureSet"] == "CONSOLIDATED_BILLING" and said["AvailablePolicyTypes"] == []
    with refused("ConstraintViolationException", reason="ORGANIZATION_NOT_IN_ALL_FEATURES_MODE"):
        management.enable_aws_service_access(ServicePrincipal="iam.amazonaws.com")


def test_deputy_account_delete_keeps_organizations_whole(own):
    def delete(account, *more, check=True):
        return own.server.run("account", "delete", account, *more, "--data", own.server.data, check=check)
    refusal = delete(MANAGEMENT, "--force", check=False)
    assert refusal.returncode != 0
    assert f"is the management account of the organization {own.id}, which has other accounts" in refusal.stderr
    delete(MEMBER)
    assert [account["Id"] for account in own.of(MANAGEMENT).list_accounts()["Accounts"]] == [MANAGEMENT]
    assert "which would be deleted with it" in delete(MANAGEMENT, check=False).stderr
    delete(MANAGEMENT, "--force")
    own.server.create_account(MANAGEMENT, "Account A", "account-a", "--force", "--reuse-id")
    own.keys[MANAGEMENT] = own.cloud.profile("account-a")
    with refused("AWSOrganizationsNotInUseException"):
        own.of(MANAGEMENT).describe_organization()


def test_organizations_survive_a_restart(own):
    own.of(MANAGEMENT).enable_aws_service_access(ServicePrincipal="iam.amazonaws.com")
    handshake = own.invite(OUTSIDER)
    before = own.of(MANAGEMENT).list_accounts()["Accounts"]
    own.server.stop()
    own.server.start()
    assert own.of(MANAGEMENT).list_accounts()["Accounts"] == before
    assert own.of(OUTSIDER).describe_handshake(HandshakeId=handshake["Id"])["Handshake"] == handshake
    assert len(own.of(MANAGEMENT).list_aws_service_access_for_organization()["EnabledServicePrincipals"]) == 1


def test_s3_tells_its_own_organization_why(org):
    """A stranger hears Access Denied, a member hears the reason [D-8]."""
    org.of(MEMBER, "s3").create_bucket(Bucket="of-the-member")
    for account, message in ((OUTSIDER, "Access Denied"),
                             (MANAGEMENT, f"User: arn:aws:iam::{MANAGEMENT}:root is not authorized to perform: s3:ListBucket on "
                                          'resource: "arn:aws:s3:::of-the-member" because no resource-based policy allows the '
                                          "s3:ListBucket action")):
        with pytest.raises(ClientError) as denied:
            org.of(account, "s3").list_objects_v2(Bucket="of-the-member")
        assert denied.value.response["Error"]["Message"] == message


def as_service(org, role, *options):
    return org.server.run("as-service", "lambda.amazonaws.com", "--role", role, "--session-name", "probe", "--data", org.server.data,
                          "--print-credentials", *options, check=False)


def test_a_service_cannot_lie_about_an_account_that_is_known(org):
    iam = org.of(MEMBER, "iam")
    root = org.of(MANAGEMENT).list_roots()["Roots"][0]["Id"]
    path = f"{org.id}/{root}/"

    def role(name, condition):
        trust = {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole",
                 "Condition": condition}
        return iam.create_role(RoleName=name, AssumeRolePolicyDocument=json.dumps(
            {"Version": "2012-10-17", "Statement": [trust]}))["Role"]["Arn"]
    ours = role("OfOurs", {"StringEquals": {"aws:SourceOrgID": org.id},
                           "ForAnyValue:StringEquals": {"aws:SourceOrgPaths": path},
                           "Null": {"aws:PrincipalOrgID": "true"}})
    foreign = role("OfForeigners", {"StringEquals": {"aws:SourceOrgID": "o-exampleorg1"}})
    by_arn = ["--source-arn", f"arn:aws:lambda:us-east-1:{MEMBER}:function:f"]
    for options, allowed in ((["--source-account", MEMBER], True), (by_arn, True), (["--source-account", OUTSIDER], False),
                             (["--source-account", MEMBER, "--org", org.id, "--org-path", path], True), ([], False)):
        done = as_service(org, ours, *options)
        assert (done.returncode == 0) == allowed, done.stderr
    lies = ((["--source-account", OUTSIDER, "--org", org.id], f"Account {OUTSIDER} is in no organization."),
            (["--source-account", OUTSIDER, "--org-path", path], f"Account {OUTSIDER} is in no organization."),
            ([*by_arn, "--org", "o-exampleorg1"], f"Account {MEMBER} is in the organization {org.id}, at {path}."),
            (["--source-account", MEMBER, "--org-path", path + "ou-prod/"],
             f"Account {MEMBER} is in the organization {org.id}, at {path}."))
    for options, said in lies:
        done = as_service(org, ours, *options)
        assert done.returncode != 0 and said in done.stderr, done.stderr
    unknown = ["--source-account", "999999999999", "--org", "o-exampleorg1"]  # of another cloud: who should know?
    assert as_service(org, foreign, *unknown).returncode == 0


def aws(org, profile, *arguments):
    command = [AWS, "--endpoint-url", org.server.endpoint, "--profile", profile, "--region", "eu-west-1",
               "organizations", *arguments]
    return subprocess.run(command, env=org.server.environment(), capture_output=True, text=True, timeout=60)


@pytest.mark.skipif(not AWS, reason="there is no aws command")
def test_the_aws_cli(org):
    done = aws(org, "account-a", "list-accounts", "--query", "Accounts[].Id", "--output", "text")
    assert done.stdout.split() == [MANAGEMENT, MEMBER], done.stderr
    done = aws(org, "account-b", "describe-organization", "--query", "Organization.MasterAccountId", "--output", "text")
    assert done.stdout.strip() == MANAGEMENT, done.stderr
    done = aws(org, "account-b", "list-accounts")
    assert done.returncode != 0
    assert done.stderr.strip().endswith("An error occurred (AccessDeniedException) when calling the ListAccounts operation: "
                                        + NO_PERMISSION)
    done = aws(org, "outsider", "describe-organization")
    assert "(AWSOrganizationsNotInUseException)" in done.stderr
    done = aws(org, "account-a", "list-roots", "--output", "json")
    assert json.loads(done.stdout)["Roots"][0]["Name"] == "Root"
