"""The listener: what is repeated, held and waited for."""
import contextlib
import json
import os
import resource
import socket
import subprocess
import threading
import time

import pytest

from conftest import ACCOUNT_A
from deputy import BINARY, PATIENCE, SANITIZED
from sigv4 import Request, Scope, send, sign

not_sanitized = pytest.mark.skipif(SANITIZED, reason="a sanitizer needs memory and descriptors of its own")

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


@not_sanitized
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


@not_sanitized
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


@not_sanitized
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


@not_sanitized
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


def test_listener_of_the_operator_makes_room_too(fresh):
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


@not_sanitized
def test_listener_of_workloads_makes_room_too(fresh):
    server = fresh.server
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
