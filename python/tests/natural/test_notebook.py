"""Cells of a notebook, run plainly and after `%load_ext xcs`."""

import json
import os
import pathlib
import subprocess
import sys

import both
import pytest

pytest.importorskip("IPython", reason="IPython is not installed: there are no notebooks")

NOTEBOOK = pathlib.Path(__file__).with_name("notebook.py")
ASK = """from openai import OpenAI
client = OpenAI(max_retries=0)
def ask(prompt):
    r = client.chat.completions.create(model="small", messages=[{"role": "user", "content": prompt}])
    return r.choices[0].message.content
"""


def run(tmp_path, server, cells, first, together=1, asking=True):
    server.clear()
    server.server.together = together
    (tmp_path / "cells.json").write_text(json.dumps([first, *([ASK] if asking else []), *cells]))
    env = {k: v for k, v in os.environ.items() if not k.startswith(("XCS_", "OPENAI_"))}
    env.update(OPENAI_API_KEY="none", OPENAI_BASE_URL=server.url, NO_PROXY="*", IPYTHONDIR=str(tmp_path / "ipython"), PYTHONPATH=both.engine_path(),
               PYTHONDONTWRITEBYTECODE="1", PYTHONHASHSEED="0")  # fmt: skip
    with open(tmp_path / "out.txt", "w+") as out:
        done = subprocess.run([sys.executable, NOTEBOOK, "cells.json", "result.json"], cwd=tmp_path, env=env, stdout=out, stderr=subprocess.PIPE, timeout=120, text=True)
    assert done.returncode == 0, done.stderr
    found = json.loads((tmp_path / "result.json").read_text())
    assert found["left"] == [[], []]
    if all(cell["success"] for cell in found["cells"]):  # else the frames of the traceback are kept, as in plain Python
        assert found["handles"] == 0
    return {**found, "requests": server.requests, "most": server.most, "err": done.stderr}


def compare(tmp_path, server, *cells, together=1, load="%load_ext xcs", same_requests=True, asking=True):
    """(plain, deferred): what cells put out, how each ended and the names at the end are equal."""
    plain = run(tmp_path, server, cells, "pass", asking=asking)
    ours = run(tmp_path, server, cells, load, together, asking)
    for a, b in zip(plain["cells"], ours["cells"], strict=True):
        assert (a["out"], a["success"], a["error"]) == (b["out"], b["success"], b["error"]), (plain, ours)
        assert [s[:2] for s in a["shown"][:1]] == [s[:2] for s in b["shown"][:1]]
    assert plain["names"] == ours["names"]
    if same_requests:
        assert plain["requests"] == ours["requests"]
    return plain, ours


def test_cells_overlap_and_wait_at_their_end(tmp_path, server):
    cells = "a = ask('one')\nb = ask('two')\nc = f'{a} and {b}'", "a, b, c", "print(a)\nd = [ask(f'{i} {c}') for i in range(4)]\nd", "len(d)"
    _, ours = compare(tmp_path, server, *cells, together=4)
    assert ours["most"] == 4 and ours["counts"]["deferred"] == 6


def test_a_cell_with_an_expression_of_text_displays_it(tmp_path, server):
    _, ours = compare(tmp_path, server, "ask('one')", "_ + '!'", "x = 'quiet: ' + ask('two')\nx;", "Out[3][:3], _3[:3]", "if True:\n    ask('three')")
    assert ours["counts"]["deferred"] == 3


LOOP = """rows, table = [], {}
for i, topic in enumerate(["a", "b", "NUMBER", "c"]):
    grade = ask(f"grade {topic}")
    if len(grade) < 3:
        low = ask(f"why {grade}")
        continue
    note = ask(f"note {grade}")
    rows.append(note)
    table[topic] = note
rows"""


def test_loops_overlap_and_leave_their_names(tmp_path, server):
    _, ours = compare(tmp_path, server, LOOP, "i, topic, grade, low, note", "def show():\n    return grade\nshow()", LOOP, "table", together=4)
    assert ours["most"] == 4 and ours["counts"]["loops"] == 1  # the second time a function reads one of its names


def test_functions_of_earlier_cells_are_followed(tmp_path, server):
    cells = (
        "def polish(text):\n    return ask('polish ' + text)",
        "out = []\nfor t in ['x', 'y', 'z']:\n    out.append(polish(t))\nprint(out)",
        "seen = []\ndef polish(text):\n    seen.append(text)\n    return ask('polish ' + text + str(len(seen)))",
        "out = []\nfor t in ['x', 'y', 'z']:\n    out.append(polish(t))\nprint(out, seen)",
    )
    _, ours = compare(tmp_path, server, *cells)
    assert ours["counts"]["loops"] == 1


def test_a_failure_is_the_cells(tmp_path, server):
    cells = (
        "x = 'before'\ny = 1",
        "y = 2\nx = ask('BAD')\nx = 'after'\nz = 3\nprint('never')",
        "print(x, y, 'z' in globals())",
        "first = ask('fine')\nask('BAD')\n1 / 0",
        "def inner():\n    return [1][2]\nw = ask('fine')\ninner()",
        "w",
        "for k in range(4):\n    v = ask('BAD' if k == 2 else 'fine')\n    n = len(v)\n",
        "k, v, n",
        "ask('BAD')",
    )
    plain, ours = compare(tmp_path, server, *cells, same_requests=False)
    assert [c["success"] for c in ours["cells"][1:]] == [True, False, True, False, False, True, False, True, False]
    kind, message, note = ours["cells"][2]["shown"][0]
    assert kind == "BadRequestError" and note == "the call was made at Cell In[2]:4; it was waited for at Cell In[4]:5"
    # The lines that made the call are shown, as plainly.
    assert ours["cells"][2]["shown"][1:] == plain["cells"][2]["shown"][1:]
    assert ours["cells"][5]["shown"][1:] == plain["cells"][5]["shown"][1:]


