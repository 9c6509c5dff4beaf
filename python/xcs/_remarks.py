"""Remarks: what waits, which loop is kept in order, what the host sends, each with its line and reason.

`XCS_REMARKS=1` writes them to the standard error at the end, `XCS_REMARKS=json` as one JSON object a line. They cost nothing otherwise.
"""

from __future__ import annotations

import os
import sys

wanted = os.environ.get("XCS_REMARKS", "") not in ("", "0")
_said = {}


def remark(kind, text, place=None):
    if not wanted:
        return
    if place is None:
        from . import _guards

        place = _guards.place(sys._getframe(1))
    _said.setdefault((place[0], place[1], kind, text), None)


def remarks():
    """All remarks so far, as dictionaries with `file`, `line`, `kind` and `text`."""
    return [{"file": f, "line": l, "kind": k, "text": t} for f, l, k, t in _said]


def put_out(stats):
    if not wanted:
        return
    import json

    as_json = os.environ.get("XCS_REMARKS") == "json"
    out = sys.__stderr__
    for r in remarks():
        if as_json:
            print(json.dumps(r), file=out)
        else:
            print(f"{os.path.basename(r['file'])}:{r['line']}: {r['kind']}: {r['text']}", file=out)
    if as_json:
        print(json.dumps({"kind": "stats", **stats}), file=out)
    else:
        print("xcs: " + ", ".join(f"{v} {k}" for k, v in stats.items()), file=out)
