"""Credentials of users for services, account preferences, reports of last uses and scoped sessions, as boto3 sees them
(docs/wire.md, 5.8, 5.9 and 6)."""
import json
import re

import pytest

from conftest import ACCOUNT_A, Keys
from sigv4 import Request, Scope, form, now, send, sign, stamp
from test_iam import ALLOW, refused

SSH = ("ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAABAQCp2JuwC59hjp7GxrqIsC/wqVjSxBTUuOOKjTCe9JESoPkqzJ026CMULHP9O7WU"
       "UQuLJpOm9NzFfzXRE5ijwuwSFdEK5Mp4iDjvgzlmeLgKqI3s6FnfyusAv1mNF/vdan/EPMcVcSS5uLk4D3oQ/YAIKkZecMcoz+rL"
       "x1vxvJ7Rq5PijAoUmYAtoiUO9DMPG9m52y1AfPE1dalVBRPtCbQK28g4rUAUhz1ayRC+y+2pRDA1a4E/eELLatYz799bXtviEfUn"
       "TIGWXdKokBRq1We0IQ0Uyg6+PpYTM4MPtpF8UyZe0WVBHA9QYmazj1v4fYr6J//v7i1TpI7LzjyAHFuz")
CERTIFICATE = """\
-----BEGIN CERTIFICATE-----
MIIC/zCCAeegAwIBAgIUcEioyiR37mmN2TSqrsdLpdlixiEwDQYJKoZIhvcNAQEL
BQAwDzENMAsGA1UEAwwEZGFuYTAeFw0yNjExMjkwNjUzMjlaFw0zNjExMjYwNjUz
MjlaMA8xDTALBgNVBAMMBGRhbmEwggEiMA0GCSqGSIb3DQEBAQUAA4IBDwAwggEK
AoIBAQCp2JuwC59hjp7GxrqIsC/wqVjSxBTUuOOKjTCe9JESoPkqzJ026CMULHP9
O7WUUQuLJpOm9NzFfzXRE5ijwuwSFdEK5Mp4iDjvgzlmeLgKqI3s6FnfyusAv1mN
F/vdan/EPMcVcSS5uLk4D3oQ/YAIKkZecMcoz+rLx1vxvJ7Rq5PijAoUmYAtoiUO
9DMPG9m52y1AfPE1dalVBRPtCbQK28g4rUAUhz1ayRC+y+2pRDA1a4E/eELLatYz
799bXtviEfUnTIGWXdKokBRq1We0IQ0Uyg6+PpYTM4MPtpF8UyZe0WVBHA9QYmaz
j1v4fYr6J//v7i1TpI7LzjyAHFuzAgMBAAGjUzBRMB0GA1UdDgQWBBS4YzJKAxV1
9zWVkCfceeUATjlMDjAfBgNVHSMEGDAWgBS4YzJKAxV19zWVkCfceeUATjlMDjAP
BgNVHRMBAf8EBTADAQH/MA0GCSqGSIb3DQEBCwUAA4IBAQAkQHybMYOXvqbt0CCc
7iVupZoNUawXxg81/lNcEqr6xBnyAru996hWpluLHctWZg3einBKJDNiCzHvX+mc
s6MmRwRe0yiVpmvgg68fiBD9vo6wdWMLNgSoan0ClCbYvC1cNqKVKyalkIs5EZEV
XgMXrKS8gTpZ0DHjV504rvYLL9XgB/CI0JjgC6w1TdcmqBAok5VJ6VWlFo8dPpSp
RjM1lTvnhUXArComE+0EjLWnChuj1Ne2SyiEZI2Wf5zvOm4U5Q+PAqh7OfWIoyoC
IhzsV6tHrOjMv+wAfa1Q9HaASvYQKGw3WH1E5di7CyQ2axPhXzsAPvkkWiY9mEHM
oxPk
-----END CERTIFICATE-----
"""


