"""The guide with the AWS SDK for JavaScript v3, in a process of its own (js/guide.mjs)."""
import json
import shutil
import subprocess
from pathlib import Path

import pytest

import guide

JS = Path(__file__).parent / "js"


def reason_to_skip():
    if shutil.which("node") is None:
        return "no Node: run scripts/install-deps test"
    if not (JS / "node_modules/@aws-sdk/client-sts").is_dir():
        return "the AWS SDK for JavaScript is not installed: run scripts/install-deps test"
    return None


@pytest.mark.skipif(reason_to_skip() is not None, reason=str(reason_to_skip()))
def test_the_guide_with_the_javascript_sdk(fresh):
    world = {
        "endpoint": fresh.server.endpoint,
        "a": {"accessKeyId": fresh.a.id, "secretAccessKey": fresh.a.secret},
        "b": {"accessKeyId": fresh.b.id, "secretAccessKey": fresh.b.secret},
        "trust": guide.TRUST, "rolePolicy": guide.ROLE_POLICY, "userPolicy": guide.USER_POLICY,
        "elsewhere": guide.trust("arn:aws:iam::222222222222:root"),
        "partner": guide.trust(guide.USER_ARN, Condition={"StringEquals": {"sts:ExternalId": "contract-4711"}}),
    }
    done = subprocess.run(["node", "guide.mjs"], input=json.dumps(world), cwd=JS, env=fresh.server.environment(),
                          capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stdout + done.stderr
    seen = json.loads(done.stdout)
    assert seen["session"] == guide.SESSION_ARN
    assert seen["buckets"] == ["js-guide-bucket"]
    partner, nobody = (f"arn:aws:iam::222222222222:role/{name}" for name in ("Partner", "NoTrust"))
    denied = {"status": 403, "code": "AccessDenied"}
    assert seen["noTrust"] == denied | {"message": guide.not_authorized(guide.USER_ARN, "sts:AssumeRole", nobody)}
    assert seen["wrongExternalId"] == denied | {"message": guide.not_authorized(guide.USER_ARN, "sts:AssumeRole", partner)}
    assert seen["notGiven"] == denied | {"message": guide.not_authorized(
        guide.SESSION_ARN, "s3:CreateBucket", '"arn:aws:s3:::js-not-given"', guide.no_identity_policy("s3:CreateBucket"))}
    plain = guide.not_authorized(guide.USER_ARN, "sts:AssumeRole", guide.ROLE_ARN)
    assert seen["noPermission"] == denied | {"message": plain}
