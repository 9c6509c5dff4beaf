"""Scripts of the table of traps, second half: loops, objects, callbacks, statements, modules. See `scripts_values`."""

SCRIPTS = {
    "pickle, copies, dataclasses, pydantic": """
        import pickle, copy, dataclasses, json
        import pydantic
        a = ask("one")
        print(pickle.loads(pickle.dumps(a)), pickle.dumps([ask("two")]) == pickle.dumps([str(ask("two"))]))
        print(copy.copy(a), copy.deepcopy([a, {"x": ask("three")}]))
        @dataclasses.dataclass
        class Row:
            q: str
            a: str
        rows = [Row(q, ask(q)) for q in "abc"]
        print(rows, json.dumps([dataclasses.asdict(r) for r in rows]), rows[0] == Row("a", ask("a")))
        class Model(pydantic.BaseModel):
            text: str
        print(Model(text=ask("four")), Model(text=a).model_dump_json())
        class P: pass
        p = P(); p.a = ask("five")
        print(pickle.dumps(p.__dict__) == pickle.dumps({"a": str(p.a)}), json.dumps(vars(p)), copy.deepcopy(p).a)
    """,
    "five equal draws": ("""
        print([ask("same") for _ in range(5)])
    """, 5),
    "a second call with another input": """
        def program(x):
            return ask("see " + ask(x))
        print(program("a"), program("b"), program("a"))
    """,
    "content that is None goes on": """
        a = ask("NOTEXT")
        for f in (lambda: a + "x", lambda: "x" + a, lambda: a.strip(), lambda: "x".join([a]), lambda: f"{a:>9}", lambda: len(a), lambda: a[0], lambda: "%s" % a, lambda: "%d" % a, lambda: int(a), lambda: ask(a)):
            try:
                print(f())
            except Exception as e:
                print(type(e).__name__, e)
    """,
    "failing text operation that is not looked at": """
        a = ask("NOTEXT")
        b = a + "x"
        print("not reached")
    """,
    "arguments of text methods": """
        a = ask("one")
        for f in (lambda: a.strip(5), lambda: a.replace(1, 2), lambda: a.center("x"), lambda: a.zfill(30), lambda: a.ljust(30, "."), lambda: a.join(["x", "y"]), lambda: a.join([1]), lambda: a.format(), lambda: "{}{}".format(a), lambda: "%s %s" % a, lambda: "%d" % a, lambda: "x" % a,
                  lambda: a.nothing, lambda: a(), lambda: a - 1, lambda: [1] + a, lambda: a + [1], lambda: a + None, lambda: a < 1, lambda: a.removeprefix("answer "), lambda: a.title().swapcase(), lambda: a.split()[1], lambda: a.partition(" "), lambda: a % 1, lambda: a * 2, lambda: 2 * a, lambda: -a, lambda: a["x"], lambda: a.encode().decode(), lambda: int(a), lambda: float(ask("NUMBER"))):
            try:
                print(f())
            except Exception as e:
                print(type(e).__name__, e)
    """,
    "branches in a loop": ("""
        rows = []
        for i in range(12):
            said = ask(f"Grade document {i}")
            if len(said) % 2 == 0:
                rows.append((i, "good"))
                continue
            why = ask("Why? " + said)
            rows.append((i, why.strip().lower()))
        print(rows)
    """, 12),
    "a dictionary filled in a loop": ("""
        found = {"x": "before", "c": "old"}
        for q in "abcab":
            found[q + "!"] = ask(q + str(len(q)))
            found[q] = ask(q)
        print(found)
    """, 5),
    "a loop with try": ("""
        out = []
        for q in ["fine", "BAD", "also fine", "BAD too", "x"]:
            try:
                out.append(ask(q))
            except Exception as e:
                out.append(type(e).__name__)
        print(out)
    """, 5),
    "a loop that fails in the middle": """
        rows = []
        try:
            for q in ["a", "b", "BAD", "d", "e"]:
                said = ask(q)
                rows.append(len(said))
                print(q)
        except Exception as e:
            print(type(e).__name__, rows)
        for q in ["f", "g"]:
            rows.append(ask(q))
        print(rows)
    """,
    "a loop with an error of its own": """
        rows = []
        try:
            for q in ["a", "b", "", "d"]:
                said = ask("x" + q)
                rows.append(q[0] + said)
        except IndexError as e:
            print(e, rows)
        for q in ["a", "b"]:
            said = ask(q)
            rows.append(int(said))
    """,
    "aliases of a list in a loop": """
        rows = []
        other = rows
        for q in "abc":
            said = ask(q)
            rows.append(said + str(len(other)))
        print(rows)
        def f(rows, seen):
            for q in "abc":
                said = ask(q + str(len(seen)))
                rows.append(said[-1])
            return rows
        x = []
        print(f(x, x))
    """,
    "objects that hold answers": ("""
        class Note:
            def __init__(self, q):
                self.q = q
                self.a = ask(q)
            def text(self):
                return f"{self.q}: {self.a}"
            def __repr__(self):
                return f"Note({self.a!r})"
        notes = [Note(q) for q in "abc"]
        import json
        print(json.dumps([n.__dict__ for n in notes]), notes, [n.text() for n in notes], sorted(notes, key=lambda n: n.a)[0])
        class Slotted:
            __slots__ = ("a",)
            def __init__(self, q): self.a = ask(q)
        print(Slotted("x").a.upper(), [getattr(Slotted("y"), "a")])
        class Property:
            @property
            def a(self): return ask("p")
            @a.setter
            def a(self, v): print("set", type(v), v)
        p = Property(); p.a = ask("to a setter"); print(p.a)
    """, 3),
    "containers": ("""
        import collections
        a, b = ask("one"), ask("two")
        d = collections.defaultdict(list)
        d["x"].append(a); d["y"] = b
        print(dict(d), d)
        o = collections.OrderedDict(k=a); q = collections.deque([a, b]); q.appendleft(ask("three")); n = collections.namedtuple("N", "x y")(a, b)
        print(o, q, n, collections.Counter([a, b, a]).most_common(1), [*zip([a], [b])], list(enumerate([a])), dict(k=a, **{"l": b}), tuple(reversed([a, b])))
        x = [a, [b, (a, {"k": b})]]
        import json, pprint, random
        print(json.dumps(x)); pprint.pprint(x)
        random.seed(3); random.shuffle(x); print(x, a in x, x.count(a), [b, a] == [b, a], (a,) < (b,))
        y, *z = [a, b, a]; print(y, z); (u, v), w = (a, b), a; print(u, v, w)
        m = {"k": a}; m.update(l=b); m.setdefault("n", a); print(m.pop("k"), m, {**m, "z": a}, [*x, a], m | {"q": b})
    """, 2),
    "match": """
        a = ask("NUMBER"); r = client.chat.completions.create(model="small", messages=[{"role": "user", "content": "m"}])
        match a:
            case "1" | "2": print("low")
            case str() as s if s.isdigit(): print("digit", s)
            case _: print("else")
        match [a, ask("two")]:
            case [str(x), str(y)]: print(x, y)
        match {"k": a}:
            case {"k": "7"}: print("seven")
            case {"k": v}: print(v)
    """,
    "lambdas and callbacks": """
        ask2 = lambda q: ask(q) + "!"
        print(list(map(ask2, "ab")), sorted("ab", key=ask), [f("x") for f in (ask, ask2)], max(["a", "b"], key=lambda q: ask(q)))
        import functools
        p = functools.partial(ask, prompt="partial")
        print(p(), functools.reduce(lambda x, y: ask(x + y), ["a", "b", "c"]))
        def apply(f, *args, **kwargs): return f(*args, **kwargs)
        print(apply(ask, "applied"), apply(lambda: ask("inner")))
        class Callable:
            def __call__(self, q): return ask(q)
        print(Callable()("called"), [*map(str.upper, [ask("u")])], list(filter(None, [ask("NOTEXT"), ask("f")])))
    """,
    "decorators": """
        import functools, time
        def twice(f):
            @functools.wraps(f)
            def wrapper(*a, **k):
                return f(*a, **k) + "/" + f(*a, **k)
            return wrapper
        @twice
        def q(x): return ask("d" + x)
        print(q("x"), q.__name__)
        class A:
            @staticmethod
            def s(x): return ask("s" + x)
            @classmethod
            def c(cls, x): return ask(cls.__name__ + x)
            def __private(self, x): return ask("p" + x)
            def m(self, x):
                self.__kept = self.__private(x)
                return self.__kept
        print(A.s("1"), A.c("2"), A().m("3"))
        class B(A):
            def m(self, x): return "b" + super().m(x)
        print(B().m("4"), vars(B()), B().__dict__)
    """,
    "frames": """
        import sys, inspect, traceback
        def who():
            return inspect.stack()[1].function, sys._getframe(1).f_lineno, inspect.currentframe().f_back.f_code.co_name
        def caller(x):
            return who()
        a = ask("one")
        print(caller(a), [caller(a) for _ in "a"])
        def deep(x):
            if x == 0: raise ValueError(a)
            deep(x - 1)
        try:
            deep(2)
        except ValueError:
            print([(f.name, f.lineno, f.line) for f in traceback.extract_tb(sys.exc_info()[2])])
    """,
    "names that programs see": """
        def f(x):
            y = ask(x)
            return sorted(locals()), sorted(vars()), sorted(dir())
        print(f("a"), f.__code__.co_varnames, f.__name__, f.__qualname__, f.__doc__, f.__defaults__)
        print(eval("ask('evaluated')"))
        exec("z = ask('executed')"); print(z)
        class K:
            x = ask("in a class")
            y = [x for _ in "ab"] if False else x.upper()
        print(K.x, K.y, sorted(n for n in vars(K) if not n.startswith("__")))
    """,
    "augmented": """
        s = ""
        for q in "abc":
            s += ask(q + s[-3:]) + "\\n"
        print(s)
        d = {"k": "x", "l": []}
        d["k"] += ask("one"); d["l"] += [ask("two")]
        class O: pass
        o = O(); o.s = "y"; o.s += ask("three")
        l = [1]; l += ask("NUMBER"); l *= 2
        t = "%s!"; t %= ask("four")
        print(d, o.s, l, t)
    """,
    "comprehensions": ("""
        a = [ask(q) for q in "abc" if q != "b"]
        b = {q: ask(q) for q in "de"}
        c = {ask(q) for q in "fg"}
        g = (ask(q) for q in "hi")
        print(a, b, sorted(c), next(g), list(g), [x for x in [ask("j") for _ in "kl"]], any(ask(q) == "x" for q in "mn"), " ".join(ask(q) for q in "op"), [(x := ask("q")), x.upper()])
        print([[ask(p + q) for p in "rs"] for q in "tu"])
    """, 3),
    "while": """
        tries = 0
        while "yes" not in (said := ask(f"try {tries}")) and tries < 9:
            tries += 1
        print(tries, said)
    """,
    "streams, tools, raw responses": """
        for chunk in client.chat.completions.create(model="small", messages=[{"role": "user", "content": "stream"}], stream=True):
            print(chunk.choices[0].delta.content, end="|")
        with client.chat.completions.create(model="small", messages=[{"role": "user", "content": "stream 2"}], stream=True) as s:
            print([c.choices[0].delta.content for c in s])
        raw = client.chat.completions.with_raw_response.create(model="small", messages=[{"role": "user", "content": "raw"}])
        print(raw.status_code, raw.parse().choices[0].message.content)
        r = client.chat.completions.create(model="small", messages=[{"role": "user", "content": ask("one")}], tools=[{"type": "function", "function": {"name": "f", "parameters": {}}}])
        print(r.choices[0].message.tool_calls, r.choices[0].message.content)
        r = client.chat.completions.create(model="small", messages=[{"role": "user", "content": "n"}], n=3)
        print([c.message.content for c in r.choices], r.choices[1].message.content, r.choices[-1].message.role)
        import openai, inspect
        print(inspect.signature(openai.resources.chat.completions.Completions.create) is not None, client.chat.completions.create.__name__)
    """,
    "the client changed after a call": """
        a = ask("one")
        client.api_key = "other"
        import os
        os.environ["XYZ"] = ask("two")
        print(a, os.environ["XYZ"])
    """,
    "messages of an answer are sent again": """
        history = [{"role": "user", "content": "hello"}]
        for turn in range(3):
            r = client.chat.completions.create(model="small", messages=history)
            history.append(r.choices[0].message)
            history.append({"role": "user", "content": f"turn {turn}"})
        print([m["content"] if isinstance(m, dict) else m.content for m in history])
    """,
    "input": """
        a = ask("one")
        print("name?")
        name = input("> ")
        print(name, a, ask(name))
    """,
    "exit codes": """
        import sys
        a = ask("one")
        print("x")
        sys.exit(f"message {a}")
    """,
    "raise with an answer": """
        a = ask("one")
        try:
            raise ValueError(a)
        except ValueError as e:
            print(e.args, str(e), type(e.args[0]))
        assert a == "x", a
    """,
    "an unseen failure behind a loop": """
        rows = []
        for q in ["a", "BAD", "c"]:
            rows.append(ask(q))
        print("not reached")
    """,
    "atexit": """
        import atexit
        atexit.register(lambda: print("at exit"))
        a = ask("BAD")
    """,
    "deleted names and objects": """
        class D:
            def __init__(self, n): self.n = n
            def __del__(self): print("gone", self.n)
        def f(d, x): return d.n + x
        a = ask("one")
        print(f(D("x"), a))
        d = D("y"); del d
        b = ask("two")
        print(b)
    """,
    "string of many": """
        parts = []
        for i in range(40):
            parts.append(f"{i}:{ask(f'q{i}')}")
        print(ask("\\n".join(parts)), ask(", ".join(f"<{p}>" for p in parts)), ask("%s and %s" % (parts[0], parts[1])), ask("{0}{1!r:>5}".format(*parts)))
        s = "".join(ask(c) for c in "abc")
        print(s.upper(), ask(s.upper().replace("ANSWER", "reply").strip()))
    """,
    "surrogates": """
        a = ask("one")
        print(ascii(f"{a}\\ud800"), len("\\ud800" + a), ascii("\\udfff".join([a, a])))
    """,
    "recursion": """
        def summarise(docs):
            if len(docs) == 1:
                return ask("sum " + docs[0])
            m = len(docs) // 2
            return ask("merge " + summarise(docs[:m]) + summarise(docs[m:]))
        print(summarise(list("abcdef")))
    """,
    "an order of evaluation": """
        def f(x):
            print("f", x)
            return x
        x = [1]
        print(f"{x}{x.append(2)}{x}", f(ask("one")), *[f(2)], end=f("\\n"))
        d = {}
        d[f("k")] = f(ask("v"))
        (f(d))[f("k2")] = f(ask("v2"))
        print(d, f(1) < f(2) < f(3), f(None) or f(ask("o")))
    """,
    "operators": """
        x = ask("a NOTEXT")
        y = ask("b")
        def f(*a, **k): return a, k
        for g in (lambda: dict(**y), lambda: f(**y), lambda: f(*x), lambda: f(a=1, **{"a": y}), lambda: f(*y)[0][:2], lambda: f(**{1: y}), lambda: x - 1, lambda: 1 - x, lambda: y - 1, lambda: y @ 2, lambda: -y, lambda: ~x, lambda: y & 1, lambda: [1] - y, lambda: y ** 2, lambda: divmod(y, 2), lambda: y << 1, lambda: {1} | y, lambda: y | {}, lambda: 3 * y, lambda: y * 3, lambda: x * 3, lambda: y % 2, lambda: 5 % y, lambda: x % 3):
            try: print(g())
            except Exception as e: print(type(e).__name__, e)
        def h(v, w, op):
            try:
                if op == 0: v += w
                elif op == 1: v -= w
                elif op == 2: v *= w
                elif op == 3: v %= w
                print(v)
            except Exception as e: print(type(e).__name__, e)
        for v in (x, y, "s", [1], 3):
            for w in (x, y, "s", 2):
                for op in range(4): h(v, w, op)
        z = ask("c NOTEXT")
        z += "b"
    """,
    "what sees all names": """
        import re, json
        kept = ask("one")
        x = re.compile("a+").match("aab").end()
        y = re.compile("a+")
        z = y.match("aab")
        print(x, z)
        def f(n):
            q = ask(n)
            return eval("q is None"), eval("json.dumps({'q': q})"), locals()
        print(f("NOTEXT"), f("b"))
        g = ask("NOTEXT 2")
        print(eval("g is None"), globals()["g"] is None, "{kept}".format(**globals()))
        exec("print(g is None, json.dumps([kept]))")
    """,
    "data classes in a loop": ("""
        import dataclasses, pathlib
        print([x for x in list(map(lambda x: x + chr(33), ['planet', 'bridge'])) if 'a' in x])
        @dataclasses.dataclass
        class Ticket:
            text: str
            kind: str = ""
            n: list = dataclasses.field(default_factory=list)
        @dataclasses.dataclass(frozen=True)
        class F:
            a: str
        ts=[]
        for i, t in enumerate(["a","b","c"], 1):
            k = Ticket(t)
            k = dataclasses.replace(k, kind=ask(k.text))
            ts.append(k)
        print(ts)
        ts = [dataclasses.replace(t, kind=ask("again " + t.kind)) for t in ts]
        print(ts, F(ask("x")))
    """, 3),
    "files that are read": ("""
        import pathlib, os, json
        for n in "abc": pathlib.Path(n + ".txt").write_text("doc " + n)
        out = []
        for n in "abc":
            p = pathlib.Path(n + ".txt")
            text = p.read_text()
            with open(n + ".txt") as f:
                said = ask(text + f.read())
            out.append(said + ask("again " + said + os.path.join("x", n)))
        print(out)
        def load(n):
            with open(n + ".txt", encoding="utf-8") as f:
                return f.read()
        rows = []
        for n in "abc":
            s = ask(load(n))
            rows.append(f"{n} {s}")
        print(rows)
        a = ask("BAD 1")
        print(open("missing").read())
    """, 3),
    "iterators that iterations share": """
        import itertools
        it = iter("abcdefghijkl")
        out = []
        for q in "123":
            said = ask(q)
            n = len(said)
            out.append((q, list(itertools.islice(it, 2)), n))
        print(out)
        rows = []
        def take():
            for x in it:
                return x
        for q in "123":
            said = ask(q)
            n = len(said)
            rows.append(ask(said + take()))
        print(rows)
        class P:
            def __init__(self): self.it = iter(range(100))
            def nxt(self): return list(zip(self.it, range(2)))
        p = P()
        r = []
        for q in "123":
            if len(ask("x" + q)) > 2:
                r.append((q, p.nxt(), sum(len(w) for w in ["a", q]), ", ".join(sorted(c for c in "ba"))))
        print(r)
        d = {"a": 1, "b": 2}
        for (k, v), z in zip(d.items(), ["x", "y"]):
            r.append((k, ask(f"{k}{v}{z}")))
        print(r)
        def gen():
            for i in range(5): yield i
        g = gen()
        for q in "12":
            x = ask(q)
            y = len(x)
            r.append([*g][:1])
        print(r)
    """,
    "a class named as a module": """
        class re:
            @staticmethod
            def sub(*a):
                out.append("effect")
                return "mine"
        out = []
        for q in ["a", "b"]:
            s = ask(q)
            out.append(re.sub("a", "b", s))
        print(out)
        r = []
        for q in ["a", "b"]:
            if len(ask(q)) > 2:
                r.append(sum(len(w) for w in ["a", q]))
        print(r)
        (a, b), c = ask("x").split()[:2], 1
        first, *rest = ask("y")
        print(a, b, c, first, rest)
    """,
    "modules of the program": """
        import helper
        from helper import grade, Judge
        rows = []
        for q in "abc":
            rows.append(grade(client, q))
        print(rows, Judge(client).judge(rows), helper.CONSTANT)
    """,
}
