"""The compiled part of xcs."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from os import PathLike
from typing import Any, final

__version__: str

class Error(Exception):
    """An operation or a run failed."""

    id: str
    failure: str
    origin: tuple[str, int]

class CompileError(Error):
    """A program is wrong."""

class Stopped(Error):
    """It was stopped before it was done."""

def compile(
    text: str,
    *,
    name: str = "<text>",
    level: int = 2,
    start_directory: str | PathLike[str] | None = None,
    reroll: bool = False,
) -> bytes: ...

class Program:
    @property
    def functions(self) -> dict[str, dict[str, str]]: ...
    @property
    def stats(self) -> dict[str, Any]: ...
    def __call__(self, **arguments: Any) -> Any: ...
    def run(
        self, arguments: Mapping[str, Any] = {}, *, entry: str = "", seed: int | None = None, timeout: float | None = None
    ) -> Any: ...
    def explain(self) -> str: ...

_Texts = str | Sequence[str | PathLike[str]]

def load(
    plan: bytes | str | PathLike[str],
    *,
    ops: Mapping[str, Callable[..., Any]] | None = None,
    jobs: int = 0,
    limits: Mapping[str, int] | None = None,
    allow_net: _Texts = ...,
    deny_net: _Texts = ...,
    allow_secret: _Texts = ...,
    allow_env: _Texts = ...,
    deny_env: _Texts = ...,
    allow_read: _Texts = ...,
    deny_read: _Texts = ...,
    allow_write: _Texts = ...,
    deny_write: _Texts = ...,
    allow_run: _Texts = ...,
    deny_run: _Texts = ...,
    allow_all: bool = ...,
) -> Program: ...
@final
class Deferred:
    @property
    def done(self) -> bool: ...
    @property
    def failed(self) -> bool: ...
    @property
    def origin(self) -> tuple[str, int]: ...
    def value(self) -> Any: ...

class Session:
    def __init__(self, *, jobs: int = 0, threads: int = 256, record: bool = False, allow: Sequence[str] = ()) -> None: ...
    @property
    def stats(self) -> dict[str, int]: ...
    @property
    def segments(self) -> list[str]: ...
    def call(
        self,
        op: str,
        operands: tuple[Any, ...],
        attributes: dict[str, Any] | None = None,
        origin: tuple[str, int] = ("?", 0),
        symbol: str | None = None,
        result: str | None = None,
    ) -> Deferred: ...
    def host(
        self,
        function: Callable[..., Any],
        args: tuple[Any, ...],
        kwargs: dict[str, Any],
        *,
        effect: str = "write(host)",
        repeat: str = "never",
        origin: tuple[str, int] = ("?", 0),
    ) -> Deferred: ...
    def declare(self, kind: str, symbol: str, attributes: dict[str, Any] | None) -> None: ...
    def grant(self, allow: Iterable[str]) -> None: ...
    def set_variable(self, name: str, value: str) -> None: ...
    def flush(self) -> None: ...
    def wait(self, deferreds: Iterable[Deferred]) -> None: ...
    def watch(self, deferred: Deferred) -> None: ...
    def next_done(self) -> list[Deferred]: ...
    def take_done(self) -> list[Deferred]: ...
    def fileno(self) -> int: ...
    def stop(self) -> None: ...
    def close(self) -> None: ...
