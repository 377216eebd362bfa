"""Fixtures: `deputy`, a server of the test's own; `shared_deputy`, one of the session; `deputy_as`, for code that makes its own clients."""
from pathlib import Path

import pytest
from botocore.exceptions import ClientError

from .explain import Refusal, explain
from .server import Deputy

SERVERS = pytest.StashKey()


def pytest_addoption(parser):
    group = parser.getgroup("deputy")
    group.addoption("--deputy-seed", action="append", default=[], metavar="FILE", help="a seed that each server starts with; repeatable")
    parser.addini("deputy_seed", "seeds that each server starts with, relative to the root folder", type="linelist", default=[])
    parser.addini("deputy_arguments", "more options of deputy serve", type="args", default=[])


def _start(config):
    seeds = [Path(config.rootpath, seed) for seed in config.getini("deputy_seed")] + config.getoption("--deputy-seed")
    return Deputy(seeds, config.getini("deputy_arguments"))


def _serve(request):
    server = _start(request.config)
    request.node.stash.setdefault(SERVERS, []).append(server)
    try:
        yield server
    finally:
        server.stop()


@pytest.fixture
def deputy(request):
    """A server of the test's own, with the seeds in it."""
    yield from _serve(request)


@pytest.fixture(scope="session")
def shared_deputy(request):
    """One server for all tests of the session: for those that only add things under names of their own."""
    yield from _serve(request)


@pytest.fixture
def deputy_as(monkeypatch):
    """deputy_as(principal): from here to the end of the test, whoever makes an AWS client is this principal."""
    def become(principal):
        for name in ("AWS_PROFILE", "AWS_SESSION_TOKEN"):
            monkeypatch.delenv(name, raising=False)
        for name, value in principal.environment.items():
            monkeypatch.setenv(name, value)
        # A session that somebody made before has the credentials of before.
        import boto3
        monkeypatch.setattr(boto3, "DEFAULT_SESSION", None)
    return become


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item, call):
    """A test that fails of a refusal shows what the policies say to it."""
    outcome = yield
    error = call.excinfo.value if call.excinfo is not None else None
    refusal = Refusal.of(error) if isinstance(error, ClientError) else None
    servers = [s for node in (item, item.session) for s in node.stash.get(SERVERS, [])]
    if refusal is not None and servers:
        outcome.get_result().sections.append(("why it was refused", f"{refusal}\n{explain(servers[0], refusal)}"))