def ask(cloud, service, keys, action, **parameters):
    """What a client of today's models sends, whichever models this boto3 has."""
    version = {"iam": "2010-05-08", "sts": "2011-06-15"}[service]
    body = form({"Action": action, "Version": version} | {name: str(value) for name, value in parameters.items()})
    request = Request("POST", headers=[("Host", f"127.0.0.1:{cloud.server.port}"),
                                       ("Content-Type", "application/x-www-form-urlencoded; charset=utf-8")],
                      body=body.encode())
    sign(request, keys, Scope(service), stamp(now()))
    return send(cloud.server.port, request)


def element(answer, name):
    return re.search(rf"<{name}>([^<]*)</{name}>", answer.body.decode()).group(1)


def keys_of(answer):
    return Keys(*(element(answer, name) for name in ("AccessKeyId", "SecretAccessKey", "SessionToken")))


def refused_raw(answer, status, code):
    assert (answer.status, element(answer, "Code")) == (status, code), answer.body


@pytest.fixture
def iam(fresh):
    return fresh.client("iam", fresh.a)


@pytest.fixture
def dana(fresh, iam):
    iam.create_user(UserName="dana")
    iam.put_user_policy(UserName="dana", PolicyName="all", PolicyDocument=json.dumps(ALLOW))
    return Keys.of(iam.create_access_key(UserName="dana")["AccessKey"])


def test_ssh_keys_come_back_in_both_encodings(iam, dana):
    made = iam.upload_ssh_public_key(UserName="dana", SSHPublicKeyBody=SSH + " dana@laptop")["SSHPublicKey"]
    assert made["SSHPublicKeyId"].startswith("APKA") and made["Fingerprint"] == "1e:86:e5:d1:db:69:94:2d:bf:a1:ec:99:62:b1:e6:be"
    get = lambda encoding: iam.get_ssh_public_key(UserName="dana", SSHPublicKeyId=made["SSHPublicKeyId"],
                                                  Encoding=encoding)["SSHPublicKey"]["SSHPublicKeyBody"]
    assert get("SSH") == SSH
    assert get("PEM").startswith("-----BEGIN PUBLIC KEY-----\n") and get("PEM").endswith("-----END PUBLIC KEY-----\n")
    iam.update_ssh_public_key(UserName="dana", SSHPublicKeyId=made["SSHPublicKeyId"], Status="Inactive")
    assert [key["Status"] for key in iam.list_ssh_public_keys(UserName="dana")["SSHPublicKeys"]] == ["Inactive"]
    iam.delete_ssh_public_key(UserName="dana", SSHPublicKeyId=made["SSHPublicKeyId"])
    refused(iam.get_ssh_public_key, "NoSuchEntity", f"The Public Key with id {made['SSHPublicKeyId']} cannot be found.", 404,
            UserName="dana", SSHPublicKeyId=made["SSHPublicKeyId"], Encoding="SSH")
    refused(iam.upload_ssh_public_key, "UnrecognizedPublicKeyEncoding", status=400, UserName="dana", SSHPublicKeyBody="x")


def test_signing_certificates(iam, dana):
    refused(iam.upload_signing_certificate, "MalformedCertificate", "Certificate x is malformed.", 400, UserName="dana",
            CertificateBody="x")
    made = iam.upload_signing_certificate(UserName="dana", CertificateBody=CERTIFICATE)["Certificate"]
    assert len(made["CertificateId"]) == 32 and made["Status"] == "Active"
    iam.update_signing_certificate(UserName="dana", CertificateId=made["CertificateId"], Status="Inactive")
    listed = iam.list_signing_certificates(UserName="dana")["Certificates"]
    assert [(c["CertificateBody"].strip(), c["Status"]) for c in listed] == [(CERTIFICATE.strip(), "Inactive")]
    iam.delete_signing_certificate(UserName="dana", CertificateId=made["CertificateId"])
    refused(iam.delete_signing_certificate, "NoSuchEntity", status=404, UserName="dana", CertificateId=made["CertificateId"])


