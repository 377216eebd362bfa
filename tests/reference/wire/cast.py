"""A server with accounts of two organizations and one of none, and in each account callers, roles and a bucket."""

import configparser
import json
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

sys.path.append(str(Path(__file__).resolve().parents[2] / "e2e"))

from line import Line  # noqa: E402

MANAGERS = ("111111111111", "666666666666")
MEMBERS = {"222222222222": MANAGERS[0], "333333333333": MANAGERS[0], "444444444444": MANAGERS[0], "555555555555": MANAGERS[0],
           "777777777777": MANAGERS[1]}
OUTSIDER = "888888888888"
ACCOUNTS = (*MANAGERS, *MEMBERS, OUTSIDER)
ACTIONS = ["sts:AssumeRole", "sts:TagSession", "sts:SetSourceIdentity"]
ALLOW_ALL = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}
HOLDS_BACK = {"Version": "2012-10-17", "Statement": [
    {"Effect": "Allow", "Action": "*", "Resource": "*"},
    {"Effect": "Deny", "Action": ["iam:ListRoles", "s3:GetBucketLocation", "sts:TagSession"], "Resource": "*"}]}
READS_ONLY = {"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": ["iam:*", "s3:Get*", "sts:AssumeRole"], "Resource": "*"}}
DURATION = "43200"


class Keys:
    def __init__(self, key, secret, token=None):
        self.id, self.secret, self.token = key, secret, token

    @staticmethod
    def of(said):
        return Keys(*(said.element(name) for name in ("AccessKeyId", "SecretAccessKey", "SessionToken")))


class Server:
    """`deputy serve` with an empty data folder."""

    def __init__(self, binary, folder):
        self.binary, self.folder = binary, Path(folder)
        self.environment = {**{name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "DEPUTY_"))},
                            "AWS_CONFIG_FILE": str(self.folder / "config"),
                            "AWS_SHARED_CREDENTIALS_FILE": str(self.folder / "credentials")}
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        with open(self.folder / "log", "wb") as log:
            self.process = subprocess.Popen([binary, "serve", "--listen", f"127.0.0.1:{self.port}", "--data", self.folder / "data"],
                                            stdin=subprocess.DEVNULL, stdout=log, stderr=log, env=self.environment)
        self.wait()

    def wait(self):
        for _ in range(1200):
            if self.process.poll() is not None:
                raise RuntimeError("the server ended: " + (self.folder / "log").read_text())
            try:
                socket.create_connection(("127.0.0.1", self.port), 1).close()
                return
            except OSError:
                time.sleep(0.05)
        raise RuntimeError("the server does not answer")

    def run(self, *arguments):
        done = subprocess.run([self.binary, *map(str, arguments)], env=self.environment, stdin=subprocess.DEVNULL,
                              capture_output=True, text=True, check=False)
        if done.returncode:
            raise RuntimeError(f"deputy {' '.join(map(str, arguments))}: {done.stdout}{done.stderr}")

    def create_account(self, account):
        self.run("account", "create", account, "--name", f"a{account[0]}", "--profile", f"p{account}", "--data", self.folder / "data")
        file = configparser.RawConfigParser()
        file.read(self.folder / "credentials")
        return Keys(file[f"p{account}"]["aws_access_key_id"], file[f"p{account}"]["aws_secret_access_key"])

    def stop(self):
        """How it ended."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(120)


class Person:
    """A caller: keys, the `principal` of a case, the keys of the context that are the caller's, and its policies by name."""

    def __init__(self, keys, principal, facts, identity=(), boundary=None, session=(), asks=("iam", "s3", "sts", "organizations")):
        self.keys, self.principal, self.facts, self.asks = keys, principal, facts, asks
        self.identity, self.boundary, self.session = list(identity), boundary, list(session)
        self.account = principal["account"]


class Role:
    def __init__(self, account, name, trust, tags):
        self.account, self.name, self.trust, self.tags = account, name, trust, tags
        self.arn = f"arn:aws:iam::{account}:role/{name}"


