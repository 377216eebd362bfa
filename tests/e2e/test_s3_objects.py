"""Objects: what is written is read, whole or in part, by boto3 and by bytes on the wire."""
import base64
import datetime
import hashlib
import http.client
import os
import urllib.request
import zlib

import botocore.exceptions
import pytest
from boto3.s3.transfer import TransferConfig

from conftest import Cloud
from deputy import Server

MIB = 1024 * 1024


@pytest.fixture(scope="module")
def s3(cloud):
    return cloud.client("s3", cloud.a)


@pytest.fixture
def bucket(s3, request):
    name = "objects-" + hashlib.sha256(request.node.name.encode()).hexdigest()[:20]
    s3.create_bucket(Bucket=name)
    return name


@pytest.fixture
def versioned(s3, bucket):
    s3.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Enabled"})
    return bucket


def refusal(call, **parameters):
    with pytest.raises(botocore.exceptions.ClientError) as refused:
        call(**parameters)
    return refused.value.response


def code(call, **parameters):
    answer = refusal(call, **parameters)
    return answer["ResponseMetadata"]["HTTPStatusCode"], answer["Error"]["Code"]


def read(s3, bucket, key, **more):
    return s3.get_object(Bucket=bucket, Key=key, **more)["Body"].read()


@pytest.mark.parametrize("size", [0, 1, 8 * 1024, 8 * 1024 + 1, 300_000, 3 * MIB])
def test_what_is_put_is_got(s3, bucket, size):
    body = os.urandom(size)
    put = s3.put_object(Bucket=bucket, Key="k", Body=body)
    assert put["ETag"] == f'"{hashlib.md5(body).hexdigest()}"'
    assert put["ChecksumCRC32"] == base64.b64encode(zlib.crc32(body).to_bytes(4, "big")).decode()
    got = s3.get_object(Bucket=bucket, Key="k")
    assert got["Body"].read() == body and got["ContentLength"] == size and got["ContentType"] == "binary/octet-stream"
    head = s3.head_object(Bucket=bucket, Key="k")
    assert (head["ContentLength"], head["ETag"], head["ServerSideEncryption"]) == (size, put["ETag"], "AES256")


def test_what_is_said_of_an_object_is_told(s3, bucket):
    said = {"CacheControl": "no-cache", "ContentDisposition": "inline", "ContentLanguage": "de",
            "ContentType": "text/plain", "ContentEncoding": "gzip", "Metadata": {"some-name": "value", "other_name": "x"},
            "StorageClass": "STANDARD_IA", "WebsiteRedirectLocation": "/other"}
    s3.put_object(Bucket=bucket, Key="k", Body=b"x", Tagging="a=1&b", **said)
    got = s3.get_object(Bucket=bucket, Key="k")
    assert {name: got[name] for name in said} == said
    assert got["TagCount"] == 2
    assert s3.get_object_tagging(Bucket=bucket, Key="k")["TagSet"] == [{"Key": "a", "Value": "1"}, {"Key": "b", "Value": ""}]
    s3.delete_object_tagging(Bucket=bucket, Key="k")
    assert s3.get_object_tagging(Bucket=bucket, Key="k")["TagSet"] == []
    other = s3.get_object(Bucket=bucket, Key="k", ResponseContentType="a/b", ResponseCacheControl="private")
    assert (other["ContentType"], other["CacheControl"]) == ("a/b", "private")


@pytest.mark.parametrize("asked, status, told", [
    ("bytes=0-8", 206, "bytes 0-8/10"), ("bytes=1-", 206, "bytes 1-9/10"), ("bytes=-2", 206, "bytes 8-9/10"),
    ("bytes=0-0", 206, "bytes 0-0/10"), ("bytes=0-100", 206, "bytes 0-9/10"), ("bytes=-15", 206, "bytes 0-9/10"),
    ("bytes=1-0", 200, None), ("bytes=-1-", 200, None), ("bytes=0-1,3-4", 200, None), ("lines=0-1", 200, None),
    ("bytes=-", 200, None)])
