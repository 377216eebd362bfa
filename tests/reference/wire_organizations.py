#!/usr/bin/env python3
"""A running server against the reference on random organizations: trees, SCPs and RCPs set through the API, then requests.

Each request's answer is compared with the reference's decision: whether it is allowed, the layer that the refusal names, its words,
and the policy whose ARN it tells. README.md says more; `wire_organizations.py --help` lists the options.

Exit status: 0 the two agree everywhere; 1 they do not, or the requests were not what they should be; 2 the server failed.
"""

import argparse
import collections
import multiprocessing
import sys
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor, as_completed

from generator.dice import Dice
from wire.cast import Cast, Server
from wire.requests import differs, draw, expected, written
from wire.world import World

A_WORLD = 200  # requests to one state of the organizations
A_SERVER = 20_000  # requests to one server; then another one, before sessions end
LEAST_ALLOWED = 0.25
BALANCED_FROM = 10_000  # requests, from which on the balance is demanded
LAYERS = ("scp", "rcp")


class Report:
    def __init__(self):
        self.answers, self.disagreements, self.worlds = collections.Counter(), [], 0

    def add(self, other):
        self.answers += other.answers
        self.disagreements += other.disagreements
        self.worlds += other.worlds

    @property
    def requests(self):
        return sum(self.answers.values())


def run_server(job):
    """`count` requests to a server of its own."""
    binary, seed, number, count, enough = job
    dice, report = Dice(f"{seed}/{number}"), Report()
    with tempfile.TemporaryDirectory(prefix="deputy-random-") as folder:
        server = Server(binary, folder)
        try:
            cast = Cast(server)
            world = World(cast)
            while report.requests < count and len(report.disagreements) < enough:
                world.change(dice)
                report.worlds += 1
                requests = [draw(dice, cast) for _ in range(min(A_WORLD, count - report.requests))]
                for request, said in zip(requests, cast.line.together([request.send for request in requests])):
                    wanted = expected(world, request)
                    report.answers[wanted.answer] += 1
                    wrong = differs(said, wanted)
                    if wrong:
                        report.disagreements.append(f"{seed}/{number}, world {report.worlds}: {request}: {wrong}\n  {written(wanted.case)}")
            cast.line.close()
        finally:
            ended = server.stop()
        if ended:
            raise RuntimeError(f"the server ended with {ended}")
    return report


def imbalance(report):
    if report.requests < BALANCED_FROM:
        return None
    allowed = sum(count for answer, count in report.answers.items() if answer.decision == "Allow")
    if allowed < LEAST_ALLOWED * report.requests:
        return f"only {allowed} of {report.requests} requests are Allows"
    if not any(answer.layer == "scp" and not answer.explicit for answer in report.answers):
        return "no implicit deny of an SCP"
    for layer in LAYERS:
        if sum(count for answer, count in report.answers.items() if answer.layer == layer and answer.explicit) < report.requests / 50:
            return f"hardly an explicit deny of layer {layer}"
    return None


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("deputy", help="the binary under test")
    parser.add_argument("--requests", type=int, default=200_000)
    parser.add_argument("--seed", default="deputy", help="any text")
    parser.add_argument("--enough", type=int, default=20, help="stop after so many disagreements")
    parser.add_argument("--jobs", type=int, default=1, help="servers at a time")
    return parser.parse_args()


def main(options):
    jobs = [(options.deputy, options.seed, number, min(A_SERVER, options.requests - done), options.enough)
            for number, done in enumerate(range(0, options.requests, A_SERVER))]
    total, started = Report(), time.monotonic()
    try:
        # Not a Pool, which would wait forever for a process that somebody ended.
        with ProcessPoolExecutor(options.jobs, multiprocessing.get_context("fork")) as pool:
            for done in as_completed([pool.submit(run_server, job) for job in jobs]):
                total.add(done.result())
                if options.requests > A_SERVER:
                    print(f"{total.requests} requests, {len(total.disagreements)} disagreements", file=sys.stderr, flush=True)
                if len(total.disagreements) >= options.enough:
                    pool.shutdown(wait=False, cancel_futures=True)
                    break
    except (OSError, RuntimeError, AssertionError) as error:
        print(f"{type(error).__name__}: {error}", file=sys.stderr)
        return 2
    for answer, count in total.answers.most_common():
        print(f"{100 * count / total.requests:6.2f} %  {' '.join(map(str, answer))}")
    for disagreement in total.disagreements[:options.enough]:
        print(disagreement)
    unfit = imbalance(total)
    if unfit:
        print(f"the requests are out of balance: {unfit}")
    seconds = time.monotonic() - started
    print(f"{total.requests} requests in {total.worlds} worlds, seed {options.seed}, {len(total.disagreements)} disagreements, "
          f"{seconds:.0f} s, {total.requests / seconds:.0f} a second")
    return 1 if total.disagreements or unfit else 0


if __name__ == "__main__":
    sys.exit(main(parse_arguments()))
