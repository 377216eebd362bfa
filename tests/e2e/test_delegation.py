"""What an organization hands to its members and takes from them: its resource policy, tags, effective policies, accounts that
it closes, and its move to all features; with boto3 and the AWS CLI."""
import json

import pytest
from botocore.exceptions import ClientError

import guide
from conftest import Keys
from test_organizations import AWS, MANAGEMENT, MEMBER, NO_PERMISSION, OUTSIDER, Organization, aws, refused


@pytest.fixture
def own(server):
    """An organization of the test's own."""
    return Organization(server.start("--movable-clock"))


def tag_policy(**values):
    """A tag policy for one key: operators and what they are given."""
    return json.dumps({"tags": {"team": {"tag_value": {"@@" + name: value for name, value in values.items()}}}})


def delegation(*actions, **more):
    return json.dumps({"Version": "2012-10-17", "Statement": [{
        "Effect": "Allow", "Principal": {"AWS": MEMBER}, "Action": [f"organizations:{action}" for action in actions],
        "Resource": "*", **more}]})


def test_a_member_manages_the_policies_that_are_delegated(own):
    management = own.of(MANAGEMENT)
    root = management.list_roots()["Roots"][0]["Id"]
    management.enable_policy_type(RootId=root, PolicyType="TAG_POLICY")
    admin = own.cloud.client("organizations", own.user(MEMBER, "admin", "organizations:*"))
    powerless = own.cloud.client("organizations", own.user(MEMBER, "powerless"))
    new = {"Content": tag_policy(assign=["a"]), "Description": "", "Name": "teams", "Type": "TAG_POLICY"}
    with refused("AccessDeniedException", NO_PERMISSION):
        admin.create_policy(**new)
    content = delegation("CreatePolicy", "UpdatePolicy", "DeletePolicy", "AttachPolicy", "DetachPolicy", "DescribePolicy",
                         Condition={"StringEquals": {"organizations:PolicyType": "TAG_POLICY"}})
    made = management.put_resource_policy(Content=content)["ResourcePolicy"]
    assert made["Content"] == content
    assert management.describe_resource_policy()["ResourcePolicy"] == made
    policy = admin.create_policy(**new)["Policy"]["PolicySummary"]["Id"]
    with refused("AccessDeniedException", NO_PERMISSION):
        admin.create_policy(**{**new, "Type": "SERVICE_CONTROL_POLICY", "Content": guide.policy("Deny", "*", "*")})
    with refused("AccessDeniedException", NO_PERMISSION):
        admin.list_roots()
    with refused("AccessDeniedException", f"User: arn:aws:iam::{MEMBER}:user/powerless is not authorized to perform: "
                 "organizations:CreatePolicy because no identity-based policy allows the organizations:CreatePolicy action"):
        powerless.create_policy(**{**new, "Name": "more"})
    admin.attach_policy(PolicyId=policy, TargetId=root)
    assert json.loads(admin.describe_effective_policy(PolicyType="TAG_POLICY")["EffectivePolicy"]["PolicyContent"]) == {
        "tags": {"team": {"tag_value": ["a"]}}}
    own.server.stop()
    own.server.start()
    admin.update_policy(PolicyId=policy, Content=tag_policy(assign=["b"]))
    admin.detach_policy(PolicyId=policy, TargetId=root)
    management.delete_resource_policy()
    with refused("AccessDeniedException", NO_PERMISSION):
        admin.delete_policy(PolicyId=policy)
    with refused("ResourcePolicyNotFoundException"):
        management.describe_resource_policy()


