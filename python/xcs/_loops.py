"""A loop whose iterations were proved independent (`_independent`): each runs on a fiber, and what they append is put in order."""

from __future__ import annotations

import sys
import types

from . import _fibers, _guards, _harmless, _tracebacks
from ._remarks import remark
from ._state import Path, state
from ._waiting import Call, _next, failed, join, settle, without_us

CO_OPTIMIZED = 1
MOST = 2000  # iterations begun and not ended; more wait for one of them


class Puts(list):
    """What an iteration stores in a dictionary that others share."""

    def put(self, value, key):
        key = settle(key)
        hash(key)
        self.append((key, value))


class Items(list):
    """What an iteration appends to a list that others share, or stores in its places."""

    def __init__(self, shared):
        self.shared, self.puts = shared, None

    def put(self, value, key):
        key = settle(key)
        if not hasattr(key, "__index__") and type(key) is not slice:
            self.shared[key]  # the error that plain Python raises
        if type(key) is not slice and not -len(self.shared) <= key < len(self.shared):
            raise IndexError("list assignment index out of range")
        self.puts = self.puts or []
        self.puts.append((key, value))


_harmless.MOVING[Items] = _harmless.MOVING[list]


class Loop:
    def __init__(self, parent, guard, frame, names):
        self.parent, self.guard = parent, guard
        self.frame, self.places = frame, _tracebacks.stack(frame, parent)  # where the loop is; the frame until it has ended
        self.names = names  # those of the module that the loop is in, at its top; else None
        self.own, self.last = {}, False  # index -> names that an iteration has assigned; whether those of one that failed were taken
        self.paths, self.lists, self.ended, self.errors = [], [], [], {}
        self.count = 0  # iterations that have ended
        self.prefix = 0  # iterations before this one have ended
        self.released = 0
        self.turns = {}  # index -> fibers that wait until all iterations before it have ended
        self.owner = None  # the fiber of the loop itself while it waits
        self.urgent = None  # an interrupt from the keyboard: it ends the loop at once

    def begin(self, sinks):
        path = Path(parent=self.parent, loop=self, index=len(self.paths), guard=self.guard)
        self.paths.append(path)
        self.ended.append(False)
        self.lists.append([Items(s) if type(s) is list else Puts() for s in sinks])
        state.counts["iterations"] += 1
        return path, self.lists[-1]

    def finish(self, sinks, own):
        """Puts everything in the order of the program, up to the first iteration that failed, whose exception is returned."""
        if self.urgent is not None:
            self.abandon(0, own)
            return self.urgent
        last = min(self.errors) if self.errors else len(self.paths)
        for lists in self.lists[: last + 1]:
            for sink, appended in zip(sinks, lists):
                if type(sink) is list:
                    for key, value in appended.puts or ():
                        sink[key] = value
                    sink.extend(appended)
                else:
                    sink.update(appended)
        for path in self.paths[: last + 1]:
            self.parent.items.extend(path.items)
            path.items.clear()
        self.abandon(last + 1, own)
        if not self.errors:
            return None
        error = self.errors[last]
        try:
            join(self.parent)  # a call before it that failed and was not looked at
        except BaseException as e:
            error = e
        return error.with_traceback(without_us(error.__traceback__))

    def abandon(self, first, own):
        """Iterations that plain Python would not have begun: they are never resumed, and their lines are not put out."""
        for path in self.paths[first:]:
            calls = [i.deferred for i in path.items if type(i) is Call]
            state.counts["unreached"] += len(calls)
            state.loose += [d for d in calls if not d.done]
            state.waiting -= len(path.items)
            path.items.clear()
        own.forget({path.fiber for path in self.paths[first:] if not self.ended[path.index]})
        state.refresh()

    def wait_turn(self, path):
        own = _fibers.scheduler()
        while self.prefix < path.index:
            self.turns.setdefault(path.index, []).append(_fibers.getcurrent())
            own.pause()

    def release_before(self, path):
        """Lets out the lines of the program before this iteration."""
        join(self.parent)
        while self.released < path.index:
            before = self.paths[self.released]
            while before.items:
                item = before.items[0]
                item.wait()
                failed = item.failure()
                if failed is not None:
                    self.never_reached(failed)
                _next(before).release()
            self.released += 1

    def never_reached(self, failed):
        """In an iteration that plain Python would not have begun, since a call of the one at `released` has failed: it is not resumed."""
        own = _fibers.scheduler()
        self.errors.setdefault(self.released, failed)
        if self.owner is not None:
            own.ready.append(self.owner)
            self.owner = None
        while True:
            own.pause()

    def end(self, index, error, own):
        self.ended[index], self.own[index] = True, own
        self.count += 1
        if error is not None:
            self.errors[index] = error
        if isinstance(error, KeyboardInterrupt):
            self.urgent = error
        ready = _fibers.scheduler().ready
        while self.prefix < len(self.ended) and self.ended[self.prefix]:
            if self.names is not None and not self.last:
                keep(self.names, self.own.pop(self.prefix, None))
                self.last = self.prefix in self.errors
            self.prefix += 1
            ready.extend(self.turns.pop(self.prefix, ()))
        if self.owner is not None:
            ready.append(self.owner)
            self.owner = None

    def wait_one(self):
        self.owner = _fibers.getcurrent()
        _fibers.scheduler().pause()


