"""Every C++ file is as clang-format 19 writes it."""
import subprocess


def check(tree):
    files = list(tree.under("lib", "include", "tools", "test", suffixes=(".cpp", ".h")))
    if not files:
        return []
    command = ["clang-format-19", "--dry-run", "--Werror", "--style=file", *files]
    result = subprocess.run(command, cwd=tree.root, capture_output=True, text=True)
    if result.returncode == 0:
        return []
    names = {line.split(":")[0] for line in result.stderr.splitlines() if ": error: " in line}
    return [f"{name}: not formatted; run clang-format-19 -i on it" for name in sorted(names)] or [result.stderr.strip()]
