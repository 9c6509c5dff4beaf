#!/usr/bin/env python3
"""Prints the wall times of two runs, one in order and one in parallel, and their ratio.

Each is the statistics of a run (`xcs-run --stats=json`), or the log of `xcs-faults`: then the time is that from the first request to the last
answer.
"""
import json
import sys


def wall_milliseconds(path):
    arrived, answered = [], []
    with open(path, encoding="utf-8") as stream:
        for line in stream:
            entry = json.loads(line) if line.startswith("{") else {}
            if "wall_seconds" in entry:
                return entry["wall_seconds"] * 1000
            if "answered_ms" in entry:
                arrived.append(entry["arrived_ms"])
                answered.append(entry["answered_ms"])
    if not answered:
        raise SystemExit(f"{path}: no statistics")
    return max(answered) - min(arrived)


serial, parallel = (wall_milliseconds(path) for path in sys.argv[1:3])
print(f"one after the other  {serial:8.1f} ms")
print(f"as XCS plans it      {parallel:8.1f} ms")
print(f"ratio                {serial / parallel:8.2f}")
