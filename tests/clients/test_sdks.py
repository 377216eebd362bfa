"""The AWS SDKs, each with its own credential providers and exceptions: the programs of sdks/ do the same, and must see the same."""
import functools
import re
import subprocess
from typing import NamedTuple

import pytest

from sdks import SDKS

pytest.importorskip("cryptography", reason="no `cryptography` package to sign tokens with")
from scene import A, B, BUCKET, Scene, role  # noqa: E402

BEHIND = 890  # seconds: a session of 900, the shortest that there is, ends in ten; a signature may be from 900 seconds ahead


def session(role_and_name):
    return f"arn:aws:sts::{B}:assumed-role/{role_and_name}"


def not_authorized(name):
    return f"AccessDenied: User: arn:aws:iam::{A}:user/SDK is not authorized to perform: sts:AssumeRole on resource: {role(name)}"


class Raised(NamedTuple):
    """An exception: its name in the API's model, and its code on the wire."""
    model: str
    code: str


NO_ROLE, TAKEN = Raised("NoSuchEntityException", "NoSuchEntity"), Raised("EntityAlreadyExistsException", "EntityAlreadyExists")
MALFORMED, NOT_MINE = Raised("MalformedPolicyDocumentException", "MalformedPolicyDocument"), Raised("BucketAlreadyExists", "BucketAlreadyExists")
EXPIRED, FOREIGN = Raised("ExpiredTokenException", "ExpiredTokenException"), Raised("InvalidIdentityTokenException", "InvalidIdentityToken")
TOO_LONG = "ValidationError: The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining."
WRONG_CODE = "AccessDenied: MultiFactorAuthentication failed with invalid MFA one time pass code. "
KEY, UUID = re.compile(r"ASIA[A-Z2-7]{16}"), re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")

# What each step sees: a text, a pattern where it is another each time, an exception.
SEEN = {
    "external-id": {"arn": session("Partner/sdk"), "buckets": BUCKET, "without": not_authorized("Partner"), "wrong": not_authorized("Partner")},
    "chain": {"arn": session("Next/hop"), "one-hour": session("Next/hour"), "two-hours": TOO_LONG},
    "web-identity": {"arn": session("Pod/pod"), "buckets": BUCKET, "expired": EXPIRED, "foreign": FOREIGN},
    "profile": {"arn": session("Partner/profile"), "buckets": BUCKET},
    "mfa": {"arn": session("Guarded/sdk"), "again": WRONG_CODE, "without": not_authorized("Guarded")},
    "refresh": {"first": KEY, "kept": KEY, "before": KEY, "after": KEY},
    "errors": {"no-such-role": NO_ROLE, "status": "404", "request-id": UUID, "taken-name": TAKEN, "session-policy": MALFORMED,
               "taken-bucket": NOT_MINE},
}


@pytest.fixture(scope="module")
def scene(tmp_path_factory):
    """The scene by how far its clock is behind."""
    made = {}

    def of(behind):
        if behind not in made:
            made[behind] = Scene(tmp_path_factory.mktemp("scene"), behind)
        return made[behind]

    yield of
    for each in made.values():
        each.stop()


@pytest.fixture(scope="module")
def program():
    """Made once for all steps; that it cannot be made is found once, too."""
    @functools.cache
    def outcome(name):
        try:
            SDKS[name].make()
        except (pytest.skip.Exception, AssertionError, subprocess.TimeoutExpired) as reason:
            return reason

    def made(name):
        if (reason := outcome(name)) is not None:
            raise reason
        return SDKS[name]

    return made


def fits(wanted, seen, sdk):
    if isinstance(wanted, re.Pattern):
        return wanted.fullmatch(seen) is not None
    return seen == (sdk.spelled(wanted) if isinstance(wanted, Raised) else wanted.replace("user/SDK", f"user/{sdk.name}"))


@pytest.mark.parametrize("step", SEEN)
@pytest.mark.parametrize("name", SDKS)
def test_the_sdk(scene, program, name, step):
    sdk = program(name)
    if step in sdk.without:
        pytest.skip(f"the SDK for {name} that is here has no such thing")
    of = scene(BEHIND if step == "refresh" else 0)
    seen = sdk.sees(step, of.environment(name, step))
    expected = {what: wanted for what, wanted in SEEN[step].items() if what not in sdk.without}
    for what, wanted in expected.items():
        assert what in seen and fits(wanted, seen[what], sdk), f"{what}: {seen.get(what)}\nwanted: {wanted}"
    assert seen.keys() == expected.keys()
    if step == "refresh":
        assert seen["first"] == seen["kept"], "a session that is good for long is gotten anew"
        assert seen["before"] != seen["after"], "a session that is about to end is kept"
