"""Text that is only passed on stays deferred: f-strings, `+`, `%`, `format`, `join` and the methods that turn a text into one.

An operation of the engine is used only where it means exactly what Python means: `str.concat` and `str.join` of what is surely text. The others
are Python's own, run beside the program. Whatever could fail waits within reach of a `try`.
"""

from __future__ import annotations

import operator
import sys

from . import _guards, _tracebacks
from ._state import state
from ._waiting import Call, Unsure, enqueue, filled, kinds, proxies, settle, snapshot

STAYS = frozenset(
    "strip lstrip rstrip lower upper title capitalize swapcase casefold replace removeprefix removesuffix format join "
    "center ljust rjust zfill expandtabs".split()
)
_CONVERSIONS = {-1: lambda x: x, 115: str, 114: repr, 97: ascii}
SHOWN = frozenset({str, int, float, bool, type(None)})


def _handle(x):
    return type(x) in kinds


def may_defer(frame, sure):
    """Whether a text made by `frame` may stay deferred. One that cannot fail by itself may also within a `try`."""
    path = state.path()
    if path is None or not _guards.converted(frame.f_code):
        return False
    closed = _guards.closed(frame)
    if closed is None:
        return sure or path.guard is None and not state.seen_at_end()
    return sure and closed[0] == _guards.GUARD


def _sure(x):
    return type(x) is str or type(x) is Text and x._sure and not x._steps


def _native(x):
    """An operand of an operation of the engine: text that UTF-8 can hold."""
    if type(x) is str:
        return x.isascii() or not any("\ud800" <= c <= "\udfff" for c in x)
    return _sure(x)


def _operand(x):
    return x if type(x) is str else x._op


def deferred(function, args, kwargs, frame, *, sure):
    """`function(*args, **kwargs)`, a text, once what is deferred in them is there. `sure`: it cannot fail by itself."""
    needs = []
    args, kwargs = snapshot(args, needs), snapshot(kwargs, needs)

    places = _tracebacks.stack(frame, state.path())

    def text(*values):
        try:
            return function(*filled(args, values), **filled(kwargs, values))
        except BaseException as e:
            _tracebacks.made_at(e, "text", places)
            raise

    text.__name__ = getattr(function, "__name__", "text")
    place = frame.f_code.co_filename, frame.f_lineno
    op = state.engine().host(text, tuple(needs), {}, effect="pure", origin=place)
    state.counts["texts"] += 1
    if not sure:
        enqueue(state.path(), Call(op))
    return Text(op, (), sure)


def concat(parts, frame):
    """The texts one after the other; all of them sure."""
    if all(_native(p) for p in parts):
        place = frame.f_code.co_filename, frame.f_lineno
        op = state.engine().call("str.concat", tuple([_operand(p) for p in parts]), None, place)
        state.counts["texts"] += 1
        return Text(op, (), True)
    return deferred(_concatenated, (list(parts),), {}, frame, sure=True)


def _concatenated(parts):
    return "".join(parts)


def plus(a, b, apply=operator.add):
    """`a + b`, or `a += b`, where one is a handle of a text; called by its method."""
    frame = sys._getframe(2)
    sure = _sure(a) and _sure(b)
    if not all(type(x) in (str, Text) for x in (a, b)) or not may_defer(frame, sure):
        return apply(settle(a), settle(b))
    return concat([a, b], frame) if sure else deferred(apply, (a, b), {}, frame, sure=False)


def part(value, conversion, spec):
    """A value of an f-string: shown at once when it is there, else kept with its conversion and format."""
    if type(value) is Text and not _handle(spec):
        if type(value._op) in proxies and conversion in (-1, 115) and not spec:
            if not value._op.done:
                return Text(value._op.shown(), (), True)
            if not value._op.failed:
                return str(value._op.value())
        return value if conversion in (-1, 115) and not spec and _sure(value) else (value, conversion, spec)
    value, spec = settle(value), settle(spec)
    return format(_CONVERSIONS[conversion](value), spec)


def formatted(parts, frame):
    """An f-string of texts and of what `part` gave."""
    if all(type(p) is str for p in parts):
        return "".join(parts)
    whole = all(type(p) is not tuple for p in parts)
    sure = whole or all(type(p) is not tuple or not p[2] for p in parts)
    if not may_defer(frame, sure):
        return _shown(done_values(parts))
    if whole:
        return concat(_together(parts), frame)
    return deferred(_shown, (list(parts),), {}, frame, sure=sure)


def done_values(parts):
    return [(settle(p[0]), p[1], p[2]) if type(p) is tuple else settle(p) for p in parts]


def _together(parts):
    """Neighbouring plain texts as one, empty ones left out."""
    out = []
    for p in parts:
        if type(p) is str and out and type(out[-1]) is str:
            out[-1] += p
        elif type(p) is not str or p:
            out.append(p)
    return out


def _shown(parts):
    return "".join([p if type(p) is str else format(_CONVERSIONS[p[1]](p[0]), p[2]) for p in parts])


def percent(a, b, frame):
    """`a % b`."""
    if type(a) is str and state.handles:
        operands = b if type(b) is tuple else (b,)
        if any(type(o) is Text for o in operands) and all(type(o) in SHOWN or type(o) is Text for o in operands):
            if may_defer(frame, False):
                return deferred(_percent, (a, b), {}, frame, sure=False)
        b = settle(b)
    elif _handle(a):
        a, b = settle(a), settle(b)
    elif state.handles:
        b = settle(b)
    return a % b


def _percent(a, b):
    return a % b


def method(owner, name, args, kwargs, frame=None):
    """`owner.name(*args, **kwargs)` where `owner` or an argument is a handle and `owner` a text."""
    result = stays(owner, name, args, kwargs, frame or sys._getframe(2))
    if result is not None:
        return result
    return getattr(settle(owner), name)(*settle(args), **settle(kwargs))


def stays(owner, name, args, kwargs, frame):
    """The deferred text of a method call; None when it has to wait."""
    if name not in STAYS:
        return None
    if name == "join":
        return _joined(owner, args, kwargs, frame)
    if not all(type(a) in SHOWN or type(a) is Text for a in (*args, *kwargs.values())):
        return None
    if not may_defer(frame, False):
        return None
    return deferred(_call_method, (owner, name, args, kwargs), {}, frame, sure=False)


def _call_method(owner, name, args, kwargs):
    return getattr(owner, name)(*args, **kwargs)


def _joined(owner, args, kwargs, frame):
    if len(args) != 1 or kwargs or type(args[0]) not in (list, tuple):
        return None
    parts = args[0]
    if not all(type(p) in (str, Text) for p in parts):
        return None
    sure = _sure(owner) and all(_sure(p) for p in parts)
    if not may_defer(frame, sure):
        return None
    if sure and type(owner) is str and parts and _native(owner) and all(_native(p) for p in parts):
        with_separators = [parts[0]]
        for p in parts[1:]:
            with_separators += [owner, p]
        return concat(_together(with_separators) or [""], frame)
    try:
        return deferred(_join, (owner, list(parts)), {}, frame, sure=sure)
    except Unsure:
        return None


def _join(separator, parts):
    return separator.join(parts)


from ._handles import Text  # noqa: E402 (see there)
