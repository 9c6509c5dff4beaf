"""Converted code on disk, as the interpreter keeps `.pyc` files: a script that has not changed is not converted again.

One file a module, in the folder `xcs/python` of the user's cache folder (`XDG_CACHE_HOME`, or `~/.cache`): never beside the script, whose
folder has the same files afterwards as after a plain run. An entry is taken only when everything that it was made from is as it was: the text,
its path, the converter, the interpreter, and the texts of all modules that it imports and that are converted too. The folder and the file
must belong to the user alone, and the file must have the digest that it says. Otherwise the module is converted, without a word.
`PYTHONDONTWRITEBYTECODE` holds here too: nothing is written then.
"""

from __future__ import annotations

import marshal
import os
import stat
import sys

try:
    from _sha256 import sha256  # `hashlib` would load OpenSSL for one digest
except ImportError:
    from hashlib import sha256

MAGIC = b"xcscode\1"
MOST_BYTES = 16 << 20  # of one entry
MOST_ENTRIES = 1000  # the oldest go first
_HERE = os.path.dirname(os.path.abspath(__file__))
_stamp = None


class Unusable(Exception):
    """Why the cache is not used for a module."""


def folder():
    """Where the entries are; None where the user has no folder for caches."""
    base = os.environ.get("XDG_CACHE_HOME", "")
    if not os.path.isabs(base):  # as the specification of these folders says
        base = os.path.expanduser("~/.cache")
    return os.path.join(base, "xcs", "python") if os.path.isabs(base) else None


def digest(*parts):
    """SHA-256 of texts and bytes, each with its length before it."""
    whole = sha256()
    for part in parts:
        part = part.encode("utf-8", "surrogatepass") if isinstance(part, str) else part
        whole.update(b"%d:" % len(part) + part)
    return whole.digest()


def _read(path):
    with open(path, "rb") as f:
        return f.read()


def key(source, path, importer, places):
    """What an entry was made from, but for the modules that it imports. `places` are the packages and folders that are converted."""
    global _stamp
    if _stamp is None:
        try:
            # The converter, and all that it may import: none of the package is left out.
            names = sorted(name for name in os.listdir(_HERE) if name.endswith(".py"))
            _stamp = digest(*[_read(os.path.join(_HERE, name)) for name in names])
        except OSError:
            raise Unusable from None
    interpreter = f"{sys.implementation.cache_tag} {sys.hexversion} {sys.flags.optimize}"
    return digest(_stamp, interpreter, path, importer, type(source).__name__, *map(repr, places), source)


def _name(path, importer):
    return f"{digest(path, importer).hex()[:40]}.{sys.implementation.cache_tag}"


def read(path, importer):
    """The entry of a file, a tuple; None when there is none that can be trusted."""
    where = folder()
    if where is None:
        return None
    try:
        _look_at(os.lstat(where), stat.S_ISDIR)
        descriptor = os.open(os.path.join(where, _name(path, importer)), os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC | os.O_NONBLOCK)
        with open(descriptor, "rb") as f:
            _look_at(os.fstat(descriptor), stat.S_ISREG)
            data = f.read(MOST_BYTES + 1)
    except (OSError, Unusable):
        return None
    head = len(MAGIC) + 32
    if len(data) > MOST_BYTES or data[: len(MAGIC)] != MAGIC or sha256(data[head:]).digest() != data[len(MAGIC) : head]:
        return None
    try:
        return marshal.loads(memoryview(data)[head:])
    except (ValueError, EOFError, TypeError):
        return None


def _look_at(status, is_kind):
    if not is_kind(status.st_mode) or status.st_uid != os.geteuid() or status.st_mode & 0o077:
        raise Unusable


def write(path, importer, entry):
    """Puts an entry in the place of an older one, whole or not at all. What goes wrong costs the next run a conversion."""
    where = folder()
    if where is None or sys.dont_write_bytecode:
        return
    data = marshal.dumps(entry)
    if len(data) + len(MAGIC) + 32 > MOST_BYTES:
        return
    part = None
    try:
        os.makedirs(where, mode=0o700, exist_ok=True)
        _look_at(os.lstat(where), stat.S_ISDIR)
        name = os.path.join(where, _name(path, importer))
        part = f"{name}.{os.getpid()}.part"
        descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
        with open(descriptor, "wb") as f:
            f.write(MAGIC + sha256(data).digest() + data)
        os.rename(part, name)
        _thin(where)
    except (OSError, Unusable):
        if part is not None:
            try:
                os.unlink(part)
            except OSError:
                pass


def _thin(where):
    names = os.listdir(where)
    if len(names) <= MOST_ENTRIES:
        return
    ages = []
    for name in names:
        try:
            ages.append((os.lstat(os.path.join(where, name)).st_mtime_ns, name))
        except OSError:
            pass
    for _, name in sorted(ages)[: len(names) - MOST_ENTRIES * 9 // 10]:
        try:
            os.unlink(os.path.join(where, name))
        except OSError:
            pass
