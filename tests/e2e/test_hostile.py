"""What one caller, or a stranger without a key, sends to end the server, slow it for others, blind it or fill it: each
was done to a running server once, and none may work again. This file has writers and uses; beside it stand

    test_hostile_entries.py     what is written and cannot be read, full disks, clocks
    test_hostile_identities.py  identities that outlive what they belong to, names that somebody takes, lists and quotas
    test_hostile_listener.py    what is repeated, held and waited for
    test_hostile_policies.py    policies that are slow to check
    test_hostile_providers.py   documents and keys of identity providers
    test_hostile_trail.py       the trail, files, terminals and logs

No test here asserts on wall-clock time: what an attack may cost is asserted in processor time of the server, memory,
lines and rows; latencies stand in docs/performance.md (bench/hostile)."""
import contextlib
import sqlite3
import threading

from conftest import Keys
from hostile import ServerOfAccounts, pipelined, signed_call


# --- many who write one entity: in line, each once ---


def test_two_thousand_writers_of_one_user_are_all_done(tmp_path):
    lines, each = 40, 50
    with contextlib.closing(ServerOfAccounts(tmp_path, "--memory")) as cloud:
        cloud.client("iam", cloud.a).create_user(UserName="busy")
        calls = [[signed_call(cloud.server, cloud.a, "iam", "2010-05-08",
                              **{"Action": "TagUser", "UserName": "busy", "Tags.member.1.Key": f"k{line % 40}",
                                 "Tags.member.1.Value": str(n)}) for n in range(each)] for line in range(lines)]
        answers = [None] * lines

        def send(i):
            answers[i] = pipelined(cloud.server.port, calls[i])
        threads = [threading.Thread(target=send, args=(i,)) for i in range(lines)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert answers == [[200] * each] * lines
        tags = cloud.client("iam", cloud.a).list_user_tags(UserName="busy")["Tags"]
        assert {tag["Key"]: tag["Value"] for tag in tags} == {f"k{n}": str(each - 1) for n in range(lines)}


# --- what is kept for each key that was used ---


def uses_on_disk(server):
    with contextlib.closing(sqlite3.connect(f"file:{server.data}/deputy.db?mode=ro", uri=True)) as file:
        keys = [key.decode() for (key,) in file.execute("SELECT key FROM current")]
    return [key for key in keys if key.startswith("last-use/")]


def test_a_use_is_noted_for_long_term_keys_and_goes_with_them(tmp_path):
    with contextlib.closing(ServerOfAccounts(tmp_path)) as cloud:
        iam = cloud.client("iam", cloud.a)
        user = iam.create_user(UserName="dana")["User"]["UserId"]  # noted once, however many sessions call for it
        key = iam.create_access_key(UserName="dana")["AccessKey"]
        dana = Keys(key["AccessKeyId"], key["SecretAccessKey"])
        for _ in range(20):
            session = cloud.client("sts", dana).get_session_token()["Credentials"]
            cloud.client("sts", Keys.of(session)).get_caller_identity()
        cloud.server.stop()
        assert sorted(uses_on_disk(cloud.server)) == sorted([f"last-use/{cloud.a.id}", f"last-use/{dana.id}", f"last-use/{user}"])

        cloud.server.start()
        cloud.client("iam", cloud.a).delete_access_key(UserName="dana", AccessKeyId=dana.id)
        cloud.server.stop()
        assert sorted(uses_on_disk(cloud.server)) == sorted([f"last-use/{cloud.a.id}", f"last-use/{user}"])

        cloud.server.start()
        cloud.client("iam", cloud.a).delete_user(UserName="dana")
        cloud.server.stop()
        assert uses_on_disk(cloud.server) == [f"last-use/{cloud.a.id}"]
