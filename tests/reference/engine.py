"""The engine under test, seen from outside: lines of JSON into `deputy evaluate`, lines of JSON out of it."""

import json
import subprocess


DIED = "the engine died of this line"


class EngineFailed(Exception):
    """The engine could not be started at all."""


class Engine:
    """`command`: the words before the options, as in ["build/release/deputy", "evaluate"]."""

    def __init__(self, command, timeout=60):
        self.command = command
        self.timeout = timeout

    def answers(self, lines, trace=False):
        """One dictionary per line. A new process each time: what an earlier case left behind cannot matter.

        A process that dies, hangs or loses a line is an answer too: the line to blame, found by halving, is answered
        with an error that no line of `deputy evaluate` has.
        """
        if not lines:
            return []
        answers, complaint = self.ask(lines, trace)
        if answers is not None:
            return answers
        if len(lines) == 1:
            return [{"error": f"{DIED}: {complaint}"}]
        half = len(lines) // 2
        return self.answers(lines[:half], trace) + self.answers(lines[half:], trace)

    def ask(self, lines, trace):
        """(answers, None), or (None, what went wrong)."""
        command = self.command + (["--trace"] if trace else [])
        try:
            ended = subprocess.run(command, input=("\n".join(lines) + "\n").encode(), capture_output=True,
                                   timeout=self.timeout, check=False)
            answers = [json.loads(line) for line in ended.stdout.decode().split("\n") if line]
        except OSError as error:
            raise EngineFailed(f"{' '.join(command)}: {error}") from error
        except (subprocess.TimeoutExpired, ValueError) as error:
            return None, str(error)
        if ended.returncode not in (0, 1) or len(answers) != len(lines):
            last = ended.stderr.decode(errors="replace").strip().split("\n")[-1]
            return None, f"status {ended.returncode}, {len(answers)} answers to {len(lines)} lines {last}"
        return answers, None


def agrees(answer, expected):
    """Whether the engine's answer is the expected one; a layer "any" is not compared."""
    return ("error" not in answer
            and answer["decision"] == expected.decision and answer["explicit"] == expected.explicit
            and (expected.layer == "any" or answer["layer"] == expected.layer))


def told(answer):
    """An answer for people."""
    if isinstance(answer, dict):
        if "error" in answer:
            return f"error: {answer['error']}"
        answer = (answer["decision"], answer["explicit"], answer["layer"])
    decision, explicit, layer = answer
    return " ".join([decision] + ["explicit"] * bool(explicit) + [f"layer={layer}"] * bool(layer))
