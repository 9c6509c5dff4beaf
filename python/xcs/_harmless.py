"""Callables that are known to change nothing and to look at nothing but their arguments: calls of them need not wait for earlier calls.

Everything that is not in these tables waits for all earlier calls and raises their failure, so a missing row costs speed and nothing else.
Each row has a test in `tests/test_harmless.py`.
"""

from __future__ import annotations

import functools
import io
import os
import stat
import sys
import types

from . import _guards
from ._waiting import PLAIN_TYPES, kinds, modules

KEEPS, LOOKS, READS, UNKNOWN = "keeps", "looks", "reads", "unknown"

# Builtins whose result may hold handles that were given: they pass their arguments on.
KEEPING = {list, tuple, enumerate, zip, reversed, iter, next, len}
# Builtins that look at values and at nothing else.
LOOKING = {
    abs, all, any, ascii, bin, bool, bytes, bytearray, callable, chr, complex, dict, divmod, filter, float, format, frozenset, hash, hex, int,
    isinstance, issubclass, map, max, min, object, oct, ord, pow, range, repr, round, set, slice, sorted, str, sum, type, id, getattr, hasattr,
    memoryview, property, staticmethod, classmethod,
}  # fmt: skip

# Of these, what only asks about the object itself, of whatever class it is.
ASKING = {type, isinstance, issubclass, id, callable, hasattr, getattr}

# Methods of the program's own containers that only move what they are given.
MOVING = {
    list: frozenset("append insert pop copy clear reverse".split()),
    dict: frozenset("items keys values copy get pop setdefault clear popitem".split()),
    tuple: frozenset(),
}
# C functions and bound methods of C objects, and the same of those that are given the class that defines them.
BUILTIN_FUNCTIONS = frozenset({types.BuiltinFunctionType, *types.BuiltinFunctionType.__subclasses__()})
# Types whose methods look at the object and their arguments only.
BUILTIN_VALUES = frozenset({
    str, bytes, int, float, complex, bool, tuple, frozenset, list, dict, set, bytearray, range, type(None), slice, type({}.items()),
    type({}.keys()), type({}.values()),
})  # fmt: skip
# The same of modules that may not be loaded.
VALUE_NAMES = frozenset(
    "re.Pattern re.Match collections.deque collections.Counter collections.OrderedDict collections.defaultdict decimal.Decimal fractions.Fraction datetime.date "
    "datetime.datetime _hashlib.HASH datetime.timedelta datetime.time datetime.timezone uuid.UUID pathlib.PurePosixPath pathlib.PosixPath pathlib.Path".split()
)


_asked = {}


def is_value(t):
    known = _asked.get(t)
    if known is None:
        known = _asked[t] = t in BUILTIN_VALUES or f"{t.__module__}.{t.__qualname__}" in VALUE_NAMES
    return known


def is_path(t):
    return "pathlib" in sys.modules and issubclass(t, sys.modules["pathlib"].PurePath) and t.__module__.startswith("pathlib")


CLOCKS = frozenset({"now", "utcnow", "today"})

# Functions of these modules, by the name that they give as their module; those that write or read a file are left out.
MODULES = frozenset(
    "re json json.decoder json.encoder math cmath _operator operator itertools functools _functools collections copy string textwrap html "
    "difflib statistics _statistics fractions decimal _decimal bisect _bisect heapq _heapq base64 binascii hashlib _hashlib unicodedata "
    "urllib.parse enum typing dataclasses numbers random _random datetime ast keyword colorsys zlib struct _struct csv _csv abc types "
    "reprlib graphlib calendar".split()
)
NOT = frozenset({("json", "dump"), ("json", "load"), ("random", "SystemRandom"), ("functools", "lru_cache"), ("functools", "cache"),
                 ("csv", "reader"), ("csv", "writer"), ("_csv", "reader"), ("_csv", "writer"), ("hashlib", "file_digest"),
                 ("typing", "get_type_hints"), ("functools", "reduce"), ("calendar", "main"), ("_functools", "reduce")})  # fmt: skip


# Reading of ordinary files changes nothing; it waits only for deferred calls that write.
READING_PATHS = frozenset("read_text read_bytes exists is_file is_dir stat iterdir glob rglob resolve samefile lstat is_symlink cwd home".split())
WRITING_PATHS = frozenset(
    "write_text write_bytes touch mkdir rmdir unlink rename replace chmod lchmod symlink_to hardlink_to link_to open".split()
)
READING_OS = frozenset("listdir getcwd stat lstat access getpid".split())
READING_FILES = frozenset("read readline readlines readable seekable tell fileno __next__".split())


def _regular(path):
    """Whether reading it cannot wait for somebody or take something away from somebody: an ordinary file, or none."""
    try:
        return stat.S_ISREG(os.stat(path).st_mode) or os.path.isdir(path)
    except OSError:
        return True
    except (TypeError, ValueError):
        return False


