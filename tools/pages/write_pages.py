"""Writes the manual pages and the completions of the programs in --bin beneath --out: man/man1, bash, zsh, fish."""
import argparse
from pathlib import Path

from completions import bash, fish, zsh
from help_table import TOOLS, add_names, read_tool
from man_page import man_page


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--bin", required=True, type=Path)
    parser.add_argument("--out", required=True, type=Path)
    given = parser.parse_args()
    for name in TOOLS:
        tool = read_tool(given.bin, name)
        add_names(given.bin, tool)
        files = {
            f"man/man1/{name}.1": man_page(tool, [other for other in TOOLS if other != name]),
            f"bash/{name}": bash(tool),
            f"zsh/_{name}": zsh(tool),
            f"fish/{name}.fish": fish(tool),
        }
        for path, text in files.items():
            path = given.out / path
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)


if __name__ == "__main__":
    main()
