"""The failures of a plan as the exceptions that the function would have raised."""

from __future__ import annotations

import builtins
import json
import re

from .prelude import PLACE

_OF_KIND = {"division-by-zero": ZeroDivisionError, "index-out-of-range": IndexError, "missing-key": KeyError, "integer-overflow": OverflowError, "range-step": ValueError}
_CALLED = re.compile(r"(.+:\d+):\d+: note: called from here")
_TOLD = re.compile(r"(\w+)(?:: (.*))?\Z", re.DOTALL)
_KIND = re.compile(r"xcs-kind ([\w-]+): (.*)\Z", re.DOTALL)


_OPERATION = re.compile(r"`[^`]*`(?: of `[^`]*`)?(?: in (?:iteration|pair|region)[^:]*)?: ")


class XcsStopped(Exception):
    """An operation has raised what is no `Exception`."""


class XcsUnconvertible(Exception):
    """What an operation gives is no value of a plan."""


class XcsChanged(XcsUnconvertible):
    """An operation has changed in place what the plan knows as it was."""


def python_exception(error, unit):
    """The exception for a failed run: the class that Python has there, where a plan knows it, else the error itself."""
    kind, message = error.id, _OPERATION.sub("", str(error), count=1)
    if kind == "failed" and (m := _KIND.match(message)):  # no handler of the function took it
        kind, message = m[1], m[2]
        first = type(error)(message)
        first.id, first.failure, first.origin = kind, error.failure, error.origin
        for note in getattr(error, "__notes__", ()):
            first.add_note(note)
        error = first
    if kind in ("failed", "assertion-failed") and not message.startswith("xcs: ") and (m := _TOLD.match(message)):
        cls = unit.exceptions.get(m[1]) or getattr(builtins, m[1], None)
        if isinstance(cls, type) and issubclass(cls, Exception):
            return _made(cls, m[2], error)
    if kind == "host-failed":
        told = message.partition("` failed: ")[2]
        for e in sorted(reversed(unit.raised), key=lambda e: not message.endswith(_said(e))):  # the one that is told in full, if any is
            if message.endswith(_said(e)) or told.endswith("...") and _said(e).startswith(told[:-3]):  # a long text is cut
                e = getattr(e, "stands_for", e)
                e.add_note(f"in {_place(error)}, as a plan [{error.id}]")
                return e
    if kind == "empty-list":
        cls = IndexError if message.startswith(("`list.", "`vote.")) else ValueError
        return _made(cls, message, error)
    if kind == "json-syntax":
        return _made(ValueError, message, error)
    if kind == "empty-separator" or kind == "bad-argument" and "separator" in message:
        return _made(ValueError, message, error)
    if kind in _OF_KIND:
        return _made(_OF_KIND[kind], message, error)
    return error


def _said(e):
    return f"{type(e).__name__}: {e}" if str(e) else type(e).__name__


def _made(cls, message, error):
    try:
        made = cls(message, "", 0) if cls is json.JSONDecodeError else cls(message) if message else cls()
    except Exception:
        if not issubclass(cls, ValueError):  # a ValidationError of pydantic is made by pydantic alone
            return error
        made = ValueError(message)
    made.add_note(f"in {_place(error)}, as a plan [{error.id}]")
    return made


def _place(error):
    """The line of the function: of an operation of Python that is a function of the plan, the line that calls it."""
    path, line = error.origin
    if path != PLACE:
        return f"{path}:{line}"
    called = [m[1] for n in getattr(error, "__notes__", ()) if (m := _CALLED.match(n)) and not m[1].startswith(PLACE)]
    return called[0] if called else path
