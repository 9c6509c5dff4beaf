"""Statements: bindings, changes in place, branches, jumps, failures."""

from __future__ import annotations

import ast
import builtins

from .branches import DEAD, FALL, Switch
from .scope import jumps
from .types import INT, STR, DictType, ListType, NoType, RecordType, is_known, is_tuple, of_annotation
from .values import Local, Parsed, Slot, Static, Val, constant, is_empty_list

MOST_STATEMENTS = 20_000  # that one function may become, where paths meet again


class FunctionTarget:
    """The paths of a function end with its result."""

    names = ["result"]

    def __init__(self, compiler):
        self.compiler = compiler

    def end(self, kind, val, node):
        if kind == "return":
            return [val]
        return [constant(None)]


class Statements:
    def stmts(self, statements, after, tail=False):
        """Compiles statements. FALL: control goes on behind them; DEAD: they always fail; else what the region passes on (`tail`)."""
        for i, s in enumerate(statements):
            self.unit.count += 1
            if self.unit.count > MOST_STATEMENTS:
                raise self.refuse(s, "too many paths lead through this function", "put parts of it into functions of their own")
            rest = statements[i + 1 :]
            with self.placed(s):
                handler = getattr(self, "s_" + type(s).__name__, None)
                if handler is None:
                    raise self.without_form(s)
                if type(s) in _BLOCKS:
                    return handler(s, rest, after, tail)
                outcome = handler(s, self.live_at(rest, after))
            if outcome is not None:
                return outcome
        return self.target.end("fall", None, statements[-1] if statements else self.at) if tail else FALL

    # Bindings.

    def s_Assign(self, s, live):
        want = None
        first = s.targets[0]
        if isinstance(first, ast.Name):
            want = self.declared.get(first.id)
        elif isinstance(first, (ast.Subscript, ast.Attribute)):
            want = self.place_type(first)
        if isinstance(first, ast.Tuple) and len(s.targets) == 1 and isinstance(s.value, ast.Tuple) and len(first.elts) == len(s.value.elts):
            values = [self.expr(v) for v in s.value.elts]
            for t, v in zip(first.elts, values):
                self.assign(t, v, s.value)
            return
        val = self.expr(s.value, want)
        if len(s.targets) > 1 and isinstance(val, Val) and val.type.mutable:
            val = Val(val.type, val.ref)
        for t in s.targets:
            self.assign(t, val, s.value)

    def s_AnnAssign(self, s, live):
        if not isinstance(s.target, ast.Name):
            raise self.without_form(s)
        wanted = self.annotation(s.annotation)
        self.declared[s.target.id] = wanted
        if s.value is not None:
            self.assign(s.target, self.expr(s.value, wanted), s.value)

    def annotation(self, node):
        try:
            return of_annotation(self.resolve.evaluated(node))
        except NoType as e:
            raise self.refuse(node, str(e)) from None
        except Exception as e:
            raise self.refuse(node, f"this annotation cannot be resolved: {e}") from None

    def assign(self, target, val, node):
        if isinstance(target, ast.Name):
            self.bind(target.id, val, node)
        elif isinstance(target, (ast.Tuple, ast.List)):
            self.unpack(target, self.as_value(val, node), node)
        elif isinstance(target, ast.Subscript):
            self.store_item(target, val, node)
        elif isinstance(target, ast.Attribute):
            self.store_field(target, val, node)
        else:
            raise self.without_form(target)

    def unpack(self, target, val, node):
        """`a, b = val`. Elements that refer to parts of `val` are no objects of their own."""
        for e in target.elts:
            if isinstance(e, ast.Starred):
                raise self.refuse(e, "`*` in this place has no form in a plan", "write the index and the slice: `first, rest = xs[0], xs[1:]`")
        if is_tuple(val.type):
            if len(val.type.fields) != len(target.elts):
                raise self.refuse(target, f"{len(val.type.fields)} values are unpacked into {len(target.elts)} names")
            parts = [(n, t) for n, t in val.type.fields]
            for e, (n, t) in zip(target.elts, parts):
                if isinstance(e, ast.Name) and self._unread(e.id):
                    self.env[e.id] = Slot(None, unbound="is read where it was taken to be unused")
                    continue
                part = self.field(val, n)
                self.assign(e, Val(part.type, part.ref, not t.mutable, count=n == "index"), node)
            return
        if isinstance(val.type, ListType) and not is_empty_list(val):
            n = self.op("list.len", [val], INT)
            self.require(self.op("i64.eq", [n, constant(len(target.elts))], _BOOL), "ValueError", "the number of values to unpack differs")
            for i, e in enumerate(target.elts):
                part = self.op("list.get", [val, constant(i)], val.type.element)
                self.assign(e, Val(part.type, part.ref, not part.type.mutable), node)
            return
        raise self.refuse(target, f"{val.type.shown} is not unpacked in a plan", "write the parts by index, or use a tuple or a list")

    def _unread(self, name):
        return name not in self.all_reads

    # Changes in place.

    def owner(self, node, what):
        """The name whose object is changed in place; nothing else may see the change."""
        if not isinstance(node, ast.Name):
            raise self.refuse(node, f"{what} changes something that is no plain name", "build the inner one anew: `d[k] = d[k] + [x]`")
        name = node.id
        slot = self.env.get(name)
        if slot is None or slot.unbound:
            self.load(node, retain=False)
            raise self.refuse(node, f"{what} changes `{name}`, which is not of this function", f"make a copy here, and return it: `{name} = list({name})`")
        if name in self.locked:
            raise self.refuse(node, f"{what} changes `{name}` while the loop in line {self.locked[name]} goes through it", f"go through a copy: `for .. in list({name})`")
        if not slot.owned:
            reason = f"the value of line {slot.shared} refers to it as well" if slot.shared else "its caller, or another name, refers to it as well"
            raise self.refuse(node, f"{what} changes `{name}` in place, and {reason}", f"change a copy: `{name} = list({name})`, `{{**{name}}}` or `replace({name}, ..)` before")
        return name, slot

    def store_item(self, target, val, node):
        name, slot = self.owner(target.value, "this")
        box = slot.val
        if getattr(box, "sink", None) is not None and self.is_sink(name):
            return self.sink_item(name, target, val, node)
        if isinstance(box.type, DictType):
            key = self.as_value(self.expr(target.slice), target.slice)
            if not is_known(box.type) and box.type.keys.xir == "?":
                val = self.as_value(val, node)
                t = DictType(self.key_type(key, target.slice), val.type)
                box = self.to(box, t, node)
            key = self.to(key, box.type.keys, target.slice)
            val = self.as_value(val, node, box.type.value)
            t = DictType(box.type.keys, self.common(box.type.value, val.type, node, "the value"))
            box = self.to(box, t, node)
            new = self.op("dict.put", [box, key, self.to(val, t.value, node)], t)
        elif isinstance(box.type, ListType) and not box.type.frozen and not isinstance(target.slice, ast.Slice):
            new = self.list_set(box, target.slice, val, node)
        elif isinstance(box.type, RecordType) and box.type.kind == "dict":
            field, t = self.fixed_key(box, target.slice)
            new = self.op("record.with", [box, self.to(val, t, node)], box.type, {"field": field})
        elif isinstance(target.slice, ast.Slice):
            raise self.without_form(target.slice)
        else:
            raise self.refuse(target, f"an element of {box.type.shown} cannot be replaced")
        self.rebind(name, slot, new)

    def rebind(self, name, slot, new):
        self.env[name] = slot._replace(val=self.rename(new, name))

    def list_set(self, box, index, val, node):
        if is_empty_list(box):
            raise self.refuse(node, "the list is empty here")
        at = self.list_index(box, index)
        t = ListType(self.common(box.type.element, self.as_value(val, node, box.type.element).type, node, "the element"))
        box, val = self.to(box, t, node), self.to(val, t.element, node)
        self.op("list.get", [box, at], t.element, fails=[("index-out-of-range", "IndexError")])
        before = self.op("list.take", [box, at], t)
        after = self.op("list.drop", [box, self.op("i64.add", [at, constant(1)], INT)], t)
        return self.op("list.concat", [self.op("list.append", [before, val], t), after], t)

    def store_field(self, target, val, node):
        name, slot = self.owner(target.value, "this")
        t = slot.val.type
        if not isinstance(t, RecordType) or t.kind not in ("dataclass", "pydantic"):
            raise self.refuse(target, f"{t.shown} has no attributes that can be replaced")
        if not t.own_mutable:
            raise self.refuse(target, f"`{t.shown}` is frozen", "use dataclasses.replace")
        wanted = t.field(target.attr)
        if wanted is None:
            raise self.refuse(target, f"`{t.shown}` has no field `{target.attr}`", f"its fields: {', '.join(n for n, _ in t.fields)}")
        self.rebind(name, slot, self.op("record.with", [slot.val, self.to(val, wanted, node)], t, {"field": target.attr}))

    def place_type(self, target):
        """The type that is wanted where a value is stored, if it is known."""
        slot = self.env.get(target.value.id) if isinstance(target.value, ast.Name) else None
        t = getattr(getattr(slot, "val", None), "type", None)
        if isinstance(target, ast.Subscript):
            found = t.element if isinstance(t, ListType) else t.value if isinstance(t, DictType) else None
            return found if found is not None and is_known(found) else None
        return t.field(target.attr) if isinstance(t, RecordType) else None

    def s_AugAssign(self, s, live):
        target = s.target
        if isinstance(target, ast.Name):
            slot = self.env.get(target.id)
            if self.is_sink(target.id):
                return self.sink_add(target.id, s)
            left = self.load(ast.copy_location(ast.Name(target.id, ast.Load()), target), retain=False)
            if isinstance(left, Val) and left.type.mutable:
                name, slot = self.owner(target, "`+=`")
                if not isinstance(s.op, ast.Add) or not isinstance(left.type, ListType):
                    raise self.refuse(s, f"this operator changes {left.type.shown} in place, and has no form in a plan", "write a plain assignment")
                return self.rebind(name, slot, self.list_extended(left, s.value))
            val = self.binary(s, s.op, left, self.look(s.value), target, s.value)
            return self.bind(target.id, val, s)
        if not isinstance(target, (ast.Subscript, ast.Attribute)):
            raise self.without_form(target)
        if isinstance(target, ast.Subscript) and not isinstance(target.slice, (ast.Constant, ast.Slice)):
            target = self._with_key(target)
        old = ast.copy_location(type(target)(**{f: getattr(target, f) for f in target._fields if f != "ctx"}, ctx=ast.Load()), target)
        left = self.as_value(self.look(old), target)
        if left.type.mutable:
            raise self.refuse(s, "this changes a list or a dictionary inside another one", "build the inner one anew: `d[k] = d[k] + [x]`")
        self.assign(target, self.binary(s, s.op, left, self.look(s.value), target, s.value), s.value)

    def _with_key(self, target):
        """`d[key]` whose key has been computed: it is read and stored by, and computed once."""
        self.env[_KEY] = Slot(self.value(target.slice))
        key = ast.copy_location(ast.Name(_KEY, ast.Load()), target.slice)
        return ast.copy_location(ast.Subscript(target.value, key, target.ctx), target)

    # Expressions for their effect.

    def s_Expr(self, s, live):
        if isinstance(s.value, ast.Constant):
            return
        if isinstance(s.value, ast.Call) and self.changing_call(s.value):
            return
        if not isinstance(s.value, ast.Call):
            self.look(s.value)
            return
        self.call(s.value, None, wanted=False)

    def s_Pass(self, s, live):
        return

    # Jumps.

    def s_Return(self, s, live):
        if s.value is None:
            return self.target.end("return", constant(None), s)
        own = isinstance(s.value, ast.Name) and s.value.id in self.env and self.env[s.value.id].owned
        val = self.expr(s.value, self.returns)
        if not isinstance(val, Val) and self.returns is None and isinstance(val, Parsed):
            raise self.refuse(s.value, "the type of what json.loads gives is not known", "annotate what the function returns")
        val = self.as_value(val, s.value, self.returns)
        if self.returns is not None:
            val = self.to(val, self.returns, s.value)
        if own:
            val = self._given_away(val)
        return self.target.end("return", val, s)

    @staticmethod
    def _given_away(val):
        """A list that nothing else refers to when it is returned: its own names end with the function."""
        new = Val(val.type, val.ref, fresh=True, count=val.count)
        new.sink = val.sink
        return new

    def s_Break(self, s, live):
        return self.target.end("exhausted" if getattr(s, "exhausted", False) else "break", None, s)

    def s_Continue(self, s, live):
        return self.target.end("continue", None, s)

    # Failures.

    def fail(self, name, text):
        """Fails as Python does with an exception of the class `name`; `text` is a text or a value."""
        if isinstance(text, str):
            message = constant(f"{name}: {text}" if text else name)
        else:
            message = self.op("str.concat", [constant(f"{name}: "), text], text.type) if not text.is_constant else constant(f"{name}: {text.constant}" if text.constant else name)
        self.add("fail", [message], fails=[("failed", name)])

    def require(self, cond, name, text):
        """Fails unless `cond`."""
        if cond.is_constant and cond.constant:
            return
        with self.inside() as region:
            self.fail(name, text)
        self.region.absorb(region)
        self.add("if", [self.negated(cond)], regions=[region])

    def s_Raise(self, s, live):
        if s.exc is None:
            if not self.handling:
                raise self.refuse(s, "there is no exception to raise again", "name one: `raise ValueError(..)`")
            self.reraise(self.handling[-1])
            return DEAD
        node, args = (s.exc.func, s.exc.args) if isinstance(s.exc, ast.Call) else (s.exc, [])
        if isinstance(s.exc, ast.Name) and self.handling and self.env.get(s.exc.id) is not None and self.env[s.exc.id].val is self.handling[-1].caught:
            self.reraise(self.handling[-1])
            return DEAD
        cls = self.exception_class(node)
        if isinstance(s.exc, ast.Call) and s.exc.keywords or len(args) > 1:
            raise self.refuse(s.exc, "an exception with several arguments has no form in a plan", "give it one text")
        text = self.text(self.look(args[0]), args[0]) if args else ""
        if args and issubclass(cls, KeyError):
            raise self.refuse(s.exc, "the text of a KeyError is the repr of its argument", "raise a LookupError or a ValueError")
        self.fail(self.exception_name(cls), text)
        return DEAD

    def exception_class(self, node):
        found = self.look(node)
        cls = found.object if isinstance(found, Static) else None
        if not (isinstance(cls, type) and issubclass(cls, Exception)):
            raise self.refuse(node, "this is no exception that a plan can raise", "name a class: `raise ValueError(\"..\")`")
        if cls.__init__ is not Exception.__init__ and not any(cls.__init__ is getattr(builtins, n).__init__ for n in _PLAIN if hasattr(builtins, n)) or "__str__" in vars(cls):
            if cls.__module__ != "builtins":
                raise self.refuse(node, f"`{cls.__qualname__}` has an __init__ or __str__ of its own, which a plan does not call", "write a class with `pass` alone")
        return cls

    def exception_name(self, cls):
        name = cls.__name__
        known = self.unit.exceptions.setdefault(name, getattr(builtins, name, cls))
        if known is not cls:
            raise self.refuse(self.at, f"`{name}` of {cls.__module__} has the name of another exception, of {known.__module__}", "give it another name: a plan knows exceptions by their names")
        return name

    def s_Assert(self, s, live):
        cond, yes, _ = self.test(s.test)
        if cond.is_constant and cond.constant:
            return
        with self.inside() as region:  # the message is computed only where the test fails
            env = dict(self.env)
            message = self.text(self.look(s.msg), s.msg) if s.msg is not None else constant("")
            self.env = env
        if message.is_constant and not region.ops:
            self.add("assert", [cond], attributes={"message": f"AssertionError: {message.constant}" if message.constant else "AssertionError"}, fails=[("assertion-failed", "AssertionError")])
        else:
            with self.continued(region):
                self.fail("AssertionError", message)
            self.region.absorb(region)
            self.add("if", [self.negated(cond)], regions=[region])
        self.know(yes)
        return

    # `match`, as `if`s.

    def s_Match(self, s, rest, after, tail):
        subject = ast.copy_location(ast.Name("(matched)", ast.Store()), s.subject)
        val = self.expr(s.subject)
        self.assign(subject, val, s.subject)
        chosen = self._switched(s, val)
        if chosen is None:
            return self.stmts([*self._cases(s, list(s.cases)), *rest], after, tail)
        switch, bodies = chosen
        tails = jumps([s])
        if tails and not tail:
            raise self.refuse(s, "a jump out of this place has no form in a plan", "put it behind the statement, as a test of its own")
        live = self.live_at(rest, after)
        runs = [lambda b=b: self.stmts([*b, *rest] if tails else b, after if tails else live, tails) for b in bodies]
        return self.both(switch, runs, s, rest, after, tail, tails, live)

    @staticmethod
    def _switched(s, val):
        """A `match` as `switch`: all its cases are texts, or whole numbers; (Switch, the bodies), or None."""
        if not isinstance(val, Val) or val.type not in (STR, INT) or val.is_constant:
            return None
        cases, bodies, other = [], [], []
        for i, c in enumerate(s.cases):
            patterns = c.pattern.patterns if isinstance(c.pattern, ast.MatchOr) else [c.pattern]
            if isinstance(c.pattern, ast.MatchAs) and c.pattern.pattern is None and c.pattern.name is None and c.guard is None and i == len(s.cases) - 1:
                other = c.body
                continue
            if c.guard is not None or not all(isinstance(p, ast.MatchValue) and isinstance(p.value, ast.Constant) for p in patterns):
                return None
            for p in patterns:
                if type(p.value.value) is not {STR: str, INT: int}[val.type] or p.value.value in cases:
                    return None
                cases.append(p.value.value)
                bodies.append(c.body)
        return (Switch(val, cases), [*bodies, other]) if 1 < len(cases) < 255 else None

    def _cases(self, s, cases):
        if not cases:
            return []
        case, others = cases[0], cases[1:]
        test, binding = self._pattern(case.pattern)
        body = [*binding, *case.body]
        if case.guard is not None:
            if binding:
                raise self.refuse(case.guard, "a guard of a pattern that binds a name has no form in a plan", "write `if`")
            test = case.guard if test is None else ast.copy_location(ast.BoolOp(ast.And(), [test, case.guard]), case.guard)
        if test is None:
            return body
        return [ast.copy_location(ast.If(test, body, self._cases(s, others)), test)]

    def _pattern(self, p):
        """(the test of a pattern or None, what it binds)."""
        here = lambda: ast.copy_location(ast.Name("(matched)", ast.Load()), p)  # noqa: E731
        if isinstance(p, ast.MatchValue):
            return ast.copy_location(ast.Compare(here(), [ast.Eq()], [p.value]), p), []
        if isinstance(p, ast.MatchSingleton):
            return ast.copy_location(ast.Compare(here(), [ast.Is()], [ast.copy_location(ast.Constant(p.value), p)]), p), []
        if isinstance(p, ast.MatchOr):
            parts = [self._pattern(x) for x in p.patterns]
            if any(t is None or b for t, b in parts):
                raise self.refuse(p, "this pattern has no form in a plan", "write `if`")
            return ast.copy_location(ast.BoolOp(ast.Or(), [t for t, _ in parts]), p), []
        if isinstance(p, ast.MatchAs):
            test, binding = self._pattern(p.pattern) if p.pattern is not None else (None, [])
            if p.name is not None:
                binding = [*binding, ast.copy_location(ast.Assign([ast.copy_location(ast.Name(p.name, ast.Store()), p)], here()), p)]
            return test, binding
        raise self.without_form(p)

    # Functions of the function.

    def s_FunctionDef(self, s, live):
        if s.decorator_list:
            raise self.refuse(s.decorator_list[0], "a decorator in a function has no form in a plan", "define the function at the top of the module")
        self.env[s.name] = Slot(Local(s, self))


_KEY = "(key)"  # the name of what `d[key] += x` has computed
_BOOL = None
_BLOCKS = {ast.If, ast.For, ast.While, ast.Try, ast.Match}
_PLAIN = ("ValueError", "TypeError", "RuntimeError", "KeyError", "IndexError", "LookupError", "ArithmeticError", "ZeroDivisionError", "AssertionError", "NotImplementedError")


def _load():
    global _BOOL
    from .types import BOOL

    _BOOL = BOOL


_load()