@pytest.mark.parametrize("large", [False, True])
def test_ranges(s3, bucket, asked, status, told, large):
    body = b"0123456789" if not large else b"0123456789" * 10_000
    if large and told is not None and "/10" in told and asked not in ("bytes=0-8", "bytes=0-0", "bytes=0-100"):
        pytest.skip("the same rule")
    s3.put_object(Bucket=bucket, Key="k", Body=body)
    got = s3.get_object(Bucket=bucket, Key="k", Range=asked)
    assert got["ResponseMetadata"]["HTTPStatusCode"] == status
    content = got["Body"].read()
    if told is None:
        assert content == body and "ContentRange" not in got
    elif not large:
        first, last = map(int, told.split()[1].split("/")[0].split("-"))
        assert content == body[first:last + 1] and got["ContentRange"] == told
    else:
        last = int(asked.split("-")[1])
        assert content == body[:last + 1]


@pytest.mark.parametrize("asked", ["bytes=100-200", "bytes=-0"])
def test_a_range_beyond_the_end(s3, bucket, asked):
    s3.put_object(Bucket=bucket, Key="k", Body=b"0123456789")
    answer = refusal(s3.get_object, Bucket=bucket, Key="k", Range=asked)
    assert answer["ResponseMetadata"]["HTTPStatusCode"] == 416
    assert answer["Error"] == {"Code": "InvalidRange", "Message": "The requested range is not satisfiable",
                               "RangeRequested": asked, "ActualObjectSize": "10"}


def test_conditions_of_a_read(s3, bucket):
    put = s3.put_object(Bucket=bucket, Key="k", Body=b"x")
    etag, modified = put["ETag"], s3.head_object(Bucket=bucket, Key="k")["LastModified"]
    before, after = modified - datetime.timedelta(minutes=1), modified + datetime.timedelta(days=1)
    get = dict(Bucket=bucket, Key="k")
    assert read(s3, IfMatch=etag, bucket=bucket, key="k") == b"x"
    assert read(s3, IfMatch=etag.strip('"'), bucket=bucket, key="k") == b"x"
    assert code(s3.get_object, IfMatch='"other"', **get) == (412, "PreconditionFailed")
    assert code(s3.get_object, IfNoneMatch=etag, **get) == (304, "304")
    assert code(s3.get_object, IfModifiedSince=modified, **get) == (304, "304")
    assert read(s3, bucket, "k", IfModifiedSince=after) == b"x"
    assert read(s3, bucket, "k", IfModifiedSince=before) == b"x"
    assert code(s3.get_object, IfUnmodifiedSince=before, **get) == (412, "PreconditionFailed")
    assert read(s3, bucket, "k", IfUnmodifiedSince=modified) == b"x"


def test_conditions_of_a_write(s3, bucket):
    first = s3.put_object(Bucket=bucket, Key="k", Body=b"1", IfNoneMatch="*")
    assert code(s3.put_object, Bucket=bucket, Key="k", Body=b"2", IfNoneMatch="*") == (412, "PreconditionFailed")
    assert code(s3.put_object, Bucket=bucket, Key="k", Body=b"2", IfMatch='"other"') == (412, "PreconditionFailed")
    assert code(s3.put_object, Bucket=bucket, Key="none", Body=b"2", IfMatch='"other"') == (404, "NoSuchKey")
    s3.put_object(Bucket=bucket, Key="k", Body=b"2", IfMatch=first["ETag"])
    assert read(s3, bucket, "k") == b"2"
    assert code(s3.delete_object, Bucket=bucket, Key="k", IfMatch=first["ETag"]) == (412, "PreconditionFailed")


def test_what_is_missing(s3, bucket):
    answer = refusal(s3.get_object, Bucket=bucket, Key="none")
    assert answer["Error"] == {"Code": "NoSuchKey", "Message": "The specified key does not exist.", "Key": "none"}
    assert code(s3.head_object, Bucket=bucket, Key="none") == (404, "404")
    assert code(s3.get_object, Bucket="no-such-bucket-here", Key="k") == (404, "NoSuchBucket")
    assert s3.delete_object(Bucket=bucket, Key="none")["ResponseMetadata"]["HTTPStatusCode"] == 204


