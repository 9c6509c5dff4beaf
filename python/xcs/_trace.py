"""`--trace out.json`: what ran, as a list of calls with where each was made, when it began and when it was there, in milliseconds."""

from __future__ import annotations

import os
import time

from ._remarks import remarks
from ._state import state

calls = None  # a list while tracing
_start = time.perf_counter()


def start():
    global calls
    calls = []


def began(name, place):
    """A call that was begun; returns what to call with None or the exception when it is there."""
    if calls is None:
        return None
    entry = {"call": name, "file": os.path.basename(place[0]), "line": place[1], "begun_ms": _now(), "sent_ms": None, "done_ms": None, "failed": None}
    calls.append(entry)
    return entry


def _now():
    return round((time.perf_counter() - _start) * 1000, 3)


def sent(entry):
    if entry is not None:
        entry["sent_ms"] = _now()


def done(entry, error=None):
    if entry is not None:
        entry["done_ms"] = _now()
        entry["failed"] = type(error).__name__ if error is not None else None


def write(path, stats):
    import json

    session = state.session
    segments = list(session.segments) if session is not None else []
    with open(path, "w", encoding="utf-8") as f:
        json.dump({"calls": calls, "segments": segments, "stats": stats, "remarks": remarks()}, f, indent=1)
        f.write("\n")
