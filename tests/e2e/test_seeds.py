"""`deputy apply` and `deputy serve --seed`, with real servers: what a seed makes, that it is whole or nothing, every fault of a
bad one, and a large one."""
import json
import re
import signal
import subprocess

import botocore.exceptions
import pytest

import saml
from conftest import Keys
from deputy import BINARY, PATIENCE, ROOT

EXAMPLE = ROOT / "examples/seed/two-accounts.yaml"
DANA = Keys("AKIADANAOFACCOUNTA00", "dana-of-account-a")
ROOT_B = Keys("AKIAROOTOFACCOUNTB00", "root-of-account-b")


def client(server, service, keys):
    import boto3
    return boto3.session.Session().client(
        service, endpoint_url=server.endpoint, region_name="us-east-1", aws_access_key_id=keys.id,
        aws_secret_access_key=keys.secret, aws_session_token=keys.token)


def apply(server, *arguments, check=True, **more):
    return server.run("apply", "--data", server.data, *arguments, check=check, **more)


def test_the_example_is_applied_before_the_server_is_ready(server):
    server.start("--seed", str(EXAMPLE))
    session = Keys.of(client(server, "sts", DANA).assume_role(
        RoleArn="arn:aws:iam::222222222222:role/Reader", RoleSessionName="dana")["Credentials"])
    assert [b["Name"] for b in client(server, "s3", session).list_buckets()["Buckets"]] == ["bucket-of-b"]
    with pytest.raises(botocore.exceptions.ClientError, match="AccessDenied"):
        client(server, "iam", session).list_users()
    assert "the seed is applied" in server.log
    # And what is stored is what was served: after a restart with the same seed nothing changes.
    server.stop()
    server.start("--seed", str(EXAMPLE))
    assert "the seed is applied: 0 changes" in server.log
    assert client(server, "iam", ROOT_B).get_role(RoleName="Reader")["Role"]["MaxSessionDuration"] == 7200


def test_applied_again_it_changes_nothing_and_prune_removes(server):
    server.start()
    first = json.loads(apply(server, "--output", "json", EXAMPLE).stdout)
    assert first["Applied"] and len(first["Changes"]) > 8 and len(first["Credentials"]) == 3
    assert json.loads(apply(server, "--output", "json", EXAMPLE).stdout)["Changes"] == []
    client(server, "iam", ROOT_B).create_user(UserName="mallory")
    assert json.loads(apply(server, "--output", "json", EXAMPLE).stdout)["Changes"] == []
    plan = json.loads(apply(server, "--output", "json", "--dry-run", "--prune", EXAMPLE).stdout)
    assert plan["Changes"] == [{"AccountId": "222222222222", "Operation": "DeleteUser", "Resource": "user/mallory"}]
    assert client(server, "iam", ROOT_B).get_user(UserName="mallory")
    apply(server, "--prune", EXAMPLE)
    with pytest.raises(botocore.exceptions.ClientError, match="NoSuchEntity"):
        client(server, "iam", ROOT_B).get_user(UserName="mallory")


def test_profiles_are_written(server):
    server.start()
    apply(server, EXAMPLE)
    written = server.credentials.read_text()
    assert re.search(r"\[dana\](.|\n)*?aws_secret_access_key *= *dana-of-account-a", written)
    assert "[account-b]" in written


BAD = """\
Accounts:
  - AccountId: "444444444444"
    Users:
      - UserName: gina
        Pats: /team/
      - UserName: "no name"
      - UserName: hana
        Groups: [nobodies]
        ManagedPolicyArns:
          - arn:aws:iam::444444444444:policy/Nowhere
        Policies:
          - PolicyName: p
            PolicyDocument: {Version: "2012-10-17", Statement: [{Effect: Perhaps, Action: "*", Resource: "*"}]}
    Roles:
      - RoleName: Deploy
        AssumeRolePolicyDocument: {Statement: [{Effect: Allow, Action: sts:AssumeRole, Principal: {AWS: "arn:aws:iam::444444444444:user/gone"}}]}
      - RoleName: Short
        MaxSessionDuration: soon
        AssumeRolePolicyDocument: {Statement: [{Effect: Allow, Action: sts:AssumeRole, Principal: {AWS: "444444444444"}}]}
      - RoleName: Headless
    Buckets:
      - Bucket: Not_A_Bucket
  - AccountId: "4444"
"""
PLACES = ["5:9", "6:19", "8:18", "10:13", "13:29", "16:35", "18:29", "20:9", "22:17", "23:16"]