@pytest.mark.parametrize("algorithm", ["CRC32", "CRC32C", "CRC64NVME", "SHA1", "SHA256"])
def test_checksums_of_each_kind(s3, bucket, algorithm):
    pytest.importorskip("awscrt") if algorithm in ("CRC32C", "CRC64NVME") else None
    body = os.urandom(100_000)
    member = "Checksum" + algorithm
    put = s3.put_object(Bucket=bucket, Key="k", Body=body, ChecksumAlgorithm=algorithm)
    head = s3.head_object(Bucket=bucket, Key="k", ChecksumMode="ENABLED")
    assert head[member] == put[member] and head["ChecksumType"] == "FULL_OBJECT"


def test_a_wrong_checksum_stores_nothing(s3, bucket):
    for size in (10, 100_000):
        body = b"x" * size
        wrong = base64.b64encode(b"\0" * 32).decode()
        answer = refusal(s3.put_object, Bucket=bucket, Key="k", Body=body, ChecksumSHA256=wrong)
        assert answer["Error"]["Code"] == "BadDigest"
        assert answer["Error"]["Message"] == "The SHA256 you specified did not match the calculated checksum."
        answer = refusal(s3.put_object, Bucket=bucket, Key="k", Body=body, ContentMD5=base64.b64encode(b"\0" * 16).decode())
        assert answer["Error"]["Code"] == "BadDigest"
        assert code(s3.put_object, Bucket=bucket, Key="k", Body=body, ContentMD5="AAAA") == (400, "InvalidDigest")
    assert code(s3.get_object, Bucket=bucket, Key="k") == (404, "NoSuchKey")


def test_without_a_checksum_s3_makes_its_own(cloud, bucket):
    plain = cloud.client("s3", cloud.a, request_checksum_calculation="when_required")
    put = plain.put_object(Bucket=bucket, Key="k", Body=b"")
    assert put["ChecksumCRC64NVME"] == "AAAAAAAAAAA="


@pytest.mark.parametrize("key", ["/", "/a", "a//b", "a/", "test%123", "a+b@c", "ü/é", "emoji-\U0001f600", " ", ".", "..", "a?b#c"])
def test_keys_are_kept_as_they_are(s3, bucket, key):
    s3.put_object(Bucket=bucket, Key=key, Body=key.encode())
    assert read(s3, bucket, key) == key.encode()
    assert [o["Key"] for o in s3.list_objects_v2(Bucket=bucket)["Contents"]] == [key]
    s3.delete_object(Bucket=bucket, Key=key)
    assert s3.list_objects_v2(Bucket=bucket)["KeyCount"] == 0


def test_a_key_that_is_too_long(s3, bucket):
    s3.put_object(Bucket=bucket, Key="k" * 1024, Body=b"")
    assert code(s3.put_object, Bucket=bucket, Key="k" * 1025, Body=b"") == (400, "KeyTooLongError")


def test_listings(s3, bucket):
    for key in ["a", "b/1", "b/2", "b/c/3", "d", "e f"]:
        s3.put_object(Bucket=bucket, Key=key, Body=b"x")
    page = s3.list_objects_v2(Bucket=bucket, Delimiter="/")
    assert [o["Key"] for o in page["Contents"]] == ["a", "d", "e f"]
    assert [p["Prefix"] for p in page["CommonPrefixes"]] == ["b/"] and page["KeyCount"] == 4
    assert [o["Key"] for o in s3.list_objects_v2(Bucket=bucket, Prefix="b/", Delimiter="/")["Contents"]] == ["b/1", "b/2"]
    keys, more = [], {}
    while True:
        page = s3.list_objects_v2(Bucket=bucket, MaxKeys=2, **more)
        keys += [o["Key"] for o in page.get("Contents", [])]
        if not page["IsTruncated"]:
            break
        more = {"ContinuationToken": page["NextContinuationToken"]}
    assert keys == ["a", "b/1", "b/2", "b/c/3", "d", "e f"]
    assert [o["Key"] for o in s3.list_objects_v2(Bucket=bucket, StartAfter="b/2")["Contents"]] == ["b/c/3", "d", "e f"]
    first = s3.list_objects(Bucket=bucket, Delimiter="/", MaxKeys=2)
    assert first["NextMarker"] == "b/" and first["IsTruncated"]
    assert [o["Key"] for o in s3.list_objects(Bucket=bucket, Delimiter="/", Marker="b/")["Contents"]] == ["d", "e f"]
    assert code(s3.list_objects_v2, Bucket=bucket, ContinuationToken="!") == (400, "InvalidArgument")


