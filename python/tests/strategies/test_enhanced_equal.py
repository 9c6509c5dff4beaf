"""Cases and random functions of the structural subset: enhanced, they give plain Python's answers, without a refusal."""

import inspect
import itertools
import sys
import typing

import fuzz
import kit
import pytest
import test_cases

import xcs


def difference(function, args, program):
    plain, ours = kit.plainly(function, args), kit.as_plan(program, args)
    if plain[0] != ours[0]:
        return f"{plain} plainly, {ours} enhanced"
    if plain[0] == "raised":
        equal = issubclass(type(ours[1]), type(plain[1])) or issubclass(type(plain[1]), type(ours[1]))
    else:
        equal = kit.same(plain[1], ours[1])
    return None if equal else f"{plain[1]!r} plainly, {ours[1]!r} enhanced ({program.ran})"


@pytest.mark.parametrize(("module", "function"), list(test_cases.functions()))
def test_equal(module, function):
    program = xcs.program(function, strategy="enhanced")
    hints = [h for n, h in typing.get_type_hints(function).items() if n in inspect.signature(function).parameters]
    found = [t for args in itertools.product(*(test_cases.VALUES[module][h] for h in hints)) if (t := difference(function, args, program))]
    assert not found, f"{len(found)} differ\n" + "\n".join(found[:8])


def test_random_functions(tmp_path):
    ran = {"watched": 0, "plan": 0, "tracing": 0}
    for seed in range(120):
        module = fuzz.loaded(tmp_path, seed, fuzz.Generator(seed).program())
        try:
            program = xcs.program(module.f, strategy="enhanced")
            for args in fuzz.arguments(seed):
                told = difference(module.f, args, program)
                assert told is None, f"seed {seed}, f{args}: {told}"
                ran[program.ran] += 1
        finally:
            del sys.modules[module.__name__]
    assert ran["plan"] > 150, ran
