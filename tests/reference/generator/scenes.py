"""A scene: one set of policies and several requests."""

from generator import keys, people, targets
from generator.patterns import other_case
from generator.statements import ALLOW_ALL, Story, document, statement

VERSIONS = [(7, "2012-10-17"), (1.5, "2008-10-17"), (1, None)]
HOW_MANY_STATEMENTS = [1] * 40 + [2] * 40 + [3] * 19 + [70]  # the last: more than any small table holds
CURRENT = [(1, "2012-10-17")]
BREAKABLE = {"resource": ["principal", "action", "resource", "condition"],
             "trust": ["principal", "action", "condition"],
             "vpc_endpoint": ["principal", "action", "resource", "condition"],
             "rcp": ["action", "resource", "condition"],
             "identity": ["action", "resource", "condition"]}


class Scene:
    def __init__(self, policies, requests):
        self.policies = policies
        self.requests = requests


def scene(dice, count):
    play = dice.weighted(people.CASTING)
    account = people.CALLERS_ACCOUNT if dice.chance(0.8) else people.OTHER_ACCOUNT
    who = play(dice, account)
    target = targets.target_for(dice, who["type"])
    owner = targets.owner_for(dice, target, who["account"])
    resource = target.resource(dice, owner)
    context = keys.context_for(dice, people.facts(who, dice))
    if dice.chance(0.25):
        context["aws:PrincipalTag/team"] = [dice.pick(["alice", "a*", "home", "red", "x", "prod", "Dev", "b"])]
    action = dice.pick(target.actions)
    story = Story(who, action, resource, context)
    policies = policies_for(dice, story, target)
    base = {"principal": who, "action": action, "resource": resource, "resource_account": owner, "context": context}
    requests = [base]
    while len(requests) < count:
        request = dict(base if dice.chance(0.6) else dice.pick(requests))
        for _ in range(dice.pick([1, 1, 1, 2, 3])):
            bend(dice, request, target, play)
        requests.append(request)
    return Scene(policies, requests)


# --- requests ---------------------------------------------------------------------------------------------------------


def bend(dice, request, target, play):
    what = int(dice.random() * 10)
    if what < 2:
        request["action"] = dice.pick(target.actions)
    elif what < 4:
        owner = request["resource_account"]
        request["resource"] = target.resource(dice, owner or people.OTHER_ACCOUNT)
    elif what < 5:
        who = request["principal"]
        request["principal"] = play(dice, who["account"] if dice.chance(0.7) else dice.pick(people.ACCOUNTS))
        if who["account"] and target.kind is None:
            request["resource_account"] = request["principal"]["account"]
        request["context"] = {**request["context"], **people.facts(request["principal"], dice)}
        request["context"] = without_twins(request["context"])
    elif what < 6 and target.kind is not None:
        request["resource_account"] = dice.pick(people.ACCOUNTS)
    else:
        request["context"] = bent_context(dice, request["context"])


def bent_context(dice, context):
    context = dict(context)
    if not context or dice.chance(0.25):
        key = dice.pick(keys.NAMES)
        context[key] = keys.values_for(dice, key)
        return without_twins(context)
    key = dice.pick(list(context))
    form = int(dice.random() * 6)
    if form == 0:
        del context[key]
    elif form == 1:
        context[other_case(dice, key)] = context.pop(key)
    elif form == 2 and key in keys.MULTIVALUED:
        context[key] = context[key] + [value for value in keys.values_for(dice, key) if value not in context[key]]
    else:
        context[key] = keys.values_for(dice, key)
    return without_twins(context)


def without_twins(context):
    """No key in two spellings. [C-5]"""
    seen = {}
    for key in context:
        seen[key.lower()] = key
    return {key: context[key] for key in seen.values()}


# --- policies ---------------------------------------------------------------------------------------------------------


