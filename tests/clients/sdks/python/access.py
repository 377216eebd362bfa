"""Access with boto3: the providers that it makes of profiles and variables, and its exceptions. `access.py STEP` prints what it
saw as lines NAME=VALUE; test_sdks.py gives it its environment, and judges."""
import os
import sys

import boto3
import botocore.exceptions
import botocore.session
from botocore.credentials import AssumeRoleCredentialFetcher, AssumeRoleWithWebIdentityCredentialFetcher
from botocore.credentials import DeferredRefreshableCredentials
from botocore.utils import FileWebIdentityTokenLoader

ENV = os.environ
CONTRACT = {"ExternalId": ENV["EXTERNAL_ID"]}


def say(name, value):
    print(f"{name}={value}")


def refused(name, call):
    """With which code and message a call was refused."""
    try:
        call()
        say(name, "not refused")
    except botocore.exceptions.ClientError as error:
        say(name, f"{error.response['Error']['Code']}: {error.response['Error']['Message']}")


def typed(name, wanted, call):
    """Whether an exception is of the class that the client promises; the exception."""
    try:
        call()
        say(name, "not refused")
    except wanted as error:
        say(name, type(error).__name__)
        return error
    except botocore.exceptions.ClientError as error:
        say(name, f"{type(error).__name__}: {error}")


def session_of(fetcher, method):
    core = botocore.session.get_session()
    core._credentials = DeferredRefreshableCredentials(fetcher.fetch_credentials, method)
    return boto3.Session(botocore_session=core)


def assume(source, role, name="sdk", mfa_prompter=None, **more):
    """What boto3 does with a profile of role_arn and source_profile, for a source that is a session."""
    core = source._session
    fetcher = AssumeRoleCredentialFetcher(core.create_client, source.get_credentials(), role,
                                          extra_args={"RoleSessionName": name, **more}, mfa_prompter=mfa_prompter)
    return session_of(fetcher, "assume-role")


def whoami(session):
    return session.client("sts").get_caller_identity()["Arn"]


def buckets(session):
    return " ".join(bucket["Name"] for bucket in session.client("s3").list_buckets()["Buckets"])


def external_id(me):
    session = assume(me, ENV["PARTNER"], **CONTRACT)
    say("arn", whoami(session))
    say("buckets", buckets(session))
    refused("without", lambda: whoami(assume(me, ENV["PARTNER"])))
    refused("wrong", lambda: whoami(assume(me, ENV["PARTNER"], ExternalId="another")))


def chain(me):
    first = assume(me, ENV["PARTNER"], **CONTRACT)
    say("arn", whoami(assume(first, ENV["NEXT"], "hop")))
    say("one-hour", whoami(assume(first, ENV["NEXT"], "hour", DurationSeconds=3600)))
    refused("two-hours", lambda: whoami(assume(first, ENV["NEXT"], "hop", DurationSeconds=7200)))


def web_identity(me):
    """There are no keys: boto3 finds AWS_ROLE_ARN and AWS_WEB_IDENTITY_TOKEN_FILE."""
    say("arn", whoami(me))
    say("buckets", buckets(me))

    def of(file):
        return session_of(AssumeRoleWithWebIdentityCredentialFetcher(
            me._session.create_client, FileWebIdentityTokenLoader(file), ENV["AWS_ROLE_ARN"]), "assume-role-with-web-identity")

    exceptions = me.client("sts").exceptions
    typed("expired", exceptions.ExpiredTokenException, lambda: whoami(of(ENV["EXPIRED_TOKEN_FILE"])))
    typed("foreign", exceptions.InvalidIdentityTokenException, lambda: whoami(of(ENV["FOREIGN_TOKEN_FILE"])))


def profile(me):
    """There is a profile with role_arn, source_profile and external_id, and no variables."""
    say("arn", whoami(me))
    say("buckets", buckets(me))


def mfa(me):
    def coded():
        return assume(me, ENV["GUARDED"], mfa_prompter=lambda prompt: ENV["MFA_CODE"], SerialNumber=ENV["MFA_SERIAL"])

    say("arn", whoami(coded()))
    refused("again", lambda: whoami(coded()))
    refused("without", lambda: whoami(assume(me, ENV["GUARDED"])))


def refresh(me):
    """A session is kept while it is good, and gotten anew near its end, which is near since the server's clock is behind."""
    def key(session):
        whoami(session)
        return session.get_credentials().get_frozen_credentials().access_key

    kept = assume(me, ENV["PARTNER"], DurationSeconds=3600, **CONTRACT)
    say("first", key(kept))
    say("kept", key(kept))
    refreshed = assume(me, ENV["PARTNER"], DurationSeconds=900, **CONTRACT)
    say("before", key(refreshed))
    say("after", key(refreshed))


def errors(me):
    iam, sts, s3 = (me.client(service) for service in ("iam", "sts", "s3"))
    error = typed("no-such-role", iam.exceptions.NoSuchEntityException, lambda: iam.get_role(RoleName="nobody"))
    say("status", error.response["ResponseMetadata"]["HTTPStatusCode"])
    say("request-id", error.response["ResponseMetadata"]["RequestId"])
    typed("taken-name", iam.exceptions.EntityAlreadyExistsException, lambda: iam.create_user(UserName=ENV["SELF"]))
    typed("session-policy", sts.exceptions.MalformedPolicyDocumentException,
          lambda: whoami(assume(me, ENV["PARTNER"], Policy="{}", **CONTRACT)))
    typed("taken-bucket", s3.exceptions.BucketAlreadyExists, lambda: s3.create_bucket(Bucket=ENV["BUCKET"]))


STEPS = {"external-id": external_id, "chain": chain, "web-identity": web_identity, "profile": profile, "mfa": mfa,
         "refresh": refresh, "errors": errors}
STEPS[sys.argv[1]](boto3.Session())
