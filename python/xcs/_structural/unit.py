"""One program: its functions, each once for each combination of types, its models, its operations of the host."""

from __future__ import annotations

import ast
import collections
import functools
import inspect
import linecache
import types
import typing

from . import errors, prelude
from .builtin_calls import BuiltinCalls
from .branches import DEAD, Branches
from .calls import Calls
from .comparisons import Comparisons
from .core import Core
from .expressions import Expressions
from .keep import keep_unused
from .ir import Function, Printer, Ref, resource_text
from .iteration import Iterations
from .loops import Loops
from .models import Models
from .resolve import Names
from .seen import kept, unchanged
from .scope import all_reads, binds
from .statements import FunctionTarget, Statements
from .texts import Texts
from .tries import Tries
from .types import NONE, NoType, is_known, of_annotation
from .values import Local, Slot, Static, Val


class Compiler(Statements, Branches, Loops, Iterations, Tries, Expressions, Comparisons, Texts, Calls, BuiltinCalls, Core):
    """One function being compiled."""

    def __init__(self, unit, source, names):
        super().__init__(unit, source, names)
        self.sinks, self.returns, self.models = {}, None, unit.models
        self.all_reads, self.free, self.captured = set(), set(), set()

    def constant_of(self, node, what):
        """A text that has to be known when the function is compiled."""
        val = self.look(node) if isinstance(node, ast.AST) else node
        if isinstance(val, Val) and val.is_constant and isinstance(val.constant, str):
            return val.constant
        if isinstance(val, Val) and val.param is not None:
            raise errors.NeedsConstant(val.param)
        raise self.refuse(node, f"{what} is not known when the function is compiled", "write it in place, or pass a constant")

    def run(self, body, parameters):
        """Compiles the body; gives (region, result or DEAD)."""
        self.target = FunctionTarget(self)
        self.all_reads = all_reads(body)
        self.own = binds(body) | set(parameters)
        self.captured = set().union(*(all_reads(n.body) for s in body for n in ast.walk(s) if isinstance(n, (ast.FunctionDef, ast.Lambda)) and isinstance(n.body, list)))
        with self.inside() as region:
            out = self.stmts(body, set(), tail=True)
            if out is DEAD:
                return region, DEAD
            return region, out[0]


class Spec:
    """A function of the program: its syntax, where it is, its parameters and their defaults."""

    def __init__(self, function, node, source, names):
        self.function, self.node, self.source, self.names = function, node, source, names
        a = node.args
        positional = [x.arg for x in [*a.posonlyargs, *a.args]]
        defaults = function.__defaults__ or ()
        self.defaults = dict(zip(positional[len(positional) - len(defaults) :], defaults)) | (function.__kwdefaults__ or {})
        self.parameters = [*positional, *(x.arg for x in a.kwonlyargs)]


class Made:
    """A function of the plan."""

    def __init__(self, name, parameters, type_, region, fresh, passed=None):
        self.name, self.parameters, self.type, self.region, self.fresh, self.passed = name, parameters, type_, region, fresh, passed


