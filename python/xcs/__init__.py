"""Programs of model calls, HTTP, files and tools at their critical path.

>>> greet = xcs.load(xcs.compile('func @main(%name: str) -> str {\\n  %all = str.format(%name) {template = "Hello, {0}"} : str\\n  return(%all)\\n}'))
>>> greet(name="Ada")
'Hello, Ada'
"""

from ._api import CompileError, Error, Program, Stopped, __version__, compile, load

__all__ = ["CompileError", "Error", "Program", "Stopped", "__version__", "compile", "load"]
