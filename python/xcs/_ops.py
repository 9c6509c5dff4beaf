"""Callables of the host as operations, and models by name."""

from __future__ import annotations

import functools
import threading
import time

from . import _births, _install
from ._waiting import kinds

_LAZY = 0x20 | 0x80 | 0x200  # generators, coroutines, asynchronous generators

def _effect(text):
    kind, bracket, name = text.partition("(")
    if not bracket:
        return text in ("pure", "sample")
    return kind in ("read", "write") and name.endswith(")") and name[:-1].replace(".", "_").isidentifier()


def op(function=None, *, effect="write(host)", repeat="never"):
    """Makes a callable an operation, whose calls may run beside the program: `@xcs.op(effect="read(index)")`.

    `effect` says what it touches: "pure" only computes, "sample" asks a model, "read(R)" and "write(R)" look at or change the resource R.
    A call that writes begins when all calls before it have succeeded. `repeat` says whether it may be sent twice: "never" or "safe".
    """
    if function is None:
        return lambda f: op(f, effect=effect, repeat=repeat)
    if not callable(function):
        raise TypeError(f"xcs.op takes a callable, not {type(function).__name__}")
    if not isinstance(effect, str) or not isinstance(repeat, str):
        wrong, value = ("effect", effect) if not isinstance(effect, str) else ("repeat", repeat)
        raise TypeError(f"xcs.op: {wrong} must be a str, not {type(value).__name__}")
    if not _effect(effect):
        raise ValueError(f'xcs.op: unknown effect {effect!r}; write "pure", "sample", "read(NAME)" or "write(NAME)"')
    if repeat not in ("never", "safe"):
        raise ValueError(f'xcs.op: unknown repeat {repeat!r}; write "never" or "safe"')
    if getattr(getattr(function, "__code__", None), "co_flags", 0) & _LAZY:
        raise TypeError("xcs.op takes a function that gives back its result, no coroutine and no generator")

    @functools.wraps(function)
    def operation(*args, **kwargs):
        return function(*args, **kwargs)

    _births.Operation(operation, function, None, _returned(function), effect, repeat)
    _install.prepare()
    return operation


def _returned(function):
    """`str` when the function says that it gives back a text."""
    import typing

    try:
        return str if typing.get_type_hints(function).get("return") is str else None
    except Exception:
        return None


class Model:
    """A model by name: `gpt = xcs.model("gpt"); gpt("Say hello")` gives the text of the answer."""

    def __init__(self, name, url, key, max_in_flight, rpm, options):
        self.name, self.url, self.options = name, url, options
        self._key = key
        self._places = threading.BoundedSemaphore(max_in_flight) if max_in_flight else None
        self._gap = 60.0 / rpm if rpm else 0.0
        self._lock, self._next = threading.Lock(), 0.0
        self._made = None

    def __repr__(self):
        return f"xcs.model({self.name!r})"

    def _client(self):
        with self._lock:
            if self._made is None:
                try:
                    from openai import OpenAI
                except ImportError as e:
                    raise ImportError("xcs.model needs the `openai` package: pip install openai") from e
                self._made = OpenAI(**({"base_url": self.url} if self.url else {}), **({"api_key": self._key} if self._key else {}))
            return self._made

    def _turn(self):
        """Waits for this call's place in the rate."""
        if self._gap:
            with self._lock:
                at = max(self._next, time.monotonic())
                self._next = at + self._gap
            time.sleep(max(0.0, at - time.monotonic()))

    def _send(self, prompt, **options):
        if not isinstance(prompt, (str, list)):
            raise TypeError(f"{self!r} takes a text, or a list of messages, not {type(prompt).__name__}")
        messages = prompt if isinstance(prompt, list) else [{"role": "user", "content": prompt}]
        create = self._client().chat.completions.create
        if self._places is not None:
            with self._places:
                self._turn()
                return create(model=self.name, messages=messages, **{**self.options, **options}).choices[0].message.content
        self._turn()
        return create(model=self.name, messages=messages, **{**self.options, **options}).choices[0].message.content

    def __call__(self, prompt, **options):
        return self._send(prompt, **options)


def _fits(args, kwargs):
    known = len(args) == 2 and (type(args[1]) in (str, list) or type(args[1]) in kinds) or len(args) == 1 and type(kwargs.get("prompt")) in (str, list)
    return None if known else "its prompt is neither a text nor a list"


_births.Operation(Model.__call__, Model._send, _fits, str, "sample")


def model(name, *, url=None, key=None, max_in_flight=None, rpm=None, **options):
    """A model by name. `url` is its endpoint (else OPENAI_BASE_URL), `max_in_flight` the most calls at once, `rpm` the most in a minute."""
    for what, text, example in (("name", name, '"gpt-5"'), ("url", url, '"http://127.0.0.1:8080/v1"'), ("key", key, "a text")):
        if text is None and what != "name":
            continue
        if not isinstance(text, str):
            raise TypeError(f"xcs.model: {what} must be a str such as {example}, not {type(text).__name__}")
        if not text:
            raise ValueError(f"xcs.model: {what} is empty; write {example}" + (", or leave it out" if what != "name" else ""))
    if url is not None and not url.startswith(("http://", "https://")):
        raise ValueError(f'xcs.model: url must begin with "http://" or "https://", as in "http://127.0.0.1:8080/v1", not {url!r}')
    for what, number, kinds in (("max_in_flight", max_in_flight, int), ("rpm", rpm, (int, float))):
        if number is None:
            continue
        if not isinstance(number, kinds) or isinstance(number, bool):
            raise TypeError(f"xcs.model: {what} must be {'an int' if kinds is int else 'a number'}, not {type(number).__name__}")
        if not 0 < number < float("inf"):
            raise ValueError(f"xcs.model: {what} must be more than 0, and None for no bound, not {number!r}")
    _install.prepare()
    return Model(name, url, key, max_in_flight, rpm, options)
