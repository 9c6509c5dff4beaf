"""The real clients that the programs are run with: the oldest and the newest version that is supported, each in a folder of its own.

They are installed once, into build/clients of the tree, or into the folder that XCS_TEST_CLIENTS names.
"""
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
FOLDER = Path(os.environ.get("XCS_TEST_CLIENTS") or ROOT / "build" / "clients")

# The first release of the client's present form needs a httpx that still knows `proxies`.
REQUIREMENTS = {"newest": ["openai==3.57.0", "greenlet"], "oldest": ["openai==1.0.0", "httpx<0.28", "greenlet"]}


def version(name):
    return REQUIREMENTS[name][0].partition("==")[2]


def path(name):
    """The folders to put first on the module path for client `name`; installs it when it is not there yet."""
    folder = FOLDER / name
    if not (folder / "openai").is_dir():
        folder.parent.mkdir(parents=True, exist_ok=True)
        part = folder.with_name(f"{name}.part")
        command = [sys.executable, "-m", "pip", "install", "--quiet", "--no-compile", "--target", str(part), *REQUIREMENTS[name]]
        subprocess.run(command, check=True)
        part.rename(folder)
    return [folder]
