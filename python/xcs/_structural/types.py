"""The types of a plan, as Python sees them, and from what they are read: annotations, dataclasses, TypedDict, pydantic models."""

from __future__ import annotations

import dataclasses
import functools
import sys
import types
import typing


class Type:
    """`xir` is the type in a program. Types are compared by what they are."""

    def __init__(self, xir, shown, mutable=False):
        self.xir, self.shown, self.mutable = xir, shown, mutable

    def key(self):
        return self.xir, self.shown

    def __eq__(self, other):
        return isinstance(other, Type) and self.key() == other.key()

    def __hash__(self):
        return hash(self.key())

    def __repr__(self):
        return self.shown


BOOL, INT, FLOAT, STR = Type("bool", "bool"), Type("i64", "int"), Type("f64", "float"), Type("str", "str")
NONE = Type("none", "None")
JSON = Type("json", "what json.loads gives", True)
UNKNOWN = Type("?", "?")  # the element of an empty list that nothing was put into yet
SCALARS = (BOOL, INT, FLOAT, STR)
KEYS = (STR, INT, BOOL)


class ListType(Type):
    """A list, or with `frozen` a `tuple[T, ...]`."""

    def __init__(self, element, frozen=False):
        shown = f"tuple[{element.shown}, ...]" if frozen else f"list[{element.shown}]"
        super().__init__(f"list<{element.xir}>", shown, not frozen or element.mutable)
        self.element, self.frozen = element, frozen


class DictType(Type):
    def __init__(self, key, value):
        super().__init__(f"dict<{key.xir}, {value.xir}>", f"dict[{key.shown}, {value.shown}]", True)
        self.keys, self.value = key, value


class OptionType(Type):
    def __init__(self, inner):
        super().__init__(f"option<{inner.xir}>", f"{inner.shown} | None", inner.mutable)
        self.inner = inner


class RecordType(Type):
    """Named fields. `kind` says what it is in Python: "tuple", "dict" (fixed keys), "dataclass" or "pydantic", the latter two of `cls`."""

    def __init__(self, kind, fields, cls=None, mutable=True):
        xir = "record<" + ", ".join(f"{name}: {t.xir}" for name, t in fields) + ">"
        if kind == "tuple":
            shown = "tuple[" + ", ".join(t.shown for _, t in fields) + "]"
        elif cls is not None:
            shown = cls.__qualname__
        else:
            shown = "{" + ", ".join(f"{name!r}: {t.shown}" for name, t in fields) + "}"
        super().__init__(xir, shown, mutable or any(t.mutable for _, t in fields))
        self.kind, self.fields, self.cls, self.own_mutable = kind, tuple(fields), cls, mutable

    def key(self):
        return self.xir, self.shown, self.kind, self.cls

    def field(self, name):
        return dict(self.fields).get(name)

    @property
    def items(self):
        return [t for _, t in self.fields]


def tuple_type(items, names=None):
    return RecordType("tuple", [(names[i] if names else f"_{i}", t) for i, t in enumerate(items)], mutable=False)


def is_tuple(t):
    return isinstance(t, RecordType) and t.kind == "tuple"


def is_list(t):
    return isinstance(t, ListType)


def is_known(t):
    """Whether no part of it is the element of an empty list."""
    return "?" not in t.xir


def has_float(t):
    return "f64" in t.xir or "json" in t.xir


class NoType(Exception):
    """Why an annotation has no type in a plan."""


def of_annotation(a):
    """The type of an annotation that `typing.get_type_hints` has resolved."""
    simple = {bool: BOOL, int: INT, float: FLOAT, str: STR, type(None): NONE, None: NONE}
    try:
        if a in simple:
            return simple[a]
    except TypeError:
        pass
    origin, args = typing.get_origin(a), typing.get_args(a)
    if origin in (typing.Union, types.UnionType):
        return _of_union(a, args)
    if origin is typing.Literal:
        kinds = {type(x) for x in args}
        if len(kinds) == 1 and (kind := kinds.pop()) in simple:
            return simple[kind]
        raise NoType("the values of a Literal must be of one type: str, int or bool")
    if origin is list and len(args) == 1:
        return ListType(of_annotation(args[0]))
    if origin is tuple and len(args) == 2 and args[1] is Ellipsis:
        return ListType(of_annotation(args[0]), frozen=True)
    if origin is tuple and args and args != ((),):
        return tuple_type([of_annotation(x) for x in args])
    if origin is dict and len(args) == 2:
        key = of_annotation(args[0])
        if key not in KEYS:
            raise NoType(f"the keys of a dictionary are of type str, int or bool, not {key.shown}")
        return DictType(key, of_annotation(args[1]))
    if origin in (typing.Required, typing.NotRequired, typing.Annotated, typing.Final):
        if origin is typing.NotRequired:
            raise NoType("a key that may be missing has no form: write `T | None`")
        return of_annotation(args[0])
    if isinstance(a, type):
        found = of_class(a)
        if found is not None:
            return found
    return _unknown(a)


