#!/usr/bin/env python3
"""beside.py [--write | --check] PAGE: counts the programs of a folder beside their twins, and prints the table, or compares it with the
one between the page's two marks, or puts it there. A twin is `NAME.py` in the page's folder; its program is `NAME.xir` in the folder above.

Code lines are those that are neither blank nor a comment; the text at the head of a Python file is a comment. A line of more than 88
columns counts as often as it fills them. Characters are those of the code lines, without indentation and line ends.
beside.py --most RATIO PAGE fails if a program has more than RATIO times the lines of its twin."""
import argparse
import math
import pathlib
import sys

MARKS = "<!-- counted by tools/dev/beside.py -->\n", "<!-- end -->\n"
COLUMNS = 88
COMMENT = {".xir": "//", ".py": "#"}


def code_lines(path):
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".py" and text.startswith('"""'):
        text = text.split('"""', 2)[2]
    return [line.rstrip() for line in text.splitlines() if line.strip() and not line.lstrip().startswith(COMMENT[path.suffix])]


def size(path):
    lines = code_lines(path)
    return sum(math.ceil(len(line) / COLUMNS) for line in lines), sum(len(line.lstrip()) for line in lines)


def pairs(page):
    """(name, size of the program, size of its twin) in the order of the names."""
    twins = sorted(page.parent.glob("*.py"))
    return [(twin.stem, size(page.parent.parent / f"{twin.stem}.xir"), size(twin)) for twin in twins]


def table(page):
    rows = ["| program | lines, `.xir` | lines, Python | ratio | characters, `.xir` | characters, Python | ratio |", "| --- |" + " ---: |" * 6]
    found = pairs(page)
    total = [tuple(map(sum, zip(*(row[which] for row in found)))) for which in (1, 2)]
    for name, program, twin in [*found, ("all", *total)]:
        shown = f"[{name}](../{name}.xir), [{name}.py]({name}.py)" if name != "all" else name
        cells = (f"{program[i]} | {twin[i]} | {program[i] / twin[i]:.2f}" for i in (0, 1))
        rows.append(f"| {shown} | {' | '.join(cells)} |")
    return "\n".join(rows) + "\n"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--check", action="store_true")
    parser.add_argument("--most", type=float, metavar="RATIO")
    parser.add_argument("page", type=pathlib.Path)
    options = parser.parse_args()
    if options.most is not None:
        long = [f"{name}: {a[0]} lines, its twin {b[0]}" for name, a, b in pairs(options.page) if a[0] > options.most * b[0]]
        sys.exit("\n".join(long) or 0)
    counted = table(options.page)
    if not options.write and not options.check:
        print(counted, end="")
        return
    text = options.page.read_text(encoding="utf-8")
    before, rest = text.split(MARKS[0], 1)
    shown, after = rest.split(MARKS[1], 1)
    if options.write:
        options.page.write_text(before + MARKS[0] + counted + MARKS[1] + after, encoding="utf-8")
    elif shown != counted:
        sys.exit(f"{options.page}: the table is stale; run `tools/dev/beside.py --write {options.page}`. Counted:\n{counted}")


main()
