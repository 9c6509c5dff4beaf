"""`@xcs.program`: a function whose calls are deferred, in a process that is not run by `python -m xcs`.

    @xcs.program
    def report(docs):
        return [ask(d) for d in docs]

    report(docs)            # what it gives back is there, and so is every call that it made
    await report(docs)      # within an event loop: many of them together, the loop keeps turning

The module that the function is in is converted when it is first called.
"""

from __future__ import annotations

import contextvars
import functools
import sys
import threading
import types

from . import _births, _guards, _install
from ._run import leave, shown
from ._state import Path, state
from ._strategies import strategy_of
from ._waiting import join, settle

_threads = None


class Program:
    """A function of the program. `stats` counts what its last finished call did; `xir()` shows the segments carried out."""

    __xcs_program__ = True

    def __init__(self, function, record=False):
        functools.update_wrapper(self, function)
        self.__xcs_function__ = function
        self.stats = {}
        self._ready = False
        if record and state.session is None:
            state.options["record"] = True

    def __get__(self, instance, owner=None):
        return self if instance is None else functools.partial(self, instance)

    def __call__(self, *args, **kwargs):
        self._convert()
        if state.path() is not None:
            return self.__xcs_function__(*args, **kwargs)
        if _births._in_event_loop():
            return self._later(args, kwargs)
        return self._run(args, kwargs)

    def xir(self):
        """The text of the segments that were carried out, of all programs of the process."""
        session = state.session
        if session is None or not state.options.get("record"):
            raise RuntimeError("nothing was recorded: write @xcs.program(record=True), and call the function before")
        return "\n".join(session.segments)

    def _convert(self):
        if self._ready:
            return
        self._ready = True
        _install.prepare()
        module = sys.modules.get(self.__xcs_function__.__module__)
        if module is not None:
            _install.in_place(module)

    def _run(self, args, kwargs):
        before = dict(state.counts)
        me = threading.get_ident()
        path = state.paths[me] = Path()
        state.threads.add(me)
        try:
            result = error = None
            try:
                result = settle(_called(self.__xcs_function__, args, kwargs))
            except BaseException as e:
                error = e
            path.busy = False
            join(path)  # a call that failed is what plain Python would have met first
            if error is not None:
                raise error
            return result
        except BaseException as e:
            raise e.with_traceback(shown(e))
        finally:
            leave(path)
            after = dict(state.counts)  # other threads add to it
            self.stats = {k: v - before.get(k, 0) for k, v in after.items()}

    def _later(self, args, kwargs):
        """The call as something to await: it runs on a thread of its own, and its handles never leave it."""
        import asyncio
        import concurrent.futures

        global _threads
        if _threads is None:
            _threads = concurrent.futures.ThreadPoolExecutor(128, thread_name_prefix="xcs-program")
        state.beside.add(threading.get_ident())
        context = contextvars.copy_context()
        return asyncio.wrap_future(_threads.submit(context.run, self._run, args, kwargs))


def _called(function, args, kwargs):
    """The bottom of the frames of a program's call."""
    return function(*args, **kwargs)


_guards.roots[id(_called.__code__)] = True


def program(function=None, *, record=False, strategy="tracing"):
    """Makes a function one whose calls are deferred: `@xcs.program`, or `@xcs.program(record=True)` for `f.xir()`.

    `strategy="structural"` makes a plan of its source instead, `"enhanced"` one with what traces saw; a Strategy object will do as well.
    """
    if not isinstance(record, bool):
        raise TypeError(f"xcs.program: record must be True or False, not {type(record).__name__}")
    chosen = strategy_of(strategy)
    if function is None:
        return lambda f: program(f, record=record, strategy=chosen)
    if not isinstance(function, types.FunctionType):
        raise TypeError(f"xcs.program takes a function, not {type(function).__name__}")
    return chosen.program(function, record)


class value:  # noqa: N801 (it is used as a function)
    """`await xcs.value(x)`: what `x` is when it is there; the event loop keeps turning."""

    def __init__(self, x):
        self.x = x

    def __await__(self):
        import asyncio

        deferred = getattr(type(self.x), "_xcs_operand", None) and self.x._xcs_operand()[0]
        while deferred is not None and not deferred.done:
            state.engine().flush()
            yield from asyncio.sleep(0.001).__await__()
        return settle(self.x)
