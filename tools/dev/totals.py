#!/usr/bin/env python3
"""Sums up a lit result file: one line for each test that did not pass, then `N passed, N failed`. Exit status 1 when any failed."""
import json
import sys

PASSED = ("PASS", "XFAIL", "FLAKYPASS")
NOT_RUN = ("UNSUPPORTED", "EXCLUDED", "SKIPPED")


def main(path):
    try:
        with open(path, encoding="utf-8") as stream:
            tests = json.load(stream)["tests"]
    except (OSError, ValueError, KeyError) as error:
        print(f"the test runner left no results: {error}")
        print("0 passed, 1 failed")
        return 1
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
    sys.exit(main(sys.argv[1]))
