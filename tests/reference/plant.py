"""Copies of the reference with one mistake of mistakes.py in them."""

import importlib
import shutil
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent


class CannotPlant(Exception):
    """The text that should be replaced is not there, or is there twice."""


def planted(mistake):
    """The package `evaluator` with the mistake in it, beside the one that may be imported already."""
    rule, file, right, wrong = mistake
    with tempfile.TemporaryDirectory() as folder:
        shutil.copytree(HERE / "evaluator", Path(folder) / "evaluator", ignore=shutil.ignore_patterns("__pycache__"))
        path = Path(folder) / "evaluator" / file
        text = path.read_text()
        if text.count(right) != 1:
            raise CannotPlant(f"{rule}: {text.count(right)} times in {file}: {right}")
        path.write_text(text.replace(right, wrong))
        ours = forget_evaluator()
        sys.path.insert(0, folder)
        try:
            importlib.invalidate_caches()
            return importlib.import_module("evaluator")
        finally:
            sys.path.remove(folder)
            forget_evaluator()
            sys.modules.update(ours)


def forget_evaluator():
    return {name: sys.modules.pop(name) for name in list(sys.modules) if name.split(".")[0] == "evaluator"}
