"""The failures of a plan as the exceptions that the function would have raised."""

from __future__ import annotations

import builtins
import re

_OF_KIND = {"division-by-zero": ZeroDivisionError, "index-out-of-range": IndexError, "missing-key": KeyError, "integer-overflow": OverflowError, "range-step": ValueError}
_TOLD = re.compile(r"(\w+)(?:: (.*))?\Z", re.DOTALL)
_KIND = re.compile(r"xcs-kind ([\w-]+): (.*)\Z", re.DOTALL)


_OPERATION = re.compile(r"`[^`]*`(?: of `[^`]*`)?(?: in (?:iteration|pair|region)[^:]*)?: ")


def python_exception(error, unit):
    """The exception for a failed run: the class that Python has there, where a plan knows it, else the error itself."""
    kind, message = error.id, _OPERATION.sub("", str(error), count=1)
    if kind == "failed" and (m := _KIND.match(message)):
        kind, message = m[1], m[2]
    if kind in ("failed", "assertion-failed") and not message.startswith("xcs: ") and (m := _TOLD.match(message)):
        cls = unit.exceptions.get(m[1]) or getattr(builtins, m[1], None)
        if isinstance(cls, type) and issubclass(cls, Exception):
            return _made(cls, m[2], error)
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


def _made(cls, message, error):
    try:
        made = cls(message) if message else cls()
    except Exception:
        return error
    made.add_note(f"in {error.origin[0]}:{error.origin[1]}, as a plan [{error.id}]")
    return made
