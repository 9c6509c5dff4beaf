"""The enhanced strategy: plain Python's answers and requests, whatever guard fails."""

import json

import kit
import pytest
import watched_functions as w

import xcs
from xcs import _remarks


@pytest.fixture(autouse=True)
def _fresh(monkeypatch):
    w.asked.clear()
    w.written.clear()
    monkeypatch.setattr(_remarks, "wanted", True)
    _remarks._said.clear()


def enhanced(function, **options):
    return xcs.program(function, strategy=xcs.EnhancedStrategy(**options))


def told():
    return [r["text"] for r in xcs.remarks() if r["kind"] == "enhanced"]


def same_as_plain(program, function, *args):
    """How the call was carried out, after its answer and its requests were compared with those of plain Python."""
    w.asked.clear()
    plain = kit.plainly(function, args)
    wanted = list(w.asked)
    w.asked.clear()
    ours = kit.as_plan(program, args)
    assert ours[0] == plain[0], (ours, plain)
    if plain[0] == "value":
        assert kit.same(ours[1], plain[1]), (ours[1], plain[1])
    else:
        assert type(ours[1]) is type(plain[1]), (ours[1], plain[1])
    assert sorted(w.asked) == sorted(wanted)
    return program.ran


def test_one_interface():
    for given in ("enhanced", xcs.EnhancedStrategy, xcs.EnhancedStrategy()):
        program = xcs.program(w.typed, strategy=given)
        assert program(3) == w.typed(3)
    assert xcs.program(strategy="enhanced")(w.typed)(4, "a") == "aa4"


def test_the_first_call_is_watched_and_the_next_is_a_plan():
    program = enhanced(w.typed)
    assert [same_as_plain(program, w.typed, i) for i in range(3)] == ["watched", "plan", "plan"]
    assert same_as_plain(enhanced(w.typed, watch=0), w.typed, 1) == "plan"


def test_types_of_arguments_without_annotation():
    program = enhanced(w.untyped, watch=0)
    for args in [(1, ["a", "b"]), (2, ["c"]), ("x", ["a"]), (1.5, ["a"])]:
        assert same_as_plain(program, w.untyped, *args) == "plan"
    assert len(program._plans) == 3  # one for each combination of types
    for args in [(1, []), (1, {"a"}), (1, ("a", "b", 3)), (object, ["a"]), (1, ["a", 2])]:
        assert same_as_plain(program, w.untyped, *args) == "tracing"


def test_arguments_of_other_types_than_the_annotations():
    program = enhanced(w.typed, watch=0)
    for args in [(1.5,), (True,), ("1",), (1, ["a"]), (2**70,), (None,)]:
        assert same_as_plain(program, w.typed, *args) == "tracing"
    assert same_as_plain(program, w.typed) == "tracing"  # raises as Python does
    assert same_as_plain(program, w.typed, 5) == "plan"
    assert any("x must be int, not float" in t for t in told())


def test_so_many_plans_and_no_more(monkeypatch):
    from xcs import _enhanced

    monkeypatch.setattr(_enhanced, "MOST_PLANS", 1)
    program = enhanced(w.untyped, watch=0)
    assert same_as_plain(program, w.untyped, 1, ["a"]) == "plan"
    assert same_as_plain(program, w.untyped, "x", ["a"]) == "tracing"
    assert same_as_plain(program, w.untyped, 2, ["b"]) == "plan"


def test_requests_are_those_of_plain_python():
    program = enhanced(w.answers)
    for _ in range(3):
        same_as_plain(program, w.answers, ["a", "b", "a"])
    assert program.ran == "plan"


def test_globals_that_change(monkeypatch):
    program = enhanced(w.with_global, watch=0)
    assert same_as_plain(program, w.with_global, 2) == "plan"
    monkeypatch.setattr(w, "FACTOR", 10)
    assert same_as_plain(program, w.with_global, 2) == "plan"
    monkeypatch.setitem(w.NAMES, "a", "Eve")
    assert same_as_plain(program, w.with_global, 2) == "plan"
    monkeypatch.setattr(w, "FACTOR", object())
    assert same_as_plain(program, w.with_global, 2) == "tracing"  # raises, as plain Python does
    assert any("FACTOR changed" in t for t in told())


def test_callees_that_change(monkeypatch):
    program = enhanced(w.with_global, watch=0)
    assert same_as_plain(program, w.with_global, 2) == "plan"
    monkeypatch.setattr(w, "helper", w.other_helper)
    assert same_as_plain(program, w.with_global, 2) == "plan"
    monkeypatch.setattr(w, "helper", lambda n: n - 1)
    assert same_as_plain(program, w.with_global, 2) == "tracing"  # a lambda has no form in a plan
    monkeypatch.undo()
    assert same_as_plain(program, w.with_global, 2) == "plan"


