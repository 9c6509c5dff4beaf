"""The session of the process."""

from __future__ import annotations

import os


def start(options):
    from . import _api, _dispatch

    _dispatch.ready()
    return _api.core().Session(record=bool(options.get("record") or os.environ.get("XCS_RECORD")), **{
        k: options[k] for k in ("jobs", "threads", "allow") if k in options
    })