def test_ten_faults_are_told_with_their_places_and_nothing_is_written(server):
    server.start()
    seed = server.folder / "bad.yaml"
    seed.write_text(BAD)
    done = apply(server, seed, check=False)
    assert done.returncode == 1
    lines = done.stderr.strip().splitlines()
    assert lines[-1] == "deputy: 10 faults; nothing was written"
    assert [line.removeprefix(f"{seed}:").rpartition(": ")[0] and ":".join(line.removeprefix(f"{seed}:").split(":")[:2])
            for line in lines[:-1]] == PLACES, done.stderr
    assert server.run("account", "list", "--data", server.data).stdout.startswith("There is no account yet")
    told = json.loads(apply(server, "--output", "json", seed, check=False).stdout)
    assert [f"{f['Line']}:{f['Column']}" for f in told["Faults"]] == PLACES


def test_a_server_does_not_start_with_a_bad_seed(server):
    seed = server.folder / "bad.yaml"
    seed.write_text(BAD)
    server.start("--seed", str(seed), wait=False)
    assert server.process.wait(PATIENCE) == 1
    server.process = None
    assert "10 faults in the seed; nothing was written" in server.log
    assert f"{seed}:20:9: Role needs AssumeRolePolicyDocument" in server.log
    server.start()
    assert server.run("account", "list", "--data", server.data).stdout.startswith("There is no account yet")


def test_secrets_come_from_the_environment_and_from_files(server):
    server.start()
    (server.folder / "secret").write_text("from-a-file\n")
    seed = server.folder / "seed.yaml"
    seed.write_text('Accounts: [{AccountId: 555555555555, AccessKeys: ['
                    '{AccessKeyId: AKIAFROMAFILE0000000, SecretAccessKey: {File: secret}},'
                    '{AccessKeyId: AKIAFROMVARIABLE0000, SecretAccessKey: {Env: A_SECRET}}]}]')
    done = apply(server, seed, check=False)
    assert f"{seed}:1:179: the environment variable A_SECRET is not set" in done.stderr
    done = apply(server, seed, A_SECRET="from-a-variable")
    assert "from-a" not in server.log
    for keys in Keys("AKIAFROMAFILE0000000", "from-a-file"), Keys("AKIAFROMVARIABLE0000", "from-a-variable"):
        assert client(server, "sts", keys).get_caller_identity()["Account"] == "555555555555"


def large(accounts, roles):
    """Each role trusts the next account, and may one thing."""
    def role(account, n):
        other = f"{(account + 1) % accounts + 100000000000}"
        return {"RoleName": f"Role{n}",
                "AssumeRolePolicyDocument": {"Version": "2012-10-17", "Statement": [
                    {"Effect": "Allow", "Principal": {"AWS": f"arn:aws:iam::{other}:root"}, "Action": "sts:AssumeRole"}]},
                "Policies": [{"PolicyName": "p", "PolicyDocument": {"Version": "2012-10-17", "Statement": [
                    {"Effect": "Allow", "Action": "s3:GetObject", "Resource": f"arn:aws:s3:::bucket-{account}-{n}/*"}]}}]}
    return {"Accounts": [{"AccountId": str(100000000000 + a), "Roles": [role(a, n) for n in range(roles)]}
                         for a in range(accounts)]}


