"""Runs programs on hostile input within bounds of time and memory, and compares how they end with what a table says."""
import os
import re
import signal
import subprocess
import sys
import tempfile
import time

SANITIZED = bool(os.environ.get("XCS_SANITIZED"))
SECONDS = 15 * int(os.environ.get("XCS_TIME_SCALE", "1"))  # of one program; a machine that is busy with other tests included
MEBIBYTES = 400  # resident; a sanitizer's shadow is its own

KIND = re.compile(r"\[([a-z0-9-]+)\]$", re.MULTILINE)


class Outcome:
    """How a program ended: its exit code (None: it had to be killed), what it printed, its messages' kinds."""

    def __init__(self, command, data=b"", env=None):
        with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err, tempfile.TemporaryFile() as given:
            given.write(data)
            given.seek(0)
            environment = dict(os.environ, **(env or {}))
            process = subprocess.Popen(command, stdin=given, stdout=out, stderr=err, env=environment)
            end = time.monotonic() + SECONDS
            while True:
                pid, status, usage = os.wait4(process.pid, os.WNOHANG)
                if pid:
                    break
                if time.monotonic() > end:
                    process.send_signal(signal.SIGKILL)
                    pid, status, usage = os.wait4(process.pid, 0)
                    break
                time.sleep(0.002)
            process.returncode = os.waitstatus_to_exitcode(status)
            self.exit = process.returncode if process.returncode >= 0 else None
            self.signal = -process.returncode if process.returncode < 0 else 0
            self.mebibytes = usage.ru_maxrss // 1024
            out.seek(0)
            err.seek(0)
            self.out = out.read()
            self.err = err.read()
        errors = [line for line in self.err.decode("utf-8", "replace").split("\n") if "error: " in line]
        self.kinds = [match.group(1) for line in errors for match in [KIND.search(line)] if match]


class Table:
    """Rows of hostile input. `end` prints what is not as the table says, and fails then."""

    def __init__(self):
        self.rows = 0
        self.wrong = []

    def check(self, name, outcome, exit, kind=None, says=None, gives=None):
        """`kind`: of the first error; None: there is none. `says`: a part of the messages. `gives`: the output."""
        self.rows += 1
        found = outcome.kinds[0] if outcome.kinds else None
        problems = []
        if outcome.signal:
            problems.append(f"ended by signal {outcome.signal}")
        elif outcome.exit != exit:
            problems.append(f"exit {outcome.exit}, not {exit}")
        if found != kind:
            problems.append(f"[{found}], not [{kind}]")
        if says is not None and says.encode() not in outcome.err:
            problems.append(f"does not say {says!r}")
        if gives is not None and gives.encode() != outcome.out.rstrip(b"\n"):
            problems.append(f"gives {outcome.out[:200]!r}, not {gives!r}")
        if not SANITIZED and outcome.mebibytes > MEBIBYTES:
            problems.append(f"took {outcome.mebibytes} MiB")
        for what, where in (("messages", outcome.err), ("output", outcome.out)):
            try:
                where.decode("utf-8")
            except UnicodeDecodeError:
                problems.append(f"its {what} are no UTF-8")
        if re.search(rb"[\x00-\x08\x0b-\x1f\x7f]", outcome.err):
            problems.append("its messages have control characters")
        if len(outcome.err) > 100_000:
            problems.append(f"its messages have {len(outcome.err)} bytes")
        if problems:
            self.wrong.append(f"{name}: {'; '.join(problems)}\n{outcome.err[:600].decode('utf-8', 'replace')}")

    def end(self):
        for problem in self.wrong:
            print(problem)
        print(f"{self.rows} rows, {len(self.wrong)} not as they should be")
        sys.exit(1 if self.wrong else 0)


def write(folder, name, content):
    """A file of the row; its path."""
    os.makedirs(folder, exist_ok=True)
    path = os.path.join(folder, name)
    with open(path, "wb") as file:
        file.write(content if isinstance(content, bytes) else content.encode("utf-8", "surrogatepass"))
    return path