def _of_union(a, args):
    inner = [x for x in args if x is not type(None)]
    if len(inner) == 1 and len(inner) < len(args):
        return OptionType(of_annotation(inner[0]))
    raise NoType(f"{_shown(a)} is one of several types; write one type, or one with `| None`")


def _shown(a):
    return a.__qualname__ if isinstance(a, type) else str(a).replace("typing.", "")


def _unknown(a):
    if a in (list, tuple, dict):
        raise NoType(f"`{_shown(a)}` does not say of what: write `{_shown(a)}[..]`")
    if a in (typing.Any, object):
        raise NoType("`Any` is not a type of a plan; write the type")
    raise NoType(f"`{_shown(a)}` is no type of a plan; write bool, int, float, str, list[..], dict[..], tuple[..], a dataclass, a TypedDict, or one of them with `| None`")


_building = []


@functools.lru_cache(maxsize=None)
def of_class(cls):
    """The record of a dataclass, a TypedDict or a pydantic model; None for other classes."""
    if cls in _building:
        raise NoType(f"`{cls.__qualname__}` contains itself; a type of a plan is not recursive")
    _building.append(cls)
    try:
        if dataclasses.is_dataclass(cls):
            return _of_dataclass(cls)
        if typing.is_typeddict(cls):
            return _of_typed_dict(cls)
        pydantic = sys.modules.get("pydantic")
        if pydantic is not None and isinstance(cls, type) and issubclass(cls, pydantic.BaseModel):
            return _of_pydantic(cls)
        return None
    finally:
        _building.pop()


def hints(x):
    try:
        return typing.get_type_hints(x)
    except Exception as e:
        raise NoType(f"the annotations of `{x.__qualname__}` cannot be resolved: {e}") from None


def _fields(cls, names):
    found = hints(cls)
    fields = []
    for name in names:
        if not (name.isascii() and name.isidentifier()):
            raise NoType(f"`{cls.__qualname__}` has the field {name!r}; names of fields are of ASCII letters, digits and `_` in a plan")
        try:
            fields.append((name, of_annotation(found[name])))
        except NoType as e:
            raise NoType(f"`{cls.__qualname__}.{name}`: {e}") from None
    if not fields:
        raise NoType(f"`{cls.__qualname__}` has no fields")
    return fields


_OWN_METHODS = ("__eq__", "__bool__", "__len__", "__iter__", "__getitem__", "__contains__", "__lt__", "__add__", "__format__", "__getattr__",
                "__getattribute__", "__setattr__", "__post_init__", "__new__", "__call__")  # fmt: skip


def _of_dataclass(cls):
    params = cls.__dataclass_params__
    for name in ("__init__", "__eq__"):
        own = cls.__dict__.get(name)
        wanted = getattr(params, "init" if name == "__init__" else "eq")
        if not wanted or getattr(own, "__qualname__", "").startswith(cls.__qualname__) is False:
            raise NoType(f"`{cls.__qualname__}` has no `{name}` of a dataclass; write a plain @dataclass")
    for base in cls.__mro__[:-1]:
        for name in _OWN_METHODS:
            if name in vars(base) and not (name == "__eq__" and dataclasses.is_dataclass(base)) and not (params.frozen and name in ("__setattr__", "__delattr__")):
                raise NoType(f"`{cls.__qualname__}` has a `{name}` of its own, which a plan does not call; write a plain @dataclass")
    fields = dataclasses.fields(cls)
    if any(not f.init for f in fields) or any(getattr(f, "kw_only", False) and False for f in fields):
        raise NoType(f"`{cls.__qualname__}` has a field with init=False; write a plain @dataclass")
    if any(not f.compare for f in fields):
        raise NoType(f"`{cls.__qualname__}` has a field with compare=False, and a plan compares all fields; write a plain @dataclass")
    return RecordType("dataclass", _fields(cls, [f.name for f in fields]), cls, mutable=not params.frozen)


