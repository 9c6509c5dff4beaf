"""lib/, tools/ and python/ compile without a warning in clang 19 too: the commands of the build's compile_commands.json, through ccache where
there is one, so that the next run only compiles what has changed."""
import json
import os
import re
import shlex
import shutil
import subprocess
import tempfile
from concurrent.futures import ThreadPoolExecutor

from tree import jobs

# std::stable_sort of libstdc++ 12 calls its own deprecated get_temporary_buffer, which clang blames on the caller.
NOT_OURS = ["-Wno-unknown-warning-option", "-Wno-deprecated-declarations"]
# lib/Ops/CMakeLists.txt gives it to clang.
STEPS = "-fconstexpr-steps=16777216"
WARNINGS = ["-Wall", "-Wextra", "-Wpedantic", "-Werror", "-Wthread-safety", *NOT_OURS]


def _command(entry, output):
    """The entry's command with clang in g++'s place, unoptimised, into the file `output`."""
    arguments = entry.get("arguments") or shlex.split(entry["command"])
    while not re.search(r"(^|/)(c\+\+|g\+\+|clang\+\+)[-\d.]*$", arguments[0]):
        arguments = arguments[1:]
    kept, skip = [], False
    for argument in arguments[1:]:
        if skip:
            skip = False
        elif argument in ("-o", "-MF", "-MT"):
            skip = True
        elif argument != "-MD" and not re.fullmatch(r"-[Og]\w*", argument):
            kept.append(argument)
    ccache = [path] if (path := shutil.which("ccache")) else []
    return [*ccache, "clang++-19", "-O0", *kept, *([STEPS] if "OpTable.cpp" in kept[-1] else []), *WARNINGS, "-o", output]


def check(tree):
    database = tree.build / "compile_commands.json"
    if not database.exists():
        return [f"{database}: missing; configure first"]
    entries = []
    for entry in json.loads(database.read_text()):
        path = tree.root / entry["directory"] / entry["file"]
        if path.is_relative_to(tree.root / "lib") or path.is_relative_to(tree.root / "tools") or path.is_relative_to(tree.root / "python"):
            entries.append(entry)
    environment = {"CCACHE_BASEDIR": str(tree.root), "CCACHE_NOHASHDIR": "1", **os.environ}

    with tempfile.TemporaryDirectory() as folder, ThreadPoolExecutor(jobs()) as pool:

        def run(numbered):
            number, entry = numbered
            command = _command(entry, os.path.join(folder, f"{number}.o"))
            where = tree.root / entry["directory"]
            result = subprocess.run(command, cwd=where, env=environment, capture_output=True, text=True)
            if result.returncode == 0:
                return []
            lines = [line for line in result.stderr.splitlines() if re.search(r"\b(error|warning):", line)]
            return [line.replace(str(tree.root) + "/", "") for line in lines] or [result.stderr.strip()]

        return [problem for problems in pool.map(run, enumerate(entries)) for problem in problems]
