"""TLS on the listener, and proxies in front of it: what clients need, and what policies see of it."""
import json
import os
import shutil
import signal
import socket
import ssl
import subprocess
import time

import boto3
import botocore.exceptions
import pytest

import guide
from conftest import ACCOUNT_A, Cloud, Keys
from deputy import BINARY, ROOT, Server
from sigv4 import Request, Scope, form, now, send, sign, stamp

OURS = ROOT / ".tools/bin/aws"
AWS = str(OURS) if os.access(OURS, os.X_OK) else shutil.which("aws")
ROLE = f"arn:aws:iam::{ACCOUNT_A}:role/"


class TlsServer(Server):
    @property
    def endpoint(self):
        return f"https://127.0.0.1:{self.port}"


def make_certificate(folder):
    if shutil.which("openssl") is None:
        pytest.skip("no openssl command to make a certificate with")
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days",
                    "2", "-subj", "/CN=deputy", "-addext", "subjectAltName=IP:127.0.0.1,DNS:localhost", "-keyout",
                    folder / "server.key", "-out", folder / "server.pem"], check=True, capture_output=True)
    return folder


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    return make_certificate(tmp_path_factory.mktemp("certificate"))


@pytest.fixture(scope="module")
def world(tmp_path_factory, certificate):
    server = TlsServer(tmp_path_factory.mktemp("tls"))
    server.start("--tls-cert", certificate / "server.pem", "--tls-key", certificate / "server.key")
    cloud = Cloud(server)
    cloud.ca = str(certificate / "server.pem")
    yield cloud
    server.stop()


def verifying(cloud, service, keys, ca=True):
    return boto3.session.Session().client(
        service, endpoint_url=cloud.server.endpoint, region_name="us-east-1", aws_access_key_id=keys.id,
        aws_secret_access_key=keys.secret, aws_session_token=keys.token, verify=cloud.ca if ca is True else ca)


def test_the_profile_names_an_endpoint_with_tls(world):
    assert f"endpoint_url = https://127.0.0.1:{world.server.port}" in world.server.config.read_text()


def test_boto3_verifies_the_certificate(world):
    assert verifying(world, "sts", world.a).get_caller_identity()["Account"] == ACCOUNT_A
    with pytest.raises(botocore.exceptions.SSLError):
        verifying(world, "sts", world.a, ca=None).get_caller_identity()


def test_a_trust_policy_that_asks_for_tls_is_content(world):
    iam = verifying(world, "iam", world.a)
    iam.create_user(UserName="over-tls")
    user = Keys.of(iam.create_access_key(UserName="over-tls")["AccessKey"])
    for name, wanted in (("Secure", "true"), ("Insecure", "false")):
        iam.create_role(RoleName=name, AssumeRolePolicyDocument=guide.trust(
            f"arn:aws:iam::{ACCOUNT_A}:user/over-tls", Condition={"Bool": {"aws:SecureTransport": wanted}}))
    sts = verifying(world, "sts", user)
    assert sts.assume_role(RoleArn=ROLE + "Secure", RoleSessionName="tls")["Credentials"]
    with pytest.raises(sts.exceptions.ClientError) as refused:
        sts.assume_role(RoleArn=ROLE + "Insecure", RoleSessionName="tls")
    assert refused.value.response["Error"]["Message"] == guide.not_authorized(
        f"arn:aws:iam::{ACCOUNT_A}:user/over-tls", "sts:AssumeRole", ROLE + "Insecure")


def test_events_tell_the_session(world):
    verifying(world, "sts", world.a).get_caller_identity()
    details = json.loads((world.server.data / "events.jsonl").read_text().splitlines()[-1])["tlsDetails"]
    assert details["tlsVersion"] in ("TLSv1.2", "TLSv1.3") and details["cipherSuite"].startswith(("TLS_", "ECDHE-"))


