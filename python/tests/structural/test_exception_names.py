"""A handler takes the exceptions of its class, not those of another class with the same name."""

import json

import kit
import othererrors
import pytest

import xcs

RAISED = {
    "theirs-timeout": othererrors.TimeoutError,
    "timeout": TimeoutError,
    "theirs-connection": othererrors.ConnectionError,
    "connection": ConnectionError,
    "refused": ConnectionRefusedError,
    "theirs": othererrors.Err,
    "json": lambda text: json.JSONDecodeError(text, "", 0),
}


class Err(Exception):
    pass


RAISED["mine"] = Err
LATE = {}  # a class that no plan has seen when it was made


@xcs.op(effect="pure")
def fails(name: str) -> str:
    if name == "late":
        raise LATE.setdefault(name, type("TimeoutError", (ConnectionError,), {}))("late")
    if name:
        raise RAISED[name]("text")
    return "none"


def timeout(name: str):
    try:
        return fails(name)
    except TimeoutError:
        return "timeout"


def chosen(name: str):
    try:
        return fails(name)
    except ConnectionError:
        return "connection"
    except OSError:
        return "os"
    except othererrors.Err:
        return "theirs"
    except Err:
        return "mine"
    except ValueError:
        return "value"


@pytest.mark.parametrize("function", [timeout, chosen])
@pytest.mark.parametrize("name", ["", "late", *RAISED])
def test_operations_fail_as_their_class(function, name):
    LATE.clear()
    program = xcs.program(function, strategy="structural")
    program.plan()
    assert not kit.difference(function, [name], program)
    plain, plan = kit.plainly(function, [name]), kit.as_plan(program, [name])
    assert plain == plan if plain[0] == "value" else type(plan[1]).__name__ == type(plain[1]).__name__


def both(x: int):
    try:
        if x:
            raise othererrors.Err("a")
        raise Err("b")
    except Err:
        return "mine"


def builtin(x: int, xs: list[int]):
    try:
        if x:
            raise othererrors.IndexError("a")
        return str(xs[5])
    except IndexError:
        return "builtin"


@pytest.mark.parametrize("function", [both, builtin])
def test_two_exceptions_of_one_name_are_refused(function):
    with pytest.raises(xcs.CompileError, match="has the name of another exception"):
        xcs.program(function, strategy="structural").plan()
