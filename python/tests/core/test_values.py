"""Values between Python and a run: every kind, random ones, and what has no value form, each with its place."""

import datetime
import math
import random

import pytest
from equal import same

import xcs


def identity(kind):
    return xcs.load(xcs.compile(f"func @main(%a: {kind}) -> {kind} {{\n  return(%a)\n}}"))


def through(kind, value):
    return identity(kind)(a=value)


@pytest.mark.parametrize(
    ("kind", "values"),
    [
        ("str", ["", "a", "na\u00efve", "\U0001f600", "\0", "a" * 100_000]),
        ("i64", [0, 1, -1, 2**63 - 1, -(2**63)]),
        ("f64", [0.0, -0.0, 1.5, 5e-324, 1.7976931348623157e308, math.inf, -math.inf]),
        ("bool", [True, False]),
        ("bytes", [b"", b"\0\xff", bytes(range(256))]),
        ("json", [None, True, 0, 2**63 - 1, 0.5, "x", [], {}, [1, [2, {"a": [None]}]], {"a": {"b": {"c": "d"}}}]),
        ("list<str>", [[], ["a", "b"]]),
        ("dict<str, list<i64>>", [{}, {"b": [1], "": [], "a": [2, 3]}]),
        ("dict<i64, str>", [{}, {3: "x", -(2**63): "y"}]),
        ("dict<bool, option<i64>>", [{True: None, False: 4}]),
        ("list<dict<str, dict<str, f64>>>", [[{"a": {"b": 1.5}}, {}]]),
        ("list<list<f64>>", [[], [[1.0], []]]),
        ("option<i64>", [None, 4]),
        ("record<name: str, tags: list<str>, age: option<i64>>", [{"name": "a", "tags": ["x"], "age": 3}]),
        ("result<i64>", [{"ok": 5}, {"error": {"kind": "timeout", "message": "m", "op": "o", "attempt": 2}}]),
    ],
)
def test_each_kind_comes_back(kind, values):
    run = identity(kind)
    for value in values:
        back = run(a=value)
        assert back == value and type(back) is type(value), (kind, value)
        if isinstance(value, float):
            assert math.copysign(1, back) == math.copysign(1, value)


def test_what_becomes_something_else():
    assert math.isnan(through("f64", math.nan))
    assert through("f64", 3) == 3.0 and type(through("f64", 3)) is float
    assert through("list<i64>", (1, 2)) == [1, 2]
    assert through("json", (1, "a")) == [1, "a"]
    assert through("bytes", bytearray(b"ab")) == through("bytes", memoryview(b"ab")) == b"ab"
    assert through("record<a: str, b: option<str>>", {"a": "x"}) == {"a": "x", "b": None}
    assert through("dict<duration, i64>", {datetime.timedelta(seconds=90): 1, "250ms": 2}) == {"90s": 1, "250ms": 2}
    assert list(through("dict<str, i64>", {"b": 1, "a": 2})) == ["b", "a"]
    assert through("duration", "250ms") == "250ms"
    assert through("duration", datetime.timedelta(seconds=90)) == "90s"
    assert through("duration", datetime.timedelta(microseconds=1)) == "1us"


class Whole:
    def __index__(self):
        return 7


class Real:
    def __float__(self):
        return 0.25


def test_numbers_of_other_libraries():
    assert through("i64", Whole()) == 7
    assert through("f64", Whole()) == 7.0
    assert through("f64", Real()) == 0.25


