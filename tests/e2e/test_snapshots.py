"""deputy snapshot and deputy reset: back to where a test began, while the server runs."""
import json
import threading

import botocore.exceptions
import pytest

from conftest import ACCOUNT_A, ACCOUNT_B, Keys

TRUST = json.dumps({"Version": "2012-10-17", "Statement": [
    {"Effect": "Allow", "Principal": {"AWS": f"arn:aws:iam::{ACCOUNT_A}:root"}, "Action": "sts:AssumeRole"}]})


def deputy(cloud, *arguments, check=True):
    return cloud.server.run(*arguments, "--data", cloud.server.data, check=check)


def names(iam):
    return sorted(user["UserName"] for user in iam.list_users()["Users"])


def test_all_is_as_it_was(fresh):
    iam, other = fresh.client("iam", fresh.a), fresh.client("iam", fresh.b)
    iam.create_user(UserName="stays")
    kept = iam.create_access_key(UserName="stays")["AccessKey"]
    arn = other.create_role(RoleName="Deploy", AssumeRolePolicyDocument=TRUST)["Role"]["Arn"]
    iam.put_user_policy(UserName="stays", PolicyName="p", PolicyDocument=json.dumps(
        {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "sts:AssumeRole", "Resource": arn}]}))
    stays = fresh.client("sts", Keys(kept["AccessKeyId"], kept["SecretAccessKey"]))
    session = Keys.of(stays.assume_role(RoleArn=arn, RoleSessionName="session")["Credentials"])
    assert "clean is saved: " in deputy(fresh, "snapshot", "save", "clean").stdout

    iam.create_user(UserName="goes")
    gone = iam.create_access_key(UserName="goes")["AccessKey"]
    iam.delete_user_policy(UserName="stays", PolicyName="p")
    iam.create_account_alias(AccountAlias="some-alias")
    other.delete_role(RoleName="Deploy")
    fresh.client("s3", fresh.a).create_bucket(Bucket="some-bucket")
    deputy(fresh, "account", "create", "333333333333", "--name", "C")
    said = deputy(fresh, "snapshot", "restore", "clean").stdout
    assert said.startswith("All is as it was at clean: ")

    assert names(iam) == ["stays"]
    assert iam.list_account_aliases()["AccountAliases"] == []
    assert fresh.client("s3", fresh.a).list_buckets()["Buckets"] == []
    assert "333333333333" not in deputy(fresh, "account", "list").stdout
    with pytest.raises(botocore.exceptions.ClientError, match="InvalidClientTokenId"):
        fresh.client("sts", Keys(gone["AccessKeyId"], gone["SecretAccessKey"])).get_caller_identity()
    assert fresh.client("sts", session).get_caller_identity()["Arn"].endswith("assumed-role/Deploy/session")
    stays.assume_role(RoleArn=arn, RoleSessionName="again")
    iam.create_user(UserName="goes")  # what went can be made anew

    deputy(fresh, "snapshot", "restore", "clean")
    assert "0 entries changed" in deputy(fresh, "snapshot", "restore", "clean").stdout
    events = deputy(fresh, "events").stdout
    assert "RestoreSnapshot" in events and "SaveSnapshot" in events

    fresh.server.stop()  # and what was restored is what is on the disk
    fresh.server.start()
    assert names(iam) == ["stays"]
    assert deputy(fresh, "snapshot", "restore", "clean", check=False).stderr == "deputy: There is no snapshot clean.\n"


def test_snapshots_have_names(fresh):
    deputy(fresh, "snapshot", "save", "one")
    deputy(fresh, "snapshot", "save", "two")
    listed = json.loads(deputy(fresh, "snapshot", "list", "--output", "json").stdout)["Snapshots"]
    assert [one["Name"] for one in listed] == ["one", "two"] and listed[0]["Entries"] > 0
    assert deputy(fresh, "snapshot", "delete", "one").stdout == "one is deleted.\n"
    done = deputy(fresh, "snapshot", "delete", "one", check=False)
    assert done.returncode == 1 and done.stderr == "deputy: There is no snapshot one.\n"
    for i in range(31):
        deputy(fresh, "snapshot", "save", f"s{i}")
    done = deputy(fresh, "snapshot", "save", "more", check=False)
    assert done.returncode == 1 and "There is no room for another snapshot" in done.stderr
    deputy(fresh, "snapshot", "save", "two")  # in the place of the one before
    assert deputy(fresh, "snapshot", "save", "a/b", check=False).returncode == 1


def test_others_write_meanwhile_and_nobody_sees_a_mixture(fresh):
    iam, stop, seen = fresh.client("iam", fresh.a), threading.Event(), []
    iam.create_user(UserName="a")
    iam.create_user(UserName="b")
    deputy(fresh, "snapshot", "save", "both")
    iam.delete_user(UserName="a")
    iam.delete_user(UserName="b")
    deputy(fresh, "snapshot", "save", "none")

    def look():
        while not stop.is_set():
            seen.append(tuple(names(iam)))

    def write():
        group = fresh.client("iam", fresh.b)
        while not stop.is_set():
            group.create_group(GroupName="g")
            try:
                group.delete_group(GroupName="g")
            except botocore.exceptions.ClientError as error:
                assert error.response["Error"]["Code"] == "NoSuchEntity"  # it was restored away
    threads = [threading.Thread(target=work) for work in (look, look, write)]
    for thread in threads:
        thread.start()
    try:
        for _ in range(6):
            deputy(fresh, "snapshot", "restore", "both")
            deputy(fresh, "snapshot", "restore", "none")
    finally:
        stop.set()
        for thread in threads:
            thread.join()
    assert set(seen) <= {(), ("a", "b")} and len(set(seen)) == 2


def test_reset_leaves_nothing(fresh):
    fresh.client("iam", fresh.a).create_user(UserName="dana")
    assert deputy(fresh, "reset").stdout.startswith("Nothing is left: ")
    assert json.loads(deputy(fresh, "account", "list", "--output", "json").stdout)["Accounts"] == []
    with pytest.raises(botocore.exceptions.ClientError, match="InvalidClientTokenId"):
        fresh.client("sts", fresh.a).get_caller_identity()
    deputy(fresh, "account", "create", ACCOUNT_A, "--name", "A", "--profile", "again")
    assert names(fresh.client("iam", fresh.profile("again"))) == []


def test_reset_of_an_account_leaves_the_others(fresh):
    iam, other = fresh.client("iam", fresh.a), fresh.client("iam", fresh.b)
    for client in (iam, other):
        client.create_user(UserName="dana")
        client.create_access_key(UserName="dana")
        client.create_role(RoleName="Deploy", AssumeRolePolicyDocument=TRUST)
    said = deputy(fresh, "reset", "--account", ACCOUNT_A).stdout
    assert said.startswith(f"Account {ACCOUNT_A} is empty but for its root user's keys, server certificates and MFA devices: ")
    assert names(iam) == [] and iam.list_roles()["Roles"] == []
    assert names(other) == ["dana"]
    done = deputy(fresh, "reset", "--account", "999999999999", check=False)
    assert done.returncode == 1 and "999999999999" in done.stderr
    assert "999999999999" not in deputy(fresh, "account", "list").stdout
    assert deputy(fresh, "reset", "--account", "12", check=False).returncode == 2
