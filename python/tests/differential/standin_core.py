"""Puts the stand-in of the compiled part in its place: preloaded where the compiled part is not built."""
import sys

import standin

sys.modules["xcs._core"] = standin
