"""AWS services as callers: `deputy as-service`, decided by the role's trust policy (docs/policy-evaluation.md, A-4, K-7, T-15)."""
import json
import subprocess
import sys

import pytest

import guide
from conftest import ACCOUNT_A, ACCOUNT_B, Keys

LAMBDA = "lambda.amazonaws.com"
FUNCTION = f"arn:aws:lambda:us-east-1:{ACCOUNT_A}:function:nightly"
SOURCE = ["--source-arn", FUNCTION]


def trust(service=LAMBDA, actions="sts:AssumeRole", **conditions):
    statement = {"Effect": "Allow", "Principal": {"Service": service}, "Action": actions}
    if conditions:
        statement["Condition"] = conditions
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


def arn(role, account=ACCOUNT_A):
    return f"arn:aws:iam::{account}:role/{role}"


def make_role(cloud, name, document, allow=None):
    iam = cloud.client("iam", cloud.a)
    try:
        iam.create_role(RoleName=name, AssumeRolePolicyDocument=document)
    except iam.exceptions.EntityAlreadyExistsException:
        iam.update_assume_role_policy(RoleName=name, PolicyDocument=document)
    if allow:
        iam.put_role_policy(RoleName=name, PolicyName="allow", PolicyDocument=guide.policy("Allow", allow, "*"))
    return arn(name)


def as_service(cloud, role, *options, service=LAMBDA, check=True):
    return cloud.server.run("as-service", service, "--role", role, "--data", cloud.server.data, *options, check=check)


def assume(cloud, role, *options, service=LAMBDA):
    """The keys of the session, and the document that they came in."""
    printed = as_service(cloud, role, "--print-credentials", "--output", "json", *options, service=service).stdout
    document = json.loads(printed)
    return Keys(document["AccessKeyId"], document["SecretAccessKey"], document["SessionToken"]), document


def refused(cloud, role, *options, service=LAMBDA):
    done = as_service(cloud, role, "--print-credentials", *options, service=service, check=False)
    assert done.returncode == 1 and not done.stdout, done.stdout + done.stderr
    return done.stderr.strip()


def denied(role, service=LAMBDA):
    return ("deputy: An error occurred (AccessDenied) when calling the AssumeRole operation: "
            + guide.not_authorized(service, "sts:AssumeRole", role))


def events(cloud):
    """All events so far: those in memory are written within a moment."""
    return [json.loads(line) for path in cloud.server.data.rglob("events*.jsonl") for line in path.read_text().splitlines()]


def test_a_service_that_the_role_trusts_becomes_it(cloud):
    role = make_role(cloud, "Trusting", trust(), "s3:ListAllMyBuckets")
    keys, document = assume(cloud, role, *SOURCE)
    assert document["Version"] == 1 and document["Expiration"].endswith("Z")
    who = cloud.client("sts", keys).get_caller_identity()
    assert who["Arn"] == f"arn:aws:sts::{ACCOUNT_A}:assumed-role/Trusting/nightly"
    cloud.client("s3", keys).list_buckets()


def test_one_that_it_does_not_trust_is_refused_in_awss_words(cloud):
    role = make_role(cloud, "Trusting", trust())
    assert refused(cloud, role, *SOURCE, service="states.amazonaws.com") == denied(role, "states.amazonaws.com")
    missing = arn("NobodyMadeThis")
    assert refused(cloud, missing, *SOURCE) == denied(missing), "a missing role reads like one that trusts nobody"
    someone = make_role(cloud, "TrustsPeople", guide.trust("*"))
    assert refused(cloud, someone, *SOURCE) == denied(someone), "people are no services"


