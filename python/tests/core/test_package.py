"""What the package is made of: stubs, docstrings whose examples run, exported names, what it links, and a wheel in a fresh environment."""

import ast
import doctest
import os
import pathlib
import subprocess
import sys

import pytest
from places import BUILD, ROOT

import xcs
from xcs import _core

COMPILED = pathlib.Path(_core.__file__)


def stub_names():
    """{class or "": names that the stub declares}."""
    tree = ast.parse((pathlib.Path(xcs.__file__).parent / "_core.pyi").read_text())
    names = {"": set()}
    for node in tree.body:
        if isinstance(node, ast.ClassDef):
            names[""].add(node.name)
            names[node.name] = {part.name for part in node.body if isinstance(part, ast.FunctionDef)}
            names[node.name] |= {part.target.id for part in node.body if isinstance(part, ast.AnnAssign)}
        elif isinstance(node, ast.FunctionDef):
            names[""].add(node.name)
        elif isinstance(node, ast.AnnAssign):
            names[""].add(node.target.id)
    return names


def test_the_stub_declares_what_there_is():
    stub = stub_names()
    public = {name for name in dir(_core) if not name.startswith("_")} | {"__version__"}
    assert stub[""] == public
    for name in ("Program", "Deferred", "Session"):
        members = {m for m in vars(getattr(_core, name)) if not m.startswith("_") or m in ("__call__", "__init__")}
        assert stub[name] - {"__init__"} == members - {"__init__"}, name
    assert (pathlib.Path(xcs.__file__).parent / "py.typed").exists()


def documented():
    yield "xcs", xcs
    for name in sorted(vars(_core)):
        thing = getattr(_core, name)
        if name.startswith("_"):
            continue
        yield name, thing
        if isinstance(thing, type):
            for member in sorted(vars(thing)):
                if not member.startswith("_"):
                    yield f"{name}.{member}", getattr(thing, member)


@pytest.mark.parametrize(("name", "thing"), list(documented()), ids=lambda part: part if isinstance(part, str) else "")
def test_each_name_is_documented_and_its_examples_run(name, thing):
    text = thing.__doc__
    assert text and text.strip(), name
    test = doctest.DocTestParser().get_doctest(text, {"xcs": xcs}, name, None, 0)
    runner = doctest.DocTestRunner(verbose=False)
    assert runner.run(test).failed == 0


def test_the_version_is_that_of_the_build():
    text = (ROOT / "CMakeLists.txt").read_text()
    assert f"project(xcs VERSION {xcs.__version__} " in text


def run(*command, **options):
    result = subprocess.run([str(part) for part in command], capture_output=True, text=True, **options)
    assert result.returncode == 0, result.stdout + result.stderr
    return result.stdout


def test_the_module_shows_its_entry_point_alone():
    names = [line.split()[-1] for line in run("nm", "-D", "--defined-only", COMPILED).splitlines()]
    assert names == ["PyInit__core"], names[:20]


LATE = """
import pathlib, sys, xcs
answer = "record<status: i64, headers: list<record<name: str, value: str>>, body: str>"
def is_open():
    return "libcurl" in pathlib.Path("/proc/self/maps").read_text()
assert not is_open()
print(xcs.load(xcs.compile("func @main(%a: i64) -> i64 { %b = i64.add(%a, %a) : i64 return(%b) }"))(a=1))
sends = xcs.load(xcs.compile(f"func @main(%u: str) -> {answer} {{ %a = http.request(%u) : {answer} return(%a) }}"), allow_net=f"127.0.0.1:{sys.argv[1]}")
assert not is_open()
try:
    print(sends(u=f"http://127.0.0.1:{sys.argv[1]}/")["status"] > 0, is_open())
except xcs.Error as error:
    print(error.id)
"""


def test_libcurl_is_opened_for_a_run_that_sends_requests(port, tmp_path):
    if "libcurl" in run("readelf", "-d", COMPILED):
        pytest.skip("this build links libcurl (XCS_LINK_CURL)")
    assert run(sys.executable, "-c", LATE, port) == "2\nTrue True\n"
    # Where there is none, everything else works as before.
    (tmp_path / "libcurl.so.4").touch()
    assert run(sys.executable, "-c", LATE, port, env=os.environ | {"LD_LIBRARY_PATH": str(tmp_path)}) == "2\nhttp-library-missing\n"


CHECK = """
import importlib.metadata, pathlib, xcs
assert "site-packages" in xcs.__file__, xcs.__file__
assert importlib.metadata.version("xcs-lang") == xcs.__version__
files = {str(f) for f in importlib.metadata.files("xcs-lang")}
assert {"xcs/py.typed", "xcs/_core.pyi", "xcs/__init__.py"} <= files, files
assert not [f for f in files if f.startswith("bin") or ".." in f], files
print(xcs.load(xcs.compile('func @main(%a: str) -> str {\\n  %b = str.upper(%a) : str\\n  return(%b)\\n}'))(a="fresh"))
"""


def test_a_wheel_works_in_a_fresh_environment(tmp_path):
    """Built with the options of the tests' own build and as deep in the tree, so that the compiler's cache has its objects."""
    cache = (line.partition("=") for line in (BUILD / "CMakeCache.txt").read_text().splitlines() if ":" in line)
    values = {name.partition(":")[0]: value for name, _, value in cache}
    kind = values["CMAKE_BUILD_TYPE"]
    same = [f"CMAKE_CXX_FLAGS_{kind.upper()}", "CMAKE_CXX_COMPILER", "CMAKE_C_COMPILER"]
    settings = [f"cmake.build-type={kind}", f"build-dir={BUILD}-wheel", *(f"cmake.define.{name}={values[name]}" for name in same)]
    options = [part for setting in settings for part in ("--config-settings", setting)]
    environment = {k: v for k, v in os.environ.items() if k != "PYTHONPATH"}
    run(sys.executable, "-m", "pip", "wheel", "--no-build-isolation", "--no-deps", "--no-index", "-w", tmp_path, *options,
        ROOT / "python", env=environment)
    (wheel,) = tmp_path.glob("xcs_lang-*.whl")
    run(sys.executable, "-m", "venv", tmp_path / "venv")
    python = tmp_path / "venv" / "bin" / "python"
    run(python, "-m", "pip", "install", "--no-index", "--no-deps", wheel, env=environment)
    assert run(python, "-c", CHECK, cwd=tmp_path, env=environment) == "FRESH\n"
