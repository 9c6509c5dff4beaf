#!/usr/bin/env python3
"""Prints the wall times of two runs (`xcs-run --stats=json`), one in order and one in parallel, and their ratio."""
import json
import sys


def wall_milliseconds(path):
    with open(path, encoding="utf-8") as stream:
        for line in stream:
            if line.startswith("{"):
                return json.loads(line)["wall_seconds"] * 1000
    raise SystemExit(f"{path}: no statistics")


serial, parallel = (wall_milliseconds(path) for path in sys.argv[1:3])
print(f"one after the other  {serial:8.1f} ms")
print(f"as XCS plans it      {parallel:8.1f} ms")
print(f"ratio                {serial / parallel:8.2f}")
