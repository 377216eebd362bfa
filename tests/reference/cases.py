"""Cases on disk: the vectors and whatever else has their schema (docs/policy-evaluation.md, section 0)."""

import hashlib
import json
from pathlib import Path

from evaluator import Answer

ROOT = Path(__file__).resolve().parents[2]
CASES = ROOT / "tests/policy/cases"
REGRESSIONS = CASES / "regressions"

# What a shrunk case is filed under until somebody names the rule that it is about.
UNSORTED_RULE = "E-16"


class NumberText(str):
    """A JSON number as it is written: 10.50 is not 10.5 to a String operator. [L-11]"""


class StoredCase:
    def __init__(self, line, case):
        self.line = line  # as written in the file, on one line
        self.case = case
        self.name = case["name"]
        expect = case["expect"]
        self.expected = Answer(expect["decision"], expect["explicit"], expect["layer"])


def load(path):
    """The cases of a file that holds an array of them; none if it holds something else."""
    text = path.read_text()
    decoder = json.JSONDecoder(parse_float=NumberText, parse_int=NumberText)
    found = []
    place = skip_space(text, 0)
    if text[place:place + 1] != "[":
        return []
    place = skip_space(text, place + 1)
    while text[place] != "]":
        case, end = decoder.raw_decode(text, place)
        if not isinstance(case, dict) or not {"name", "request", "policies", "expect"} <= case.keys():
            return []
        found.append(StoredCase(" ".join(text[place:end].split("\n")), case))
        place = skip_space(text, end)
        if text[place] == ",":
            place = skip_space(text, place + 1)
    return found


def skip_space(text, place):
    while text[place:place + 1] in (" ", "\n", "\t", "\r"):
        place += 1
    return place


def stored_cases():
    """All of tests/policy/cases/, regressions included, as (path, cases)."""
    for path in sorted(CASES.rglob("*.json")):
        found = load(path)
        if found:
            yield path, found


def save(case, expected, folder):
    """Writes a shrunk case with what the reference expects of it; gives the path."""
    content = json.dumps([case["request"], case["policies"]], sort_keys=True)
    name = "regression-" + hashlib.sha256(content.encode()).hexdigest()[:10]
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{name}.json"
    stored = {"name": name, "rule": UNSORTED_RULE, "request": case["request"], "policies": case["policies"],
              "expect": {"decision": expected.decision, "explicit": expected.explicit, "layer": expected.layer}}
    path.write_text(json.dumps([stored], indent=2, ensure_ascii=False) + "\n")
    return path
