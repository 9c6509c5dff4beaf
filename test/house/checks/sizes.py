"""Files: none over 800 lines, and half of the product's own under 160. Lines of at most 110 columns in C++ are clang-format's."""
from statistics import median

LONGEST = 800
MEDIAN = 160
TEXT = (".cpp", ".h", ".def", ".g4", ".fbs", ".py", ".cmake", ".sh", ".xir", ".test", "CMakeLists.txt", "dev")


def check(tree):
    problems, lengths = [], []
    for name in tree.files:
        if not name.endswith(TEXT):
            continue
        lines = tree.text(name).count("\n")
        if lines > LONGEST:
            problems.append(f"{name}: {lines} lines; at most {LONGEST}, split it")
        if name.startswith(("lib/", "include/", "tools/", "python/src/")) and name.endswith((".cpp", ".h", ".def")):
            lengths.append(lines)
    if lengths and median(lengths) >= MEDIAN:
        problems.append(f"the median file has {median(lengths):.0f} lines; less than {MEDIAN} wanted")
    return problems
