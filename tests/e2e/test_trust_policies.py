"""Decides each request of tests/wire/trust-policies.json over the wire: condition keys of trust policies by kinds of
caller, present and absent, each refusal in AWS's words."""
import json
import re
import xml.etree.ElementTree as ElementTree

import pytest

import guide
from conftest import ACCOUNT_A, ACCOUNT_B, Cloud, Keys
from deputy import ROOT, Server
from sigv4 import Request, Scope, form, now, send, sign, stamp

TABLE = json.loads((ROOT / "tests/wire/trust-policies.json").read_text())
CASES, PRESENCE = TABLE["cases"], TABLE["presence"]
FIELDS = {"name", "rule", "as", "in", "principal", "actions", "if", "deny_if", "trust", "role_tags", "max_duration", "with",
          "tags", "many_tags", "many_actions", "transitive", "headers", "region", "organization", "allowed", "action", "shows", "packed",
          "status", "code", "message", "message_like"}
ACTIONS = ["sts:AssumeRole", "sts:TagSession", "sts:SetSourceIdentity"]
ARNS = {"user": f"arn:aws:iam::{ACCOUNT_A}:user/team/dana", "user session": f"arn:aws:iam::{ACCOUNT_A}:user/team/dana",
        "plain user": f"arn:aws:iam::{ACCOUNT_A}:user/plain", "user of B": f"arn:aws:iam::{ACCOUNT_B}:user/erin",
        "role session": f"arn:aws:sts::{ACCOUNT_A}:assumed-role/Deployer/build-7",
        "tagged session": f"arn:aws:sts::{ACCOUNT_A}:assumed-role/Deployer/build-8",
        "chained session": f"arn:aws:sts::{ACCOUNT_A}:assumed-role/Hop/hop-1"}


def tag_list(tags):
    return [{"Key": key, "Value": value} for key, value in tags.items()]


class World:
    """Every caller that a case may name, and a role for each trust policy that is asked for."""

    def __init__(self, server, members=""):
        cloud = Cloud(server)
        self.server, self.port = server, server.port
        self.iam = {ACCOUNT_A: cloud.client("iam", cloud.a), ACCOUNT_B: cloud.client("iam", cloud.b)}
        a, b = self.iam[ACCOUNT_A], self.iam[ACCOUNT_B]
        may = guide.policy("Allow", "sts:*", "*")

        def user(iam, name, path="/", policy=None, tags=()):
            made = iam.create_user(UserName=name, Path=path, Tags=list(tags))["User"]
            if policy:
                iam.put_user_policy(UserName=name, PolicyName="p", PolicyDocument=policy)
            return made["UserId"], Keys.of(iam.create_access_key(UserName=name)["AccessKey"])

        def role(name, tags=()):
            trust = {"Effect": "Allow", "Principal": {"AWS": ACCOUNT_A}, "Action": ACTIONS}
            made = a.create_role(RoleName=name, Path="/ci/", Tags=list(tags), AssumeRolePolicyDocument=json.dumps(
                {"Version": "2012-10-17", "Statement": [trust]}))["Role"]
            a.put_role_policy(RoleName=name, PolicyName="p", PolicyDocument=may)
            return made

        user_id, dana = user(a, "dana", "/team/", may, tag_list({"Team": "blue", "CostCenter": "42"}))
        _, plain = user(a, "plain", policy=guide.policy("Allow", "sts:AssumeRole", "*"))
        _, erin = user(b, "erin")
        deployer, hop = role("Deployer", tag_list({"Stage": "prod", "Team": "ops"})), role("Hop")
        sts = cloud.client("sts", dana)
        session = Keys.of(sts.assume_role(RoleArn=deployer["Arn"], RoleSessionName="build-7")["Credentials"])
        tagged = Keys.of(sts.assume_role(
            RoleArn=deployer["Arn"], RoleSessionName="build-8", Tags=tag_list({"Team": "red", "Project": "apollo"}),
            TransitiveTagKeys=["Project"], SourceIdentity="dana")["Credentials"])
        chained = Keys.of(cloud.client("sts", tagged).assume_role(RoleArn=hop["Arn"], RoleSessionName="hop-1")["Credentials"])
        self.callers = {
            "root": cloud.a, "user": dana, "plain user": plain, "user of B": erin, "role session": session,
            "tagged session": tagged, "chained session": chained,
            "user session": Keys.of(sts.get_session_token()["Credentials"]),
            "federated user": Keys.of(sts.get_federation_token(Name="bob", Policy=may)["Credentials"]),
            "nobody": Keys("AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY")}
        self.names = {"<user id>": user_id, "<role id>": deployer["RoleId"]} | self.organize(server, cloud, members)
        self.roles = {}

    def organize(self, server, cloud, members):
        """An organization that account 333333333333 manages, with the accounts of these letters in it."""
        if not members:
            return {}
        server.create_account("333333333333", "Management", "management")
        management = cloud.client("organizations", cloud.profile("management"))
        organization, root = management.create_organization()["Organization"]["Id"], management.list_roots()["Roots"][0]["Id"]
        for letter, account, keys in (("A", ACCOUNT_A, cloud.a), ("B", ACCOUNT_B, cloud.b)):
            if letter in members:
                handshake = management.invite_account_to_organization(Target={"Id": account, "Type": "ACCOUNT"})["Handshake"]
                cloud.client("organizations", keys).accept_handshake(HandshakeId=handshake["Id"])
        return {"<organization>": organization, "<root>": root}

    def role(self, account, statements, tags=None, max_duration=3600):
        """The ARN of a role with this trust policy; the same policy is the same role."""
        document = json.dumps({"Version": "2012-10-17", "Statement": statements})
        for name, value in self.names.items():
            document = document.replace(name, value)
        key = (account, document, str(tags), max_duration)
        if key not in self.roles:
            self.roles[key] = self.iam[account].create_role(
                RoleName=f"r{len(self.roles)}", AssumeRolePolicyDocument=document, MaxSessionDuration=max_duration,
                Tags=tag_list({"Owner": "payments"} | (tags or {})))["Role"]["Arn"]
        return self.roles[key]

    def assume(self, caller, role, parameters=None, headers=None, region="us-east-1"):
        """Status and the elements of the answer by name."""
        body = form({"Action": "AssumeRole", "Version": "2011-06-15", "RoleArn": role, "RoleSessionName": "probe"}
                    | (parameters or {}))
        request = Request("POST", headers=[("Host", f"127.0.0.1:{self.port}"),
                                           ("Content-Type", "application/x-www-form-urlencoded; charset=utf-8")]
                          + list((headers or {}).items()), body=body.encode())
        sign(request, self.callers[caller], Scope("sts", region), stamp(now(0)))
        answer = send(self.port, request)
        return answer.status, {element.tag.partition("}")[2]: element.text or ""
                               for element in ElementTree.fromstring(answer.body).iter()}


