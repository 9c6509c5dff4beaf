"""The real clients that the programs are run with: the oldest and the newest that are supported, each in a folder of its own.

They are installed once, into build/clients of the tree, or into the folder that XCS_TEST_CLIENTS names; the newest are taken from the
Python that runs the tests when they are there. `python -m differential.clients` installs what is missing; `./dev test` calls it.
"""
import importlib.metadata
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
FOLDER = Path(os.environ.get("XCS_TEST_CLIENTS") or ROOT / "build" / "clients")
PACKAGES = ("openai", "anthropic")


def requirements(name):
    """The file that says what client `name`, "newest" or "oldest", consists of."""
    return ROOT / "python" / {"newest": "requirements-test.txt", "oldest": "requirements-oldest.txt"}[name]


def version(name, package="openai"):
    return re.search(rf"^{package}==(\S+)$", requirements(name).read_text(), re.MULTILINE)[1]


def installed(package):
    try:
        return importlib.metadata.version(package)
    except importlib.metadata.PackageNotFoundError:
        return None


def path(name):
    """The folders to put first on the module path for client `name`; installs it when it is not there yet."""
    if all(installed(package) == version(name, package) for package in PACKAGES):
        return []
    folder, wanted = FOLDER / name, requirements(name)
    made = folder / wanted.name  # a copy of the file, so that a change of it is seen
    if not made.exists() or made.read_bytes() != wanted.read_bytes():
        folder.parent.mkdir(parents=True, exist_ok=True)
        part = folder.with_name(f"{name}.part")
        shutil.rmtree(part, ignore_errors=True)
        command = [sys.executable, "-m", "pip", "install", "--disable-pip-version-check", "--quiet", "--no-compile", "--target", str(part), "-r", str(wanted)]
        subprocess.run(command, check=True)
        shutil.copy(wanted, part)
        shutil.rmtree(folder, ignore_errors=True)
        part.rename(folder)
    return [folder]


if __name__ == "__main__":
    for name in ("newest", "oldest"):
        path(name)
