# The GoogleTest executables, one a room, as a lit suite: lit spreads their tests over the cores and counts each.
import os

import lit.formats

config.name = "unit"
config.test_format = lit.formats.GoogleTest(".", "Tests")
config.test_source_root = os.path.join(config.xcs_build_dir, "test", "unit")
config.test_exec_root = config.test_source_root
config.suffixes = []
config.excludes = []

if "TMPDIR" in os.environ:
    config.environment["TMPDIR"] = os.environ["TMPDIR"]
lit_config.load_config(config, os.path.join(os.path.dirname(os.path.dirname(__file__)), "limits.cfg.py"))
