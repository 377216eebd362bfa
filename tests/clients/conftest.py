"""A server for all clients, with tests/e2e's helper; whatever client a test is about is asked for by the test."""
import os
import sys
from pathlib import Path

import boto3
import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "e2e"))

from deputy import Server  # noqa: E402


def pytest_configure(config):
    # The settings of whoever runs the tests must not reach the clients under test.
    for name in [n for n in os.environ if n.startswith(("AWS_", "DEPUTY_", "TF_VAR_", "TF_CLI_ARGS")) and n != "AWS_CA_BUNDLE"]:
        del os.environ[name]


@pytest.fixture(scope="session")
def server(tmp_path_factory):
    server = Server(tmp_path_factory.mktemp("server")).start()
    os.environ.update(AWS_CONFIG_FILE=str(server.config), AWS_SHARED_CREDENTIALS_FILE=str(server.credentials))
    yield server
    server.stop()


@pytest.fixture
def account(server, request):
    """(id, profile) of an account of the test's own; `boto3.Session(profile_name=…)` is its root user."""
    account.made = getattr(account, "made", 0) + 1
    number, profile = f"3333333333{account.made:02}", f"account-{account.made}"
    server.create_account(number, request.node.name, profile)
    return number, boto3.Session(profile_name=profile)
