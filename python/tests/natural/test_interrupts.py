"""Ctrl-C while calls are waited for: the program ends at once, as plain Python does, and what had happened stays."""

import os
import pathlib
import signal
import subprocess
import sys
import tempfile
import time

import pytest
from both import PREAMBLE, engine_path

SCRIPTS = {
    "a wait": ("print('before', flush=True)\na = ask('SLOW SLOW')\nprint(len(a))\n", 2),
    "a loop": ("print('before', flush=True)\nfor q in 'abc':\n    said = ask('SLOW ' + q)\n    print(len(said))\n", 2),
    "caught": ("print('before', flush=True)\ntry:\n    a = ask('SLOW SLOW')\n    print(len(a))\nexcept KeyboardInterrupt:\n    print('caught')\n", 0),
    "two deferred": ("print('before', flush=True)\na, b = ask('SLOW a'), ask('SLOW b')\nprint(a, b)\nprint(ask('never'))\n", 2),
}


@pytest.mark.parametrize("deferred", [False, True], ids=["plain", "deferred"])
@pytest.mark.parametrize("name", SCRIPTS)
def test_interrupt(name, deferred, server):
    source, code = SCRIPTS[name]
    server.server.delay = 1.0  # SLOW takes ten times as long
    server.clear()
    with tempfile.TemporaryDirectory() as folder:
        script = pathlib.Path(folder) / "script.py"
        script.write_text(PREAMBLE + source)
        env = dict(os.environ, OPENAI_API_KEY="none", OPENAI_BASE_URL=server.url, PYTHONPATH=engine_path(), NO_PROXY="*")
        env.pop("XCS_REMARKS", None)
        command = [sys.executable, *(["-m", "xcs"] if deferred else []), str(script)]
        process = subprocess.Popen(command, cwd=folder, env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        deadline = time.monotonic() + 60
        while not server.server.requests and time.monotonic() < deadline:
            time.sleep(0.02)
        time.sleep(0.3)
        process.send_signal(signal.SIGINT)
        begin = time.monotonic()
        out, err = process.communicate(timeout=60)
        took = time.monotonic() - begin
    assert process.returncode == (-signal.SIGINT if code else 0), err.decode()
    assert out == (b"before\n" if code else b"before\ncaught\n"), (out, err.decode())
    if code:
        assert b"KeyboardInterrupt" in err and b"xcs" not in err, err.decode()
    assert took < 6, took


def test_a_failure_does_not_wait_for_calls_after_it(server):
    server.server.delay = 0.5
    with tempfile.TemporaryDirectory() as folder:
        script = pathlib.Path(folder) / "script.py"
        script.write_text(PREAMBLE + "class D:\n    def __del__(self): print('gone')\nkept = D()\nimport atexit; atexit.register(print, 'at exit')\na, b = ask('BAD'), ask('SLOW b')\nprint(a, b)\n")
        env = dict(os.environ, OPENAI_API_KEY="none", OPENAI_BASE_URL=server.url, PYTHONPATH=engine_path(), NO_PROXY="*")
        found = []
        for command in ([sys.executable], [sys.executable, "-m", "xcs"]):
            begin = time.monotonic()
            done = subprocess.run([*command, str(script)], cwd=folder, env=env, capture_output=True, timeout=60)
            found.append((done.returncode, done.stdout, time.monotonic() - begin))
    assert found[0][:2] == found[1][:2] == (1, b"at exit\ngone\n"), found
    assert found[1][2] < found[0][2] + 3, found