class Cast:
    def __init__(self, server):
        self.server, self.line = server, Line(server.port)
        self.roots = {account: server.create_account(account) for account in ACCOUNTS}
        self.people, self.roles, self.by_arn = [], [], {}
        for account in ACCOUNTS:
            self.furnish(account)

    def iam(self, account, action, **parameters):
        return self.line.must(self.line.query(self.roots[account], "iam", action, parameters), action)

    def furnish(self, account):
        self.people.append(Person(self.roots[account], {"type": "root", "arn": f"arn:aws:iam::{account}:root", "account": account,
                                                        "unique_id": account},
                                  {"aws:PrincipalType": ["Account"], "aws:userid": [account]}))
        managed = {name: self.iam(account, "CreatePolicy", PolicyName=name, PolicyDocument=json.dumps(document)).element("Arn")
                   for name, document in (("HoldsBack", HOLDS_BACK), ("ReadsOnly", READS_ONLY))}
        dana = self.user(account, "dana", [(None, ALLOW_ALL)], tags={"Team": "blue"})
        self.user(account, "erin", [(managed["HoldsBack"], HOLDS_BACK)], tags={"Team": "red"})
        self.user(account, "finn", [(None, HOLDS_BACK)], boundary=(managed["HoldsBack"], HOLDS_BACK))
        self.user(account, "gail", [(None, READS_ONLY)])
        for name, trust in (("Trusting", {"AWS": list(ACCOUNTS)}), ("Open", {"AWS": "*"}), ("Closed", {"Service": "lambda.amazonaws.com"}),
                            ("Drawn", {"AWS": list(ACCOUNTS)})):
            self.role(account, name, trust)
        self.line.must(self.line.s3(self.roots[account], "PUT", f"/bucket-of-{account}"))
        worker = self.role(account, "Worker", {"AWS": account}, path="/ci/")
        self.session(dana, worker, "w1")
        self.session(dana, worker, "w2", [(managed["ReadsOnly"], READS_ONLY)])
        self.session(dana, worker, "w3", [(None, HOLDS_BACK)], tags={"Team": "red"})
        said = self.line.query(dana.keys, "sts", "GetSessionToken", {})
        self.people.append(Person(Keys.of(said), dana.principal, {**dana.facts, "aws:MultiFactorAuthPresent": ["false"],
                                                                  "aws:TokenIssueTime": ["2026-01-01T00:00:00Z"]},
                                  dana.identity, asks=("s3", "sts")))
        said = self.line.query(dana.keys, "sts", "GetFederationToken", {"Name": "bob", "Policy": json.dumps(ALLOW_ALL)})
        facts = {"aws:PrincipalType": ["FederatedUser"], "aws:userid": [f"{account}:bob"], "aws:PrincipalTag/Team": ["blue"],
                 "aws:MultiFactorAuthPresent": ["false"], "aws:TokenIssueTime": ["2026-01-01T00:00:00Z"]}
        self.people.append(Person(Keys.of(said), {
            "type": "federated-user", "arn": f"arn:aws:sts::{account}:federated-user/bob", "account": account,
            "unique_id": f"{account}:bob", "user_arn": dana.principal["arn"]}, facts, dana.identity, None, [(None, ALLOW_ALL)], ("s3",)))

    def user(self, account, name, identity, boundary=None, tags=None):
        """`identity`: (ARN, document); a policy without ARN is inline."""
        arn = f"arn:aws:iam::{account}:user/team/{name}"
        made = self.iam(account, "CreateUser", UserName=name, Path="/team/", **tags_of(tags),
                        **({"PermissionsBoundary": boundary[0]} if boundary else {}))
        for policy, document in identity:
            if policy:
                self.iam(account, "AttachUserPolicy", UserName=name, PolicyArn=policy)
            else:
                self.iam(account, "PutUserPolicy", UserName=name, PolicyName="p", PolicyDocument=json.dumps(document))
        keys = Keys.of(self.iam(account, "CreateAccessKey", UserName=name))
        unique_id = made.element("UserId")
        facts = {"aws:PrincipalType": ["User"], "aws:userid": [unique_id], "aws:username": [name]}
        facts |= {f"aws:PrincipalTag/{key}": [value] for key, value in (tags or {}).items()}
        person = Person(keys, {"type": "user", "arn": arn, "account": account, "unique_id": unique_id}, facts, identity, boundary)
        self.people.append(person)
        self.by_arn[arn] = tags or {}
        return person

    def role(self, account, name, principal, path="/"):
        trust = trust_of(principal)
        made = self.iam(account, "CreateRole", RoleName=name, Path=path, AssumeRolePolicyDocument=json.dumps(trust),
                        MaxSessionDuration=DURATION, **tags_of({"Owner": "payments"}))
        role = Role(account, path[1:] + name, trust, {"Owner": "payments"})
        role.id, role.plain_name = made.element("RoleId"), name
        self.by_arn[role.arn] = role.tags
        self.iam(account, "PutRolePolicy", RoleName=name, PolicyName="p", PolicyDocument=json.dumps(ALLOW_ALL))
        self.roles.append(role)
        return role

    def session(self, caller, role, name, session=(), tags=None):
        parameters = {"RoleArn": role.arn, "RoleSessionName": name, "DurationSeconds": DURATION, **tags_of(tags)}
        for policy, document in session:
            parameters |= {"PolicyArns.member.1.arn": policy} if policy else {"Policy": json.dumps(document)}
        said = self.line.must(self.line.query(caller.keys, "sts", "AssumeRole", parameters), "AssumeRole")
        account = role.account
        facts = {"aws:PrincipalType": ["AssumedRole"], "aws:userid": [f"{role.id}:{name}"], "aws:MultiFactorAuthPresent": ["false"],
                 "aws:TokenIssueTime": ["2026-01-01T00:00:00Z"], "aws:PrincipalTag/Owner": ["payments"]}
        facts |= {f"aws:PrincipalTag/{key}": [value] for key, value in (tags or {}).items()}
        self.people.append(Person(Keys.of(said), {
            "type": "role-session", "arn": f"arn:aws:sts::{account}:assumed-role/{role.plain_name}/{name}", "account": account,
            "unique_id": f"{role.id}:{name}", "role_arn": role.arn}, facts, [(None, ALLOW_ALL)], None, session))


def tags_of(tags):
    return {f"Tags.member.{number}.{part}": text for number, tag in enumerate((tags or {}).items(), 1)
            for part, text in zip(("Key", "Value"), tag)}


def trust_of(principal, condition=None):
    statement = {"Effect": "Allow", "Principal": principal, "Action": ACTIONS}
    return {"Version": "2012-10-17", "Statement": [{**statement, "Condition": condition} if condition else statement]}
