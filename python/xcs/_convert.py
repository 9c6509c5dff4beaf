"""Conversion of whole modules at import, by their syntax trees; lines and columns stay.

Each statement that could meet a deferred value gets two forms: `if __xcs_idle__: <as it was> else: <deferring form>`. While nothing is deferred
the statement as it was runs, at the price of one test. A statement whose calls may begin a deferred call has the deferring form only.
"""

from __future__ import annotations

import ast
import types

from . import _independent, _names
from ._remarks import remark
from ._trees import NODES, Transformer, at, children, clone, copied, walk

TEMP, IDLE, ITEM, BODY = "__xcs_t__", "__xcs_idle__", "__xcs_item__", "__xcs_iteration__"
LEFT_ALONE = frozenset({"super", "locals", "globals", "vars", "dir", "eval", "exec", "__import__", "breakpoint", "get_ipython"})
READS_NAMES = frozenset({"locals", "vars", "dir", "eval", "exec"})
_SIGNS = {
    ast.Eq: "==", ast.NotEq: "!=", ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">=", ast.Is: "is", ast.IsNot: "is not", ast.In: "in",
    ast.NotIn: "not in", ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/", ast.FloorDiv: "//", ast.Mod: "%", ast.Pow: "**", ast.MatMult: "@",
    ast.BitAnd: "&", ast.BitOr: "|", ast.BitXor: "^", ast.LShift: "<<", ast.RShift: ">>",
}  # fmt: skip
_COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)
_NEVER = (ast.Constant, ast.Compare, ast.ListComp, ast.SetComp, ast.DictComp, ast.Lambda, ast.GeneratorExp)  # are no handles themselves

# What a node has in it: a call that may begin a deferred one, a call that reads names, what has a deferring form of its own, what runs later,
# definitions, declarations of scopes, what suspends its frame, imports.
BEGINS, READS, FORMS, LATER, DEFINES, SCOPES, STOPS, IMPORTS = (1 << i for i in range(8))
_BITS = {
    **dict.fromkeys((ast.Call, ast.JoinedStr, ast.BinOp, ast.Compare, ast.Starred, ast.Subscript, ast.Dict, ast.Set, ast.SetComp, ast.DictComp), FORMS),
    **dict.fromkeys((ast.Lambda, ast.GeneratorExp), LATER),
    **dict.fromkeys((ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef), DEFINES),
    **dict.fromkeys((ast.Global, ast.Nonlocal), SCOPES),
    ast.Yield: STOPS | FORMS, ast.YieldFrom: STOPS, ast.Await: STOPS,
    **dict.fromkeys((ast.Import, ast.ImportFrom), IMPORTS),
}  # fmt: skip


def name(n):
    return ast.Name(n, ast.Load())


def helper(f, *args):
    return ast.Call(name(f), list(args), [])


def maybe(e):
    """Whether an expression may give a handle, or something with one in it."""
    if isinstance(e, (ast.Constant, ast.Compare, ast.Lambda, ast.GeneratorExp)):
        return False
    if isinstance(e, ast.UnaryOp):
        return False
    if isinstance(e, ast.BinOp):
        numbers = any(isinstance(o, ast.Constant) and isinstance(o.value, (int, float, complex)) for o in (e.left, e.right))
        if isinstance(e.op, ast.Mod):
            return not isinstance(e.left, ast.Constant) or isinstance(e.left.value, str)
        return isinstance(e.op, (ast.Add, ast.BitOr)) and not numbers and (maybe(e.left) or maybe(e.right))
    if isinstance(e, (ast.List, ast.Tuple)):
        return any(map(maybe, e.elts))
    if isinstance(e, ast.JoinedStr):
        return any(isinstance(v, ast.FormattedValue) and maybe(v.value) for v in e.values)
    if isinstance(e, ast.Slice):
        return any(maybe(p) for p in (e.lower, e.upper, e.step) if p is not None)
    return True


