"""Runs the cells of a notebook: `notebook.py cells.json out.json`, both lists of JSON. The first says how the others are run.

What each cell put out, how it ended and which of its lines a traceback shows go to the second file; and last the names that are left.
"""

import io
import json
import os
import signal
import sys

from IPython.core.interactiveshell import InteractiveShell


class Notebook:
    def __init__(self):
        self.shell, self.lines = InteractiveShell.instance(colors="nocolor"), []
        self.shell._showtraceback = self.shown

    def shown(self, kind, error, lines):
        text = "\n".join(lines)
        places = [line.split(",")[0] for line in text.splitlines() if line.startswith("Cell In")]
        self.lines = [[kind.__name__, str(error), *getattr(error, "__notes__", ())], places, [line[5:].strip() for line in text.splitlines() if "-> " in line[:8]]]

    def run(self, cell):
        sys.stdout.flush()
        before, self.lines = os.lseek(1, 0, os.SEEK_CUR), []
        if "ALARM" in cell:
            signal.signal(signal.SIGALRM, signal.default_int_handler)
            signal.setitimer(signal.ITIMER_REAL, 0.3)
        result = self.shell.run_cell(cell, store_history=True)
        sys.stdout.flush()
        with open("/proc/self/fd/1", "rb") as out:
            out.seek(before)
            text = out.read().decode()
        error = result.error_in_exec or result.error_before_exec
        return {"out": text, "success": result.success, "error": type(error).__name__, "shown": self.lines}

    def names(self):
        simple = (str, int, float, bool, list, dict, tuple, type(None))
        return {n: repr(v) for n, v in sorted(self.shell.user_ns.items()) if not n.startswith("_") and isinstance(v, simple) and n not in ("In", "Out")}


def main():
    with open(sys.argv[1]) as f:
        first, *cells = json.load(f)
    sys.path[0] = ""  # as in a notebook
    notebook = Notebook()
    ends = [notebook.run(cell) for cell in [first, *cells]]
    core = sys.modules.get("xcs._state")
    temporary = [n for n in notebook.shell.user_ns if "xcs_" in n]
    types = sorted({type(v).__module__ for v in notebook.shell.user_ns.values() if type(v).__module__.startswith("xcs.")})
    with open(sys.argv[2], "w") as f:
        json.dump({"cells": ends[1:], "names": notebook.names(), "counts": core.state.counts if core else {}, "left": [temporary, types],
                   "handles": core.state.handles if core else 0}, f)  # fmt: skip


assert isinstance(sys.stdout, io.TextIOWrapper)
main()
