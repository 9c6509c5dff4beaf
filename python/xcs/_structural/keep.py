"""Calls whose answers nothing uses: Python makes them all the same, so they are kept in the plan."""

from __future__ import annotations

from .ir import FLAG

_ENDS = ("return", "yield", "continue", "fail", "assert")


def keep_unused(region, asking):
    """Marks calls of models and of the host whose answers are not used. `asking` are the functions that make such calls.

    Gives whether the region makes any.
    """
    ops = list(_all(region))
    asks = {id(op): _asks(op, asking) for op in ops}
    while True:
        used = _used(ops)
        lost = [op for op in ops if asks[id(op)] and op.results and "keep" not in op.attributes and not any(r in used for r in op.results)]
        for op in lost:
            op.attributes["keep"] = FLAG
        if not lost:
            return any(asks.values())


def _all(region):
    todo = [region]
    while todo:
        r = todo.pop()
        for op in r.ops:
            yield op
            todo.extend(op.regions)


def _asks(op, asking):
    if op.name in ("model.chat", "host.call"):
        return True
    if op.name == "call":
        return op.symbol in asking
    return any(inner.name in ("model.chat", "host.call") or inner.name == "call" and inner.symbol in asking for r in op.regions for inner in _all(r))


def _used(ops):
    """The values that something needs that is not dropped."""
    used, changed = set(), True
    while changed:
        changed = False
        for op in ops:
            if op.name in _ENDS or not op.results or "keep" in op.attributes or any(r in used for r in op.results):
                new = [x for x in op.operands if x not in used]
                used.update(new)
                changed = changed or bool(new)
    return used
