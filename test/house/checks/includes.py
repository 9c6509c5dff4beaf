"""Who may include whom: the rooms in their order (docs/map.md), and each library only where it belongs.

One dialect: a private header is named with its room, and a source file of a room says `using namespace xcs` and qualifies what
it defines; only the kernels open their namespace, since the table of operations names them there.
"""
import re

from tree import ROOMS, room_of

# A room may include itself and these.
ALLOWED = {
    "Support": (),
    "Ops": ("Support",),
    "IR": ("Support", "Ops"),
    "Syntax": ("Support", "Ops", "IR"),
    "Analysis": ("Support", "Ops", "IR"),
    "Patterns": ("Support", "Ops", "IR", "Analysis"),
    "Transforms": ("Support", "Ops", "IR", "Analysis", "Patterns"),
    "Plan": ("Support", "Ops"),
    "Io": ("Support",),
    "Model": ("Support", "Ops"),
    "Store": ("Support", "Ops"),
    "World": ("Support", "Ops", "Plan", "Io", "Model", "Store"),
    "Runtime": ("Support", "Ops", "Plan"),
    "Lowering": ("Support", "Ops", "IR", "Analysis", "Plan"),
    "Compiler": ("Support", "Ops", "IR", "Syntax", "Analysis", "Patterns", "Transforms", "Plan", "Lowering"),
    "Frontend": ("Support", "Ops", "IR"),
    "Api": ROOMS,
}
RUNNER_ROOMS = ("Support", "Ops", "Plan", "Io", "Model", "Store", "World", "Runtime")
# What a room may include besides: the engine sees the world through its door alone.
DOORS = {"Runtime": ("xcs/World/World.h", "xcs/World/Redaction.h")}

# Library headers, and the files that may include them.
LIBRARIES = (
    (r"antlr4|Xir(Lexer|Parser)?\.(h|cpp)$", r"lib/Syntax/Antlr\w*\.(h|cpp)$|test/(unit/Syntax|fuzz)/"),
    (r"rapidjson/", r"lib/Ops/\w+\.cpp$"),
    (r"simdjson\.h$", r"test/faults/"),
    (r"re2/", r"lib/Ops/Regex\.cpp$"),
    (r"flatbuffers/|Plan_generated\.h$", r"lib/Plan/"),
    (r"curl/", r"lib/Io/|tools/xcs-bench/|test/unit/Io/"),
    (r"zlib\.h$", r"lib/Io/Unpacker\.cpp$|test/(unit/Io|faults)/"),
    (r"uv\.h$", r"lib/Io/|tools/xcs-bench/|test/(unit/Io|faults)/"),
    (r"http_parser\.h$", r"test/faults/"),
    (r"(oneapi/)?tbb", r"tools/xcs-bench/"),
    (r"taskflow/", r"tools/xcs-bench/"),
    (r"(gtest|gmock)/|rapidcheck", r"test/unit/"),
    (r"(llvm/Support/)?xxhash\.h$", r"lib/Support/Digest\.cpp$|test/(unit|faults)/"),
    (r"sqlite3\.h$", r"lib/Store/|test/unit/Store/"),
    (r"llvm/Support/CommandLine\.h$", r"tools/"),
    (r"nanobind/|Python\.h$", r"python/src/"),
)
INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]*[<"]([^>"]+)[>"]', re.MULTILINE)


def _rooms_problem(name, header):
    parts = header.split("/")
    public = parts[0] == "xcs" and len(parts) > 2
    target = parts[1] if public else parts[0]
    if target not in ROOMS or (not public and len(parts) < 2):
        return None
    room = room_of(name)
    if room:
        if target == room:
            return "a public header includes a private one" if not public and name.startswith("include/") else None
        if not public:
            return f"`{header}` is private to {target}"
        if header in DOORS.get(room, ()):
            return None
        return None if target in ALLOWED.get(room, ()) else f"{room} may not include {target}"
    if name.startswith("tools/"):
        if not public:
            return f"`{header}` is private to {target}"
        if name.startswith("tools/xcs-run/") and target not in RUNNER_ROOMS:
            return f"xcs-run may not include {target}: a plan needs no compiler"
        if name.startswith("tools/Common/") and target != "Support":
            return f"tools/Common may not include {target}: all tools share it"
    return None


NO_ROOM = re.compile(r'^#include "(?!Plan_generated|Xir)([A-Z][^"/]*)"', re.MULTILINE)
OPENED = re.compile(r"^namespace xcs \{", re.MULTILINE)


def _dialect_problems(tree):
    for name in tree.cpp("lib", "tools"):
        text = tree.text(name)
        for match in NO_ROOM.finditer(text):
            yield f"{name}:{text.count(chr(10), 0, match.start()) + 1}: name `{match.group(1)}` with its folder"
        if name.startswith("lib/") and name.endswith(".cpp"):
            for match in OPENED.finditer(text):
                yield f"{name}:{text.count(chr(10), 0, match.start()) + 1}: say `using namespace xcs` and qualify what is defined"


def check(tree):
    problems = list(_dialect_problems(tree))
    for name in tree.cpp("lib", "include", "tools", "test", "python"):
        text = tree.text(name)
        for match in INCLUDE.finditer(text):
            header, line = match.group(1), text.count("\n", 0, match.start()) + 1
            problem = _rooms_problem(name, header)
            if problem:
                problems.append(f"{name}:{line}: {problem}")
            for pattern, places in LIBRARIES:
                if re.match(pattern, header) and not re.match(places, name):
                    problems.append(f"{name}:{line}: `{header}` may not be included here")
    return problems
