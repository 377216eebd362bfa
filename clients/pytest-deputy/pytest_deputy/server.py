"""A server of the test's own, and who calls it."""
import configparser
import json
import os
import re
import shutil
import stat
import subprocess
import tempfile
import time
from pathlib import Path

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError

from .explain import Refusal, explain

REGION = "us-east-1"
PATIENCE = 60  # seconds for a start, on a machine with much else to do


def binary():
    """The path of the program: DEPUTY_BINARY, else the wheel's own, else `deputy` on the PATH."""
    if os.environ.get("DEPUTY_BINARY"):
        return os.environ["DEPUTY_BINARY"]
    own = Path(__file__).parent / "bin" / "deputy"
    if own.exists():
        if not os.access(own, os.X_OK):  # some installers forget the mode
            own.chmod(own.stat().st_mode | stat.S_IXUSR | stat.S_IXGRP | stat.S_IXOTH)
        return str(own)
    found = shutil.which("deputy")
    if found is None:
        raise RuntimeError("there is no deputy program: install the wheel of your platform, or set DEPUTY_BINARY")
    return found


def text_of(document):
    return document if isinstance(document, str) else json.dumps(document)


class Session(boto3.Session):
    """boto3's, whose clients talk to the server unless they are told otherwise."""

    def __init__(self, endpoint_url, **settings):
        super().__init__(region_name=settings.pop("region_name", REGION), **settings)
        self.endpoint_url = endpoint_url

    def client(self, service_name, *args, **settings):
        return super().client(service_name, *args, **self._ours(settings))

    def resource(self, service_name, *args, **settings):
        return super().resource(service_name, *args, **self._ours(settings))

    def _ours(self, settings):
        # A refusal is an answer, and nothing to try again.
        config = Config(retries={"total_max_attempts": 1}).merge(settings.get("config") or Config())
        return {"endpoint_url": self.endpoint_url} | settings | {"config": config}


class Principal:
    """Somebody with credentials: `session` and `client` are boto3's."""

    def __init__(self, deputy, keys):
        self.deputy, self.keys = deputy, keys
        self.session = Session(deputy.endpoint_url, aws_access_key_id=keys["AccessKeyId"],
                               aws_secret_access_key=keys["SecretAccessKey"], aws_session_token=keys.get("SessionToken"))
        self._arn = None

    @property
    def arn(self):
        if self._arn is None:
            self._arn = self.client("sts").get_caller_identity()["Arn"]
        return self._arn

    @property
    def account_id(self):
        return self.arn.split(":")[4]

    def client(self, service, **settings):
        return self.session.client(service, **settings)

    def assume(self, role, session_name="pytest", **more):
        """AssumeRole; `role` is an ARN. Refused, it raises botocore's ClientError."""
        said = self.client("sts").assume_role(RoleArn=str(role), RoleSessionName=session_name, **more)
        return Principal(self.deputy, said["Credentials"])

    @property
    def environment(self):
        """For programs under test: variables that make every AWS SDK this principal, on this server."""
        values = {"AWS_ACCESS_KEY_ID": self.keys["AccessKeyId"], "AWS_SECRET_ACCESS_KEY": self.keys["SecretAccessKey"],
                  "AWS_SESSION_TOKEN": self.keys.get("SessionToken", ""), "AWS_REGION": REGION, "AWS_DEFAULT_REGION": REGION,
                  "AWS_ENDPOINT_URL": self.deputy.endpoint_url, "AWS_ENDPOINT_URL_STS": self.deputy.endpoint_url,
                  "AWS_EC2_METADATA_DISABLED": "true"}
        return {name: value for name, value in values.items() if value}

    def __repr__(self):
        return f"<Principal {self.keys['AccessKeyId']}>"


class Account:
    """An account, and its root user, who makes what a test needs."""

    def __init__(self, deputy, number, root):
        self.deputy, self.id, self.root = deputy, number, root

    @property
    def iam(self):
        if self.root is None:
            raise RuntimeError(f"the keys of account {self.id}'s root user are not known: give it AccessKeys with a Profile in the seed")
        return self.root.client("iam")

    def client(self, service, **settings):
        return self.root.client(service, **settings)

    def user(self, name, policy=None):
        """A user with an access key, and an inline policy if one is given."""
        self.iam.create_user(UserName=name)
        if policy is not None:
            self.iam.put_user_policy(UserName=name, PolicyName=name, PolicyDocument=text_of(policy))
        return Principal(self.deputy, self.iam.create_access_key(UserName=name)["AccessKey"])

    def role(self, name, trust, policy=None):
        """A role; its ARN."""
        arn = self.iam.create_role(RoleName=name, AssumeRolePolicyDocument=text_of(trust))["Role"]["Arn"]
        if policy is not None:
            self.iam.put_role_policy(RoleName=name, PolicyName=name, PolicyDocument=text_of(policy))
        return arn


