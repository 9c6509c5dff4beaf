"""A plugin of pytest (-p lit_results --results FILE): writes the results in the form of lit's, for totals.py."""
import json


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
        with open(self.path, "w", encoding="utf-8") as stream:
            json.dump({"tests": tests}, stream)


def pytest_addoption(parser):
    parser.addoption("--results", help="also write the results to this file, in the form of lit's")


def pytest_configure(config):
    # A worker of pytest-xdist reports to the process that started it.
    if (path := config.getoption("--results")) and not hasattr(config, "workerinput"):
        config.pluginmanager.register(Results(path))
