"""The package under test is the one in the build folder (XCS_BUILD, or build/dev), unless one is on the path already."""

import json
import os
import pathlib
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
BUILD = pathlib.Path(os.environ.get("XCS_BUILD", ROOT / "build" / "dev"))
sys.path.insert(0, str(BUILD / "python"))
# Programs that tests start find the same package.
os.environ["PYTHONPATH"] = os.pathsep.join([str(BUILD / "python"), *filter(None, [os.environ.get("PYTHONPATH")])])
# All traffic of the tests stays on this machine, whatever proxy the person who runs them uses.
for _name in ("http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
    os.environ.pop(_name, None)
os.environ["NO_PROXY"] = "*"


def pytest_addoption(parser):
    parser.addoption("--results", help="also write the results to this file, in the form of lit")


class Results:
    CODES = {"passed": "PASS", "failed": "FAIL", "skipped": "UNSUPPORTED"}

    def __init__(self, path):
        self.path, self.codes = path, {}

    def pytest_runtest_logreport(self, report):
        # A failure of a fixture before or after a test is a failure of the test.
        if report.when == "call" or report.outcome != "passed":
            code = "XFAIL" if report.skipped and hasattr(report, "wasxfail") else self.CODES[report.outcome]
            if self.codes.get(report.nodeid) != "FAIL":
                self.codes[report.nodeid] = code

    def pytest_collectreport(self, report):
        if report.failed:
            self.codes[report.nodeid] = "FAIL"

    def pytest_sessionfinish(self):
        tests = [{"name": f"python :: {name}", "code": code} for name, code in self.codes.items()]
        pathlib.Path(self.path).write_text(json.dumps({"tests": tests}))


def pytest_configure(config):
    if path := config.getoption("--results"):
        config.pluginmanager.register(Results(path))
