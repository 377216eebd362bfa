"""Why a call was refused: AWS's sentence, which for AssumeRole does not say whose side refused, and what each policy says to it.

The policies are read as they are now, by the accounts' root users, and `deputy evaluate --trace` decides the call again. What the request
alone knew (a tag, an address, a time) is not known here, so a condition on it reads as not met."""
import json
import re
import subprocess
from dataclasses import dataclass

from botocore.exceptions import BotoCoreError, ClientError

CODES = {"AccessDenied", "AccessDeniedException", "UnauthorizedOperation"}
SENTENCE = re.compile(r"User: (?P<who>\S+) is not authorized to perform: (?P<action>\S+)(?: on resource: \"?(?P<on>[^\s\"]+)\"?)?")


@dataclass
class Refusal:
    """What AWS says."""
    code: str
    message: str
    who: str = ""
    action: str = ""
    resource: str = ""
    explanation: str = ""

    @staticmethod
    def of(error):
        """None for an error that is no refusal."""
        said = error.response.get("Error", {})
        if said.get("Code") not in CODES:
            return None
        found = SENTENCE.search(said.get("Message", ""))
        parts = found.groupdict(default="") if found else {}
        return Refusal(said["Code"], said.get("Message", ""), parts.get("who", ""), parts.get("action", ""), parts.get("on", ""))

    def __str__(self):
        return f"{self.code}: {self.message}"


def explain(deputy, refusal, parameters=None):
    """A paragraph; says so where it cannot know."""
    if not refusal.who:
        return "(the sentence names nobody, so there are no policies to show)"
    try:
        return _explained(deputy, refusal, parameters or {})
    except (ClientError, BotoCoreError, RuntimeError, KeyError, ValueError, IndexError) as error:
        return f"(the policies cannot be read: {error})"


def _explained(deputy, refusal, parameters):
    account, kind, name = _who(refusal.who)
    policies, principal, boundary = _caller(deputy.account(account).iam, refusal.who, account, kind, name)
    resource, trust = refusal.resource or "*", None
    if refusal.action.startswith("sts:AssumeRole") and ":role/" in resource:
        owner = resource.split(":")[4]
        role = deputy.account(owner).iam.get_role(RoleName=resource.rpartition("/")[2])["Role"]
        trust = {"kind": "trust", "document": role["AssumeRolePolicyDocument"]}
    else:
        owner = resource.split(":")[4] if resource.count(":") > 4 and resource.split(":")[4] else account
    case = {"name": "refused",
            "request": {"principal": principal, "action": refusal.action, "resource": resource, "resource_account": owner,
                        "context": _context(refusal.who, account, parameters)},
            "policies": {"identity": policies, "boundary": boundary, "session": [], "resource": trust, "scp": [], "rcp": [],
                         "vpc_endpoint": None}}
    from .server import binary
    said = subprocess.run([binary(), "evaluate", "--trace"], input=json.dumps(case) + "\n", capture_output=True, text=True)
    answer = json.loads(said.stdout.splitlines()[0])
    if "error" in answer:
        raise ValueError(answer["error"])
    lines = _layer("the caller's policies", answer, "identity", [p["name"] for p in policies])
    if boundary is not None:
        lines += _layer("the permissions boundary", answer, "boundary", ["boundary"])
    if trust is not None:
        lines += _layer(f"the trust policy of {resource.rpartition('/')[2]}", answer, "resource", ["trust policy"])
    if answer["decision"] == "Allow":
        lines.append("These would allow it: what refused it is the session's own policy, an organization's, or what only the request knew.")
    return "\n".join(lines)


def _layer(title, answer, layer, names):
    verdict = {"allows": "allow it", "no-allow": "do not allow it", "denies": "deny it"}.get(answer["trace"]["layers"][layer],
                                                                                         answer["trace"]["layers"][layer])
    if not title.endswith("policies"):
        verdict = {"allow it": "allows it", "do not allow it": "does not allow it", "deny it": "denies it"}.get(verdict, verdict)
    lines = [f"{title[0].upper()}{title[1:]} {verdict}:"]
    for said in answer["trace"]["statements"]:
        if said["layer"] == layer:
            name = names[said["policy"]] if said["policy"] < len(names) else layer
            what = "applies" if said["applies"] else f"does not apply: {said['reason']}"
            lines.append(f"  {name}, statement {said['statement'] + 1} ({said['effect']}): {what}")
    if len(lines) == 1:
        lines[0] = lines[0][:-1] + " (there is none)" if not names else lines[0]
    return lines


def _who(arn):
    parts = arn.split(":", 5)
    kind, _, rest = parts[5].partition("/")
    return parts[4], kind, rest


def _caller(iam, arn, account, kind, rest):
    """(identity policies, principal, boundary) as a case wants them."""
    if kind == "root":
        return [], {"type": "root", "arn": arn, "account": account, "unique_id": account}, None
    if kind == "user":
        name = rest.rpartition("/")[2]
        user = iam.get_user(UserName=name)["User"]
        found = _policies(iam, "User", name)
        for group in iam.list_groups_for_user(UserName=name)["Groups"]:
            found += _policies(iam, "Group", group["GroupName"])
        return found, {"type": "user", "arn": arn, "account": account, "unique_id": user["UserId"]}, _boundary(iam, user)
    if kind == "assumed-role":
        name, _, session = rest.partition("/")
        role = iam.get_role(RoleName=name)["Role"]
        return (_policies(iam, "Role", name), {"type": "role-session", "arn": arn, "account": account, "role_arn": role["Arn"],
                                               "unique_id": f"{role['RoleId']}:{session}"}, _boundary(iam, role))
    raise ValueError(f"nothing is known of the policies of {arn}")


def _policies(iam, kind, name):
    who, lower = {f"{kind}Name": name}, kind.lower()
    found = []
    for policy in getattr(iam, f"list_{lower}_policies")(**who)["PolicyNames"]:
        document = getattr(iam, f"get_{lower}_policy")(**who, PolicyName=policy)["PolicyDocument"]
        found.append({"name": policy, "document": document})
    for attached in getattr(iam, f"list_attached_{lower}_policies")(**who)["AttachedPolicies"]:
        found.append({"name": attached["PolicyName"], "document": _managed(iam, attached["PolicyArn"])})
    return found


def _managed(iam, arn):
    version = iam.get_policy(PolicyArn=arn)["Policy"]["DefaultVersionId"]
    return iam.get_policy_version(PolicyArn=arn, VersionId=version)["PolicyVersion"]["Document"]


def _boundary(iam, entity):
    bound = entity.get("PermissionsBoundary")
    return _managed(iam, bound["PermissionsBoundaryArn"]) if bound else None


def _context(arn, account, parameters):
    """The keys that can be known of a call from here."""
    known = {"aws:PrincipalArn": arn, "aws:PrincipalAccount": account, "aws:SourceIp": "127.0.0.1", "aws:SecureTransport": "false",
             "sts:ExternalId": parameters.get("ExternalId"), "sts:RoleSessionName": parameters.get("RoleSessionName"),
             "sts:SourceIdentity": parameters.get("SourceIdentity")}
    return {key: [value] for key, value in known.items() if value}
