"""Calls of the OpenAI client sent by the engine: the body is made by recorded operations, and no Python runs between two calls.

What the client would send is learnt from the client itself: a copy of it, whose transport only writes down, makes one call of each shape with
marks in place of the texts of its messages. The answer goes the same way back: a copy whose transport gives the bytes that came makes the call
again, so objects and exceptions are the client's own. Only the text `choices[0].message.content` is read without it.
"""

from __future__ import annotations

import collections
import contextvars
import json
import logging
import os
import sys
import types
import weakref

from . import _trace, _tracebacks
from ._state import state
from ._waiting import filled, follow, kinds, proxies, snapshot

CONTENT = ((".", "choices"), ("[", 0), (".", "message"), (".", "content"))
POINTER = {"pointer": "/choices/0/message/content"}
# Headers that hold nothing private. All others are variables of the session: no text of a segment has their values.
_OPEN = frozenset({"accept", "content-type", "user-agent"})
# Written by the engine's own client.
_OURS = frozenset({"host", "content-length", "connection", "accept-encoding", "transfer-encoding", "keep-alive"})
_CREDENTIALS = ("_provider", "_provider_runtime", "workload_identity", "_api_key_provider", "_workload_identity_auth")
_SCALARS = (str, int, float, bool, type(None))
_DUMMY = {"id": "x", "object": "chat.completion", "created": 0, "model": "m",
          "choices": [{"index": 0, "finish_reason": "stop", "message": {"role": "assistant", "content": ""}}]}  # fmt: skip
LONGEST = "720h"  # the client bounds attempts and no call as a whole
MOST_RETRIES = 16
_HERE = contextvars.ContextVar("xcs_told")  # of one fiber: a client may be made to call code of the program, which waits


class Unfit(Exception):
    """Why a call is sent by the host."""


class Template:
    """What the calls of one shape have in common: where they go, and the body around the texts of their messages."""

    __slots__ = ("symbol", "path", "pieces", "attributes", "first")

    def __init__(self, symbol, path, pieces, attributes, first):
        self.symbol, self.path, self.pieces, self.attributes = symbol, path, pieces, attributes
        self.first = first  # the request that it was learnt from, until `_confirm` has compared it with a second one


class Known:
    """What is known of one client, as long as it stays as it is."""

    def __init__(self, client, send):
        self.values = tuple(vars(client).values())
        self.own = dict(client._custom_headers), dict(client._custom_query)
        self.templates, self.misses, self.hits = {}, 0, 0
        self.why = _why_host(client)
        self.machine, self.shadow = None, None
        if self.why is None:
            self.machine = _machine(client)
            self.why = _why_replaced(client, self.machine)
        self.send = send

    def same(self, client):
        return (self.values == tuple(vars(client).values()) and self.own == (client._custom_headers, client._custom_query)
                and (self.machine is None or self.machine == _machine(client)))  # fmt: skip

    def copy(self, client):
        if self.shadow is None:
            http = _http(client)
            inner = http.Client(transport=http.MockTransport(_answered), follow_redirects=client._client.follow_redirects, trust_env=False)
            self.shadow = client.copy(http_client=inner, max_retries=0)
        return self.shadow


_known = {}  # id(client) -> (weak reference, Known)
_symbols = {}  # what a resource is declared with -> its symbol
_variables = {}  # value of a header -> the name of its variable
_sessions = [None]
_watched = collections.deque(maxlen=1024)  # the latest calls whose texts operations use
_clients = [0, 0]  # clients that were looked at, and calls that they made


def _http(client):
    """The module that the client's transport comes from: `httpx`, or what took its place."""
    for c in type(client._client).__mro__:
        if c.__name__ == "Client" and c.__module__.partition(".")[0].startswith("httpx"):
            return sys.modules[c.__module__.partition(".")[0]]
    raise Unfit("its http_client is of a library that is not known")


