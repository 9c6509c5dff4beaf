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
import sys, threading, time
import xcs
from xcs import _engine

start = _engine.start

def slowly(options):
    time.sleep(0.05)
    return start(options)

_engine.start = slowly

@xcs.op(effect="pure")
def same(x) -> str:
    return x

@xcs.program
def several(x):
    return "".join(same(same(x)) for _ in range(5))

sys.setswitchinterval(1e-6)
ready = threading.Barrier(16)
said = []

def first():
    ready.wait()
    said.append(several("a"))

threads = [threading.Thread(target=first) for _ in range(16)]
for t in threads: t.start()
for t in threads: t.join()
print(said == ["aaaaa"] * 16)
"""


def test_the_first_calls_of_threads_have_one_session(tmp_path):
    script = tmp_path / "first.py"
    script.write_text(FIRST_CALLS)
    done = subprocess.run([sys.executable, script], capture_output=True, text=True, timeout=120)
    assert done.stdout == "True\n", done.stderr


def test_others_count_while_a_program_ends(tmp_path):
    script = tmp_path / "grow.py"
    script.write_text(COUNTS_GROW)
    done = subprocess.run([sys.executable, script], capture_output=True, text=True, timeout=120)
    assert done.stdout == "fine\n", done.stderr
