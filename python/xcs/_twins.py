"""Functions in which nothing deferred can begin run as plain Python has compiled them until something is deferred for the first time.

Then each gets its converted code. No frame of such a function can be on the stack at that moment: a call is deferred only when all frames up to
the start of the run called from a deferring form, which these functions do not have. So code without model calls costs nothing.
"""

from __future__ import annotations

import types
from _weakref import ref

from . import _guards
from ._state import state

_plain = {}  # id of converted code -> code as plain Python has compiled it
_functions = []  # (weak reference to a function, its converted code)
_switched = False


def add(converted, plain):
    """Pairs the functions of a module's converted code with those of its plain code, by place and name."""
    by_place, twice = {}, set()
    for code in _codes(plain):
        key = code.co_firstlineno, code.co_qualname
        if key in by_place:
            twice.add(key)
        by_place[key] = code
    for code in _codes(converted):
        key = code.co_firstlineno, code.co_qualname
        other = by_place.get(key)
        if other is not None and key not in twice and other.co_freevars == code.co_freevars and other.co_flags == code.co_flags:
            _plain[id(code)] = other


def _codes(code):
    todo = [code]
    while todo:
        c = todo.pop()
        yield c
        todo += [k for k in c.co_consts if isinstance(k, types.CodeType)]


def defined(function):
    """Called where such a function is defined, as its innermost decorator."""
    if not _switched:
        code = function.__code__
        plain = _plain.get(id(code))
        if plain is not None and _guards.converted(code):
            function.__code__ = plain
            _functions.append((ref(function), code))
    return function


def switch():
    """Before anything is deferred: all functions get their converted code. Once a process."""
    global _switched
    if _switched:
        return
    _switched = True
    for reference, code in _functions:
        function = reference()
        if function is not None:
            function.__code__ = code
    _functions.clear()


state.before_first = switch