# What the statement asks; what the call says; whether that is enough. An absent key matches nothing but Null and …IfExists.
ACCOUNT = {"StringEquals": {"aws:SourceAccount": ACCOUNT_A}}
ORG = {"StringEquals": {"aws:SourceOrgID": "o-exampleorg1"}}
ROW = ["--source-arn", FUNCTION]
CONDITIONS = [
    ("no condition", {}, [], True),
    ("source account", ACCOUNT, ROW, True),
    ("source account given apart", ACCOUNT, ["--source-account", ACCOUNT_A], True),
    ("source account of another", ACCOUNT, ["--source-account", ACCOUNT_B], False),
    ("source account absent", ACCOUNT, [], False),
    ("account beats the one in the ARN", ACCOUNT, ROW + ["--source-account", ACCOUNT_B], False),
    ("source ARN", {"ArnEquals": {"aws:SourceArn": FUNCTION}}, ROW, True),
    ("source ARN by pattern", {"ArnLike": {"aws:SourceArn": f"arn:aws:lambda:*:{ACCOUNT_A}:function:*"}}, ROW, True),
    ("source ARN of another account", {"ArnLike": {"aws:SourceArn": f"arn:aws:lambda:*:{ACCOUNT_B}:function:*"}}, ROW, False),
    ("source ARN absent", {"ArnLike": {"aws:SourceArn": "arn:aws:lambda:*:*:function:*"}}, [], False),
    ("source ARN absent, IfExists", {"ArnLikeIfExists": {"aws:SourceArn": "arn:aws:sns:*:*:*"}}, [], True),
    ("source ARN present, Null true", {"Null": {"aws:SourceArn": "true"}}, ROW, False),
    ("source ARN absent, Null true", {"Null": {"aws:SourceArn": "true"}}, [], True),
    ("organization", ORG, ["--org", "o-exampleorg1"], True),
    ("another organization", ORG, ["--org", "o-exampleorg2"], False),
    ("organization absent", ORG, ROW, False),
    ("organization path", {"ForAnyValue:StringLike": {"aws:SourceOrgPaths": "o-exampleorg1/*/ou-prod/*"}},
     ["--org-path", "o-exampleorg1/r-ab12/ou-prod/"], True),
    ("organization path absent", {"ForAnyValue:StringLike": {"aws:SourceOrgPaths": "*"}}, ROW, False),
    ("is a service", {"Bool": {"aws:PrincipalIsAWSService": "true"}}, [], True),
    ("is no service", {"Bool": {"aws:PrincipalIsAWSService": "false"}}, [], False),
    ("service name", {"StringEquals": {"aws:PrincipalServiceName": LAMBDA}}, [], True),
    ("service name of another", {"StringEquals": {"aws:PrincipalServiceName": "s3.amazonaws.com"}}, [], False),
    ("service names, regional", {"ForAnyValue:StringEquals": {
        "aws:PrincipalServiceNamesList": "lambda.eu-west-1.amazonaws.com"}}, ["--region", "eu-west-1"], True),
    ("service names, another region", {"ForAnyValue:StringEquals": {
        "aws:PrincipalServiceNamesList": "lambda.eu-west-1.amazonaws.com"}}, ["--region", "us-east-1"], False),
    ("region", {"StringEquals": {"aws:RequestedRegion": "eu-west-1"}}, ["--region", "eu-west-1"], True),
    ("principal type", {"StringEquals": {"aws:PrincipalType": "AWSService"}}, [], True),
    ("principal ARN is absent", {"Null": {"aws:PrincipalArn": "true", "aws:PrincipalAccount": "true"}}, [], True),
    ("principal org is absent", {"StringNotEquals": {"aws:PrincipalOrgID": "o-exampleorg1"}}, [], True),
    ("address is absent", {"IpAddress": {"aws:SourceIp": "0.0.0.0/0"}}, [], False),
    ("MFA is absent", {"Bool": {"aws:MultiFactorAuthPresent": "true"}}, [], False),
    ("via a service", {"Bool": {"aws:ViaAWSService": "true"}}, [], False),
    ("session name", {"StringEquals": {"sts:RoleSessionName": "nightly"}}, ROW, True),
    ("external id absent", {"StringEquals": {"sts:ExternalId": "x"}}, ROW, False),
]


@pytest.mark.parametrize("name, condition, options, allowed", CONDITIONS, ids=[row[0] for row in CONDITIONS])
def test_conditions_see_what_aws_sets_for_services(cloud, name, condition, options, allowed):
    role = make_role(cloud, "Conditional", trust(**condition))
    if allowed:
        keys, _ = assume(cloud, role, *options)
        assert cloud.client("sts", keys).get_caller_identity()["Account"] == ACCOUNT_A
    else:
        assert refused(cloud, role, *options) == denied(role)


def test_a_user_has_none_of_these_keys(cloud):
    iam = cloud.client("iam", cloud.a)
    iam.create_user(UserName="not-a-service")
    iam.put_user_policy(UserName="not-a-service", PolicyName="all", PolicyDocument=guide.policy("Allow", "*", "*"))
    keys = Keys.of(iam.create_access_key(UserName="not-a-service")["AccessKey"])
    sts = cloud.client("sts", keys)
    for number, condition in enumerate((ACCOUNT, ORG, {"Null": {"aws:SourceArn": "false"}},
                                        {"Bool": {"aws:PrincipalIsAWSService": "true"}})):
        name = f"ForServices{number}"
        iam.create_role(RoleName=name, AssumeRolePolicyDocument=guide.trust(
            f"arn:aws:iam::{ACCOUNT_A}:user/not-a-service", Condition=condition))
        with pytest.raises(sts.exceptions.ClientError) as error:
            sts.assume_role(RoleArn=arn(name), RoleSessionName="me")
        assert error.value.response["Error"]["Code"] == "AccessDenied"


