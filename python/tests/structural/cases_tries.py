"""`try`, `raise`, `assert`, `finally`, functions of functions."""

TEXTS = ["", "1", "-3", "x", "12", "0", "7x", "z"]
LISTS = [[], [1], [3, 0, -2], [5, 5, 5, 5]]


class Odd(ValueError):
    pass


def checked(n):
    if n < 0:
        raise Odd("negative")
    if n == 0:
        raise ValueError(f"zero: {n}")
    if n > 10:
        raise LookupError("large")
    return 100 // n


def text_of(s: str):
    try:
        return f"got {checked(int(s))}"
    except ValueError:
        return "value"
    except LookupError:
        return "lookup"


def named(s: str):
    n = len(s) - 1
    try:
        if n < 0:
            raise Odd("empty")
        if n > 1:
            raise RuntimeError("long: " + s)
    except (Odd, RuntimeError) as e:
        return "caught " + str(e)
    return "fine"


def order(s: str, xs: list[int]):
    word = "start"
    try:
        n = xs[int(s)]
    except IndexError:
        word = "index"
        n = -1
    except ValueError:
        word = "value"
        n = -2
    else:
        word = "else"
    finally:
        last = "finally"
    return word, n, last


def nested(s: str, xs: list[int]):
    try:
        try:
            a = xs[int(s)]
        except ValueError:
            a = 0
        b = 10 // a
    except ZeroDivisionError:
        b = -1
    except IndexError:
        b = -2
    return b


def again(s: str):
    try:
        n = int(s)
    except ValueError:
        if s == "x":
            raise
        n = 0
    return n


def inner_raise(s: str):
    try:
        n = int(s)
    except ValueError:
        raise KeyError from None
    return n


def asserted(xs: list[int]):
    assert xs, "there are none"
    assert xs[0] > 0
    return xs[0]


def uncaught(s: str, xs: list[int]):
    return xs[int(s)] + 100 // len(xs)


def retried(s: str, xs: list[int]):
    tries = 0
    for x in xs:
        try:
            found = 10 // x + int(s)
            break
        except ZeroDivisionError:
            tries += 1
            continue
    else:
        found = -1
    return tries


def returned(xs: list[int]):
    for x in xs:
        try:
            return 10 // x
        except ZeroDivisionError:
            pass
    return None


def kept(xs: list[int]):
    rows, bad = [], 0
    for x in xs:
        try:
            rows.append(10 // x)
        except ZeroDivisionError:
            bad += 1
    return rows, bad


def all_kept(xs: list[int]):
    rows = []
    for x in xs:
        try:
            y = 10 // x
        except ZeroDivisionError:
            y = None
        rows.append(y)
    return rows, [r for r in rows if r is not None]


def cleaned(s: str):
    steps = ["a"]
    try:
        steps.append("b")
        n = int(s)
    finally:
        word = "done"
    return steps, n, word


def bare(s: str):
    try:
        n = int(s) // (int(s) - 1)
    except:  # noqa: E722
        n = 99
    return n


def local(xs: list[int]):
    limit = 2

    def small(x):
        return x < limit

    def both(x, y=1):
        return small(x) and y > 0

    return [x for x in xs if small(x)], [both(x) for x in xs]
