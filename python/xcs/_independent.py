"""Whether the iterations of a `for` can see one another. Only what is known to be harmless is let through; the rest keeps the loop in order.

Allowed in an iteration: names of its own, assigned before they are read; calls that change nothing shared, followed through the converted
modules; `append` to a list and `d[key] = value` that nothing else in the loop reads.
"""

from __future__ import annotations

import ast

from . import _harmless, _names
from ._names import BUILTINS, callee, is_method
from ._reads import read_after, stored
from ._trees import children, walk


class Seen(Exception):
    """Why iterations may see one another."""

    def __init__(self, why, node):
        super().__init__(why)
        self.why, self.line = why, getattr(node, "lineno", 0)


TEXT_METHODS = frozenset(n for n in dir(str) if not n.startswith("_"))
READING = frozenset("items keys values copy index count group groups groupdict findall match search fullmatch finditer".split())
CHANGING = frozenset("append extend insert update add setdefault sort reverse remove discard pop clear".split())
PURE = frozenset(
    "abs all any ascii bin bool bytes chr complex dict divmod enumerate filter float format frozenset hash hex int isinstance issubclass iter "
    "len list map max min oct ord pow print range repr reversed round set slice sorted str sum tuple type zip id callable".split()
)
ERRORS = frozenset(n for n in BUILTINS if isinstance(__builtins__.get(n) if isinstance(__builtins__, dict) else getattr(__builtins__, n, None), type)
                   and issubclass(__builtins__[n] if isinstance(__builtins__, dict) else getattr(__builtins__, n), BaseException))  # fmt: skip
LOGGING = frozenset("debug info warning error exception critical log".split())
READING_FILES = frozenset("read readline readlines".split())
TAKING = frozenset("map filter sorted min max".split())
_SCOPES = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda, ast.ClassDef)


def analyse(loop, scope, module, top, kept=None):
    """The sinks of a loop: names of lists and dictionaries, with which of the two each is used as. Raises `Seen`.

    `kept`: the loop is at the top of a notebook's cell, before which there were these names, and binds its own as plain Python does.
    """
    if loop.orelse:
        raise Seen("it has an `else`", loop)
    if kept is not None:
        keeps_names(loop, kept)
    check = _Iteration(loop, scope, module, top)
    check.kept = kept is not None
    check.run()
    return check.sinks


def keeps_names(loop, before):
    """Raises `Seen` where an iteration takes away a name that was there before it."""
    for n in walk(loop):
        if isinstance(n, ast.Delete) and any(isinstance(t, ast.Name) for t in n.targets):
            raise Seen("a name is deleted in it", n)
        if isinstance(n, ast.ExceptHandler) and n.name in before:
            raise Seen(f"`{n.name}` is gone after it", n)


