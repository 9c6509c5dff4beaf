#!/usr/bin/env python3
"""Draws calls as bars over time: name, start, duration, one line each.

usage: timeline.py FILE [NAME...]      only ops whose name starts with one of NAMEs

FILE is what `xcs-run --trace` or `python -m xcs --trace` wrote, or the log of `xcs-faults`: then each request is a bar.
"""
import json
import sys

WIDTH = 50


def spans(events):
    """(start, duration, name) in milliseconds of every complete event (`X`), and of every pair of begin and end (`b`, `e` or `B`, `E`)."""
    open_spans = {}
    for event in events:
        phase, start = event.get("ph"), event.get("ts", 0) / 1000
        if phase == "X":
            yield start, event.get("dur", 0) / 1000, event["name"]
        elif phase in ("b", "B"):
            open_spans[(event.get("id"), event.get("tid"), event["name"])] = start
        elif phase in ("e", "E"):
            begun = open_spans.pop((event.get("id"), event.get("tid"), event.get("name")), None)
            if begun is not None:
                yield begun, start - begun, event["name"]


def requests(lines):
    """The same of the requests in a log of `xcs-faults`, by the last message of each."""
    for entry in map(json.loads, lines):
        if "answered_ms" in entry:
            body = json.loads(entry.get("body") or "{}")
            said = (body.get("messages") or [{}])[-1].get("content") or entry["path"]
            yield entry["arrived_ms"], entry["answered_ms"] - entry["arrived_ms"], said.splitlines()[0][:40]


def calls(trace):
    """The same of the calls of a Python script, by the line that made each."""
    for call in trace["calls"]:
        if call["sent_ms"] is not None and call["done_ms"] is not None:
            yield call["sent_ms"], call["done_ms"] - call["sent_ms"], f"{call['call']} {call['file']}:{call['line']}"


def read(path):
    with open(path, encoding="utf-8") as stream:
        text = stream.read()
    if text.startswith('{"id"'):
        return requests(text.splitlines())
    trace = json.loads(text)
    if isinstance(trace, dict) and "calls" in trace:
        return calls(trace)
    return spans(trace["traceEvents"] if isinstance(trace, dict) else trace)


def main(path, names):
    drawn = sorted(span for span in read(path) if not names or span[2].startswith(tuple(names)))
    if not drawn:
        print("no call in the trace")
        return 1
    first = drawn[0][0]
    total = max(start + duration for start, duration, _ in drawn) - first or 1
    widest = max(len(name) for _, _, name in drawn)
    print(f"  {'op':<{widest}}  {'start':>9}  {'took':>9}  0 ms {'':{WIDTH - 16}}{total:>7.0f} ms")
    for start, duration, name in drawn:
        left = round((start - first) / total * WIDTH)
        length = max(1, round(duration / total * WIDTH))
        bar = (" " * min(left, WIDTH - 1) + "#" * length)[:WIDTH]
        print(f"  {name:<{widest}}  {start - first:>6.1f} ms  {duration:>6.1f} ms  |{bar:<{WIDTH}}|")
    return 0


if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    sys.exit(main(sys.argv[1], sys.argv[2:]))
