"""Conversion: lines and columns stay, what Python code may look like stays what it is, and each statement runs as it did."""

import subprocess
import sys
import textwrap
import types

import pytest
from both import compare, engine_path

# Sources that use what is hard to rewrite; each prints something, and must print the same when converted.
SOURCES = {
    "walrus in comprehensions": """
        print([x for x in list(map(lambda x: x + chr(33), ['planet', 'bridge'])) if 'a' in x])
        print([y for x in [f(1) for f in [lambda v: abs(v)]] for y in range(max(x, 2))], {k: v for k, v in zip("ab", map(ord, "ab"))})
        print(list(x for x in sorted(set(len(w) for w in "a bb ccc".split()))), [[abs(j) for j in range(int(i))] for i in "12"])
        print([(a := len(w)) for w in ["x", "yy"]], a, any((b := n) > 1 for n in [len("x"), len("yy")]), b)
    """,
    "class bodies": """
        class A:
            x = len("abc")
            y = [len(w) for w in ("a", "bb")]
            z = {k: abs(v) for k, v in dict(a=-1).items()}
            f = lambda self: len(self.y)
            g = list(len(w) for w in ("a", "bb"))
            if max(x, 1) > 2:
                big = str(x)
            for i in range(2):
                w = str(i)
            __private = repr(x)
            def m(self):
                return self.__private + str(self.__other())
            def __other(self):
                self.__set = len(self.y)
                return self.__set
        print(A.x, A.y, A.z, A().f(), A.g, A.big, A().m(), A.w, sorted(n for n in vars(A) if not n.startswith("__")), vars(A()))
    """,
    "super and class cells": """
        class A:
            def __init__(self, x): self.x = x
            def name(self): return "A" + str(self.x)
            @property
            def p(self): return self.x
            @p.setter
            def p(self, v): self.x = v
        class B(A):
            def __init__(self, x):
                super().__init__(x)
                self.c = __class__.__name__
            def name(self): return super().name() + self.c
        b = B(1); b.p = abs(-4); b.x += len("a")
        print(b.name(), b.p, B.__mro__[1].__name__)
    """,
    "generators": """
        def g(n):
            x = yield len("a")
            while n:
                x = yield (x, n)
                n -= 1
            return str(n)
        def outer():
            r = yield from g(2)
            print("returned", r)
        it = outer(); print(next(it), it.send(5), list(it))
        print(sum(x * x for x in range(4)), dict((k, len(k)) for k in "ab"), [*(abs(i) for i in (-1,))])
        async def co(x):
            return [abs(i) for i in x], len(x)
        import asyncio
        async def ag():
            for i in range(2):
                yield abs(i)
        async def main():
            return await co([-1]), [x async for x in ag()], [await co([i]) for i in range(2)]
        print(asyncio.run(main()))
    """,
    "scopes": """
        x = 1
        def f():
            global x
            x = x + len("ab")
            def g():
                nonlocal y
                y += abs(-1)
                return y
            y = 2
            return g() + x
        print(f(), x)
        def h(a, b=len("xx"), *args, c=max(1, 2), **kw):
            return a, b, args, c, sorted(kw.items())
        print(h(1), h(1, 2, 3, c=4, d=5), h(*[1, 2], **dict(z=1)))
        def k(n): return n if n < 1 else k(n - 1)
        del x
        try:
            x
        except NameError as e:
            print(e)
        print([f"{i:{w}}" for i, w in ((1, 3), (2, 5))], f"{'a' + str(1)!r:>{len('abcdef')}}", f"{1=} {len('a')=}")
    """,
    "statements": """
        import contextlib, io
        a = b = c = [len("x")]
        (d, *e), f = (1, *range(3)), abs(-2)
        a[0], f = f, a[0]
        a[len(e) - 3:] = [9, 8]; del a[:1]
        a += [len(a)]; a[0] %= max(5, 3); x: int = len(a); y: str
        with contextlib.redirect_stdout(io.StringIO()) as s, open("/dev/null") as n:
            print("inside", n.read())
        for i in range(3):
            if i == 1: continue
            for j in range(3):
                if j == 2: break
            else: print("no")
        else: print("else", i, j)
        while f: f -= 1
        try:
            try: int("x")
            except (ValueError, TypeError) as err: raise KeyError(str(err)) from err
            finally: print("finally")
        except* KeyError as group: print(group.exceptions[0].args)
        assert len("x"), str(1)
        print(a, b, c, d, e, x, s.getvalue(), not len(""), 1 < len("ab") < 3, len("a") is not None, (lambda *a, k=len("q"): (a, k))(1))
        match [len("ab"), {"k": 1}]:
            case [int(n), {"k": v}] if max(n, v) > 1: print(n, v)
    """,
    "docstrings and names": '''
        """Module."""
        def f():
            """Function."""
            return f.__doc__
        class C:
            """Class."""
            def m(self):
                "Method."
        print(__doc__, f(), C.__doc__, C.m.__doc__, f.__code__.co_firstlineno, f.__module__, C.__module__, C.m.__qualname__)
    ''',
    "future": """
        from __future__ import annotations
        import dataclasses
        @dataclasses.dataclass(order=True)
        class P:
            x: Undefined
            y: list = dataclasses.field(default_factory=list)
        print(P(1), P(1) < P(2), P.__annotations__)
    """,
    "lines of errors": """
        def f(x):
            return (1 +
                    len(x) +
                    int(x))
        def g():
            for x in ["1", "z"]:
                print(f(x),
                      f"{f(x)}")
        g()
    """,
    "carets": """
        def f(a): return a
        f(f(1)(2) + f(3))
    """,
    "an error in a comprehension": """
        print([int(x) for x in ["1", "x"]])
    """,
    "an uncaught error of a class": """
        class E(Exception):
            def __str__(self): return "shown" + str(len(self.args))
        def f():
            try:
                {}["k"]
            except KeyError:
                raise E(1, 2)
        f()
    """,
    "exit with a number": "import sys\nprint(len('x'))\nsys.exit(len('abc'))\n",
    "exit in a function": "def f():\n    raise SystemExit\nf()\n",
    "a syntax error": "x = (1,\nprint(len('a')\n",
    "an import that fails": "import sys\nimport surely_not_there\n",
    "what a script sees": """
        import sys
        print(__name__, __file__.rsplit("/")[-1], __spec__, __package__, sys.argv, sys.modules["__main__"].__dict__ is globals(), sys.path[0] == __file__.rsplit("/", 1)[0], __loader__.__class__.__name__, sorted(n for n in globals() if not n.startswith("__xcs")))
    """,
    "recursion": """
        import sys
        def f(n): return 0 if n == 0 else 1 + f(n - 1)
        print(f(900))
        try:
            f(100000)
        except RecursionError as e:
            print(e)
    """,
}


