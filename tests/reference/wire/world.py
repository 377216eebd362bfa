"""What the organizations of a server look like, changed at random through its API, and what it must answer."""

import json

from wire import drawn
from wire.cast import ALLOW_ALL, MANAGERS, MEMBERS, trust_of

TYPES = {"scp": "SERVICE_CONTROL_POLICY", "rcp": "RESOURCE_CONTROL_POLICY"}
EVERYTHING = {"scp": "p-FullAWSAccess", "rcp": "p-RCPFullAWSAccess"}
ALLOW_EVERYBODY = {"Version": "2012-10-17", "Statement": [{**ALLOW_ALL["Statement"][0], "Principal": "*"}]}
MOST_ATTACHED = {"scp": 10, "rcp": 5}
DEEPEST = 5
MOST_UNITS = 12


class Node:
    """A root, a unit or an account."""

    def __init__(self, node_id, parent):
        self.id, self.parent = node_id, parent
        self.attached = {kind: {everything} for kind, everything in EVERYTHING.items()}

    def up(self):
        """From the root down to this one."""
        return [*(self.parent.up() if self.parent else []), self]

    @property
    def depth(self):
        return len(self.up()) - 1


class Organization:
    def __init__(self, cast, manager):
        self.cast, self.manager, self.waiting = cast, manager, []
        self.id = self.ask("CreateOrganization")["Organization"]["Id"]
        self.root = Node(self.ask("ListRoots")["Roots"][0]["Id"], None)
        self.units, self.accounts = [], {manager: Node(manager, self.root)}
        for account in (account for account, by in MEMBERS.items() if by == manager):
            handshake = self.ask("InviteAccountToOrganization", Target={"Id": account, "Type": "ACCOUNT"})["Handshake"]
            cast.line.organizations(cast.roots[account], "AcceptHandshake", HandshakeId=handshake["Id"])
            self.accounts[account] = Node(account, self.root)
        self.on = set()
        for kind in TYPES:
            self.switch(kind, True)
        self.documents = {EVERYTHING["scp"]: ALLOW_ALL, EVERYTHING["rcp"]: ALLOW_EVERYBODY}
        self.arns, self.pool = {}, {kind: [] for kind in TYPES}

    def ask(self, operation, **parameters):
        return self.cast.line.organizations(self.cast.roots[self.manager], operation, **parameters)

    def later(self, operation, **parameters):
        """What has to succeed, in any order, before `settle` comes back."""
        self.waiting.append((operation, parameters))

    def settle(self):
        keys, waiting, self.waiting = self.cast.roots[self.manager], self.waiting, []
        said = self.cast.line.together([lambda line, one=one: line.json(keys, *one) for one in waiting])
        for (operation, parameters), answer in zip(waiting, said):
            self.cast.line.must(answer, f"{operation} {parameters}")

    def nodes(self):
        return [self.root, *self.units, *self.accounts.values()]

    def path(self, account):
        """As aws:PrincipalOrgPaths has it: of the account's parent. [O-12]"""
        return "/".join([self.id, *(node.id for node in self.accounts[account].parent.up()), ""])

    def switch(self, kind, on):
        self.ask("EnablePolicyType" if on else "DisablePolicyType", RootId=self.root.id, PolicyType=TYPES[kind])
        (self.on.add if on else self.on.discard)(kind)
        for node in self.nodes():
            node.attached[kind] = {EVERYTHING[kind]} if on else set()

    # --- changes ------------------------------------------------------------------------------------------------------

    def grow(self, dice):
        """Units come and go, accounts move."""
        for _ in range(dice.pick([0, 1, 1, 2])):
            parents = [node for node in [self.root, *self.units] if node.depth < DEEPEST]
            if len(self.units) < MOST_UNITS:
                parent = max(some_of(dice, parents, 2), key=lambda node: node.depth)
                unit = self.ask("CreateOrganizationalUnit", ParentId=parent.id, Name=f"u{dice.random()}")["OrganizationalUnit"]
                self.units.append(Node(unit["Id"], parent))
                for kind in TYPES:
                    self.units[-1].attached[kind] = {EVERYTHING[kind]} if kind in self.on else set()
        held = {node.parent for node in self.nodes()}
        empty = [unit for unit in self.units if unit not in held]
        if empty and dice.chance(0.3):
            unit = dice.pick(empty)
            self.ask("DeleteOrganizationalUnit", OrganizationalUnitId=unit.id)
            self.units.remove(unit)
        for account, node in self.accounts.items():
            to = max(some_of(dice, [self.root, *self.units], 2), key=lambda node: node.depth)
            if to is not node.parent and dice.chance(0.4):
                self.later("MoveAccount", AccountId=account, SourceParentId=node.parent.id, DestinationParentId=to.id)
                node.parent = to
        self.settle()

    def write(self, dice, facts):
        """New policies, and new contents of the old ones."""
        for kind, pool in self.pool.items():
            if len(pool) < {"scp": 8, "rcp": 6}[kind]:
                content = drawn.document(dice, facts, kind)
                said = self.ask("CreatePolicy", Name=f"{kind}{len(pool)}", Description="", Type=TYPES[kind], Content=json.dumps(content))
                summary = said["Policy"]["PolicySummary"]
                pool.append(summary["Id"])
                self.documents[summary["Id"]], self.arns[summary["Id"]] = content, summary["Arn"]
            for policy in pool:
                if dice.chance(0.5):
                    self.documents[policy] = drawn.document(dice, facts, kind)
                    self.later("UpdatePolicy", PolicyId=policy, Content=json.dumps(self.documents[policy]))
        self.settle()

    def attach(self, dice):
        if dice.chance(0.04):
            kind = dice.pick(list(TYPES))
            self.switch(kind, kind not in self.on)
        redrawn = [(kind, node) for kind in sorted(self.on) for node in self.nodes() if dice.chance(0.5)]
        unwanted = []
        for kind, node in redrawn:
            wanted, attached = self.wanted(dice, kind, node), node.attached[kind]
            for policy in sorted(wanted - attached)[:MOST_ATTACHED[kind] - len(attached)]:
                self.later("AttachPolicy", PolicyId=policy, TargetId=node.id)
                attached.add(policy)
            unwanted += [(attached, node, policy) for policy in sorted(attached - wanted)]
        self.settle()
        for attached, node, policy in unwanted:
            if len(attached) > 1:
                self.later("DetachPolicy", PolicyId=policy, TargetId=node.id)
                attached.discard(policy)
        self.settle()

    def wanted(self, dice, kind, node):
        """What is to be attached to a root, unit or account."""
        wanted = {EVERYTHING[kind]} if kind == "rcp" or dice.chance(0.85) else set()
        share = 0.05 if node is not self.root else 0.12
        wanted |= {policy for policy in self.pool[kind] if dice.chance(share)}
        if kind == "scp" and not wanted:
            allows = [policy for policy in self.pool["scp"] if any(s["Effect"] == "Allow" for s in self.documents[policy]["Statement"])]
            wanted = {dice.pick(allows)} if allows else {EVERYTHING["scp"]}
        return wanted

    def levels(self, kind, account):
        """Of an account, as a case has them; none for the management account, and where the type is off. [O-1, O-5, O-8]"""
        if kind not in self.on or account == self.manager:
            return []
        return [sorted(node.attached[kind]) for node in self.accounts[account].up()]