class Unit:
    def __init__(self, compiler=None):
        self.compiler = compiler or Compiler  # what compiles each of its functions
        self.functions, self.made, self.specs = [], {}, {}
        self.names, self.prelude, self.exceptions = {}, {}, {}
        self.ops, self.op_names, self.writing = {}, {}, set()  # `writing`: the names of operations that write
        self.models = Models(self)
        self.compiling, self.count, self.asking = [], 0, set()
        self.constants, self.parts = [], []
        self.handlers = []  # the classes of each `except` that an operation of the host may fail into
        self.raised = collections.deque(maxlen=64)  # what operations of the host have raised lately

    # What the plan depends on.

    def seen(self, names, name, x):
        if not any(n is names.function and k == name for n, k, _, _ in self.constants):
            self.constants.append((names.function, name, kept(x), names))

    def seen_attribute(self, x, name, found):
        self.seen_part(name, lambda: getattr(x, name, None), found)

    def seen_part(self, name, now, found):
        """Something else than a name that the plan was made with; `now()` gives what it is later."""
        self.parts.append((name, now, kept(found)))

    def seen_function(self, function, code=True):
        """What a function is apart from its name: its defaults, and what it does if the plan was made of it."""
        while function is not None:
            for part in ("__code__", "__defaults__", "__kwdefaults__")[not code :]:
                found = getattr(function, part, None)
                if found is not None or part != "__code__":
                    self.seen_attribute(function, part, found)
            function = getattr(function, "__wrapped__", None)

    def changed(self):
        """The names whose values are others than when the plan was made."""
        out = [name for _, name, was, names in self.constants if not unchanged(names.object(name), was)]
        return out + [name for name, now, was in self.parts if not unchanged(now(), was)]

    # Functions.

    def function(self, compiler, function, node):
        if function not in self.specs:
            try:
                self.specs[function] = spec_of(self, function)
            except NoSource as e:
                raise compiler.refuse(node, str(e), "write it in a module, or give it `@xcs.op(effect=\"pure\")`") from None
        return self.specs[function]

    def compiled(self, compiler, spec, got, node):
        """The function for arguments of these types; what is no value of a plan is part of which function it is."""
        return self._for(compiler, spec.function, spec, got, node, set())

    def _for(self, compiler, identity, spec, got, node, constants):
        types_, static = {}, {}
        for n, v in got.items():
            if isinstance(v, Val) and n in constants:
                if v.param is not None and not v.is_constant:
                    raise errors.NeedsConstant(v.param)
                if not v.is_constant:
                    raise compiler.refuse(node, f"the argument `{n}` has to be known when the function is compiled", "write a constant")
                static[n] = v
            elif isinstance(v, (Static, Local)):
                static[n] = v
            else:
                v = compiler.as_value(v, node, self._hint(spec, n))
                got[n] = v
                types_[n] = self._parameter_type(compiler, spec, n, v, node)
        key = (identity, tuple(sorted((n, t.key()) for n, t in types_.items())), tuple(sorted((n, _identity(v)) for n, v in static.items())))
        if key in self.made:
            return self.made[key]
        if any(k[0] is identity for k in self.compiling):
            raise compiler.refuse(node, f"`{spec.node.name}` calls itself, directly or through others: recursion has no form in a plan", "write a loop")
        self.compiling.append(key)
        try:
            made = self._compile(spec, types_, static)
        except errors.NeedsConstant as e:
            if e.name not in got:
                raise
            made = None
            again = e.name
        finally:
            self.compiling.pop()
        if made is None:
            return self._for(compiler, identity, spec, got, node, constants | {again})
        self.made[key] = made
        return made

    def _hint(self, spec, name):
        annotation = next((a.annotation for a in [*spec.node.args.posonlyargs, *spec.node.args.args, *spec.node.args.kwonlyargs] if a.arg == name), None)
        if annotation is None:
            return None
        try:
            return of_annotation(spec.names.evaluated(annotation))
        except Exception:
            return None

    def _parameter_type(self, compiler, spec, name, v, node):
        """What is passed, or, for None and empty lists, what the annotation says."""
        t = v.type
        if is_known(t) and t is not NONE:
            hint = self._hint(spec, name)
            return hint if hint is not None and hint.xir == f"option<{t.xir}>" else t
        hint = self._hint(spec, name)
        if hint is None:
            raise compiler.refuse(node, f"the type of the argument `{name}` is not known", f"annotate the parameter of `{spec.node.name}`")
        return hint

    def _compile(self, spec, types_, static):
        c = self.compiler(self, spec.source, spec.names)
        c.free = set(getattr(spec, "free", ()))
        for n, v in static.items():
            c.env[n] = Slot(v)
        parameters = []
        for n, t in types_.items():
            ref = Ref(t.xir, n)
            parameters.append((n, t, ref))
            c.env[n] = Slot(Val(t, ref, param=n))
        returns = spec.node.returns
        if returns is not None and getattr(spec, "annotated", True):
            hint = _return_hint(spec)
            c.returns = hint if hint is not NONE else None
        region, out = c.run(spec.node.body, spec.parameters)
        name = self._name(spec.node.name)
        return self._finish(c, name, parameters, region, out, spec.node)

    def _finish(self, c, name, parameters, region, out, node):
        result, fresh = None, True
        with c.placed(node):
            if out is not DEAD:
                before, c.region = c.region, region
                out = c.as_value(out, node)
                if not is_known(out.type):
                    raise c.refuse(node, f"the type of the empty list that `{node.name}` returns is not known", "annotate what it returns")
                result, fresh = out.type, out.fresh
                if result is not NONE:
                    c.add("return", [out])
                c.region = before
        if keep_unused(region, self.asking):
            self.asking.add(name)
        results = [] if result in (None, NONE) else [result.xir]
        self.functions.append(Function(name, [r for _, _, r in parameters], results, region))
        return Made(name, [(n, t) for n, t, _ in parameters], result, region, fresh or result is None or not result.mutable)

    def _name(self, name):
        base = name if name.isascii() else "function"
        base = base if base != "main" or "main" not in self.names else "main_"
        count = self.names.get(base, 0)
        self.names[base] = count + 1
        return base if not count else f"{base}.{count + 1}"

    # Functions of functions.

    def compiled_local(self, compiler, local, got, node):
        passed, free = dict(got), set()
        todo = [local.node]
        while todo:
            for n in sorted(self._free(todo.pop()) - free):
                slot = compiler.env.get(n)
                if slot is None:
                    continue
                if local.owner is not compiler and n not in compiler.free:
                    raise compiler.refuse(node, f"`{n}` is another name here than where `{local.node.name}` is defined", f"name one of the two `{n}` differently")
                free.add(n)
                if isinstance(slot.val, Local):
                    todo.append(slot.val.node)
                if n not in passed:
                    passed[n] = compiler.load(ast.copy_location(ast.Name(n, ast.Load()), node), retain=False)
                elif n in got:
                    raise compiler.refuse(node, f"`{n}` is a parameter of `{local.node.name}`, and another name of a function that it calls", "name one of the two differently")
        spec = types.SimpleNamespace(node=local.node, source=compiler.source, names=compiler.resolve, parameters=list(passed), function=local.node, free=free)
        made = self._for(compiler, local.node, spec, passed, node, set())
        return Made(made.name, made.parameters, made.type, made.region, made.fresh, passed)

    @staticmethod
    def _free(node):
        own = binds(node.body) | {a.arg for a in [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs]}
        return (all_reads(node.body) - own) | set()

    # Operations of the host.

    def signature(self, function):
        try:
            return inspect.signature(function)
        except (TypeError, ValueError):
            return None

    @functools.lru_cache(maxsize=None)
    def host_hints(self, function):
        try:
            found = typing.get_type_hints(function)
        except Exception:
            return {}
        out = {}
        for n, a in found.items():
            try:
                out[n] = of_annotation(a)
            except NoType:
                pass
        return out

    def host_returns(self, function):
        try:
            found = typing.get_type_hints(function)
        except Exception as e:
            raise NoType(f"the annotations of `{getattr(function, '__name__', function)}` cannot be resolved: {e}") from None
        return of_annotation(found["return"]) if "return" in found else None

    def host(self, operation, function, names, parameter_types, returns):
        """The name of an operation in the plan. Calls that pass their arguments in another way have another name."""
        key = (id(operation), tuple(names), tuple(t.key() for t in parameter_types), returns.key())
        if key not in self.op_names:
            base = getattr(function, "__name__", "operation")
            used = {n for n in self.ops}
            name, k = base, 2
            while name in used:
                name, k = f"{base}.{k}", k + 1
            self.op_names[key] = name
            self.writing |= {name} if operation.effect.startswith("write") else set()
            self.ops[name] = (function, tuple(names), tuple(parameter_types), returns)
        return self.op_names[key]

    # The whole.

    def text(self, module, main, places):
        parts = [f"module @{module}"] if module.isascii() and module.isidentifier() else []
        parts += [resource_text("model", s, a) for s, a in self.models.resources.values()]
        for f in self.functions:
            if f is not main:
                parts.append(Printer(places).function(f))
        parts.append(Printer(places).function(main))
        parts += [(prelude.placed if places else prelude.text)(n) for n in prelude.closure(self.prelude)]
        return "\n\n".join(parts) + "\n"


