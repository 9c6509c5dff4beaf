"""The enhanced strategy: the structural program with what runs have shown, and tracing where it does not fit.

Types of arguments and of JSON that no annotation gives are those that were seen; how often loops run, which way branches go and how long calls
take are hints. Each call of a program is guarded:

- before the run: the types of the arguments, and that names, and the code of functions, are what they were when the plan was made. Where the
  types are others, a plan is made for them, too; where there is none, the call is traced;
- in the run: JSON of another type than was seen, or an answer that a plan does not know. Then the call is made again by tracing. Calls that only
  ask are repeated, which a remark tells. A program that writes has no such guard on types, and what it does not know is an error: nothing is
  written twice.
"""

from __future__ import annotations

import contextlib
import functools
import inspect
import os
import re
import threading

from . import _api, _births
from ._profile import Profile, digest, key
from ._remarks import remark
from ._state import state
from ._strategies import StructuralStrategy
from ._structural import errors
from ._structural.core import json_shaped
from ._structural.failures import XcsChanged, XcsStopped, XcsUnconvertible, python_exception
from ._structural.ir import Word
from ._structural.program import Made, StructuralProgram, _parameter, checked, make, shaped
from ._structural.resolve import NoType, type_of
from ._structural.types import BOOL, JSON, STR, NoJoin, is_known
from ._structural.unit import Compiler, NoSource, Unit, spec_of
from ._watch import watched

MOST_PLANS = 16  # of one function, for different types of its arguments
MOST_CHANGES = 8  # of names that it reads, before it is only traced
# Failures of a plan where Python may have an answer.
UNKNOWN_TO_PLANS = frozenset({"integer-overflow", "json-mismatch", "json-number", "json-syntax", "limit-exceeded"})

_RAISED_AGAIN = re.compile(r"xcs-kind ([\w-]+): ")  # out of a `try` that does not catch it


class EnhancedStrategy(StructuralStrategy):
    """Structural, with what runs have shown; tracing where that does not fit.

    The first `watch` calls run plainly and are watched. `profile` is a file: what it says is used, if it is of the same source, and what
    is seen is written to it.
    """

    name = "enhanced"

    def __init__(self, *, level=2, watch=1, profile=None):
        super().__init__(level=level)
        if type(watch) is not int or watch < 0:
            raise ValueError(f"xcs.EnhancedStrategy: watch must be a number of calls, not {watch!r}")
        if profile is not None and not isinstance(profile, (str, os.PathLike)):
            raise TypeError(f"xcs.EnhancedStrategy: profile must be a path, not {type(profile).__name__}")
        self.watch, self.profile = watch, profile

    def program(self, function, record=False):
        return EnhancedProgram(function, self, record)


class _Refused(Exception):
    """The plan does not know the answer of this call."""


class _Compiler(Compiler):
    """Compiles with what was seen."""

    @property
    def _profile(self):
        return self.unit.profile if self.source.path == self.unit.path else Profile()

    def _key(self, node):
        return key(node, self.unit.first)

    def add(self, name, operands, results=(), attributes=None, symbol=None, regions=(), fails=()):
        attributes = dict(attributes or {})
        if self.at is not None and hasattr(self.at, "lineno"):
            attributes |= self._hints(name, self._key(self.at))
        super().add(name, operands, results, attributes, symbol, regions, fails)

    def _hints(self, name, place):
        profile, hints = self._profile, {}
        trips = profile.trips_at(place) if name in ("map", "filter", "for", "scan") else None
        if trips is not None:
            hints["hint.trips"] = trips
        odds = profile.odds_at(place) if name == "if" else None
        if odds is not None:
            hints["meta.odds"] = odds
        call = profile.call_at(place) if name in ("host.call", "model.chat") else None
        if call is not None:
            hints["hint.latency"] = Word(f"{max(1, round(call[0] * 1e6))}us")
            hints["hint.size"] = call[1]
        return hints

    def _attempt(self, *args):
        self.unit.tries += 1
        return super()._attempt(*args)

    def b_loads(self, node, want):
        self.unit.loads += 1
        val = super().b_loads(node, None)
        wanted = want if want is not None and want is not JSON else self._profile.json.get(self._key(node))
        if wanted is None or not is_known(wanted):
            return val
        return self.parsed(val, wanted, node)

    def parsed(self, val, wanted, node):
        """JSON as a type, which may not be that of this call."""
        if wanted is not None and json_shaped(wanted):
            self.unit.guards += 1
        return super().parsed(val, wanted, node)


