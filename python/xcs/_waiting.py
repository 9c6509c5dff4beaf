"""Waiting: for one call, for all calls of a path, for whatever is inside an argument; and raising what failed, in program order."""

from __future__ import annotations

import gc
import itertools
import os
import sys
import types
from collections import ChainMap, OrderedDict, UserDict, UserList, deque

from . import _guards, _tracebacks
from ._remarks import remark
from ._state import state

HERE = os.path.dirname(os.path.abspath(__file__)) + os.sep
proxies = set()  # what is used in place of a Deferred and keeps the one of the engine in `real`; `_native` adds them
kinds = set()  # the types of handles; `_handles` adds them
modules = set()  # names of converted modules: their classes may hold handles in attributes
PLAIN_TYPES = frozenset(
    {str, int, float, bool, type(None), bytes, complex, type, types.FunctionType, types.BuiltinFunctionType,
     types.ModuleType, types.CodeType, range, slice, type(...), type(NotImplemented)}
)


# Objects of the interpreter that hold others of the program: views and iterators, whose containers are found through the garbage collector.
HOLDERS = frozenset(
    {type(f(c)) for c in ([], (), {}, set(), deque(), "", OrderedDict()) for f in (iter,)}
    | {type(reversed(c)) for c in ([], (), {}, deque(), {}.items(), {}.values(), OrderedDict())}
    | {type(f(d)) for d in ({}, OrderedDict()) for c in (type(d),) for f in (c.keys, c.values, c.items)}
    | {type(iter(f({}))) for f in (dict.values, dict.items)}
    | {t for t in vars(itertools).values() if isinstance(t, type)}
    | {enumerate, zip, map, filter, types.MappingProxyType, types.SimpleNamespace, ChainMap, UserDict, UserList}
)
NAMESPACES = frozenset({types.SimpleNamespace, ChainMap, UserDict, UserList})


class Call:
    """A call that was begun, in the order of the program."""

    __slots__ = ("deferred", "handling", "logs", "writes")

    def __init__(self, deferred, logs=None, writes=False):
        self.deferred, self.logs, self.writes = deferred, logs, writes

    def ready(self):
        return self.deferred.done

    def wait(self):
        wait_for(self.deferred)

    def failure(self):
        return error_of(self.deferred) if self.deferred.failed else None

    def release(self):
        for emit in self.logs or ():
            emit()


class Part:
    """A part of an answer that the program has named before the answer was there: plain Python fails at that line when it has no such part."""

    __slots__ = ("deferred", "handling", "places", "steps")

    def __init__(self, deferred, steps, places):
        self.deferred, self.steps, self.places = deferred, steps, places

    def ready(self):
        return self.deferred.done

    def wait(self):
        wait_for(self.deferred)

    def failure(self):
        if self.deferred.failed:
            return error_of(self.deferred)
        if type(self.deferred) in proxies and self.deferred.has(self.steps):
            return None
        try:
            follow(self.deferred.value(), self.steps)
        except Exception as e:
            _tracebacks.made_at(e, "part", self.places)
            return _where_made(e, ("?", 0))
        return None

    def release(self):
        pass


class Line:
    """Something to be put out when all calls before it have succeeded."""

    __slots__ = ("handling", "needs", "put")

    def __init__(self, put, needs=()):
        self.put, self.needs = put, needs

    def ready(self):
        return all(d.done for d in self.needs)

    def wait(self):
        for d in self.needs:
            wait_for(d)

    def failure(self):
        return next((error_of(d) for d in self.needs if d.failed), None)

    def release(self):
        self.put()


def enqueue(path, item):
    item.handling = sys.exc_info()[1]
    path.items.append(item)
    state.waiting += 1
    state.refresh()


def _next(path):
    item = path.items.popleft()
    path.ended += 1
    state.waiting -= 1
    if not state.waiting:
        state.refresh()
    return item


def writing(path):
    """Whether a call that writes is not known to be done."""
    while path is not None:
        if any(type(i) is Call and i.writes for i in path.items):
            return True
        path = path.parent
    return False


def fail(item, error):
    """Raises what failed while the program handles what it handled where the call was made, not what it handles where that comes out."""
    now, own = sys.exc_info()[1], error.__context__
    try:
        raise error
    finally:
        error.__context__ = None if own is now else own
        _chain(error, item.handling)


def _let_out_logs(item):
    """What a call logged before it failed, once everything before it is out."""
    if type(item) is Call:
        item.release()
        item.logs = None


def _chain(error, handled):
    """`handled` is the context of the first of the errors that led to `error`, unless one of them is among those that led to it."""
    first, led = error, {id(error)}
    while first.__context__ is not None and id(first.__context__) not in led:
        first = first.__context__
        led.add(id(first))
    e, seen = handled, set()
    while e is not None and id(e) not in seen:
        if id(e) in led:
            return
        seen.add(id(e))
        e = e.__context__
    if handled is not None:
        first.__context__ = handled


