"""Many at once move accounts, make and delete units and policies, attach, detach, and switch types on and off: afterwards nothing
dangles, and a server that was killed says the same as before."""
import random
import threading

import pytest

import guide
from conftest import ACCOUNT_A, ACCOUNT_B, Cloud
from line import Line

TYPES = {"SERVICE_CONTROL_POLICY": "p-FullAWSAccess", "RESOURCE_CONTROL_POLICY": "p-RCPFullAWSAccess"}
MEMBERS = [ACCOUNT_B, "333333333333", "444444444444", "555555555555"]
THREADS, STEPS = 12, 60
# What each operation may answer to those who come too late.
LATE = {"MoveAccount": {"AccountNotFoundException", "DestinationParentNotFoundException", "SourceParentNotFoundException", "DuplicateAccountException"},
        "CreateOrganizationalUnit": {"ParentNotFoundException", "ConstraintViolationException"},
        "DeleteOrganizationalUnit": {"OrganizationalUnitNotFoundException", "OrganizationalUnitNotEmptyException"},
        "CreatePolicy": set(), "DeletePolicy": {"PolicyNotFoundException", "PolicyInUseException"},
        "UpdatePolicy": {"PolicyNotFoundException"},
        "AttachPolicy": {"PolicyNotFoundException", "TargetNotFoundException", "PolicyTypeNotEnabledException",
                         "DuplicatePolicyAttachmentException", "ConstraintViolationException"},
        "DetachPolicy": {"PolicyNotFoundException", "TargetNotFoundException", "PolicyNotAttachedException", "PolicyTypeNotEnabledException",
                         "ConstraintViolationException"},
        "EnablePolicyType": {"PolicyTypeAlreadyEnabledException"}, "DisablePolicyType": {"PolicyTypeNotEnabledException"}}
# Each SCP allows all that the member asks for, so that it may, whichever are attached.
CONTENTS = {"SERVICE_CONTROL_POLICY": guide.policy("Allow", "*", "*"),
            "RESOURCE_CONTROL_POLICY": guide.policy("Deny", "s3:GetObject", "*", Principal="*")}
CONFLICT = "ConcurrentModificationException"  # any write may be told to come again


