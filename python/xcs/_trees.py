"""Syntax trees, gone through and copied at several times the speed of `ast.walk`, `copy.deepcopy` and `ast.NodeTransformer`.

What they hold is read from the nodes' dictionaries. Contexts and operators are one object each in a whole tree: they are shared, never visited.
"""

from __future__ import annotations

import ast

SHARED = frozenset(
    c for base in (ast.expr_context, ast.operator, ast.unaryop, ast.boolop, ast.cmpop) for c in base.__subclasses__()
)
NODES = frozenset(c for c in vars(ast).values() if isinstance(c, type) and issubclass(c, ast.AST)) - SHARED
PLACED = "_placed"  # set in a node when all nodes in it have a place in the text


def walk(node):
    """The node and all in it, those nearest to the root first."""
    out = [node]
    for n in out:
        for v in n.__dict__.values():
            if type(v) is list:
                for e in v:
                    if type(e) in NODES:
                        out.append(e)
            elif type(v) in NODES:
                out.append(v)
    return out


def children(node):
    """The nodes that a node has as parts."""
    out = []
    for v in node.__dict__.values():
        if type(v) is list:
            out += [e for e in v if type(e) in NODES]
        elif type(v) in NODES:
            out.append(v)
    return out


def clone(node):
    """A copy of the node and of all in it."""
    kind = type(node)
    new = kind.__new__(kind)
    put = new.__dict__
    for k, v in node.__dict__.items():
        if type(v) is list:
            put[k] = [clone(e) if type(e) in NODES else e for e in v]
        elif type(v) in NODES:
            put[k] = clone(v)
        elif k != PLACED:
            put[k] = v
    return new


def copied(node):
    """A node with the same parts."""
    new = type(node).__new__(type(node))
    new.__dict__.update(node.__dict__)
    return new


def at(new, old):
    """Gives a new tree the place of an old node, where it has none of its own."""
    place = {k: v for k, v in old.__dict__.items() if k in ("lineno", "col_offset", "end_lineno", "end_col_offset")}
    todo = [new]
    while todo:
        n = todo.pop()
        have = n.__dict__
        if "lineno" not in have and "lineno" in n._attributes:
            have.update(place)
        for v in have.values():
            if type(v) is list:
                for e in v:
                    if type(e) in NODES and PLACED not in e.__dict__:
                        todo.append(e)
            elif type(v) in NODES and PLACED not in v.__dict__:
                todo.append(v)
    new.__dict__[PLACED] = True
    return new


class Transformer:
    """As `ast.NodeTransformer`, for visitors that give one node for each. `visit_..` methods are looked up once a class."""

    def __init_subclass__(cls):
        cls.methods = {getattr(ast, name[6:]): getattr(cls, name) for name in dir(cls) if name.startswith("visit_")}

    def visit(self, node):
        method = self.methods.get(type(node))
        return self.generic_visit(node) if method is None else method(self, node)

    def generic_visit(self, node):
        have = node.__dict__
        for k, v in have.items():
            if type(v) is list:
                have[k] = [self.visit(e) if type(e) in NODES else e for e in v]
            elif type(v) in NODES:
                have[k] = self.visit(v)
        return node
