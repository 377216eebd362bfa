"""What one caller, or a stranger without a key, sends to end the server, slow it for others, blind it or fill it: each
was done to a running server once, and none may work again. No test here asserts on wall-clock time: what an attack may
cost is asserted in processor time of the server, memory, lines and rows; latencies stand in docs/performance.md
(bench/hostile)."""


# ---- The listener: what is repeated, held and waited for (N2 without the trail, N9, N18's lists, D1, D6)
import contextlib  # noqa: E402
import json  # noqa: E402
import os  # noqa: E402
import resource  # noqa: E402
import socket  # noqa: E402
import subprocess  # noqa: E402
import threading  # noqa: E402
import time  # noqa: E402

import pytest  # noqa: E402

from conftest import ACCOUNT_A  # noqa: E402
from deputy import BINARY, PATIENCE  # noqa: E402
from sigv4 import Request, Scope, send, sign  # noqa: E402

FORM = ("Content-Type", "application/x-www-form-urlencoded")
ECHO = b"Version=2011-06-15&Action=" + b"\x01" * 9_999_900
HEALTH = b"GET /_deputy/health HTTP/1.1\r\nHost: a\r\n\r\n"


def memory_of(process, name="VmRSS"):
    """In bytes, as the kernel says."""
    with open(f"/proc/{process.pid}/status") as status:
        line = next(line for line in status if line.startswith(name + ":"))
    return int(line.split()[1]) * 1024


def cpu_of(process):
    """Seconds of all its threads."""
    with open(f"/proc/{process.pid}/stat") as stat:
        fields = stat.read().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def descriptors_of(process):
    return len(os.listdir(f"/proc/{process.pid}/fd"))


def start_with_descriptors(server, count):
    """As in a shell with `ulimit -n COUNT`, from which nobody can get more; or SOFT:HARD."""
    log = open(server.folder / "server.log", "ab")
    server.process = subprocess.Popen(
        ["prlimit", f"--nofile={count}", BINARY, "serve", "--listen", f"127.0.0.1:{server.port}", "--data", str(server.data)],
        stdin=subprocess.DEVNULL, stdout=log, stderr=log, env=server.environment())
    log.close()
    server.wait_until_up()
    return server


def is_served(port):
    try:
        return send(port, Request("GET", "/_deputy/health", headers=[("Host", "a")]), timeout=PATIENCE).status == 200
    except OSError:
        return False


def comes_true(condition):
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        if condition():
            return True
        time.sleep(0.05)
    return False


@contextlib.contextmanager
def connections(port, count, first=b"", host="127.0.0.1"):
    """`count` connections that say `first` and then nothing. Those that are closed on us are none of our business."""
    lines = []
    try:
        for _ in range(count):
            line = socket.create_connection((host, port), PATIENCE)
            lines.append(line)
            with contextlib.suppress(OSError):
                line.sendall(first)
        yield lines
    finally:
        for line in lines:
            line.close()


def test_listener_repeats_a_bounded_part_of_what_a_stranger_sends(server):
    server.start()
    answer = send(server.port, Request("POST", headers=[("Host", "a"), FORM], body=ECHO), timeout=PATIENCE)
    assert answer.status == 400 and len(answer.body) < 4096, len(answer.body)
    assert b"for version 2011-06-15" in answer.body
    long = "x" * 12_000
    for request in [Request("GET", query="Action=" + "%01" * 4000 + "&Version=" + "%22" * 1000, headers=[("Host", "sts.localhost")]),
                    Request("GET", query="a=" + long, headers=[("Host", "sts.localhost")]),
                    Request("GET", "/" + long, headers=[("Host", "a")]),
                    Request("GET", headers=[("Host", "a"), ("Authorization", "AWS4-HMAC-SHA256 " + "<" * 7000)]),
                    Request("GET", query="Action=GetCallerIdentity&Version=2011-06-15", headers=[
                        ("Host", "sts.localhost"), ("X-Amz-Date", "<" * 6000),
                        ("Authorization", f"AWS4-HMAC-SHA256 Credential=a/b/{'&' * 6000}/sts/d, SignedHeaders=host, Signature=0")]),
                    Request("GET", "/bucket", headers=[("Host", "a"), ("X-Amz-Date", "20200101T000000Z"), (
                        "Authorization", f"AWS4-HMAC-SHA256 Credential={'&' * 7000}/20200101/us-east-1/s3/aws4_request, "
                                         "SignedHeaders=host, Signature=0")])]:
        answer = send(server.port, request, timeout=PATIENCE)
        size = len(answer.body) + sum(len(name) + len(value) for name, value in answer.headers.items())
        assert size < 100_000, (request, size)


def test_listener_holds_little_for_largest_requests_whose_answers_nobody_reads(server):
    server.start()
    head = Request("POST", headers=[("Host", "a"), FORM, ("Content-Length", str(len(ECHO)))]).bytes()

    def send_all(line):
        with contextlib.suppress(OSError):  # some are refused, and some give way to others
            line.sendall(head + ECHO)

    with connections(server.port, 40) as lines:
        threads = [threading.Thread(target=send_all, args=(line,)) for line in lines]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert is_served(server.port)
        assert memory_of(server.process) < 200_000_000
        assert memory_of(server.process, "VmHWM") < 200_000_000, "at no moment"
    assert comes_true(lambda: memory_of(server.process) < 100_000_000), "and gives it back"


def test_listener_holds_little_for_largest_bodies_that_never_end(server):
    server.start()
    head = Request("POST", headers=[("Host", "a"), FORM, ("Content-Length", str(len(ECHO)))]).bytes()

    def send_nearly_all(line):
        with contextlib.suppress(OSError):
            line.sendall(head + ECHO[:-1])

    with connections(server.port, 40) as lines:
        threads = [threading.Thread(target=send_nearly_all, args=(line,)) for line in lines]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert memory_of(server.process, "VmHWM") < 200_000_000
        body = b"Version=2011-06-15&Action=Nope&X=" + b"x" * 1_000_000  # a neighbour's large request still finds room
        assert send(server.port, Request("POST", headers=[("Host", "a"), FORM], body=body), timeout=PATIENCE).status == 400


def test_listener_survives_want_of_memory(fresh):
    server = fresh.server
    iam = fresh.client("iam", fresh.a, read_timeout=PATIENCE)
    with open(f"/proc/{server.process.pid}/statm") as statm:
        used = int(statm.read().split()[0]) * resource.getpagesize()
    resource.prlimit(server.process.pid, resource.RLIMIT_AS, (used + 40_000_000, resource.RLIM_INFINITY))
    head = Request("POST", headers=[("Host", "a"), FORM, ("Content-Length", str(len(ECHO)))]).bytes()

    def send_all(line):
        with contextlib.suppress(OSError):
            line.sendall(head + ECHO)

    with connections(server.port, 40) as lines:
        threads = [threading.Thread(target=send_all, args=(line,)) for line in lines]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert server.process.poll() is None, server.log
    assert comes_true(lambda: is_served(server.port))
    iam.create_user(UserName="after-the-storm")


