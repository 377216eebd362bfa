"""The commands that look after accounts, and what they do to the AWS CLI's files."""
import configparser
import json
import re

import pytest
from botocore.exceptions import ClientError

import guide
from conftest import ACCOUNT_A, ACCOUNT_B, Keys
from deputy import Server


def read(path):
    file = configparser.RawConfigParser()
    file.read(path)
    return file


def test_a_profile_is_ready_for_use(fresh):
    section = read(fresh.server.config)["profile account-a"]
    assert section["endpoint_url"] == fresh.server.endpoint
    assert section["region"]
    assert fresh.client("sts", fresh.a).get_caller_identity() | {"ResponseMetadata": 0} == {
        "UserId": ACCOUNT_A, "Account": ACCOUNT_A, "Arn": f"arn:aws:iam::{ACCOUNT_A}:root", "ResponseMetadata": 0}


def test_a_profile_of_yours_is_not_touched(server):
    server.start()
    mine = "[profile work]\nregion = eu-central-1  \n# mine\n[profile account-a]\nregion = eu-west-3\n"
    server.config.write_text(mine)
    done = server.run("account", "create", ACCOUNT_A, "--name", "A", "--profile", "account-a", "--data", server.data, check=False)
    assert done.returncode != 0 and "account-a" in done.stdout + done.stderr
    assert server.config.read_text() == mine
    server.run("account", "create", ACCOUNT_B, "--name", "B", "--profile", "account-b", "--data", server.data)
    assert server.config.read_text().startswith(mine)


def test_the_profile_of_another_account_is_not_overwritten(fresh):
    def create(*more):
        return fresh.server.run("account", "create", "333333333333", "--profile", "account-a", "--data", fresh.server.data,
                                *more, check=False)
    refused = create()
    assert refused.returncode == 1 and f"with the credentials of account {ACCOUNT_A}" in refused.stderr
    assert fresh.profile("account-a") == fresh.a
    assert "333333333333" not in fresh.server.run("account", "list", "--data", fresh.server.data).stdout, "asked before it is made"
    assert create("--force").returncode == 0
    assert fresh.client("sts", fresh.profile("account-a")).get_caller_identity()["Account"] == "333333333333"


def test_an_account_without_an_id_gets_one(server):
    server.start()
    made = json.loads(server.run("account", "create", "--output", "json", "--data", server.data).stdout)["Account"]
    assert re.fullmatch(r"\d{12}", made["AccountId"]) and made["Name"] == "Account"


def test_accounts_are_listed_shown_and_deleted(fresh):
    listed = fresh.server.run("account", "list", "--data", fresh.server.data).stdout
    assert ACCOUNT_A in listed and "Account B" in listed
    shown = fresh.server.run("account", "show", ACCOUNT_A, "--data", fresh.server.data).stdout
    assert "Account A" in shown
    assert fresh.a.secret not in listed + shown
    fresh.server.run("account", "delete", ACCOUNT_B, "--data", fresh.server.data, check=False)
    left = fresh.server.run("account", "list", "--data", fresh.server.data).stdout
    assert ACCOUNT_B not in left and ACCOUNT_A in left


def test_nothing_is_made_in_an_account_that_is_being_deleted(fresh):
    iam = fresh.client("iam", fresh.b)
    for i in range(25):  # more than one call of DeleteAccount deletes
        iam.create_user(UserName=f"user-{i:02}")
    iam.put_user_policy(UserName="user-24", PolicyName="all", PolicyDocument=guide.policy("Allow", "*", "*"))
    user = Keys.of(iam.create_access_key(UserName="user-24")["AccessKey"])
    root = Keys.of(fresh.client("sts", fresh.b).get_session_token()["Credentials"])
    assert fresh.server.operate("DeleteAccount", AccountId=ACCOUNT_B, Force=True)["Remaining"] > 0
    for keys, service, call in ((user, "iam", "list_users"), (root, "sts", "get_caller_identity"), (fresh.b, "iam", "list_users")):
        with pytest.raises(ClientError) as refused:
            getattr(fresh.client(service, keys), call)()
        assert refused.value.response["Error"]["Code"] == "InvalidClientTokenId"
    with pytest.raises(AssertionError, match="AccountClosedException"):
        fresh.server.operate("CreateRootAccessKey", AccountId=ACCOUNT_B)

    fresh.server.run("account", "delete", ACCOUNT_B, "--force", "--data", fresh.server.data)
    fresh.server.create_account(ACCOUNT_B, "Another B", "another-b", "--reuse-id")
    fresh.server.stop()
    fresh.server.start()
    assert fresh.client("iam", fresh.profile("another-b")).list_users()["Users"] == []


