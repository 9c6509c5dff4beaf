"""What a module's text says about its names: which functions it has, and calls of which names may begin a deferred call.

Names are enough here: a call that is missed is made at once, in the program's order, and one too many costs a little time.
"""

from __future__ import annotations

import ast
import contextlib
import sys
import warnings

from ._trees import walk

_modules = {}  # file -> Module
asked = {}  # name of a module -> whether it was loaded when the analysis asked


class Module:
    def __init__(self, tree, resolve=lambda name: None):
        self.tree, self.resolve = tree, resolve
        self.functions = {}  # name -> definitions at the top
        self.methods = {}  # name -> definitions within classes
        self.classes = {}  # name -> definition
        self.imports = {}  # name -> (module, name in it or None)
        self.assigned = {}  # name at the top -> values assigned to it
        self.nodes = walk(tree)
        self.attributes = {}  # name -> values assigned to attributes of that name, in classes and out of them
        self._collect()
        self.others = None
        self.births = self._births()

    def _collect(self):
        for node in self.nodes:
            if isinstance(node, ast.Import):
                for a in node.names:
                    self.imports[a.asname or a.name.split(".")[0]] = (a.name if a.asname else a.name.split(".")[0], None)
            elif isinstance(node, ast.ImportFrom):
                for a in node.names:
                    self.imports[a.asname or a.name] = ("." * node.level + (node.module or ""), a.name)
            elif isinstance(node, ast.ClassDef):
                self.classes.setdefault(node.name, []).append(node)
                for f in node.body:
                    if isinstance(f, (ast.FunctionDef, ast.AsyncFunctionDef)):
                        self.methods.setdefault(f.name, []).append(f)
                    elif isinstance(f, (ast.Assign, ast.AnnAssign)):
                        for t in f.targets if isinstance(f, ast.Assign) else [f.target]:
                            if isinstance(t, ast.Name):
                                self.attributes.setdefault(t.id, []).append(f.value)
            elif isinstance(node, (ast.Assign, ast.AnnAssign)):
                for t in node.targets if isinstance(node, ast.Assign) else [node.target]:
                    if isinstance(t, ast.Attribute):
                        self.attributes.setdefault(t.attr, []).append(node.value)
        for node in self.tree.body:
            self._top(node)

    def _top(self, node):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            self.functions.setdefault(node.name, []).append(node)
        elif isinstance(node, (ast.Assign, ast.AnnAssign)):
            for t in node.targets if isinstance(node, ast.Assign) else [node.target]:
                for n in walk(t):
                    if isinstance(n, ast.Name):
                        self.assigned.setdefault(n.id, []).append(node.value)
        elif isinstance(node, (ast.If, ast.Try, ast.With, ast.For, ast.While)):
            for part in ("body", "orelse", "finalbody"):
                for s in getattr(node, part, ()):
                    self._top(s)
            for h in getattr(node, "handlers", ()):
                for s in h.body:
                    self._top(s)
            for n in walk(node):
                if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store):
                    self.assigned.setdefault(n.id, []).append(None)
        elif isinstance(node, ast.AugAssign) and isinstance(node.target, ast.Name):
            self.assigned.setdefault(node.target.id, []).append(None)

    def imported(self):
        """The modules that are converted too and that this one imports."""
        if self.others is None:
            self.others = {}
            for module, name in list(self.imports.values()):
                for candidate in (module, f"{module}.{name}" if name else None):
                    if candidate and candidate not in self.others:
                        found = self.resolve(candidate)
                        if found is not None:
                            self.others[candidate] = found
        return self.others

    def _births(self):
        births = set()
        for module in self.imported().values():
            births |= module.births
        for name, values in self.assigned.items():
            if any(_is_model(v) or is_method(v) for v in values):
                births.add(name)
        calls = {}  # name of a function -> names that it calls
        for node in self.nodes:
            if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
                names = calls.setdefault(node.name, set())
                names |= _called(node)
                if any(_is_operation(d) for d in node.decorator_list):
                    births.add(node.name)
            elif isinstance(node, ast.Assign) and isinstance(node.value, (ast.Lambda, ast.Call)):
                for t in node.targets:
                    if isinstance(t, ast.Name):
                        calls.setdefault(t.id, set()).update(_called(node.value) if isinstance(node.value, ast.Lambda) else ())
        for name, definitions in self.classes.items():
            made = calls.setdefault(name, set())
            for d in definitions:
                if any(isinstance(f, ast.FunctionDef) and f.name in ("__init__", "__post_init__") for f in d.body):
                    for f in d.body:
                        if isinstance(f, ast.FunctionDef) and f.name in ("__init__", "__post_init__"):
                            made |= _called(f)
        births.add("")  # what a call of an interface of a model is written as
        changed = True
        while changed:
            changed = False
            for name, called in calls.items():
                if name not in births and called & births:
                    births.add(name)
                    changed = True
        self.passed = any(
            isinstance(n, ast.Name) and isinstance(n.ctx, ast.Load) and n.id in births and not self._is_callee(n) for n in self.nodes
        ) or any(m.passed for m in self.imported().values())
        self.passed = self.passed or any(isinstance(n, ast.Lambda) and _called(n) & births for n in self.nodes)
        self.passed = self.passed or any("__call__" == name and called & births for name, called in calls.items())
        return births

    def _is_callee(self, name):
        if not hasattr(self, "_callees"):
            self._callees = {id(n.func) for n in self.nodes if isinstance(n, ast.Call)}
        return id(name) in self._callees

    def may_begin(self, call):
        """Whether a call may begin a deferred one, as far as its text says."""
        name = callee(call)
        if name in self.births:
            return True
        if not self.passed:
            return False
        f = call.func
        if isinstance(f, ast.Name):
            known = f.id in self.functions or f.id in self.classes or f.id in self.imports or f.id in BUILTINS
            return not known
        return not isinstance(f, ast.Attribute)


