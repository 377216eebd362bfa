"""Condition keys, each with a type and with values that are close to each other, and contexts made of them."""

from generator.people import ACCOUNTS

STRINGS = ["alice", "Alice", "alic", "a*", "*", "?", "a?b", "", "team-red", "red", "a", "aab", "aaaaab",
           "${aws:username}", "${*}", "home/alice/", "x y", "h\u00f6me", "a\nb", "$", "true", "10", "bob", "us-east-1",
           "\u20ac", "arn:aws:s3:::b"]
NUMBERS = ["10", "10.0", "9", "11", "0", "-0", "-10", "10.5", "10.50", "007", "0.1", "0.10", "100000000000000000001",
           "100000000000000000002", "9007199254740993", "9007199254740992", "0.30000000000000004", "0.3", "abc", "",
           "-1"]
DATES = ["2026-01-31", "2026-01-31T00:00:00Z", "2026-01-31T10:00Z", "2026-01-31T12:00:00+02:00",
         "2026-01-31T10:00:00Z", "2026-01-31T10:00:00.5Z", "2026-01-31T10:00:01Z", "1769817600", "1769853600",
         "1769853601", "2026", "2026-01", "2026-02-01", "2026-01-31T23:59:59.999Z", "2026-01-30T19:00:00-05:00", "0",
         "99999999999", "9223372036854775807", "1969-12-31T23:59:59Z", "2026-01-31T10:00:00", "2024-02-29",
         "1709164800", "9999-12-31T23:59:59Z", "0001-01-01"]
# Instants that differ by less than a second, or not at all.
NEAR_DATES = ["2026-01-31T10:00:00Z", "2026-01-31T10:00:00.5Z", "2026-01-31T10:00:00.50Z", "2026-01-31T10:00:00.25Z",
              "2026-01-31T10:00Z", "1769853600", "1769853601", "2026-01-31T12:00:00+02:00",
              "2026-01-31T12:00:00.5+02:00"]
DATES += NEAR_DATES
NOT_DATES = ["2026-02-30", "2026-13-01", "monday", "2025-02-29", ""]
BOOLEANS = ["true", "false", "True", "FALSE", "yes", "", "1"]
ADDRESSES = ["10.0.0.4", "10.0.0.5", "10.0.1.4", "192.0.2.1", "255.255.255.255", "0.0.0.0", "2001:db8::1",
             "2001:DB8:0:0:0:0:0:1", "2001:db8::2", "::ffff:10.0.0.4", "::ffff:a00:4", "::1", "::", "here",
             "10.0.0.256"]
BINARY = ["QmluYXJ5", "QmluYXJ6", "AAECAw==", "/+8=", "AA==", "***"]
ARNS = ["arn:aws:iam::111111111111:user/alice", "arn:aws:iam::111111111111:user/div/alice",
        "arn:aws:iam::111111111111:role/Dev", "arn:aws:iam::222222222222:role/path/to/Dev", "arn:aws:s3:::b",
        "arn:aws:s3:::b/x:y", "arn:aws:sns:us-east-1:111111111111:t", "arn:aws:iam::111111111111:user/a*",
        "not-an-arn", "arn:aws:sns:us-east-1:111111111111:t:sub", "arn:aws:logs:us-east-1:111111111111:log-group:g:*",
        "arn:aws:s3", "urn:aws:iam::111111111111:user/alice",
        "arn:aws:iam::aws:policy/ReadOnlyAccess", "arn:aws:iam::111111111111:root"]
ORG_PATHS = ["o-abc/r-ab12/ou-ab12-11111111/", "o-abc/r-ab12/ou-ab12-11111111/ou-ab12-22222222/", "o-xyz/r-ab12/"]
TAG_KEYS = ["team", "Team", "Project", "Department", "cost center", "a*"]

