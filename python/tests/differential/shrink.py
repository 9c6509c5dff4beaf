"""Makes a program that shows a difference smaller, for as long as it shows it: statements and expressions are taken out of its tree."""
import ast
import copy
import itertools
import time


def bodies(tree):
    """Every list of statements in the tree, outer ones first."""
    found = []
    for node in ast.walk(tree):
        for field in ("body", "orelse", "finalbody", "handlers"):
            value = getattr(node, field, None)
            if isinstance(value, list) and value and isinstance(value[0], (ast.stmt, ast.ExceptHandler)):
                found.append(value)
    return found


def statement_changes(tree):
    """Ways to make the tree smaller by statements, as functions on a copy of it: runs of statements taken out, from the end on, so that
    what defines a name goes after what uses it; blocks put in place of the statement that holds them."""
    for number, body in enumerate(bodies(tree)):
        size = max(len(body) // 2, 1)
        while size:
            for at in range(len(body) - size, -size, -size):
                yield lambda other, number=number, at=max(at, 0), size=size: cut(bodies(other)[number], at, size)
            size //= 2
        for at, statement in enumerate(body):
            for field in ("body", "orelse", "finalbody"):
                inner = getattr(statement, field, None)
                if isinstance(inner, list) and inner and not isinstance(statement, (ast.FunctionDef, ast.ClassDef)):
                    yield lambda other, number=number, at=at, field=field: unwrap(bodies(other)[number], at, field)


def cut(body, at, size):
    del body[at : at + size]
    if not body:
        body.append(ast.Pass())


def unwrap(body, at, field):
    body[at : at + 1] = getattr(body[at], field)


def places(tree):
    """Every place that holds an expression: (node, field, index or None)."""
    for node in ast.walk(tree):
        if isinstance(node, (ast.JoinedStr, ast.FormattedValue)):
            continue
        for field, value in ast.iter_fields(node):
            if isinstance(value, ast.expr) and isinstance(getattr(value, "ctx", ast.Load()), ast.Load):
                yield node, field, None
            elif isinstance(value, list):
                for at, each in enumerate(value):
                    if isinstance(each, ast.expr) and isinstance(getattr(each, "ctx", ast.Load()), ast.Load):
                        yield node, field, at


def expression_changes(tree):
    """A child in an expression's place, or a plain text."""
    for number, (node, field, at) in enumerate(places(tree)):
        value = getattr(node, field) if at is None else getattr(node, field)[at]
        children = [child for child in ast.walk(value) if isinstance(child, ast.expr) and child is not value]
        for child in range(min(len(children), 6)):
            if isinstance(getattr(children[child], "ctx", ast.Load()), ast.Load):
                yield lambda other, number=number, child=child: replace(other, number, child)
        if not isinstance(value, ast.Constant):
            yield lambda other, number=number: replace(other, number, None)


def replace(tree, number, child):
    node, field, at = list(places(tree))[number]
    value = getattr(node, field) if at is None else getattr(node, field)[at]
    children = [each for each in ast.walk(value) if isinstance(each, ast.expr) and each is not value]
    new = ast.Constant("x") if child is None else children[child]
    if at is None:
        setattr(node, field, new)
    else:
        getattr(node, field)[at] = new


def changed(tree, change):
    """The source of the tree after one change, or None when that is no program."""
    other = copy.deepcopy(tree)
    change(other)
    try:
        source = ast.unparse(ast.fix_missing_locations(other)) + "\n"
        compile(source, "<smaller>", "exec")
        return source
    except (SyntaxError, ValueError, TypeError, AttributeError):
        return None


def without_unused(source):
    """The program without the definitions and imports of its top level that nothing in it names."""
    tree = ast.parse(source)
    while True:
        used = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)}
        size = len(ast.dump(tree))
        for statement in list(tree.body):
            if isinstance(statement, (ast.Import, ast.ImportFrom)):
                statement.names = [each for each in statement.names if (each.asname or each.name).partition(".")[0] in used]
            if getattr(statement, "names", None) == [] or isinstance(statement, (ast.FunctionDef, ast.ClassDef)) and statement.name not in used:
                tree.body.remove(statement)
        if len(ast.dump(tree)) == size:
            return ast.unparse(tree) + "\n"


def shrink(source, shows, seconds=60.0):
    """The smallest program found within `seconds` for which `shows(source)` is true; `source` itself must show it."""
    end, tried, best = time.monotonic() + seconds, {source}, source
    for first in (ast.unparse(ast.parse(source)) + "\n", without_unused(source)):
        if first != best and shows(first):
            best = first
    while True:
        before = best
        for changes in (statement_changes, expression_changes):
            best = smaller(best, changes, shows, end, tried)
            pruned = without_unused(best)
            if pruned != best and shows(pruned):
                best = pruned
        if best == before or time.monotonic() > end:
            return best


def smaller(best, changes, shows, end, tried):
    """Goes once through the changes, keeps those that keep the difference, and goes on from where it is after each."""
    at = 0
    while time.monotonic() < end:
        tree = ast.parse(best)
        for at, change in enumerate(itertools.islice(changes(tree), at, None), at):
            source = changed(tree, change)
            if source is None or source in tried or len(source) >= len(best):
                continue
            tried.add(source)
            if shows(source):
                best = source
                break
            if time.monotonic() > end:
                return best
        else:
            return best
    return best
