#!/usr/bin/env python3
"""Fills a server with many roles and compares it with a small one: bench/many_roles.py [ACCOUNTS [ROLES_EACH]].

DEPUTY=another/binary measures that one. Accounts come through `deputy account create`, roles through signed CreateRole requests that deputy_load sends. Then: how
long a restart takes until the first AssumeRole, the memory, and AssumeRole over all roles beside AssumeRole of ten."""
import json
import os
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import urlencode

sys.path.insert(0, str(Path(__file__).parent))
import sign_requests  # noqa: E402

ROOT = Path(__file__).resolve().parents[1]
DEPUTY = Path(os.environ.get("DEPUTY", ROOT / "build/release/deputy"))
LOAD = ROOT / "build/release/bench/deputy_load"
ACCOUNTS, EACH = (int(a) for a in (sys.argv[1:] + ["1000", "100"][len(sys.argv) - 1:]))
CALLER = "100000000000"


class Server:
    def __init__(self, folder):
        self.data = f"{folder}/data"
        began = time.monotonic()
        self.process = subprocess.Popen([DEPUTY, "serve", "--data", self.data, "--listen", "127.0.0.1:0", "--log-level", "error"])
        while not os.path.exists(f"{self.data}/endpoint"):
            time.sleep(0.0005)
            assert self.process.poll() is None
        self.port = int(open(f"{self.data}/endpoint").read().rsplit(":", 1)[1])
        self.began = began

    def stop(self):
        self.process.terminate()
        self.process.wait()

    def memory(self):
        status = open(f"/proc/{self.process.pid}/status").read()
        return int(status.split("VmRSS:")[1].split()[0]) / 1024

    def load(self, requests, count, expect=200, warmup=0):
        with tempfile.NamedTemporaryFile() as file:
            for request in requests:
                file.write(str(len(request)).encode() + b"\n" + request)
            file.flush()
            out = subprocess.run([LOAD, "--port", str(self.port), "--requests", file.name, "--count", str(count), "--warmup",
                                  str(warmup), "--expect", str(expect), "--server-pid", str(self.process.pid), "--json"],
                                 check=True, capture_output=True, text=True).stdout
        return json.loads(out)


def account(server, number, folder):
    out = subprocess.run([DEPUTY, "account", "create", number, "--name", "A", "--data", server.data, "--output", "json"],
                         check=True, capture_output=True, text=True).stdout
    return json.loads(out)


def signed(server, keys, service, parameters):
    return sign_requests.signed(urlencode(parameters), keys, server.port, service)


def fill(server, accounts, each, folder):
    caller = account(server, CALLER, folder)
    trust = json.dumps({"Version": "2012-10-17", "Statement": [
        {"Effect": "Allow", "Principal": {"AWS": CALLER}, "Action": "sts:AssumeRole"}]})
    iam = {"Version": "2010-05-08"}
    server.load([signed(server, caller, "iam", {"Action": "CreateUser", "UserName": "u", **iam})], 1)
    server.load([signed(server, caller, "iam", {"Action": "PutUserPolicy", "UserName": "u", "PolicyName": "p",
                 "PolicyDocument": json.dumps({"Version": "2012-10-17", "Statement": [
                     {"Effect": "Allow", "Action": "sts:AssumeRole", "Resource": "*"}]}), **iam})], 1)
    numbers = [str(200000000000 + i) for i in range(accounts)]
    with ThreadPoolExecutor(8) as pool:
        keys = list(pool.map(lambda n: account(server, n, folder), numbers))
    requests = [signed(server, k, "iam", {"Action": "CreateRole", "RoleName": f"role-{i}", "AssumeRolePolicyDocument": trust, **iam})
                for k in keys for i in range(each)]
    made = server.load(requests, len(requests))
    return caller, [f"arn:aws:iam::{n}:role/role-{i}" for n in numbers for i in range(each)], made


def user_key(server, caller, profile_folder):
    import urllib.request
    raw = signed(server, caller, "iam", {"Action": "CreateAccessKey", "UserName": "u", "Version": "2010-05-08"})
    head, body = raw.split(b"\r\n\r\n", 1)
    headers = dict(line.split(": ", 1) for line in head.decode().split("\r\n")[1:])
    request = urllib.request.Request(f"http://127.0.0.1:{server.port}/", data=body, headers=headers)
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    answer = opener.open(request).read().decode()
    pick = lambda name: answer.split(f"<{name}>")[1].split("<")[0]
    return {"AccessKeyId": pick("AccessKeyId"), "SecretAccessKey": pick("SecretAccessKey")}


def measure(accounts, each):
    with tempfile.TemporaryDirectory() as folder:
        server = Server(folder)
        caller, roles, made = fill(server, accounts, each, folder)
        key = user_key(server, caller, folder)
        server.stop()
        starts = []
        for _ in range(5):
            server = Server(folder)
            one = signed(server, key, "sts", {"Action": "AssumeRole", "Version": "2011-06-15", "RoleArn": roles[0], "RoleSessionName": "ab"})
            server.load([one], 1)
            starts.append((time.monotonic() - server.began) * 1000)
            if _ < 4:
                server.stop()
        idle = server.memory()
        step = max(1, len(roles) // 5000)
        requests = [signed(server, key, "sts", {"Action": "AssumeRole", "Version": "2011-06-15", "RoleArn": arn, "RoleSessionName": "ab"})
                    for arn in roles[::step]]
        results = sorted(server.load(requests, 60000, warmup=10000)["serverCpuMicros"] for _ in range(3))
        server.stop()
        return {"roles": len(roles), "createPerSecond": round(made["requestsPerSecond"]), "startMillis": round(sorted(starts)[2], 1),
                "memoryMiB": round(idle, 1), "assumeRoleCpuMicros": results[1]}


small, large = measure(1, 10), measure(ACCOUNTS, EACH)
for row in (small, large):
    print(json.dumps(row))
print(f"AssumeRole over {large['roles']} roles costs {large['assumeRoleCpuMicros'] / small['assumeRoleCpuMicros']:.2f} times that over ten")
