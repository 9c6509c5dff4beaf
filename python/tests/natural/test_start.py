"""What is loaded when, and that the compiled part, which a thread loads beside the import of the client, is never in the way."""

import os
import subprocess
import sys

from both import PREAMBLE, engine_path, run

LOADED = "import sys\nprint(sorted({'ast', 're', 'json', 'ctypes', 'greenlet', 'threading', 'xcs._core', 'xcs._convert', 'xcs._run'} & set(sys.modules)))\n"


def python(*arguments, **environment):
    env = {k: v for k, v in os.environ.items() if not k.startswith(("XCS_", "PYTHON"))}
    done = subprocess.run([sys.executable, *arguments], env=env | {"PYTHONPATH": engine_path()} | environment, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_importing_the_package_loads_nothing_of_the_front_end():
    assert python("-c", "import xcs\n" + LOADED) == python("-c", LOADED)


def test_a_script_without_a_call_loads_no_compiled_part(tmp_path):
    (tmp_path / "script.py").write_text(LOADED)
    for _ in range(2):
        out = python("-m", "xcs", str(tmp_path / "script.py"), XDG_CACHE_HOME=str(tmp_path))
    assert out == "['threading', 'xcs._run']\n"


def test_modules_of_the_program_may_have_names_of_the_library(tmp_path):
    """Those that the converter needs: it gets the library's, the program its own."""
    for name in ("ast", "enum", "dis"):
        (tmp_path / f"{name}.py").write_text("def parse(x): return 'mine'\n")
    (tmp_path / "script.py").write_text("import ast, dis, enum\nprint(ast.parse(1), dis.parse(2), enum.parse(3))\n")
    for _ in range(2):
        assert python("-m", "xcs", str(tmp_path / "script.py"), XDG_CACHE_HOME=str(tmp_path / "cache")) == "mine mine mine\n"


def test_a_name_that_is_loaded_late_is_there():
    assert python("-c", "import xcs; print(sorted(set(xcs.__all__) - set(dir(xcs))), xcs.Error.__module__, xcs.load.__name__, xcs.program.__name__)") == "[] xcs load program\n"
    assert python("-c", "from xcs import *; print(CompileError.__name__, model.__name__, __version__)").startswith("CompileError model ")


def test_the_first_call_after_the_import_is_deferred(tmp_path, server):
    (tmp_path / "script.py").write_text(PREAMBLE + "print([ask(f'{i}') for i in range(5)])\n")
    outcome = run(tmp_path, "script.py", server, remarks=True, fresh=True, together=5)
    assert outcome.code == 0 and outcome.most == 5, outcome.remarks
    assert "xcs: 5 deferred" in outcome.remarks and "0 direct" in outcome.remarks


ENDS = {
    "the end": "",
    "sys.exit": "import sys\nsys.exit(3)\n",
    "os._exit": "import os\nos._exit(3)\n",
    "a failure": "1 / 0\n",
    "a fork": "import os\nif os.fork() == 0:\n    print('child')\n    os._exit(0)\nprint(os.wait()[1])\n",
    "a fork that goes on": "import os, sys\npid = os.fork()\nif pid:\n    os.waitpid(pid, 0)\nprint('over')\n",
    "threads": "import threading\nt = threading.Thread(target=print, args=(threading.active_count(),))\nt.start()\nt.join()\n",
}


def test_what_comes_right_after_the_import(tmp_path, server):
    for name, source in ENDS.items():
        # Without the client itself the thread has only begun when the script goes on.
        (tmp_path / "openai").mkdir(exist_ok=True)
        (tmp_path / "openai" / "__init__.py").write_text("")
        (tmp_path / "script.py").write_text("print('begun', flush=True)\nimport openai\n" + source)
        plain, ours = (run(tmp_path, "script.py", server, deferred=deferred, fresh=True) for deferred in (False, True))
        assert (plain.code, plain.out) == (ours.code, ours.out), (name, ours)
        assert plain.err == ours.err or name == "a failure", (name, plain.err, ours.err)