@pytest.mark.skipif(AWS is None, reason="no AWS CLI: run scripts/install-deps demo")
def test_the_cli_trusts_the_server_by_the_profile(world):
    def aws(**more):
        environment = world.server.environment(AWS_PROFILE="account-a", AWS_DEFAULT_REGION="us-east-1", **more)
        environment = {k: v for k, v in environment.items() if v}
        return subprocess.run([AWS, "sts", "get-caller-identity", "--output", "json", "--endpoint-url", world.server.endpoint],
                              capture_output=True, text=True, timeout=60, env=environment)
    done = aws(AWS_CA_BUNDLE="")
    assert done.returncode == 0 and json.loads(done.stdout)["Account"] == ACCOUNT_A, done.stderr
    (world.server.folder / "bare").write_text("[profile account-a]\n")
    refused = aws(AWS_CA_BUNDLE="", AWS_CONFIG_FILE=world.server.folder / "bare")
    assert refused.returncode != 0 and "SSL validation failed" in refused.stderr, refused.stderr


def test_commands_name_whom_to_trust(world):
    server = world.server
    trusted = server.data / "ca.pem"
    assert f"ca_bundle = {trusted}" in server.config.read_text()
    assert ssl.create_default_context(cafile=trusted).get_ca_certs()
    assert f"export AWS_CA_BUNDLE={trusted}\n" in server.run("env", "account-a", "--data", server.data).stdout
    said = server.create_account("444444444444", "D", "account-d", "--ca-bundle", world.ca).stdout
    assert f"ca_bundle = {world.ca}" in server.config.read_text()
    assert ("AWS_CA_BUNDLE" in said) == ("AWS_CA_BUNDLE" in os.environ), "it wins over the profile, so people are told"


def test_a_renewed_certificate_is_read_on_sighup(tmp_path):
    def told(server, sentence):
        end = time.monotonic() + 20
        while sentence not in server.log:
            assert time.monotonic() < end, server.log
            time.sleep(0.02)
    def shown(server):
        return ssl.get_server_certificate(("127.0.0.1", server.port))

    files = make_certificate(tmp_path)
    server = TlsServer(tmp_path).start("--tls-cert", files / "server.pem", "--tls-key", files / "server.key")
    first = shown(server)
    second = (make_certificate(tmp_path) / "server.pem").read_text()
    server.process.send_signal(signal.SIGHUP)
    told(server, f"SIGHUP: new connections get the certificate now in {files}/server.pem (CN=deputy, until 20")
    assert shown(server) != first and shown(server).split() == second.split() == (server.data / "ca.pem").read_text().split()

    (files / "server.pem").write_text("nothing")
    server.process.send_signal(signal.SIGHUP)
    told(server, f"SIGHUP: cannot use the TLS certificate {files}/server.pem: no start line; the certificate from before stays")
    assert shown(server).split() == second.split()
    server.stop()


def test_without_tls_sighup_ends_gracefully(server):
    server.start()
    server.process.send_signal(signal.SIGHUP)
    assert server.process.wait(20) == 0
    server.process = None
    assert "SIGHUP: finishing what is in flight" in server.log


@pytest.mark.parametrize("version", ["TLSv1", "TLSv1_1"])
def test_old_versions_are_refused(world, version):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    context.set_ciphers("ALL:@SECLEVEL=0")
    context.minimum_version = context.maximum_version = getattr(ssl.TLSVersion, version)
    with pytest.raises((ssl.SSLError, ConnectionError)), socket.create_connection(("127.0.0.1", world.server.port), 10) as line:
        context.wrap_socket(line)


def test_plain_http_gets_nothing(world):
    with socket.create_connection(("127.0.0.1", world.server.port), 10) as line:
        line.sendall(b"GET /_deputy/health HTTP/1.1\r\nHost: a\r\n\r\n")
        assert not line.recv(4096).startswith(b"HTTP/")


