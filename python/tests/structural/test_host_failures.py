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
