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


# Each call once, in Python's order.

ONCE = {
    "dict +=": "    d = {'k': 1}\n    d[save('k')] += 1\n    return f\"{d['k']}\"\n",
    "dict += of a call": "    d = {'k': 1}\n    d[save('k')] += number(2)\n    return f\"{d['k']}\"\n",
    "list +=": "    xs = [1, 2]\n    xs[number(1)] += 1\n    return f'{xs[0]}{xs[1]}'\n",
    "list += from the end": "    xs = [1, 2]\n    xs[number(1) - 2] += 1\n    return f'{xs[0]}{xs[1]}'\n",
    "+= whose value binds the key": "    d = {1: 1, 2: 2}\n    k = 1\n    d[k] += (k := 2)\n    return f'{d[1]}{d[2]}{k}'\n",
    "a key of an empty dict": "    d = {}\n    d[save('k')] = 1\n    return f\"{d['k']}\"\n",
    "a key": "    d = {'k': 1}\n    d[save('k')] = number(1)\n    return f\"{d['k']}\"\n",
    "an index": "    xs = [1, 2]\n    xs[number(1)] = number(7)\n    return f'{xs[1]}'\n",
    "+= in a loop": "    d = {'k': 1}\n    for i in range(3):\n        d[save('k')] += i\n    return f\"{d['k']}\"\n",
    "+= of a text": "    d = {'k': 'a'}\n    d[save('k')] += save('b')\n    return d['k']\n",
    "compare": "    return f'{1 < number(2) < number(3)}'\n",
    "index": "    return 'abc'[number(1)]\n",
    "slice": "    return 'abcd'[number(1):number(3)]\n",
    "in": "    return 'y' if save('a') in [save('a'), save('b')] else 'n'\n",
    "join": "    return save(',').join([save('a'), save('b')])\n",
    "min": "    return f'{min(number(2), number(1))}{max(number(1), number(5))}'\n",
    "get": "    d = {'a': 1}\n    return f\"{d.get(save('a'), number(2))}{d.get(save('b'), number(3))}\"\n",
    "divmod": "    return f'{number(7) // number(2)}{number(-7) % number(2)}'\n",
    "round": "    return f'{abs(number(-3))}{round(number(2) / 3, 2)}'\n",
    "replace": "    return save('aXa').replace(save('X'), save('y'))\n",
    "tuple": "    a, b = save('a'), save('b')\n    return b + a\n",
    "if": "    return save('a') if number(1) else save('b')\n",
    "or": "    return save('') or save('b')\n",
    "and": "    return save('a') and save('b')\n",
    "range": "    t = ''\n    for i in range(number(1), number(3)):\n        t += save('x')\n    return t\n",
    "while": "    i = 0\n    while number(i) < 2:\n        i += 1\n    return f'{i}'\n",
    "assert": "    assert x, save('message')\n    return x\n",
    "assert of a known truth": "    assert True, save('message')\n    return x\n",
    "assert that fails": "    assert not x, save('message')\n    return x\n",
    "assert of a call": "    assert save('test'), save('message')\n    return x\n",
    "assert that binds": "    y = 'old'\n    assert x, (y := save('message'))\n    return y\n",
    "dict of calls": "    d = {save('k'): save('v'), save('k2'): save('v2')}\n    return d['k']\n",
    "dict with spread": "    e = {'a': 'b'}\n    d = {save('k'): save('v'), **e, save('k2'): save('v2')}\n    return d['k']\n",
    "record of calls": "    d = {'a': number(1), 'b': save('v')}\n    return d['b']\n",
    "format": "    return '{1} {0}'.format(save('a'), save('b'))\n",
    "format by name": "    return '{b} {a} {0}'.format(save('x'), a=save('a'), b=save('b'))\n",
    "format that uses one": "    return '{0}'.format(save('a'), save('b'))\n",
    "format that uses one twice": "    return '{0}{0:>4}'.format(save('a'))\n",
    "percent": "    return '%s %s' % (save('a'), save('b'))\n",
    "names of a call": "    return two(b=save('b'), a=save('a'))\n",
    "names of an operation": "    return pair(b=save('b'), a=save('a'))\n",
    "nested calls": "    return save(save('a') + save('b'))\n",
    "comprehension of a dict": "    d = {k: 1 for k in [save('a'), save('b')]}\n    return f'{len(d)}'\n",
    "chained targets": "    d = {'k': 'v'}\n    y = d[save('k')] = save('w')\n    return y\n",
    "raise": "    raise ValueError(save('message'))\n",
}


@pytest.mark.parametrize("body", ONCE)
def test_each_call_is_made_once_and_in_order(tmp_path, body):
    more = "\n\n@xcs.op(effect='write(db)')\ndef pair(a: str, b: str) -> str:\n    LOG.append(a + b)\n    return a + b\n\n\ndef two(a: str, b: str) -> str:\n    return a + b\n"
    same_writes(tmp_path, more + "\n\ndef f(x: str) -> str:\n" + ONCE[body], "a")