@pytest.mark.parametrize("arguments, sentence", [
    (["--tls-cert", "server.pem"], "TLS needs both a certificate (--tls-cert) and its key (--tls-key)"),
    (["--tls-key", "server.key"], "TLS needs both a certificate (--tls-cert) and its key (--tls-key)"),
    (["--tls-cert", "nowhere.pem", "--tls-key", "server.key"],
     "cannot use the TLS certificate nowhere.pem: No such file or directory"),
    (["--tls-cert", "server.key", "--tls-key", "server.key"], "cannot use the TLS certificate server.key: "),
    (["--tls-cert", "server.pem", "--tls-key", "server.pem"], "cannot use the TLS key server.pem: "),
    (["--trusted-proxy", "proxy.example.com"],
     '"proxy.example.com" is no address and no range of addresses such as 10.0.0.0/8'),
])
def test_what_cannot_be_used_is_said_at_the_start(certificate, tmp_path, arguments, sentence):
    done = subprocess.run([BINARY, "serve", "--memory", "--listen", "127.0.0.1:0", "--data", tmp_path / "d", *arguments],
                          cwd=certificate, capture_output=True, text=True, timeout=30)
    assert done.returncode == 1 and done.stderr.startswith(f"deputy: {sentence}"), done.stderr


# --- proxies: the peer is 127.0.0.1 in these tests, so that is whom one server trusts and the other does not

def identity_of(cloud, user, forwarded, secure=None):
    """AssumeRole as it arrives from a proxy; the headers are not signed, as none of a proxy's is."""
    body = form({"Action": "AssumeRole", "Version": "2011-06-15", "RoleArn": ROLE + "FromOffice", "RoleSessionName": "tls"})
    request = Request("POST", headers=[("Host", f"127.0.0.1:{cloud.server.port}"),
                                       ("Content-Type", "application/x-www-form-urlencoded; charset=utf-8")],
                      body=body.encode())
    sign(request, user, Scope("sts"), stamp(now(0)))
    for value in forwarded:
        request.headers.append(("X-Forwarded-For", value))
    if secure:
        request.headers.append(("X-Forwarded-Proto", secure))
    return send(cloud.server.port, request).status


def office(server, *arguments):
    cloud = Cloud(server.start(*arguments))
    iam = cloud.client("iam", cloud.a)
    iam.create_user(UserName="u")
    user = Keys.of(iam.create_access_key(UserName="u")["AccessKey"])
    iam.create_role(RoleName="FromOffice", AssumeRolePolicyDocument=guide.trust(
        f"arn:aws:iam::{ACCOUNT_A}:user/u",
        Condition={"IpAddress": {"aws:SourceIp": "203.0.113.0/24"}, "Bool": {"aws:SecureTransport": "true"}}))
    return cloud, user


def test_a_trusted_proxy_names_the_client(server):
    cloud, user = office(server, "--trusted-proxy", "127.0.0.0/8")
    assert identity_of(cloud, user, ["203.0.113.9"], "https") == 200
    assert identity_of(cloud, user, ["198.51.100.1"], "https") == 403
    assert identity_of(cloud, user, ["203.0.113.9"], "http") == 403
    assert identity_of(cloud, user, ["203.0.113.9"]) == 403, "nobody says that the client came by TLS"
    assert identity_of(cloud, user, [], "https") == 403, "then the proxy is the client"
    assert identity_of(cloud, user, ["203.0.113.9, 198.51.100.1"], "https") == 403, "what a client writes is no word of the proxy"
    assert identity_of(cloud, user, ["203.0.113.9", "198.51.100.1"], "https") == 403
    assert identity_of(cloud, user, ["198.51.100.1, 203.0.113.9"], "https") == 200
    assert identity_of(cloud, user, ["198.51.100.1, 203.0.113.9, 127.0.0.3"], "https") == 200


def test_nobody_else_names_the_client(server):
    cloud, user = office(server, "--trusted-proxy", "10.0.0.0/8")
    assert identity_of(cloud, user, ["203.0.113.9"], "https") == 403
