"""What a server tells those who watch it: GET /metrics, read by Prometheus's own parser, and logs as lines of JSON."""
import json
import re
import urllib.error
import urllib.request

import pytest

from conftest import ACCOUNT_A, Cloud, Keys
from deputy import PATIENCE, Server
from sigv4 import Request, Scope, form, now, send, sign, stamp

parser = pytest.importorskip("prometheus_client.parser", reason="no prometheus-client: scripts/install-deps test")

ROLE = f"arn:aws:iam::{ACCOUNT_A}:role/Deploy"
TRUST = json.dumps({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": {"AWS": ACCOUNT_A}, "Action": "sts:AssumeRole"}]})


@pytest.fixture
def watched(tmp_path):
    server = Server(tmp_path)
    server.start("--metrics", "127.0.0.1:0", "--log-format", "json")
    cloud = Cloud(server)
    cloud.metrics = re.search(r"metrics at (http://[0-9.:]+/metrics)", server.log).group(1)
    yield cloud
    server.stop()


def fetch(url, method="GET"):
    with urllib.request.urlopen(urllib.request.Request(url, method=method), timeout=PATIENCE) as answer:
        return answer.headers["Content-Type"], answer.read().decode()


def samples(cloud):
    kind, text = fetch(cloud.metrics)
    assert kind == "text/plain; version=0.0.4; charset=utf-8"
    return {(s.name, frozenset(s.labels.items())): s.value
            for family in parser.text_string_to_metric_families(text) for s in family.samples}


def value(all_samples, name, **labels):
    return all_samples.get((name, frozenset(labels.items())), 0)


def test_calls_decisions_and_the_rest_are_counted(watched):
    iam, sts = watched.client("iam", watched.a), watched.client("sts", watched.a)
    iam.create_role(RoleName="Deploy", AssumeRolePolicyDocument=TRUST)
    iam.create_user(UserName="dana")
    keys = iam.create_access_key(UserName="dana")["AccessKey"]
    dana = watched.client("sts", Keys(keys["AccessKeyId"], keys["SecretAccessKey"]))
    for _ in range(3):
        with pytest.raises(dana.exceptions.ClientError, match="AccessDenied"):
            dana.assume_role(RoleArn=ROLE, RoleSessionName="session")
    iam.put_user_policy(UserName="dana", PolicyName="may", PolicyDocument=json.dumps(
        {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "sts:AssumeRole", "Resource": ROLE}]}))
    dana.assume_role(RoleArn=ROLE, RoleSessionName="session")
    sts.get_caller_identity()

    said = samples(watched)
    assert value(said, "deputy_requests_total", service="iam", operation="CreateRole", code="") == 1
    assert value(said, "deputy_requests_total", service="sts", operation="AssumeRole", code="AccessDenied") == 3
    assert value(said, "deputy_requests_total", service="sts", operation="AssumeRole", code="") == 1
    assert value(said, "deputy_request_duration_seconds_count", service="sts") == 5
    assert value(said, "deputy_request_duration_seconds_bucket", service="sts", le="+Inf") == 5
    assert value(said, "deputy_decisions_total", effect="implicit_deny", layer="identity") == 3
    assert value(said, "deputy_decisions_total", effect="allow", layer="") >= 5
    assert value(said, "deputy_store_commits_total", outcome="durable") >= 4
    assert value(said, "deputy_store_commits_waiting") == 0
    assert value(said, "deputy_audit_lines_total", share="known") >= 9
    assert value(said, "deputy_audit_lost_lines_total", share="known") == 0
    assert value(said, "deputy_accounts") == 2
    assert value(said, "deputy_entities", kind="role") == 1
    assert value(said, "deputy_entities", kind="user") == 1
    assert value(said, "deputy_snapshot_revision") > 0
    assert value(said, "process_open_fds") > 3
    assert value(said, "process_resident_memory_bytes") > 1_000_000


def test_nothing_that_a_caller_chose_becomes_a_label(watched):
    port, before = watched.server.port, len(samples(watched))
    for i in range(30):
        junk = f"junk{i}"
        body = form({"Action": junk, "Version": "2010-05-08"}).encode()
        headers = [("Host", f"{junk}.example.com"), ("User-Agent", junk), ("Content-Type", "application/x-www-form-urlencoded")]
        for scope in (Scope("iam"), Scope("sts"), Scope(junk), Scope("s3", region=junk)):
            request = Request("POST", f"/{junk}", headers=headers, body=body)
            sign(request, watched.a, scope, stamp(now()))
            send(port, request, timeout=PATIENCE)
        send(port, Request("GET", f"/{junk}?x={junk}", headers=headers), timeout=PATIENCE)
    _, text = fetch(watched.metrics)
    assert "junk" not in text
    assert len(samples(watched)) < before + 150


def test_metrics_are_read_where_the_operator_says_and_nowhere_else(watched):
    for url, method, status in [(watched.metrics, "POST", 405), (watched.metrics.replace("/metrics", "/"), "GET", 404)]:
        with pytest.raises(urllib.error.HTTPError) as refused:
            fetch(url, method)
        assert refused.value.code == status
    with pytest.raises(urllib.error.HTTPError) as refused:
        fetch(watched.server.endpoint + "/metrics")
    assert refused.value.code in (403, 404, 501) and b"deputy_requests" not in refused.value.read()
    head = urllib.request.Request(watched.metrics, method="HEAD")
    with urllib.request.urlopen(head, timeout=PATIENCE) as answer:
        assert answer.status == 200 and answer.read() == b""


def test_logs_are_lines_of_json(watched):
    lines = [json.loads(line) for line in watched.server.log.splitlines()]
    assert {"time", "level", "message"} == set(lines[0])
    assert any(line["message"].startswith("listening on 127.0.0.1:") and line["level"] == "info" for line in lines)


def test_where_nobody_can_listen_is_said(tmp_path):
    done = Server(tmp_path).run("serve", "--listen", "127.0.0.1:0", "--data", tmp_path / "d", "--metrics", "nonsense", check=False)
    assert done.returncode == 1 and '--metrics: "nonsense" is not HOST:PORT' in done.stderr
