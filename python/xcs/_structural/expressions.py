"""Expressions, with Python's meaning: numbers, comparisons, truth, items, displays."""

from __future__ import annotations

import ast

from .types import BOOL, FLOAT, INT, NONE, SCALARS, STR, UNKNOWN, DictType, ListType, NoJoin, OptionType, RecordType, is_tuple, join, tuple_type
from .values import Answer, Parsed, Static, Val, constant, empty_list, is_empty_list

OVER = [("integer-overflow", None)]
_SIGN = {ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/", ast.FloorDiv: "//", ast.Mod: "%", ast.Pow: "**"}


class Expressions:
    def expr(self, node, want=None):
        """What an expression is. What it gives may be kept: a name in it is shared afterwards."""
        if isinstance(node, ast.Name):
            return self.load(node, retain=True)
        return self._visit(node, want)

    def look(self, node, want=None):
        """What an expression is, for something that only looks at it."""
        if isinstance(node, ast.Name):
            return self.load(node, retain=False)
        return self._visit(node, want)

    def value(self, node, want=None):
        return self.as_value(self.look(node, want), node, want)

    def _visit(self, node, want):
        handler = getattr(self, "e_" + type(node).__name__, None)
        if handler is None:
            raise self.without_form(node)
        with self.placed(node):
            return handler(node, want)

    def e_Constant(self, node, want):
        if node.value is Ellipsis or isinstance(node.value, (bytes, complex)):
            raise self.refuse(node, "this constant has no form in a plan", "pass it to a function with `@xcs.op(effect=\"pure\")` by another name")
        if isinstance(node.value, str):
            self.encodable(node.value, node)
        if type(node.value) is int and not -(2**63) <= node.value < 2**63:
            raise self.refuse(node, "this number does not fit into 64 bits", "use a float or a text")
        return constant(node.value)

    def encodable(self, text, node):
        try:
            text.encode()
        except UnicodeEncodeError:
            raise self.refuse(node, "a half of a surrogate pair has no form in a plan", "write the character itself") from None

    def e_Name(self, node, want):
        return self.load(node, retain=False)

    def e_NamedExpr(self, node, want):
        val = self.expr(node.value, want)
        self.bind(node.target.id, val, node)
        return val

    # Numbers.

    def e_BinOp(self, node, want):
        if isinstance(node.op, ast.Mod) and isinstance(node.left, ast.Constant) and isinstance(node.left.value, str):
            return self.percent(node.left.value, node.right, node)
        left = self.look(node.left, want if isinstance(want, ListType) else None)
        right = self.look(node.right, want if isinstance(want, ListType) else None)
        return self.binary(node, node.op, left, right, node.left, node.right)

    def binary(self, node, op, left, right, left_node, right_node):
        a, b = self.as_value(left, left_node), self.as_value(right, right_node)
        if type(op) not in _SIGN:
            raise self.without_form(node, op)
        if isinstance(op, ast.Add):
            if a.type is STR and b.type is STR:
                return self.concat([a, b])
            if isinstance(a.type, ListType) and isinstance(b.type, ListType) and a.type.frozen == b.type.frozen:
                joined = self.extended(a, b, node)
                return Val(joined.type, joined.ref, fresh=True) if not is_empty_list(joined) else empty_list(a.type.frozen)
            if is_tuple(a.type) and is_tuple(b.type):
                parts = [self.field(v, n) for v in (a, b) for n, _ in v.type.fields]
                return self.op("record.make", parts, tuple_type([p.type for p in parts]))
            if isinstance(a.type, ListType) and a.type.frozen and is_tuple(b.type) or isinstance(b.type, ListType) and b.type.frozen and is_tuple(a.type):
                parts = [v if isinstance(v.type, ListType) else self.elements(v, node) for v in (a, b)]
                return self.extended(parts[0], parts[1], node)
        if isinstance(op, ast.Mult):
            repeated = self._repeat(a, b, node)
            if repeated is not None:
                return repeated
        if isinstance(op, ast.Mod) and a.type is STR:
            raise self.refuse(node, "`%` with a text that is not written here has no form in a plan", "write an f-string, or the text itself before `%`")
        a, b = (self._number(v, n) for v, n in ((a, left_node), (b, right_node)))
        if a is None or b is None:
            raise self.refuse(node, f"`{_SIGN[type(op)]}` of {left_type(left)} and {left_type(right)} has no form in a plan", "use numbers of one kind, texts or lists")
        return self._arithmetic(node, op, a, b, right_node)

    def _number(self, v, node):
        if v.type is BOOL:
            return constant(int(v.constant)) if v.is_constant else self.op("select", [v, 1, 0], INT, count=True)
        return v if v.type in (INT, FLOAT) else None

    def _repeat(self, a, b, node):
        if b.type is STR or isinstance(b.type, ListType):
            a, b = b, a
        if a.type is STR and b.type is INT:
            return self.op("str.repeat", [a, self.at_least_0(b)], STR)
        if isinstance(a.type, ListType) and b.type is INT:
            if a.type.element.mutable:
                raise self.refuse(node, "the copies in the list would be one object", "write a comprehension: `[[] for _ in range(n)]`")
            if is_empty_list(a):
                return a
            again = self.op("list.range", [0, self.at_least_0(b)], ListType(INT))
            return self.op("list.flatten", [self._copies(again, a)], a.type)
        return None

    def _copies(self, again, a):
        from .ir import Ref

        with self.inside(Ref("i64", "copy")) as region:
            self.add("yield", [a])
        return self.op("map", [again], ListType(a.type), regions=[region])

    def at_least_0(self, n):
        return n if n.count else self.op("i64.max", [n, 0], INT, count=True)

    def _arithmetic(self, node, op, a, b, right_node):
        if isinstance(op, ast.Pow):
            return self._power(node, a, b)
        if isinstance(op, ast.Div):
            return self._divided(a, b)
        if a.type is INT and b.type is INT:
            return self._whole(op, a, b)
        if isinstance(op, (ast.FloorDiv, ast.Mod)):
            raise self.refuse(node, f"`{_SIGN[type(op)]}` of floats has no form in a plan", "write `math.floor(a / b)`, or use whole numbers")
        name = {ast.Add: "f64.add", ast.Sub: "f64.sub", ast.Mult: "f64.mul"}[type(op)]
        return self.op(name, [self.as_float(a), self.as_float(b)], FLOAT)

    def as_float(self, v):
        """A whole number as the nearest float, as Python's arithmetic has it."""
        if v.type is FLOAT:
            return v
        return constant(float(v.constant)) if v.is_constant else self.op("i64.to_f64", [v], FLOAT)

    def _whole(self, op, a, b):
        if isinstance(op, (ast.Add, ast.Sub, ast.Mult)):
            name = {ast.Add: "i64.add", ast.Sub: "i64.sub", ast.Mult: "i64.mul"}[type(op)]
            return self.op(name, [a, b], INT, fails=OVER, count=a.count and b.count and not isinstance(op, ast.Sub))
        zero = [] if b.is_constant and b.constant != 0 else [("division-by-zero", "ZeroDivisionError")]
        if a.count and b.count:
            return self.op("i64.div" if isinstance(op, ast.FloorDiv) else "i64.rem", [a, b], INT, fails=zero, count=True)
        name = "floor_div" if isinstance(op, ast.FloorDiv) else "modulo"
        return self.prelude(name, [a, b], INT, fails=zero + (OVER if name == "floor_div" else []))

    def _divided(self, a, b):
        zero = [] if b.is_constant and b.constant != 0 else [("division-by-zero", "ZeroDivisionError")]
        if a.type is INT and b.type is INT:
            if all(v.is_constant and abs(v.constant) <= 2**53 for v in (a, b)):
                return self.op("f64.div", [float(a.constant), float(b.constant)], FLOAT, fails=zero)
            return self.prelude("true_div", [a, b], FLOAT, fails=[*zero, ("failed", None)])
        return self.op("f64.div", [self.as_float(a), self.as_float(b)], FLOAT, fails=zero)

    def _power(self, node, a, b):
        if not (b.is_constant and b.type is INT and 1 <= b.constant <= 8 and a.type is INT):
            raise self.without_form(node, ast.Pow())
        result = a
        for _ in range(b.constant - 1):
            result = self.op("i64.mul", [result, a], INT, fails=OVER)
        return result

    def e_UnaryOp(self, node, want):
        if isinstance(node.op, ast.Not):
            cond, _, _ = self.test(node.operand)
            return self.negated(cond)
        if isinstance(node.op, ast.Invert):
            raise self.without_form(node, node.op)
        if isinstance(node.op, ast.USub) and isinstance(node.operand, ast.Constant) and type(node.operand.value) is int and node.operand.value <= 2**63:
            return constant(-node.operand.value)
        val = self._number(self.value(node.operand), node)
        if val is None:
            raise self.refuse(node, "the sign of something that is no number")
        if isinstance(node.op, ast.UAdd):
            return val
        if val.is_constant and not (val.type is INT and val.constant == -(2**63)):
            return constant(-val.constant)
        return self.op("i64.neg", [val], INT, fails=OVER) if val.type is INT else self.op("f64.neg", [val], FLOAT)

    # Truth.

    def truth(self, val, node):
        """Whether Python takes a value for true."""
        val = self.as_value(val, node)
        t = val.type
        if t is BOOL:
            return val
        if val.is_constant:
            return constant(bool(val.constant))
        if t is NONE:
            return constant(False)
        if t is INT:
            return self.op("i64.ne", [val, 0], BOOL)
        if t is FLOAT:
            return self.op("f64.ne", [val, 0.0], BOOL)
        if t is STR:
            return self.op("str.ne", [val, ""], BOOL)
        if is_empty_list(val):
            return constant(False)
        if isinstance(t, (ListType, DictType)):
            kind = "list" if isinstance(t, ListType) else "dict"
            return self.op("i64.gt", [self.op(f"{kind}.len", [val], INT), 0], BOOL)
        if isinstance(t, OptionType):
            some = self.op("option.is_some", [val], BOOL)
            with self.inside() as region:
                inner = self.op("option.value", [val], t.inner)
                cond = self.truth(inner, node)
            if cond.is_constant and cond.constant:
                return some
            return self.joined_test(some, cond, region, True) if region.fails else self._some_and(some, cond, region)
        if isinstance(t, RecordType):
            return constant(True)
        raise self.refuse(node, f"whether {t.shown} is true is not known to a plan", "compare it with something")

    def _some_and(self, some, cond, region):
        with self.inside() as other:
            self.add("yield", [constant(False)])
        self.emit_yield(region, [cond])
        return self.op("if", [some], BOOL, regions=[region, other])

    def e_BoolOp(self, node, want):
        if all(_is_test(v) for v in node.values):
            cond, _, _ = self.test(node)
            return cond
        val = self.expr(node.values[0], want)
        for i, v in enumerate(node.values[1:]):
            val = self._chosen(node, val, node.values[i], v, want)
        return val

    def _chosen(self, node, val, left, right, want):
        """`a or b`, `a and b`: one of two values."""
        is_and = isinstance(node.op, ast.And)
        val = self.as_value(val, left, want)
        cond = self.truth(val, left)
        if cond.is_constant:
            return self.expr(right, want) if cond.constant == is_and else val
        if val.type is BOOL:
            before = dict(self.env)
            with self.inside() as region:
                more = self.as_value(self.expr(right, want), right)
            self._restored(before, right)
            if more.type is BOOL:
                return self.joined_test(cond, more, region, is_and)

        def first():
            if isinstance(val.type, OptionType) and not is_and:
                return [self.op("option.value", [val], val.type.inner)]
            return [val]

        known = self._known_by(left, is_and)

        def second():
            self.know(known)
            return [self.as_value(self.expr(right, want), right)]

        paths = self.chosen_path((second, first) if is_and else (first, second), node)
        return self._one_of(cond, paths, node)

    @staticmethod
    def _known_by(left, is_and):
        """Names that are no None where the first part of `and`, `or` does not decide."""
        from .branches import _facts

        yes, no = _facts(left)
        return yes if is_and else no

    def _one_of(self, cond, paths, node):
        before, self._expression = getattr(self, "_expression", False), True
        try:
            result = self.merge(cond, paths, node)[0]
        finally:
            self._expression = before
        return result

    def e_IfExp(self, node, want):
        cond, yes, no = self.test(node.test)
        if cond.is_constant:
            return self.expr(node.body if cond.constant else node.orelse, want)

        def run(branch, known):
            self.know(known)
            return [self.as_value(self.expr(branch, want), branch, want)]

        paths = self.chosen_path((lambda: run(node.body, yes), lambda: run(node.orelse, no)), node)
        return self._one_of(cond, paths, node)

    # Items and fields.

    def e_Subscript(self, node, want):
        box = self.look(node.value)
        if isinstance(box, Answer):
            return self.answer_item(box, node)
        if isinstance(box, Parsed):
            raise self.refuse(node.value, "the type of what json.loads gives is not known", "annotate the name that it is assigned to: `x: Reading = json.loads(text)`")
        if isinstance(box, Static):
            return self.resolve.item(self, box, node)
        box = self.as_value(box, node.value)
        if isinstance(node.slice, ast.Slice):
            return self.slice(box, node.slice, node)
        t = box.type
        if isinstance(t, DictType) and t.keys.xir != "?":
            got = self.op("dict.at", [box, self.to(self.look(node.slice), t.keys, node.slice)], t.value, fails=[("missing-key", "KeyError")], hint="item")
            return Val(got.type, got.ref, not t.value.mutable)
        if isinstance(t, RecordType) and t.kind == "dict":
            name, ft = self.fixed_key(box, node.slice)
            got = self.field(box, name)
            return Val(ft, got.ref, not ft.mutable)
        if is_tuple(t):
            return self._tuple_item(box, node)
        if t is STR:
            return self._character(box, node)
        if isinstance(t, ListType):
            return self._list_item(box, node)
        hint = "test it with `is not None` before" if isinstance(t, OptionType) else None
        raise self.refuse(node, f"{t.shown} has no items in a plan", hint)

    def fixed_key(self, box, node):
        key = self.value(node)
        if not (key.is_constant and key.type is STR):
            raise self.refuse(node, f"a key of {box.type.shown} has to be written as a text", "annotate the dictionary as `dict[str, ..]` where keys vary")
        t = box.type.field(key.constant)
        if t is None:
            raise self.refuse(node, f"{box.type.shown} has no key {key.constant!r}", f"its keys: {', '.join(n for n, _ in box.type.fields)}")
        return key.constant, t

    def _tuple_item(self, box, node):
        index = self.value(node.slice)
        if not (index.is_constant and index.type is INT):
            return self._list_item(self.elements(box, node), node)
        n = len(box.type.fields)
        if not -n <= index.constant < n:
            raise self.refuse(node, f"the tuple has {n} elements")
        name, t = box.type.fields[index.constant]
        got = self.field(box, name)
        return Val(t, got.ref, not t.mutable)

    def whole(self, val, node):
        val = self.as_value(val, node)
        found = self._number(val, node)
        if found is None or found.type is not INT:
            raise self.refuse(node, f"a whole number is wanted here, not {val.type.shown}")
        return found

    def list_index(self, box, node):
        """The index from the start, for one that may count from the end."""
        index = self.whole(self.look(node), node)
        if index.count:
            return index
        n = self.op("list.len" if isinstance(box.type, ListType) else "str.length", [box], INT)
        if index.is_constant:
            return self.op("i64.add", [n, index], INT)
        return self.prelude("index", [index, n], INT)

    def _list_item(self, box, node):
        if is_empty_list(box):
            raise self.refuse(node, "the list is empty here, or the type of its elements is not known", "annotate it: `xs: list[str] = []`")
        t = box.type.element
        fails = [("index-out-of-range", "IndexError")]
        if _minus_one(node.slice):
            got = self.op("list.last", [box], t, fails=[("empty-list: `list", "IndexError")])
        else:
            got = self.op("list.get", [box, self.list_index(box, node.slice)], t, fails=fails)
        return Val(t, got.ref, not t.mutable)

    def _character(self, box, node):
        at = self.list_index(box, node.slice)
        return self.prelude("character", [box, at], STR, fails=[("index-out-of-range", "IndexError")])

    def slice(self, box, s, node):
        if not (isinstance(box.type, ListType) or box.type is STR):
            raise self.refuse(node, f"a slice of {box.type.shown} has no form in a plan", "take the elements by index")
        if is_empty_list(box):
            return empty_list(box.type.frozen)
        step = self.whole(self.look(s.step), s.step) if s.step is not None else constant(1)
        if not step.is_constant or step.constant not in (1, -1):
            raise self.refuse(s.step, "a slice with this step has no form in a plan", "write a comprehension over `range(start, stop, step)`")
        if step.constant == -1:
            if s.lower is not None or s.upper is not None or box.type is STR:
                raise self.refuse(node, "a slice backwards has no form in a plan", "write `xs[::-1]` of a list, or a comprehension over `range(..)`")
            return self.op("list.reverse", [box], box.type)
        return self._between(box, s)

    def _between(self, box, s):
        is_list = isinstance(box.type, ListType)
        bounds = [None if b is None or isinstance(b, ast.Constant) and b.value is None else self.whole(self.look(b), b) for b in (s.lower, s.upper)]
        low, high = bounds
        if low is None and high is None:
            return Val(box.type, box.ref, fresh=True)
        if is_list and low is None and high.count:
            return self.op("list.take", [box, high], box.type)
        if is_list and high is None and low.count:
            return self.op("list.drop", [box, low], box.type)
        n = self.op("list.len" if is_list else "str.length", [box], INT, hint="length")
        begin = constant(0) if low is None else self._clamped(low, n)
        end = n if high is None else self._clamped(high, n)
        end = self.op("i64.max", [begin, end], INT) if low is not None and high is not None else end
        return self.op("list.slice" if is_list else "str.slice", [box, begin, end], box.type)

    def _clamped(self, index, n):
        """An end of a slice: within the list, negative ones counted from its end."""
        if index.count:
            return self.op("i64.min", [index, n], INT)
        return self.prelude("bound", [index, n], INT)

    def e_Attribute(self, node, want):
        box = self.look(node.value)
        if isinstance(box, Answer):
            return self.answer_field(box, node)
        if isinstance(box, Static):
            return self.resolve.attribute(self, box, node)
        if isinstance(box, Val) and isinstance(box.type, RecordType) and box.type.kind in ("dataclass", "pydantic"):
            t = box.type.field(node.attr)
            if t is not None:
                got = self.field(box, node.attr)
                return Val(t, got.ref, not t.mutable)
            return self.property_of(box, node)
        if isinstance(box, Val):
            hint = "test it with `is not None` before" if isinstance(box.type, OptionType) else None
            raise self.refuse(node, f"{box.type.shown} has no attribute `{node.attr}` in a plan", hint)
        raise self.refuse(node, "this has no attributes in a plan")

    # Displays.

    def e_List(self, node, want):
        return self._display(node, want, frozen=False)

    def _display(self, node, want, frozen):
        if not node.elts:
            return self.to(empty_list(frozen), want, node) if isinstance(want, ListType) and want.frozen == frozen else empty_list(frozen)
        inner = want.element if isinstance(want, ListType) else None
        if any(isinstance(e, ast.Starred) for e in node.elts):
            return self._spread(node, inner, frozen)
        values = [self.as_value(self.expr(e, inner), e, inner) for e in node.elts]
        t = inner
        if t is None:
            t = values[0].type
            for v, e in zip(values[1:], node.elts[1:]):
                t = self.common(t, v.type, e, "an element")
        if all(v.is_constant and v.type is t for v in values) and t in SCALARS:
            return self.op("const", [], ListType(t, frozen), {"value": [v.constant for v in values]}, hint="list")
        return self.op("list.pack", [self.to(v, t, e) for v, e in zip(values, node.elts)], ListType(t, frozen))

    def _spread(self, node, inner, frozen):
        """`[*xs, y]`."""
        result = empty_list(frozen)
        for e in node.elts:
            if isinstance(e, ast.Starred):
                part = self.as_list(e.value)
                part = Val(ListType(part.type.element, frozen), part.ref) if not is_empty_list(part) else empty_list(frozen)
            else:
                v = self.as_value(self.expr(e, inner), e, inner)
                part = self.op("list.pack", [v], ListType(v.type, frozen))
            result = self.extended(result, part, node)
        return result if is_empty_list(result) else Val(result.type, result.ref, fresh=True)

    def e_Tuple(self, node, want):
        if isinstance(want, ListType) and want.frozen or not node.elts:
            return self._display(node, want, frozen=True)
        if any(isinstance(e, ast.Starred) for e in node.elts):
            return self._spread(node, None, frozen=True)
        wants = want.items if want is not None and is_tuple(want) and len(want.items) == len(node.elts) else [None] * len(node.elts)
        values = [self.as_value(self.expr(e, w), e, w) for e, w in zip(node.elts, wants)]
        values = [self.to(v, w, e) if w is not None else v for v, w, e in zip(values, wants, node.elts)]
        if any(v.type.xir.find("?") >= 0 for v in values):
            raise self.refuse(node, "the type of an empty list in this tuple is not known", "bind it to an annotated name before")
        if any(v.type is NONE for v in values):
            raise self.refuse(node, "the type of None in this tuple is not known", "bind it to an annotated name before: `x: str | None = None`")
        return self.op("record.make", values, tuple_type([v.type for v in values]))

    def e_Dict(self, node, want):
        want = want.inner if isinstance(want, OptionType) else want
        if isinstance(want, RecordType) and want.kind == "dict":
            return self._record_display(node, want)
        if not node.keys:
            return self.to(self.empty_dict(), want, node) if isinstance(want, DictType) else self.empty_dict()
        kw, vw = (want.keys, want.value) if isinstance(want, DictType) else (None, None)
        keys, values = [], []
        for k, v in zip(node.keys, node.values):  # as Python evaluates them
            keys.append(None if k is None else self.value(k))
            values.append(self.as_value(self.expr(v, vw) if k is not None else self.look(v), v, vw))
        if None in keys:
            return self._spread_dict(node, keys, values)
        if want is None and all(k.is_constant and k.type is STR for k in keys) and not self._one_type(values):
            return self._record_of(node, keys, values)
        t = DictType(kw or self.common_of(keys, node, "a key"), vw or self.common_of(values, node, "a value"))
        self.key_type(keys[0], node)
        pairs = [x for k, v, e in zip(keys, values, node.values) for x in (self.to(k, t.keys, e), self.to(v, t.value, e))]
        return self.op("dict.make", pairs, t)

    @staticmethod
    def _one_type(values):
        try:
            t = values[0].type
            for v in values[1:]:
                t = join(t, v.type)
        except NoJoin:
            return False
        return True

    def common_of(self, values, node, what):
        t = values[0].type
        for v in values[1:]:
            t = self.common(t, v.type, node, what)
        return t

    def _record_of(self, node, keys, values):
        names = [k.constant for k in keys]
        if len(set(names)) != len(names):
            raise self.refuse(node, "a key occurs twice")
        if any(v.type.xir.find("?") >= 0 or v.type is NONE for v in values):
            raise self.refuse(node, "the type of an empty list or None in this dictionary is not known", "annotate the name, or what the function returns, with a TypedDict")
        for n, k in zip(names, node.keys):
            self.field_name(n, k)
        return self.op("record.make", values, RecordType("dict", [(n, v.type) for n, v in zip(names, values)]))

    def field_name(self, name, node):
        if not (name.isascii() and name.isidentifier()):
            raise self.refuse(node, f"{name!r} is no name of a field of a plan", "use letters, digits and `_`, or make all values of one type")

    def _record_display(self, node, want):
        """A dictionary with the keys of a TypedDict."""
        if any(k is None for k in node.keys):
            raise self.refuse(node, "`**` in a dictionary with fixed keys has no form in a plan", "write its keys")
        names = [k.value if isinstance(k, ast.Constant) else None for k in node.keys]
        wanted = [n for n, _ in want.fields]
        if names != wanted:
            if sorted(map(str, names)) == sorted(wanted):
                raise self.refuse(node, f"the keys are in another order than those of `{want.shown}`", f"write them in its order: {', '.join(wanted)}")
            raise self.refuse(node, f"the keys differ from those of `{want.shown}`", f"its keys: {', '.join(wanted)}")
        values = [self.to(self.expr(v, t), t, v) for v, (_, t) in zip(node.values, want.fields)]
        return self.op("record.make", values, want)

    def _spread_dict(self, node, keys, values):
        result = self.empty_dict()
        for k, v, e in zip(keys, values, node.values):
            if k is None:
                if not isinstance(v.type, DictType):
                    raise self.refuse(e, f"`**` of {v.type.shown} has no form here", "use dictionaries whose values have one type")
                part = v
            else:
                part = self.op("dict.make", [k, v], DictType(self.key_type(k, e), v.type))
            if part.type.keys.xir == "?":
                continue
            if result.type.keys.xir == "?":
                result = part
            else:
                t = DictType(self.common(result.type.keys, part.type.keys, node), self.common(result.type.value, part.type.value, node))
                result = self.op("dict.merge", [self.to(result, t, e), self.to(part, t, e)], t)
        return Val(result.type, result.ref, fresh=True)

    def empty_dict(self):
        from .ir import Ref

        return Val(DictType(UNKNOWN, UNKNOWN), Ref("dict<?, ?>", "empty"), fresh=True)

    def key_type(self, key, node):
        if key.type not in (STR, INT, BOOL):
            raise self.refuse(node, f"a dictionary of a plan has no keys of {key.type.shown}", "use str, int or bool")
        return key.type

    def e_ListComp(self, node, want):
        inner = want.element if isinstance(want, ListType) and "?" not in want.element.xir else None
        return self.comprehension(node, (lambda: self.to(self.expr(node.elt, inner), inner, node.elt)) if inner is not None else None)

    def e_DictComp(self, node, want):
        vw = want.value if isinstance(want, DictType) else None

        def pair():
            key, val = self.value(node.key), self.as_value(self.expr(node.value, vw), node.value, vw)
            self.key_type(key, node.key)
            return self.op("record.make", [key, val], tuple_type([key.type, val.type], ["key", "value"]), hint="pair")

        pairs = self.comprehension(node, pair)
        if is_empty_list(pairs):
            return self.empty_dict()
        key, val = pairs.type.element.items
        return self.op("dict.from_items", [pairs], DictType(key, val))


def left_type(v):
    return v.type.shown if isinstance(v, Val) else "this"


def _is_test(node):
    if isinstance(node, ast.Compare) or isinstance(node, ast.Constant) and isinstance(node.value, bool):
        return True
    if isinstance(node, ast.UnaryOp):
        return isinstance(node.op, ast.Not)
    return isinstance(node, ast.BoolOp) and all(map(_is_test, node.values))


def _minus_one(node):
    return isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub) and isinstance(node.operand, ast.Constant) and node.operand.value == 1
