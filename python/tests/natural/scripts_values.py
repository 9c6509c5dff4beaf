"""Scripts of the table of traps, first half: what a value is asked, failures, effects, state, order.

Name -> script, or (script, calls that are in flight together). `client` and `ask` are defined before each.
"""

SCRIPTS = {
    "repr in a prompt": ("""
        a, b = ask("one"), ask("two")
        print(ask(f"{a} {b!r} {a:>40} {str(b)} %s" % a), ask(repr(a)), ask("{} {x}".format(a, x=b)))
    """, 2),
    "C code reads characters": """
        import json, re, textwrap, string, base64, hashlib, zlib, unicodedata
        a = ask("one")
        print("".join([a]), a in "xyz", re.search("a", a).group(), json.dumps({"c": a, "d": [a]}), str.lower(a), "a".replace("a", a), "ab".startswith(a))
        b = ask("two")
        print(textwrap.dedent(b), string.Template("a$x").substitute(x=b), bytes(b, "utf8"), "%s" % b, hashlib.sha256(b.encode()).hexdigest(), [b].index(b))
        c = ask("three UNICODE")
        print(unicodedata.normalize("NFC", c), c.encode("utf-16"), sorted([c, "b"]), max(c, "a"), c * 2, c[::-1], len(c))
    """,
    "identity": """
        a = ask("NOTEXT")
        b = ask("one")
        print(a is None, b is None, type(b) is str, isinstance(b, str), isinstance(a, str), type(a), a == None, None is a, b is not None)
        print(a or "nothing", b and "something", not a, f"{a}|{b}", str(a))
    """,
    "type of an answer": """
        from openai.types.chat import ChatCompletion
        r = client.chat.completions.create(model="small", messages=[{"role": "user", "content": "x"}])
        print(isinstance(r, ChatCompletion), type(r).__name__, type(r.choices), type(r.choices[0]), len(r.choices), r.usage.total_tokens, r.choices[0].finish_reason, bool(r))
        print(r.model_dump_json(), repr(r)[:80], r == r)
    """,
    "index and descriptor": """
        a = ask("NUMBER")
        for f in (lambda: open(a), lambda: range(a), lambda: [1, 2][a], lambda: "abc"[a], lambda: chr(a)):
            try:
                print(f())
            except Exception as e:
                print(type(e).__name__, e)
    """,
    "argument changed after the call": ("""
        messages = [{"role": "user", "content": [{"type": "text", "text": "first"}]}]
        r = client.chat.completions.create(model="small", messages=messages)
        messages.append({"role": "user", "content": "second"})
        messages[0]["content"][0]["text"] = "other"
        s = client.chat.completions.create(model="small", messages=messages)
        print(r.choices[0].message.content, s.choices[0].message.content)
    """, 2),
    "failure in its try": """
        for q in ["fine", "BAD", "more"]:
            try:
                x = ask(q)
            except Exception as e:
                x = type(e).__name__
            print(x)
    """,
    "failure in a caller's try": """
        def outer(q):
            return "<" + ask(q) + ">"
        try:
            a = outer("BAD")
        except Exception as e:
            a = "caught"
        print(a)
    """,
    "failure in a try around a look": """
        a = ask("BAD one")
        try:
            print(len(a))
        except Exception:
            print("caught by mistake")
    """,
    "failure in a try around a look elsewhere": """
        def length(x):
            try:
                return len(x)
            except Exception:
                return -1
        a = ask("BAD one")
        print(length(a))
    """,
    "try and finally": """
        def f():
            try:
                return ask("BAD")
            finally:
                print("finally")
        f()
    """,
    "with": """
        import contextlib
        with contextlib.suppress(Exception):
            a = ask("BAD")
            print("not reached")
        class C:
            def __enter__(self): return self
            def __exit__(self, t, v, b):
                print("exit", t.__name__ if t else None)
                return True
        with C() as c:
            b = ask("fine")
            d = ask("BAD 2")
        print("end", b)
    """,
    "with from a generator": """
        import contextlib
        @contextlib.contextmanager
        def span(name):
            print("begin", name)
            try:
                yield name
            except Exception as e:
                print("failed", type(e).__name__)
            print("end", name)
        with span("a"):
            x = ask("BAD")
        with span("b") as n:
            y = ask(n)
        print(y)
    """,
    "generator": """
        def answers(qs):
            for q in qs:
                yield ask(q)
        def safe(qs):
            g = answers(qs)
            while True:
                try:
                    x = next(g)
                except StopIteration:
                    return
                except Exception as e:
                    print("failed")
                    return
                yield x
        for x in safe(["a", "b", "BAD", "c"]):
            print(x)
        print(list(answers(["d", "e"])), sum(len(a) for a in answers(["f"])), [*answers("gh")])
    """,
    "failure never seen": """
        ask("BAD one")
        print("must not be printed")
    """,
    "two failures, the second is looked at": """
        a = ask("BAD one")
        b = ask("BAD two SLOW")
        print(b)
    """,
    "failure and another error": """
        a = ask("BAD one")
        print({}["missing"])
    """,
    "failure and sys.exit": """
        import sys
        a = ask("BAD one")
        sys.exit(0)
    """,
    "failure and os._exit": """
        import os
        a = ask("BAD one")
        os._exit(0)
    """,
    "effects after a failure": """
        import sys
        f = open("out.txt", "w")
        f.write("before")
        a = ask("BAD one")
        f.write("after")
        f.flush()
    """,
    "write to a file that is open": """
        f = open("out.txt", "w")
        a = ask("one")
        f.write(a + "\\n")
        print(a, file=f)
        f.writelines([a, "x"])
        f.close()
        import pathlib, os
        b = ask("two")
        pathlib.Path("b.txt").write_text(b)
        os.rename("b.txt", b.replace(" ", "_") + ".txt")
    """,
    "subprocess after a failure": """
        import subprocess
        subprocess.run(["touch", "one"])
        a = ask("BAD one")
        subprocess.run(["touch", "two"])
    """,
    "clock around a call": """
        import time
        t = time.perf_counter()
        a = ask("one")
        took = time.perf_counter() - t
        print(took > 0.003)
        t0 = time.time(); b = ask("two"); t1 = time.time(); print(t1 - t0 > 0.003)
        import datetime
        d0 = datetime.datetime.now(); c = ask("three"); print((datetime.datetime.now() - d0).total_seconds() > 0.003)
    """,
    "stateful callee": """
        messages, log = [], []
        def chat(text):
            messages.append({"role": "user", "content": text})
            r = client.chat.completions.create(model="small", messages=messages)
            said = r.choices[0].message.content
            if "answer" in said:
                log.append(text)
            messages.append({"role": "assistant", "content": said})
            return said
        out = []
        for q in ["one", "two", "three"]:
            out.append(chat(q))
        print(out, log, messages)
    """,
    "functions that look like a model's interface": """
        seen = []
        def count(text):
            said = ask(text + str(len(seen)))
            if "answer" in said:
                seen.append(said)
            return said
        def chat(model, messages):
            return count(messages)
        class Maker:
            def create(self, model):
                return count(model)
        class Holder:
            pass
        def through(create, q):
            return create(model=q)
        maker, holder, out = Maker(), Holder(), []
        holder.create = respond = count_model = lambda model: count(model)
        for q in ["one", "two", "three"]:
            out.append(chat(model="m", messages=q))
        for q in ["one", "two", "three"]:
            out.append(maker.create(model=q))
        for q in ["one", "two", "three"]:
            out.append(holder.create(model=q))
        for q in ["one", "two", "three"]:
            out.append(through(count_model, q))
        print(out, seen)
    """,
    "naive stateful callee": """
        messages = []
        def chat(text):
            messages.append({"role": "user", "content": text})
            said = ask(messages[-1]["content"] + str(len(messages)))
            messages.append({"role": "assistant", "content": said})
            return said
        out = []
        for q in ["one", "two", "three"]:
            out.append(chat(q))
        print(out, messages)
    """,
    "globals, closures, attributes in a loop": """
        count = 0
        def f(q):
            global count
            a = ask(q)
            if "answer" in a: count += 1
            return f"{count} {a}"
        out = []
        for q in "abc":
            out.append(f(q))
        print(out)
        def make():
            n = 0
            def g(q):
                nonlocal n
                a = ask(q)
                n += len(a)
                return n
            return g
        g = make()
        for q in "abc":
            out.append(g(q))
        class C:
            total = 0
            def __init__(self): self.seen = []
            def ask(self, q):
                a = ask(q)
                self.seen.append(len(a))
                C.total += len(a)
                return (C.total, sum(self.seen), a)
        c = C()
        for q in "abc":
            out.append(c.ask(q))
        def d(q, seen=[]):
            a = ask(q)
            seen.append(len(a))
            return list(seen)
        for q in "abc":
            out.append(d(q))
        def s(q):
            a = ask(q)
            setattr(c, "last", getattr(c, "last", "") + a[-1])
            return c.last
        for q in "abc":
            out.append(s(q))
        gen = (ask(q) for q in "def")
        for q in "abc":
            out.append(next(gen) + ask(q))
        print(out)
    """,
    "break, else, names after the loop": """
        for q in ["a", "b", "c", "d"]:
            said = ask(q)
            if "yes" in said:
                break
        else:
            print("none")
        print(q, said)
        for q in "ab":
            last = ask(q)
        print(last, q)
        total = 0
        for q in "abc":
            total += len(ask(q))
            if total > 30:
                continue
            print(total)
        def f():
            for q in "abcdef":
                a = ask(q)
                if "yes" in a:
                    return a
        print(f())
        prev = "start"
        for q in "abc":
            prev = ask(prev + q)
        print(prev)
    """,
    "print in a loop": ("""
        for q in "abcdef":
            said = ask(q)
            print(q, len(said))
            print("then", ask(said + q))
    """, 6),
    "logging in a loop": ("""
        import logging, sys
        logging.basicConfig(level=logging.INFO, stream=sys.stdout, format="%(levelname)s %(name)s %(message)s %(lineno)d %(funcName)s")
        logging.getLogger("httpx2").setLevel(logging.WARNING)
        logging.getLogger("httpx").setLevel(logging.WARNING)
        log = logging.getLogger("mine")
        for q in "abcdef":
            said = ask(q)
            log.info("asked %s got %d", q, len(said))
            again = ask(said)
            log.info("again %s", again)
    """, 6),
    "print and logging after a call that fails": """
        import logging, sys
        logging.basicConfig(level=logging.INFO, stream=sys.stdout, format="%(message)s")
        logging.getLogger("httpx").setLevel(logging.WARNING)
        logging.getLogger("httpx2").setLevel(logging.WARNING)
        a = ask("one")
        print("one", a)
        logging.info("log %s", a)
        b = ask("BAD two")
        print("two")
        logging.info("never")
        sys.stdout.write("never")
    """,
    "print between calls": ("""
        import sys
        print("begin")
        a = ask("one")
        print("asked one")
        b = ask("two")
        sys.stdout.write("asked two\\n")
        print(a, b, sep=" | ", end="!\\n", flush=True)
        print("err", file=sys.stderr)
    """, 2),
    "print to a buffer": """
        import io, contextlib
        buf = io.StringIO()
        with contextlib.redirect_stdout(buf):
            a = ask("one")
            print("inside", a)
            b = ask("two")
            print("inside", b)
        print(buf.getvalue().upper(), "outside", a)
        f = io.StringIO()
        print(ask("three"), file=f)
        print(f.getvalue())
    """,
    "contextvars in a loop": """
        import contextvars
        v = contextvars.ContextVar("v", default=0)
        out = []
        for q in "abc":
            before = v.get()
            said = ask(q)
            v.set(before + len(said))
            out.append((before, v.get()))
        print(out, v.get())
    """,
    "decimal context in a loop": """
        import decimal
        out = []
        for q in "abc":
            said = ask(q)
            decimal.getcontext().prec = len(said)
            out.append(str(decimal.Decimal(1) / 3))
        print(out)
    """,
    "warnings": """
        import warnings, sys
        warnings.simplefilter("always")
        def old(q):
            warnings.warn("old", stacklevel=2)
            return ask(q)
        with warnings.catch_warnings(record=True) as w:
            a = old("x")
        print(a, [(str(x.message), x.lineno) for x in w])
    """,
    "lock in a loop": """
        import threading
        lock = threading.Lock()
        shared = []
        for q in "abc":
            with lock:
                said = ask(q)
                shared.append(said)
        print(shared)
        def locked(q):
            lock.acquire()
            try:
                return ask(q)
            finally:
                lock.release()
        for q in "abc":
            shared.append(locked(q))
        print(shared)
    """,
    "fork": """
        import os, sys
        a = ask("one")
        sys.stdout.flush()
        pid = os.fork()
        if pid == 0:
            print("child", a)
            sys.stdout.flush()
            os._exit(3)
        print(os.waitpid(pid, 0)[1] >> 8, a, ask("two"))
    """,
    "multiprocessing": """
        import multiprocessing
        def work(x):
            return x.upper() + ask("w " + x)
        if __name__ == "__main__":
            a = ask("one")
            for method in ("fork", "spawn"):
                with multiprocessing.get_context(method).Pool(1) as pool:
                    print(pool.map(work, [a, "b"]))
    """,
    "threads of the program": """
        from concurrent.futures import ThreadPoolExecutor
        import threading
        a = ask("first")
        with ThreadPoolExecutor(4) as pool:
            rows = list(pool.map(ask, ["a", "b", a]))
            c = ask("beside")
            print(c, rows)
        out = []
        t = threading.Thread(target=lambda: out.append(ask(a)))
        t.start(); b = ask("two"); t.join()
        print(out, b, a)
    """,
    "asyncio inside": """
        import asyncio
        async def main(x):
            a = ask("in a coroutine " + x)
            await asyncio.sleep(0)
            return len(a), f"{x} {a}"
        a = ask("one")
        print(asyncio.run(main(a)))
    """,
    "hashes": """
        import functools
        a = ask("one")
        cache = {str(a): 1}
        b = ask("one")
        print(cache[b], b in cache, cache.get(b), {a, b} == {str(a)}, len({a, b}), {b: 2}, {b for _ in range(2)}, {b: 1 for _ in "ab"})
        d = {}
        d[ask("k")] = ask("v")
        print(d, list(d)[0].upper())
        s = set()
        s.add(ask("member"))
        print(s, sorted(s)[0].upper())
        @functools.lru_cache
        def cached(q):
            return ask("cached " + q)
        print(cached(a), cached(b), cached.cache_info())
    """,
    "an answer without choices": """
        a = ask("NOCHOICE 1")
        print("not reached")
    """,
    "an answer without choices in a try": """
        def create(q): return client.chat.completions.create(model="small", messages=[{"role": "user", "content": q}])
        r = create("NOCHOICE 1")
        try:
            text = r.choices[0].message.content
        except IndexError as e:
            text = str(e)
        print(text, len(r.choices))
        s = create("NOCHOICE 2")
        print("printed")
        c = s.choices[0]
        print("not printed")
    """,
    "an answer without choices in a loop": """
        out = []
        try:
            for q in ["a", "NOCHOICE", "b"]:
                out.append(ask(q))
        except IndexError as e:
            print(e, out)
        for q in ["a", "NOCHOICE", "b"]:
            out.append(ask(q))
    """,
    "log records that are looked at": """
        import logging




        class H(logging.Handler):
            def emit(self, record): lines.append((record.levelname, record.getMessage(), record.lineno, record.funcName))
        lines = []
        log = logging.getLogger("me"); log.setLevel(logging.INFO); log.addHandler(H()); log.addHandler(logging.FileHandler("my.log"))
        for q in ["a", "b", "c"]:
            s = ask(q)
            log.info("said %s", s)
        print(lines)
        print(open("my.log").read())
    """,
    "state that is looked at when the program ends": """
        import atexit, sys




        def hook(t, v, tb):
            print("hook", t.__name__, state)
        sys.excepthook = hook
        L, state = [], 0
        atexit.register(lambda: print(L))
        L.append(1)
        x = ask("a BAD")
        L.append(2)
        state = 1
    """,
}
