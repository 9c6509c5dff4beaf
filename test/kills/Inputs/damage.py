#!/usr/bin/env python3
"""Damages the files of a journal at every byte, and cuts them at every length: a resumed run says so, and never gives another result or
writes anything twice.

usage: damage.py [--step N] [--seed S]
One journal is of a run that has ended, the other of one that was killed while a write was under way. Each file is damaged at every N-th
byte and cut at every N-th length, from a random one on. The last line is what was done; the exit code is 1 if anything was wrong."""
import argparse
import collections
import pathlib
import random
import re
import shutil
import subprocess
import sys
import tempfile

import journal_file
import judge
from endpoint import Endpoint
from kills import HERE, compiled

TOLD = re.compile(r"\[(journal-damaged|journal-lost|journal-rows-lost|in-doubt)\]")


class Damaged:
    """A journal, and what a run that is resumed with it must not do."""

    def __init__(self, endpoint, plan, folder, last):
        self.endpoint, self.plan, self.last = endpoint, plan, last
        self.folder = folder / last
        self.folder.mkdir()
        self.tag = "r1x" if last == "orders" else "r2x"
        process = self.start()
        if last == "stall":
            while "r2x.order.2" not in str(self.seen()):
                pass
            process.kill()
        self.result = process.communicate()[0]
        self.files = {ending: (self.folder / f"F{ending}").read_bytes() for ending in journal_file.ENDINGS if (self.folder / f"F{ending}").exists()}
        self.written = (self.folder / "done.txt").read_bytes()
        endpoint.mark()

    def start(self, *flags):
        command = ["xcs-run", self.plan, "--arg", f"run={self.tag}", "--arg", f"last={self.last}", "--allow-all", "--journal=F", "--resume", *flags]
        return subprocess.Popen(command, cwd=self.folder, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)

    def seen(self):
        """Until a third order is under way: its row is there, and it has been sent."""
        rows = journal_file.rows(self.folder / "F")
        return "r2x.order.2" if sum(row.once and row.kind == "started" for row in rows) == 4 else ""

    def resume(self, ending, content):
        """What is wrong if one file has another content; none if nothing is. And what was said."""
        for name, data in self.files.items():
            (self.folder / f"F{name}").write_bytes(content if name == ending else data)
        for name in ("-wal", "-shm"):
            if name not in self.files:
                (self.folder / f"F{name}").unlink(missing_ok=True)
        (self.folder / "done.txt").write_bytes(self.written)
        self.endpoint.forget()
        mark = self.endpoint.marks
        process = self.start()
        try:
            out, err = process.communicate(timeout=judge.PATIENCE)
        except subprocess.TimeoutExpired:
            process.kill()
            return "it does not end", ""
        code, told = process.returncode, TOLD.findall(err)
        said = told[-1] if told else "nothing"
        asked = [token for token, _ in self.endpoint.requests(self.tag, mark)] if self.endpoint.mark() else []
        if [token for token in asked if token.startswith("order")] or (self.folder / "done.txt").read_bytes() != self.written:
            return f"a write happens again: {asked}", said
        if code not in (0, 5) or (code == 5) != (said in ("journal-damaged", "journal-lost", "in-doubt")):
            return f"it ends with {code}: {err}", said
        if code == 0 and (self.last == "stall" or out != self.result):
            return f"it has another result: {out}", said
        if code == 0 and asked and said != "journal-rows-lost":
            return f"it asks again without a word: {asked}", said
        return None, said


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--step", type=int, default=1)
    parser.add_argument("--seed", type=int, default=random.randrange(1 << 30))
    options = parser.parse_args()
    print(f"seed: {options.seed}", flush=True)
    rng = random.Random(options.seed)
    folder = pathlib.Path(tempfile.mkdtemp(prefix="xcs-damage-")).resolve()
    endpoint = Endpoint(folder, "5ms")
    wrong, tried, said = 0, 0, collections.Counter()
    try:
        plan = compiled(HERE / "damaged" / "order.xir", endpoint, folder)
        for last in ("orders", "stall"):
            journal = Damaged(endpoint, plan, folder, last)
            for ending, content in journal.files.items():
                step = max(1, min(options.step, len(content) // 8))
                cases = [(f"byte {at}", content[:at] + bytes([content[at] ^ rng.randint(1, 255)]) + content[at + 1 :]) for at in range(rng.randrange(step), len(content), step)]
                cases += [(f"cut at {at}", content[:at]) for at in range(rng.randrange(step), len(content), step)]
                for name, damaged in cases:
                    problem, word = journal.resume(ending, damaged)
                    tried, said[word] = tried + 1, said[word] + 1
                    if problem:
                        wrong += 1
                        print(f"WRONG: {last}: F{ending}, {name}: {problem}", flush=True)
    finally:
        endpoint.close()
    shutil.rmtree(folder)
    print("said: " + ", ".join(f"{word}: {times}" for word, times in sorted(said.items())))
    print(f"damaged: {tried}, wrong: {wrong}")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
