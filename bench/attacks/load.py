"""Sends at a bounded pace from a process of its own: what an attack costs the server must not be what Python costs us."""
import multiprocessing
import threading
import time
from collections import Counter
from dataclasses import dataclass, field

from . import client


@dataclass
class Sent:
    seconds: float = 0
    statuses: Counter = field(default_factory=Counter)

    @property
    def count(self):
        return sum(self.statuses.values())

    @property
    def per_second(self):
        return self.count / self.seconds if self.seconds else 0


def _lane(port, requests, interval, end, pipelined, statuses, most):
    line, due, sent = None, time.monotonic(), 0
    while time.monotonic() < end and sent < most:
        count = min(pipelined, most - sent)
        try:
            line = line or client.Line(port, timeout=max(1, end - time.monotonic()) + 5)
            answers = line.ask(*(requests[(sent + i) % len(requests)] for i in range(count)))
            statuses.update(a.status for a in (answers if isinstance(answers, list) else [answers]))
        except OSError:
            line = None
            statuses["closed"] += 1
        sent += count
        due = max(due + interval * count, time.monotonic() - interval * count)
        time.sleep(max(0, due - time.monotonic()))


def _run(port, requests, per_second, connections, seconds, pipelined, most, pipe):
    began, tallies = time.monotonic(), [Counter() for _ in range(connections)]
    lanes = [threading.Thread(target=_lane, daemon=True, args=(
        port, requests[i::connections] or requests, connections / per_second, began + seconds, pipelined, tallies[i],
        most // connections)) for i in range(connections)]
    for lane in lanes:
        lane.start()
    for lane in lanes:
        lane.join(max(0, began + seconds + 1 - time.monotonic()))
    pipe.send(Sent(time.monotonic() - began, sum((t.copy() for t in tallies), Counter())))


def paced(port, requests, per_second, connections, seconds, pipelined=1, most=10**9):
    """Until `seconds` are over or `most` were sent. An answer that is still awaited at the end is not counted."""
    ours, theirs = multiprocessing.Pipe()
    process = multiprocessing.Process(target=_run, daemon=True, args=(
        port, requests, per_second, connections, seconds, pipelined, most, theirs))
    process.start()
    try:
        return ours.recv() if ours.poll(seconds + 30) else Sent(seconds)
    finally:
        process.kill()
        process.join()
