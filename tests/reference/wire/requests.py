"""Random requests, and what the server must answer to each: the decision of the reference, in the words of section D."""

import json

from evaluator import decide, prepare
from wire.cast import OUTSIDER, tags_of
from wire.drawn import REGIONS

WORDS = {"identity": ("no identity-based policy", "an identity-based policy"), "boundary": ("no permissions boundary", "a permissions boundary"),
         "session": ("no session policy", "a session policy"), "resource": ("no resource-based policy", "a resource-based policy"),
         "scp": ("no service control policy", "a service control policy"), "rcp": ("no resource control policy", "a resource control policy")}


class Request:
    """`actions` must all be allowed, in this order. `send` is called with a line."""

    def __init__(self, person, actions, resource, owner, keys, send, trust=None):
        self.person, self.actions, self.resource, self.owner, self.trust = person, actions, resource, owner, trust
        self.keys, self.send = keys, send  # keys of the context that are the request's own

    def __str__(self):
        return f"{self.person.principal['arn']} {'+'.join(self.actions)} on {self.resource}"


def draw(dice, cast):
    person = dice.pick(cast.people)
    draws = {"iam": (3, iam), "s3": (3, s3), "sts": (8, assume), "organizations": (1, organizations)}
    return dice.weighted([draws[name] for name in person.asks if name != "organizations" or person.account != OUTSIDER])(dice, cast, person)


def iam(dice, cast, person):
    account = person.account
    action, resource, parameters, tags = dice.pick([
        ("ListUsers", "user/", {}, None), ("ListRoles", "role/", {}, None),
        ("GetUser", "user/team/dana", {"UserName": "dana"}, {"Team": "blue"}), ("GetUser", "user/team/gail", {"UserName": "gail"}, {}),
        ("GetRole", "role/Open", {"RoleName": "Open"}, {"Owner": "payments"}), ("GetRole", "role/ci/Worker", {"RoleName": "Worker"}, {"Owner": "payments"})])
    keys = {f"aws:ResourceTag/{key}": [value] for key, value in (tags or {}).items()}
    return Request(person, [f"iam:{action}"], f"arn:aws:iam::{account}:{resource}", account, keys,
                   lambda line: line.query(person.keys, "iam", action, parameters))


def s3(dice, cast, person):
    if dice.chance(0.2):
        return Request(person, ["s3:ListAllMyBuckets"], "arn:aws:s3:::*", person.account, {}, lambda line: line.s3(person.keys, "GET", "/"))
    owner = person.account if dice.chance(0.7) else dice.pick(list(cast.roots))
    action, query = dice.pick([("s3:ListBucket", "list-type=2"), ("s3:GetBucketLocation", "location=")])
    return Request(person, [action], f"arn:aws:s3:::bucket-of-{owner}", owner, {},
                   lambda line: line.s3(person.keys, "GET", f"/bucket-of-{owner}", query))


def assume(dice, cast, person):
    role = dice.pick(cast.roles)
    actions, region = ["sts:AssumeRole"], dice.pick(REGIONS)
    name = dice.pick(["probe", "other"])
    parameters = {"RoleArn": role.arn, "RoleSessionName": name}
    keys = {"sts:RoleSessionName": [name], "aws:ResourceTag/Owner": [role.tags["Owner"]], "aws:RequestedRegion": [region]}
    if dice.chance(0.2):
        tag = dice.pick(["red", "blue"])
        actions.append("sts:TagSession")
        parameters |= tags_of({"Team": tag})
        keys |= {"aws:RequestTag/Team": [tag], "aws:TagKeys": ["Team"]}
    if dice.chance(0.1):
        actions.append("sts:SetSourceIdentity")
        parameters["SourceIdentity"] = "somebody"
        keys["sts:SourceIdentity"] = ["somebody"]
    if dice.chance(0.3):
        parameters["ExternalId"] = dice.pick(["x-1", "x-2"])
        keys["sts:ExternalId"] = [parameters["ExternalId"]]
    return Request(person, actions, role.arn, role.account, keys,
                   lambda line: line.query(person.keys, "sts", "AssumeRole", parameters, region), trust=role.trust)


def organizations(dice, cast, person):
    return Request(person, ["organizations:DescribeOrganization"], "*", person.account, {},
                   lambda line: line.json(person.keys, "DescribeOrganization", {}))


# --- what must be answered --------------------------------------------------------------------------------------------


