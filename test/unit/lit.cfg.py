# The GoogleTest executables, one a room, as a lit suite: lit spreads their tests over the cores and counts each.
import os

import lit.formats
import lit.util

config.name = "unit"
config.test_format = lit.formats.GoogleTest(".", "Tests")
config.test_source_root = os.path.join(config.xcs_build_dir, "test", "unit")
config.test_exec_root = config.test_source_root
config.suffixes = []
config.excludes = []

for name in ("TMPDIR", "ASAN_OPTIONS", "UBSAN_OPTIONS", "TSAN_OPTIONS"):
    if name in os.environ:
        config.environment[name] = os.environ[name]

if lit.util.killProcessAndChildrenIsSupported()[0]:
    lit_config.maxIndividualTestTime = lit_config.maxIndividualTestTime or (480 if config.xcs_sanitize else 120)
