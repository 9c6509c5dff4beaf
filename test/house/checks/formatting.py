"""Every C++ file is as clang-format 19 writes it."""
import re
import subprocess


def check(tree):
    files = list(tree.under("lib", "include", "tools", "test", "python", suffixes=(".cpp", ".h")))
    if not files:
        return []
    command = ["clang-format-19", "--dry-run", "--Werror", "--style=file", *files]
    result = subprocess.run(command, cwd=tree.root, capture_output=True, text=True)
    if result.returncode == 0:
        return []
    names = set(re.findall(r"^([^:\s]+):\d+:\d+: error: ", result.stderr, re.MULTILINE))
    return [f"{name}: not formatted; run clang-format-19 -i on it" for name in sorted(names)] or [result.stderr.strip()]
