"""A function run plainly and as a plan: the same answer, the same class of exception, or a refusal that is told as one."""

import math
import re

import xcs

REFUSED = "refused"  # the plan fails as it promises to where an answer could differ


def same(a, b):
    """Equal in type and value, to the last bit of a float."""
    if type(a) is not type(b):
        return False
    if isinstance(a, float):
        return math.isnan(a) and math.isnan(b) or a == b and math.copysign(1, a) == math.copysign(1, b)
    if isinstance(a, (list, tuple)):
        return len(a) == len(b) and all(map(same, a, b))
    if isinstance(a, dict):
        return list(a) == list(b) and all(same(a[k], b[k]) for k in a)
    if hasattr(a, "__dataclass_fields__"):
        return all(same(getattr(a, n), getattr(b, n)) for n in a.__dataclass_fields__)
    return a == b


def plainly(function, args):
    import copy

    try:
        return "value", function(*copy.deepcopy(args))
    except Exception as e:
        return "raised", e


def as_plan(program, args):
    try:
        return "value", program(*args)
    except Exception as e:
        return "raised", e


def is_refusal(e):
    """Whether a failure says that a plan does not know Python's answer: overflow, and what a text with `xcs: ` tells."""
    text = str(e)
    return isinstance(e, xcs.Error) and (re.match(r"`fail`[^:]*: xcs: ", text) or e.id in ("integer-overflow", "json-mismatch")) or type(e) is OverflowError


def difference(function, args, program=None):
    """None, or what differs between the function run plainly and as a plan."""
    program = program or xcs.program(function, strategy="structural")
    plain, plan = plainly(function, args), as_plan(program, args)
    if plan[0] == "raised" and is_refusal(plan[1]):
        return None
    if plain[0] != plan[0]:
        return f"{plain} plainly, {plan} as a plan"
    if plain[0] == "raised":
        return None if issubclass(type(plan[1]), type(plain[1])) or issubclass(type(plain[1]), type(plan[1])) else f"{plain[1]!r} plainly, {plan[1]!r} as a plan"
    return None if same(plain[1], plan[1]) else f"{plain[1]!r} plainly, {plan[1]!r} as a plan"