def _why_host(client):
    openai = sys.modules["openai"]
    inner = getattr(client, "_client", None)
    if type(client) is not openai.OpenAI:
        return f"the client is of class {type(client).__name__}"
    if any(getattr(client, name, None) is not None for name in _CREDENTIALS) or type(client.api_key) is not str:
        return "its key is made anew for each call"
    wrapped = type(inner).__name__ == "SyncHttpxClientWrapper" and type(inner).__module__ == "openai._base_client"
    # The first versions had no wrapper, and said whether the program gave the http_client.
    usual = getattr(client, "_has_custom_http_client", True) is False and type(inner).__name__ == "Client"
    if not wrapped and not (usual and type(inner).__module__.startswith("httpx")):
        return "it has an http_client of its own"
    if getattr(client, "_transport", None) is not None or getattr(client, "_proxies", None) is not None:
        return "it has a transport of its own"
    parts = vars(inner)
    if type(parts.get("_transport")).__name__ != "HTTPTransport" or not type(parts["_transport"]).__module__.startswith("httpx"):
        return "it has a transport of its own"
    if any(m is not None for m in parts.get("_mounts", {}).values()) or parts.get("_proxies"):
        return "it goes through a proxy"
    if parts.get("_auth") is not None or any(parts.get("_event_hooks", {}).values()):
        return "its http_client has hooks"
    if getattr(client, "_strict_response_validation", False):
        return "its settings are not the usual ones"
    url = client._base_url
    if url.scheme not in ("http", "https") or url.userinfo or url.fragment:
        return "its base_url is not understood"
    if url.scheme == "https" and (os.environ.get("SSL_CERT_FILE") or os.environ.get("SSL_CERT_DIR")):
        return "the environment names certificates"
    if any(type(v) in (types.FunctionType, types.MethodType) for v in vars(client).values()):
        return "methods of it were replaced"
    if type(client.max_retries) is not int or not 0 <= client.max_retries <= MOST_RETRIES:
        return f"its max_retries is more than {MOST_RETRIES}"
    return None


_MACHINE = ("post", "request", "_build_request", "_process_response", "http_client's send", "http_client's build_request", "handle_request")


def _machine(client):
    """The functions that a call goes through: who replaces one of them wants to see the calls."""
    c, inner = type(client), type(client._client)
    transport = type(client._client._transport)
    return c.post, c.request, c._build_request, c._process_response, inner.send, inner.build_request, transport.handle_request


def _why_replaced(client, machine):
    folders = tuple(os.path.dirname(sys.modules[n].__file__) + os.sep for n in ("openai", _http(client).__name__))
    for name, function in zip(_MACHINE, machine):
        code = getattr(function, "__code__", None)
        if code is None or not code.co_filename.startswith(folders):
            return f"its {name} was replaced"
    return None


def _answered(request):
    """The transport of the copies: writes down, or gives what came."""
    told, http = _HERE.get()
    if isinstance(told, list):
        told.append(request)
        return http.Response(200, json=_DUMMY)
    return told(request)


def _through(known, client, told, kwargs):
    before = _HERE.set((told, _http(client)))
    try:
        return known.send(known.copy(client).chat.completions, **kwargs)
    finally:
        _HERE.reset(before)


# The shape of a call, and its texts.


def _frozen(x, depth=0):
    t = type(x)
    if t in _SCALARS:
        return t, x
    if depth > 30:
        raise Unfit("an argument is nested too deep")
    if t is list or t is tuple:
        return (t, *[_frozen(e, depth + 1) for e in x])
    if t is dict:
        return (t, *[(k, _frozen(e, depth + 1)) if type(k) is str else _not_understood(k) for k, e in x.items()])
    if t.__name__ in ("NotGiven", "Omit") and t.__module__.startswith("openai"):
        return (t,)
    if t in kinds:
        raise Unfit("an argument beside the texts of its messages is not known yet")
    return _not_understood(x)


def _not_understood(x):
    raise Unfit(f"an argument of class {type(x).__name__} is not understood")


def _text(x):
    return type(x) is str or type(x) in kinds


