"""`deputy evaluate`: the vectors as a stream, and lines that are no case."""
import json
import subprocess
from pathlib import Path

from deputy import BINARY

VECTORS = Path(__file__).parents[1] / "policy" / "cases" / "vectors.json"


def evaluate(lines, *arguments):
    done = subprocess.run([BINARY, "evaluate", *arguments], input="\n".join(lines) + "\n", capture_output=True, text=True,
                          timeout=60)
    return done.returncode, [json.loads(line) for line in done.stdout.splitlines()]


def vectors():
    return json.loads(VECTORS.read_text())


def test_every_vector_is_decided_as_expected():
    cases = vectors()
    code, answers = evaluate(json.dumps(case) for case in cases)
    assert code == 0
    assert [a["name"] for a in answers] == [c["name"] for c in cases]
    for case, answer in zip(cases, answers):
        assert set(answer) == {"name", "decision", "explicit", "layer", "statement"}
        expected = case["expect"]
        assert (answer["decision"], answer["explicit"]) == (expected["decision"], expected["explicit"]), answer
        assert expected["layer"] in ("any", answer["layer"]), answer


def test_a_broken_line_has_its_own_answer_and_stops_nothing():
    good = json.dumps(vectors()[0])
    unknown = json.dumps(vectors()[0] | {"name": "unknown-member", "polices": {}})
    code, answers = evaluate([good, "no JSON", '{"name":"half","request":', unknown, good])
    assert code == 1
    assert [a["name"] for a in answers] == [vectors()[0]["name"], None, "half", "unknown-member", vectors()[0]["name"]]
    assert ["error" in a for a in answers] == [False, True, True, True, False]
    assert set(answers[1]) == {"name", "error"}


def test_a_policy_that_does_not_compile_is_an_error_and_no_decision():
    case = vectors()[0]
    case["policies"]["identity"] = [{"name": "p", "document": {"Version": "2012-10-17", "Statement": [
        {"Effect": "Deny", "Action": "*", "Resource": "*", "Condition": {"StringEqual": {"aws:userid": "x"}}}]}}]
    code, (answer,) = evaluate([json.dumps(case)])
    assert code == 1 and set(answer) == {"name", "error"}


def test_the_trace_says_why_and_changes_nothing():
    lines = [json.dumps(case) for case in vectors()]
    _, plain = evaluate(lines)
    _, traced = evaluate(lines, "--trace")
    assert [{k: v for k, v in answer.items() if k != "trace"} for answer in traced] == plain
    failed = [s for answer in traced for s in answer["trace"]["statements"] if not s["applies"]]
    assert failed and all(s["reason"] for s in failed)


def test_files_are_read_as_standard_input_is(tmp_path):
    file = tmp_path / "cases.ndjson"
    file.write_text("".join(json.dumps(case) + "\n" for case in vectors()[:3]))
    done = subprocess.run([BINARY, "evaluate", str(file), str(file)], capture_output=True, text=True, timeout=60)
    assert done.returncode == 0 and len(done.stdout.splitlines()) == 6
    done = subprocess.run([BINARY, "evaluate", str(tmp_path / "none")], capture_output=True, text=True, timeout=60)
    assert done.returncode == 1 and "cannot read" in done.stderr
