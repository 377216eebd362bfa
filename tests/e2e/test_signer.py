"""The signer of these tests agrees with botocore's where both can sign: what it spoils is spoilt on purpose."""
import botocore.auth
import botocore.awsrequest
import botocore.credentials
import pytest

from conftest import Keys
from sigv4 import Request, Scope, form, now, sign, stamp

BODY = form({"Action": "AssumeRole", "Version": "2011-06-15", "RoleSessionName": "a b*c~d"})


def theirs(method, service, keys, date, query="", body=b"", headers=()):
    url = "http://127.0.0.1:4566/" + ("?" + query if query else "")
    request = botocore.awsrequest.AWSRequest(method=method, url=url, data=body, headers=dict(headers))
    auth = botocore.auth.S3SigV4Auth if service == "s3" else botocore.auth.SigV4Auth
    auth = auth(botocore.credentials.Credentials(keys.id, keys.secret, keys.token), service, "us-east-1")
    request.context["timestamp"] = date
    auth._modify_request_before_signing(request)
    canonical = auth.canonical_request(request)
    return auth.signature(auth.string_to_sign(request, canonical), request)


@pytest.mark.parametrize("token", [None, "a/token+=="])
def test_a_query_call_is_signed_as_botocore_signs_it(token):
    keys, date = Keys("AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG", token), stamp(now())
    content_type = ("Content-Type", "application/x-www-form-urlencoded; charset=utf-8")
    ours = Request("POST", headers=[("Host", "127.0.0.1:4566"), content_type], body=BODY.encode())
    sign(ours, keys, Scope("sts"), date)
    expected = theirs("POST", "sts", keys, date, body=BODY.encode(), headers=[content_type])
    assert ours.get("Authorization").endswith("Signature=" + expected)


def test_an_s3_call_is_signed_as_botocore_signs_it():
    keys, date = Keys("AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG"), stamp(now())
    empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    ours = Request("GET", query="max-buckets=10&prefix=a%20b", headers=[("Host", "127.0.0.1:4566"), ("x-amz-content-sha256", empty)])
    sign(ours, keys, Scope("s3"), date)
    expected = theirs("GET", "s3", keys, date, query="max-buckets=10&prefix=a%20b")
    assert ours.get("Authorization").endswith("Signature=" + expected)