def _shape(kwargs, texts):
    """What of the arguments is in the shape. The texts of messages are not: they are added to `texts`."""
    out = []
    for name, value in kwargs.items():
        if name != "messages":
            out.append((name, _frozen(value)))
            continue
        if type(value) is not list:
            raise Unfit("`messages` is no list")
        for message in value:
            if type(message) is not dict:
                _not_understood(message)
            out.append(_message(message, texts))
    return tuple(out)


def _message(message, texts):
    out = []
    for key, value in message.items():
        if key == "content" and _text(value):
            texts.append(value)
            out.append(key)
        elif key == "content" and type(value) is list:
            out.append((key, tuple([_part(p, texts) for p in value])))
        else:
            out.append((key, _frozen(value)))
    return tuple(out)


def _part(part, texts):
    if type(part) is dict and part.get("type") == "text" and _text(part.get("text")):
        texts.append(part["text"])
        return tuple([k if k == "text" else (k, _frozen(v)) for k, v in part.items()])
    return _frozen(part)


def _marked(kwargs, marks):
    """The arguments with marks in place of the texts, in the order of `_shape`."""
    marks = iter(marks)

    def part(p):
        is_text = type(p) is dict and p.get("type") == "text" and _text(p.get("text"))
        return {k: next(marks) if k == "text" else v for k, v in p.items()} if is_text else p

    def content(value):
        return next(marks) if _text(value) else [part(p) for p in value] if type(value) is list else value

    messages = [{k: content(v) if k == "content" else v for k, v in m.items()} for m in kwargs["messages"]]
    return {**kwargs, "messages": messages}


def _sent(known, client, kwargs, count):
    """What the client sends of a call: the request, and its body around marks in place of the texts."""
    marks = [f"xcs-mark-{os.urandom(12).hex()}-{i:05}" for i in range(count)]
    requests = []
    _through(known, client, requests, _marked(kwargs, marks))
    if len(requests) != 1:
        raise Unfit("the client sends more than one request")
    return requests[0], _pieces(requests[0].content.decode(), marks)


def _confirm(known, client, kwargs, count, template):
    """Before a template is used for a second call: that the client sends the same of each. For the first call it is what it would send."""
    first, (second, pieces) = template.first, _sent(known, client, kwargs, count)
    if template.pieces != pieces or first.url != second.url or first.headers != second.headers or first.method != second.method:
        known.misses += 1
        raise Unfit("the client sends something else each time")
    template.first = None


def _learn(known, client, kwargs, count):
    """The template of a shape: what the client sends of it."""
    first, pieces = _sent(known, client, kwargs, count)
    if first.method != "POST":
        raise Unfit("the client does not send a POST")
    attributes = {"method": "POST", "effect": "sample", "retry": {"max": client.max_retries}, "timeout": LONGEST}
    if not client._client.follow_redirects:
        attributes["redirects"] = 0
    if first.url.userinfo or first.url.fragment:
        raise Unfit("its base_url is not understood")
    base, _, path = str(first.url).rpartition("/") if "?" not in str(first.url) else _with_query(str(first.url))
    return Template(_declared(base, first), path, pieces, attributes, first)


def _with_query(url):
    before, _, query = url.partition("?")
    base, slash, path = before.rpartition("/")
    return base, slash, path + "?" + query


def _pieces(body, marks):
    """The body as texts and numbers of marks."""
    places = []
    for i, mark in enumerate(marks):
        quoted = f'"{mark}"'
        if body.count(mark) != 1 or quoted not in body:
            raise Unfit("the client does not send the texts as they are")
        places.append((body.index(quoted), len(quoted), i))
    out, at = [], 0
    for place, length, i in sorted(places):
        out += [body[at:place], i]
        at = place + length
    return (*out, body[at:])


