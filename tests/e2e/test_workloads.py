"""Credentials of workloads: `deputy workload` as EC2's metadata service and as the container endpoint, and the SDKs and the
AWS CLI that find it by AWS's own variables."""
import datetime
import http.client
import json
import os
import re
import shutil
import signal
import subprocess
import urllib.parse

import boto3
import botocore.auth
import botocore.config
import botocore.credentials
import botocore.endpoint
import botocore.exceptions
import botocore.signers
import botocore.utils
import pytest

import guide
from conftest import ACCOUNT_A, ACCOUNT_B, Cloud, Keys
from deputy import BINARY, ROOT, Server
from clis import AWS
from test_guide_js import JS, reason_to_skip

EC2, TASKS, PODS = "ec2.amazonaws.com", "ecs-tasks.amazonaws.com", "pods.eks.amazonaws.com"
ROLE, OTHER_SIDE = f"arn:aws:iam::{ACCOUNT_A}:role/app", f"arn:aws:iam::{ACCOUNT_B}:role/elsewhere"
CASES = json.loads((ROOT / "tests/wire/workloads.json").read_text())["cases"]
HOUR = 3600


def trust(*services, actions="sts:AssumeRole", **conditions):
    statement = {"Effect": "Allow", "Principal": {"Service": list(services)}, "Action": actions}
    return json.dumps({"Version": "2012-10-17", "Statement": [statement | ({"Condition": conditions} if conditions else {})]})


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    """A server whose clock moves; in account A the role `app` and its instance profile, in B a role that trusts it."""
    server = Server(tmp_path_factory.mktemp("workloads")).start("--movable-clock")
    cloud = Cloud(server)
    iam = cloud.client("iam", cloud.a)
    iam.create_role(RoleName="app", AssumeRolePolicyDocument=trust(EC2, TASKS))
    iam.put_role_policy(RoleName="app", PolicyName="elsewhere",
                        PolicyDocument=guide.policy("Allow", "sts:AssumeRole", OTHER_SIDE))
    iam.create_instance_profile(InstanceProfileName="web")
    iam.add_role_to_instance_profile(InstanceProfileName="web", RoleName="app")
    cloud.client("iam", cloud.b).create_role(RoleName="elsewhere", AssumeRolePolicyDocument=guide.trust(ROLE))
    yield cloud
    server.stop()


