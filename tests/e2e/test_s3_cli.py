"""`aws s3`, as people type it: cp, ls, sync, mv, rm, presign, with each AWS CLI that is here."""
import os
import subprocess
import urllib.request

import pytest

import clis

MIB = 1024 * 1024


@pytest.fixture(scope="module", params=clis.ALL)
def aws(request, cloud, tmp_path_factory):
    cli = clis.find(request.param)
    folder = tmp_path_factory.mktemp("cli")
    config = folder / "config"
    config.write_text("[default]\nregion = us-east-1\ns3 =\n    signature_version = s3v4\n    addressing_style = path\n")
    environment = {"PATH": os.environ["PATH"], "HOME": str(folder), "AWS_CONFIG_FILE": str(config),
                   "AWS_EC2_METADATA_DISABLED": "true", "NO_PROXY": "127.0.0.1", "no_proxy": "127.0.0.1",
                   **cloud.a.environment()}

    def run(*words, fails=False, stdin=None):
        done = subprocess.run([cli.path, "--endpoint-url", cloud.server.endpoint, *words], env=environment, cwd=folder,
                              input=stdin, capture_output=True, timeout=120)
        assert (done.returncode != 0) == fails, done.stdout.decode() + done.stderr.decode()
        return (done.stderr if fails else done.stdout).decode()

    run.folder, run.name = folder, request.param
    return run


@pytest.fixture
def bucket(aws, request):
    name = f"cli-{aws.name}-{abs(hash(request.node.name)) % 10**9}".replace("_", "-").replace(".", "-").lower()
    aws("s3", "mb", f"s3://{name}")
    yield name
    aws("s3", "rb", f"s3://{name}", "--force")


@pytest.mark.parametrize("size", [0, 5, 200_000, 20 * MIB])
def test_a_file_goes_up_and_comes_back(aws, bucket, size):
    body = os.urandom(size)
    (aws.folder / "up").write_bytes(body)
    aws("s3", "cp", "up", f"s3://{bucket}/a/file", "--metadata", "k=v")
    aws("s3", "cp", f"s3://{bucket}/a/file", "down")
    assert (aws.folder / "down").read_bytes() == body
    aws("s3", "cp", f"s3://{bucket}/a/file", f"s3://{bucket}/b/copy")
    aws("s3", "mv", f"s3://{bucket}/b/copy", f"s3://{bucket}/c")
    listed = aws("s3", "ls", f"s3://{bucket}", "--recursive").split("\n")
    assert [line.split()[2:] for line in listed if line] == [[str(size), "a/file"], [str(size), "c"]]
    assert "PRE a/" in aws("s3", "ls", f"s3://{bucket}")


def test_folders_are_kept_alike(aws, bucket):
    here, there = aws.folder / f"{bucket}-here", aws.folder / f"{bucket}-there"
    for name, text in {"a": "1", "b/c": "2", "b/d e": "3", "ü": "4"}.items():
        (here / name).parent.mkdir(parents=True, exist_ok=True)
        (here / name).write_text(text)
        os.utime(here / name, (10**9, 10**9))  # sync compares with a time of whole seconds: what is newer goes up again
    assert aws("s3", "sync", str(here), f"s3://{bucket}/x").count("upload:") == 4
    assert aws("s3", "sync", str(here), f"s3://{bucket}/x").strip() == ""
    aws("s3", "sync", f"s3://{bucket}/x", str(there))
    assert {p.relative_to(there).as_posix(): p.read_text() for p in there.rglob("*") if p.is_file()} == {
        "a": "1", "b/c": "2", "b/d e": "3", "ü": "4"}
    (here / "a").unlink()
    assert "delete:" in aws("s3", "sync", str(here), f"s3://{bucket}/x", "--delete")
    assert aws("s3", "rm", f"s3://{bucket}/x", "--recursive").count("delete:") == 3


def test_what_is_piped(aws, bucket):
    aws("s3", "cp", "-", f"s3://{bucket}/piped", stdin=b"hello")
    assert aws("s3", "cp", f"s3://{bucket}/piped", "-") == "hello"


def test_presigned(aws, bucket):
    aws("s3", "cp", "-", f"s3://{bucket}/k", stdin=b"hello")
    assert urllib.request.urlopen(aws("s3", "presign", f"s3://{bucket}/k").strip()).read() == b"hello"


def test_what_is_missing(aws, bucket):
    assert 'Key "none" does not exist' in aws("s3", "cp", f"s3://{bucket}/none", "x", fails=True)
    assert "NoSuchBucket" in aws("s3", "ls", "s3://no-such-bucket-of-the-cli", fails=True)