@pytest.mark.parametrize(
    ("kind", "value", "error", "says"),
    [
        ("i64", 2**63, OverflowError, "a: an int beyond 64 bits"),
        ("record<n: i64>", {"n": -(2**70)}, OverflowError, "a['n']: an int beyond 64 bits"),
        ("list<i64>", [1, 10**4000], OverflowError, "a[1]: an int beyond 64 bits"),
        ("json", {"x": [1, -(10**309)]}, OverflowError, "a['x'][1]: an int beyond the range of a float"),
        ("json", 10**4000, OverflowError, "a: an int beyond the range of a float"),
        ("i64", True, TypeError, "a: expected an int for `i64`, got bool"),
        ("i64", 1.0, TypeError, "a: expected an int for `i64`, got float; write int(..) around it"),
        ("f64", "1", TypeError, "a: expected a float or an int for `f64`, got str; write float(..) around it"),
        ("f64", 10**400, OverflowError, "too large"),
        ("bool", 1, TypeError, "a: expected True or False for `bool`, got int; write bool(..) around it"),
        ("str", b"x", TypeError, "a: expected a str for `str`, got bytes; write .decode() after it"),
        ("str", "x\ud800", UnicodeEncodeError, "surrogates not allowed, in a"),
        ("json", {"k": ["\udfff"]}, UnicodeEncodeError, "in a['k'][0]"),
        ("json", {"\ud800": 1}, UnicodeEncodeError, "surrogates"),
        ("json", {1: 2}, TypeError, "the key of a JSON object is a str, not int"),
        ("json", [b"x"], TypeError, "a[0]: expected str, int, float, bool, None, list or dict (JSON), got bytes"),
        ("json", math.nan, ValueError, "nan and inf are no JSON values"),
        ("json", {1}, TypeError, "got set"),
        ("list<str>", "abc", TypeError, "a: expected a list for `list<str>`, got str"),
        ("list<str>", ["a", 1], TypeError, "a[1]: expected a str for `str`, got int; write str(..) around it"),
        ("record<a: i64>", {}, TypeError, "a['a']: it is missing"),
        ("record<a: i64>", {"a": 1, "b": 2}, TypeError, "has no field 'b'"),
        ("record<a: record<b: i64>>", {"a": {"b": "x"}}, TypeError, "a['a']['b']: expected an int for `i64`, got str; write int(..) around it"),
        ("result<i64>", {"maybe": 1}, TypeError, '{"ok": value}'),
        ("result<i64>", {"ok": "x"}, TypeError, 'a["ok"]: expected an int for `i64`, got str; write int(..) around it'),
        ("duration", "soon", ValueError, "expected a duration"),
        ("duration", 5, TypeError, "datetime.timedelta"),
        ("duration", datetime.timedelta(days=200_000), OverflowError, "292 years"),
    ],
)
def test_what_has_no_value_says_where(kind, value, error, says):
    with pytest.raises(error) as caught:
        through(kind, value)
    assert says in "\n".join([str(caught.value), *getattr(caught.value, "__notes__", ())])


def test_a_list_within_itself_is_an_error():
    loop = []
    loop.append(loop)
    with pytest.raises(ValueError, match="contains itself"):
        through("json", loop)
    deep = []
    for _ in range(100_000):
        deep = [deep]
    with pytest.raises(ValueError, match="deeper than 256 levels"):
        through("json", deep)


def test_a_list_that_changes_while_it_is_read():
    class Shrinking:
        def __index__(self):
            numbers.clear()
            return 1

    numbers = [Shrinking(), 2, 3]
    assert through("list<i64>", numbers) == [1]


def test_shared_parts_do_not_become_huge():
    # Forty doublings of a list that shares its parts: a terabyte if it were written out.
    doubled = "\n".join(f"  %{i + 1} = list.pack(%{i}, %{i}) : {'list<' * (i + 1)}str{'>' * (i + 1)}" for i in range(40))
    kind = "list<" * 40 + "str" + ">" * 40
    program = xcs.load(xcs.compile(f'func @main() -> {kind} {{\n  %0 = const {{value = "x"}} : str\n{doubled}\n  return(%40)\n}}'))
    with pytest.raises(xcs.Error) as caught:
        program()
    assert caught.value.id == "limit-exceeded"


def random_json(rng, depth=0):
    kind = rng.randrange(6 if depth > 4 else 8)
    if kind == 0:
        return None
    if kind == 1:
        return rng.random() < 0.5
    if kind == 2:
        return rng.choice([0, -1, 2**63 - 1, -(2**63), rng.randrange(-(10**6), 10**6), rng.choice([-1, 1]) * rng.randrange(10 ** rng.randrange(1, 308))])
    if kind == 3:
        return rng.choice([rng.gauss(0, 1e9), rng.random() * 1e-300, float(rng.randrange(100))])
    if kind in (4, 5):
        return "".join(chr(rng.choice([rng.randrange(1, 128), rng.randrange(0xE000, 0x10000), rng.randrange(0x10000, 0x11000)]))
                       for _ in range(rng.randrange(12)))
    if kind == 6:
        return [random_json(rng, depth + 1) for _ in range(rng.randrange(5))]
    return {f"k{rng.randrange(50)}": random_json(rng, depth + 1) for _ in range(rng.randrange(5))}