class NoSource(Exception):
    """Why a function has no source to compile."""


@functools.lru_cache(maxsize=64)
def _parsed(path, text):
    return ast.parse(text, path)


def _module_text(function):
    path = function.__code__.co_filename
    lines = linecache.getlines(path, function.__globals__)
    if not lines:
        try:
            lines = inspect.findsource(function)[0]
        except (OSError, TypeError):
            raise NoSource(f"`{function.__qualname__}` has no source") from None
    return path, "".join(lines)


def spec_of(unit, function):
    """The syntax of a function, found in its file by its line."""
    path, text = _module_text(function)
    try:
        tree = _parsed(path, text)
    except SyntaxError:
        raise NoSource(f"`{function.__qualname__}` has no source that can be read") from None
    line, name = function.__code__.co_firstlineno, function.__code__.co_name
    for n in ast.walk(tree):
        if isinstance(n, (ast.FunctionDef, ast.AsyncFunctionDef)) and n.name == name and min([n.lineno, *(d.lineno for d in n.decorator_list)]) == line:
            source = errors.Source(path, function.__module__)
            if isinstance(n, ast.AsyncFunctionDef):
                raise errors.without_form(source, n)
            unit.seen_function(function)
            return Spec(function, n, source, Names(unit, function))
    raise NoSource(f"`{function.__qualname__}` is not found in its file, which may have changed since it was imported")


def _return_hint(spec):
    try:
        return of_annotation(spec.names.evaluated(spec.node.returns))
    except NoType as e:
        raise errors.refused(spec.source, spec.node.returns, str(e)) from None
    except Exception as e:
        raise errors.refused(spec.source, spec.node.returns, f"this annotation cannot be resolved: {e}") from None


def _identity(v):
    if isinstance(v, Val):
        return (v.type.key(), repr(v.constant))
    return id(v.object) if isinstance(v, Static) else id(v.node)
