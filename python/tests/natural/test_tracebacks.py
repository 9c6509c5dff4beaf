"""What a failed call shows: the traceback of plain Python, and a note of the line that needed the answer."""

import re
import subprocess
import sys
import tempfile
import textwrap

import both
import pytest

NOTE = re.compile(rb"the (call|text|part) was made at [\w.]+:\d+; it was waited for [^\n]*\n")
# Frames of the fork server, which has run the script plainly.
OUTER = re.compile(rb'(Traceback \(most recent call last\):\n)(?:(?!  File "[^"]*/script\.py").*\n)*')

SCRIPTS = {
    "a call that is looked at later": """
        title = ask("BAD title")
        text = ask("fine")
        len(title)
        """,
    "a call that nothing looks at": "x = ask('BAD')\nprint('asked')",
    "from a helper of a helper, over several lines": """
        def outer(words):
            return inner(
                words,
                again=True,
            )
        def inner(words, again):
            if again:
                return inner(words, False)
            text = ask("BAD " +
                       words)
            return text
        x = outer("one")
        y = x + "!"
        print(len(y))
        """,
    "a chain of methods over several lines": """
        def chain(q):
            return (
                client
                .chat
                .completions
                .create(
                    model="small",
                    messages=[{"role": "user", "content": q}],
                )
                .choices[0]
                .message
                .content
            )
        x = chain("BAD")
        y = chain("fine")
        """,
    "a chain whose arguments are unpacked": """
        def chain(q):
            return client.chat.completions.create(
                *[], **{"model": "small"},
                messages=[{"role": "user", "content": q}],
            ).choices[0].message.content
        x = chain("BAD")
        """,
    "at once, in a try": """
        try:
            x = client.chat.completions.create(
                model="small",
                messages=[{"role": "user", "content": "BAD"}],
            )
        finally:
            print("done")
        """,
    "an f-string of a failed call": "x = f'<{ask(\"BAD\")}>'\nprint('made')",
    "+ of a failed call": "x = ask('BAD') + '!'\nprint('made')",
    "join of a failed call": "x = ', '.join([ask('fine'), ask('BAD')])\nprint('made')\nlen(x)",
    "replace of a failed call": "x = ask('BAD').replace('a', 'b').strip()\nprint('made')\nlen(x)",
    "a format that a text does not have": "x = ask('fine')\ny = f'{x:d}'\nprint('made')\nlen(y)",
    "a format method that fails": "def show(t):\n    return '{:d}'.format(t)\nx = show(ask('fine'))\nprint('made')\nlen(x)",
    "% that fails": "x = ask('fine')\ny = 'a %d' % (\n    x,)\nprint('made')\nlen(y)",
    "a comprehension": "x = [ask(q)\n     for q in ('fine', 'BAD', 'more')]\nprint('made')\nlen(x[0])",
    "a generator": "x = list(ask(q)\n     for q in ('fine', 'BAD', 'more'))\nprint('made')\nlen(x[0])",
    "a lambda": "f = lambda q: ask(\n    q)\nx = f('BAD')\nprint('made')\nlen(x)",
    "a method and a property": """
        class Judge:
            def __init__(self, name):
                self.name = name
            @property
            def grade(self):
                return ask("BAD " + self.name)
            def both(self):
                return [ask("fine"), self.grade]
        x = Judge("one").both()
        print("made")
        len(x[1])
        """,
    "a loop whose iterations overlap": """
        rows = []
        for q in ("fine", "more", "BAD", "last"):
            grade = ask(q)
            if len(grade) < 3:
                continue
            rows.append(
                ask("Why " +
                    grade))
        print(len(rows))
        """,
    "a text within such a loop": """
        def shown(x):
            return "{:>9d}".format(x)
        rows = []
        for q in ("fine", "more"):
            rows.append(shown(ask(q)))
        print(len(rows))
        """,
    "a loop in a loop": """
        def all_of(topic):
            rows = []
            for q in ("fine", "more"):
                rows.append(ask(topic + q))
            return rows
        tables = []
        for topic in ("a", "BAD", "c"):
            tables.append(all_of(topic))
        print(tables)
        """,
    "no part of that number": "x = client.chat.completions.create(model='small', messages=[{'role': 'user', 'content': 'NOCHOICE'}]).choices[\n    0].message.content\nprint('made')",
    "what a failure led to": """
        def report():
            try:
                return ask("BAD")
            except Exception as e:
                raise RuntimeError("no report") from e
        report()
        """,
}


@pytest.mark.parametrize("native", ["1", "0"], ids=["engine", "client"])
@pytest.mark.parametrize("name", SCRIPTS)
def test_a_failure_shows_what_plain_python_shows(name, native, server):
    server.server.delay = 0.002
    plain, ours = both.compare(textwrap.dedent(SCRIPTS[name]), server, remarks=False, env={"XCS_NATIVE": native})
    assert b"Traceback" in plain.err and NOTE.sub(b"", ours.err) == OUTER.sub(rb"\1", plain.err), ours.err.decode()
    assert len(NOTE.findall(ours.err)) <= 1


