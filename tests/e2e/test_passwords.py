"""Password policies, login profiles and ChangePassword, as boto3 and the AWS CLI see them (docs/wire.md, 5.2)."""
import concurrent.futures
import json
import time

import botocore.exceptions
import pytest

from conftest import ACCOUNT_A, ACCOUNT_B, Cloud, Keys
from deputy import Server
from test_iam import ALLOW, refused

SECRETS = ("Old-Passw0rd", "New-Passw0rd", "Newer-Passw0rd", "Wr0ng-Passw0rd")


@pytest.fixture
def iam(fresh):
    return fresh.client("iam", fresh.a)


def user(cloud, iam, name, policy=None):
    iam.create_user(UserName=name)
    if policy:
        iam.put_user_policy(UserName=name, PolicyName="p", PolicyDocument=json.dumps(policy))
    return cloud.client("iam", Keys.of(iam.create_access_key(UserName=name)["AccessKey"]))


def test_a_policy_as_terraform_and_the_console_make_it(iam):
    refused(iam.get_account_password_policy, "NoSuchEntity",
            f"The Password Policy with domain name {ACCOUNT_A} cannot be found.", 404)
    iam.update_account_password_policy(MinimumPasswordLength=14, RequireSymbols=True, RequireNumbers=True,
                                       RequireUppercaseCharacters=True, RequireLowercaseCharacters=True,
                                       AllowUsersToChangePassword=True, MaxPasswordAge=90, PasswordReusePrevention=24)
    assert iam.get_account_password_policy()["PasswordPolicy"] == {
        "MinimumPasswordLength": 14, "RequireSymbols": True, "RequireNumbers": True, "RequireUppercaseCharacters": True,
        "RequireLowercaseCharacters": True, "AllowUsersToChangePassword": True, "ExpirePasswords": True,
        "MaxPasswordAge": 90, "PasswordReusePrevention": 24}
    iam.delete_account_password_policy()
    refused(iam.delete_account_password_policy, "NoSuchEntity",
            "The account policy with name PasswordPolicy cannot be found.", 404)


def test_a_user_changes_the_own_password_where_the_account_lets_it(iam, fresh):
    bob = user(fresh, iam, "bob")
    made = iam.create_login_profile(UserName="bob", Password="Old-Passw0rd", PasswordResetRequired=True)["LoginProfile"]
    assert made["UserName"] == "bob" and made["PasswordResetRequired"] is True
    refused(bob.change_password, "AccessDenied", status=403, OldPassword="Old-Passw0rd", NewPassword="New-Passw0rd")
    iam.update_account_password_policy(AllowUsersToChangePassword=True, PasswordReusePrevention=2)
    refused(bob.change_password, "AccessDenied", "The old password was incorrect.", 403,
            OldPassword="Wr0ng-Passw0rd", NewPassword="New-Passw0rd")
    bob.change_password(OldPassword="Old-Passw0rd", NewPassword="New-Passw0rd")
    assert iam.get_login_profile(UserName="bob")["LoginProfile"]["PasswordResetRequired"] is False
    refused(bob.change_password, "PasswordPolicyViolation", "Password does not conform to the account password policy.",
            400, OldPassword="New-Passw0rd", NewPassword="Old-Passw0rd")
    assert bob.get_account_password_policy()["PasswordPolicy"]["PasswordReusePrevention"] == 2
    refused(iam.delete_user, "DeleteConflict", status=409, UserName="bob")


def test_passwords_survive_a_restart_and_stand_nowhere(server):
    cloud = Cloud(server.start())
    iam = cloud.client("iam", cloud.a)
    iam.update_account_password_policy(AllowUsersToChangePassword=True, PasswordReusePrevention=5)
    bob = user(cloud, iam, "bob")
    iam.create_login_profile(UserName="bob", Password="Old-Passw0rd")
    bob.change_password(OldPassword="Old-Passw0rd", NewPassword="New-Passw0rd")
    refused(bob.change_password, "AccessDenied", OldPassword="Wr0ng-Passw0rd", NewPassword="Newer-Passw0rd")
    iam.update_login_profile(UserName="bob", Password="Newer-Passw0rd")
    port = server.port
    server.stop()
    server.start()
    iam = cloud.client("iam", cloud.a)
    bob = cloud.client("iam", Keys(bob._request_signer._credentials.access_key,
                                   bob._request_signer._credentials.secret_key))
    refused(bob.change_password, "PasswordPolicyViolation", OldPassword="Newer-Passw0rd", NewPassword="Old-Passw0rd")
    bob.change_password(OldPassword="Newer-Passw0rd", NewPassword="Newest-Passw0rd")
    assert iam.get_account_password_policy()["PasswordPolicy"]["PasswordReusePrevention"] == 5
    server.stop()
    files = [file for file in server.data.rglob("*") if file.is_file()]
    assert any("ChangePassword" in file.read_text(errors="replace") for file in files), "the trail is among them"
    for file in files:
        for secret in SECRETS:
            assert secret.encode() not in file.read_bytes(), f"{secret} stands in {file.name}"


def test_hashing_does_not_keep_others_waiting_and_is_bounded(iam, fresh):
    """Hashing a password takes a tenth of a second. Many at once wait for each other, in places that are few."""
    policy = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "iam:*", "Resource": "*"}]}
    bob = user(fresh, iam, "bob", policy)
    iam.create_login_profile(UserName="bob", Password="Old-Passw0rd")
    other = fresh.client("sts", fresh.b)
    other.get_caller_identity()

    def guess(i):
        try:
            bob.change_password(OldPassword=f"Wr0ng-Passw0rd{i}", NewPassword="New-Passw0rd")
            return "changed"
        except botocore.exceptions.ClientError as error:
            return error.response["Error"]["Code"]

    with concurrent.futures.ThreadPoolExecutor(24) as pool:
        guesses = [pool.submit(guess, i) for i in range(24)]
        answered_meanwhile = 0
        while not all(g.done() for g in guesses):
            assert other.get_caller_identity()["Account"] == ACCOUNT_B
            answered_meanwhile += 1
        outcomes = [g.result() for g in guesses]
    assert set(outcomes) == {"AccessDenied", "Throttling"}, "eight of an account wait at once, not 24"
    assert answered_meanwhile > outcomes.count("AccessDenied"), "each hash would have held up a loop"
    bob.change_password(OldPassword="Old-Passw0rd", NewPassword="New-Passw0rd")


def test_one_of_many_concurrent_changes_of_the_same_password_wins(iam, fresh):
    iam.update_account_password_policy(AllowUsersToChangePassword=True)
    bob = user(fresh, iam, "bob")
    iam.create_login_profile(UserName="bob", Password="Old-Passw0rd")

    def change(i):
        try:
            bob.change_password(OldPassword="Old-Passw0rd", NewPassword=f"New-Passw0rd{i}")
            return i
        except botocore.exceptions.ClientError as error:
            assert error.response["Error"]["Code"] == "AccessDenied", error
            return None

    with concurrent.futures.ThreadPoolExecutor(6) as pool:
        won = [i for i in pool.map(change, range(6)) if i is not None]
    assert len(won) == 1, "the others were decided again, and their old password was old by then"
    bob.change_password(OldPassword=f"New-Passw0rd{won[0]}", NewPassword="Newer-Passw0rd")