def _declared(base, request):
    """The resource of the requests: declared once for each endpoint with its headers and timeouts."""
    session = state.engine()
    if _sessions[0] is not session:
        _sessions[0] = session
        _symbols.clear(), _variables.clear(), _watched.clear()
    timeouts = request.extensions.get("timeout") or {}
    headers = tuple((k, v) for k, v in request.headers.multi_items() if k.lower() not in _OURS)
    if len({k.lower() for k, _ in headers}) != len(headers):
        raise Unfit("it sends a header twice")
    limits = tuple(sorted((k, v) for k, v in timeouts.items() if v is not None))
    key = base, headers, limits
    symbol = _symbols.get(key)
    if symbol is None:
        attributes = {"url": base, "headers": {k: _value(session, k, v) for k, v in headers}, "max_in_flight": 1000}
        timeouts = dict(limits)
        if "connect" in timeouts:
            attributes["connect_timeout"] = _duration(timeouts["connect"])
        if "read" in timeouts:
            attributes["idle_timeout"] = _duration(timeouts["read"])
            attributes["first_byte_timeout"] = _duration(timeouts["read"] + timeouts.get("connect", 0))
        port = request.url.port or (443 if request.url.scheme == "https" else 80)
        host = request.url.raw_host.decode("ascii")
        session.grant([f"net=[{host}]:{port}" if ":" in host else f"net={host}:{port}"])
        symbol = f"openai{len(_symbols) + 1}"
        session.declare("http", symbol, attributes)
        _symbols[key] = symbol
    return symbol


def _duration(seconds):
    return f"{max(1, round(seconds * 1000))}ms"


def _value(session, name, value):
    name = name.lower()
    if name in _OPEN or name.startswith("x-stainless-"):
        return value
    variable = _variables.get(value)
    if variable is None:
        variable = _variables[value] = f"XCS_CLIENT_HEADER_{len(_variables) + 1}"
        session.set_variable(variable, value)
        session.grant([f"env={variable}"])
    return ("env", variable)


# One call.


_KINDS = (dict, list, dict, dict, str)  # what the parts on the way to the text are in JSON


def follow_json(value, steps):
    for _, name in steps:
        value = value[name]
    return value


