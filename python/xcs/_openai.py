"""The OpenAI client: `chat.completions.create` is deferred. The method is replaced, never the transport."""

from __future__ import annotations

import functools
import os
import sys

from . import _births, _handles, _rates
from ._state import state
from ._waiting import kinds, settle

MODULES = ("openai.resources.chat.completions.completions", "openai.resources.chat.completions")
PACKAGES = frozenset({"openai"})
NOT_DEFERRED = ("stream", "tools", "functions")
_patched = []  # (class, name, method before, ours)


def patch_loaded():
    for name in MODULES:
        if name in sys.modules:
            patch(sys.modules[name])


def patch(module):
    completions = getattr(module, "Completions", None)
    if completions is None or any(c is completions for c, *_ in _patched):
        return
    if "create" not in vars(completions):
        return
    replace(completions, "create", fits, _answer_class, _begin)


def _begin(operation, args, kwargs, place):
    """Sends a call by the engine itself, or says why the client sends it."""
    if state.options.get("native") is False or os.environ.get("XCS_NATIVE") == "0":
        return "XCS_NATIVE=0 says so"
    from . import _native

    return _native.begin(operation, args, kwargs, place)


def unpatch():
    """Gives the client its own methods back, where nothing else has replaced ours since."""
    while _patched:
        cls, name, before, ours = _patched.pop()
        if vars(cls).get(name) is ours:
            setattr(cls, name, before)
        _births.operations.pop(id(ours), None)


def replace(cls, name, fits_, answer, native=None):
    before = vars(cls)[name]

    @functools.wraps(before)
    def create(self, *args, **kwargs):
        # Reached only by callers that are not converted, or through another wrapper: they get the finished answer.
        if state.handles:
            args, kwargs = settle(args), settle(kwargs)
        return before(self, *args, **kwargs)

    setattr(cls, name, create)
    _patched.append((cls, name, before, create))
    operation = _births.Operation(create, before, fits_, effect="sample", answer=answer, native=native)
    operation.beside = _rates.sender(before)
    return create


def fits(args, kwargs):
    """Why a call is not deferred; None when it may be."""
    if len(args) != 1:
        return "arguments without names"
    for name in NOT_DEFERRED:
        value = kwargs.get(name)
        if type(value) in kinds:
            return f"`{name}` is not known yet"
        if value is not None and type(value).__name__ not in ("NotGiven", "Omit") and value is not False:
            return f"`{name}` is given: the answer is not one text"
    headers = kwargs.get("extra_headers")
    if headers and any(str(h).lower() == "x-stainless-raw-response" for h in headers):
        return "the raw response is asked for"
    n = kwargs.get("n")
    if n is not None and type(n) is not int and type(n).__name__ not in ("NotGiven", "Omit"):
        return "`n` is not known yet"
    client = getattr(args[0], "_client", None)
    if client is None or type(client).__module__.partition(".")[0] != "openai":
        return "the client is a class of another library"
    return None


def _answer_class():
    from openai.types.chat import ChatCompletion, ChatCompletionMessage
    from openai.types.chat.chat_completion import Choice

    _handles.ways(ChatCompletion, (_handles.CONTENT, (list, Choice, ChatCompletionMessage)))
    return ChatCompletion