def some_of(dice, items, count):
    return [dice.pick(items) for _ in range(count)]


class World:
    def __init__(self, cast):
        self.cast = cast
        self.organizations = {manager: Organization(cast, manager) for manager in MANAGERS}
        self.of = {account: self.organizations[MEMBERS.get(account, account)] for account in (*MEMBERS, *MANAGERS)}

    def change(self, dice):
        for organization in self.organizations.values():
            organization.grow(dice)
        facts = self.facts()
        for organization in self.organizations.values():
            organization.write(dice, facts)
            organization.attach(dice)
        for role in (role for role in self.cast.roles if role.plain_name == "Drawn"):
            self.retrust(role, trust_of(*drawn.trust(dice, facts)))

    def retrust(self, role, trust):
        """By the account's root user, whom the guardrails of the moment may forbid it: then the old one stays."""
        said = self.cast.line.query(self.cast.roots[role.account], "iam", "UpdateAssumeRolePolicy",
                                    {"RoleName": role.plain_name, "PolicyDocument": json.dumps(trust)})
        if said.ok:
            role.trust = trust
        elif said.code != "AccessDenied":
            raise RuntimeError(f"{trust}: {said.text}")

    def facts(self):
        return drawn.Facts([organization.id for organization in self.organizations.values()],
                           [self.of[account].path(account) for account in self.of])
