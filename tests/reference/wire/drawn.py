"""Random SCPs, RCPs and conditions for what the cast can do."""

from wire.cast import ACCOUNTS, MANAGERS

SCP_ACTIONS = ["sts:AssumeRole", "sts:AssumeRole", "sts:Assume*", "sts:*", "sts:TagSession", "sts:SetSourceIdentity", "iam:*", "iam:List*", "IAM:get*",
               "iam:ListUsers", "iam:?etUser", "iam:GetRole", "s3:*", "s3:ListBucket", "s3:Get*", "s3:List*", "organizations:*",
               "organizations:DescribeOrganization", "*", "s3:ListAllMyBuckets"]
RCP_ACTIONS = [["sts:*", "s3:*"], "sts:AssumeRole", "sts:Assume*", "sts:*", "sts:TagSession", "sts:SetSourceIdentity", "s3:*", "s3:ListBucket",
               "s3:Get*", "S3:list*"]
RESOURCES = ["*", "*", "*", "*", "arn:aws:iam::*:role/*", "arn:aws:iam::*:role/Open", "arn:aws:iam::*:role/Trusting", "arn:aws:s3:::*",
             "arn:aws:s3:::bucket-of-*", "arn:aws:iam::*:user/*", "arn:aws:iam::*:user/team/${aws:username}",
             "arn:aws:s3:::bucket-of-${aws:PrincipalAccount}", "arn:aws:s3:::bucket-of-${aws:ResourceAccount, 'x'}", "arn:aws:iam::22222222222?:*"]
REGIONS = ["us-east-1", "eu-west-1", "eu-central-1"]
NEGATED = {"StringEquals": "StringNotEquals", "StringLike": "StringNotLike", "ArnLike": "ArnNotLike", "ArnEquals": "ArnNotEquals",
           "IpAddress": "NotIpAddress", "StringEqualsIgnoreCase": "StringNotEqualsIgnoreCase"}


class Facts:
    """What values the conditions of one world may name."""

    def __init__(self, organizations, paths):
        self.organizations, self.paths = organizations, paths  # ids; paths of accounts

    def path_pattern(self, dice):
        path = dice.pick(self.paths)
        if dice.chance(0.4):
            return path
        parts = path.split("/")
        return "/".join(parts[:dice.pick(range(1, len(parts)))]) + dice.pick(["/*", "*"])


def condition(dice, facts):
    """One operator on one key."""
    key, operator, values, many = dice.weighted(keys_of(dice, facts))
    if dice.chance(0.08):
        return {"Null": {key: dice.pick(["true", "false"])}}
    if operator in NEGATED and dice.chance(0.45):
        operator = NEGATED[operator]
    if dice.chance(0.3):
        operator += "IfExists"
    if many or dice.chance(0.03):
        operator = dice.pick(["ForAnyValue:", "ForAllValues:"]) + operator
    return {operator: {spelled(dice, key): values if len(values) > 1 or dice.chance(0.5) else values[0]}}


def spelled(dice, key):
    return key.lower() if dice.chance(0.1) else key


def some(dice, pick, most=2):
    return [pick() for _ in range(dice.pick(range(1, most + 1)))]