class _Checker:
    """What the body of an iteration and that of a function that it calls have in common."""

    def __init__(self, module, top):
        self.module, self.top = module, top
        self.local, self.fresh, self.calls = set(), set(), 0
        self.shared_sinks = frozenset()
        self.files = set()  # names of files that a `with` has opened to read

    def with_files(self, s):
        """A `with` over files that are read."""
        for i in s.items:
            if not (_reading(i.context_expr) and isinstance(i.optional_vars, (ast.Name, type(None)))):
                raise Seen("has a `with` over something else than a file that is read", s)
            if i.optional_vars is not None:
                self.files.add(i.optional_vars.id)

    def definitions(self, name):
        """The functions of that name, in this module and those that it imports; None when it is something else."""
        if name in self.module.assigned or name in self.module.classes and name in self.module.functions:
            return None
        if name in self.module.functions:
            return [(f, self.module) for f in self.module.functions[name]]
        if name in self.module.imports:
            source, original = self.module.imports[name]
            other = self.module.imported().get(source)
            if other is not None and original in other.functions and original not in other.assigned:
                return [(f, other) for f in other.functions[original]]
        return None

    def class_of(self, name):
        if name in self.module.classes and name not in self.module.assigned and name not in self.module.functions:
            return [(c, self.module) for c in self.module.classes[name]]
        if name in self.module.imports:
            source, original = self.module.imports[name]
            other = self.module.imported().get(source)
            if other is not None and original in other.classes and original not in other.assigned:
                return [(c, other) for c in other.classes[original]]
        return None

    def all_modules(self):
        found, todo = {}, [self.module]
        while todo:
            m = todo.pop()
            if id(m) not in found:
                found[id(m)] = m
                todo += m.imported().values()
        return list(found.values())

    def expression(self, node):
        """Checks an expression for what it calls and changes."""
        todo = [node]
        while todo:
            n = todo.pop()
            if isinstance(n, (ast.Yield, ast.YieldFrom, ast.Await)):
                raise Seen("it yields or awaits", n)
            if isinstance(n, ast.NamedExpr) and not self.may_name(n):
                raise Seen("`:=` in it", n)
            if isinstance(n, ast.comprehension) and n.is_async:
                raise Seen("it awaits", n)
            if isinstance(n, ast.Call):
                self.call(n)
            elif isinstance(n, ast.Attribute):
                self.attribute(n)
            elif isinstance(n, ast.Name) and n.id in self.shared_sinks:
                raise Seen(f"`{n.id}` is read in it", n)
            todo += children(n)

    def may_name(self, node):
        return False

    def attribute(self, node):
        for m in self.all_modules():
            for f in m.methods.get(node.attr, ()):
                if any(isinstance(d, ast.Name) and d.id in ("property", "cached_property") or isinstance(d, ast.Attribute) for d in f.decorator_list):
                    self.follow(f, m, node, decorated=True)

    def call(self, n):
        f = n.func
        renamed = isinstance(f, ast.Name) and self.module.assigned.get(f.id)
        if (callee(n) == "" or renamed and all(map(is_method, renamed))) and self.of_client(f, n):
            self.calls += 1
            return
        if isinstance(f, ast.Name):
            return self.call_name(f.id, n)
        if isinstance(f, ast.Attribute):
            return self.call_attribute(f, n)
        raise Seen("it calls what an expression gives", n)

    def of_client(self, f, n):
        """Whether what is written as a call of a model's interface is one, as far as the program defines nothing else of that name."""
        if isinstance(f, ast.Name):
            return f.id not in self.local and all(map(is_method, self.module.assigned.get(f.id, ()))) and not (
                f.id in self.module.functions or f.id in self.module.classes or f.id in self.module.imports)  # fmt: skip
        modules = self.all_modules()
        if isinstance(f.value, ast.Name) and f.value.id in self.module.imports:
            source, original = self.module.imports[f.value.id]
            if self.module.imported().get(source if original is None else f"{source}.{original}") is not None:
                return False
        for m in modules:
            if not all(map(is_method, m.attributes.get(f.attr, ()))):
                raise Seen(f".{f.attr}() is not known when the loop is converted", n)
            for g in m.methods.get(f.attr, ()):
                self.follow(g, m, n)
        return True

    def call_name(self, name, n):
        if name in self.local:
            raise Seen(f"`{name}` is not known when the loop is converted", n)
        found = self.definitions(name)
        if found is not None:
            for f, m in found:
                self.follow(f, m, n)
            return
        classes = self.class_of(name)
        if classes is not None:
            for c, m in classes:
                self.follow_class(c, m, n)
            return
        if name in self.module.births and self._is_model(name):
            self.calls += 1
            return
        if name in self.module.imports and not self.redefined(name):
            source, original = self.module.imports[name]
            if source == "os.path" or source == "pathlib" and original in ("Path", "PurePath"):
                return
            if source in _harmless.MODULES and original and (source, original) not in _harmless.NOT and source != "random":
                return self.callbacks(n)
            raise Seen(f"{name}() is not converted: it may change what others see", n)
        if name in self.module.assigned or name in self.module.functions or name in self.module.classes:
            raise Seen(f"`{name}` is not one function", n)
        if "*" in self.module.imports:
            raise Seen(f"`{name}` may come from `import *`", n)
        if name in PURE:
            if name in TAKING:
                self.callbacks(n)
            return
        if name in ERRORS:
            return
        if name == "open" and _reading(n):
            return
        raise Seen(f"{name}() may change what others see", n)

    def _is_model(self, name):
        from ._names import _is_model

        values = self.module.assigned.get(name)
        return bool(values) and all(_is_model(v) for v in values)

    def callbacks(self, n):
        """Functions given to a builtin are called by it."""
        given = [k.value for k in n.keywords if k.arg in ("key", "default", "repl")]
        for a in (*n.args, *given):
            if isinstance(a, ast.Name):
                found = self.definitions(a.id)
                for f, m in found or ():
                    self.follow(f, m, n)
                if found is None and (a.id in self.local or a.id in self.module.assigned) and callee(n) in ("map", "filter") and a is n.args[0]:
                    raise Seen(f"`{a.id}` is not known when the loop is converted", n)
        for k in n.keywords:
            if k.arg == "key" and not isinstance(k.value, ast.Lambda) and not (
                isinstance(k.value, ast.Name) and (self.definitions(k.value.id) or k.value.id in PURE and k.value.id not in self.local)
                or isinstance(k.value, ast.Attribute) and isinstance(k.value.value, ast.Name) and k.value.value.id == "str"
            ):
                raise Seen("its key function is not known", n)

    def call_attribute(self, f, n):
        name, base = f.attr, f.value
        if isinstance(base, ast.Name) and base.id not in self.local and base.id in self.module.imports and not self.redefined(base.id):
            source, original = self.module.imports[base.id]
            whole = source if original is None else f"{source}.{original}"
            other = self.module.imported().get(whole)
            if other is not None:
                if name in other.functions and name not in other.assigned:
                    for g in other.functions[name]:
                        self.follow(g, other, n)
                    return
                raise Seen(f"{base.id}.{name}() is not one function", n)
            if whole in _harmless.MODULES and (whole, name) not in _harmless.NOT and whole != "random":
                return self.callbacks(n)
            if whole == "os.path" or whole == "pathlib" and name in ("Path", "PurePath") or whole == "os" and name in ("getenv", "listdir"):
                return
            if whole == "logging" and name in LOGGING and self.plain_logging():
                return
            if original is None or _names.is_loaded(whole):
                raise Seen(f"{base.id}.{name}() is not converted: it may change what others see", n)
        if name in LOGGING and isinstance(base, ast.Name) and self.is_logger(base.id) and self.plain_logging():
            return
        if isinstance(base, ast.Attribute) and ast.unparse(base) == "os.path" and self.module.imports.get("os") == ("os", None):
            return
        defined = [(g, m) for m in self.all_modules() for g in m.methods.get(name, ())]
        for g, m in defined:
            self.follow(g, m, n)
        if name in CHANGING and isinstance(base, ast.Name) and base.id in self.fresh:
            return
        if defined:
            return
        if name in TEXT_METHODS or name in READING or name == "get" and n.args:
            return
        if name in _harmless.READING_PATHS or name in READING_FILES and (isinstance(base, ast.Name) and base.id in self.files or _reading(base)):
            return
        if name == "open" and _reading(n, 0):
            return
        raise Seen(f".{name}() may change what others see", n)

    def redefined(self, name):
        """Whether a name at the top of the module is more than what is imported."""
        return name in self.module.assigned or name in self.module.classes or name in self.module.functions

    def is_logger(self, name):
        values = self.module.assigned.get(name)
        return bool(values) and name not in self.local and all(
            isinstance(v, ast.Call) and isinstance(v.func, (ast.Attribute, ast.Name)) and ast.unparse(v.func) in ("logging.getLogger", "getLogger")
            for v in values
        )

    def plain_logging(self):
        return not any(
            isinstance(b, (ast.Name, ast.Attribute)) and ast.unparse(b).split(".")[-1].endswith(("Handler", "Filter", "Formatter", "Adapter"))
            for m in self.all_modules() for cs in m.classes.values() for c in cs for b in c.bases
        )  # fmt: skip

    def follow(self, function, module, at, decorated=False):
        key = id(function)
        if key in self.top.clear:
            self.calls += self.top.clear[key]
            return
        if key in self.top.open:
            return
        self.top.open.add(key)
        try:
            inner = _Function(function, module, self.top)
            inner.run(decorated)
            self.top.clear[key] = inner.calls
            self.calls += inner.calls
        except Seen as e:
            if isinstance(at, ast.AST) and not e.why.startswith(("calls ", function.name)):
                raise Seen(f"{function.name}() {e.why} (line {e.line})", at) from None
            raise
        finally:
            self.top.open.discard(key)

    def follow_class(self, c, module, at):
        for b in c.bases:
            name = b.id if isinstance(b, ast.Name) else None
            if name is None or name not in ERRORS | {"object"} and name not in module.classes:
                raise Seen(f"{c.name}() has a base that is not known", at)
            if name in module.classes:
                for d in module.classes[name]:
                    if d is not c:
                        self.follow_class(d, module, at)
        if c.keywords or any(ast.unparse(d).split("(")[0].split(".")[-1] != "dataclass" for d in c.decorator_list):
            raise Seen(f"{c.name} has a metaclass or a decorator that is not known", at)
        for f in c.body:
            if isinstance(f, ast.FunctionDef) and f.name in ("__init__", "__post_init__", "__new__", "__setattr__", "__del__"):
                if f.name in ("__new__", "__setattr__", "__del__"):
                    raise Seen(f"{c.name} defines {f.name}", at)
                self.follow(f, module, at)

    def statement_exprs(self, s):
        for field, value in ast.iter_fields(s):
            for v in value if isinstance(value, list) else [value]:
                if isinstance(v, ast.expr):
                    yield v


