"""What a loop or a comprehension goes through, as a list, and comprehensions."""

from __future__ import annotations

import ast

from .ir import Ref
from .types import BOOL, INT, STR, DictType, ListType, OptionType, is_tuple, tuple_type
from .values import Slot, Val, constant, empty_list, is_empty_list


class Iteration:
    """`list` is what is gone through, `locked` the names that may not be changed meanwhile, `trips` how often, if that is known."""

    def __init__(self, list_, locked=(), trips=None, count=False):
        self.list, self.locked, self.trips, self.count = list_, set(locked), trips, count

    def element(self, hint):
        t = self.list.type.element
        ref = Ref(t.xir, hint)
        return ref, Val(t, ref, fresh=not t.mutable, count=self.count)


class Iterations:
    def iterate(self, node):
        """The list of the elements that a loop over this expression has."""
        if isinstance(node, ast.GeneratorExp):
            return Iteration(self.comprehension(node))
        if isinstance(node, ast.Call):
            found = self._iterate_call(node)
            if found is not None:
                return found
        val = self.as_value(self.look(node), node)
        locked = {node.id} if isinstance(node, ast.Name) else set()
        return Iteration(self.elements(val, node), locked)

    def _iterate_call(self, node):
        if isinstance(node.func, ast.Attribute) and node.func.attr in ("items", "keys", "values") and not node.args:
            box = self.look(node.func.value)
            if isinstance(box, Val) and isinstance(box.type, DictType):
                locked = {node.func.value.id} if isinstance(node.func.value, ast.Name) else set()
                return Iteration(self.dict_part(box, node.func.attr, node), locked)
            return None
        builtin = self.builtin(node.func)
        if builtin is None or any(isinstance(a, ast.Starred) for a in node.args):
            return None
        if builtin is range and not node.keywords:
            return self._range(node)
        if builtin is enumerate:
            return self._enumerate(node)
        if builtin is zip:
            return self._zip(node)
        if builtin is reversed and len(node.args) == 1:
            inner = self.iterate(node.args[0])
            return Iteration(self.op("list.reverse", [inner.list], inner.list.type), inner.locked, inner.trips) if not is_empty_list(inner.list) else inner
        return None

    def _range(self, node):
        args = [self.whole(self.look(a), a) for a in node.args]
        if not 1 <= len(args) <= 3:
            raise self.refuse(node, "range() takes 1 to 3 arguments")
        start, stop = (constant(0), args[0]) if len(args) == 1 else args[:2]
        step = args[2:]
        trips = None
        if all(a.is_constant for a in [start, stop, *step]):
            if step and step[0].constant == 0:
                raise self.refuse(node, "range() with a step of 0 fails")
            trips = len(range(start.constant, stop.constant, *(s.constant for s in step)))
        fails = [("range-step", "ValueError")] if step and not step[0].is_constant else []
        ascending = not step or (step[0].is_constant and step[0].constant > 0)
        return Iteration(self.op("list.range", [start, stop, *step], ListType(INT), fails=fails, hint="numbers"), trips=trips, count=start.count and ascending)

    def _enumerate(self, node):
        inner = self.iterate(node.args[0])
        start = self.argument(node, 1, "start")
        if is_empty_list(inner.list):
            return inner
        element = inner.list.type.element
        if start is None:
            t = tuple_type([INT, element], ["index", "value"])
            return Iteration(self.op("list.enumerate", [inner.list], ListType(t), hint="numbered"), inner.locked, inner.trips)
        first = self.whole(self.look(start), start)
        n = self.op("list.len", [inner.list], INT)
        end = self.op("i64.add", [first, n], INT, fails=[("integer-overflow", None)])
        numbers = self.op("list.range", [first, end], ListType(INT), hint="numbers")
        return Iteration(self._zipped(numbers, inner.list), inner.locked, inner.trips)

    def _zip(self, node):
        if len(node.args) != 2 or [k for k in node.keywords if k.arg != "strict"]:
            raise self.refuse(node, "zip() of other than two lists has no form in a plan", "go through `range(len(xs))`, and take the elements by index")
        a, b = (self.iterate(x) for x in node.args)
        if is_empty_list(a.list) or is_empty_list(b.list):
            return a if is_empty_list(a.list) else b
        lengths = [self.op("list.len", [x.list], INT) for x in (a, b)]
        strict = next((k.value for k in node.keywords), None)
        if strict is not None:
            cond = self.truth(self.look(strict), strict)
            if not cond.is_constant:
                raise self.refuse(strict, "`strict` is not known when the function is compiled", "write True or False")
            if cond.constant:
                self.require(self.op("i64.eq", lengths, BOOL), "ValueError", "zip() arguments have different lengths")
                return Iteration(self._zipped(a.list, b.list), a.locked | b.locked)
        shorter = self.op("i64.min", lengths, INT)
        lists = [self.op("list.take", [x.list, shorter], x.list.type) for x in (a, b)]
        return Iteration(self._zipped(*lists), a.locked | b.locked)

    def _zipped(self, a, b):
        t = tuple_type([a.type.element, b.type.element], ["first", "second"])
        return self.op("list.zip", [a, b], ListType(t), hint="pairs")

    def elements(self, val, node):
        """The elements of a value, as Python goes through it."""
        if isinstance(val.type, ListType):
            return val
        if isinstance(val.type, DictType):
            return self.dict_part(val, "keys", node)
        if val.type is STR:
            return self.op("str.regex_extract_all", [val], ListType(STR), {"pattern": "(?s)."}, hint="characters")
        if is_tuple(val.type):
            t = val.type.items[0]
            for other in val.type.items[1:]:
                t = self.common(t, other, node, "an element")
            return self.op("list.pack", [self.to(self.field(val, n), t, node) for n, _ in val.type.fields], ListType(t, frozen=True))
        raise self.refuse(node, f"{val.type.shown} cannot be gone through in a plan", "go through a list, a dictionary, a text or a range")

    def dict_part(self, box, part, node):
        if box.type.keys.xir == "?":
            return empty_list()
        if part == "items":
            t = tuple_type([box.type.keys, box.type.value], ["key", "value"])
            return self.op("dict.items", [box], ListType(t), hint="items")
        return self.op(f"dict.{part}", [box], ListType(box.type.keys if part == "keys" else box.type.value), hint=part)

    def as_list(self, node):
        """The elements of an expression as a list of its own."""
        val = self.iterate(node).list
        if is_empty_list(val):
            return empty_list()
        return Val(ListType(val.type.element), val.ref, fresh=True)

    # Comprehensions.

    def comprehension(self, node, build=None):
        """The list of a comprehension; `build()` makes its element."""
        before, locked = dict(self.env), dict(self.locked)
        try:
            for g in node.generators:
                if g.is_async:
                    raise self.refuse(g.target, "an asynchronous comprehension has no form in a plan", "write a plain one: its calls run side by side")
            if any(isinstance(n, ast.NamedExpr) for n in ast.walk(node)):
                raise self.refuse(node, "`:=` in a comprehension has no form in a plan", "write a `for` loop with append")
            build = build or (lambda: self.expr(node.elt))
            result = self._level(node, node.generators, build)
        finally:
            kept = self.env
            self.env, self.locked = {n: s._replace(owned=s.owned and kept[n].owned, shared=kept[n].shared) if n in kept and kept[n].val is s.val else s for n, s in before.items()}, locked
        return result

    def _level(self, node, generators, build):
        g, inner = generators[0], generators[1:]
        it = self.iterate(g.iter)
        if is_empty_list(it.list) or it.trips == 0:
            return empty_list()
        self.locked.update(dict.fromkeys(it.locked, g.iter.lineno))
        if not g.ifs:
            return self._each(node, it, g, inner, build)
        tested = self._tested(it, g, node)
        return tested if tested is None or isinstance(tested, Val) and tested is not it.list else self._both(node, it, g, inner, build)

    def _element(self, it, g):
        hint = g.target.id if isinstance(g.target, ast.Name) else "pair"
        ref, val = it.element(hint)
        return ref, val

    def _bind_element(self, g, val):
        if isinstance(g.target, ast.Name):
            self.env[g.target.id] = Slot(val)
        else:
            self.unpack(g.target, val, g.iter)

    def _each(self, node, it, g, inner, build):
        ref, val = self._element(it, g)
        with self.inside(ref) as region:
            self._bind_element(g, val)
            element = self._level(node, inner, build) if inner else self.as_value(build(), node)
            if is_empty_list(element) and inner:
                return empty_list()
            if element.type.xir.find("?") >= 0:
                raise self.refuse(node, "the type of the elements of this list is not known", "annotate the name that it is assigned to")
            self.add("yield", [element])
        self._no_writes(region, node)
        self.region.absorb(region)
        result = self.op("map", [it.list], ListType(element.type), regions=[region])
        return self.op("list.flatten", [result], element.type) if inner else result

    def _no_writes(self, region, node):
        if region.writes:
            raise self.refuse(node, "a comprehension with calls that write runs in no order", "write a `for` loop with append: its calls are made one after the other")

    def _tested(self, it, g, node):
        """`[x for x in xs if c]`: a filter. The list itself says that it is more than that."""
        elt = node.elt if isinstance(node, (ast.ListComp, ast.GeneratorExp, ast.SetComp)) else None
        alone = len(node.generators) == 1 and isinstance(elt, ast.Name) and isinstance(g.target, ast.Name) and elt.id == g.target.id
        if not alone:
            return it.list
        ref, val = self._element(it, g)
        with self.inside(ref) as region:
            self._bind_element(g, val)
            cond, _, known = self._conditions(g)
            self.add("yield", [cond])
        self._no_writes(region, node)
        if isinstance(val.type, OptionType) and g.target.id in known:
            if len(g.ifs) == 1 and len(region.ops) == 2 and region.ops[0].name == "option.is_some":
                return self.op("option.somes", [it.list], ListType(val.type.inner))
            return it.list
        self.region.absorb(region)
        return self.op("filter", [it.list], ListType(it.list.type.element), regions=[region])

    def _conditions(self, g):
        test = g.ifs[0] if len(g.ifs) == 1 else ast.copy_location(ast.BoolOp(ast.And(), g.ifs), g.ifs[0])
        cond, yes, no = self.test(test)
        return cond, no, yes

    def _both(self, node, it, g, inner, build):
        """Elements with a test: one region that yields the element or none."""
        ref, val = self._element(it, g)
        with self.inside(ref) as region:
            self._bind_element(g, val)
            cond, _, yes = self._conditions(g)
            with self.inside() as then:
                self.know(yes)
                element = self._level(node, inner, build) if inner else self.as_value(build(), node)
                if is_empty_list(element) and inner:
                    return empty_list()
                t = element.type if inner else OptionType(element.type)
                out = element if inner else self.op("option.some", [element], t)
                self.add("yield", [out])
            with self.inside() as other:
                self.add("yield", [self.op("const", [], t, {"value": []}) if inner else self.op("option.none", [], t)])
            for r in (then, other):
                self.region.absorb(r)
            chosen = self.op("if", [cond], t, regions=[then, other])
            self.add("yield", [chosen])
        self._no_writes(region, node)
        self.region.absorb(region)
        if inner:
            return self.op("list.flatten", [self.op("map", [it.list], ListType(t), regions=[region])], t)
        return self.op("option.somes", [self.op("map", [it.list], ListType(t), regions=[region])], ListType(element.type))