class Crowd:
    """What the threads know of the organization, right or wrong by now."""

    def __init__(self, server, cloud):
        self.server, self.keys, self.member = server, cloud.a, cloud.b
        line = Line(server.port)
        line.organizations(self.keys, "CreateOrganization")
        self.root = line.organizations(self.keys, "ListRoots")["Roots"][0]["Id"]
        for account in MEMBERS:
            keys = cloud.b
            if account != ACCOUNT_B:
                server.create_account(account, f"Member {account[0]}", f"member-{account[0]}")
                keys = cloud.profile(f"member-{account[0]}")
            made = line.organizations(self.keys, "InviteAccountToOrganization", Target={"Id": account, "Type": "ACCOUNT"})
            line.organizations(keys, "AcceptHandshake", HandshakeId=made["Handshake"]["Id"])
        for kind in TYPES:
            line.organizations(self.keys, "EnablePolicyType", RootId=self.root, PolicyType=kind)
        self.places, self.policies, self.wrong, self.done = [self.root], list(TYPES.values()), [], {}

    def step(self, line, dice):
        place, policy, account = dice.choice(self.places), dice.choice(self.policies), dice.choice([ACCOUNT_A, *MEMBERS])
        what = dice.choice(["MoveAccount"] * 4 + ["CreateOrganizationalUnit"] * 3 + ["DeleteOrganizationalUnit"] * 2
                           + ["CreatePolicy", "DeletePolicy", "UpdatePolicy"] + ["AttachPolicy"] * 5 + ["DetachPolicy"] * 4 + ["switch"])
        target = dice.choice([place, account])
        parameters = {"CreateOrganizationalUnit": {"ParentId": place, "Name": f"u{dice.random()}"}, "DeletePolicy": {"PolicyId": policy},
                      "DeleteOrganizationalUnit": {"OrganizationalUnitId": place},
                      "AttachPolicy": {"PolicyId": policy, "TargetId": target}, "DetachPolicy": {"PolicyId": policy, "TargetId": target}}
        if what == "switch":
            what = dice.choice(["EnablePolicyType", "EnablePolicyType", "DisablePolicyType"])
            parameters[what] = {"RootId": self.root, "PolicyType": dice.choice(list(TYPES))}
        elif what == "MoveAccount":
            parents = line.organizations(self.keys, "ListParents", ChildId=account)["Parents"]
            assert len(parents) == 1, parents
            parameters[what] = {"AccountId": account, "SourceParentId": parents[0]["Id"], "DestinationParentId": place}
        elif what in ("CreatePolicy", "UpdatePolicy"):
            kind = dice.choice(list(TYPES))
            parameters["CreatePolicy"] = {"Name": f"p{dice.random()}", "Description": "", "Type": kind, "Content": CONTENTS[kind]}
            parameters["UpdatePolicy"] = {"PolicyId": policy, "Name": f"p{dice.random()}"}
        elif what == "DetachPolicy":
            attached = line.json(self.keys, "ListPoliciesForTarget", {"TargetId": target, "Filter": dice.choice(list(TYPES))})
            left = [found["Id"] for found in attached.body["Policies"] if found["Id"] != "p-RCPFullAWSAccess"] if attached.ok else []
            parameters[what]["PolicyId"] = policy = dice.choice(left or self.policies)
        own = (what == "DeleteOrganizationalUnit" and place == self.root
               or what in ("DeletePolicy", "UpdatePolicy") and policy in TYPES.values()
               or what == "DetachPolicy" and policy == "p-RCPFullAWSAccess")
        if own:
            return  # refused for other reasons
        said = line.json(self.keys, what, parameters[what])
        if said.ok:
            self.done[what] = self.done.get(what, 0) + 1
            if what == "CreateOrganizationalUnit":
                self.places.append(said.body["OrganizationalUnit"]["Id"])
            elif what == "CreatePolicy":
                self.policies.append(said.body["Policy"]["PolicySummary"]["Id"])
        elif said.code not in LATE[what] | {CONFLICT}:
            self.wrong.append(f"{what} {parameters[what]}: {said}")

    def run(self, number):
        try:
            line, dice = Line(self.server.port), random.Random(number)
            for _ in range(STEPS):
                self.step(line, dice)
            line.close()
        except Exception as problem:
            self.wrong.append(repr(problem))

    def ask_as_member(self, stop):
        """A member's requests are decided all the while, by one state or another."""
        try:
            line = Line(self.server.port)
            while not stop.is_set():
                said = line.query(self.member, "iam", "ListUsers", {})
                if said.status != 200:  # no policy of the race denies it, and at every level there is one that allows it
                    self.wrong.append(str(said))
            line.close()
        except Exception as problem:
            self.wrong.append(repr(problem))