def drain(path):
    """Lets out, without waiting, what is known to have happened. Raises the failure that has come to the front, if one has."""
    if path.busy or path.loop is not None:
        return
    path.busy = True
    try:
        while path.items and path.items[0].ready():
            failed = path.items[0].failure()
            if failed is not None:
                _let_out_logs(path.items[0])
                fail(path.items[0], failed)
            _next(path).release()
    finally:
        path.busy = False


def join(path):
    """Waits for all calls of the path so far, lets their lines out, and raises the first failure in program order."""
    if path is None or path.busy:
        return
    if path.loop is not None:
        return join_iteration(path)
    if not path.items:
        return
    state.counts["joins"] += 1
    path.busy = True
    try:
        while path.items:
            head = path.items[0]
            head.wait()
            failed = head.failure()
            if failed is not None:
                _let_out_logs(head)
                fail(head, failed)
            _next(path).release()
    finally:
        path.busy = False


def join_iteration(path):
    wait_own(path)
    path.loop.wait_turn(path)
    path.loop.release_before(path)
    while path.items:
        _next(path).release()


def wait_own(path):
    """Waits for an iteration's own calls; its lines stay until the iterations before it have let out theirs."""
    for item in list(path.items):
        item.wait()
        failed = item.failure()
        if failed is not None:
            fail(item, failed)


def before_guard(path):
    """Before a `try` or `with`: what failed before it must not be raised within it."""
    if path.loop is None:
        return join(path)
    strands = []
    while path is not None:
        strands.append(path)
        path = path.parent
    for strand in reversed(strands):
        wait_own(strand)


def wait_for(deferred):
    if deferred.done:
        return
    state.counts["waits"] += 1
    from . import _fibers

    _fibers.wait(deferred.real if type(deferred) in proxies else deferred)


def value_of(deferred):
    """The value of a finished or unfinished call; raises the failure that plain Python would have met first."""
    if not deferred.done:
        wait_for(deferred)
    if deferred.failed:
        _before_failure()
        raise error_of(deferred)
    return deferred.value()


def _before_failure():
    """Raises what failed before, which plain Python would have met first."""
    path = state.path()
    if path is not None and not path.busy:
        if path.loop is None:
            join(path)
        else:
            wait_own(path)


def part_of(deferred, steps):
    """A part of an answer that is there; what it lacks is raised as plain Python would have met it first."""
    value = value_of(deferred)
    try:
        return follow(value, steps)
    except Exception as e:
        error = e
    _before_failure()
    raise error


def error_of(deferred):
    """The exception of a failed call, as it was raised where it failed, with a note of where the call was made."""
    try:
        deferred.value()
    except BaseException as e:
        error = e
    if proxies:
        error = sys.modules["xcs._native"].translated(error)
    return _where_made(error, deferred.origin)


def _where_made(error, origin):
    """An exception with the traceback that plain Python would show, and a note of what needed the answer, if that was another line."""
    first = getattr(error, "__xcs_first__", None)
    if first is None:
        inner = without_us(error.__traceback__)
        needed = _tracebacks.stack(sys._getframe(1), state.path())
        what, places = getattr(error, "__xcs_made__", None) or ("call", None)
        late = places is not None and places != needed
        if late:
            inner = _tracebacks.rebuilt(places, inner)
        first = inner, late
        try:
            error.__xcs_first__ = first
            made = _tracebacks.line_of(places) if places else origin
            if late or places is None and made[0] != "?" and _tracebacks.line_of(needed) != tuple(made):
                error.add_note(f"the {what} was made at {state.title(made[0])}:{made[1]}; it was waited for {_needed(needed, made[0])}")
        except AttributeError:
            pass
    return error.with_traceback(first[0])


def _needed(places, near):
    """Where an answer was needed, in words: the line, and that of the script which led there."""
    places = [p for p in places if _guards.converted(p[0])]
    if not places:
        return "at the end"
    file, line = _tracebacks.line_of(places)
    words = f"at line {line}" if file == near else f"at {state.title(file)}:{line}"
    outer_file, outer_line = _tracebacks.line_of(places[-1:])
    if len(places) > 1 and (outer_file, outer_line) != (file, line):
        words += f", from line {outer_line}" if outer_file == file else f", from {state.title(outer_file)}:{outer_line}"
    return words


def without_us(tb):
    """A traceback without the frames of this package and of the engine's threads."""
    kept = []
    while tb is not None:
        name = tb.tb_frame.f_code.co_filename
        if not (name.startswith(HERE) or name.endswith(("concurrent/futures/thread.py", "tests/standin.py"))):
            kept.append(tb)
        tb = tb.tb_next
    result = None
    for entry in reversed(kept):
        result = types.TracebackType(result, entry.tb_frame, entry.tb_lasti, entry.tb_lineno)
    return result


def now(x):
    """The value itself where `x` is a handle."""
    return x._xcs_value() if type(x) in kinds else x


def failed(x):
    """Whether it is a handle of a call that has failed: plain Python has bound nothing to it."""
    return type(x) in kinds and x._xcs_operand()[0].failed