class Workload:
    """A running `deputy workload` and the variables that it printed."""

    def __init__(self, cloud, *arguments):
        self.process = subprocess.Popen(
            [BINARY, "workload", "--data", str(cloud.server.data), *map(str, arguments)], env=cloud.server.environment(),
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        self.variables, self.unset = {}, []
        for line in self.process.stdout:
            if line.startswith("unset "):
                self.unset.append(line.split()[1])
                continue
            name, value = re.fullmatch(r"export (\w+)='?([^']*)'?\n", line).groups()
            self.variables[name] = value
            if name == "AWS_ENDPOINT_URL":
                break
        if "AWS_ENDPOINT_URL" not in self.variables:
            raise AssertionError(self.process.communicate(timeout=10)[1])
        self.url = self.variables.get("AWS_EC2_METADATA_SERVICE_ENDPOINT") or self.variables["AWS_CONTAINER_CREDENTIALS_FULL_URI"]

    def environment(self, cloud):
        env = cloud.server.environment(**self.variables)
        for name in self.unset:
            env.pop(name, None)
        return env

    def ask(self, path, method="GET", headers=None):
        where = urllib.parse.urlsplit(self.url)
        line = http.client.HTTPConnection(where.hostname, where.port, timeout=10)
        line.putrequest(method, path, skip_host="Host" in (headers or {}))
        for name, value in (headers or {}).items():
            line.putheader(name, value)
        line.endheaders()
        answer = line.getresponse()
        body = answer.read().decode()
        line.close()
        return answer.status, body

    def token(self):
        status, token = self.ask("/latest/api/token", "PUT", {"X-aws-ec2-metadata-token-ttl-seconds": "21600"})
        assert status == 200
        return token

    def metadata(self, path):
        return self.ask("/latest/" + path, headers={"X-aws-ec2-metadata-token": self.token()})

    def container(self):
        return self.ask(urllib.parse.urlsplit(self.url).path,
                        headers={"Authorization": self.variables["AWS_CONTAINER_AUTHORIZATION_TOKEN"]})

    def end(self):
        self.process.send_signal(signal.SIGTERM)
        assert self.process.wait(10) == 0
        self.process.stdout.close()
        self.process.stderr.close()


@pytest.fixture
def start(world):
    running = []

    def begin(*arguments, cloud=world):
        running.append(Workload(cloud, *arguments))
        return running[-1]
    yield begin
    for workload in running:
        workload.end()


IMDS = ["--instance-profile", "web", "--account", ACCOUNT_A, "--imds", "127.0.0.1:0"]
TASK = ["--role", ROLE, "--container", "127.0.0.1:0"]
KINDS = pytest.mark.parametrize("arguments", [IMDS, TASK], ids=["imds", "container"])


@pytest.fixture
def clocks(world, monkeypatch):
    """Moves the server's clock and that of the SDK in this process together; back at the end."""
    moved = datetime.timedelta()
    utc = botocore.utils.get_current_datetime

    def move(seconds):
        nonlocal moved
        world.server.move_clock(seconds)
        moved += datetime.timedelta(seconds=seconds)

    def now(remove_tzinfo=True):
        return utc(remove_tzinfo) + moved
    for module in (botocore.auth, botocore.endpoint, botocore.signers, botocore.utils):
        monkeypatch.setattr(module, "get_current_datetime", now)
    local = botocore.credentials._local_now
    init = botocore.credentials.RefreshableCredentials.__init__

    def with_our_clock(self, *args, **kwargs):
        init(self, *args, **{**kwargs, "time_fetcher": lambda: local() + moved})
    monkeypatch.setattr(botocore.credentials.RefreshableCredentials, "__init__", with_our_clock)
    yield move
    world.server.move_clock(-int(moved.total_seconds()))


def session(world, workload, monkeypatch):
    """boto3 as it is in a program of that workload."""
    for name in [n for n in os.environ if n.startswith("AWS_") and n != "AWS_CA_BUNDLE"]:
        monkeypatch.delenv(name)
    for name, value in workload.variables.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("AWS_CONFIG_FILE", os.devnull)
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", os.devnull)
    return boto3.session.Session()


def sts_of(session):
    return session.client("sts", config=botocore.config.Config(retries={"total_max_attempts": 1}))


# ---- What the clients do

@KINDS
def test_boto3_finds_refreshes_and_chains(world, start, clocks, monkeypatch, arguments):
    here = session(world, start(*arguments), monkeypatch)
    sts = sts_of(here)
    first = sts.get_caller_identity()["Arn"]
    assert first.startswith(f"arn:aws:sts::{ACCOUNT_A}:assumed-role/app/")
    key = here.get_credentials().get_frozen_credentials()
    assumed = sts.assume_role(RoleArn=OTHER_SIDE, RoleSessionName="chained")
    assert assumed["AssumedRoleUser"]["Arn"] == f"arn:aws:sts::{ACCOUNT_B}:assumed-role/elsewhere/chained"
    clocks(5 * HOUR)
    assert sts.get_caller_identity()["Arn"] == first
    assert here.get_credentials().get_frozen_credentials() == key, "good for another hour"
    clocks(2 * HOUR)
    assert sts.get_caller_identity()["Arn"] == first
    assert here.get_credentials().get_frozen_credentials().access_key != key.access_key
    stale = world.client("sts", type(world.a)(key.access_key, key.secret_key, key.token))
    with pytest.raises(stale.exceptions.ClientError) as error:
        stale.get_caller_identity()
    assert error.value.response["Error"]["Code"] == "ExpiredToken"


@pytest.mark.skipif(AWS is None, reason="no AWS CLI: run scripts/install-deps demo")
@KINDS
def test_the_cli_finds_and_chains(world, arguments):
    source = "Ec2InstanceMetadata" if "--imds" in arguments else "EcsContainer"
    with open(world.server.config, "a") as config:
        config.write(f"\n[profile {source}]\nrole_arn = {OTHER_SIDE}\ncredential_source = {source}\n"
                     "role_session_name = by-profile\n")

    def run(*words):
        done = world.server.run("workload", "--data", world.server.data, *arguments, "--", AWS, *words,
                                HOME=world.server.folder)  # the CLI remembers sessions there
        return json.loads(done.stdout)["Arn"]
    assert run("sts", "get-caller-identity").startswith(f"arn:aws:sts::{ACCOUNT_A}:assumed-role/app/")
    assert run("--profile", source, "sts", "get-caller-identity") == (
        f"arn:aws:sts::{ACCOUNT_B}:assumed-role/elsewhere/by-profile")


@pytest.mark.skipif(reason_to_skip() is not None, reason=str(reason_to_skip()))
@KINDS
def test_the_javascript_sdk_finds_refreshes_and_chains(world, start, arguments):
    workload = start(*arguments)
    env = workload.environment(world) | {"ROLE_TO_ASSUME": OTHER_SIDE}
    for name in ("AWS_EC2_METADATA_DISABLED", "AWS_MAX_ATTEMPTS"):
        env.pop(name, None)
    moved = 0
    with subprocess.Popen([shutil.which("node"), "workload.mjs"], cwd=JS, env=env, stdin=subprocess.PIPE,
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as program:
        try:
            seen = []
            for hours in (0, 5, 2):
                world.server.move_clock(hours * HOUR)
                moved += hours * HOUR
                program.stdin.write(f"{hours * HOUR * 1000}\n")
                program.stdin.flush()
                seen.append(json.loads(program.stdout.readline()))
        finally:
            world.server.move_clock(-moved)
            program.stdin.close()
        program.wait(20)
    assert not any("error" in s for s in seen), seen
    assert {s["arn"].rsplit("/", 1)[0] for s in seen} == {f"arn:aws:sts::{ACCOUNT_A}:assumed-role/app"}
    assert {s["assumed"] for s in seen} == {f"arn:aws:sts::{ACCOUNT_B}:assumed-role/elsewhere/from-js"}
    assert seen[0]["key"] == seen[1]["key"] != seen[2]["key"], "kept for six hours, then new ones"


# ---- The metadata service

def test_the_metadata_of_an_instance(world, start):
    workload = start(*IMDS, "--region", "eu-west-1")
    assert workload.metadata("meta-data/iam/security-credentials/") == (200, "app")
    status, text = workload.metadata("meta-data/iam/security-credentials/app")
    assert workload.metadata("meta-data/iam/security-credentials/app/") == (status, text)
    credentials = json.loads(text)
    assert status == 200 and list(credentials) == ["Code", "LastUpdated", "Type", "AccessKeyId", "SecretAccessKey", "Token",
                                                   "Expiration"]
    assert credentials["Code"] == "Success" and credentials["Type"] == "AWS-HMAC" and '"Code" : "Success"' in text
    info = json.loads(workload.metadata("meta-data/iam/info")[1])
    assert info["InstanceProfileArn"] == f"arn:aws:iam::{ACCOUNT_A}:instance-profile/web"
    assert info["InstanceProfileId"].startswith("AIPA")
    document = json.loads(workload.metadata("dynamic/instance-identity/document")[1])
    assert (document["accountId"], document["region"]) == (ACCOUNT_A, "eu-west-1")
    assert workload.metadata("meta-data/instance-id") == (200, document["instanceId"])
    assert workload.metadata("meta-data/placement/region") == (200, "eu-west-1")


def test_version_1_only_if_it_is_allowed(world, start):
    assert start(*IMDS).ask("/latest/meta-data/instance-id")[0] == 401
    status, instance = start(*IMDS, "--allow-v1").ask("/latest/meta-data/instance-id")
    assert status == 200 and instance.startswith("i-")


def test_tokens_are_of_one_endpoint(world, start):
    one, other = start(*IMDS), start(*IMDS)
    status, _ = other.ask("/latest/meta-data/", headers={"X-aws-ec2-metadata-token": one.token()})
    assert status == 401


def test_a_profile_that_changes_its_role(world, start):
    iam = world.client("iam", world.a)
    iam.create_role(RoleName="second", AssumeRolePolicyDocument=trust(EC2))
    iam.create_instance_profile(InstanceProfileName="changing")
    workload = start("--instance-profile", f"arn:aws:iam::{ACCOUNT_A}:instance-profile/changing", "--imds", "127.0.0.1:0")
    assert workload.metadata("meta-data/iam/security-credentials/")[0] == 404, "it is empty"
    iam.add_role_to_instance_profile(InstanceProfileName="changing", RoleName="app")
    assert workload.metadata("meta-data/iam/security-credentials/") == (200, "app")
    first = json.loads(workload.metadata("meta-data/iam/security-credentials/app")[1])
    iam.remove_role_from_instance_profile(InstanceProfileName="changing", RoleName="app")
    iam.add_role_to_instance_profile(InstanceProfileName="changing", RoleName="second")
    assert workload.metadata("meta-data/iam/security-credentials/app")[0] == 404
    second = json.loads(workload.metadata("meta-data/iam/security-credentials/second")[1])
    assert second["Code"] == "Success" and second["AccessKeyId"] != first["AccessKeyId"]


def test_sessions_of_an_instance_can_be_held_to_it(world, start):
    iam = world.client("iam", world.a)
    iam.create_role(RoleName="bound", AssumeRolePolicyDocument=trust(EC2, "lambda.amazonaws.com"))
    bound = f"arn:aws:iam::{ACCOUNT_A}:role/bound"
    instances = f"arn:aws:ec2:us-east-1:{ACCOUNT_A}:instance/i-*"
    iam.put_role_policy(RoleName="bound", PolicyName="instances", PolicyDocument=guide.policy(
        "Allow", "s3:ListAllMyBuckets", "*", Condition={"ArnLike": {"ec2:SourceInstanceARN": instances}}))

    def list_buckets(credentials):
        keys = Keys(credentials["AccessKeyId"], credentials["SecretAccessKey"], credentials.get("Token") or credentials["SessionToken"])
        return world.client("s3", keys).list_buckets()
    on_instance = start("--role", bound, "--imds", "127.0.0.1:0")
    list_buckets(json.loads(on_instance.metadata("meta-data/iam/security-credentials/bound")[1]))
    for service in ("lambda.amazonaws.com", EC2):  # neither is an instance: EC2 acts for a volume here
        printed = world.server.run("as-service", service, "--role", bound, "--source-arn",
                                   f"arn:aws:ec2:us-east-1:{ACCOUNT_A}:volume/vol-1", "--print-credentials",
                                   "--output", "json", "--data", world.server.data).stdout
        with pytest.raises(botocore.exceptions.ClientError, match="no identity-based policy allows the s3:ListAllMyBuckets"):
            list_buckets(json.loads(printed))


@pytest.mark.skipif(shutil.which("curl") is None, reason="no curl: run scripts/install-deps test")
def test_why_there_are_no_credentials_is_said(world):
    def workload(*arguments):
        return world.server.run("workload", "--data", world.server.data, "--imds", "127.0.0.1:0", *arguments, "--", "bash",
                                "-c", "for i in 1 2; do curl -s $AWS_EC2_METADATA_SERVICE_ENDPOINT/latest/meta-data/iam/"
                                "security-credentials/nobodys > /dev/null; done", check=False)
    absent = workload("--instance-profile", "absent", "--account", ACCOUNT_A)
    assert absent.returncode == 1 and "absent" in absent.stderr, "EC2 starts no instance either"
    untrusted = workload("--role", f"arn:aws:iam::{ACCOUNT_A}:role/nobodys", "--allow-v1")
    assert untrusted.returncode == 0
    assert untrusted.stderr.count("User: ec2.amazonaws.com is not authorized to perform: sts:AssumeRole") == 1, "once"


def test_a_source_is_an_arn(world):
    done = world.server.run("as-service", EC2, "--role", ROLE, "--source-arn", "my-instance", "--print-credentials",
                            "--data", world.server.data, check=False)
    assert done.returncode == 2 and "my-instance is no ARN" in done.stderr


def test_a_role_that_does_not_trust_ec2(world, start):
    iam = world.client("iam", world.a)
    iam.create_role(RoleName="not-for-ec2", AssumeRolePolicyDocument=trust("lambda.amazonaws.com"))
    workload = start("--role", f"arn:aws:iam::{ACCOUNT_A}:role/not-for-ec2", "--imds", "127.0.0.1:0")
    status, text = workload.metadata("meta-data/iam/security-credentials/not-for-ec2")
    answer = json.loads(text)
    assert status == 200 and answer["Code"] == "AssumeRoleUnauthorizedAccess"
    assert answer["Message"].startswith("EC2 cannot assume the role not-for-ec2. Please see documentation at ")
    assert workload.metadata("meta-data/iam/info")[0] == 404, "no profile holds it"


def test_old_credentials_last_when_trust_is_withdrawn(world, start):
    iam = world.client("iam", world.a)
    iam.create_role(RoleName="fading", AssumeRolePolicyDocument=trust(EC2))
    workload = start("--role", f"arn:aws:iam::{ACCOUNT_A}:role/fading", "--imds", "127.0.0.1:0", "--duration", "3600")
    path = "meta-data/iam/security-credentials/fading"
    first = json.loads(workload.metadata(path)[1])
    iam.update_assume_role_policy(RoleName="fading", PolicyDocument=trust("lambda.amazonaws.com"))
    world.server.move_clock(HOUR - 60)
    try:
        assert json.loads(workload.metadata(path)[1]) == first
        world.server.move_clock(60)
        assert json.loads(workload.metadata(path)[1])["Code"] == "AssumeRoleUnauthorizedAccess"
    finally:
        world.server.move_clock(-HOUR)


# ---- Containers

def test_a_task_says_for_which_account_it_is(world, start):
    iam = world.client("iam", world.a)
    like = f"arn:aws:ecs:us-east-1:{ACCOUNT_A}:task/prod/4711*"
    iam.create_role(RoleName="task", AssumeRolePolicyDocument=trust(
        TASKS, StringEquals={"aws:SourceAccount": ACCOUNT_A}, ArnLike={"aws:SourceArn": like}))
    role = ["--role", f"arn:aws:iam::{ACCOUNT_A}:role/task", "--container", "127.0.0.1:0", "--cluster", "prod"]
    status, text = start(*role, "--task", "4711aa").container()
    answer = json.loads(text)
    assert status == 200
    assert list(answer) == ["RoleArn", "AccessKeyId", "SecretAccessKey", "Token", "Expiration", "AccountId"]
    assert (answer["RoleArn"], answer["AccountId"]) == (f"arn:aws:iam::{ACCOUNT_A}:role/task", ACCOUNT_A)
    status, text = start(*role, "--task", "0815bb").container()
    assert status == 403 and json.loads(text) == {"code": "AccessDenied", "message": guide.not_authorized(
        TASKS, "sts:AssumeRole", f"arn:aws:iam::{ACCOUNT_A}:role/task")}


def test_a_pod_needs_tag_session_and_carries_its_tags(world, start, monkeypatch):
    iam = world.client("iam", world.a)
    role = f"arn:aws:iam::{ACCOUNT_A}:role/pod"
    pod = ["--role", role, "--container", "127.0.0.1:0", "--cluster", "prod", "--pod", "shop/checkout/checkout-0"]
    iam.create_role(RoleName="pod", AssumeRolePolicyDocument=trust(PODS))
    status, text = start(*pod).container()
    assert status == 403 and json.loads(text)["message"] == guide.not_authorized(PODS, "sts:TagSession", role)
    iam.update_assume_role_policy(RoleName="pod", PolicyDocument=trust(
        PODS, actions=["sts:AssumeRole", "sts:TagSession"], StringEquals={
            "aws:RequestTag/kubernetes-namespace": "shop", "aws:RequestTag/eks-cluster-name": "prod",
            "aws:SourceAccount": ACCOUNT_A, "aws:SourceArn": f"arn:aws:eks:us-east-1:{ACCOUNT_A}:cluster/prod"}))
    iam.put_role_policy(RoleName="pod", PolicyName="own", PolicyDocument=guide.policy(
        "Allow", "s3:ListAllMyBuckets", "*",
        Condition={"StringEquals": {"aws:PrincipalTag/kubernetes-service-account": "checkout"}}))
    here = session(world, start(*pod), monkeypatch)
    assert re.search(r"assumed-role/pod/eks-prod-checkout-0-[0-9a-f-]+$", sts_of(here).get_caller_identity()["Arn"])
    here.client("s3").list_buckets()
    other = session(world, start(*pod[:-1], "shop/catalog"), monkeypatch)
    with pytest.raises(botocore.exceptions.ClientError):
        other.client("s3").list_buckets()
    elsewhere = start(*pod[:-1], "warehouse/checkout")
    assert elsewhere.container()[0] == 403


def test_the_authorization_token_in_a_file(world, start, monkeypatch, tmp_path):
    file = tmp_path / "token"
    workload = start(*TASK, "--token-file", file)
    assert "AWS_CONTAINER_AUTHORIZATION_TOKEN" in workload.unset
    assert workload.variables["AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE"] == str(file)
    assert file.stat().st_mode & 0o777 == 0o600
    assert sts_of(session(world, workload, monkeypatch)).get_caller_identity()["Account"] == ACCOUNT_A


# ---- Refusals

@pytest.fixture(scope="module")
def endpoints(world):
    both = {"imds": Workload(world, *IMDS), "container": Workload(world, *TASK)}
    yield both
    for workload in both.values():
        workload.end()


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_corrupted_requests_are_refused(endpoints, case):
    assert set(case) <= {"name", "endpoint", "method", "path", "query", "headers", "status"}
    workload = endpoints[case["endpoint"]]
    authorization = endpoints["container"].variables["AWS_CONTAINER_AUTHORIZATION_TOKEN"]
    known = {"<token>": endpoints["imds"].token(), "<authorization>": authorization,
             "<half authorization>": authorization[:len(authorization) // 2]}

    def filled(text):
        for name, value in known.items():
            text = text.replace(name, value)
        return text
    path = case.get("path", urllib.parse.urlsplit(workload.url).path) + case.get("query", "")
    status, body = workload.ask(filled(path), case.get("method", "GET"),
                                {name: filled(value) for name, value in case["headers"].items()})
    assert status == case["status"], body
    assert "SecretAccessKey" not in body and "ASIA" not in body


def test_whoever_launches_it_needs_pass_role(world, start):
    iam = world.client("iam", world.a)
    iam.create_user(UserName="launcher")
    launcher = f"arn:aws:iam::{ACCOUNT_A}:user/launcher"
    workload = start(*TASK, "--passed-by", launcher)
    status, text = workload.container()
    assert status == 403 and json.loads(text)["message"] == guide.not_authorized(
        launcher, "iam:PassRole", ROLE, guide.no_identity_policy("iam:PassRole"))
    iam.put_user_policy(UserName="launcher", PolicyName="pass", PolicyDocument=guide.policy(
        "Allow", "iam:PassRole", ROLE, Condition={"StringEquals": {"iam:PassedToService": TASKS}}))
    assert workload.container()[0] == 200


def test_bad_command_lines(world):
    for arguments in (["--imds", "127.0.0.1:0"], ["--role", ROLE], [*TASK, "--imds", "127.0.0.1:0"],
                      ["--role", ROLE, "--imds", "nowhere"], ["--role", ROLE, "--imds", "127.0.0.1:70000"],
                      ["--instance-profile", "web", "--imds", "127.0.0.1:0"], [*TASK, "--instance-profile", "web"],
                      [*TASK, "--pod", "no-namespace"], [*TASK, "--duration", "60"], [*IMDS, "--hop-limit", "0"],
                      ["--role", "x", "--container", "127.0.0.1:0"]):
        done = world.server.run("workload", "--data", world.server.data, *arguments, check=False)
        assert done.returncode == 2 and done.stderr, arguments


def test_a_command_ends_the_endpoint_with_its_exit_code(world):
    done = world.server.run("workload", "--data", world.server.data, *TASK, "--", "sh", "-c", "exit 7", check=False)
    assert done.returncode == 7
    done = world.server.run("workload", "--data", world.server.data, *TASK, "--", "sh", "-c", "kill -9 $$", check=False)
    assert done.returncode == 128 + 9
    done = world.server.run("workload", "--data", world.server.data, *TASK, "--", "no-such-program", check=False)
    assert done.returncode == 127


def test_without_a_server_the_endpoint_says_so(server):
    cloud = Cloud(server.start())
    workload = Workload(cloud, *TASK)
    server.stop()
    status, text = workload.container()
    assert status == 500 and "no server is running" in json.loads(text)["message"]
    workload.end()
