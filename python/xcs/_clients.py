"""Clients of models: which of their methods are deferred, a row of METHODS each. A method is replaced, never the transport.

To add one: a row, and a test of it in python/tests/natural. What is sent by the engine is learnt from the client itself (`_native`), so a row
only says where the method is, in which arguments texts may be that are not there yet, and where the answer has its text.
"""

from __future__ import annotations

import functools
import importlib
import os
import sys

from . import _births, _handles, _rates
from ._state import state
from ._waiting import kinds, settle

_patched = []  # (class, method before, ours)


class Package:
    """A client's package: the class of its plain client, and what of a client says that the engine cannot send its calls."""

    def __init__(self, name, client, credentials=(), keys=("api_key",)):
        self.name, self.client = name, client
        self.credentials = credentials  # attributes that make a key for each call
        self.keys = keys  # attributes that are the key itself

    def holds(self, client):
        return type(client).__module__.partition(".")[0] == self.name

    def plain(self, client):
        return type(client) is getattr(sys.modules[self.name], self.client)

    def why_host(self, client):
        """What only clients of this package have; None when nothing of it is in use. Asked before each call."""
        return None


class OpenAI(Package):
    def __init__(self):
        super().__init__("openai", "OpenAI", ("_provider", "_provider_runtime", "workload_identity", "_api_key_provider", "_workload_identity_auth"))


class Anthropic(Package):
    def __init__(self):
        super().__init__("anthropic", "Anthropic", ("credentials", "_token_cache", "_custom_auth"), ("api_key", "auth_token"))

    def why_host(self, client):
        if getattr(client, "_middleware", ()):
            return "it has middleware"
        options = getattr(client, "_open_telemetry", None)
        if options is None or not options["traces"]["enabled"]:
            return None
        trace = sys.modules["opentelemetry.trace"]
        given = options.get("tracer_provider") is not None or os.environ.get("OTEL_PYTHON_TRACER_PROVIDER")
        if given or getattr(trace, "_TRACER_PROVIDER", True) is not None or trace.get_current_span().get_span_context().is_valid:
            return "its calls are traced"
        return None


OPENAI, ANTHROPIC = OpenAI(), Anthropic()


class Method:
    """A `create` of a client.

    `modules` are those that its class `cls` may be in, below `resources`; `at` is the way from a client to the object that has the method.
    `texts` names the arguments whose texts may be deferred, `direct` those with which a call is not deferred. `answer` is the class of the
    answer, `ways` the parts of it that are followed without waiting, with the classes on the way below `types`. `sample` is an answer that the
    client's parser takes.
    """

    def __init__(self, package, modules, cls, at, texts, answer, ways, sample, direct=()):
        self.package, self.cls, self.at = package, cls, at.split(".")
        self.modules = tuple(f"{package.name}.resources.{m}" for m in modules.split())
        self.texts, self.direct, self.sample = frozenset(texts.split()), ("stream", *direct), sample
        self._answer, self.ways = answer, ways

    def resource(self, client):
        """The object whose method it is, of a client."""
        return functools.reduce(getattr, self.at, client)

    def answer(self):
        """(class of the answer, its ways)."""

        def named(place):
            if type(place) is not str:
                return place
            module, _, name = f"{self.package.name}.types.{place}".rpartition(".")
            return getattr(importlib.import_module(module), name)

        return named(self._answer), tuple(w.with_classes(tuple(map(named, w.classes))) for w in self.ways)

    def fits(self, args, kwargs):
        """Why a call is not deferred; None when it may be."""
        if len(args) != 1:
            return "arguments without names"
        for name in self.direct:
            value = kwargs.get(name)
            if type(value) in kinds:
                return f"`{name}` is not known yet"
            if value is not None and value is not False and not _omitted(value):
                return f"`{name}` is given: the answer is not one text"
        headers = kwargs.get("extra_headers")
        if headers and any(str(h).lower() == "x-stainless-raw-response" for h in headers):
            return "the raw response is asked for"
        n = kwargs.get("n")
        if n is not None and type(n) is not int and not _omitted(n):
            return "`n` is not known yet"
        client = getattr(args[0], "_client", None)
        if client is None or not self.package.holds(client):
            return "the client is a class of another library"
        return self.warns(type(args[0]), kwargs)

    def warns(self, cls, kwargs):
        """Why the client may warn of the call, which plain Python shows at the program's line."""
        return None


class Messages(Method):
    """Anthropic's client warns of old models."""

    def warns(self, cls, kwargs):
        model, module = kwargs.get("model"), sys.modules[cls.__module__]
        if type(model) in kinds:
            return "`model` is not known yet"
        old = getattr(module, "DEPRECATED_MODELS", ())
        if type(model) is str and (model in old or model in getattr(module, "MODELS_TO_WARN_WITH_THINKING_ENABLED", ()) and kwargs.get("thinking")):
            return "the client warns of its model"
        return None


