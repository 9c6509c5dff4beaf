"""Calls of a client sent by the engine: the body is made by recorded operations, and no Python runs between two calls.

What the client would send is learnt from the client itself: a copy of it, whose transport only writes down, makes one call of each shape with
marks in place of its texts. The answer goes the same way back: a copy whose transport gives the bytes that came makes the call again, so objects
and exceptions are the client's own. Only the text that a way leads to is read without it. Which methods there are, `_clients` says.
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
from ._clients import METHODS
from ._handles import Way
from ._state import state
from ._waiting import filled, follow, kinds, proxies, snapshot

# Headers that hold nothing private. All others are variables of the session: no text of a segment has their values.
_OPEN = frozenset({"accept", "content-type", "user-agent"})
# Written by the engine's own client.
_OURS = frozenset({"host", "content-length", "connection", "accept-encoding", "transfer-encoding", "keep-alive"})
# Under these names a dictionary in an argument that has texts has texts itself, or what has.
_WITH_TEXT = frozenset({"content", "text"})
_SCALARS = (str, int, float, bool, type(None))
LONGEST = "720h"  # the client bounds attempts and no call as a whole
MOST_RETRIES = 16
_HERE = contextvars.ContextVar("xcs_told")  # of one fiber: a client may be made to call code of the program, which waits


class Unfit(Exception):
    """Why a call is sent by the host."""


class Template:
    """What the calls of one shape have in common: where they go, and the body around their texts."""

    __slots__ = ("symbol", "path", "pieces", "attributes", "first")

    def __init__(self, symbol, path, pieces, attributes, first):
        self.symbol, self.path, self.pieces, self.attributes = symbol, path, pieces, attributes
        self.first = first  # the request that it was learnt from, until `_confirm` has compared it with a second one


class Known:
    """What is known of one client and one of its methods, as long as it stays as it is."""

    def __init__(self, method, client, send):
        self.method = method
        self.values = tuple(vars(client).values())
        self.own = dict(client._custom_headers), dict(client._custom_query)
        self.templates, self.misses, self.hits = {}, 0, 0
        self.why = _why_host(method.package, client)
        self.machine, self.shadow = None, None
        if self.why is None:
            self.machine = _machine(client)
            self.why = _why_replaced(method.package, client, self.machine)
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

    def make(self, client, kwargs):
        """The call, made by a client."""
        return self.send(self.method.resource(client), **kwargs)


_PACKAGES = frozenset(m.package.name for m in METHODS)
_known = {}  # (id(client), method) -> (weak reference, Known)
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


def _why_host(package, client):
    inner = getattr(client, "_client", None)
    if not package.plain(client):
        return f"the client is of class {type(client).__name__}"
    made_anew = any(getattr(client, name, None) is not None for name in package.credentials)
    if made_anew or not any(type(getattr(client, name, None)) is str for name in package.keys):
        return "its key is made anew for each call"
    wrapped = type(inner).__name__ == "SyncHttpxClientWrapper" and type(inner).__module__ == f"{package.name}._base_client"
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


# Functions that a call goes through: of the client, of its `http_client`, of the transport. Not every version has all of the client's.
_OF_CLIENT = ("post", "request", "_request", "_attempt_request", "_prepare_options", "_prepare_request", "_build_request", "_process_response")
_OF_HTTP = ("send", "build_request")


def _machine(client):
    """The functions that a call goes through: who replaces one of them wants to see the calls."""
    c, inner, transport = type(client), type(client._client), type(client._client._transport)
    return (*[getattr(c, name, None) for name in _OF_CLIENT], *[getattr(inner, name) for name in _OF_HTTP], transport.handle_request)


def _why_replaced(package, client, machine):
    folders = tuple(os.path.dirname(sys.modules[n].__file__) + os.sep for n in (package.name, _http(client).__name__))
    names = (*_OF_CLIENT, *[f"http_client's {name}" for name in _OF_HTTP], "handle_request")
    for name, function in zip(names, machine):
        if function is not None and not getattr(getattr(function, "__code__", None), "co_filename", "").startswith(folders):
            return f"its {name} was replaced"
    return None


def _answered(request):
    """The transport of the copies: writes down, or gives what came."""
    told, http, sample = _HERE.get()
    if isinstance(told, list):
        told.append(request)
        return http.Response(200, json=sample)
    return told(request)


def _through(known, client, told, kwargs):
    before = _HERE.set((told, _http(client), known.method.sample))
    try:
        return known.make(known.copy(client), kwargs)
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
    if t.__name__ in ("NotGiven", "Omit") and t.__module__.partition(".")[0] in _PACKAGES:
        return (t,)
    if t in kinds:
        raise Unfit("an argument beside its texts is not known yet")
    return _not_understood(x)


def _not_understood(x):
    raise Unfit(f"an argument of class {type(x).__name__} is not understood")


def _text(x):
    return type(x) is str or type(x) in kinds


def _shape(method, kwargs, texts):
    """What of the arguments is in the shape. Their texts are not: they are added to `texts`."""
    return tuple([(name, _shaped(value, texts, 0) if name in method.texts else _frozen(value)) for name, value in kwargs.items()])


def _shaped(x, texts, depth):
    if _text(x):
        texts.append(x)
        return ...
    t = type(x)
    if depth <= 30 and (t is list or t is tuple):
        return (t, *[_shaped(e, texts, depth + 1) for e in x])
    if depth <= 30 and t is dict:
        parts = [(k, _shaped(e, texts, depth + 1) if k in _WITH_TEXT else _frozen(e, depth)) for k, e in x.items()]
        return (t, *[part if type(part[0]) is str else _not_understood(part[0]) for part in parts])
    return _frozen(x, depth)


def _marked(method, kwargs, marks):
    """The arguments with marks in place of the texts, in the order of `_shape`."""
    marks = iter(marks)

    def marked(x):
        if _text(x):
            return next(marks)
        if type(x) is list or type(x) is tuple:
            return type(x)([marked(e) for e in x])
        if type(x) is dict:
            return {k: marked(e) if k in _WITH_TEXT else e for k, e in x.items()}
        return x

    return {name: marked(value) if name in method.texts else value for name, value in kwargs.items()}


def _sent(known, client, kwargs, count):
    """What the client sends of a call: the request, and its body around marks in place of the texts."""
    marks = [f"xcs-mark-{os.urandom(12).hex()}-{i:05}" for i in range(count)]
    requests = []
    _through(known, client, requests, _marked(known.method, kwargs, marks))
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
        symbol = f"client{len(_symbols) + 1}"
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
            path = state.path()
            before = path.busy if path is not None else None
            if path is not None:
                path.busy = True  # the client may connect: that waits for no call before it, and not for this one
            try:
                self._outcome = None, self._made()
            except BaseException as e:
                _tracebacks.made_at(e, "call", self.places)
                _trace.failed(self.entry, e)
                self._outcome = e, None
            finally:
                if path is not None:
                    path.busy = before
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
                return self.known.make(self.client, self._arguments())  # ours cannot say: the client's own answer counts
        else:
            if 300 <= answer["status"] < 400 and self.client._client.follow_redirects:
                return self.known.make(self.client, self._arguments())
            headers = [(h["name"], h["value"]) for h in answer["headers"] if h["name"].lower() not in ("content-encoding", "transfer-encoding")]

            def told(request):
                return http.Response(answer["status"], headers=headers, content=answer["body"].encode(), request=request)

        return _through(self.known, self.client, told, self._arguments())

    def has(self, steps):
        """Whether the answer has a part on the way to its text, as far as that shows without the client."""
        return self.parsed() is not None and any(way.has(self._parsed, steps) for way in self.known.method.ways)

    def content(self, way):
        """The text that a way leads to."""
        parsed = self.parsed()
        if parsed is not None:
            try:
                text = way.read(parsed)
            except (KeyError, IndexError, TypeError):
                text = ...
            if type(text) is str or text is None:
                return text
        return follow(self.value(), way.steps)

    def text(self, way):
        return NativeText(self, way)

    def op(self, key, make):
        """An operation on the answer, made once: `make(session)`."""
        if key not in self.ops:
            if not self.ops:
                _watched.append(self)
            self.ops[key] = make(state.engine())
        return self.ops[key]

    def call_op(self, key, name, operand, attributes=None, result=None):
        return self.op(key, lambda session: session.call(name, operand, attributes, self.origin, None, result))


class NativeText:
    """The text that a way leads to in an answer; used in place of a Deferred."""

    __slots__ = ("call", "way")

    def __init__(self, call, way):
        self.call, self.way = call, way

    real = property(lambda self: self.call.real)
    origin = property(lambda self: self.call.origin)
    done = property(lambda self: self.call.real.done)
    failed = property(lambda self: self.call.failed)

    def value(self):
        return self.call.content(self.way)

    def shown(self):
        """The operation that gives what an f-string shows of it."""
        call, way = self.call, self.way
        if way.pointer is None:
            return self._host("shown", str)
        text = call.call_op((way, "text"), "json.cast", (self._found(),), None, "option<str>")
        return call.call_op((way, "shown"), "option.or", (text, "None"))

    def written(self):
        """The operation that gives it as JSON, as a text of another call."""
        if self.way.pointer is None:
            return self._host("written", json.dumps)
        return self.call.call_op((self.way, "written"), "json.print", (self._found(),))

    def _found(self):
        """The operation that finds it in the answer, as JSON."""
        call = self.call
        body = call.call_op("body", "record.get", (call.real,), {"field": "body"})
        whole = call.call_op("json", "json.parse", (body,))
        return call.call_op(self.way, "json.get", (whole,), {"pointer": self.way.pointer})

    def _host(self, name, made):
        """What no operation of the engine finds: Python reads it when the answer is there."""

        def text(answer):
            return made(self.value())

        text.__name__ = name
        return self.call.op((self.way, name), lambda session: session.host(text, (self.call.real,), {}, effect="pure", origin=self.call.origin))


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
    for way in [key for key in call.ops if type(key) is Way]:
        try:
            call.content(way)
        except BaseException as e:
            return e
    return error


def _written(text):
    """A text in the body: JSON, or the operation that gives it."""
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


def begin(method, operation, args, kwargs, place):
    """Sends a call natively. Returns the call, or why it has to be sent by the host."""
    client = args[0]._client
    if type(args[0]).__name__ != method.cls:
        return "its arguments are not understood"
    try:
        known = _known_of(method, client, operation.send)
        why = method.package.why_host(client) or known.why
        if why is not None:
            return why
        if len(client._client._cookies.jar):
            return "the endpoint has set cookies"
        if _is_told(method.package, client):
            return "log records of the client are wanted"
        texts = []
        shape = _shape(method, kwargs, texts)
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


def _is_told(package, client):
    return any(logging.getLogger(name).isEnabledFor(logging.INFO) for name in (_http(client).__name__, package.name))


def _known_of(method, client, send):
    found = _known.get((id(client), method))
    if found is not None and found[0]() is client and found[1].send is send and found[1].same(client):
        return found[1]
    if len(_known) >= 64:
        for key in [k for k, (ref, _) in _known.items() if ref() is None] or list(_known):
            del _known[key]
    known = Known(method, client, send)
    _clients[0] += 1
    if _clients[0] > 64 and _clients[1] < 4 * _clients[0]:
        known.why = "clients are made anew for a few calls each"
    if not send.__code__.co_filename.startswith(os.path.dirname(sys.modules[method.package.name].__file__) + os.sep):
        known.why = "`create` was replaced by another package"
    _known[id(client), method] = weakref.ref(client), known
    return known
