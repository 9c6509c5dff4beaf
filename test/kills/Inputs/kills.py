#!/usr/bin/env python3
"""Kills runs with SIGKILL at any moment, resumes them, and judges by the log of the server and by the files what came of it.

usage: kills.py [--kills N] [--seed S] [--only PROGRAM] [--writes STEP] [--keep]
Half of the kills come after a time, half once the journal has so many rows. Some of the former are SIGTERM, which a run may answer. With --writes, runs of two programs are also killed before
every STEP-th write of the journal's files (strace). The last line is what was done; the exit code is 1 if anything was wrong."""
import argparse
import pathlib
import random
import shutil
import subprocess
import sys
import tempfile
import time

import judge
from endpoint import Endpoint

HERE = pathlib.Path(__file__).parent
WRITTEN = ("posts", "appends")


def compiled(source, endpoint, folder):
    there = folder / source.name
    there.write_text(source.read_text().replace("{url}", endpoint.url))
    subprocess.run(["xcsc", there, "-o", there.with_suffix(".xplan")], check=True)
    return there.with_suffix(".xplan")


def can_trace():
    return shutil.which("strace") and not subprocess.run(["strace", "-qq", "-e", "trace=none", "true"], capture_output=True).returncode


class Tally:
    def __init__(self):
        self.kills = self.interrupts = self.runs = self.doubts = 0
        self.violations = []

    def add(self, run, keeps):
        self.kills += run.kills
        self.interrupts += run.interrupts
        self.runs += 1
        self.doubts += run.doubts
        self.violations += run.violations
        for line in run.violations:
            print("WRONG: " + line, flush=True)
        if not run.violations and not keeps:
            shutil.rmtree(run.folder)


def before_each_write(program, folder, rng, step, tally, keeps, first_number):
    """The whole run, killed before the k-th write of the journal by any thread, for each k; then the same for a run that is resumed."""
    number = first_number
    for resumed in (False, True):
        at, killed = 1 + rng.randrange(step), True
        while killed:
            run = judge.Run(program, number, folder)
            number += 1
            if resumed:  # its files have been made: the first writes are those of its rows
                run.start()
                run.kill_at_row(1)
                run.look(0)
            mark = program.endpoint.mark()
            run.start(prefix=["strace", "-f", "-qq", "-o", "/dev/null", "-e", "trace=pwrite64", "-e", f"inject=pwrite64:signal=KILL:when={at}"])
            killed = run.kill_after(judge.PATIENCE)
            run.look(mark)
            flags = []
            while True:
                run.start(flags)
                if run.finish() != 5 or flags:
                    break
                run.check_refusal()
                flags = run.rules_for("truth", rng)
            run.check_end("truth")
            tally.add(run, keeps)
            at += step
    return number


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kills", type=int, default=40)
    parser.add_argument("--seed", type=int, default=random.randrange(1 << 30))
    parser.add_argument("--only")
    parser.add_argument("--writes", type=int, default=0)
    parser.add_argument("--forget", action="store_true", help="remove the journal after each kill, to see that the judge finds out")
    parser.add_argument("--keep", action="store_true", help="keep the files of all runs, not only of those that went wrong")
    options = parser.parse_args()
    print(f"seed: {options.seed}", flush=True)
    rng = random.Random(options.seed)
    sources = [source for source in sorted((HERE / "programs").glob("*.xir")) if options.only in (None, source.stem)]
    folder = pathlib.Path(tempfile.mkdtemp(prefix="xcs-kills-")).resolve()
    tally, number, begun = Tally(), 1, time.monotonic()
    for place, source in enumerate(sources):
        share = tally.kills + (options.kills - tally.kills) / (len(sources) - place)
        own = folder / source.stem
        own.mkdir()
        endpoint = Endpoint(own)
        try:
            program = judge.Program(compiled(source, endpoint, own), endpoint, own)
            while tally.kills < share:
                tally.add(judge.killed_run(program, number, own, rng, rng.randint(1, 3), options.forget), options.keep)
                number += 1
            if options.writes and source.stem in WRITTEN and can_trace():
                number = before_each_write(program, own, rng, options.writes, tally, options.keep, number)
        finally:
            endpoint.close()
    print(f"time: {time.monotonic() - begun:.0f} s")
    print(f"programs: {len(sources)}, runs: {tally.runs}, kills: {tally.kills}, interrupts: {tally.interrupts}, writes in doubt: {tally.doubts}, wrong: {len(tally.violations)}")
    if not tally.violations and not options.keep:
        shutil.rmtree(folder)
    return 1 if tally.violations else 0


if __name__ == "__main__":
    sys.exit(main())
