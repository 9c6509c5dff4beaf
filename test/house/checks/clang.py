"""lib/ and tools/ compile without a warning in clang 19 too: the commands of the build's compile_commands.json, syntax only."""
import json
import re
import shlex
import subprocess
from concurrent.futures import ThreadPoolExecutor

from tree import jobs

# std::stable_sort of libstdc++ 12 calls its own deprecated get_temporary_buffer, which clang blames on the caller.
NOT_OURS = ["-Wno-unknown-warning-option", "-Wno-deprecated-declarations"]
WARNINGS = ["-Wall", "-Wextra", "-Wpedantic", "-Werror", "-Wthread-safety", *NOT_OURS]


def _command(entry):
    """The entry's command with clang in g++'s place, and nothing written."""
    arguments = entry.get("arguments") or shlex.split(entry["command"])
    while not re.search(r"(^|/)(c\+\+|g\+\+|clang\+\+)[-\d.]*$", arguments[0]):
        arguments = arguments[1:]
    kept, skip = [], False
    for argument in arguments[1:]:
        if skip:
            skip = False
        elif argument in ("-o", "-MF", "-MT"):
            skip = True
        elif argument not in ("-c", "-MD"):
            kept.append(argument)
    return ["clang++-19", "-fsyntax-only", *kept, *WARNINGS]


def check(tree):
    database = tree.build / "compile_commands.json"
    if not database.exists():
        return [f"{database}: missing; configure first"]
    entries = []
    for entry in json.loads(database.read_text()):
        path = tree.root / entry["directory"] / entry["file"]
        if path.is_relative_to(tree.root / "lib") or path.is_relative_to(tree.root / "tools"):
            entries.append(entry)

    def run(entry):
        result = subprocess.run(_command(entry), cwd=tree.root / entry["directory"], capture_output=True, text=True)
        if result.returncode == 0:
            return []
        lines = [line for line in result.stderr.splitlines() if re.search(r"\b(error|warning):", line)]
        return [line.replace(str(tree.root) + "/", "") for line in lines] or [result.stderr.strip()]

    with ThreadPoolExecutor(jobs()) as pool:
        return [problem for problems in pool.map(run, entries) for problem in problems]
