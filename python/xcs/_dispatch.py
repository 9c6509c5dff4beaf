"""What converted code calls, in its deferring form.

A call `f(x)` reads `__xcs_t__.pop()() if (__xcs_t__ := __xcs_p__(f, x)).pop() else __xcs_t__.pop(0)()`: `prepare` decides, and the program's own
frame makes the call, so that callees, tracebacks and warnings see the frames that plain Python has. The first form is used for converted
callees, which may give back handles; the second for all others, which never see one.
"""

from __future__ import annotations

import builtins
import functools
import sys
import types

from . import _api, _births, _guards, _harmless, _loops, _remarks, _sinks, _sweep, _texts, _twins
from ._handles import Text
from ._state import state
from ._waiting import PLAIN_TYPES, before_guard, drain, join, kinds, modules, now, settle, waits, without_us, writing

partial = functools.partial
FunctionType, MethodType = types.FunctionType, types.MethodType
_BUILTIN = _harmless.BUILTIN_FUNCTIONS
_known = _guards._known
_LAZY = 0x80 | 0x200  # coroutine, asynchronous generator
_EAGER = frozenset({list, tuple, set, frozenset, sorted})  # take all of a generator before they do anything else
_LOG_METHODS = frozenset("debug info warning error exception critical log".split())
# Methods and functions of libraries that look names up in their caller's frame, as pandas does for `df.query("x == @name")`.
FRAME_READERS = frozenset({"query", "eval", "evaluate"})
_raise_object = None
entrances = {}  # id of a function that an installed package shows to callers -> the function


def ready():
    """Loads what raises exceptions, before it is needed deep in a recursion."""
    global _raise_object
    if _raise_object is None:
        _raise_object = _api.core()._raise


def raising(error):
    """What raises `error` in the frame that calls it, and leaves no frame of its own."""
    ready()
    error.__traceback__ = without_us(error.__traceback__)
    return partial(_raise_object, error)


def giving(value):
    """What gives `value` to the frame that calls it."""
    return iter((value,)).__next__


def prepare(f, /, *args, **kwargs):
    """The call to make in place of `f(*args, **kwargs)`, and before it whether the callee may give back handles."""
    try:
        function = f.__func__ if type(f) is MethodType else f
        if type(function) is FunctionType and id(function.__code__) in _known:
            if function.__code__.co_flags & _LAZY:
                return [partial(f, *settle(args), **settle(kwargs)), False]
            if id(function) not in _births.operations:
                return [partial(f, *args, **kwargs) if args or kwargs else f, True]
        return _other(f, args, kwargs, sys._getframe(1))
    except BaseException as e:
        return [raising(e), False]


def _again(f, args, kwargs, frame):
    """`prepare` for what a call turned out to be a call of."""
    function = f.__func__ if type(f) is MethodType else f
    if type(function) is FunctionType and id(function.__code__) in _known and id(function) not in _births.operations:
        if function.__code__.co_flags & _LAZY:
            return [partial(f, *settle(args), **settle(kwargs)), False]
        return [partial(f, *args, **kwargs) if args or kwargs else f, True]
    return _other(f, args, kwargs, frame)


def closed_call(f, /, *args, **kwargs):
    """The call to make where no temporary can be kept: nothing deferred comes back from it."""
    try:
        path = state.path()
        function = f.__func__ if type(f) is MethodType else f
        if type(function) is FunctionType and id(function.__code__) in _known and not function.__code__.co_flags & _LAZY:
            return partial(f, *args, **kwargs)
        if type(f) is MethodType and type(f.__self__) in kinds:
            f = getattr(settle(f.__self__), f.__func__.__name__)
        return _foreign(f, args, kwargs, path)
    except BaseException as e:
        return raising(e)