def may_overlap():
    """Whether the loop that asks may run its iterations side by side, here and now."""
    path = state.path()
    if path is None or state.forked:
        return False
    from ._births import refused

    why = refused()
    if why is not None:
        remark("loop", f"iterations one after the other: {why}")
        return False
    closed = _guards.closed(sys._getframe(1))
    if closed is not None and closed[0] != _guards.GUARD:
        return False
    if not _fibers.possible():
        remark("loop", "iterations one after the other: the package `greenlet` is missing, without which loops do not overlap; pip install greenlet")
        return False
    return True


# What goes through a C iterator of these runs no code of the program between two iterations.
ITERATORS = frozenset(
    type(iter(x)) for x in ([], (), {}, {}.values(), {}.items(), set(), "", "é", b"", range(0), range(2**70), reversed([]))
)
_VIEWS = (type({}.values()), type({}.items()), type({}.keys()))


def quiet_iterable(x):
    """Whether taking the next element of `x` runs no code that could be seen or could see something."""
    t = type(x)
    if t in (list, tuple, dict, set, frozenset, str, bytes, range) or t in ITERATORS or t in _VIEWS:
        return True
    if t is enumerate or t is zip:
        inner = x.__reduce__()[1]  # the iterators that it goes through, as they are
        return all(map(quiet_iterable, inner[:1] if t is enumerate else inner))
    return False


def untouched(x, path):
    """Whether an iterator is one that only the iteration that uses it can know: taking from any other shows to the others."""
    t = type(x)
    if not hasattr(t, "__next__") or t is types.GeneratorType and x.gi_code.co_name == "<genexpr>":
        return True
    return path.made is not None and any(x is m for m in path.made)


def make(f, args, kwargs, path):
    """An iterator that an iteration makes for itself, remembered as its own."""
    made = f(*args, **kwargs)
    if path.made is None:
        path.made = []
    path.made.append(made)
    return made


MAKERS = frozenset({enumerate, zip, map, filter, reversed, iter})


def _alone(sink):
    """Whether the list has no other name: the variable's reference, one of the list of sinks, and those of looking."""
    return sys.getrefcount(sink)


def _one_name():
    def asked(sinks):
        return [_alone(s) for s in sinks][0]

    rows = []
    return asked([rows])


ONE_NAME = _one_name()


def separate(iterable, sinks):
    return all(type(s) in (list, dict) for s in sinks) and all(_alone(s) <= ONE_NAME for s in sinks) and quiet_iterable(iterable)


_caller = None  # the helper of converted code that calls `run`


def run(iterable, body, sinks):
    """`for x in iterable: body(x)`, where what is appended to `sinks` goes through lists of each iteration's own.

    Returns None, or the exception to raise: that of the first iteration, in program order, which failed.
    """
    place = sys._getframe(1)
    if place.f_code is _caller:
        place = place.f_back
    if not separate(iterable, sinks):
        remark("loop", "iterations one after the other: a list that it appends to has another name, or what it goes through is not known")
        return _in_order(iterable, body, sinks, names_of(place))
    parent, own = state.path(), _fibers.scheduler()
    closed = _guards.closed(place)
    loop = Loop(parent, parent.guard or (closed[1] if closed else None), place, names_of(place))
    state.counts["loops"] += 1
    remark("loop", "iterations run side by side", _guards.place(place))
    state.loops += 1
    state.refresh()
    try:
        for x in iterable:
            path, lists = loop.begin(sinks)
            own.start(_iteration, loop, path, body, x, lists)
            while not loop.errors and len(loop.paths) - loop.count >= MOST:
                loop.wait_one()
            if loop.errors:
                break
        while loop.prefix < len(loop.paths) and not (loop.errors and min(loop.errors) <= loop.prefix or loop.urgent):
            loop.wait_one()
        return loop.finish(sinks, own)
    except BaseException:
        loop.abandon(0, own)
        raise
    finally:
        loop.frame = None
        loop.lists.clear(), loop.own.clear()  # fibers know the loop, and the loop knows them
        state.loops -= 1
        state.refresh()


def _in_order(iterable, body, sinks, names):
    for x in iterable:
        try:
            own = body(x, *sinks)
        except BaseException as e:
            if names is not None:
                keep(names, _left(e, body))
            raise
        if names is not None:
            keep(names, own)
    return None


def names_of(frame):
    """The names of a module when its own frame is given; None for that of a function."""
    return frame.f_globals if not frame.f_code.co_flags & CO_OPTIMIZED and frame.f_locals is frame.f_globals else None


def keep(names, own):
    """What an iteration has assigned is assigned in its module: later iterations come later here too."""
    for name, value in (own or {}).items():
        if not name.startswith("__xcs_") and not failed(value):
            names[name] = value


def _left(error, body):
    """The names that an iteration had when it failed."""
    tb = error.__traceback__
    while tb is not None:
        if tb.tb_frame.f_code is body.__code__:
            return dict(tb.tb_frame.f_locals)
        tb = tb.tb_next
    return None


def _iteration(loop, path, body, x, lists):
    state.paths[path.thread] = path
    path.fiber = _fibers.getcurrent()
    error = own = None
    try:
        own = body(x, *lists)
    except BaseException as e:
        error = e
        own = _left(e, body) if loop.names is not None else None
    loop.end(path.index, error, own)


_guards.roots[id(_iteration.__code__)] = True
_guards.through.update((id(run.__code__), id(_in_order.__code__)))
