#!/usr/bin/env python3
"""The runner, tried on engines that are known to be right or wrong."""

import contextlib
import io
import json
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

import cases
import differential
from engine import DIED, Engine
from evaluator import evaluate

DEADLY = '"action":"iam:PassRole"'
HERE = Path(__file__).resolve().parent
CASES = 2000


class RunnerTest(unittest.TestCase):
    def run_against(self, engine, folder):
        """(exit status, what was printed)."""
        sys.argv = ["differential.py", "-", "--cases", str(CASES), "--seed", "runner", "--enough", "1",
                    "--save", str(folder)]
        options = differential.parse_arguments()
        options.command = engine
        printed = io.StringIO()
        with contextlib.redirect_stdout(printed), contextlib.redirect_stderr(printed):
            status = differential.main(options)
        return status, printed.getvalue()

    def mistaken(self, rule):
        return [sys.executable, "-B", str(HERE / "mistaken-engine"), rule, "evaluate"]

    def test_an_engine_without_mistakes_passes(self):
        with tempfile.TemporaryDirectory() as folder:
            status, printed = self.run_against(self.mistaken("none"), folder)
            self.assertEqual(status, 0, printed)
            self.assertIn(f"{CASES} cases, seed runner, 0 disagreements", printed)
            self.assertEqual(list(Path(folder).iterdir()), [])

    def test_a_mistake_is_found_and_its_case_shrunk_and_saved(self):
        rule = "C-20 absent"
        with tempfile.TemporaryDirectory() as folder:
            status, printed = self.run_against(self.mistaken(rule), folder)
            self.assertEqual(status, 1, printed)
            saved = [stored for path in Path(folder).iterdir() for stored in cases.load(path)]
            self.assertTrue(saved, printed)
            for stored in saved:
                self.assertEqual(evaluate(stored.case), stored.expected)
                wrong = Engine(self.mistaken(rule)).answers([stored.line])[0]
                self.assertNotEqual((wrong["decision"], wrong["explicit"], wrong["layer"]), stored.expected)
                self.assertLess(len(json.dumps(stored.case)), 1500, "this is not small")

    def test_the_line_that_kills_the_engine_is_found(self):
        made = differential.generate("more", 0, 60, differential.Report())
        lines = [line for line, _ in made]
        deadly = [place for place, line in enumerate(lines) if DEADLY in line.split('"policies"')[0]]
        self.assertTrue(0 < len(deadly) < 10, "another seed, please")
        answers = Engine(self.mistaken("dies")).answers(lines)
        self.assertEqual([place for place, answer in enumerate(answers) if DIED in answer.get("error", "")], deadly)

    def test_an_engine_that_cannot_be_started_is_no_success(self):
        with tempfile.TemporaryDirectory() as folder:
            status, printed = self.run_against([str(Path(folder) / "absent"), "evaluate"], folder)
            self.assertEqual(status, 2, printed)

    def test_a_chunk_is_the_same_whoever_makes_it(self):
        first, second = differential.Report(), differential.Report()
        self.assertEqual(differential.generate("s", 3, 50, first), differential.generate("s", 3, 50, second))
        self.assertNotEqual(differential.generate("s", 4, 50, first), differential.generate("s", 3, 50, second))


class CheckCasesTest(unittest.TestCase):
    def test_an_engine_with_a_mistake_fails_the_vectors(self):
        for rule, status in (("none", 0), ("C-20 absent", 1)):
            with tempfile.TemporaryDirectory() as folder:
                script = Path(folder) / "engine"
                script.write_text(f'#!/bin/sh\nexec "{sys.executable}" -B "{HERE}/mistaken-engine" "{rule}" "$@"\n')
                script.chmod(0o755)
                # Only the vectors: an engine made of the reference cannot decide where the reference doubts.
                command = [sys.executable, "-B", str(HERE / "check-cases"), str(script),
                           str(cases.CASES / "vectors.json")]
                ended = subprocess.run(command, capture_output=True, text=True, check=False)
                self.assertEqual(ended.returncode, status, ended.stdout)


if __name__ == "__main__":
    unittest.main()