def test_copies(s3, bucket):
    for key, size in (("small", 10), ("large", 200_000)):
        body = os.urandom(size)
        s3.put_object(Bucket=bucket, Key=key, Body=body, Metadata={"a": "b"}, Tagging="t=1", ContentType="text/css")
        copied = s3.copy_object(Bucket=bucket, Key="copy", CopySource={"Bucket": bucket, "Key": key})
        assert copied["CopyObjectResult"]["ETag"] == f'"{hashlib.md5(body).hexdigest()}"'
        s3.delete_object(Bucket=bucket, Key=key)
        got = s3.get_object(Bucket=bucket, Key="copy")
        assert got["Body"].read() == body and got["Metadata"] == {"a": "b"} and got["ContentType"] == "text/css"
        assert s3.get_object_tagging(Bucket=bucket, Key="copy")["TagSet"] == [{"Key": "t", "Value": "1"}]
        source = {"Bucket": bucket, "Key": "copy"}
        assert code(s3.copy_object, Bucket=bucket, Key="copy", CopySource=source) == (400, "InvalidRequest")
        s3.copy_object(Bucket=bucket, Key="copy", CopySource=source, MetadataDirective="REPLACE", Metadata={"n": "1"},
                       TaggingDirective="REPLACE", Tagging="u=2")
        got = s3.get_object(Bucket=bucket, Key="copy")
        assert got["Body"].read() == body and got["Metadata"] == {"n": "1"}
        assert s3.get_object_tagging(Bucket=bucket, Key="copy")["TagSet"] == [{"Key": "u", "Value": "2"}]
    assert code(s3.copy_object, Bucket=bucket, Key="x", CopySource=f"{bucket}/none") == (404, "NoSuchKey")
    assert code(s3.copy_object, Bucket=bucket, Key="x", CopySource="nothing") == (400, "InvalidArgument")
    answer = refusal(s3.copy_object, Bucket=bucket, Key="x", CopySource=source, CopySourceIfMatch='"other"')
    assert answer["Error"]["Condition"] == "x-amz-copy-source-If-Match"


