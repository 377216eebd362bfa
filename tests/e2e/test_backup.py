"""deputy backup and restore: what a server knows, as it was at one moment."""
import json
import os
import stat
import threading

import pytest

from conftest import ACCOUNT_A, Cloud
from deputy import Server


def policy(action):
    return json.dumps({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": action, "Resource": "*"}]})


def restored(cloud, tmp_path, *more):
    """A server of its own over what came back, with the AWS files of the first."""
    again = Server(tmp_path / "again")
    done = cloud.server.run("restore", tmp_path / "b.db", "--data", again.data, *more)
    again.start()
    return again, done.stdout


def client_of(again, cloud, service):
    first, cloud.server = cloud.server, again
    try:
        return cloud.client(service, cloud.a)
    finally:
        cloud.server = first


def test_what_was_backed_up_comes_back(fresh, tmp_path):
    iam = fresh.client("iam", fresh.a)
    iam.create_user(UserName="dana")
    iam.put_user_policy(UserName="dana", PolicyName="p", PolicyDocument=policy("s3:*"))
    said = fresh.server.run("backup", tmp_path / "b.db", "--with-key", "--data", fresh.server.data).stdout
    assert "as of revision" in said and f"The key is in {tmp_path}/b.db.key: whoever has both has every secret." in said
    for file in ("b.db", "b.db.key"):
        assert stat.S_IMODE((tmp_path / file).stat().st_mode) == 0o600
    iam.create_user(UserName="later")

    again, said = restored(fresh, tmp_path, "--key-file", tmp_path / "b.db.key")
    assert f"deputy serve --data {again.data} goes on from there." in said
    try:
        iam = client_of(again, fresh, "iam")
        assert [user["UserName"] for user in iam.list_users()["Users"]] == ["dana"]
        assert iam.get_user_policy(UserName="dana", PolicyName="p")["PolicyDocument"]["Statement"]
        iam.create_user(UserName="after")  # and it is written on
    finally:
        again.stop()


def test_a_backup_is_one_moment_though_others_write(fresh, tmp_path):
    iam, stop = fresh.client("iam", fresh.a), threading.Event()

    def write():
        while not stop.is_set():
            iam.create_user(UserName="even")
            iam.create_user(UserName="odd")
            iam.delete_user(UserName="odd")
            iam.delete_user(UserName="even")
    writer = threading.Thread(target=write)
    writer.start()
    try:
        for i in range(5):
            fresh.server.run("backup", tmp_path / f"b{i}.db", "--data", fresh.server.data)
    finally:
        stop.set()
        writer.join()
    for i in range(5):
        done = fresh.server.run("restore", tmp_path / f"b{i}.db", "--key-file", fresh.server.data / "key", "--data",
                                tmp_path / f"again{i}", "--output", "json")
        assert json.loads(done.stdout)["Entries"] > 0
        again = Server(tmp_path / f"server{i}")
        again.data = tmp_path / f"again{i}"
        again.start()
        names = {user["UserName"] for user in client_of(again, fresh, "iam").list_users()["Users"]}
        again.stop()
        assert names in (set(), {"even"}, {"even", "odd"}), "never odd alone"


def test_a_folder_can_be_backed_up_while_nobody_serves_it(fresh, tmp_path):
    fresh.client("iam", fresh.a).create_user(UserName="dana")
    fresh.server.stop()
    fresh.server.run("backup", tmp_path / "b.db", "--data", fresh.server.data)
    fresh.server.start()
    assert fresh.client("iam", fresh.a).get_user(UserName="dana")


def test_nothing_is_overwritten_and_nothing_half_is_left(fresh, tmp_path):
    def refused(*arguments):
        done = fresh.server.run(*arguments, check=False)
        assert done.returncode == 1 and done.stderr.startswith("deputy: "), done
        return done.stderr

    backup = tmp_path / "b.db"
    fresh.server.run("backup", backup, "--data", fresh.server.data)
    whole = backup.read_bytes()
    assert f"there is a file {backup} already" in refused("backup", backup, "--data", fresh.server.data)
    assert backup.read_bytes() == whole
    assert "there is no" in refused("backup", tmp_path / "c.db", "--data", tmp_path / "nowhere")
    assert "cannot write" in refused("backup", tmp_path / "no" / "c.db", "--data", fresh.server.data)
    os.symlink(tmp_path / "elsewhere", tmp_path / "link")
    assert "already" in refused("backup", tmp_path / "link", "--data", fresh.server.data)
    assert not (tmp_path / "elsewhere").exists()

    refused("restore", backup, "--data", fresh.server.data)  # a server has it
    fresh.server.stop()
    assert "there is a store in" in refused("restore", backup, "--data", fresh.server.data)
    for name, bytes_of in [("cut", whole[:len(whole) // 2]), ("junk", b"junk" * 1000), ("empty", b""),
                           ("changed", whole[:8192] + os.urandom(4096) + whole[12288:])]:
        (tmp_path / name).write_bytes(bytes_of)
        refused("restore", tmp_path / name, "--data", tmp_path / "again")
        assert not (tmp_path / "again" / "deputy.db").exists()
    assert not [file for file in os.listdir(tmp_path) if file.startswith("c.db")]


def test_a_backup_without_its_key_says_what_is_missing(fresh, tmp_path):
    said = fresh.server.run("backup", tmp_path / "b.db", "--data", fresh.server.data).stdout
    assert f"the key in {fresh.server.data}/key, which is not in it" in said
    again = Server(tmp_path / "again")
    said = fresh.server.run("restore", tmp_path / "b.db", "--data", again.data).stdout
    assert f"Put the key of that time into {again.data}/key" in said
    done = again.run("serve", "--listen", "127.0.0.1:0", "--data", again.data, check=False)
    assert done.returncode == 1 and "key" in done.stderr


def test_secrets_are_not_in_a_backup(fresh, tmp_path):
    fresh.server.run("backup", tmp_path / "b.db", "--data", fresh.server.data)
    assert fresh.a.secret.encode() not in (tmp_path / "b.db").read_bytes()
