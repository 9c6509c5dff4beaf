"""What `python` can run: a file, a folder or an archive with `__main__.py`, a module (`-m`), a text (`-c`), the standard input (`-`).

Each form gives the text to convert, and sets `sys.argv` and `sys.path[0]` as `python` itself would.
"""

from __future__ import annotations

import importlib.machinery
import os
import sys

from . import _guards


class Main:
    """The program: its text, or its code where there is no text, and what the names of its module are."""

    def __init__(self, source, path, *, code=None, spec=None, loader=None, file=None, folder=None, importer="__main__"):
        self.source, self.path, self.code, self.spec = source, path, code, spec
        self.loader = loader or importlib.machinery.BuiltinImporter
        self.file, self.folder, self.importer = file, folder, importer

    def names(self):
        """In the order that the interpreter gives them."""
        names = {"__loader__": self.loader, "__spec__": self.spec, "__annotations__": {}, "__builtins__": sys.modules["builtins"]}
        if self.spec is not None:
            names["__package__"] = self.spec.parent
        if self.file is not None:
            names.update(__file__=self.file, __cached__=self.spec.cached if self.spec is not None else None)
        return names


class NotFound(Exception):
    """There is nothing to run: the message and exit code of the interpreter."""

    def __init__(self, message, code):
        super().__init__(f"{sys.executable}: {message}")
        self.code = code


def of_text(text, args):
    sys.argv = ["-c", *args]
    _set_first("")
    return Main(text.encode("utf-8", "surrogateescape") + b"\n", "<string>", folder=os.getcwd())


def of_input(args):
    sys.argv = ["-", *args]
    _set_first("")
    return Main(sys.stdin.buffer.read(), "<stdin>", file="<stdin>", folder=os.getcwd())


def of_path(given, args):
    sys.argv = [given, *args]
    path = os.path.join(os.getcwd(), given)
    if _is_folder_or_archive(path):
        _set_first(path, always=True)
        return _of_main_module(path)
    try:
        with open(path, "rb") as f:
            source = f.read()
    except OSError as e:
        raise NotFound(f"can't open file {path!r}: [Errno {e.errno}] {e.strerror}", 2) from None
    folder = os.path.dirname(os.path.realpath(path))
    _set_first(folder)
    if source.startswith(_magic()):
        import marshal

        loader = importlib.machinery.SourcelessFileLoader("__main__", path)
        return Main(None, path, code=marshal.loads(source[16:]), loader=loader, file=path, folder=folder)
    return Main(source, path, loader=importlib.machinery.SourceFileLoader("__main__", path), file=path, folder=folder)


def of_module(name, args):
    """To be called when modules of the folder are converted already: packages around the module are imported here."""
    import runpy

    from . import _install

    sys.argv = ["-m", *args]
    top = name.partition(".")[0]
    if top not in sys.stdlib_module_names:
        _install.also_convert(top)
    try:
        found, spec, code = runpy._get_module_details(name, runpy._Error)
    except runpy._Error as e:
        raise NotFound(str(e), 1) from None
    sys.argv[0] = spec.origin
    return _of_spec(found, spec, code, top in sys.stdlib_module_names)


def _of_main_module(path):
    import runpy

    before = sys.modules.pop("__main__")
    try:
        found, spec, code = runpy._get_module_details("__main__")
    except ImportError as e:
        if "__main__" not in str(e):
            raise
        raise NotFound(f"can't find '__main__' module in {path!r}", 1) from None
    finally:
        sys.modules["__main__"] = before
    main = _of_spec(found, spec, code, False)
    main.importer, main.folder = "__main__", path
    return main


def _of_spec(name, spec, code, as_it_is):
    spec.loader = getattr(spec.loader, "_loader", spec.loader)  # ours says that of the module too
    source = None
    if not as_it_is:
        try:
            source = spec.loader.get_data(spec.origin) if spec.origin.endswith(".py") else None
        except (AttributeError, OSError):
            pass
    return Main(source, spec.origin, code=code, spec=spec, loader=spec.loader, file=spec.origin, importer=name)


def run_module(main, code):
    """Runs the code of a module as the interpreter does: by `runpy`, whose frames are in tracebacks."""
    import runpy

    before = runpy._get_module_details, runpy._get_main_module_details

    def details(*args):
        runpy._get_module_details, runpy._get_main_module_details = before
        return main.importer, main.spec, code

    runpy._get_module_details = runpy._get_main_module_details = details
    _guards.roots[id(runpy._run_code.__code__)] = True
    runpy._run_module_as_main(main.importer, main.folder is None)


def _is_folder_or_archive(path):
    for hook in sys.path_hooks:
        try:
            hook(path)
            return True
        except ImportError:
            pass
    return False


def _magic():
    import importlib.util

    return importlib.util.MAGIC_NUMBER


def _set_first(entry, always=False):
    """`sys.path[0]`, where the interpreter has put the folder that it was started in, unless it was told not to."""
    if not sys.flags.safe_path:
        sys.path[0] = entry
    elif always:
        sys.path.insert(0, entry)
