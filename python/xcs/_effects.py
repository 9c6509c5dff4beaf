"""The net below the rules: an audit hook that sees effects of the host, and waits for all earlier calls, should one get there unwaited.

By the rules every callable that is not known to be harmless has waited before it is called. The hook does nothing without pending calls, on other
threads, while a module is being imported, and in a finaliser.
"""

from __future__ import annotations

import os
import sys
import threading

from . import _guards
from ._state import state
from ._waiting import join

EVENTS = frozenset(
    "subprocess.Popen os.system os.exec os.posix_spawn os.remove os.rename os.rmdir os.mkdir os.link os.symlink os.truncate os.chmod os.chown "
    "os.kill os.putenv os.unsetenv shutil.rmtree shutil.move shutil.copyfile sqlite3.connect socket.connect smtplib.send ftplib.sendcmd "
    "pty.spawn os.fork".split()
)
_WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_TRUNC
_installed = False


def _hook(event, args, state=state):
    if not state.waiting:
        return
    if event == "open":
        flags = args[2] if len(args) > 2 else 0
        if type(flags) is not int or not flags & _WRITES:
            return
    elif event not in EVENTS:
        return
    path = state.paths.get(threading.get_ident())
    if path is None or path.busy or not path.items or _in_the_way(sys._getframe(1)):
        return
    state.counts["net"] = state.counts.get("net", 0) + 1
    join(path)


def _in_the_way(frame):
    """Whether an import or a finaliser runs, or code of ours."""
    while frame is not None:
        code = frame.f_code
        if code.co_name == "__del__" or code.co_filename.startswith("<frozen importlib"):
            return True
        if id(code) in _guards.roots:
            return False
        frame = frame.f_back
    return False


def install():
    """Once a process: an audit hook cannot be removed."""
    global _installed
    if not _installed:
        _installed = True
        sys.addaudithook(_hook)
