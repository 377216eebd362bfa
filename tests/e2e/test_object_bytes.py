"""Where the bytes of objects lie: who may read them, what a kill and a full disk leave, when they go, and that a seal holds."""
import hashlib
import random
import stat
import threading

import botocore.exceptions
import pytest

import deputy
from conftest import Cloud
from deputy import Server

MIB = 1024 * 1024
LARGE = 300_000  # bytes: these lie in a file
GRACE = 600      # seconds for which bytes stay that nothing names any more
BUCKET = "bytes-of-a"


def body_of(name, size=LARGE):
    return random.Random(name).randbytes(size)


def files(server):
    """The files of kept bytes."""
    folder = server.data / "objects"
    return sorted(path for path in folder.rglob("*") if path.is_file() and path.parent.name != "drafts")


def drafts(server):
    return list((server.data / "objects" / "drafts").iterdir())


def wait_for(what):
    for _ in range(600):
        if what():
            return
        threading.Event().wait(0.1)
    raise AssertionError("it does not come to pass")


def let_it_pass(server, until, graces=1):
    """The grace of unused bytes, and back to the time that clients have. Who does it again goes two graces further, for the
    server may not have noticed that it was back in between."""
    server.move_clock(graces * GRACE + 5)
    try:
        wait_for(until)
    finally:
        server.move_clock(-graces * GRACE - 5)


@pytest.fixture
def held(tmp_path):
    """A server with a bucket, its clock in our hands."""
    server = Server(tmp_path)
    yield server
    if server.process is not None:
        server.stop()


def client(server, *arguments):
    cloud = Cloud(server.start("--movable-clock", *arguments))
    s3 = cloud.client("s3", cloud.a)
    s3.create_bucket(Bucket=BUCKET)
    return cloud, s3


def read(s3, key):
    return s3.get_object(Bucket=BUCKET, Key=key)["Body"].read()


def test_bytes_are_their_owners_alone_and_have_names_of_ours(held):
    _, s3 = client(held)
    for key in ("../../escape", "a/b", "p" + "0" * 32):
        s3.put_object(Bucket=BUCKET, Key=key, Body=body_of(key))
        assert read(s3, key) == body_of(key)
    assert len(files(held)) == 3 and drafts(held) == []
    for path in (held.data / "objects").rglob("*"):
        assert stat.S_IMODE(path.stat().st_mode) == (0o700 if path.is_dir() else 0o600), path
    assert not (held.data / "escape").exists() and not (held.folder / "escape").exists()


def test_bytes_go_when_nothing_names_them_any_more(held):
    _, s3 = client(held)
    s3.put_object(Bucket=BUCKET, Key="stays", Body=body_of("stays"))
    for n in range(3):
        s3.put_object(Bucket=BUCKET, Key="overwritten", Body=body_of(n))
    s3.put_object(Bucket=BUCKET, Key="deleted", Body=body_of("deleted"))
    s3.delete_object(Bucket=BUCKET, Key="deleted")
    upload = s3.create_multipart_upload(Bucket=BUCKET, Key="aborted")["UploadId"]
    s3.upload_part(Bucket=BUCKET, Key="aborted", UploadId=upload, PartNumber=1, Body=body_of("part"))
    s3.abort_multipart_upload(Bucket=BUCKET, Key="aborted", UploadId=upload)
    assert len(files(held)) == 6
    let_it_pass(held, lambda: len(files(held)) == 2)
    assert read(s3, "stays") == body_of("stays") and read(s3, "overwritten") == body_of(2)


def test_a_snapshot_has_its_bytes_and_nothing_is_left_when_it_goes(held):
    _, s3 = client(held)
    held.run("snapshot", "save", "clean", "--data", held.data)
    s3.put_object(Bucket=BUCKET, Key="k", Body=body_of("first"))
    held.run("snapshot", "save", "first", "--data", held.data)
    s3.put_object(Bucket=BUCKET, Key="gone", Body=body_of("gone"))
    s3.delete_object(Bucket=BUCKET, Key="gone")
    s3.put_object(Bucket=BUCKET, Key="k", Body=body_of("second"))
    let_it_pass(held, lambda: len(files(held)) == 2)  # both of k, of which nobody but the snapshot has the first
    held.run("snapshot", "restore", "first", "--data", held.data)
    assert read(s3, "k") == body_of("first")
    let_it_pass(held, lambda: len(files(held)) == 1, graces=3)
    assert read(s3, "k") == body_of("first")
    held.run("snapshot", "restore", "clean", "--data", held.data)
    held.run("snapshot", "delete", "first", "--data", held.data)
    let_it_pass(held, lambda: files(held) == [], graces=5)


