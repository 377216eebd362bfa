"""Policy documents as lists of statements: section L.

Nothing is validated here beyond what would make a case meaningless. The cases hold documents as they are stored, so
that a shape that no write accepts is a `Doubt` and not an answer.
"""

from evaluator.doubt import Doubt

CURRENT_VERSION = "2012-10-17"


class Statement:
    """One statement, every "one or a list" made a list [L-13], and what it takes over from its document."""

    def __init__(self, members, has_variables):
        self.allows = members["Effect"] == "Allow"
        self.has_variables = has_variables  # [L-3]: of the document, not of the request
        self.actions = list_of(members.get("Action"))
        self.not_actions = list_of(members.get("NotAction"))
        self.resources = list_of(members.get("Resource"))
        self.not_resources = list_of(members.get("NotResource"))
        self.principal = members.get("Principal")
        self.not_principal = members.get("NotPrincipal")
        self.conditions = [
            (operator, key, [text_of(value) for value in list_of(values) if value is not None])
            for operator, keys in members.get("Condition", {}).items()
            for key, values in keys.items()
        ]
        if bool(self.actions) == bool(self.not_actions):
            raise Doubt("L-7: a statement without actions, or with both kinds")
        if self.resources is not None and self.not_resources is not None:
            raise Doubt("L-7: both Resource and NotResource")
        if self.resources == [] or self.not_resources == []:
            raise Doubt("L-12: an empty list of resources")


def statements_of(document):
    """[L-6] a single statement object equals a list of one."""
    has_variables = document.get("Version", "2008-10-17") == CURRENT_VERSION  # [L-2]
    return [Statement(members, has_variables) for members in list_of(document["Statement"])]


def list_of(value):
    if value is None or isinstance(value, list):
        return value
    return [value]


def text_of(value):
    """[L-11] numbers and booleans count as the text that they have in JSON."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    return repr(value)
