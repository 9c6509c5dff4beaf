"""The names that owners of code use: `xcs.op`, `xcs.model`, `xcs.program`, `xcs.install`, and what they say when they are used wrongly."""

import textwrap

import pytest
from both import compare, run

PROGRAM = """
import asyncio, threading, time
from openai import OpenAI
import xcs
client = OpenAI(max_retries=0)
def ask(q):
    return client.chat.completions.create(model="small", messages=[{"role": "user", "content": q}]).choices[0].message.content
@xcs.program
def ensemble(q):
    drafts = [ask(f"{q} {i}") for i in range(5)]
    return ask("\\n".join(drafts)), drafts
@xcs.program(record=True)
def failing(q):
    a = ask("BAD " + q)
    return "not reached"
def plain(q):
    return ask(q)
"""


def script(tmp_path, text, name="script.py"):
    (tmp_path / name).write_text(textwrap.dedent(text))


def test_program_is_called(tmp_path, server):
    server.server.delay = 0.002
    script(tmp_path, PROGRAM + """
best, drafts = ensemble("x")
print(type(best).__name__, [type(d).__name__ for d in drafts], ensemble.stats["deferred"], ensemble.__name__)
try:
    failing("y")
except Exception as e:
    print(type(e).__name__)
print(type(plain("z")).__name__, "host.call" in ensemble.xir() or "host" in ensemble.xir())
class C:
    @xcs.program
    def m(self, q): return ask(q) + "!"
print(C().m("method")[-1])
try:
    xcs.program(3)
except TypeError as e:
    print(e)
""")  # fmt: skip
    done = run(tmp_path, "script.py", server, deferred=False, fresh=True, together=5)
    assert done.out.decode() == (
        "str ['str', 'str', 'str', 'str', 'str'] 6 ensemble\nBadRequestError\nstr True\n!\nxcs.program takes a function, not int\n"
    ), done.remarks
    assert done.most >= 5


def test_programs_are_awaited(tmp_path, server):
    server.server.delay = 0.002
    script(tmp_path, PROGRAM + """
async def main():
    ticks = 0
    async def tick():
        nonlocal ticks
        while True:
            await asyncio.sleep(0.005)
            ticks += 1
    ticker = asyncio.create_task(tick())
    found = await asyncio.gather(*[ensemble(f"q{i}") for i in range(8)])
    ticker.cancel()
    again = await ensemble("q3")
    print(len(set(found[i][0] for i in range(8))), again == found[3], ticks > 3, await xcs.value("there"))
    try:
        await failing("x")
    except Exception as e:
        print(type(e).__name__)
asyncio.run(main())
""")  # fmt: skip
    server.server.delay = 0.03
    done = run(tmp_path, "script.py", server, deferred=False, fresh=True, together=10)
    assert done.out == b"8 True True there\nBadRequestError\n", done.remarks
    assert done.most >= 10


def test_a_package_is_installed(tmp_path, server):
    server.server.delay = 0.002
    package = tmp_path / "mine"
    package.mkdir()
    (package / "__init__.py").write_text("from .work import report, ask\n")
    (package / "work.py").write_text(PROGRAM.replace("@xcs.program(record=True)", "").replace("@xcs.program", "") + "\ndef report(qs):\n    return [ask(q) for q in qs]\n")
    script(tmp_path, """
        import xcs
        xcs.install(["mine"])
        import mine
        print(len(mine.report("abcd")), type(mine.ask("x")).__name__, type(mine.report("y")[0]) is str)
        try:
            mine.work.failing("x")
        except Exception as e:
            print(type(e).__name__)
    """)  # fmt: skip
    done = run(tmp_path, "script.py", server, deferred=False, fresh=True, together=4)
    assert done.out == b"4 str True\nBadRequestError\n", done.remarks
    assert done.most >= 4


OPS = """
import time
import xcs
@xcs.op(effect="pure")
def slow(x: str) -> str:
    time.sleep(0.02)
    return x + "!"
@xcs.op(effect="write(log)")
def log(x):
    with open("log.txt", "a") as f:
        f.write(x + "\\n")
@xcs.op(effect="read(n)")
def number(x):
    time.sleep(0.02)
    return {"n": len(x), "l": [1, 2]}
gpt = xcs.model("small", max_in_flight=3)
"""