@pytest.fixture(scope="module")
def worlds(tmp_path_factory):
    """One for each organization that a case names, by the letters of its accounts."""
    made = {}

    def world(members):
        if members not in made:
            made[members] = World(Server(tmp_path_factory.mktemp("trust" + members)).start(), members)
            servers.append(made[members].server)
        return made[members]
    servers = []
    yield world
    for server in servers:
        server.stop()


def trust_of(case):
    if "trust" in case:
        return case["trust"]
    principal = case.get("principal", {"AWS": ACCOUNT_A})
    allow = {"Effect": "Allow", "Principal": principal, "Action": case.get("actions", ACTIONS)}
    if "if" in case:
        allow["Condition"] = case["if"]
    deny = {"Effect": "Deny", "Principal": {"AWS": "*"}, "Action": "sts:AssumeRole", "Condition": case.get("deny_if")}
    return [allow, deny] if "deny_if" in case else [allow]


def parameters_of(case):
    tags = case.get("tags", {})
    if "many_tags" in case:
        count, key, value = case["many_tags"]
        tags = {f"{i:0{max(key, 2)}d}": "v" * value for i in range(count)}
    parameters = dict(case.get("with", {}))
    for i, (key, value) in enumerate(tags.items(), 1):
        parameters |= {f"Tags.member.{i}.Key": key, f"Tags.member.{i}.Value": value}
    for i, key in enumerate(case.get("transitive", ()), 1):
        parameters[f"TransitiveTagKeys.member.{i}"] = key
    if "many_actions" in case:
        parameters["Policy"] = guide.policy("Allow", [f"s3:GetSomething{i}" for i in range(case["many_actions"])], "*")
    return parameters


def refusal(caller, action, role):
    return guide.not_authorized(ARNS[caller], action, role)


def test_the_table_is_large_and_its_names_differ():
    assert len(CASES) >= 120
    assert len({case["name"] for case in CASES}) == len(CASES)
    for case in CASES:
        assert not case.keys() - FIELDS, f"{case['name']}: unknown fields {case.keys() - FIELDS}"
        assert ("allowed" in case) != ("status" in case), case["name"]


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_trust_policy(worlds, case):
    world = worlds(case.get("organization", ""))
    role = world.role(case.get("in", ACCOUNT_B), trust_of(case), case.get("role_tags"), case.get("max_duration", 3600))
    status, said = world.assume(case["as"], role, parameters_of(case), case.get("headers"),
                                case.get("region", "us-east-1"))
    if case.get("allowed"):
        assert status == 200, said
        assert said["Arn"].endswith("/" + case.get("with", {}).get("RoleSessionName", "probe"))
        for name, value in case.get("shows", {}).items():
            assert said.get(name) == value, said
        if "packed" in case:
            packed = said.get("PackedPolicySize")
            least, most = case["packed"] or (None, None)
            assert packed is None if least is None else least <= int(packed) <= most, packed
        return
    wanted = case if "status" in case else {
        "status": 403, "code": "AccessDenied",
        "message": refusal(case["as"], case.get("action", "sts:AssumeRole"), role)}
    assert (status, said["Code"]) == (wanted["status"], wanted["code"]), said
    if "message_like" in wanted:
        assert re.fullmatch(wanted["message_like"], said["Message"]), said
    else:
        assert said["Message"] == wanted["message"]


@pytest.mark.parametrize("members,key", [("", key) for key in PRESENCE["keys"]]
                         + [(members, key) for members, keys in PRESENCE["in_organization"].items() for key in keys])
def test_a_key_is_there_for_whom_it_should_be(worlds, members, key):
    """Null tells presence from absence: each caller is let in by one of the two statements and refused by the other."""
    world = worlds(members)
    presence = (PRESENCE["in_organization"][members] if members else PRESENCE["keys"])[key]
    for caller, present in zip(PRESENCE["callers"], presence, strict=True):
        for absent_wanted in ("false", "true"):
            role = world.role(ACCOUNT_B, trust_of({"if": {"Null": {key: absent_wanted}}}))
            status, said = world.assume(caller, role)
            allowed = bool(present) == (absent_wanted == "false")
            assert status == (200 if allowed else 403), f"{caller}, Null {absent_wanted}: {said}"
            if not allowed:
                assert said["Message"] == refusal(caller, "sts:AssumeRole", role)
