"""XCS: programs of model calls, HTTP, files and tools at their critical path.

`python -m xcs script.py` runs a script, unchanged, with its model calls deferred. `xcs.install(["mypkg"])` converts a package when it is imported,
`@xcs.program` makes a function of any module one whose calls are deferred, `@xcs.op` makes a callable an operation, `xcs.model` names a model.

Plans and texts in the intermediate representation run in process:

>>> greet = xcs.load(xcs.compile('func @main(%name: str) -> str {\\n  %all = str.concat("Hello, ", %name)\\n  return(%all)\\n}'))
>>> greet(name="Ada")
'Hello, Ada'
"""

from ._api import CompileError, Error, Program, Stopped, __version__, compile, load
from ._install import install
from ._ops import model, op
from ._program import program, value
from ._remarks import remarks

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
