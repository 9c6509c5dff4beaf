"""page_flags.py PAGES TOOL...: checks that the pages in a folder have every flag and every word that the tools print for `--help`; it reads
that without the help of tools/pages. Prints how many it has found for each tool, and what a page lacks."""
import re
import subprocess
import sys
from pathlib import Path


def help_of(*command):
    return subprocess.run([*command, "--help"], capture_output=True, text=True, check=True).stdout


def named(text):
    """The flags and the words of their values in a `--help`."""
    flags = set(re.findall(r"^  (-[-\w]+)", text, re.MULTILINE))
    words = set(re.findall(r"^    =([\w-]+)", text, re.MULTILINE))
    return flags, words


def has(text, name):
    return re.search(r"(?<![\w-])" + re.escape(name) + r"(?![\w-])", text) is not None


def main():
    pages, failed = Path(sys.argv[1]), False
    for tool in sys.argv[2:]:
        texts = [help_of(tool)]
        if texts[0].startswith("usage: "):
            commands = re.findall(rf"^  {tool} (\w+)", texts[0], re.MULTILINE)
            texts = [help_of(tool, command) for command in commands if command != "help"]
        flags, words = (set().union(*parts) for parts in zip(*map(named, texts)))
        man = (pages / "man/man1" / f"{tool}.1").read_text().replace("\\-", "-").replace("\\fR", " ").replace("\\fB", " ").replace("\\fI", " ")
        fish = re.sub(r" -l ", " --", re.sub(r" -s ", " -", (pages / "fish" / f"{tool}.fish").read_text()))
        bash, zsh = (pages / "bash" / tool).read_text(), (pages / "zsh" / f"_{tool}").read_text()
        for page, text in (("man", man), ("bash", bash), ("zsh", zsh), ("fish", fish)):
            for name in sorted(name for name in flags | words if not has(text, name)):
                print(f"{page} of {tool} lacks {name}")
                failed = True
        print(f"{tool}: {len(flags)} flags, {len(words)} words")
    sys.exit(failed)


main()
