"""Arguments and failures that a plan cannot tell of are answered as Python does."""

import pytest

import xcs


def or_default(x=None):
    return x or "d"


def length(xs):
    return len(xs)


@xcs.op(effect="pure")
def fails(text: str) -> str:
    raise ValueError("why: " + text * 50_000)


def calls(text: str) -> str:
    return fails(text)


def test_none_as_a_default():
    program = xcs.program(or_default, strategy="enhanced")
    assert [program(), program(), program(None), program("x"), program("y")] == ["d", "d", "d", "x", "y"]


def itself():
    xs = [1]
    xs.append(xs)
    return xs


def nested():
    xs = []
    for _ in range(5000):
        xs = [xs]
    return xs


@pytest.mark.parametrize("xs", [[None], [(None, 1)], {"a": None}, itself(), [itself()] * 3, nested()], ids=range(6))
def test_what_has_no_type(xs):
    program = xcs.program(length, strategy="enhanced")
    assert [program(xs) for _ in range(3)] == [len(xs)] * 3


@pytest.mark.parametrize("strategy", ["structural", "enhanced"])
@pytest.mark.parametrize("text", ["a", "é", "\n", "."])
def test_a_long_message_keeps_its_class(strategy, text):
    program = xcs.program(calls, strategy=strategy)
    for _ in range(2):
        with pytest.raises(ValueError) as caught:
            program(text)
        assert str(caught.value) == "why: " + text * 50_000
