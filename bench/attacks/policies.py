"""Policies that make one decision slow: all that a role can hold, on the longest value a request can bring."""
import json
from collections.abc import Callable
from dataclasses import dataclass

from . import client
from .client import Keys
from .figures import attack, below
from .neighbour import under_load
from .server import A, B

ALPHABET = "bcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
MANAGED, INLINE = 6144, 10240  # characters (AWS's quotas)


def pairs():
    return (x + y for x in ALPHABET for y in ALPHABET)


@dataclass
class Shape:
    """What fills the documents, patterns that do not match, and the request that they are compared with."""
    patterns: Callable
    operator: str = "StringLike"
    key: str = "aws:UserAgent"
    headers: tuple = (("User-Agent", "a" * 15_000),)
    tags: int = 0  # of a TagUser with keys of 128 letters; none: ListUsers


SHAPES = {
    "pieces": Shape(lambda: (f"*aaa{p}*" for p in pairs())),
    "single letters": Shape(lambda: (f"*a?a{p}*" for p in pairs())),
    "long pieces": Shape(lambda: (f"*{'a' * 60}{p}*" for p in pairs())),
    "many pieces": Shape(lambda: (f"*{'a*' * 30}{p}*" for p in pairs())),
    "variables": Shape(lambda: (f"*${{aws:referer}}{p}*" for p in pairs()),
                       headers=(("User-Agent", "a" * 10_000), ("Referer", "a" * 4_900))),
    "fifty tag keys": Shape(lambda: (f"*aaa{p}*" for p in pairs()), "ForAnyValue:StringLike", "aws:TagKeys", (), 50),
    "many tag keys": Shape(lambda: (f"*aaa{p}*" for p in pairs()), "ForAnyValue:StringLike", "aws:TagKeys", (), 1_000),
}


def document(shape, patterns, size):
    def text(chosen):
        return json.dumps({"Version": "2012-10-17", "Statement": [{
            "Effect": "Allow", "Action": ["iam:ListUsers", "iam:TagUser"], "Resource": "*",
            "Condition": {shape.operator: {shape.key: chosen}}}]}, separators=(",", ":"))
    chosen, left = [], size - len(text([]))
    for pattern in patterns:
        left -= len(pattern) + 3
        if left < 0:
            break
        chosen.append(pattern)
    return text(chosen)


def request(server, keys, shape, short=False):
    headers = [(name, value[:100] if short else value) for name, value in shape.headers]
    if not shape.tags:
        return client.call(server.port, keys, "iam", "ListUsers", headers)
    tags = {f"Tags.member.{i}.{part}": f"{i:08}{'a' * 120}" for i in range(1, 2 if short else shape.tags + 1)
            for part in ("Key", "Value")}
    return client.call(server.port, keys, "iam", "TagUser", UserName="caller", **tags)


def session(server, keys, name, shape):
    """Of a role that holds as many patterns of that shape as fit."""
    left = shape.patterns()
    trust = json.dumps({"Version": "2012-10-17", "Statement": [
        {"Effect": "Allow", "Principal": {"AWS": f"arn:aws:iam::{A}:user/caller"}, "Action": "sts:AssumeRole"}]})
    server.must(keys, "iam", "CreateRole", RoleName=name, AssumeRolePolicyDocument=trust)
    for i in range(10):
        arn = server.must(keys, "iam", "CreatePolicy", PolicyName=f"{name}{i}",
                          PolicyDocument=document(shape, left, MANAGED)).pick("Arn")
        server.must(keys, "iam", "AttachRolePolicy", RoleName=name, PolicyArn=arn)
    server.must(keys, "iam", "PutRolePolicy", RoleName=name, PolicyName="inline", PolicyDocument=document(shape, left, INLINE))
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
        for number, (name, shape) in enumerate(SHAPES.items()):
            role = session(server, a, f"role{number}", shape)
            made = server.must(user, "sts", "AssumeRole", RoleArn=f"arn:aws:iam::{A}:role/{role}", RoleSessionName="session")
            keys = Keys(made.pick("AccessKeyId"), made.pick("SecretAccessKey"), made.pick("SessionToken"))
            least, _ = server.cost(request(server, keys, shape, short=True))
            costly = request(server, keys, shape)
            cost, answer = server.cost(costly)
            yield below(f"CPU of one request, {name}", cost, 20, "ms", f"{least:.2f} ms with short values; {answer.code}")
            worst = max(worst, (cost, costly))
        yield under_load(server, b, [worst[1]], 10)