def test_an_upload_in_parts(s3, bucket):
    parts = [os.urandom(5 * MIB), os.urandom(5 * MIB + 1), b"end"]
    upload = s3.create_multipart_upload(Bucket=bucket, Key="k", Metadata={"a": "b"}, ContentType="text/css")["UploadId"]
    here = {"Bucket": bucket, "Key": "k", "UploadId": upload}
    assert [u["UploadId"] for u in s3.list_multipart_uploads(Bucket=bucket)["Uploads"]] == [upload]
    sent = [{"PartNumber": n, "ETag": s3.upload_part(PartNumber=n, Body=body, **here)["ETag"]}
            for n, body in ((3, parts[2]), (1, b"replaced" + parts[0]), (2, parts[1]), (1, parts[0]))]
    sent = sorted({p["PartNumber"]: p for p in sent}.values(), key=lambda p: p["PartNumber"])
    listed = s3.list_parts(MaxParts=2, **here)
    assert [(p["PartNumber"], p["Size"]) for p in listed["Parts"]] == [(1, 5 * MIB), (2, 5 * MIB + 1)]
    assert listed["IsTruncated"] and listed["NextPartNumberMarker"] == 2
    assert code(s3.get_object, Bucket=bucket, Key="k") == (404, "NoSuchKey")
    wrong = [dict(sent[0], ETag='"0"')] + sent[1:]
    assert code(s3.complete_multipart_upload, MultipartUpload={"Parts": wrong}, **here) == (400, "InvalidPart")
    assert code(s3.complete_multipart_upload, MultipartUpload={"Parts": sent[::-1]}, **here) == (400, "InvalidPartOrder")
    small = [sent[2], {"PartNumber": 4, "ETag": s3.upload_part(PartNumber=4, Body=b"more", **here)["ETag"]}]
    assert code(s3.complete_multipart_upload, MultipartUpload={"Parts": small}, **here) == (400, "EntityTooSmall")
    done = s3.complete_multipart_upload(MultipartUpload={"Parts": sent}, **here)
    digest = hashlib.md5(b"".join(hashlib.md5(p).digest() for p in parts)).hexdigest()
    assert done["ETag"] == f'"{digest}-3"'
    whole = b"".join(parts)
    assert read(s3, bucket, "k") == whole
    assert read(s3, bucket, "k", Range=f"bytes={5 * MIB - 2}-{5 * MIB + 2}") == whole[5 * MIB - 2:5 * MIB + 3]
    second = s3.get_object(Bucket=bucket, Key="k", PartNumber=2)
    assert second["Body"].read() == parts[1] and second["PartsCount"] == 3
    assert code(s3.get_object, Bucket=bucket, Key="k", PartNumber=9) == (416, "InvalidPartNumber")
    attributes = s3.get_object_attributes(Bucket=bucket, Key="k", ObjectAttributes=["ETag", "ObjectSize", "ObjectParts"])
    assert attributes["ETag"] == f"{digest}-3" and attributes["ObjectParts"]["TotalPartsCount"] == 3
    again = s3.complete_multipart_upload(MultipartUpload={"Parts": sent}, **here)
    assert again["ETag"] == done["ETag"]
    assert code(s3.upload_part, PartNumber=1, Body=b"x", **here) == (404, "NoSuchUpload")
    assert "Uploads" not in s3.list_multipart_uploads(Bucket=bucket)


def test_an_upload_that_is_given_up(s3, bucket):
    upload = s3.create_multipart_upload(Bucket=bucket, Key="k")["UploadId"]
    here = {"Bucket": bucket, "Key": "k", "UploadId": upload}
    s3.upload_part(PartNumber=1, Body=os.urandom(100_000), **here)
    assert code(s3.list_parts, Bucket=bucket, Key="other", UploadId=upload) == (404, "NoSuchUpload")
    s3.abort_multipart_upload(**here)
    assert code(s3.list_parts, **here) == (404, "NoSuchUpload")
    assert code(s3.complete_multipart_upload, MultipartUpload={"Parts": [{"PartNumber": 1, "ETag": "x"}]}, **here) == (
        404, "NoSuchUpload")


def test_transfers_of_boto3(s3, bucket, tmp_path):
    file = tmp_path / "file"
    file.write_bytes(os.urandom(30 * MIB))
    config = TransferConfig(multipart_threshold=8 * MIB, multipart_chunksize=8 * MIB, max_concurrency=4)
    s3.upload_file(str(file), bucket, "file", Config=config)
    s3.download_file(bucket, "file", str(tmp_path / "back"), Config=config)
    assert (tmp_path / "back").read_bytes() == file.read_bytes()
    s3.copy({"Bucket": bucket, "Key": "file"}, bucket, "copy", Config=config)
    s3.download_file(bucket, "copy", str(tmp_path / "again"))
    assert (tmp_path / "again").read_bytes() == file.read_bytes()


def test_many_are_deleted_at_once(s3, bucket):
    for i in range(120):
        s3.put_object(Bucket=bucket, Key=f"k{i:03}", Body=b"x")
    keys = [{"Key": f"k{i:03}"} for i in range(120)] + [{"Key": "never"}]
    answer = s3.delete_objects(Bucket=bucket, Delete={"Objects": keys})
    assert len(answer["Deleted"]) == 121 and "Errors" not in answer
    assert s3.list_objects_v2(Bucket=bucket)["KeyCount"] == 0
    s3.put_object(Bucket=bucket, Key="k", Body=b"x")
    quiet = s3.delete_objects(Bucket=bucket, Delete={"Objects": [{"Key": "k"}], "Quiet": True})
    assert "Deleted" not in quiet and "Errors" not in quiet


