"""The traps of tracing: plain Python's answers, requests and writes, by every strategy, call after call."""

import kit
import pytest
import trap_functions as traps

import xcs

LISTS = [(["a", "b", "c"],), ([],), (["a"],), (["aaaa", "b"],), (["x", "x", "x", "x", "x"],)]
TEXTS = [("a",), ("bb",), ("a",), ("",), ("é" * 9,)]

# The function; the arguments of its calls, one after the other; what the structural strategy says if it has no form in a plan.
TRAPS = [
    (traps.string_chain, TEXTS, None),
    (traps.passed_through, TEXTS, None),
    (traps.equal_calls, TEXTS, None),
    (traps.ordered_writes, TEXTS, None),
    (traps.mutated_variable, TEXTS, None),
    (traps.mutated_list, TEXTS, None),
    (traps.variable_arguments, [(), ("a",), ("a", "b", "c"), ("a",)], "`*`"),
    (traps.recursion, [("a", 0), ("a", 3), ("b", 1)], "recursion"),
    (traps.branch_on_an_answer, TEXTS, None),
    (traps.nested_functions, TEXTS, None),
    (traps.new_inputs, [("a", 3), ("b", 3), ("a", 0), ("a", 5)], None),
    (traps.default_arguments, [("a",), ("a", "long"), ("a", "long", 3), ("b",)], None),
    (traps.global_that_changes, TEXTS, None),
    (traps.loop_with_break, LISTS, None),
    (traps.call_in_a_try, TEXTS, None),
    (traps.failure_that_is_not_looked_at, TEXTS, None),
    (traps.answers_in_containers, LISTS, None),
    (traps.order_of_evaluation, TEXTS, None),
    (traps.accumulated, LISTS, None),
    (traps.loop_variable_after, LISTS, None),
]
STRATEGIES = ["tracing", "structural", "enhanced"]


def observed(function, args):
    """What a call gives, asks and writes."""
    traps.asked.clear()
    traps.written.clear()
    kind, given = kit.plainly(function, args)
    return kind, given, sorted(traps.asked), list(traps.written)


def compare(program, function, args):
    plain, ours = observed(function, args), observed(program, args)
    assert ours[0] == plain[0], (ours, plain)
    if plain[0] == "value":
        assert kit.same(ours[1], plain[1]), (ours[1], plain[1])
    assert ours[2:] == plain[2:], (args, ours, plain)


@pytest.mark.parametrize("strategy", STRATEGIES)
@pytest.mark.parametrize(("function", "calls", "refusal"), [pytest.param(*t, id=t[0].__name__) for t in TRAPS])
def test_trap(function, calls, refusal, strategy):
    program = xcs.program(function, strategy=strategy)
    if strategy == "structural" and refusal is not None:
        with pytest.raises(xcs.CompileError, match="no-form") as told:
            program(*calls[0])
        assert refusal in str(told.value)
        return
    for args in calls:
        compare(program, function, args)


@pytest.mark.parametrize("strategy", STRATEGIES)
def test_the_global_that_changes(strategy, monkeypatch):
    program = xcs.program(traps.global_that_changes, strategy=strategy)
    for style in ("plain", "bold", "plain", "thin"):
        monkeypatch.setattr(traps, "STYLE", style)
        compare(program, traps.global_that_changes, ("a",))


def test_the_table_is_whole():
    """Each function of the traps has a row."""
    operations = {"ask", "grade", "note", "broken", "inner"}
    functions = {n for n, f in vars(traps).items() if callable(f) and getattr(f, "__module__", "") == "trap_functions"} - operations
    assert functions == {t[0].__name__ for t in TRAPS}
    assert len(TRAPS) >= 18
