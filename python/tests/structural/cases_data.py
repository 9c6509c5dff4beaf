"""Lists, dictionaries, records and options."""

from collections import Counter
from dataclasses import dataclass, field, replace
from typing import Literal, TypedDict

LISTS = [[], [1], [3, 1, 2], [5, -5, 5, 0, 2], [2**63 - 1, 1], list(range(10)), [0, 0, 0], [-1]]
TEXT_LISTS = [[], ["a"], ["b", "a", "c", "a"], ["", "é", "Z", "z"], ["x"] * 4, ["a,b", " "]]
FLOAT_LISTS = [[], [1.0], [0.1, 0.2, 0.3], [1e308, 1e308], [float("nan"), 1.0], [3.0, -0.0, 0.0, 2.5], [1e16, 1.0, -1e16]]
DICTS = [{}, {"a": 1}, {"b": 2, "a": 1}, {"x": -1, "y": 0, "z": 5}]
NUMBERS = [-3, -1, 0, 1, 2, 7]


@dataclass(frozen=True)
class Point:
    x: int
    y: int = 0

    @property
    def size(self):
        return abs(self.x) + abs(self.y)

    def moved(self, by):
        return replace(self, x=self.x + by)


@dataclass
class Box:
    name: str
    items: list[str] = field(default_factory=list)


class Row(TypedDict):
    name: str
    score: int


def item(xs: list[int], i: int):
    return xs[i]


def last(xs: list[int]):
    return xs[-1]


def slices(xs: list[int], i: int):
    return xs[:i], xs[i:], xs[1:i], xs[-2:], xs[:], xs[::-1], xs[i:-1]


def sizes(xs: list[int]):
    return len(xs), bool(xs), not xs, sum(xs), sorted(xs), sorted(xs, reverse=True), list(reversed(xs))


def best(xs: list[int]):
    return min(xs), max(xs)


def best_or(xs: list[int]):
    return min(xs, default=0), max(xs, default=-1), max([x for x in xs if x > 2], default=9)


def best_text(xs: list[str]):
    return min(xs), max(xs), min(xs, key=len), max(xs, key=lambda x: len(x))


def floats(xs: list[float]):
    return sum(xs, 0.0), len(xs)


def floats_best(xs: list[float]):
    return min(xs), max(xs)


def floats_sorted(xs: list[float]):
    return sorted(xs)


def has(xs: list[int], i: int):
    return i in xs, i not in xs, xs.count(i), xs == [i], xs != []


def place(xs: list[int], i: int):
    return xs.index(i)


def extended(xs: list[int], i: int):
    ys = list(xs)
    ys.append(i)
    ys.extend([i, i + 1] if i > 0 else [])
    ys += [9]
    zs = xs + ys + [i]
    return ys, zs, [*xs, i, *ys], [0] * 3, [i] * i


def stored(xs: list[int], i: int):
    ys = xs[:]
    ys[i] = 100
    ys[0] += 1
    return ys


def squares(xs: list[int]):
    return [x * 2 % 10 for x in xs], [x for x in xs if x > 0], [x % 3 for x in xs if x > 0 if x % 2], [(x, y) for x in xs[:3] for y in xs[:2] if x != y]


def loops(xs: list[int]):
    small, large, total = [], [], 0
    for x in xs:
        if x > 100:
            large.append(x)
            continue
        small.append(x)
        if x > 1:
            small.append(x % 7)
        total += x
    return small, large, total


def found(xs: list[int], i: int):
    for k, x in enumerate(xs):
        if x == i:
            return k
    return -1


def first_big(xs: list[int]):
    result = None
    for x in xs:
        if x > 2:
            result = x
            break
    return result


def with_else(xs: list[int]):
    for x in xs:
        if x == 2:
            break
    else:
        return "none"
    return "two"


def nested(xs: list[int]):
    out = []
    for i in xs[:4]:
        row = []
        for j in xs[:3]:
            if j > i:
                break
            row.append(i % 10 - j % 10)
        out.append(row)
    return out


def running(xs: list[int]):
    total, out = 0, []
    for x in xs:
        total = total + x % 100
        out.append(total)
    return out


def grouped(xs: list[str]):
    groups: dict[str, list[str]] = {}
    for x in xs:
        groups[x[:1]] = groups.get(x[:1], []) + [x]
    return groups, list(groups), [k for k, v in groups.items() if len(v) > 1]


def counted(xs: list[str]):
    counts: dict[str, int] = {}
    for x in xs:
        counts[x] = counts.get(x, 0) + 1
    return counts, {k: v for k, v in counts.items() if v > 1}, sorted(counts), sum(counts.values())


def voted(xs: list[str]):
    return Counter(xs).most_common(1)[0][0]


def texts(xs: list[str]):
    return ", ".join(xs), " ".join(f"{i}={x}" for i, x in enumerate(xs)), [x.strip() or "-" for x in xs], sorted(xs, key=len, reverse=True)


def paired(xs: list[int], ys: list[str]):
    return list(zip(xs, ys)), [f"{x}{y}" for x, y in zip(xs, ys)], dict(zip(ys, xs)), {y: x for x, y in zip(xs, ys)}


def unpacked(xs: list[int]):
    a, b = xs
    a, b = b, a
    return a, b


def keyed(d: dict[str, int], k: str):
    return k in d, d.get(k), d.get(k, -1), len(d), bool(d), list(d), list(d.items()), list(d.values()), {**d, "new": 3}


def key(d: dict[str, int], k: str):
    return d[k]


def put(d: dict[str, int], k: str):
    e = dict(d)
    e[k] = 5
    e["z"] = e.get("z", 0) + 1
    e.update({"q": 7})
    return e, d


def points(x: int, y: int):
    p = Point(x, y)
    q = p.moved(3)
    r = replace(q, y=x)
    return p, q, r, p == q, p == Point(x, y), p.size, r.x, Point(1)


def boxes(xs: list[str]):
    b = Box("b", [x for x in xs if x])
    b.name = b.name + "!"
    c = Box("c")
    return b, c, b.items, len(c.items), b.name


def rows(xs: list[str]) -> list[Row]:
    return [{"name": x, "score": len(x)} for x in xs]


def row_of(x: str) -> Row:
    r: Row = {"name": x, "score": 1}
    r["score"] += len(r["name"])
    return r


def options(x: int | None, y: str | None):
    if x is None:
        return "none", 0
    z = x + 1
    w = y if y is not None else "?"
    return f"{z}{w}{y}", x


def optional_truth(x: int | None, y: str | None):
    return bool(x), not y, x == 3, y == "a", y or "empty", x is None and y is None


def looked_up(x: int | None):
    y = None
    if x is not None and x > 1:
        y = "big"
    return y


def literal(kind: Literal["a", "b"]):
    if kind == "a":
        return 1
    return 2


def tuples(x: int, y: int):
    t = (x, "a", y)
    a, _, b = t
    u = t[0], t[-1]
    return t, a, b, u, t + (1,), len(t), x in (1, 2, y)


def any_all(xs: list[int]):
    return any(x > 2 for x in xs), all(x > 0 for x in xs), any([x == 0 for x in xs]), all(xs), any(xs), sum(x > 1 for x in xs)


def matrix(xs: list[list[int]]):
    return [sum(r) for r in xs], [[c + 1 for c in r] for r in xs], [c for r in xs for c in r], len(xs)


def late(xs: list[int]):
    def scaled(x, by=2):
        return x * by + base

    base = 1
    ys = [scaled(x % 5) for x in xs]
    base = 10
    return ys, scaled(1, by=3)