def test_listener_makes_room_for_newcomers_among_idle_connections(server):
    start_with_descriptors(server, 256)
    assert "the limit of open files is 256" in server.log
    with connections(server.port, 300, HEALTH):
        for _ in range(20):
            assert is_served(server.port)
        assert descriptors_of(server.process) < 200


def test_listener_makes_room_for_newcomers_among_dripping_bodies(server):
    start_with_descriptors(server, 256)
    with connections(server.port, 200, Request("POST", headers=[("Host", "a"), FORM, ("Content-Length", "9")]).bytes() + b"x"):
        for _ in range(20):
            assert is_served(server.port)


def test_listener_raises_the_soft_limit_of_descriptors(server):
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    start_with_descriptors(server, f"512:{hard}")
    assert resource.prlimit(server.process.pid, resource.RLIMIT_NOFILE) == (hard, hard)


def test_listener_without_descriptors_waits_says_so_and_goes_on(server):
    server.start()
    pid, before = server.process.pid, descriptors_of(server.process)
    limits = resource.prlimit(pid, resource.RLIMIT_NOFILE)
    with connections(server.port, 30, HEALTH):
        assert comes_true(lambda: descriptors_of(server.process) >= before + 30)
        resource.prlimit(pid, resource.RLIMIT_NOFILE, (before + 10, limits[1]))
        assert is_served(server.port), "who waits longest makes room"
        resource.prlimit(pid, resource.RLIMIT_NOFILE, (3, limits[1]))
        spent = cpu_of(server.process)
        with socket.create_connection(("127.0.0.1", server.port), 3) as line:
            line.sendall(HEALTH)
            with pytest.raises(TimeoutError):
                line.recv(1)
            assert cpu_of(server.process) - spent < 1, "it does not spin"
            assert server.process.poll() is None
            assert server.log.count("cannot accept connections: Too many open files") <= 2, "said, and not again and again"
            resource.prlimit(pid, resource.RLIMIT_NOFILE, limits)
            line.settimeout(PATIENCE)
            assert line.recv(12) == b"HTTP/1.1 200", "the one that waited"
    assert is_served(server.port)
    assert "connections are accepted again" in server.log


def test_listener_of_the_operator_and_of_workloads_make_room_too(fresh):
    server = fresh.server
    idle = []
    try:
        for _ in range(100):
            line = socket.socket(socket.AF_UNIX)
            folder = os.open(server.data, os.O_PATH)
            line.connect(f"/proc/self/fd/{folder}/admin.sock")
            os.close(folder)
            idle.append(line)
        assert ACCOUNT_A in server.run("account", "list", "--data", server.data).stdout
    finally:
        for line in idle:
            line.close()
    iam = fresh.client("iam", fresh.a)
    iam.create_role(RoleName="app", AssumeRolePolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": [
        {"Effect": "Allow", "Principal": {"Service": "ec2.amazonaws.com"}, "Action": "sts:AssumeRole"}]}))
    process = subprocess.Popen(
        ["prlimit", "--nofile=128", BINARY, "workload", "--data", str(server.data), "--imds", "127.0.0.1:0",
         "--role", f"arn:aws:iam::{ACCOUNT_A}:role/app"],
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True, env=server.environment())
    try:
        url = next(line for line in process.stdout if "AWS_EC2_METADATA_SERVICE_ENDPOINT" in line)
        port = int(url.strip().strip("'").rpartition(":")[2].strip("'/"))
        with connections(port, 150):
            for host, status in [("127.0.0.1", 200), ("localhost:1338", 200), ("[evil]", 403), ("999.999.999.999", 403), ("0", 403)]:
                token = Request("PUT", "/latest/api/token", headers=[("Host", host), ("X-aws-ec2-metadata-token-ttl-seconds", "60")])
                assert send(port, token, timeout=PATIENCE).status == status, host
    finally:
        process.terminate()
        process.wait(PATIENCE)
        process.stdout.close()


def test_listener_takes_no_target_that_is_not_signed(fresh):
    def call(target, unsigned=(), extra=()):
        request = Request("POST", headers=[("Host", f"127.0.0.1:{fresh.server.port}"), ("Content-Type", "application/x-amz-json-1.1"),
                                           ("X-Amz-Target", f"AWSOrganizationsV20161128.{target}"), *extra], body=b"{}")
        sign(request, fresh.a, Scope("organizations"), unsigned=unsigned)
        return request

    request = call("DescribeOrganization")
    assert b"AWSOrganizationsNotInUseException" in send(fresh.server.port, request).body
    for unsigned in ("X-Amz-Target", "X-Amz-Other"):
        request = call("DescribeOrganization", [unsigned], [("X-Amz-Other", "x")])
        request.set("X-Amz-Target", "AWSOrganizationsV20161128.CreateOrganization")
        answer = send(fresh.server.port, request)
        assert answer.status == 400 and b"InvalidSignatureException" in answer.body
        assert f"'{unsigned}' must be a 'SignedHeader'".encode() in answer.body
    covered = ["X-Amz-Content-Sha256"]
    request = call("DescribeOrganization", covered, [("X-Amz-Content-Sha256", "UNSIGNED-PAYLOAD")])
    assert b"AWSOrganizationsNotInUseException" in send(fresh.server.port, request).body


def test_listener_bounds_lists_while_it_decodes_them(fresh):
    body = "Action=CreateOpenIDConnectProvider&Version=2010-05-08&Url=https%3A%2F%2Fidp.example&" + "&".join(
        f"ClientIDList.member.{i}={'x' * 240}{i:08}" for i in range(1, 30_001))
    request = Request("POST", headers=[("Host", "iam.amazonaws.com"), FORM], body=body.encode())
    sign(request, fresh.a, Scope("iam"))
    spent = cpu_of(fresh.server.process)
    answer = send(fresh.server.port, request, timeout=PATIENCE)
    assert answer.status == 400 and b"<Code>MalformedInput</Code>" in answer.body
    assert cpu_of(fresh.server.process) - spent < 2, "0.05 in a release, more in a debug build"
# ---- Identities that outlive what they belong to; names that somebody takes; lists and quotas (N3, N4, N12, N16, N18, D2, D3, D5, D9)


import json  # noqa: E402
import os  # noqa: E402
from pathlib import Path  # noqa: E402

