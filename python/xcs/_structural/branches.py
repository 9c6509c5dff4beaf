"""Branches: what their paths leave behind, and one value of several."""

from __future__ import annotations

import ast

from .ir import Lit, Ref
from .scope import jumps, live_before
from .types import BOOL, UNKNOWN, ListType, OptionType
from .values import Local, Slot, Static, Val, constant, is_empty_list

FALL, DEAD = "fall", "dead"  # a path goes on behind the statement; it always fails
_SELECTED = ("bool", "i64", "f64", "str")


class Path:
    """One of several ways through a statement: its region, its names behind it, and what it passes on (None: it always fails)."""

    def __init__(self, region, env, values):
        self.region, self.env, self.values = region, env, values


class Switch:
    """A value that one of several paths is chosen by, in place of a bool; the last path is that of all other values."""

    def __init__(self, val, cases):
        self.val, self.cases = val, cases


class Branches:
    def live_at(self, statements, after):
        """The names that may be read from these statements on."""
        return live_before(statements, after, set(after) | set(getattr(self.target, "carried", ())) | getattr(self.target, "live", set())) | self.captured

    def path(self, run):
        """Runs `run()` in a region of its own with its own names."""
        env = dict(self.env)
        with self.inside() as region:
            values = run()
        path = Path(region, self.env, values)
        self.env = env
        return path

    def chosen_path(self, runs, node):
        """The paths of an expression; what one of them refers to or binds is so afterwards, whichever has run."""
        env = dict(self.env)
        paths = [self.path(run) for run in runs]
        for p in paths:
            self.env = p.env
            self._restored(env, node)
        return paths

    def merge(self, cond, paths, node, names=None):
        """`if` with two paths: what they pass on, each as one value. `names` says what each is for messages."""
        alive = [p for p in paths if p.values is not None]
        count = len(alive[0].values) if alive else 0
        out, moved = [], []
        for i in range(count):
            what = f"`{names[i]}`" if names and i < len(names) else "this"
            values = [p.values[i] for p in alive]
            if all(_same(v, values[0]) for v in values) and not (len(alive) == 1 and _made_in(alive[0].region, values[0])):
                out.append(values[0])
                continue
            decided = self._decided(cond, paths, values)
            out.append(decided)
            if decided is None:
                moved.append((i, what))
        results = []
        per_path = {id(p): [] for p in paths}
        for i, what in moved:
            t, kind = self._common_of([p.values[i] for p in alive], node, what)
            hint = names[i] if names and i < len(names) else "result"
            ref = Ref(t.xir, hint)
            val = Val(t, ref, fresh=all(p.values[i].fresh for p in alive))
            val.count = all(getattr(p.values[i], "count", False) for p in alive)
            val.sink = kind
            results.append(ref)
            out[i] = val
            for p in paths:
                per_path[id(p)].append(self._brought(p, i, t, kind, node))
        self._emit_if(cond, paths, per_path, results)
        return out

    def _decided(self, cond, paths, values):
        """The test itself, or its opposite, where one path gives True and the other one False."""
        if isinstance(cond, Switch) or len(values) != len(paths) or not all(isinstance(v, Val) and v.type is BOOL and v.is_constant for v in values):
            return None
        return cond if values[0].constant else self.negated(cond)

    def _common_of(self, values, node, what):
        sinks = [getattr(v, "sink", None) for v in values]
        if all(s is not None for s in sinks):
            return self._common_sink(values, node, what)
        values = [self.as_value(v, node) for v in values]
        t = values[0].type
        for v in values[1:]:
            t = self.common(t, v.type, node, what)
        return t, None

    def _common_sink(self, values, node, what):
        """What several paths of an iteration have put into one list: one element each, at most one, or a list."""
        elements = [e for v in values for e in self._sunk_types(v)]
        if not elements:
            return ListType(UNKNOWN), []
        t = elements[0]
        for e in elements[1:]:
            t = self.common(t, e, node, what)
        if all(isinstance(v.sink, list) and len(v.sink) == 1 for v in values):
            return t, "one"
        if all(v.sink == "maybe" or v.sink == "one" or (isinstance(v.sink, list) and len(v.sink) <= 1) for v in values):
            return OptionType(t), "maybe"
        return ListType(t), "list"

    @staticmethod
    def _sunk_types(v):
        if isinstance(v.sink, list):
            return [x.type for x in v.sink]
        if v.sink == "one":
            return [v.type]
        return [v.type.inner] if v.sink == "maybe" else [v.type.element]

    def _brought(self, path, i, t, kind, node):
        before, self.region = self.region, path.region
        try:
            if path.values is None:
                return self.never(t, node)
            v = path.values[i]
            return self._sunk(v, t, kind, node) if kind in ("one", "maybe", "list") else self.to(v, t, node)
        finally:
            self.region = before

    def _sunk(self, v, t, kind, node):
        """What a path has put into a list, in the form that all paths share."""
        if kind == "one":
            return self.to(v if v.sink == "one" else v.sink[0], t, node)
        if kind == "maybe":
            if v.sink == "maybe":
                return self.to(_plain(v), t, node)
            if v.sink == []:
                return self.op("option.none", [], t)
            return self.op("option.some", [self.to(_plain(v) if v.sink == "one" else v.sink[0], t.inner, node)], t)
        if isinstance(v.sink, list):
            if not v.sink:
                return self.op("const", [], t, {"value": []}, hint="empty")
            return self.op("list.pack", [self.to(x, t.element, node) for x in v.sink], t)
        if v.sink == "list":
            return self.to(_plain(v), t, node)
        return self.op("list.flat", [_plain(v)], t) if v.sink == "maybe" else self.op("list.pack", [self.to(_plain(v), t.element, node)], t)

    def _emit_if(self, cond, paths, per_path, results):
        if isinstance(cond, Switch):
            return self._emit_switch(cond, paths, per_path, results)
        simple = len(results) == 1 and results[0].type in _SELECTED and not any(p.region.ops for p in paths) and getattr(self, "_expression", False)
        if simple:
            values = [per_path[id(p)][0] for p in paths]
            self.add("select", [cond, *values], results)
            return
        for p in paths:
            if results:
                self.emit_yield(p.region, per_path[id(p)])
            self.region.absorb(p.region)
        regions = [p.region for p in paths]
        if not results:
            if not regions[0].ops:
                cond, regions = self.negated(cond), regions[::-1]
            if not regions[0].ops:
                return
            regions = regions if regions[1].ops else regions[:1]
        self.add("if", [cond], results, regions=regions)

    def _emit_switch(self, switch, paths, per_path, results):
        for p in paths:
            if results:
                self.emit_yield(p.region, per_path[id(p)])
            self.region.absorb(p.region)
        if results or any(p.region.ops for p in paths):
            self.add("switch", [switch.val], results, {"cases": switch.cases}, regions=[p.region for p in paths])

    # Tests, and what they say of names.

    def test(self, node):
        """(a bool, names that have a value where it is true, and where it is false)."""
        if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
            cond, yes, no = self.test(node.operand)
            return self.negated(cond), no, yes
        if isinstance(node, ast.BoolOp):
            return self._test_all(node)
        yes, no = _facts(node)
        return self.truth(self.look(node), node), yes, no

    def _test_all(self, node):
        is_and = isinstance(node.op, ast.And)
        cond, yes, no = self.test(node.values[0])
        for v in node.values[1:]:
            if cond.is_constant and cond.constant != is_and:
                return cond, set(), set()
            with self.inside() as region:
                before = dict(self.env)
                self.know(yes if is_and else no)
                more, yes2, no2 = self.test(v)
                self._restored(before, v)
            cond = self.joined_test(cond, more, region, is_and)
            yes, no = (yes | yes2, set()) if is_and else (set(), no | no2)
        return cond, yes, no

    def _restored(self, before, node):
        """The names as they were; a name that a test binds only sometimes has no value afterwards."""
        for name, slot in self.env.items():
            old = before.get(name)
            if slot.val is not (old.val if old is not None else None):
                before[name] = Slot(None, unbound=f"is bound in a part of line {node.lineno} that may not run")
            elif old is not None and old.owned and not slot.owned:
                before[name] = old._replace(owned=False, shared=slot.shared)
        self.env = before

    def joined_test(self, cond, more, region, is_and):
        """`and`, `or` of a test and one that runs only if the first does not decide."""
        if cond.is_constant and not region.ops:
            return more if cond.constant == is_and else cond
        if region.is_pure:
            self.region.ops.extend(region.ops)
            return self.op("bool.and" if is_and else "bool.or", [cond, more], BOOL)
        with self.inside() as other:
            self.add("yield", [constant(not is_and)])
        self.emit_yield(region, [more])
        self.region.absorb(region)
        return self.op("if", [cond], BOOL, regions=[region, other] if is_and else [other, region])

    def negated(self, cond):
        if cond.is_constant:
            return constant(not cond.constant)
        ops = self.region.ops
        if ops and ops[-1].name == "bool.not" and ops[-1].results[0] is cond.ref:
            return Val(BOOL, ops[-1].operands[0], fresh=True)
        return self.op("bool.not", [cond], BOOL)

    def know(self, names):
        """From here on these names are no None."""
        for name in names:
            slot = self.env.get(name)
            if slot is not None and isinstance(slot.val, Val) and isinstance(slot.val.type, OptionType):
                self.env[name] = slot._replace(some=True)

    # `if`, which may leave the block.

    def s_If(self, s, rest, after, tail):
        cond, yes, no = self.test(s.test)
        if cond.is_constant:
            chosen = s.body if cond.constant else s.orelse
            return self.stmts([*chosen, *rest], after, tail)
        tails = jumps([s])
        if tails and not tail:
            raise self.refuse(s, "a jump out of this place has no form in a plan", "put it behind the statement, as a test of its own")
        live = self.live_at(rest, after)
        runs = []
        for body, known in ((s.body, yes), (s.orelse, no)):
            runs.append(lambda body=body, known=known: self._branch(body, known, rest if tails else [], after if tails else live, tails))
        return self.both(cond, runs, s, rest, after, tail, tails, live)

    def _branch(self, body, known, rest, after, tail):
        self.know(known)
        return self.stmts([*body, *rest], after, tail)

    def both(self, cond, runs, node, rest, after, tail, tails, live):
        """Two paths from `runs`, and what follows them. With `tails` they contain what follows."""
        paths = [self.path(run) for run in runs]
        if tails:
            for p in paths:
                p.values = None if p.values is DEAD else p.values
            if all(p.values is None for p in paths):
                self._emit_if(cond, paths, {id(p): [] for p in paths}, [])
                return DEAD
            return self.merge(cond, paths, node, self.target.names)
        alive = [p for p in paths if p.values is not DEAD]
        if not alive:
            self._emit_if(cond, paths, {id(p): [] for p in paths}, [])
            return DEAD
        names = self._differing(alive, live)
        for p in paths:
            p.values = None if p.values is DEAD else [p.env[n].val for n in names]
        values = self.merge(cond, paths, node, names)
        self._after(names, values, alive, live, node)
        return self.stmts(rest, after, tail)

    def _differing(self, alive, live):
        """Names that a path has bound anew and that are read afterwards, in the order in which they were bound."""
        names = []
        for p in alive:
            for n, slot in p.env.items():
                old = self.env.get(n)
                if n in live and n not in names and (old is None or old.val is not slot.val):
                    names.append(n)
        return [n for n in names if all(n in p.env and not p.env[n].unbound for p in alive) and all(isinstance(p.env[n].val, Val) for p in alive)]

    def _after(self, names, values, alive, live, node):
        merged = dict(zip(names, values))
        everything = list(dict.fromkeys([n for p in alive for n in p.env]))
        env = {}
        for n in everything:
            slots = [p.env.get(n) for p in alive]
            if n in merged:
                owned = all(s.owned for s in slots)
                env[n] = Slot(merged[n], owned=owned, shared=max(s.shared for s in slots))
            elif all(s is not None and not s.unbound and s.val is slots[0].val for s in slots) and self._outlives(slots[0].val, n):
                env[n] = Slot(slots[0].val, all(s.owned for s in slots), all(s.some for s in slots), None, max(s.shared for s in slots))
            else:
                why = next((s.unbound for s in slots if s is not None and s.unbound), None)
                env[n] = Slot(None, unbound=why or f"may have no value here: the statement in line {node.lineno} binds it on one path only")
        self.env = env


    def _outlives(self, val, name):
        """Whether what a path has bound is known behind it: values are passed on, objects that are known anyway are there."""
        old = self.env.get(name)
        return old is not None and old.val is val or isinstance(val, (Static, Local))


