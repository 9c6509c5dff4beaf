"""One run that is killed and resumed until it ends, and what the server and the files say of it."""
import collections
import json
import os
import pathlib
import re
import signal
import struct
import subprocess
import time

import journal_file
from endpoint import token_of

DOUBT = re.compile(r"not known what came of `([^`]+)`, which had been started")
PATIENCE = 120
INTERRUPTED = 130
# What is asked or written without a token in its result, by operation.
UNNAMED = {"file.append": "line"}
FAILED = {"model.chat": "bad"}  # of a failure that the program has gone on with


def token_of_row(row):
    name = FAILED.get(row.op) if row.kind == "caught" else UNNAMED.get(row.op)
    if name:
        return f"{name}.{row.at[row.at.rfind('[') + 1 : -1]}"
    return None if row.op.startswith("file.") else token_of(row.body)


def rows_counted(journal):
    """How many rows the file beside the journal has counted (docs/journal-format.md)."""
    try:
        data = pathlib.Path(f"{journal}-count").read_bytes()
    except OSError:
        return 0
    slots = [struct.unpack_from("=QQ", data, at) for at in (0, 32) if len(data) >= at + 32]
    return max(slots)[1] if slots else 0


def wait_for_children(folder):
    """Programs that a killed run had started go on; what they leave counts."""
    for _ in range(2000):
        for process in pathlib.Path("/proc").glob("[0-9]*"):
            try:
                if os.readlink(process / "cwd") == str(folder):
                    break
            except OSError:
                pass
        else:
            return
        time.sleep(0.005)


class Program:
    """A compiled program, and how it runs when nobody disturbs it."""

    def __init__(self, plan, endpoint, folder):
        self.name, self.plan, self.endpoint = plan.stem, plan, endpoint
        run = Run(self, 0, folder)
        begun = time.monotonic()
        ended = run.start().communicate(timeout=PATIENCE)
        self.seconds = time.monotonic() - begun
        if run.process.returncode:
            raise RuntimeError(f"{self.name}: {ended[1]}")
        self.result = ended[0].replace(run.tag, "R")
        endpoint.mark()
        rows = journal_file.rows(run.journal)
        self.row_count = len(rows) + 1
        last = journal_file.last_rows(rows).values()
        self.bodies = {row.at: row.body.replace(run.tag, "R") for row in last}
        self.tokens = {row.at: token_of_row(row) for row in last}
        self.once = {token_of_row(row) for row in last if row.once}
        self.needed = collections.Counter(token_of_row(row) for row in last if row.kind in ("done", "caught"))


