#!/usr/bin/env python3
"""The engine against the reference on random cases. README.md says how; `differential.py --help` lists the options.

Exit status: 0 the two agree everywhere; 1 they do not, or the cases were not what they should be (too few Allows, a
layer that never decided); 2 the engine could not be run.
"""

import argparse
import collections
import json
import multiprocessing
import os
import sys
import time
from pathlib import Path

import cases
from engine import DIED, Engine, EngineFailed, agrees, told
from evaluator import Doubt, decide, evaluate, prepare
from generator import scene
from generator.dice import Dice

CHUNK = 2000  # cases of one process of the engine
TRACED = 8  # every eighth chunk asks for traces: they must not change a decision
LEAST_ALLOWED = 0.30  # share of Allows; below it the cases would mostly test that nothing matches
BALANCED_FROM = 20_000  # cases, from which on the balance is demanded
LAYERS = ("rcp", "scp", "vpc_endpoint", "resource", "identity", "boundary", "session")


class Report:
    """What came of some chunks."""

    def __init__(self):
        self.answers = collections.Counter()  # of the reference
        self.doubts = collections.Counter()  # generated, but not decided by the page: not compared
        self.disagreements = []  # cases, with the name that leads back to the chunk

    def add(self, other):
        self.answers += other.answers
        self.doubts += other.doubts
        self.disagreements += other.disagreements

    @property
    def cases(self):
        return sum(self.answers.values())


def generate(seed, chunk, size, report):
    """`size` cases as (line, expected answer); the same for the same seed and chunk, anywhere."""
    dice = Dice(f"{seed}/{chunk}")
    escapes = chunk % 2 == 0  # whether JSON spells what is not ASCII as \u…
    made = []
    while len(made) < size:
        drawn = scene(dice, dice.pick([3, 5, 7]))
        written = json.dumps(drawn.policies, separators=(",", ":"), ensure_ascii=escapes)
        policies = prepare(drawn.policies)
        for request in drawn.requests:
            try:
                expected = decide(request, policies)
            except Doubt as doubt:
                report.doubts[str(doubt)] += 1
                continue
            if len(made) < size:
                report.answers[expected] += 1
                line = json.dumps({"name": f"{seed}/{chunk}/{len(made)}", "request": request}, separators=(",", ":"),
                                  ensure_ascii=escapes)
                made.append((f'{line[:-1]},"policies":{written}}}', expected))
    return made


def run_chunk(job):
    command, seed, chunk, size = job
    report = Report()
    made = generate(seed, chunk, size, report)
    answers = Engine(command).answers([line for line, _ in made], trace=chunk % TRACED == TRACED - 1)
    report.disagreements = [(json.loads(line), told(expected), told(answer))
                            for (line, expected), answer in zip(made, answers) if not agrees(answer, expected)]
    return report


