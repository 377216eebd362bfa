"""A data folder that a disk, a mistake or somebody else has changed: what is damaged is said, set aside and refused, and
everything else goes on."""
import json
import os
import shutil
import sqlite3

import botocore.exceptions
import pytest

import guide
from conftest import ACCOUNT_A, Cloud, Keys
from test_hostile_entries import refusal


def edit(server, sql, *values):
    """Changes the database of a server that is stopped."""
    with sqlite3.connect(server.data / "deputy.db") as database:
        changed = database.execute(sql, values).rowcount
    database.close()
    return changed


def flip(server, before, after):
    """Changes bytes of one value in place, as a disk would."""
    assert len(before) == len(after)
    with sqlite3.connect(server.data / "deputy.db") as database:
        rows = database.execute("SELECT current.id, change.value FROM current JOIN change ON change.id = current.id")
        hits = [(id, value.replace(before, after)) for id, value in rows if before in value]
        assert len(hits) == 1, f"{before} is in {len(hits)} entries"
        database.execute("UPDATE change SET value = ? WHERE id = ?", (hits[0][1], hits[0][0]))
    database.close()


@pytest.fixture
def world(server):
    """Bob may list users because of his own policy, and may not because of whatever `deny` becomes a part of."""
    world = Cloud(server.start())
    iam = world.client("iam", world.a)
    iam.create_user(UserName="bob")
    world.bob = Keys.of(iam.create_access_key(UserName="bob")["AccessKey"])
    iam.put_user_policy(UserName="bob", PolicyName="all", PolicyDocument=guide.policy("Allow", "*", "*"))
    iam.create_user(UserName="eve")
    world.eve = Keys.of(iam.create_access_key(UserName="eve")["AccessKey"])
    iam.put_user_policy(UserName="eve", PolicyName="all", PolicyDocument=guide.policy("Allow", "*", "*"))
    return world


def restart(world, *arguments):
    world.server.stop()
    world.server.start(*arguments)


def is_let(world, keys):
    try:
        world.client("iam", keys).list_users()
        return True
    except botocore.exceptions.ClientError as error:
        assert error.response["Error"]["Code"] in ("AccessDenied", "ServiceFailure", "InvalidClientTokenId"), error
        return False


def test_a_deny_that_was_changed_denies_everything(world):
    iam = world.client("iam", world.a)
    arn = iam.create_policy(PolicyName="Guard", PolicyDocument=guide.policy(
        "Deny", "iam:GetUser", f"arn:aws:iam::{ACCOUNT_A}:user/victimAAAA"))["Policy"]["Arn"]
    iam.attach_user_policy(UserName="bob", PolicyArn=arn)
    assert is_let(world, world.bob)
    world.server.stop()
    flip(world.server, b"victimAAAA", b"victimAAAC")
    world.server.start()
    assert not is_let(world, world.bob)
    assert is_let(world, world.eve) and is_let(world, world.b)
    key = f"account/{ACCOUNT_A}/policy/guard"
    assert f"the entry {key} is set aside: it is not what this server wrote there" in world.server.log

    run = world.server.run
    assert run("entries", "list", "--data", world.server.data).stdout.startswith(key)
    listed = json.loads(run("entries", "list", "--data", world.server.data, "--output", "json").stdout)
    assert [entry["Key"] for entry in listed["Entries"]] == [key]
    assert "victimAAAC" in run("entries", "show", key, "--data", world.server.data).stdout
    assert run("entries", "show", "alias/x", "--data", world.server.data, check=False).returncode == 1
    code, status = refusal(iam.create_policy, PolicyName="Guard", PolicyDocument=guide.policy("Deny", "*", "*"))
    assert (code, status) == ("InternalFailure", 500), "what is set aside is overwritten by nobody"

    run("entries", "remove", key, "--data", world.server.data)
    assert "could be read" in run("entries", "list", "--data", world.server.data).stdout
    assert not is_let(world, world.bob), "what refers to it is refused as before"
    iam.create_policy(PolicyName="Guard", PolicyDocument=guide.policy("Deny", "iam:GetRole", "*"))
    assert is_let(world, world.bob)
    restart(world)
    assert is_let(world, world.bob)


def test_a_group_that_was_changed_denies_its_members(world):
    iam = world.client("iam", world.a)
    iam.create_group(GroupName="staff")
    iam.put_group_policy(GroupName="staff", PolicyName="no", PolicyDocument=guide.policy(
        "Deny", "iam:GetUser", f"arn:aws:iam::{ACCOUNT_A}:user/victimAAAA"))
    iam.add_user_to_group(GroupName="staff", UserName="bob")
    world.server.stop()
    flip(world.server, b"victimAAAA", b"victimAAAC")
    world.server.start()
    assert not is_let(world, world.bob) and is_let(world, world.eve)


def test_a_session_policy_that_was_changed_denies_the_session(world):
    iam = world.client("iam", world.a)
    iam.create_role(RoleName="Deploy", AssumeRolePolicyDocument=guide.trust(f"arn:aws:iam::{ACCOUNT_A}:root"))
    iam.put_role_policy(RoleName="Deploy", PolicyName="all", PolicyDocument=guide.policy("Allow", "*", "*"))
    arns = [iam.create_policy(PolicyName=name, PolicyDocument=guide.policy(effect, action, resource))["Policy"]["Arn"]
            for name, effect, action, resource in
            (("Guard", "Deny", "iam:GetUser", f"arn:aws:iam::{ACCOUNT_A}:user/victimAAAA"), ("All", "Allow", "*", "*"))]
    session = Keys.of(world.client("sts", world.bob).assume_role(
        RoleArn=f"arn:aws:iam::{ACCOUNT_A}:role/Deploy", RoleSessionName="session",
        PolicyArns=[{"arn": arn} for arn in arns])["Credentials"])
    assert is_let(world, session)
    world.server.stop()
    flip(world.server, b"victimAAAA", b"victimAAAC")
    world.server.start()
    assert not is_let(world, session) and is_let(world, world.bob)


