"""Exit 0 if this interpreter has a pytest and a boto3 that the end-to-end tests can use; with `all`, everything they use."""
import importlib.util
import sys

import boto3
import pytest


def version(text):
    return tuple(int(part) for part in text.split(".")[:2] if part.isdigit())


if sys.argv[1:] == ["all"] and not all(map(importlib.util.find_spec, ("cryptography", "prometheus_client", "zxingcpp"))):
    sys.exit(1)
# boto3 1.28 is the first that knows endpoint_url in a profile.
sys.exit(0 if version(boto3.__version__) >= (1, 28) and version(pytest.__version__) >= (7, 0) else 1)
