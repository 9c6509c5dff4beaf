"""The package under test is the one in the build folder. The cases and the fuzzer are those of the structural strategy."""

import os
import pathlib
import sys

ROOT = pathlib.Path(__file__).resolve().parents[3]
BUILD = pathlib.Path(os.environ.get("XCS_BUILD", ROOT / "build" / "dev"))
sys.path[:0] = [str(BUILD / "python"), str(pathlib.Path(__file__).resolve().parents[1] / "structural")]
os.environ["PYTHONPATH"] = os.pathsep.join([str(BUILD / "python"), *filter(None, [os.environ.get("PYTHONPATH")])])
for _name in ("http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
    os.environ.pop(_name, None)
os.environ["NO_PROXY"] = "*"
