"""docs/conformance.md has each number from 1 to 28 once; the files it names exist, and are those that say `(conformance N)`, both ways."""
import re

PAGE = "docs/conformance.md"
LAST = 28
SELF = "test/house/"


def _claimed(tree):
    """The numbers that tests say they show: {file: numbers}."""
    claimed = {}
    for name in tree.under("test"):
        if name.startswith(SELF) or not name.endswith((".xir", ".test", ".cpp")):
            continue
        for found in re.findall(r"\(conformance ([\d, and]+)\)", tree.text(name)):
            claimed.setdefault(name, set()).update(int(number) for number in re.findall(r"\d+", found))
    return claimed


def check(tree):
    if PAGE not in tree.files:
        return [f"{PAGE}: missing"]
    text = tree.text(PAGE)
    rows = re.findall(r"^\| (\d+) \|.*\| (.*) \|$", text, re.MULTILINE)
    numbers = [int(number) for number, _ in rows]
    problems = []
    if numbers != list(range(1, LAST + 1)):
        problems.append(f"{PAGE}: the rows are not 1 to {LAST} in order")
    claimed = _claimed(tree)
    named = set()
    for number, shown in rows:
        for name in re.findall(r"`(test/[^`]+)`", shown):
            named.add((name, int(number)))
            if name not in tree.files:
                problems.append(f"{PAGE}: row {number}: there is no {name}")
            elif int(number) not in claimed.get(name, ()):
                problems.append(f"{PAGE}: row {number}: {name} does not say `(conformance {number})`")
    for name, shown in claimed.items():
        problems += [f"{PAGE}: row {number}: {name} is not named" for number in sorted(shown) if (name, number) not in named]
    for name in re.findall(r"\((examples/[^)]+)\)", text):
        if f"docs/{name}" not in tree.files:
            problems.append(f"{PAGE}: there is no docs/{name}")
    return problems
