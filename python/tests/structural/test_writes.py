"""What is written, in which order, and that nothing is written that Python would not have written."""

import importlib.util

import pytest

import xcs

HEAD = """
import time
import xcs

LOG = []


@xcs.op(effect="write(db)")
def save(x: str) -> str:
    LOG.append(x)
    return x


@xcs.op(effect="write(db)")
def number(x: int) -> int:
    LOG.append(x)
    return x
"""


def module(folder, text):
    path = folder / "writing.py"
    path.write_text(HEAD + text)
    spec = importlib.util.spec_from_file_location("writing", path)
    found = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(found)
    return found


def written(found, function, *args):
    """(what a call gives or the class that it raises, what it has written)."""
    found.LOG.clear()
    try:
        out = function(*args)
    except Exception as e:
        out = type(e)
    return out, list(found.LOG)


def same_writes(folder, text, *args, strategies=(xcs.StructuralStrategy(level=0), xcs.StructuralStrategy(), xcs.EnhancedStrategy(watch=0))):
    found = module(folder, text)
    plain = written(found, found.f, *args)
    for s in strategies:
        assert written(found, xcs.program(found.f, strategy=s), *args) == plain, s
    return plain


# A write behind what fails.

RETURNS = ["str", "int", "bool", "float", "list[str]", "dict[str, int]", "tuple[int, str]", "tuple[list[str], int]", "str | None", "None"]
BEHIND = {
    "statement": "    check(x)\n    save(x)\n",
    "constant": "    check('a')\n    save('b')\n",
    "branch": "    if x != 'q':\n        check('a')\n    save(x)\n",
    "loop": "    for i in range(3):\n        check(x)\n        save(x)\n",
    "loops": "    for i in range(3):\n        check(x)\n    for i in range(3):\n        save(x)\n",
    "while": "    i = 0\n    while i < 3:\n        i += 1\n        check(x)\n        save(x)\n",
    "try": "    try:\n        check(x)\n        save(x)\n    except ValueError:\n        save('handled')\n",
    "finally": "    try:\n        check(x)\n        save(x)\n    finally:\n        save('last')\n",
    "function": "    inner(x)\n    save(x)\n",
    "outer": "    check(x)\n    outer(x)\n",
    "text": "    return f\"{check(x)}{save('a')}\"\n",
}


@pytest.mark.parametrize("place", BEHIND)
@pytest.mark.parametrize("effect", ["sample", "pure", "read(cfg)", "write(other)"])
def test_what_fails_holds_back_the_writes_behind_it(tmp_path, place, effect):
    text = f"""
@xcs.op(effect="{effect}")
def check(x: str) -> str:
    time.sleep(0.02)
    raise ValueError("bad")


def inner(x: str) -> str:
    return check(x)


def outer(x: str) -> str:
    return save(x)


def f(x: str) -> str:
{BEHIND[place]}    return "end"
"""
    out, log = same_writes(tmp_path, text, "a")
    assert "a" not in log and "b" not in log


@pytest.mark.parametrize("returns", RETURNS)
def test_whatever_it_returns(tmp_path, returns):
    text = f"""
@xcs.op(effect="sample")
def check(x: str) -> {returns}:
    time.sleep(0.02)
    raise ValueError("bad")


def f(x: str) -> str:
    check("a")
    save(x)
    return "end"
"""
    assert same_writes(tmp_path, text, "a") == (ValueError, [])


@pytest.mark.parametrize("line", ["{'k': 1}[ask(x)]", "[1][len(ask(x))]", "ask(x)[9]", "1 // (len(ask(x)) - 1)", "int(ask(x))"])
def test_operations_that_fail_late(tmp_path, line):
    text = f"""
@xcs.op(effect="sample")
def ask(x: str) -> str:
    time.sleep(0.02)
    return x


def f(x: str) -> str:
    n = {line}
    save(x)
    return f"{{n}}"
"""
    assert same_writes(tmp_path, text, "a")[1] == []


def test_calls_that_only_ask_stay_side_by_side(tmp_path):
    text = """
import threading

TOGETHER = threading.Barrier(2)


@xcs.op(effect="sample")
def ask(x: str) -> str:
    TOGETHER.wait(30)  # fails unless two calls are made at once
    return x


def f(x: str) -> str:
    a = ask(x)
    b = ask(x)
    save(a)
    return b
"""
    found = module(tmp_path, text)
    assert written(found, xcs.program(found.f, strategy="structural"), "a") == ("a", ["a"])
