"""The ground that a function is compiled on: regions, operations, names, and what brings a value to a type."""

from __future__ import annotations

import contextlib

from . import errors
from .ir import Lit, Op, Ref, Region
from .types import BOOL, FLOAT, INT, JSON, NONE, STR, UNKNOWN, DictType, ListType, NoJoin, OptionType, RecordType, is_known, join
from .values import Answer, Caught, Local, Parsed, Slot, Static, Val, constant, is_empty_list

# How operations fail: the name of the diagnostic, and the exception that Python raises there. None: Python does not fail there at all.
OVERFLOW = ("integer-overflow", None)
NOT_PYTHON = ("failed", None)


class Core:
    """One function being compiled. The statements, expressions and calls are in classes that inherit from this one."""

    def __init__(self, unit, source, names):
        self.unit, self.source, self.resolve = unit, source, names
        self.env, self.region, self.at, self.locked = {}, Region(), None, {}
        self.target, self.declared, self.specialised = None, {}, {}
        self.own = set()
        self.handling = []

    # Errors.

    def refuse(self, node, what, write=None):
        return errors.refused(self.source, node, what, write)

    def without_form(self, node, kind=None):
        return errors.without_form(self.source, node, kind)

    # Regions and operations.

    @contextlib.contextmanager
    def inside(self, *parameters):
        region, before = Region(parameters), self.region
        self.region = region
        try:
            yield region
        finally:
            self.region = before

    @contextlib.contextmanager
    def continued(self, region):
        """More operations at the end of a region."""
        before, self.region = self.region, region
        try:
            yield region
        finally:
            self.region = before

    @contextlib.contextmanager
    def placed(self, node):
        before = self.at
        if hasattr(node, "lineno"):
            self.at = node
        try:
            yield
        finally:
            self.at = before

    def add(self, name, operands, results=(), attributes=None, symbol=None, regions=(), fails=()):
        place = errors.place(self.source, self.at) if self.at is not None else None
        self.region.ops.append(Op(name, [self.operand(x) for x in operands], list(results), attributes, symbol, list(regions), place))
        self.region.ops[-1].fails = name not in ("fail", "assert") and any(python is not None for _, python in fails)
        self.region.fails.update(fails)

    def op(self, name, operands, type_, attributes=None, *, symbol=None, regions=(), fails=(), hint=None, count=False):
        """An operation with one result. `fails` are (diagnostic, Python's exception)."""
        ref = Ref(type_.xir, hint or name.rpartition(".")[2])
        self.add(name, operands, [ref], attributes, symbol, regions, fails)
        return Val(type_, ref, fresh=not type_.mutable or name not in _PARTS, count=count)

    def operand(self, x):
        if isinstance(x, (Ref, Lit)):
            return x
        if isinstance(x, (bool, int, float, str)):
            return constant(x).ref
        if x.type is NONE:
            return self.op("const", [], NONE, {"value": _FLAG}).ref
        return x.ref

    def emit_yield(self, region, values, name="yield"):
        before, self.region = self.region, region
        if values:
            self.add(name, values)
        self.region = before

    # Names.

    def load(self, node, retain):
        """What a name is. With `retain` something else will refer to the object, so it may not be changed in place afterwards."""
        name = node.id
        slot = self.env.get(name)
        if slot is None:
            if name in self.own:
                raise self.refuse(node, f"`{name}` may have no value here", f"give `{name}` a value before it is read")
            return self.resolve.value(self, name, node)
        if slot.unbound:
            raise self.refuse(node, f"`{name}` {slot.unbound}", f"give `{name}` a value before that")
        val = slot.val
        if retain and slot.owned and isinstance(val, Val) and val.type.mutable:
            self.env[name] = slot._replace(owned=False, shared=node.lineno)
        if slot.some and isinstance(val, Val) and isinstance(val.type, OptionType):
            val = self.op("option.value", [val], val.type.inner, hint=name)
        if isinstance(val, Val) and val.fresh and val.type.mutable and not is_empty_list(val):
            return Val(val.type, val.ref, count=val.count, param=val.param)  # another reference to the same object
        return _shared_empty(val) if is_empty_list(val) else val

    def bind(self, name, val, node=None):
        declared = self.declared.get(name)
        if declared is not None and node is not None:
            val = self.to(val, declared, node)
        if isinstance(val, Val) and isinstance(val.ref, Ref) and val.ref.hint in _UNNAMED:
            val.ref.hint = name
        self.env[name] = Slot(val, owned=getattr(val, "fresh", False))

    def rename(self, val, hint):
        if isinstance(val, Val) and isinstance(val.ref, Ref):
            val.ref.hint = hint
        return val

    # Types.

    def common(self, a, b, node, what="it"):
        try:
            return join(a, b)
        except NoJoin:
            raise self.refuse(node, f"{what} is {a.shown} in one case and {b.shown} in another", _hint_of(a, b)) from None

    def to(self, val, wanted, node):
        """A value as one of the wanted type: Python's own value, in another form of the plan, so it is as fresh as it was."""
        val = self.as_value(val, node, wanted)
        if val.type == wanted:
            return val
        new = self._converted(val, wanted, node)
        new.fresh = val.fresh or not new.type.mutable
        return new

    def _converted(self, val, wanted, node):
        have = val.type
        if have.xir == wanted.xir and isinstance(have, RecordType) and isinstance(wanted, RecordType) and have.kind == wanted.kind == "dict" and (have.cls is None or wanted.cls is None):
            return self._retyped(val, wanted)
        if isinstance(wanted, OptionType):
            if have is NONE:
                return self.op("option.none", [], wanted)
            if not isinstance(have, OptionType):
                return self.op("option.some", [self.to(val, wanted.inner, node)], wanted)
        if is_empty_list(val) and isinstance(wanted, ListType) and val.type.frozen == wanted.frozen:
            return self.op("const", [], wanted, {"value": []}, hint="empty")
        if isinstance(wanted, RecordType) and isinstance(have, RecordType) and have.kind == wanted.kind and self._fields_fit(have, wanted):
            parts = [self.to(self.field(val, n), t, node) for (n, _), (_, t) in zip(have.fields, wanted.fields)]
            return self.op("record.make", parts, wanted)
        if isinstance(wanted, ListType) and isinstance(have, ListType) and have.frozen == wanted.frozen and is_known(wanted):
            return self.mapped(val, wanted, node)
        if isinstance(wanted, DictType) and isinstance(have, DictType) and have.keys is UNKNOWN:
            return self.op("dict.make", [], wanted)
        raise self.refuse(node, f"this is {have.shown}, and {wanted.shown} is wanted", _hint_of(have, wanted))

    @staticmethod
    def _fields_fit(have, wanted):
        if len(have.fields) != len(wanted.fields):
            return False
        return have.kind == "tuple" or (have.kind == "dict" and [n for n, _ in have.fields] == [n for n, _ in wanted.fields])

    @staticmethod
    def _retyped(val, wanted):
        new = Val(wanted, val.ref, val.fresh, val.count, val.param)
        return new

    def mapped(self, val, wanted, node):
        """Each element of a list brought to a type."""
        element = Ref(val.type.element.xir, "element")
        with self.inside(element) as region:
            try:
                out = self.to(Val(val.type.element, element), wanted.element, node)
            except errors.NoForm:
                raise self.refuse(node, f"this is {val.type.shown}, and {wanted.shown} is wanted") from None
            self.add("yield", [out])
        self.region.absorb(region)
        return self.op("map", [val], wanted, regions=[region])

    def as_value(self, val, node, wanted=None):
        """What an expression gives as a value of the program, or an error that says why it is none."""
        if isinstance(val, Val):
            return val
        if isinstance(val, Parsed):
            return self.parsed(val, wanted, node)
        if isinstance(val, Answer):
            raise self.refuse(node, "an answer of the client as a whole has no form in a plan", "take its text: `.choices[0].message.content`")
        if isinstance(val, Caught):
            raise self.refuse(node, "an exception as a value has no form in a plan", "use `str(e)`, or write what it means as a text")
        if isinstance(val, (Static, Local)):
            shown = getattr(val, "what", None) or (f"the function `{val.node.name}`" if isinstance(val, Local) else f"`{_shown_object(val.object)}`")
            raise self.refuse(node, f"{shown} as a value has no form in a plan", "use it where it is called")
        raise self.refuse(node, "this has no form in a plan as a value", "use it directly in a loop or a call")

    def parsed(self, val, wanted, node):
        if wanted is None or wanted is JSON:
            raise self.refuse(node, "the type of what json.loads gives is not known", "annotate the name that it is assigned to: `x: Reading = json.loads(text)`, with a TypedDict, list[..] or dict[..]")
        if not json_shaped(wanted):
            raise self.refuse(node, f"json.loads gives no {wanted.shown}", "use a TypedDict, lists and dictionaries with str keys")
        typed = self.op("json.cast", [val.val], wanted, fails=[("json-mismatch", None)])
        # Python checks no type: 1.0 stays a float, a missing key is missing, keys keep their order. What prints otherwise is no answer.
        texts = [self.op("json.print", [x], STR) for x in (val.val, self.op("json.from", [typed], JSON))]
        self.require_own(self.equal(*texts, node), f"json.loads() of what is not exactly {wanted.shown}: a number of another kind, a missing key, or keys in another order")
        return typed

    def field(self, val, name):
        t = val.type.field(name)
        return self.op("record.get", [val], t, {"field": name}, hint=name)

    def never(self, t, node):
        """A value of a region that always fails before it is used."""
        if t is BOOL or t is INT or t is FLOAT or t is STR:
            return constant({BOOL: False, INT: 0, FLOAT: 0.0, STR: ""}[t])
        if t is NONE:
            return constant(None)
        if isinstance(t, OptionType):
            return self.op("option.none", [], t)
        if isinstance(t, DictType):
            return self.op("dict.make", [], t)
        if isinstance(t, RecordType):
            return self.op("record.make", [self.never(f, node) for f in t.items], t)
        return self.op("const", [], t, {"value": []})