# key -> (type, values); a key is multivalued where section K says so.
KEYS = {
    "aws:username": ("string", STRINGS), "aws:userid": ("string", ["AIDAALICE", "AROADEV:s1", "111111111111:carol"]),
    "aws:PrincipalTag/team": ("string", STRINGS), "aws:PrincipalTag/cost center": ("string", STRINGS),
    "aws:ResourceTag/team": ("string", STRINGS), "aws:RequestTag/Project": ("string", STRINGS),
    "aws:PrincipalOrgID": ("string", ["o-abc", "o-xyz", "O-ABC"]),
    "sts:ExternalId": ("string", ["42", "Secret", "secret", "a b"]),
    "sts:RoleSessionName": ("string", ["s1", "alice", "a*"]),
    "aws:RequestedRegion": ("string", ["us-east-1", "eu-west-1"]), "s3:prefix": ("string", STRINGS),
    "svc:K": ("string", STRINGS), "aws:PrincipalAccount": ("string", ACCOUNTS + ["anonymous"]),
    "aws:SourceAccount": ("string", ACCOUNTS), "aws:UserAgent": ("string", ["aws-cli/2", "x"]),
    "aws:PrincipalArn": ("arn", ARNS), "aws:SourceArn": ("arn", ARNS), "iam:PolicyARN": ("arn", ARNS),
    "svc:Arn": ("arn", ARNS), "s3:max-keys": ("number", NUMBERS), "aws:MultiFactorAuthAge": ("number", NUMBERS),
    "svc:N": ("number", NUMBERS), "aws:CurrentTime": ("date", DATES), "aws:EpochTime": ("date", DATES),
    "aws:TokenIssueTime": ("date", DATES + NOT_DATES), "aws:SecureTransport": ("bool", BOOLEANS),
    "aws:MultiFactorAuthPresent": ("bool", BOOLEANS), "svc:B": ("bool", BOOLEANS),
    "aws:SourceIp": ("address", ADDRESSES), "aws:VpcSourceIp": ("address", ADDRESSES), "svc:Blob": ("binary", BINARY),
    "aws:TagKeys": ("string", TAG_KEYS), "sts:TransitiveTagKeys": ("string", TAG_KEYS),
    "svc:Multi": ("string", STRINGS), "aws:PrincipalOrgPaths": ("string", ORG_PATHS),
    "aws:CalledVia": ("string", ["athena.amazonaws.com", "kms.amazonaws.com"]), "svc:Numbers": ("number", NUMBERS),
    "svc:Arns": ("arn", ARNS), "svc:Ips": ("address", ADDRESSES), "svc:Dates": ("date", DATES),
}
MULTIVALUED = ["aws:TagKeys", "sts:TransitiveTagKeys", "svc:Multi", "aws:PrincipalOrgPaths", "aws:CalledVia",
               "svc:Numbers", "svc:Arns", "svc:Ips", "svc:Dates"]
NAMES = list(KEYS)
OF_TYPE = [[key for key in NAMES if KEYS[key][0] == kind]
           for kind in ("string", "string", "arn", "arn", "number", "number", "date", "date", "bool", "address",
                        "binary")]


def values_for(dice, key):
    """What a request might hold: mostly one value; for multivalued keys some, seldom an empty array or string."""
    _, pool = KEYS.get(key, ("string", STRINGS))
    if key in MULTIVALUED:
        if dice.chance(0.1):
            return dice.pick([[], [""], [""]])
        return list(dict.fromkeys(dice.pick(pool) for _ in range(1 + int(dice.random() * 3))))
    if dice.chance(0.05):
        return [dice.pick(pool), dice.pick(pool)] if dice.chance(0.8) else []  # against section K; see C-22, V-7
    return [dice.pick(pool)]


def any_key(dice):
    """All types alike, however many keys each has."""
    return dice.pick(dice.pick(OF_TYPE))


def context_for(dice, known):
    """The caller's facts and some more keys, seldom in unusual case. [C-5]"""
    context = {key: values for key, values in known.items() if dice.chance(0.8)}
    present = {key.lower() for key in context}
    for _ in range(int(dice.random() * 8)):
        key = any_key(dice)
        if key.lower() not in present:
            present.add(key.lower())
            context[key] = values_for(dice, key)
    return context


def type_of(key):
    return KEYS.get(key, ("string", STRINGS))[0]
