"""`print`, writes to the standard streams and log records, in the order of the program: each is let out when all calls before it have succeeded."""

from __future__ import annotations

import contextlib
import sys
import threading

from . import _guards
from ._handles import Text
from ._state import state
from ._waiting import Line, enqueue, join, kinds, settle

_local = threading.local()
SHOWN = frozenset({str, int, float, bool, type(None)})
_real_print = print


@contextlib.contextmanager
def captured(logs):
    """Log records of a call that runs beside the program go to `logs`, to be emitted in the call's place."""
    before = getattr(_local, "logs", None)
    _local.logs = logs
    try:
        yield
    finally:
        _local.logs = before


def standard(stream):
    return stream is not None and (stream is sys.__stdout__ or stream is sys.__stderr__ or type(stream).__module__ == "ipykernel.iostream")


def defer_print(args, kwargs, frame):
    """Puts a `print` into the order of the program. False when it has to be done now, after a wait."""
    path = state.path()
    if path is None or (not path.items and path.loop is None and not any(type(a) in kinds for a in args)):
        return False
    if not kwargs.keys() <= {"sep", "end", "file", "flush"}:
        return False
    stream = kwargs.get("file") or sys.stdout
    if not standard(stream):
        return False
    sep, end = kwargs.get("sep"), kwargs.get("end")
    if type(sep) not in (str, type(None)) or type(end) not in (str, type(None)):
        return False
    texts, needs = [], []
    for a in args:
        if type(a) is Text:
            if not a._op.done:
                needs.append(a._op)
            elif not a._op.failed:
                a = str(a._xcs_value())
            texts.append(a)
        else:
            texts.append(str(settle(a)))
    if needs and (path.guard is not None or _guards.closed(frame) is not None):
        return False
    if not all(_fits(t, stream) for t in (sep, end, *texts) if type(t) is str):
        return False
    flush = bool(kwargs.get("flush"))

    def put():
        _real_print(*[str(t) if type(t) is str else str(t._xcs_value()) for t in texts], sep=sep, end=end, file=stream, flush=flush)

    enqueue(path, Line(put, tuple(needs)))
    return True


def _fits(text, stream):
    """Whether the stream can be given the text: an error of its encoding is raised at the line of the `print`."""
    if text.isascii():
        return True
    try:
        text.encode(stream.encoding or "utf-8", stream.errors or "strict")
    except UnicodeError:
        return False
    return True


def defer_write(stream, name, args):
    """`stream.write(text)` or `stream.flush()` of a standard stream."""
    path = state.path()
    if path is None or not standard(stream) or not (path.items or path.loop is not None):
        return None
    if name == "write" and len(args) == 1 and type(args[0]) is str and _fits(args[0], stream):
        text = args[0]
        enqueue(path, Line(lambda: stream.write(text)))
        return len(text)
    return None


def watch_logging(logging):
    """Log records go to their handlers in the order of the program; those of calls that run beside it, in the call's place."""
    real = logging.Logger.callHandlers
    if getattr(real, "__xcs__", False):
        return

    def callHandlers(self, record):  # noqa: N802 (the name is the library's)
        logs = getattr(_local, "logs", None)
        if logs is not None:
            _fix(record)
            record.thread, record.threadName = threading.main_thread().ident, threading.main_thread().name
            logs.append(lambda: real(self, record))
            return
        path = state.path()
        if path is None or path.busy or not (path.items or path.loop is not None):
            return real(self, _settled(record))
        if not _only_shown(logging, self) or not _formats(record):
            join(path)  # what a handler of another kind does may be looked at; what cannot be written is told here
            return real(self, _settled(record))
        needs = _fix(record)
        enqueue(path, Line(lambda: real(self, record), needs))

    callHandlers.__xcs__ = True
    callHandlers.__wrapped__ = real
    logging.Logger.callHandlers = callHandlers


def _settled(record):
    if state.handles:
        record.msg, record.args = settle(record.msg), settle(record.args)
    return record


def _formats(record):
    """Whether the record can be written whatever texts it waits for."""
    if not record.args:
        return True
    if type(record.msg) is not str or type(record.args) is not tuple:
        return False
    try:
        record.msg % tuple("" if type(a) is Text else a for a in record.args)
    except Exception:
        return False
    return True


def _only_shown(logging, logger):
    """Whether all handlers of a logger only write to the standard streams, as the library's own do."""
    while logger is not None:
        for h in logger.handlers:
            if type(h) is not logging.StreamHandler or h.filters or not standard(h.stream) or type(h.formatter) not in (logging.Formatter, type(None)):
                return False
        logger = logger.parent if logger.propagate else None
    return True


def _fix(record):
    """Arguments that could change are shown now; returns the operations that the others wait for."""
    args = record.args
    parts = args if type(args) is tuple else (args,)
    if all(type(a) in SHOWN or type(a) is Text for a in parts) and type(record.msg) in (str, Text):
        return tuple(a._op for a in (*parts, record.msg) if type(a) is Text and not a._op.done)
    record.msg, record.args = record.getMessage(), None
    return ()
