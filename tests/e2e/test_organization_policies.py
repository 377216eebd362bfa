"""Decides each request of tests/wire/organizations.json over the wire: members of an organization, their neighbours of another one
and an outsider, under SCPs and RCPs over units, each refusal in AWS's words."""
import json
import re

import pytest

from conftest import Cloud, Keys
from deputy import ROOT, Server
from line import Line, Said

TABLE = json.loads((ROOT / "tests/wire/organizations.json").read_text())
CASES, POLICIES, ASKS = TABLE["cases"], TABLE["policies"], TABLE["asks"]
FIELDS = {"name", "rule", "as", "ask", "on", "of", "with", "region", "attached", "detached", "disabled", "allowed", "refused", "message", "action", "resource"}
TYPES = {"scp": "SERVICE_CONTROL_POLICY", "rcp": "RESOURCE_CONTROL_POLICY"}
EVERYTHING = {"scp": "p-FullAWSAccess", "rcp": "p-RCPFullAWSAccess"}
ACCOUNTS = {"management": "111111111111", "ledger": "222222222222", "shop": "333333333333", "lab": "444444444444", "hub": "555555555555",
            "foreign management": "666666666666", "foreign": "777777777777", "outsider": "888888888888"}
UNITS = {"Workloads": "Root", "Production": "Workloads", "Payments": "Production", "Ledger": "Payments", "Books": "Ledger",
         "Shop": "Production", "Sandbox": "Root", "Vault": "Foreign root"}
HOMES = {"ledger": "Books", "shop": "Shop", "lab": "Sandbox", "foreign": "Vault"}  # hub stays in the root
MANAGES = {"Root": "management", "Foreign root": "foreign management"}
ASSUME = ["sts:AssumeRole", "sts:TagSession", "sts:SetSourceIdentity"]
SERVICE_LINKED = "support.amazonaws.com"


def policy(*statements):
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


def allow(action, **more):
    return {"Effect": "Allow", "Action": action, "Resource": "*", **more}


def deny(action, **more):
    return allow(action, **more) | {"Effect": "Deny"}


def kind_of(name):
    """Of a policy of the table: scp or rcp."""
    return next(iter(POLICIES[name]))


def by_default(key):
    """What is attached before anybody attaches anything."""
    return key[2] in EVERYTHING.values()


