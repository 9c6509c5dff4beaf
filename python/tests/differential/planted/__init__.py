"""Small front ends with one fault each: what the differential test must find. `nothing` has none and must show no difference."""
import builtins
import functools
import sys
import types


def script_given():
    """The script that the front end's first argument names, read, as `__main__`: (its source, its module)."""
    sys.argv = sys.argv[1:]
    path = sys.argv[0]
    module = types.ModuleType("__main__")
    module.__dict__.update(__file__=path, __builtins__=builtins)
    sys.modules["__main__"] = module
    with open(path, encoding="utf-8") as file:
        return file.read(), module


def run(convert=None):
    """Carries the script out; `convert` may change its tree."""
    import ast

    source, module = script_given()
    tree = ast.parse(source)
    if convert:
        tree = ast.fix_missing_locations(convert(tree))
    exec(compile(tree, module.__file__, "exec"), module.__dict__)


def patch(wrapper):
    """Puts `wrapper(real)` in place of the client's method, with its signature."""
    from openai.resources.chat.completions import Completions

    real = Completions.create
    Completions.create = functools.wraps(real)(wrapper(real))


def later(attempt):
    """An object in place of a ChatCompletion: `attempt()` makes the real one when an attribute is first looked at."""
    from openai.types.chat import ChatCompletion

    class Later:
        __class__ = property(lambda self: ChatCompletion)

        def __getattr__(self, name):
            self.__dict__["_made"] = made = self.__dict__.get("_made") or attempt()
            return getattr(made, name)

    return Later()
