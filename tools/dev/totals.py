#!/usr/bin/env python3
"""Sums up lit result files: one line for each test that did not pass, then `N passed, N failed`. Exit status 1 when any failed."""
import json
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


def main(paths):
    # A filtered run lists what it skipped as EXCLUDED: those tests are in another file.
    tests = [test for path in paths for test in read(path) if test["code"] != "EXCLUDED"]
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
    sys.exit(main(sys.argv[1:]))
