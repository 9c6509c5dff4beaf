"""XCS: programs of model calls, HTTP, files and tools at their critical path.

`python -m xcs script.py` runs a script, unchanged, with its model calls deferred. `xcs.install(["mypkg"])` converts a package when it is imported,
`@xcs.program` makes a function of any module one whose calls are deferred, `@xcs.op` makes a callable an operation, `xcs.model` names a model.
"""

from ._install import install
from ._ops import model, op
from ._program import program, value
from ._remarks import remarks

__all__ = ["install", "model", "op", "program", "remarks", "value"]