class Top:
    """What one analysis knows of functions that it has followed."""

    def __init__(self, sinks=frozenset()):
        self.clear, self.open, self.sinks = {}, set(), sinks
        self.dunders = {}


class _Function(_Checker):
    """A function that an iteration calls: it may change only what it has made itself."""

    def __init__(self, node, module, top):
        super().__init__(module, top)
        self.node = node
        args = node.args
        self.params = {a.arg for a in (*args.posonlyargs, *args.args, *args.kwonlyargs, args.vararg, args.kwarg) if a}
        self.local = self.params | stored(node.body)
        self.fresh = self._fresh()
        self.own_self = args.args[0].arg if node.name in ("__init__", "__post_init__") and args.args else None
        self.shared_sinks = frozenset(top.sinks) - self.local

    def _fresh(self):
        """Local names that only ever hold what the function has made."""
        values = {}
        for n in walk(self.node):
            if isinstance(n, ast.Assign):
                for t in n.targets:
                    for m in walk(t):
                        if isinstance(m, ast.Name) and isinstance(m.ctx, ast.Store):
                            values.setdefault(m.id, []).append(n.value if m is t else None)
            elif isinstance(n, ast.AnnAssign) and isinstance(n.target, ast.Name):
                values.setdefault(n.target.id, []).append(n.value)
            elif isinstance(n, (ast.For, ast.comprehension, ast.NamedExpr, ast.withitem)):
                target = n.optional_vars if isinstance(n, ast.withitem) else n.target
                for m in walk(target) if target is not None else ():
                    if isinstance(m, ast.Name):
                        values.setdefault(m.id, []).append(None)
        return {name for name, vs in values.items() if name not in self.params and all(_is_fresh(v) for v in vs)}

    def may_name(self, node):
        return True

    def run(self, decorated):
        if not decorated and any(ast.unparse(d).split(".")[-1] not in ("staticmethod", "classmethod") for d in self.node.decorator_list):
            if not any(_operation_effect(d) for d in self.node.decorator_list):
                raise Seen(f"{self.node.name} has a decorator that is not known", self.node)
            self.calls += 1
            return
        if isinstance(self.node, ast.AsyncFunctionDef):
            raise Seen("is asynchronous", self.node)
        for n in walk(self.node):
            if isinstance(n, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)) and n is not self.node:
                raise Seen("defines a function", n)
        for s in self.node.body:
            self.statement(s)

    def statement(self, s):
        if isinstance(s, (ast.Global, ast.Nonlocal)):
            raise Seen(f"changes `{s.names[0]}`", s)
        if isinstance(s, ast.With):
            self.with_files(s)
            for i in s.items:
                self.expression(i.context_expr)
        if isinstance(s, (ast.AsyncWith, ast.AsyncFor, ast.Match, ast.ClassDef, ast.FunctionDef)):
            raise Seen("has a statement that is not known", s)
        if isinstance(s, (ast.Import, ast.ImportFrom)):
            names = [a.name for a in s.names] if isinstance(s, ast.Import) else [s.module or ""]
            if not all(n in _harmless.MODULES for n in names):
                raise Seen("imports", s)
            return
        if isinstance(s, ast.AugAssign) and not (isinstance(s.target, ast.Name) and s.target.id in self.fresh):
            self.target(s.target, s)
            if isinstance(s.target, ast.Name):
                raise Seen(f"changes `{ast.unparse(s.target)}`", s)
        if isinstance(s, (ast.Assign, ast.AnnAssign, ast.For)):
            for t in s.targets if isinstance(s, ast.Assign) else [s.target]:
                for n in walk(t):
                    if isinstance(n, (ast.Attribute, ast.Subscript)) and isinstance(n.ctx, ast.Store):
                        self.target(n, s)
        if isinstance(s, ast.Delete):
            for t in s.targets:
                if not isinstance(t, ast.Name):
                    self.target(t, s)
        for e in self.statement_exprs(s):
            self.expression(e)
        for part in ("body", "orelse", "finalbody"):
            for inner in getattr(s, part, ()):
                self.statement(inner)
        for h in getattr(s, "handlers", ()):
            if h.type is not None:
                self.expression(h.type)
            for inner in h.body:
                self.statement(inner)

    def target(self, t, s):
        base = t
        if isinstance(t, ast.Name):
            return
        if isinstance(t, ast.Attribute):
            if isinstance(t.value, ast.Name) and t.value.id == self.own_self:
                return
            raise Seen(f"changes `{ast.unparse(base)}`", s)
        if isinstance(t, ast.Subscript) and isinstance(t.value, ast.Name) and t.value.id in self.fresh:
            return
        raise Seen(f"changes `{ast.unparse(base)}`", s)


