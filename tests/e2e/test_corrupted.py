"""Sends each case of tests/wire/corrupted.json to a server and compares the answer with AWS's."""
import base64
import hashlib
import json
import re
import time
import xml.etree.ElementTree as ElementTree
from dataclasses import replace

import pytest

import guide
from conftest import ACCOUNT_A, ACCOUNT_B, Cloud, Keys
from deputy import ROOT, Server
from sigv4 import Request, Scope, form, now, presign, send, sign, stamp
from totp import totp

TABLE = json.loads((ROOT / "tests/wire/corrupted.json").read_text())
CASES, DIFFERENCES = TABLE["cases"], TABLE.get("known_differences", [])
VERSIONS = {"sts": "2011-06-15", "iam": "2010-05-08"}
HOME = {"sts": "GetCallerIdentity", "iam": "ListUsers", "organizations": "ListAccounts"}
EMPTY = hashlib.sha256(b"").hexdigest()
FIELDS = {"name", "rule", "service", "as", "action", "parameters", "method", "path", "query", "body", "body_of", "auth",
          "scope", "shift", "expires", "unsigned", "secret", "before", "after", "status", "code", "code_like", "message",
          "message_like", "elements", "namespace", "location", "empty", "raw", "members", "reason"}
CHOICES = {"service": {"sts", "iam", "s3", "organizations"}, "auth": {"header", "query", "none"}, "secret": {"wrong"}}
CHANGES = [{"set", "to"}, {"drop"}, {"add", "value"}, {"append", "text"}, {"replace", "from", "to"}, {"flip"},
           {"upper", "part"}, {"method"}, {"path"}, {"body"}, {"query_append"}, {"replace_query", "to"},
           {"without_token"}]
OF_AN_ERROR = {"message", "message_like", "elements", "namespace", "members"}