class EnhancedProgram(StructuralProgram):
    """A function as a plan where one fits, else traced. `ran` says how the last call was carried out: "watched", "plan" or "tracing"."""

    def __init__(self, function, strategy, record=False):
        super().__init__(function, strategy)
        self._tracing = _tracing(function, record)
        self._plans, self._open, self._changes, self._inside = {}, None, 0, threading.local()
        self._seen, self._source = None, None
        self.ran = None

    def __call__(self, *args, **kwargs):
        if getattr(self._inside, "watched", False):
            return self.__xcs_function__(*args, **kwargs)
        if state.path() is not None or _births._in_event_loop():
            return self._traced(args, kwargs)
        watcher = self._watcher()
        if watcher is not None:
            return self._watch(watcher, args, kwargs)
        made, arguments = self._fitting(args, kwargs)
        if made is None:
            return self._traced(args, kwargs)
        try:
            return self._planned(made, arguments)
        except _Refused as e:
            self._told(f"made again by tracing: {e}")
        return self._traced(args, kwargs)

    def _traced(self, args, kwargs):
        self.ran = "tracing"
        try:
            return self._tracing(*args, **kwargs)
        finally:
            self.stats = self._tracing.stats

    def _planned(self, made, arguments):
        self.ran = "plan"
        program = self._loaded(made)
        try:
            result = program(**arguments)
        except _api.core().Error as e:
            found = python_exception(e, made.unit)
            if not _is_unknown(e, found):
                raise found from e
            if made.writes:
                e.add_note("the plan does not know this answer, and may have written before: the call was not made again")
                raise
            raise _Refused(str(e).partition("\n")[0]) from e
        except (XcsChanged, XcsStopped) as e:
            raise e.__cause__ from None
        except XcsUnconvertible as e:
            if made.writes:
                raise e.__cause__ from None
            raise _Refused(str(e)) from e
        except (OverflowError, UnicodeError) as e:  # raised by a function of the host, or what it gives is no value of a plan
            if made.writes:
                raise
            raise _Refused(str(e)) from e
        finally:
            self.stats = program.stats
            del program  # a traceback that is kept would keep it
        return made.result.back(result)

    # What was seen.

    @property
    def profile(self):
        """What was seen of this function so far."""
        with self._lock:
            return self._known()

    def save_profile(self, path):
        self.profile.save(path)

    def _known(self):
        if self._seen is None:
            text = self._text()
            self._seen = Profile(digest(text))
            path = self.strategy.profile
            if path is not None and os.path.exists(path):
                found = Profile.load(path)
                if found.digest == self._seen.digest:
                    self._seen, self._left = found, 0
                else:
                    self._told(f"{path} is of another source of this function: not used")
        return self._seen

    def _text(self):
        """The text of the function, where it is, and in which line it begins; empty without a source."""
        if self._source is None:
            try:
                spec = spec_of(Unit(), self.__xcs_function__)
                import ast

                self._source = ast.unparse(spec.node), spec.node, spec.source.path
            except (NoSource, errors.NoForm):
                self._source = "", None, ""
        return self._source[0]

    _left = None

    def _watcher(self):
        """The copy of the function that is watched, if this call is to be."""
        with self._lock:
            profile = self._known()
            if self._left is None:
                self._left = self.strategy.watch
            node, path = self._source[1:]
            if self._left == 0 or node is None:
                return None
            self._left -= 1
            return watched(self.__xcs_function__, node, path, profile)

    def _watch(self, function, args, kwargs):
        self.ran, self._inside.watched = "watched", True
        try:
            return function(*args, **kwargs)
        finally:
            self._inside.watched = False
            with self._lock:
                self._plans.clear()
                if self.strategy.profile is not None:
                    with contextlib.suppress(OSError):
                        self._seen.save(self.strategy.profile)

    # Plans and their guards.

    def _current(self):
        with self._lock:
            self._known()
            made = next((m for m in reversed(self._plans.values()) if m.plan is not None), None)
            return made if made is not None and not self._is_stale(made) else self._make({}, self._unit())

    def _fitting(self, args, kwargs):
        """A plan whose guards hold for these arguments, and the arguments as it takes them; None where there is none."""
        try:
            bound = inspect.signature(self.__xcs_function__).bind(*args, **kwargs)
        except TypeError:
            return None, None  # as Python tells it
        bound.apply_defaults()
        with self._lock:
            self._known()
            made = self._plan_for(bound.arguments)
        if made is None:
            return None, None
        try:
            arguments = checked({n: shaped(t, bound.arguments[n], n) for n, t in made.parameters})
        except (TypeError, OverflowError, UnicodeError) as e:
            self._told(f"traced: {e}")
            return None, None
        return made, arguments

    def _plan_for(self, arguments):
        types = self._types(arguments)
        if types is None:
            return None
        at = tuple(sorted((n, t.key()) for n, t in types.items()))
        made = self._plans.get(at)
        if made is not None and self._is_stale(made):
            self._changes += made.plan is not None
            self._told(f"{', '.join(made.unit.changed()) or 'a function that it calls'} changed: " + ("made again" if self._changes < MOST_CHANGES else "only traced from now on"))
            del self._plans[at]
        if self._changes >= MOST_CHANGES:
            return None
        if at not in self._plans:
            if len(self._plans) >= MOST_PLANS:
                return None
            self._plans[at] = self._try(types)
        made = self._plans[at]
        return made if made.plan is not None else None

    def _try(self, types):
        """A plan, or, where there is none, what that depends on."""
        unit = self._unit()
        try:
            return self._make(types, unit)
        except errors.CompileError as e:
            self._told("traced: " + str(e).partition("\n")[0])
        return _with_codes(Made(unit, None, None, None, [], None), self.__xcs_function__)

    @staticmethod
    def _is_stale(made):
        return bool(made.unit.changed()) or any(f.__code__ is not c or f.__defaults__ is not d for f, c, d in made.codes)

    def _types(self, arguments):
        """The types of the arguments whose parameters say none; None if one has none that is known."""
        if self._open is None:
            self._open = self._open_parameters()
        try:
            types = {n: type_of(arguments[n]) for n in self._open if n in arguments}
        except (NoType, NoJoin, RecursionError):  # a list that contains itself
            return None
        return types if all(is_known(t) and "none" not in t.xir for t in types.values()) else None

    def _open_parameters(self):
        unit = Unit()
        try:
            spec = spec_of(unit, self.__xcs_function__)
        except (NoSource, errors.NoForm):
            return ()
        compiler = Compiler(unit, spec.source, spec.names)
        found = []
        for name in spec.parameters:
            try:
                _parameter(compiler, spec, name)
            except errors.NoForm:
                found.append(name)
        return found

    def _unit(self):
        unit = Unit(_Compiler)
        unit.profile, unit.guards, unit.loads, unit.tries = self._seen, 0, 0, 0
        unit.path, unit.first = self._source[2], self._source[1].lineno if self._source[1] is not None else 0
        return unit

    def _make(self, types, unit):
        def parameter(compiler, spec, name):
            return types[name] if name in types else _parameter(compiler, spec, name)

        made = make(self.__xcs_function__, self.strategy.level, unit, parameter)
        made.writes = any(_writes(f.region) for f in unit.functions)
        _with_codes(made, self.__xcs_function__)
        if unit.loads and unit.tries:
            raise errors.NoForm(f"`{self.__xcs_function__.__name__}` reads JSON and has a `try`, which might catch what only a plan refuses; it is traced [no-form]")
        if made.writes and unit.guards:
            raise errors.NoForm(f"`{self.__xcs_function__.__name__}` writes, and the type of its JSON can only be checked when it runs; it is traced [no-form]")
        return made

    def _told(self, text):
        code = self.__xcs_function__.__code__
        remark("enhanced", f"{self.__xcs_function__.__name__}: {text}", (code.co_filename, code.co_firstlineno))


