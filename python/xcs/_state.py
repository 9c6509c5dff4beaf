"""What one process knows of its deferred calls: the engine's session, the order of calls and lines, and whether anything is deferred at all.

Converted code has two forms of each statement and asks `__xcs_idle__` (a name of `builtins`, so that the test costs two bytecodes) which to run.
It is false while a handle lives or something waits in a queue; while it is true no value of the program can be a handle.
"""

from __future__ import annotations

import builtins
import os
import sys
import threading
from collections import deque

_world = builtins.__dict__
_world["__xcs_idle__"] = True


class Path:
    """The order of calls and lines of one strand of the program: the main one of a run, or one iteration of a loop.

    `items` holds, oldest first, what was called or printed and is not yet known to have happened as plain Python would have it. A call that
    failed stays at the front: whatever comes after it in program order did not happen.
    """

    __slots__ = ("items", "parent", "loop", "index", "guard", "thread", "busy", "fiber", "made", "ended")

    def __init__(self, parent=None, loop=None, index=0, guard=None):
        self.items = deque()
        self.parent, self.loop, self.index, self.guard = parent, loop, index, guard
        self.thread = threading.get_ident()
        self.busy = False
        self.fiber = None
        self.made = None  # iterators that an iteration has made for itself
        self.ended = 0  # items that are known to have happened


class State:
    def __init__(self):
        self.handles = 0  # handles that live; only added to and taken from, each in one bytecode without a switch between
        self.waiting = 0  # items in all paths
        self.loops = 0  # loops whose iterations run side by side now
        self.sticky = 0  # a call was not deferred because a frame ran its plain form: run the other one for a while
        self.session = None
        self.starting = threading.Lock()
        self.paths = {}  # thread -> the path that it runs now
        self.threads = set()  # threads whose calls may be deferred
        self.beside = set()  # threads with an event loop that awaits programs: their handles stay in threads of their own
        self.inside = set()  # threads of the engine that run an operation of the program
        self.around = {}  # thread -> the event loop around the cell of a notebook that it runs
        self.titles = {}  # file of a cell -> how the notebook names it
        self.hook = None  # the notebook's own sys.excepthook
        self.options = {}
        self.looks_at_end = False  # converted code has functions that run at the end, or finalisers
        self.loose = []  # calls that nothing will wait for any more: the program failed or was interrupted before them
        self.forked = False
        self.before_first = None  # what is done before anything is deferred for the first time
        self.counts = {"deferred": 0, "texts": 0, "waits": 0, "direct": 0, "loops": 0, "iterations": 0, "joins": 0, "unreached": 0}

    def seen_at_end(self):
        """Whether the program looks at its own state when it ends by an exception: then each call is waited for at once, as in a `try`."""
        return self.looks_at_end or sys.excepthook is not sys.__excepthook__ and sys.excepthook != self.hook

    def title(self, file):
        return self.titles.get(file) or os.path.basename(file)

    def engine(self):
        """The session, started at the first deferred call: a program without one costs nothing."""
        if self.session is None:
            if self.forked:
                raise RuntimeError("a forked child has no session: calls that the parent made cannot be waited for here")
            from . import _engine

            with self.starting:  # several threads may make the first call
                if self.session is None:
                    self.session = _engine.start(self.options)
        return self.session

    def refresh(self, world=_world):
        # The dictionary is a default: finalisers come here when the names of modules are gone.
        if self.before_first is not None and (self.handles > 0 or self.waiting > 0 or self.loops > 0 or self.sticky > 0):
            first, self.before_first = self.before_first, None
            first()
        world["__xcs_idle__"] = not (self.handles > 0 or self.waiting > 0 or self.loops > 0 or self.sticky > 0)

    def path(self):
        return self.paths.get(threading.get_ident())

    def end(self):
        session, self.session = self.session, None
        if session is not None:
            session.close()


state = State()


def in_child():
    """After a fork: threads of the engine are not there, so nothing may be deferred and what was not done never will be."""
    state.session = None
    state.forked = True
    state.paths.clear()
    state.threads.clear()
    state.waiting = 0
    state.refresh()