class Run:
    def __init__(self, program, number, folder):
        self.program, self.tag = program, f"r{number}x"
        self.folder = folder / f"{program.name}-{number}"
        self.folder.mkdir()
        self.journal = self.folder / "F"
        self.violations, self.kills, self.interrupts = [], 0, 0
        self.allowed = collections.Counter()  # repetitions of writes that were said to be in order
        self.before = []  # the rows that the last process had left
        self.chosen = {}
        self.doubts = 0
        self.process = None

    def wrong(self, what):
        self.violations.append(f"{self.program.name}: {self.folder}: {what}")

    def start(self, flags=(), prefix=()):
        command = [*prefix, "xcs-run", self.program.plan, "--arg", f"run={self.tag}", "--allow-all", "--journal=F", "--resume", "--progress=none", *flags]
        self.process = subprocess.Popen(command, cwd=self.folder, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        return self.process

    def kill_after(self, seconds, how=signal.SIGKILL):
        """False if it ended before."""
        try:
            self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            self.process.send_signal(how)
        return self._is_killed()

    def kill_at_row(self, row):
        while self.process.poll() is None and rows_counted(self.journal) < row:
            time.sleep(0.0003)
        self.process.kill()
        return self._is_killed()

    def _is_killed(self):
        self.ended = self.process.communicate(timeout=PATIENCE)
        code = self.process.returncode
        if code not in (-signal.SIGKILL, 128 + signal.SIGKILL, -signal.SIGTERM, INTERRUPTED):
            return False
        if code in (-signal.SIGTERM, INTERRUPTED):
            self.interrupts += 1
        else:
            self.kills += 1
        wait_for_children(self.folder)
        return True

    def finish(self):
        try:
            self.ended = self.process.communicate(timeout=PATIENCE)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.ended = self.process.communicate()
            self.wrong("it does not end")
        return self.process.returncode

    # What is known after each process.

    def look(self, mark):
        """Judges what was asked since a mark by what the journal had before."""
        program = self.program
        program.endpoint.mark()
        asked = collections.Counter(token for token, _ in program.endpoint.requests(self.tag, mark))
        last = journal_file.last_rows(self.before).values()
        done = collections.Counter(token_of_row(row) for row in last if row.kind in ("done", "caught"))
        for token, times in asked.items():
            left = max(1, program.needed[token]) - done[token]
            tries = 10 if token.startswith("flaky") else 1
            if left <= 0:
                self.wrong(f"`{token}` is in the journal, and was asked again")
            elif times > left * tries:
                self.wrong(f"`{token}` was asked {times} times by one process, {left} of them needed")
        self.before = journal_file.rows(self.journal)
        self._look_at_choices()
        return sum(asked.values())

    def _look_at_choices(self):
        for row in self.before:
            if row.kind == "chosen" and self.chosen.setdefault(row.key, row.body) != row.body:
                self.wrong(f"{row.body} won, and {self.chosen[row.key]} had before")

    def happened(self, token):
        written = self.folder / "done.txt"
        if written.exists() and re.search(re.escape(f"{self.tag}.{token};"), written.read_text()):
            return True
        return any(token == asked for asked, _ in self.program.endpoint.requests(self.tag))

    def rules_for(self, mode, rng):
        """Flags for what is in doubt, and the books about it."""
        flags = []
        doubts = journal_file.in_doubt(self.before)
        self.doubts += len(doubts)
        for at in doubts:
            token = self.program.tokens[at]
            is_none = self.program.bodies[at] == "null"
            if mode == "truth" and self.happened(token):
                body = self.program.bodies[at].replace("R.", self.tag + ".")
                flags.append(f"--in-doubt={at}=skip" if is_none and rng.random() < 0.5 else f"--answer={at}={body}")
            elif mode == "fail":
                flags.append(f"--in-doubt={at}=fail")
            else:
                self.allowed[token] += mode == "retry"
                flags.append(f"--in-doubt={at}=retry")
        if doubts and mode in ("retry", "fail") and rng.random() < 0.5:
            return [f"--in-doubt={mode}"]
        return flags

    def check_refusal(self):
        """An exit with 5: it names what is in doubt, all of it and nothing else, and has asked nothing."""
        named = sorted(DOUBT.findall(self.ended[1]))
        known = sorted(journal_file.in_doubt(self.before))
        if named != known:
            self.wrong(f"it says that {named} are in doubt, and {known} are: {self.ended[1]}")
        if self.program.endpoint.requests(self.tag, self.program.endpoint.marks):
            self.wrong("it stops because of a doubt, and has asked something")

    def check_end(self, mode):
        code, program = self.process.returncode, self.program
        program.endpoint.mark()
        if code == 0:
            self._check_result()
        elif not (mode == "fail" and code == 1 and "[doubt-failed]" in self.ended[1]):
            self.wrong(f"it ends with {code}: {self.ended[1]}")
        written = self.folder / "done.txt"
        times = collections.Counter(token for token, _ in program.endpoint.requests(self.tag))
        if written.exists():
            times += collections.Counter(token_of(line) for line in written.read_text().splitlines())
        for token in program.once:
            if times[token] > 1 + self.allowed[token]:
                self.wrong(f"`{token}` was written {times[token]} times")
            if code == 0 and not times[token]:
                self.wrong(f"`{token}` was not written")

    def _check_result(self):
        result, expected = (re.sub(r"racer\.\d", "racer.N", text) for text in (self.ended[0].replace(self.tag, "R"), self.program.result))
        if not (self.allowed and (self.folder / "done.txt").exists()) and result != expected:
            self.wrong(f"its result is {result}, and should be {expected}")
        won = [f"racer.{index}" for body in self.chosen.values() for index in json.loads(body)]
        if won and "racer" in self.ended[0] and sorted(set(re.findall(r"racer\.\d", self.ended[0]))) != sorted(won):
            self.wrong(f"{won} won, and the result is {self.ended[0]}")


def killed_run(program, number, folder, rng, most_kills, forgets=False):
    """Kills a run at most so often, and resumes it until it ends."""
    run = Run(program, number, folder)
    mode = rng.choice(["truth", "truth", "truth", "retry", "fail"])
    flags = []
    for _ in range(most_kills * 3 + 5):
        mark = program.endpoint.mark()
        run.start(flags)
        is_killed = False
        if run.kills < most_kills:
            if rng.random() < 0.5:
                is_killed = run.kill_after(rng.uniform(0, program.seconds * 1.1), rng.choice([signal.SIGKILL] * 5 + [signal.SIGTERM]))
            else:
                there = rows_counted(run.journal)
                is_killed = run.kill_at_row(rng.randint(there, max(there, program.row_count)))
        else:
            run.finish()
        code = run.process.returncode
        if not is_killed and code == 5 and not flags:
            run.check_refusal()
            flags = run.rules_for(mode, rng)
            continue
        flags = []
        run.look(mark)
        if is_killed:
            for ending in journal_file.ENDINGS if forgets else ():
                run.journal.with_name("F" + ending).unlink(missing_ok=True)
            continue
        run.check_end(mode)
        if code == 0 and rng.random() < 0.3:
            resume_ended(run)
        return run
    run.wrong("it was resumed again and again, and does not end")
    return run


def resume_ended(run):
    """A run that has ended asks nothing more, and has the same result."""
    before, mark = run.ended[0], run.program.endpoint.mark()
    run.start()
    if run.finish() or run.ended[0] != before:
        run.wrong(f"resumed after its end: {run.process.returncode}: {run.ended}")
    if run.look(mark):
        run.wrong("resumed after its end, it has asked something")