def test_service_specific_credentials_are_shown_once(iam, dana):
    made = iam.create_service_specific_credential(UserName="dana", ServiceName="codecommit.amazonaws.com")
    made = made["ServiceSpecificCredential"]
    assert made["ServiceUserName"] == f"dana-at-{ACCOUNT_A}" and made["ServicePassword"]
    listed = iam.list_service_specific_credentials(UserName="dana")["ServiceSpecificCredentials"]
    assert len(listed) == 1 and "ServicePassword" not in listed[0]
    of = {"UserName": "dana", "ServiceSpecificCredentialId": made["ServiceSpecificCredentialId"]}
    iam.update_service_specific_credential(**of, Status="Inactive")
    again = iam.reset_service_specific_credential(**of)["ServiceSpecificCredential"]
    assert again["Status"] == "Inactive" and again["ServicePassword"] != made["ServicePassword"]
    key = iam.create_service_specific_credential(UserName="dana", ServiceName="bedrock.amazonaws.com", CredentialAgeDays=1)
    assert {"ServiceCredentialAlias", "ServiceCredentialSecret", "ExpirationDate"} <= set(key["ServiceSpecificCredential"])
    assert len(iam.list_service_specific_credentials(AllUsers=True)["ServiceSpecificCredentials"]) == 2
    refused(iam.create_service_specific_credential, "NoSuchEntity",
            "No such service ec2 is supported for Service Specific Credentials", 404, UserName="dana", ServiceName="ec2")
    iam.delete_service_specific_credential(**of)
    refused(iam.delete_service_specific_credential, "NoSuchEntity", f"No such credential {of['ServiceSpecificCredentialId']} exists",
            404, **of)


def test_what_an_account_prefers_survives_a_restart(server, iam, fresh, dana):
    iam.set_security_token_service_preferences(GlobalEndpointTokenVersion="v2Token")
    iam.upload_ssh_public_key(UserName="dana", SSHPublicKeyBody=SSH)
    iam.create_role(RoleName="r", MaxSessionDuration=3600, AssumeRolePolicyDocument=json.dumps(
        {"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Principal": {"AWS": ACCOUNT_A}, "Action": "sts:AssumeRole"}}))
    server.stop()
    server.start()
    assert iam.get_account_summary()["SummaryMap"]["GlobalEndpointTokenVersion"] == 2
    assert iam.get_ssh_public_key(UserName="dana", Encoding="SSH", SSHPublicKeyId=iam.list_ssh_public_keys(
        UserName="dana")["SSHPublicKeys"][0]["SSHPublicKeyId"])["SSHPublicKey"]["SSHPublicKeyBody"] == SSH


def test_a_report_tells_who_called_what(fresh, iam, dana):
    me = fresh.client("iam", dana)
    me.get_user()
    fresh.client("sts", dana).get_caller_identity()
    arn = f"arn:aws:iam::{ACCOUNT_A}:user/dana"
    job = iam.generate_service_last_accessed_details(Arn=arn, Granularity="ACTION_LEVEL")["JobId"]
    report = iam.get_service_last_accessed_details(JobId=job)
    assert report["JobStatus"] == "COMPLETED" and report["JobType"] == "ACTION_LEVEL"
    by_space = {service["ServiceNamespace"]: service for service in report["ServicesLastAccessed"]}
    assert sorted(by_space) == ["iam", "organizations", "s3", "sts"]
    assert by_space["iam"]["LastAuthenticatedEntity"] == arn
    assert [a["ActionName"] for a in by_space["iam"]["TrackedActionsLastAccessed"]] == ["GetUser"]
    assert by_space["s3"]["TotalAuthenticatedEntities"] == 0 and "LastAuthenticated" not in by_space["s3"]
    entities = iam.get_service_last_accessed_details_with_entities(JobId=job, ServiceNamespace="sts")["EntityDetailsList"]
    assert [e["EntityInfo"]["Name"] for e in entities] == ["dana"] and "LastAuthenticated" in entities[0]
    refused(me.get_service_last_accessed_details, "NoSuchEntity", status=404, JobId=job)
    granting = iam.list_policies_granting_service_access(Arn=arn, ServiceNamespaces=["iam"])["PoliciesGrantingServiceAccess"]
    assert [p["PolicyName"] for p in granting[0]["Policies"]] == ["all"]


