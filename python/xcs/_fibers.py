"""Fibers: the iterations of a loop that run side by side, each suspended while it waits. One thread, so user code never races.

Whoever has to wait gives the thread to the next that can go on; when none can, the thread waits for the engine without the GIL.
"""

from __future__ import annotations

import contextlib
import contextvars
import threading
from collections import deque

from ._state import state

greenlet = getcurrent = None
_looked_for = False


def possible():
    """Whether there can be fibers; without `greenlet`, loops run one iteration after the other. It is loaded for the first loop."""
    global greenlet, getcurrent, _looked_for
    if not _looked_for:
        _looked_for = True
        with contextlib.suppress(ImportError):
            from greenlet import getcurrent, greenlet
    return greenlet is not None


class Scheduler:
    """Of one thread. Invariant: every suspended fiber is in `ready` or in `waiting`, never in both."""

    def __init__(self):
        self.ready = deque()
        self.waiting = {}  # deferred -> fibers
        self.root = getcurrent()
        self.live = 0
        self.forgotten = []

    def suspend(self, deferred):
        """Returns when the call is done; other fibers run in the meantime."""
        me, path = getcurrent(), state.path()
        while not deferred.done:
            if deferred not in self.waiting:
                self.waiting[deferred] = []
                state.engine().watch(deferred)
            self.waiting[deferred].append(me)
            self._away(me)
        state.paths[threading.get_ident()] = path

    def pause(self):
        """Lets the others run; whoever pauses has put itself where it will be found."""
        me, path = getcurrent(), state.path()
        self._away(me)
        state.paths[threading.get_ident()] = path

    def _away(self, me):
        following = self._following()
        if following is not me:
            following.switch()

    def _following(self):
        while not self.ready:
            for deferred in state.engine().next_done():
                self.ready.extend(self.waiting.pop(deferred, ()))
        return self.ready.popleft()

    def start(self, function, *args):
        """Runs a new fiber until it waits or ends."""
        me, path = getcurrent(), state.path()
        fiber = greenlet(self._run, parent=self.root)
        fiber.gr_context = contextvars.copy_context()
        self.live += 1
        self.ready.appendleft(me)
        fiber.switch(function, args)
        state.paths[threading.get_ident()] = path

    def forget(self, fibers):
        """Fibers that will not be resumed. They are kept, so that nothing is raised in them when they would be collected."""
        if not fibers:
            return
        self.forgotten.extend(fibers)
        self.live -= len(fibers)
        self.ready = deque(f for f in self.ready if f not in fibers)
        for deferred, waiting in self.waiting.items():
            self.waiting[deferred] = [f for f in waiting if f not in fibers]

    def _run(self, function, args):
        try:
            function(*args)
        finally:
            self.live -= 1
            following = self._following()
            me = getcurrent()
            if following is not me.parent:
                me.parent = following


_schedulers = {}


def scheduler():
    return _schedulers.setdefault(threading.get_ident(), None) or _new()


def _new():
    made = _schedulers[threading.get_ident()] = Scheduler()
    return made


def wait(deferred):
    """Waits for a call in the way that fits where the program is."""
    mine = _schedulers.get(threading.get_ident())
    if mine is not None and mine.live:
        mine.suspend(deferred)
    elif not deferred.done:
        state.engine().wait([deferred])