def note(server, source):
    server.server.delay = 0.2
    _, ours = both.compare(textwrap.dedent(source), server, remarks=False)
    return [line for line in ours.err.decode().splitlines() if "was made at" in line]


def test_the_note_says_what_needed_the_answer(server):
    line = both.PREAMBLE.count("\n")
    assert note(server, "x = ask('BAD')\ny = 1\nlen(x)") == [f"the call was made at script.py:{line - 1}; it was waited for at line {line + 3}"]
    assert note(server, "x = ask('BAD')") == [f"the call was made at script.py:{line - 1}; it was waited for at the end"]
    looked = "def look(x):\n    return len(x)\nx = ask('BAD')\ny = 1\nlook(x)"
    assert note(server, looked) == [f"the call was made at script.py:{line - 1}; it was waited for at line {line + 2}, from line {line + 5}"]
    assert note(server, "x = ask('fine')\ny = f'{x:d}'\nz = 1\nlen(y)") == [f"the text was made at script.py:{line + 2}; it was waited for at line {line + 4}"]
    assert note(server, "try:\n    ask('BAD')\nfinally:\n    print(1)") == []


STACKS = {
    "stacks of the program": """
        import logging, traceback, warnings
        logging.basicConfig(format="%(lineno)d %(message)s")
        def f():
            logging.warning("%d", "x")
            traceback.print_stack()
            logging.warning("stack", stack_info=True)
            print(traceback.format_stack())
        f()
        """,
    "while calls are pending": """
        import logging, traceback, warnings
        logging.basicConfig(format="%(lineno)d %(message)s")
        x = ask("fine")
        def g():
            logging.warning("%d", "x")
            logging.warning("%d %s", "x", x)
            logging.warning("%d", x)
            logging.warning("stack", stack_info=True)
            warnings.warn("hey")
            print(traceback.format_stack())
        g()
        """,
    "in a loop whose iterations overlap": """
        import logging, traceback
        logging.basicConfig(format="%(lineno)d %(message)s")
        def body(q):
            said = ask(q)
            if len(said) > 0:
                logging.warning("%d", "x")
            return said
        rows = []
        for q in "abc":
            rows.append(body(q))
        """,
    "of an exception that is logged": """
        import logging, traceback
        logging.basicConfig(format="%(lineno)d %(message)s")
        for q in ("fine", "BAD"):
            try:
                ask(q)
            except Exception:
                logging.exception("it failed")
                traceback.print_exc()
        """,
}


@pytest.mark.parametrize("name", STACKS)
def test_a_stack_is_that_of_plain_python(name, server):
    both.compare(textwrap.dedent(STACKS[name]), server, same_err=True, fresh=True)


def test_a_program_of_other_code_shows_where_the_call_was_made(server, tmp_path):
    (tmp_path / "service.py").write_text(both.PREAMBLE + textwrap.dedent("""
        import xcs
        @xcs.program
        def report():
            title = ask("BAD title")
            text = ask("fine")
            return [len(title), text]
        report()
        """))
    done = both.run(tmp_path, "service.py", server, deferred=False, fresh=True)
    text = done.err.decode()
    assert done.code == 1 and 'title = ask("BAD title")' in text and "    report()" in text and "it was waited for at line" in text


def test_without_the_compiled_part_there_is_one_traceback(tmp_path):
    import xcs

    package = tmp_path / "xcs"
    package.mkdir()
    for file in __import__("pathlib").Path(xcs.__file__).parent.glob("*.py"):
        (package / file.name).write_text(file.read_text())
    with tempfile.TemporaryDirectory() as folder:
        done = subprocess.run([sys.executable, "-c", "import xcs"], cwd=folder, env={"PYTHONPATH": str(tmp_path)}, capture_output=True, text=True)
    assert done.returncode == 1 and done.stderr.count("Traceback") == 1
    assert done.stderr.splitlines()[-1].startswith("ImportError: the compiled part of xcs (xcs._core) is missing: build")


MODULES = {
    "fails.py": "def f():\n    return 1 / 0\nf()\n",
    "wrong.py": "def f(:\n    pass\n",
    "misses.py": "import nothing_of_this_name\n",
    "asks.py": "from __main__ import ask\nprint(ask('a') + 1)\n",
    "old.py": "import warnings\nwarnings.warn('this module is old', stacklevel=2)\nx = 1 is 1\n",
}


def test_modules_that_fail_or_warn_when_they_are_imported(server):
    """The frames of the import system are left out, and a warning is that of the line that imports."""
    script = """
        import traceback
        def g(name):
            __import__(name)
        for name in ("fails", "wrong", "misses", "asks"):
            try:
                g(name)
            except Exception:
                traceback.print_exc()
        def h():
            import old
        h()
        import fails
        """
    both.compare(textwrap.dedent(script), server, same_err=True, fresh=True, other=MODULES)
