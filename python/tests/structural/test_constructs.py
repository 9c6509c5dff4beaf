"""Every construct of Python has a form or says what to write instead, with its line and column."""

import ast
import sys
import textwrap

import pytest

import xcs
from xcs._structural.errors import REMEDIES
from xcs._structural.unit import Compiler

# Handled where they occur: operators, parts of statements, patterns, contexts.
PARTS = set(
    """Load Store Del And Or Not Add Sub Mult Div FloorDiv Mod UAdd USub Eq NotEq Lt LtE Gt GtE Is IsNot In NotIn ExceptHandler MatchValue MatchSingleton MatchOr MatchAs
    arg arguments keyword alias withitem match_case comprehension Module Expression FunctionType TypeIgnore type_ignore
    Num Str NameConstant Ellipsis Index ExtSlice Suite AugLoad AugStore Param slice mod stmt expr expr_context boolop operator unaryop cmpop excepthandler pattern type_param AST""".split()
)


def node_classes():
    return sorted({c.__name__ for c in vars(ast).values() if isinstance(c, type) and issubclass(c, ast.AST)})


@pytest.mark.parametrize("name", node_classes())
def test_every_node_has_a_form_or_a_remedy(name):
    handled = hasattr(Compiler, "s_" + name) or hasattr(Compiler, "e_" + name) or name in PARTS
    assert handled or name in REMEDIES, f"{name} has neither a form nor a row with what to write"


