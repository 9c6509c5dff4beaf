"""Handles: values that may not be there yet. A handle is an object of its own, never a subclass of `str`.

C code that would read a text's characters unseen raises TypeError on one; everything else asks it, and then it waits. Converted code passes
handles on without looking; no other code gets one, except from an object's attribute.
"""

from __future__ import annotations

import functools
import operator
import sys

from . import _tracebacks
from ._state import state
from ._waiting import Part, enqueue, kinds, now, part_of, proxies, settle, value_of, waits


class Way:
    """The way from an answer to a part of it that is followed without waiting.

    `steps` are attributes and indices, `classes` what each leads to, the last one that of the part itself: `str` for a text. `read` finds it in
    the JSON of the answer; without one it is there under the names of the steps, so that `pointer` is where operations of the engine find it.
    """

    __slots__ = ("steps", "classes", "pointer", "_read")

    def __init__(self, steps, classes, read=None):
        self.steps, self.classes, self._read = steps, classes, read
        self.pointer = None if read else "".join(f"/{name}" for _, name in steps)

    def with_classes(self, classes):
        return Way(self.steps, classes, self._read)

    def read(self, body):
        """The part, in the JSON of an answer; raises KeyError, IndexError or TypeError where it is not."""
        return self._read(body) if self._read else _follow_json(body, self.steps)

    def has(self, body, steps):
        """Whether the JSON of an answer has the part to which the first of these steps lead, of the kind that the client expects there."""
        if self.pointer is None or steps != self.steps[: len(steps)]:
            return False
        kind = (dict, *self.classes)[len(steps)]
        try:
            return type(_follow_json(body, steps)) is (kind if kind in (list, str) else dict)
        except (KeyError, IndexError, TypeError):
            return False


def _follow_json(value, steps):
    return functools.reduce(lambda x, step: x[step[1]], steps, value)


class _Counted:
    """The number of living handles is what `__xcs_idle__` rests on."""

    __slots__ = ()
    # An array of numpy leaves an operation with a handle to the handle, in place of taking it for a sequence.
    __array_ufunc__ = None

    def __del__(self, state=state):
        state.handles -= 1
        if not state.handles:
            state.refresh()


class Text(_Counted):
    """A text that may not be there yet, or, when `_sure` is false, what turns out to be None."""

    __slots__ = ("_op", "_steps", "_sure", "__weakref__")
    __class__ = property(lambda self: str)

    def __init__(self, op, steps=(), sure=False):
        state.handles += 1
        if state.handles == 1:
            state.refresh()
        self._op, self._steps, self._sure = op, steps, sure

    def _xcs_value(self):
        return part_of(self._op, self._steps) if self._steps else value_of(self._op)

    def _xcs_operand(self):
        return self._op, self._steps

    def __getattr__(self, name):
        return getattr(self._xcs_value(), name)

    def __add__(self, other):
        return _texts.plus(self, other)

    def __radd__(self, other):
        # A list says itself what it makes of a text, as it does of a text that is there.
        if isinstance(other, str):
            return _texts.plus(other, self)
        value = self._xcs_value()
        return NotImplemented if type(value) is str and type(other).__module__ == "builtins" else other + value

    def __iadd__(self, other):
        return _texts.plus(self, other, operator.iadd)

    def __format__(self, spec):
        return format(self._xcs_value(), now(spec))

    def __int__(self):
        waits("int() looks at it")
        return int(self._xcs_value())

    def __float__(self):
        waits("float() looks at it")
        return float(self._xcs_value())

    def __bool__(self):
        waits("a condition looks at it")
        return bool(self._xcs_value())

    def __fspath__(self):
        return self._xcs_value()

    def __copy__(self):
        return self._xcs_value()

    def __deepcopy__(self, memo):
        import copy

        return copy.deepcopy(self._xcs_value(), memo)

    def __reduce_ex__(self, protocol):
        value = self._xcs_value()
        return (str, (value,)) if type(value) is str else (type(value), ())


def _asking(name, words, ask):
    def method(self, *args):
        waits(words + " looks at it")
        return ask(self._xcs_value(), *[settle(a) for a in args])

    method.__name__ = name
    return method


for _name, _words, _ask in (
    ("__str__", "str()", str),
    ("__repr__", "repr()", repr),
    ("__len__", "len()", len),
    ("__iter__", "a loop over its characters", iter),
    ("__contains__", "`in`", operator.contains),
    ("__getitem__", "a subscript", operator.getitem),
):
    setattr(Text, _name, _asking(_name, _words, _ask))


def _comparing(name):
    compare = getattr(operator, name.strip("_"))

    def method(self, other):
        waits("a comparison looks at it")
        return compare(self._xcs_value(), now(other))

    method.__name__ = name
    return method


for _name in ("__eq__", "__ne__", "__lt__", "__le__", "__gt__", "__ge__"):
    setattr(Text, _name, _comparing(_name))


def _hash(self):
    waits("its hash is asked")
    return hash(self._xcs_value())


Text.__hash__ = _hash


def _method(name):
    def method(self, *args, **kwargs):
        return _texts.method(self, name, args, kwargs)

    method.__name__ = name
    return method