def _of_typed_dict(cls):
    if cls.__optional_keys__:
        raise NoType(f"a key of `{cls.__qualname__}` may be missing; make all keys required, and write `T | None`")
    return RecordType("dict", _fields(cls, list(hints(cls))), cls)


def _of_pydantic(cls):
    config = cls.model_config
    if not config.get("strict") or config.get("extra") != "forbid":
        raise NoType(f"`{cls.__qualname__}` converts or ignores what it is given; write `model_config = ConfigDict(strict=True, extra=\"forbid\")` into it")
    decorated = getattr(cls, "__pydantic_decorators__", None)
    if decorated is not None and any(getattr(decorated, k) for k in ("validators", "field_validators", "root_validators", "model_validators")):
        raise NoType(f"`{cls.__qualname__}` has validators, which a plan does not call; check the values in the function")
    for name, f in cls.model_fields.items():
        if f.metadata or f.alias or f.default_factory is not None:
            raise NoType(f"`{cls.__qualname__}.{name}` has constraints, an alias or a factory; write a plain annotation, and check the value in the function")
    return RecordType("pydantic", _fields(cls, list(cls.model_fields)), cls, mutable=not config.get("frozen"))


def objects_in(t):
    """The kinds of objects in a value of this type that can be changed in place, as texts that do not tell `T` from `T | None`."""
    found, todo = set(), [t]
    while todo:
        x = todo.pop()
        if isinstance(x, ListType):
            todo.append(x.element)
        elif isinstance(x, DictType):
            todo.append(x.value)
        elif isinstance(x, OptionType):
            todo.append(x.inner)
            continue
        elif isinstance(x, RecordType):
            todo += x.items
        own = x.own_mutable if isinstance(x, RecordType) else not x.frozen if isinstance(x, ListType) else x.mutable
        if own:
            found.add(x.xir.replace("option<", "").replace(">", ""))
    return found


def records_in(t):
    """The records that a type is or has in it."""
    todo = [t]
    while todo:
        x = todo.pop()
        if isinstance(x, RecordType):
            yield x
            todo += x.items
        elif isinstance(x, ListType):
            todo.append(x.element)
        elif isinstance(x, DictType):
            todo.append(x.value)
        elif isinstance(x, OptionType):
            todo.append(x.inner)


def inside_of(t):
    """Those of `objects_in` that are parts of a value, not the value itself."""
    while isinstance(t, OptionType):
        t = t.inner
    parts = [t.element] if isinstance(t, ListType) else [t.value] if isinstance(t, DictType) else t.items if isinstance(t, RecordType) else []
    return set().union(*map(objects_in, parts)) if parts else set()


class NoJoin(Exception):
    """Two types have no common one."""


def join(a, b):
    """The type of a name that holds values of two types. Numbers are not widened: their texts differ."""
    if a == b:
        return a
    if a is UNKNOWN or b is UNKNOWN:
        return b if a is UNKNOWN else a
    if a is NONE or b is NONE:
        other = b if a is NONE else a
        return other if isinstance(other, OptionType) else OptionType(other)
    if isinstance(a, OptionType) or isinstance(b, OptionType):
        inner = [x.inner if isinstance(x, OptionType) else x for x in (a, b)]
        return OptionType(join(*inner))
    if isinstance(a, ListType) and isinstance(b, ListType) and a.frozen == b.frozen:
        return ListType(join(a.element, b.element), a.frozen)
    if isinstance(a, DictType) and isinstance(b, DictType):
        return DictType(join(a.keys, b.keys), join(a.value, b.value))
    if isinstance(a, RecordType) and isinstance(b, RecordType) and a.kind == b.kind and len(a.fields) == len(b.fields):
        if a.kind == "tuple":
            return tuple_type([join(x, y) for x, y in zip(a.items, b.items)])
        if a.kind == "dict" and [n for n, _ in a.fields] == [n for n, _ in b.fields]:
            cls = a.cls or b.cls
            if a.cls is None or b.cls is None or a.cls is b.cls:
                return RecordType("dict", [(n, join(x, y)) for (n, x), (_, y) in zip(a.fields, b.fields)], cls)
    raise NoJoin(f"{a.shown} and {b.shown}")
