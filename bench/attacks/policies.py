"""Policies that make one decision slow: all that a role can hold, on the longest value a request can bring."""
import json

from . import client
from .client import Keys
from .figures import attack, below, shown
from .neighbour import under_load
from .server import A, B

ALPHABET = "bcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
MANAGED, INLINE = 6144, 10240  # characters (AWS's quotas)


def pairs():
    return (x + y for x in ALPHABET for y in ALPHABET)


# What fills the documents: patterns of one condition, none of which matches.
SHAPES = {
    "pieces": ("StringLike", lambda: (f"*aaa{p}*" for p in pairs())),
    "single letters": ("StringLike", lambda: (f"*a?a{p}*" for p in pairs())),
    "long pieces": ("StringLike", lambda: (f"*{'a' * 60}{p}*" for p in pairs())),
    "many pieces": ("StringLike", lambda: (f"*{'a*' * 30}{p}*" for p in pairs())),
    "negated": ("StringNotLike", lambda: (f"*aaa{p}*" for p in pairs())),
}


def document(operator, patterns, size):
    def text(chosen):
        return json.dumps({"Version": "2012-10-17", "Statement": [{
            "Effect": "Allow", "Action": "iam:ListUsers", "Resource": "*",
            "Condition": {operator: {"aws:UserAgent": chosen}}}]}, separators=(",", ":"))
    chosen, left = [], size - len(text([]))
    for pattern in patterns:
        left -= len(pattern) + 3
        if left < 0:
            break
        chosen.append(pattern)
    return text(chosen)


def session(server, keys, name, shape):
    """Of a role that holds as many patterns of that shape as fit."""
    operator, patterns = SHAPES[shape]
    left = patterns()
    trust = json.dumps({"Version": "2012-10-17", "Statement": [
        {"Effect": "Allow", "Principal": {"AWS": f"arn:aws:iam::{A}:user/caller"}, "Action": "sts:AssumeRole"}]})
    server.must(keys, "iam", "CreateRole", RoleName=name, AssumeRolePolicyDocument=trust)
    for i in range(10):
        arn = server.must(keys, "iam", "CreatePolicy", PolicyName=f"{name}{i}",
                          PolicyDocument=document(operator, left, MANAGED)).pick("Arn")
        server.must(keys, "iam", "AttachRolePolicy", RoleName=name, PolicyArn=arn)
    server.must(keys, "iam", "PutRolePolicy", RoleName=name, PolicyName="inline", PolicyDocument=document(operator, left, INLINE))
    return name


def caller(server, keys):
    server.must(keys, "iam", "CreateUser", UserName="caller")
    server.must(keys, "iam", "PutUserPolicy", UserName="caller", PolicyName="p", PolicyDocument=json.dumps({
        "Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "sts:AssumeRole", "Resource": "*"}]}))
    made = server.must(keys, "iam", "CreateAccessKey", UserName="caller")
    return Keys(made.pick("AccessKeyId"), made.pick("SecretAccessKey"))


@attack("patterns", "a role with ten managed policies and an inline one, full of patterns; a User-Agent of 15,000 letters", 240)
def patterns(field):
    with field.server() as server:
        a, b = server.account(A), server.account(B)
        user, worst = caller(server, a), (0, b"")
        for number, shape in enumerate(SHAPES):
            role = session(server, a, f"role{number}", shape)
            made = server.must(user, "sts", "AssumeRole", RoleArn=f"arn:aws:iam::{A}:role/{role}", RoleSessionName="session")
            keys = Keys(made.pick("AccessKeyId"), made.pick("SecretAccessKey"), made.pick("SessionToken"))

            def listing(agent):
                return client.call(server.port, keys, "iam", "ListUsers", [("User-Agent", agent)])

            short, _ = server.cost(listing("a" * 100))
            cost, answer = server.cost(listing("a" * 15_000))
            yield below(f"CPU of one request, {shape}", cost, 20, "ms", f"{short:.2f} ms with 100 letters; {answer.status}")
            worst = max(worst, (cost, listing("a" * 15_000)))
        yield under_load(server, b, [worst[1]], 10)
