"""docs/map.md has a heading for every room there is, and for no other; every folder of tests is a room's or is named in the map."""
import re

from tree import ROOMS

MAP = "docs/map.md"


def check(tree):
    if MAP not in tree.files:
        return [f"{MAP}: missing"]
    text = tree.text(MAP)
    described = set(re.findall(r"^### (\w+)$", text, re.MULTILINE))
    rooms = {name.split("/")[1] for name in tree.under("lib", suffixes=(".cpp",)) if name.count("/") > 1}
    problems = [f"{MAP}: no heading for the room {room}" for room in sorted(rooms - described)]
    problems += [f"{MAP}: a heading for {room}, which has no source in lib/" for room in sorted(described - rooms)]
    folders = {name.split("/")[1] for name in tree.under("test") if name.count("/") > 1}
    for folder in sorted(folders - set(ROOMS)):
        if f"`test/{folder}/" not in text:
            problems.append(f"{MAP}: `test/{folder}/` is neither a room's nor named")
    return problems
