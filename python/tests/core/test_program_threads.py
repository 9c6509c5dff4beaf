"""Programs on many threads: what they share may change while one of them ends."""

import subprocess
import sys

COUNTS_GROW = """
import sys, threading
import xcs
from xcs._state import Path, state

@xcs.op(effect="pure")
def same(x) -> str:
    return x

@xcs.program
def once(x):
    return same(x)

once("a")
sys.setswitchinterval(1e-6)
over = False

def change():
    n = 0
    while not over:
        n += 1
        state.counts[f"more {n % 3000}"] = 0
        state.counts.pop(f"more {n * 7 % 3000}", None)
        state.paths[-1 - n % 3000] = Path()
        state.paths.pop(-1 - n * 7 % 3000, None)

other = threading.Thread(target=change)
other.start()
try:
    for i in range(400):
        once("a")
        assert once.stats["waits"] >= 0
finally:
    over = True
    other.join()
print("fine")
"""

FIRST_CALLS = """
import threading, time
from xcs import _engine
from xcs._state import state

start = _engine.start

def slowly(options):
    time.sleep(0.05)
    return start(options)

_engine.start = slowly
ready, found = threading.Barrier(16), []

def first():
    ready.wait()
    found.append(state.engine())

threads = [threading.Thread(target=first) for _ in range(16)]
for t in threads: t.start()
for t in threads: t.join()
print(len(found), len(set(map(id, found))))
"""


def test_the_first_calls_of_threads_have_one_session():
    done = subprocess.run([sys.executable, "-c", FIRST_CALLS], capture_output=True, text=True, timeout=120)
    assert done.stdout == "16 1\n", done.stdout + done.stderr


def test_others_count_while_a_program_ends(tmp_path):
    script = tmp_path / "grow.py"
    script.write_text(COUNTS_GROW)
    done = subprocess.run([sys.executable, script], capture_output=True, text=True, timeout=120)
    assert done.stdout == "fine\n", done.stderr
