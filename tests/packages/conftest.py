"""Tests of what people install (make test-packages). They share the helpers of tests/e2e."""
import os
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).parent
sys.path[:0] = [str(HERE), str(HERE.parent / "e2e")]

import roots  # noqa: E402


def pytest_configure(config):
    for name in [n for n in os.environ if n.startswith("AWS_") or n.startswith("DEPUTY_")]:
        del os.environ[name]
    os.environ.update(AWS_EC2_METADATA_DISABLED="true", AWS_CONFIG_FILE=os.devnull, AWS_SHARED_CREDENTIALS_FILE=os.devnull,
                      NO_PROXY="127.0.0.1,localhost", no_proxy="127.0.0.1,localhost")


@pytest.fixture
def bare(request, tmp_path):
    """A bare system (the parameter's), which the test may change."""
    with roots.fresh(request.param, tmp_path) as root:
        yield root