class NativeCall:
    """A call sent by the engine; used in place of the Deferred of its answer."""

    __slots__ = ("real", "known", "client", "kwargs", "needs", "origin", "entry", "places", "_outcome", "_parsed", "ops", "__weakref__")

    def __init__(self, real, known, client, kwargs, needs, origin, entry):
        self.real, self.known, self.client, self.kwargs, self.needs = real, known, client, kwargs, needs
        self.origin, self.entry, self.places, self._outcome, self._parsed, self.ops = origin, entry, None, None, None, {}

    @property
    def done(self):
        return self.real.done

    @property
    def failed(self):
        return self.real.done and self.parsed() is None and self.outcome()[0] is not None

    def value(self):
        error, value = self.outcome()
        if error is not None:
            raise error
        return value

    def parsed(self):
        """The JSON of an answer of which nothing can be wrong for the client; else None."""
        if self._parsed is None:
            self._parsed = False
            if not self.real.failed:
                answer = self.real.value()
                kind = next((h["value"] for h in answer["headers"] if h["name"].lower() == "content-type"), "")
                if 200 <= answer["status"] < 300 and kind.partition(";")[0].strip() == "application/json":
                    try:
                        self._parsed = json.loads(answer["body"])
                    except ValueError:
                        pass
                if type(self._parsed) is not dict:
                    self._parsed = False
            _trace.done(self.entry)
        return self._parsed if self._parsed is not False else None

    def traced(self):
        """At the end, for a call that nobody has looked at: says when it was there, and why it has failed."""
        if self.done and self.parsed() is None and self._outcome is None:
            if self.real.failed:
                try:
                    self.real.value()
                except Exception as e:
                    _trace.failed(self.entry, e)
            else:
                self.outcome()

    def outcome(self):
        """(exception, None) or (None, the client's object)."""
        if self._outcome is None:
            try:
                self._outcome = None, self._made()
            except BaseException as e:
                _tracebacks.made_at(e, "call", self.places)
                _trace.failed(self.entry, e)
                self._outcome = e, None
        return self._outcome

    def _arguments(self):
        return filled(self.kwargs, [n.value() for n in self.needs])

    def _made(self):
        http = _http(self.client)
        try:
            answer = self.real.value()
        except Exception as e:
            first = cause(e)
            if first is not None and first is not self:
                raise translated(e) from None
            told = _broken(http, e)
            if told is None:
                if type(e).__name__ == "Stopped":
                    raise
                return self.known.send(self.client.chat.completions, **self._arguments())  # ours cannot say: the client's own answer counts
        else:
            if 300 <= answer["status"] < 400 and self.client._client.follow_redirects:
                return self.known.send(self.client.chat.completions, **self._arguments())
            headers = [(h["name"], h["value"]) for h in answer["headers"] if h["name"].lower() not in ("content-encoding", "transfer-encoding")]

            def told(request):
                return http.Response(answer["status"], headers=headers, content=answer["body"].encode(), request=request)

        return _through(self.known, self.client, told, self._arguments())

    def has(self, steps):
        """Whether the answer has a part on the way to its text, as far as that shows without the client."""
        try:
            return steps == CONTENT[: len(steps)] and type(follow_json(self.parsed(), steps)) is _KINDS[len(steps)]
        except (KeyError, IndexError, TypeError):
            return False

    def content(self):
        parsed = self.parsed()
        if parsed is not None:
            try:
                text = parsed["choices"][0]["message"]["content"]
            except (KeyError, IndexError, TypeError):
                text = ...
            if type(text) is str or text is None and type(parsed["choices"]) is list:
                return text
        return follow(self.value(), CONTENT)

    def text(self):
        return NativeText(self)

    def _op(self, name, operation, operand, attributes=None, result=None):
        if name not in self.ops:
            if not self.ops:
                _watched.append(self)
            self.ops[name] = state.engine().call(operation, operand, attributes, self.origin, None, result)
        return self.ops[name]

    def json_op(self):
        """The text as JSON in a text."""
        if "content" not in self.ops:
            body = self._op("body", "record.get", (self.real,), {"field": "body"})
            whole = self._op("json", "json.parse", (body,))
            self._op("content", "json.get", (whole,), POINTER)
        return self.ops["content"]


class NativeText:
    """The text of an answer; used in place of a Deferred."""

    __slots__ = ("call",)

    def __init__(self, call):
        self.call = call

    real = property(lambda self: self.call.real)
    origin = property(lambda self: self.call.origin)
    done = property(lambda self: self.call.real.done)
    failed = property(lambda self: self.call.failed)

    def value(self):
        return self.call.content()

    def shown(self):
        """The operation that gives what an f-string shows of it."""
        call = self.call
        if "shown" not in call.ops:
            text = call._op("text", "json.cast", (call.json_op(),), None, "option<str>")
            call._op("shown", "option.or", (text, "None"))
        return call.ops["shown"]

    def written(self):
        """The operation that gives it as JSON, as the content of a message."""
        return self.call._op("written", "json.print", (self.call.json_op(),))


proxies.update((NativeCall, NativeText))


def _broken(http, error):
    """What the client would have met where the engine has this error; None if that is not known."""
    text, kind = str(error), getattr(error, "id", "")
    if kind == "not-connected":
        late = "timed out" in text.lower() or "timeout" in text.lower()
        made = http.ConnectTimeout if late else http.ConnectError
    elif kind == "connection-broken":
        made = http.ReadTimeout if "_timeout`" in text else http.RemoteProtocolError
    else:
        return None

    def told(request):
        raise made(text, request=request)

    return told


def cause(error):
    """The call whose text an operation needed when it failed with this error."""
    for call in list(_watched):
        for op in call.ops.values():
            if op.done and op.failed:
                try:
                    op.value()
                except BaseException as e:
                    if e is error:
                        return call
    return None


