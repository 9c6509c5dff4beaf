"""Handles whose calls are done are replaced by their values where the program keeps them, so that code without deferred values runs as it was.

Looks through the names of converted modules and of the frames on the stack, and through what they hold. Done now and then, after many calls have
been dispatched while handles live and nothing is pending; rarer when it does not help.
"""

from __future__ import annotations

import contextlib
import sys

from . import _guards
from ._state import state
from ._waiting import kinds, modules, settle

FIRST, MOST = 200, 1_000_000
_count, _every = 0, FIRST
_to_fast = None


def tick(path):
    """Called at each dispatched call while handles live."""
    global _count, _every
    _count += 1
    if _count < _every or path is None or path.items or path.loop is not None or state.loops:
        return
    _count = 0
    sweep(sys._getframe(2))
    _every = min(_every * 4, MOST) if state.handles else FIRST


def sweep(frame):
    for name in list(modules):
        module = sys.modules.get(name)
        if module is not None:
            replace(module.__dict__)
    while frame is not None and state.handles:
        if _guards.converted(frame.f_code) and frame.f_code.co_name != "<module>":
            _replace_locals(frame)
        frame = frame.f_back


def _finished(x):
    return x._xcs_operand()[0].done and not x._xcs_operand()[0].failed


def replace(names):
    """The values of finished calls in place of their handles."""
    for name, x in list(names.items()):
        if type(x) in kinds:
            if _finished(x):
                names[name] = x._xcs_value()
        else:
            with contextlib.suppress(Exception):  # of a call that has failed: whoever looks at it will be told
                settle(x)


def _replace_locals(frame):
    global _to_fast
    names = frame.f_locals
    found = {n: x for n, x in names.items() if type(x) in kinds and _finished(x)}
    for x in list(names.values()):
        if type(x) not in kinds:
            settle(x)
    if not found:
        return
    for name, x in found.items():
        names[name] = x._xcs_value()
    if sys.version_info < (3, 13):  # from then on the mapping is the frame's own
        if _to_fast is None:
            import ctypes

            _to_fast = ctypes.pythonapi.PyFrame_LocalsToFast
            _to_fast.argtypes, _to_fast.restype = [ctypes.py_object, ctypes.c_int], None
        _to_fast(frame, 0)