def policies_for(dice, story, target):
    kind = story.who["type"]
    has_account = story.who["account"] is not None
    by_root = kind == "root" or story.who.get("user_arn", "").endswith(":root")
    stray = dice.chance(0.03)  # policies that cannot take part [E-2]
    found = {"identity": [], "boundary": None, "session": [], "resource": None, "scp": [], "rcp": [],
             "vpc_endpoint": None}
    if has_account and not by_root or not has_account and stray:
        own = documents(dice, story, "identity", dice.pick([0, 1, 1, 1, 2, 3]))
        found["identity"] = [{"name": f"p{number}", "document": policy} for number, policy in enumerate(own)]
    if has_account and not by_root and dice.chance(0.2) or stray:
        found["boundary"] = one_document(dice, story, "boundary", CURRENT)
    if (kind == "role-session" and dice.chance(0.3) or kind == "federated-user" and dice.chance(0.75)
            or kind == "root" and dice.chance(0.15) or stray):
        found["session"] = documents(dice, story, "session", dice.pick([1, 1, 2]))
    must_have = target.kind in ("trust", "key")  # and lets nobody in without [E-10]
    if target.kind and dice.chance(0.95 if must_have else 0.6 if has_account else 1.0):
        found["resource"] = {"kind": target.kind, "document": one_document(
            dice, story, "trust" if target.kind == "trust" else "resource", VERSIONS)}
    if dice.chance(0.16):
        found["scp"] = levels(dice, story, "scp", ALLOW_ALL)
    if dice.chance(0.16 if has_account else 0.3):
        found["rcp"] = levels(dice, story, "rcp", {**ALLOW_ALL, "Principal": "*"})
    if dice.chance(0.12):
        found["vpc_endpoint"] = one_document(dice, story, "vpc_endpoint", VERSIONS)
    return found


def documents(dice, story, layer, count):
    return [one_document(dice, story, layer, VERSIONS) for _ in range(count)]


def one_document(dice, story, layer, versions):
    version = dice.weighted(versions)
    variables = version == "2012-10-17"
    breakable = BREAKABLE.get(layer, BREAKABLE["identity"])
    statements = []
    for _ in range(dice.pick(HOW_MANY_STATEMENTS)):
        plan = int(dice.random() * 20)
        if plan < 13:
            statements.append(statement(dice, story, layer, "Allow", variables))
        elif plan < 16:
            statements.append(statement(dice, story, layer, "Allow", variables, dice.pick(breakable)))
        elif plan < 19:
            statements.append(statement(dice, story, layer, "Deny", variables, dice.pick(breakable)))
        else:
            statements.append(statement(dice, story, layer, "Deny", variables))
    if layer == "vpc_endpoint" and dice.chance(0.4):
        statements.append({**ALLOW_ALL, "Principal": "*"})
    return document(dice, dice.shuffled(statements), version)


def levels(dice, story, layer, allow_all):
    """Root, organizational units, account; most levels hold AWS's policy that allows everything. [O-2, O-7]"""
    found = []
    for _ in range(dice.pick([1, 1, 2, 3])):
        level = []
        if dice.chance(0.8):
            level.append({"Version": "2012-10-17", "Statement": [allow_all]})
        if dice.chance(0.4):
            level.append(organization_document(dice, story, layer))
        if not level and dice.chance(0.8):
            level.append(organization_document(dice, story, layer))
        found.append(level)  # seldom empty [O-13]
    return found


def organization_document(dice, story, layer):
    effect = "Deny" if layer == "rcp" or dice.chance(0.5) else "Allow"  # [L-18]
    broken = dice.pick(BREAKABLE["rcp"]) if effect == "Deny" and dice.chance(0.75) or dice.chance(0.2) else None
    statements = [statement(dice, story, layer, effect, True, broken)]
    if dice.chance(0.3):
        statements.append(statement(dice, story, layer, "Deny", True, dice.pick(BREAKABLE["rcp"])))
    return document(dice, statements, "2012-10-17")