def test_operations_and_models(server):
    server.server.delay = 0.002
    plain, ours = compare(OPS + """
a = [slow(q) for q in "abc"]
print(gpt("x" + a[0]), [gpt(q) for q in a])
log(a[0]); log(gpt("y"))
n, m = number("abc"), number(a[1])
print(n["n"] + m["n"], n, type(n), len(m), isinstance(m, dict), [*m], n == m, m["l"][0] + 1)
out = []
for q in "abcdef":
    out.append(gpt(slow(q)))
print(out, open("log.txt").read())
log("end")
x = gpt("BAD")
log("never")
""", server, preamble=False, together=3)  # fmt: skip
    assert ours.most == 3


def test_wrong_use(server):
    compare("""
import xcs
for f in (lambda: xcs.op(effect="touch(x)"), lambda: xcs.op(3), lambda: xcs.op(repeat="often")(len), lambda: xcs.op(effect="wriet(x)")(len), lambda: xcs.model("m", rpm=0), lambda: xcs.model("m", max_in_flight=-1)):
    try:
        f()
        print("ok")
    except Exception as e:
        print(type(e).__name__, e)
async def c(): pass
try:
    xcs.op(effect="pure")(c)
except TypeError as e:
    print(e)
""", server, preamble=False)  # fmt: skip


def test_patched_once_and_unpatched(server):
    plain, ours = compare("""
from openai.resources.chat.completions import Completions
import functools, inspect, xcs
def wrap(before):
    @functools.wraps(before)
    def create(self, *a, **k):
        k["messages"] = k["messages"] + [{"role": "user", "content": "wrapped"}]
        return before(self, *a, **k)
    return create
before = Completions.create
Completions.create = wrap(before)
print(ask("one"), ask("two"))
print("messages" in inspect.signature(Completions.create).parameters)
Completions.create = before
print([ask(q) for q in "ab"])
""", server)  # fmt: skip
    done = run_unpatch(server)
    assert done.out == b"True True True\n", done.remarks


def run_unpatch(server):
    import pathlib
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        pathlib.Path(folder, "script.py").write_text("""
import xcs
from openai.resources.chat.completions import Completions
before = Completions.create
xcs.install(["nothing"])
from xcs import _clients
ours = Completions.create
_clients.patch_loaded()
print(ours is not before, Completions.create is ours, end=" ")
_clients.unpatch()
print(Completions.create is before)
""")
        return run(folder, "script.py", server, deferred=False, fresh=True)


@pytest.mark.parametrize("kind", ["text", "json"])
def test_remarks_and_trace(kind, server, tmp_path):
    import json

    (tmp_path / "script.py").write_text("""
from openai import OpenAI
client = OpenAI(max_retries=0)
history = []
def ask(q):
    return client.chat.completions.create(model="small", messages=[{"role": "user", "content": q}]).choices[0].message.content
def chat(q):
    history.append(q)
    return ask(q + str(len(history)))
grade = ask("NUMBER")
if int(grade) < 9:
    print(grade)
for q in "ab":
    said = chat(q)
try:
    ask("x")
except ValueError:
    pass
""")
    done = run(tmp_path, "script.py", server, remarks="json" if kind == "json" else "1", options=["--trace", str(tmp_path / "t.json")])
    assert done.code == 0, done.remarks
    if kind == "json":
        found = [json.loads(line) for line in done.err.decode().splitlines()]
        assert {"file", "line", "kind", "text"} == set(found[0])
        said = [(r["line"], r["kind"], r["text"]) for r in found if "line" in r]
        assert (11, "waits", "int() looks at it") in said
    else:
        assert "script.py:11: waits: int() looks at it" in done.remarks
        assert "script.py:13: loop: iterations one after the other: chat() .append() may change what others see" in done.remarks
        assert "its failure belongs to the `try` or `with` at line 16" in done.remarks
    trace = json.loads((tmp_path / "t.json").read_text())
    assert [c["line"] for c in trace["calls"]] == [6, 6, 6]
    assert all(c["begun_ms"] <= c["sent_ms"] <= c["done_ms"] for c in trace["calls"]) and trace["segments"]