def _operation_effect(decorator):
    """Whether `@xcs.op(..)` says that calls of it may run beside one another."""
    if not isinstance(decorator, ast.Call):
        return False
    f = decorator.func
    if not (isinstance(f, ast.Attribute) and f.attr == "op" or isinstance(f, ast.Name) and f.id == "op"):
        return False
    for k in decorator.keywords:
        if k.arg == "effect" and isinstance(k.value, ast.Constant) and isinstance(k.value.value, str):
            return k.value.value in ("pure", "sample") or k.value.value.startswith("read")
    return False


def _reading(call, place=1):
    """Whether a call opens a file to read: `open(path)` or `path.open()`."""
    if not isinstance(call, ast.Call):
        return False
    f = call.func
    if isinstance(f, ast.Attribute) and f.attr == "open":
        place = 0
    elif not (isinstance(f, ast.Name) and f.id == "open"):
        return False
    modes = call.args[place : place + 1] + [k.value for k in call.keywords if k.arg == "mode"]
    named = all(k.arg in ("mode", "encoding", "errors", "newline") for k in call.keywords)
    return named and all(isinstance(m, ast.Constant) and isinstance(m.value, str) and set(m.value) <= set("rbt") for m in modes)


def _is_fresh(v):
    if isinstance(v, (ast.List, ast.Dict, ast.Set, ast.ListComp, ast.SetComp, ast.DictComp, ast.Constant, ast.JoinedStr)):
        return True
    if isinstance(v, ast.BinOp):
        return _is_fresh(v.left) or _is_fresh(v.right) if isinstance(v.op, ast.Add) else isinstance(v.op, ast.Mult) and (_is_fresh(v.left) or _is_fresh(v.right))
    return isinstance(v, ast.Call) and isinstance(v.func, ast.Name) and v.func.id in ("list", "dict", "set", "sorted", "str", "int", "float", "len", "sum", "bool", "abs", "round")  # fmt: skip