def test_everybody_includes_services_but_every_aws_principal_does_not(cloud):
    everybody = json.dumps({"Version": "2012-10-17", "Statement": [
        {"Effect": "Allow", "Principal": "*", "Action": "sts:AssumeRole", "Condition": ACCOUNT}]})
    role = make_role(cloud, "Everybody", everybody)
    assume(cloud, role, *SOURCE)
    role = make_role(cloud, "EveryAws", guide.trust("*", Condition=ACCOUNT))
    assert refused(cloud, role, *SOURCE) == denied(role)


def test_a_deny_wins(cloud):
    statements = [json.loads(trust())["Statement"][0],
                  {"Effect": "Deny", "Principal": "*", "Action": "sts:AssumeRole",
                   "Condition": {"StringNotEquals": {"aws:SourceAccount": ACCOUNT_A}}}]
    role = make_role(cloud, "Denying", json.dumps({"Version": "2012-10-17", "Statement": statements}))
    assume(cloud, role, *SOURCE)
    assert refused(cloud, role, "--source-account", ACCOUNT_B) == denied(role)
    assert refused(cloud, role) == denied(role), "an absent key is not equal"


def test_the_roles_maximum_does_not_limit_services(cloud):
    role = make_role(cloud, "Long", trust())
    _, document = assume(cloud, role, "--duration", "43200")
    assert document["Expiration"]
    for wrong in ("899", "43201", "-1"):
        assert "durationSeconds" in refused(cloud, role, "--duration", wrong)


def test_bad_input_is_refused_with_a_reason(cloud):
    role = make_role(cloud, "Trusting", trust())
    for service in ("lambda", "lambda.example.com", "", "*.amazonaws.com", f"arn:aws:iam::{ACCOUNT_A}:root"):
        assert "is no service principal" in refused(cloud, role, service=service) or service == ""
    for options, word in ((["--source-account", "12"], "sourceAccount"), (["--org", "x"], "sourceOrgId"),
                          (["--session-name", "a b"], "roleSessionName"), (["--session-name", "x"], "roleSessionName"),
                          (["--session-name", "x" * 65], "roleSessionName"), (["--region", "Mars"], "region")):
        assert word in refused(cloud, role, *options), options
    for wrong in ("not-an-arn-but-twenty-long", "arn:aws:iam::12:role/too-short-account"):
        assert wrong in refused(cloud, wrong)
    done = cloud.server.run("as-service", LAMBDA, "--role", role, "--data", cloud.server.data, check=False)
    assert done.returncode == 2 and "--print-credentials" in done.stderr
    assert cloud.server.run("as-service", LAMBDA, "--data", cloud.server.data, check=False).returncode == 2


def test_a_command_runs_as_the_session_and_its_exit_code_is_ours(cloud):
    role = make_role(cloud, "Trusting", trust())
    script = "import os, sys; print(os.environ['AWS_SESSION_TOKEN'], os.environ['AWS_REGION']); sys.exit(7)"
    done = as_service(cloud, role, "--region", "eu-west-1", "--", sys.executable, "-c", script, check=False)
    assert done.returncode == 7 and done.stdout.split()[1] == "eu-west-1"
    missing = as_service(cloud, role, "--", "no-such-program-anywhere", check=False)
    assert missing.returncode == 127 and "no-such-program-anywhere" in missing.stderr


def test_export_lines_are_for_a_shell(cloud):
    role = make_role(cloud, "Trusting", trust())
    printed = as_service(cloud, role, "--print-credentials").stdout
    shown = subprocess.run(["sh", "-c", printed + 'echo "$AWS_ACCESS_KEY_ID $AWS_ENDPOINT_URL"'], capture_output=True, text=True,
                           check=True, timeout=10).stdout
    assert shown.startswith("ASIA") and shown.split()[1] == cloud.server.endpoint


