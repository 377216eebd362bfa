"""GetAccountAuthorizationDetails and credential reports, as boto3 and the AWS CLI see them (docs/wire.md, 5.6)."""
import csv
import json

from conftest import ACCOUNT_A, ACCOUNT_B, Cloud
from sigv4 import Request, Scope, form, now, send, sign, stamp
from test_iam import ALLOW, refused, trust
from test_passwords import user


def test_the_details_of_an_account_page_by_page(fresh):
    iam = fresh.client("iam", fresh.a)
    for i in range(5):
        iam.create_user(UserName=f"u{i}")
        iam.put_user_policy(UserName=f"u{i}", PolicyName="p", PolicyDocument=json.dumps(ALLOW, indent=2))
    iam.create_group(GroupName="g")
    iam.add_user_to_group(GroupName="g", UserName="u0")
    iam.create_role(RoleName="r", AssumeRolePolicyDocument=trust(ACCOUNT_A))
    iam.attach_role_policy(RoleName="r", PolicyArn="arn:aws:iam::aws:policy/ReadOnlyAccess")
    iam.create_policy(PolicyName="own", PolicyDocument=json.dumps(ALLOW))
    iam.create_instance_profile(InstanceProfileName="i")
    iam.add_role_to_instance_profile(InstanceProfileName="i", RoleName="r")

    pages = list(iam.get_paginator("get_account_authorization_details").paginate(PaginationConfig={"PageSize": 2}))
    assert len(pages) == 5 and all("Marker" in page for page in pages[:-1]) and "Marker" not in pages[-1]
    users = [item for page in pages for item in page["UserDetailList"]]
    assert [u["UserName"] for u in users] == [f"u{i}" for i in range(5)]
    assert users[0]["UserPolicyList"] == [{"PolicyName": "p", "PolicyDocument": ALLOW}], "decoded as boto3 decodes it"
    assert users[0]["GroupList"] == ["g"] and users[1]["GroupList"] == []
    role = next(item for page in pages for item in page["RoleDetailList"])
    assert role["AssumeRolePolicyDocument"] == json.loads(trust(ACCOUNT_A)) and role["RoleLastUsed"] == {}
    assert [i["InstanceProfileName"] for i in role["InstanceProfileList"]] == ["i"]
    policies = [item for page in pages for item in page["Policies"]]
    assert [p["PolicyName"] for p in policies] == ["own", "ReadOnlyAccess"]
    assert policies[0]["PolicyVersionList"][0]["Document"] == ALLOW
    only = iam.get_account_authorization_details(Filter=["Role"])
    assert only["UserDetailList"] == [] and only["Policies"] == [] and len(only["RoleDetailList"]) == 1

    nobody = user(fresh, iam, "nobody")
    for call, action in ((nobody.get_account_authorization_details, "GetAccountAuthorizationDetails"),
                         (nobody.generate_credential_report, "GenerateCredentialReport"),
                         (nobody.get_credential_report, "GetCredentialReport")):
        refused(call, "AccessDenied", f"User: arn:aws:iam::{ACCOUNT_A}:user/nobody is not authorized to perform: "
                f"iam:{action} on resource: * because no identity-based policy allows the iam:{action} action", 403)


def test_a_credential_report_lives_for_four_hours_and_across_a_restart(server):
    cloud = Cloud(server.start("--movable-clock"))
    iam = cloud.client("iam", cloud.a)
    refused(iam.get_credential_report, "ReportNotPresent", status=410)
    bob = user(cloud, iam, "bob")
    refused(bob.list_users, "AccessDenied")  # its key was used
    iam.create_login_profile(UserName="bob", Password="Passw0rd")
    assert iam.generate_credential_report()["State"] == "STARTED"
    assert iam.generate_credential_report()["State"] == "COMPLETE"
    report = iam.get_credential_report()
    server.stop()
    server.start("--movable-clock")
    iam = cloud.client("iam", cloud.a)
    assert iam.get_credential_report()["Content"] == report["Content"]

    rows = {row["user"]: row for row in csv.DictReader(report["Content"].decode().splitlines())}
    assert set(rows) == {"<root_account>", "bob"} and report["ReportFormat"] == "text/csv"
    assert rows["bob"]["password_enabled"] == "true" and rows["bob"]["access_key_1_last_used_service"] == "iam"
    assert rows["<root_account>"]["access_key_1_active"] == "true"
    assert "Passw0rd" not in report["Content"].decode()

    server.move_clock(4 * 3600)
    body = form({"Action": "GetCredentialReport", "Version": "2010-05-08"}).encode()
    request = Request("POST", headers=[("Host", f"127.0.0.1:{server.port}"),
                                       ("Content-Type", "application/x-www-form-urlencoded; charset=utf-8")], body=body)
    sign(request, cloud.a, Scope("iam"), stamp(now(4 * 3600)))
    answer = send(server.port, request)
    assert answer.status == 410 and b"<Code>ReportExpired</Code>" in answer.body and b"<Message" not in answer.body


def test_an_account_with_nothing_but_a_report_can_be_deleted(server):
    cloud = Cloud(server.start())
    cloud.client("iam", cloud.b).generate_credential_report()
    server.run("account", "delete", ACCOUNT_B, "--data", server.data)
    server.create_account(ACCOUNT_B, "Account B", "account-b", "--reuse-id")
    refused(cloud.client("iam", cloud.profile("account-b")).get_credential_report, "ReportNotPresent", status=410)
