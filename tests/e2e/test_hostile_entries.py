"""What is written can be read, whatever it holds; a disk without room; clocks that are off. See also test_damage.py."""
import os
import shutil
import subprocess

import botocore.exceptions
import pytest

import guide
from conftest import ACCOUNT_A, Cloud, Keys
from deputy import BINARY, Server
from saml import Signer


def refusal(call, **parameters):
    """The code and status of a call that must be refused."""
    with pytest.raises(botocore.exceptions.ClientError) as refused:
        call(**parameters)
    answer = refused.value.response
    return answer["Error"]["Code"], answer["ResponseMetadata"]["HTTPStatusCode"]


@pytest.mark.parametrize("until", ["1960-01-01T00:00:00Z", "1969-12-31T23:59:59Z", "0001-01-01T00:00:00Z"])
def test_metadata_that_ended_before_1970_ends_nobody(server, until):
    cloud = Cloud(server.start())
    iam, signer = cloud.client("iam", cloud.a), Signer()
    code = refusal(iam.create_saml_provider, Name="idp", SAMLMetadataDocument=signer.metadata(valid_until=until))
    if code == ("NotImplemented", 501):
        pytest.skip("libxmlsec1 is not installed")
    assert code == ("InvalidInput", 400)
    kept = iam.create_saml_provider(Name="idp", SAMLMetadataDocument=signer.metadata())["SAMLProviderArn"]
    assert refusal(iam.update_saml_provider, SAMLProviderArn=kept,
                   SAMLMetadataDocument=signer.metadata(valid_until=until)) == ("InvalidInput", 400)
    for end in ("1970-01-01T00:00:00Z", "9999-12-31T23:59:59Z"):
        iam.update_saml_provider(SAMLProviderArn=kept, SAMLMetadataDocument=signer.metadata(valid_until=end))
    server.stop()
    server.start()
    assert iam.get_saml_provider(SAMLProviderArn=kept)["ValidUntil"].year == 9999


@pytest.mark.parametrize("seconds", [-60 * 365 * 86400, 8000 * 365 * 86400, -(1 << 63), (1 << 63) - 1])
def test_the_movable_clock_stays_where_times_can_be_kept(server, seconds):
    cloud = Cloud(server.start("--movable-clock"))
    with pytest.raises(AssertionError, match="ValidationException.*The clock can stand between 1970-01-02T"):
        server.move_clock(seconds)
    cloud.client("iam", cloud.a).create_user(UserName="still")
    server.stop()
    server.start("--movable-clock")
    assert cloud.client("iam", cloud.a).list_users()["Users"]


@pytest.fixture
def shifted_clock(tmp_path):
    """Makes an environment in which a program's clock stands at another second."""
    source, library = tmp_path / "clock.c", tmp_path / "clock.so"
    source.write_text("""
        #define _GNU_SOURCE
        #include <dlfcn.h>
        #include <stdlib.h>
        #include <time.h>
        int clock_gettime(clockid_t id, struct timespec *t) {
          static int (*real)(clockid_t, struct timespec *);
          if (!real) real = dlsym(RTLD_NEXT, "clock_gettime");
          int code = real(id, t);
          if (id == CLOCK_REALTIME) t->tv_sec = atoll(getenv("TEST_CLOCK"));
          return code;
        }""")
    try:
        subprocess.run(["cc", "-shared", "-fPIC", "-o", library, source, "-ldl"], check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError) as problem:
        pytest.skip(f"no C compiler makes a library here: {problem}")
    return lambda second: {"LD_PRELOAD": str(library), "TEST_CLOCK": str(second)}


@pytest.mark.parametrize("second", [-315619200, 253402300800, 1 << 40])
def test_a_clock_in_1960_or_10000_is_named_at_start(server, shifted_clock, second):
    environment = shifted_clock(second)
    if "asan" in subprocess.run(["ldd", BINARY], capture_output=True, text=True).stdout:
        pytest.skip("a sanitized server wants to be the first library")
    done = server.run("serve", "--listen", "127.0.0.1:0", "--data", server.data, check=False, **environment)
    assert done.returncode == 1, done
    assert "the clock of this machine says" in done.stderr and "set it" in done.stderr


@pytest.fixture
def small_disk(tmp_path):
    """A folder on a file system of 12 MiB of its own."""
    place = tmp_path / "small"
    place.mkdir(mode=0o700)
    if os.geteuid() != 0 or shutil.which("mount") is None:
        pytest.skip("only root can mount a small file system")
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=12m,mode=0700", "tmpfs", place], capture_output=True,
                             text=True)
    if mounted.returncode != 0:
        pytest.skip(f"no small file system can be mounted here: {mounted.stderr.strip()}")
    yield place
    subprocess.run(["umount", "-l", place], check=True)


def test_a_full_disk_refuses_writes_only_and_takes_them_again(small_disk):
    server = Server(small_disk)
    cloud = Cloud(server.start("--log-level", "info"))
    try:
        iam, s3 = cloud.client("iam", cloud.a), cloud.client("s3", cloud.a)
        iam.create_role(RoleName="Deploy", AssumeRolePolicyDocument=guide.trust(f"arn:aws:iam::{ACCOUNT_A}:root"))
        iam.create_user(UserName="bob")
        bob = Keys.of(iam.create_access_key(UserName="bob")["AccessKey"])
        iam.put_user_policy(UserName="bob", PolicyName="all", PolicyDocument=guide.policy("Allow", "*", "*"))
        sts = cloud.client("sts", bob)
        ballast = small_disk / "ballast"
        refused = None
        for name in (f"u{i}" for i in range(3000)):
            room = os.statvfs(small_disk).f_bavail * os.statvfs(small_disk).f_frsize
            if room:
                with open(ballast, "ab") as file:
                    file.write(b"x" * room)
            try:
                iam.create_user(UserName=name, Tags=[{"Key": "pad", "Value": "x" * 256}])
            except botocore.exceptions.ClientError as error:
                refused = error.response
                break
        assert refused, "the disk never filled"
        assert refused["ResponseMetadata"]["HTTPStatusCode"] == 503
        assert refused["Error"]["Code"] == "ServiceUnavailable"
        assert refusal(s3.create_bucket, Bucket="no-room-for-this") == ("ServiceUnavailable", 503)
        assert refusal(iam.create_user, UserName="no-room-for-him") == ("ServiceUnavailable", 503)
        for _ in range(20):  # sign-ins go on
            assumed = sts.assume_role(RoleArn=f"arn:aws:iam::{ACCOUNT_A}:role/Deploy", RoleSessionName="session")
            assert cloud.client("sts", Keys.of(assumed["Credentials"])).get_caller_identity()["Account"] == ACCOUNT_A
        assert sts.get_caller_identity()["Arn"].endswith(":user/bob")
        ballast.unlink()
        iam.create_user(UserName="after")
        s3.create_bucket(Bucket="room-again")
        assert server.log.count("there is no room for") == 1 and "there is room for" in server.log
        names = {user["UserName"] for page in iam.get_paginator("list_users").paginate() for user in page["Users"]}
        assert "after" in names and "no-room-for-him" not in names
        server.stop()
        server.start()
        assert names == {user["UserName"] for page in iam.get_paginator("list_users").paginate()
                         for user in page["Users"]}
    finally:
        server.stop()
