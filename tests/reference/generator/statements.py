"""Statements and documents of each policy type, in the forms that a write would accept (section W)."""

from generator import people
from generator.conditions import condition, well_formed
from generator.patterns import action_pattern, arn_pattern, wrong_action, wrong_resource

ALLOW_ALL = {"Effect": "Allow", "Action": "*", "Resource": "*"}
HOW_MANY_OTHERS = [0] * 14 + [1] * 6 + [2, 2, 3, 15]
TRUST_ACTIONS = ["sts:AssumeRole", "sts:AssumeRoleWithWebIdentity", "sts:AssumeRoleWithSAML", "sts:TagSession",
                 "sts:SetSourceIdentity", "sts:*", "sts:AssumeRole*", "sts:?agSession", "STS:assumerole"]


class Story:
    """What the policies of a scene are written for."""

    def __init__(self, who, action, resource, context):
        self.who = who
        self.action = action
        self.resource = resource
        self.context = context


def statement(dice, story, layer, effect, variables, broken=None):
    """A statement that fits the story, except for the element that is named `broken`."""
    found = {"Effect": effect}
    if layer in ("resource", "trust", "rcp", "vpc_endpoint"):
        add_principal(dice, story, layer, effect, found, broken == "principal")
    add_actions(dice, story, layer, found, broken == "action")
    if layer != "trust" and not (layer == "scp" and dice.chance(0.08)):
        add_resources(dice, story, layer, found, broken == "resource", variables)
    if broken == "condition" or dice.chance(0.38):
        found["Condition"] = condition(dice, story.context, variables, fits=broken != "condition")
    elif dice.chance(0.02):
        found["Condition"] = {}
    return dict(dice.shuffled(found.items())) if dice.chance(0.2) else found  # [L-6]


def add_principal(dice, story, layer, effect, found, wrong):
    if layer == "rcp":
        found["Principal"] = "*"  # [L-18]
        return
    if effect == "Deny" and layer != "trust" and dice.chance(0.3):
        found["NotPrincipal"] = people.element(dice, not_principals(dice, story.who))
        return
    if layer == "vpc_endpoint" and not wrong and dice.chance(0.5):
        found["Principal"] = dice.pick(["*", {"AWS": "*"}])
        return
    named = [people.other_names(dice) for _ in range(dice.pick([1, 1, 2]) if wrong else dice.pick([0, 0, 0, 1]))]
    if not wrong:
        named.append(dice.pick(people.names(story.who)))
        if dice.chance(0.15):
            named.append(dice.pick(people.names(story.who)))
    found["Principal"] = people.element(dice, named)


def not_principals(dice, who):
    """Exempts the caller, or leaves out a part of what P-14 asks for."""
    if who["type"] in ("web-identity", "saml", "anonymous"):
        return [("AWS", dice.pick(people.ACCOUNTS))]
    parts = [dice.pick(alternatives) for alternatives in people.parts(who) if dice.chance(0.82)]
    named = parts + [other for other in dice.some([people.other_names(dice)], 1) if other[0] != "Federated"]
    return named or [("AWS", dice.pick(people.ACCOUNTS))]


def add_actions(dice, story, layer, found, wrong):
    if layer == "trust":
        fitting = [pattern for pattern in TRUST_ACTIONS if fits(pattern, story.action)]
        pool = TRUST_ACTIONS if wrong else fitting
        actions = [dice.pick(pool)] + dice.some(TRUST_ACTIONS, 1)
        found["Action"] = dice.one_or_list(actions)
        return
    if layer == "rcp":
        service = story.action.split(":")[0]
        actions = [wrong_action(dice, story.action) if wrong else dice.pick([story.action, f"{service}:*"])]
        found["Action"] = dice.one_or_list(actions + dice.some(["s3:*", "sts:*", "kms:*"], 1))
        return
    if dice.chance(0.1):
        excepted = [wrong_action(dice, story.action) for _ in range(dice.pick([1, 2]))]
        if wrong:
            excepted.append(action_pattern(dice, story.action))
        found["NotAction"] = dice.one_or_list(excepted)
        return
    actions = [wrong_action(dice, story.action) if wrong else action_pattern(dice, story.action)]
    actions += [wrong_action(dice, story.action) for _ in range(dice.pick(HOW_MANY_OTHERS))]
    found["Action"] = dice.one_or_list(dice.shuffled(actions))


def fits(pattern, action):
    """Only of the patterns in TRUST_ACTIONS."""
    pattern, action = pattern.lower(), action.lower()
    if pattern.endswith("*"):
        return action.startswith(pattern[:-1])
    return pattern == action or pattern == "sts:?agsession" and action == "sts:tagsession"


def add_resources(dice, story, layer, found, wrong, variables):
    if dice.chance(0.1):
        excepted = [wrong_resource(dice, story.resource)]
        if wrong:
            excepted.append(arn_pattern(dice, story.resource, story.context, variables))
        found["NotResource"] = dice.one_or_list(acceptable(excepted, layer, story, variables))
        return
    resources = [wrong_resource(dice, story.resource) if wrong
                 else arn_pattern(dice, story.resource, story.context, variables)]
    resources += [wrong_resource(dice, story.resource) for _ in range(dice.pick(HOW_MANY_OTHERS))]
    found["Resource"] = dice.one_or_list(dice.shuffled(acceptable(resources, layer, story, variables)))


def acceptable(resources, layer, story, variables):
    """Session policies are refused with short ARNs. [M-8]; text that only looks like a variable is left out."""
    kept = [resource for resource in resources
            if (resource == "*" or layer != "session" or resource.count(":") >= 5)
            and (not variables or well_formed(resource))]
    return kept or [story.resource if "${" not in story.resource else "*"]


def document(dice, statements, version):
    found = {"Version": version} if version else {}
    if dice.chance(0.05):
        found["Id"] = "policy-1"
    found["Statement"] = statements[0] if len(statements) == 1 and dice.chance(0.3) else statements
    return found
