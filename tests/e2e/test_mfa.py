"""MFA: the AWS CLI's own prompt, at a terminal; codes that work once; the lock; what conditions see."""
import base64
import concurrent.futures
import configparser
import json
import os
import pty
import re
import select
import shutil
import struct
import subprocess
import time
import zlib

import botocore.exceptions
import pytest

import guide
import page
from clis import AWS
from conftest import ACCOUNT_A, ACCOUNT_B, Cloud, Keys
from deputy import BINARY, Server
from totp import totp

needs_cli = pytest.mark.skipif(AWS is None, reason="no AWS CLI: run scripts/install-deps demo")

PAGE = page.Page("mfa.md")
SERIAL = f"arn:aws:iam::{ACCOUNT_A}:mfa/dana"
ROLE = f"arn:aws:iam::{ACCOUNT_B}:role/Production"
WRONG_CODE = "MultiFactorAuthentication failed with invalid MFA one time pass code. "
NOT_YOURS = ("MultiFactorAuthentication failed, unable to validate MFA code.  Please verify your MFA serial number is valid "
             "and associated with this user.")
HALF = "MultiFactorAuthentication failed, must provide both MFA serial number and one time pass code."
INVALID_PAIR = "Authentication code for device is not valid."


class Time:
    """The server's clock, which this test moves so that nobody waits for the next code."""

    def __init__(self, server):
        self.server, self.ahead = server, 0

    def now(self):
        return time.time() + self.ahead

    def move(self, seconds):
        self.server.move_clock(seconds)
        self.ahead += seconds