@pytest.mark.parametrize("seed", range(4))
def test_random_json_comes_back_with_types_and_order(seed):
    rng, run = random.Random(seed), identity("json")
    for _ in range(250):
        value = random_json(rng)
        assert same(run(a=value), value), value


SCALARS = {
    "str": lambda rng: rng.choice(["", "a", "\u00e9", "x" * 50]),
    "i64": lambda rng: rng.randrange(-(2**63), 2**63),
    "f64": lambda rng: rng.gauss(0, 1),
    "bool": lambda rng: rng.random() < 0.5,
    "bytes": lambda rng: rng.randbytes(rng.randrange(8)),
}


def random_type(rng, depth=0):
    """A type and a maker of its values."""
    kind = rng.choice(list(SCALARS)) if depth > 2 else rng.choice([*SCALARS, "list", "record", "option", "result"])
    if kind in SCALARS:
        return kind, SCALARS[kind]
    if kind == "record":
        fields = [random_type(rng, depth + 1) for _ in range(rng.randrange(1, 4))]
        text = ", ".join(f"f{i}: {t}" for i, (t, _) in enumerate(fields))
        return f"record<{text}>", lambda r: {f"f{i}": make(r) for i, (_, make) in enumerate(fields)}
    inner, make = random_type(rng, depth + 1)
    if kind == "list":
        return f"list<{inner}>", lambda r: [make(r) for _ in range(r.randrange(4))]
    if kind == "option":
        while inner.startswith("option"):
            inner, make = random_type(rng, depth + 1)
        return f"option<{inner}>", lambda r: None if r.random() < 0.3 else make(r)
    return f"result<{inner}>", lambda r: {"ok": make(r)}


@pytest.mark.parametrize("seed", range(3))
def test_random_typed_values_come_back(seed):
    rng = random.Random(100 + seed)
    for _ in range(20):
        kind, make = random_type(rng)
        run = identity(kind)
        for _ in range(5):
            value = make(rng)
            assert same(run(a=value), value), (kind, value)


@pytest.mark.parametrize("value", [10**309, -(10**309), 2**1024])
def test_an_int_that_is_no_float_names_its_place(value):
    with pytest.raises(OverflowError, match="^a: an int too large for a float$"):
        identity("f64")(a=value)
    with pytest.raises(OverflowError, match=r"^a\[1\]: an int too large for a float$"):
        identity("list<f64>")(a=[1, value])
    assert identity("f64")(a=2**1023) == 2.0**1023


def test_parameters_with_defaults():
    text = (
        'const @words = ["x", "y"]\nfunc @main(%a: i64, %b: f64 = 5, %words: list<str> = @words, %o: option<str> = none) -> str {\n'
        '  %all = str.format(%a, %b, %words, %o) {template = "{0} {1} {2} {3}"} : str\n  return(%all)\n}'
    )
    program = xcs.load(xcs.compile(text))
    assert program(a=1) == '1 5.0 ["x","y"] null'
    assert program(a=1, b=0.5, words=[], o="z") == '1 0.5 [] "z"'
    with pytest.raises(TypeError, match="needs the argument `a`"):
        program(b=1)


@pytest.mark.parametrize(
    ("kind", "value", "exception", "message"),
    [
        ("dict<str, i64>", [1], TypeError, "a: expected a dict for `dict<str, i64>`, got list"),
        ("dict<str, i64>", {1: 1}, TypeError, "expected a str for `str`, got int"),
        ("dict<i64, i64>", {"1": 1}, TypeError, "expected an int for `i64`, got str"),
        ("dict<i64, i64>", {True: 1}, TypeError, "expected an int for `i64`, got bool"),
        ("dict<str, list<i64>>", {"a": [1, "x"]}, TypeError, "['a'][1]: expected an int for `i64`, got str"),
        ("dict<duration, i64>", {"1s": 1, "1000ms": 2}, ValueError, "two keys are the same `duration`"),
    ],
)
def test_what_is_no_dictionary(kind, value, exception, message):
    with pytest.raises(exception) as raised:
        through(kind, value)
    assert message in str(raised.value)