class _Iteration(_Checker):
    def __init__(self, loop, scope, module, top):
        self.loop, self.scope, self.at_top = loop, scope, top
        super().__init__(module, Top())
        self.sinks = {}
        self.own = stored(loop.body) | stored([loop.target])
        self.scope_names = set()
        if not top:
            args = scope.args
            self.scope_names = stored(scope.body) | {
                a.arg for a in (*args.posonlyargs, *args.args, *args.kwonlyargs, args.vararg, args.kwarg) if a
            }
        self.local = self.own | self.scope_names

    def run(self):
        self._dunders()
        for s in self.loop.body:
            self._sinks(s)
        self.shared_sinks = frozenset(self.sinks)
        self.top.sinks = frozenset(self.sinks)
        for n in walk(self.loop.target):
            if isinstance(n, (ast.Attribute, ast.Subscript)):
                raise Seen("its target is not a name", n)
        self.block(self.loop.body, stored([self.loop.target]))
        if not self.calls:
            raise Seen("", self.loop)
        for n in walk(self.loop.iter):
            if isinstance(n, ast.Name) and n.id in self.sinks:
                raise Seen(f"it goes through `{n.id}`, which it appends to", self.loop)
        self._after()

    def _dunders(self):
        """Operators of the program's own classes must change nothing either."""
        for m in self.all_modules():
            for name, definitions in m.methods.items():
                if name.startswith("__") and name.endswith("__") and name not in (
                    "__init__", "__post_init__", "__enter__", "__exit__", "__aenter__", "__aexit__", "__set_name__", "__init_subclass__",
                    "__class_getitem__"):  # fmt: skip
                    for f in definitions:
                        self.follow(f, m, f)

    def _sinks(self, s):
        for n in walk(s):
            if isinstance(n, ast.Expr) and _is_append(n.value) and n.value.func.value.id not in self.own:
                self._sink(n.value.func.value.id, "list", n)
            elif isinstance(n, ast.Assign) and len(n.targets) == 1 and isinstance(n.targets[0], ast.Subscript):
                t = n.targets[0]
                if isinstance(t.value, ast.Name) and t.value.id not in self.own and not isinstance(t.slice, ast.Slice):
                    self._sink(t.value.id, "dict", n)

    def _sink(self, name, kind, node):
        if self.sinks.setdefault(name, kind) != kind:
            raise Seen(f"`{name}` is used as a list and as a dictionary", node)

    def block(self, statements, assigned):
        """The names that are surely assigned after the statements; None when they do not go on."""
        assigned = set(assigned)
        for s in statements:
            assigned = self.statement(s, assigned)
            if assigned is None:
                return None
        return assigned

    def read(self, node, assigned):
        """Checks an expression, which must read no name of an iteration before it is assigned in it."""
        bound = set()
        for n in walk(node):
            if isinstance(n, ast.comprehension):
                bound |= stored([n.target])
            elif isinstance(n, ast.Lambda):
                raise Seen("a lambda in it may be called later", n)
        for n in walk(node):
            if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Load) and n.id in self.own and n.id not in assigned and n.id not in bound:
                raise Seen(f"`{n.id}` may come from the iteration before", n)
        if bound & (self.own | set(self.sinks)):
            raise Seen("a comprehension in it uses a name of the loop", node)
        if any(isinstance(n, ast.GeneratorExp) for n in walk(node)) and isinstance(node, ast.GeneratorExp):
            raise Seen("a generator in it may be read later", node)
        self.expression(node)

    def statement(self, s, assigned):
        if isinstance(s, ast.Expr) and _is_append(s.value) and s.value.func.value.id in self.sinks:
            self.read(s.value.args[0], assigned)
            return assigned
        if isinstance(s, ast.Expr):
            if isinstance(s.value, (ast.Yield, ast.YieldFrom, ast.Await)):
                raise Seen("it yields or awaits", s)
            self.read(s.value, assigned)
            return assigned
        if isinstance(s, (ast.Assign, ast.AnnAssign)):
            return self._assign(s, assigned)
        if isinstance(s, ast.AugAssign):
            return self._augmented(s, assigned)
        if isinstance(s, (ast.Pass,)):
            return assigned
        if isinstance(s, ast.Continue):
            return None
        if isinstance(s, ast.Raise):
            for e in self.statement_exprs(s):
                self.read(e, assigned)
            return None
        if isinstance(s, ast.Assert):
            for e in self.statement_exprs(s):
                self.read(e, assigned)
            return assigned
        if isinstance(s, ast.If):
            self.read(s.test, assigned)
            branches = [self.block(s.body, assigned), self.block(s.orelse, assigned)]
            branches = [b for b in branches if b is not None]
            return set.intersection(*branches) if branches else None
        if isinstance(s, ast.For):
            return self._inner(s, assigned)
        if isinstance(s, ast.Try):
            return self._try(s, assigned)
        if isinstance(s, ast.With):
            self.with_files(s)
            for i in s.items:
                self.read(i.context_expr, assigned)
            return self.block(s.body, assigned | stored([i.optional_vars for i in s.items if i.optional_vars is not None]))
        words = {ast.Break: "`break`", ast.Return: "`return`", ast.While: "`while`", ast.FunctionDef: "a function defined in it"}
        raise Seen(f"{words.get(type(s), type(s).__name__.lower())} in it", s)

    def _assign(self, s, assigned):
        if s.value is not None:
            self.read(s.value, assigned)
        names = set()
        for t in s.targets if isinstance(s, ast.Assign) else [s.target]:
            if isinstance(t, ast.Subscript) and isinstance(t.value, ast.Name) and self.sinks.get(t.value.id) == "dict":
                self.read(t.slice, assigned)
                continue
            for n in walk(t):
                if isinstance(n, (ast.Attribute, ast.Subscript)):
                    if not (isinstance(n, ast.Subscript) and isinstance(n.value, ast.Name) and self._made(n.value.id)):
                        raise Seen(f"it changes `{ast.unparse(n)}`", s)
                    self.read(n.slice, assigned)
            names |= stored([t])
        return assigned | names

    def _made(self, name):
        """Whether a name of the iteration only holds what the iteration has made."""
        values = []
        for n in walk(self.loop):
            if isinstance(n, ast.Assign):
                for t in n.targets:
                    for m in walk(t):
                        if isinstance(m, ast.Name) and m.id == name and isinstance(m.ctx, ast.Store):
                            values.append(n.value if m is t else None)
            elif isinstance(n, (ast.For, ast.comprehension, ast.NamedExpr)) and name in stored([n.target]):
                values.append(None)
        return name in self.own and bool(values) and all(_is_fresh(v) for v in values)

    def _augmented(self, s, assigned):
        self.read(s.value, assigned)
        if not isinstance(s.target, ast.Name) or s.target.id not in assigned or not self._made(s.target.id):
            raise Seen(f"it changes `{ast.unparse(s.target)}`", s)
        return assigned

    def _inner(self, s, assigned):
        if s.orelse or any(isinstance(n, ast.Break) for n in walk(s)):
            raise Seen("a loop in it has `break` or `else`", s)
        self.read(s.iter, assigned)
        for n in walk(s.target):
            if isinstance(n, (ast.Attribute, ast.Subscript)):
                raise Seen("a target that is not a name", n)
        self.block(s.body, assigned | stored([s.target]))
        return assigned

    def _try(self, s, assigned):
        after = self.block(s.body, assigned)
        if after is not None:
            after = self.block(s.orelse, after)
        ends = [after] if after is not None else []
        for h in s.handlers:
            if h.type is not None:
                self.read(h.type, assigned)
            end = self.block(h.body, assigned | ({h.name} if h.name else set()))
            if end is not None:
                ends.append(end - ({h.name} if h.name else set()))
        result = set.intersection(*ends) if ends else None
        if s.finalbody:
            final = self.block(s.finalbody, assigned)
            if final is None:
                return None
            result = result | final if result is not None else None
        return result

    def call_attribute(self, f, n):
        if f.attr in CHANGING and isinstance(f.value, ast.Name) and self._made(f.value.id):
            return
        super().call_attribute(f, n)

    def _after(self):
        """A name of the loop that is read behind it keeps the value of the last iteration: such a loop stays as it is."""
        for name in self.own:
            if self.at_top and self._read_in_functions(name):
                raise Seen(f"`{name}` is read by a function", self.loop)
            if not self.at_top and self._read_in_closures(name):
                raise Seen(f"`{name}` is read by an inner function", self.loop)
            if not self.kept and read_after(self.scope.body, self.loop, name) == "reads":
                raise Seen(f"`{name}` is read after it", self.loop)
        for n in walk(self.scope if not self.kept else self.loop):
            if isinstance(n, (ast.Global, ast.Nonlocal)) and set(n.names) & self.own:
                raise Seen(f"`{n.names[0]}` belongs to another scope", self.loop)
            if isinstance(n, ast.Call) and isinstance(n.func, ast.Name) and n.func.id in ("globals", "locals", "vars", "dir", "exec", "eval"):
                raise Seen(f"{n.func.id}() can read its names", self.loop)

    def _read_in_functions(self, name):
        for f in walk(self.module.tree):
            if isinstance(f, _SCOPES) and any(isinstance(n, ast.Name) and n.id == name and isinstance(n.ctx, ast.Load) for n in walk(f)):
                if isinstance(f, ast.Lambda) and name in {a.arg for a in f.args.args}:
                    continue
                if isinstance(f, (ast.FunctionDef, ast.AsyncFunctionDef)):
                    own = stored(f.body) | {a.arg for a in (*f.args.posonlyargs, *f.args.args, *f.args.kwonlyargs, f.args.vararg, f.args.kwarg) if a}
                    if name in own and not any(isinstance(n, ast.Global) and name in n.names for n in walk(f)):
                        continue
                    bound = {m for c in walk(f) if isinstance(c, ast.comprehension) for m in stored([c.target])}
                    if name in bound:
                        continue
                if isinstance(f, ast.ClassDef):
                    continue  # its functions are looked at themselves; its own body reads when it is defined
                return True
        return False

    def _read_in_closures(self, name):
        for f in walk(self.scope):
            if isinstance(f, _SCOPES) and f is not self.scope:
                if any(isinstance(n, ast.Name) and n.id == name for n in walk(f)):
                    return True
        return False


def _is_append(e):
    return (
        isinstance(e, ast.Call) and isinstance(e.func, ast.Attribute) and e.func.attr == "append" and isinstance(e.func.value, ast.Name)
        and len(e.args) == 1 and not e.keywords and not isinstance(e.args[0], ast.Starred)
    )  # fmt: skip
