"""What has no form in a plan: errors with line, column, caret and what to write, and the table of constructs without a form."""

from __future__ import annotations

import linecache

from .. import _api

CompileError = _api.core().CompileError


class NoForm(CompileError):
    """A construct of a function that a plan cannot say. `origin` is its place; the message says what to write."""

    id = "no-form"
    failure = "program"


class NeedsConstant(Exception):
    """A parameter has to be known when the function is compiled: the caller compiles it again for the constant that it passes."""

    def __init__(self, name):
        super().__init__(name)
        self.name = name


# Nodes of `ast` without a form: what it is, and what to write. Every other node class is handled by a method of that name.
REMEDIES = {
    "AnnAssign": ("an annotated attribute or item", "annotate a plain name, or leave the annotation out"),
    "AsyncFor": ("`async for`", "write a plain `for`: calls that do not need one another run side by side in a plan"),
    "AsyncFunctionDef": ("an `async def`", "write a plain `def` that calls directly: calls that do not need one another run side by side in a plan"),
    "AsyncWith": ("`async with`", "leave it out: bounds are those of the model (`xcs.model(.., max_in_flight=8)`)"),
    "Await": ("`await`", "call the function directly: calls that do not need one another run side by side in a plan"),
    "BitAnd": ("`&`", "put it into a function with `@xcs.op(effect=\"pure\")`"),
    "BitOr": ("`|`", "put it into a function with `@xcs.op(effect=\"pure\")`; two dictionaries are joined by `{**a, **b}`"),
    "BitXor": ("`^`", "put it into a function with `@xcs.op(effect=\"pure\")`; of two bools write `a != b`"),
    "Bytes": ("bytes", "put it into a function with `@xcs.op(effect=\"pure\")`, and pass texts"),
    "ClassDef": ("a class in a function", "define it at the top of the module, as a dataclass or a TypedDict"),
    "Delete": ("`del`", "build the list or dictionary anew with a comprehension; a name need not be deleted"),
    "GeneratorExp": ("a generator outside a call that takes it whole", "write a list: `[.. for .. in ..]`"),
    "Global": ("`global`", "pass the value as an argument and return the new one"),
    "Import": ("an `import` in a function", "import at the top of the module"),
    "ImportFrom": ("an `import` in a function", "import at the top of the module"),
    "Interactive": ("an interactive program", "write a function in a file"),
    "Invert": ("`~`", "put it into a function with `@xcs.op(effect=\"pure\")`; `~x` is `-x - 1`"),
    "LShift": ("`<<`", "multiply by a power of two"),
    "Lambda": ("a `lambda` that is kept as a value", "write `def`, or use it directly as `key=lambda x: ..`"),
    "MatMult": ("`@`", "put it into a function with `@xcs.op(effect=\"pure\")`"),
    "MatchClass": ("a class in a `match`", "write `if` with the fields"),
    "MatchMapping": ("a dictionary in a `match`", "write `if` with the keys"),
    "MatchSequence": ("a sequence in a `match`", "write `if` with `len(..)` and the elements"),
    "MatchStar": ("`*` in a `match`", "write `if` with `len(..)` and slices"),
    "Nonlocal": ("`nonlocal`", "pass the value as an argument and return the new one"),
    "ParamSpec": ("a parameter of a type", "write the types that are meant"),
    "Pow": ("`**` other than a whole power of at most 8", "write the product, or put it into a function with `@xcs.op(effect=\"pure\")`"),
    "RShift": ("`>>`", "divide by a power of two with `//`"),
    "Set": ("a set outside `x in {..}`", "write a list; `list(dict.fromkeys(xs))` has each element once, in order"),
    "SetComp": ("a set", "write a list; `list(dict.fromkeys(xs))` has each element once, in order"),
    "Starred": ("`*` in this place", "write the elements, or join lists with `+`"),
    "Slice": ("a slice that is stored in or deleted", "build the list anew: `xs = xs[:i] + ys + xs[j:]`"),
    "TemplateStr": ("a t-string", "write an f-string"),
    "Interpolation": ("a t-string", "write an f-string"),
    "TryStar": ("`except*`", "write `except`"),
    "TypeAlias": ("a `type` statement in a function", "put it at the top of the module"),
    "TypeVar": ("a parameter of a type", "write the types that are meant"),
    "TypeVarTuple": ("a parameter of a type", "write the types that are meant"),
    "With": ("`with`", "call the function directly: a plan has no handlers to enter. Files are read by a function with `@xcs.op(effect=\"read(files)\")`"),
    "Yield": ("`yield`", "collect the values in a list and return it"),
    "YieldFrom": ("`yield from`", "collect the values in a list and return it"),
}


class Source:
    """The file of a function, for places in it."""

    def __init__(self, path, module):
        self.path, self.module = path, module


def place(source, node):
    return source.path, getattr(node, "lineno", 0), getattr(node, "col_offset", 0)


def refused(source, node, what, write=None):
    """The error for a construct: `what` it is, and what to `write` in its place."""
    path, line, column = place(source, node)
    text = linecache.getline(path, line).rstrip("\n")
    column = len(text.encode()[:column].decode(errors="replace"))
    end = getattr(node, "end_col_offset", None)
    width = len(text.encode()[:end].decode(errors="replace")) - column if getattr(node, "end_lineno", line) == line and end else len(text) - column
    message = f"{path}:{line}:{column + 1}: error: {what}" + (f"; {write}" if write else "") + " [no-form]"
    if text:
        message += f"\n{text}\n{' ' * column}^{'~' * (max(width, 1) - 1)}"
    error = NoForm(message)
    error.origin = path, line
    return error


def without_form(source, node, kind=None):
    """The error for a node class of the table; an operator is of another `kind` than the node that has its place."""
    what, write = REMEDIES[type(kind if kind is not None else node).__name__]
    return refused(source, node, f"{what} has no form in a plan", write)
