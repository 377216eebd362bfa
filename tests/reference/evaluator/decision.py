"""The decision: the algorithm of E-16 and the sections it calls on (X, T, B, S, O, R, A)."""

from collections import namedtuple

from evaluator.conditions import condition_holds
from evaluator.documents import statements_of
from evaluator.doubt import Doubt
from evaluator.matching import action_matches, resource_matches
from evaluator.principals import FEDERATED_CALLS, Caller, is_exempt, kinds_of_match

Answer = namedtuple("Answer", "decision explicit layer")  # layer "any": the page does not say which

ALLOW = Answer("Allow", False, None)
LAYERS = ("rcp", "scp", "vpc_endpoint", "resource", "identity", "boundary", "session")  # [E-4]

NO_IDENTITY = ("service", "anonymous") + FEDERATED_CALLS
SESSIONS = ("role-session", "federated-user")

# [O-10] What the page names on either side; of any other service it does not tell.
RCP_COVERS = ("s3", "sts", "kms", "sqs", "secretsmanager", "dynamodb", "logs", "ecr", "events", "cognito-identity",
              "cognito-idp", "aoss", "firehose", "codebuild")
RCP_DOES_NOT_COVER = ("iam", "organizations", "ec2", "lambda", "sns")

BUCKET_POLICY_ACTIONS = ("s3:GetBucketPolicy", "s3:PutBucketPolicy", "s3:DeleteBucketPolicy")


class Policies:
    """`policies` of a case with the documents read; serves any number of requests."""

    def __init__(self, policies):
        self.identity = [s for policy in policies["identity"] for s in statements_of(policy["document"])]
        self.boundary = statements_or_none(policies["boundary"])
        self.session = [s for document in policies["session"] for s in statements_of(document)]
        self.has_session = bool(policies["session"])
        self.resource_kind = policies["resource"] and policies["resource"]["kind"]
        self.resource = statements_of(policies["resource"]["document"]) if policies["resource"] else []
        self.scp = [[s for document in level for s in statements_of(document)] for level in policies["scp"]]
        self.rcp = [[s for document in level for s in statements_of(document)] for level in policies["rcp"]]
        self.vpc_endpoint = statements_or_none(policies["vpc_endpoint"])


def statements_or_none(document):
    return None if document is None else statements_of(document)


prepare = Policies


def evaluate(case):
    return decide(case["request"], prepare(case["policies"]))


def decide(request, policies):
    """[E-16]"""
    caller = Caller(request["principal"])
    action, resource = request["action"], request["resource"]
    if needs_no_permission(caller, action):
        return ALLOW
    if caller.type == "root" and action == "sts:AssumeRole":
        return Answer("Deny", False, "any")
    if resource != "*" and not (resource.startswith("arn:") and resource.count(":") >= 5):
        raise Doubt("section 0: the resource is neither an ARN nor *")
    own_policy = kind_of_own_policy(action, resource)
    if own_policy and policies.resource_kind not in (own_policy, None):
        raise Doubt("E-10: a role or a key with a policy of another kind")

    layers = layers_that_take_part(caller, action, resource, policies)
    found = Findings(request, caller, policies, "boundary" in layers and policies.boundary is not None)

    for layer in LAYERS:
        if layer in layers and found.denies(layer):
            if layer == "resource" and root_keeps_its_bucket_policy(caller, request):
                continue
            return Answer("Deny", True, layer)

    def missing(layer):
        return Answer("Deny", False, layer)

    for layer in ("rcp", "scp"):
        if layer in layers and not all(found.level_allows(layer, level) for level in getattr(policies, layer)):
            return missing(layer)  # [O-2, O-7, O-13]
    if policies.vpc_endpoint is not None and not found.allows("vpc_endpoint"):
        return missing("vpc_endpoint")  # [E-12]

    kinds = found.kinds_of_grant()
    if caller.type in NO_IDENTITY:
        return ALLOW if "direct" in kinds else missing("resource")  # [A-1, A-4, T-13]

    identity_allows = caller.type == "root" or caller.made_by_root or found.allows("identity")
    has_boundary = found.has_boundary
    if caller.account != request["resource_account"]:
        if not kinds:
            return missing("resource")
        granted = identity_allows
    elif policies.resource_kind in ("trust", "key") or own_policy:
        if not kinds:
            return missing("resource")  # [E-10, E-11, T-2]
        if "direct" in kinds:
            limited = policies.resource_kind == "trust" and caller.type == "user" and has_boundary
            return missing("boundary") if limited and not found.allows("boundary") else ALLOW  # [T-5]
        granted = "entity" in kinds or identity_allows
    else:
        if "direct" in kinds:
            return ALLOW  # [E-5 to E-7]
        granted = "entity" in kinds or identity_allows
    if not granted:
        return missing("identity")
    if has_boundary and not found.allows("boundary"):
        return missing("boundary")
    if "session" in layers:
        if policies.has_session and not found.allows("session"):
            return missing("session")  # [S-1]
        if caller.type == "federated-user" and not policies.has_session:
            return missing("session")  # [S-2]
    return ALLOW


