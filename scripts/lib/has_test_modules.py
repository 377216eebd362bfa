"""Exit 0 if this interpreter has a pytest and a boto3 that the end-to-end tests can use; with `all`, everything that they pin."""
import importlib.metadata
import re
import sys
from pathlib import Path

PINS = Path(__file__).resolve().parents[2] / "tests/e2e/requirements.txt"


def version(package):
    """(major, minor), or nothing if it is not there."""
    try:
        return tuple(map(int, re.findall(r"\d+", importlib.metadata.version(package))[:2]))
    except importlib.metadata.PackageNotFoundError:
        return ()


wanted = re.findall(r"^([\w.-]+)==", PINS.read_text(), re.M) if sys.argv[1:] == ["all"] else []
# boto3 1.28 is the first that knows endpoint_url in a profile.
sys.exit(0 if version("boto3") >= (1, 28) and version("pytest") >= (7, 0) and all(map(version, wanted)) else 1)
