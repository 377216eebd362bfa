"""Terraform and OpenTofu with the AWS provider: docs/guides/terraform.md as printed, and every kind of resource that Deputy has.

A case is a folder of `terraform/`: the configuration at two stages (var.stage), and in case.json what its data sources see,
what somebody does behind Terraform's back, and what Terraform must then find.
"""
import json
import re
import shutil
from pathlib import Path

import pytest

import clis
import made
import terraform
from deputy import ROOT
from story import Reader
from terraform import Terraform, one_line

CASES = Path(__file__).parent / "terraform"
KINDS = ["identities", "roles", "account", "organization", "buckets"]
IMPORTS = json.loads((CASES / "imports.json").read_text())


@pytest.fixture(scope="session", params=terraform.TOOLS)
def tool(request, tmp_path_factory):
    return terraform.find(request.param, tmp_path_factory.mktemp("settings"))


@pytest.fixture
def start(tool, server, account, tmp_path):
    """Starts with the configuration of a case, as the account's root user."""
    def start(case):
        folder = tmp_path / case
        shutil.copytree(CASES / case, folder)
        made.write_files(folder / "made")
        return Terraform(tool, folder, server.environment(**tool.environment, AWS_PROFILE=account[1].profile_name))
    return start


def rows(heading):
    """The rows of the page's table under those column titles."""
    page = (ROOT / "docs/guides/terraform.md").read_text()
    table = page[page.index(f"\n{heading}\n"):].split("\n\n")[0]
    return [[cell.strip() for cell in row.strip("|").split("|")] for row in table.strip().split("\n")[2:]]


def test_the_page_lists_what_is_tested():
    texts = [(CASES / name / "main.tf").read_text() for name in KINDS]
    for keyword, chosen in (("resource", lambda of: of != "data sources"), ("data", lambda of: of == "data sources")):
        tested = {kind for text in texts for kind in re.findall(rf'^{keyword} "aws_(\w+)"', text, re.M)}
        listed = {kind for of, kinds in rows("| of | resources (`aws_…`) |") if chosen(of) for kind in re.findall(r"`(\w+)`", kinds)}
        assert listed == tested, keyword


def behind_its_back(account, of, steps):
    """In the parameters stand `{account}`, and what Terraform knows: `{aws_iam_role.main.arn}`, `{….roots.0.id}`."""
    number, session = account
    known = {address: values for address, _, values in of.resources()}

    def value_of(found):
        if found[1] == "account":
            return number
        kind, name, *path = found[1].split(".")
        value = known[f"{kind}.{name}"]
        for part in path:
            value = value[int(part)] if part.isdigit() else value[part]
        return value
    for service, operation, parameters in steps:
        filled = {name: re.sub(r"\{(account|aws_[\w.]+)\}", value_of, value) if isinstance(value, str) else value
                  for name, value in parameters.items()}
        getattr(session.client(service), operation)(**filled)


def test_the_page_runs_as_printed(tool, tmp_path, monkeypatch):
    for name, value in tool.environment.items():
        monkeypatch.setenv(name, value)
    (tmp_path / ".bin").mkdir()
    (tmp_path / ".bin/terraform").symlink_to(tool.path)  # what the page calls; first on its reader's PATH
    reader = Reader(tmp_path, clis.find("ours"))
    try:
        assert reader.read("docs/guides/terraform.md") >= 10
    finally:
        reader.close()


@pytest.mark.parametrize("name", KINDS)
def test_every_kind(start, account, name):
    case = json.loads((CASES / name / "case.json").read_text())
    iam = account[1].client("iam")
    before = iam.get_account_summary()["SummaryMap"]
    of = start(name)

    of.apply()
    assert of.outputs()["seen"] == case["seen"]
    of.must_be_in_sync()

    second = {"TF_VAR_stage": "second"}
    of.apply(**second)
    of.run("apply", "-refresh-only", "-auto-approve", **second)  # what data sources saw while it changed
    assert of.outputs()["seen"] == case["seen_second"]
    of.must_be_in_sync(**second)

    behind_its_back(account, of, case["outside"])
    assert {address: change["actions"] for address, change in of.plan(**second).items()} == case["drift"]
    of.apply("plan", **second)

    import_all(of, second)
    of.must_be_in_sync(**second)

    behind_its_back(account, of, case["before_destroy"])
    of.run("destroy", "-auto-approve", **second)
    assert iam.get_account_summary()["SummaryMap"] == before


def import_all(of, variables):
    """Terraform forgets whatever can be imported, and imports it: nothing may differ but what the provider never reads."""
    imported = {address: IMPORTS["id"].get(kind, "{id}").format(**values) for address, kind, values in of.resources()
                if kind not in IMPORTS["never"]}
    of.run("state", "rm", *imported, **variables)
    (of.folder / "imports.tf").write_text("".join(
        f"import {{\n  to = {address}\n  id = {json.dumps(id)}\n}}\n" for address, id in imported.items()))
    plan = of.plan(**variables)
    assert plan.keys() == imported.keys()
    wrong = {}
    for address, change in plan.items():
        differs = {name for name in change["after"] if change["before"].get(name) != change["after"][name]}
        differs -= set(IMPORTS["not_read"].get(address.split(".")[0], []))
        if "importing" not in change or differs:
            wrong[address] = (differs, change)
    assert not wrong
    of.apply("plan", **variables)


def test_an_account_is_closed(start, account):
    of = start("closing")
    of.apply()
    of.must_be_in_sync()
    said = one_line(of.run("destroy", "-auto-approve", codes=(1,)))
    assert "OrganizationalUnitNotEmptyException" in said
    accounts = account[1].client("organizations").list_accounts()["Accounts"]
    assert sorted((each["Name"] == "member", each["Status"]) for each in accounts) == [(False, "ACTIVE"), (True, "SUSPENDED")]


def test_what_is_not_there_is_named(start):
    listed = {operation.strip("`") for _, operation in rows("| resource | the operation that it lacks |")}
    of = start("gaps")
    said = one_line(of.apply(codes=(1,)))
    assert set(re.findall(r"Deputy does not implement (\w+:\w+) yet", said)) == listed