def test_sign_in_durations_and_what_partners_do(fresh, dana):
    refused_raw(ask(fresh, "iam", dana, "UpdateRole", RoleName="x", MaxSigninSessionDuration=60), 400, "ValidationError")
    trust = json.dumps({"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Principal": {"AWS": ACCOUNT_A},
                                                               "Action": "sts:AssumeRole"}})
    made = ask(fresh, "iam", dana, "CreateRole", RoleName="r", AssumeRolePolicyDocument=trust, MaxSigninSessionDuration=7200)
    assert made.status == 200
    assert element(ask(fresh, "iam", dana, "GetRole", RoleName="r"), "MaxSigninSessionDuration") == "7200"
    said = ask(fresh, "iam", dana, "ListDelegationRequests")
    assert said.status == 200 and b"<isTruncated>false</isTruncated>" in said.body
    refused_raw(ask(fresh, "iam", dana, "AcquireRole", TemplateArn="arn:aws:iam::aws:role-template/x"), 404, "NoSuchEntity")
    refused_raw(ask(fresh, "sts", dana, "GetDelegatedAccessToken", TradeInToken="x" * 20), 400, "ExpiredTradeInTokenException")
    assert ask(fresh, "iam", dana, "PutAccountProperties", **{"Properties.entry.1.key": "A/b",
                                                              "Properties.entry.1.value": "c"}).status == 200
    assert element(ask(fresh, "iam", dana, "GetAccountProperties"), "value") == "c"


def test_scoped_sessions_may_do_less_and_less(fresh, dana):
    def scope(keys, **how):
        return ask(fresh, "sts", keys, "GetScopedCredentials", **how)

    session = ask(fresh, "sts", dana, "GetSessionToken", DurationSeconds=3600, MinimumSessionTokenSize=4096)
    keys = keys_of(session)
    assert len(keys.token) >= 4096 and element(session, "SessionTokenSize") == str(len(keys.token))
    reads, only_sts = (json.dumps({"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": what, "Resource": "*"}})
                       for what in (["s3:*", "sts:*"], "sts:*"))
    refused_raw(scope(dana, DurationSeconds=900), 403, "AccessDenied")
    refused_raw(scope(keys), 400, "ValidationError")
    refused_raw(scope(keys, DurationSeconds=7200), 400, "InsufficientSessionLifetime")
    refused_raw(scope(keys, Policy="{}"), 400, "MalformedPolicyDocument")
    once = scope(keys, Policy=reads)
    assert element(once, "ScopedPoliciesCount") == "1"
    assert element(once, "Arn") == fresh.client("sts", keys_of(once)).get_caller_identity()["Arn"]
    assert fresh.client("s3", keys_of(once)).list_buckets()["Buckets"] == []
    twice = scope(keys_of(once), Policy=only_sts, DurationSeconds=900)
    refused(fresh.client("s3", keys_of(twice)).list_buckets, "AccessDenied", status=403)
    fresh.client("iam", dana).create_role(RoleName="mine", AssumeRolePolicyDocument=json.dumps(  # that names its user:
        {"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "sts:AssumeRole",
                                                "Principal": {"AWS": f"arn:aws:iam::{ACCOUNT_A}:user/dana"}}}))
    mine = {"RoleArn": f"arn:aws:iam::{ACCOUNT_A}:role/mine", "RoleSessionName": "dana"}
    fresh.client("sts", keys_of(once)).assume_role(**mine)
    only_names = json.dumps({"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "sts:GetSc*", "Resource": "*"}})
    refused(fresh.client("sts", keys_of(scope(keys_of(once), Policy=only_names))).assume_role, "AccessDenied", status=403, **mine)
    thrice = scope(keys_of(twice), Policy=reads)
    refused(fresh.client("s3", keys_of(thrice)).list_buckets, "AccessDenied", status=403)
    refused_raw(scope(keys_of(thrice), Policy=only_sts), 403, "AccessDenied")
    assert element(scope(keys_of(thrice), DurationSeconds=60), "ScopedPoliciesCount") == "3"
