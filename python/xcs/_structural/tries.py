"""`try`: an error as a value, and which handler Python would choose for it."""

from __future__ import annotations

import ast
import builtins

from .branches import DEAD, FALL
from .failures import XcsChanged, XcsStopped, XcsUnconvertible
from .ir import Ref
from .scope import binds, changes, jumps
from .types import BOOL, STR, Type, tuple_type
from .values import Caught, Slot, Static, Val, empty_list

ERROR = Type("record<kind: str, message: str, op: str, attempt: i64>", "an error")


class Failure:
    """What a handler works on: the result of the body, and how it may have failed."""

    def __init__(self, result, fails, caught):
        self.result, self.fails, self.caught = result, fails, caught
        self.text = None


class _Body:
    """The body of a `try` passes on nothing by itself: jumps out of it are taken out before."""

    names = ()

    def end(self, kind, val, node):
        raise AssertionError(kind)


class Tries:
    def s_Try(self, s, rest, after, tail):
        if s.finalbody:
            return self._finally(s, rest, after, tail)
        body, orelse = self._without_jump(s)
        if jumps(body):
            raise self.refuse(s, "a jump out of the middle of a `try` has no form in a plan", "put it at the end of the `try`, in its `else` or behind it")
        tails = jumps(orelse) or any(jumps(h.body) for h in s.handlers)
        if tails and not tail:
            raise self.refuse(s, "a jump out of this place has no form in a plan", "put it behind the statement, as a test of its own")
        live = self.live_at(rest, after)
        inner_live = live | self._reads_of(orelse) | {_KEPT}
        names, result, fails, env_after = self._attempt(s, body, inner_live)
        if result is DEAD:
            good = None
        else:
            good = self.op("result.is_ok", [result], BOOL, hint="good")
        failure = Failure(result, fails, None)
        outer_target, more = self.target, rest if tails else []
        ends = after if tails else live

        def succeeded():
            self._unpacked(names, result, env_after)
            return self.stmts([*orelse, *more], ends, tails)

        def failed():
            return self._handlers(s, list(s.handlers), failure, body, more, ends, tails)

        self.target = outer_target
        return self.both(good, [succeeded, failed], s, rest, after, tail, tails, live)

    @staticmethod
    def _reads_of(statements):
        from .scope import all_reads

        return all_reads(statements)

    def _without_jump(self, s):
        """A body that ends with a jump, without it: `return f(x)` becomes a value that is returned behind."""
        body, orelse = list(s.body), list(s.orelse)
        last = body[-1]
        if isinstance(last, ast.Return) and not orelse:
            if last.value is None:
                return body[:-1] or [ast.copy_location(ast.Pass(), last)], [last]
            keep = ast.copy_location(ast.Assign([ast.copy_location(ast.Name(_KEPT, ast.Store()), last)], last.value), last)
            give = ast.copy_location(ast.Return(ast.copy_location(ast.Name(_KEPT, ast.Load()), last.value)), last)
            return [*body[:-1], keep], [give]
        if isinstance(last, (ast.Break, ast.Continue)) and not orelse:
            return body[:-1] or [ast.copy_location(ast.Pass(), last)], [last]
        return body, orelse

    def _attempt(self, s, body, live):
        """The body as `try`: the names that it binds, and their values in a result."""
        before, target = dict(self.env), self.target
        self.target = _Body()
        wanted, self.declared = self.declared, dict(self.declared)
        if self.returns is not None:
            self.declared[_KEPT] = self.returns
        try:
            with self.inside() as region:
                out = self.stmts(body, live, False)
                if out is DEAD:
                    names = []
                else:
                    names = [n for n, slot in self.env.items() if n in live and not slot.unbound and (n not in before or before[n].val is not slot.val)]
                    names = [n for n in names if isinstance(self.env[n].val, Val)]
                values = [v for n in names for v in self._passed_on(n, before)]
                packed, t = self._packed(values, s)
                self.add("yield", [packed])
        finally:
            self.target, self.declared = target, wanted
        env_after = self.env
        self.env = {n: slot._replace(owned=slot.owned and env_after[n].owned) if n in env_after else slot for n, slot in before.items()}
        fails = set(region.fails)
        self.region.take_effects(region)
        ref = Ref(f"result<{t.xir}>", "tried")
        self.add("try", [], [ref], regions=[region])
        val = Val(Type(f"result<{t.xir}>", "a result"), ref)
        val.inner = t if values else None
        return names, val, fails, env_after

    def _passed_on(self, name, before):
        """What a body passes on for a name: its value, or what it has put into a list of the iteration."""
        val = self.env[name].val
        if name not in self.sinks or val.sink is None:
            return [val]
        old = before[name].val.sink
        if not isinstance(val.sink, list) or not isinstance(old, list):
            from .loops import NotIndependent

            raise NotIndependent
        return val.sink[len(old) :]

    def _packed(self, values, node):
        if not values:
            from .values import constant

            return constant(True), BOOL
        if len(values) == 1:
            return values[0], values[0].type
        t = tuple_type([v.type for v in values])
        return self.op("record.make", values, t), t

    def _unpacked(self, names, result, env_after):
        if not names or result.inner is None:
            return
        t = result.inner
        counts = {n: len(env_after[n].val.sink) - len(self.env[n].val.sink) if self._sinks_in(n, env_after) else 1 for n in names}
        val = self.op("result.value", [result], t, hint=names[0])
        parts = [val] if sum(counts.values()) == 1 else [self.field(val, field) for field, _ in t.fields]
        for n in names:
            mine, parts = parts[: counts[n]], parts[counts[n] :]
            if not self._sinks_in(n, env_after):
                self.env[n] = Slot(self.rename(mine[0], n), owned=env_after[n].owned)
                continue
            new = empty_list()
            new.sink = [*self.env[n].val.sink, *mine]
            self.env[n] = self.env[n]._replace(val=new)

    def _sinks_in(self, name, env):
        return name in self.sinks and isinstance(env[name].val.sink, list)

    # Handlers.

    def _handlers(self, s, handlers, failure, body, more, ends, tails):
        self._lost(s, body)
        return self._choose(s, handlers, failure, more, ends, tails)

    def _lost(self, s, body):
        """What the body had done before it failed is not known to the handler, but for what its last statement would have done."""
        touched = binds(body) | changes(body)
        last = body[-1]
        if _at_once(last):
            touched = binds(body[:-1]) | changes(body[:-1])
        for n in touched:
            self.env[n] = Slot(None, unbound=f"may or may not have been changed by the `try` of line {s.lineno} before it failed")

    def _choose(self, s, handlers, failure, more, ends, tails):
        if not handlers:
            self.reraise(failure)
            return DEAD
        h, others = handlers[0], handlers[1:]
        classes = self._classes(h)
        match = self._match(failure, classes, h)
        if match is True:
            return self._handle(h, failure, classes, more, ends, tails)
        if match is False:
            return self._choose(s, others, failure, more, ends, tails)
        runs = [lambda: self._handle(h, failure, classes, more, ends, tails), lambda: self._choose(s, others, failure, more, ends, tails)]
        if tails:
            return self.both(match, runs, s, [], ends, True, True, ends)
        return self.both(match, runs, s, [], ends, False, False, ends)

    def _handle(self, h, failure, classes, more, ends, tails):
        caught = None
        if h.name:
            caught = Caught(self._caught_text(failure, classes))
            self.env[h.name] = Slot(caught)
        failure.caught = caught
        self.handling.append(failure)
        try:
            out = self.stmts([*h.body, *more], ends, tails)
        finally:
            self.handling.pop()
        if h.name and out is FALL:
            self.env[h.name] = Slot(None, unbound="is deleted at the end of its `except`")
        return out

    def _caught_text(self, failure, classes):
        """The text of the exception, where all that can be caught are raised by the function itself with a text."""
        fits = [f for f in failure.fails if f[1] is not None and self._is_one(f[1], classes)]
        if not fits or any(kind not in ("failed", "assertion-failed") or name in ("ValueError?",) for kind, name in fits) or self._from_prelude(failure):
            return None
        text = self._told(failure)
        return self.op("str.regex_replace", [text, ""], STR, {"pattern": "^[A-Za-z_0-9]+(?:: |\\z)"}, hint="text")

    @staticmethod
    def _from_prelude(failure):
        return ("failed", None) in failure.fails or any(kind == "host-failed" for kind, _ in failure.fails)

    def _classes(self, h):
        if h.type is None:
            return [BaseException]
        parts = h.type.elts if isinstance(h.type, ast.Tuple) else [h.type]
        classes = []
        for p in parts:
            found = self.look(p)
            if not (isinstance(found, Static) and isinstance(found.object, type) and issubclass(found.object, BaseException)):
                raise self.refuse(p, "this is no class of exceptions that is known", "name a class")
            if not issubclass(found.object, Exception) and found.object is not BaseException:
                raise self.refuse(p, f"a plan does not tell a {found.object.__name__} from others that are no `Exception`", "catch BaseException, or catch it in the function with `@xcs.op`")
            classes.append(found.object)
        return classes

    def _class_named(self, name):
        found = self.unit.exceptions.get(name) or getattr(builtins, name, None)
        if found is None and name == "JSONDecodeError":
            import json

            found = json.JSONDecodeError
        return found

    def _is_one(self, name, classes):
        if name == "OpenAIError":
            return any(c in (Exception, BaseException) or c.__name__ == "OpenAIError" and c.__module__.partition(".")[0] == "openai" for c in classes)
        cls = self._class_named(name)
        return cls is not None and issubclass(cls, tuple(classes))

    def _match(self, failure, classes, node):
        """Whether a handler takes a failure: True, False, or a bool of the program."""
        if any(getattr(c, "__module__", "").partition(".")[0] == "openai" and c.__name__ not in ("OpenAIError",) for c in classes):
            raise self.refuse(node, "which kind of error a client would raise is not known to a plan", "catch openai.OpenAIError or Exception")
        everything = any(c in (Exception, BaseException) for c in classes)
        yes = [f for f in failure.fails if f[1] is not None and (everything or f[0] != "host-failed" and self._is_one(f[1], classes))]
        no = [f for f in failure.fails if f not in yes]
        host = [f for f in failure.fails if f[0] == "host-failed"]
        if host and not everything:
            return self._matching(failure, yes, classes, host)
        if host:
            return self._all_but(failure, no, self._never_taken(classes))
        if not no:
            return bool(yes) or everything or False
        if not yes:
            return False
        if everything:
            return self._all_but(failure, no)
        return self._matching(failure, yes, classes, [])

    @staticmethod
    def _never_taken(classes):
        """Failures of operations that are not for a handler: what they give is no value of a plan, or they have raised no `Exception`."""
        never = [XcsUnconvertible, XcsChanged] if BaseException in classes else [XcsUnconvertible, XcsChanged, XcsStopped]
        return [f"xcs-kind host-failed: `[^`]*` failed: (?:[A-Za-z_0-9.]*[.])?(?:{'|'.join(c.__name__ for c in never)})(?:: |\\z)"]

    def _all_but(self, failure, no, more=()):
        """Every failure of Python: not those at which Python goes on."""
        kinds = sorted({_kind_pattern(kind) for kind, _ in no if kind != "failed"})
        parts = [f"xcs-kind (?:{'|'.join(kinds)})"] if kinds else []
        parts += ["xcs: "] if ("failed", None) in no else []
        parts += more
        found = self.op("str.regex_match", [self._told(failure)], BOOL, {"pattern": "^(?:" + "|".join(parts) + ")"}, hint="not_python")
        return self.op("bool.not", [found], BOOL, hint="matches")

    def _told(self, failure):
        """The failure as text: `ValueError: ..` of what the function raises, `xcs-kind KIND: ..` of an operation."""
        if failure.text is None or failure.text[0] is not self.region:
            error = self.op("result.error", [failure.result], ERROR, hint="error")
            failure.text = self.region, self.prelude("failure", [error], STR)
        return failure.text[1]

    def _matching(self, failure, yes, classes, host):
        text = self._told(failure)
        names = sorted({name for kind, name in yes if kind in ("failed", "assertion-failed")})
        kinds = sorted({_kind_pattern(kind) for kind, _ in yes if kind not in ("failed", "assertion-failed", "model")})
        parts = [f"(?:{'|'.join(names)})(?:: |\\z)"] if names else []
        if kinds:
            parts.append(f"xcs-kind (?:{'|'.join(kinds)})")
        if any(kind == "model" for kind, _ in yes):
            own = sorted({kind for kind, _ in failure.fails if kind not in ("failed", "assertion-failed", "model")})
            parts += self._model_kinds(own)
        if host:
            self.unit.handlers.append(tuple(classes))
            known = "|".join(sorted(n.replace(".", "[.]") for n in told_names(classes)))
            parts.append(f"xcs-kind host-failed: `[^`]*` failed: (?:{known})(?:: |\\z)")
        return self.op("str.regex_match", [text], BOOL, {"pattern": "^(?:" + "|".join(parts) + ")"}, hint="matches")

    @staticmethod
    def _model_kinds(own):
        """What a call of a model fails with is what nothing else in the body fails with."""
        from .models import KINDS

        return [f"xcs-kind (?:{'|'.join(k for k in KINDS if k not in own)}): "]

    def reraise(self, failure):
        text = self._told(failure)
        self.add("fail", [text], fails=[(k, n) for k, n in failure.fails])

    # `finally`.

    def _finally(self, s, rest, after, tail):
        if jumps(s.finalbody):
            raise self.refuse(s, "a jump in `finally` has no form in a plan", "put it behind the `try`")
        inner = [ast.copy_location(ast.Try(s.body, s.handlers, s.orelse, []), s)] if s.handlers or s.orelse else list(s.body)
        live = self.live_at(rest, after) | self._reads_of(s.finalbody)
        kept = []
        if len(inner) > 1 or not isinstance(inner[0], ast.Try):
            body, kept = self._without_jump(ast.Try(inner, [], [], []))
            inner = body
        if jumps(inner):
            raise self.refuse(s, "a jump out of a `try` with `finally` has no form in a plan", "bind the value to a name, and return it behind the `try`")
        names, result, fails, env_after = self._attempt(s, inner, live | self._reads_of(kept) | {_KEPT})
        touched = binds(inner) | changes(inner)
        before = dict(self.env)
        for n in touched:
            if n in self._reads_of(s.finalbody):
                raise self.refuse(s, f"`{n}` in `finally` may or may not have been changed before a failure", "do not use it there")
        out = self.stmts(s.finalbody, live, False)
        if out is DEAD:
            return DEAD
        failure = Failure(result, fails, None)
        if fails:
            good = self.op("result.is_ok", [result], BOOL, hint="good")
            with self.inside() as region:
                self.reraise(failure)
            self.region.absorb(region)
            self.add("if", [self.negated(good)], regions=[region])
        self.env = {**before, **{n: v for n, v in self.env.items() if n not in before or before[n].val is not v.val}}
        self._unpacked(names, result, env_after)
        return self.stmts([*kept, *rest], after, tail)


