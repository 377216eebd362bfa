"""Who calls: principals, what the request then knows about them, and how a Principal element may name them.

All personas of a type are siblings: names that differ in case, in a path, in a letter, in the account.
"""

ACCOUNTS = ["111111111111", "222222222222", "333333333333"]
CALLERS_ACCOUNT, OTHER_ACCOUNT = ACCOUNTS[0], ACCOUNTS[1]

USERS = ["alice", "Alice", "alic", "alice2", "bob", "div/team/alice", "div/alice"]
ROLES = ["Dev", "dev", "Devs", "path/to/Dev", "aws-service-rolex/Dev", "App"]
SERVICE_LINKED = ["aws-service-role/elasticloadbalancing.amazonaws.com/AWSServiceRoleForELB",
                  "aws-service-role/lambda.amazonaws.com/AWSServiceRoleForLambda"]
SESSIONS = ["s1", "S1", "s12", "bob@example.com"]
FEDERATED = ["carol", "Carol", "caro"]
SERVICES = ["lambda.amazonaws.com", "cloudtrail.amazonaws.com", "elasticloadbalancing.amazonaws.com"]
OIDC = ["arn:aws:iam::222222222222:oidc-provider/token.actions.githubusercontent.com",
        "arn:aws:iam::222222222222:oidc-provider/gitlab.com", "cognito-identity.amazonaws.com", "accounts.google.com"]
SAML = ["arn:aws:iam::222222222222:saml-provider/Corp", "arn:aws:iam::222222222222:saml-provider/corp",
        "arn:aws:iam::111111111111:saml-provider/Corp"]


def unique(prefix, text):
    """A stable id of 21 characters; whoever is made anew gets another one. [P-12]"""
    letters = "".join(c for c in text.upper() if c.isalnum())
    case = sum(1 << i for i, c in enumerate(text[:4]) if c.isupper())
    return (prefix + letters + str(case) + str(len(text)) + "XXXXXXXXXXXXXXXXXXXX")[:21]


def user(dice, account):
    path = dice.pick(USERS)
    arn = f"arn:aws:iam::{account}:user/{path}"
    return principal("user", arn, account, unique("AIDA", path + account[:2]))


def role_session(dice, account, roles=None):
    path = dice.pick(roles or ROLES)
    session = dice.pick(SESSIONS)
    name = path.split("/")[-1]
    found = principal("role-session", f"arn:aws:sts::{account}:assumed-role/{name}/{session}", account,
                      unique("AROA", path + account[:2]) + ":" + session)
    found["role_arn"] = f"arn:aws:iam::{account}:role/{path}"
    return found


def service_linked(dice, account):
    return role_session(dice, account, SERVICE_LINKED)


def federated(dice, account):
    name = dice.pick(FEDERATED)
    found = principal("federated-user", f"arn:aws:sts::{account}:federated-user/{name}", account, f"{account}:{name}")
    by_root = dice.chance(0.15)
    found["user_arn"] = f"arn:aws:iam::{account}:" + ("root" if by_root else "user/" + dice.pick(USERS))
    return found


def root(_dice, account):
    return principal("root", f"arn:aws:iam::{account}:root", account, account)


def service(dice, _account):
    found = principal("service", None, None, None)
    found["service"] = dice.pick(SERVICES)
    return found


def anonymous(_dice, _account):
    return principal("anonymous", None, None, None)


def web_identity(dice, _account):
    return principal("web-identity", dice.pick(OIDC), None, None)


def saml(dice, _account):
    return principal("saml", dice.pick(SAML), None, None)


def principal(kind, arn, account, unique_id):
    return {"type": kind, "arn": arn, "account": account, "unique_id": unique_id}


# How often each calls. Service-linked roles are role sessions with a table of their own.
CASTING = [(34, user), (26, role_session), (9, federated), (7, root), (7, service), (6, anonymous), (5, web_identity),
           (3, saml), (3, service_linked)]