def test_policies_come_to_one(own):
    management, member = own.of(MANAGEMENT), own.of(MEMBER)
    root = management.list_roots()["Roots"][0]["Id"]
    unit = management.create_organizational_unit(ParentId=root, Name="Teams")["OrganizationalUnit"]["Id"]
    management.move_account(AccountId=MEMBER, SourceParentId=root, DestinationParentId=unit)
    with refused("EffectivePolicyNotFoundException"):
        member.describe_effective_policy(PolicyType="TAG_POLICY")
    management.enable_policy_type(RootId=root, PolicyType="TAG_POLICY")
    for target, operators in ((root, {"assign": ["a", "b"], "operators_allowed_for_child_policies": ["@@append", "@@remove"]}),
                              (unit, {"append": ["c"]}), (MEMBER, {"remove": ["a"], "assign": ["never"]})):
        policy = management.create_policy(Content=tag_policy(**operators), Description="", Name=target, Type="TAG_POLICY")
        management.attach_policy(PolicyId=policy["Policy"]["PolicySummary"]["Id"], TargetId=target)
    said = member.describe_effective_policy(PolicyType="TAG_POLICY")["EffectivePolicy"]
    assert json.loads(said["PolicyContent"]) == {"tags": {"team": {"tag_value": ["b", "c"]}}}
    assert said["TargetId"] == MEMBER and said["PolicyType"] == "TAG_POLICY"
    said = management.describe_effective_policy(PolicyType="TAG_POLICY", TargetId=MANAGEMENT)["EffectivePolicy"]
    assert json.loads(said["PolicyContent"]) == {"tags": {"team": {"tag_value": ["a", "b"]}}}
    with refused("AccessDeniedException", NO_PERMISSION):
        member.describe_effective_policy(PolicyType="TAG_POLICY", TargetId=MANAGEMENT)
    assert management.list_accounts_with_invalid_effective_policy(PolicyType="TAG_POLICY")["Accounts"] == []
    errors = management.list_effective_policy_validation_errors(AccountId=MEMBER, PolicyType="TAG_POLICY")
    assert errors["EffectivePolicyValidationErrors"] == [] and errors["Path"].endswith(f"/{unit}/{MEMBER}/")
    with refused("MalformedPolicyDocumentException"):
        management.create_policy(Content='{"tags":{"team":{"tag_key":"Team"}}}', Description="", Name="x", Type="TAG_POLICY")


def test_a_closed_account_lets_nobody_in(own):
    management, iam, sts = own.of(MANAGEMENT), own.of(MEMBER, "iam"), own.of(MEMBER, "sts")
    iam.create_role(RoleName="door", AssumeRolePolicyDocument=guide.trust(MANAGEMENT))
    iam.put_role_policy(RoleName="door", PolicyName="p", PolicyDocument=guide.policy("Allow", "*", "*"))
    assumer = own.cloud.client("sts", own.user(MANAGEMENT, "assumer", "sts:AssumeRole"))
    wanted = {"RoleArn": f"arn:aws:iam::{MEMBER}:role/door", "RoleSessionName": "session"}
    session = own.cloud.client("sts", Keys.of(assumer.assume_role(**wanted)["Credentials"]))
    assert session.get_caller_identity()["Account"] == MEMBER
    management.close_account(AccountId=MEMBER)
    for caller in (sts, session):
        with pytest.raises(ClientError) as said:
            caller.get_caller_identity()
        assert said.value.response["Error"]["Code"] == "InvalidClientTokenId"
    with pytest.raises(ClientError) as said:
        assumer.assume_role(**wanted)
    assert said.value.response["Error"]["Code"] == "AccessDenied"
    shown = management.describe_account(AccountId=MEMBER)["Account"]
    assert (shown["Status"], shown["State"]) == ("SUSPENDED", "CLOSED")
    with refused("AccountAlreadyClosedException"):
        management.close_account(AccountId=MEMBER)
    with refused("ConstraintViolationException", reason="CANNOT_CLOSE_MANAGEMENT_ACCOUNT"):
        management.close_account(AccountId=MANAGEMENT)
    refusal = own.server.run("account", "credentials", MEMBER, "--data", own.server.data, check=False)
    assert refusal.returncode != 0 and f"Account {MEMBER} was closed by its organization" in refusal.stderr
    own.server.stop()
    own.server.start()
    with pytest.raises(ClientError):
        sts.get_caller_identity()
    own.server.run("account", "delete", MEMBER, "--force", "--data", own.server.data)
    assert [account["Id"] for account in management.list_accounts()["Accounts"]] == [MANAGEMENT]


