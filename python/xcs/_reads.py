"""Names that statements assign, and what becomes of a name after a loop."""

from __future__ import annotations

import ast

from ._trees import children, walk

COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)


def stored(nodes):
    """Names assigned in statements, without those of inner scopes."""
    names = set()
    todo = list(nodes)
    while todo:
        n = todo.pop()
        if isinstance(n, ast.Name) and isinstance(n.ctx, (ast.Store, ast.Del)):
            names.add(n.id)
        elif isinstance(n, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            names.add(n.name)
            continue
        elif isinstance(n, ast.ExceptHandler) and n.name:
            names.add(n.name)
        elif isinstance(n, ast.Lambda):
            continue
        elif isinstance(n, COMPREHENSIONS):
            todo += [w for c in walk(n) if isinstance(c, ast.NamedExpr) for w in (c.target,)]
            continue
        todo += children(n)
    return names


def read_after(body, loop, name):
    """What happens to a name behind a loop, on the way to the end of its scope: "reads", "assigns" or None. Within an outer loop, the way goes round."""
    for at, s in enumerate(body):
        if s is loop:
            return _reads_first(body[at + 1 :], name)
        for inner in _blocks(s):
            if any(n is loop for b in inner for n in walk(b)):
                found = read_after(inner, loop, name)
                if found:
                    return found
                if isinstance(s, (ast.For, ast.While)):
                    found = _reads_first([s], name)
                    if found == "reads":
                        return found
                if isinstance(s, ast.Try):
                    rest = [b for b in _blocks(s) if b is not inner]
                    if any(_reads_first(b, name) == "reads" for b in rest):
                        return "reads"
                return _reads_first(body[at + 1 :], name)
    return None


def _blocks(s):
    for part in ("body", "orelse", "finalbody"):
        b = getattr(s, part, None)
        if b and isinstance(b, list):
            yield b
    for h in getattr(s, "handlers", ()):
        yield h.body
    for c in getattr(s, "cases", ()):
        yield c.body


def _loads(node, name):
    """Whether an expression reads the name, comprehensions that bind it aside."""
    if isinstance(node, COMPREHENSIONS):
        if name in {m for g in node.generators for m in stored([g.target])}:
            return _loads(node.generators[0].iter, name)
    if isinstance(node, ast.Name):
        return node.id == name and isinstance(node.ctx, (ast.Load, ast.Del))
    return any(_loads(c, name) for c in children(node))


def _reads_first(statements, name):
    for s in statements:
        found = _reads_one(s, name)
        if found:
            return found
    return None


def _reads_one(s, name):
    if isinstance(s, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
        return None if not any(isinstance(n, ast.Name) and n.id == name for n in walk(s)) or isinstance(s, ast.FunctionDef) else "reads"
    if isinstance(s, ast.Assign):
        if _loads(s.value, name) or any(_loads(t, name) for t in s.targets):
            return "reads"
        return "assigns" if name in stored(s.targets) else None
    if isinstance(s, (ast.For, ast.AsyncFor)):
        if _loads(s.iter, name):
            return "reads"
        inside = "assigns" if name in stored([s.target]) else _reads_first(s.body, name)
        return "reads" if inside == "reads" or _reads_first(s.orelse, name) == "reads" else None
    if isinstance(s, ast.While):
        if _loads(s.test, name) or _reads_first(s.body, name) == "reads" or _reads_first(s.orelse, name) == "reads":
            return "reads"
        return None
    if isinstance(s, ast.If):
        if _loads(s.test, name):
            return "reads"
        ways = [_reads_first(s.body, name), _reads_first(s.orelse, name)]
        return "reads" if "reads" in ways else "assigns" if ways == ["assigns", "assigns"] else None
    if isinstance(s, ast.Try):
        ways = [_reads_first(b, name) for b in _blocks(s)]
        return "reads" if "reads" in ways else None
    return "reads" if _loads(s, name) else None