import pytest  # noqa: E402
from botocore.exceptions import ClientError  # noqa: E402

from conftest import ACCOUNT_A, ACCOUNT_B, Cloud, Keys  # noqa: E402
from sigv4 import Request, Scope, form, sign  # noqa: E402
from sigv4 import send as send_signed  # noqa: E402

EVERYTHING = json.dumps({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]})


def error_of(call, *arguments, **parameters):
    with pytest.raises(ClientError) as refused:
        call(*arguments, **parameters)
    return refused.value.response["Error"]["Code"], refused.value.response["Error"]["Message"]


def test_no_session_of_root_outlives_its_account(fresh):
    """The account is deleted and another one gets its number: what the former root holds is nothing to it."""
    sts = fresh.client("sts", fresh.b)
    held = [Keys.of(sts.get_session_token()["Credentials"]),
            Keys.of(sts.get_federation_token(Name="bob", Policy=EVERYTHING)["Credentials"])]
    for keys in held:
        assert fresh.client("s3", keys).list_buckets()["Buckets"] == []
    fresh.server.run("account", "delete", ACCOUNT_B, "--force", "--data", fresh.server.data)
    fresh.server.create_account(ACCOUNT_B, "somebody else", "account-b", "--force", "--reuse-id")
    fresh.client("s3", fresh.profile("account-b")).create_bucket(Bucket="of-somebody-else")
    for keys in held:
        assert error_of(fresh.client("s3", keys).delete_bucket, Bucket="of-somebody-else")[0] in ("InvalidAccessKeyId", "403")
        assert error_of(fresh.client("sts", keys).get_caller_identity)[0] == "InvalidClientTokenId"
    assert [b["Name"] for b in fresh.client("s3", fresh.profile("account-b")).list_buckets()["Buckets"]] == ["of-somebody-else"]


def test_no_message_or_task_outlives_its_account(server):
    """Encoded messages and ids of deletion tasks are sealed for one account, and not for the next one of its number."""
    cloud = Cloud(server.start("--encoded-messages"))
    iam = cloud.client("iam", cloud.b)
    iam.create_user(UserName="nobody")
    nobody = Keys.of(iam.create_access_key(UserName="nobody")["AccessKey"])
    message = error_of(cloud.client("iam", nobody).list_users)[1].rpartition("failure message: ")[2]
    assert json.loads(cloud.client("sts", cloud.b).decode_authorization_message(EncodedMessage=message)["DecodedMessage"])
    role = iam.create_service_linked_role(AWSServiceName="autoscaling.amazonaws.com")["Role"]["RoleName"]
    task = iam.delete_service_linked_role(RoleName=role)["DeletionTaskId"]
    assert iam.get_service_linked_role_deletion_status(DeletionTaskId=task)["Status"] == "SUCCEEDED"
    server.run("account", "delete", ACCOUNT_B, "--force", "--data", server.data)
    server.create_account(ACCOUNT_B, "somebody else", "account-b", "--force", "--reuse-id")
    other = cloud.profile("account-b")
    assert error_of(cloud.client("sts", other).decode_authorization_message, EncodedMessage=message)[0] == (
        "InvalidAuthorizationMessageException")
    assert error_of(cloud.client("iam", other).get_service_linked_role_deletion_status, DeletionTaskId=task)[0] == "NoSuchEntity"


def test_a_session_from_the_future_is_refused(server):
    """The clock goes back: what was issued later than now is believed by five minutes, and no more."""
    cloud = Cloud(server.start("--movable-clock"))
    sts = cloud.client("sts", cloud.a)
    server.move_clock(200)
    soon = Keys.of(sts.get_session_token()["Credentials"])
    server.move_clock(-200)
    assert cloud.client("sts", soon).get_caller_identity()["Account"] == ACCOUNT_A
    server.move_clock(-150)
    assert error_of(cloud.client("sts", soon).get_caller_identity)[0] == "InvalidClientTokenId"


def test_an_id_is_given_again_only_if_the_operator_says_so(fresh):
    """What trusts the id of an account would trust the next one of that id."""
    gone = fresh.server.run("account", "delete", ACCOUNT_B, "--force", "--data", fresh.server.data)
    assert "--reuse-id" in gone.stdout
    refused = fresh.server.run("account", "create", ACCOUNT_B, "--data", fresh.server.data, check=False)
    assert refused.returncode != 0 and "was deleted on" in refused.stderr and "--reuse-id" in refused.stderr
    fresh.server.stop()
    fresh.server.start()
    assert fresh.server.run("account", "create", ACCOUNT_B, "--data", fresh.server.data, check=False).returncode != 0
    fresh.server.run("account", "create", ACCOUNT_B, "--reuse-id", "--data", fresh.server.data)
    none = fresh.server.run("account", "create", "0" * 12, "--data", fresh.server.data, check=False)
    assert none.returncode != 0 and "is the id of no account" in none.stderr


def test_what_names_a_session_is_held_by_its_name(fresh):
    """As documented, not as wished: a trust policy that names a role ends with the role; one that names a session of it
    holds for the next role of that name (docs/security.md)."""
    iam, sts = fresh.client("iam", fresh.a), fresh.client("sts", fresh.a)
    iam.create_user(UserName="dana")
    iam.put_user_policy(UserName="dana", PolicyName="all", PolicyDocument=EVERYTHING)
    dana = Keys.of(iam.create_access_key(UserName="dana")["AccessKey"])

    def trusts(principal):
        return json.dumps({"Version": "2012-10-17", "Statement": [
            {"Effect": "Allow", "Principal": {"AWS": principal}, "Action": "sts:AssumeRole"}]})

    def make_middle():
        iam.create_role(RoleName="Mid", AssumeRolePolicyDocument=trusts(f"arn:aws:iam::{ACCOUNT_A}:user/dana"))
        iam.put_role_policy(RoleName="Mid", PolicyName="all", PolicyDocument=EVERYTHING)

    def session():
        return Keys.of(fresh.client("sts", dana).assume_role(
            RoleArn=f"arn:aws:iam::{ACCOUNT_A}:role/Mid", RoleSessionName="alice")["Credentials"])
    make_middle()
    of_b = fresh.client("iam", fresh.b)
    of_b.create_role(RoleName="BySession", AssumeRolePolicyDocument=trusts(f"arn:aws:sts::{ACCOUNT_A}:assumed-role/Mid/alice"))
    of_b.create_role(RoleName="ByRole", AssumeRolePolicyDocument=trusts(f"arn:aws:iam::{ACCOUNT_A}:role/Mid"))

    def assume(role):
        return fresh.client("sts", session()).assume_role(RoleArn=f"arn:aws:iam::{ACCOUNT_B}:role/{role}", RoleSessionName="probe")
    assert assume("BySession") and assume("ByRole")
    iam.delete_role_policy(RoleName="Mid", PolicyName="all")
    iam.delete_role(RoleName="Mid")
    make_middle()
    assert assume("BySession")
    assert error_of(assume, "ByRole")[0] == "AccessDenied"
    assert sts.get_caller_identity()["Account"] == ACCOUNT_A


