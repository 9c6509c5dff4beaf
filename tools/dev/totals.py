#!/usr/bin/env python3
"""Sums up lit result files: one line for each test that did not pass, then `N passed, N failed`. Exit status 1 when any failed. With
`--reports FOLDER` each file in it, a report of a sanitizer, is shown and is one more failure."""
import argparse
import json
import pathlib
import sys

PASSED = ("PASS", "XFAIL", "FLAKYPASS")
NOT_RUN = ("UNSUPPORTED", "SKIPPED")


def read(path):
    """The tests of one file; a runner that left none has failed, and that is a failed test."""
    try:
        with open(path, encoding="utf-8") as stream:
            return json.load(stream)["tests"]
    except (OSError, ValueError, KeyError) as error:
        return [{"code": "NO RESULTS", "name": f"{path}: {error}"}]


def reported(folder):
    """The reports of sanitizers: also of programs whose exit status and messages their tests ignore."""
    paths = sorted(folder.iterdir()) if folder and folder.is_dir() else []
    for path in paths:
        print(path.read_text(encoding="utf-8", errors="replace"))
    return [{"code": "FAIL", "name": f"sanitizer :: {path}"} for path in paths]


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--reports", type=pathlib.Path, metavar="FOLDER")
    parser.add_argument("results", nargs="*", metavar="FILE")
    arguments = parser.parse_args()
    # A filtered run lists what it skipped as EXCLUDED: those tests are in another file.
    tests = [test for path in arguments.results for test in read(path) if test["code"] != "EXCLUDED"]
    tests += reported(arguments.reports)
    passed = sum(test["code"] in PASSED for test in tests)
    failures = [test for test in tests if test["code"] not in PASSED + NOT_RUN]
    for test in tests:
        if test["code"] in NOT_RUN:
            print(f"{test['code'].lower()}: {test['name']}")
    for test in failures:
        print(f"{test['code'].lower()}: {test['name']}")
    print(f"{passed} passed, {len(failures)} failed")
    return 1 if failures or not passed else 0


if __name__ == "__main__":
    sys.exit(main())
