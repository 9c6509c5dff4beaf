"""clean_root.py DEB FOLDER: unpacks a Debian package into a folder, with the shared libraries of the packages that it depends on, and
of those that they depend on. So a program of the package runs there, with chroot, exactly if its dependencies are named.

Prints the dependencies. Fails if one of them is not installed on this machine."""
import re
import shutil
import subprocess
import sys
from pathlib import Path


def output(*command):
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def names(depends):
    """Of each dependency the first alternative that is installed."""
    for dependency in filter(None, (part.strip() for part in depends.replace("\n", "").split(","))):
        alternatives = [re.match(r"[a-z0-9.+-]+", part.strip())[0] for part in dependency.split("|")]
        installed = [name for name in alternatives if is_installed(name)]
        if installed:
            yield installed[0]
        else:
            sys.exit(f"clean_root: {dependency} is not installed")


def is_installed(name):
    found = subprocess.run(["dpkg-query", "-W", "-f", "${db:Status-Status} ", name], capture_output=True, text=True)
    return "installed" in found.stdout.split()


def closure(depends):
    found, waiting = [], list(names(depends))
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.append(name)
            waiting += names(output("dpkg-query", "-W", "-f", "${Depends}, ${Pre-Depends}, ", name))
    return found


def copy_libraries(package, root):
    for line in output("dpkg-query", "-L", package).splitlines():
        if re.search(r"/lib(32|64)?/", line) and re.search(r"\.so(\.[\w.]+)?$", line) and Path(line).is_file():
            target = root / line.lstrip("/")
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(line, target)


def main():
    deb, root = sys.argv[1], Path(sys.argv[2])
    root.mkdir(parents=True)
    for folder in ("lib", "lib32", "lib64"):  # as Debian has had them since its files moved below /usr
        if Path("/", folder).is_symlink():
            (root / "usr" / folder).mkdir(parents=True)
            (root / folder).symlink_to(Path("usr", folder))
    subprocess.run(["dpkg-deb", "-x", deb, root], check=True)
    depends = output("dpkg-deb", "-f", deb, "Depends")
    for package in closure(depends):
        copy_libraries(package, root)
    print(depends.strip())


main()