def test_sealed_bytes_show_nothing_and_take_no_change(held):
    cloud, s3 = client(held)
    text = b"what nobody shall read " * 20_000
    s3.put_object(Bucket=BUCKET, Key="plain", Body=text)
    assert text[:100] in files(held)[0].read_bytes()
    held.stop()
    held.start("--movable-clock", "--seal-objects")
    s3 = cloud.client("s3", cloud.a)
    s3.put_object(Bucket=BUCKET, Key="sealed", Body=text)
    s3.put_object(Bucket=BUCKET, Key="other", Body=text)
    assert read(s3, "plain") == read(s3, "sealed") == text
    assert s3.get_object(Bucket=BUCKET, Key="sealed", Range="bytes=70000-200000")["Body"].read() == text[70000:200001]
    s3.copy_object(Bucket=BUCKET, Key="copied", CopySource=f"{BUCKET}/sealed")
    assert read(s3, "copied") == text
    sealed = [path for path in files(held) if path.name.startswith("s")]
    assert len(sealed) == 3
    for path in sealed:
        assert text[:20] not in path.read_bytes()
    held.stop()
    held.start()  # no longer sealing, still reading
    assert read(s3, "sealed") == text
    for path in sealed:  # one bit, far in
        data = bytearray(path.read_bytes())
        data[150_000] ^= 1
        path.write_bytes(data)
    for key in ("sealed", "other", "copied"):
        with pytest.raises((botocore.exceptions.ClientError, botocore.exceptions.HTTPClientError,
                            botocore.exceptions.IncompleteReadError, botocore.exceptions.ResponseStreamingError,
                            botocore.exceptions.FlexibleChecksumError)):
            assert read(s3, key) == text, "what was changed was handed out"


def test_a_full_disk_is_told_and_loses_nothing(held, monkeypatch):
    _, s3 = client(held)
    s3.put_object(Bucket=BUCKET, Key="before", Body=body_of("before"))
    held.stop()
    # A file that may not grow is like a full disk, for files of this size alone.
    limited = held.folder / "limited"
    limited.write_text(f"#!/bin/sh\nulimit -f 8192\nexec '{deputy.BINARY}' \"$@\"\n")
    limited.chmod(0o700)
    monkeypatch.setattr(deputy, "BINARY", str(limited))
    held.start()
    for _ in range(3):
        with pytest.raises(botocore.exceptions.ClientError) as refused:
            s3.put_object(Bucket=BUCKET, Key="large", Body=bytes(8 * MIB))
        assert refused.value.response["ResponseMetadata"]["HTTPStatusCode"] == 503
        s3.put_object(Bucket=BUCKET, Key="small", Body=body_of("small"))
    assert read(s3, "before") == body_of("before") and read(s3, "small") == body_of("small")
    wait_for(lambda: drafts(held) == [])


def test_a_kill_leaves_whole_objects_and_no_drafts(held):
    cloud, _ = client(held)
    rounds, threads = 3, 6
    acknowledged = {}
    for number in range(rounds):
        enough = threading.Semaphore(0)

        def write(worker, number=number, enough=enough):
            s3 = cloud.client("s3", cloud.a, connect_timeout=2, read_timeout=20)
            for n in range(1000):
                key = f"{number}/{worker}/{n}"
                body = body_of(key, 20_000 + 977 * (n % 300))
                try:
                    s3.put_object(Bucket=BUCKET, Key=key, Body=body)
                except (botocore.exceptions.BotoCoreError, botocore.exceptions.ClientError):
                    return
                acknowledged[key] = hashlib.sha256(body).hexdigest()
                enough.release()

        workers = [threading.Thread(target=write, args=(n,)) for n in range(threads)]
        for worker in workers:
            worker.start()
        for _ in range(60):
            assert enough.acquire(timeout=60)
        held.kill()
        for worker in workers:
            worker.join()
        held.start("--movable-clock")
        wait_for(lambda: drafts(held) == [])
    s3 = cloud.client("s3", cloud.a)
    listed = {item["Key"] for page in s3.get_paginator("list_objects_v2").paginate(Bucket=BUCKET)
              for item in page.get("Contents", [])}
    assert acknowledged.keys() <= listed
    for key in listed:  # also those that were committed and not acknowledged are whole
        body = read(s3, key)
        if key in acknowledged:
            assert hashlib.sha256(body).hexdigest() == acknowledged[key], key
        assert body == body_of(key, len(body)), key
    assert len(files(held)) == sum(len(read(s3, key)) > 16 * 1024 for key in listed)
