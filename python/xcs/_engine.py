"""The compiled part: found here, or a message that says what to do."""

from __future__ import annotations

import os


def start(options):
    from . import _dispatch

    _dispatch.ready()
    try:
        from . import _core
    except ImportError:
        raise ImportError(
            "the compiled part of xcs (xcs._core) is missing: build the package with `pip install ./python` in a checkout"
        ) from None
    return _core.Session(record=bool(options.get("record") or os.environ.get("XCS_RECORD")), **{
        k: options[k] for k in ("jobs", "threads", "allow") if k in options
    })
