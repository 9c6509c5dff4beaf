"""Where the checkout and its build are: XCS_BUILD, or build/dev."""

import os
import pathlib

ROOT = pathlib.Path(__file__).resolve().parents[3]
BUILD = pathlib.Path(os.environ.get("XCS_BUILD", ROOT / "build" / "dev"))
