"""json.loads as a type: what Python would read otherwise is refused when it runs, and no handler of the function takes that."""

import json
from typing import TypedDict

import kit
import pytest

import xcs


class Reading(TypedDict):
    b: int
    a: int | None


def number(s: str) -> list[float]:
    xs: list[float] = json.loads(s)
    return xs


def table(s: str) -> str:
    try:
        d: dict[str, int] = json.loads(s)
    except ValueError:
        return "bad"
    return str(d["a"])


def record(s: str) -> str:
    r: Reading = json.loads(s)
    return json.dumps(r)


def ordered(x: int) -> Reading:
    return Reading(a=x, b=1)


def deep(s: str) -> int:
    json.loads(s)
    return 1


def whole_text(s: str) -> str:
    try:
        xs: list[int] = json.loads(s)
    except ValueError:
        return "bad"
    return str(xs[0])


REFUSED = [
    (whole_text, "[1.0]"),
    (whole_text, "[1e2]"),
    (number, "[1]"),
    (number, "[-0]"),
    (table, '{"a": 1, "a": 2}'),
    (table, '{"a": 1.0}'),
    (record, '{"b": 1}'),
    (record, '{"a": 2, "b": 1}'),
    (record, '{"b": 1, "a": 2, "c": 3}'),
]
ANSWERED = [
    (whole_text, "[1]"),
    (whole_text, "\ufeff[1]"),
    (whole_text, "["),
    (number, "[1.50, 1e2, -0.0, 1E+2, 0.1]"),
    (table, ' { "a" : 1, "b":-2 } '),
    (table, '{"b": "\\u00e9"'),
    (record, '{"b": 1, "a": null}'),
    (record, '{"b": 1, "a": 2}'),
]


@pytest.mark.parametrize(("function", "text"), REFUSED)
def test_what_python_reads_otherwise_is_refused(function, text):
    kind, error = kit.as_plan(xcs.program(function, strategy="structural"), [text])
    assert kind == "raised" and kit.is_refusal(error), (kind, error)


@pytest.mark.parametrize(("function", "text"), ANSWERED)
def test_what_is_of_the_type_is_read(function, text):
    kind, found = kit.as_plan(xcs.program(function, strategy="structural"), [text])
    plain, wanted = kit.plainly(function, [text])
    assert kind == plain and (found == wanted if kind == "value" else type(found) is type(wanted))


@pytest.mark.parametrize(("function", "text"), REFUSED + ANSWERED)
def test_enhanced_answers_as_python(function, text):
    program = xcs.program(function, strategy="enhanced")
    for _ in range(2):
        kind, found = kit.as_plan(program, [text])
        plain, wanted = kit.plainly(function, [text])
        assert kind == plain and (kit.same(found, wanted) if kind == "value" else type(found) is type(wanted))


def test_deep_json_is_traced():
    program = xcs.program(deep, strategy="enhanced")
    assert [program(t) for t in ("[]", "[]", "[" * 300 + "]" * 300)] == [1, 1, 1]
    assert program.ran == "tracing"


def test_keys_in_another_order_are_refused():
    with pytest.raises(xcs.CompileError, match="another order"):
        xcs.program(ordered, strategy="structural").plan()


def test_a_model_reads_as_pydantic_does(tmp_path):
    pydantic = pytest.importorskip("pydantic")
    path = tmp_path / "models.py"
    path.write_text(MODEL)
    names = {"__name__": "models", "__file__": str(path), "pydantic": pydantic}
    exec(compile(MODEL, str(path), "exec"), names)
    program = xcs.program(names["read"], strategy="structural")
    for text in ('{"a": "x", "f": 1}', '{"f": 1.5, "a": "x"}', '\ufeff{"a": "x", "f": 1}', "{", '{"a": "x"}'):
        assert program(text) == names["read"](text)
    for text in ('{"a": "x", "a": "y", "f": 1.5}', '{"a": "x", "f": NaN}'):
        kind, error = kit.as_plan(program, [text])
        assert kind == "raised" and kit.is_refusal(error), (kind, error)


MODEL = '''
class M(pydantic.BaseModel):
    model_config = pydantic.ConfigDict(strict=True, extra="forbid")
    a: str
    f: float


def read(s: str) -> str:
    try:
        m = M.model_validate_json(s)
    except ValueError:
        return "bad"
    return m.a + str(m.f)
'''
