"""Functions of the tests of the enhanced strategy. `asked` counts what reaches the operations."""

import json

import xcs

asked = []
written = []
FACTOR = 3
NAMES = {"a": "Ada", "b": "Bob"}


@xcs.op(effect="sample")
def ask(text: str) -> str:
    asked.append(text)
    return f"<{text}>"


@xcs.op(effect="write(log)")
def note(text: str) -> int:
    written.append(text)
    return len(written)


def helper(n):
    return n * FACTOR


def other_helper(n):
    return n + 1


def untyped(x, words):
    return [f"{w}{x}" for w in words], x


def typed(x: int, word: str = "w"):
    return word * 2 + str(x)


def answers(words):
    return [ask(w) for w in words]


def with_global(n: int):
    return helper(n) + FACTOR, NAMES["a"]


def grades(text: str):
    data = json.loads(text)
    total = 0
    for row in data["rows"]:
        if row["score"] > 2:
            total += row["score"]
    return total, data["name"]


def rows_of(text: str):
    return [f"{k}={v}" for k, v in json.loads(text).items()]


def total_of(text: str):
    count, total, words = 0, 0.0, []
    for row in json.loads(text):
        count += row["n"]
        total += row["x"]
        words.append(f"{row['n']}:{row['x']}:{','.join(row['tags'])}")
    return count, total, words


def listed(text: str):
    data = json.loads(text)
    return f"{data}", len(data)


def judged(text: str, question: str):
    said = ask(question)
    data = json.loads(text)
    return said + data["word"]


def caught(text: str):
    try:
        data = json.loads(text)
        word = data["word"]
    except KeyError:
        word = "missing"
    return word


def noted(text: str):
    note("before")
    data = json.loads(text)
    return data["word"]


def product(xs: list[int]):
    out = 1
    for x in xs:
        out *= x
    return out


def asked_product(xs: list[int]):
    said = ask("product")
    out = 1
    for x in xs:
        out *= x
    return said, out


def noted_product(xs: list[int]):
    note("product")
    out = 1
    for x in xs:
        out *= x
    return out


def with_print(x: int):
    print("x is", x)
    return x


def branches(xs: list[int]):
    out = []
    for x in xs:
        if x > 1:
            out.append(ask(str(x)))
    return out


def fails(x: int):
    return 10 // x


def recursive(n: int):
    return n if n < 2 else recursive(n - 1) + recursive(n - 2)


def looks_at_locals(n: int):
    return sorted(locals())


def closed_over(by):
    def scaled(x: int):
        return x * by

    return scaled


def generator(n: int):
    yield from range(n)


class Asked:
    """Counts how often it is asked for an attribute."""

    def __init__(self):
        self.times = 0

    def __getattr__(self, name):
        if name.startswith("_"):
            raise AttributeError(name)
        self.times += 1
        return lambda x: x + self.times


def asks_attributes(x: int):
    one = Asked()
    return one.first(x) + one.second(x), one.times


class Private:
    def __init__(self, by):
        self.__by = by

    def scaled(self, x: int):
        return x * self.__by
