"""Calls of models: of the OpenAI client and of `xcs.model`, and the resources that they become."""

from __future__ import annotations

import ast
import os

from .ir import Ref, Word
from .types import FLOAT, INT, STR, ListType, RecordType
from .values import Answer, Val, constant

# The failures of a call of a model, by the names of their diagnostics; the client raises an OpenAIError for each.
KINDS = ("model-status", "not-connected", "connection-broken", "timeout", "model-silent", "retry-too-late", "certificate-refused", "bad-message")
# Where the client gives an answer without a text, a plan fails, and no handler of Python takes that.
_WITHOUT_TEXT = [("model-answer", None), ("model-refused", None), ("model-finish", None), ("model-tool-call", None)]
# The client gives the text of an answer whatever has ended it.
_FINISH = {"finish_reasons": {"length": "stop", "content_filter": "stop"}}
_ATTRIBUTES = {"temperature": FLOAT, "top_p": FLOAT, "frequency_penalty": FLOAT, "presence_penalty": FLOAT, "max_tokens": INT, "seed": INT, "reasoning_effort": STR}


class Models:
    """The models that a program calls, as resources."""

    def __init__(self, unit):
        self.unit, self.resources = unit, {}

    @staticmethod
    def fits(x):
        return _client_of(x) is not None or _own(x)

    def call(self, c, x, node, want):
        client = _client_of(x)
        options = {k.arg: k.value for k in node.keywords}
        if None in options:
            raise c.refuse(node, "`**` in a call of a model has no form in a plan", "write the arguments")
        if client is not None:
            model = options.pop("model", None)
            messages = options.pop("messages", None)
            if node.args or model is None or messages is None:
                raise c.refuse(node, "this call of the client has no form in a plan", "write `create(model=.., messages=..)`")
            name = c.constant_of(model, "the name of the model")
            symbol = self._of_client(c, client, name, node)
            prompt, system = self.prompt(c, messages)
            return Answer(self._chat(c, symbol, prompt, system, options, {}, node))
        if len(node.args) != 1:
            raise c.refuse(node, "a model takes one text, or a list of messages")
        symbol = self._of_model(c, x, node)
        prompt, system = self.prompt(c, node.args[0])
        return self._chat(c, symbol, prompt, system, options, x.options, node)

    def _chat(self, c, symbol, prompt, system, options, fixed, node):
        attributes = {}
        for k, v in fixed.items():
            attributes[k] = self._constant_option(c, k, v, node)
        varying = []
        for k, e in options.items():
            val = c.value(e)
            if k not in _ATTRIBUTES and k != "stop":
                raise c.refuse(e, f"the argument `{k}` of a call of a model has no form in a plan", f"arguments of a plan: {', '.join([*_ATTRIBUTES, 'stop'])}")
            if val.is_constant and k != "stop":
                attributes[k] = self._constant_option(c, k, val.constant, e)
            elif k == "stop":
                attributes[k] = [c.constant_of(x, "a `stop`") for x in e.elts] if isinstance(e, ast.List) else [c.constant_of(e, "`stop`")]
            else:
                attributes.pop(k, None)
                varying.append((k, self._as(c, val, _ATTRIBUTES[k], e)))
        operands = [prompt]
        if system is not None:
            if system.is_constant:
                attributes = {"system": system.constant, **attributes}
            else:
                operands.append(system)
        if varying:
            t = RecordType("tuple", [(k, v.type) for k, v in varying])
            operands.append(c.op("record.make", [v for _, v in varying], t, hint="options"))
        c.region.asks = True
        return c.op("model.chat", operands, STR, attributes, symbol=symbol, fails=[("model", "OpenAIError"), *_WITHOUT_TEXT], hint="answer")

    @staticmethod
    def _as(c, val, t, node):
        if t is FLOAT and val.type is INT:
            raise c.refuse(node, "a whole number is sent in another form than a float", "write it as a float")
        return c.to(val, t, node)

    @staticmethod
    def _constant_option(c, k, v, node):
        t = _ATTRIBUTES.get(k)
        if t is FLOAT and type(v) in (int, float):
            return float(v)
        if t is INT and type(v) is int or t is STR and type(v) is str:
            return v
        if k == "stop" and isinstance(v, (str, list)):
            return [v] if isinstance(v, str) else v
        raise c.refuse(node, f"the argument `{k}` of a call of a model has no form in a plan", f"arguments of a plan: {', '.join([*_ATTRIBUTES, 'stop'])}")

    # Messages.

    def prompt(self, c, node):
        """(the prompt, the system message or None) of an expression for messages."""
        if isinstance(node, ast.List) and all(isinstance(e, ast.Dict) for e in node.elts):
            said = [self._message(c, e) for e in node.elts]
            if all(said):
                roles = [r for r, _ in said]
                if roles == ["user"]:
                    return said[0][1], None
                if roles == ["system", "user"]:
                    return said[1][1], said[0][1]
                t = _message_type()
                made = [c.op("record.make", [constant(r), v], t, hint=r) for r, v in said]
                return c.op("list.pack", made, ListType(t), hint="messages"), None
        val = c.as_value(c.look(node), node)
        if val.type is STR:
            return val, None
        return self._conversation(c, val, node), None

    @staticmethod
    def _message(c, node):
        entries = {k.value: v for k, v in zip(node.keys, node.values) if isinstance(k, ast.Constant)}
        if set(entries) != {"role", "content"} or len(node.keys) != 2:
            return None
        role = c.value(entries["role"])
        if not role.is_constant:
            return None
        content = c.value(entries["content"])
        if content.type is not STR:
            raise c.refuse(entries["content"], f"the content of a message is a text in a plan, not {content.type.shown}")
        return role.constant, content

    @staticmethod
    def _conversation(c, val, node):
        """A list of dictionaries with the keys `role` and `content`."""
        t = val.type
        if isinstance(t, ListType):
            e = t.element
            if isinstance(e, RecordType) and e.kind == "dict" and {n: x for n, x in e.fields} == {"role": STR, "content": STR}:
                return val
            if e.xir == "dict<str, str>":
                wanted = _message_type()
                ref = Ref(e.xir, "message")
                with c.inside(ref) as region:
                    parts = [c.op("dict.at", [Val(e, ref), k], STR, fails=[("missing-key", None)]) for k in ("role", "content")]
                    n = c.op("dict.len", [Val(e, ref)], INT)
                    c.require_own(c.op("i64.eq", [n, 2], _bool()), "a message has other keys than `role` and `content`")
                    c.add("yield", [c.op("record.make", parts, wanted)])
                c.region.absorb(region)
                return c.op("map", [val], ListType(wanted), regions=[region], hint="messages")
        raise c.refuse(node, f"messages of a plan are a text or a list of dictionaries with `role` and `content`, not {t.shown}")

    # Resources.

    def _of_client(self, c, client, name, node):
        settings = _settings(c, client, node)
        return self._resource(name, {**settings, "model": name, "capabilities": _FINISH})

    def _of_model(self, c, model, node):
        url = model.url or os.environ.get("OPENAI_BASE_URL") or "https://api.openai.com/v1"
        attributes = {"url": url.rstrip("/"), "model": model.name, "key": _secret(c, model._key or os.environ.get("OPENAI_API_KEY"), node)}
        if model._places is not None:
            attributes["max_in_flight"] = model._places._initial_value
        if model._gap:
            attributes["requests_per_minute"] = round(60.0 / model._gap, 6)
        attributes["capabilities"] = _FINISH
        return self._resource(model.name, attributes)

    def _resource(self, name, attributes):
        key = repr(sorted((k, getattr(v, "text", v)) for k, v in attributes.items()))
        if key not in self.resources:
            base = "".join(x if x.isascii() and (x.isalnum() or x == "_") else "_" for x in name) or "model"
            base = base if not base[0].isdigit() else f"m_{base}"
            used = {s for s, _ in self.resources.values()}
            symbol, k = base, 2
            while symbol in used:
                symbol, k = f"{base}_{k}", k + 1
            self.resources[key] = symbol, attributes
        return self.resources[key][0]


