"""Tracebacks and stacks as plain Python shows them: the frames of a call that was made earlier, and none of this package's own.

A frame cannot be kept, as that would keep all its objects. So a call keeps the places of its frames, and when it has failed, frames are made that
show the same file, line, columns and name. (Made as Jinja makes frames of templates: by running a code object whose one statement has that place.)
"""

from __future__ import annotations

import _ast  # the nodes alone: a program may have a module `ast` of its own
import itertools
import os
import types

from . import _guards
from ._state import state


def stack(frame, path):
    """The places of the program's frames from `frame` up to the start of the run, innermost first: (code, offset of its instruction)."""
    places = []
    while frame is not None:
        code = frame.f_code
        kind = id(code)
        if kind in _guards._known:
            places.append((code, frame.f_lasti))
        elif kind in _guards.roots:
            places += _before(frame)
            break
        frame = frame.f_back
    if path is not None and path.loop is not None:
        # The function of an iteration and what holds the loop are one frame for the program.
        places += path.loop.places[1:]
    return places


def _before(frame):
    """Places of the frames of `runpy`, which a module is run by."""
    places = []
    while frame is not None and frame.f_globals.get("__name__") == "runpy":
        places.append((frame.f_code, frame.f_lasti))
        frame = frame.f_back
    return places


def rebuilt(places, inner):
    """A traceback with a frame for each of `places`, the innermost first; `inner` is what follows them."""
    for code, offset in places:
        frame = _frame(code, offset)
        if frame is not None:
            inner = types.TracebackType(inner, *frame)
    return inner


def line_of(places):
    """File and line of the innermost."""
    if not places:
        return "?", 0
    code, offset = places[0]
    return code.co_filename, _position(code, offset)[0] or code.co_firstlineno


def _position(code, offset):
    return next(itertools.islice(code.co_positions(), offset // 2, None), (None, None, None, None))


def _frame(code, offset):
    """(frame, offset, line) of a frame with that place."""
    line, end_line, column, end_column = _position(code, offset)
    line = line or code.co_firstlineno
    if column is None or end_column is None or line == end_line and column > end_column:
        column = end_column = None
    whole = {"lineno": line, "end_lineno": end_line or line, "col_offset": -1 if column is None else column,
             "end_col_offset": -1 if end_column is None else end_column}  # fmt: skip
    name = _ast.Name("error", _ast.Load(), **whole)
    module = _ast.Module([_ast.Raise(name, None, **whole)], [])
    made = compile(module, code.co_filename, "exec", dont_inherit=True)
    made = made.replace(co_name=code.co_name, co_qualname=code.co_qualname)
    error = Exception()
    try:
        exec(made, {"error": error, "__name__": "__main__"})
    except Exception as e:
        tb = e.__traceback__
    while tb is not None and tb.tb_frame.f_code is not made:
        tb = tb.tb_next
    error.__traceback__ = None
    return tb and (tb.tb_frame, tb.tb_lasti, tb.tb_lineno)


def made_at(error, what, places):
    """Remembers of an exception which call has failed with it; the first says so."""
    try:
        if getattr(error, "__xcs_made__", None) is None:
            error.__xcs_made__ = what, places
    except Exception:
        pass  # it takes no attributes


def walked(real):
    """`traceback.walk_stack` without the frames of this package and of what called it."""

    def walk_stack(f):
        return real(f) if f is None else _program_frames(real(f))

    walk_stack.__xcs__ = True
    walk_stack.__wrapped__ = real
    return walk_stack


def _program_frames(frames):
    from ._waiting import HERE

    path, inner = state.path(), None
    while True:
        for frame, line in frames:
            code = frame.f_code
            if id(code) in _guards.bottoms:
                return
            if inner is None:
                # `logging` leaves its own frames out, up to that of ours among them.
                inner = os.path.dirname(os.__file__) + "/logging/" if code.co_filename.startswith(HERE) else ""
            if inner and code.co_filename.startswith(inner) or code.co_filename.startswith(HERE):
                continue
            inner = ""
            yield frame, line
        if path is None or path.loop is None or path.loop.frame is None:
            return
        # A fiber begins where its loop is.
        frames, path = _outward(path.loop.frame.f_back), path.loop.parent


def _outward(frame):
    while frame is not None:
        yield frame, frame.f_lineno
        frame = frame.f_back


def watch(traceback):
    """Lets the module `traceback` show stacks as in plain Python: those of `print_stack`, of `logging` and of warnings."""
    if not getattr(traceback.walk_stack, "__xcs__", False):
        traceback.walk_stack = walked(traceback.walk_stack)

