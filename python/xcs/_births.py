"""Where calls are born deferred: a call of an operation made by converted code, when nothing could tell the difference."""

from __future__ import annotations

import _thread
import contextvars
import sys
import threading

from . import _api, _guards, _trace, _tracebacks
from ._handles import Later, Text
from . import _remarks
from ._remarks import remark
from ._state import state
from ._waiting import Call, Line, Unsure, enqueue, filled, join, settle, snapshot, value_of

MOST_INSIDE = 192  # of the 256 threads for operations: those that may wait for others
operations = {}  # id(function) -> Operation; the operation keeps the function
_refused = set()


class Operation:
    """A callable of the host whose calls may be deferred.

    `function` is what converted code names and calls; `send(*args, **kwargs)` is what runs beside the program; `fits(args, kwargs)` says
    whether this call may be deferred at all, or why not (a text); `result` is the class of the answer, `str`, or None for any object;
    `answer()` gives, when it is first needed, the class and the ways to the parts that are followed without waiting.
    """

    def __init__(self, function, send, fits=None, result=None, effect="sample", repeat="never", answer=None, native=None):
        self.function, self.send, self.fits, self.result = function, send, fits, result
        self.effect, self.repeat, self.answer = effect, repeat, answer
        self.beside = send  # what sends a call that the host makes beside others
        self.native = native  # begins a call in the engine itself, or says why not
        self.ways = ()
        operations[id(function)] = self


def refused():
    """Why the thread that runs may not defer at all; None when it may: no other thread of the program could see a handle."""
    if _api._early is not None:
        _api.settle()
    me = threading.get_ident()
    if state.forked:
        return "the process is the child of a fork"
    if me not in state.threads:
        return "it is made on another thread than the program's first one"
    if _in_event_loop():
        return "it is made within an event loop"
    if len(state.inside) > MOST_INSIDE and me in state.inside:
        return "too many operations run at once, and this one would wait for others"
    if not _thread._count() and me == threading.main_thread().ident:
        return None  # there are no others
    known = 0
    for thread in threading.enumerate():
        if type(thread) is threading._DummyThread:
            continue  # a thread of the engine, while it makes a call
        if thread.ident != me and thread.ident not in state.threads and thread.ident not in state.beside and not _ours(thread):
            return f"another thread of the program is there ({thread.name})"
        known += 1
    # A thread that `threading` does not know is not known here either.
    return None if known >= _thread._count() else "another thread is there, which the module `threading` does not know"


def _ours(thread):
    return thread.name.startswith("xcs-program_") or type(thread).__module__.startswith("tqdm.")


def _in_event_loop():
    asyncio = sys.modules.get("asyncio")
    loop = asyncio._get_running_loop() if asyncio is not None else None
    return loop is not None and loop is not state.around.get(threading.get_ident())


def call(operation, args, kwargs, frame):
    """Begins a call. Returns (True, its handle or value), or (False, None) when it has to be made by the program itself, now."""
    path = state.path()
    why = refused() if path is not None or _remarks.wanted else ""
    if path is None or why is not None:
        if why:
            remark("direct", why, (frame.f_code.co_filename, frame.f_lineno))
        return False, None
    unfit = operation.fits(args, kwargs) if operation.fits else None
    if threading.get_ident() in state.inside and operation.effect not in ("pure", "sample"):
        unfit = "an operation makes it, and what it reads or writes could be what that one does"
    if unfit:
        remark("direct", unfit, (frame.f_code.co_filename, frame.f_lineno))
        return False, None
    closed = _guards.closed(frame)
    place = frame.f_code.co_filename, frame.f_lineno
    if closed is not None and closed[0] != _guards.GUARD:
        _note_refusal(closed, place)
        return False, None
    if operation.effect.startswith("write"):
        join(path)  # what writes begins when all calls before it have succeeded
    guard = path.guard or (closed[1] if closed is not None else None) or (state.seen_at_end() or None)
    if guard is not None and path.loop is None:
        remark("waits", _belongs(guard), place)
        return False, None
    try:
        deferred, logs = begin(operation, args, kwargs, place, _tracebacks.stack(frame, path))
    except Unsure:
        remark("direct", "an argument could change before it is sent", place)
        return False, None
    item = Call(deferred, logs, operation.effect.startswith("write"))
    if guard is not None:
        remark("waits", _belongs(guard), place)
        try:
            answer = value_of(deferred)
        except BaseException:
            if logs and deferred.done and deferred.failed:
                enqueue(path, Line(item.release))  # what it logged comes before its failure
            raise
        if logs:
            enqueue(path, item)
        return True, answer
    enqueue(path, item)
    return True, handle_of(operation, deferred)


def _belongs(guard):
    if guard is True:
        return "the program looks at its state when it ends (atexit, sys.excepthook, weakref, __del__)"
    return f"its failure belongs to the `try` or `with` at line {guard}"


def begin(operation, args, kwargs, place, places):
    if operation.native is not None:
        call = operation.native(operation, args, kwargs, place)
        if type(call) is not str:
            call.places = places
            state.counts["deferred"] += 1
            return call, ()
        remark("host", f"sent by the client itself: {call}", place)
    needs, logs = [], []
    args, kwargs = snapshot(list(args), needs), snapshot(kwargs, needs)
    send, name = operation.beside, getattr(operation.function, "__qualname__", "host")
    entry, context = _trace.began(name, place), contextvars.copy_context()

    def host(*values):
        error, me = None, threading.get_ident()
        state.inside.add(me)
        _trace.sent(entry)
        try:
            with _sinks.captured(logs):
                return context.run(send, *filled(args, values), **filled(kwargs, values))
        except BaseException as e:
            error = e
            _tracebacks.made_at(e, "call", places)
            raise
        finally:
            state.inside.discard(me)
            _trace.done(entry, error)
            _forget_thread()

    host.__name__ = name
    deferred = state.engine().host(host, tuple(needs), {}, effect=operation.effect, repeat="idempotent" if operation.repeat == "safe" else operation.repeat, origin=place)
    state.counts["deferred"] += 1
    return deferred, logs


def _forget_thread():
    """The engine's threads are none of the program's: it does not find them when it asks for all threads."""
    me = threading.get_ident()
    if type(threading._active.get(me)) is threading._DummyThread:
        with threading._active_limbo_lock:
            threading._active.pop(me, None)


def handle_of(operation, deferred):
    if operation.answer is not None:
        (operation.result, operation.ways), operation.answer = operation.answer(), None
    if operation.result is str:
        return Text(deferred, (), False)
    return Later(deferred, (), operation.result or object, operation.ways)


def _note_refusal(closed, place):
    remark("waits", f"called from code that is not converted ({closed[1]})" if closed[0] == _guards.FOREIGN
           else "called from a statement that ran its plain form", place)  # fmt: skip
    if closed[0] == _guards.PLAIN:
        # Statements run their deferring form from now on; if that does not help, the next refusal here takes it back.
        state.sticky = 0 if closed[1] in _refused else 1
        _refused.add(closed[1])
        state.refresh()


def direct(args, kwargs):
    """Before a call that the program makes itself: what failed before it is raised, and its arguments are there."""
    join(state.path())
    state.counts["direct"] += 1
    return settle(args), settle(kwargs)


from . import _sinks  # noqa: E402 (sinks know handles, and calls born here know sinks)
