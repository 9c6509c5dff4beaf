"""`in` finds a nan that is the same object: a plan answers where it knows that, and refuses where it does not."""

import math

import kit
import pytest

import xcs

NAN, OTHER = math.nan, float("nan")


def in_itself(x: float, y: float) -> bool:
    return x in (x, y)


def not_in_list(x: float, y: float) -> bool:
    return x not in [y, 1.0]


def in_tuple(x: float, y: float) -> bool:
    pair = (y, 1.0)
    return x in pair


def in_constants(x: float, y: float) -> bool:
    return x in (0.5, 1.0) or x in (1, 2)


@pytest.mark.parametrize("function", [in_itself, not_in_list, in_tuple, in_constants])
@pytest.mark.parametrize("x", [NAN, 1.0, 0.5, -0.0])
@pytest.mark.parametrize("y", [NAN, OTHER, 0.0, 2.0])
def test_in(function, x, y):
    program = xcs.program(function, strategy="structural")
    kind, found = kit.as_plan(program, [x, y])
    if kind == "raised":
        assert kit.is_refusal(found) and math.isnan(x) and function is not in_constants
    else:
        assert found == function(x, y)