# What is refused: (the body of a function of x: int, xs: list[int], s: str, d: dict[str, int]; the text at the caret; words of the message).
REFUSED = [
    ("del x", "del x", "comprehension"),
    ("global GLOBAL", "global GLOBAL", "return the new one"),
    ("import json", "import json", "top of the module"),
    ("from json import loads", "from json import loads", "top of the module"),
    ("with open(s) as f: pass", "with open(s) as f: pass", "no handlers"),
    ("class A: pass", "class A: pass", "top of the module"),
    ("yield x", "yield x", "return it"),
    ("yield from xs", "yield from xs", "return it"),
    ("y = lambda a: a", "lambda a: a", "def"),
    ("y = {1, 2}", "{1, 2}", "list(dict.fromkeys(xs))"),
    ("y = {a for a in xs}", "{a for a in xs}", "list(dict.fromkeys(xs))"),
    ("y = (a for a in xs)", "(a for a in xs)", "[.. for .. in ..]"),
    ("y = x & 1", "x & 1", "xcs.op"),
    ("y = x | 1", "x | 1", "xcs.op"),
    ("y = x ^ 1", "x ^ 1", "xcs.op"),
    ("y = x << 1", "x << 1", "power of two"),
    ("y = x >> 1", "x >> 1", "//"),
    ("y = x @ 1", "x @ 1", "xcs.op"),
    ("y = ~x", "~x", "-x - 1"),
    ("y = x ** x", "x ** x", "product"),
    ("y = b'a'", "b'a'", "this constant"),
    ("y = 99999999999999999999", "99999999999999999999", "64 bits"),
    ("y = 1.5 // 2.0", "1.5 // 2.0", "math.floor"),
    ("y = print(s)", "print(s)", "return the text"),
    ("y = open(s)", "open(s)", "read(files)"),
    ("y = map(len, xs)", "map(len, xs)", "comprehension"),
    ("y = isinstance(x, int)", "isinstance(x, int)", "types are known"),
    ("y = f'{xs}'", "xs", "repr"),
    ("y = f'{x!r}'", "f'{x!r}'" if sys.version_info < (3, 12) else "{x!r}", "!r"),
    ("y = f'{x:,}'", "x", "`.2f`"),
    ("xs.append(1)", "xs", "change a copy"),
    ("xs[0] = 1", "xs", "change a copy"),
    ("d['a'] = 1", "d", "change a copy"),
    ("xs += [1]", "xs", "change a copy"),
    ("ys = []\nzs = ys\nys.append(1)", "ys", "line 8"),
    ("ys = []\nzs = ys\nzs.append(1)\nreturn ys", "zs", "refers to it"),
    ("ys = [1]\nzs = ys\nzs.append(1)\nreturn ys", "zs", "refers to it"),
    ("ys = [1]\nzs = ys if x else [2]\nzs.append(1)\nreturn ys", "zs", "refers to it"),
    ("ys = [1]\nzs = ys or [2]\nzs.append(1)\nreturn ys", "zs", "refers to it"),
    ("ys = [1]\nzs = [ys]\nys.append(1)\nreturn zs", "ys", "line 8"),
    ("ys = [1]\nt = (ys, 1)\nzs, _ = t\nzs.append(1)\nreturn ys", "zs", "refers to it"),
    ("ys = [[1]]\nfor z in ys:\n    z.append(1)\nreturn ys", "z", "refers to it"),
    ("ys = [[1]]\nz = ys[0]\nz.append(1)\nreturn ys", "z", "refers to it"),
    ("e = {'a': [1]}\nz = e['a']\nz.append(1)\nreturn e", "z", "refers to it"),
    ("e = {'a': [1]}\nz = e.get('a', [])\nz.append(1)\nreturn e", "z", "refers to it"),
    ("ys = [1]\ndef g(): return ys\nzs = g()\nys.append(2)\nreturn zs", "ys", "line 9"),
    ("ys = [1]\ndef g(): return ys\nzs = g()\nzs.append(2)\nreturn ys", "zs", "refers to it"),
    ("ys = [1]\nzs = same(ys)\nzs.append(2)\nreturn ys", "zs", "refers to it"),
    ("ys = [1]\nzs = same(ys)\nys.append(2)\nreturn zs", "ys", "line 8"),
    ("ys = [1]\nzs = wrap(ys)\nys.append(2)\nreturn zs", "ys", "line 8"),
    ("ys = [1]\nzs = keyed(ys)\nys.append(2)\nreturn zs", "ys", "line 8"),
    ("ys = [1]\nzs = boxed(ys)\nys.append(2)\nreturn zs.ys", "ys", "line 8"),
    ("ys = [1]\nb = Box(ys)\nzs = b.all()\nb.ys = [2]\nreturn zs", "b", "line 9"),
    ("ys = [1]\nzs = maybe(ys)\nys.append(2)\nreturn zs", "ys", "line 8"),
    ("ys = [1]\nzs = [wrap(ys)[0] for _ in xs]\nys.append(2)\nreturn zs", "ys", "refers to it"),
    ("ys = [1]\ndef g(): return [ys]\nzs = g()\nys.append(2)\nreturn zs", "ys", "line 9"),
    ("ys = [1]\nzs = echo(ys)\nys.append(2)\nreturn zs", "ys", "line 8"),
    ("ys = [1]\nzs = echo(ys)\nzs.append(2)\nreturn ys", "zs", "refers to it"),
    ("ys = [1]\nzs = ys if x else [2]\nys.append(1)\nreturn zs", "ys", "line 8"),
    ("ys = [1]\nzs = [2] if x else ys\nys.append(1)\nreturn zs", "ys", "line 8"),
    ("ys = [1]\nzs = Box(ys if x else [0])\nys.append(1)\nreturn zs", "ys", "line 8"),
    ("ys = [1]\nzs = ys or [3]\nys.append(1)\nreturn zs", "ys", "line 8"),
    ("ys = [1]\nzs = wrap(ys) if x else [[2]]\nys.append(1)\nreturn zs", "ys", "line 8"),
    ("y = 0\nz = (y := x) if x else 2\nreturn y", "y", "may not run"),
    ("return json.dumps((x, s))", "json.dumps((x, s))", "a list of one type"),
    ("return json.dumps({'a': [(x, s)], 'b': s})", "json.dumps(", "a list of one type"),
    ("return json.dumps(Box([1]))", "json.dumps(Box([1]))", "its fields"),
    ("return Apart(x) == Apart(x, 2)", "Apart(x)", "compare=False"),
    ("a = float(s)\nreturn maybe_float(a) in (maybe_float(a), None)", "maybe_float(a) in", "nan"),
    ("rows = []\nrow = [1]\nfor y in xs:\n    rows.append(row)\n    row.append(y)\nreturn rows", "row", "refers to it"),
    ("ys = [1]\nfor y in xs:\n    zs = ys\n    ys.append(y)\nreturn ys", "ys", "line 9"),
    ("ys = zs = [1]\nys.append(2)\nreturn zs", "ys", "refers to it"),
    ("ys = [1]\nys.append(ys[0])\nzs = [1]\nif x:\n    ys = zs\nys.append(3)\nreturn zs", "ys", "refers to it"),
    ("try:\n    ys = [1]\n    ys.extend(int(c) for c in s)\nexcept ValueError: pass\nreturn ys", "ys", "before it failed"),
    ("ys = [1]\nfor y in ys:\n    ys.append(y)", "ys", "go through a copy"),
    ("ys = [[1]]\nys[0].append(2)", "ys[0]", "d[k] = d[k] + [x]"),
    ("e = {'a': [1]}\ne.setdefault(s, []).append(1)\nreturn e", "e.setdefault(s, [])", "d.get(k, [])"),
    ("e = {'a': [1]}\ne['a'] += [1]\nreturn e", "e['a'] += [1]", "d[k] = d[k] + [x]"),
    ("if x:\n    y = 1\nreturn y", "y", "give `y` a value"),
    ("for y in xs:\n    z = y\nreturn z", "z", "give `z` a value"),
    ("y = x if x else s\nreturn y", "x if x else s", "one type"),
    ("y = 0\nfor z in xs:\n    y += 0.5\nreturn y", "for z in xs:", "0.0"),
    ("return GLOBAL", "GLOBAL", "argument"),
    ("return x.real", "x.real", "no attribute"),
    ("return s.encode()", "s.encode()", "xcs.op"),
    ("return s.title()", "s.title()", "xcs.op"),
    ("return missing(x)", "missing", "not defined"),
    ("return x + s", "x + s", "numbers of one kind"),
    ("return x < s", "x < s", "numbers or texts"),
    ("return x == s", "x == s", "never equal"),
    ("return x is s", "x is s", "`==`"),
    ("return xs[::2]", "2", "range(start, stop, step)"),
    ("return [1.0] == [2.0]", "[1.0] == [2.0]", "nan"),
    ("return json.loads(s)", "json.loads(s)", "annotate"),
    ("return json.dumps(d, indent=2)", "json.dumps(d, indent=2)", "separators"),
    ("return json.dumps([1.5])", "json.dumps([1.5])", "floats as texts"),
    ("return recursive(x)", "recursive(n - 1)", "loop"),
    ("return untyped([])", "untyped([])", "annotate the parameter"),
    ("y: list = []", "list", "list[..]"),
    ("y: object = 1", "object", "write the type"),
    ("y: int | str = 1", "int | str", "one type"),
    ("try:\n    y = 1\n    if x: return 2\nexcept ValueError: pass", "try:", "at the end of the `try`"),
    ("try:\n    y = int(s)\n    y = int(s) + 1\nexcept ValueError: pass\nreturn y", "y", "before it failed"),
    ("try:\n    y = int(s)\nexcept ValueError as e: return str(e)\nreturn ''", "e", "raise it in the function"),
    ("return any(int(y) > z for y in s for z in xs)", "(int(y) > z for y in s for z in xs)", "for` loop with `break`"),
    ("return [y := 1 for _ in xs]", "[y := 1 for _ in xs]", "append"),
    ("return sum([s])", "sum([s])", "loop"),
    ("a, *b = xs", "*b", "slice"),
    ("async def g(): pass", "async def g(): pass", "plain `def`"),
    ("raise KeyError(s)", "KeyError(s)", "LookupError"),
    ("match x:\n    case [1, y]: pass", "[1, y]", "write `if`"),
    ("try:\n    y = 1\nexcept* ValueError: pass", "try:", "except"),
]
HEAD = """
import json, dataclasses, xcs
GLOBAL = object()
def recursive(n): return recursive(n - 1) if n else 0
def untyped(a): return a
def same(a): return a
def f(x: int, xs: list[int], s: str, d: dict[str, int]):
"""
TAIL = """
def wrap(a): return [a]
def keyed(a): return {"k": a}
def maybe(a) -> list[int] | None: return a if a else None
@dataclasses.dataclass
class Box:
    ys: list[int]
    def all(self): return [self]
@dataclasses.dataclass
class Apart:
    x: int
    y: int = dataclasses.field(compare=False, default=1)
def maybe_float(a) -> float | None: return a
def boxed(a): return Box(a)
@xcs.op(effect="pure")
def echo(a: list[int]) -> list[int]: return a
"""


@pytest.mark.parametrize(("body", "at", "words"), REFUSED, ids=[b.splitlines()[-1][:40] for b, _, _ in REFUSED])
def test_refused_with_its_place(body, at, words, tmp_path):
    text = HEAD.lstrip() + textwrap.indent(body, "    ") + "\n" + TAIL
    path = tmp_path / "refused.py"
    path.write_text(text)
    names = {"__name__": "refused", "__file__": str(path)}
    exec(compile(text, str(path), "exec"), names)
    with pytest.raises(xcs.CompileError) as caught:
        xcs.program(names["f"], strategy="structural").plan()
    first, source, caret = str(caught.value).split("\n")
    place, line, column, _ = first.split(":", 3)
    assert place == str(path) and first.endswith("[no-form]")
    assert text.splitlines()[int(line) - 1] == source
    assert source[int(column) - 1 :].startswith(at.splitlines()[0]), f"the caret is at {source[int(column) - 1 :]!r}"
    assert caret.index("^") == int(column) - 1
    assert words in first, first
    assert caught.value.id == "no-form" and caught.value.origin == (str(path), int(line))
