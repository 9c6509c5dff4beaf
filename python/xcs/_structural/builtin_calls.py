"""Functions of Python's library that have a form: builtins, json, math, statistics, time, dataclasses, collections.Counter."""

from __future__ import annotations

import ast
import builtins
import collections
import dataclasses
import json
import math
import sys
import time

from .ir import Ref, Word
from .types import BOOL, FLOAT, INT, JSON, NONE, STR, DictType, ListType, NoType, OptionType, RecordType, has_float, is_tuple, of_class, records_in
from .values import Answer, Parsed, Slot, Val, constant, empty_list, is_empty_list


class BuiltinCalls:
    def special_call(self, x, node, want):
        """A call of a function that has a form of its own; None for others."""
        name = next((n for n, f in _KNOWN.items() if f is x), None)
        if name is None:
            return None
        return getattr(self, "b_" + name)(node, want)

    def _args(self, node, *counts, keywords=()):
        if len(node.args) not in counts or any(k.arg not in keywords for k in node.keywords) or any(isinstance(a, ast.Starred) for a in node.args):
            shown = ast.unparse(node.func)
            raise self.refuse(node, f"`{shown}()` with these arguments has no form in a plan", "put it into a function with `@xcs.op(effect=\"pure\")`")
        return node.args

    # Conversions.

    def b_str(self, node, want):
        args = self._args(node, 0, 1)
        return self.text(self.look(args[0]), args[0]) if args else constant("")

    def b_int(self, node, want):
        (a,) = self._args(node, 1)
        val = self.value(a)
        if val.type in (INT, BOOL):
            return self._number(val, a)
        if val.type is FLOAT:
            return self._whole_of(val)
        if val.type is STR:
            return self.prelude("int", [val], INT, fails=[("failed", "ValueError"), ("failed", None)])
        raise self.refuse(node, f"int() of {val.type.shown} has no form in a plan")

    def _whole_of(self, val):
        return self.prelude("whole", [val], INT, fails=[("failed", "ValueError"), ("failed", "OverflowError"), ("failed", None)])

    def b_float(self, node, want):
        (a,) = self._args(node, 1)
        val = self.value(a)
        if val.type in (INT, BOOL, FLOAT):
            return self.as_float(self._number(val, a))
        if val.type is STR:
            return self.prelude("float", [val], FLOAT, fails=[("failed", "ValueError"), ("failed", None)])
        raise self.refuse(node, f"float() of {val.type.shown} has no form in a plan")

    def b_bool(self, node, want):
        (a,) = self._args(node, 1)
        cond, _, _ = self.test(a)
        return cond

    def b_list(self, node, want):
        args = self._args(node, 0, 1)
        return self.as_list(args[0]) if args else empty_list()

    def b_tuple(self, node, want):
        args = self._args(node, 0, 1)
        val = self.as_list(args[0]) if args else empty_list()
        return empty_list(True) if is_empty_list(val) else Val(ListType(val.type.element, frozen=True), val.ref, fresh=True)

    def b_dict(self, node, want):
        if not node.args and not node.keywords:
            return self.empty_dict()
        if not node.args:
            keys = [ast.copy_location(ast.Constant(k.arg), k.value) for k in node.keywords]
            return self.e_Dict(ast.copy_location(ast.Dict(keys, [k.value for k in node.keywords]), node), want)
        (a,) = self._args(node, 1)
        if isinstance(a, ast.GeneratorExp) or isinstance(a, ast.Call) and self.builtin(a.func) in (zip, enumerate):
            pairs = self.iterate(a).list
        else:
            found = self.value(a, want)
            if isinstance(found.type, DictType):
                return Val(found.type, found.ref, fresh=True)
            pairs = self.elements(found, a)
        if is_empty_list(pairs):
            return self.empty_dict()
        element = pairs.type.element
        if not is_tuple(element) or len(element.items) != 2:
            raise self.refuse(a, "dict() takes pairs in a plan", "write a comprehension: `{k: v for k, v in ..}`")
        return self._from_pairs(pairs, *element.items, a)

    def _from_pairs(self, pairs, key, val, node):
        from .types import tuple_type

        wanted = ListType(tuple_type([key, val], ["key", "value"]))
        return self.op("dict.from_items", [pairs if pairs.type == wanted else self.mapped(pairs, wanted, node)], DictType(key, val))

    # Numbers of lists.

    def b_len(self, node, want):
        (a,) = self._args(node, 1)
        found = self.look(a)
        if isinstance(found, Val) and is_empty_list(found):
            return constant(0)
        val = self.as_value(found, a)
        t = val.type
        if t is STR:
            return constant(len(val.constant)) if val.is_constant else self.op("str.length", [val], INT, count=True)
        if isinstance(t, DictType):
            return constant(0) if t.keys.xir == "?" else self.op("dict.len", [val], INT, count=True)
        if isinstance(t, ListType):
            return self.op("list.len", [val], INT, count=True)
        if is_tuple(t) or isinstance(t, RecordType) and t.kind == "dict":
            return constant(len(t.fields))
        raise self.refuse(node, f"len() of {t.shown} has no form in a plan")

    def b_sum(self, node, want):
        args = self._args(node, 1, 2)
        val = self.as_list(args[0])
        start = self.value(args[1]) if len(args) == 2 else constant(0)
        if start.type not in (INT, FLOAT):
            raise self.refuse(node, f"sum() that begins with {start.type.shown} has no form in a plan", "use join() for texts, and a loop for lists")
        if is_empty_list(val):
            return start
        t = val.type.element
        if t is BOOL and start.type is INT:
            true = self.comprehension_of(val, lambda e: e)
            return self._add_start(self.op("list.len", [true], INT, count=True), start)
        if t is INT and start.type is INT:
            return self._sum_ints(val, start)
        if t is FLOAT and start.is_constant and start.constant == 0:
            return self._sum_floats(val, node, start)
        raise self.refuse(node, f"sum() of {t.shown} that begins with {start.type.shown} has no form in a plan", "write the sum as a loop")

    def _add_start(self, val, start):
        if start.is_constant and start.constant == 0:
            return val
        return self.op("i64.add", [val, start], INT, fails=[("integer-overflow", None)])

    def _sum_ints(self, val, start):
        return self._add_start(self.op("i64.sum", [val], INT, fails=[("integer-overflow", None)]), start)

    def _sum_floats(self, val, node, start):
        """The empty sum is the whole number 0: no float is known to be one, so a plan refuses it."""
        if start.type is INT:
            some = self.op("i64.gt", [self.op("list.len", [val], INT), 0], BOOL)
            self.require_own(some, "the sum of an empty list is the whole number 0, where floats were expected: write sum(xs, 0.0)")
        if sys.version_info >= (3, 12):  # compensated from then on
            return self.prelude("sum", [val], FLOAT)
        return self.op("f64.sum", [val], FLOAT)

    def require_own(self, cond, text):
        """Fails as no program of Python does, where an answer would differ."""
        with self.inside() as region:
            self.add("fail", [f"xcs: {text}"], fails=[("failed", None)])
        self.region.absorb(region)
        self.add("if", [self.negated(cond)], regions=[region])

    def b_any(self, node, want):
        return self._quantified(node, "bool.any_of")

    def b_all(self, node, want):
        return self._quantified(node, "bool.all_of")

    def _quantified(self, node, name):
        (a,) = self._args(node, 1)
        before = dict(self.env)
        with self.inside() as region:
            val = self.as_list(a)
            if is_empty_list(val):
                bools = None
            elif val.type.element is BOOL:
                bools = val
            else:
                bools = self._truths(val, a)
        if isinstance(a, ast.GeneratorExp) and (region.asks or region.fails):
            self.env = before
            return self._until(a, name == "bool.any_of")
        self.region.ops.extend(region.ops)
        self.region.absorb(region)
        return constant(name == "bool.all_of") if bools is None else self.op(name, [bools], BOOL)

    def _until(self, gen, is_any):
        """`any`, `all` of elements that may fail or call something: a loop that stops at the first one that decides."""
        if len(gen.generators) > 1:
            raise self.refuse(gen, "`any()` and `all()` stop at the first element that decides, and these may fail or call something", "write a `for` loop with `break`")
        g, name = gen.generators[0], "(decided)"
        decides = gen.elt if is_any else ast.UnaryOp(ast.Not(), gen.elt)
        test = ast.BoolOp(ast.And(), [*g.ifs, decides]) if g.ifs else decides
        found = ast.Assign([ast.Name(name, ast.Store())], ast.Constant(is_any))
        loop = ast.For(g.target, g.iter, [ast.If(test, [found, ast.Break()], [])], [])
        for n in ast.walk(loop):
            if "lineno" in n._attributes and not hasattr(n, "lineno"):
                ast.copy_location(n, gen)
        before = dict(self.env)
        self.env[name] = Slot(constant(not is_any))
        self.stmts([loop], {name}, False)
        after, self.env = self.env, before
        self.env.update({n: s._replace(owned=False, shared=after[n].shared) for n, s in before.items() if s.owned and n in after and after[n].val is s.val and not after[n].owned})
        return after[name].val

    def _truths(self, val, node):
        ref = Ref(val.type.element.xir, "element")
        with self.inside(ref) as inner:
            self.add("yield", [self.truth(Val(val.type.element, ref), node)])
        self.region.absorb(inner)
        return self.op("map", [val], ListType(BOOL), regions=[inner])

    def b_min(self, node, want):
        return self._extreme(node, "min", "lt")

    def b_max(self, node, want):
        return self._extreme(node, "max", "gt")

    def _extreme(self, node, name, order):
        if any(isinstance(a, ast.Starred) for a in node.args) or [k for k in node.keywords if k.arg not in ("key", "default")]:
            self._args(node, -1)
        key = self.argument(node, 99, "key")
        default = self.argument(node, 99, "default")
        if len(node.args) > 1:
            if key is not None or default is not None:
                self._args(node, -1)
            values = [self.value(a) for a in node.args]
            best = values[0]
            for v, a in zip(values[1:], node.args[1:]):
                best = self._better(best, v, order, node, a)
            return best
        (a,) = self._args(node, 1, keywords=("key", "default"))
        val = self.as_list(a)
        if is_empty_list(val):
            raise self.refuse(a, f"{name}() of a list that is empty here")
        if default is not None:
            return self._extreme_or(val, name, order, node, key, default)
        return self._best_of(val, name, order, node, key)

    def _better(self, best, v, order, node, a):
        if best.type is INT and v.type is INT:
            return self.op(f"i64.{'min' if order == 'lt' else 'max'}", [best, v], INT, count=best.count and v.count)
        if best.type != v.type:
            raise self.refuse(a, f"one of {best.type.shown} and {v.type.shown} has no form in a plan", "give all one type")
        cond = self._ordered(node, order, v, best)
        return self.op("select", [cond, v, best], best.type)

    def _best_of(self, val, name, order, node, key):
        t = val.type.element
        empty = [("empty-list: `i64", "ValueError")]
        if key is None and t is INT:
            return self.op(f"i64.{name}_of", [val], INT, fails=empty)
        some = self.op("i64.gt", [self.op("list.len", [val], INT), 0], BOOL)
        self.require(some, "ValueError", f"{name}() arg is an empty sequence")
        if key is None and t in (FLOAT, STR):
            return self._best_by_walk(val, order, node)
        ranked = self.sorted_list(val, node, [] if key is None else [ast.keyword("key", key)], descending=name == "max")
        got = self.op("list.get", [ranked, 0], t)
        return Val(t, got.ref, not t.mutable)

    def _best_by_walk(self, val, order, node):
        """The first of the best, as Python walks through a list; nan compares with nothing."""
        t = val.type.element
        first = self.op("list.get", [val, 0], t)
        x, best = Ref(t.xir, "x"), Ref(t.xir, "best")
        with self.inside(x, best) as region:
            cond = self._ordered(node, order, Val(t, x), Val(t, best))
            self.add("yield", [self.op("select", [cond, Val(t, x), Val(t, best)], t)])
        return self.op("for", [val, first], t, regions=[region], hint="best")

    def _extreme_or(self, val, name, order, node, key, default):
        some = self.op("i64.gt", [self.op("list.len", [val], INT), 0], BOOL)
        t = val.type.element
        paths = self.chosen_path((lambda: [self._best_of(val, name, order, node, key)], lambda: [self.as_value(self.expr(default, t), default, t)]), node)
        return self.merge(some, paths, node)[0]

    def b_sorted(self, node, want):
        self._args(node, 1, keywords=("key", "reverse"))
        val = self.as_list(node.args[0])
        return self.sorted_list(val, node, node.keywords)

    def sorted_list(self, val, node, keywords, descending=False):
        if is_empty_list(val):
            return val
        options = {k.arg: k.value for k in keywords}
        if "reverse" in options:
            cond, _, _ = self.test(options["reverse"])
            if not cond.is_constant:
                raise self.refuse(options["reverse"], "`reverse` is not known when the function is compiled", "write True or False")
            descending = cond.constant
        attributes = {"descending": Word("")} if descending else {}
        key = options.get("key")
        if key is None or isinstance(key, ast.Constant) and key.value is None:
            self._sortable(val.type.element, node, val)
            return self.op("list.sort", [val], val.type, attributes)
        ref = Ref(val.type.element.xir, "element")
        with self.inside(ref) as region:
            found = self.applied(key, Val(val.type.element, ref))
            self._sort_key(found, key)
            self.add("yield", [found])
        if region.writes:
            raise self.refuse(key, "a key that writes runs in no order", "compute the keys in a loop before")
        self.region.absorb(region)
        if found.type is FLOAT:
            self._no_nan_keys(val, key)
        return self.op("sort_by", [val], val.type, attributes, regions=[region], hint="sorted")

    def _no_nan_keys(self, val, key):
        """The order of nan in Python depends on the list: a plan refuses it."""
        ref = Ref(val.type.element.xir, "element")
        with self.inside(ref) as region:
            self.add("yield", [self.applied(key, Val(val.type.element, ref))])
        if region.asks:
            raise self.refuse(key, "a key that is a float and calls something has no form in a plan", "compute the keys in a list before")
        keys = self.op("map", [val], ListType(FLOAT), regions=[region], hint="keys")
        self.prelude("no_nan", [keys], ListType(FLOAT), fails=[("failed", None)])

    def _sort_key(self, found, key):
        if found.type not in (INT, FLOAT, STR, BOOL):
            raise self.refuse(key, f"{found.type.shown} as a key of an order has no form in a plan", "sort by one number or text; sort twice for two, the less important one first")

    def _sortable(self, t, node, val):
        if t is FLOAT:
            self.prelude("no_nan", [val], ListType(FLOAT), fails=[("failed", None)])
        elif t not in (INT, STR, BOOL) and not (is_tuple(t) and all(x in (INT, STR, BOOL) for x in t.items)):
            raise self.refuse(node, f"the order of {t.shown} has no form in a plan", "give sorted() a key that is a number or a text")

    def applied(self, function, val):
        """What `key=..` gives for an element."""
        if isinstance(function, ast.Lambda):
            a = function.args
            if len(a.args) != 1 or a.posonlyargs or a.kwonlyargs or a.vararg or a.kwarg or a.defaults:
                raise self.refuse(function, "this lambda takes other than one argument")
            before = dict(self.env)
            self.env[a.args[0].arg] = Slot(val)
            try:
                return self.as_value(self.look(function.body), function.body)
            finally:
                self.env = before
        name = ast.copy_location(ast.Name("(element)", ast.Load()), function)
        self.env["(element)"] = Slot(val)
        try:
            return self.as_value(self.call(ast.copy_location(ast.Call(function, [name], []), function), None), function)
        finally:
            del self.env["(element)"]

    def b_abs(self, node, want):
        (a,) = self._args(node, 1)
        val = self._number(self.value(a), a)
        if val is None:
            raise self.refuse(a, "abs() takes a number")
        return self.op("i64.abs", [val], INT, fails=[("integer-overflow", None)], count=True) if val.type is INT else self.op("f64.abs", [val], FLOAT)

    def b_round(self, node, want):
        args = self._args(node, 1, 2)
        val = self.value(args[0])
        digits = self.value(args[1]) if len(args) == 2 else None
        if val.type in (INT, BOOL) and digits is None:
            return self._number(val, node)
        if val.type is not FLOAT or digits is not None and not (digits.is_constant and digits.type is INT and 0 <= digits.constant <= 20):
            raise self.refuse(node, "round() with these arguments has no form in a plan", "round a float to a number of digits that is written here")
        if digits is None:
            text = self.op("f64.format", [val], STR, {"digits": 0})
            return self._whole_of(self.op("str.to_f64", [text], FLOAT))
        text = self.op("f64.format", [val], STR, {"digits": digits.constant})
        return self.op("str.to_f64", [text], FLOAT)

    def b_enumerate(self, node, want):
        raise self.refuse(node, "this as a value has no form in a plan", "go through it in a loop or a comprehension, or write `list(..)`")

    b_zip = b_range = b_reversed = b_enumerate

    def b_isinstance(self, node, want):
        raise self.refuse(node, "isinstance() has no form in a plan", "the types are known: write the branch for the type that it is")

    def b_print(self, node, want):
        raise self.refuse(node, "print() has no form in a plan", "return the text, or call a function with `@xcs.op(effect=\"write(output)\")` that prints it")

    # math, statistics, time.

    def _float_arg(self, node):
        (a,) = self._args(node, 1)
        val = self._number(self.value(a), a)
        if val is None:
            raise self.refuse(a, "a number is wanted here")
        return val

    def b_floor(self, node, want):
        val = self._float_arg(node)
        return val if val.type is INT else self._whole_of(self.op("f64.floor", [val], FLOAT))

    def b_ceil(self, node, want):
        val = self._float_arg(node)
        return val if val.type is INT else self._whole_of(self.op("f64.ceil", [val], FLOAT))

    def b_sqrt(self, node, want):
        val = self.as_float(self._float_arg(node))
        self.require(self.negated(self.op("f64.lt", [val, 0.0], BOOL)), "ValueError", "math domain error")
        return self.op("f64.sqrt", [val], FLOAT)

    def b_isnan(self, node, want):
        return self.op("f64.is_nan", [self.as_float(self._float_arg(node))], BOOL)

    def b_sleep(self, node, want):
        val = self.as_float(self._float_arg(node))
        self.require(self.negated(self.op("f64.lt", [val, 0.0], BOOL)), "ValueError", "sleep length must be non-negative")
        wait = self.op("duration.from_seconds", [val], _DURATION, fails=[("parse-failed", None)])
        self.add("time.sleep", [wait])
        self.region.writes = True
        return constant(None)

    # json.

    def b_loads(self, node, want):
        (a,) = self._args(node, 1)
        val = self.value(a)
        if val.type is not STR:
            raise self.refuse(a, "json.loads() takes a text in a plan")
        self.exception_name(json.JSONDecodeError)
        parsed = Parsed(self.prelude("json_parse", [val], JSON, fails=[("failed", "JSONDecodeError"), ("failed", None)]))
        return parsed if want is None else self.parsed(parsed, want, node)

    def b_dumps(self, node, want):
        args = self._args(node, 1, keywords=("ensure_ascii", "indent", "separators"))
        return self.dumped(self.value(args[0]), node)

    def dumped(self, val, node, compact=False):
        """json.dumps: the spaces of Python behind `,` and `:`, and its escapes."""
        t = val.type
        options = {k.arg: k.value for k in node.keywords}
        is_false = isinstance(options.get("ensure_ascii"), ast.Constant) and options["ensure_ascii"].value is False
        separators = options.get("separators")
        tight = compact or separators is not None and ast.unparse(separators) in ("(',', ':')", "[',', ':']")
        if "indent" in options or separators is not None and not tight:
            raise self.refuse(node, "json.dumps() with these options has no form in a plan", "write `separators=(\",\", \":\")` and `ensure_ascii=False`")
        if has_float(t):
            raise self.refuse(node, f"json.dumps() of {t.shown} writes floats as Python does", "write the floats as texts")
        for r in records_in(t):
            if r.kind == "tuple":
                raise self.refuse(node, f"json.dumps() of {r.shown} has no form in a plan", "write a list of one type, or a dictionary")
            if not compact and r.kind != "dict":
                raise self.refuse(node, f"json.dumps() takes no {r.shown}", "write its fields as a dictionary")
        text = self.op("json.print", [self.op("json.from", [val], JSON)], STR)
        if not (is_false or compact):
            text = self.prelude("json_ascii", [text], STR, fails=[("failed", None)])
        return text if tight else self.prelude("json_spaced", [text], STR)

    def validated(self, cls, node):
        """`Model.model_validate_json(text)`."""
        try:
            t = of_class(cls)
        except NoType as e:
            raise self.refuse(node, str(e)) from None
        if t is None or t.kind != "pydantic":
            raise self.refuse(node, f"`{cls.__qualname__}` is no pydantic model")
        (a,) = self._args(node, 1)
        val = self.value(a)
        if not _castable(t):
            raise self.refuse(node, f"`{cls.__qualname__}` has a field that JSON reads in more ways than a plan", "use fields of str, bool, float, lists, dictionaries with str keys, and models of these")
        parsed = self.prelude("json_parse_model", [val], JSON, fails=[("failed", "ValidationError"), ("failed", None)])
        self.exception_name(sys.modules["pydantic"].ValidationError)
        return self.op("json.cast", [parsed], t, fails=[("json-mismatch", "ValidationError")])

    # dataclasses, collections.

    def b_replace(self, node, want):
        if len(node.args) != 1:
            self._args(node, 1)
        val = self.value(node.args[0])
        if not (isinstance(val.type, RecordType) and val.type.kind == "dataclass"):
            raise self.refuse(node, "dataclasses.replace() takes an object of a dataclass")
        for k in node.keywords:
            t = val.type.field(k.arg)
            if t is None:
                raise self.refuse(k.value, f"`{val.type.shown}` has no field `{k.arg}`")
            val = self.op("record.with", [val, self.to(self.expr(k.value, t), t, k.value)], val.type, {"field": k.arg})
        return Val(val.type, val.ref, fresh=True)

    def b_Counter(self, node, want):
        (a,) = self._args(node, 1)
        return Answer(self.as_list(a), ("Counter",))

    def answer_method(self, box, name, node):
        if box.way != ("Counter",):
            raise self.refuse(node, f"`.{name}()` of an answer has no form in a plan", "take its text: `.choices[0].message.content`")
        if name != "most_common" or len(node.args) != 1 or not (isinstance(node.args[0], ast.Constant) and node.args[0].value == 1):
            raise self.refuse(node, f"`Counter.{name}` has no form in a plan", "write `Counter(xs).most_common(1)[0][0]`, or count in a dictionary")
        return Answer(box.val, ("most_common",))

    def answer_item(self, box, node):
        index = node.slice.value if isinstance(node.slice, ast.Constant) else None
        if box.way == ("most_common",) and index == 0:
            return Answer(box.val, ("most_common", 0))
        if box.way == ("most_common", 0) and index == 0:
            return self._majority(box.val, node)
        if box.way == ("choices",) and index == 0:
            return Answer(box.val, ("choices", 0))
        raise self.refuse(node, "this part of it has no form in a plan", "write `.choices[0].message.content` of an answer, and `Counter(xs).most_common(1)[0][0]`")

    def _majority(self, val, node):
        if is_empty_list(val) or val.type.element not in (STR, INT, BOOL):
            raise self.refuse(node, f"a vote over {val.type.shown} has no form in a plan", "vote over texts or whole numbers")
        return self.op("vote.majority", [val], val.type.element, fails=[("empty-list: `vote", "IndexError")], hint="winner")

    def answer_field(self, box, node):
        way = {(): "choices", ("choices", 0): "message", ("message",): "content"}.get(box.way)
        if way is None or node.attr != way:
            raise self.refuse(node, f"`.{node.attr}` of an answer has no form in a plan", "take its text: `.choices[0].message.content`")
        return box.val if way == "content" else Answer(box.val, (way,))


def _castable(t):
    """Whether json.cast reads JSON as a strict pydantic model does: whole numbers and options it reads in other ways, too."""
    if isinstance(t, OptionType) or t is INT or t is NONE:
        return False
    if isinstance(t, ListType):
        return not t.frozen and _castable(t.element)
    if isinstance(t, DictType):
        return t.keys is STR and _castable(t.value)
    if isinstance(t, RecordType):
        return t.kind == "pydantic" and all(map(_castable, t.items)) and not any(not f.is_required() for f in t.cls.model_fields.values())
    return True


class _Duration:
    xir, shown, mutable = "duration", "a duration", False


_DURATION = _Duration()
_KNOWN = {name: getattr(builtins, name) for name in ("str", "int", "float", "bool", "list", "tuple", "dict", "len", "sum", "any", "all", "min", "max", "sorted", "abs",
                                                    "round", "enumerate", "zip", "range", "reversed", "isinstance", "print")}  # fmt: skip
_KNOWN |= {"floor": math.floor, "ceil": math.ceil, "sqrt": math.sqrt, "isnan": math.isnan, "sleep": time.sleep, "loads": json.loads, "dumps": json.dumps}
_KNOWN |= {"replace": dataclasses.replace, "Counter": collections.Counter}
