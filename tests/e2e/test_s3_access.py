"""Decides each request of tests/wire/s3-access.json over the wire: who may touch a bucket, by identity, by its policy, by its access
control list under every ownership, and by what S3 Block Public Access leaves of them, inside and outside of its account."""
import json
import re

import pytest

from conftest import Cloud, Keys
from deputy import ROOT, Server
from line import Line

TABLE = json.loads((ROOT / "tests/wire/s3-access.json").read_text())
CASES, POLICIES, ASKS = TABLE["cases"], TABLE["policies"], TABLE["asks"]
FIELDS = {"name", "rule", "as", "ask", "path", "query", "headers", "put", "policy", "acl", "ownership", "block", "account_block",
          "allowed", "refused", "message", "status", "code", "shows"}
FLAGS = {"BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets"}
ACCOUNTS = {"owner": "111111111111", "friend": "222222222222", "sister": "333333333333", "head": "444444444444"}
GROUPS = {"AllUsers": "global/AllUsers", "AuthenticatedUsers": "global/AuthenticatedUsers", "LogDelivery": "s3/LogDelivery"}
INSTANCE = 'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
EVERYTHING = {"Effect": "Allow", "Action": "*", "Resource": "*"}


def policy(*statements):
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


class World:
    """An owner with a bucket, an account beside it in its organization, and one that has nothing to do with either."""

    def __init__(self, server):
        self.line = Line(server.port)
        cloud = Cloud.__new__(Cloud)
        cloud.server = server
        self.root, self.callers, self.names = {}, {"nobody": (None, None)}, {}
        for name, account in ACCOUNTS.items():
            server.create_account(account, name, name)
            self.root[name] = cloud.profile(name)
        self.organize()
        for name in ("owner", "friend", "sister"):
            self.furnish(name)
        self.furnish_owner()
        self.names |= {f"<{name}>": account for name, account in ACCOUNTS.items()}
        self.names |= {f"<{caller}>": arn for caller, (_, arn) in self.callers.items() if arn}
        self.names |= {f"<{group}>": self.group(group) for group in GROUPS}
        for name in ("owner", "friend", "sister"):
            self.names[f"<canonical {name}>"] = self.line.must(self.line.s3(self.root[name], "GET", "/")).element("ID")
        self.own("PUT", "")

    def organize(self):
        made = self.line.organizations(self.root["head"], "CreateOrganization")["Organization"]
        self.names["<org>"] = made["Id"]
        for name in ("owner", "sister"):
            invited = self.line.organizations(self.root["head"], "InviteAccountToOrganization", Target={"Id": ACCOUNTS[name], "Type": "ACCOUNT"})
            self.line.organizations(self.root[name], "AcceptHandshake", HandshakeId=invited["Handshake"]["Id"])

    def iam(self, account, action, **parameters):
        return self.line.must(self.line.query(self.root[account], "iam", action, parameters), action)

    def user(self, account, kind, *statements, boundary=None):
        name = kind.replace(" ", "-")
        more = {}
        if boundary:
            more["PermissionsBoundary"] = self.iam(account, "CreatePolicy", PolicyName="b", PolicyDocument=policy(boundary)).element("Arn")
        self.iam(account, "CreateUser", UserName=name, **more)
        if statements:
            self.iam(account, "PutUserPolicy", UserName=name, PolicyName="p", PolicyDocument=policy(*statements))
        made = self.iam(account, "CreateAccessKey", UserName=name)
        keys = Keys(made.element("AccessKeyId"), made.element("SecretAccessKey"))
        self.callers[f"{kind} of {account}"] = keys, f"arn:aws:iam::{ACCOUNTS[account]}:user/{name}"
        return keys

    def role(self, account, name, trusted, *statements):
        trust = policy({"Effect": "Allow", "Principal": {"AWS": trusted}, "Action": "sts:AssumeRole"})
        self.iam(account, "CreateRole", RoleName=name, AssumeRolePolicyDocument=trust)
        if statements:
            self.iam(account, "PutRolePolicy", RoleName=name, PolicyName="p", PolicyDocument=policy(*statements))

    def session(self, caller, keys, account, role, **parameters):
        said = self.line.must(self.line.query(keys, "sts", "AssumeRole", {
            "RoleArn": f"arn:aws:iam::{ACCOUNTS[account]}:role/{role}", "RoleSessionName": "work", **parameters}))
        keys = Keys(*(said.element(name) for name in ("AccessKeyId", "SecretAccessKey", "SessionToken")))
        self.callers[caller] = keys, f"arn:aws:sts::{ACCOUNTS[account]}:assumed-role/{role}/work"

    def furnish(self, account):
        self.callers[f"root of {account}"] = self.root[account], f"arn:aws:iam::{ACCOUNTS[account]}:root"
        keys = self.user(account, "user", EVERYTHING)
        self.user(account, "plain user")
        self.user(account, "denied user", EVERYTHING, {"Effect": "Deny", "Action": "s3:*", "Resource": "*"})
        self.user(account, "bounded user", EVERYTHING, boundary={"Effect": "Allow", "Action": "iam:*", "Resource": "*"})
        self.role(account, "work", ACCOUNTS[account], EVERYTHING)
        self.names[f"<role of {account}>"] = f"arn:aws:iam::{ACCOUNTS[account]}:role/work"
        self.session(f"role session of {account}", keys, account, "work")

    def furnish_owner(self):
        keys = self.callers["user of owner"][0]
        self.user("owner", "reader", {"Effect": "Allow", "Action": "s3:ListBucket", "Resource": "arn:aws:s3:::logs"})
        self.role("owner", "plain", ACCOUNTS["owner"])
        self.names["<plain role of owner>"] = f"arn:aws:iam::{ACCOUNTS['owner']}:role/plain"
        self.session("plain role session of owner", keys, "owner", "plain")
        self.session("narrowed session of owner", keys, "owner", "work", Policy=policy({"Effect": "Allow", "Action": "iam:*", "Resource": "*"}))
        self.role("owner", "guests", ACCOUNTS["friend"], EVERYTHING)
        self.session("friend in owner", self.callers["user of friend"][0], "owner", "guests")

    # --- what is set on the bucket ------------------------------------------------------------------------------------

    def fill(self, text):
        for name, value in self.names.items():
            text = text.replace(name, value)
        return text

    def document(self, name):
        statements = POLICIES[name]
        return self.fill(policy(*(statements if isinstance(statements, list) else [statements])))

    @staticmethod
    def group(name):
        return f"http://acs.amazonaws.com/groups/{GROUPS[name]}"

    def own(self, method, query, body="", **headers):
        """As root of the owner, which must not be refused."""
        said = self.line.s3(self.root["owner"], method, "/logs", query, body.encode(), headers=tuple(headers.items()))
        return self.line.must(said, f"{method} {query} {body}")

    def owned_by(self, ownership):
        if ownership == "none":
            self.own("DELETE", "ownershipControls=")
        else:
            self.own("PUT", "ownershipControls=", f"<OwnershipControls><Rule><ObjectOwnership>{ownership}</ObjectOwnership></Rule></OwnershipControls>")

    def grant(self, text):
        to, permission = text.split(" ")
        kind, element, value = ("Group", "URI", self.group(to)) if to in GROUPS else ("CanonicalUser", "ID", self.names[f"<canonical {to}>"])
        return (f'<Grant><Grantee {INSTANCE} xsi:type="{kind}"><{element}>{value}</{element}></Grantee>'
                f"<Permission>{permission}</Permission></Grant>")

    @staticmethod
    def block(flags):
        return "".join(f"<{flag}>{'true' if flag in flags else 'false'}</{flag}>" for flag in sorted(FLAGS))

    def block_account(self, flags):
        path, headers = "/v20180820/configuration/publicAccessBlock", (("x-amz-account-id", ACCOUNTS["owner"]),)
        body = f"<PublicAccessBlockConfiguration>{self.block(flags)}</PublicAccessBlockConfiguration>".encode() if flags else b""
        self.line.must(self.line.s3(self.root["owner"], "PUT" if flags else "DELETE", path, "", body, headers=headers))

    def arrange(self, case):
        """The bucket as the case has it, whatever the last one left: what could refuse the next step goes first."""
        self.own("DELETE", "policy=")
        self.block_account(())
        self.own("DELETE", "publicAccessBlock=")
        self.owned_by("ObjectWriter")
        if "acl" in case:
            owner = self.names["<canonical owner>"]
            self.own("PUT", "acl=", f"<AccessControlPolicy><Owner><ID>{owner}</ID></Owner><AccessControlList>"
                     f"{''.join(map(self.grant, case['acl']))}</AccessControlList></AccessControlPolicy>")
        else:
            self.own("PUT", "acl=", **{"x-amz-acl": "private"})
        self.owned_by(case.get("ownership", "ObjectWriter" if "acl" in case else "BucketOwnerEnforced"))
        if "policy" in case:
            self.own("PUT", "policy=", self.document(case["policy"]))
        if "block" in case:
            self.own("PUT", "publicAccessBlock=", f"<PublicAccessBlockConfiguration>{self.block(case['block'])}</PublicAccessBlockConfiguration>")
        self.block_account(case.get("account_block", ()))

    def ask(self, case):
        ask = ASKS[case["ask"]]
        keys, arn = self.callers[case["as"]]
        body = self.document(case["put"]) if "put" in case else ask.get("body", "")
        headers = {name: self.fill(value) for name, value in {**ask.get("headers", {}), **case.get("headers", {})}.items()}
        method, path, query = ask.get("method", "GET"), case.get("path", "/logs"), case.get("query", ask.get("query", ""))
        if keys is None:
            return self.line.send(None, "s3", None, method, path, query, body.encode(), tuple(headers.items())), arn
        return self.line.s3(keys, method, path, query, body.encode(), headers=tuple(headers.items())), arn


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    server = Server(tmp_path_factory.mktemp("s3-access")).start()
    yield World(server)
    server.stop()


