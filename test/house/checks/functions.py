"""Functions: none over 80 lines, 95 of 100 under 40, none with more than 20 decisions (a switch is one, a lambda is part of its function)."""
from cpp import functions

LONGEST = 80
USUAL = 40
COMPLEXITY = 20


def check(tree):
    problems, lengths = [], []
    for name in tree.cpp("lib", "include", "tools", "test", "python"):
        for function in functions(tree.text(name)):
            where = f"{name}:{function.line}: `{function.name}`"
            if function.lines > LONGEST:
                problems.append(f"{where} has {function.lines} lines; at most {LONGEST}")
            if function.complexity > COMPLEXITY:
                problems.append(f"{where} has complexity {function.complexity}; at most {COMPLEXITY}")
            if not name.startswith("test/"):
                lengths.append(function.lines)
    lengths.sort()
    if lengths and lengths[(len(lengths) * 95 - 1) // 100] >= USUAL:
        problems.append(f"95 of 100 functions have {lengths[(len(lengths) * 95 - 1) // 100]} lines or fewer; less than {USUAL} wanted")
    return problems