def _other(f, args, kwargs, frame):
    t = type(f)
    path = state.path()
    if path is not None and path.items:
        drain(path)
    elif state.handles:
        _sweep.tick(path)
    if t is MethodType:
        owner = f.__self__
        if type(owner) in kinds:
            return _of_handle(f, owner, args, kwargs, frame)
        operation = _births.operations.get(id(f.__func__))
        if operation is not None:
            return _operation(operation, (owner, *args), kwargs, frame)
        if f.__func__.__name__ in _LOG_METHODS and f.__func__.__module__ == "logging":
            return [partial(f, *_for_log(args), **settle(kwargs)), False]
    elif t is FunctionType:
        operation = _births.operations.get(id(f))
        if operation is not None:
            return _operation(operation, args, kwargs, frame)
        if id(f) in entrances and path is not None:
            return _again(f.__xcs_function__, args, kwargs, frame)
        if f.__module__ == "logging" and f.__name__ in _LOG_METHODS and sys.modules["logging"].root.handlers:
            return [partial(f, *_for_log(args), **settle(kwargs)), False]
    elif hasattr(t, "__xcs_program__"):
        if path is not None:
            return _again(f.__xcs_function__, args, kwargs, frame)
    elif t is functools.partial:
        return _again(f.func, (*f.args, *args), {**f.keywords, **kwargs}, frame)
    elif t in _BUILTIN:
        if f is builtins.print:
            if _sinks.defer_print(args, kwargs, frame):
                return [giving(None), False]
        elif type(f.__self__) is str:
            return _of_text(f, args, kwargs, frame, path)
        elif f.__name__ == "write" and _sinks.standard(f.__self__):
            written = _sinks.defer_write(f.__self__, f.__name__, args)
            if written is not None:
                return [giving(written), False]
    if (t is type or t in _BUILTIN) and f in (type, isinstance):
        args = looked_through(args, f"{f.__name__}()")
    elif isinstance(f, type):
        if f.__module__ in modules:
            made = _instance(f, args, kwargs)
            if made is not None:
                return made
    elif (t.__module__ in modules or t.__module__ == "xcs._ops") and type(getattr(t, "__call__", None)) is FunctionType:
        return _again(MethodType(t.__call__, f), args, kwargs, frame)
    if len(args) == 1 and not kwargs and type(args[0]) is types.GeneratorType and f in _EAGER and id(args[0].gi_code) in _known:
        args = (taken(args[0]),)
    return [_foreign(f, args, kwargs, path), False]


def taken(generator):
    """All that a generator of converted code gives; its frames count as those of the statement that it is written in."""
    return list(generator)


_guards.through.update(id(c.__code__) for c in (prepare, _again, _other, taken))


def _foreign(f, args, kwargs, path):
    """A call of what is not converted: nothing in its arguments is deferred, and it waits unless it is known to be harmless."""
    kind = _harmless.kind_of(f, args, kwargs)
    if getattr(f, "__module__", None) == "dataclasses" and f.__name__ == "replace" and len(args) == 1 and keeps_fields(type(args[0])):
        kind = _harmless.KEEPS
    if path is not None and path.loop is not None and not all(_loops.untouched(a, path) for a in (*args, getattr(f, "__self__", None))):
        kind = _harmless.UNKNOWN  # it takes from an iterator that other iterations may take from too
    if kind == _harmless.KEEPS:
        if type(f) in _BUILTIN and type(f.__self__) is dict and args:
            args = (looked_at(args[0], f"{f.__name__}()"), *args[1:])
        elif f is list.insert or type(f) in _BUILTIN and f.__name__ == "insert":
            args = (now(args[0]), *args[1:]) if args else args
    else:
        if path is not None and (kind == _harmless.UNKNOWN and (path.items or path.loop is not None) or kind == _harmless.READS and writing(path)):
            waits(f"{getattr(f, '__qualname__', type(f).__name__)}() is not known to be harmless")
            join(path)
        if state.handles:
            if getattr(f, "__name__", None) in FRAME_READERS:
                _sweep.sweep(sys._getframe(1))
            if _remarks.wanted and _holds((*args, *kwargs.values())):
                waits(f"{getattr(f, '__qualname__', type(f).__name__)}() looks at it")
            args, kwargs = settle(args), settle(kwargs)
            owner = getattr(f, "__self__", None)
            if owner is not None and type(owner) in (list, dict, MethodType):
                settle(owner)
    if path is not None and path.loop is not None and (
        (type(f) is type or f is iter) and f in _loops.MAKERS or kind == _harmless.READS and getattr(f, "__name__", "") == "open"
    ):
        return giving(_loops.make(f, args, kwargs, path))
    return partial(f, *args, **kwargs) if args or kwargs else f


def _operation(operation, args, kwargs, frame):
    begun, result = _births.call(operation, args, kwargs, frame)
    if begun:
        return [giving(result), False]
    args, kwargs = _births.direct(args, kwargs)
    return [partial(operation.send, *args, **kwargs), False]


def _of_handle(f, owner, args, kwargs, frame):
    """A method of a handle."""
    name = f.__func__.__name__
    if type(owner) is Text:
        result = _texts.stays(owner, name, args, kwargs, frame)
        if result is not None:
            return [giving(result), False]
        waits(f"{name}() looks at it")
    return _again(getattr(settle(owner), name), args, kwargs, frame)