@pytest.mark.parametrize("name", SOURCES)
def test_as_plain(name, server):
    source = SOURCES[name]
    compare(textwrap.dedent(source).lstrip("\n"), server, preamble=False, same_err=True, fresh=True)


@pytest.mark.parametrize("name", SOURCES)
def test_as_plain_while_something_is_deferred(name, server):
    """The deferring forms of all statements, with a handle that lives all the time."""
    server.server.delay = 0.001
    source = textwrap.dedent(SOURCES[name]).lstrip("\n")
    if name in ("future", "docstrings and names", "what a script sees", "a syntax error"):
        return
    compare("kept = ask('kept')\n" + source, server)


def test_options(tmp_path):
    script = tmp_path / "s.py"
    script.write_text("print('ran')\n")

    def run(*args):
        import os

        return subprocess.run([sys.executable, "-m", "xcs", *args], capture_output=True, text=True, env=dict(os.environ, PYTHONPATH=engine_path()), cwd=tmp_path)

    assert run(str(script)).stdout == "ran\n"
    assert run("--trace", str(tmp_path / "t.json"), str(script)).stdout == "ran\n"
    assert run("--nothing", str(script)).returncode == 2
    assert "unknown option `--nothing`" in run("--nothing", str(script)).stderr
    assert run().returncode == 2
    missing = run(str(tmp_path / "missing.py"))
    assert missing.returncode == 2 and "can't open file" in missing.stderr


@pytest.mark.skipif(sys.version_info[:2] != (3, 11), reason="of one version of the interpreter")
@pytest.mark.parametrize("name", SOURCES)
def test_deferring_calls_are_found_without_dis_as_with_it(name):
    from xcs import _convert, _guards

    try:
        todo, found = [_convert.convert(textwrap.dedent(SOURCES[name]), "x.py")[0]], 0
    except SyntaxError:
        pytest.skip("it cannot be compiled")
    while todo:
        code = todo.pop()
        todo += [k for k in code.co_consts if isinstance(k, types.CodeType)]
        if _guards.TEMP in (*code.co_varnames, *code.co_names, *code.co_cellvars, *code.co_freevars):
            assert _guards._sites_of_3_11(code) == _guards._sites_by_dis(code), code
            found += len(_guards._sites(code))
    assert found or name == "an import that fails"
