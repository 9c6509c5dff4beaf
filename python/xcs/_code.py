"""The converted code of a module: made by `_convert`, or as an earlier run has made it (`_cache`). And which modules are converted.

The converter itself is loaded only when a module has to be converted.
"""

from __future__ import annotations

import importlib.machinery
import os
import sys

from . import _cache, _guards, _remarks, _twins
from ._state import state

packages = set()  # names of packages whose modules are converted
folders = []  # folders whose modules are converted
_looked = {}  # importer -> {name that it imports: (file, digest of its text, importer to resolve its own imports by), or None}


class Made:
    """A module's code, converted, and which of its functions may begin deferred calls."""

    __slots__ = ("code", "births")

    def __init__(self, code, births):
        self.code, self.births = code, births


def converted(source, path, importer, plain=None):
    """The code of the module `importer`. `source`: its text, or the bytes of it. `plain`: what the interpreter makes of it, if that is known already."""
    key = None
    if not _remarks.wanted:  # those on loops are made by the conversion
        try:
            key = _cache.key(source, path, importer, (sorted(packages), folders))
        except _cache.Unusable:
            pass
    made = _kept(key, path, importer, plain) if key is not None else None
    return made or _made(source, path, importer, plain, key)


def _kept(key, path, importer, plain):
    entry = _cache.read(path, importer)
    if type(entry) is not tuple or len(entry) != 7 or entry[0] != key:
        return None
    _, imports, loaded, at_end, births, kept, code = entry
    if any(locate(importer, name) != found for importer, name, found in imports) or any((n in sys.modules) != was for n, was in loaded):
        return None
    return _registered(code, plain or kept, births, at_end)


def _made(source, path, importer, plain, key):
    _convert, _names = _converter()
    kept = None
    if plain is None:
        plain = kept = compile(source, path, "exec", dont_inherit=True)
    _names.asked.clear()
    code, module, at_end = _convert.convert(source, path, resolver(importer))
    births = [name for name in module.functions if name in module.births]
    imports = _imports(importer) if key is not None else None
    if imports is not None:
        _cache.write(path, importer, (key, imports, list(_names.asked.items()), at_end, births, kept, code))
    return _registered(code, plain, births, at_end)


def _converter():
    """The converter. What it needs of the library is found though the program has modules of those names, which stay to be found by it."""
    import importlib

    path, loaded = sys.path[:], set(sys.modules)
    sys.path[:] = [p for p in path if os.path.realpath(p) + os.sep not in folders]
    try:
        found = [importlib.import_module(f".{name}", __package__) for name in ("_convert", "_names")]
    finally:
        sys.path[:] = path
    for name in set(sys.modules) - loaded:
        if name.partition(".")[0] != __package__ and any(os.path.exists(f"{f}{name}{end}") for f in folders for end in (".py", "")):
            del sys.modules[name]
    return found


def _registered(code, plain, births, at_end):
    if at_end:
        state.looks_at_end = True
    _guards.register(code)
    _twins.add(code, plain)
    return Made(code, births)


def _imports(importer):
    """What the names meant that the module imports, and those that the converted ones of these import; None when that is not known."""
    out, todo, seen = [], [importer], set()
    while todo:
        importer = todo.pop()
        if importer in seen:
            continue
        seen.add(importer)
        if importer not in _looked:
            return None
        for name, found in _looked[importer].items():
            out.append((importer, name, found))
            if found is not None:
                todo.append(found[2])
    return out


def _whole(importer, name):
    """The name that `name` has when `importer` imports it."""
    if not name.startswith("."):
        return name
    level = len(name) - len(name.lstrip("."))
    parts = importer.rpartition(".")[0].split(".")
    base = ".".join(parts[: len(parts) - level + 1])
    return f"{base}.{name.lstrip('.')}".strip(".")


def _text_of(importer, name):
    """(file, its text in bytes, the importer of what it imports) of a module that `importer` names and that is converted too, or None."""
    name = _whole(importer, name)
    top = name.partition(".")[0]
    if not name or not (folders or top in packages) or top in sys.stdlib_module_names:
        return None
    spec = _spec(name)
    if spec is None or not spec.origin or not wanted(name, spec):
        return None
    try:
        text = spec.loader.get_data(spec.origin)
    except OSError:
        return None
    return spec.origin, text, name if spec.submodule_search_locations is None else name + ".x"


def locate(importer, name):
    """(file, digest of its text, the importer of what it imports) of a module that `importer` names and that is converted too, or None."""
    found = _text_of(importer, name)
    return found and (found[0], _cache.digest(found[1]), found[2])


def resolver(importer):
    """What the names of modules mean that a module imports: their text, when they are converted too."""
    from . import _names

    looked = _looked[importer] = {}

    def resolve(name):
        found = _text_of(importer, name)
        looked[name] = found and (found[0], _cache.digest(found[1]), found[2])
        return found and _names.of_file(found[0], found[1], resolver, found[2])

    return resolve


def wanted(name, spec):
    """Whether a module is one of those that are converted."""
    loader = spec.loader
    if not (isinstance(loader, importlib.machinery.SourceFileLoader) or type(loader).__name__ == "zipimporter"):
        return False
    if not spec.origin or not spec.origin.endswith(".py"):
        return False
    if name.partition(".")[0] in packages:
        return True
    origin = os.path.realpath(spec.origin)
    if "site-packages" in origin or "dist-packages" in origin:
        return False
    return any(origin.startswith(f) for f in folders)


def _spec(name):
    path = None
    parts = name.split(".")
    for i in range(len(parts)):
        spec = importlib.machinery.PathFinder.find_spec(".".join(parts[: i + 1]), path)
        if spec is None:
            return None
        path = spec.submodule_search_locations
        if path is None and i + 1 < len(parts):
            return None
    return spec
