"""The life of the process around a session: its end, signals, forks, subinterpreters, what is missing."""

import os
import pathlib
import shutil
import signal
import subprocess
import sys
import textwrap
import threading
import time

import pytest

import xcs


def script(text, *, expect=0, timeout=60, env=None):
    """Runs a script in a process of its own; its output."""
    result = subprocess.run([sys.executable, "-P", "-c", textwrap.dedent(text)], capture_output=True, text=True, timeout=timeout,
                            env={**os.environ, **(env or {})})
    assert result.returncode == expect, (result.returncode, result.stdout, result.stderr)
    return result.stdout + result.stderr


SLEEP = "'func @main() {\\n  %s = const {value = 60s} : duration\\n  %d = time.sleep(%s) : none\\n  return()\\n}'"


def interrupted(text, *, times=1, expect=0):
    """Sends SIGINT once the script has printed `ready`; what it prints afterwards, and how long that took."""
    process = subprocess.Popen([sys.executable, "-P", "-c", textwrap.dedent(text)], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    try:
        assert process.stdout.readline().strip() == "ready"
        started = time.monotonic()
        for _ in range(times):
            time.sleep(0.15)
            process.send_signal(signal.SIGINT)
        # All that `readline` has left in its buffer too, which `communicate` would not give.
        killer = threading.Timer(30, process.kill)
        killer.start()
        output = process.stdout.read()
        process.wait()
        killer.cancel()
    finally:
        process.kill()
        process.wait()
    assert process.returncode == expect, (process.returncode, output)
    return output, time.monotonic() - started


def test_interrupt_ends_a_run():
    output, seconds = interrupted(f"""
        import xcs
        program = xcs.load(xcs.compile({SLEEP}))
        print("ready", flush=True)
        try:
            program()
        except KeyboardInterrupt:
            print("interrupted")
        """)
    assert output == "interrupted\n" and seconds < 10


def test_interrupt_ends_a_wait_of_a_session():
    output, seconds = interrupted("""
        import threading
        from xcs import _core
        session, event = _core.Session(), threading.Event()
        call = session.host(event.wait, (60,), {}, effect="sample")
        print("ready", flush=True)
        try:
            session.wait([call])
        except KeyboardInterrupt:
            print("interrupted", call.done)
        session.watch(call)
        event.set()
        print(len(session.next_done()), call.value())
        """)
    assert output == "interrupted False\n1 True\n" and seconds < 10


def test_a_handler_of_a_signal_runs_during_a_wait():
    assert script("""
        import os, signal, threading
        from xcs import _core
        session, event = _core.Session(), threading.Event()
        signal.signal(signal.SIGALRM, lambda *_: (print("alarm"), event.set()))
        signal.setitimer(signal.ITIMER_REAL, 0.1)
        session.wait([session.host(event.wait, (30,), {}, effect="sample")])
        print("done")
        """) == "alarm\ndone\n"


def test_the_end_with_work_in_flight():
    assert script("""
        import atexit, threading, time
        from xcs import _core
        session = _core.Session()
        ended = []
        atexit.register(lambda: print("end", ended))
        calls = [session.host(time.sleep, (0.2,), {}, effect="sample") for _ in range(20)]
        calls.append(session.host(lambda: ended.append(1), (), {}, effect="write(x)"))
        texts = [session.call("str.concat", ("a", c)) for c in calls]
        session.flush()
        print("over")
        """).startswith("over\nend")


def test_the_end_while_a_daemon_thread_waits():
    started = time.monotonic()
    script("""
        import threading, time, xcs
        from xcs import _core
        session = _core.Session()
        never = session.host(threading.Event().wait, (0.5,), {}, effect="sample")
        thread = threading.Thread(target=lambda: session.wait([session.host(time.sleep, (0.5,), {}, effect="write(x)")]), daemon=True)
        thread.start()
        time.sleep(0.1)
        """)
    assert time.monotonic() - started < 20


def test_deferreds_outlive_their_session_and_module():
    script("""
        import sys, builtins
        from xcs import _core
        session = _core.Session()
        builtins.kept = [session.call("str.concat", ("a", "b")) for _ in range(10)]
        session.wait(builtins.kept)
        builtins.kept_session = session
        """)


def test_no_leak_is_reported():
    output = script("""
        import xcs
        from xcs import _core
        print(xcs.load(xcs.compile('func @main() -> i64 {\\n  %a = const {value = 3} : i64\\n  return(%a)\\n}'))())
        session = _core.Session()
        d = session.host(lambda x: x, ([1],), {}, effect="pure")
        session.wait([d])
        session.close()
        del d, session
        """, env={"XCS_LEAK_WARNINGS": "1"})
    assert output == "3\n", output  # nanobind tells of every object, type and function that is left


def test_a_forked_child_has_no_session():
    assert script("""
        import os, xcs
        from xcs import _core
        session = _core.Session()
        d = session.call("str.concat", ("a", "b"))
        session.wait([d])
        program = xcs.load(xcs.compile('func @main() -> i64 {\\n  %a = const {value = 3} : i64\\n  return(%a)\\n}'))
        program()
        pid = os.fork()
        if pid == 0:
            assert d.value() == "ab"
            for use in (lambda: session.call("str.concat", ("a", "b")), lambda: session.wait([d]), program, lambda: _core.Session(),
                        session.next_done, lambda: xcs.load(xcs.compile('func @main() {\\n  return()\\n}'))):
                try:
                    use()
                    os._exit(3)
                except RuntimeError as error:
                    assert "forked" in str(error), error
            session.close()
            import gc
            del session, d, program
            gc.collect()
            raise SystemExit(7)
        _, status = os.waitpid(pid, 0)
        print(os.waitstatus_to_exitcode(status), d.value(), program())
        """) == "7 ab 3\n"


def test_a_fork_before_the_first_use_is_fine():
    assert script("""
        import os, xcs
        plan = xcs.compile('func @main() -> i64 {\\n  %a = const {value = 3} : i64\\n  return(%a)\\n}')
        pid = os.fork()
        os.write(1, b"%d\\n" % xcs.load(plan)())  # whole lines: both processes run at once
        if pid:
            os.waitpid(pid, 0)
        """) == "3\n3\n"


def test_a_subinterpreter_is_refused():
    if sys.version_info >= (3, 13):
        pytest.skip("the module of 3.11 for it is gone")
    assert "subinterpreter" in script("""
        import _xxsubinterpreters as interpreters, sys
        import xcs
        one = interpreters.create()
        try:
            interpreters.run_string(one, f"import sys; sys.path[:] = {sys.path!r}; import xcs; xcs.load")
        except interpreters.RunFailedError as error:
            print(error)
        """)


PACKAGE = pathlib.Path(xcs.__file__).parent


def copy_of_package(to):
    shutil.copytree(PACKAGE, to / "xcs", symlinks=False, ignore=shutil.ignore_patterns("__pycache__"))
    return to


def test_without_the_compiled_part_the_message_says_what_to_do(tmp_path):
    copy_of_package(tmp_path)
    for compiled in (tmp_path / "xcs").glob("_core*.so"):
        compiled.unlink()
    output = script("import xcs", expect=1, env={"PYTHONPATH": str(tmp_path)})
    assert "the compiled part of xcs (xcs._core) is missing: build the package with `pip install ./python`" in output


def test_a_compiled_part_that_cannot_be_loaded(tmp_path):
    copy_of_package(tmp_path)
    for compiled in (tmp_path / "xcs").glob("_core*.so"):
        compiled.write_bytes(b"\x7fELF, but not really")
    output = script("import xcs; xcs.load", expect=1, env={"PYTHONPATH": str(tmp_path)})
    assert "the compiled part of xcs cannot be loaded" in output and "pip install ./python" in output


def test_beside_the_other_project_of_that_name(tmp_path):
    copy_of_package(tmp_path)
    (tmp_path / "xcs-1.2.3.dist-info").mkdir()
    output = script("import xcs", expect=1, env={"PYTHONPATH": str(tmp_path)})
    assert "the distribution `xcs` 1.2.3 is installed in the same folder as `xcs-lang`" in output


def test_interrupt_at_the_end_of_the_process():
    output, seconds = interrupted("""
        import time
        from xcs import _core
        session = _core.Session()
        session.host(time.sleep, (20,), {}, effect="sample")
        time.sleep(0.1)
        print("ready", flush=True)
        print("said before the end")
        """, expect=130)
    assert output == "said before the end\n" and seconds < 10