def test_versions(s3, versioned):
    b = versioned
    first = s3.put_object(Bucket=b, Key="k", Body=b"1")["VersionId"]
    second = s3.put_object(Bucket=b, Key="k", Body=b"2")["VersionId"]
    assert read(s3, b, "k") == b"2" and read(s3, b, "k", VersionId=first) == b"1"
    marker = s3.delete_object(Bucket=b, Key="k")
    assert marker["DeleteMarker"] is True
    answer = refusal(s3.get_object, Bucket=b, Key="k")
    assert answer["Error"]["Code"] == "NoSuchKey"
    headers = answer["ResponseMetadata"]["HTTPHeaders"]
    assert (headers["x-amz-delete-marker"], headers["x-amz-version-id"]) == ("true", marker["VersionId"])
    assert code(s3.get_object, Bucket=b, Key="k", VersionId=marker["VersionId"]) == (405, "MethodNotAllowed")
    listed = s3.list_object_versions(Bucket=b)
    assert [(v["VersionId"], v["IsLatest"]) for v in listed["Versions"]] == [(second, False), (first, False)]
    assert [(m["VersionId"], m["IsLatest"]) for m in listed["DeleteMarkers"]] == [(marker["VersionId"], True)]
    assert "Contents" not in s3.list_objects_v2(Bucket=b)
    assert code(s3.delete_bucket, Bucket=b) == (409, "BucketNotEmpty")
    gone = s3.delete_object(Bucket=b, Key="k", VersionId=marker["VersionId"])
    assert gone["DeleteMarker"] is True and read(s3, b, "k") == b"2"
    s3.delete_object(Bucket=b, Key="k", VersionId=second)
    assert read(s3, b, "k") == b"1"
    assert code(s3.get_object, Bucket=b, Key="k", VersionId=second) == (404, "NoSuchVersion")
    assert code(s3.get_object, Bucket=b, Key="k", VersionId="nonsense") == (400, "InvalidArgument")
    s3.copy_object(Bucket=b, Key="k", CopySource={"Bucket": b, "Key": "k", "VersionId": first}, MetadataDirective="REPLACE")
    everything = s3.list_object_versions(Bucket=b)
    wanted = [{"Key": v["Key"], "VersionId": v["VersionId"]} for v in everything["Versions"]]
    assert len(s3.delete_objects(Bucket=b, Delete={"Objects": wanted})["Deleted"]) == 2
    s3.delete_bucket(Bucket=b)


def test_versions_that_are_suspended(s3, bucket):
    s3.put_object(Bucket=bucket, Key="k", Body=b"before")
    s3.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Enabled"})
    numbered = s3.put_object(Bucket=bucket, Key="k", Body=b"numbered")["VersionId"]
    assert read(s3, bucket, "k", VersionId="null") == b"before"
    s3.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Suspended"})
    assert "VersionId" not in s3.put_object(Bucket=bucket, Key="k", Body=b"null again")
    shown = [(v["VersionId"], v["IsLatest"]) for v in s3.list_object_versions(Bucket=bucket)["Versions"]]
    assert shown == [("null", True), (numbered, False)]
    marker = s3.delete_object(Bucket=bucket, Key="k")
    assert (marker["DeleteMarker"], marker["VersionId"]) == (True, "null")
    listed = s3.list_object_versions(Bucket=bucket)
    assert [v["VersionId"] for v in listed["Versions"]] == [numbered]
    s3.delete_object(Bucket=bucket, Key="k", VersionId="null")
    assert read(s3, bucket, "k") == b"numbered"


def test_a_body_that_does_not_come_to_its_end_stores_nothing(cloud, s3, bucket):
    host, port = cloud.server.endpoint.removeprefix("http://").split(":")
    presigned = cloud.client("s3", cloud.a, signature_version="s3v4").generate_presigned_url(
        "put_object", Params={"Bucket": bucket, "Key": "k"})
    path = presigned.split("/", 3)[3]
    connection = http.client.HTTPConnection(host, int(port))
    connection.putrequest("PUT", "/" + path)
    connection.putheader("Content-Length", "1000000")
    connection.endheaders()
    connection.send(b"x" * 100_000)
    connection.close()
    assert code(s3.get_object, Bucket=bucket, Key="k") == (404, "NoSuchKey")