def _of_text(f, args, kwargs, frame, path):
    """A method of a text that is there."""
    if len(args) == 1 and f.__name__ == "join" and type(args[0]) is types.GeneratorType and id(args[0].gi_code) in _known:
        args = (taken(args[0]),)
    if state.handles and f.__name__ in _texts.STAYS and _any_text(args, kwargs):
        result = _texts.stays(f.__self__, f.__name__, args, kwargs, frame)
        if result is not None:
            return [giving(result), False]
    return [_foreign(f, args, kwargs, path), False]


def _any_text(args, kwargs):
    for a in (*args, *kwargs.values()):
        if type(a) is Text or type(a) in (list, tuple) and any(type(e) is Text for e in a):
            return True
    return False


def _for_log(args):
    return tuple(a if type(a) is Text else settle(a) for a in args)


def _instance(cls, args, kwargs):
    """An instance of a class of converted code: its `__init__` is called as a converted function, or only keeps what it is given."""
    if type(cls).__call__ is not type.__call__ or cls.__new__ is not object.__new__:
        return None
    init = cls.__init__
    if "__dataclass_fields__" in vars(cls) and keeps_fields(cls):
        return [partial(cls, *args, **kwargs), False]
    if type(init) is not FunctionType:
        return [partial(cls, *args, **kwargs), False] if init is object.__init__ and not args and not kwargs else None
    if id(init.__code__) in _known:
        return [partial(cls, *args, **kwargs), True]
    return None


def keeps_fields(cls):
    """Whether an instance of a data class only keeps what it is given."""
    if type(cls) is not type or cls.__new__ is not object.__new__ or cls.__module__ not in modules:
        return False
    init, after = cls.__init__, getattr(cls, "__post_init__", None)
    if type(init) is not FunctionType or init.__code__.co_filename != "<string>" or "__slots__" in vars(cls):
        return False
    if after is not None and not (type(after) is FunctionType and id(after.__code__) in _known):
        return False
    classes = [c for c in cls.__mro__ if c is not object]
    return all(c.__module__ in modules and "__setattr__" not in _written(c) and not _descriptors(c) for c in classes)


def _written(cls):
    """Names of methods that the class's own text has: those that `dataclass(frozen=True)` adds are not converted."""
    return {n for n, v in vars(cls).items() if type(v) is FunctionType and id(v.__code__) in _known}


def _descriptors(cls):
    """Names of attributes whose assignment calls something."""
    return {n for n, v in vars(cls).items() if hasattr(type(v), "__set__") and not n.startswith("__") and not isinstance(v, property)}


# --- the other constructs ------------------------------------------------------------------------------------------------------------------


def returned(value):
    """`return value`: a caller that is not converted, or did not call from its deferring form, gets what is there when it is there."""
    if type(value) in PLAIN_TYPES or not state.handles:
        return value
    return value if _guards.open_caller(sys._getframe(1)) else settle(value)


def formatted(*parts):
    return _texts.formatted(parts, sys._getframe(1))


def percent(a, b):
    return _texts.percent(a, b, sys._getframe(1))


def _shown(function):
    """How the interpreter writes a callable in an error of its arguments."""
    name, module = getattr(function, "__qualname__", None), getattr(function, "__module__", None)
    if name is None:
        return str(function)
    return f"{name}()" if module in (None, "builtins") else f"{module}.{name}()"


def looked_at(x, what):
    """The value itself where `x` is a handle and `what` looks at it."""
    if type(x) in kinds:
        waits(f"{what} looks at it")
        return x._xcs_value()
    return x


def looked_through(x, what=None):
    """`x` without handles, whatever it is."""
    if what is not None and _remarks.wanted and _holds(x):
        waits(f"{what} looks at it")
    return settle(x)


def _holds(x, depth=3):
    """Whether a handle is in plain sight in `x`; for remarks."""
    if type(x) in kinds:
        return True
    if depth and isinstance(x, (list, tuple, set, frozenset)):
        return any(_holds(e, depth - 1) for e in x)
    return bool(depth) and isinstance(x, dict) and any(_holds(e, depth - 1) for e in x.values())


def starred(function, x):
    """What is after `*` in a call of `function`."""
    x = now(x)
    if function is not None and not hasattr(type(x), "__iter__") and not hasattr(type(x), "__getitem__"):
        raise TypeError(f"{_shown(function)} argument after * must be an iterable, not {type(x).__name__}")
    return x


