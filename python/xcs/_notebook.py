"""`%load_ext xcs`: the cells that follow are converted as modules are. Each waits at its end for the calls that it made.

A cell is a run of its own. IPython compiles and runs its statements one by one, so each is converted by itself, with what the cells so far say of
names; the frame that runs them is the root. When a call of a statement has failed, plain Python would not have run the statements after it: names
get back what they had before it. Cells with `await` at their top run as they are.
"""

from __future__ import annotations

import ast
import builtins
import os
import sys
import threading

from . import _code, _convert, _guards, _install, _names, _reads, _run, _sweep
from ._state import Path, state
from ._waiting import failed, join, modules, settle

# Threads of these are the notebook's own: they never see a value of the program.
_MACHINERY = frozenset({"IPython", "ipykernel", "jupyter_client", "prompt_toolkit", "tornado", "traitlets", "zmq"})
_TEMPORARY = (_convert.TEMP, _convert.BODY)
_NOTHING = object()
_cells = {}  # id of a shell -> its Cells


def load_ipython_extension(shell):
    """Called by `%load_ext xcs`."""
    if id(shell) not in _cells:
        _install.install_folder(os.getcwd())
        _cells[id(shell)] = Cells(shell)


def unload_ipython_extension(shell):
    """Called by `%unload_ext xcs`: the cells that follow run as they are."""
    cells = _cells.pop(id(shell), None)
    if cells is not None:
        cells.leave()


def running():
    """The notebook that this process runs, or None."""
    ipython = sys.modules.get("IPython")
    return ipython.get_ipython() if ipython is not None else None


class Compiler:
    """IPython's own, and what it compiles is known as converted."""

    def __init__(self, inner):
        self._inner = inner

    def __getattr__(self, name):
        return getattr(self._inner, name)

    def __call__(self, tree, cell, mode):
        with _names.unwarned():
            code = _convert.named(self._inner(tree, cell, mode))
        _guards.register(code)
        return code


class Step:
    """A statement of a cell: what IPython is given in its place, and the names that it may bind."""

    def __init__(self, nodes, mode, bound=()):
        self.nodes, self.mode, self.bound = nodes, mode, bound
        self.before, self.begun = {}, 0  # what the names were bound to before it; how many calls and lines there were at its end