def _bool():
    from .types import BOOL

    return BOOL


def _message_type():
    return RecordType("dict", [("role", STR), ("content", STR)])


def _client_of(x):
    """The client whose `chat.completions.create` this is."""
    owner = getattr(x, "__self__", None)
    if owner is None or getattr(x, "__name__", "") != "create":
        return None
    cls = type(owner)
    if cls.__name__ == "Completions" and cls.__module__ == "openai.resources.chat.completions.completions" or cls.__module__ == "openai.resources.chat.completions" and cls.__name__ == "Completions":
        return owner._client
    return None


def _own(x):
    return type(x).__name__ == "Model" and type(x).__module__ == "xcs._ops"


def _settings(c, client, node):
    if type(client).__name__ != "OpenAI" or type(client).__module__ != "openai":
        raise c.refuse(node, f"a client of the class {type(client).__name__} has no form in a plan", "use `OpenAI(..)`")
    if client._custom_headers or client._custom_query or client.organization or getattr(client, "project", None):
        raise c.refuse(node, "a client with headers, query, organization or project of its own has no form in a plan", "use a plain `OpenAI(..)`")
    settings = {"url": str(client.base_url).rstrip("/"), "key": _secret(c, client.api_key, node)}
    if client.max_retries != 2:
        settings["retries"] = client.max_retries
    timeout = client.timeout
    if isinstance(timeout, (int, float)):
        settings["attempt_timeout"] = Word(f"{round(timeout * 1000)}ms")
    return settings


def _secret(c, key, node):
    """A key stands in no plan: it is the environment variable that has it."""
    for name in sorted(os.environ, key=lambda n: (n != "OPENAI_API_KEY", n)):
        if key and os.environ[name] == key and name.replace("_", "").isalnum():
            return Word(f'secret("{name}")')
    raise c.refuse(node, "the key of this model is in no environment variable, and a plan contains no key", "export it, such as OPENAI_API_KEY, before the function is compiled")
