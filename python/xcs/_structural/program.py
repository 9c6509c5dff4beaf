"""`@xcs.program(strategy="structural")`: a function as a plan that is saved, explained, and run here or by `xcs-run`."""

from __future__ import annotations

import functools
import inspect
import os
import threading

from .. import _api, _births
from . import errors
from .failures import XcsChanged, XcsStopped, XcsUnconvertible, python_exception
from .held import hold_writes
from .ir import Ref
from .tries import told_as
from .types import BOOL, FLOAT, INT, NONE, STR, DictType, ListType, NoType, OptionType, RecordType, of_annotation
from .unit import DEAD, NoSource, Unit, spec_of
from .values import Slot, Val


class Made:
    """A function as a program: its text, its plan, and what is needed to call it."""

    def __init__(self, unit, text, plain, plan, parameters, result):
        self.unit, self.text, self.plain, self.plan, self.parameters, self.result = unit, text, plain, plan, parameters, result
        self.loaded = None


class StructuralProgram:
    """A function whose source is a plan. It is called like the function; `plan()`, `save(path)`, `explain()` and `xir()` show what was made."""

    def __init__(self, function, strategy):
        functools.update_wrapper(self, function)
        self.__xcs_function__ = function
        self.strategy = strategy
        self.stats = {}
        self._made, self._lock = None, threading.Lock()

    def __get__(self, instance, owner=None):
        return self if instance is None else functools.partial(self, instance)

    def __call__(self, *args, **kwargs):
        """Runs the plan; within an event loop, gives something to await, and the loop keeps turning."""
        if _births._in_event_loop():
            import asyncio

            return asyncio.get_running_loop().run_in_executor(None, functools.partial(self._run, args, kwargs))
        return self._run(args, kwargs)

    def _run(self, args, kwargs):
        made = self._current()
        arguments = self._arguments(made, args, kwargs)
        program = self._loaded(made)
        try:
            result = program(**arguments)
        except _api.core().Error as e:
            raise python_exception(e, made.unit) from e
        except (XcsStopped, XcsUnconvertible) as e:
            raise e.__cause__ from None
        finally:
            self.stats = program.stats
            del program  # a traceback that is kept would keep it
        return made.result.back(result)

    def plan(self):
        """The bytes of the plan, as `xcs.load` and `xcs-run` take them."""
        return self._current().plan

    def save(self, path):
        """Writes the plan. What was saved runs by `xcs-run`, without Python unless `explain()` names functions of the host."""
        plan = self.plan()
        new = f"{os.fspath(path)}.new"
        with open(new, "wb") as f:
            f.write(plan)
        os.replace(new, path)

    def xir(self):
        """The text of the program in XIR."""
        return self._current().plain

    def explain(self):
        """What the plan needs and what it asks for."""
        made = self._current()
        lines = [f"{n}: a function of the host, in {_place(f)}: give it by xcs.load(plan, ops={{..}})" for n, (f, *_) in made.unit.ops.items()]
        return "\n".join([_api.core().load(made.plan, **self._ops(made)).explain().rstrip("\n"), *lines]) + "\n"

    # How it is made.

    def _current(self):
        """The program, made again if a constant that it was made with has changed."""
        with self._lock:
            if self._made is None or self._made.unit.changed():
                self._made = make(self.__xcs_function__, self.strategy.level)
            return self._made

    def _arguments(self, made, args, kwargs):
        bound = inspect.signature(self.__xcs_function__).bind(*args, **kwargs)
        bound.apply_defaults()
        return {n: shaped(t, bound.arguments[n], n) for n, t in made.parameters}

    def _loaded(self, made):
        with self._lock:
            if made.loaded is None:
                made.loaded = _api.core().load(made.plan, **self._ops(made), **_grants(made.unit))
            return made.loaded

    @staticmethod
    def _ops(made):
        unit = made.unit
        ops = {n: _wrapped(unit, n in unit.writing, _named(unit.handlers, function), *entry) for n, (function, *entry) in unit.ops.items()}
        return {"ops": ops} if ops else {}


def _place(f):
    code = getattr(f, "__code__", None)
    return f"{code.co_filename}:{code.co_firstlineno}" if code is not None else getattr(f, "__module__", "?")


def _grants(unit):
    """What the calling code itself names, it is granted: the endpoints of its models, and their keys."""
    from urllib.parse import urlsplit

    nets, secrets = [], []
    for _, a in unit.models.resources.values():
        url = urlsplit(a["url"])
        port = url.port or (443 if url.scheme == "https" else 80)
        host = f"[{url.hostname}]" if ":" in url.hostname else url.hostname
        nets.append(f"{host}:{port}")
        secrets.append(f"{a['key'].text[8:-2]}@{host}:{port}")
    return {"allow_net": sorted(set(nets)), "allow_secret": sorted(set(secrets))} if nets else {}


