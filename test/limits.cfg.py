# For both suites: how long a test may take, and what a sanitizer does with what it finds.
import os

import lit.util

# With a sanitizer programs are several times slower, and whatever is bounded by the clock has this factor: the tests themselves,
# xcs-faults (--max-seconds) and the scripts of tests.
time_scale = 10 if config.xcs_sanitize else 1
config.environment["XCS_TIME_SCALE"] = str(time_scale)

# A test that hangs fails by itself where Python can kill a process with its children (Debian: python3-psutil). One limit for all suites
# of a run, which lit has no more of: unit tests run in groups, so it is generous.
if lit.util.killProcessAndChildrenIsSupported()[0]:
    lit_config.maxIndividualTestTime = lit_config.maxIndividualTestTime or 120 * time_scale

# A report aborts the program: no test expects a signal, while some expect the very exit statuses that sanitizers use. Each report is a
# file in sanitizer-reports, too: `./dev test` counts those as failures, also where the status and the messages of a process are ignored.
reports = os.path.join(config.xcs_build_dir, "sanitizer-reports")
if config.xcs_sanitize:
    os.makedirs(reports, exist_ok=True)
for name, options in (
    ("ASAN_OPTIONS", "abort_on_error=1"),
    ("UBSAN_OPTIONS", "abort_on_error=1:print_stacktrace=1"),
    ("TSAN_OPTIONS", "abort_on_error=1:halt_on_error=1"),
):
    log = f"log_path={os.path.join(reports, 'report')}:log_exe_name=1:print_cmdline=1"
    config.environment[name] = ":".join([options, log, os.environ.get(name, "")])