class World:
    """Two organizations, an outsider, and in each account somebody of every kind, roles and a bucket to ask for."""

    def __init__(self, server):
        self.server, self.line = server, Line(server.port)
        cloud = Cloud.__new__(Cloud)
        cloud.server = server
        self.root, self.callers, self.names = {}, {}, {f"<{name}>": account for name, account in ACCOUNTS.items()}
        for name, account in ACCOUNTS.items():
            server.create_account(account, name, name.replace(" ", "-"))
            self.root[name] = cloud.profile(name.replace(" ", "-"))
        self.places, self.attached, self.made, self.off = {}, {}, {}, set()
        for root, management in MANAGES.items():
            self.organize(root, management)
        for name in ACCOUNTS:
            self.furnish(name)
        self.furnish_ledger()
        self.names["<hop>"] = self.arn_of_role("ledger", "Deployer")

    # --- what is there ------------------------------------------------------------------------------------------------

    def ask_organizations(self, root, operation, **parameters):
        return self.line.organizations(self.root[MANAGES[root]], operation, **parameters)

    def root_of(self, place):
        """The root that an account or a unit is under."""
        while place not in MANAGES:
            place = UNITS.get(place) or HOMES.get(place) or ("Foreign root" if place.startswith("foreign") else "Root")
        return place

    def organize(self, root, management):
        made = self.ask_organizations(root, "CreateOrganization")["Organization"]
        self.names["<foreign org>" if management.startswith("foreign") else "<org>"] = made["Id"]
        self.places[root] = self.ask_organizations(root, "ListRoots")["Roots"][0]["Id"]
        for unit in (unit for unit in UNITS if self.root_of(unit) == root):
            made = self.ask_organizations(root, "CreateOrganizationalUnit", ParentId=self.places[UNITS[unit]], Name=unit)
            self.places[unit] = made["OrganizationalUnit"]["Id"]
        for name in (name for name in ACCOUNTS if name != "outsider" and name not in MANAGES.values() and self.root_of(name) == root):
            invited = self.ask_organizations(root, "InviteAccountToOrganization", Target={"Id": ACCOUNTS[name], "Type": "ACCOUNT"})
            self.line.organizations(self.root[name], "AcceptHandshake", HandshakeId=invited["Handshake"]["Id"])
            if name in HOMES:
                self.ask_organizations(root, "MoveAccount", AccountId=ACCOUNTS[name], SourceParentId=self.places[root],
                                       DestinationParentId=self.places[HOMES[name]])
            self.places[name] = ACCOUNTS[name]
        self.places[management] = ACCOUNTS[management]
        for kind in TYPES.values():
            self.ask_organizations(root, "EnablePolicyType", RootId=self.places[root], PolicyType=kind)
        self.names |= {f"<{place}>": place_id for place, place_id in self.places.items() if place not in ACCOUNTS}
        if root == "Root":
            self.ask_organizations(root, "EnableAWSServiceAccess", ServicePrincipal="sso.amazonaws.com")
            self.ask_organizations(root, "RegisterDelegatedAdministrator", AccountId=ACCOUNTS["hub"], ServicePrincipal="sso.amazonaws.com")

    def iam(self, account, action, **parameters):
        """As root, which nothing limits yet."""
        return self.line.must(self.line.query(self.root[account], "iam", action, parameters), action)

    def user(self, account, name, inline=None, managed=None, boundary=None, path="/"):
        arn = f"arn:aws:iam::{ACCOUNTS[account]}:user{path}{name}"
        self.iam(account, "CreateUser", UserName=name, Path=path, **{"Tags.member.1.Key": "Team", "Tags.member.1.Value": "blue"},
                 **({"PermissionsBoundary": boundary} if boundary else {}))
        if inline:
            self.iam(account, "PutUserPolicy", UserName=name, PolicyName="p", PolicyDocument=inline)
        if managed:
            self.iam(account, "AttachUserPolicy", UserName=name, PolicyArn=managed)
        made = self.iam(account, "CreateAccessKey", UserName=name)
        return Keys(made.element("AccessKeyId"), made.element("SecretAccessKey")), arn

    def managed(self, account, name, *statements):
        arn = self.iam(account, "CreatePolicy", PolicyName=name, PolicyDocument=policy(*statements)).element("Arn")
        self.names[f"<{name}>"] = arn
        return arn

    def arn_of_role(self, account, name):
        return f"arn:aws:iam::{ACCOUNTS[account]}:role/{'ci/' if name in ('Deployer', 'Admin') else ''}{name}"

    def role(self, account, name, principal, may=None):
        trust = policy({"Effect": "Allow", "Principal": principal, "Action": ASSUME})
        path = "/ci/" if "/ci/" in self.arn_of_role(account, name) else "/"
        self.iam(account, "CreateRole", RoleName=name, Path=path, AssumeRolePolicyDocument=trust,
                 **{"Tags.member.1.Key": "Owner", "Tags.member.1.Value": "payments"})
        if may:
            self.iam(account, "PutRolePolicy", RoleName=name, PolicyName="p", PolicyDocument=may)

    def session(self, keys, account, role, name, **parameters):
        said = self.line.must(self.line.query(keys, "sts", "AssumeRole", {
            "RoleArn": self.arn_of_role(account, role), "RoleSessionName": name, **parameters}))
        return self.keys_of(said), f"arn:aws:sts::{ACCOUNTS[account]}:assumed-role/{role}/{name}"

    @staticmethod
    def keys_of(said):
        return Keys(*(said.element(name) for name in ("AccessKeyId", "SecretAccessKey", "SessionToken")))

    def furnish(self, account):
        self.callers[f"root of {account}"] = self.root[account], f"arn:aws:iam::{ACCOUNTS[account]}:root"
        dana = self.callers[f"user of {account}"] = self.user(account, "dana", policy(allow("*")), path="/team/")
        self.user(account, "target")
        everybody = {"AWS": list(ACCOUNTS.values())}
        self.role(account, "Deployer", everybody, policy(allow("*")))
        self.role(account, "Admin", everybody, policy(allow("*")))
        self.role(account, "Trusting", everybody, policy(allow("*")))
        self.role(account, "Open", {"AWS": "*"})
        self.role(account, "Closed", {"Service": "lambda.amazonaws.com"})
        for role, kind in (("Deployer", "role session"), ("Admin", "admin session")):
            self.callers[f"{kind} of {account}"] = self.session(dana[0], account, role, "build")
        self.line.must(self.line.s3(self.root[account], "PUT", f"/bucket-of-{account.replace(' ', '-')}"), "CreateBucket")

    def furnish_ledger(self):
        """Callers of which one account is enough."""
        account, dana = "ledger", self.callers["user of ledger"][0]
        holds_back = [allow("*"), deny("iam:ListRoles")]
        identity = self.managed(account, "HoldsBack", *holds_back)
        boundary = self.managed(account, "Bounds", *holds_back)
        session = self.managed(account, "Narrows", *holds_back)
        everything = policy(allow("*"))
        self.iam(account, "CreateGroup", GroupName="readers")
        self.iam(account, "AttachGroupPolicy", GroupName="readers", PolicyArn=identity)
        users = {"plain user": ("plain",), "denied user": ("denied", None, identity), "denied inline": ("inline", policy(*holds_back)),
                 "bounded user": ("bounded", everything, None, boundary), "member of a group": ("grouped",)}
        for name, made in users.items():
            self.callers[f"{name} of ledger"] = self.user(account, *made)
        self.iam(account, "AddUserToGroup", GroupName="readers", UserName="grouped")
        line = self.line
        self.callers["user session of ledger"] = self.keys_of(line.query(dana, "sts", "GetSessionToken", {})), self.callers["user of ledger"][1]
        self.callers["federated user of ledger"] = (self.keys_of(line.query(dana, "sts", "GetFederationToken", {"Name": "bob", "Policy": everything})),
                                                    f"arn:aws:sts::{ACCOUNTS[account]}:federated-user/bob")
        self.callers["narrowed session of ledger"] = self.session(dana, account, "Deployer", "inline", Policy=policy(*holds_back))
        self.callers["managed session of ledger"] = self.session(dana, account, "Deployer", "managed", **{"PolicyArns.member.1.arn": session})
        self.callers["tagged session of ledger"] = self.session(
            dana, account, "Deployer", "tagged", **{"Tags.member.1.Key": "Team", "Tags.member.1.Value": "red"})
        self.callers["ledger in shop"] = self.session(dana, "shop", "Trusting", "visit")
        self.callers["outsider in shop"] = self.session(self.callers["user of outsider"][0], "shop", "Trusting", "outside")
        said = self.iam(account, "CreateServiceLinkedRole", AWSServiceName=SERVICE_LINKED)
        printed = self.as_service(SERVICE_LINKED, said.element("Arn"), "--print-credentials", "--output", "json")
        self.callers["service-linked session of ledger"] = Keys.of(json.loads(printed.stdout)), None
        self.service_linked_role = said.element("Arn")

    def as_service(self, service, role, *options):
        return self.server.run("as-service", service, "--role", role, "--data", self.server.data, *options, check=False)

    # --- the policies of a case ---------------------------------------------------------------------------------------

    def fill(self, text, own=()):
        for name, value in {**self.names, **dict(own)}.items():
            text = text.replace(name, value)
        return text

    def made_policy(self, root, name):
        """Id and ARN of a policy of the table in one of the organizations."""
        if (root, name) not in self.made:
            (kind, statements), = POLICIES[name].items()
            content = self.fill(policy(*(statements if isinstance(statements, list) else [statements])))
            said = self.ask_organizations(root, "CreatePolicy", Name=name, Description="", Type=TYPES[kind], Content=content)
            summary = said["Policy"]["PolicySummary"]
            self.made[root, name] = summary["Id"], summary["Arn"]
        return self.made[root, name]

    def arrange(self, case):
        """Attaches what the case wants and the last one did not, then takes away what this one does not want; and what the names of
        policies stand for in its refusal."""
        for root, kind in self.off - {("Root", kind) for kind in case.get("disabled", ())}:
            self.ask_organizations(root, "EnablePolicyType", RootId=self.places[root], PolicyType=TYPES[kind])
        self.off = set()
        wanted, own = {}, {}
        for name, places in case.get("attached", {}).items():
            for place in [places] if isinstance(places, str) else places:
                made = self.made_policy(self.root_of(place), name)
                wanted[kind_of(name), place, made[0]] = True
                own[f"<{name}>"] = made[1]
        for place in case.get("detached", ()):
            wanted["scp", place, EVERYTHING["scp"]] = False
        for attach in (True, False):
            for key in [key for key in {**self.attached, **wanted} if wanted.get(key, by_default(key)) == attach
                        and self.attached.get(key, by_default(key)) != attach]:
                _, place, made = key
                self.ask_organizations(self.root_of(place), "AttachPolicy" if attach else "DetachPolicy",
                                       PolicyId=made, TargetId=self.places[place])
                self.attached[key] = attach
        for kind in case.get("disabled", ()):
            self.ask_organizations("Root", "DisablePolicyType", RootId=self.places["Root"], PolicyType=TYPES[kind])
            self.off.add(("Root", kind))
            self.attached = {key: attached for key, attached in self.attached.items() if (self.root_of(key[1]), key[0]) != ("Root", kind)}
        return own

    # --- the request --------------------------------------------------------------------------------------------------

    def ask(self, case):
        """What was answered, the principal's ARN, and the resource's as the refusal names it ("" for none)."""
        keys, arn = self.callers.get(case["as"], (None, case["as"]))
        account = case.get("of") or case["as"].rpartition(" of ")[2].rpartition(" in ")[2]
        ask = ASKS[case["ask"]]
        names = {"<account>": ACCOUNTS[account], "<account name>": account.replace(" ", "-")}
        if "on" in case:
            names["<role>"] = self.service_linked_role if case["on"] == "service-linked" else self.arn_of_role(account, case["on"])
        resource = self.fill(case.get("resource", ask["resource"]), names)
        if keys is None:
            done = self.as_service(case["as"], resource, "--print-credentials")
            code, message = re.fullmatch(r"deputy: An error occurred \((\w+)\) when calling the AssumeRole operation: (.*)\n", done.stderr
                                         ).groups() if done.returncode else ("", "")
            return Said(403 if done.returncode else 200, f"<Code>{code}</Code><Message>{message}</Message>"), arn, resource
        parameters = {name: self.fill(value, names) for name, value in {**ask.get("parameters", {}), **case.get("with", {})}.items()}
        service, _, action = case["ask"].partition(":")
        region = case.get("region", "us-east-1")
        if service == "organizations":
            said = self.line.json(keys, action, parameters, region)
        elif service == "s3":
            said = self.line.s3(keys, "GET", self.fill(ask["path"], names), ask.get("query", ""), region=region)
            resource = resource if resource == "*" else f'"{resource}"'
        else:
            said = self.line.query(keys, service, action, parameters, region)
        return said, arn, resource


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    server = Server(tmp_path_factory.mktemp("guardrails")).start()
    yield World(server)
    server.stop()


def test_the_table_is_large_and_its_names_differ():
    assert len(CASES) >= 150
    assert len({case["name"] for case in CASES}) == len(CASES)
    for case in CASES:
        assert not case.keys() - FIELDS, f"{case['name']}: unknown fields {case.keys() - FIELDS}"
        assert len(case.keys() & {"allowed", "refused", "message"}) == 1, case["name"]
    used = {name for case in CASES for name in case.get("attached", ())}
    assert used == POLICIES.keys(), "policies that no case attaches"


def sentence(arn, action, resource, reason):
    where = f" on resource: {resource}" if resource != "*" or action.startswith("iam:") else ""  # [D-3]
    return f"User: {arn} is not authorized to perform: {action}{where}" + (f" {reason}" if reason else "")


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_request(world, case):
    own = world.arrange(case)
    said, arn, resource = world.ask(case)
    action = case.get("action", case["ask"])
    if case.get("allowed"):
        assert said.ok, said
        return
    wanted = world.fill(case["message"], own) if "message" in case else sentence(arn, action, resource, world.fill(case["refused"], own))
    organizations = case["ask"].startswith("organizations:")
    assert (said.status, said.code) == ((400, "AccessDeniedException") if organizations else (403, "AccessDenied")), said
    assert said.message == wanted