def _omitted(value):
    return type(value).__name__ in ("NotGiven", "Omit")


def _output_text(body):
    """What `Response.output_text` gives, read from the JSON of the answer."""
    return "".join([part["text"] for item in body["output"] if item["type"] == "message"
                    for part in item["content"] if part["type"] == "output_text"])  # fmt: skip


def _way(path, *classes, read=None):
    """A way written as it is in a program: `choices[0].text`."""
    steps = tuple(("[", int(s)) if s.isdigit() else (".", s) for s in path.replace("[", ".").replace("]", "").split("."))
    return _handles.Way(steps, classes, read)


_CHAT = {"id": "x", "object": "chat.completion", "created": 0, "model": "m",
         "choices": [{"index": 0, "finish_reason": "stop", "message": {"role": "assistant", "content": ""}}]}  # fmt: skip
_TEXT = {"id": "x", "object": "text_completion", "created": 0, "model": "m",
         "choices": [{"index": 0, "finish_reason": "stop", "text": "", "logprobs": None}]}  # fmt: skip
_VECTOR = {"object": "list", "model": "m", "data": [{"object": "embedding", "index": 0, "embedding": [0.5]}],
           "usage": {"prompt_tokens": 1, "total_tokens": 1}}  # fmt: skip
_RESPONSE = {"id": "x", "object": "response", "created_at": 0, "model": "m", "status": "completed", "parallel_tool_calls": True, "tool_choice": "auto",
             "tools": [], "output": [{"id": "y", "type": "message", "role": "assistant", "status": "completed",
                                      "content": [{"type": "output_text", "text": "", "annotations": []}]}]}  # fmt: skip
_MESSAGE = {"id": "x", "type": "message", "role": "assistant", "model": "m", "content": [{"type": "text", "text": ""}], "stop_reason": "end_turn",
            "stop_sequence": None, "usage": {"input_tokens": 1, "output_tokens": 1}}  # fmt: skip

METHODS = (
    Method(OPENAI, "chat.completions.completions chat.completions", "Completions", "chat.completions", "messages", "chat.ChatCompletion",
           [_way("choices[0].message.content", list, "chat.chat_completion.Choice", "chat.ChatCompletionMessage", str)], _CHAT,
           ("tools", "functions")),
    Method(OPENAI, "responses.responses", "Responses", "responses", "input instructions", "responses.Response",
           [_way("output_text", str, read=_output_text),
            _way("output[0].content[0].text", list, "responses.ResponseOutputMessage", list, "responses.ResponseOutputText", str)], _RESPONSE,
           ("tools", "background", "conversation")),
    Method(OPENAI, "completions", "Completions", "completions", "prompt suffix", "Completion",
           [_way("choices[0].text", list, "CompletionChoice", str)], _TEXT),
    Method(OPENAI, "embeddings", "Embeddings", "embeddings", "input", "CreateEmbeddingResponse",
           [_way("data[0].embedding", list, "Embedding", list)], _VECTOR),
    Messages(ANTHROPIC, "messages.messages messages", "Messages", "messages", "messages system", "Message",
             [_way("content[0].text", list, "TextBlock", str)], _MESSAGE, ("tools", "container")),
)  # fmt: skip
PACKAGES = frozenset(method.package.name for method in METHODS)
MODULES = {name: method for method in METHODS for name in method.modules}


def patch_loaded():
    for name in MODULES:
        if name in sys.modules:
            patch(sys.modules[name])


def patch(module):
    """Replaces the method of a row in a module that was just loaded."""
    method = MODULES[module.__name__]
    cls = getattr(module, method.cls, None)
    if cls is None or any(c is cls for c, *_ in _patched) or "create" not in vars(cls):
        return
    before = vars(cls)["create"]

    @functools.wraps(before)
    def create(self, *args, **kwargs):
        # Reached only by callers that are not converted, or through another wrapper: they get the finished answer.
        if state.handles:
            args, kwargs = settle(args), settle(kwargs)
        return before(self, *args, **kwargs)

    cls.create = create
    _patched.append((cls, before, create))
    operation = _births.Operation(create, before, method.fits, effect="sample", answer=method.answer, native=functools.partial(_begin, method))
    operation.beside = _rates.sender(before)


def unpatch():
    """Gives the clients their own methods back, where nothing else has replaced ours since."""
    while _patched:
        cls, before, ours = _patched.pop()
        if vars(cls).get("create") is ours:
            cls.create = before
        _births.operations.pop(id(ours), None)


def _begin(method, operation, args, kwargs, place):
    """Sends a call by the engine itself, or says why the client sends it."""
    if state.options.get("native") is False or os.environ.get("XCS_NATIVE") == "0":
        return "XCS_NATIVE=0 says so"
    from . import _native

    return _native.begin(method, operation, args, kwargs, place)
