"""Public headers name no type of a library that hides behind a room, start with `#pragma once`, and only tools define options."""
import re

from cpp import blank

HIDDEN = re.compile(r"\b(antlr4::|antlrcpp::|rapidjson::|re2::|RE2\b|flatbuffers::|CURLM?\b|CURLcode\b|curl_\w+|uv_\w+_t\b|tbb::)")
OPTIONS = re.compile(r"\bcl::(opt|list|alias|bits|SubCommand|ParseCommandLineOptions)\b")


def _matches(tree, name, pattern):
    code = blank(tree.text(name))
    for match in pattern.finditer(code):
        yield code.count("\n", 0, match.start()) + 1, match.group()


def check(tree):
    problems = []
    for name in tree.cpp("include/xcs"):
        for line, word in _matches(tree, name, HIDDEN):
            problems.append(f"{name}:{line}: `{word}` in a public header")
    for name in tree.cpp("include/xcs", "lib"):
        for line, word in _matches(tree, name, OPTIONS):
            problems.append(f"{name}:{line}: `{word}` outside tools/")
    for name in tree.under("include/xcs", "lib", "tools", suffixes=(".h",)):
        if not re.search(r"^#pragma once$", tree.text(name), re.MULTILINE):
            problems.append(f"{name}:1: no `#pragma once`")
    return problems
