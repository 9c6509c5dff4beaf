"""Comparisons, with Python's meaning: chains, equality of parts, None, what is in what."""

from __future__ import annotations

import ast

from .types import BOOL, FLOAT, INT, NONE, SCALARS, STR, DictType, ListType, NoJoin, OptionType, RecordType, has_float, is_tuple, join
from .values import Val, constant, is_empty_list

_COMPARE = {ast.Eq: "eq", ast.NotEq: "ne", ast.Lt: "lt", ast.LtE: "le", ast.Gt: "gt", ast.GtE: "ge"}


class Comparisons:
    def e_Compare(self, node, want):
        left_node, left = node.left, self.look(node.left)
        cond = None
        for op, right_node in zip(node.ops, node.comparators):
            with self.inside() as region:
                right = self._right(op, right_node)
                one = self.compare(node, op, left, right, left_node, right_node)
            if cond is None:
                self.region.ops.extend(region.ops)
                self.region.absorb(region)
                cond = one
            else:
                cond = self.joined_test(cond, one, region, True)
                if op is not node.ops[-1] and not region.is_pure:
                    raise self.refuse(right_node, "this value in the middle of a chain of comparisons has no form in a plan", "bind it to a name before")
            left, left_node = right, right_node
        return cond

    def _right(self, op, node):
        if isinstance(op, (ast.In, ast.NotIn)) and isinstance(node, (ast.Set, ast.Tuple, ast.List)) and not any(isinstance(e, ast.Starred) for e in node.elts):
            return [self.value(e) for e in node.elts]
        return self.look(node)

    def compare(self, node, op, left, right, left_node, right_node):
        if isinstance(op, (ast.In, ast.NotIn)):
            found = self._contains(node, self.as_value(left, left_node), right, right_node)
            return self.negated(found) if isinstance(op, ast.NotIn) else found
        if isinstance(op, (ast.Is, ast.IsNot)):
            return self._identity(node, op, left, right, left_node, right_node)
        a, b = self.as_value(left, left_node), self.as_value(right, right_node)
        if type(op) in (ast.Eq, ast.NotEq):
            same = self.equal(a, b, node)
            if isinstance(op, ast.NotEq):
                return self._not_equal(a, b, same)
            return same
        return self._ordered(node, _COMPARE[type(op)], a, b)

    def _not_equal(self, a, b, same):
        """`!=` of scalars has an operation of its own."""
        ops = self.region.ops
        names = {f"{t}.eq": f"{t}.ne" for t in ("i64", "f64", "str")}
        if ops and ops[-1].name in names and ops[-1].results and ops[-1].results[0] is same.ref:
            ops[-1].name = names[ops[-1].name]
            return same
        return self.negated(same)

    def equal(self, a, b, node):
        """`a == b`."""
        if a.is_constant and b.is_constant:
            return constant(a.constant == b.constant)
        if NONE in (a.type, b.type):
            other = b if a.type is NONE else a
            if isinstance(other.type, OptionType):
                return self.negated(self.op("option.is_some", [other], BOOL))
            return constant(a.type is b.type)
        if a.type == b.type and a.type in SCALARS:
            return self.op(f"{a.type.xir}.eq", [a, b], BOOL)
        numbers = [self._number(v, node) for v in (a, b)]
        if None not in numbers:
            x, y = numbers
            if x.type is not y.type:
                x, y = (self.exact(v) for v in (x, y))
            return self.op(f"{x.type.xir}.eq", [x, y], BOOL)
        return self._equal_parts(a, b, node)

    def exact(self, v):
        """A whole number as a float for a comparison, which in Python is exact."""
        if v.type is FLOAT:
            return v
        if v.is_constant and int(float(v.constant)) == v.constant:
            return constant(float(v.constant))
        return self.prelude("exact", [v], FLOAT, fails=[("failed", None)])

    def _equal_parts(self, a, b, node):
        if isinstance(a.type, OptionType) or isinstance(b.type, OptionType):
            return self._equal_options(a, b, node)
        if is_empty_list(a) or is_empty_list(b):
            other = b if is_empty_list(a) else a
            if isinstance(other.type, ListType):
                return self.negated(self.truth(other, node))
        if {a.type is STR, b.type is STR} == {True, False} or (isinstance(a.type, RecordType) and isinstance(b.type, RecordType) and a.type.cls is not b.type.cls and "dataclass" in (a.type.kind, b.type.kind)):
            raise self.refuse(node, f"{a.type.shown} and {b.type.shown} are never equal", "compare values of one type")
        try:
            t = join(a.type, b.type)
        except NoJoin:
            raise self.refuse(node, f"`==` of {a.type.shown} and {b.type.shown} has no form in a plan", "compare values of one type") from None
        if has_float(t):
            raise self.refuse(node, f"`==` of {t.shown} looks at whether two nan are one object", "compare the numbers themselves")
        return self.op("list.contains", [self.op("list.pack", [self.to(a, t, node)], ListType(t)), self.to(b, t, node)], BOOL)

    def _equal_options(self, a, b, node):
        if not isinstance(a.type, OptionType):
            a, b = b, a
        some = self.op("option.is_some", [a], BOOL)
        if isinstance(b.type, OptionType):
            t = self.common(a.type, b.type, node)
            if has_float(t):
                raise self.refuse(node, f"`==` of {t.shown} has no form in a plan", "test both with `is not None` before")
            return self.op("list.contains", [self.op("list.pack", [self.to(a, t, node)], ListType(t)), self.to(b, t, node)], BOOL)
        with self.inside() as region:
            cond = self.equal(self.op("option.value", [a], a.type.inner), b, node)
        if region.fails:
            return self.joined_test(some, cond, region, True)
        return self._some_and(some, cond, region)

    def _ordered(self, node, name, a, b):
        if a.type is STR and b.type is STR:
            return self.op(f"str.{name}", [a, b], BOOL)
        numbers = [self._number(v, node) for v in (a, b)]
        if None in numbers:
            hint = "test it with `is not None` before" if any(isinstance(v.type, OptionType) for v in (a, b)) else "compare numbers or texts"
            raise self.refuse(node, f"the order of {a.type.shown} and {b.type.shown} has no form in a plan", hint)
        x, y = numbers
        if x.type is not y.type:
            x, y = self.exact(x), self.exact(y)
        return self.op(f"{x.type.xir}.{name}", [x, y], BOOL)

    def _identity(self, node, op, left, right, left_node, right_node):
        values = [(left, left_node), (right, right_node)]
        none = [isinstance(v, Val) and v.type is NONE for v, _ in values]
        flag = [isinstance(n, ast.Constant) and isinstance(n.value, bool) for _, n in values]
        if any(none):
            other = values[0] if none[1] else values[1]
            if not isinstance(other[0], Val):
                same = constant(False)
            else:
                same = self.equal(other[0], constant(None), node)
        elif any(flag) and all(isinstance(v, Val) and v.type is BOOL for v, _ in values):
            same = self.equal(left, right, node)
        else:
            raise self.refuse(node, "`is` of values other than None has no form in a plan", "write `==`")
        return self.negated(same) if isinstance(op, ast.IsNot) else same

    def _contains(self, node, item, box, box_node):
        if isinstance(box, list):
            return self._one_of_these(node, item, box)
        box = self.as_value(box, box_node)
        t = box.type
        if t is STR:
            if item.type is not STR:
                raise self.refuse(node, f"`in` a text looks for a text, not for {item.type.shown}")
            return self.op("str.contains", [box, item], BOOL)
        if is_empty_list(box):
            return constant(False)
        if isinstance(t, DictType):
            if t.keys.xir == "?":
                return constant(False)
            return self.op("dict.has", [box, self.to(item, t.keys, node)], BOOL)
        if is_tuple(t):
            return self._one_of_these(node, item, [self.field(box, n) for n, _ in t.fields])
        if isinstance(t, ListType):
            if has_float(t.element):
                return self.prelude("has_float", [box, self.to(item, FLOAT, node)], BOOL, fails=[("failed", None)]) if t.element is FLOAT else self._no_in(node, t)
            return self.op("list.contains", [box, self.to(item, t.element, node)], BOOL)
        if isinstance(t, RecordType) and t.kind == "dict":
            names = [n for n, _ in t.fields]
            return self._one_of_these(node, self.to(item, STR, node), [constant(n) for n in names])
        return self._no_in(node, t)

    def _no_in(self, node, t):
        raise self.refuse(node, f"`in` {t.shown} has no form in a plan", "compare with the elements: `any(x == y for y in ys)`")

    def _no_nan(self, node, item, these):
        """`in` finds a nan that is the same object, which a plan does not know."""
        unknown = [e for e in these if has_float(e.type) and not (e.is_constant and e.constant == e.constant)]
        if not unknown or not has_float(item.type) or item.is_constant and item.constant == item.constant:
            return
        if item.type is not FLOAT or any(e.type is not FLOAT for e in unknown):
            raise self.refuse(node, f"`in` with {item.type.shown} looks at whether two nan are one object", "compare the numbers themselves")
        self.require_own(self.op("f64.eq", [item, item], BOOL), "`in` of a nan, which Python finds if it is the same object")

    def _one_of_these(self, node, item, these):
        if not these:
            return constant(False)
        if item.type in (STR, INT) and all(e.type is item.type for e in these) and len(these) > 1:
            packed = self.op("const", [], ListType(item.type), {"value": [e.constant for e in these]}) if all(e.is_constant for e in these) else self.op("list.pack", these, ListType(item.type))
            return self.op("list.contains", [packed, item], BOOL)
        self._no_nan(node, item, these)
        cond = self.equal(item, these[0], node)
        for e in these[1:]:
            cond = self.op("bool.or", [cond, self.equal(item, e, node)], BOOL)
        return cond
