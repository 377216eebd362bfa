"""Fixtures: a server of the session with the guide's two accounts, and clients for them."""
import configparser
import os
import sys
from dataclasses import dataclass
from pathlib import Path

import boto3
import botocore.config
import pytest

sys.path.insert(0, str(Path(__file__).parent))

from deputy import REGION, Server  # noqa: E402

ACCOUNT_A, ACCOUNT_B = "111111111111", "222222222222"


def pytest_configure(config):
    # The settings of whoever runs the tests must not reach the clients under test.
    for name in [n for n in os.environ if n.startswith(("AWS_", "DEPUTY_")) and n != "AWS_CA_BUNDLE"]:
        del os.environ[name]
    os.environ.update(AWS_EC2_METADATA_DISABLED="true", AWS_CONFIG_FILE=os.devnull,
                      AWS_SHARED_CREDENTIALS_FILE=os.devnull, NO_PROXY="127.0.0.1,localhost",
                      no_proxy="127.0.0.1,localhost")


@dataclass(frozen=True)
class Keys:
    id: str
    secret: str
    token: str | None = None

    @staticmethod
    def of(credentials):
        """From an AWS answer: AccessKeyId, SecretAccessKey and maybe SessionToken."""
        return Keys(credentials["AccessKeyId"], credentials["SecretAccessKey"], credentials.get("SessionToken"))

    def environment(self):
        values = {"AWS_ACCESS_KEY_ID": self.id, "AWS_SECRET_ACCESS_KEY": self.secret}
        return values | ({"AWS_SESSION_TOKEN": self.token} if self.token else {})


class Cloud:
    """A running server with the accounts A and B, and clients for whoever has keys."""

    def __init__(self, server):
        self.server = server
        server.create_account(ACCOUNT_A, "Account A", "account-a")
        server.create_account(ACCOUNT_B, "Account B", "account-b")
        self.a, self.b = self.profile("account-a"), self.profile("account-b")

    def profile(self, name):
        """The keys that `deputy account create` wrote."""
        file = configparser.RawConfigParser()
        file.read(self.server.credentials)
        return Keys(file[name]["aws_access_key_id"], file[name]["aws_secret_access_key"])

    def client(self, service, keys, region=REGION, **settings):
        config = {"retries": {"total_max_attempts": 1}, "max_pool_connections": 64, **settings}
        return boto3.session.Session().client(
            service, endpoint_url=self.server.endpoint, region_name=region, aws_access_key_id=keys.id,
            aws_secret_access_key=keys.secret, aws_session_token=keys.token, config=botocore.config.Config(**config))


@pytest.fixture(scope="session")
def shared_server(tmp_path_factory):
    server = Server(tmp_path_factory.mktemp("shared")).start()
    yield server
    server.stop()


@pytest.fixture(scope="session")
def cloud(shared_server):
    """Shared by the tests that only add things under names of their own."""
    return Cloud(shared_server)


@pytest.fixture
def server(tmp_path):
    """A server of the test's own, not started."""
    server = Server(tmp_path)
    yield server
    server.stop()


@pytest.fixture
def fresh(server):
    """A started server of the test's own, with the two accounts."""
    return Cloud(server.start())