def test_the_code_of_a_callee_that_changes_in_place(monkeypatch):
    program = enhanced(w.with_global, watch=0)
    assert same_as_plain(program, w.with_global, 2) == "plan"
    monkeypatch.setattr(w.helper, "__code__", (lambda n: n - 100).__code__)
    assert same_as_plain(program, w.with_global, 2) == "tracing"


def test_what_always_changes_is_only_traced():
    program = enhanced(w.with_global, watch=0)
    try:
        for i in range(12):
            w.FACTOR = i
            same_as_plain(program, w.with_global, 1)
    finally:
        w.FACTOR = 3
    assert program.ran == "tracing"
    assert any("only traced from now on" in t for t in told())


TEXT = '{"name": "n", "rows": [{"id": "a", "score": 1}, {"id": "b", "score": 5}]}'


def test_json_of_the_type_that_was_seen():
    program = enhanced(w.grades)
    assert same_as_plain(program, w.grades, TEXT) == "watched"
    assert same_as_plain(program, w.grades, TEXT) == "plan"
    assert same_as_plain(program, w.grades, TEXT.replace("5", "50").replace('"n"', '"é"')) == "plan"


@pytest.mark.parametrize(
    "text",
    [
        TEXT.replace("5", "5.0"),  # a float has another text
        TEXT.replace('"name": "n", ', ""),
        TEXT.replace('"name"', '"more": 1, "name"'),
        '{"rows": [{"id": "a", "score": 3}], "name": "n"}',  # another order of the keys
        TEXT.replace("5", '"5"'),
        TEXT.replace("5", "99999999999999999999"),
        TEXT.replace("5", "null"),
        TEXT.replace("5", "true"),
        "[1]",
        "1",
        "",
        "{",
        TEXT.replace("5", "NaN"),
        TEXT.replace("5", "1e2"),
        '{"name": "n", "rows": []}',
    ],
)
def test_json_of_another_type(text):
    program = enhanced(w.grades)
    program(TEXT)
    ran = same_as_plain(program, w.grades, text)
    assert ran == ("plan" if text.endswith('"rows": []}') else "tracing")


def test_json_as_keys_and_as_a_whole():
    for function, first, texts in [
        (w.rows_of, '{"a": 1, "b": 2}', ['{"b": 2, "a": 1}', '{"a": 1}', '{"a": 1.0}', "{}", '{"a": 1, "a": 2}', '{"c": "x"}']),
        (w.listed, "[1, 2]", ["[3]", "[]", "[1.0, 2]", "[[1]]", '"ab"', "{}"]),
    ]:
        program = enhanced(function)
        program(first)
        for text in texts:
            same_as_plain(program, function, text)


def test_what_was_asked_before_a_guard_fails_is_asked_again_and_told():
    program = enhanced(w.judged)
    program('{"word": "a"}', "q")
    w.asked.clear()
    assert program('{"word": "b"}', "q") == "<q>b" and program.ran == "plan" and w.asked == ["q"]
    w.asked.clear()
    assert program('{"word": "b", "more": 1}', "q") == "<q>b" and program.ran == "tracing"
    assert w.asked in (["q"], ["q", "q"])
    assert any(t.startswith("judged: made again by tracing: ") for t in told())


def test_a_guard_is_not_an_exception_of_the_function():
    program = enhanced(w.caught)
    program('{"word": "a"}')
    for text in ['{"word": "b"}', '{"other": "b"}', '{"word": 1}', '{"word": "b", "x": 2}', '{"word": "b", "word": "c"}', "NaN", "{"]:
        same_as_plain(program, w.caught, text)


def test_a_program_that_writes_has_no_guard_in_the_run():
    program = enhanced(w.noted)
    for text in ['{"word": "a"}', '{"word": "b"}', '{"word": "b", "more": 1}']:
        w.written.clear()
        assert program(text) == json.loads(text)["word"]
        assert w.written == ["before"]
    assert program.ran == "tracing"
    assert any("writes, and the type of its JSON" in t for t in told())


def test_an_answer_that_a_plan_does_not_know():
    large = [2**40, 2**40, 3]
    program = enhanced(w.product, watch=0)
    assert same_as_plain(program, w.product, [2, 3]) == "plan"
    assert same_as_plain(program, w.product, large) == "tracing"
    program = enhanced(w.asked_product, watch=0)
    assert program(large) == w.asked_product(large)
    assert program.ran == "tracing"


def test_nothing_is_written_twice():
    program = enhanced(w.noted_product, watch=0)
    assert program([2, 3]) == 6 and program.ran == "plan"
    w.written.clear()
    with pytest.raises((xcs.Error, OverflowError)) as caught:
        program([2**40, 2**40])
    assert w.written == ["product"]
    assert any("not made again" in n for n in caught.value.__notes__)


def test_what_has_no_form_is_traced(capfd):
    program = enhanced(w.with_print)
    for x in (1, 2):
        assert program(x) == x
    assert capfd.readouterr().out == "x is 1\nx is 2\n"
    assert program.ran == "tracing"
    assert any("print" in t for t in told())
    with pytest.raises(xcs.CompileError, match="no-form"):
        program.plan()