_KEPT = "(returned)"


def _at_once(s):
    """Whether a statement has done nothing when it fails: it computes a value, and only then binds or stores it."""
    if isinstance(s, (ast.Expr, ast.AugAssign)) and any(isinstance(n, ast.GeneratorExp) for n in ast.walk(s.value)):
        return False  # `xs.extend(..)` takes the elements one by one
    if isinstance(s, ast.Assign):
        targets = s.targets[0].elts if isinstance(s.targets[0], (ast.Tuple, ast.List)) else s.targets
        return len(s.targets) == 1 and (len(targets) == 1 or all(isinstance(t, ast.Name) for t in targets)) and not any(isinstance(n, ast.NamedExpr) for n in ast.walk(s))
    return isinstance(s, (ast.AugAssign, ast.AnnAssign, ast.Expr)) and not any(isinstance(n, ast.NamedExpr) for n in ast.walk(s))


def _kind_pattern(kind):
    """A kind of failure in a pattern: `empty-list: `list` says of which operations, too."""
    return kind if ":" in kind else f"{kind}: "


def told_names(classes):
    """What a failed operation of the host may call these exceptions and all that are kinds of them: by the name alone, and with the module."""
    names, seen, todo = set(), set(), list(classes)
    while todo:
        c = todo.pop()
        if c not in seen:
            seen.add(c)
            names |= {c.__name__, qualified(c)}
            todo += type.__subclasses__(c)
    return {n for n in names if n.isascii() and n.replace(".", "_").isidentifier()}


def qualified(cls):
    """The name of a class that no other one has, of letters, digits, `_` and dots."""
    return "".join(x if x.isalnum() or x in "_." else "_" for x in f"{cls.__module__}.{cls.__qualname__}")


def told_as(cls, handlers):
    """How a plan is told of an exception of this class, so that just those handlers take it that Python would choose: a name, or None for its own."""
    wanted = [issubclass(cls, h) for h in handlers]
    names = [told_names(h) for h in handlers]
    if [cls.__name__ in n for n in names] == wanted:
        return None
    for base in cls.__mro__:
        if [qualified(base) in n for n in names] == wanted:
            return qualified(base)
    return qualified(cls)
