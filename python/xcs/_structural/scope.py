"""Which names a statement reads, binds and changes; which are read later; which statements leave their block."""

from __future__ import annotations

import ast

# Methods that change the object that they are called on.
CHANGING = frozenset({"append", "extend", "insert", "pop", "remove", "clear", "sort", "reverse", "update", "setdefault", "popitem", "add", "discard"})


def reads(node):
    """Names that are read anywhere in a node; `x += 1` reads `x`."""
    found = set()
    for n in ast.walk(node):
        if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Load):
            found.add(n.id)
        elif isinstance(n, ast.AugAssign) and isinstance(n.target, ast.Name):
            found.add(n.target.id)
    return found


def all_reads(nodes):
    return set().union(*map(reads, nodes)) if nodes else set()


def bound_by(target):
    return {n.id for n in ast.walk(target) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)}


_SCOPES = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda, ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)


def walk_here(node):
    """The nodes of a statement that run in its own scope."""
    todo = [node]
    while todo:
        n = todo.pop()
        yield n
        if isinstance(n, _SCOPES) and n is not node:
            continue
        todo.extend(ast.iter_child_nodes(n))


def binds(nodes):
    """Names that statements bind."""
    found = set()
    for s in nodes:
        for n in walk_here(s):
            if isinstance(n, ast.Name) and isinstance(n.ctx, (ast.Store, ast.Del)):
                found.add(n.id)
            elif isinstance(n, (ast.FunctionDef, ast.ClassDef)):
                found.add(n.name)
            elif isinstance(n, ast.ExceptHandler) and n.name:
                found.add(n.name)
            elif isinstance(n, (ast.MatchAs, ast.MatchStar)) and n.name:
                found.add(n.name)
            if isinstance(n, (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)) and isinstance(s, ast.stmt):
                found.update(x.target.id for x in ast.walk(n) if isinstance(x, ast.NamedExpr))
    return found


def changed(node):
    """The name whose object a node changes in place, or None."""
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in CHANGING and isinstance(node.func.value, ast.Name):
        return node.func.value.id
    if isinstance(node, (ast.Subscript, ast.Attribute)) and isinstance(node.ctx, (ast.Store, ast.Del)):
        inner = node.value
        while isinstance(inner, (ast.Subscript, ast.Attribute)):
            inner = inner.value
        return inner.id if isinstance(inner, ast.Name) else None
    return None


def changes(nodes):
    """Names whose objects statements change in place."""
    return {name for s in nodes for n in ast.walk(s) if (name := changed(n)) is not None}


def live_before(statements, after, jump=frozenset()):
    """The names that may be read from the first of these statements on, where `after` are those that may be read behind them.

    `jump` are those that may be read where `break` and `continue` lead.
    """
    live = set(after)
    for s in reversed(statements):
        live = _before(s, live, jump)
    return live


def _before(s, after, jump):
    if isinstance(s, (ast.Assign, ast.AnnAssign)):
        targets = s.targets if isinstance(s, ast.Assign) else [s.target]
        names = {t.id for t in targets if isinstance(t, ast.Name)}
        for t in targets:
            if isinstance(t, (ast.Tuple, ast.List)):
                names |= {e.id for e in t.elts if isinstance(e, ast.Name)}
        return (after - names if s.value is not None else set(after)) | reads(s)
    if isinstance(s, ast.AugAssign):
        return after | reads(s) | ({s.target.id} if isinstance(s.target, ast.Name) else set())
    if isinstance(s, ast.If):
        return reads(s.test) | live_before(s.body, after, jump) | live_before(s.orelse, after, jump)
    if isinstance(s, (ast.For, ast.While)):
        head = reads(s.iter) | reads(s.target) if isinstance(s, ast.For) else reads(s.test)
        around = after | all_reads(s.body) | head
        inner = live_before(s.body, around, around) - (bound_by(s.target) if isinstance(s, ast.For) else set())
        return head | inner | live_before(s.orelse, after, jump) | after
    if isinstance(s, (ast.Return, ast.Raise)):
        return reads(s)
    if isinstance(s, (ast.Break, ast.Continue)):
        return set(jump)
    return after | reads(s) | (jump if jumps([s]) else set())


def jumps(statements, in_loop=False):
    """Whether statements may leave their block: by `return`, or by the `break` or `continue` of a loop around them."""
    return any(_jumps(s, in_loop) for s in statements)


def _jumps(s, in_loop):
    if isinstance(s, ast.Return):
        return True
    if isinstance(s, (ast.Break, ast.Continue)):
        return not in_loop
    if isinstance(s, (ast.For, ast.While)):
        return jumps(s.body, True) or jumps(s.orelse, in_loop)
    if isinstance(s, ast.If):
        return jumps(s.body, in_loop) or jumps(s.orelse, in_loop)
    if isinstance(s, ast.Try):
        return any(jumps(part, in_loop) for part in (s.body, s.orelse, s.finalbody, *(h.body for h in s.handlers)))
    if isinstance(s, ast.Match):
        return any(jumps(c.body, in_loop) for c in s.cases)
    return False


def leaves(statements, kind):
    """Whether a loop's body has a statement of `kind` that belongs to it: Break, or Return at any depth."""
    for s in statements:
        if isinstance(s, kind):
            return True
        inner = []
        if isinstance(s, (ast.For, ast.While)):
            inner = [s.orelse] if kind is ast.Break else [s.body, s.orelse]
        elif isinstance(s, ast.If):
            inner = [s.body, s.orelse]
        elif isinstance(s, ast.Try):
            inner = [s.body, s.orelse, s.finalbody, *(h.body for h in s.handlers)]
        elif isinstance(s, ast.Match):
            inner = [c.body for c in s.cases]
        if any(leaves(part, kind) for part in inner):
            return True
    return False