def translated(error):
    """The exception that the program sees of an operation that failed for want of an answer's text."""
    if not _watched or getattr(error, "id", None) is None:
        return error
    call = cause(error)
    if call is None:
        return error
    if call.failed:
        return call.outcome()[0]
    try:
        call.content()
    except BaseException as e:
        return e
    return error


def _written(text):
    """A text of a message in the body: JSON, or the operation that gives it."""
    if type(text) is str:
        if not text.isascii():
            try:
                text.encode()
            except UnicodeEncodeError:
                raise Unfit("a text holds half of a character") from None
        return json.dumps(text, ensure_ascii=False)
    op, steps = text._xcs_operand()
    if not steps and op.done and not op.failed and (type(op) not in proxies or type(op) is NativeText):
        value = op.value()
        if value is None or type(value) is str:
            return _written(value) if value is not None else "null"
    if steps or type(op) is NativeCall:
        raise Unfit("a text of it comes from a call that the host sends")
    if type(op) is NativeText:
        return op.written()
    session, origin = state.engine(), ("?", 0)
    return session.call("json.print", (session.call("json.from", (op,), None, origin),), None, origin)


def begin(operation, args, kwargs, place):
    """Sends a call natively. Returns the call, or why it has to be sent by the host."""
    client = args[0]._client
    if type(args[0]).__name__ != "Completions" or "messages" not in kwargs:
        return "its arguments are not understood"
    try:
        known = _known_of(client, operation.send)
        if known.why is not None:
            return known.why
        if len(client._client._cookies.jar):
            return "the endpoint has set cookies"
        if _is_told(client):
            return "log records of the client are wanted"
        texts = []
        shape = _shape(kwargs, texts)
        needs = []
        kept = snapshot(kwargs, needs)
        template = known.templates.get(shape)
        if template is None or _sessions[0] is not state.engine():
            known.misses += 1
            if known.misses > 64 and known.misses > known.hits:
                return "its calls have too many shapes"
            if len(known.templates) >= 256 or _sessions[0] is not state.engine():
                known.templates.clear()
            template = known.templates[shape] = _learn(known, client, kwargs, len(texts))
        elif template.first is not None:
            _confirm(known, client, kwargs, len(texts), template)
        known.hits += 1
        _clients[1] += 1
        body = _body(template, texts)
    except Unfit as e:
        return str(e)
    entry = _trace.began(getattr(operation.function, "__qualname__", "create"), place)
    _trace.sent(entry)
    real = state.engine().call("http.request", (template.path, body), template.attributes, place, template.symbol)
    state.counts["native"] = state.counts.get("native", 0) + 1
    return _trace.kept(NativeCall(real, known, client, kept, needs, place, entry))


def _body(template, texts):
    parts = []
    for piece in template.pieces:
        part = piece if type(piece) is str else _written(texts[piece])
        if type(part) is str and parts and type(parts[-1]) is str:
            parts[-1] += part
        else:
            parts.append(part)
    if len(parts) == 1:
        return parts[0]
    return state.engine().call("str.concat", tuple(parts), None, ("?", 0))


def _is_told(client):
    return (logging.getLogger(_http(client).__name__).isEnabledFor(logging.INFO)
            or logging.getLogger("openai").isEnabledFor(logging.INFO))  # fmt: skip


def _known_of(client, send):
    found = _known.get(id(client))
    if found is not None and found[0]() is client and found[1].send is send and found[1].same(client):
        return found[1]
    if len(_known) >= 64:
        for key in [k for k, (ref, _) in _known.items() if ref() is None] or list(_known):
            del _known[key]
    known = Known(client, send)
    _clients[0] += 1
    if _clients[0] > 64 and _clients[1] < 4 * _clients[0]:
        known.why = "clients are made anew for a few calls each"
    if not send.__code__.co_filename.startswith(os.path.dirname(sys.modules["openai"].__file__) + os.sep):
        known.why = "`create` was replaced by another package"
    _known[id(client)] = weakref.ref(client), known
    return known