class Deputy:
    """A running server. Nothing of it is left when it has stopped."""

    def __init__(self, seeds=(), arguments=()):
        self.folder = Path(tempfile.mkdtemp(prefix="deputy-"))  # short: a Unix socket's path has 107 bytes
        self.data, self.log_file = self.folder / "data", self.folder / "server.log"
        self.config, self.credentials = self.folder / "config", self.folder / "credentials"
        self.accounts, self.process = {}, None
        self._roots = None
        try:
            with open(self.log_file, "wb") as log:
                self.process = subprocess.Popen(
                    [binary(), "serve", "--listen", "127.0.0.1:0", "--data", str(self.data), "--memory", *arguments],
                    env=self._environment(), stdin=subprocess.DEVNULL, stdout=log, stderr=log)
            self.endpoint_url = self._wait()
            if seeds:  # not by serve --seed: what is applied to a running server leaves profiles, and lists all its faults
                self.run("apply", *(Path(seed).resolve() for seed in seeds))
        except BaseException:
            self.stop()
            raise

    def _environment(self):
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "DEPUTY_"))}
        return kept | {"AWS_CONFIG_FILE": str(self.config), "AWS_SHARED_CREDENTIALS_FILE": str(self.credentials)}

    @property
    def log(self):
        return self.log_file.read_text(errors="replace")

    def _wait(self):
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            if found := re.search(r"listening on (\S+:\d+)", self.log):
                return f"http://{found.group(1)}"
            if self.process.poll() is not None:
                raise RuntimeError(f"deputy serve ended with {self.process.returncode}:\n{self.log}")
            time.sleep(0.01)
        raise RuntimeError(f"deputy serve does not listen after {PATIENCE} s:\n{self.log}")

    def run(self, *words):
        """`deputy WORDS…` as the operator; what it printed."""
        done = subprocess.run([binary(), *map(str, words), "--data", str(self.data)], env=self._environment(),
                              stdin=subprocess.DEVNULL, capture_output=True, text=True)
        if done.returncode:
            raise RuntimeError(f"deputy {' '.join(map(str, words))}: {(done.stderr or done.stdout).strip()}")
        return done.stdout

    def account(self, number):
        """The account of twelve digits, made if it is not there."""
        number = str(number)
        if number not in self.accounts:
            there = {known["AccountId"] for known in json.loads(self.run("account", "list", "--output", "json"))["Accounts"]}
            if number in there:
                root = self._profiled_roots().get(number)
            else:
                root = Principal(self, json.loads(self.run("account", "create", number, "--output", "json")))
            self.accounts[number] = Account(self, number, root)
        return self.accounts[number]

    def profile(self, name):
        """The principal of a profile that a seed wrote."""
        known = self._profiles()
        if name not in known:
            raise RuntimeError(f"no seed wrote a profile {name!r}; there are: {', '.join(sorted(known)) or 'none'}")
        return Principal(self, known[name])

    def _profiles(self):
        file = configparser.RawConfigParser()
        file.read(self.credentials)
        return {name: {"AccessKeyId": file[name]["aws_access_key_id"], "SecretAccessKey": file[name]["aws_secret_access_key"]}
                for name in file.sections() if "aws_access_key_id" in file[name]}

    def _profiled_roots(self):
        if self._roots is None:
            principals = [Principal(self, keys) for keys in self._profiles().values()]
            self._roots = {p.account_id: p for p in principals if p.arn.endswith(":root")}
        return self._roots

    # What a test asserts

    def allowed(self, call, *args, **parameters):
        """The answer of `call`. Refused, the test fails with AWS's sentence and the policies that decided."""
        try:
            return call(*args, **parameters)
        except ClientError as error:
            refusal = Refusal.of(error)
            if refusal is None:
                raise
            raise AssertionError(f"refused, and should be allowed\n{refusal}\n{explain(self, refusal, parameters)}") from None

    def refused(self, call, *args, because=None, **parameters):
        """The Refusal of `call`. Allowed, the test fails; and if `because` (a regular expression) is neither in AWS's
        sentence nor in what the policies say."""
        try:
            answer = call(*args, **parameters)
        except ClientError as error:
            refusal = Refusal.of(error)
            if refusal is None:
                raise
            refusal.explanation = explain(self, refusal, parameters)
            if because is not None and not re.search(because, f"{refusal}\n{refusal.explanation}"):
                raise AssertionError(f"refused, but not because of {because!r}\n{refusal}\n{refusal.explanation}") from None
            return refusal
        if isinstance(answer, dict):
            answer = {name: value for name, value in answer.items() if name not in ("ResponseMetadata", "Credentials")}
        raise AssertionError(f"allowed, and should be refused\n{answer!r}")

    def stop(self):
        if self.process is not None and self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(PATIENCE)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        shutil.rmtree(self.folder, ignore_errors=True)
