"""Names of a function that are not its own: closures, globals, builtins. What is constant becomes a constant, the rest is an error."""

from __future__ import annotations

import ast
import builtins
import dataclasses
import types
import typing

from .types import BOOL, FLOAT, INT, NONE, SCALARS, STR, DictType, ListType, NoJoin, NoType, OptionType, RecordType, is_known, join, of_class, tuple_type
from .values import Static, constant, empty_list

_MISSING = object()


class Names:
    """Where a function looks names up. `seen` collects what a plan depends on, to find out later whether it has changed."""

    def __init__(self, unit, function):
        self.unit, self.function = unit, function
        code = function.__code__
        self.cells = dict(zip(code.co_freevars, function.__closure__ or ()))

    def object(self, name):
        if name in self.cells:
            try:
                return self.cells[name].cell_contents
            except ValueError:
                return _MISSING
        found = self.function.__globals__.get(name, _MISSING)
        return found if found is not _MISSING else getattr(builtins, name, _MISSING)

    def value(self, compiler, name, node):
        x = self.object(name)
        if x is _MISSING:
            raise compiler.refuse(node, f"`{name}` is not defined", None)
        if _is_object(x):
            self.unit.seen(self, name, x)
            return Static(x)
        val = self.of_object(compiler, x, node, f"`{name}`")
        self.unit.seen(self, name, x)
        return val

    def attribute(self, compiler, box, node):
        """An attribute of a module, class, client or other object that is known."""
        x, name = box.object, node.attr
        if isinstance(x, types.ModuleType) or isinstance(x, type):
            found = getattr(x, name, _MISSING)
        else:
            found = _known_attribute(x, name)
        if found is _MISSING:
            raise compiler.refuse(node, f"`.{name}` of this object has no form in a plan", "pass the value as an argument, or use a constant")
        if _is_object(found):
            if isinstance(x, (types.ModuleType, type)):
                self.unit.seen_attribute(x, name, found)
            return Static(found)
        val = self.of_object(compiler, found, node, f"`{ast.unparse(node)}`")
        self.unit.seen_attribute(x, name, found)
        return val

    def item(self, compiler, box, node):
        raise compiler.refuse(node, "an item of this object has no form in a plan", "pass the value as an argument")

    def evaluated(self, annotation):
        """What an annotation in the function means."""
        source = annotation.value if isinstance(annotation, ast.Constant) and isinstance(annotation.value, str) else ast.unparse(annotation)
        local = {n: c.cell_contents for n, c in self.cells.items() if _filled(c)}
        return typing.get_type_hints(types.SimpleNamespace(__annotations__={"x": source}), self.function.__globals__, local)["x"]

    # Constants.

    def of_object(self, compiler, x, node, what, want=None):
        """A Python object as a constant of the plan."""
        if type(x) in (bool, int, float, str) or x is None:
            if type(x) is int and not -(2**63) <= x < 2**63:
                raise compiler.refuse(node, f"{what} does not fit into 64 bits", "use a float or a text")
            if type(x) is str:
                compiler.encodable(x, node)
            val = constant(x)
            return compiler.to(val, want, node) if want is not None else val
        if _is_object(x):
            return Static(x)
        try:
            t = type_of(x)
            t = join(t, want) if want is not None else t
        except (NoType, NoJoin) as e:
            raise compiler.refuse(node, f"{what} is no constant of a plan: {e}", "pass it as an argument of the function") from None
        if isinstance(x, (list, tuple)) and not x:
            return compiler.to(empty_list(isinstance(x, tuple)), t, node) if is_known(t) else empty_list(isinstance(x, tuple))
        if not is_known(t):
            if isinstance(x, dict) and not x:
                return compiler.empty_dict()
            raise compiler.refuse(node, f"{what} has an empty list, whose type is not known", "pass it as an argument of the function")
        self._has_none(compiler, x, t, node, what)
        val = compiler.op("const", [], t, {"value": literal_of(x, t)}, hint=what.strip("`") if what.strip("`").isidentifier() else "constant")
        val.fresh = False
        return val

    @staticmethod
    def _has_none(compiler, x, t, node, what):
        if isinstance(t, (ListType, DictType)) and "option<" in t.xir:
            raise compiler.refuse(node, f"{what} has None in a list or a dictionary", "pass it as an argument of the function")


def _filled(cell):
    try:
        cell.cell_contents
    except ValueError:
        return False
    return True


def _is_object(x):
    """Whether something is used by name only: functions, classes, modules, clients."""
    if isinstance(x, (types.FunctionType, types.BuiltinFunctionType, types.MethodType, types.ModuleType, type)) or hasattr(x, "__xcs_function__"):
        return True
    if typing.get_origin(x) is not None:
        return True
    module = type(x).__module__.partition(".")[0]
    return module in ("openai", "xcs") or callable(x) and not dataclasses.is_dataclass(x)


def _known_attribute(x, name):
    module = type(x).__module__.partition(".")[0]
    if module == "openai":
        return getattr(x, name, _MISSING)
    if isinstance(x, (types.FunctionType, types.MethodType)):
        return _MISSING
    return _MISSING


def type_of(x):
    """The type of a constant."""
    if x is None:
        return NONE
    if type(x) in (bool, int, float, str):
        return {bool: BOOL, int: INT, float: FLOAT, str: STR}[type(x)]
    if type(x) in (list, tuple):
        return _of_sequence(x)
    if type(x) is dict:
        return _of_dict(x)
    found = of_class(type(x))
    if found is not None:
        return found
    if isinstance(x, (set, frozenset)):
        raise NoType("a set has no order; use a tuple")
    raise NoType(f"an object of {type(x).__qualname__}")


def _common(parts):
    from .types import UNKNOWN

    t = UNKNOWN
    for p in parts:
        t = join(t, type_of(p))
    return t


def _of_sequence(x):
    try:
        return ListType(_common(x), frozen=isinstance(x, tuple))
    except NoJoin as e:
        if isinstance(x, tuple):
            return tuple_type([type_of(p) for p in x])
        raise NoType(f"its elements have several types: {e}") from None


def _of_dict(x):
    try:
        key = _common(x)
        if x and key not in (STR, INT, BOOL):
            raise NoType(f"its keys are {key.shown}")
        return DictType(key, _common(x.values()))
    except NoJoin as e:
        if all(type(k) is str and k.isascii() and k.isidentifier() for k in x):
            return RecordType("dict", [(k, type_of(v)) for k, v in x.items()])
        raise NoType(f"its values have several types: {e}") from None


def literal_of(x, t):
    """A constant as a literal of its type."""
    if isinstance(t, OptionType):
        return None if x is None else literal_of(x, t.inner)
    if t in SCALARS:
        return x
    if isinstance(t, ListType):
        return [literal_of(p, t.element) for p in x]
    if isinstance(t, DictType):
        return {_key_text(k): literal_of(v, t.value) for k, v in x.items()}
    parts = list(x) if t.kind == "tuple" else [x[n] for n, _ in t.fields] if isinstance(x, dict) else [getattr(x, n) for n, _ in t.fields]
    return {n: literal_of(p, ft) for (n, ft), p in zip(t.fields, parts) if not (isinstance(ft, OptionType) and p is None)}


def _key_text(k):
    return ("true" if k else "false") if isinstance(k, bool) else str(k)
