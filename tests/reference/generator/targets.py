"""What is called: an action on a resource, who owns it, and what kind of policy the resource carries."""

from generator.people import ACCOUNTS, ROLES, SERVICE_LINKED, USERS

OBJECT_KEYS = ["x", "x.txt", "home/alice/x.txt", "home/Alice/x", "home/a*/x", "a/b:c/d", "${aws:username}", "x?y", "*",
               "home/alice", "h\u00f6me/\u00fc", "team-red/y", "a:b:c", "$x", "aaaaaaab", "aab", "home/bob/a/x",
               "long/" + "ab" * 70, "a" * 33]
BUCKETS = ["b", "bkt", "bkt2", "my-bucket", "alice"]
REGIONS = ["us-east-1", "eu-west-1"]


class Target:
    def __init__(self, service, actions, resource, kind, callers=None):
        self.service = service
        self.actions = actions
        self.resource = resource  # (dice, account) -> ARN
        self.kind = kind  # of the resource policy; None: there is none
        self.callers = callers  # the types that may call; None: all with an account


def s3_object(dice, _account):
    return f"arn:aws:s3:::{dice.pick(BUCKETS)}/{dice.pick(OBJECT_KEYS)}"


def s3_bucket(dice, _account):
    return f"arn:aws:s3:::{dice.pick(BUCKETS)}"


def role(dice, account):
    paths = SERVICE_LINKED if dice.chance(0.25) else ROLES
    return f"arn:aws:iam::{account}:role/{dice.pick(paths)}"


def iam_user(dice, account):
    return f"arn:aws:iam::{account}:user/{dice.pick(USERS)}"


def key(dice, account):
    return f"arn:aws:kms:us-east-1:{account}:key/{dice.pick(['1234abcd', '1234abce'])}"


def queue(dice, account):
    return f"arn:aws:sqs:{dice.pick(REGIONS)}:{account}:{dice.pick(['q', 'q-1', 'orders', 'Q'])}"


def table(dice, account):
    region = dice.pick(REGIONS)
    return f"arn:aws:dynamodb:{region}:{account}:table/{dice.pick(['prod-x', 'prod-', 'prod-x/index/i', 't'])}"


def secret(dice, account):
    return f"arn:aws:secretsmanager:us-east-1:{account}:secret:{dice.pick(['db-AbCdEf', 'db', 'app/db:x'])}"


def star(_dice, _account):
    return "*"  # [M-12]


def all_buckets(_dice, _account):
    return "arn:aws:s3:::*"  # [M-12]


ASSUME = ["sts:AssumeRole", "sts:AssumeRole", "sts:TagSession", "sts:SetSourceIdentity"]
EVERYBODY = ("user", "role-session", "federated-user", "root", "service", "anonymous")

S3_OBJECT = Target("s3", ["s3:GetObject", "s3:PutObject", "s3:GetObjectVersion", "s3:DeleteObject"], s3_object,
                   "bucket", EVERYBODY)
S3_BUCKET = Target("s3", ["s3:ListBucket", "s3:GetBucketPolicy", "s3:PutBucketPolicy", "s3:DeleteBucketPolicy"],
                   s3_bucket, "bucket", EVERYBODY)
TRUST = Target("sts", ASSUME, role, "trust", ("user", "role-session", "federated-user", "root", "service"))
WEB_IDENTITY = Target("sts", ["sts:AssumeRoleWithWebIdentity"] * 3 + ["sts:TagSession"], role, "trust",
                      ("web-identity",))
SAML = Target("sts", ["sts:AssumeRoleWithSAML"] * 3 + ["sts:TagSession"], role, "trust", ("saml",))
KEY = Target("kms", ["kms:Decrypt", "kms:Encrypt", "kms:RetireGrant", "kms:GenerateDataKey"], key, "key",
             ("user", "role-session", "federated-user", "root", "service"))
QUEUE = Target("sqs", ["sqs:SendMessage", "sqs:ReceiveMessage"], queue, "generic", EVERYBODY)
TABLE = Target("dynamodb", ["dynamodb:GetItem", "dynamodb:DeleteTable", "dynamodb:Query"], table, "generic")
SECRET = Target("secretsmanager", ["secretsmanager:GetSecretValue", "secretsmanager:DescribeSecret"], secret, "generic")
IAM = Target("iam", ["iam:GetUser", "iam:CreateUser", "iam:DeleteUser", "iam:PassRole"], iam_user, None)
EC2 = Target("ec2", ["ec2:DescribeInstances", "ec2:StopInstances"], star, None)
STS_STAR = Target("sts", ["sts:DecodeAuthorizationMessage", "sts:GetAccessKeyInfo", "sts:GetCallerIdentity"], star,
                  None)
STS_TOKEN = Target("sts", ["sts:GetSessionToken", "sts:GetCallerIdentity"], star, None, ("user", "root"))
BUCKETS_OF_ACCOUNT = Target("s3", ["s3:ListAllMyBuckets"], all_buckets, None)

REPERTOIRE = [(22, S3_OBJECT), (9, S3_BUCKET), (22, TRUST), (40, WEB_IDENTITY), (40, SAML), (9, KEY), (8, QUEUE),
              (5, TABLE), (3, SECRET), (9, IAM), (3, EC2), (2, STS_STAR), (1, STS_TOKEN), (2, BUCKETS_OF_ACCOUNT)]
WITH_AN_ACCOUNT = ("user", "role-session", "federated-user", "root")


def target_for(dice, caller_type):
    if caller_type == "root" and dice.chance(0.3):
        return S3_BUCKET
    return dice.weighted([(weight, target) for weight, target in REPERTOIRE
                          if caller_type in (target.callers or WITH_AN_ACCOUNT)])


def owner_for(dice, target, caller_account):
    """Mostly the caller's own account; for callers without one, account 222222222222."""
    if target.kind is None:
        return caller_account
    if caller_account is None:
        return ACCOUNTS[1]
    return caller_account if dice.chance(0.62) else dice.pick(ACCOUNTS)