def shallow(e, what):
    """`e`, waited for, since `what` looks at it."""
    if not maybe(e):
        return e
    if isinstance(e, (ast.List, ast.ListComp)):
        return e
    if isinstance(e, ast.Slice):
        e.lower, e.upper, e.step = [shallow(p, what) if p is not None else None for p in (e.lower, e.upper, e.step)]
        return e
    if isinstance(e, ast.Tuple):
        e.elts = [shallow(p, what) for p in e.elts]
        return e
    return at(helper("__xcs_v__", e, ast.Constant(what)), e)


def deep(e, *what):
    return at(helper("__xcs_y__", e, *map(ast.Constant, what)), e) if maybe(e) else e


def called_at(call):
    """Where the compiler says that a call is: that of a method, in a chain over several lines, at the method's name."""
    f = call.func
    if not isinstance(f, ast.Attribute) or call.lineno == f.end_lineno:
        return call
    if any(isinstance(a, ast.Starred) for a in call.args) or any(k.arg is None for k in call.keywords):
        return call
    if len(call.args) + len(call.keywords) + bool(call.keywords) >= 30 or len(f.attr) > f.end_col_offset:
        return call
    return ast.Pass(lineno=f.end_lineno, col_offset=f.end_col_offset - len(f.attr), end_lineno=call.end_lineno, end_col_offset=f.end_col_offset)