class Cells:
    """The cells of one notebook."""

    def __init__(self, shell):
        self.shell, self.statements = shell, []
        self.run_nodes = shell.run_ast_nodes
        modules.add(shell.user_module.__name__)
        vars(builtins).update(__xcs_shown__=_shown)
        _guards.roots[id(shell.run_code.__func__.__code__)] = True
        shell.run_ast_nodes = self.run

    def leave(self):
        if vars(self.shell).get("run_ast_nodes") == self.run:
            del self.shell.run_ast_nodes

    async def run(self, nodes, cell, interactivity="last_expr", compiler=compile, result=None):
        """In place of the shell's `run_ast_nodes`. Returns whether the cell failed."""
        steps = None
        if nodes and state.path() is None and not any(map(_awaits, nodes)):
            steps = self.converted(list(nodes), cell, interactivity, compiler)
        if steps is None:
            return await self.run_nodes(nodes, cell, interactivity, compiler, result)
        path, show = self.begin(cell), self.shell.showtraceback
        self.shell.showtraceback = lambda *args, **more: self.show(show, result, path, steps, args, more)
        try:
            for step in steps:
                step.before = {n: self.shell.user_ns.get(n, _NOTHING) for n in step.bound}
                if await self.run_nodes(step.nodes, cell, step.mode, Compiler(compiler), result):
                    return True
                step.begun = path.ended + len(path.items)
            return False
        finally:
            del self.shell.showtraceback
            self.end(path)

    def converted(self, nodes, cell, interactivity, compiler):
        """The steps of a cell, or None: the cell cannot be compiled, so IPython shall say so."""
        expression = interactivity != "none" and isinstance(nodes[-1], ast.Expr)
        if interactivity == "last_expr_or_assign" or interactivity == "all" and len(nodes) > 1 or interactivity in ("last", "all") and not expression:
            return None  # IPython displays more than the last expression
        try:
            for node in nodes:
                compiler(ast.Module([node], []), cell, "exec")
        except (SyntaxError, ValueError):
            return None
        self.statements = [s for s in self.statements if not _replaced(s, nodes)] + nodes
        module = _names.Module(ast.Module(self.statements, []), _code.resolver(self.shell.user_module.__name__))
        if any(origin.partition(".")[0] in ("atexit", "weakref") for origin, _ in module.imports.values()) or "__del__" in module.methods:
            state.looks_at_end = True
        work = _convert.Convert(module, kept=frozenset(self.shell.user_ns))
        work.path = cell
        anywhere = {name for n in ast.walk(module.tree) if isinstance(n, ast.Global) for name in n.names}
        steps = [Step(work.statement(n), "none", _reads.stored([n]) | anywhere) for n in nodes]
        if expression:
            shown = _convert.at(_convert.helper("__xcs_shown__", work.both(nodes[-1].value)), nodes[-1])
            steps[-1] = Step([ast.copy_location(ast.Expr(shown), nodes[-1])], "all", steps[-1].bound)
        last = ast.Pass(lineno=nodes[-1].end_lineno, col_offset=0, end_lineno=nodes[-1].end_lineno, end_col_offset=0)
        return [*steps, Step([_convert.at(ast.Expr(_convert.helper("__xcs_j__")), last)], "none")]

    def begin(self, cell):
        me = threading.get_ident()
        state.titles[cell] = _title(self.shell, cell)
        state.hook = self.shell.excepthook
        asyncio = sys.modules.get("asyncio")
        if asyncio is not None:
            state.around[me] = asyncio._get_running_loop()  # the kernel's own: plain Python would keep it waiting, too
        state.beside.update(t.ident for t in threading.enumerate() if _of_notebook(t))
        state.threads.add(me)
        path = state.paths[me] = Path()
        return path

    def end(self, path):
        """What the cell leaves behind is there, and nothing of ours is among its names."""
        _run.leave(path)
        state.around.pop(threading.get_ident(), None)
        for name in _TEMPORARY:
            self.shell.user_ns.pop(name, None)
        _sweep.replace(self.shell.user_ns)

    def show(self, show, result, path, steps, args, more):
        """In place of the shell's `showtraceback`, while a cell runs: what failed first in the order of the program is shown."""
        kind, error, trace = sys.exc_info()
        if args or more.get("exc_tuple") or error is None:
            return show(*args, **more)  # a magic shows what it has caught
        if isinstance(error, KeyboardInterrupt):
            _run.interrupted()
            state.end()
            return show(*args, **more)
        try:
            path.busy = False
            join(path)
        except BaseException as first:
            self.restore(path, steps)
            if first is not error:
                first.__context__ = None
                kind, error, trace = type(first), first, first.__traceback__
                if result is not None:
                    result.error_in_exec = first
        return show((kind, error, _run.shown(error, trace)), **{k: v for k, v in more.items() if k != "exc_tuple"})

    def restore(self, path, steps):
        """Names get back what they were bound to before the statement whose call failed."""
        at = next((i for i, s in enumerate(steps) if s.begun > path.ended), len(steps))
        names = self.shell.user_ns
        for step in reversed(steps[at:]):
            for name, value in step.before.items():
                bind(names, name, value)
        for step in steps[:at]:
            for name in step.bound:  # the statement that failed itself
                if failed(names.get(name)):
                    bind(names, name, step.before.get(name, _NOTHING))


def bind(names, name, value):
    if value is _NOTHING:
        names.pop(name, None)
    else:
        names[name] = value


def _shown(value):
    """The last expression of a cell, which is displayed: what comes before it has happened."""
    join(state.path())
    return settle(value)


def _awaits(node):
    """Whether a statement awaits, outside of functions."""
    todo = [node]
    while todo:
        n = todo.pop()
        if isinstance(n, (ast.Await, ast.AsyncFor, ast.AsyncWith)) or isinstance(n, ast.comprehension) and n.is_async:
            return True
        if not isinstance(n, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)):
            todo += ast.iter_child_nodes(n)
    return False


def _replaced(old, nodes):
    """Whether a later cell defines a function or a class anew."""
    definitions = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
    return isinstance(old, definitions) and any(isinstance(n, definitions) and n.name == old.name for n in nodes)


def _title(shell, cell):
    """How tracebacks name a cell."""
    shown = getattr(shell.compile, "format_code_name", lambda name: None)(cell)
    return " ".join(shown) if shown else os.path.basename(cell)


def _of_notebook(thread):
    places = (type(thread).__module__, getattr(getattr(thread, "_target", None), "__module__", None))
    return any((place or "").partition(".")[0] in _MACHINERY for place in places)
