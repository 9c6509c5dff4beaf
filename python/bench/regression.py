"""What conversion costs programs without model calls: five programs in the manner of pyperformance and a loop of 10^6 calls, plain and converted in turn.

    python bench/regression.py [rounds]

Prints a table of the best times of the processor and their ratio. The goal is at most 1.1. Each run is a process of its own; the machine should be idle.
"""

import json
import os
import pathlib
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
BUILD = pathlib.Path(os.environ.get("XCS_BUILD", HERE.parents[1] / "build" / "dev"))
PROGRAMS = ("calls", "richards", "deltablue", "json_dumps", "nbody", "regex_compile")


def seconds(program, converted):
    env = dict(os.environ, PYTHONPATH=str(BUILD / "python"))
    command = [sys.executable, *(["-m", "xcs"] if converted else []), str(HERE / "programs" / f"{program}.py")]
    done = subprocess.run(command, env=env, capture_output=True, text=True, check=True, cwd=HERE)
    return json.loads(done.stdout.splitlines()[-1])["seconds"]


def main():
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 5
    print("| program | plain s | converted s | ratio |\n| --- | --- | --- | --- |")
    worst = 0.0
    for program in PROGRAMS:
        plain, converted = [], []
        for _ in range(rounds):
            plain.append(seconds(program, False))
            converted.append(seconds(program, True))
        ratio = min(converted) / min(plain)
        worst = max(worst, ratio)
        print(f"| {program} | {min(plain):.3f} | {min(converted):.3f} | {ratio:.3f} |", flush=True)
    print(f"worst ratio {worst:.3f} of {rounds} rounds, Python {sys.version.split()[0]}")


if __name__ == "__main__":
    main()