class Deferring(Transformer):
    """The deferring form of expressions. `closed`: no temporary may be kept, so calls give back nothing deferred."""

    def __init__(self, convert, closed=False):
        self.convert, self.closed = convert, closed
        self.changed = False

    def form(self, e):
        return self.visit(clone(e))

    def visit_Call(self, node):
        self.changed = True
        if isinstance(node.func, ast.Name) and node.func.id in LEFT_ALONE:
            node.args = [deep(self.visit(a)) for a in node.args]
            for k in node.keywords:
                k.value = deep(self.visit(k.value))
            if node.func.id == "super":
                return node
            node.func = at(helper("__xcs_e__", node.func), node.func)
            return node
        if isinstance(node.func, ast.Attribute) and node.func.attr == "join" and len(node.args) == 1 and not node.keywords:
            g = node.args[0]
            if isinstance(g, ast.GeneratorExp) and _text(node.func.value):
                node.args[0] = ast.copy_location(ast.ListComp(g.elt, g.generators), g)  # `join` begins by taking all of it
        callee = node.func if isinstance(node.func, ast.Name) else ast.Constant(None)
        self.generic_visit(node)
        for a in node.args:
            if isinstance(a, ast.Starred) and maybe(a.value):
                a.value = at(helper("__xcs_st__", clone(callee), a.value), a.value)
        named = [ast.Constant(k.arg) for k in node.keywords if k.arg is not None]
        for k in node.keywords:
            if k.arg is None:
                k.value = at(helper("__xcs_kw__", clone(callee), k.value, *map(clone, named)), k.value)
        place = called_at(node)
        if self.closed:
            call = ast.Call(name("__xcs_n__"), [node.func, *node.args], node.keywords)
            return at(ast.Call(call, [], []), place)
        prepared = ast.Call(name("__xcs_p__"), [node.func, *node.args], node.keywords)
        test = ast.Call(ast.Attribute(ast.NamedExpr(ast.Name(TEMP, ast.Store()), prepared), "pop", ast.Load()), [], [])
        first = ast.Call(ast.Call(ast.Attribute(name(TEMP), "pop", ast.Load()), [], []), [], [])
        second = ast.Call(ast.Call(ast.Attribute(name(TEMP), "pop", ast.Load()), [ast.Constant(0)], []), [], [])
        return at(ast.IfExp(test, first, second), place)

    def visit_JoinedStr(self, node):
        parts = []
        for v in node.values:
            if isinstance(v, ast.Constant):
                parts.append(v)
            else:
                spec = self.visit(v.format_spec) if v.format_spec else ast.Constant("")
                parts.append(helper("__xcs_fv__", self.visit(v.value), ast.Constant(v.conversion), spec))
        if all(isinstance(p, ast.Constant) for p in parts):
            return node
        self.changed = True
        return at(helper("__xcs_f__", *parts), node)

    def visit_BinOp(self, node):
        self.generic_visit(node)
        if isinstance(node.op, ast.Mod) and maybe(node) and (maybe(node.left) or maybe(node.right)):
            self.changed = True
            return at(helper("__xcs_m__", node.left, node.right), node)
        return node

    def visit_Compare(self, node):
        self.generic_visit(node)
        if any(map(maybe, (node.left, *node.comparators))):
            self.changed = True
            signs = [f"`{_SIGNS[type(o)]}`" for o in node.ops]
            node.left = shallow(node.left, signs[0])
            node.comparators = [
                at(helper("__xcs_u__", c, ast.Constant(s)), c) if isinstance(o, (ast.In, ast.NotIn)) and maybe(c) else shallow(c, s)
                for o, c, s in zip(node.ops, node.comparators, signs)
            ]
        return node

    def visit_Starred(self, node):
        self.generic_visit(node)
        if isinstance(node.ctx, ast.Load) and maybe(node.value):
            self.changed = True
            node.value = at(helper("__xcs_u__", node.value), node.value)
        return node

    def visit_Subscript(self, node):
        self.generic_visit(node)
        if maybe(node.slice):
            self.changed = True
            node.slice = shallow(node.slice, "a subscript")
        return node

    def visit_Dict(self, node):
        self.generic_visit(node)
        if any(k is not None and maybe(k) for k in node.keys):
            self.changed = True
        node.keys = [k if k is None else shallow(k, "a dictionary") for k in node.keys]
        return node

    def visit_Set(self, node):
        self.generic_visit(node)
        self.changed = self.changed or any(map(maybe, node.elts))
        node.elts = [shallow(e, "a set") for e in node.elts]
        return node

    def _comprehension(self, node):
        for g in node.generators:
            g.iter = self._gone_through(g.iter)
            g.target = self.visit(g.target)
            g.ifs = [self.visit(c) for c in g.ifs]
        for part in ("key", "value", "elt"):
            if hasattr(node, part):
                setattr(node, part, self.visit(getattr(node, part)))
        if isinstance(node, ast.SetComp):
            node.elt, self.changed = shallow(node.elt, "a set"), True
        if isinstance(node, ast.DictComp):
            node.key, self.changed = shallow(node.key, "a dictionary"), True
        return node

    visit_ListComp = visit_SetComp = visit_DictComp = _comprehension

    def visit_GeneratorExp(self, node):
        node.generators[0].iter = self._gone_through(node.generators[0].iter)
        return self.convert.generator(node, self.closed)

    def _gone_through(self, e):
        """What a comprehension goes through: no temporary may be assigned in it, in a lambda neither."""
        closed, self.closed = self.closed, True
        self.convert.no_temporary += 1
        e = self.visit(e)
        self.convert.no_temporary -= 1
        self.closed = closed
        return e

    def visit_Lambda(self, node):
        return self.convert.lambda_(node, self)

    def visit_Yield(self, node):
        self.generic_visit(node)
        if node.value is not None and maybe(node.value):
            self.changed = True
            node.value = deep(node.value, "yield")
        return node

    def visit_NamedExpr(self, node):
        return self.generic_visit(node)

    def visit_FormattedValue(self, node):
        return node


def _yields(function):
    """Whether it is a generator: its frame rests between two elements, and much may happen in between."""
    todo = list(function.body)
    while todo:
        n = todo.pop()
        if isinstance(n, (ast.Yield, ast.YieldFrom)):
            return True
        if not isinstance(n, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)):
            todo += children(n)
    return False


