"""Enough of C++'s surface to find functions and measure them, without a compiler: the code is formatted by clang-format, so a brace,
a comment and a string are all there is to tell apart."""
import re
from dataclasses import dataclass

TOKEN = re.compile(
    r'//[^\n]*|/\*.*?\*/'  # comments
    r'|R"(?P<tag>[^(\s]{0,16})\(.*?\)(?P=tag)"'  # raw strings
    r'|"(?:\\.|[^"\\\n])*"'  # strings
    r"|(?<![0-9A-Za-z_])'(?:\\.|[^'\\\n])+'",  # characters, but not a digit separator
    re.DOTALL,
)
DIRECTIVE = re.compile(r"^[ \t]*#(?:[^\n]*\\\n)*[^\n]*", re.MULTILINE)
TYPE_HEAD = re.compile(r"^(?:template\s*<.*>\s*)?(?:class|struct|union|enum)\b", re.DOTALL)
NAMESPACE_HEAD = re.compile(r"(?:^|\s)namespace\b|^extern\s*$")
CONSTRUCTOR_INITIALISER = re.compile(r"\)[^():]*:(?!:)")
ACCESS_LABELS = re.compile(r"\s*(?:(?:public|private|protected)\s*:\s*)*")
DECISION = re.compile(r"\b(?:if|for|while|switch|catch)\b|\s(?:&&|\|\|)\s|\?")


@dataclass
class Function:
    name: str
    line: int
    lines: int
    complexity: int


def blank(text, keep_comments=False):
    """`text` with comments, strings and preprocessor lines turned to spaces; positions and lines stay."""

    def spaces(match):
        if keep_comments and match.group().startswith("/"):
            return match.group()
        return re.sub(r"[^\n]", " ", match.group())

    text = TOKEN.sub(spaces, text)
    return text if keep_comments else DIRECTIVE.sub(spaces, text)


def _kind(head):
    """What the brace behind `head` opens, seen from outside any function: a scope to look into, a function, or something to skip."""
    if NAMESPACE_HEAD.search(head) or TYPE_HEAD.search(head):
        return "scope"
    if "(" not in head or head.endswith(("=", "(", ",")):
        return "skip"
    if CONSTRUCTOR_INITIALISER.search(head) and re.search(r"[\w>]$", head):
        return "member"
    return "function"


def _name(head):
    names = re.findall(r"([~\w:]+|operator[^\s(]+|operator\(\))\s*\(", head)
    return names[0] if names else head.split("\n")[-1].strip()


def functions(text):
    """Every function body of a file. A lambda counts as part of the function around it; a switch counts once, however many cases."""
    code = blank(text)
    found, kinds, start, function = [], [], 0, None
    for match in re.finditer(r"[{};]", code):
        position, symbol = match.start(), match.group()
        if symbol == "{":
            if function is None:
                begin = ACCESS_LABELS.match(code, start).end()
                head = code[begin:position].strip()
                kind = _kind(head)
                if kind == "function":
                    function = (len(kinds), begin, _name(head))
                kinds.append(kind)
                if kind in ("scope", "function"):
                    start = position + 1
            else:
                kinds.append("inner")
        elif symbol == "}" and kinds:
            kind = kinds.pop()
            if function is not None and len(kinds) == function[0]:
                _, begin, name = function
                body = code[begin : position + 1]
                found.append(
                    Function(name, code.count("\n", 0, begin) + 1, body.count("\n") + 1, 1 + len(DECISION.findall(body)))
                )
                function = None
            if function is None and kind != "member":
                start = position + 1
        elif symbol == ";" and function is None and (not kinds or kinds[-1] == "scope"):
            start = position + 1
    return found
