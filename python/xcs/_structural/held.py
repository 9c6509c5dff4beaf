"""Writes wait for what Python would have done before them and what may fail: a guard stands behind each such operation.

A guard holds back later writes only, through calls and regions, so that calls which only ask still run side by side. Its condition is always
true, but it is computed from what the operation gives, and so it is not known before.
"""

from __future__ import annotations

from .ir import Lit, Op, Ref

_AGAIN = frozenset({"for", "while", "map", "scan", "filter", "reduce"})  # their regions run more than once
_MESSAGE = {"message": "xcs: an operation before a write has failed"}


def hold_writes(functions, main):
    """Puts guards into functions, callees first, where a write may follow what fails."""
    writing = set()
    for f in functions:
        if writes(f.region, writing):
            writing.add(f.name)
    if writing:
        for f in functions:
            _hold(f.region, writing, f is not main)


def writes(region, writing):
    """Whether a region writes. `writing` are the functions that do."""
    todo = [region]
    while todo:
        for op in todo.pop().ops:
            if _writes(op, writing):
                return True
            todo.extend(op.regions)
    return False


def _writes(op, writing):
    return op.name == "host.call" and op.attributes["effect"].startswith("write") or op.name == "call" and op.symbol in writing


def _hold(region, writing, after):
    todo = [(region, after)]
    while todo:
        region, after = todo.pop()
        ops = []
        for op in reversed(region.ops):
            if op.fails and not op.regions and after:
                ops += reversed(_guard(op))
            ops.append(op)
            inner = [r for r in op.regions if writes(r, writing)]
            todo += [(r, after or bool(inner) and op.name in _AGAIN) for r in op.regions]
            after = after or bool(inner) or _writes(op, writing)
        region.ops[:] = reversed(ops)


def _guard(op):
    """`assert` of something that is true of each value that the operation may give."""
    out = []

    def add(name, operands, xir, attributes=None):
        ref = Ref(xir, "held")
        out.append(Op(name, operands, [ref], attributes, None, [], op.place))
        return ref

    if not op.results:
        op.results = [Ref("none", "done")]
    cond = _truth(op.results[0], add)
    assertion = Op("assert", [cond], [], dict(_MESSAGE), None, [], op.place)
    assertion.after = [op.results[0]]
    return [*out, assertion]


def _truth(ref, add):
    while ref.type.startswith("record<") and ref.type != "record<>":
        name, t = _first_field(ref.type)
        ref = add("record.get", [ref], t, {"field": name})
    kind = ref.type.partition("<")[0]
    if kind in ("list", "dict"):
        n = add(f"{kind}.len", [ref], "i64")
        return add("i64.ge", [n, Lit(0, "i64")], "bool")
    if kind == "option":
        ref = add("option.is_some", [ref], "bool")
        kind = "bool"
    if kind == "bool":
        return add("bool.eq", [ref, ref], "bool")
    if kind in ("str", "i64"):
        return add(f"{kind}.eq", [ref, ref], "bool")
    if kind == "f64":
        equal = add("f64.eq", [ref, ref], "bool")
        nan = add("f64.is_nan", [ref], "bool")
        return add("bool.or", [equal, nan], "bool")
    now = add("time.now", [], "duration")  # nothing to compute from
    seconds = add("duration.to_seconds", [now], "f64")
    return add("f64.eq", [seconds, seconds], "bool")


def _first_field(xir):
    """The name and the type of the first field of a record."""
    name, _, rest = xir[len("record<") : -1].partition(": ")
    depth = 0
    for i, c in enumerate(rest):
        depth += (c in "<(") - (c in ">)")
        if c == "," and depth == 0:
            return name, rest[:i]
    return name, rest