def facts(who, dice):
    """The context keys that AWS derives from the caller. [K-2]"""
    kind, account = who["type"], who["account"]
    if kind == "anonymous":
        return {"aws:PrincipalAccount": ["anonymous"], "aws:PrincipalType": ["Anonymous"]}
    if kind == "service":
        return {"aws:PrincipalServiceName": [who["service"]], "aws:PrincipalIsAWSService": ["true"],
                "aws:SourceAccount": [dice.pick(ACCOUNTS)],
                "aws:SourceArn": [f"arn:aws:s3:::{dice.pick(['b', 'trail'])}"],
                "aws:PrincipalServiceNamesList": dice.shuffled(SERVICES[:2])}
    if kind == "web-identity":
        issuer = who["arn"].split("oidc-provider/")[-1]
        return {f"{issuer}:aud": ["sts.amazonaws.com"],
                f"{issuer}:sub": [dice.pick(["repo:o/r:ref:main", "repo:o/*", "u1"])],
                f"{issuer}:amr": dice.pick([["authenticated"], ["authenticated", "graph.facebook.com"]])}
    if kind == "saml":
        return {"saml:aud": ["https://signin.aws.amazon.com/saml"], "saml:sub": [dice.pick(["alice", "Alice"])],
                "saml:edupersonaffiliation": dice.pick([["staff"], ["staff", "member"]])}
    known = {"aws:PrincipalArn": [who.get("role_arn", who["arn"])], "aws:PrincipalAccount": [account],
             "aws:userid": [who["unique_id"]], "aws:PrincipalIsAWSService": ["false"]}
    if kind == "user":
        known["aws:username"] = [who["arn"].split("/")[-1]]
        if dice.chance(0.15):
            known["aws:username"] = [dice.pick(["a*", "*", "?", "a?b", "${aws:userid}", "home"])]  # [V-2]
    return known


def names(who):
    """Every way to name the caller in a Principal element, as (group, name). [P-2 to P-9]"""
    kind, account = who["type"], who["account"]
    if kind == "service":
        return [("Service", who["service"])] * 2 + [("*", "*"), ("AWS", "*")]  # the last one only for a Deny
    if kind == "anonymous":
        return [("*", "*"), ("AWS", "*")]
    if kind in ("web-identity", "saml"):
        return [("Federated", who["arn"])] * 5 + [("*", "*"), ("AWS", "*")]  # the last two only for a Deny
    found = [("AWS", account), ("AWS", f"arn:aws:iam::{account}:root"), ("AWS", "*"), ("*", "*")]
    if kind == "role-session":
        found += [("AWS", who["arn"]), ("AWS", who["role_arn"]), ("AWS", who["unique_id"].split(":")[0])]
    elif kind == "federated-user":
        found += [("AWS", who["arn"])] * 2 + [("AWS", who["user_arn"])]
    elif kind == "user":
        found += [("AWS", who["arn"])] * 2 + [("AWS", who["unique_id"])]
    return found


def parts(who):
    """What a NotPrincipal must hold to exempt the caller: one name of each list. [P-14]"""
    kind, account = who["type"], who["account"]
    if kind == "service":
        return [[("Service", who["service"])]]
    found = [[("AWS", account), ("AWS", f"arn:aws:iam::{account}:root")]]
    if kind == "user":
        found.append([("AWS", who["arn"]), ("AWS", who["unique_id"])])
    elif kind == "role-session":
        found.append([("AWS", who["role_arn"]), ("AWS", who["unique_id"].split(":")[0])])
    if kind in ("role-session", "federated-user"):
        found.append([("AWS", who["arn"])])
    return found


def other_names(dice):
    """Names that mean somebody else, or almost the caller: the wrong partition, path, case, id or kind."""
    account = dice.pick(ACCOUNTS)
    path, role, session = dice.pick(USERS), dice.pick(ROLES), dice.pick(SESSIONS)
    return dice.pick([
        ("AWS", account), ("AWS", f"arn:aws:iam::{account}:root"), ("AWS", f"arn:aws-cn:iam::{account}:root"),
        ("AWS", f"arn:aws:iam::{account}:user/{path}"), ("AWS", f"arn:aws:iam::{account}:user/{path.upper()}"),
        ("AWS", f"arn:aws:iam::{account}:role/{role}"), ("AWS", f"arn:aws:iam::{account}:role/{role.split('/')[-1]}"),
        ("AWS", f"arn:aws:sts::{account}:assumed-role/{role}/{session}"),
        ("AWS", f"arn:aws:sts::{account}:assumed-role/{role.split('/')[-1]}/{session}"),
        ("AWS", f"arn:aws:sts::{account}:federated-user/{dice.pick(FEDERATED)}"),
        ("AWS", unique("AIDA", path + account[:2])), ("AWS", unique("AROA", role + account[:2])),
        ("AWS", unique("AROA", "gone" + role)), ("Service", dice.pick(SERVICES)),
        ("Federated", dice.pick(OIDC)), ("Federated", dice.pick(SAML)),
    ])


def element(dice, named):
    """A Principal element out of (group, name) pairs. [P-1]"""
    if any(group == "*" for group, _ in named):
        return "*"
    groups = {}
    for group, name in named:
        groups.setdefault(group, []).append(name)
    return {group: dice.one_or_list(dice.shuffled(members)) for group, members in groups.items()}