def _reads(f, args, kwargs):
    """READS for what only reads files, None for the rest."""
    t = type(f)
    if f is open:
        mode = args[1] if len(args) > 1 else (kwargs or {}).get("mode", "r")
        if type(mode) is str and set(mode) <= set("rbt") and args and isinstance(args[0], (str, os.PathLike)) and _regular(args[0]):
            return READS
    elif t is types.MethodType and is_path(type(f.__self__)):
        name = f.__func__.__name__
        if name in WRITING_PATHS:
            mode = args[0] if args else (kwargs or {}).get("mode", "r")
            return READS if name == "open" and type(mode) is str and set(mode) <= set("rbt") and _regular(f.__self__) else UNKNOWN
        return READS if _regular(f.__self__) else UNKNOWN
    elif t is types.FunctionType and f.__module__ in ("posixpath", "genericpath"):
        return READS
    elif t in BUILTIN_FUNCTIONS:
        owner = f.__self__
        if type(owner) is types.ModuleType and owner.__name__ == "posix" and f.__name__ in READING_OS:
            return READS
        if type(owner) in (io.TextIOWrapper, io.BufferedReader) and f.__name__ in READING_FILES:
            try:
                regular = stat.S_ISREG(os.fstat(owner.fileno()).st_mode) and not owner.writable() and owner is not sys.stdin
            except (OSError, ValueError):
                return UNKNOWN
            return READS if regular else UNKNOWN
    elif t is types.MethodType and f.__self__ is os.environ and f.__func__.__name__ in ("get", "keys", "items", "values", "copy"):
        return LOOKS
    elif f is os.getenv:
        return LOOKS
    return None


def _ordinary(a):
    """Whether a harmless callable may be given `a`: it cannot call code that is not known through it."""
    t = type(a)
    if t in PLAIN_TYPES or t in kinds or is_value(t):
        if t is types.FunctionType:
            return _guards.converted(a.__code__) or a.__module__ in MODULES
        if t in BUILTIN_FUNCTIONS:
            return kind_of(a, ()) != UNKNOWN
        if t is type:
            return True
        return True
    if t is types.GeneratorType:
        return _guards.converted(a.gi_code)
    if t is types.MethodType:
        return type(a.__func__) is types.FunctionType and _guards.converted(a.__func__.__code__)
    if t is types.MethodDescriptorType:
        return True
    if t in (enumerate, zip, map, filter, reversed):
        return all(map(_ordinary, a.__reduce__()[1]))
    if t.__module__ == "builtins" and t.__name__.endswith("iterator") and t.__name__ not in ("iterator", "callable_iterator"):
        return True
    if is_path(t):
        return True
    if type(t).__name__ == "EnumType" and type(t).__module__ == "enum" or issubclass(t, BaseException):
        return True
    if isinstance(a, type):
        return True
    if t in (functools.partial,):
        return _ordinary(a.func)
    return t.__module__ in modules


def kind_of(f, args, kwargs=None):
    """KEEPS, LOOKS or UNKNOWN, for a callable that is not converted."""
    kind = _kind(f)
    if (type(f) is type or type(f) in BUILTIN_FUNCTIONS) and f in ASKING:
        return kind
    if kind == UNKNOWN:
        return _reads(f, args, kwargs) or UNKNOWN
    if kind != UNKNOWN and not (all(map(_ordinary, args)) and (not kwargs or all(map(_ordinary, kwargs.values())))):
        return UNKNOWN
    return kind


def _kind(f):
    t = type(f)
    if t is type or isinstance(f, type):
        if f in KEEPING:
            return KEEPS
        if f in LOOKING or is_value(f):
            return LOOKS
        if is_path(f) or type(f).__name__ == "EnumType" and type(f).__module__ == "enum" and f.__module__ in modules:
            return LOOKS
        if issubclass(f, tuple) and "_fields" in vars(f) and getattr(f.__new__, "__code__", None) and f.__new__.__code__.co_filename.startswith("<"):
            return LOOKS  # a named tuple
        if issubclass(f, BaseException):
            return LOOKS if f.__module__ == "builtins" or f.__module__ in modules else UNKNOWN
        return LOOKS if f.__module__ in MODULES and (f.__module__, f.__name__) not in NOT else UNKNOWN
    if t in BUILTIN_FUNCTIONS:
        owner = f.__self__
        if owner is None or type(owner) is types.ModuleType:
            if f in KEEPING:
                return KEEPS
            if f in LOOKING:
                return LOOKS
            return LOOKS if f.__module__ in MODULES and (f.__module__, f.__name__) not in NOT else UNKNOWN
        kept = MOVING.get(type(owner))
        if kept is not None and f.__name__ in kept:
            return KEEPS
        if is_value(type(owner)):
            return LOOKS
        if isinstance(owner, type) and (owner in LOOKING or is_value(owner)):
            return UNKNOWN if f.__name__ in CLOCKS else LOOKS
        if type(owner).__module__ == "random":
            return LOOKS
        return UNKNOWN
    if t.__module__ in ("operator", "_operator") and t.__name__ in ("itemgetter", "attrgetter"):
        return LOOKS
    if t in (types.FunctionType, types.MethodType):
        function = f.__func__ if t is types.MethodType else f
        if type(function) is not types.FunctionType or hasattr(function, "__wrapped__"):
            return UNKNOWN
        if t is types.MethodType and not is_value(type(f.__self__)) and f.__self__.__class__.__module__ not in MODULES:
            return UNKNOWN
        return LOOKS if function.__module__ in MODULES and (function.__module__, function.__name__) not in NOT else UNKNOWN
    if t in (types.MethodDescriptorType, types.WrapperDescriptorType, types.MethodWrapperType):
        owner = getattr(f, "__objclass__", None) or type(getattr(f, "__self__", None))
        return LOOKS if is_value(owner) else UNKNOWN
    return UNKNOWN
