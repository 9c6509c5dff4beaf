"""format_tree.py XCS XCSC FOLDER...: `xcs fmt` on every .xir file below the folders, and on what split-file makes of tests.

For each text that has a layout: the layout of the layout is itself; its tokens and comments are those of the text; and a
text that compiles still makes the same program. Prints how many were looked at.
"""
import re
import subprocess
import sys
from pathlib import Path

TOKEN = re.compile(r'"""(?:"?"?[^"])*?"""|"(?:[^"\\\r\n]|\\[^\r\n])*"|//[^\r\n]*|->|[%@]?[\w.$]+|\S', re.DOTALL)


def tokens(text):
    lines = text.removeprefix("\ufeff").split("\n", 1)
    first = [lines[0].rstrip()] if lines[0].startswith("#!") else []
    rest = lines[1] if first and len(lines) > 1 else ("" if first else text.removeprefix("\ufeff"))
    return first + [word.rstrip() if word.startswith("//") else word for word in TOKEN.findall(rest)]


def run(command, text):
    return subprocess.run(command, input=text.encode(), capture_output=True, check=False, timeout=60)


def programs(folder):
    for path in sorted(folder.rglob("*.xir")):
        text = path.read_bytes()
        try:
            yield path, text.decode()
        except UnicodeDecodeError:
            continue
    for path in sorted(folder.rglob("*.test")):
        parts = re.split(r"^#--- (\S+)\n", path.read_text(errors="replace"), flags=re.MULTILINE)
        for name, text in zip(parts[1::2], parts[2::2]):
            if name.endswith(".xir"):
                yield f"{path} {name}", text


def same_program(xcsc, name, text, formatted):
    """The printed program; places in it are not printed."""
    command = [xcsc, "-", "--emit=xir", "-Wno-all"]
    before, after = run(command, text), run(command, formatted)
    if before.returncode != after.returncode or before.stdout != after.stdout:
        sys.exit(f"{name}: the program with the layout is another one\n{after.stderr.decode()}")
    return before.returncode == 0


def main():
    xcs, xcsc, *folders = sys.argv[1:]
    looked = refused = compiled = 0
    for folder in folders:
        for name, text in programs(Path(folder)):
            if "\0" in text:
                continue
            done = run([xcs, "fmt", "-"], text)
            if done.returncode != 0:
                refused += 1
                continue
            looked += 1
            formatted = done.stdout.decode()
            if run([xcs, "fmt", "-"], formatted).stdout.decode() != formatted:
                sys.exit(f"{name}: the layout of the layout differs")
            if tokens(text) != tokens(formatted):
                sys.exit(f"{name}: the tokens differ")
            if "// -----" not in text and len(text) < 200_000:
                compiled += same_program(xcsc, name, text, formatted)
    print(f"{looked} with a layout, {compiled} of them compiled twice, {refused} without one")


if __name__ == "__main__":
    main()