def context_of(world, request):
    """The keys that every policy sees. [K-2, K-5, K-8]"""
    principal = request.person.principal
    keys = {"aws:SourceIp": ["127.0.0.1"], "aws:SecureTransport": ["false"], "aws:ViaAWSService": ["false"],
            "aws:PrincipalIsAWSService": ["false"], "aws:RequestedRegion": ["us-east-1"],
            "aws:PrincipalArn": [principal.get("role_arn") or principal["arn"]], "aws:PrincipalAccount": [principal["account"]],
            "aws:ResourceAccount": [request.owner]}
    for prefix, account in (("aws:Principal", principal["account"]), ("aws:Resource", request.owner)):
        organization = world.of.get(account)
        if organization:
            keys |= {f"{prefix}OrgID": [organization.id], f"{prefix}OrgPaths": [organization.path(account)]}
    return keys | request.person.facts | request.keys


def layers_of(world, request):
    """[(ARN or None, document)] of each layer; of SCPs and RCPs a list for each level."""
    person, caller, owner = request.person, world.of.get(request.person.account), world.of.get(request.owner)

    def levels(organization, kind, account):
        if organization is None:
            return []
        return [[(organization.arns.get(policy), organization.documents[policy]) for policy in level]
                for level in organization.levels(kind, account)]
    return {"identity": person.identity, "boundary": [person.boundary] if person.boundary else [], "session": person.session,
            "scp": levels(caller, "scp", person.account), "rcp": levels(owner, "rcp", request.owner)}


def case_of(layers, trust, only=None):
    """`policies` of a case; with `only`, a layer and a document, nothing but that."""
    found = {"identity": [], "boundary": None, "session": [], "resource": None, "scp": [], "rcp": [], "vpc_endpoint": None}
    if only:
        layer, document = only
        found[layer] = {"identity": [{"name": "p", "document": document}], "boundary": document, "session": [document],
                        "scp": [[document]], "rcp": [[document]]}[layer]
        return found
    found["identity"] = [{"name": f"p{number}", "document": document} for number, (_, document) in enumerate(layers["identity"])]
    found["boundary"] = layers["boundary"][0][1] if layers["boundary"] else None
    found["session"] = [document for _, document in layers["session"]]
    for kind in ("scp", "rcp"):
        found[kind] = [[document for _, document in level] for level in layers[kind]]
    found["resource"] = {"kind": "trust", "document": trust} if trust else None
    return found


class Expected:
    """`answer` is the reference's; `messages` those that may be answered, none where the request is allowed."""

    def __init__(self, answer, messages, case):
        self.answer, self.messages, self.case = answer, messages, case


def expected(world, request):
    layers, context = layers_of(world, request), context_of(world, request)
    policies = case_of(layers, request.trust)
    prepared = prepare(policies)
    for action in request.actions:
        asked = {"principal": request.person.principal, "action": action, "resource": request.resource,
                 "resource_account": request.owner, "context": context}
        answer = decide(asked, prepared)
        if answer.decision == "Deny":
            return Expected(answer, messages(world, request, asked, layers, answer), {"request": asked, "policies": policies})
    return Expected(answer, set(), {"request": asked, "policies": policies})


def messages(world, request, asked, layers, answer):
    """[D-1 to D-10] More than one where several policies of the layer deny: which is named is not said."""
    if request.trust and request.person.principal["type"] == "root":
        return {"Roles may not be assumed by root accounts."}  # [D-7]
    of, caller, owner = world.of, request.person.account, request.owner
    together = caller == owner or of.get(caller) is not None and of.get(caller) is of.get(owner)
    action, resource = asked["action"], request.resource
    service = action.split(":")[0]
    if service == "s3" and not together:
        return {"Access Denied"}
    where = f' on resource: "{resource}"' if service == "s3" else f" on resource: {resource}"
    if resource == "*" or resource == "arn:aws:s3:::*":
        where = ""  # [D-3]
    sentence = f"User: {request.person.principal['arn']} is not authorized to perform: {action}{where}"
    if request.trust and (not answer.explicit or answer.layer == "resource") or answer.layer == "rcp" and not together:
        return {sentence}  # [D-5, D-10]
    implicit, explicit = WORDS[answer.layer]
    if not answer.explicit:
        return {f"{sentence} because {implicit} allows the {action} action"}
    found = layers[answer.layer] if answer.layer not in ("scp", "rcp") else [pair for level in layers[answer.layer] for pair in level]
    denying = {arn for arn, document in found
               if decide(asked, prepare(case_of(layers, None, (answer.layer, document)))) == answer}
    return {f"{sentence} with an explicit deny in {explicit}" + (f": {arn}" if arn else "") for arn in denying}


def differs(said, wanted):
    """What is wrong with an answer, if anything."""
    if not wanted.messages:
        return None if said.ok else f"allowed by the reference; the server says {said.status} {said.message}"
    if said.ok:
        return f"the reference says {tuple(wanted.answer)}; the server allows"
    if not said.code or not said.code.startswith("AccessDenied") or said.message not in wanted.messages:
        return f"the reference says {tuple(wanted.answer)}: {' or '.join(sorted(wanted.messages))}; the server says {said.code} {said.message}"
    return None


def written(case):
    return json.dumps(case)