def run(options):
    """All chunks, over all processors."""
    chunks = [options.chunk] if options.chunk is not None else range(-(-options.cases // CHUNK))
    sizes = [CHUNK if options.chunk is not None else min(CHUNK, options.cases - chunk * CHUNK) for chunk in chunks]
    jobs = [(options.command, options.seed, chunk, size) for chunk, size in zip(chunks, sizes)]
    total, started, told_at = Report(), time.monotonic(), time.monotonic()
    with multiprocessing.get_context("fork").Pool(options.jobs) as pool:
        for report in pool.imap_unordered(run_chunk, jobs):
            total.add(report)
            for case, expected, answer in report.disagreements:
                print(f"{case['name']}: the reference says {expected}, the engine {answer}", file=sys.stderr)
            if len(total.disagreements) >= options.enough:
                pool.terminate()
                break
            if time.monotonic() - told_at > 10:
                told_at = time.monotonic()
                left = (told_at - started) * (options.cases / total.cases - 1)
                print(f"{total.cases} cases, {len(total.disagreements)} disagreements, about {left:.0f} s to go",
                      file=sys.stderr)
    return total, time.monotonic() - started


# --- disagreements ----------------------------------------------------------------------------------------------------


def shrink_and_save(disagreements, command, folder):
    """One file for each kind of disagreement that is left when the cases are small."""
    from shrink import shrink
    engine = Engine(command)
    saved = {}
    for case, expected, answer in disagreements:
        print(f"{case['name']}: the reference says {expected}, the engine {answer}", flush=True)
        small = shrink(case, lambda steps, kind=kind_of(answer): first_disagreement(engine, steps, kind))
        path = cases.save(small, evaluate(small), folder)
        if path not in saved:
            saved[path] = small
            print(f"  small: {json.dumps(small['request'])}\n         {json.dumps(small['policies'])}\n  saved: {path}")


def kind_of(answer):
    """Errors count as the same only with the same words; the names in them may change."""
    return answer.split('"')[0] if answer.startswith("error") else "answer"


def first_disagreement(engine, steps, kind):
    expected = [(step, expectation(step)) for step in steps]
    clear = [(step, wanted) for step, wanted in expected if wanted]
    # Where lines kill the process each has to go alone.
    share = 1 if DIED in kind else len(clear)
    for start in range(0, len(clear), max(share, 1)):
        some = clear[start:start + share]
        answers = engine.answers([json.dumps(step) for step, _ in some])
        for (step, wanted), answer in zip(some, answers):
            if not agrees(answer, wanted) and kind_of(told(answer)) == kind:
                return step
    return None


def expectation(step):
    try:
        return evaluate(step)
    except (Doubt, KeyError, ValueError):
        return None


# --- what was tested --------------------------------------------------------------------------------------------------


def describe(report):
    count = max(report.cases, 1)
    rows = [f"{100 * n / count:6.2f} %  {told(answer)}" for answer, n in report.answers.most_common()]
    doubtful = sum(report.doubts.values())
    return "\n".join(rows + [f"beside them {doubtful} cases that the page leaves open:"]
                     + [f"{n:8}  {doubt}" for doubt, n in report.doubts.most_common()])


def imbalance(report):
    """What is wrong with the mixture of cases, if anything."""
    if report.cases < BALANCED_FROM:
        return None
    allowed = sum(n for answer, n in report.answers.items() if answer.decision == "Allow")
    if allowed < LEAST_ALLOWED * report.cases:
        return f"only {allowed} of {report.cases} cases are Allows"
    for layer in LAYERS:
        for explicit in (False, True):
            if not any(answer.layer == layer and answer.explicit == explicit for answer in report.answers):
                return f"no {'explicit' if explicit else 'implicit'} deny of layer {layer}"
    return None


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("deputy", help="the binary under test")
    parser.add_argument("--cases", type=int, default=50_000)
    parser.add_argument("--seed", default="deputy", help="any text")
    parser.add_argument("--chunk", type=int, help=f"only this chunk of {CHUNK} cases of the seed")
    parser.add_argument("--enough", type=int, default=20, help="stop after so many disagreements")
    parser.add_argument("--jobs", type=int, default=os.cpu_count())
    parser.add_argument("--save", type=Path, default=cases.REGRESSIONS, help="folder for shrunk cases")
    options = parser.parse_args()
    options.command = [options.deputy, "evaluate"]
    return options


def main(options):
    try:
        report, seconds = run(options)
        print(describe(report))
        if report.disagreements:
            shrink_and_save(report.disagreements[:options.enough], options.command, options.save)
    except EngineFailed as error:
        print(error, file=sys.stderr)
        return 2
    unfit = imbalance(report)
    if unfit:
        print(f"the generator is out of balance: {unfit}")
    print(f"{report.cases} cases, seed {options.seed}, {len(report.disagreements)} disagreements, {seconds:.0f} s")
    return 1 if report.disagreements or unfit else 0


if __name__ == "__main__":
    sys.exit(main(parse_arguments()))
