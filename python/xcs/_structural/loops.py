"""Loops: side by side where iterations only put something into lists, else one after the other with what they pass on."""

from __future__ import annotations

import ast

from .branches import DEAD
from .ir import Lit, Ref
from .scope import all_reads, binds, bound_by, changes, leaves, live_before
from .types import BOOL, FLOAT, INT, NONE, STR, UNKNOWN, DictType, ListType, NoJoin, OptionType, is_known, join, tuple_type
from .values import Slot, Val, constant, empty_list, is_empty_list

FOREVER = 2**63 - 1
MOST_ROUNDS = 8  # in which the types of what a loop carries are found


class NotIndependent(Exception):
    """Iterations that were taken to be independent are not."""


class LoopTarget:
    """The paths of an iteration end with what it passes on: [goes on,] names [, returned, result]."""

    def __init__(self, compiler, names, breaks=False, returns=False, orelse=False):
        self.compiler, self.carried, self.breaks, self.returns, self.orelse = compiler, names, breaks or returns, returns, orelse
        self.names = [*(["go"] if self.breaks else []), *names, *(["broke"] if orelse else []), *(["returned", "result"] if returns else [])]
        self.result, self.lost, self.starts, self.live = None, {}, {}, set()

    def end(self, kind, val, node):
        c = self.compiler
        if kind != "return":  # what is returned is not changed afterwards
            self.lost.update({n: slot.shared for n, slot in c.env.items() if not slot.owned and not slot.unbound})
        state = []
        for n in self.carried:
            slot = c.env[n]
            if slot.unbound and (kind == "return" or kind == "break" and n not in self.live):
                slot = slot._replace(val=self.starts[n])  # nothing reads it any more
            elif slot.unbound:
                raise c.refuse(node, f"`{n}` {slot.unbound}, and the loop needs it", f"give `{n}` a value on every path")
            state.append(slot.val)
        out = [constant(kind in ("fall", "continue"))] if self.breaks else []
        out += state
        if self.orelse:
            out.append(constant(kind in ("break", "return")))  # and not "exhausted"
        if self.returns:
            if kind == "return":
                val = c.as_value(val, node)
                self.result = val.type if self.result is None else c.common(self.result, val.type, node, "the result")
            out += [constant(kind == "return"), val if kind == "return" else constant(None)]
        return out


