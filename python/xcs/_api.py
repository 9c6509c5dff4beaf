"""The compiled part of the package, or a message that says why it is not there. It is loaded when something of it is first used."""

from __future__ import annotations

import os

_HERE = os.path.dirname(os.path.abspath(__file__))


def _other_project() -> str | None:
    """The version of the other project of the name `xcs` (this one's distribution is `xcs-lang`), if it is installed in the same folder."""
    for name in os.listdir(os.path.dirname(_HERE)):
        if name.startswith("xcs-") and name.endswith((".dist-info", ".egg-info")):
            return name[len("xcs-") :].rsplit(".", 1)[0]
    return None


if (_version := _other_project()) is not None:
    raise ImportError(
        f"the distribution `xcs` {_version} is installed in the same folder as `xcs-lang`, and both have a package `xcs`: "
        "keep one of them (pip uninstall xcs), or use a virtual environment for each"
    )

_compiled = [name for name in os.listdir(_HERE) if name.startswith("_core.") and name.endswith(".so")]
if not _compiled:
    raise ImportError("the compiled part of xcs (xcs._core) is missing: build the package with `pip install ./python` in a checkout")


_early = None  # (lock that is held while it is loaded beside the program, number of threads without the one that does)


def begin_to_load():
    """Loads the compiled part and its libraries on a thread: without the GIL, beside the import of a client, which takes much longer.

    The module itself is not imported, so no code of Python runs there. `settle` is called before a call, a fork or the end.
    """
    global _early
    import _thread
    import sys

    if _early is not None or f"{__package__}._core" in sys.modules or len(_compiled) != 1:
        return
    try:
        from _ctypes import dlopen
    except ImportError:
        return
    lock, path = _thread.allocate_lock(), os.path.join(_HERE, _compiled[0])
    lock.acquire()

    def load():
        try:
            dlopen(path, os.RTLD_NOW)
        except OSError:
            pass  # it is told when the module is imported
        finally:
            lock.release()

    before = _thread._count()
    try:
        _thread.start_new_thread(load, ())
    except RuntimeError:
        return
    _early = lock, before


def settle():
    """Waits for `begin_to_load`, and for the end of its thread."""
    global _early
    if _early is None:
        return
    import _thread
    import time

    (lock, before), _early = _early, None
    with lock:
        pass
    for _ in range(1000):
        if _thread._count() <= before:
            break
        time.sleep(0)


def core():
    """The compiled part."""
    settle()
    try:
        from . import _core
    except ImportError as error:
        raise ImportError(
            f"the compiled part of xcs cannot be loaded: {error.__cause__ or error}. It is built for one version of Python, and needs the shared libraries "
            "of the machine that built it: build it here with `pip install ./python` in a checkout"
        ) from None
    return _core