def test_an_invitation_by_email_is_not_taken_by_who_takes_the_email(fresh):
    inviting, taking = fresh.client("organizations", fresh.a), fresh.client("organizations", fresh.b)
    inviting.create_organization()
    target = {"Id": "cfo@corp.example", "Type": "EMAIL"}
    assert error_of(inviting.invite_account_to_organization, Target=target) == (
        "InvalidInputException", "You specified an invalid email address for the invited account owner.")
    taking.create_organization()
    status = taking.create_account(Email="cfo@corp.example", AccountName="mine")["CreateAccountStatus"]["Id"]
    made = taking.describe_create_account_status(CreateAccountRequestId=status)["CreateAccountStatus"]["AccountId"]
    owner = fresh.client("iam", fresh.b)
    owner.create_user(UserName="admin")
    owner.put_user_policy(UserName="admin", PolicyName="all", PolicyDocument=EVERYTHING)
    admin = Keys.of(owner.create_access_key(UserName="admin")["AccessKey"])
    inside = Keys.of(fresh.client("sts", admin).assume_role(
        RoleArn=f"arn:aws:iam::{made}:role/OrganizationAccountAccessRole", RoleSessionName="probe")["Credentials"])
    fresh.client("organizations", inside).leave_organization()
    assert fresh.client("organizations", inside).list_handshakes_for_account()["Handshakes"] == []


def test_accounts_have_an_end(server):
    """An organization is filled, an account leaves and begins the next one: the server's bound holds for all together."""
    cloud = Cloud(server.start("--organization-accounts", "3", "--tenant-accounts", "4"))
    owner = cloud.client("iam", cloud.a)
    owner.create_user(UserName="admin")
    owner.put_user_policy(UserName="admin", PolicyName="all", PolicyDocument=EVERYTHING)
    keys, made = Keys.of(owner.create_access_key(UserName="admin")["AccessKey"]), 0
    too_many = ("ConstraintViolationException", "You have exceeded the allowed number of AWS accounts.")
    for generation in range(2):
        organizations = cloud.client("organizations", keys)
        organizations.create_organization()
        for _ in range(2):
            status = organizations.create_account(Email=f"x{made}@example.com", AccountName="x")["CreateAccountStatus"]["Id"]
            last = organizations.describe_create_account_status(CreateAccountRequestId=status)["CreateAccountStatus"]["AccountId"]
            made += 1
        assert error_of(organizations.create_account, Email="y@example.com", AccountName="y") == too_many
        role = Keys.of(cloud.client("sts", keys).assume_role(
            RoleArn=f"arn:aws:iam::{last}:role/OrganizationAccountAccessRole", RoleSessionName="probe")["Credentials"])
        cloud.client("organizations", role).leave_organization()
        inside = cloud.client("iam", role)
        inside.create_user(UserName="admin")
        inside.put_user_policy(UserName="admin", PolicyName="all", PolicyDocument=EVERYTHING)
        keys = Keys.of(inside.create_access_key(UserName="admin")["AccessKey"])
    organizations = cloud.client("organizations", keys)
    organizations.create_organization()
    assert error_of(organizations.create_account, Email="z@example.com", AccountName="z") == too_many
    server.create_account("333333333333", "the operator's do not count", "account-c")


def test_session_tags_are_held_to_one_rule(fresh):
    """The ways by which a provider says them are in tests/wire/forged_tokens.json and forged_assertions.json."""
    sts = fresh.client("sts", fresh.a)
    message = 'Session tags must match [\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]+ and not begin with "aws:"'
    for key, value in (("aws:PrincipalOrgID", "x"), ("AWS:x", "x"), ("Team", "aws:x")):
        assert error_of(sts.get_federation_token, Name="bob", Tags=[{"Key": key, "Value": value}]) == (
            "InvalidParameterValue", message)
    with pytest.raises(AssertionError, match="not begin with"):
        fresh.server.operate("AssumeRoleAsService", ServicePrincipal="lambda.amazonaws.com", RoleSessionName="probe",
                             RoleArn=f"arn:aws:iam::{ACCOUNT_A}:role/x", Tags=[{"Key": "aws:x", "Value": "y"}])


def processor_seconds(server):
import base64
import contextlib
import json
import os
import re
import resource
import socket
import sqlite3
import subprocess
import threading
import time
from pathlib import Path

from conftest import Cloud, Keys
from deputy import BINARY, PATIENCE, Server
from sigv4 import Request, Scope, exchange, form, sign
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import pytest

from conftest import ACCOUNT_A, ACCOUNT_B, Cloud, Keys
from deputy import PATIENCE, Server
from sigv4 import Request, Scope, form, send, sign


def signed_call(server, keys, service, version, **parameters):
    """The bytes of one signed call in the query dialect."""
    request = Request("POST", headers=[("Host", f"127.0.0.1:{server.port}"),
                                       ("Content-Type", "application/x-www-form-urlencoded")],
                      body=form({"Version": version, **parameters}).encode())
    sign(request, keys, Scope(service))
    return request.bytes()


def pipelined(port, calls):
    """Sends all at once, on one connection; the statuses of the answers in their order."""
    with socket.create_connection(("127.0.0.1", port), 60) as line:
        threading.Thread(target=line.sendall, args=(b"".join(calls),), daemon=True).start()
        reader, statuses = line.makefile("rb"), []
        for _ in calls:
            statuses.append(int(reader.readline().split()[1]))
            length = 0
            while (head := reader.readline().strip()):
                if head.lower().startswith(b"content-length:"):
                    length = int(head.split(b":")[1])
            reader.read(length)
    return statuses


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
        iam.create_user(UserName="dana")
        key = iam.create_access_key(UserName="dana")["AccessKey"]
        dana = Keys(key["AccessKeyId"], key["SecretAccessKey"])
        for _ in range(20):
            session = cloud.client("sts", dana).get_session_token()["Credentials"]
            cloud.client("sts", Keys.of(session)).get_caller_identity()
        cloud.server.stop()
        assert sorted(uses_on_disk(cloud.server)) == sorted([f"last-use/{cloud.a.id}", f"last-use/{dana.id}"])

        cloud.server.start()
        cloud.client("iam", cloud.a).delete_access_key(UserName="dana", AccessKeyId=dana.id)
        cloud.server.stop()
        assert uses_on_disk(cloud.server) == [f"last-use/{cloud.a.id}"]