def keys_of(dice, facts):
    """(weight, (key, operator, values, whether it has several values)); drawn anew each time, as the values are."""
    organization = lambda: dice.pick([*facts.organizations, *facts.organizations, "o-0000000000", "${aws:PrincipalOrgID}", "${aws:ResourceOrgID}"])
    account = lambda: dice.pick([*ACCOUNTS, "${aws:PrincipalAccount}", "${aws:ResourceAccount}"])
    path = lambda: facts.path_pattern(dice)
    arn = lambda: dice.pick(["arn:aws:iam::*:root", "arn:aws:iam::*:role/ci/*", "arn:aws:iam::*:user/team/*", "arn:aws:iam::222222222222:*",
                             "arn:aws:iam::*:user/team/dana", "arn:aws:sts::*:federated-user/*", "arn:aws:iam::*:user/team/${aws:username}"])
    string = dice.pick(["StringEquals", "StringEquals", "StringLike", "StringEqualsIgnoreCase"])
    return [
        (6, ("aws:PrincipalOrgID", string, some(dice, organization), False)),
        (6, ("aws:ResourceOrgID", string, some(dice, organization), False)),
        (6, ("aws:PrincipalOrgPaths", dice.pick(["StringLike", "StringLike", "StringEquals"]), some(dice, path), True)),
        (6, ("aws:ResourceOrgPaths", dice.pick(["StringLike", "StringLike", "StringEquals"]), some(dice, path), True)),
        (3, ("aws:PrincipalAccount", string, some(dice, account, 3), False)),
        (3, ("aws:ResourceAccount", string, some(dice, account, 3), False)),
        (4, ("aws:PrincipalArn", dice.pick(["ArnLike", "ArnEquals", "StringLike"]), some(dice, arn), False)),
        (2, ("aws:PrincipalTag/Team", string, [dice.pick(["red", "blue", "Blue", "${aws:RequestTag/Team}"])], False)),
        (2, ("aws:RequestedRegion", string, some(dice, lambda: dice.pick(REGIONS)), False)),
        (1, ("aws:PrincipalType", string, [dice.pick(["User", "AssumedRole", "Account", "FederatedUser"])], False)),
        (1, ("aws:username", string, [dice.pick(["dana", "erin", "?a*"])], False)),
        (1, ("aws:PrincipalIsAWSService", "Bool", [dice.pick(["true", "false"])], False)),
        (1, ("aws:SecureTransport", "Bool", [dice.pick(["true", "false"])], False)),
        (1, ("aws:MultiFactorAuthPresent", "Bool", [dice.pick(["true", "false"])], False)),
        (1, ("aws:SourceIp", "IpAddress", [dice.pick(["127.0.0.0/8", "10.0.0.0/8"])], False)),
        (1, ("aws:TokenIssueTime", "DateGreaterThan", ["2020-01-01T00:00:00Z"], False)),
        (1, ("sts:RoleSessionName", string, [dice.pick(["probe", "pro*", "other"])], False)),
        (1, ("sts:ExternalId", string, ["x-1"], False)),
        (1, ("aws:RequestTag/Team", string, [dice.pick(["red", "blue"])], False)),
        (1, ("aws:TagKeys", string, [dice.pick(["Team", "team"])], True)),
        (1, ("aws:ResourceTag/Owner", string, [dice.pick(["payments", "${aws:PrincipalTag/Owner}"])], False)),
    ]


def conditions(dice, facts):
    made = {}
    for _ in range(dice.pick([1, 1, 1, 2, 2, 3])):
        for operator, keys in condition(dice, facts).items():
            held = made.setdefault(operator, {})
            if not {key.lower() for key in held} & {key.lower() for key in keys}:
                held.update(keys)
    return made


def resources(dice):
    drawn = dice.pick(RESOURCES)
    return drawn if drawn == "*" or dice.chance(0.7) else [drawn, dice.pick([r for r in RESOURCES if r != "*"])]


def statement(dice, facts, kind, effect):
    made = {"Effect": effect}
    if kind == "rcp":
        made["Principal"] = "*"
        made["Action"] = dice.pick(RCP_ACTIONS)
    else:
        name = "NotAction" if dice.chance(0.25) else "Action"
        some_of = [action for action in SCP_ACTIONS if action != "*"] if name == "NotAction" else SCP_ACTIONS
        made[name] = [dice.pick(some_of) for _ in range(dice.pick([1, 1, 2, 3]))]
        if effect == "Allow" and dice.chance(0.6):
            made.pop(name)
            made["Action"] = ["iam:*", "s3:*", "sts:*", "organizations:*"][dice.pick([0, 0, 0, 1]):]
    drawn = resources(dice)
    made["NotResource" if drawn != "*" and dice.chance(0.3) else "Resource"] = drawn
    if dice.chance(0.75 if effect == "Deny" else 0.3):
        made["Condition"] = conditions(dice, facts)
    return made


def document(dice, facts, kind):
    effects = ["Deny"] if kind == "rcp" else dice.pick([["Deny"], ["Deny"], ["Allow"], ["Allow", "Deny"]])
    return {"Version": "2012-10-17", "Statement": [statement(dice, facts, kind, effect) for effect in effects]}


def trust(dice, facts):
    """A trust policy for the roles that are drawn, too: (principal, condition)."""
    principal = dice.pick([{"AWS": "*"}, {"AWS": list(ACCOUNTS)}, {"AWS": [dice.pick(ACCOUNTS), dice.pick(MANAGERS)]},
                           {"AWS": f"arn:aws:iam::{dice.pick(ACCOUNTS)}:user/team/dana"},
                           {"AWS": f"arn:aws:iam::{dice.pick(ACCOUNTS)}:role/ci/Worker"}])
    return principal, conditions(dice, facts) if dice.chance(0.5) else None