def test_a_thousand_accounts_are_whole_or_not_there(server):
    """Killed while it is applied, the server has all of it or nothing."""
    seed = server.folder / "large.json"
    seed.write_text(json.dumps(large(1000, 20)))
    server.start()
    applying = subprocess.Popen([BINARY, "apply", "--data", str(server.data), str(seed)], stdin=subprocess.DEVNULL,
                                stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    try:
        applying.wait(1.5)
    except subprocess.TimeoutExpired:
        pass
    server.kill()
    applying.communicate(timeout=PATIENCE)
    server.start()
    server.run("wait", "--data", server.data)
    there = server.operate("GetStatus")["Accounts"]
    assert there in (0, 1000)
    done = apply(server, "--output", "json", seed)
    assert len(json.loads(done.stdout)["Changes"]) == (0 if there else 41000)
    assert server.operate("GetStatus")["Accounts"] == 1000
    server.stop()
    server.start()
    assert server.run("account", "show", "100000000999", "--data", server.data).stdout.count("20") >= 1
    assert json.loads(apply(server, "--output", "json", seed).stdout)["Changes"] == []


def test_the_schema_is_printed(server):
    assert server.run("apply", "--schema").stdout == (ROOT / "docs/seed.schema.json").read_text()


def test_an_organization_with_everything_in_it(server):
    server.start()
    seed = ROOT / "examples/seed/organization.json"
    apply(server, seed)
    for more in [], ["--prune"]:
        again = json.loads(apply(server, "--output", "json", *more, seed).stdout)
        assert again["Changes"] == []
    oscar = Keys("AKIAOSCAROFBUILDS000", "oscar-of-builds")
    session = Keys.of(client(server, "sts", oscar).assume_role(
        RoleArn="arn:aws:iam::222222222222:role/ci/Deploy", RoleSessionName="oscar")["Credentials"])
    client(server, "s3", session).list_objects_v2(Bucket="artifacts-of-builds")
    with pytest.raises(botocore.exceptions.ClientError, match="AccessDenied"):
        client(server, "iam", session).list_users()


def test_a_saml_provider_with_its_metadata_in_a_file(server):
    server.start()
    (server.folder / "metadata.xml").write_text(saml.Signer().metadata())
    seed = server.folder / "seed.yaml"
    seed.write_text("Accounts: [{AccountId: 666666666666, AccessKeys: [{AccessKeyId: AKIAROOTOFSAML000000, SecretAccessKey: s}],"
                    " SAMLProviders: [{Name: corp, SAMLMetadataDocument: {File: metadata.xml}}]}]")
    apply(server, seed)
    assert apply(server, "--prune", seed).stdout == "Nothing to change: the account is as the seed says.\n"
    arn = "arn:aws:iam::666666666666:saml-provider/corp"
    root = client(server, "iam", Keys("AKIAROOTOFSAML000000", "s"))
    assert [p["Arn"] for p in root.list_saml_providers()["SAMLProviderList"]] == [arn]
    (server.folder / "metadata.xml").write_text("<none/>")
    assert apply(server, seed, check=False).stderr.startswith(f"{seed}:1:")


def test_the_trail_tells_each_account_what_a_seed_changed(server):
    server.start()
    apply(server, EXAMPLE)
    server.stop()
    told = [json.loads(line) for line in (server.data / "events.jsonl").read_text().splitlines()]
    told = [event for event in told if event["eventName"] == "ApplySeed"]
    assert [event["recipientAccountId"] for event in told] == ["111111111111", "222222222222"]
    assert {"accountId": "222222222222", "operation": "CreateRole", "resource": "role/Reader"} in told[1]["responseElements"]["changes"]
    assert "dana-of-account-a" not in (server.data / "events.jsonl").read_text()


def test_a_template_is_applied(server):
    server.start()
    template = ROOT / "examples/seed/template.yaml"
    arguments = ["--account", "222222222222", "--output", "json", "--parameter", "Stage=test", template]
    done = apply(server, *arguments, check=False)
    assert "Invalid principal in policy" in done.stdout  # the account of the pipeline is not there
    server.create_account("111111111111", "Pipelines", "pipelines")
    done = apply(server, *arguments)
    root = Keys.of(json.loads(done.stdout)["Credentials"][0])
    role = client(server, "iam", root).get_role(RoleName="deploy-test")["Role"]
    assert role["AssumeRolePolicyDocument"]["Statement"][0]["Principal"] == {"AWS": "arn:aws:iam::111111111111:root"}
    document = client(server, "iam", root).get_role_policy(RoleName="deploy-test", PolicyName="ReadArtifacts")
    assert document["PolicyDocument"]["Statement"][0]["Resource"] == "arn:aws:s3:::artifacts-test-222222222222"
    again = apply(server, "--account", "222222222222", "--parameter", "Stage=test", template)
    assert again.stdout == "Nothing to change: the account is as the seed says.\n"
    done = apply(server, template, check=False)
    assert f"{template}:2:1: a template is of an account: say which, --account ID" in done.stderr


def test_the_schema_takes_what_the_reader_takes(server):
    fastjsonschema = pytest.importorskip("fastjsonschema", reason="run scripts/install-deps test")
    valid = fastjsonschema.compile(json.loads((ROOT / "docs/seed.schema.json").read_text()))
    everything = json.loads((ROOT / "examples/seed/organization.json").read_text())
    valid(everything)
    valid(large(2, 2))
    server.start()

    def changed(change):
        copy = json.loads(json.dumps(everything))
        change(copy["Accounts"][1])
        return copy

    for wrong in (changed(lambda a: a.pop("AccountId")), changed(lambda a: a.update(Polices=[])),
                  changed(lambda a: a["Roles"][0].pop("AssumeRolePolicyDocument")),
                  changed(lambda a: a["Users"][0]["AccessKeys"][0].update(Status="Off")),
                  changed(lambda a: a["Roles"][0].update(MaxSessionDuration="long"))):
        with pytest.raises(fastjsonschema.JsonSchemaException):
            valid(wrong)
        seed = server.folder / "wrong.json"
        seed.write_text(json.dumps(wrong))
        assert apply(server, seed, check=False).returncode == 1
