"""Whole numbers of JSON beyond 64 bits: an int of Python goes in and comes out digit by digit, as text and as a value; the json module of Python
is what is compared with."""

import enum
import json
import random

import pytest
from equal import same

import xcs

EDGES = [2**53 + 1, 2**63 - 1, 2**63, 2**63 + 1, 2**64 - 1, 2**64, 10**19, 10**30, 10**308, int(1.7976931348623157e308)]

PROGRAM = """
func @value(%a: json) -> json {
  return(%a)
}
func @reprint(%a: str) -> str {
  %parsed = json.parse(%a) : json
  %printed = json.print(%parsed) : str
  return(%printed)
}
func @equal(%a: str, %b: json) -> bool {
  %parsed = json.parse(%a) : json
  %same = json.eq(%parsed, %b) : bool
  return(%same)
}
func @f64(%a: json) -> f64 {
  %number = json.to_f64(%a) : f64
  return(%number)
}
func @i64(%a: json) -> i64 {
  %number = json.to_i64(%a) : i64
  return(%number)
}
"""


@pytest.fixture(scope="module")
def plan():
    return xcs.load(xcs.compile(PROGRAM))


def entry(plan, name):
    return lambda **arguments: plan.run(arguments, entry=name)


def random_json(rng, depth=0):
    kind = rng.randrange(5 if depth > 3 else 7)
    if kind < 3:
        sign = rng.choice([-1, 1])
        return sign * rng.choice([rng.choice(EDGES), rng.randrange(10 ** rng.randrange(1, 309)), rng.randrange(2**66)])
    if kind == 3:
        return rng.choice([1e19, -1e30, 0.5, -0.0, float(2**63), None, True, False])
    if kind == 4:
        return str(rng.randrange(2**70))
    if kind == 5:
        return [random_json(rng, depth + 1) for _ in range(rng.randrange(5))]
    return {str(rng.randrange(2**70)): random_json(rng, depth + 1) for _ in range(rng.randrange(5))}


@pytest.mark.parametrize("seed", range(4))
def test_random_json_is_printed_as_python_reads_it(plan, seed):
    rng, value, reprint, equal = random.Random(seed), entry(plan, "value"), entry(plan, "reprint"), entry(plan, "equal")
    for _ in range(60):
        made = random_json(rng)
        text = json.dumps(made)
        assert same(value(a=made), made), made
        assert same(json.loads(reprint(a=text)), made), text
        assert equal(a=text, b=made), text


def test_whole_numbers_are_printed_as_they_were_written(plan):
    reprint = entry(plan, "reprint")
    for number in EDGES:
        for text in (str(number), str(-number), f"[{number},-{number}]", f'{{"{number}":{number}}}'):
            assert reprint(a=text) == text
    assert reprint(a="-0") == "0" and reprint(a="-0.0") == "-0.0"
    assert type(json.loads(reprint(a="1e19"))) is float
    for wrong in ("01", "00000000000000000000001", "1E400", "1" + "0" * 309, "9" * 5000):
        with pytest.raises(xcs.Error) as caught:
            reprint(a=wrong)
        assert caught.value.id == "json-syntax", wrong


def test_f64_is_the_nearest_and_i64_is_refused(plan):
    nearest, integer = entry(plan, "f64"), entry(plan, "i64")
    rng = random.Random(7)
    for number in [*EDGES, *(rng.randrange(10 ** rng.randrange(20, 308)) for _ in range(200))]:
        assert nearest(a=number) == float(number) and nearest(a=-number) == -float(number)
        if number < 2**63:
            assert integer(a=number) == number
            continue
        with pytest.raises(xcs.Error) as caught:
            integer(a=number)
        assert caught.value.id == "json-mismatch"
        assert "expected a whole number within i64, found a number beyond i64 (`" + str(number)[:20] in str(caught.value)


def test_equality_is_that_of_numbers(plan):
    equal = entry(plan, "equal")
    for a in EDGES:
        for b in [*EDGES, *map(float, EDGES)]:
            assert equal(a=str(a), b=b) == (a == b), (a, b)


class Big(enum.IntEnum):
    ID = 2**64 - 1


class Named(int):
    def __str__(self):
        return "seven"


def test_ints_of_other_types_count_by_their_value(plan):
    value = entry(plan, "value")
    assert value(a=[Big.ID, Named(2**70)]) == [2**64 - 1, 2**70]
    assert type(value(a=Named(2**70))) is int
