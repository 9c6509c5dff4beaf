"""What operations of the host raise and give, and which handlers take it."""

import pytest

import xcs


@xcs.op(effect="pure")
def too_large(x: str) -> int:
    return 2**70


@xcs.op(effect="pure")
def no_float(x: str) -> float:
    return 1


@xcs.op(effect="pure")
def surrogate(x: str) -> str:
    return "\ud800"


@xcs.op(effect="pure")
def leaves(x: str) -> int:
    raise SystemExit(3)


@xcs.op(effect="pure")
def interrupted(x: str) -> int:
    raise KeyboardInterrupt


@xcs.op(effect="pure")
def fails(x: str) -> int:
    raise TypeError("mine")


def large_exception(x: str) -> str:
    try:
        too_large(x)
    except Exception:
        return "handled"
    return "on"


def float_type_error(x: str) -> str:
    try:
        no_float(x)
    except TypeError:
        return "handled"
    return "on"


def surrogate_all(x: str) -> str:
    try:
        surrogate(x)
    except ValueError:
        return "value"
    except:  # noqa: E722
        return "handled"
    return "on"


def leaves_exception(x: str) -> str:
    try:
        leaves(x)
    except Exception:
        return "handled"
    return "on"


def leaves_all(x: str) -> str:
    try:
        leaves(x)
    except ValueError:
        return "value"
    except BaseException:
        return "handled"
    return "on"


def leaves_finally(x: str) -> str:
    out = "on"
    try:
        try:
            leaves(x)
        except Exception:
            out = "handled"
    finally:
        last = "last"
    return out + last


def interrupted_exception(x: str) -> str:
    try:
        interrupted(x)
    except (ValueError, Exception):
        return "handled"
    return "on"


def fails_exception(x: str) -> str:
    try:
        fails(x)
    except Exception:
        return "handled"
    return "on"


def exit_by_name(x: str) -> str:
    try:
        leaves(x)
    except SystemExit:
        return "handled"
    return "on"


def structural(f):
    return xcs.program(f, strategy="structural")


def enhanced(f):
    return xcs.program(f, strategy=xcs.EnhancedStrategy(watch=0))


@pytest.mark.parametrize("function, raised", [(large_exception, OverflowError), (float_type_error, TypeError), (surrogate_all, UnicodeEncodeError)], ids=lambda x: x.__name__)
def test_no_handler_takes_a_result_that_is_no_value_of_a_plan(function, raised):
    with pytest.raises(raised):
        structural(function)("a")
    program = enhanced(function)
    assert program("a") == function("a") == "on" and program.ran == "tracing"


@pytest.mark.parametrize("strategy", [structural, enhanced])
@pytest.mark.parametrize("function, raised", [(leaves_exception, SystemExit), (leaves_finally, SystemExit), (interrupted_exception, KeyboardInterrupt)], ids=lambda x: x.__name__)
def test_except_exception_takes_no_exit(strategy, function, raised):
    for f in (function, strategy(function)):
        with pytest.raises(raised) as caught:
            f("a")
        assert type(caught.value) is raised


@pytest.mark.parametrize("strategy", [structural, enhanced])
@pytest.mark.parametrize("function", [leaves_all, fails_exception], ids=lambda f: f.__name__)
def test_handlers_that_take_it(strategy, function):
    assert strategy(function)("a") == function("a") == "handled"


def test_a_class_that_is_no_exception_is_refused():
    with pytest.raises(xcs.CompileError, match="catch BaseException"):
        structural(exit_by_name).plan()


COUNT = 0
NAMES = ["a"]


@xcs.op(effect="write(count)")
def bump(x: str) -> int:
    global COUNT
    COUNT += 1
    return 1


@xcs.op(effect="write(names)")
def named(x: str) -> int:
    NAMES.append(x)
    return len(NAMES)


@xcs.op(effect="pure")
def grown(xs: list[int]) -> int:
    xs.append(99)
    return len(xs)


@xcs.op(effect="pure")
def keyed(d: dict[str, list[int]]) -> int:
    d["a"].append(1)
    return len(d)


@xcs.op(effect="pure")
def quiet(xs: list[float], d: dict[str, int]) -> float:
    return sum(xs) + len(d)


@xcs.op(effect="pure")
def grown_and_failed(xs: list[int]) -> int:
    xs.append(99)
    raise ValueError("late")


def handles_grown(x: str) -> list[int]:
    xs = [1]
    try:
        n = grown_and_failed(xs)
    except ValueError:
        n = 0
    return [*xs, n]


def reads_count(x: str) -> int:
    bump(x)
    return COUNT


def reads_names(x: str) -> str:
    n = named(x)
    return f"{n}{len(NAMES)}"


def grows(x: str) -> list[int]:
    xs = [1]
    n = grown(xs)
    return [*xs, n]


def grows_within(x: str) -> int:
    d = {"a": [1]}
    n = keyed(d)
    return n + len(d["a"])


def grows_in_try(x: str) -> list[int]:
    xs = [1]
    try:
        n = grown(xs)
    except Exception:
        n = 0
    return [*xs, n]


def stays(x: str) -> float:
    return quiet([1.0, float("nan")], {"a": 1})


@pytest.mark.parametrize("strategy", [structural, enhanced])
@pytest.mark.parametrize("function, words", [(reads_count, "COUNT"), (reads_names, "NAMES"), (grows, "`xs`"), (grows_within, "`d`"), (grows_in_try, "`xs`"), (handles_grown, "`xs`")], ids=lambda x: getattr(x, "__name__", None))
def test_what_an_operation_changes_in_place_fails(strategy, function, words):
    with pytest.raises(TypeError, match=words):
        strategy(function)("a")


def test_an_operation_that_changes_nothing():
    plan = structural(stays)("a")
    assert plan != plan  # NaN: equal to nothing, and no change of the list
