"""The process belongs to its host: rooms change no limit, signal, stream or environment of it, and read the environment through Host alone."""
import re

from cpp import blank

TOUCHES = re.compile(
    r"\b(?:setrlimit|sigaction|(?:std::)?signal|raise|setenv|unsetenv|putenv|getenv|_?exit|quick_exit)(?= *\()"
    r"|\babort\(\)|\bstd::terminate\b"
    r"|\bstd::(?:cerr|cout|clog|cin)\b|\b(?:stderr|stdout|stdin)\b|\b(?:llvm::)?(?:outs|errs)\(\)"
)
# Declarations and members of that name are something else.
OWN = re.compile(r"(?:[.>]|\w::|\bvoid |\bbool )$")
EXCEPT = {
    ("lib/Support/Host.cpp", "std::getenv"): "Host itself",
    **{("lib/Io/Spawn.cpp", word): "between fork and exec, in the program's own process" for word in ("_exit", "sigaction", "setrlimit")},
    ("lib/Support/OutputFile.cpp", "llvm::outs()"): "`-` as the name of an output is standard output",
}


def check(tree):
    problems = []
    for name in tree.cpp("include/xcs", "lib"):
        code = blank(tree.text(name))
        for match in TOUCHES.finditer(code):
            before = code[max(0, match.start() - 12) : match.start()]
            word = match.group()
            if before.endswith("std::"):
                word = "std::" + word
            elif OWN.search(before):
                continue
            if (name, word) not in EXCEPT:
                problems.append(f"{name}:{code.count(chr(10), 0, match.start()) + 1}: `{word}` touches the process; that is for tools/, or for Host")
    return problems