def make(function, level=2, unit=None, parameter=None):
    """Compiles a function into a program whose function is @main. `unit` and `parameter` (the type of a parameter) are those of another strategy."""
    unit, parameter = unit or Unit(), parameter or _parameter
    try:
        spec = spec_of(unit, function)
    except NoSource as e:
        raise errors.NoForm(f"{e}; a structural program needs the source of its function: write it in a module") from None
    compiler = unit.compiler(unit, spec.source, spec.names)
    parameters, defaults = [], {}
    for name in spec.parameters:
        t = parameter(compiler, spec, name)
        ref = Ref(t.xir, name)
        parameters.append((name, t, ref))
        compiler.env[name] = Slot(Val(t, ref, param=None))
    a = spec.node.args
    if a.vararg or a.kwarg:
        raise compiler.refuse(a.vararg or a.kwarg, "a function with `*` or `**` parameters has no form in a plan", "give it a list or a dictionary")
    if spec.node.returns is not None:
        from .unit import _return_hint

        hint = _return_hint(spec)
        compiler.returns = hint if hint is not NONE else None
    unit.names["main"] = 1
    for n, t, ref in parameters:
        if n in spec.defaults and t in (BOOL, INT, FLOAT, STR) and type(spec.defaults[n]) is {BOOL: bool, INT: int, FLOAT: float, STR: str}[t]:
            defaults[ref] = spec.defaults[n]
    try:
        region, out = compiler.run(spec.node.body, spec.parameters)
    except RecursionError:
        raise compiler.refuse(compiler.at or spec.node, "the function nests too deeply for a plan", "put parts of it into functions of their own") from None
    made = unit._finish(compiler, "main", parameters, region, out, spec.node)
    main = unit.functions[-1]
    main.private = False
    hold_writes(unit.functions, main)
    main.defaults = _last(defaults, main.parameters)
    result = Result(made.type)
    text = unit.text(function.__name__, main, places=True)
    plain = unit.text(function.__name__, main, places=False)
    plan = _api.core().compile(text, name=spec.source.path, level=level)
    return Made(unit, text, plain, plan, [(n, t) for n, t, _ in parameters], result)


def _last(defaults, parameters):
    """Parameters with a default come last in a program: those before one without are given by the caller."""
    kept = {}
    for p in reversed(parameters):
        if p not in defaults:
            break
        kept[p] = defaults[p]
    return kept


def _parameter(compiler, spec, name):
    """The type of a parameter: of its annotation, or of its default."""
    node = next(x for x in [*spec.node.args.posonlyargs, *spec.node.args.args, *spec.node.args.kwonlyargs] if x.arg == name)
    if not name.isascii():
        raise compiler.refuse(node, f"the name `{name}` of a parameter has no form in a plan", "use ASCII letters, digits and `_`")
    if node.annotation is not None:
        try:
            return of_annotation(spec.names.evaluated(node.annotation))
        except NoType as e:
            raise compiler.refuse(node.annotation, str(e)) from None
        except Exception as e:
            raise compiler.refuse(node.annotation, f"this annotation cannot be resolved: {e}") from None
    default = spec.defaults.get(name)
    if type(default) in (bool, int, float, str):
        return {bool: BOOL, int: INT, float: FLOAT, str: STR}[type(default)]
    raise compiler.refuse(node, f"the parameter `{name}` has no type", f"annotate it: `{name}: str`")


# Values of Python and of the plan.


def shaped(t, x, place):
    """An argument as the plan takes it, or a TypeError: a plan converts nothing."""
    if isinstance(t, OptionType):
        return None if x is None else shaped(t.inner, x, place)
    if t in (BOOL, INT, FLOAT, STR):
        if type(x) is not {BOOL: bool, INT: int, FLOAT: float, STR: str}[t]:
            raise TypeError(f"{place} must be {t.shown}, not {type(x).__name__}")
        return x
    if isinstance(t, ListType):
        if type(x) is not (tuple if t.frozen else list):
            raise TypeError(f"{place} must be {t.shown}, not {type(x).__name__}")
        return [shaped(t.element, e, f"{place}[{i}]") for i, e in enumerate(x)]
    if isinstance(t, DictType):
        if type(x) is not dict:
            raise TypeError(f"{place} must be {t.shown}, not {type(x).__name__}")
        return {shaped(t.keys, k, f"a key of {place}"): shaped(t.value, v, f"{place}[{k!r}]") for k, v in x.items()}
    return _shaped_record(t, x, place)


