"""Puts, reads and deletes the configurations of buckets over the wire: tests/wire/s3-configurations.json."""
import json
import re

import pytest

from deputy import ROOT
from sigv4 import Request, Scope, send, sign, stamp, now

CASES = json.loads((ROOT / "tests/wire/s3-configurations.json").read_text())["cases"]
STEP = {"method", "query", "body", "headers", "unsigned", "bucket", "path", "status", "code", "message", "elements", "answer",
        "answer_headers"}
FIELDS = STEP | {"name", "rule", "before", "shows", "shows_headers", "then"}
DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>\n'
NAMES = {"<ns>": "http://s3.amazonaws.com/doc/2006-03-01/", "<other>": "cfg-other", "<versioned>": "cfg-versioned",
         "<foreign>": "cfg-foreign", "<elsewhere>": "cfg-elsewhere", "<dotted>": "cfg.with.dots"}


@pytest.fixture(scope="session")
def buckets(cloud):
    """The buckets that cases name, beside the one that each has for itself."""
    a = cloud.client("s3", cloud.a)
    for name in ("cfg-other", "cfg-versioned", "cfg.with.dots"):
        a.create_bucket(Bucket=name)
    a.put_bucket_versioning(Bucket="cfg-versioned", VersioningConfiguration={"Status": "Enabled"})
    cloud.client("s3", cloud.b).create_bucket(Bucket="cfg-foreign")
    a.create_bucket(Bucket="cfg-elsewhere", CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
    return cloud


def element(body, name):
    found = re.search(rf"<{name}>([^<]*)</{name}>", body)
    if found is None:
        return None
    text = found[1]
    for escape, letter in (("&lt;", "<"), ("&gt;", ">"), ("&quot;", '"'), ("&amp;", "&")):
        text = text.replace(escape, letter)
    return text


class Asker:
    def __init__(self, cloud, bucket):
        self.cloud, self.names = cloud, NAMES | {"<bucket>": bucket}

    def fill(self, text):
        text = re.sub(r"<(bucket|ns|other|versioned|foreign|elsewhere|dotted)>", lambda found: self.names[found[0]], text)
        return re.sub(r"<(\d+) (.)>", lambda found: int(found[1]) * found[2], text)

    def send(self, step):
        path = self.fill(step.get("path", f"/{step.get('bucket', '<bucket>')}"))
        request = Request(step.get("method", "PUT"), path, step.get("query", ""), [("Host", f"127.0.0.1:{self.cloud.server.port}")],
                          self.fill(step.get("body", "")).encode())
        request.headers += list(step.get("headers", {}).items())
        if not step.get("unsigned"):
            request.set("x-amz-content-sha256", "UNSIGNED-PAYLOAD")
            sign(request, self.cloud.a, Scope("s3"), stamp(now()))
        return send(self.cloud.server.port, request)

    def check(self, step):
        answer = self.send(step)
        body = answer.body.decode()
        assert answer.status == step["status"], body
        if "code" in step:
            assert element(body, "Code") == step["code"]
        if "message" in step:
            assert element(body, "Message") == self.fill(step["message"])
        for name, value in step.get("elements", {}).items():
            assert element(body, name) == (None if value is None else self.fill(value)), name
        if "answer" in step:
            assert body == (DECLARATION if step["answer"] else "") + self.fill(step["answer"])
        for name, value in step.get("answer_headers", {}).items():
            assert answer.headers.get(name) == value, name


@pytest.mark.parametrize("number", range(len(CASES)), ids=[case["name"] for case in CASES])
def test_a_configuration(buckets, number):
    case = CASES[number]
    assert case.keys() <= FIELDS and {"name", "rule", "status"} <= case.keys()
    bucket = f"cfg-{number}"
    buckets.client("s3", buckets.a).create_bucket(Bucket=bucket)
    asker = Asker(buckets, bucket)
    for method, query, body in case.get("before", []):
        answer = asker.send({"method": method, "query": query, "body": body})
        assert answer.status < 300, answer.body
    asker.check({name: value for name, value in case.items() if name in STEP})
    if "shows" in case:
        asker.check({"method": "GET", "query": case["query"], "status": 200, "answer": case["shows"],
                     "answer_headers": case.get("shows_headers", {})})
    if "then" in case:
        assert case["then"].keys() <= STEP
        asker.check(case["then"])