def test_exceptions_of_the_function():
    program = enhanced(w.fails)
    for x in (2, 0, 0, 5):
        same_as_plain(program, w.fails, x)


def test_functions_that_are_not_watched():
    for function, args in [(w.recursive, (7,)), (w.looks_at_locals, (1,)), (w.closed_over(4), (5,)), (w.closed_over("ab"), (2,))]:
        program = enhanced(function)
        for _ in range(3):
            same_as_plain(program, function, *args)
    assert list(enhanced(w.generator)(3)) == [0, 1, 2]
    scaled = enhanced(w.Private.scaled)
    assert [scaled(w.Private(3), 2) for _ in range(2)] == [6, 6]


def test_a_watched_function_looks_nothing_up_twice():
    program = enhanced(w.asks_attributes)
    for _ in range(2):
        same_as_plain(program, w.asks_attributes, 3)


def test_what_was_seen_is_a_hint():
    program = enhanced(w.branches)
    program([1, 2, 3, 0])
    program([1, 2])
    text = program.xir()
    assert "hint.trips = 4" in text
    assert "meta.odds = 0.5" in text
    assert "hint.latency = " in text and "hint.size = 3" in text
    assert program.explain()
    assert program.plan()


def test_a_profile_is_saved_and_read(tmp_path):
    path = tmp_path / "grades.profile"
    first = enhanced(w.grades, profile=path)
    first(TEXT)
    second = enhanced(w.grades, profile=path)
    assert same_as_plain(second, w.grades, TEXT) == "plan"  # it was watched before
    assert second.profile.text() == path.read_text()
    first.save_profile(tmp_path / "again")
    assert (tmp_path / "again").read_text() == path.read_text()


def test_a_profile_of_another_source_is_not_used(tmp_path):
    path = tmp_path / "profile"
    enhanced(w.grades, profile=path)(TEXT)
    other = enhanced(w.rows_of, profile=path)
    assert same_as_plain(other, w.rows_of, '{"a": 1}') == "watched"
    assert any("another source" in t for t in told())


@pytest.mark.parametrize("text", ["", "{}", "[1]", '{"xcs-profile": 9}', '{"xcs-profile": 1, "source": "", "json": {"1:1": {"what": 1}}}'])
def test_a_file_that_is_no_profile(tmp_path, text):
    path = tmp_path / "profile"
    path.write_text(text)
    with pytest.raises(ValueError, match="delete the file"):
        enhanced(w.grades, profile=path)(TEXT)


@pytest.mark.parametrize("given", [{"watch": -1}, {"watch": "1"}, {"level": 9}])
def test_wrong_options(given):
    with pytest.raises(ValueError):
        xcs.EnhancedStrategy(**given)


def test_in_an_event_loop_it_is_awaited():
    import asyncio

    program = enhanced(w.answers)

    async def main():
        return await program(["a", "b"])

    assert asyncio.run(main()) == ["<a>", "<b>"]
    assert program.ran == "tracing"


def mutated(value, dice):
    """JSON like another, with one part of it changed, or none."""
    if dice.random() < 0.2:
        return dice.choice([None, True, 0, 1, -7, 2**63, 2**70, 1.0, 2.5, 1e300, "", "é", "1", [], {}, [1], {"a": 1}])
    if isinstance(value, list) and value:
        at = dice.randrange(len(value))
        kept = [mutated(v, dice) if i == at else v for i, v in enumerate(value)]
        return kept if dice.random() < 0.8 else kept[: at or None] + kept[at:] * dice.randrange(3)
    if isinstance(value, dict) and value:
        at = dice.choice(list(value))
        items = [(k, mutated(v, dice) if k == at else v) for k, v in value.items() if dice.random() < 0.95]
        if dice.random() < 0.1:
            dice.shuffle(items)
        return dict(items) | ({"more": 1} if dice.random() < 0.05 else {})
    return value


def test_random_json():
    import random

    dice = random.Random(5)
    firsts = {w.grades: json.loads(TEXT), w.rows_of: {"a": 1, "b": 2}, w.total_of: [{"n": 1, "x": 0.5, "tags": ["a"]}, {"n": 2, "x": 1.5, "tags": []}], w.caught: {"word": "a"}}
    ran = {"plan": 0, "tracing": 0}
    for function, first in firsts.items():
        program = enhanced(function)
        program(json.dumps(first))
        for _ in range(150):
            text = json.dumps(mutated(first, dice), separators=dice.choice([None, (",", ":")]), ensure_ascii=dice.random() < 0.5)
            if dice.random() < 0.1:
                text = dice.choice([text[:-1], text.replace("1", "01"), text.replace("1", "1.0"), text.replace(":", ": \t"), text.replace('"n"', '"\\u006e"'), text.replace("0.5", "NaN")])
            ran[same_as_plain(program, function, text)] += 1
    assert min(ran.values()) > 80, ran
