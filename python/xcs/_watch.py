"""A copy of a function that tells a profile what it does. It runs plainly: the same answers, effects and failures, one call after the other."""

from __future__ import annotations

import ast
import json
import time
import types

from ._profile import key

SEEN = "__xcs_seen"
# What looks at the variables of its caller would see that there is one more.
LOOKS = frozenset({"locals", "vars", "dir", "eval", "exec", "super", "__class__"})


class Seen:
    """What the copy calls."""

    def __init__(self, profile):
        self.profile = profile

    def trips(self, place, iterable):
        count = 0
        try:
            for x in iterable:
                count += 1
                yield x
        finally:
            self.profile.saw_trips(place, count)

    def branch(self, place, test):
        taken = bool(test)
        self.profile.saw_branch(place, taken)
        return taken

    @staticmethod
    def start(base, name=None):
        """What is called: `base`, or `name` of the module `base`. Other objects may notice that they are asked for an attribute twice."""
        function = base if name is None else vars(base).get(name) if type(base) is types.ModuleType else None
        return function, time.perf_counter()

    def end(self, place, started, result):
        function, since = started
        self.profile.saw_call(place, time.perf_counter() - since, len(result) if type(result) is str else 0)
        if function is json.loads:
            self.profile.saw_json(place, result)
        return result


class _Marker(ast.NodeTransformer):
    def __init__(self, first):
        self.first = first

    def _ask(self, node, what, *args):
        call = ast.Call(ast.Attribute(ast.Name(SEEN, ast.Load()), what, ast.Load()), [ast.Constant(key(node, self.first)), *args], [])
        return call

    def visit_FunctionDef(self, node):
        return node  # what is defined in it is not watched

    visit_AsyncFunctionDef = visit_ClassDef = visit_Lambda = visit_FunctionDef
    visit_GeneratorExp = visit_FunctionDef

    def _test(self, node):
        self.generic_visit(node)
        node.test = ast.copy_location(self._ask(node, "branch", node.test), node.test)
        return node

    visit_If = visit_IfExp = visit_While = _test

    def visit_For(self, node):
        self.generic_visit(node)
        node.iter = ast.copy_location(self._ask(node, "trips", node.iter), node.iter)
        return node

    def visit_ListComp(self, node):
        self.generic_visit(node)
        first = node.generators[0]
        if not first.is_async:
            first.iter = ast.copy_location(self._ask(node, "trips", first.iter), first.iter)
        return node

    visit_SetComp = visit_ListComp

    def visit_Call(self, node):
        """`f(x)` becomes `seen.end(place, seen.start(f), f(x))`, `m.f(x)` the same with `seen.start(m, "f")`."""
        self.generic_visit(node)
        if isinstance(node.func, ast.Name):
            looked = [ast.Name(node.func.id, ast.Load())]
        elif isinstance(node.func, ast.Attribute) and isinstance(node.func.value, ast.Name):
            looked = [ast.Name(node.func.value.id, ast.Load()), ast.Constant(node.func.attr)]
        else:
            return node
        started = ast.Call(ast.Attribute(ast.Name(SEEN, ast.Load()), "start", ast.Load()), looked, [])
        return ast.copy_location(self._ask(node, "end", started, node), node)


def _names(node):
    """All words in a function that may be names."""
    for n in ast.walk(node):
        for field in ("id", "attr", "arg", "name"):
            if isinstance(found := getattr(n, field, None), str):
                yield found


def watched(function, node, path, profile):
    """The copy of a function whose syntax is `node`; None where it cannot be watched unseen."""
    names = set(_names(node))
    kinds = (ast.Yield, ast.YieldFrom, ast.Await, ast.Nonlocal, ast.NamedExpr)
    if any(n.startswith("__") and not n.endswith("__") for n in names) or getattr(node, "type_params", None):
        return None  # names of a class, which are other ones outside of it
    if names & LOOKS or any(isinstance(n, kinds) for n in ast.walk(node)) or isinstance(node, ast.AsyncFunctionDef):
        return None
    import copy

    marker = _Marker(node.lineno)
    copied = copy.deepcopy(node)
    copied.decorator_list, copied.returns = [], None
    for a in ast.walk(copied.args):
        if isinstance(a, ast.arg):
            a.annotation = None
    copied.args.defaults = [ast.copy_location(ast.Constant(None), d) for d in copied.args.defaults]
    copied.args.kw_defaults = [d and ast.copy_location(ast.Constant(None), d) for d in copied.args.kw_defaults]
    copied.body = [marker.visit(s) for s in copied.body]
    free = [*function.__code__.co_freevars, SEEN]
    arguments = ast.arguments([], [ast.arg(n) for n in free], None, [], [], None, [])
    own = [] if node.name in free else [ast.Global([node.name])]  # it is never run: the name stays what it is
    factory = ast.FunctionDef("__xcs_factory", arguments, [*own, copied], [], None)
    ast.copy_location(factory, node)
    module = ast.fix_missing_locations(ast.Module([factory], []))
    outer = next(c for c in compile(module, path, "exec", dont_inherit=True, flags=function.__code__.co_flags & _FUTURES).co_consts if isinstance(c, types.CodeType))
    code = next(c for c in outer.co_consts if isinstance(c, types.CodeType) and c.co_name == node.name)
    cells = dict(zip(function.__code__.co_freevars, function.__closure__ or ())) | {SEEN: types.CellType(Seen(profile))}
    made = types.FunctionType(code, function.__globals__, function.__name__, function.__defaults__, tuple(cells[n] for n in code.co_freevars))
    made.__kwdefaults__ = function.__kwdefaults__
    return made


_FUTURES = 0
for _name in __import__("__future__").all_feature_names:
    _FUTURES |= getattr(__import__("__future__"), _name).compiler_flag
