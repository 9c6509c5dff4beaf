"""What a run of `python -m xcs` costs before and after the program's own work: whole processes, plain and deferred in turn.

    python python/bench/startup.py [--times 11] [--delay 0.1]

For a script without a call and for two of docs/examples/natural: medians of the time by the clock and of the processor, and their differences to
plain Python. "first" is a run whose converted code is not kept yet. The processor's time hardly depends on what else the machine does; where two
things run side by side, such as loading the compiled part beside the import of the client, both are in it.
"""

import argparse
import os
import pathlib
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
BUILD = pathlib.Path(os.environ.get("XCS_BUILD", ROOT / "build" / "release"))
sys.path.insert(0, str(ROOT / "python" / "tests"))

from differential.endpoint import Endpoint  # noqa: E402

NATURAL = ROOT / "docs" / "examples" / "natural"


def run(command, environment, folder):
    """(seconds by the clock, of the processor) of one process."""
    begun = time.perf_counter()
    process = subprocess.Popen(command, env=environment, cwd=folder, stdout=subprocess.DEVNULL)
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        sys.exit(f"{command} ended with {process.returncode}")
    return time.perf_counter() - begun, used.ru_utime + used.ru_stime


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--times", type=int, default=11)
    options.add_argument("--delay", type=float, default=0.1, help="seconds before an answer")
    given = options.parse_args()
    with tempfile.TemporaryDirectory() as folder, Endpoint(given.delay) as endpoint:
        folder = pathlib.Path(folder)
        (folder / "hello.py").write_text("print('hello')\n")
        for name in ("ensemble.py", "agent.py"):
            shutil.copy(NATURAL / name, folder)
        environment = {k: v for k, v in os.environ.items() if not k.startswith(("XCS_", "PYTHON"))}
        environment.update(OPENAI_API_KEY="k", OPENAI_BASE_URL=endpoint.base_url("startup"), NO_PROXY="127.0.0.1",
                           PYTHONPATH=str(BUILD / "python"), XDG_CACHE_HOME=str(folder / "cache"))  # fmt: skip
        ways = {
            "import xcs": [([sys.executable, "-c", "pass"], {}), ([sys.executable, "-c", "import xcs"], {})],
            "import xcs; xcs.load": [([sys.executable, "-c", "pass"], {}), ([sys.executable, "-c", "import xcs; xcs.load"], {})],
        }
        for name in ("hello.py", "ensemble.py", "agent.py"):
            deferred = [sys.executable, "-m", "xcs", name]
            ways[name] = [([sys.executable, name], {}), (deferred, {}), (deferred, {"XDG_CACHE_HOME": "/nowhere"})]
        print(f"load average {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores, Python {sys.version.split()[0]}, medians of {given.times} in ms")
        print("| what | plain | deferred | ratio | first | plain, processor | deferred | more | first |\n" + "| --- " * 9 + "|")
        for name, commands in ways.items():
            seen = [[] for _ in commands]
            for turn in range(given.times + 1):
                for i, (command, more) in enumerate(commands):
                    taken = run(command, environment | more, folder)
                    if turn:  # the first turn fills caches
                        seen[i].append(taken)
            (plain, used), (deferred, spent), *first = [tuple(1000 * statistics.median(t) for t in zip(*s)) for s in seen]
            clock, processor = (f"{t:.0f}" for t in first[0]) if first else ("", "")
            print(f"| {name} | {plain:.0f} | {deferred:.0f} | {deferred / plain:.2f} | {clock} | {used:.1f} | {spent:.1f} | {spent - used:.1f} | {processor} |", flush=True)


if __name__ == "__main__":
    main()
