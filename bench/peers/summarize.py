#!/usr/bin/env python3
"""Medians of bench/peers/run's rounds as a Markdown table, and each peer's time as a multiple of Deputy's of the same round."""
import json
import statistics
import sys

# How many times faster than each peer Deputy is to be.
BARS = {"Cedar, native": 20, "Cedar, WebAssembly": 200, "iam-simulate": 1500}

rounds = {}
for line in open(sys.argv[1]):
    result = json.loads(line)
    rounds.setdefault((result["peer"], result["what"]), []).append(result["ns"])

DEPUTY = "Deputy, C++ API"


def ratio(key):
    base = rounds.get((DEPUTY, key[1])) or rounds[(DEPUTY, "decide")]
    return statistics.median(theirs / ours for theirs, ours in zip(rounds[key], base))


print("| | what | median | times Deputy | bar |")
print("| --- | --- | --- | --- | --- |")
for key, times in rounds.items():
    peer, what = key
    median = statistics.median(times)
    shown = f"{median:,.0f} ns" if median < 10000 else f"{median / 1000:,.0f} us"
    bar = f"{BARS[peer]:,}" if peer in BARS and what == "decide" else ""
    print(f"| {peer} | {what} | {shown} | {ratio(key):,.1f} | {bar} |")