class View:
    """Everything that the organization says about itself."""

    def __init__(self, server, keys, root):
        self.line, self.keys, self.root = Line(server.port), keys, root
        roots = self.all("ListRoots", "Roots")
        self.on = {kind["Type"] for kind in roots[0]["PolicyTypes"]}
        self.units, self.parents, self.names = {}, {}, {root: roots[0]["Arn"]}
        self.walk(root)
        self.policies = {kind: {policy["Id"]: policy for policy in self.all("ListPolicies", "Policies", Filter=kind)} for kind in TYPES}
        self.by_target = {(target, policy["Id"]) for target in self.names for kind in TYPES
                          for policy in self.all("ListPoliciesForTarget", "Policies", TargetId=target, Filter=kind)}
        self.by_policy = {(target["TargetId"], policy) for policies in self.policies.values() for policy in policies
                          for target in self.all("ListTargetsForPolicy", "Targets", PolicyId=policy)}
        self.line.close()

    def all(self, operation, member, **parameters):
        found, token = [], {}
        while True:
            said = self.line.organizations(self.keys, operation, **parameters, **token)
            found += said[member]
            if "NextToken" not in said:
                return found
            token = {"NextToken": said["NextToken"]}

    def walk(self, place, path=()):
        for account in self.all("ListAccountsForParent", "Accounts", ParentId=place):
            self.found(account, place)
        for unit in self.all("ListOrganizationalUnitsForParent", "OrganizationalUnits", ParentId=place):
            self.found(unit, place)
            assert self.line.organizations(self.keys, "DescribeOrganizationalUnit",
                                           OrganizationalUnitId=unit["Id"])["OrganizationalUnit"] == unit
            self.units[unit["Id"]] = unit
            assert len(path) < 5, path
            self.walk(unit["Id"], (*path, unit["Id"]))
        children = {child["Id"] for kind in ("ACCOUNT", "ORGANIZATIONAL_UNIT")
                    for child in self.all("ListChildren", "Children", ParentId=place, ChildType=kind)}
        assert children == {child for child, parent in self.parents.items() if parent == place}

    def found(self, thing, place):
        assert thing["Id"] not in self.parents, f"{thing['Id']} is in {self.parents[thing['Id']]} and in {place}"
        self.parents[thing["Id"]], self.names[thing["Id"]] = place, thing["Arn"]
        parent, = self.all("ListParents", "Parents", ChildId=thing["Id"])
        assert parent["Id"] == place

    def check(self):
        assert {child for child in self.parents if child.isdigit()} == {ACCOUNT_A, *MEMBERS}
        assert {account["Id"] for account in self.all("ListAccounts", "Accounts")} == {ACCOUNT_A, *MEMBERS}
        assert self.by_target == self.by_policy
        for kind, everything in TYPES.items():
            assert everything in self.policies[kind]
            attached = {target for target, policy in self.by_target if policy in self.policies[kind]}
            assert attached == (self.names.keys() if kind in self.on else set()), f"{kind} {'on' if kind in self.on else 'off'}"
        if "RESOURCE_CONTROL_POLICY" in self.on:
            assert {target for target, policy in self.by_target if policy == "p-RCPFullAWSAccess"} == self.names.keys()
        known = {policy for policies in self.policies.values() for policy in policies}
        assert {policy for _, policy in self.by_target} <= known

    def state(self):
        return self.on, self.units, self.parents, self.names, self.policies, self.by_target


@pytest.mark.parametrize("round_number", range(2))
def test_nothing_dangles(server, round_number):
    cloud = Cloud(server.start())
    crowd = Crowd(server, cloud)
    stop = threading.Event()
    member = threading.Thread(target=crowd.ask_as_member, args=(stop,))
    threads = [threading.Thread(target=crowd.run, args=(round_number * THREADS + number,)) for number in range(THREADS)]
    for thread in (member, *threads):
        thread.start()
    for thread in threads:
        thread.join()
    stop.set()
    member.join()
    assert not crowd.wrong, "\n".join(crowd.wrong[:10])
    assert LATE.keys() - {"DeletePolicy"} <= crowd.done.keys(), crowd.done
    before = View(server, cloud.a, crowd.root)
    before.check()
    server.kill()
    server.start()
    after = View(server, cloud.a, crowd.root)
    after.check()
    assert after.state() == before.state()


def test_of_many_that_take_the_last_policy_away_one_stays(server):
    """At every target at least one SCP is attached, whoever is first."""
    cloud = Cloud(server.start())
    line = Line(server.port)
    line.organizations(cloud.a, "CreateOrganization")
    root = line.organizations(cloud.a, "ListRoots")["Roots"][0]["Id"]
    line.organizations(cloud.a, "EnablePolicyType", RootId=root, PolicyType="SERVICE_CONTROL_POLICY")
    own = line.organizations(cloud.a, "CreatePolicy", Name="own", Description="", Type="SERVICE_CONTROL_POLICY",
                             Content=guide.policy("Allow", "*", "*"))["Policy"]["PolicySummary"]["Id"]
    for _ in range(20):
        line.json(cloud.a, "AttachPolicy", {"PolicyId": own, "TargetId": root})
        line.json(cloud.a, "AttachPolicy", {"PolicyId": "p-FullAWSAccess", "TargetId": root})
        said = []

        def detach(policy):
            said.append(Line(server.port).json(cloud.a, "DetachPolicy", {"PolicyId": policy, "TargetId": root}))
        threads = [threading.Thread(target=detach, args=(policy,)) for policy in (own, "p-FullAWSAccess")]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        left = line.organizations(cloud.a, "ListPoliciesForTarget", TargetId=root, Filter="SERVICE_CONTROL_POLICY")["Policies"]
        assert len(left) == 2 - sum(answer.ok for answer in said) >= 1, said
        assert all(answer.ok or answer.code in ("ConstraintViolationException", CONFLICT) for answer in said), said