def keywords(function, x, *named):
    """What is after `**` in a call of `function`, which has these keywords too."""
    x = now(x)
    if function is not None:
        if not hasattr(type(x), "keys"):
            raise TypeError(f"{_shown(function)} argument after ** must be a mapping, not {type(x).__name__}")
        for k in x.keys():
            if not isinstance(k, str):
                raise TypeError("keywords must be strings")
            if k in named:
                raise TypeError(f"{_shown(function)} got multiple values for keyword argument {k!r}")
    return x


def guarded():
    """Before a `try` or a `with`."""
    path = state.path()
    if path is not None:
        before_guard(path)


def added(value, target):
    """The right side of `target += value`: a text that is added to one may stay deferred."""
    return value if type(target) is str or type(target) is Text else now(value)


def joined():
    """Before what may do anything."""
    path = state.path()
    if path is not None:
        join(path)


def exposed(function):
    """Before a call of `exec`, `eval`, `locals` and the like: what sees all names sees values only."""
    joined()
    if state.handles:
        _sweep.sweep(sys._getframe(1))
    return function


def imported(*names):
    """Before an import: the code of a module that is not loaded yet may do anything."""
    if any(n not in sys.modules for n in names):
        joined()


def set_item(value, container, key):
    """`container[key] = value`."""
    t = type(container)
    if t in kinds:
        container = settle(container)
        t = type(container)
    if t is dict or t is list:
        container[now(key)] = value
        return
    if t is _loops.Puts or t is _loops.Items:
        container.put(value, key)
        return
    if not _harmless.is_value(t) and t.__module__ not in modules:
        joined()
    container[now(key)] = settle(value)


def set_attribute(value, target, name):
    """`target.name = value`: only objects of converted classes, without slots and descriptors, may hold handles."""
    t = type(target)
    if t.__module__ in modules and t not in kinds:
        if (
            t.__setattr__ is not object.__setattr__
            or hasattr(type(_found(t, name)), "__set__")
            or not hasattr(target, "__dict__")
            or isinstance(target, BaseException)
        ):
            value = settle(value)
    else:
        joined()
        value = settle(value)
    setattr(target, name, value)


def _found(cls, name):
    for c in cls.__mro__:
        if name in c.__dict__:
            return c.__dict__[name]
    return None


def used(x, what="unpacking"):
    """What is unpacked or looked through at once: an iterator that other iterations may take from too waits for its turn."""
    x = looked_at(x, what)
    path = state.path()
    if path is not None and path.loop is not None and not _loops.untouched(x, path):
        join(path)
    return x


def iterated(iterable):
    """What a `for` goes through: code that is not known, which runs between two elements, waits for the calls before it."""
    iterable = looked_at(iterable, "a loop over its characters")
    t = type(iterable)
    path = state.path()
    if path is not None and path.loop is not None and not _loops.untouched(iterable, path):
        join(path)
    if _loops.quiet_iterable(iterable) or t.__module__ in modules:
        return iterable
    if t is types.GeneratorType and id(iterable.gi_code) in _known or t.__module__.startswith("tqdm.") or t.__module__ in ("_io", "itertools"):
        return iterable
    return _joining(iterable)


def _joining(iterable):
    iterator = iter(iterable)
    while True:
        joined()
        try:
            x = next(iterator)
        except StopIteration:
            return
        yield x


def loop(iterable, body, sinks):
    """A loop whose iterations may run side by side; what it gives is called by the program's frame and raises what failed."""
    try:
        error = _loops.run(now(iterable), body, sinks)
    except BaseException as e:
        error = e
    return int if error is None else raising(error)


_guards.through.add(id(loop.__code__))
_loops._caller = loop.__code__

NAMES = {
    "__xcs_p__": prepare,
    "__xcs_n__": closed_call,
    "__xcs_r__": returned,
    "__xcs_v__": looked_at,
    "__xcs_y__": looked_through,
    "__xcs_f__": formatted,
    "__xcs_fv__": _texts.part,
    "__xcs_m__": percent,
    "__xcs_e__": exposed,
    "__xcs_g__": guarded,
    "__xcs_j__": joined,
    "__xcs_ad__": added,
    "__xcs_u__": used,
    "__xcs_st__": starred,
    "__xcs_kw__": keywords,
    "__xcs_i__": imported,
    "__xcs_s__": set_item,
    "__xcs_a__": set_attribute,
    "__xcs_it__": iterated,
    "__xcs_def__": _twins.defined,
    "__xcs_over__": _loops.may_overlap,
    "__xcs_loop__": loop,
    "__xcs_own__": locals,
}


def install():
    """Puts the names that converted code uses where every module finds them."""
    vars(builtins).update(NAMES)
