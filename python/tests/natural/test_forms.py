"""`python -m xcs` runs what `python` runs: a file, a folder, an archive, a module, a text, the standard input; and says where other options go."""

import json
import os
import pathlib
import re
import subprocess
import sys
import zipfile

import both
import pytest

SHOW = """
import sys
print({k: v for k, v in globals().items() if k != "__builtins__"})
print(sys.argv, sys.path[0], __builtins__)
import beside
print(beside.NAME)
if "fail" in sys.argv:
    def fail():
        return (1 /
                0)
    fail()
if "exit" in sys.argv:
    sys.exit(7)
if "words" in sys.argv:
    sys.exit("these words")
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    made = tmp_path_factory.mktemp("forms")
    (made / "show.py").write_text(SHOW)
    for name in ("folder", "package"):
        (made / name).mkdir()
        (made / name / "__main__.py").write_text(SHOW)
        (made / name / "beside.py").write_text("NAME = __name__")
    (made / "package" / "__init__.py").write_text("")
    (made / "package" / "part.py").write_text("from .beside import NAME\nprint(NAME, __name__, __package__, __spec__.name, __spec__.parent)")
    (made / "beside.py").write_text("NAME = __name__")
    (made / "empty").mkdir()
    (made / "wrong.py").write_text("x = (")
    with zipfile.ZipFile(made / "archive.pyz", "w") as archive:
        archive.writestr("__main__.py", SHOW)
        archive.writestr("beside.py", "NAME = __name__")
    return made


def run(folder, args, *, deferred, before=(), stdin=b""):
    env = {**{k: v for k, v in os.environ.items() if not k.startswith("XCS_")}, "PYTHONPATH": both.engine_path(), "PYTHONDONTWRITEBYTECODE": "1"}
    command = [sys.executable, *before, *(["-m", "xcs"] if deferred else []), *args]
    done = subprocess.run(command, cwd=folder, env=env, capture_output=True, input=stdin, timeout=60)
    return done.returncode, re.sub(r"0x[0-9a-f]+", "0x", done.stdout.decode()), re.sub(r"0x[0-9a-f]+", "0x", done.stderr.decode())


FORMS = [
    ["show.py", "a", "-b"],
    ["./show.py", "exit"],
    ["folder", "words"],
    ["./folder/"],
    ["archive.pyz", "a"],
    ["-m", "show", "a", "-m", "b"],
    ["-mpackage"],
    ["-m", "package.part"],
    ["-c", SHOW, "a"],
    ["-c" + SHOW],
    ["-", "a"],
    ["show.py", "fail"],
    ["folder", "fail"],
    ["archive.pyz", "fail"],
    ["-m", "package", "fail"],
    ["-c", SHOW, "fail"],
    ["-", "fail"],
    ["wrong.py"],
    ["-c", "x = ("],
    ["-", "wrong"],
    ["nothing.py"],
    ["package/nothing"],
    ["empty"],
    ["-m", "nothing"],
    ["-m", "package.nothing"],
    ["-m", "empty"],
    ["-m", "json.tool", "--help"],
]


@pytest.mark.parametrize("args", FORMS, ids=lambda a: " ".join(a).replace(SHOW, "TEXT"))
def test_a_form_is_run_as_by_python(folder, args):
    stdin = (b"x = (" if "wrong" in args else SHOW.encode()) if args[0] == "-" else b""
    plain, ours = (run(folder, args, deferred=d, stdin=stdin) for d in (False, True))
    assert ours == plain


@pytest.mark.parametrize("args", [["failing"], ["-m", "failing"]], ids=["folder", "module"])
def test_a_late_failure_of_a_module_shows_all_frames(server, tmp_path, args):
    (tmp_path / "failing").mkdir()
    (tmp_path / "failing" / "__main__.py").write_text(both.PREAMBLE + "x = ask('BAD')\ny = ask('fine')\nprint(len(x))")
    plain, ours = (both.run(tmp_path, args[0], server, args[1:], deferred=d, fresh=True) for d in (False, True))
    lines = ours.err.decode().splitlines()
    assert ours.code == plain.code == 1 and lines[:-1] == plain.err.decode().splitlines()
    assert lines[-1].startswith("the call was made at __main__.py:5; it was waited for at line 9")


@pytest.mark.parametrize("args", [["show.py"], ["folder"], ["-c", "import sys; print(sys.path)"]], ids=["script", "folder", "text"])
def test_a_safe_path_stays_one(folder, args):
    plain, ours = (run(folder, args, deferred=d, before=["-P"]) for d in (False, True))
    assert ours[:2] == plain[:2]


@pytest.mark.parametrize(
    ("args", "says"),
    [
        (["-u", "show.py"], "`-u` is an option of Python and goes before `-m xcs`: python -u -m xcs"),
        (["-W", "ignore", "show.py"], "python -W ignore -m xcs"),
        (["-Xdev", "show.py"], "python -Xdev -m xcs"),
        (["-OO", "show.py"], "python -OO -m xcs"),
        (["-Z"], "unknown option `-Z`"),
        (["--nothing", "show.py"], "unknown option `--nothing`"),
        (["-c"], "`-c` needs a text"),
        (["-m"], "`-m` needs a module"),
        (["--trace"], "`--trace` needs the name of a file"),
        ([], "usage: python"),
    ],
    ids=lambda a: " ".join(a) if isinstance(a, list) else "",
)
def test_what_it_does_not_take_it_says(folder, args, says):
    code, out, err = run(folder, args, deferred=True)
    assert code == 2 and says in err and out == ""
    assert "Traceback" not in err


def test_a_trace_that_cannot_be_written_is_told_before_the_script_begins(folder):
    code, out, err = run(folder, ["--trace", "no/folder/trace.json", "show.py"], deferred=True)
    assert code == 2 and out == "" and "--trace" in err and "No such file or directory" in err and "Traceback" not in err


def test_modules_of_each_form_are_converted(server, tmp_path):
    text = "import helper\nprint([helper.twice(q) for q in 'abc'])"
    helper = both.PREAMBLE + "def twice(q):\n    return ask(q) + ask(q + '!')\n"
    (tmp_path / "folder").mkdir()
    for place in (tmp_path, tmp_path / "folder"):
        (place / "helper.py").write_text(helper)
        (place / "__main__.py").write_text(text)
        (place / "script.py").write_text(text)
    with zipfile.ZipFile(tmp_path / "archive.pyz", "w") as archive:
        archive.writestr("__main__.py", text)
        archive.writestr("helper.py", helper)
    server.server.delay = 0.05
    for script, args in (("folder", ()), ("archive.pyz", ()), ("-m", ("script",)), ("-c", (text,))):
        done = both.run(tmp_path, script, server, args, fresh=True, together=6)
        assert done.code == 0 and done.most == 6, (script, done.err.decode(), done.most)


def test_a_trace_names_failures_by_their_class(server, tmp_path):
    script = both.PREAMBLE + "a, b = ask('BAD'), ask('fine')\nimport os\nos.chdir('/')\nlen(a)"
    (tmp_path / "script.py").write_text(script)
    for native in ("1", "0"):
        both.run(tmp_path, "script.py", server, options=("--trace", "trace.json"), fresh=True, env={"XCS_NATIVE": native})
        calls = json.loads(pathlib.Path(tmp_path, "trace.json").read_text())["calls"]
        assert [c["failed"] for c in calls] == ["BadRequestError", None], calls
        assert all(c["done_ms"] is not None for c in calls)