def test_the_table_is_large_and_its_names_differ():
    assert len(CASES) >= 200
    assert len({case["name"] for case in CASES}) == len(CASES)
    for case in CASES:
        assert not case.keys() - FIELDS, f"{case['name']}: unknown fields {case.keys() - FIELDS}"
        assert len(case.keys() & {"allowed", "refused", "message"}) == 1, case["name"]
        assert set(case.get("block", ())) | set(case.get("account_block", ())) <= FLAGS, case["name"]
    used = {case.get(field) for case in CASES for field in ("policy", "put")}
    assert used - {None} == POLICIES.keys(), "policies that no case has"


def sentence(case, arn):
    """How S3 says it to callers of the account and of its organization."""
    action = re.search(r"the (s3:\w+) action", case["refused"])
    action = action[1] if action else ASKS[case["ask"]].get("action", case["ask"])
    return f'User: {arn} is not authorized to perform: {action} on resource: "arn:aws:s3:::logs" {case["refused"]}'


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_request(world, case):
    world.arrange(case)
    said, arn = world.ask(case)
    if case.get("allowed"):
        assert said.ok, said
        assert {name: said.element(name) for name in case.get("shows", ())} == case.get("shows", {})
        return
    wanted = sentence(case, arn) if "refused" in case else case["message"]
    assert (said.status, said.code) == (case.get("status", 403), case.get("code", "AccessDenied")), said
    assert said.message == wanted
