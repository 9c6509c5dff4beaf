"""What runs of a function have shown: types of JSON, how often loops run, which way branches go, how long calls take.

A profile belongs to the text of one function: places in it are counted from its `def`, so moving the function keeps them, and changing it
drops them.
"""

from __future__ import annotations

import hashlib
import json
import os
import threading

from ._structural.resolve import type_of
from ._structural.types import BOOL, FLOAT, INT, NONE, STR, UNKNOWN, DictType, ListType, NoJoin, NoType, OptionType, RecordType, join

FORMAT = 1
_SCALARS = {t.xir: t for t in (BOOL, INT, FLOAT, STR, NONE, UNKNOWN)}


class BadProfile(ValueError):
    """A file that is no profile."""


class Profile:
    """`json` are types by place, None where they have no common one; the others are counts by place."""

    def __init__(self, digest=""):
        self.digest, self.lock = digest, threading.Lock()
        self.json, self.trips, self.branches, self.calls = {}, {}, {}, {}

    # What is seen.

    def saw_json(self, key, value):
        try:
            t = type_of(value)
            with self.lock:
                self.json[key] = join(self.json[key], t) if self.json.get(key, t) is not None else None
                return
        except KeyError:
            self.json[key] = t
        except (NoType, NoJoin):
            self.json[key] = None

    def saw_trips(self, key, count):
        with self.lock:
            runs, total = self.trips.get(key, (0, 0))
            self.trips[key] = runs + 1, total + count

    def saw_branch(self, key, taken):
        with self.lock:
            yes, no = self.branches.get(key, (0, 0))
            self.branches[key] = (yes + 1, no) if taken else (yes, no + 1)

    def saw_call(self, key, seconds, size):
        with self.lock:
            count, total, most = self.calls.get(key, (0, 0.0, 0))
            self.calls[key] = count + 1, total + seconds, max(most, size)

    # What it says.

    def trips_at(self, key):
        runs, total = self.trips.get(key, (0, 0))
        return round(total / runs) if runs else None

    def odds_at(self, key):
        yes, no = self.branches.get(key, (0, 0))
        return yes / (yes + no) if yes + no else None

    def call_at(self, key):
        """The mean time in seconds and the size of the longest text that came back, or None."""
        count, total, most = self.calls.get(key, (0, 0.0, 0))
        return (total / count, most) if count else None

    # Files.

    def text(self):
        types = {k: t and written(t) for k, t in self.json.items()}
        return json.dumps({"xcs-profile": FORMAT, "source": self.digest, "json": types, "trips": self.trips, "branches": self.branches, "calls": self.calls}, indent=1) + "\n"

    def save(self, path):
        new = f"{os.fspath(path)}.new"
        with open(new, "w", encoding="utf-8") as f:
            f.write(self.text())
        os.replace(new, path)

    @classmethod
    def load(cls, path):
        try:
            with open(path, encoding="utf-8") as f:
                data = json.load(f)
            if data["xcs-profile"] != FORMAT:
                raise BadProfile(f"{path}: a profile of format {data['xcs-profile']!r}, not {FORMAT}; delete the file, and it is written anew")
            made = cls(data["source"])
            made.json = {k: t and read(t) for k, t in data["json"].items()}
            for name in ("trips", "branches", "calls"):
                setattr(made, name, {k: tuple(v) for k, v in data[name].items()})
            return made
        except (KeyError, TypeError, AttributeError, ValueError) as e:
            if isinstance(e, BadProfile):
                raise
            raise BadProfile(f"{path}: not a profile; delete the file, and it is written anew") from e


def written(t):
    """A type as JSON."""
    if t.xir in _SCALARS:
        return t.xir
    if isinstance(t, ListType):
        return {"list": written(t.element)}
    if isinstance(t, DictType):
        return {"dict": [written(t.keys), written(t.value)]}
    if isinstance(t, OptionType):
        return {"option": written(t.inner)}
    return {"record": [[n, written(f)] for n, f in t.fields]}


def read(data):
    if isinstance(data, str):
        return _SCALARS[data]
    ((kind, inner),) = data.items()
    if kind == "list":
        return ListType(read(inner))
    if kind == "dict":
        return DictType(read(inner[0]), read(inner[1]))
    if kind == "option":
        return OptionType(read(inner))
    if kind == "record":
        return RecordType("dict", [(n, read(f)) for n, f in inner])
    raise KeyError(kind)


def key(node, first):
    """The place of a node in a function whose `def` is in line `first`."""
    return f"{node.lineno - first}:{node.col_offset}"


def digest(text):
    return hashlib.sha256(text.encode()).hexdigest()