def test_presigned_urls(cloud, bucket):
    s3 = cloud.client("s3", cloud.a, signature_version="s3v4")
    body = os.urandom(100_000)
    put = s3.generate_presigned_url("put_object", Params={"Bucket": bucket, "Key": "k"})
    request = urllib.request.Request(put, data=body, method="PUT")
    assert urllib.request.urlopen(request).status == 200
    get = s3.generate_presigned_url("get_object", Params={"Bucket": bucket, "Key": "k"})
    assert urllib.request.urlopen(get).read() == body


def test_what_was_stored_is_there_after_a_start(tmp_path):
    server = Server(tmp_path).start()
    try:
        cloud = Cloud(server)
        s3 = cloud.client("s3", cloud.a)
        s3.create_bucket(Bucket="kept")
        bodies = {f"k{size}": os.urandom(size) for size in (0, 100, 20_000, 2 * MIB)}
        for key, body in bodies.items():
            s3.put_object(Bucket="kept", Key=key, Body=body)
        server.stop()
        server.start()
        s3 = cloud.client("s3", cloud.a)
        for key, body in bodies.items():
            assert read(s3, "kept", key) == body
    finally:
        server.stop()


@pytest.mark.parametrize("name, more, action", [
    ("get_object", {}, "s3:GetObject"), ("get_object", {"VersionId": "null"}, "s3:GetObjectVersion"),
    ("put_object", {}, "s3:PutObject"), ("delete_object", {}, "s3:DeleteObject"),
    ("delete_object", {"VersionId": "null"}, "s3:DeleteObjectVersion"),
    ("get_object_tagging", {}, "s3:GetObjectTagging"),
    ("get_object_tagging", {"VersionId": "null"}, "s3:GetObjectVersionTagging"),
    ("get_object_attributes", {"ObjectAttributes": ["ETag"]}, "s3:GetObject")])
def test_refusals_name_what_was_asked(cloud, s3, bucket, name, more, action):
    iam, user = cloud.client("iam", cloud.a), "refused-" + hashlib.sha256(repr((name, more)).encode()).hexdigest()[:12]
    iam.create_user(UserName=user)
    key = iam.create_access_key(UserName=user)["AccessKey"]
    s3.put_object(Bucket=bucket, Key="k", Body=b"x")
    theirs = cloud.client("s3", type(cloud.a)(key["AccessKeyId"], key["SecretAccessKey"]))
    answer = refusal(getattr(theirs, name), Bucket=bucket, Key="k", **more)
    assert answer["Error"]["Code"] == "AccessDenied"
    assert answer["Error"]["Message"] == (
        f"User: arn:aws:iam::111111111111:user/{user} is not authorized to perform: {action} on resource: "
        f'"arn:aws:s3:::{bucket}/k" because no identity-based policy allows the {action} action')


def test_the_list_of_an_object(cloud, s3, bucket):
    s3.put_object(Bucket=bucket, Key="k", Body=b"x")
    whose = s3.get_object_acl(Bucket=bucket, Key="k")
    assert [g["Permission"] for g in whose["Grants"]] == ["FULL_CONTROL"]
    assert whose["Grants"][0]["Grantee"]["ID"] == whose["Owner"]["ID"]
    assert code(s3.put_object_acl, Bucket=bucket, Key="k", ACL="private") == (400, "AccessControlListNotSupported")
    s3.put_bucket_ownership_controls(Bucket=bucket, OwnershipControls={"Rules": [{"ObjectOwnership": "ObjectWriter"}]})
    assert code(s3.put_object_acl, Bucket=bucket, Key="k", ACL="public-read") == (403, "AccessDenied")
    other = cloud.client("s3", cloud.b)
    assert code(other.get_object, Bucket=bucket, Key="k") == (403, "AccessDenied")
    them = other.list_buckets()["Owner"]["ID"]
    s3.put_object_acl(Bucket=bucket, Key="k", GrantRead=f'id="{them}"')
    assert read(other, bucket, "k") == b"x"
    assert code(other.get_object_acl, Bucket=bucket, Key="k") == (403, "AccessDenied")
