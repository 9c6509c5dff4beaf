"""What the names and expressions of a function are while it is compiled."""

from __future__ import annotations

from typing import NamedTuple

from .ir import Lit, Ref
from .types import BOOL, FLOAT, INT, NONE, STR, UNKNOWN, ListType


class Val:
    """A value of the program. `fresh`: nothing else refers to it. `count`: a whole number that is not negative. `param`: the parameter it is."""

    __slots__ = ("type", "ref", "fresh", "count", "param", "sink", "inner")

    def __init__(self, type_, ref, fresh=False, count=False, param=None):
        self.type, self.ref, self.fresh, self.count, self.param = type_, ref, fresh, count, param
        self.sink = self.inner = None

    @property
    def is_constant(self):
        return isinstance(self.ref, Lit)

    @property
    def constant(self):
        return self.ref.value


class Static:
    """A Python object that is known when the function is compiled, and is no value of the program: a function, a class, a client."""

    def __init__(self, object_, what=None):
        self.object, self.what = object_, what
        self.fresh = False


class Local:
    """A function that is defined in the function."""

    def __init__(self, node, owner):
        self.node, self.owner, self.fresh = node, owner, False


class Answer:
    """What a call of a client gives: the way to its text is all that a plan knows of it."""

    def __init__(self, val, way=()):
        self.val, self.way, self.fresh = val, way, False


class Caught:
    """`e` of `except .. as e`: `text` is the text of the exception, where it is known to be Python's."""

    def __init__(self, text):
        self.text, self.fresh = text, False


class Parsed:
    """What json.loads gives, until a type is known for it."""

    def __init__(self, val):
        self.val, self.fresh = val, True


def constant(value):
    if value is None:
        return Val(NONE, Lit(None, "none"), fresh=True)
    kind = {bool: BOOL, int: INT, float: FLOAT, str: STR}[type(value)]
    return Val(kind, Lit(value, kind.xir), fresh=True, count=kind is INT and value >= 0)


def empty_list(frozen=False):
    """`[]`: its element is not known yet. `sink`: what an iteration puts into a list that is known to it only so."""
    val = Val(ListType(UNKNOWN, frozen), Ref("list<?>", "empty"), fresh=True)
    val.sink = []
    return val


def is_empty_list(val):
    return isinstance(val, Val) and val.sink == [] and isinstance(val.type, ListType) and val.type.element is UNKNOWN


class Slot(NamedTuple):
    """What a name is bound to. `owned`: no other name, list or record has the same object. `unbound`: why it may have no value."""

    val: object
    owned: bool = False
    some: bool = False  # an option that is known to have a value
    unbound: str | None = None
    shared: int = 0  # the line that made another thing refer to it


def typed(val):
    """The type of a value, or None for what is no value of the program."""
    return val.type if isinstance(val, Val) else None
