"""Each function of the modules `cases_*`, plainly and as a plan, with all values of their parameters' types."""

import inspect
import itertools
import types
import typing

import cases_data
import cases_numbers
import cases_texts
import cases_traps
import cases_tries
import kit
import pytest

import xcs

VALUES = {
    cases_traps: {str: cases_traps.TEXTS, list[int]: cases_traps.LISTS},
    cases_tries: {str: cases_tries.TEXTS, list[int]: cases_tries.LISTS},
    cases_numbers: {int: cases_numbers.INTS, float: cases_numbers.FLOATS, bool: [False, True]},
    cases_texts: {str: cases_texts.TEXTS, int: cases_texts.NUMBERS},
    cases_data: {
        list[int]: cases_data.LISTS,
        list[str]: cases_data.TEXT_LISTS,
        list[float]: cases_data.FLOAT_LISTS,
        dict[str, int]: cases_data.DICTS,
        int: cases_data.NUMBERS,
        str: ["a", "", "x", "é"],
        int | None: [None, 0, 3, -1],
        str | None: [None, "", "a"],
        typing.Literal["a", "b"]: ["a", "b"],
        list[list[int]]: [[], [[]], [[1, 2], [], [3]]],
    },
}


def functions():
    for module in VALUES:
        for name, f in vars(module).items():
            if isinstance(f, types.FunctionType) and f.__module__ == module.__name__ and typing.get_type_hints(f):
                yield pytest.param(module, f, id=f"{module.__name__.removeprefix('cases_')}-{name}")


@pytest.mark.parametrize(("module", "function"), list(functions()))
def test_equal(module, function):
    program = xcs.program(function, strategy="structural")
    hints = [h for n, h in typing.get_type_hints(function).items() if n in inspect.signature(function).parameters]
    found, compared = [], 0
    for args in itertools.product(*(VALUES[module][h] for h in hints)):
        told = kit.difference(function, args, program)
        compared += 1
        if told:
            found.append(f"{function.__name__}{args}: {told}")
    assert compared
    assert not found, f"{len(found)} of {compared} differ\n" + "\n".join(found[:8])
