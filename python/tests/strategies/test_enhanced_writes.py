"""The enhanced strategy writes once, whatever becomes of the call."""

import pytest

import xcs
from xcs import _remarks

LOG = []


@xcs.op(effect="write(db)")
def overflows(x: str) -> int:
    LOG.append(x)
    raise OverflowError("full")


@xcs.op(effect="write(db)")
def not_unicode(x: str) -> int:
    LOG.append(x)
    return len("\u00e9".encode("ascii"))


@xcs.op(effect="write(db)")
def too_large(x: str) -> int:
    LOG.append(x)
    return 2**70


@xcs.op(effect="write(db)")
def surrogate(x: str) -> str:
    LOG.append(x)
    return "\ud800"


@xcs.op(effect="write(db)")
def keeps(x: str, n: int) -> int:
    LOG.append(x)
    return n


def f_overflows(x: str) -> int:
    return overflows(x)


def f_not_unicode(x: str) -> int:
    return not_unicode(x)


def f_too_large(x: str) -> int:
    return too_large(x)


def f_surrogate(x: str) -> str:
    return surrogate(x)


def f_keeps(x: str, ns: list[int]) -> int:
    return keeps(x, ns[0])


@pytest.mark.parametrize("function", [f_overflows, f_not_unicode, f_too_large, f_surrogate], ids=lambda f: f.__name__)
def test_a_write_is_not_made_again(function):
    LOG.clear()
    program = xcs.program(function, strategy=xcs.EnhancedStrategy(watch=0))
    with pytest.raises(Exception):  # noqa: B017 (which one is of no account here)
        program("row")
    assert LOG == ["row"] and program.ran == "plan"


def test_what_the_function_raises_is_raised():
    with pytest.raises(OverflowError, match="full"):
        xcs.program(f_overflows, strategy=xcs.EnhancedStrategy(watch=0))("row")
    with pytest.raises(UnicodeEncodeError):
        xcs.program(f_not_unicode, strategy=xcs.EnhancedStrategy(watch=0))("row")


@pytest.mark.parametrize("x, ns", [("row", [2**70]), ("\ud800", [1]), ("row", [1, 2**63]), ("row", [-(2**63) - 1])])
def test_arguments_that_no_plan_takes_are_traced_before_anything_runs(monkeypatch, x, ns):
    monkeypatch.setattr(_remarks, "wanted", True)
    LOG.clear()
    program = xcs.program(f_keeps, strategy=xcs.EnhancedStrategy(watch=0))
    assert program(x, ns) == ns[0] and LOG == [x] and program.ran == "tracing"
