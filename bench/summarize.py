#!/usr/bin/env python3
"""Medians of bench/run-server's rounds, and each one's CPU as a ratio to the static answer and to nginx of the same round."""
import json
import statistics
import sys

rounds = {}
for line in open(sys.argv[1]):
    result = json.loads(line)
    rounds.setdefault(result["name"], []).append(result)


def ratio(name, base):
    if base not in rounds:
        return "-"
    pairs = zip(rounds[name], rounds[base])
    return f"{statistics.median(a['serverCpuMicros'] / b['serverCpuMicros'] for a, b in pairs):.2f}"


print(f"{'':22}{'requests/s':>12}{'p50 us':>9}{'p99 us':>9}{'CPU us':>9}{'/ static':>10}{'/ nginx':>9}")
for name, results in rounds.items():
    median = {key: statistics.median(r[key] for r in results) for key in results[0] if key != "name"}
    print(f"{name:22}{median['requestsPerSecond']:12.0f}{median['p50Micros']:9.0f}{median['p99Micros']:9.0f}"
          f"{median['serverCpuMicros']:9.2f}{ratio(name, 'static'):>10}{ratio(name, 'nginx'):>9}")
for name in [n for n in rounds if n + ", old" in rounds]:
    print(f"{name}: {ratio(name, name + ', old')} times the old one's CPU")
if "conditions" in rounds:
    print(f"\nAssumeRole with three conditions, tags and a session policy: {ratio('conditions', 'assume-role')} times the plain one")