def _text(e):
    return isinstance(e, ast.JoinedStr) or isinstance(e, ast.Constant) and isinstance(e.value, str)


class Convert:
    def __init__(self, module, kept=None):
        self.module = module
        self.kept = kept  # of a cell in a notebook: the names before it; later cells may read those that its loops bind
        self.closed = False
        self.scopes = [module.tree]
        self.class_name = []
        self.may_split = True
        self.no_temporary = 0  # how many comprehensions go through what is being converted

    # --- expressions -----------------------------------------------------------------------------------------------------------------------

    def has(self, node):
        """What is in a node, as bits. Found once; a copy of the node has the same."""
        found = node.__dict__.get("_has")
        if found is not None:
            return found
        found, kind = 0, type(node)
        for v in node.__dict__.values():
            if type(v) is list:
                for e in v:
                    if type(e) in NODES:
                        found |= self.has(e)
            elif type(v) in NODES:
                found |= self.has(v)
        found |= _BITS.get(kind, 0)
        if kind is ast.Call:
            if self.module.may_begin(node):
                found |= BEGINS
            if isinstance(node.func, ast.Name) and node.func.id in READS_NAMES:
                found |= READS
        elif kind is ast.Lambda:
            found &= ~BEGINS
        node._has = found
        return found

    def begins(self, node):
        """Whether a call in it, outside of lambdas, may begin a deferred call."""
        return bool(self.has(node) & BEGINS)

    def plain(self, e):
        """An expression as it was, with both forms in what it defines for later."""
        return _Plain(self).visit(clone(e)) if self.has(e) & LATER else e

    def both(self, e, finish=None, closed=None):
        """An expression in both forms. `finish` is put around the deferring one."""
        if e is None:
            return None
        if finish is None and not self.has(e) & FORMS:
            return self.plain(e)
        transform = Deferring(self, (self.closed if closed is None else closed) or self.no_temporary > 0)
        deferring = transform.form(e)
        if finish is not None and maybe(e):
            deferring, transform.changed = finish(deferring), True
        if not transform.changed:
            return self.plain(e)
        if self.begins(e) and not transform.closed:
            return deferring
        return at(ast.IfExp(name(IDLE), self.plain(e), deferring), e)

    def generator(self, node, closed):
        """A generator expression: its parts run later, so each has both forms."""
        for i, g in enumerate(node.generators):
            if i:
                self.no_temporary += 1
                g.iter = self.both(g.iter, closed=True)
                self.no_temporary -= 1
            g.ifs = [self.both(c, closed=closed) for c in g.ifs]
        node.elt = self.both(node.elt, deep if closed else None, closed=closed)
        return node

    def lambda_(self, node, transform=None):
        args = node.args
        visit = transform.visit if transform is not None else _Plain(self).visit
        args.defaults = [visit(d) for d in args.defaults]
        args.kw_defaults = [d if d is None else visit(d) for d in args.kw_defaults]
        node.body = self.both(node.body, lambda e: at(helper("__xcs_r__", e), e), closed=False)
        return node

    # --- statements ------------------------------------------------------------------------------------------------------------------------

    def block(self, statements):
        out = []
        for s in statements:
            out += self.statement(s)
        return out

    def statement(self, s):
        method = getattr(self, "s_" + type(s).__name__, None)
        if method is not None:
            made = method(s)
        else:
            made = self.simple(s)
        return [at(m, s) for m in (made if isinstance(made, list) else [made])]

    def choose(self, s, deferring, changed):
        if not changed:
            return self.plain(s)
        if self.begins(s) and not self.closed:
            return deferring
        return ast.If(name(IDLE), [self.plain(s)], deferring if isinstance(deferring, list) else [deferring])

    def simple(self, s, finish=None):
        """A statement without statements in it."""
        if finish is None and not self.has(s) & FORMS:
            return self.plain(s)
        transform = Deferring(self, self.closed)
        deferring = transform.form(s)
        if finish is not None:
            deferring, changed = finish(deferring)
            transform.changed = transform.changed or changed
        return self.choose(s, deferring, transform.changed)

    def s_Return(self, s):
        if "_ends_iteration" in s.__dict__:
            return ast.Return(helper("__xcs_own__"))

        def finish(r):
            if r.value is None or not maybe(r.value):
                return r, False
            r.value = at(helper("__xcs_r__", r.value), r.value)
            return r, True

        return self.simple(s, finish)

    def s_Assign(self, s):
        def finish(a):
            if any(isinstance(t, (ast.Tuple, ast.List)) for t in a.targets) and maybe(a.value) and not isinstance(a.value, (ast.Tuple, ast.List)):
                a.value = at(helper("__xcs_u__", a.value), a.value)
            if len(a.targets) == 1:
                t = a.targets[0]
                if isinstance(t, ast.Subscript) and not isinstance(t.slice, ast.Slice) and (maybe(a.value) or maybe(t.slice)):
                    return ast.Expr(helper("__xcs_s__", a.value, t.value, t.slice)), True
                if isinstance(t, ast.Attribute):
                    if not maybe(a.value) and self._own(t.value):
                        return a, False
                    return ast.Expr(helper("__xcs_a__", a.value, t.value, ast.Constant(self.mangled(t.attr)))), True
                if isinstance(t, ast.Name):
                    return a, False
            found = [n for t in a.targets for n in walk(t) if isinstance(n, (ast.Subscript, ast.Attribute)) and isinstance(n.ctx, ast.Store)]
            if found and (maybe(a.value) or not all(isinstance(n, ast.Subscript) or self._own(n.value) for n in found)):
                a.value = deep(a.value)
                return [ast.Expr(helper("__xcs_j__")), a] if self._foreign_targets(a) else a, True
            return a, any(isinstance(t, (ast.Tuple, ast.List)) for t in a.targets) and maybe(a.value) and not isinstance(a.value, (ast.Tuple, ast.List))

        return self.simple(s, finish)

    def _own(self, e):
        """Whether an expression is the `self` of a method: an object of a converted class."""
        s = self.scopes[-1]
        inside = len(self.scopes) > 1 and isinstance(self.scopes[-2], ast.ClassDef)
        return inside and isinstance(e, ast.Name) and isinstance(s, ast.FunctionDef) and bool(s.args.args) and e.id == s.args.args[0].arg

    @staticmethod
    def _foreign_targets(a):
        return any(isinstance(n, ast.Attribute) and isinstance(n.ctx, ast.Store) for t in a.targets for n in walk(t))

    def s_AnnAssign(self, s):
        if s.value is None or isinstance(s.target, ast.Name):
            transform = Deferring(self, self.closed)
            if s.value is not None:
                s = copied(s)
                s.value = self.both(s.value)
            assert transform is not None
            return s
        deferring = Deferring(self, self.closed)
        new = deferring.form(s)
        new.value = deep(new.value)
        return self.choose(s, new, True)

    def s_AugAssign(self, s):
        def finish(a):
            if not maybe(a.value):
                return a, False
            if not isinstance(a.target, ast.Name):
                a.value = deep(a.value)
            elif isinstance(a.op, ast.Add):
                a.value = at(helper("__xcs_ad__", a.value, name(a.target.id)), a.value)
            else:
                a.value = shallow(a.value, f"`{_SIGNS[type(a.op)]}=`")
            return a, True

        return self.simple(s, finish)

    def s_Delete(self, s):
        return self.simple(s)

    def s_Raise(self, s):
        return self.simple(s)

    def mangled(self, attribute):
        if self.class_name and attribute.startswith("__") and not attribute.endswith("__"):
            owner = self.class_name[-1].lstrip("_")
            return f"_{owner}{attribute}" if owner else attribute
        return attribute

    def whole(self, statements, dual):
        """Statements in which nothing deferred can begin, as they were, beside the same with both forms of each.

        While they run as they were, no call is made from a deferring form in this frame, so nothing above it on the stack can be deferred
        either: one test before them is enough.
        """
        return [at(ast.If(name(IDLE), [self.plain(b) for b in statements], dual), statements[0])]

    def splits(self, statements):
        if not self.may_split or self.closed or not statements:
            return False
        return not any(self.has(s) & (BEGINS | DEFINES | SCOPES | STOPS | IMPORTS) for s in statements)

    def s_If(self, s):
        s = copied(s)
        s.test, s.body, s.orelse = self.both(s.test), self.block(s.body), self.block(s.orelse)
        return s

    def s_While(self, s):
        if self.splits([s]):
            self.may_split = False
            dual = self.s_While(s)
            self.may_split = True
            return self.whole([s], [at(dual, s)])
        s = copied(s)
        s.test, s.body, s.orelse = self.both(s.test), self.block(s.body), self.block(s.orelse)
        return s

    def s_For(self, s):
        if self.splits([s]):
            self.may_split = False
            dual = self.s_For(s)
            self.may_split = True
            return self.whole([s], [at(dual, s)])
        plain = copied(s)
        plain.iter = self.iterable(s)
        plain.body, plain.orelse = self.block(s.body), self.block(s.orelse)
        at(plain, s)
        if self.closed or not any(self.begins(b) for b in s.body):
            return plain
        try:
            top = len(self.scopes) == 1
            sinks = _independent.analyse(s, self.scopes[-1], self.module, top, self.kept if top else None)
        except _independent.Seen as e:
            if e.why:
                said = e.why.endswith(")") and "(line " in e.why  # that of the callee
                where = f" (line {e.line})" if e.line != s.lineno and not said else ""
                remark("loop", f"iterations one after the other: {e.why}{where}", (self.path, s.lineno))
            return plain
        return self.overlapping(s, plain, sinks)

    def iterable(self, s):
        transform = Deferring(self, self.closed)
        deferring = transform.form(s.iter)
        deferring = at(helper("__xcs_it__", deferring), s.iter) if not isinstance(s.iter, (ast.List, ast.Tuple, ast.Constant)) else deferring
        if any(self.begins(b) for b in s.body) or self.begins(s.iter):
            return deferring
        return at(ast.IfExp(name(IDLE), self.plain(s.iter), deferring), s.iter)

    def overlapping(self, s, plain, sinks):
        """`if` it may: each iteration as a call of a function, else the loop as it is."""
        body = [clone(b) for b in s.body]
        names = {n: f"__xcs_sink_{n}__" for n in sinks}
        renamed = _Sinks(names)
        body = [renamed.visit(b) for b in body]
        at_top = len(self.scopes) == 1
        body = [_Continue(at_top).visit(b) for b in body]
        unpack = ast.copy_location(ast.Assign([clone(s.target)], name(ITEM)), s.target)
        arguments = ast.arguments([], [ast.arg(ITEM), *[ast.arg(n) for n in names.values()]], None, [], [], None, [])
        function = ast.FunctionDef(BODY, arguments, [unpack, *body], [])
        at(function, s)
        scope = self.scopes
        self.scopes = [*scope, function]
        function.body = [unpack, *self.block(function.body[1:])]
        if at_top:
            function.body.append(at(ast.Return(helper("__xcs_own__")), s.body[-1]))
        self.scopes = scope
        transform = Deferring(self, self.closed)
        lists = ast.List([name(n) for n in names], ast.Load())
        call = helper("__xcs_loop__", transform.form(s.iter), name(BODY), lists)
        run = ast.Expr(ast.Call(call, [], []))
        place = ast.copy_location(ast.Expr(ast.Constant(None)), s)
        for n in (call, run.value):
            ast.copy_location(n, s.iter)
        test = at(helper("__xcs_over__"), place)
        return ast.If(test, [function, at(run, s)], [plain])

    def s_Try(self, s):
        s = copied(s)
        s.body, s.orelse, s.finalbody = self.block(s.body), self.block(s.orelse), self.block(s.finalbody)
        handlers = []
        for h in s.handlers:
            h = copied(h)
            h.body = self.block(h.body)
            handlers.append(h)
        s.handlers = handlers
        return [self.joined(s, helper("__xcs_g__")), s]

    s_TryStar = s_Try

    def joined(self, s, call=None):
        """Before a statement: what fails before it is raised before it."""
        return at(ast.If(ast.UnaryOp(ast.Not(), name(IDLE)), [ast.Expr(call or helper("__xcs_j__"))], []), ast.copy_location(ast.Pass(), s))

    def s_With(self, s):
        s = copied(s)
        items = []
        for i in s.items:
            i = copied(i)
            i.context_expr = self.both(i.context_expr, deep)
            items.append(i)
        s.items = items
        # However the body is left: lines that wait are put out before `__exit__` does something that can be seen.
        s.body = [at(ast.Try(self.block(s.body), [], [], [self.joined(s)]), s.body[0])]
        return [self.joined(s, helper("__xcs_g__")), s]

    s_AsyncWith = s_With

    def s_AsyncFor(self, s):
        s = copied(s)
        s.iter, s.body, s.orelse = self.both(s.iter, deep), self.block(s.body), self.block(s.orelse)
        return s

    def s_Match(self, s):
        s = copied(s)
        s.subject = self.both(s.subject, lambda e: deep(e, "match"))
        cases = []
        for c in s.cases:
            c = copied(c)
            c.guard, c.body = self.both(c.guard), self.block(c.body)
            cases.append(c)
        s.cases = cases
        return s

    def s_Import(self, s):
        names = [ast.Constant(a.name) for a in s.names]
        return [self.joined(s, helper("__xcs_i__", *names)), s]

    def s_ImportFrom(self, s):
        if s.module == "__future__":
            return s
        if s.level or not s.module:
            return [self.joined(s), s]
        return [self.joined(s, helper("__xcs_i__", ast.Constant(s.module))), s]

    def s_Global(self, s):
        return s

    s_Nonlocal = s_Pass = s_Break = s_Continue = s_Global

    def _header(self, s):
        """Decorators, defaults and bases are evaluated where the definition is; they get nothing deferred."""
        closed, self.closed = self.closed, True
        s.decorator_list = [self.both(d) for d in s.decorator_list]
        if isinstance(s, ast.ClassDef):
            s.bases = [self.both(b) for b in s.bases]
            for k in s.keywords:
                k.value = self.both(k.value)
        else:
            s.args.defaults = [self.both(d, deep) for d in s.args.defaults]
            s.args.kw_defaults = [d if d is None else self.both(d, deep) for d in s.args.kw_defaults]
        self.closed = closed

    def s_FunctionDef(self, s):
        docs = s.body[:1] if ast.get_docstring(s, clean=False) is not None else []
        had = bool(s.decorator_list)
        new = copied(s)
        new.args = clone(s.args)
        self._header(new)
        closed, self.closed = self.closed, bool(self.has(s) & READS)
        scope, self.scopes = self.scopes, [*self.scopes, s]
        body, may_split = s.body[len(docs) :], self.may_split
        if self._simple(s):
            new.decorator_list = [*new.decorator_list, ast.copy_location(name("__xcs_def__"), s)]
        self.may_split = may_split and not isinstance(s, ast.AsyncFunctionDef) and not _yields(s)
        if self.splits(body):
            self.may_split = False
            new.body = docs + self.whole(body, self.block(body))
        else:
            new.body = docs + self.block(body)
        self.may_split = may_split
        self.scopes, self.closed = scope, closed
        return [self.joined(s), new] if had else new

    s_AsyncFunctionDef = s_FunctionDef

    def _simple(self, s):
        """Whether a function may run as plain Python has compiled it while nothing is deferred: what it defines would outlive that."""
        if not isinstance(s, ast.FunctionDef) or not all(isinstance(o, (ast.Module, ast.ClassDef)) for o in self.scopes[:-1]):
            return False
        return not any(self.has(b) & (BEGINS | DEFINES | LATER | STOPS) for b in s.body)

    def s_ClassDef(self, s):
        docs = s.body[:1] if ast.get_docstring(s, clean=False) is not None else []
        new = copied(s)
        new.keywords = [clone(k) for k in s.keywords]
        self._header(new)
        closed, self.closed = self.closed, True
        scope, self.scopes = self.scopes, [*self.scopes, s]
        self.class_name.append(s.name)
        new.body = docs + self.block(s.body[len(docs) :])
        self.class_name.pop()
        self.scopes, self.closed = scope, closed
        return [self.joined(s), new]


