"""A program that is being built: operations in regions, and its text in XIR with the places of the Python source."""

from __future__ import annotations

import json
import math


class Ref:
    """A value in the program. Its name is given when the function is printed; `hint` is what it is called in Python."""

    __slots__ = ("type", "hint")

    def __init__(self, xir, hint="v"):
        self.type, self.hint = xir, hint


class Lit:
    """A constant: a literal operand of a scalar type, of the type `type`."""

    __slots__ = ("value", "type")

    def __init__(self, value, xir):
        self.value, self.type = value, xir


class Word:
    """Text that stands in the program as it is: a symbol, a duration, `secret("KEY")`."""

    def __init__(self, text):
        self.text = text

    def __eq__(self, other):
        return isinstance(other, Word) and self.text == other.text

    def __hash__(self):
        return hash(self.text)


FLAG = Word("")


class Op:
    """`fails`: whether Python may fail there, too; `after`: values that it waits for and does not use."""

    __slots__ = ("name", "symbol", "operands", "attributes", "results", "regions", "place", "fails", "after")

    def __init__(self, name, operands, results, attributes, symbol, regions, place):
        self.name, self.operands, self.results = name, operands, results
        self.attributes, self.symbol, self.regions, self.place = attributes or {}, symbol, regions, place
        self.fails, self.after = False, []


# Operations that fail for no operands and cost little.
_TOTAL = frozenset(
    [f"{t}.{c}" for t in ("i64", "f64", "str") for c in ("eq", "ne", "lt", "le", "gt", "ge")]
    + ["bool.and", "bool.or", "bool.not", "bool.eq", "bool.xor", "select", "const", "option.is_some", "option.some", "option.none", "option.or", "list.len", "list.pack",
       "list.contains", "dict.len", "dict.has", "dict.get", "str.length", "str.contains", "str.starts_with", "str.ends_with", "str.concat", "str.format", "record.get",
       "record.make", "i64.to_f64", "i64.to_str", "i64.min", "i64.max", "f64.is_nan", "f64.neg"]
)  # fmt: skip


class Region:
    """Operations, and what is known of all of them. `fails` are the ways in which one may fail."""

    def __init__(self, parameters=()):
        self.parameters, self.ops = list(parameters), []
        self.fails, self.writes, self.asks = set(), False, False

    def absorb(self, inner):
        """What an inner region does, its operation does."""
        self.fails |= inner.fails
        self.take_effects(inner)

    def take_effects(self, inner):
        self.writes |= inner.writes
        self.asks |= inner.asks

    @property
    def is_pure(self):
        """Whether running it where Python would not makes no difference: nothing in it can fail or is seen outside."""
        return not (self.fails or self.writes or self.asks) and all(op.name in _TOTAL for op in self.ops)


class Function:
    def __init__(self, name, parameters, results, region, private=True, defaults=None):
        self.name, self.parameters, self.results, self.region, self.private = name, parameters, results, region, private
        self.defaults = defaults or {}


def literal(value):
    """A Python value as a literal of the language."""
    if isinstance(value, Word):
        return value.text
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, float):
        return "nan" if math.isnan(value) else ("inf" if value > 0 else "-inf") if math.isinf(value) else repr(value)
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(literal(x) for x in value) + "]"
    return dictionary(value)


def dictionary(entries):
    def entry(key, value):
        shown = key if key.isascii() and key.replace(".", "_").isidentifier() else literal(key)
        return shown if isinstance(value, Word) and not value.text else f"{shown} = {literal(value)}"

    return "{" + ", ".join(entry(str(k), v) for k, v in entries.items()) + "}"


class Printer:
    """One function as text. With `places` each operation ends with its place in the Python source."""

    def __init__(self, places):
        self.places, self.names, self.used, self.lines = places, {}, {}, []

    def name(self, ref):
        if ref not in self.names:
            hint = ref.hint if ref.hint.isascii() and ref.hint.replace(".", "_").isidentifier() else "v"
            count = self.used.get(hint, 0)
            self.used[hint] = count + 1
            self.names[ref] = f"%{hint}" if not count else f"%{hint}.{count + 1}"
        return self.names[ref]

    def operand(self, x):
        return literal(x.value) if isinstance(x, Lit) else self.name(x)

    def function(self, f):
        parameters = ", ".join(f"{self.name(p)}: {p.type}" + (f" = {literal(f.defaults[p])}" if p in f.defaults else "") for p in f.parameters)
        results = " -> " + ", ".join(f.results) if f.results else ""
        self.lines.append(f"func {'private ' if f.private else ''}@{f.name}({parameters}){results} {{")
        self.region(f.region, 1)
        self.lines.append("}")
        return "\n".join(self.lines)

    def region(self, region, depth):
        for op in region.ops:
            self.op(op, depth)

    def op(self, op, depth):
        space = "  " * depth
        text = ", ".join(self.name(r) for r in op.results) + " = " if op.results else ""
        text += op.name + (f" @{op.symbol}" if op.symbol else "")
        if op.operands:
            text += "(" + ", ".join(self.operand(x) for x in op.operands) + ")"
        if op.after:
            text += " after(" + ", ".join(self.name(x) for x in op.after) + ")"
        if op.attributes:
            text += " " + dictionary(op.attributes)
        if op.results:
            text += " : " + ", ".join(r.type for r in op.results)
        elif op.regions or op.name == "host.call":
            text += " : ()" if op.regions else " : none"
        place = ""
        if self.places and op.place:
            path, line, column = op.place
            place = f" loc({literal(path)}:{line}:{column + 1})"
        if not op.regions:
            self.lines.append(space + text + place)
            return
        for i, region in enumerate(op.regions):
            self.lines.append(space + (text if i == 0 else "}") + " {")
            if region.parameters:
                self.lines.append(space + "^(" + ", ".join(f"{self.name(p)}: {p.type}" for p in region.parameters) + ")")
            self.region(region, depth + 1)
        self.lines.append(space + "}" + place)


def resource_text(kind, symbol, attributes):
    lines = ",\n".join(f"  {k} = {literal(v)}" for k, v in attributes.items())
    return f"{kind} @{symbol} {{\n{lines}\n}}"
