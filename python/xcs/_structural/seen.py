"""What a plan was made with, kept so that a later change is found: plain data by its parts, anything else by what it is."""

from __future__ import annotations

import types

from .types import NoType, RecordType, of_class

MOST_LEVELS = 200  # of lists in lists; deeper data is taken to have changed


class Fields:
    """The fields of an object of a dataclass or a pydantic model. Its repr and `==` may leave some out."""

    def __init__(self, cls, names, parts):
        self.cls, self.names, self.parts = cls, names, parts


def kept(x, level=0):
    """A copy of plain data; anything else as it is."""
    if level > MOST_LEVELS:
        return _TOO_DEEP
    if type(x) in (list, tuple):
        return type(x)([kept(e, level + 1) for e in x])
    if type(x) is dict:
        return {k: kept(v, level + 1) for k, v in x.items()}
    names = _field_names(type(x))
    return x if names is None else Fields(type(x), names, [kept(getattr(x, n, _TOO_DEEP), level + 1) for n in names])


def unchanged(now, was):
    """Whether something still is what `kept` was given."""
    if isinstance(was, Fields):
        return type(now) is was.cls and all(unchanged(getattr(now, n, None), p) for n, p in zip(was.names, was.parts))
    if type(now) is not type(was) or was is _TOO_DEEP:
        return False
    if type(was) in (list, tuple):
        return len(now) == len(was) and all(map(unchanged, now, was))
    if type(was) is dict:
        return len(now) == len(was) and all(unchanged(*k) and unchanged(*v) for k, v in zip(zip(now, was), zip(now.values(), was.values())))
    if type(was) in (int, float, str):
        return repr(now) == repr(was)
    if type(was) is types.MethodType:
        return now.__func__ is was.__func__ and now.__self__ is was.__self__
    return now is was


_TOO_DEEP = object()


def _field_names(cls):
    try:
        t = of_class(cls)
    except NoType:
        return None
    return [n for n, _ in t.fields] if isinstance(t, RecordType) and t.kind in ("dataclass", "pydantic") else None