for _name in dir(str):
    if not _name.startswith("_"):
        setattr(Text, _name, _method(_name))

# What error messages of CPython say of a text.
Text.__name__ = Text.__qualname__ = "str"


class Later(_Counted):
    """An answer that may not be there yet, or a part of it; the ways to its texts are followed without waiting."""

    __slots__ = ("_op", "_steps", "_cls", "_ways", "__weakref__")

    def __init__(self, op, steps, cls, ways=()):
        state.handles += 1
        if state.handles == 1:
            state.refresh()
        put = object.__setattr__
        put(self, "_op", op), put(self, "_steps", steps), put(self, "_cls", cls), put(self, "_ways", ways)

    __class__ = property(lambda self: self._cls)

    def _xcs_value(self):
        return part_of(self._op, self._steps)

    def _xcs_operand(self):
        return self._op, self._steps

    def _next(self, step):
        """The part that a step leads to, when it is on one of the ways and the answer is not there."""
        if self._op.done:
            return None
        steps = self._steps + (step,)
        for way in self._ways:
            if steps == way.steps[: len(steps)]:
                path = state.path()
                if path is None:
                    return None
                cls = way.classes[len(steps) - 1]
                if steps == way.steps or step[0] == "[":
                    enqueue(path, Part(self._op, steps, _tracebacks.stack(sys._getframe(2), path)))
                if cls is not str:
                    return Later(self._op, steps, cls, self._ways)
                if type(self._op) in proxies:
                    return Text(self._op.text(way))
                return Text(self._op, steps)
        return None

    def __getattr__(self, name):
        part = self._next((".", name))
        if part is not None:
            return part
        waits(f"`.{name}` looks at it")
        return getattr(self._xcs_value(), name)

    def __setattr__(self, name, value):
        setattr(self._xcs_value(), name, settle(value))

    def __delattr__(self, name):
        delattr(self._xcs_value(), name)

    def __getitem__(self, key):
        part = self._next(("[", key)) if type(key) is int else None
        return part if part is not None else self._xcs_value()[now(key)]

    def __bool__(self):
        return bool(self._xcs_value())

    def __format__(self, spec):
        return format(self._xcs_value(), now(spec))

    def __copy__(self):
        import copy

        return copy.copy(self._xcs_value())

    def __deepcopy__(self, memo):
        import copy

        return copy.deepcopy(self._xcs_value(), memo)

    def __reduce_ex__(self, protocol):
        return self._xcs_value().__reduce_ex__(protocol)

    def __iter__(self):
        return iter(self._xcs_value())

    def __hash__(self):
        return hash(self._xcs_value())

    def __str__(self):
        return str(self._xcs_value())

    def __repr__(self):
        return repr(self._xcs_value())

    def __len__(self):
        return len(self._xcs_value())

    def __contains__(self, other):
        return now(other) in self._xcs_value()

    def __dir__(self):
        return dir(self._xcs_value())

    def __call__(self, *args, **kwargs):
        return self._xcs_value()(*settle(args), **settle(kwargs))


for _name in ("__eq__", "__ne__", "__lt__", "__le__", "__gt__", "__ge__"):
    setattr(Later, _name, _comparing(_name))


def _operators(cls, names, given):
    """The operators that `cls` does not define itself, as those of the value: also what is an error then says so of the value."""

    def forward(apply, what):
        return lambda self, other: (waits(what), apply(self._xcs_value(), settle(other)))[1]

    def reflected(apply, what):
        return lambda self, other: (waits(what), apply(settle(other), self._xcs_value()))[1]

    for name, sign in names.items():
        function = getattr(operator, name + "_" if name in ("and", "or") else name)
        what = f"`{sign}` looks at it"
        changing = forward(getattr(operator, "i" + name), f"`{sign}=` looks at it")
        for method, made in ((name, forward(function, what)), ("r" + name, reflected(function, what)), ("i" + name, changing)):
            if f"__{method}__" not in given:
                setattr(cls, f"__{method}__", made)
    cls.__divmod__, cls.__rdivmod__ = forward(divmod, "divmod() looks at it"), reflected(divmod, "divmod() looks at it")


_BINARY = {"add": "+", "sub": "-", "mul": "*", "truediv": "/", "floordiv": "//", "mod": "%", "pow": "**", "matmul": "@", "and": "&", "or": "|",
           "xor": "^", "lshift": "<<", "rshift": ">>"}  # fmt: skip
_operators(Text, _BINARY, ("__add__", "__radd__", "__iadd__"))
_operators(Later, _BINARY, ())


def _unary(apply):
    return lambda self: apply(self._xcs_value())


for _cls in (Text, Later):
    for _name in ("neg", "pos", "invert", "abs"):
        setattr(_cls, f"__{_name}__", _unary(getattr(operator, _name)))
Later.__int__, Later.__float__, Later.__round__ = _unary(int), _unary(float), lambda self, *n: round(self._xcs_value(), *n)

kinds.update((Text, Later))


from . import _texts  # noqa: E402 (texts are made of handles, and handles of texts)
