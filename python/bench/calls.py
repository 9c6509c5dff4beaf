"""What a deferred call and a segment cost the program's thread, in microseconds of the processor.

    python python/bench/calls.py [--count 2000] [--rounds 5]

"call": one of the client's, of a shape that is known, until its text has been read, against the same call made plainly; nothing is waited for
beside the last answer. "text": an f-string of a text that is not there yet. "segment": one operation recorded and submitted through the session,
where the compile cache has its plan and where it has not. Each figure is the best round.
"""

import argparse
import os
import pathlib
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
BUILD = pathlib.Path(os.environ.get("XCS_BUILD", ROOT / "build" / "release"))
sys.path.insert(0, str(ROOT / "python" / "tests"))

from differential.endpoint import Endpoint  # noqa: E402

CALLS = """
import sys, time
from openai import OpenAI
client = OpenAI(max_retries=0, timeout=300)
def ask(p):
    return client.chat.completions.create(model="small", messages=[{"role": "user", "content": p}]).choices[0].message.content
count = int(sys.argv[1])
warm = [ask(f"warm {i}") for i in range(20)]
best = text = 1e9
for r in range(int(sys.argv[2])):
    began = time.thread_time()
    answers = [ask(f"call {i}") for i in range(count)]
    best = min(best, time.thread_time() - began)
    assert all(answers)
    began = time.thread_time()
    a = ask("what the texts are made of")
    middle = time.thread_time()
    b = ask("what the texts are made of")
    texts = [f"{i}: {b}!" for i in range(count)]
    end = time.thread_time()
    text = min(text, (end - middle) - (middle - began))
print(best / count * 1e6, text / count * 1e6)
"""
SEGMENTS = """
import sys, time
from xcs import _core
count, rounds = int(sys.argv[1]), int(sys.argv[2])
session = _core.Session()
def timed(make):
    best = 1e9
    for r in range(rounds):
        kept, began = [], time.thread_time()
        for i in range(count):
            kept.append(make(r, i))
            session.flush()
        best = min(best, time.thread_time() - began)
        session.wait(kept)
    return best / count * 1e6
place = ("bench.py", 1)
known = timed(lambda r, i: session.call("str.concat", ("a", "b"), None, place))
new = timed(lambda r, i: session.call("str.format", ("a",), {"template": f"{r} {i} {{0}}"}, place))
done = session.call("str.concat", ("a", "b"), None, place)
session.wait([done])
began = time.thread_time()
for i in range(100 * count):
    done.done
look = (time.thread_time() - began) / count / 100 * 1e6
print(known, new, look)
"""


def figures(source, before, arguments, environment):
    with tempfile.TemporaryDirectory() as folder:
        script = pathlib.Path(folder) / "measured.py"
        script.write_text(source)
        done = subprocess.run([sys.executable, *before, str(script), *map(str, arguments)], env=environment, capture_output=True, text=True)
    if done.returncode:
        sys.exit(done.stderr)
    return [float(f) for f in done.stdout.split()]


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--count", type=int, default=2000)
    options.add_argument("--rounds", type=int, default=5)
    given = options.parse_args()
    with Endpoint(0.0) as endpoint:
        environment = dict(os.environ, OPENAI_API_KEY="k", OPENAI_BASE_URL=endpoint.base_url("calls"), NO_PROXY="127.0.0.1", PYTHONPATH=str(BUILD / "python"))
        arguments = given.count, given.rounds
        plain, _ = figures(CALLS, [], (given.count // 10, given.rounds), environment)
        call, text = figures(CALLS, ["-m", "xcs"], arguments, environment)
        known, new, look = figures(SEGMENTS, [], arguments, environment)
    print(f"load average {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores, Python {sys.version.split()[0]}, microseconds of the program's thread")
    print("| what | us |\n| --- | --- |")
    for what, figure in (("a call of the client, plainly", plain), ("the same, deferred, its text read", call), ("an f-string of a text that is not there", text),
                         ("a segment of one operation, in the compile cache", known), ("a segment of one operation, compiled", new), ("a look at what is done", look)):  # fmt: skip
        print(f"| {what} | {figure:.2f} |")


if __name__ == "__main__":
    main()
