"""`kill -9` in the middle of 1,000 concurrent writes: every write that was acknowledged is there afterwards."""
import random
import socket
import threading

import pytest

from conftest import ACCOUNT_A, Cloud, Keys
from sigv4 import Request, Scope, exchange, form, sign

WRITES, THREADS, ROUNDS = 1000, 25, 5


def writer(port, keys, names, acknowledged, enough):
    """Creates users one after the other on one connection until the server is gone."""
    try:
        with socket.create_connection(("127.0.0.1", port), 10) as line:
            for name in names:
                body = form({"Action": "CreateUser", "Version": "2010-05-08", "UserName": name}).encode()
                headers = [("Host", f"127.0.0.1:{port}"), ("Content-Type", "application/x-www-form-urlencoded")]
                request = Request("POST", headers=headers, body=body)
                sign(request, keys, Scope("iam"))
                answer = exchange(line, request)
                if answer.status == 200:
                    acknowledged.append(name)  # appending to a list is atomic
                elif answer.status != 503:
                    raise AssertionError(f"{name}: {answer.status} {answer.body!r}")
                enough.release()
    except (OSError, EOFError):
        pass
    except Exception as problem:  # the connection broke in the middle of an answer: not acknowledged
        if type(problem).__module__ != "http.client":
            acknowledged.append(problem)


def write_until_killed(server, keys, prefix, kill_after):
    """Returns the names whose creation was acknowledged before the server died."""
    acknowledged, enough = [], threading.Semaphore(0)
    names = [f"{prefix}-{number}" for number in range(WRITES)]
    threads = [threading.Thread(target=writer, args=(server.port, keys, names[i::THREADS], acknowledged, enough))
               for i in range(THREADS)]
    for thread in threads:
        thread.start()
    for _ in range(kill_after):
        assert enough.acquire(timeout=30), "the server stopped answering"
    server.kill()
    for thread in threads:
        thread.join(30)
    problems = [entry for entry in acknowledged if not isinstance(entry, str)]
    assert not problems, problems
    return acknowledged


def names_of_users(cloud, keys):
    pages = cloud.client("iam", keys).get_paginator("list_users").paginate()
    return {user["UserName"] for page in pages for user in page["Users"]}


def test_no_acknowledged_write_is_lost(server):
    seed = random.randrange(1 << 32)
    draw = random.Random(seed)
    cloud = Cloud(server.start())
    kept = set()
    for number in range(ROUNDS):
        kill_after = draw.randrange(50, 700)
        acknowledged = write_until_killed(server, cloud.a, f"round{number}", kill_after)
        assert len(acknowledged) >= kill_after
        kept |= set(acknowledged)
        server.start()
        lost = kept - names_of_users(cloud, cloud.a)
        assert not lost, f"seed {seed}, round {number}: {len(lost)} of {len(kept)} are lost, e.g. {sorted(lost)[:3]}"
        # What the killed server left behind does not stand in the way of the next write.
        cloud.client("iam", cloud.a).create_user(UserName=f"after-round{number}")
        kept.add(f"after-round{number}")
    server.stop()


def test_what_was_answered_survives_a_kill_right_after(fresh):
    server = fresh.server
    iam = fresh.client("iam", fresh.a)
    iam.create_user(UserName="crossAccountUser")
    keys = Keys.of(iam.create_access_key(UserName="crossAccountUser")["AccessKey"])
    server.kill()
    server.start()
    assert fresh.client("sts", keys).get_caller_identity()["Arn"] == f"arn:aws:iam::{ACCOUNT_A}:user/crossAccountUser"
    fresh.client("iam", fresh.a).delete_access_key(UserName="crossAccountUser", AccessKeyId=keys.id)
    server.kill()
    server.start()
    with pytest.raises(Exception, match="InvalidClientTokenId"):
        fresh.client("sts", keys).get_caller_identity()


def test_a_session_survives_a_restart(fresh):
    import guide

    fresh.client("iam", fresh.a).create_user(UserName="crossAccountUser")
    fresh.client("iam", fresh.a).put_user_policy(UserName="crossAccountUser", PolicyName="p",
                                                 PolicyDocument=guide.USER_POLICY)
    user = Keys.of(fresh.client("iam", fresh.a).create_access_key(UserName="crossAccountUser")["AccessKey"])
    fresh.client("iam", fresh.b).create_role(RoleName="CrossAccountAccessRole", AssumeRolePolicyDocument=guide.TRUST)
    session = Keys.of(fresh.client("sts", user).assume_role(RoleArn=guide.ROLE_ARN, RoleSessionName="dev-session")["Credentials"])
    fresh.server.kill()
    fresh.server.start()
    assert fresh.client("sts", session).get_caller_identity()["Arn"] == guide.SESSION_ARN
