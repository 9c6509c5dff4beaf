"""`--trace out.json`: what ran, as a list of calls with where each was made, when it began and when it was there, in milliseconds."""

from __future__ import annotations

import os
import sys
import time

from ._remarks import remarks
from ._state import state

calls = None  # a list while tracing
_begun = []  # calls of the engine
_start = time.perf_counter()


def start(options):
    """Begins to trace into the file of `options`. False, after a message, when that cannot be written."""
    global calls
    path = options["trace"] = os.path.abspath(options["trace"])  # the program may go to another folder
    try:
        with open(path, "a"):
            pass
    except OSError as e:
        print(f"xcs: --trace: {path!r} cannot be written: {e.strerror}", file=sys.stderr)
        return False
    calls = []
    return True


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
        failed(entry, error)


def failed(entry, error):
    if entry is not None and error is not None:
        entry["failed"] = type(error).__name__


def kept(call):
    """A call that the engine has begun: it is kept while tracing, to be asked at the end."""
    if calls is not None:
        _begun.append(call)
    return call


def write(path, stats):
    import json

    session = state.session
    for call in _begun:
        call.traced()
    segments = list(session.segments) if session is not None else []
    with open(path, "w", encoding="utf-8") as f:
        json.dump({"calls": calls, "segments": segments, "stats": stats, "remarks": remarks()}, f, indent=1)
        f.write("\n")
