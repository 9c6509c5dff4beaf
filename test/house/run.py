#!/usr/bin/env python3
"""Runs the house's checks over this checkout, and each check's self-test: fixtures that break its rule in every way it knows.

usage: run.py [--build FOLDER] [--only NAME] [--list] [--write]
Prints one PASS or FAIL line each and ends on `N passed, N failed`.
"""
import argparse
import importlib
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))
sys.dont_write_bytecode = True

from tree import Tree  # noqa: E402

CHECKS = ("includes", "headers", "process", "sizes", "functions", "diagnostics", "wording", "house_map", "conformance", "links", "sentences", "generated", "formatting", "clang")

MOST_SHOWN = 40


def self_test(name, check):
    """The fixtures' problems are exactly those of their expected.txt, and at least one fixture has some: the check can fail."""
    problems, found_any = [], False
    for fixture in sorted((HERE / "selftest" / name).iterdir()):
        found = check(Tree(fixture, fixture / "build"))
        expected = (fixture / "expected.txt").read_text().splitlines()
        found_any = found_any or bool(found)
        problems += [f"{fixture.name}: not found: {line}" for line in expected if line not in found]
        problems += [f"{fixture.name}: not expected: {line}" for line in found if line not in expected]
    if not found_any:
        problems.append("no fixture breaks the rule")
    return problems


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--build", default=HERE.parent.parent / "build" / "dev")
    parser.add_argument("--only", action="append", choices=CHECKS)
    parser.add_argument("--list", action="store_true", help="say what each check is about")
    parser.add_argument("--write", action="store_true", help="mend what a check can mend by itself: print generated pages anew")
    options = parser.parse_args()
    passed = failed = 0
    tree = Tree(HERE.parent.parent, options.build)
    for name in options.only or CHECKS:
        module = importlib.import_module(f"checks.{name}")
        if options.list:
            print(f"{name}: {module.__doc__.strip()}")
            continue
        if options.write:
            module.write(tree)
            continue
        for title, problems in ((f"{name} (self-test)", self_test(name, module.check)), (name, module.check(tree))):
            if problems:
                failed += 1
                more = [f"... and {len(problems) - MOST_SHOWN} more"] if len(problems) > MOST_SHOWN else []
                print(f"FAIL: house :: {title}", *problems[:MOST_SHOWN], *more, sep="\n  ", flush=True)
            else:
                passed += 1
                print(f"PASS: house :: {title}", flush=True)
    if not (options.list or options.write):
        print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