class Device:
    """A phone: knows its seed, and which code it showed last."""

    def __init__(self, clock, answer):
        self.clock, self.serial = clock, answer["VirtualMFADevice"]["SerialNumber"]
        self.seed = base64.b32decode(answer["VirtualMFADevice"]["Base32StringSeed"])
        self.last = 0

    def code(self, periods=0):
        return totp(self.seed, self.clock.now() + 30 * periods)

    def wrong(self):
        near = {self.code(p) for p in range(-100, 101)}
        return next(code for code in map("{:06}".format, range(1000000)) if code not in near)

    def fresh(self):
        """A code that was not used yet; the clock moves on if need be."""
        while (period := int(self.clock.now()) // 30 + 1) <= self.last:
            self.clock.move(30)
        self.last = period
        return totp(self.seed, 30 * period)

    def of(self, code=None):
        return {"SerialNumber": self.serial, "TokenCode": code or self.fresh()}

    def pair(self):
        """Two consecutive codes, for enabling."""
        self.last = int(self.clock.now()) // 30
        return {"AuthenticationCode1": totp(self.seed, 30 * self.last - 30),
                "AuthenticationCode2": totp(self.seed, 30 * self.last)}


class World(Cloud):
    def __init__(self, server):
        super().__init__(server)
        self.iam, self.clock = self.client("iam", self.a), Time(server)

    def device(self, name):
        return Device(self.clock, self.iam.create_virtual_mfa_device(VirtualMFADeviceName=name))

    def person(self, name, policy=None):
        """A user of account A with a key and a device that is enabled."""
        self.iam.create_user(UserName=name)
        if policy:
            self.iam.put_user_policy(UserName=name, PolicyName="p", PolicyDocument=policy)
        keys = Keys.of(self.iam.create_access_key(UserName=name)["AccessKey"])
        device = self.device(name)
        self.iam.enable_mfa_device(UserName=name, SerialNumber=device.serial, **device.pair())
        return keys, device

    def sts(self, keys):
        return self.client("sts", keys)

    def session(self, keys, **more):
        return Keys.of(self.sts(keys).get_session_token(**more)["Credentials"])


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    server = Server(tmp_path_factory.mktemp("mfa")).start("--movable-clock")
    yield World(server)
    server.stop()


@pytest.fixture
def own(server):
    """A server of the test's own: it moves the clock far, or is restarted."""
    return World(server.start("--movable-clock"))


def refused(call, code, message, **parameters):
    with pytest.raises(botocore.exceptions.ClientError) as caught:
        call(**parameters)
    error = caught.value.response["Error"]
    assert (error["Code"], error["Message"]) == (code, message)


def denied(call, message, **parameters):
    refused(call, "AccessDenied", message, **parameters)


# ---- The CLI's prompt


def write_profile(world, keys):
    """As docs/guides/mfa.md has its reader do it."""
    commands = re.findall(r"^aws (configure set .* --profile production)$", PAGE.text, re.M)
    assert len(commands) == 3
    place = [f"configure set {name} {value} --profile {profile}" for profile in ("dana", "production")
             for name, value in (("region", "us-east-1"), ("endpoint_url", world.server.endpoint))]
    for command in commands + place:
        subprocess.run([AWS, *command.split()], env=world.server.environment(), check=True, timeout=60)
    credentials = configparser.RawConfigParser()
    credentials.read(world.server.credentials)
    credentials["dana"] = {"aws_access_key_id": keys.id, "aws_secret_access_key": keys.secret}
    with open(world.server.credentials, "w") as file:
        credentials.write(file)


def at_terminal(world, command, *typed, seconds=60):
    """Runs a command at a terminal, types a line at each prompt for a code, and returns what the terminal showed."""
    child, terminal = pty.fork()
    if child == 0:
        os.environ.clear()
        os.environ.update(world.server.environment(HOME=world.server.folder))  # the CLI keeps sessions in ~/.aws/cli/cache
        os.chdir(world.server.folder)
        os.execvp("bash", ["bash", "-c", f"aws() {{ '{AWS}' \"$@\"; }}\n{command}"])
    shown, lines, prompts, end = b"", list(typed), 0, time.monotonic() + seconds
    while time.monotonic() < end:
        if not select.select([terminal], [], [], 0.5)[0]:
            continue
        try:
            some = os.read(terminal, 65536)
        except OSError:  # the other end is closed
            break
        if not some:
            break
        shown += some
        if lines and shown.count(b"Enter MFA code") > prompts:
            prompts += 1
            os.write(terminal, lines.pop(0).encode() + b"\n")
    else:
        os.kill(child, 9)
    status = os.waitpid(child, 0)[1]
    os.close(terminal)
    return os.waitstatus_to_exitcode(status), shown.decode(errors="replace")


@needs_cli
def test_the_cli_prompts_for_the_code(own):
    (keys, device), b = own.person("dana", guide.policy("Allow", "sts:AssumeRole", "*")), own.client("iam", own.b)
    b.create_role(RoleName="Production", AssumeRolePolicyDocument=PAGE.document("production-trust.json"))
    b.put_role_policy(RoleName="Production", PolicyName="p", PolicyDocument=PAGE.document("production-policy.json"))
    own.client("s3", own.b).create_bucket(Bucket="production-invoices")
    write_profile(own, keys)
    listing = "aws --profile production s3 ls"
    assert f"```sh\n{listing}\n```" in PAGE.text

    code, shown = at_terminal(own, listing, device.wrong())
    assert code != 0 and WRONG_CODE.strip() in shown
    used = device.fresh()
    code, shown = at_terminal(own, listing, used)
    assert code == 0 and f"Enter MFA code for {SERIAL}:" in shown and "production-invoices" in shown
    assert used not in shown, "the CLI does not echo the code"
    code, shown = at_terminal(own, listing)
    assert code == 0 and "Enter MFA code" not in shown, "the CLI remembers the session"
    shutil.rmtree(own.server.folder / ".aws/cli/cache")
    code, shown = at_terminal(own, listing, used)
    assert code != 0 and WRONG_CODE.strip() in shown, "a replayed code"


def test_deputy_counts_as_a_phone_does(world):
    seed = base64.b32encode(b"12345678901234567890").decode()

    def run(*words):
        return world.server.run("mfa", "code", *words).stdout

    assert run(seed, "--at", "59") == "287082\n"  # RFC 6238's case with six of its eight digits
    assert run(seed.lower(), "--at", "1970-01-01T00:00:59Z") == "287082\n"
    assert run(" ".join(re.findall("....", seed)), "--at", "1111111109") == "081804\n"
    piped = subprocess.run([BINARY, "mfa", "code", "-", "--at", "59"], input=seed + "\n", capture_output=True, text=True)
    assert (piped.returncode, piped.stdout) == (0, "287082\n")
    before = time.time()
    assert run(seed).strip() in {totp(b"12345678901234567890", at) for at in (before, time.time())}
    for words in ([""], ["GEZDGNBV0"], ["GEZDGNBV1"], [seed, "--at", "yesterday"], [seed, "--at", ""], ["A" * 2000]):
        no = world.server.run("mfa", "code", *words, check=False)
        assert no.returncode == 1 and no.stdout == "" and no.stderr.startswith("deputy: "), words
        assert words[0] == "" or words[0] not in no.stderr, "a seed is a secret"


def test_a_reader_of_qr_codes_reads_the_seed(world):
    zxingcpp = pytest.importorskip("zxingcpp", reason="no QR code reader: zxing-cpp of tests/e2e/requirements.txt")
    for name in ("qr", "+=,.@-_" + "long" * 40):
        made = world.iam.create_virtual_mfa_device(VirtualMFADeviceName=name)["VirtualMFADevice"]
        text = zxingcpp.read_barcode(grey_pixels(made["QRCodePNG"])).text
        seed = made["Base32StringSeed"].decode()
        label = name.replace("+", "%2B").replace("=", "%3D").replace(",", "%2C").replace("@", "%40")
        assert text == (f"otpauth://totp/Amazon%20Web%20Services:{label}@{ACCOUNT_A}?secret={seed}"
                        "&issuer=Amazon%20Web%20Services")


def grey_pixels(png):
    """The pixels of a PNG of one bit a pixel, as a picture that a reader takes."""
    width, height = struct.unpack(">II", png[16:24])
    start = png.index(b"IDAT")
    rows = zlib.decompress(png[start + 4:start + 4 + struct.unpack(">I", png[start - 4:start])[0]])
    stride = 1 + (width + 7) // 8
    grey = bytes(255 if rows[y * stride + 1 + x // 8] >> (7 - x % 8) & 1 else 0
                 for y in range(height) for x in range(width))
    return memoryview(grey).cast("B", (height, width))


# ---- Codes


def test_a_code_works_once(world):
    keys, device = world.person("once", guide.policy("Allow", "sts:AssumeRole", "*"))
    code = device.fresh()
    world.session(keys, **device.of(code))
    denied(world.sts(keys).get_session_token, WRONG_CODE, **device.of(code))
    denied(world.sts(keys).assume_role, WRONG_CODE, RoleArn=ROLE, RoleSessionName="dev", **device.of(code))
    world.session(keys, **device.of())


@pytest.mark.parametrize("end", ["stop", "kill"])
def test_a_used_code_is_used_after_a_restart(own, end):
    keys, device = own.person("restart")
    code = device.fresh()
    own.session(keys, **device.of(code))
    getattr(own.server, end)()
    ahead, own.clock.ahead = own.clock.ahead, 0
    own.server.start("--movable-clock")
    if ahead:
        own.clock.move(ahead)
    denied(own.sts(keys).get_session_token, WRONG_CODE, **device.of(code))
    own.session(keys, **device.of())


def test_the_codes_that_enabled_a_device_are_used(world):
    world.iam.create_user(UserName="enabler")
    keys = Keys.of(world.iam.create_access_key(UserName="enabler")["AccessKey"])
    device = world.device("enabler")
    pair = device.pair()
    world.iam.enable_mfa_device(UserName="enabler", SerialNumber=device.serial, **pair)
    for code in pair.values():
        denied(world.sts(keys).get_session_token, WRONG_CODE, **device.of(code))
    resync = {"UserName": "enabler", "SerialNumber": device.serial}
    refused(world.iam.resync_mfa_device, "InvalidAuthenticationCode", INVALID_PAIR, **resync, **pair)
    world.iam.deactivate_mfa_device(**resync)
    refused(world.iam.enable_mfa_device, "InvalidAuthenticationCode", INVALID_PAIR, **resync, **pair)
    world.clock.move(60)
    world.iam.enable_mfa_device(**resync, **device.pair())


def test_many_at_once_with_one_code_and_one_gets_in(world):
    keys, device = world.person("crowd", guide.policy("Allow", "sts:AssumeRole", "*"))
    clients = [world.sts(keys) for _ in range(16)]
    for _ in range(3):
        code = device.fresh()

        def attempt(client):
            try:
                client.get_session_token(**device.of(code))
                return "in"
            except botocore.exceptions.ClientError as error:
                return error.response["Error"]["Message"]

        with concurrent.futures.ThreadPoolExecutor(16) as pool:
            answers = list(pool.map(attempt, clients * 4))
        assert sorted(answers) == sorted(["in"] + [WRONG_CODE] * 63)


def test_a_code_is_used_up_by_a_call_that_is_refused(world):
    keys, device = world.person("unlucky")  # with no permission at all
    code = device.fresh()
    denied(world.sts(keys).assume_role, guide.not_authorized(f"arn:aws:iam::{ACCOUNT_A}:user/unlucky", "sts:AssumeRole", ROLE),
           RoleArn=ROLE, RoleSessionName="dev", **device.of(code))
    denied(world.sts(keys).get_session_token, WRONG_CODE, **device.of(code))


def test_only_ones_own_device_will_do(world):
    keys, device = world.person("owner", guide.policy("Allow", "*", "*"))
    _, foreign = world.person("neighbour")
    spare = world.device("nobodys")
    elsewhere = Device(world.clock, world.client("iam", world.b).create_virtual_mfa_device(VirtualMFADeviceName="owner"))
    call = world.sts(keys).get_session_token
    neighbours = world.sts(Keys.of(world.iam.create_access_key(UserName="neighbour")["AccessKey"]))
    code = foreign.fresh()
    denied(call, NOT_YOURS, **foreign.of(code))
    neighbours.get_session_token(**foreign.of(code))  # refused elsewhere, it is still good where it belongs
    for serial in (foreign.serial, spare.serial, elsewhere.serial, f"arn:aws:iam::{ACCOUNT_A}:mfa/none",
                   f"arn:aws:iam::{ACCOUNT_A}:user/owner", device.serial.upper(), "GAHT12345678"):
        denied(call, NOT_YOURS, SerialNumber=serial, TokenCode=code)
    denied(call, HALF, SerialNumber=device.serial)
    denied(call, HALF, TokenCode=device.fresh())
    denied(world.sts(world.a).get_session_token, NOT_YOURS, **device.of())
    role = world.iam.create_role(RoleName="owners", AssumeRolePolicyDocument=guide.trust(f"arn:aws:iam::{ACCOUNT_A}:root"))
    session = Keys.of(world.sts(keys).assume_role(RoleArn=role["Role"]["Arn"], RoleSessionName="session")["Credentials"])
    denied(world.sts(session).assume_role, NOT_YOURS, RoleArn=role["Role"]["Arn"], RoleSessionName="session", **device.of())


def test_five_wrong_codes_lock_the_device(own):
    keys, device = own.person("guesser")
    call = own.sts(keys).get_session_token
    for _ in range(5):
        denied(call, WRONG_CODE, **device.of(device.wrong()))
    denied(call, WRONG_CODE, **device.of())
    refused(own.iam.resync_mfa_device, "InvalidAuthenticationCode", INVALID_PAIR, UserName="guesser",
            SerialNumber=device.serial, AuthenticationCode1=device.code(1), AuthenticationCode2=device.code(2))
    own.server.kill()  # the lock is no matter of memory
    ahead, own.clock.ahead = own.clock.ahead, 0
    own.server.start("--movable-clock")
    own.clock.move(ahead + 30)
    denied(own.sts(keys).get_session_token, WRONG_CODE, **device.of())
    own.clock.move(60)
    own.session(keys, **device.of())


def test_a_guess_among_many_at_once_is_counted(own):
    keys, device = own.person("swarm")
    wrong = device.wrong()

    def attempt(client):
        try:
            client.get_session_token(**device.of(wrong))
            return "in"
        except botocore.exceptions.ClientError as error:
            return error.response["Error"]["Code"]

    with concurrent.futures.ThreadPoolExecutor(16) as pool:
        answers = list(pool.map(attempt, [own.sts(keys) for _ in range(16)] * 2))
    assert set(answers) <= {"AccessDenied", "ConcurrentModification"}
    denied(own.sts(keys).get_session_token, WRONG_CODE, **device.of())


# ---- What conditions see

S3 = "s3:ListAllMyBuckets"
# docs/policy-evaluation.md, K-4: a statement, and whether ListBuckets goes through with a long-term key, with a session
# without MFA, with a session with MFA.
STATEMENTS = [
    ("Allow, Bool true", [("Allow", {"Bool": {"aws:MultiFactorAuthPresent": "true"}})], (False, False, True)),
    ("Allow, BoolIfExists true", [("Allow", {"BoolIfExists": {"aws:MultiFactorAuthPresent": "true"}})], (True, False, True)),
    ("Deny, Bool false", [("Allow", {}), ("Deny", {"Bool": {"aws:MultiFactorAuthPresent": "false"}})], (True, False, True)),
    ("Deny, BoolIfExists false", [("Allow", {}), ("Deny", {"BoolIfExists": {"aws:MultiFactorAuthPresent": "false"}})],
     (False, False, True)),
    ("Allow, Null false", [("Allow", {"Null": {"aws:MultiFactorAuthPresent": "false"}})], (False, True, True)),
    ("Allow, age is there", [("Allow", {"Null": {"aws:MultiFactorAuthAge": "false"}})], (False, False, True)),
    ("Allow, age under 1000", [("Allow", {"NumericLessThan": {"aws:MultiFactorAuthAge": "1000"}})], (False, False, True)),
]


@pytest.fixture(scope="module")
def callers(world):
    """One user as three kinds of caller."""
    keys, device = world.person("conditions")
    return keys, world.session(keys), world.session(keys, **device.of())


@pytest.mark.parametrize("name, statements, wanted", STATEMENTS, ids=[name for name, *_ in STATEMENTS])
def test_the_keys_are_there_for_whom_they_should_be(world, callers, name, statements, wanted):
    policy = {"Version": "2012-10-17", "Statement": [
        {"Effect": effect, "Action": S3, "Resource": "*", **({"Condition": condition} if condition else {})}
        for effect, condition in statements]}
    world.iam.put_user_policy(UserName="conditions", PolicyName="p", PolicyDocument=json.dumps(policy))
    for keys, allowed in zip(callers, wanted):
        client = world.client("s3", keys)
        if allowed:
            client.list_buckets()
        else:
            with pytest.raises(botocore.exceptions.ClientError, match="AccessDenied"):
                client.list_buckets()


def test_iam_wants_a_session_with_mfa(world):
    keys, device = world.person("selfservice", guide.policy("Allow", "iam:*", "*"))
    without, with_code = world.session(keys), world.session(keys, **device.of())
    refused(world.client("iam", without).list_mfa_devices, "InvalidClientTokenId",
            "The security token included in the request is invalid")
    iam = world.client("iam", with_code)
    assert [d["SerialNumber"] for d in iam.list_mfa_devices()["MFADevices"]] == [device.serial]
    iam.deactivate_mfa_device(UserName="selfservice", SerialNumber=device.serial)


def test_a_role_sees_the_code_of_the_call_and_its_session_carries_it(world):
    name, b = "chained", world.client("iam", world.b)
    keys, device = world.person(name, guide.policy("Allow", "sts:AssumeRole", "*"))
    condition = {"Condition": {"Bool": {"aws:MultiFactorAuthPresent": "true"},
                               "NumericLessThan": {"aws:MultiFactorAuthAge": "60"}}}
    trust = guide.trust(f"arn:aws:iam::{ACCOUNT_A}:root", **condition)
    role = b.create_role(RoleName="asks", AssumeRolePolicyDocument=trust)["Role"]["Arn"]
    may = json.dumps({"Version": "2012-10-17", "Statement": [
        {"Effect": "Allow", "Action": S3, "Resource": "*", "Condition": {"Bool": {"aws:MultiFactorAuthPresent": "true"}}},
        {"Effect": "Allow", "Action": "sts:AssumeRole", "Resource": "*"}]})
    b.put_role_policy(RoleName="asks", PolicyName="p", PolicyDocument=may)

    def assume(keys, role, **more):
        return Keys.of(world.sts(keys).assume_role(RoleArn=role, RoleSessionName="session", **more)["Credentials"])

    no = guide.not_authorized(f"arn:aws:iam::{ACCOUNT_A}:user/{name}", "sts:AssumeRole", role)

    denied(world.sts(keys).assume_role, no, RoleArn=role, RoleSessionName="session")
    denied(world.sts(world.session(keys)).assume_role, no, RoleArn=role, RoleSessionName="session")
    session = assume(keys, role, **device.of())
    world.client("s3", session).list_buckets()

    # A session of GetSessionToken with MFA gets in, but the role's session did not come with a code of its own.
    carried = assume(world.session(keys, **device.of()), role)
    with pytest.raises(botocore.exceptions.ClientError, match="AccessDenied"):
        world.client("s3", carried).list_buckets()

    # And from role to role nothing goes on.
    b.create_role(RoleName="next", AssumeRolePolicyDocument=guide.trust(f"arn:aws:iam::{ACCOUNT_B}:root"))
    b.put_role_policy(RoleName="next", PolicyName="p", PolicyDocument=may)
    chained = assume(session, f"arn:aws:iam::{ACCOUNT_B}:role/next")
    with pytest.raises(botocore.exceptions.ClientError, match="AccessDenied"):
        world.client("s3", chained).list_buckets()


def test_a_session_grows_too_old(own):
    keys, device = own.person("aging", guide.policy("Allow", S3, "*", Condition={
        "NumericLessThan": {"aws:MultiFactorAuthAge": "600"}}))
    client = own.client("s3", own.session(keys, **device.of()))
    client.list_buckets()
    own.clock.move(590)
    client.list_buckets()
    own.clock.move(11)
    with pytest.raises(botocore.exceptions.ClientError, match=guide.no_identity_policy(S3)):
        client.list_buckets()


# ---- What is left behind


def test_codes_and_seeds_stay_out_of_the_trail(world):
    keys, device = world.person("discreet", guide.policy("Allow", "*", "*"))
    code, pair = device.fresh(), device.pair()
    world.session(keys, **device.of(code))
    refused(world.iam.resync_mfa_device, "InvalidAuthenticationCode", INVALID_PAIR, UserName="discreet",
            SerialNumber=device.serial, **pair)
    seed = base64.b32encode(device.seed).decode()
    wanted = {"CreateVirtualMFADevice", "EnableMFADevice", "GetSessionToken", "ResyncMFADevice"}
    for _ in range(100):  # the trail is written a moment after the answer
        trail = world.server.run("events", "--data", world.server.data, "--output", "json").stdout
        mine = [line for line in trail.splitlines() if '"discreet"' in line or "mfa/discreet" in line]
        if wanted <= {json.loads(line)["eventName"] for line in mine}:
            break
        time.sleep(0.05)
    else:
        raise AssertionError(f"the trail lacks some of {wanted}:\n{trail}")
    for line in mine:
        for secret in (seed, code, *pair.values()):
            assert f'"{secret}"' not in line
    stored = b"".join(file.read_bytes() for file in world.server.data.rglob("*") if file.is_file())
    assert device.seed not in stored and seed.encode() not in stored