class Loops:
    def is_sink(self, name):
        return name in self.sinks

    # `for`.

    def s_For(self, s, rest, after, tail):
        it = self.iterate(s.iter)
        breaks, returns = leaves(s.body, ast.Break), leaves(s.body, ast.Return)
        if s.orelse and not breaks:
            rest = [*s.orelse, *rest]
            s = ast.copy_location(ast.For(s.target, s.iter, s.body, []), s)
        live = self.live_at(rest, after) | (all_reads(s.orelse) if breaks else set())
        bound = bound_by(s.target)
        if is_empty_list(it.list) or it.trips == 0:
            return self.stmts([*s.orelse, *rest] if breaks else rest, after, tail)
        names = self._carried(s.body, bound, live)
        locked = dict(self.locked)
        self.locked.update(dict.fromkeys(it.locked, s.lineno))
        try:
            if breaks or returns:
                target = self._with_jumps(s, it, names, live, breaks, returns)
                self.locked = locked
                return self._behind_jumps(s, target, rest, after, tail, live)
            if not self._side_by_side(s, it, names, live):
                self._in_turn(s, it, names)
        finally:
            self.locked = locked
        self._forget(s.body, bound, names, s)
        return self.stmts(rest, after, tail)

    def _carried(self, body, bound, live):
        inside = live_before(body, set()) - bound | self.captured
        touched = binds(body) | changes(body)
        return [n for n, slot in self.env.items() if n in touched and n not in bound and (n in inside or n in live) and not (slot.unbound and n not in inside)]

    def _forget(self, body, bound, names, s):
        """What the body has bound is not known behind the loop: it may have run not once."""
        for n in (binds(body) | bound) - set(names):
            self.env[n] = Slot(None, unbound=f"is bound in the loop of line {s.lineno}, which may run not once")

    def _bind_target(self, target, val, node):
        if isinstance(target, ast.Name):
            self.env[target.id] = Slot(val)
        else:
            self.unpack(target, val, node)

    # Side by side.

    def _side_by_side(self, s, it, names, live):
        kinds = {}
        for n in names:
            kind = self._sink_kind(n, s.body)
            if kind is None or n in self.locked:
                return False
            kinds[n] = kind
        env, sinks, target, handling = dict(self.env), self.sinks, self.target, self.handling
        self.sinks = {**sinks, **kinds}
        self.target = LoopTarget(self, names)
        try:
            for n in names:
                self.env[n] = Slot(empty_list(), owned=True)
            hint = s.target.id if isinstance(s.target, ast.Name) else "pair"
            ref, val = it.element(hint)
            with self.inside(ref) as region:
                self._bind_target(s.target, val, s.iter)
                out = self.stmts(s.body, set(names) | live_before(s.body, set()) | self.captured, tail=True)
            if region.writes or "add" in kinds.values() and not region.asks:
                raise NotIndependent
            env = self._owned_as(env, self.target.lost)
        except NotIndependent:
            self.env = env
            return False
        finally:
            self.sinks, self.target, self.handling = sinks, target, handling
        self.env = env
        self._emit_map(s, it, region, names, kinds, out)
        return True

    @staticmethod
    def _owned_as(before, lost):
        """Names as before a loop, but for objects that something in it refers to now."""
        return {n: s._replace(owned=False, shared=lost[n]) if s.owned and n in lost else s for n, s in before.items()}

    def _sink_kind(self, name, body):
        """How the body of a loop uses a name: "append", "item" or "add", if in no other way."""
        slot = self.env[name]
        if not isinstance(slot.val, Val) or name in self.captured:
            return None
        kinds, uses = set(), 0
        for s in body:
            for n in ast.walk(s):
                uses += isinstance(n, ast.Name) and n.id == name
                kind = sink_statement(n, name)
                if kind:
                    kinds.add(kind)
                    uses -= 1
        if uses or len(kinds) != 1:
            return None
        kind = kinds.pop()
        t = slot.val.type
        if name in self.sinks:
            return kind if self.sinks[name] == kind else None
        fits = {"append": isinstance(t, ListType) and not t.frozen and slot.owned, "item": isinstance(t, DictType) and slot.owned, "add": t in (INT, FLOAT, STR)}
        return kind if fits[kind] else None

    def sink_put(self, name, val):
        """One more element that this iteration puts into a list."""
        slot = self.env[name]
        old = slot.val
        if isinstance(old.sink, list):
            new = empty_list()
            new.sink = [*old.sink, val]
        else:
            t = self._sunk_types(old)[0]
            t = self.common(t, val.type, self.at, f"an element of `{name}`")
            before = self._sunk(old, ListType(t), "list", self.at)
            new = self.op("list.append", [before, self.to(val, t, self.at)], ListType(t))
            new.sink = "list"
        self.env[name] = slot._replace(val=new)

    def sink_item(self, name, target, val, node):
        key = self.value(target.slice)
        self.key_type(key, target.slice)
        val = self.as_value(val, node)
        pair = self.op("record.make", [key, val], tuple_type([key.type, val.type], ["key", "value"]), hint="pair")
        self.sink_put(name, pair)

    def sink_add(self, name, s):
        self.sink_put(name, self.as_value(self.look(s.value), s.value))

    def _emit_map(self, s, it, region, names, kinds, out):
        yielded = []
        if out is not DEAD:
            before, self.region = self.region, region
            for n, v in zip(names, out):
                if v.sink == []:
                    continue
                kind = "one" if v.sink == "one" or isinstance(v.sink, list) and len(v.sink) == 1 else "maybe" if v.sink == "maybe" else "list"
                t = v.sink[0].type if isinstance(v.sink, list) else v.type
                if isinstance(v.sink, list) and len(v.sink) > 1:
                    for other in v.sink[1:]:
                        t = self.common(t, other.type, s, f"an element of `{n}`")
                    t = ListType(t)
                yielded.append((n, kind, self._sunk(v, t, kind, s), t))
            together = len(yielded) > 1 and tuple_type([t for *_, t in yielded])
            if together:
                self.add("yield", [self.op("record.make", [v for _, _, v, _ in yielded], together)])
            elif yielded:
                self.add("yield", [yielded[0][2]])
            self.region = before
        self.region.absorb(region)
        if len(yielded) > 1:
            rows = self.op("map", [it.list], ListType(together), regions=[region], hint="rows")
            refs = [self.op("list.pluck", [rows], ListType(t), {"field": f"_{i}"}, hint=n).ref for i, (n, _, _, t) in enumerate(yielded)]
        else:
            refs = [Ref(f"list<{t.xir}>", n) for n, _, _, t in yielded]
            self.add("map", [it.list], refs, regions=[region])
        for ref, (n, kind, _, t) in zip(refs, yielded):
            got = Val(ListType(t), ref, fresh=True)
            if kind == "maybe":
                got = self.op("option.somes", [got], ListType(t.inner), hint=n)
            elif kind == "list":
                got = self.op("list.flatten", [got], t, hint=n)
            self._put_all(n, kinds[n], got, s)

    def _put_all(self, name, kind, got, node):
        """What all iterations have put into a list, a dictionary or a sum."""
        slot = self.env[name]
        old = slot.val
        if name in self.sinks:
            t = got.type.element
            if not is_empty_list(old):
                for e in self._sunk_types(old):
                    t = self.common(t, e, node, f"an element of `{name}`")
                got = self.op("list.concat", [self._sunk(old, ListType(t), "list", node), self.to(got, ListType(t), node)], ListType(t))
            new = Val(ListType(t), got.ref, fresh=True)
            new.sink = "list"
        elif kind == "append":
            new = self.extended(old, got, node)
        elif kind == "item":
            t = DictType(got.type.element.items[0], got.type.element.items[1])
            new = self.op("dict.from_items", [got], t)
            if old.type.keys.xir != "?":
                new = self.op("dict.merge", [self.to(old, t, node), new], t)
        else:
            new = self._summed(old, got, node)
        self.env[name] = slot._replace(val=self.rename(new, name))

    def extended(self, old, more, node):
        """`old + more`, two lists."""
        if is_empty_list(old):
            return Val(ListType(more.type.element, old.type.frozen), more.ref, fresh=True)
        if is_empty_list(more):
            return old
        t = ListType(self.common(old.type.element, more.type.element, node, "the element"), old.type.frozen)
        return self.op("list.concat", [self.to(old, t, node), self.to(Val(ListType(more.type.element, t.frozen), more.ref), t, node)], t)

    def _summed(self, old, got, node):
        e, a = Ref(got.type.element.xir, "more"), Ref(old.type.xir, "sum")
        with self.inside(e, a) as region:
            total = self.binary(node, ast.Add(), Val(old.type, a), Val(got.type.element, e), node, node)
            if total.type != old.type:
                raise self.refuse(node, f"the sum is {old.type.shown} before the loop and {total.type.shown} behind it", "write `0.0`: the texts of the two differ")
            self.add("yield", [total])
        self.region.absorb(region)
        return self.op("for", [got, old], old.type, regions=[region])

    # One after the other.

    def _in_turn(self, s, it, names):
        hint = s.target.id if isinstance(s.target, ast.Name) else "pair"

        def parameters():
            ref, val = it.element(hint)
            return [ref], lambda: self._bind_target(s.target, val, s.iter)

        target = LoopTarget(self, names)
        region, refs, starts = self._settled(s, names, target, parameters, s.body)
        self.add("for", [it.list, *starts], refs, regions=[region])

    def _settled(self, s, names, target, parameters, body):
        """The region of a loop whose carried names have types that no iteration changes."""
        begin = dict(self.env)
        inner_sinks = {n: k for n, k in self.sinks.items() if n not in names}
        if any(n in self.sinks and self.sinks[n] != "append" or n in self.sinks and begin[n].val.sink != [] for n in names):
            raise NotIndependent
        types = [self._start_type(begin[n], n, s) for n in names]
        owned = [begin[n].owned for n in names]
        for _ in range(MOST_ROUNDS):
            region, out, again = self._round(s, names, types, owned, target, parameters, body, begin, inner_sinks)
            if not again:
                break
            types, owned = again
        else:
            raise self.refuse(s, "the types of what this loop carries do not settle", "annotate its names before it")
        return self._closed(s, names, types, owned, region, out, target, begin)

    def _start_type(self, slot, name, s):
        if slot.unbound:
            raise self.refuse(s, f"`{name}` {slot.unbound}", f"give `{name}` a value before the loop")
        if not isinstance(slot.val, Val):
            raise self.refuse(s, f"`{name}` changes in the loop, and is no value of a plan before it", "use another name in the loop")
        return slot.val.type

    def _round(self, s, names, types, owned, target, parameters, body, begin, inner_sinks):
        saved = self.env, self.sinks, self.target
        target.lost = {}
        refs = [Ref(t.xir, n) for n, t in zip(names, types)]
        self.env, self.sinks, self.target = dict(begin), inner_sinks, target
        for n, t, r, o in zip(names, types, refs, owned):
            val = empty_list() if isinstance(t, ListType) and t.element is UNKNOWN and not t.frozen else Val(t, r)
            self.env[n] = Slot(val, owned=o, shared=begin[n].shared)
            target.starts[n] = val
        own, prepare = parameters()
        try:
            with self.inside(*own, *refs) as region:
                prepare()
                out = self.stmts(body, set(names) | live_before(body, set()) | self.captured, tail=True)
        finally:
            self.env, self.sinks, self.target = saved
        if out is DEAD:
            return region, out, None
        first = 1 if target.breaks else 0
        new_types = []
        for n, t, v in zip(names, types, out[first:]):
            v = v if is_empty_list(v) else self.as_value(v, s)
            try:
                new_types.append(join(t, v.type))
            except NoJoin:
                raise self.refuse(s, f"`{n}` is {t.shown} before the loop and {v.type.shown} in it", "give it one type from the beginning" if {t, v.type} != {INT, FLOAT} else "begin with a float, such as `0.0`") from None
        ends = [o and n not in target.lost for n, o in zip(names, owned)]
        changed = {n for n in begin if n not in names and n in target.lost and begin[n].owned}
        for n in changed:
            begin[n] = begin[n]._replace(owned=False, shared=target.lost[n])
        if new_types != types or ends != owned or changed:
            return region, out, (new_types, ends)
        return region, out, None

    def _closed(self, s, names, types, owned, region, out, target, begin):
        """Brings the start and the end of an iteration to the types that were found; binds the names behind the loop."""
        self.env.update({n: begin[n] for n in begin if n in self.env})
        starts = []
        for n, t in zip(names, types):
            starts.append(self.to(begin[n].val, t, s) if is_known(t) else constant(None))
        extra = self._extra_types(target, out)
        starts += [self.never(t, s) for t in extra]
        before, self.region = self.region, region
        values = out
        if out is DEAD:
            values = [self.never(t, s) for t in ([BOOL] if target.breaks else []) + list(types) + extra]
        first = 1 if target.breaks else 0
        kept = [v if not is_known(t) else self.to(v, t, s) for v, t in zip(values[first:], [*types, *extra])]
        known = [is_known(t) for t in [*types, *extra]]
        kept = [v for v, k in zip(kept, known) if k]
        if target.breaks or kept:
            self.add("continue" if target.breaks else "yield", [*values[:first], *kept])
        self.region = before
        region.parameters += [Ref(t.xir, n) for t, n in zip(extra, target.names[first + len(names) :])]
        region.parameters = [p for p in region.parameters if "?" not in p.type]
        self.region.absorb(region)
        refs = [Ref(t.xir, n) for n, t in zip([*names, *target.names[first + len(names) :]], [*types, *extra])]
        for n, t, r, o in zip(names, types, refs, owned):
            if is_known(t):
                self._behind(n, Val(t, r), o, begin[n])
        self.extra_refs = [Val(t, r) for t, r in zip(extra, refs[len(names) :])]
        return region, [r for r, k in zip(refs, known) if k], [x for x, k in zip(starts, known) if k]

    def _behind(self, name, val, owned, slot):
        if name in self.sinks:
            val.sink = "list"
        self.env[name] = Slot(val, owned=owned, shared=slot.shared)

    @staticmethod
    def _extra_types(target, out):
        extra = [BOOL] if target.orelse else []
        if target.returns:
            t = target.result
            extra += [BOOL, NONE if t is None or t is NONE else t if isinstance(t, OptionType) else OptionType(t)]
        return extra

    # With `break` or `return`.

    def _with_jumps(self, s, it, names, live, breaks, returns):
        if self.sinks and any(n in self.sinks for n in names):
            raise NotIndependent
        orelse = bool(s.orelse)
        target = LoopTarget(self, names, breaks, returns, orelse)
        target.live = live
        index_ref = []
        fixed = it.trips is not None and it.trips > 0 and isinstance(s.target, ast.Name) and s.target.id not in all_reads(s.body)
        body = s.body

        def parameters():
            if fixed:
                return [], lambda: None
            i = Ref("i64", "index")
            index_ref[:] = [i]

            def prepare():
                element = self.op("list.get", [it.list, i], it.list.type.element, hint=s.target.id if isinstance(s.target, ast.Name) else "pair")
                element = Val(element.type, element.ref, not element.type.mutable, it.count)
                self._bind_target(s.target, element, s.iter)

            return [i], prepare

        if fixed:
            region, refs, starts = self._settled(s, names, target, parameters, body)
            self.add("while", starts, refs, {"max_trips": it.trips, "at_bound": "yield"}, regions=[region])
        else:
            self._over_list(s, it, names, target, parameters, body, index_ref)
        self._forget(s.body, bound_by(s.target), names, s)
        return target

    def _over_list(self, s, it, names, target, parameters, body, index_ref):
        """A `while` over the indices of a list, which may be empty."""
        count = self.op("list.len", [it.list], INT)
        some = self.op("i64.gt", [count, constant(0)], BOOL)
        with self.inside() as then:
            region, refs, starts = self._settled(s, names, target, parameters, body)
            end = region.ops.pop()
            before, self.region = self.region, region
            nexts = self.op("i64.add", [index_ref[0], constant(1)], INT, hint="next")
            more = self.op("i64.lt", [nexts, count], BOOL, hint="more")
            go = end.operands[0]
            cond = more if isinstance(go, Lit) and go.value is True else self.op("bool.and", [go, more], BOOL, hint="go")
            self.add("continue", [cond, nexts, *end.operands[1:]])
            self.region = before
            self.add("while", [constant(0), *starts], [Ref("i64", "index"), *refs], {"max_trips": FOREVER, "at_bound": "yield"}, regions=[region])
            if refs:
                self.add("yield", refs)
        with self.inside() as other:
            if starts:
                self.add("yield", starts)
        self._hoist(then, starts)
        self.region.absorb(then)
        outer = [Ref(r.type, r.hint) for r in refs]
        self.add("if", [some], outer, regions=[then, other])
        swap = dict(zip(refs, outer))
        for n in names:
            slot = self.env[n]
            if isinstance(slot.val, Val) and slot.val.ref in swap:
                val = Val(slot.val.type, swap[slot.val.ref])
                self.env[n] = slot._replace(val=val)
        self.extra_refs = [Val(v.type, swap.get(v.ref, v.ref)) for v in self.extra_refs]

    def _hoist(self, then, starts):
        """What brings the start to its types is needed on both paths: it goes before them."""
        refs = {x.ref for x in starts if isinstance(x, Val)}
        wanted = [op for op in then.ops if op.name != "while" and any(r in refs or True for r in op.results)]
        for op in wanted:
            then.ops.remove(op)
            self.region.ops.append(op)

    def _behind_jumps(self, s, target, rest, after, tail, live):
        extra = list(self.extra_refs)
        if target.returns:
            if not tail:
                raise self.refuse(s, "a `return` in this loop has no form in a plan", "put the loop into a function of its own")
            returned = extra[-2]
            goes_on = lambda: self._else(s, extra, rest, after, tail)  # noqa: E731

            return self.both(returned, [lambda: self._result_of(s, target), goes_on], s, rest, after, tail, True, live)
        return self._else(s, extra, rest, after, tail)

    def _result_of(self, s, target):
        """The end of a path behind a loop that has returned."""
        result = self.extra_refs[-1]
        val = constant(None) if result.type is NONE else result
        if target.result is not None and not isinstance(target.result, OptionType) and result.type is not NONE:
            val = self.op("option.value", [result], target.result)
        return self.target.end("return", val, s)

    def _else(self, s, extra, rest, after, tail):
        if not s.orelse or not extra:
            return self.stmts(rest, after, tail)
        from .scope import jumps

        tails = jumps(s.orelse)
        live = self.live_at(rest, after)
        runs = [lambda: self.stmts(rest if tails else [], after if tails else live, tails), lambda: self.stmts([*s.orelse, *rest] if tails else s.orelse, after if tails else live, tails)]
        return self.both(extra[0], runs, s, rest, after, tail, tails, live)

    # `while`.

    def s_While(self, s, rest, after, tail):
        always = isinstance(s.test, ast.Constant) and bool(s.test.value)
        stop = ast.copy_location(ast.Break(), s)
        stop.exhausted = True  # the loop has come to its end, and has not been broken off
        body = s.body if always else [ast.copy_location(ast.If(s.test, s.body, [stop]), s)]
        live = self.live_at(rest, after) | all_reads([s])
        names = self._carried(body, set(), live)
        if self.sinks and any(n in self.sinks for n in names):
            raise NotIndependent
        returns = leaves(body, ast.Return)
        target = LoopTarget(self, names, True, returns, orelse=bool(s.orelse) and not always)
        target.live = live
        region, refs, starts = self._settled(s, names, target, lambda: ([], lambda: None), body)
        self.add("while", starts, refs, {"max_trips": FOREVER}, regions=[region])
        if always and not leaves(s.body, ast.Break):
            return self._result_of(s, target) if returns else DEAD
        self._forget(body, set(), names, s)
        return self._behind_jumps(s, target, rest, after, tail, live)


def sink_statement(n, name):
    """How a statement puts something into a name, if it does only that."""
    if isinstance(n, ast.Expr) and isinstance(n.value, ast.Call):
        f = n.value.func
        if isinstance(f, ast.Attribute) and f.attr == "append" and isinstance(f.value, ast.Name) and f.value.id == name and len(n.value.args) == 1 and not n.value.keywords:
            return "append"
    if isinstance(n, ast.Assign) and len(n.targets) == 1 and isinstance(n.targets[0], ast.Subscript):
        t = n.targets[0]
        if isinstance(t.value, ast.Name) and t.value.id == name and not isinstance(t.slice, ast.Slice):
            return "item"
    if isinstance(n, ast.AugAssign) and isinstance(n.op, ast.Add) and isinstance(n.target, ast.Name) and n.target.id == name:
        return "add"
    return None