def test_whoever_hands_the_role_over_needs_pass_role(cloud):
    iam = cloud.client("iam", cloud.a)
    role = make_role(cloud, "Handed", trust())
    iam.create_user(UserName="deployer")
    deployer = f"arn:aws:iam::{ACCOUNT_A}:user/deployer"
    passing = ["--passed-by", deployer, *SOURCE]
    cannot = "deputy: An error occurred (AccessDenied): " + guide.not_authorized(
        deployer, "iam:PassRole", role, guide.no_identity_policy("iam:PassRole"))
    assert refused(cloud, role, *passing) == cannot

    def allow(**conditions):
        iam.put_user_policy(UserName="deployer", PolicyName="pass",
                            PolicyDocument=guide.policy("Allow", "iam:PassRole", role, Condition=conditions))
    allow(StringEquals={"iam:PassedToService": "ecs-tasks.amazonaws.com"})
    assert refused(cloud, role, *passing) == cannot
    allow(StringEquals={"iam:PassedToService": LAMBDA})
    assume(cloud, role, *passing)
    allow(ArnLike={"iam:AssociatedResourceArn": f"arn:aws:lambda:*:{ACCOUNT_A}:function:other*"})
    assert refused(cloud, role, *passing) == cannot
    allow(ArnLike={"iam:AssociatedResourceArn": f"arn:aws:lambda:*:{ACCOUNT_A}:function:night*"})
    assume(cloud, role, *passing)
    assert refused(cloud, role, "--passed-by", deployer) == cannot, "no resource, no key"
    other = arn("Handed", ACCOUNT_B)
    assert "Cross-account pass role is not allowed." in refused(cloud, other, *passing)
    for nobody in (f"arn:aws:iam::{ACCOUNT_A}:user/nobody", f"arn:aws:sts::{ACCOUNT_A}:assumed-role/nobody/x", role):
        assert nobody in refused(cloud, role, "--passed-by", nobody)
    assume(cloud, role, "--passed-by", f"arn:aws:iam::{ACCOUNT_A}:root")
    session = f"arn:aws:sts::{ACCOUNT_A}:assumed-role/Handed/x"
    assert session in refused(cloud, role, "--passed-by", session)
    iam.put_role_policy(RoleName="Handed", PolicyName="pass", PolicyDocument=guide.policy("Allow", "iam:PassRole", "*"))
    assume(cloud, role, "--passed-by", session)


def test_a_service_becomes_its_service_linked_role(cloud):
    iam = cloud.client("iam", cloud.a)
    service = "elasticloadbalancing.amazonaws.com"
    role = iam.create_service_linked_role(AWSServiceName=service)["Role"]
    assert role["AssumeRolePolicyDocument"]["Statement"][0]["Principal"] == {"Service": service}
    keys, _ = assume(cloud, role["Arn"], service=service)
    assert cloud.client("sts", keys).get_caller_identity()["Arn"].startswith(
        f"arn:aws:sts::{ACCOUNT_A}:assumed-role/AWSServiceRoleForElasticLoadBalancing/")
    assert refused(cloud, role["Arn"]) == denied(role["Arn"])
    task = iam.delete_service_linked_role(RoleName=role["RoleName"])["DeletionTaskId"]
    assert iam.get_service_linked_role_deletion_status(DeletionTaskId=task)["Status"] == "SUCCEEDED"
    gone = cloud.client("sts", keys)
    with pytest.raises(gone.exceptions.ClientError):
        gone.get_caller_identity()


def test_the_trail_shows_a_service_as_cloudtrail_does(fresh):
    role = make_role(fresh, "Trusting", trust())
    assume(fresh, role, *SOURCE)
    refused(fresh, role, service="states.amazonaws.com")
    fresh.server.stop()
    by_services = [e for e in events(fresh) if e["userIdentity"]["type"] == "AWSService"]
    assert len(by_services) == 2
    allowed, refusal = by_services
    assert allowed["userIdentity"] == {"type": "AWSService", "invokedBy": LAMBDA}
    assert allowed["sourceIPAddress"] == allowed["userAgent"] == LAMBDA
    assert (allowed["eventSource"], allowed["eventName"]) == ("sts.amazonaws.com", "AssumeRole")
    assert allowed["requestParameters"] == {"roleArn": role, "roleSessionName": "nightly"}
    assert allowed["responseElements"]["assumedRoleUser"]["arn"].endswith("assumed-role/Trusting/nightly")
    assert allowed["resources"] == [{"accountId": ACCOUNT_A, "type": "AWS::IAM::Role", "ARN": role}]
    assert allowed["recipientAccountId"] == refusal["recipientAccountId"] == ACCOUNT_A
    assert allowed["sharedEventID"]
    assert refusal["errorCode"] == "AccessDenied" and refusal["requestParameters"] is None
    assert "secretAccessKey" not in json.dumps(by_services) and '"sessionToken"' not in json.dumps(by_services)
