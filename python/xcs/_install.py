"""Which modules are converted, and how: at import, by a finder before the others."""

from __future__ import annotations

import atexit
import functools
import importlib.machinery
import os
import sys
import types

from . import _api, _clients, _code, _dispatch, _effects, _guards, _sinks, _tracebacks
from ._state import in_child
from ._waiting import modules

_ready = False


# What the import system calls a module's code by: a traceback leaves out its frames up to there.
_called = importlib._bootstrap._call_with_frames_removed


def _as_import(function):
    """A function whose frame tracebacks and warnings take for one of the import system, as that of a usual loader is."""
    function.__code__ = function.__code__.replace(co_filename="<frozen importlib._bootstrap_external>")
    return function


class _Loader:
    """Loads a module of source as its own loader would, converted."""

    def __init__(self, loader):
        self._loader = loader

    def create_module(self, spec):
        return self._loader.create_module(spec)

    @_as_import
    def exec_module(self, module):
        path = module.__spec__.origin
        source = self._loader.get_data(path)
        modules.add(module.__name__)
        made = None
        try:
            made = _code.converted(source, path, module.__name__)
        except (SyntaxError, ValueError):
            pass
        if made is None:
            _called(compile, source, path, "exec", dont_inherit=True)  # raises, with the traceback of an import
            made = _code.converted(source, path, module.__name__)
        _called(exec, made.code, module.__dict__)
        if module.__name__.partition(".")[0] in _code.packages:
            _open_to_callers(module, made.births)

    def __getattr__(self, name):
        return getattr(self._loader, name)


def _open_to_callers(module, births):
    """Functions of an installed package that may begin deferred calls are programs for callers that are not converted."""
    from ._program import program

    for name in births:
        f = module.__dict__.get(name)
        if type(f) is types.FunctionType and _guards.converted(f.__code__) and not f.__code__.co_flags & 0x2A0:
            module.__dict__[name] = _entrance(f, program(f))


def _entrance(f, run):
    @functools.wraps(f)
    def entrance(*args, **kwargs):
        return run(*args, **kwargs)

    entrance.__xcs_function__ = f
    _dispatch.entrances[id(entrance)] = entrance
    return entrance


class _PatchingLoader:
    """Loads a module as its own loader would, and then replaces a method in it."""

    def __init__(self, loader, patch):
        self._loader, self._patch = loader, patch

    def create_module(self, spec):
        return self._loader.create_module(spec)

    @_as_import
    def exec_module(self, module):
        self._loader.exec_module(module)
        self._patch(module)

    def __getattr__(self, name):
        return getattr(self._loader, name)


def _patched(name, path, patch):
    spec = importlib.machinery.PathFinder.find_spec(name, path)
    if spec is not None and spec.loader is not None:
        spec.loader = _PatchingLoader(spec.loader, patch)
    return spec


_WATCHED = {"logging": _sinks.watch_logging, "traceback": _tracebacks.watch}


class _Finder:
    def find_spec(self, name, path=None, target=None):
        if name in _clients.PACKAGES:
            _api.begin_to_load()
        patch = _clients.patch if name in _clients.MODULES else _WATCHED.get(name)
        if patch is not None:
            return _patched(name, path, patch)
        if not (_code.folders or name.partition(".")[0] in _code.packages):
            return None
        spec = importlib.machinery.PathFinder.find_spec(name, path, target)
        if spec is None or not _code.wanted(name, spec):
            return None
        spec.loader = _Loader(spec.loader)
        return spec


def prepare():
    """Once a process: names for converted code, hooks for the client, for logging and for forks."""
    global _ready
    if _ready:
        return
    _ready = True
    _dispatch.install()
    sys.meta_path.insert(0, _Finder())
    _clients.patch_loaded()
    for name, watch in _WATCHED.items():
        if name in sys.modules:
            watch(sys.modules[name])
    _effects.install()
    atexit.register(_api.settle)
    os.register_at_fork(before=_api.settle, after_in_child=in_child)


def install(packages=()):
    """Converts the modules of these packages when they are imported: `xcs.install(["mypkg"])`.

    Modules that are loaded already stay as they are; a message says which. In a notebook the cells that follow are converted, too, as by
    `%load_ext xcs`.
    """
    from . import _notebook

    packages = _checked(packages)
    shell = _notebook.running()
    if shell is not None:
        _notebook.load_ipython_extension(shell)
    elif not packages:
        raise TypeError("xcs.install needs the names of packages: only in a notebook there are cells to convert")
    loaded = sorted(n for n in sys.modules if n.partition(".")[0] in packages and n not in modules)
    if loaded:
        import warnings

        warnings.warn(f"xcs.install: already imported, so not converted: {', '.join(loaded)}; call it before they are imported", stacklevel=2)
    _code.packages.update(packages)
    prepare()


def _checked(packages):
    if isinstance(packages, str):
        packages = [packages]
    if isinstance(packages, (bytes, bytearray)) or not hasattr(type(packages), "__iter__"):
        raise TypeError(f'xcs.install takes names of packages, such as ["mypkg"], not {type(packages).__name__}')
    packages = list(packages)
    for name in packages:
        if not isinstance(name, str):
            raise TypeError(f'xcs.install takes names of packages, such as ["mypkg"]; one of them is of class {type(name).__name__}')
        if "." in name:
            raise ValueError(f"xcs.install converts whole packages: write {name.partition('.')[0]!r} in place of {name!r}")
        if not name.isidentifier():
            raise ValueError(f"xcs.install: {name!r} is not the name of a package; write the one that follows `import`")
    return packages


def also_convert(package):
    """A package that the command line names."""
    _code.packages.add(package)


def install_folder(folder):
    _code.folders.append(os.path.realpath(folder) + os.sep)
    prepare()


def in_place(module):
    """Converts the functions of a module that runs already: each gets its converted code. Returns whether it could."""
    if module.__name__ in modules:
        return True
    import inspect

    try:
        source, path = inspect.getsource(module), inspect.getsourcefile(module)
    except (OSError, TypeError):
        return False
    code = _code.converted(source, path, module.__name__).code
    modules.add(module.__name__)
    by_place = {}
    todo = [code]
    while todo:
        c = todo.pop()
        by_place[c.co_firstlineno, c.co_qualname] = c
        todo += [k for k in c.co_consts if isinstance(k, types.CodeType)]
    for f in _functions(module):
        new = by_place.get((f.__code__.co_firstlineno, f.__code__.co_qualname))
        if new is not None and new.co_freevars == f.__code__.co_freevars and not _guards.converted(f.__code__):
            f.__code__ = new
    return True


def _functions(module):
    todo, seen = list(vars(module).values()), set()
    while todo:
        x = todo.pop()
        if id(x) in seen:
            continue
        seen.add(id(x))
        if isinstance(x, types.FunctionType):
            if x.__module__ == module.__name__:
                yield x
        elif isinstance(x, type) and x.__module__ == module.__name__:
            todo += vars(x).values()
        elif isinstance(x, (staticmethod, classmethod)):
            todo.append(x.__func__)
        elif isinstance(x, property):
            todo += [f for f in (x.fget, x.fset, x.fdel) if f]
        elif hasattr(x, "__xcs_function__"):
            todo.append(x.__xcs_function__)
        elif hasattr(x, "__wrapped__"):
            todo.append(x.__wrapped__)
