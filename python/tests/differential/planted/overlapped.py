"""Loops that only append run side by side, and what they call is not looked at: a conversation kept by a callee gets out of order."""
import ast

from greenlet import getcurrent, greenlet

from differential import planted

KNOWN = (ast.Break, ast.Return, ast.Yield, ast.YieldFrom, ast.AugAssign, ast.With, ast.Try, ast.For, ast.While, ast.FunctionDef, ast.Lambda,
         ast.Raise, ast.NamedExpr, ast.Delete, ast.ListComp, ast.Match)


def waiting(real):
    def create(self, **named):
        if hasattr(getcurrent(), "iteration"):
            getcurrent().parent.switch()
        return real(self, **named)

    return create


def overlapped(values, body, sink):
    """Every iteration up to its first call, then the rest of each in turn."""
    fibers, kept = [], []
    for value in values:
        kept.append([])
        fiber = greenlet(lambda value=value, own=kept[-1]: body(value, own))
        fiber.iteration = True
        fibers.append(fiber)
    while fibers:
        for fiber in fibers:
            fiber.parent = getcurrent()
            fiber.switch()
        fibers = [fiber for fiber in fibers if not fiber.dead]
    for own in kept:
        sink.extend(own)


class Loops(ast.NodeTransformer):
    """Converts what the simplest analysis takes for independent: a body that assigns fresh names and appends to one list."""

    def visit_For(self, node):
        self.generic_visit(node)
        inner = [each for statement in node.body for each in ast.walk(statement)]
        appends = [each.func.value for each in inner if isinstance(each, ast.Call) and isinstance(each.func, ast.Attribute) and each.func.attr == "append"]
        sinks = {each.id for each in appends if isinstance(each, ast.Name)}
        uses = [each for each in inner if isinstance(each, ast.Name) and each.id in sinks]
        plain = isinstance(node.target, ast.Name) and not node.orelse and not any(isinstance(each, KNOWN) for each in inner)
        if not plain or len(sinks) != 1 or len(uses) != len(appends) or any(isinstance(each, ast.Continue) for each in inner):
            return node
        sink = sinks.pop()
        for each in uses:
            each.id = "own_sink"
        arguments = ast.arguments([], [ast.arg(node.target.id), ast.arg("own_sink")], None, [], [], None, [])
        body = ast.FunctionDef("loop_body", arguments, node.body, [])
        names = [ast.Name("loop_body", ast.Load()), ast.Name(sink, ast.Load())]
        run = ast.Expr(ast.Call(ast.Name("__overlapped__", ast.Load()), [node.iter, *names], []))
        return [ast.copy_location(each, node) for each in (body, run)]


if __name__ == "__main__":
    import builtins

    builtins.__overlapped__ = overlapped
    planted.patch(waiting)
    planted.run(Loops().visit)