def _shaped_record(t, x, place):
    if t.kind == "tuple":
        if type(x) is not tuple or len(x) != len(t.fields):
            raise TypeError(f"{place} must be {t.shown}, not {type(x).__name__}")
        return {n: shaped(ft, e, f"{place}[{i}]") for i, ((n, ft), e) in enumerate(zip(t.fields, x))}
    if t.kind == "dict":
        if type(x) is not dict or list(x) != [n for n, _ in t.fields]:
            raise TypeError(f"{place} must be a dictionary with the keys {', '.join(n for n, _ in t.fields)}, in this order")
        return {n: shaped(ft, x[n], f"{place}[{n!r}]") for n, ft in t.fields}
    if type(x) is not t.cls:
        raise TypeError(f"{place} must be {t.shown}, not {type(x).__name__}")
    return {n: shaped(ft, getattr(x, n), f"{place}.{n}") for n, ft in t.fields}


def back(t, x):
    """What a plan gives, as Python's own value."""
    if t is None or t is NONE:
        return None
    if isinstance(t, OptionType):
        return None if x is None else back(t.inner, x)
    if isinstance(t, ListType):
        parts = [back(t.element, e) for e in x]
        return tuple(parts) if t.frozen else parts
    if isinstance(t, DictType):
        return {k: back(t.value, v) for k, v in x.items()}
    if isinstance(t, RecordType):
        parts = {n: back(ft, x[n]) for n, ft in t.fields}
        if t.kind == "tuple":
            return tuple(parts.values())
        return parts if t.kind == "dict" else t.cls(**parts)
    return x


class Result:
    def __init__(self, t):
        self.type = None if t is DEAD else t

    def back(self, x):
        return back(self.type, x)


def _named(handlers, function):
    """An operation whose exceptions a plan knows by name; one whose name would mislead a handler is told by another."""
    if not handlers:
        return function

    @functools.wraps(function)
    def operation(*args, **kwargs):
        try:
            return function(*args, **kwargs)
        except Exception as e:
            name = told_as(type(e), handlers)
            if name is None:
                raise
            other = type(name, (Exception,), {})(str(e))
            other.stands_for = e
            raise other from e

    return operation


def _wrapped(unit, writes, function, names, parameter_types, returns):
    """An operation as the plan calls it: with Python's own values, by the names of its parameters. What it raises is kept."""
    raised, signature = unit.raised, inspect.signature(function)
    positional = {n for n, p in signature.parameters.items() if p.kind is p.POSITIONAL_ONLY}
    mutable = [(n, t) for n, t in zip(names, parameter_types) if t.mutable]

    def check(before, given):
        try:
            _check_unchanged(function, before, _state_of(mutable, given), unit.changed() if writes else [])
        except TypeError as e:
            raised.append(e)
            raise XcsChanged(f"{type(e).__name__}: {e}") from e

    def operation(*args):
        given = dict(zip(names, (back(t, x) for t, x in zip(parameter_types, args))))
        values = dict(given)
        first = [values.pop(n) for n in signature.parameters if n in positional and n in values]
        before = _state_of(mutable, given), unit.changed() if writes else []
        try:
            result = function(*first, **values)
        except Exception as e:
            check(before, given)  # a handler may read what has changed
            raised.append(e)
            raise
        except BaseException as e:  # `SystemExit`, `KeyboardInterrupt`: nothing but `except BaseException` takes it
            raised.append(e)
            raise XcsStopped(f"{type(e).__name__}: {e}" if str(e) else type(e).__name__) from e
        check(before, given)
        try:
            return None if returns is NONE else checked(shaped(returns, result, "the result"))
        except (TypeError, OverflowError, UnicodeError) as e:  # Python goes on: no handler takes it
            raised.append(e)
            raise XcsUnconvertible(f"{type(e).__name__}: {e}") from e

    return operation


def _state_of(mutable, given):
    """What the arguments that an operation may change are now."""
    state = {}
    for n, t in mutable:
        try:
            state[n] = shaped(t, given[n], n)
        except TypeError:
            state[n] = None  # of another type than before
    return state


def _check_unchanged(function, before, state, changed):
    """A plan does not see what an operation changes in place: a list that is passed to it, or a name of the module that is a constant of the plan."""
    name = getattr(function, "__name__", "the operation")
    for n, x in state.items():
        if x != before[0][n]:
            raise TypeError(f"`{name}` has changed its argument `{n}` in place, which a plan does not see; return what is new")
    for n in changed:
        if n not in before[1]:
            raise TypeError(f"`{name}` has changed `{n}`, which is a constant of the plan; pass it and return it")


def checked(x):
    """An argument or a result as it is, or an error: a whole number beyond 64 bits and a text that is not Unicode are no values of a plan."""
    todo = [x]
    while todo:
        part = todo.pop()
        if isinstance(part, int) and not -(2**63) <= part < 2**63:
            raise OverflowError(f"{part} does not fit into 64 bits")
        if isinstance(part, str):
            part.encode()
        elif isinstance(part, dict):
            todo += [*part, *part.values()]
        elif isinstance(part, list):
            todo += part
    return x
