"""What a plan was made with may change: then it is made again, whatever it was."""

import dataclasses
import math
import sys
from typing import ClassVar

import othererrors
import pytest

import xcs


@dataclasses.dataclass
class Hidden:
    k: int = dataclasses.field(repr=False, default=1)


@dataclasses.dataclass
class Silent:
    k: int = 1

    def __repr__(self):
        return "Silent"


@dataclasses.dataclass
class Point:
    x: int
    SCALE: ClassVar[int] = 2

    def moved(self) -> int:
        return self.x

    @property
    def twice(self) -> int:
        return self.x * 2


def far(self) -> int:
    return 100


HIDDEN, SILENT, DEEP, TEXTS = Hidden(), Silent(), {"a": [Hidden()]}, [1]


def with_list(x: int, d: list[int] = TEXTS) -> int:
    return x + len(d)


def with_default(x: int, k: int = 1) -> int:
    return x + k


def with_keyword(x: int, *, k: int = 1) -> int:
    return x + k


def plain(x: int) -> int:
    return x + 1


def other(x: int) -> int:
    return x + 100


def rounded(x: float) -> int:
    return 100


@xcs.op(effect="pure")
def operation(x: int, d: list[int] = TEXTS) -> int:
    return x + len(d)


def reads_hidden(x: int) -> int:
    return x + HIDDEN.k


def reads_silent(x: int) -> int:
    return x + SILENT.k


def reads_deep(x: int) -> int:
    return x + DEEP["a"][0].k


def reads_class(x: int) -> int:
    return Point(x).SCALE


def calls_method(x: int) -> int:
    return Point(x).moved()


def reads_property(x: int) -> int:
    return Point(x).twice


def calls_with_list(x: int) -> int:
    return with_list(x)


def calls_operation(x: int) -> int:
    return operation(x)


def calls_default(x: int) -> int:
    return with_default(x)


def calls_keyword(x: int) -> int:
    return with_keyword(x)


def calls_plain(x: int) -> int:
    return plain(x)


def calls_module(x: int) -> int:
    return othererrors.helper(x)


def calls_math(x: int) -> int:
    return math.floor(x + 0.5)


def calls_constructor(x: int) -> int:
    return x + Hidden().k


HERE = sys.modules[__name__]
CHANGES = [
    (reads_hidden, HIDDEN, "k", 7),
    (reads_silent, SILENT, "k", 7),
    (reads_deep, DEEP["a"][0], "k", 7),
    (reads_class, Point, "SCALE", 9),
    (calls_method, Point, "moved", far),
    (reads_property, Point, "twice", property(far)),
    (calls_default, with_default, "__defaults__", (50,)),
    (calls_keyword, with_keyword, "__kwdefaults__", {"k": 50}),
    (calls_plain, plain, "__code__", other.__code__),
    (calls_module, othererrors, "helper", other),
    (calls_math, math, "floor", rounded),
    (calls_constructor, Hidden.__init__, "__defaults__", (9,)),
    (calls_with_list, HERE, "TEXTS", None),
    (calls_operation, HERE, "TEXTS", None),
]


@pytest.mark.parametrize("strategy", ["structural", "enhanced"])
@pytest.mark.parametrize(("function", "owner", "name", "value"), CHANGES, ids=[c[0].__name__ for c in CHANGES])
def test_a_change_is_seen(function, owner, name, value, strategy, monkeypatch):
    program = xcs.program(function, strategy=strategy)
    assert [program(3) for _ in range(3)] == [function(3)] * 3
    before = function(3)
    try:
        if value is None:
            TEXTS.append(2)
        else:
            monkeypatch.setattr(owner, name, value)
        assert function(3) != before
        if function is calls_constructor and strategy == "structural":
            with pytest.raises(xcs.CompileError, match="default of `Hidden.k`"):
                program(3)
        else:
            assert program(3) == function(3)
    finally:
        TEXTS[1:] = []


def test_nothing_changes_by_itself():
    program = xcs.program(calls_module, strategy="structural")
    program(1)
    made = program._made
    program(1)
    assert program._made is made
