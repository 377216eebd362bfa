"""Others meanwhile: a process that asks for another account, as a patient client does, and says what it waited.

    with Neighbour(server.port, keys) as other:
        quiet = other.median(2)        # seconds, over two seconds from now on
        …                              # the attack
        other.since(began)             # the median from then until now

Four connections, so that each of the server's threads has one. The figure is that of the worst off. Who waits a second
instead of a millisecond asks once instead of a hundred times; what it would have asked meanwhile counts as waiting too.
"""
import multiprocessing
import threading
import time

from . import client, load
from .figures import Figure

INTERVAL, LANES, SOURCE = 0.010, 4, "127.0.0.2"


class Lane(threading.Thread):
    def __init__(self, port, make, interval):
        super().__init__(daemon=True)
        self.port, self.make, self.interval = port, make, interval
        self.waited = []  # (when asked, seconds)
        self.asked = None
        self.failed = 0

    def run(self):
        line = None
        while True:
            request, self.asked = self.make(), time.monotonic()
            while True:  # what fails is asked again, and the time until it is answered counts
                try:
                    line = line or client.Line(self.port, SOURCE)
                    if line.ask(request).status < 500:
                        break
                except (OSError, ValueError, IndexError):
                    line = None
                self.failed += 1
                time.sleep(self.interval)
            self.waited.append((self.asked, time.monotonic() - self.asked))
            time.sleep(max(0, self.asked + self.interval - time.monotonic()))

    def median(self, begin, end):
        seen = []
        for asked, seconds in [*self.waited, (self.asked, time.monotonic() - self.asked)]:
            while asked < end and seconds > 0:
                if asked >= begin:
                    seen.append(seconds)
                asked, seconds = asked + self.interval, seconds - self.interval
        return sorted(seen)[len(seen) // 2] if seen else 0.0


def serve(port, keys, service, action, parameters, interval, lanes, pipe):
    def make():
        return client.call(port, keys, service, action, **{k: v(time.monotonic()) if callable(v) else v for k, v in parameters.items()})
    running = [Lane(port, make, interval) for _ in range(lanes)]
    for lane in running:
        lane.start()
    while (question := pipe.recv()) is not None:
        pipe.send(max(lane.median(*question) for lane in running))


class Neighbour:
    def __init__(self, port, keys, service="sts", action="GetCallerIdentity", interval=INTERVAL, lanes=LANES, **parameters):
        self.pipe, theirs = multiprocessing.Pipe()
        self.process = multiprocessing.Process(target=serve, daemon=True, args=(
            port, keys, service, action, parameters, interval, lanes, theirs))

    def __enter__(self):
        self.process.start()
        time.sleep(0.3)
        return self

    def __exit__(self, *_):
        self.process.kill()
        self.process.join()

    def since(self, begin):
        time.sleep(0.02)
        self.pipe.send((begin, time.monotonic()))
        return self.pipe.recv()

    def median(self, seconds):
        began = time.monotonic()
        time.sleep(seconds)
        return self.since(began)


def compared(quiet, under, sent):
    """The bar of every attack that lasts: at most three times what it is without."""
    return Figure("a neighbour's median latency, against its quiet one", under / max(quiet, 1e-6), "times", "<= 3 times",
                  under <= 3 * quiet, f"{quiet * 1000:.2f} to {under * 1000:.2f} ms; {sent}")


def under_load(server, keys, requests, per_second, connections=6, seconds=5):
    """The neighbour quiet, and while `requests` are sent at no more than that pace by another process."""
    with Neighbour(server.port, keys) as other:
        quiet, began = other.median(2), time.monotonic()
        sent = load.paced(server.port, requests, per_second, connections, seconds)
        return compared(quiet, other.since(began), f"{sent.per_second:.1f} requests/s were sent, at most {per_second}")