class _Plain(Transformer):
    """A statement as it was; lambdas and generators in it run later, so they get both forms."""

    def __init__(self, convert):
        self.convert = convert

    def visit_Lambda(self, node):
        return self.convert.lambda_(node)

    def visit_GeneratorExp(self, node):
        self._gone_through(node.generators[:1])
        return self.convert.generator(node, self.convert.closed)

    def _gone_through(self, generators):
        for g in generators:
            self.convert.no_temporary += 1
            g.iter = self.visit(g.iter)
            self.convert.no_temporary -= 1

    def _comprehension(self, node):
        self._gone_through(node.generators)
        for g in node.generators:
            g.target, g.ifs = self.visit(g.target), [self.visit(c) for c in g.ifs]
        for part in ("key", "value", "elt"):
            if hasattr(node, part):
                setattr(node, part, self.visit(getattr(node, part)))
        return node

    visit_ListComp = visit_SetComp = visit_DictComp = _comprehension


class _Sinks(ast.NodeTransformer):
    """What an iteration appends to or stores in goes to a list of its own."""

    def __init__(self, names):
        self.names = names

    def visit_Name(self, node):
        if node.id in self.names:
            node.id = self.names[node.id]
        return node


class _Continue(ast.NodeTransformer):
    """`continue` ends the function of an iteration. `at_top`: that of a module gives its names, which are the module's afterwards."""

    def __init__(self, at_top):
        self.at_top = at_top

    def visit_For(self, node):
        return node

    visit_While = visit_FunctionDef = visit_AsyncFunctionDef = visit_Lambda = visit_For

    def visit_Continue(self, node):
        end = ast.copy_location(ast.Return(None), node)
        if self.at_top:
            end._ends_iteration = True
        return end


def convert(source, path, resolve=lambda name: None):
    """The code of a module, converted, what is known of its names, and whether it has functions that run at the end, or finalisers."""
    tree = _names.parsed(source, path)
    module = _names.Module(tree, resolve)
    at_end = any(origin.partition(".")[0] in ("atexit", "weakref") for origin, _ in module.imports.values()) or "__del__" in module.methods
    work = Convert(module)
    work.path = path
    docs = tree.body[:1] if ast.get_docstring(tree, clean=False) is not None else []
    new = ast.Module(docs + work.block(tree.body[len(docs) :]), tree.type_ignores)
    with _names.unwarned():
        return named(compile(new, path, "exec", dont_inherit=True)), module, at_end


def named(code):
    """Functions that stand for iterations have the name of what their loop is in."""
    constants = []
    for k in code.co_consts:
        if isinstance(k, types.CodeType):
            k = named(k)
            if k.co_name == BODY:
                k = k.replace(co_name=code.co_name, co_qualname=code.co_qualname)
        constants.append(k)
    return code.replace(co_consts=tuple(constants))
