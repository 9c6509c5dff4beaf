"""The engine's contract in pure Python, over threads: what the tests of the front end run on where the compiled part is missing.

It has the interface of `xcs._core` and nothing else; put into `sys.modules["xcs._core"]` before `xcs` is imported.
"""

from __future__ import annotations

import concurrent.futures
import os
import threading

__all__ = ["Deferred", "Error", "Session"]


class Error(Exception):
    id = "standin"
    origin = ("?", 0)


class Stopped(Error):
    pass


class Deferred:
    __slots__ = ("done", "failed", "origin", "_result", "_error", "_after", "__weakref__")

    def __init__(self, origin):
        self.done, self.failed, self.origin = False, False, origin
        self._result = self._error = None
        self._after = []

    def value(self):
        assert self.done, "value() of a Deferred that is not done"
        if self.failed:
            raise self._error
        return self._result


def _inside(x, depth=0):
    if type(x) is Deferred:
        yield x
    elif depth < 6 and type(x) in (list, tuple):
        for e in x:
            yield from _inside(e, depth + 1)
    elif depth < 6 and type(x) is dict:
        for e in x.values():
            yield from _inside(e, depth + 1)


def _replaced(x, depth=0):
    if type(x) is Deferred:
        return x.value()
    if depth < 6 and type(x) in (list, tuple):
        return type(x)([_replaced(e, depth + 1) for e in x])
    if depth < 6 and type(x) is dict:
        return {k: _replaced(e, depth + 1) for k, e in x.items()}
    return x


def _format(operands, template):
    out, rest = "", template
    parts = rest.replace("{{", "\0").replace("}}", "\1")
    for i, operand in enumerate(operands):
        parts = parts.replace("{%d}" % i, "\2%d\3" % i)
    for i, operand in enumerate(operands):
        parts = parts.replace("\2%d\3" % i, operand)
    return out + parts.replace("\0", "{").replace("\1", "}")


class Session:
    def __init__(self, *, jobs=0, threads=256, record=False, allow=()):
        self._pool = concurrent.futures.ThreadPoolExecutor(threads, thread_name_prefix="xcs")
        self._lock = threading.Condition()
        self._watched, self._ready, self._held = set(), [], []
        self._event = os.eventfd(0, os.EFD_NONBLOCK | os.EFD_CLOEXEC)
        self._record = record
        self.stats = {"calls": 0, "hosts": 0}
        self.segments = []

    def call(self, op, operands, attributes=None, origin=("?", 0)):
        attributes = attributes or {}
        for o in operands:
            assert type(o) in (str, list, Deferred), f"operand {o!r} of {op}"
            if type(o) is str:
                o.encode()
        functions = {
            "str.concat": lambda *ts: "".join(ts),
            "str.format": lambda *ts: _format(ts, attributes["template"]),
            "str.join": lambda ts: attributes["separator"].join(ts),
        }
        self.stats["calls"] += 1
        if self._record:
            self.segments.append(f"{op} {attributes}")
        return self._start(functions[op], tuple(operands), {}, origin)

    def host(self, function, args, kwargs, *, effect="write(host)", repeat="never", origin=("?", 0)):
        self.stats["hosts"] += 1
        if self._record:
            self.segments.append(f"host.call {getattr(function, '__name__', '?')} {effect}")
        return self._start(function, args, kwargs, origin)

    def _start(self, function, args, kwargs, origin):
        deferred = Deferred(origin)
        needs = list({id(d): d for d in _inside((list(args), kwargs))}.values())
        count = [1 + len(needs)]

        def arrived():
            with self._lock:
                count[0] -= 1
                if count[0]:
                    return
                self._held.append((deferred, function, args, kwargs, needs))

        for need in needs:
            with self._lock:
                pending = not need.done
                if pending:
                    need._after.append(arrived)
            if not pending:
                arrived()
        arrived()
        return deferred

    def flush(self):
        while True:
            with self._lock:
                if not self._held:
                    return
                work = self._held.pop(0)
            self._pool.submit(self._run, *work)

    def _run(self, deferred, function, args, kwargs, needs):
        failed = next((d for d in _inside((list(args), kwargs)) if d.failed), None)
        try:
            if failed:
                raise failed._error
            deferred._result = function(*_replaced(args), **_replaced(kwargs))
        except BaseException as e:
            deferred._error, deferred.failed = e, True
        with self._lock:
            deferred.done = True
            after, deferred._after = deferred._after, []
            if deferred in self._watched:
                self._watched.discard(deferred)
                self._ready.append(deferred)
                os.eventfd_write(self._event, 1)
            self._lock.notify_all()
        for f in after:
            f()
        self.flush()

    def wait(self, deferreds):
        self.flush()
        deferreds = list(deferreds)
        with self._lock:
            while not any(d.done for d in deferreds):
                self._lock.wait(1)

    def watch(self, deferred):
        with self._lock:
            if deferred.done:
                self._ready.append(deferred)
                os.eventfd_write(self._event, 1)
            else:
                self._watched.add(deferred)

    def next_done(self):
        self.flush()
        with self._lock:
            while not self._ready and self._watched:
                self._lock.wait(1)
            return self._take()

    def take_done(self):
        with self._lock:
            return self._take()

    def _take(self):
        try:
            os.eventfd_read(self._event)
        except BlockingIOError:
            pass
        ready, self._ready = self._ready, []
        return ready

    def fileno(self):
        return self._event

    def stop(self):
        with self._lock:
            held, self._held = self._held, []
        for deferred, *_ in held:
            with self._lock:
                deferred._error, deferred.failed, deferred.done = Stopped("stopped"), True, True
                self._lock.notify_all()

    def close(self):
        self.stop()
        self._pool.shutdown(wait=False, cancel_futures=True)
        os.close(self._event)