def test_what_a_failed_cell_leaves_in_a_list(tmp_path, server):
    """The list has more in it than plainly; nothing else minds."""
    cells = "rows = [1]", "rows.append(ask('BAD'))", "x = ask('one')\n%who_ls list\nx, dir().count('rows')", "rows = []\nask('two')"
    _, ours = compare(tmp_path, server, *cells, same_requests=False)
    assert [c["success"] for c in ours["cells"][1:]] == [True, False, True, True]


def test_a_failure_in_a_try_is_caught(tmp_path, server):
    compare(tmp_path, server, "try:\n    t = ask('BAD')\nexcept Exception as e:\n    t = type(e).__name__\nt", "t", "import sys\nask('fine')\nsys.exit(3)", "t")


def test_magics_and_the_shell_see_values(tmp_path, server):
    cells = (
        "a = ask('one')\n%who_ls str\nprint(len(get_ipython().user_ns['a']))",
        "words = [ask('two')]\nget_ipython().run_cell('print(\"/\".join(words))')\n!echo $a",
        "%%capture captured\nprint(ask('three'))",
        "captured.stdout",
        "%run -i other.py\nb",
        "b = ask('four')\n%reset_selective -f ^a$\n'a' in globals()",
        "x = ask('five')\nexec('y = \"-\".join([x])')\nlocals()['y'], dir().count('x')",
    )
    (tmp_path / "other.py").write_text("b = ask('six') + a\n")
    _, ours = compare(tmp_path, server, *cells)
    assert ours["counts"]["deferred"] >= 4


def test_cells_that_await_run_as_they_are(tmp_path, server):
    compare(tmp_path, server, "import asyncio\nawait asyncio.sleep(0)\nprint(ask('one'))", "async def f():\n    return ask('two')\nawait f()", "[ask(f'{i}') for i in range(2)]")


def test_what_cannot_be_compiled(tmp_path, server):
    compare(tmp_path, server, "print('a')\nreturn 5", "x = (", "%no_such_magic", "'\\d' + ask('one')", "", "# nothing")


def test_ctrl_c_ends_the_cell_and_not_the_notebook(tmp_path, server):
    server.server.delay = 0.2
    try:
        cells = "x = 'ALARM'\nprint(len(ask('SLOW one')))\ny = 1", "x", "[len(ask(f'{i}')) for i in range(2)]"
        compare(tmp_path, server, *cells, same_requests=False)
    finally:
        server.server.delay = 0.004


@pytest.mark.parametrize("load", ["import xcs; xcs.install()", "import xcs\nxcs.install(['a_package_of_mine'])"])
def test_install_in_a_cell(tmp_path, server, load):
    (tmp_path / "a_package_of_mine.py").write_text("from openai import OpenAI\nclient = OpenAI(max_retries=0)\ndef many():\n    return [client.chat.completions.create(model='small', "
                                                   "messages=[{'role': 'user', 'content': str(i)}]).choices[0].message.content for i in range(3)]\n")  # fmt: skip
    _, ours = compare(tmp_path, server, "import a_package_of_mine\na_package_of_mine.many()", "%reload_ext xcs\n%unload_ext xcs", "ask('one')", load=load, together=3)
    assert (ours["most"], ours["counts"]["deferred"]) == (3, 3) and ours["cells"][1]["success"]


def test_install_without_a_notebook_needs_names():
    done = subprocess.run([sys.executable, "-c", "import xcs; xcs.install()"], env={**os.environ, "PYTHONPATH": both.engine_path()}, capture_output=True, text=True)
    assert done.returncode == 1 and "TypeError: xcs.install needs the names of packages" in done.stderr


def test_a_loop_of_the_kernel_around_the_cells_is_no_reason_to_wait(tmp_path, server):
    """Jupyter's kernel runs cells within its event loop."""
    (tmp_path / "kernel.py").write_text("""
import asyncio, sys
from IPython.core.interactiveshell import InteractiveShell
shell = InteractiveShell.instance()
async def kernel():
    for cell in ["%load_ext xcs", ASK, "answers = [ask(f'{i}') for i in range(3)]"]:
        shown = shell.transform_cell(cell)
        await shell.run_cell_async(cell, transformed_cell=shown, store_history=True)
    print(all(type(a) is str for a in shell.user_ns["answers"]))
asyncio.run(kernel())
""".replace("ASK", repr(ASK)))
    server.clear()
    server.server.together = 3
    env = {**os.environ, "OPENAI_API_KEY": "none", "OPENAI_BASE_URL": server.url, "IPYTHONDIR": str(tmp_path / "ipython"), "PYTHONPATH": both.engine_path(), "NO_PROXY": "*"}
    done = subprocess.run([sys.executable, "kernel.py"], cwd=tmp_path, env=env, capture_output=True, text=True, timeout=120)
    assert done.stdout == "True\n" and server.most == 3, done.stderr
