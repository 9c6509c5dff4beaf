"""The files a check looks at: a checkout, or a fixture of selftest/ laid out like one."""
import os
import subprocess
from pathlib import Path

CPP_SUFFIXES = (".cpp", ".h", ".def")
ROOMS = ("Support", "Ops", "IR", "Syntax", "Analysis", "Patterns", "Transforms", "Plan", "Lowering", "Compiler", "Io", "Model", "Store",
         "World", "Runtime", "Frontend", "Api")


class Tree:
    """`root` is the source folder, `build` a configured build folder (compile_commands.json, bin/)."""

    def __init__(self, root, build):
        self.root = Path(root).resolve()
        self.build = Path(build).resolve()
        self.files = sorted(self._list())
        self._texts = {}

    def _list(self):
        # Tracked files and those that would be added: what a commit of this checkout holds.
        if (self.root / ".git").exists():
            command = ["git", "-C", str(self.root), "ls-files", "-co", "--exclude-standard", "-z"]
            names = subprocess.run(command, capture_output=True, text=True, check=True).stdout.split("\0")
            # A file deleted but not yet committed is still listed.
            names = [name for name in names if name and (self.root / name).is_file()]
        else:
            names = [str(path.relative_to(self.root)) for path in self.root.rglob("*") if path.is_file()]
            names = [name for name in names if not name.startswith("build/") and "__pycache__" not in name]
        # The fixtures break the rules on purpose.
        return [name for name in names if not name.startswith("test/house/selftest/") and name != "expected.txt"]

    def text(self, name):
        if name not in self._texts:
            self._texts[name] = (self.root / name).read_text(encoding="utf-8", errors="replace")
        return self._texts[name]

    def under(self, *folders, suffixes=None):
        """The files below any of `folders` that end in one of `suffixes`."""
        for name in self.files:
            if name.startswith(tuple(folder + "/" for folder in folders)) and (not suffixes or name.endswith(suffixes)):
                yield name

    def cpp(self, *folders):
        return self.under(*folders, suffixes=CPP_SUFFIXES)


def room_of(name):
    """The room a file of lib/ or include/xcs/ belongs to; None for any other file."""
    parts = name.split("/")
    if parts[0] == "lib" and len(parts) > 2:
        return parts[1]
    if parts[:2] == ["include", "xcs"] and len(parts) > 3:
        return parts[2]
    return None


def jobs():
    return os.cpu_count() or 1
