"""`XCS_REMARKS=1`: each line that waits, and each call that is not deferred, with its reason."""

import textwrap

import both
import pytest

LINE = both.PREAMBLE.count("\n") + 1

WAITS = {
    "x = ask('a') == 'b'": "`==` looks at it",
    "x = 'b' != ask('a')": "`!=` looks at it",
    "x = ask('a') < 'b'": "`<` looks at it",
    "x = 'a' <= ask('a') <= 'b'": "`<=` looks at it",
    "x = 'b' in ask('a')": "`in` looks at it",
    "x = ask('a') not in ['b']": "`not in` looks at it",
    "x = ask('a') is None": "`is` looks at it",
    "x = sorted([ask('a'), ask('b')])": "sorted() looks at it",
    "x = max(ask('a'), ask('b'))": "max() looks at it",
    "x = min([ask('a'), ask('b')])": "min() looks at it",
    "x = isinstance(ask('a'), str)": "isinstance() looks at it",
    "x = type(ask('a'))": "type() looks at it",
    "x = {ask('a'): 1}": "a dictionary looks at it",
    "x = {ask('a')}": "a set looks at it",
    "x = {'a': 1}.get(ask('a'))": "get() looks at it",
    "x = 'a b'[len(ask('a')):]": "len() looks at it",
    "a, *b = ask('a')": "unpacking looks at it",
    "x = ask('a') or 'b'": "a condition looks at it",
    "x = 1 if not ask('a') else 2": "a condition looks at it",
    "x = ask('a') * 2": "`*` looks at it",
    "x = int(ask('NUMBER'))": "int() looks at it",
    "x = ask('a').split()": "split() looks at it",
    "x = ask('a')[0]": "a subscript looks at it",
    "for c in ask('a'): pass": "a loop over its characters looks at it",
    "match ask('a'):\n    case 'b': pass": "match looks at it",
    "x = 2\nx *= 3\nt = ask('a')\nt *= 2": "`*=` looks at it",
}


@pytest.mark.parametrize("source", WAITS, ids=lambda s: s.splitlines()[-1])
def test_a_wait_is_told(source, server):
    server.server.delay = 0.2  # the program comes to the line that waits before the answer does
    _, ours = both.compare(source, server)
    last = LINE + source.count("\n") - source.startswith("match")
    assert f"script.py:{last}: waits: {WAITS[source]}" in ours.remarks


def remarks(server, source, **more):
    _, ours = both.compare(textwrap.dedent(source), server, **more)
    return [line for line in ours.remarks.splitlines() if line.startswith("script.py:")]


def test_threads_are_told(server):
    said = remarks(server, """
        import threading
        event = threading.Event()
        thread = threading.Thread(target=event.wait, name="mine")
        thread.start()
        rows = []
        for q in "ab":
            rows.append(ask(q))
        event.set()
        thread.join()
        """)  # fmt: skip
    assert f"script.py:{LINE - 2}: direct: another thread of the program is there (mine)" in said
    assert f"script.py:{LINE + 6}: loop: iterations one after the other: another thread of the program is there (mine)" in said
    said = remarks(server, """
        from concurrent.futures import ThreadPoolExecutor
        with ThreadPoolExecutor(2) as pool:
            print(list(pool.map(ask, "ab")))
        """)  # fmt: skip
    assert f"script.py:{LINE - 2}: direct: it is made on another thread than the program's first one" in said


def test_a_loop_kept_in_order_is_told_once_with_one_line(server):
    said = remarks(server, """
        seen = []
        def note(q):
            seen.append(q)
            return ask(q)
        rows = []
        for q in "ab":
            rows.append(note(q))
        """)  # fmt: skip
    loops = [line for line in said if ": loop: " in line]
    assert len(loops) == 1 and loops[0].count("(line ") == 1 and f"(line {LINE + 3})" in loops[0], loops


def test_a_missing_greenlet_is_told(server, tmp_path):
    (tmp_path / "greenlet.py").write_text("raise ImportError('no greenlet here')")
    source = "rows = []\nfor q in 'ab':\n    rows.append(ask(q))\nprint(rows)"
    said = remarks(server, source, fresh=True, env={"PYTHONPATH": str(tmp_path)})
    assert any(f"script.py:{LINE + 1}: loop: " in line and "pip install greenlet" in line for line in said), said