def needs_no_permission(caller, action):
    """[E-13]"""
    if action == "sts:GetCallerIdentity":
        if caller.type in NO_IDENTITY:
            raise Doubt("E-13: GetCallerIdentity of a caller without identity")
        return True
    if action == "sts:GetSessionToken":
        if caller.type not in ("user", "root"):
            raise Doubt("E-13: GetSessionToken of a session is refused before any policy")
        return True
    return False


def kind_of_own_policy(action, resource):
    """The policy that must allow even at home, and lets nobody in where it is missing. [E-10]"""
    service = action.split(":")[0].lower()
    fields = resource.split(":", 5)
    if len(fields) < 6:
        return None
    if service == "sts" and fields[2] == "iam" and fields[5].startswith("role/"):
        return "trust"
    if service == "kms" and fields[2] == "kms" and fields[5].startswith("key/"):
        return "key"
    return None


def layers_that_take_part(caller, action, resource, policies):
    """[E-2]"""
    layers = {"resource", "vpc_endpoint"}
    if rcp_takes_part(caller, action, resource, policies):
        layers.add("rcp")
    if caller.type in NO_IDENTITY:
        return layers
    if not caller.is_service_linked:
        layers.add("scp")  # [O-4, O-5, O-9]
    if caller.type == "root" or caller.made_by_root:
        if policies.identity:
            raise Doubt("R-1: root has no identity policies")
        if caller.type == "root":
            if policies.has_session:
                layers.add("session")
            return layers
    layers.add("identity")
    if not caller.made_by_root and not caller.is_service_linked:
        layers.add("boundary")  # [B-4, R-7]
    if caller.type in SESSIONS and not caller.is_service_linked:
        layers.add("session")
    return layers


def rcp_takes_part(caller, action, resource, policies):
    """[O-8, O-9, O-10]"""
    if not policies.rcp or caller.is_service_linked:
        return False
    fields = resource.split(":", 5)
    if caller.type == "service" and action == "sts:AssumeRole" and fields[-1].startswith("role/aws-service-role/"):
        if fields[-1].split("/")[2] != caller.service:
            raise Doubt("O-9: a service assumes the service-linked role of another service")
        return False
    service = action.split(":")[0]
    if service not in RCP_COVERS and service not in RCP_DOES_NOT_COVER:
        raise Doubt("O-10: is this service covered?")
    return service in RCP_COVERS and action != "kms:RetireGrant"


def root_keeps_its_bucket_policy(caller, request):
    """[R-5]"""
    return (caller.type == "root" and caller.account == request["resource_account"]
            and request["action"] in BUCKET_POLICY_ACTIONS)


class Findings:
    """The applicable statements of each layer for one request."""

    def __init__(self, request, caller, policies, has_boundary):
        self.request = request
        self.caller = caller
        self.policies = policies
        self.has_boundary = has_boundary
        # [C-5] keys ignore case; section 0: a key with an empty array counts as absent.
        self.context = {key.lower(): values for key, values in request["context"].items() if values}
        if len(self.context) != sum(bool(values) for values in request["context"].values()):
            raise Doubt("C-5: one key in two spellings")

    def denies(self, layer):
        return any(self.applies(s, layer) for s in self.statements(layer) if not s.allows)

    def allows(self, layer):
        return any(self.applies(s, layer) for s in self.statements(layer) if s.allows)

    def level_allows(self, layer, level):
        return any(self.applies(s, layer) for s in level if s.allows)

    def kinds_of_grant(self):
        """[P-13] how the applicable Allows of the resource policy name the caller."""
        kinds = set()
        for statement in self.policies.resource:
            if statement.allows:
                named = kinds_of_match(statement.principal, self.caller, grants=True)
                if named and self.matches(statement, "resource"):
                    kinds |= named
        return kinds

    def statements(self, layer):
        statements = getattr(self.policies, layer)
        if layer in ("scp", "rcp"):
            return [s for level in statements for s in level]
        return statements or []

    def applies(self, statement, layer):
        """Section 0: the principal, the action, the resource and the condition all match. For the Allows of a
        resource policy the kind of match counts too: see kinds_of_grant."""
        if layer in ("resource", "rcp", "vpc_endpoint") and not self.speaks_of_caller(statement):
            return False
        return self.matches(statement, layer)

    def speaks_of_caller(self, statement):
        if statement.not_principal is not None:
            if statement.allows:
                raise Doubt("L-8: NotPrincipal with Allow")
            return not is_exempt(statement.not_principal, self.caller, self.has_boundary)
        return bool(kinds_of_match(statement.principal, self.caller, grants=False))

    def matches(self, statement, layer):
        action, resource = self.request["action"], self.request["resource"]
        if statement.actions is not None:
            if not any(action_matches(pattern, action) for pattern in statement.actions):
                return False
        elif any(action_matches(pattern, action) for pattern in statement.not_actions):
            return False  # [M-4]

        def listed(patterns):
            completes = layer in ("identity", "boundary")  # [M-8]
            return any(resource_matches(pattern, resource, self.context, statement.has_variables, completes)
                       for pattern in patterns)

        if statement.resources is not None:
            if not listed(statement.resources):
                return False
        elif statement.not_resources is not None:
            if listed(statement.not_resources):
                return False  # [M-10]
        elif not (layer == "scp" or layer == "resource" and self.policies.resource_kind == "trust"):
            raise Doubt("L-8: a statement without Resource")  # [M-14] for the two that may lack it
        return condition_holds(statement, self.context)
