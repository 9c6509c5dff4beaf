"""What libraries do that look beneath Python's surface, as numpy and pandas do: operators that take anything with a length for a sequence, names
read from the caller's frame, values stored by C code. The library here is a module that is not converted.
"""

import textwrap

import pytest
from both import compare

LIBRARY = """
import sys

class Array:
    def __init__(self, items):
        assert all(type(i) in (str, int) for i in items), [type(i) for i in items]
        self.items = list(items)

    def _with(self, other, apply):
        if getattr(type(other), "__array_ufunc__", 0) is None:
            return NotImplemented  # as an array of numpy does
        if type(other) is not str and hasattr(type(other), "__len__"):
            assert len(other) == len(self.items), "shapes differ"
            return Array([apply(a, b) for a, b in zip(self.items, other)])
        return Array([apply(a, other) for a in self.items])

    def __add__(self, other):
        return self._with(other, lambda a, b: a + b)

    def __radd__(self, other):
        return self._with(other, lambda a, b: b + a)

    def __mul__(self, other):
        return self._with(other, lambda a, b: a * b)

    def __setitem__(self, at, value):
        assert type(value) in (str, int), type(value)
        self.items[at] = value

    def __getitem__(self, at):
        return self.items[at]

    def __repr__(self):
        return f"Array({self.items})"

    def apply(self, function):
        return Array([function(i) for i in self.items])

    def query(self, name):
        value = sys._getframe(1).f_locals[name]
        assert type(value) is str, type(value)
        return [i for i in self.items if i in value]

    @property
    def column(self):
        return self.items

    @column.setter
    def column(self, values):
        assert all(type(v) is str for v in values)
        self.items = values
"""

SCRIPTS = {
    "made of answers": "print(Array([ask('a'), ask('b')]), Array([ask(q) for q in 'cd']))",
    "an operator with an answer": "print(Array(['x', 'y']) + ask('a'), ask('b') + Array(['x', 'y']))\nk = ask('c')\nprint(k + Array(['z']))",
    "an operator that fails": "x = Array([1, 2])\ntry:\n    print(x + ask('a'))\nexcept TypeError as e:\n    print(e)",
    "a reflected operator": "t = ask('NUMBER')\nx = Array([1, 2])\nprint(x * t)",
    "in place": "x = Array(['x'])\nx += ask('a')\nprint(x)",
    "an item": "x = Array(['x', 'y'])\nx[0] = ask('a')\nx[1] = f'<{ask(\"b\")}>'\nprint(x)",
    "an attribute": "x = Array(['x', 'y'])\nx.column = [ask('a'), ask('b')]\nprint(x)",
    "apply": "x = Array(['a', 'b']).apply(ask)\nprint(x)\nprint(x.apply(lambda a: ask(a + '!')))",
    "a name of the caller": "x = Array(['a', 'n'])\ndef f():\n    name = ask('a')\n    other = ask('b')\n    return x.query('name')\nprint(f())\nword = ask('c')\nprint(x.query('word'))",
    "a loop over it": "rows = []\nfor q in Array(['a', 'b']).column:\n    rows.append(ask(q))\nprint(Array(rows))",
    "a failure": "x = Array(['a', 'b'])\nx[0] = ask('BAD')\nprint(x)",
}


@pytest.mark.parametrize("name", SCRIPTS)
def test_a_library_sees_finished_values(name, server, tmp_path):
    (tmp_path / "arrays.py").write_text(LIBRARY)
    server.server.delay = 0.002
    compare("from arrays import Array\n" + textwrap.dedent(SCRIPTS[name]), server, fresh=True, env={"PYTHONPATH": str(tmp_path)})