def callee(call):
    """The last name of what is called; the empty one for what looks like a call of a model."""
    f = call.func
    if isinstance(f, (ast.Attribute, ast.Name)):
        name = f.attr if isinstance(f, ast.Attribute) else f.id
        if name == "create" or {k.arg for k in call.keywords} >= {"model", "messages"}:
            return "" if any(k.arg in (None, "model", "messages", "input") for k in call.keywords) else name
        return name
    return None


def _called(node):
    return {callee(n) for n in walk(node) if isinstance(n, ast.Call)} - {None}


def _is_operation(decorator):
    f = decorator.func if isinstance(decorator, ast.Call) else decorator
    return isinstance(f, ast.Attribute) and f.attr == "op" or isinstance(f, ast.Name) and f.id == "op"


def is_method(value):
    """Whether it is a `create` of something, under another name."""
    return isinstance(value, ast.Attribute) and value.attr == "create"


def _is_model(value):
    return isinstance(value, ast.Call) and isinstance(value.func, ast.Attribute) and value.func.attr == "model" and isinstance(
        value.func.value, ast.Name) and value.func.value.id == "xcs"  # fmt: skip


BUILTINS = frozenset(dir(__builtins__) if not isinstance(__builtins__, dict) else __builtins__)


@contextlib.contextmanager
def unwarned():
    """Warnings of the compiler about a text that plain Python compiles, too, and warns about.

    Not by `warnings.catch_warnings`: it makes every module forget which of its warnings were shown.
    """
    ignored = ("ignore", None, Warning, None, 0)
    warnings.filters.insert(0, ignored)
    try:
        yield
    finally:
        warnings.filters.remove(ignored)


def parsed(source, path):
    with unwarned():
        return ast.parse(source, path)


def is_loaded(name):
    return asked.setdefault(name, name in sys.modules)


def of_file(path, source, resolver, importer):
    """The module of a file, read once. `resolver(importer)` says what its imports mean."""
    if path not in _modules:
        _modules[path] = None  # a cycle of imports: what it has is not known yet
        try:
            tree = parsed(source, path)
        except (SyntaxError, ValueError):
            return None
        _modules[path] = Module(tree, resolver(importer))
    return _modules[path]
