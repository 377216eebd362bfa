"""`deputy validate` as a command: exit codes, standard input, several files, JSON. What it says of each document is
tested in tests/cases/cases/validate.txt."""
import json
import subprocess

import pytest

from deputy import BINARY

GOOD = '{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}}'
BAD = '{"Version": "2012-10-17", "Statment": []}'
ODD = '{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "s3:GetObjct", "Resource": "*"}}'


def validate(*arguments, text=""):
    return subprocess.run([BINARY, "validate", *map(str, arguments)], input=text, capture_output=True, text=True)


@pytest.fixture
def files(tmp_path):
    for name, text in {"good": GOOD, "bad": BAD, "odd": ODD}.items():
        (tmp_path / f"{name}.json").write_text(text)
    return tmp_path


@pytest.mark.parametrize("names,more,code", [
    (["good"], [], 0),
    (["good", "odd"], [], 0),
    (["good", "odd"], ["--strict"], 1),
    (["bad"], [], 1),
    (["bad", "good"], [], 1),
    (["good", "missing"], [], 2),
    (["bad", "missing"], [], 2),
])
def test_exit_codes(files, names, more, code):
    done = validate("--type", "identity", *more, *[files / f"{n}.json" for n in names])
    assert done.returncode == code, done
    assert ("cannot read" in done.stderr) == ("missing" in names)


def test_what_cannot_be_understood_is_a_usage_error(files):
    assert validate(files / "good.json").returncode == 2
    assert validate("--type", "polcy", files / "good.json").returncode == 2
    assert validate("--type", "identity").returncode == 2
    assert validate("--type", "identity", files).returncode == 2  # a folder


def test_standard_input(files):
    done = validate("--type", "identity", "-", text=BAD)
    assert done.returncode == 1
    assert done.stdout.startswith("<stdin>:1:27: error: Syntax errors in policy.\n")
    assert 'Did you mean "Statement"?' in done.stdout


def test_json_is_one_document_for_all_files(files):
    paths = [files / f"{n}.json" for n in ("good", "bad", "odd")]
    done = validate("--type", "identity", "--output", "json", *paths)
    answers = json.loads(done.stdout)
    assert [a["file"] for a in answers] == [str(p) for p in paths]
    assert [a["valid"] for a in answers] == [True, False, True]
    assert [len(a["errors"]) for a in answers] == [0, 1, 0]
    assert [len(a["warnings"]) for a in answers] == [0, 0, 1]


def test_help_has_examples_and_exit_codes():
    told = validate("--help")
    assert told.returncode == 0
    for word in ("Examples:", "Exit codes:", "trust", "vpc-endpoint", "--strict"):
        assert word in told.stdout