def test_an_account_is_made_once(fresh):
    done = fresh.server.run("account", "create", ACCOUNT_A, "--name", "again", "--profile", "again",
                            "--data", fresh.server.data, check=False)
    assert done.returncode != 0 and ACCOUNT_A in done.stdout + done.stderr
    assert "again" not in fresh.server.config.read_text()


def test_an_account_id_has_twelve_digits(fresh):
    for wrong in ("12345678901", "1234567890123", "12345678901a", ""):
        done = fresh.server.run("account", "create", wrong, "--name", "x", "--data", fresh.server.data, check=False)
        assert done.returncode != 0, wrong


def test_root_credentials_can_be_chosen(server):
    server.start()
    server.create_account("333333333333", "C", "account-c", "--access-key-id", "AKIAIOSFODNN7EXAMPLE",
                          "--secret-access-key", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY")
    section = read(server.credentials)["account-c"]
    assert section["aws_access_key_id"] == "AKIAIOSFODNN7EXAMPLE"
    assert section["aws_secret_access_key"] == "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"


def test_env_prints_lines_for_a_shell(fresh):
    printed = fresh.server.run("env", "account-a", "--data", fresh.server.data).stdout
    exports = dict(re.findall(r"^export (\w+)='?([^'\n]*)'?$", printed, re.M))
    assert exports["AWS_ACCESS_KEY_ID"] == fresh.a.id
    assert exports["AWS_SECRET_ACCESS_KEY"] == fresh.a.secret
    assert exports["AWS_ENDPOINT_URL"] == exports["AWS_ENDPOINT_URL_STS"] == fresh.server.endpoint


def test_a_profile_names_the_sts_that_other_profiles_assume_roles_by(fresh):
    """Without it, SDKs send the AssumeRole of a profile with role_arn to the real STS."""
    files = read(fresh.server.config)
    assert files["profile account-a"]["services"] == "account-a"
    assert files["services account-a"]["sts"].split() == ["endpoint_url", "=", fresh.server.endpoint]
    again = fresh.server.run("account", "create", "555555555555", "--name", "E", "--profile", "e", "--data", fresh.server.data)
    assert "profile e" in again.stdout and len(read(fresh.server.config).sections()) == len(files.sections()) + 2


def test_a_services_section_of_somebody_is_not_touched(fresh):
    with open(fresh.server.config, "a") as file:
        file.write("\n[services mine]\ns3 =\n  endpoint_url = http://elsewhere\n")
    before = fresh.server.config.read_text()
    done = fresh.server.run("account", "create", "555555555555", "--name", "E", "--profile", "mine", "--data", fresh.server.data,
                            check=False)
    assert done.returncode == 1 and "[services mine]" in done.stderr, done.stderr
    assert fresh.server.config.read_text() == before


def test_the_commands_need_a_server(tmp_path):
    server = Server(tmp_path)
    done = server.run("account", "list", "--data", server.data, check=False)
    assert done.returncode != 0
    assert "serve" in done.stdout + done.stderr, "the message says how to mend it"


def test_every_request_leaves_an_event(fresh):
    fresh.client("sts", fresh.a).get_caller_identity()
    fresh.server.stop()  # what is still in memory is written
    lines = [json.loads(line) for path in fresh.server.data.rglob("*.jsonl") for line in path.read_text().splitlines()]
    event = next(line for line in lines if line["eventName"] == "GetCallerIdentity")
    assert event["eventSource"] == "sts.amazonaws.com"
    assert event["userIdentity"]["type"] == "Root"
    assert event["userIdentity"]["accountId"] == ACCOUNT_A
    assert fresh.a.secret not in json.dumps(lines)


def test_coverage_says_what_is_built(server):
    printed = server.run("coverage").stdout
    assert "AssumeRole" in printed or "sts" in printed.lower()


def test_help_and_version(server):
    assert "serve" in server.run("--help").stdout
    assert server.run("--version").stdout.strip()
    assert server.run("help").stdout == server.run("--help").stdout
    assert server.run("help", "account", "create").stdout == server.run("account", "create", "--help").stdout


@pytest.mark.parametrize("arguments, said", [
    (["acount", "list"], 'there is no command "acount" of deputy. Did you mean "account"? There are: serve, wait, stop, status, account,'),
    (["account", "lst"], 'there is no command "lst" under account. Did you mean "list"? There are: create, list, show, credentials, delete'),
    (["account"], "A subcommand is required"),
    (["account", "show"], "id is required"),
    (["events", "--account", "a"], "an account id has twelve digits: a"),
    ([], "Subcommands:"),
])
def test_a_mistyped_command_is_told_which_there_are(server, arguments, said):
    done = server.run(*arguments, check=False)
    assert done.returncode == 2 and said in done.stderr and done.stdout == ""