def _facts(node):
    """What a test says of names: those that are no None where it is true, and where it is false."""
    if isinstance(node, ast.Name):
        return {node.id}, set()
    if isinstance(node, ast.NamedExpr):
        return {node.target.id}, set()
    if isinstance(node, ast.Compare) and len(node.ops) == 1 and isinstance(node.left, (ast.Name, ast.NamedExpr)) and _is_none(node.comparators[0]):
        name = node.left.id if isinstance(node.left, ast.Name) else node.left.target.id
        if isinstance(node.ops[0], (ast.Is, ast.Eq)):
            return set(), {name}
        if isinstance(node.ops[0], (ast.IsNot, ast.NotEq)):
            return {name}, set()
    return set(), set()


def _is_none(node):
    return isinstance(node, ast.Constant) and node.value is None


def _made_in(region, val):
    """Whether a value is one of a region's own, which its `yield` has to pass on."""
    if isinstance(getattr(val, "sink", None), list):
        return any(_made_in(region, v) for v in val.sink)
    return isinstance(val, Val) and isinstance(val.ref, Ref) and any(val.ref is r for op in region.ops for r in op.results)


def _same(a, b):
    """Whether two values are the same one of the program."""
    if a is b:
        return True
    if not (isinstance(a, Val) and isinstance(b, Val)):
        return isinstance(a, Static) and isinstance(b, Static) and a.object is b.object
    if a.sink is not None or b.sink is not None:
        return is_empty_list(a) and is_empty_list(b)
    if isinstance(a.ref, Lit) and isinstance(b.ref, Lit):
        return a.type == b.type and repr(a.ref.value) == repr(b.ref.value)
    return a.ref is b.ref and a.type == b.type


def _plain(v):
    return Val(v.type, v.ref, v.fresh)