def test_an_account_that_was_changed_is_refused_whole_and_alone(world):
    world.server.stop()
    flip(world.server, b"Account A", b"Account Z")
    world.server.start()
    assert not is_let(world, world.a) and not is_let(world, world.bob)
    assert is_let(world, world.b)
    again = world.server.run("account", "create", ACCOUNT_A, "--name", "x", "--data", world.server.data, check=False)
    assert again.returncode == 1
    world.server.stop()
    flip(world.server, b"Account Z", b"Account A")
    world.server.start()
    assert is_let(world, world.a) and is_let(world, world.bob), "nothing of it was deleted meanwhile"


def test_a_membership_that_was_changed_refuses_its_account(world):
    organizations = world.client("organizations", world.a)
    made = organizations.create_organization()["Organization"]["Id"]
    world.server.stop()
    assert edit(world.server, "UPDATE change SET value = X'01' WHERE key = CAST(? AS BLOB)",
                f"account/{ACCOUNT_A}/membership/organization") == 1
    world.server.start()
    assert not is_let(world, world.a) and is_let(world, world.b)
    assert made


def test_what_is_missing_is_missed(world):
    server = world.server
    server.stop()
    assert edit(server, "DELETE FROM current WHERE key = CAST(? AS BLOB)", f"account/{ACCOUNT_A}/user/bob") == 1
    done = server.run("serve", "--listen", "127.0.0.1:0", "--data", server.data, check=False)
    assert done.returncode == 1 and "1 entries are missing" in done.stderr, done.stderr
    server.start("--accept-loss")
    assert not is_let(world, world.bob) and is_let(world, world.eve)
    restart(world)


def test_a_key_beside_a_store_that_is_gone_begins_no_new_server(world):
    server = world.server
    server.stop()
    database = (server.data / "deputy.db").read_bytes()
    for damage in (lambda path: path.unlink(), lambda path: path.write_bytes(b"")):
        damage(server.data / "deputy.db")
        for _ in range(2):  # and trying makes nothing
            done = server.run("serve", "--listen", "127.0.0.1:0", "--data", server.data, check=False)
            assert done.returncode == 1 and "begin a new server with --new" in done.stderr, done.stderr
    (server.data / "deputy.db").write_bytes(database)
    server.start()
    assert is_let(world, world.bob)
    server.stop()
    (server.data / "deputy.db").unlink()
    server.start("--new")
    assert not is_let(world, world.bob)
    restart(world)


def test_a_foreign_key_is_told_from_damage(world):
    server = world.server
    server.stop()
    shutil.copy(server.data / "key", server.folder / "kept")
    (server.data / "key").unlink()
    done = server.run("serve", "--listen", "127.0.0.1:0", "--data", server.data, check=False)
    assert done.returncode == 1 and "cannot open the key file" in done.stderr
    (server.data / "key").write_text("deputy-vault-key 1\n" + "QUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUE=\n")
    os.chmod(server.data / "key", 0o600)
    done = server.run("serve", "--listen", "127.0.0.1:0", "--data", server.data, check=False)
    assert done.returncode == 1 and "is not the key file" in done.stderr
    shutil.copy(server.folder / "kept", server.data / "key")
    server.start()


def test_a_folder_of_the_former_format_is_brought_here(world):
    server = world.server
    server.stop()
    with sqlite3.connect(server.data / "deputy.db") as database:
        database.executescript("ALTER TABLE change DROP COLUMN proof; DROP TABLE total; PRAGMA user_version = 1;")
    database.close()
    server.start()
    assert is_let(world, world.bob) and is_let(world, world.b)
    server.stop()
    with sqlite3.connect(server.data / "deputy.db") as database:
        assert database.execute("PRAGMA user_version").fetchone() == (2,)
        assert database.execute("SELECT count(*) FROM current JOIN change ON change.id = current.id"
                                " WHERE proof IS NULL").fetchone() == (0,)
    database.close()
    server.start()
    assert is_let(world, world.bob) and "set aside" not in server.log


@pytest.mark.parametrize("mode", [0o777, 0o770, 0o1777])
def test_a_data_folder_that_others_may_write_is_refused(server, mode):
    server.data.mkdir()
    os.chmod(server.data, mode)
    for more in ((), ("--memory",)):
        done = server.run("serve", "--listen", "127.0.0.1:0", "--data", server.data, *more, check=False)
        assert done.returncode == 1 and "Others may write in the data folder" in done.stderr, done.stderr
    assert os.listdir(server.data) == []
    os.chmod(server.data, 0o755)
    server.start()


def test_a_link_in_place_of_the_database_is_not_followed(server):
    server.data.mkdir(mode=0o700)
    (server.data / "deputy.db").symlink_to(server.folder / "elsewhere")
    done = server.run("serve", "--listen", "127.0.0.1:0", "--data", server.data, check=False)
    assert done.returncode == 1 and "is no regular file" in done.stderr, done.stderr
    assert not (server.folder / "elsewhere").exists()
