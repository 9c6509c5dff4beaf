"""Where a compiler of Python could go wrong: names that share an object, values of earlier iterations, which handler takes what."""

from collections import Counter

TEXTS = ["", "a", "12", "x,y"]
LISTS = [[], [1], [3, 0, -2], [5, 5, 1, 5]]


def captured(xs: list[int]):
    y = 0

    def before():
        return y

    out = []
    for x in xs:
        out.append(before())
        y = x
    return out, y


def captured_sum(xs: list[int]):
    total = 0
    rows = []

    def far(x):
        return total + x

    for x in xs:
        rows.append(far(x))
        total += x
    return rows


def forever(xs: list[int]):
    i = 0
    while True:
        i += 1
        if i > len(xs):
            return i * 2


def two_empty(xs: list[int], s: str):
    try:
        n = min(xs) if s else xs[-1]
    except ValueError:
        return "value"
    except IndexError:
        return "index"
    return str(n)


def vote_or(xs: list[int]):
    try:
        return Counter(xs).most_common(1)[0][0]
    except IndexError:
        return -1


def _doubled(xs):
    return [x * 2 for x in xs]


def _copied(xs):
    return list(xs)


def results_of_their_own(xs: list[int]):
    own = [1]
    twice, copy = _doubled(own), _copied(own)
    own.append(2)
    twice.extend(xs)
    copy.append(3)
    return own, twice, copy


def swapped(xs: list[int]):
    a, b = 1, 2
    for x in xs:
        a, b = b, a + x % 3
    return a, b


def shadowed(xs: list[int]):
    x = 100
    ys = [x * 2 for x in xs]
    return x, ys


def previous(xs: list[int]):
    last, out = None, []
    for x in xs:
        if last is not None and last > x:
            out.append(last - x)
        last = x
    return out, last


def accumulated(xs: list[int]):
    seen, doubles = [], []
    for x in xs:
        if x in seen:
            doubles.append(x)
        else:
            seen.append(x)
    return seen, doubles


def indexed_by_earlier(xs: list[int]):
    table = {0: 1}
    for x in xs:
        table[x] = table.get(x - 1, 0) + 1
    return table


def stored_last(xs: list[int]):
    d: dict[int, str] = {}
    for x in xs:
        d[x % 2] = f"{x}"
    return d


def early_out(xs: list[int], s: str):
    rows = []
    for x in xs:
        for c in s:
            if c == ",":
                return rows
            rows.append(f"{x}{c}")
        if x == 0:
            break
    else:
        rows.append("end")
    return rows


def nested_return(xs: list[int], s: str):
    for x in xs:
        if x > 2:
            for c in s:
                if c == "1":
                    return x, c
            continue
        if x < 0:
            return x, "below"
    return 0, ""


def copies(xs: list[int]):
    ys = xs.copy()
    zs = ys + [1]
    ys = ys + [2]
    zs.append(3)
    return ys, zs, xs


def conditional_copies(xs: list[int], s: str):
    ys = list(xs)
    if s:
        ys = ys + [0]
    else:
        ys = [len(ys)]
    ys.append(7)
    return ys


def made(n):
    rows = []
    for i in range(n):
        rows.append(i)
    return rows


def of_a_call(xs: list[int]):
    rows = made(len(xs))
    rows.append(99)
    return rows, made(2)


def and_or(xs: list[int], s: str):
    word = s and s[0] or "none"
    n = len(xs) or -1
    return word, n


def short(xs: list[int], s: str):
    return len(xs) > 0 and xs[0] > 1, s == "" or s[0] == "a", not xs or xs[-1] > 0


def option_and(xs: list[int]):
    m = None
    for x in xs:
        if x > 2:
            m = x
    return m and m + 1, m is not None and m > 3, 0 if m is None else m


def all_paths_raise(s: str):
    if s == "a":
        raise ValueError("a")
    if s == "":
        raise KeyError
    else:
        raise RuntimeError(s + "!")


def multiplied(xs: list[int]):
    out = []
    for x in xs:
        n = x
        while n > 0:
            n -= 2
            if n == 1:
                break
        else:
            out.append(-x)
            continue
        out.append(n)
    return out


def changed_behind(xs: list[int]):
    ys = list(xs)
    for y in ys:
        if y > 2:
            break
    ys.append(1)
    for y in ys:
        if y < 0:
            return ys
    ys.append(2)
    return ys


def added_in_a_try(xs: list[int], s: str):
    n, out = 0, []
    for x in xs:
        try:
            n += 10 // x
        except ZeroDivisionError:
            n -= len(s)
        if n > 3:
            out.append(x)
    return out


def stops_early(xs: list[int], s: str):
    m = 0
    for x in xs:
        if any(10 // y > x for y in xs if y != 3):
            m += 1
        if not all(int(c) > 1 for c in s):
            return m, any(x // y for y in [1, 0])
    return m, all(10 // y for y in xs)
