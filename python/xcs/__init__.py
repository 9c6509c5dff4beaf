"""XCS: programs of model calls, HTTP, files and tools at their critical path.

`python -m xcs script.py` runs a script, unchanged, with its model calls deferred. `xcs.install(["mypkg"])` converts a package when it is imported,
`@xcs.program` makes a function of any module one whose calls are deferred, `@xcs.op` makes a callable an operation, `xcs.model` names a model.

Plans and texts in the intermediate representation run in process:

>>> greet = xcs.load(xcs.compile('func @main(%name: str) -> str {\\n  %all = str.format(%name) {template = "Hello, {0}"} : str\\n  return(%all)\\n}'))
>>> greet(name="Ada")
'Hello, Ada'
"""

from ._api import CompileError, Error, Program, Stopped, __version__, compile, load
# Where the other names are: they are loaded when they are first used, so that running a plan costs nothing of the front end.
_PLACES = {"install": "_install", "model": "_ops", "op": "_ops", "program": "_program", "remarks": "_remarks", "value": "_program",
           "load_ipython_extension": "_notebook", "unload_ipython_extension": "_notebook"}  # fmt: skip


def __getattr__(name):
    if name not in _PLACES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    import importlib

    found = getattr(importlib.import_module(f".{_PLACES[name]}", __name__), name)
    globals()[name] = found
    return found


def __dir__():
    return sorted({*globals(), *__all__})


__all__ = [
    "CompileError",
    "Error",
    "Program",
    "Stopped",
    "__version__",
    "compile",
    "install",
    "load",
    "model",
    "op",
    "program",
    "remarks",
    "value",
]
