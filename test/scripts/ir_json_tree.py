"""ir_json_tree.py XCSC OUT FOLDER...: every program below the folders that xcsc reads, as JSON and back.

The JSON reads back to the same text and prints the same bytes, in whatever layout and order of members. All of it is written to OUT, an array.
Prints how many were looked at.
"""
import json
import re
import sys
from pathlib import Path

from format_tree import programs, run

def one(xcsc, name, text):
    command = [xcsc, "-", "-Wno-all"]
    printed = run([*command, "--emit=xir"], text)
    if printed.returncode != 0:
        return None
    as_json = run([*command, "--emit=ir-json"], text)
    if as_json.returncode != 0:
        sys.exit(f"{name}: no JSON\n{as_json.stderr.decode()}")
    back = run([*command, "--emit=xir"], as_json.stdout.decode())
    if back.returncode != 0 or back.stdout != printed.stdout:
        sys.exit(f"{name}: the JSON is another program\n{back.stderr.decode()}")
    again = run([*command, "--emit=ir-json"], as_json.stdout.decode())
    if again.stdout != as_json.stdout:
        sys.exit(f"{name}: the JSON prints other JSON")
    # Other layouts and orders of members are the same program.
    shuffled = json.dumps(reordered(json.loads(as_json.stdout, parse_float=Number, parse_int=Number)), indent=3, default=str)
    if run([*command, "--emit=xir"], re.sub(r"\"number:([-+.0-9eE]+)\"", r"\1", shuffled)).stdout != printed.stdout:
        sys.exit(f"{name}: the order of members makes another program")
    return as_json.stdout.decode()


class Number(str):
    """A number as it was written."""

    def __new__(cls, text):
        return super().__new__(cls, "number:" + text)


def reordered(value):
    """Members of fixed meaning in another order; attributes and dictionaries keep theirs, and a tag comes first."""
    if isinstance(value, list):
        return [reordered(item) for item in value]
    if not isinstance(value, dict):
        return value
    items = [(key, item if key in ("attributes", "dict") else reordered(item)) for key, item in value.items()]
    return dict(items if "prefix" in value else reversed(items))


def main():
    xcsc, out, *folders = sys.argv[1:]
    written = []
    for folder in folders:
        for name, text in programs(Path(folder)):
            if "\0" not in text and "// -----" not in text and len(text) < 200_000:
                written.append(one(xcsc, name, text))
    written = list(filter(None, written))
    Path(out).write_text("[" + ",".join(written) + "]")
    print(f"{len(written)} programs as JSON and back")


if __name__ == "__main__":
    main()
