"""Texts: every function with every text, or pair of texts."""

import json
from typing import TypedDict

TEXTS = ["q\"\\,:", "", "a", "abc", " a b ", "Hello, World", "ÄÖü ß", "ΑΣ", "日本語", "x\ny\r\nz\n", "\t\x1c tab \u2003", "a,b,,c", "{}", "%s", "12", " -7 ", "+5", "1_000", "１２", "0x1f", "1e5",
         "nan", "-inf", "3.14", ".5", "5.", "--3", "007", "9" * 25, "İi", "ﬁ", "a\u0301", "\x00\x7f", "😀!", "aaa", "Infinity", "1e400", "ab" * 5, "\x85x\u2028y", "true"]  # fmt: skip
NUMBERS = [-100, -4, -1, 0, 1, 2, 5, 1000]


def joined(a: str, b: str):
    return a + b, f"{a}-{b}", f"{{{a}}}", "%s/%s%%" % (a, b), "{} {{}} {} {0}".replace("{0}", "z").format(a, b) if False else "{1}{0}".format(a, b)


def cases(a: str):
    return a.upper()


def lower(a: str):
    return a.lower()


def stripped(a: str):
    return a.strip(), a.lstrip(), a.rstrip(), a.strip("a "), a.rstrip("\n"), a.lstrip("x{")


def parts(a: str):
    return a.split(), a.split(","), a.splitlines(), list(a)


def looked(a: str, b: str):
    return b in a, a.startswith(b), a.endswith(b), a.find(b), a.count(b), b not in a


def indexed(a: str, b: str):
    return a.index(b)


def replaced(a: str, b: str):
    return a.replace(b, "-"), a.replace("a", b), a.replace("", b), a.removeprefix(b), a.removesuffix(b)


def compared(a: str, b: str):
    return a == b, a != b, a < b, a <= b, a > b, a >= b, min(a, b), max(a, b)


def sized(a: str):
    return len(a), bool(a), not a, "full" if a else "empty", a or "nothing", a and "something"


def as_int(a: str):
    return int(a)


def as_float(a: str):
    return float(a)


def as_int_or(a: str):
    try:
        return int(a)
    except ValueError:
        return -1


def as_float_or(a: str):
    try:
        x = float(a)
    except (ValueError, TypeError):
        x = 0.5
    return x


def padded(a: str):
    return f"{a:>8}|{a:<8}|{a:^9}|{a:*^6}|{a:3}", a.ljust(6), a.rjust(6, "."), a * 3, 2 * a


def cut(a: str, i: int):
    return a[:i], a[i:], a[i:2], a[-2:], a[:-1], a[1:i]


def character(a: str, i: int):
    return a[i]


def repeated(a: str, i: int):
    return a * (i % 7 - 2)


def walked(a: str):
    out = ""
    for c in a:
        if c == "a":
            continue
        out = c + out
    return out


def words(a: str):
    counts = {}
    for w in a.split():
        counts[w] = counts.get(w, 0) + 1
    return counts


def digits(a: str):
    return a.isdigit()


def broken(a: str):
    return a.partition(","), a.partition(" ")[2]


def matched(a: str):
    match a:
        case "a" | "abc":
            return "first"
        case "12":
            return "number"
        case other:
            return other + "!"


def switched(a: str):
    if a in ("a", "abc", "x"):
        return 1
    if a in {"12", "true"}:
        return 2
    return 3


def numbered(a: str):
    return [f"{i}:{c}" for i, c in enumerate(a)], [f"{i}{c}" for i, c in enumerate(a, 5)]


def joined_up(a: str):
    return ", ".join(a.split(",")), "".join(c for c in a if c != "b"), a.join(["1", "2", "3"])


def dumped(a: str, b: str):
    return json.dumps({"k": a, "list": b, "n": 3, "t": True}), json.dumps([a, b], ensure_ascii=False), json.dumps({a: len(b), "x": 1}, ensure_ascii=False, separators=(",", ":"))


class Reading(TypedDict):
    label: str
    sure: bool
    tags: list[str]


def parsed(a: str):
    try:
        data: Reading = json.loads('{"label": "x", "sure": true, "tags": ["' + a + '"]}')
    except ValueError:
        return "no JSON", False
    return data["label"] + "".join(data["tags"]), data["sure"]
