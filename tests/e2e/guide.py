"""What the guide is made of, for the clients that run it: documents, ARNs, AWS's sentences, and the page itself."""
import json
import re

from deputy import ROOT

USER_ARN = "arn:aws:iam::111111111111:user/crossAccountUser"
ROLE_ARN = "arn:aws:iam::222222222222:role/CrossAccountAccessRole"
SESSION_ARN = "arn:aws:sts::222222222222:assumed-role/CrossAccountAccessRole/dev-session"
PAGE = (ROOT / "docs/guides/cross-account-role.md").read_text()


def document(name):
    """What the page has its reader write into the file of that name."""
    return re.search(rf"^cat > {re.escape(name)} <<'EOF'\n(.*?)^EOF$", PAGE, re.M | re.S).group(1)


TRUST = document("trust-policy.json")
ROLE_POLICY = document("role-policy.json")
USER_POLICY = document("user-policy.json")


def policy(effect, action, resource, **more):
    statement = {"Effect": effect, "Action": action, "Resource": resource, **more}
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


def trust(principal, **more):
    statement = {"Effect": "Allow", "Principal": {"AWS": principal}, "Action": "sts:AssumeRole", **more}
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


def not_authorized(who, action, resource, reason=""):
    return f"User: {who} is not authorized to perform: {action} on resource: {resource}" + (reason and " " + reason)


def no_identity_policy(action):
    return f"because no identity-based policy allows the {action} action"
