"""XCS: programs of model calls, HTTP, files and tools at their critical path.

`python -m xcs script.py` runs a script, unchanged, with its model calls deferred. `xcs.install(["mypkg"])` converts a package when it is imported,
`@xcs.program` makes a function of any module one whose calls are deferred, `@xcs.op` makes a callable an operation, `xcs.model` names a model.

Plans and texts in the intermediate representation run in process:

>>> greet = xcs.load(xcs.compile('func @main(%name: str) -> str {\\n  %all = str.format(%name) {template = "Hello, {0}"} : str\\n  return(%all)\\n}'))
>>> greet(name="Ada")
'Hello, Ada'
"""

from . import _api

TYPE_CHECKING = False  # as checkers of types know it, without loading `typing`
if TYPE_CHECKING:
    from ._core import CompileError, Error, Program, Stopped, __version__, compile, load
    from ._install import install
    from ._ops import model, op
    from ._program import program, value
    from ._remarks import remarks
    from ._strategies import EnhancedStrategy, Strategy, StructuralStrategy, TracingStrategy

# Where the names are. Each part is loaded when it is first used: running a plan costs nothing of the front end, and a script that makes no
# call nothing of the compiled part.
_COMPILED = frozenset({"CompileError", "Error", "Program", "Stopped", "__version__", "compile", "load"})
_PLACES = {"install": "_install", "model": "_ops", "op": "_ops", "program": "_program", "remarks": "_remarks", "value": "_program",
           "Strategy": "_strategies", "TracingStrategy": "_strategies", "StructuralStrategy": "_strategies", "EnhancedStrategy": "_strategies",
           "load_ipython_extension": "_notebook", "unload_ipython_extension": "_notebook"}  # fmt: skip


def __getattr__(name):
    if name in _COMPILED:
        found = getattr(_api.core(), name)
    elif name in _PLACES:
        import importlib

        found = getattr(importlib.import_module(f".{_PLACES[name]}", __name__), name)
    else:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    globals()[name] = found
    return found


def __dir__():
    return sorted({*globals(), *__all__})


__all__ = [
    "CompileError",
    "EnhancedStrategy",
    "Error",
    "Program",
    "Stopped",
    "Strategy",
    "StructuralStrategy",
    "TracingStrategy",
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
