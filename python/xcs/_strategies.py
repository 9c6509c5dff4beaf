"""How `@xcs.program` makes a program of a function: one interface, three strategies, the same IR.

- tracing, the default: the function runs, and its calls are recorded into segments (`_program`);
- structural: its source becomes one program, ahead of time (`_structural`);
- enhanced: structural, with what traces saw; where it does not fit, tracing.
"""

from __future__ import annotations


class Strategy:
    """What makes a program of a function. A program is called like the function, and has `stats` and `xir()`."""

    name = ""  # by which `@xcs.program(strategy=..)` knows it

    def program(self, function, record=False):
        """The program of `function`. `record` asks for the text of what is carried out, where it is not known before."""
        raise NotImplementedError(f"{type(self).__name__}.program")

    def __repr__(self):
        return f"xcs.{type(self).__name__}()"


class TracingStrategy(Strategy):
    """The function runs as it is, and its calls are deferred."""

    name = "tracing"

    def program(self, function, record=False):
        from ._program import Program

        return Program(function, record)


class StructuralStrategy(Strategy):
    """The source of the function becomes a plan: `plan()`, `save(path)`, `explain()`, `xir()`. What has no form is an error with its line.

    `level` is that of `xcsc -O`.
    """

    name = "structural"

    def __init__(self, *, level=2):
        if level not in (0, 1, 2, 3):
            raise ValueError(f"xcs.StructuralStrategy: level must be 0, 1, 2 or 3, not {level!r}")
        self.level = level

    def program(self, function, record=False):
        from ._structural.program import StructuralProgram

        return StructuralProgram(function, self)


def _enhanced():
    from ._enhanced import EnhancedStrategy

    return EnhancedStrategy


_NAMED = {"tracing": TracingStrategy, "structural": StructuralStrategy}


def strategy_of(given):
    """The strategy that `@xcs.program(strategy=..)` names: by its name, as a class or as an object."""
    if isinstance(given, Strategy):
        return given
    if isinstance(given, type) and issubclass(given, Strategy):
        return given()
    if given == "enhanced":
        return _enhanced()()
    if isinstance(given, str) and given in _NAMED:
        return _NAMED[given]()
    raise ValueError(f'xcs.program: unknown strategy {given!r}; write "tracing", "structural", "enhanced", or a Strategy object')


def __getattr__(name):
    if name == "EnhancedStrategy":
        return _enhanced()
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
