"""What the programs of sdks/ act in: a server with account A, whose users they are, and account B with roles and a bucket."""
import base64
import configparser
import functools
import json
import time

import boto3
import botocore.config

import issuer
from deputy import REGION, Server
from issuer import EKS, Authority, Issuer, Key
from totp import totp

A, B = "111111111111", "222222222222"
BUCKET = "bucket-of-b"
EXTERNAL_ID = "contract-4711"
HOST, POD = EKS.split("/")[0], "system:serviceaccount:default:my-app"


def role(name):
    return f"arn:aws:iam::{B}:role/{name}"


def document(**statement):
    return json.dumps({"Version": "2012-10-17", "Statement": [{"Effect": "Allow"} | statement]})


def trust(principal, action="sts:AssumeRole", **condition):
    return document(Principal=principal, Action=action, **({"Condition": condition} if condition else {}))


class Scene:
    """`behind` is how many seconds the server's clock is."""

    def __init__(self, folder, behind=0):
        self.folder = folder
        authority, self.key = Authority(folder, [HOST]), Key.rsa("pods")
        self.issuer = Issuer(authority)
        self.issuer.keys = {EKS: [self.key]}
        self.server = Server(folder).start("--movable-clock", "--issuer-ca", authority.ca, "--allow-issuer",
                                           f"{HOST}=127.0.0.1:{self.issuer.port}")
        self.server.create_account(A, "Account A", "a")
        self.server.create_account(B, "Account B", "b")
        self.iam = self.client("iam", "a")
        self.fill_b()
        self.write_tokens()
        if behind:
            self.server.move_clock(-behind)

    def stop(self):
        self.server.stop()
        self.issuer.stop()

    def client(self, service, profile):
        file = configparser.RawConfigParser()
        file.read(self.server.credentials)
        return boto3.session.Session().client(
            service, endpoint_url=self.server.endpoint, region_name=REGION, aws_access_key_id=file[profile]["aws_access_key_id"],
            aws_secret_access_key=file[profile]["aws_secret_access_key"], config=botocore.config.Config(retries={"total_max_attempts": 1}))

    def fill_b(self):
        self.client("s3", "b").create_bucket(Bucket=BUCKET)
        iam = self.client("iam", "b")
        iam.create_open_id_connect_provider(Url=f"https://{EKS}", ClientIDList=["sts.amazonaws.com"])
        trusts = {
            "Partner": trust({"AWS": A}, StringEquals={"sts:ExternalId": EXTERNAL_ID}),
            "Guarded": trust({"AWS": A}, Bool={"aws:MultiFactorAuthPresent": "true"}),
            "Pod": trust({"Federated": f"arn:aws:iam::{B}:oidc-provider/{EKS}"}, "sts:AssumeRoleWithWebIdentity",
                         StringEquals={f"{EKS}:sub": POD, f"{EKS}:aud": "sts.amazonaws.com"}),
        }
        for name, policy in trusts.items():
            iam.create_role(RoleName=name, AssumeRolePolicyDocument=policy)
            iam.put_role_policy(RoleName=name, PolicyName="List", PolicyDocument=document(Action="s3:ListAllMyBuckets", Resource="*"))
        iam.create_role(RoleName="Next", AssumeRolePolicyDocument=trust({"AWS": role("Partner")}), MaxSessionDuration=43200)
        iam.put_role_policy(RoleName="Partner", PolicyName="Hop", PolicyDocument=document(Action="sts:AssumeRole", Resource=role("Next")))

    def write_tokens(self):
        """What a cluster lays into a pod: a good token, one of yesterday, and one that somebody else signed."""
        now = int(time.time())
        claims = {"iss": f"https://{EKS}", "sub": POD, "aud": "sts.amazonaws.com"}
        for name, key, begin, end in (("good", self.key, -3600, 86400), ("expired", self.key, -90000, -3600),
                                      ("foreign", Key.rsa("pods"), -3600, 86400)):
            token = issuer.token(key, claims | {"iat": now + begin, "nbf": now + begin, "exp": now + end})
            (self.folder / f"{name}.jwt").write_text(token)

    @functools.cache
    def user(self, name):
        """The variables of a user who may ask for what the programs ask for, and the seed of the user's virtual device."""
        may = ["sts:AssumeRole", "iam:GetRole", "iam:CreateUser", "s3:CreateBucket"]
        self.iam.create_user(UserName=name)
        self.iam.put_user_policy(UserName=name, PolicyName="Ask", PolicyDocument=document(Action=may, Resource="*"))
        key = self.iam.create_access_key(UserName=name)["AccessKey"]
        device = self.iam.create_virtual_mfa_device(VirtualMFADeviceName=name)["VirtualMFADevice"]
        seed, now = base64.b32decode(device["Base32StringSeed"]), time.time()
        self.iam.enable_mfa_device(UserName=name, SerialNumber=device["SerialNumber"], AuthenticationCode1=totp(seed, now - 60),
                                   AuthenticationCode2=totp(seed, now - 30))
        return {"AWS_ACCESS_KEY_ID": key["AccessKeyId"], "AWS_SECRET_ACCESS_KEY": key["SecretAccessKey"],
                "MFA_SERIAL": device["SerialNumber"]}, seed

    def environment(self, name, step):
        """For the program of that name. Whatever would leave the machine meets a closed port."""
        values = {"HTTPS_PROXY": "http://127.0.0.1:9", "HTTP_PROXY": "http://127.0.0.1:9", "SELF": name, "BUCKET": BUCKET,
                  "PARTNER": role("Partner"), "EXTERNAL_ID": EXTERNAL_ID, "NEXT": role("Next"), "GUARDED": role("Guarded")}
        place = {"AWS_ENDPOINT_URL": self.server.endpoint, "AWS_ENDPOINT_URL_STS": self.server.endpoint, "AWS_REGION": REGION,
                 "AWS_DEFAULT_REGION": REGION}  # as `deputy env` says it
        if step == "web-identity":
            values |= place | {"AWS_ROLE_ARN": role("Pod"), "AWS_ROLE_SESSION_NAME": "pod",
                               "AWS_WEB_IDENTITY_TOKEN_FILE": self.folder / "good.jwt",
                               "EXPIRED_TOKEN_FILE": self.folder / "expired.jwt", "FOREIGN_TOKEN_FILE": self.folder / "foreign.jwt"}
        elif step == "profile":
            values |= {"AWS_PROFILE": "partner", "AWS_CONFIG_FILE": self.profile(name)}
        else:
            keys, seed = self.user(name)
            values |= place | keys | {"MFA_CODE": totp(seed, time.time())}
        return self.server.environment() | {key: str(value) for key, value in values.items()}

    def profile(self, name):
        """A configuration with a profile that becomes Partner; where the server is stands there as Deputy writes it."""
        file, keys = configparser.RawConfigParser(), self.user(name)[0]
        file.read(self.server.config)
        place = dict(file["profile a"])
        file["profile self"] = place | {key.lower(): value for key, value in keys.items() if key.startswith("AWS_")}
        file["profile partner"] = place | {"role_arn": role("Partner"), "external_id": EXTERNAL_ID, "role_session_name": "profile",
                                           "source_profile": "self"}
        path = self.folder / f"config-{name}"
        with path.open("w") as config:
            file.write(config)
        return path