def _with_codes(made, function):
    """Notes the code that a plan was made of."""
    made.codes = [(f, f.__code__, f.__defaults__) for f in [function, *made.unit.specs] if hasattr(f, "__code__")]
    return made


def _tracing(function, record):
    from ._program import Program

    return Program(function, record)


def _is_unknown(error, found):
    """Whether a plan has failed where Python may have an answer."""
    raised_again = _RAISED_AGAIN.search(str(error)) if error.id == "failed" else None
    if error.id in UNKNOWN_TO_PLANS or (raised_again and raised_again[1] in UNKNOWN_TO_PLANS):
        return True
    if f" failed: {XcsUnconvertible.__name__}: " in str(error) or f".{XcsUnconvertible.__name__}: " in str(error):
        return True
    if isinstance(found, ValueError) and type(found).__name__ == "JSONDecodeError":
        return True  # Python reads more: `NaN`, a key that occurs twice
    return found is error and error.id in ("failed", "assertion-failed") and "xcs: " in str(error)


def _writes(region):
    """Whether a function of the host writes in it."""
    open_ = [region]
    while open_:
        for op in open_.pop().ops:
            open_.extend(op.regions)
            if op.name == "host.call" and not str(op.attributes.get("effect", "write")).startswith(("pure", "sample", "read")):
                return True
    return False