def test_an_organization_moves_to_all_features(server):
    server.start("--movable-clock")
    own = Organization(server)
    management, member = own.of(MANAGEMENT), own.of(MEMBER)
    management.remove_account_from_organization(AccountId=MEMBER)
    management.delete_organization()
    management.create_organization(FeatureSet="CONSOLIDATED_BILLING")
    own.join(MEMBER)
    with refused("PolicyTypeNotAvailableForOrganizationException"):
        management.create_policy(Content=tag_policy(assign=["a"]), Description="", Name="x", Type="TAG_POLICY")
    move = management.enable_all_features()["Handshake"]
    assert (move["Action"], move["State"]) == ("ENABLE_ALL_FEATURES", "REQUESTED")
    with refused("HandshakeConstraintViolationException", reason="INVITE_DISABLED_DURING_ENABLE_ALL_FEATURES"):
        own.invite(OUTSIDER)
    asked = member.list_handshakes_for_account(Filter={"ActionType": "APPROVE_ALL_FEATURES"})["Handshakes"]
    assert len(asked) == 1
    own.server.stop()
    own.server.start()
    assert member.describe_handshake(HandshakeId=asked[0]["Id"])["Handshake"] == asked[0]
    with refused("InvalidHandshakeTransitionException"):
        management.accept_handshake(HandshakeId=move["Id"])
    assert member.accept_handshake(HandshakeId=asked[0]["Id"])["Handshake"]["State"] == "ACCEPTED"
    children = management.list_handshakes_for_organization(Filter={"ParentHandshakeId": move["Id"]})["Handshakes"]
    assert [child["State"] for child in children] == ["ACCEPTED"]
    assert management.describe_handshake(HandshakeId=move["Id"])["Handshake"]["State"] == "OPEN"
    management.accept_handshake(HandshakeId=move["Id"])
    assert management.describe_organization()["Organization"]["FeatureSet"] == "ALL"
    own.invite(OUTSIDER)


def test_tags_stay_and_decide(own):
    management = own.of(MANAGEMENT)
    made = management.create_account(Email="new@example.com", AccountName="New", Tags=[{"Key": "team", "Value": "a"}])
    status = management.describe_create_account_status(CreateAccountRequestId=made["CreateAccountStatus"]["Id"])
    new = status["CreateAccountStatus"]["AccountId"]
    tagger = own.cloud.client("organizations", own.user(MANAGEMENT, "reader"))
    own.of(MANAGEMENT, "iam").put_user_policy(UserName="reader", PolicyName="p", PolicyDocument=guide.policy(
        "Allow", "organizations:*", "*", Condition={"StringEquals": {"aws:ResourceTag/team": "a"}}))
    assert tagger.list_tags_for_resource(ResourceId=new)["Tags"] == [{"Key": "team", "Value": "a"}]
    with refused("AccessDeniedException"):
        tagger.list_tags_for_resource(ResourceId=MEMBER)
    tagger.tag_resource(ResourceId=new, Tags=[{"Key": "cost", "Value": "1"}])
    tagger.untag_resource(ResourceId=new, TagKeys=["team", "absent"])
    with refused("AccessDeniedException"):
        tagger.list_tags_for_resource(ResourceId=new)
    own.server.stop()
    own.server.start()
    assert management.list_tags_for_resource(ResourceId=new)["Tags"] == [{"Key": "cost", "Value": "1"}]
    handshake = management.invite_account_to_organization(Target={"Id": OUTSIDER, "Type": "ACCOUNT"},
                                                          Tags=[{"Key": "team", "Value": "b"}])["Handshake"]["Id"]
    own.of(OUTSIDER).accept_handshake(HandshakeId=handshake)
    assert management.list_tags_for_resource(ResourceId=OUTSIDER)["Tags"] == [{"Key": "team", "Value": "b"}]


@pytest.mark.skipif(not AWS, reason="there is no aws command")
def test_the_aws_cli(own):
    done = aws(own, "account-a", "put-resource-policy", "--content", delegation("ListRoots"))
    assert done.returncode == 0, done.stderr
    done = aws(own, "account-b", "list-roots", "--query", "Roots[0].Name", "--output", "text")
    assert done.stdout.strip() == "Root", done.stderr
    done = aws(own, "account-a", "tag-resource", "--resource-id", MEMBER, "--tags", "Key=team,Value=a")
    assert done.returncode == 0, done.stderr
    done = aws(own, "account-a", "list-tags-for-resource", "--resource-id", MEMBER, "--output", "json")
    assert json.loads(done.stdout)["Tags"] == [{"Key": "team", "Value": "a"}]
    done = aws(own, "account-a", "list-inbound-responsibility-transfers", "--type", "BILLING", "--output", "json")
    assert json.loads(done.stdout)["ResponsibilityTransfers"] == []
    done = aws(own, "account-a", "close-account", "--account-id", MEMBER)
    assert done.returncode == 0, done.stderr
    done = aws(own, "account-b", "list-roots")
    assert "(UnrecognizedClientException)" in done.stderr