class World:
    """A server with one account and every kind of caller that a case may name."""

    def __init__(self, server):
        self.server = server
        cloud = Cloud(server)
        iam = cloud.client("iam", cloud.a)
        for name in ("user", "sleeper", "leaver"):
            iam.create_user(UserName=name)
        for name in ("user", "leaver"):
            iam.put_user_policy(UserName=name, PolicyName="all", PolicyDocument=guide.policy("Allow", "*", "*"))
        organized = self.organize(cloud.client("organizations", cloud.a))
        cloud.client("s3", cloud.a).create_bucket(Bucket="a-private-bucket")
        user, inactive, deleted = (Keys.of(iam.create_access_key(UserName=name)["AccessKey"])
                                   for name in ("user", "sleeper", "sleeper"))
        iam.update_access_key(UserName="sleeper", AccessKeyId=inactive.id, Status="Inactive")
        iam.delete_access_key(UserName="sleeper", AccessKeyId=deleted.id)
        wrong, used = self.enable_devices(iam)
        iam.create_user(UserName="console")
        for name in ("user", "console"):
            iam.create_login_profile(UserName=name, Password="Passw0rd")
        trust = guide.trust(f"arn:aws:iam::{ACCOUNT_A}:root")
        for role in ("Stays", "Gone", "Reborn"):
            iam.create_role(RoleName=role, AssumeRolePolicyDocument=trust)
        session, other, gone, reborn = (self.assume(user, role) for role in ("Stays", "Stays", "Gone", "Reborn"))
        iam.delete_role(RoleName="Gone")
        iam.delete_role(RoleName="Reborn")
        iam.create_role(RoleName="Reborn", AssumeRolePolicyDocument=trust)
        leaver = Keys.of(iam.create_access_key(UserName="leaver")["AccessKey"])
        orphan = Keys.of(cloud.client("sts", leaver).get_session_token()["Credentials"])
        iam.delete_access_key(UserName="leaver", AccessKeyId=leaver.id)
        iam.delete_user_policy(UserName="leaver", PolicyName="all")
        iam.delete_user(UserName="leaver")
        closed = cloud.b
        server.run("account", "delete", ACCOUNT_B, "--force", "--data", server.data)
        server.move_clock(-1000)  # a session of a quarter of an hour that was issued then is over now
        expired = self.assume(user, "Stays", shift=-1000)
        server.move_clock(1000)
        self.callers = {
            "user": user, "inactive": inactive, "deleted": deleted, "session": session, "gone": gone, "reborn": reborn,
            "expired": expired, "orphan": orphan, "left": leaver, "closed": closed, "root": cloud.a,
            "session token": Keys.of(cloud.client("sts", user).get_session_token()["Credentials"]),
            "nobody": Keys("AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"),
        }
        spoilt = session.token[:40] + ("A" if session.token[40] != "A" else "B") + session.token[41:]
        self.names = {"<role>": f"arn:aws:iam::{ACCOUNT_A}:role/Stays", "<root key>": cloud.a.id,
                      "<session token>": session.token, "<other token>": other.token,
                      "<half token>": session.token[:len(session.token) // 2], "<spoilt token>": spoilt,
                      "<wrong code>": wrong, "<used code>": used, **organized}

    @staticmethod
    def organize(organizations):
        """A unit, a policy that is attached to the root, and one of a type that is off."""
        organizations.create_organization()
        root = organizations.list_roots()["Roots"][0]["Id"]
        organizations.enable_policy_type(RootId=root, PolicyType="SERVICE_CONTROL_POLICY")
        unit = organizations.create_organizational_unit(ParentId=root, Name="Unit")["OrganizationalUnit"]["Id"]
        document = {"Effect": "Deny", "Action": "s3:GetObject", "Resource": "*"}
        policy, rcp = (organizations.create_policy(Name="Held", Description="", Type=kind, Content=json.dumps(
            {"Version": "2012-10-17", "Statement": document | more}))["Policy"]["PolicySummary"]["Id"]
            for kind, more in (("SERVICE_CONTROL_POLICY", {}), ("RESOURCE_CONTROL_POLICY", {"Principal": "*"})))
        organizations.attach_policy(PolicyId=policy, TargetId=root)
        return {"<root id>": root, "<unit>": unit, "<policy>": policy, "<rcp>": rcp}

    def enable_devices(self, iam):
        """A device of the user, one of somebody else, and one of nobody. A code that is wrong, and one that is used up."""
        iam.create_user(UserName="holder")
        for name, user in (("phone", "user"), ("tablet", "holder"), ("spare", None)):
            device = iam.create_virtual_mfa_device(VirtualMFADeviceName=name)["VirtualMFADevice"]
            seed, at = base64.b32decode(device["Base32StringSeed"]), time.time()
            if name == "phone":
                near = {totp(seed, at + 30 * periods) for periods in range(-100, 100)}
                wrong = next(code for code in map("{:06}".format, range(1000)) if code not in near)
                used = totp(seed, at)
            if user:
                iam.enable_mfa_device(UserName=user, SerialNumber=device["SerialNumber"],
                                      AuthenticationCode1=totp(seed, at - 30), AuthenticationCode2=totp(seed, at))
        return wrong, used

    def assume(self, keys, role, shift=0):
        parameters = {"Action": "AssumeRole", "Version": VERSIONS["sts"], "DurationSeconds": "900",
                      "RoleArn": f"arn:aws:iam::{ACCOUNT_A}:role/{role}", "RoleSessionName": "dev"}
        request = query_call(self.server, form(parameters))
        sign(request, keys, Scope("sts"), stamp(now(shift)))
        answer = send(self.server.port, request)
        assert answer.status == 200, answer.body
        return Keys.of({element.tag.split("}")[1]: element.text for element in ElementTree.fromstring(answer.body).iter()})


def query_call(server, body):
    return Request("POST", headers=[("Host", f"127.0.0.1:{server.port}"),
                                    ("Content-Type", "application/x-www-form-urlencoded; charset=utf-8")],
                   body=body.encode())


def plain_request(case, world, keys):
    """The well-formed request that the case starts from."""
    service = case.get("service", "sts")
    case = case | {name: fill(case[name], world.names) for name in ("path", "query") if name in case}
    method = case.get("method", "GET" if service == "s3" else "POST")
    if service == "s3":
        body = case.get("body", "").encode()
        digest = "UNSIGNED-PAYLOAD" if case.get("auth") == "query" else hashlib.sha256(body).hexdigest()
        headers = [("Host", f"127.0.0.1:{world.server.port}")]
        if case.get("auth", "header") == "header":
            headers.append(("x-amz-content-sha256", digest))
        return Request(method, case.get("path", "/"), case.get("query", ""), headers, body)
    if service == "organizations":
        body = case["body"] if "body" in case else json.dumps(case.get("parameters", {}))
        return Request(method, case.get("path", "/"), case.get("query", ""), [
            ("Host", f"127.0.0.1:{world.server.port}"), ("Content-Type", "application/x-amz-json-1.1"),
            ("X-Amz-Target", f"AWSOrganizationsV20161128.{case.get('action', HOME[service])}")],
            fill(body, world.names).encode().ljust(case.get("body_of", 0)))
    parameters = dict(case.get("parameters", {}))
    if not {"Action", "Version"} & parameters.keys():
        parameters = {"Action": case.get("action", HOME[service]), "Version": VERSIONS[service]} | parameters
    parameters = {name: fill(value, world.names | {"<key>": keys.id}) for name, value in parameters.items()}
    request = query_call(world.server, case["body"] if "body" in case else form(parameters))
    if "body_of" in case:
        request.body = request.body.ljust(case["body_of"], b"x")
    request.method, request.path, request.query = method, case.get("path", "/"), case.get("query", "")
    if method == "GET" or case.get("auth") == "query" and "query" not in case:
        request.drop("Content-Type")
    if case.get("auth") == "query" and not request.query:
        request.method, request.query, request.body = "GET", request.body.decode(), b""
    return request


def fill(text, names):
    """`<65 x>` is 65 times x; the other names are of what was prepared or sent."""
    text = re.sub(r"<(\d+) (\w+)>", lambda found: found[2] * int(found[1]), text)
    for name, value in names.items():
        text = text.replace(name, value)
    return text


def change(request, step, names):
    step = {key: fill(value, names) if isinstance(value, str) else value for key, value in step.items()}
    match step:
        case {"set": header, "to": value}:
            request.set(header, value)
        case {"drop": header}:
            assert request.get(header) is not None, f"there is no {header} to drop"
            request.drop(header)
        case {"add": header, "value": value}:
            request.headers.append((header, value))
        case {"append": header, "text": text}:
            request.set(header, request.get(header) + text)
        case {"replace": header, "from": pattern, "to": text}:
            changed, count = re.subn(pattern, text, request.get(header))
            assert count, f"{header} has no {pattern}"
            request.set(header, changed)
        case {"flip": header}:
            value = request.get(header)
            request.set(header, value[:-1] + ("0" if value[-1] != "0" else "1"))
        case {"upper": header, "part": pattern}:
            changed, count = re.subn(pattern, lambda found: found[0].upper(), request.get(header))
            assert count, f"{header} has no {pattern}"
            request.set(header, changed)
        case {"method": method}:
            request.method = method
        case {"replace_query": pattern, "to": text}:
            request.query, count = re.subn(pattern, text, request.query)
            assert count, f"the query has no {pattern}"
        case {"query_append": text}:
            request.query += text
        case {"path": path}:
            request.path = path
        case {"body": body}:
            request.body = body.encode()
        case _:
            raise AssertionError(f"unknown change {step}")


def make(case, world):
    """The request of a case as it goes over the wire, and the names that its expectations may use."""
    assert not case.keys() - FIELDS, f"unknown fields {case.keys() - FIELDS}"
    assert all(case[field] in known for field, known in CHOICES.items() if field in case)
    assert all(step.keys() in CHANGES for step in case.get("before", []) + case.get("after", []))
    keys = world.callers[case.get("as", "user")]
    names = world.names | {"<key>": keys.id, "<token>": keys.token or ""}
    request = plain_request(case, world, keys)
    for step in case.get("before", []):
        if step == {"without_token": True}:
            keys = replace(keys, token=None)
        else:
            change(request, step, names)
    if case.get("secret") == "wrong":
        keys = replace(keys, secret="x" * 40)
    date = stamp(now(case.get("shift", 0)))
    names |= {"<date>": date, "<day>": date[:8],
              "<later>": stamp(now(case.get("shift", 0) + 2))}
    scope = Scope(**({"service": case.get("service", "sts")} | case.get("scope", {})))
    auth = case.get("auth", "header")
    if auth == "header":
        sign(request, keys, scope, date, case.get("unsigned", ()))
    elif auth == "query":
        presign(request, keys, scope, date, case.get("expires", 900), case.get("unsigned", ()))
    for step in case.get("after", []):
        change(request, step, names)
    authorization = request.get("Authorization") or ""
    names["<signature>"] = authorization.rpartition("Signature=")[2]
    names["<authorization hash>"] = base64.b64encode(hashlib.sha256(authorization.encode()).digest()).decode()
    return request, names


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    server = Server(tmp_path_factory.mktemp("corrupted")).start("--movable-clock")
    yield World(server)
    server.stop()


def test_the_table_is_large_and_its_names_differ():
    assert len(CASES) >= 100
    assert len({case["name"] for case in CASES + DIFFERENCES}) == len(CASES + DIFFERENCES)
    assert all("reason" in case for case in DIFFERENCES) and not any("reason" in case for case in CASES)


@pytest.mark.parametrize("service,auth", [(service, auth) for service in ("sts", "iam", "s3") for auth in ("header", "query")]
                         + [("organizations", "header")])
def test_nothing_is_refused_that_is_not_corrupted(world, service, auth):
    request, _ = make({"service": service, "auth": auth}, world)
    answer = send(world.server.port, request)
    assert answer.status == 200, answer.body


def parameter(case):
    differs = [pytest.mark.xfail(strict=True, reason=case["reason"])] if "reason" in case else []
    return pytest.param(case, id=case["name"], marks=differs)


@pytest.mark.parametrize("case", [parameter(case) for case in CASES + DIFFERENCES])
def test_corrupted(world, case):
    request, names = make(case, world)
    answer = send(world.server.port, request)
    said = f"{answer.status} {answer.body.decode(errors='replace')}"
    wanted = case["status"] if isinstance(case["status"], list) else [case["status"]]
    assert answer.status in wanted, said
    if "location" in case:
        assert answer.headers["Location"] == case["location"]
    if case.get("empty"):
        assert answer.body == b"", said
    if "raw" in case:
        assert answer.body.decode() == case["raw"]
    assert {"code", "code_like"} & case.keys() or not OF_AN_ERROR & case.keys(), "a message without a code"
    if {"code", "code_like"} & case.keys():
        if case.get("service") == "organizations":
            compare_json_error(case, answer, names, said)
        else:
            compare_error(case, ElementTree.fromstring(answer.body), names, said)


def compare_json_error(case, answer, names, said):
    """Framework errors have a lower-case message, modelled ones a capital one and maybe more members."""
    members = json.loads(answer.body)
    assert answer.headers["Content-Type"] == "application/x-amz-json-1.1" and answer.headers["x-amzn-RequestId"]
    assert members.pop("__type") == case["code"], said
    spelled = case.get("members", {}).get("spelled", "message")
    message = members.pop(spelled, None)
    if "message" in case:
        assert message == (None if case["message"] is None else fill(case["message"], names)), said
    if "message_like" in case:
        assert re.fullmatch(fill(case["message_like"], names), message or ""), said
    assert members == {name: value for name, value in case.get("members", {}).items() if name != "spelled"}, said


def compare_error(case, root, names, said):
    space, tags = "", {}
    for element in root.iter():
        space = space or (element.tag[1:].partition("}")[0] if element.tag.startswith("{") else "")
        tags[element.tag.rpartition("}")[2]] = element.text or ""
    if "code" in case:
        assert tags["Code"] == case["code"], said
    else:
        assert re.fullmatch(case["code_like"], tags["Code"]), said
    if "message" in case:
        assert tags.get("Message") == (None if case["message"] is None else fill(case["message"], names)), said
    if "message_like" in case:
        assert re.fullmatch(fill(case["message_like"], names), tags.get("Message", "")), said
    for name, value in case.get("elements", {}).items():
        assert tags.get(name) == fill(value, names), said
    if "namespace" in case:
        assert space == case["namespace"], said
    assert tags.get("RequestId"), "an error carries its request id"
