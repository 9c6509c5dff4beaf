"""Runs of the program: the script of `python -m xcs`, and calls of `@xcs.program` functions."""

from __future__ import annotations

import contextlib
import os
import sys
import threading
import types

from . import _code, _forms, _guards, _install, _remarks, _trace
from ._remarks import remark
from ._state import Path, state
from ._waiting import Call, drain, join, modules, without_us


def script(form, given, args, options):
    """Runs what `python` would run, converted: a `form` of `_forms` with its name or text. Returns the exit code; raises SystemExit where it does."""
    state.options = options
    if options.get("trace") and not _trace.start(options):
        return 2
    try:
        if form == "module":
            _install.install_folder(os.getcwd())
        main = {"path": _forms.of_path, "text": _forms.of_text, "module": _forms.of_module}[form](given, args) if form != "input" else _forms.of_input(args)
    except _forms.NotFound as e:
        print(e, file=sys.stderr)
        return e.code
    if form != "module":
        _install.install_folder(main.folder)
    module = types.ModuleType("__main__")
    module.__dict__.update(main.names())
    sys.modules["__main__"] = module
    modules.add("__main__")
    begin()
    try:
        try:
            if main.source is None:
                code = main.code
            else:
                # Compiled by the interpreter each time, as in a plain run, with its errors and warnings.
                plain = compile(main.source, main.path, "exec", dont_inherit=True)
                code = _code.converted(main.source, main.path, main.importer, plain).code
        except SyntaxError as e:
            sys.excepthook(type(e), e.with_traceback(None), None)
            return 1
        _execute(code, module.__dict__, main)
    except SystemExit:
        raise
    except KeyboardInterrupt as e:
        if _loose():
            report(e)
            end_now(None)
        _show_as(e)
        raise  # the interpreter shows it and ends as the signal does
    except BaseException as e:
        report(e)
        if _loose():
            finish(options)
            end_now(1)
        return 1
    finally:
        finish(options)
    return 0


def _loose():
    return any(not d.done for d in state.loose)


def end_now(code):
    """Ends the process as the interpreter would, without waiting for calls that plain Python would not have begun. None: by the signal."""
    import atexit
    import signal

    threading._shutdown()
    core = sys.modules.get("xcs._core")
    if core is not None:
        atexit.unregister(core._end_sessions)  # it waits for what is in flight
    atexit._run_exitfuncs()
    names = sys.modules["__main__"].__dict__
    for hidden in (True, False):  # in the interpreter's order, so that finalisers run as they would
        for name in [n for n in names if n.startswith("_") == hidden and n != "__builtins__"]:
            names[name] = None
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(Exception):
            stream.flush()
    if code is None:
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        os.kill(os.getpid(), signal.SIGINT)
    os._exit(1 if code is None else code)


def begin():
    me = threading.get_ident()
    state.threads.add(me)
    state.paths[me] = Path()


def _execute(code, names, main):
    """The bottom of the program's frames."""
    error = None
    try:
        if main.spec is None:
            exec(code, names)
        else:
            _forms.run_module(main, code)
    except KeyboardInterrupt:
        interrupted()
        raise
    except BaseException as e:
        error = e
    end_path()  # a call that failed before is what plain Python would have met, and it would not have been handling anything
    if error is not None:
        raise error


_guards.roots[id(_execute.__code__)] = True
_guards.bottoms.add(id(_execute.__code__))


def interrupted():
    """Nothing is waited for any more; what has happened is let out, what has not begun never will."""
    path = state.path()
    if path is not None:
        path.busy = False
        with contextlib.suppress(BaseException):
            drain(path)
        leave(path)
    if state.session is not None:
        state.session.stop()


def end_path():
    path = state.path()
    if path is not None:
        path.busy = False
        try:
            join(path)
        finally:
            leave(path)


def leave(path):
    """The run is over: what comes later is not deferred and waits for nothing."""
    calls = [i for i in path.items if type(i) is Call]
    state.loose += [i.deferred for i in calls if not i.deferred.done]
    if calls:
        # The first failed, or the program was interrupted: plain Python would not have begun the others.
        state.counts["unreached"] += len(calls) - 1
        if len(calls) > 1:
            remark("unreached", f"{len(calls) - 1} calls were begun that plain Python would not have reached", calls[1].deferred.origin)
    for thread in [t for t, p in dict(state.paths).items() if p is path]:  # other threads begin and end theirs
        del state.paths[thread]
        state.threads.discard(thread)
    state.waiting -= len(path.items)
    path.items.clear()
    state.refresh()


def report(error):
    """Shows an exception as the interpreter would: without frames of ours."""
    error.__traceback__ = shown(error)
    seen, e = set(), error
    while e is not None and id(e) not in seen:
        seen.add(id(e))
        following = e.__cause__ or e.__context__
        if following is not None:
            following.__traceback__ = shown(following)
        e = following
    sys.excepthook(type(error), error, error.__traceback__)


def _show_as(error):
    """Lets the interpreter show the exception, when it comes to that, without frames of ours."""
    hook, tb = sys.excepthook, cleaned(error.__traceback__)

    def show(kind, value, given):
        hook(kind, value.with_traceback(tb), tb)

    sys.excepthook = show


def shown(error, trace=None):
    """The traceback that plain Python would show of an exception. `trace`: the one that it has now, if that is not its own."""
    first, late = getattr(error, "__xcs_first__", None) or (None, False)
    return first if late else cleaned(trace or error.__traceback__)


def cleaned(tb):
    """A traceback without our frames; of a loop whose iterations ran side by side, the iteration's line is the one that counts."""
    tb = without_us(tb)
    entries = []
    while tb is not None:
        entries.append(tb)
        tb = tb.tb_next
    kept = None
    for i in range(len(entries) - 1, -1, -1):
        code = entries[i].tb_frame.f_code
        following = entries[i + 1].tb_frame.f_code if i + 1 < len(entries) else None
        if following is not None and following is not code and following in code.co_consts and following.co_name == code.co_name:
            continue
        kept = types.TracebackType(kept, entries[i].tb_frame, entries[i].tb_lasti, entries[i].tb_lineno)
    return kept


def finish(options):
    if options.get("finished"):
        return
    options["finished"] = True
    stats = dict(state.counts)
    if options.get("trace"):
        _trace.write(options["trace"], stats)
    _remarks.put_out(stats)
