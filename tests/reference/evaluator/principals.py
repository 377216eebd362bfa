"""Who a statement speaks of: section P.

A match has a kind (P-13): "direct", "entity" or "account". Several members of one element may match in different ways,
so the answer is a set.
"""

import re

from evaluator.documents import list_of
from evaluator.doubt import Doubt

ACCOUNT_ID = re.compile(r"[0-9]{12}")
FEDERATED_CALLS = ("web-identity", "saml")  # nobody of AWS makes these calls [T-13]


class Caller:
    """`principal` of a request, and the names by which policies may call it."""

    def __init__(self, principal):
        self.type = principal["type"]
        self.arn = principal["arn"]
        self.account = principal["account"]
        self.service = principal.get("service")
        self.role_arn = principal.get("role_arn")
        self.user_arn = principal.get("user_arn")
        unique_id = principal["unique_id"]

        self.account_names = []  # [P-3]; the ARN is of the caller's own partition
        if self.account:
            partition = self.arn.split(":")[1]
            self.account_names = [self.account, f"arn:{partition}:iam::{self.account}:root"]
        self.entity_names, self.direct_names = [], []
        if self.type == "user":
            self.direct_names = [self.arn, unique_id]  # [P-4]
        elif self.type == "role-session":
            self.direct_names = [self.arn]  # [P-6]
            self.entity_names = [self.role_arn, unique_id.split(":")[0]]  # [P-5, P-12]
        elif self.type == "federated-user":
            self.direct_names = [self.arn]  # [P-7]
            self.entity_names = [self.user_arn] if not self.made_by_root else []
        elif self.type == "root":
            self.direct_names = self.account_names  # [P-13]

    @property
    def made_by_root(self):
        return self.type == "federated-user" and self.user_arn.endswith(":root")

    @property
    def is_service_linked(self):
        """[O-9]"""
        return self.type == "role-session" and self.role_arn.split(":", 5)[5].startswith("role/aws-service-role/")


def kinds_of_match(principal, caller, grants):
    """The kinds in which the element matches. `grants`: it stands in an Allow of a resource policy. [P-2, P-13]"""
    if principal == "*":
        return everyone(caller, grants, plain=True)
    kinds = set()
    for group, names in principal.items():
        for name in list_of(names):
            if group == "AWS":
                kinds |= kinds_of_name(name, caller, grants)
            elif group == "Service":
                if caller.type == "service" and caller.service == name:
                    kinds.add("direct")  # [P-8]
            elif group == "Federated":
                if caller.type in FEDERATED_CALLS and caller.arn == name:
                    kinds.add("direct")  # [P-9]
            else:
                raise Doubt("P-10: a case does not say who has which canonical id")
    return kinds


def everyone(caller, grants, plain):
    if grants and caller.type in FEDERATED_CALLS:
        return set()
    if grants and caller.type == "service" and not plain:
        return set()
    return {"direct"}


def kinds_of_name(name, caller, grants):
    if name == "*":
        return everyone(caller, grants, plain=False)
    reject_unclear_name(name)
    kinds = set()
    if name in caller.direct_names:
        kinds.add("direct")
    if name in caller.entity_names:
        kinds.add("entity")
    if name in caller.account_names and caller.type != "root":
        kinds.add("account")
    return kinds


def reject_unclear_name(name):
    if name.startswith("arn:"):
        if "*" in name or "?" in name:
            raise Doubt("P-11: no wildcards")
    elif not ACCOUNT_ID.fullmatch(name) and not re.fullmatch(r"A(ID|RO)A[A-Z0-9]{5,}", name):
        raise Doubt("P-3, P-12: neither an account, an ARN nor a unique id")


def is_exempt(not_principal, caller, has_boundary):
    """[P-14, P-15] whether a NotPrincipal in a Deny leaves the caller alone."""
    if not isinstance(not_principal, dict):
        raise Doubt("P-14: NotPrincipal *")
    if has_boundary or caller.type == "anonymous":
        return False
    listed = list_of(not_principal.get("AWS", []))
    for name in listed:
        if name == "*":
            raise Doubt("P-14: NotPrincipal *")
        reject_unclear_name(name)
    if caller.type == "service":
        return caller.service in list_of(not_principal.get("Service", []))
    if caller.type in FEDERATED_CALLS:
        if not_principal.get("Federated"):
            raise Doubt("P-14: nothing is said of federated calls")
        return False

    def holds_one_of(names):
        return any(name in listed for name in names)

    if not holds_one_of(caller.account_names):
        return False
    if caller.type == "root":
        return True
    if caller.type == "role-session" and not holds_one_of(caller.entity_names):
        return False
    return holds_one_of(caller.direct_names)