def _shared_empty(val):
    """`[]` by its name: the same list, which a second name refers to."""
    new = Val(val.type, val.ref)
    new.sink = []
    return new


_FLAG = None
# Operations whose result is a part of an operand, or one of several operands: the same object as there.
_PARTS = frozenset(
    "record.get list.get list.first list.last list.min_by list.max_by option.value option.or option.some result.value result.or dict.at dict.get dict.at_or select if switch".split()
)
_UNNAMED = frozenset(
    "v add sub mul div rem neg format concat join split lines trim lower upper replace slice chat pack get len range append map filter call value first last "
    "make from to_str to_i64 to_f64 sum sort reverse flatten somes majority parse cast print if select not eq ne lt le gt ge and or contains starts_with ends_with "
    "has at put merge keys values items count at_or mean empty const switch element length gather take drop somes is_some some none with state result".split()
)


def _load_flag():
    global _FLAG
    from .ir import FLAG

    _FLAG = FLAG


_load_flag()


def _hint_of(a, b):
    pair = {x.shown for x in (a, b)}
    if pair == {"int", "float"}:
        return "write the whole number as a float, such as `0.0`: the two have different texts"
    if pair == {"bool", "int"}:
        return "write `int(..)` or a comparison"
    if "None" in " ".join(pair):
        return "test it with `is not None` before"
    return "give it one type"


def json_shaped(t):
    """Whether json.loads gives such a value."""
    if isinstance(t, OptionType):
        return json_shaped(t.inner)
    if isinstance(t, ListType):
        return not t.frozen and json_shaped(t.element)
    if isinstance(t, DictType):
        return t.keys is STR and json_shaped(t.value)
    if isinstance(t, RecordType):
        return t.kind == "dict" and all(map(json_shaped, t.items))
    return t in (BOOL, INT, FLOAT, STR)


def _shown_object(x):
    return getattr(x, "__qualname__", None) or getattr(x, "__name__", None) or type(x).__name__