def settle(x):
    """`x` without handles: those inside lists, dictionaries and the program's own objects are replaced there, by their values."""
    t = type(x)
    if t in PLAIN_TYPES and t is not types.BuiltinFunctionType or not state.handles:
        return x
    if t in kinds:
        return x._xcs_value()
    work, seen = [], set()
    x = _settled(x, work, 0)
    while work:
        _settle_inside(work.pop(), work, seen)
    return x


def _settled(e, work, depth):
    t = type(e)
    if t in PLAIN_TYPES:
        if t is types.BuiltinFunctionType and isinstance(e.__self__, (list, dict, set, deque)):
            work.append(e.__self__)
        return e
    if t in kinds:
        e = e._xcs_value()
        return e
    if t is tuple or t is frozenset:
        if depth > 50:
            return e
        parts = [_settled(p, work, depth + 1) for p in e]
        return t(parts) if any(a is not b for a, b in zip(parts, e)) else e
    if t in HOLDERS or isinstance(e, (set, frozenset)):
        work.append(e)
        return e
    if t is list or t is dict or isinstance(e, (list, dict, tuple, deque)) or t.__module__ in modules or t is types.MethodType:
        work.append(e)
    return e


def _settle_inside(x, work, seen):
    if id(x) in seen:
        return
    seen.add(id(x))
    if isinstance(x, (list, deque)):
        for i, e in enumerate(list(x)):
            v = _settled(e, work, 0)
            if v is not e:
                if i < len(x) and x[i] is e:
                    x[i] = v
    elif isinstance(x, dict):
        _settle_dict(x, work)
    elif isinstance(x, set):
        values = [_settled(e, work, 0) for e in x]
        if any(v is not e for v, e in zip(values, x)):
            x.clear()
            x.update(values)
    elif type(x) in HOLDERS:
        if type(x) in NAMESPACES:
            work.append(vars(x))
        else:
            for e in gc.get_referents(x):
                _settled(e, work, 0)
    elif isinstance(x, tuple):
        for e in x:
            _settled(e, work, 0)
    elif type(x) is types.MethodType:
        work.append(x.__self__) if type(x.__self__).__module__ in modules else None
    if type(x).__module__ in modules:
        attributes = getattr(x, "__dict__", None)
        if type(attributes) is dict:
            work.append(attributes)
        for c in type(x).__mro__:
            for name in c.__dict__.get("__slots__", ()):
                if isinstance(name, str) and not name.startswith("__"):
                    _settled(getattr(x, name, None), work, 0)


def _settle_dict(x, work):
    keys = {}  # in place of those that hold handles
    for k, e in list(dict.items(x)):
        v = _settled(e, work, 0)
        if v is not e:
            dict.__setitem__(x, k, v)
        key = _settled(k, work, 0)
        if key is not k:
            keys[id(k)] = key
    if not keys:
        return
    items = [(keys.get(id(k), k), v) for k, v in dict.items(x)]
    if isinstance(x, OrderedDict):
        x.clear()
        for k, v in items:
            x[k] = v
        return
    dict.clear(x)
    dict.update(x, items)


class Unsure(Exception):
    """An argument that could change after the call and before it is sent."""


class Slot:
    """The place of a value that is not there yet, in what a call was given."""

    __slots__ = ("index", "steps")

    def __init__(self, index, steps):
        self.index, self.steps = index, steps


def snapshot(x, needs, depth=0):
    """What a call was given, as it was then: containers copied, a `Slot` for each handle, whose operation is added to `needs`."""
    t = type(x)
    if t in PLAIN_TYPES:
        return x
    if t in kinds:
        deferred, steps = x._xcs_operand()
        if type(deferred) in proxies:
            steps, deferred = (("native", deferred), *steps), deferred.real
        needs.append(deferred)
        return Slot(len(needs) - 1, steps)
    if depth > 20:
        raise Unsure
    if t is list:
        return [snapshot(e, needs, depth + 1) for e in x]
    if t is tuple:
        return tuple([snapshot(e, needs, depth + 1) for e in x])
    if t is dict:
        return {k: snapshot(e, needs, depth + 1) for k, e in x.items()}
    if isinstance(x, (list, dict, set, bytearray, deque)) or t.__module__ in modules or t in HOLDERS or hasattr(t, "__next__"):
        raise Unsure  # another iteration of it, or of what it shows, could see something else
    return x  # an object of a library: whatever could change it waits for this call first


def filled(x, values):
    """A snapshot with the values in their places."""
    t = type(x)
    if t is Slot:
        return follow(values[x.index], x.steps)
    if t is list:
        return [filled(e, values) for e in x]
    if t is tuple:
        return tuple([filled(e, values) for e in x])
    if t is dict:
        return {k: filled(e, values) for k, e in x.items()}
    return x


def follow(value, steps):
    for kind, name in steps:
        value = getattr(value, name) if kind == "." else value[name] if kind == "[" else name.value()
    return value


def waits(why):
    """Says that the program waits here, if somebody asked to be told."""
    remark("waits", why)