class ServerOfAccounts(Cloud):
    """A cloud on a server of its own, which goes when it is closed."""

    def __init__(self, folder, *arguments):
        super().__init__(Server(folder).start(*arguments))

    def close(self):
        if self.server.process is not None:
            self.server.stop()


# --- the trail, files, terminals and logs: what strangers send displaces nothing of others, and steers nothing ---

HIDDEN = [chr(c) for c in (*range(0x20), *range(0x7f, 0xa0), 0x61c, 0x200e, 0x200f, *range(0x2028, 0x202f), *range(0x2066, 0x206a))
          if chr(c) != "\n"]


def events_of(server, *more):
    return [json.loads(line) for line in server.run("events", "--data", server.data, "--output", "json", *more).stdout.splitlines()]


def wait_for(condition):
    """The trail is written a moment after the answer."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        if found := condition():
            return found
        time.sleep(0.05)
    raise AssertionError("it did not come to that")


def signed_loop(server, keys, count):
    """Calls of somebody known, on one connection; the request ids that the answers say."""
    request = Request("POST", headers=[("Host", f"127.0.0.1:{server.port}"),
                                       ("Content-Type", "application/x-www-form-urlencoded")],
                      body=form({"Version": "2011-06-15", "Action": "GetCallerIdentity"}).encode())
    sign(request, keys, Scope("sts"))
    ids = []
    with socket.create_connection(("127.0.0.1", server.port), 60) as line:
        for _ in range(count):
            answer = exchange(line, request)
            assert answer.status == 200, answer.body
            ids.append(re.search(rb"<RequestId>([^<]+)", answer.body)[1].decode())
    return ids


def test_strangers_push_nothing_of_others_out_of_the_trail(server):
    cloud = Cloud(server.start("--audit-keep", "1MiB"))
    known = signed_loop(server, cloud.a, 20)
    wait_for(lambda: {e["requestID"] for e in events_of(server)} >= set(known))
    flood = (f"POST / HTTP/1.1\r\nHost: 127.0.0.1\r\nUser-Agent: {'x' * 6000}\r\nContent-Length: 43\r\n"
             "Content-Type: application/x-www-form-urlencoded\r\n\r\nAction=GetCallerIdentity&Version=2011-06-15").encode()
    for _ in range(20):
        assert set(pipelined(server.port, [flood] * 1000)) == {403}
    seen = wait_for(lambda: [e for e in events_of(server) if e["userIdentity"].get("accountId") == "anonymous"])
    assert {e["requestID"] for e in events_of(server)} >= set(known)
    assert {len(e["userAgent"].encode()) for e in seen} == {1024}
    assert sum(f.stat().st_size for f in server.data.glob("events*")) < 1.3 * 2**20
    times = [e["eventTime"] for e in events_of(server)]
    assert times == sorted(times), "both shares are shown as one"


def test_an_event_has_a_name_whatever_became_of_the_request(fresh):
    server = fresh.server
    wrong = Keys(fresh.a.id, "w" * 40)
    for service, version, action in (("sts", "2011-06-15", "GetCallerIdentity"), ("iam", "2010-05-08", "ListUsers")):
        assert pipelined(server.port, [signed_call(server, wrong, service, version, Action=action)]) == [403]
    assert pipelined(server.port, [signed_call(server, wrong, "iam", "2010-05-08", Action="\x1b\u009b" + "y" * 9000)]) == [403]
    refused = wait_for(lambda: (e := [e for e in events_of(server, "--errors")]) and len(e) >= 3 and e)
    assert [e["eventName"] for e in refused] == ["GetCallerIdentity", "ListUsers", "Unknown"]


def test_what_is_shown_steers_no_terminal(fresh):
    server = fresh.server
    agent = "b\u009b31m\u202egood\u2066"
    hostile = "a\x1b]0;pwned\x07\r\n" + agent
    signed = signed_call(server, fresh.a, "iam", "2010-05-08", Action="GetUser", UserName=hostile)
    pipelined(server.port, [signed.replace(b"Content-Type", f"User-Agent: {agent}\r\nContent-Type".encode(), 1)])
    assert [e["userAgent"] for e in wait_for(lambda: events_of(server))] == [agent], "the same value"
    for verb in (["events"], ["events", "--output", "json"], ["account", "list"], ["account", "show", hostile], [hostile],
                 ["events", "--audit-file", hostile], ["env", hostile], ["validate", "--type", "trust", hostile],
                 ["account", "create", "--name", hostile], ["account", "create", "--name", "x", "--email", hostile],
                 ["account", "create", "--name", "x", "--profile", hostile]):
        data = ["--data", server.data] if verb[0] in ("account", "events") else []
        done = server.run(*verb, *data, check=False)
        said = done.stdout + done.stderr
        assert said and not [c for c in HIDDEN if c in said], (verb, said)
    assert not [c for c in HIDDEN if c in server.log]


def test_emails_are_visible_ascii(fresh):
    for email in ("\x1b]0;pwned\x07@a.bb", "a\u009b@a.bb", "a\u202e@a.bb", "\u00fc@a.bb"):
        done = fresh.server.run("account", "create", "--name", "x", "--email", email, "--data", fresh.server.data, check=False)
        assert done.returncode == 1 and "email" in done.stderr, done.stderr
    assert len(json.loads(fresh.server.run("account", "list", "--output", "json", "--data", fresh.server.data).stdout)["Accounts"]) == 2


def test_no_file_is_written_through_a_link(server):
    victim = server.folder / "victim"
    victim.write_text("precious")
    server.data.mkdir(mode=0o700)
    for name in ("endpoint", "endpoint.new", "ca.pem", "events.jsonl.next", "events.strangers.jsonl.next"):
        (server.data / name).symlink_to(victim)
    cloud = Cloud(server.start())
    signed_loop(server, cloud.a, 3)
    wait_for(lambda: len(events_of(server)) >= 3)
    assert (server.data / "endpoint").read_text() == server.endpoint + "\n"
    server.stop()
    for name in ("events.jsonl", "events.strangers.jsonl"):
        (server.data / name).unlink()
        (server.data / name).symlink_to(victim)
        server.start(wait=False)
        assert server.process.wait(PATIENCE) == 1
        assert f"{name}: it is a symbolic link" in server.log
        server.process = None
        (server.data / name).unlink()
    assert victim.read_text() == "precious"
    assert [f.name for f in server.data.iterdir() if not f.is_symlink() and f.stat().st_mode & 0o077] == []


def test_calls_go_on_while_the_trail_cannot_be_written_and_it_heals(server):
    cloud = Cloud(server.start())
    known = signed_loop(server, cloud.a, 5)
    wait_for(lambda: {e["requestID"] for e in events_of(server)} >= set(known))
    before = resource.prlimit(server.process.pid, resource.RLIMIT_FSIZE)
    size = (server.data / "events.jsonl").stat().st_size  # as if the disk were full; the log is smaller
    resource.prlimit(server.process.pid, resource.RLIMIT_FSIZE, (size, before[1]))
    known += signed_loop(server, cloud.a, 50)
    wait_for(lambda: "the audit trail cannot be written" in server.log)
    known += signed_loop(server, cloud.a, 50)
    assert server.log.count("the audit trail cannot be written") == 1, "now and then"
    resource.prlimit(server.process.pid, resource.RLIMIT_FSIZE, before)
    wait_for(lambda: {e["requestID"] for e in events_of(server)} >= set(known))
    assert "the audit trail is written again" in server.log


def test_rotation_goes_on_without_descriptors(server):
    cloud = Cloud(server.start("--audit-keep", "1MiB"))
    names = os.listdir(f"/proc/{server.process.pid}/fd")
    before = resource.prlimit(server.process.pid, resource.RLIMIT_NOFILE)
    with socket.create_connection(("127.0.0.1", server.port), 60) as line:
        request = Request("POST", headers=[("Host", f"127.0.0.1:{server.port}"), ("User-Agent", "x" * 1000),
                                           ("Content-Type", "application/x-www-form-urlencoded")],
                          body=form({"Version": "2011-06-15", "Action": "GetCallerIdentity"}).encode())
        sign(request, cloud.a, Scope("sts"))
        assert exchange(line, request).status == 200
        resource.prlimit(server.process.pid, resource.RLIMIT_NOFILE, (len(names), before[1]))
        for _ in range(600):  # ten files' worth
            assert exchange(line, request).status == 200
        wait_for(lambda: len(list(server.data.glob("events.0*"))) > 0)
        assert (server.data / "events.jsonl").exists() and len(events_of(server)) > 100
        resource.prlimit(server.process.pid, resource.RLIMIT_NOFILE, before)
        rotated = max(server.data.glob("events.0*"))
        for _ in range(200):
            assert exchange(line, request).status == 200
        wait_for(lambda: max(server.data.glob("events.0*")) > rotated)


def test_the_trail_on_standard_output_is_lines_of_json(server):
    server.data.parent.mkdir(exist_ok=True)
    with open(server.folder / "out", "wb") as out, open(server.folder / "server.log", "ab") as log:
        server.process = subprocess.Popen(
            [BINARY, "serve", "--listen", f"127.0.0.1:{server.port}", "--data", str(server.data), "--audit-stdout"],
            stdin=subprocess.DEVNULL, stdout=out, stderr=log, env=server.environment())
    server.wait_until_up()
    cloud = Cloud(server)
    known = signed_loop(server, cloud.a, 10)
    assert pipelined(server.port, [signed_call(server, Keys(cloud.a.id, "w" * 40), "sts", "2011-06-15", Action="GetCallerIdentity")]) == [403]
    server.stop()
    told = [json.loads(line) for line in (server.folder / "out").read_text().splitlines()]
    assert [e["requestID"] for e in told if e["userIdentity"]["type"] == "Root"] == known
    assert [e["errorCode"] for e in told if e["userIdentity"]["type"] == "Unknown"] == ["SignatureDoesNotMatch"]
    assert not list(server.data.glob("events*"))


def test_the_trail_may_lie_elsewhere(server):
    trail = server.folder / "trail.jsonl"
    cloud = Cloud(server.start("--audit-file", str(trail), "--audit-keep", "2MiB,90d"))
    known = signed_loop(server, cloud.a, 3)
    wait_for(lambda: {e["requestID"] for e in events_of(server, "--audit-file", trail)} >= set(known))
    assert not list(server.data.glob("events*")) and trail.stat().st_mode & 0o777 == 0o600
    for bad in (["--audit-keep", "much"], ["--audit-keep", "1KiB"], ["--audit-file", "/nowhere/trail"], ["--audit-file", "x", "--audit-stdout"]):
        assert server.run("serve", "--data", server.folder / "other", "--listen", "127.0.0.1:0", *bad, check=False).returncode in (1, 2)


def test_a_crash_leaves_no_core_with_keys(server):
    server.start()
    limits = Path(f"/proc/{server.process.pid}/limits").read_text()
    assert re.search(r"Max core file size +0 +0 ", limits), limits
    server.stop()
    server.start("--allow-core-dumps")
    mine = resource.getrlimit(resource.RLIMIT_CORE)
    assert resource.prlimit(server.process.pid, resource.RLIMIT_CORE) == mine
# --- identity providers and their documents: XML that costs the square, silent issuers, costly keys, hidden text ---


def processor_seconds(server):
    """Spent by the server so far."""
    fields = Path(f"/proc/{server.process.pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def test_a_list_is_counted_before_it_is_worked_through(fresh):
    """30,000 client ids of 248 characters: comparing each with all before took five seconds."""
    ids = {f"ClientIDList.member.{i + 1}": f"{i:05}" + "c" * 243 for i in range(30_000)}
    body = form({"Action": "CreateOpenIDConnectProvider", "Version": "2010-05-08", "Url": "https://idp.example"} | ids)
    request = Request("POST", headers=[("Host", f"127.0.0.1:{fresh.server.port}"),
                                       ("Content-Type", "application/x-www-form-urlencoded; charset=utf-8")], body=body.encode())
    sign(request, fresh.a, Scope("iam"))
    before = processor_seconds(fresh.server)
    answer = send_signed(fresh.server.port, request)
    assert answer.status >= 400, answer.body
    assert processor_seconds(fresh.server) - before < 1.5  # of a server without optimization, parsing included


def test_texts_without_a_pattern_take_no_controls(fresh):
    iam = fresh.client("iam", fresh.a)
    assert error_of(iam.create_policy, PolicyName="p", PolicyDocument=EVERYTHING, Description="\x1b]0;x\x07")[0] == "ValidationError"
    assert iam.create_policy(PolicyName="p", PolicyDocument=EVERYTHING, Description="größer, 大きい\n")
    assert error_of(iam.create_open_id_connect_provider, Url="https://idp.example", ClientIDList=["a\x9bb"])[0] == "ValidationError"
    for name in ("a\x0bb", "a\x1b[31m", "a\x7f"):
        done = fresh.server.run("account", "create", "--profile", name, "--data", fresh.server.data, check=False)
        assert done.returncode != 0 and "is no name for a profile" in done.stderr
@contextlib.contextmanager
def costs_less_than(server, seconds):
    before = processor_seconds(server)
    yield
    spent = processor_seconds(server) - before
    assert spent < seconds, f"{spent} s of processor time"


def unsigned(server, **parameters):
    """A call of STS that asks for no signature: its status, {element: text}."""
    request = Request("POST", headers=[("Host", f"127.0.0.1:{server.port}"),
                                       ("Content-Type", "application/x-www-form-urlencoded")],
                      body=form({"Version": "2011-06-15", **parameters}).encode())
    answer = send(server.port, request, PATIENCE)
    said = {e.tag.rpartition("}")[2]: e.text or "" for e in ElementTree.fromstring(answer.body).iter()}
    return answer.status, said


class Federated(ServerOfAccounts):
    """Accounts A and B with issuers on loopback, some of which say nothing."""

    def __init__(self, folder):
        self.issuer = pytest.importorskip("issuer", reason="no `cryptography` package to sign tokens with")
        self.saml = pytest.importorskip("saml", reason="no `cryptography` package to sign assertions with")
        self.web = self.issuer.Issuer()
        self.silent = socket.create_server(("127.0.0.1", 0), backlog=200)
        self.silent_host = f"127.0.0.1:{self.silent.getsockname()[1]}"
        self.host = f"127.0.0.1:{self.web.port}"
        super().__init__(folder, "--memory", "--allow-issuer", f"http://{self.silent_host}", "--allow-issuer",
                         f"http://{self.host}")
        self.iam = {keys.id: self.client("iam", keys) for keys in (self.a, self.b)}

    def close(self):
        super().close()
        self.silent.close()
        self.web.stop()

    def trust(self, keys, account, url, role):
        """A provider for an issuer, and a role that trusts it."""
        iam = self.iam[keys.id]  # making a client takes its time
        arn = iam.create_open_id_connect_provider(Url=f"http://{url}", ClientIDList=["client"])["OpenIDConnectProviderArn"]
        iam.create_role(RoleName=role, AssumeRolePolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": [
            {"Effect": "Allow", "Principal": {"Federated": arn}, "Action": "sts:AssumeRoleWithWebIdentity"}]}))

    def log_in(self, key, url, account, role, **claims):
        now = int(time.time())
        token = self.issuer.token(key, {"iss": f"http://{url}", "sub": "somebody", "aud": "client", "iat": now - 5,
                                        "exp": now + 600} | claims)
        return unsigned(self.server, Action="AssumeRoleWithWebIdentity", RoleSessionName="session", WebIdentityToken=token,
                        RoleArn=f"arn:aws:iam::{account}:role/{role}")

    def events(self):
        """All so far: those in memory are written within a moment."""
        return [json.loads(line) for path in self.server.data.rglob("events*.jsonl") for line in path.read_text().splitlines()]


@pytest.fixture(scope="module")
def federated(tmp_path_factory):
    with contextlib.closing(Federated(tmp_path_factory.mktemp("federated"))) as cloud:
        yield cloud


def attributes(count):
    return "".join(f' a{i}=""' for i in range(count))


def test_metadata_with_many_attributes_costs_little(federated):
    signer = federated.saml.Signer()
    iam = federated.client("iam", federated.a)
    for count in (101, 60_000):
        document = signer.metadata().replace("<md:IDPSSODescriptor ", f"<md:IDPSSODescriptor{attributes(count)} ")
        with costs_less_than(federated.server, 1):
            with pytest.raises(iam.exceptions.InvalidInputException):
                iam.create_saml_provider(Name="Square", SAMLMetadataDocument=document)


def test_a_certificate_that_is_none_is_no_metadata(federated):
    signer = federated.saml.Signer()
    iam = federated.client("iam", federated.a)
    for certificate in (base64.b64encode(b"no certificate").decode(), signer.base64[:-8],
                        base64.b64encode(base64.b64decode(signer.base64) + b"x").decode()):
        with pytest.raises(iam.exceptions.InvalidInputException):
            iam.create_saml_provider(Name="None", SAMLMetadataDocument=signer.metadata(
                certificates=[certificate]).replace("made for a test", "x" * 1000))


def test_a_response_that_nobody_signed_costs_little(federated):
    saml = federated.saml
    signers = [saml.Signer() for _ in range(10)]
    iam = federated.client("iam", federated.a)
    arn = iam.create_saml_provider(Name="Ten", SAMLMetadataDocument=signers[0].metadata(
        certificates=[s.base64 for s in signers]))["SAMLProviderArn"]
    role = f"arn:aws:iam::{ACCOUNT_A}:role/Saml"
    iam.create_role(RoleName="Saml", AssumeRolePolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": [
        {"Effect": "Allow", "Principal": {"Federated": arn}, "Action": "sts:AssumeRoleWithSAML"}]}))

    def call(text):
        return unsigned(federated.server, Action="AssumeRoleWithSAML", RoleArn=role, PrincipalArn=arn, SAMLAssertion=text)

    def response(inside, signer, change=lambda xml: xml):
        assertion = saml.Assertion(role, arn, int(time.time()), id=f"_{time.monotonic_ns()}", inside=inside)
        return saml.encoded(saml.response(change(saml.signed(assertion.xml(), assertion.id, signer))))

    stranger, calls = saml.Signer(), 5
    square = f"<x{attributes(7_000)}></x>"
    largest = f"<x{attributes(99)}></x>" * 80
    assert call(response("", signers[9]))[0] == 200
    for inside in (square, largest, "<x></x>" * 9_000):
        text = response(inside, stranger)
        assert len(text) <= 100_000
        with costs_less_than(federated.server, 0.4 * calls):
            for _ in range(calls):
                assert call(text)[1]["Code"] == "InvalidIdentityToken"
    # What a certificate did sign, around something else: digested, but once.
    text = response(largest, signers[9], lambda xml: xml.replace("a98=", "b98="))
    with costs_less_than(federated.server, 0.4 * calls):
        for _ in range(calls):
            assert call(text)[1]["Message"] == "Response signature invalid"


def test_silent_issuers_of_one_account_keep_nobody_else_waiting(federated):
    key = federated.issuer.Key.ec("k")
    for i in range(70):
        federated.trust(federated.a, ACCOUNT_A, f"{federated.silent_host}/{i}", f"Silent{i}")
    federated.web.keys[f"{federated.host}/b"] = [key]
    federated.trust(federated.b, ACCOUNT_B, f"{federated.host}/b", "Healthy")
    codes = []
    threads = [threading.Thread(target=lambda i=i: codes.append(
        federated.log_in(key, f"{federated.silent_host}/{i}", ACCOUNT_A, f"Silent{i}")[1]["Code"])) for i in range(70)]
    for thread in threads:
        thread.start()
    while len(codes) < 5:  # some for which there is no place; the others wait
        time.sleep(0.01)
    status, said = federated.log_in(key, f"{federated.host}/b", ACCOUNT_B, "Healthy")
    assert status == 200, said
    assert len(codes) < 70, "the silent ones are waited for meanwhile"
    for thread in threads:
        thread.join()
    assert codes == ["IDPCommunicationError"] * 70


def test_a_key_set_of_huge_keys_costs_little(federated):
    key, name = federated.issuer.Key.ec("k"), f"{federated.host}/huge"
    moduli = [{"kty": "RSA", "kid": f"k{i}", "e": "AQAB", "n": federated.issuer.b64(b"\xff" * 1023 + bytes([2 * (i % 100) + 1]))}
              for i in range(350)]
    federated.web.keys[name] = [key]
    federated.web.answers[f"{name}/jwks"] = federated.web.json({"keys": moduli})
    federated.trust(federated.a, ACCOUNT_A, name, "Huge")
    with costs_less_than(federated.server, 1):
        assert federated.log_in(key, name, ACCOUNT_A, "Huge")[1]["Code"] == "InvalidIdentityToken"


def test_a_subject_that_cannot_be_shown_is_nobody(federated):
    key, name = federated.issuer.Key.ec("k"), f"{federated.host}/hidden"
    federated.web.keys[name] = [key]
    federated.trust(federated.a, ACCOUNT_A, name, "Hidden")
    assert federated.log_in(key, name, ACCOUNT_A, "Hidden", sub="Zoë 日本 👍")[0] == 200
    for sub in ("a\0b", "a\x1b[31mb", "a\x9b31mb", "a\u202eb", "a\ufffeb", "a\nb"):
        status, said = federated.log_in(key, name, ACCOUNT_A, "Hidden", sub=sub)
        assert (status, said["Code"]) == (400, "InvalidIdentityToken"), said
    assert federated.log_in(key, name, ACCOUNT_A, "Hidden", email="a\x1bb")[0] == 400


def test_why_an_issuer_could_not_be_read_is_said_to_who_runs_the_server(federated):
    key = federated.issuer.Key.ec("k")
    for answer, reason in (((302, {"Location": "/"}, b""), "the server redirects"), ((404, {}, b""), "the answer is not 200"),
                           ((503, {}, b""), "the server answers 429 or 5xx"), ((200, {}, b"x" * 600_000), "the answer is too large"),
                           ((200, {}, b"{}"), "that is no discovery document")):
        name = f"{federated.host}/{answer[0]}-{len(answer[2])}"
        federated.web.answers[f"{name}/.well-known/openid-configuration"] = answer
        federated.trust(federated.a, ACCOUNT_A, name, f"R{answer[0]}-{len(answer[2])}")
        assert federated.log_in(key, name, ACCOUNT_A, f"R{answer[0]}-{len(answer[2])}")[1]["Code"] == "InvalidIdentityToken"
        wanted = {"identityProviderConnectionFailure": reason}
        end = time.monotonic() + PATIENCE
        while all(event.get("additionalEventData") != wanted for event in federated.events()):
            assert time.monotonic() < end, f"no event says: {reason}"
            time.sleep(0.1)
        assert f"{name}/.well-known/openid-configuration: {reason}" in federated.server.log
import itertools
import json
import os
import string

import pytest
from botocore.exceptions import ClientError

from conftest import ACCOUNT_A, Keys


# Policies that are slow to check: a caller's own documents times the values of the caller's own requests.

def _processor_seconds(server):
    fields = open(f"/proc/{server.process.pid}/stat").read().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _costly_document(room=5800):
    """`StringLike` on the user agent, with as many patterns that nearly match as the quota lets in."""
    patterns, size = [], 0
    for letters in itertools.product(string.ascii_lowercase[1:], repeat=3):
        pattern = "*aaa" + "".join(letters) + "*"
        size += len(pattern) + 3
        if size > room:
            break
        patterns.append(pattern)
    return json.dumps({"Version": "2012-10-17", "Statement": [
        {"Effect": "Allow", "Action": "iam:ListUsers", "Resource": "*",
         "Condition": {"StringLike": {"aws:UserAgent": patterns}}}]}, separators=(",", ":"))


@pytest.fixture
def session_under_costly_policies(cloud):
    iam = cloud.client("iam", cloud.a)
    trust = {"Version": "2012-10-17", "Statement": [
        {"Effect": "Allow", "Principal": {"AWS": ACCOUNT_A}, "Action": "sts:AssumeRole"}]}
    iam.create_role(RoleName="costly", AssumeRolePolicyDocument=json.dumps(trust))
    for number in range(10):
        arn = iam.create_policy(PolicyName=f"costly-{number}", PolicyDocument=_costly_document())["Policy"]["Arn"]
        iam.attach_role_policy(RoleName="costly", PolicyArn=arn)
    iam.put_role_policy(RoleName="costly", PolicyName="inline", PolicyDocument=_costly_document())
    iam.create_user(UserName="costly")
    iam.put_user_policy(UserName="costly", PolicyName="p", PolicyDocument=json.dumps(
        {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "sts:AssumeRole", "Resource": "*"}]}))
    keys = Keys.of(iam.create_access_key(UserName="costly")["AccessKey"])
    sts = cloud.client("sts", keys)
    return Keys.of(sts.assume_role(RoleArn=f"arn:aws:iam::{ACCOUNT_A}:role/costly", RoleSessionName="s")["Credentials"])


def test_own_policies_cannot_make_a_request_slow(cloud, session_under_costly_policies):
    def list_users(times, user_agent):
        client = cloud.client("iam", session_under_costly_policies, user_agent=user_agent)
        before = _processor_seconds(cloud.server)
        messages = []
        for _ in range(times):
            with pytest.raises(ClientError) as refused:
                client.list_users()
            assert refused.value.response["Error"]["Code"] == "AccessDenied"
            messages.append(refused.value.response["Error"]["Message"])
        return (_processor_seconds(cloud.server) - before) / times, set(messages)

    cost, messages = list_users(20, "a" * 14000)
    assert cost < 0.1, f"{cost * 1000:.0f} ms a request"  # of a debug build; release: docs/performance.md
    assert all("too many or too long patterns" in message for message in messages), messages
    _, messages = list_users(1, "aws-cli/2.15.30")  # with an ordinary value the policies are asked to their end
    assert all("because no identity-based policy allows" in message for message in messages), messages
