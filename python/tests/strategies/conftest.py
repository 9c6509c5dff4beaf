"""The cases, the fuzzer and the paths are those of the structural strategy."""

import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "structural"))
import checkout  # noqa: E402, F401 (it sets the paths)
from closing import plans_are_closed  # noqa: E402, F401
