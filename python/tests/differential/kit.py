"""A library that the programs import and nothing converts: its functions must never meet a text that is not there yet."""
import contextlib
import re

seen = []


def shout(text):
    return text.upper() + "!"


def measure(text):
    return len(text)


def tidy(text, width=12):
    return re.sub(r"\s+", " ", text)[:width]


def remember(text):
    seen.append(text)
    return len(seen)


def joined(texts, separator="/"):
    return separator.join(texts)


def apply(function, *arguments, **named):
    return function(*arguments, **named)


def each(function, values):
    out = []
    for value in values:
        out.append(function(value))
    return out


def guard(function, value, default="(guarded)"):
    try:
        return function(value)
    except Exception:
        return default


def kinds(*values):
    return ",".join(type(value).__name__ for value in values)


def is_text(value):
    return type(value) is str


class Box:
    """Keeps what it was given and looks at it only later."""

    def __init__(self, content):
        self.content = content

    def render(self):
        return "[" + "|".join([self.content]) + "]"

    def size(self):
        return len(self.content)


class Register:
    def __init__(self):
        self.entries = {}

    def put(self, name, value):
        self.entries.setdefault(name, []).append(value)
        return self

    def text(self):
        return ";".join(f"{name}={','.join(values)}" for name, values in sorted(self.entries.items()))


@contextlib.contextmanager
def announced(name):
    print(f"<{name}>")
    try:
        yield name
    finally:
        print(f"</{name}>")
