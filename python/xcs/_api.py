"""The compiled part of the package, or a message that says why it is not there."""

from __future__ import annotations

import os

_HERE = os.path.dirname(os.path.abspath(__file__))


def _other_project() -> str | None:
    """The version of the other project of the name `xcs` (this one's distribution is `xcs-lang`), if it is installed in the same folder."""
    for name in os.listdir(os.path.dirname(_HERE)):
        if name.startswith("xcs-") and name.endswith((".dist-info", ".egg-info")):
            return name[len("xcs-") :].rsplit(".", 1)[0]
    return None


if (_version := _other_project()) is not None:
    raise ImportError(
        f"the distribution `xcs` {_version} is installed in the same folder as `xcs-lang`, and both have a package `xcs`: "
        "keep one of them (pip uninstall xcs), or use a virtual environment for each"
    )

try:
    from . import _core
except ImportError as _error:
    if any(name.startswith("_core.") and name.endswith(".so") for name in os.listdir(_HERE)):
        raise ImportError(
            f"the compiled part of xcs cannot be loaded: {_error.__cause__ or _error}. It is built for one version of Python, and needs the shared libraries "
            "of the machine that built it: build it here with `pip install ./python` in a checkout"
        ) from None
    raise ImportError(
        "the compiled part of xcs (xcs._core) is missing: build the package with `pip install ./python` in a checkout"
    ) from None

from ._core import CompileError, Error, Program, Stopped, __version__, compile, load

__all__ = ["CompileError", "Error", "Program", "Stopped", "__version__", "compile", "load"]
