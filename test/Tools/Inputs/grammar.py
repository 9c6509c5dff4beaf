"""grammar.py GRAMMAR EXAMPLE...: the grammar for editors gives each piece of sample lines the scope it should have, and colours every
word of the examples. Patterns are tried as an editor does: the one that begins first wins, of several the first in the list."""
import json
import re
import sys

grammar = json.load(open(sys.argv[1], encoding="utf-8"))


def compiled(patterns):
    for pattern in patterns:
        pattern["re"] = re.compile(pattern.get("match") or pattern["begin"], re.MULTILINE)
        if "begin" in pattern:
            pattern["end_re"] = re.compile(pattern["end"], re.MULTILINE)
            compiled(pattern["patterns"])
    return patterns


TOP = compiled(grammar["patterns"])


def first(patterns, text, at):
    """The pattern that matches first from `at` on, with its match."""
    found = [(match.start(), i) for i, pattern in enumerate(patterns) if (match := pattern["re"].search(text, at))]
    if not found:
        return None, None
    pattern = patterns[min(found)[1]]
    return pattern, pattern["re"].search(text, at)


def pieces(text):
    """(scope, text) of each piece with a scope; (None, text) of what lies between."""
    at, out = 0, []
    while at < len(text):
        pattern, match = first(TOP, text, at)
        if not match:
            return out + [(None, text[at:])]
        if match.start() > at:
            out.append((None, text[at : match.start()]))
        if "captures" in pattern:
            out += [(pattern["captures"][str(i)]["name"], group) for i, group in enumerate(match.groups(), 1) if group]
            at = match.end()
        elif "end_re" in pattern:
            at = match.end()
            while True:
                end = pattern["end_re"].search(text, at)
                inner, inside = first(pattern["patterns"], text, at)
                if not inside or (end and end.start() <= inside.start()):
                    break
                out.append((inner["name"], inside.group()))
                at = inside.end()
            end_at = end.end() if end else len(text)
            out.append((pattern["name"], text[match.start() : end_at]))
            at = end_at
        else:
            out.append((pattern["name"], match.group()))
            at = match.end()
    return out


SAMPLES = {
    "module @m attributes {keep = true}": {"module": "keyword.other", "@m": "entity.name.function", "keep": "entity.other.attribute-name",
                                           "true": "constant.language"},
    "func private @f(%x.y: list<str>) -> f64 { // to": {"func": "storage.type.function", "private": "storage.modifier",
                                                      "@f": "entity.name.function", "%x.y": "variable.other", "list": "storage.type",
                                                      "str": "storage.type", "->": "keyword.operator", "f64": "storage.type",
                                                      "// to": "comment.line"},
    'model @gpt {key = secret("KEY"), timeout = 1.5s}': {"model": "storage.type", "@gpt": "entity.name.type", "secret": "support.function",
                                                         "timeout": "entity.other.attribute-name", "1.5s": "constant.numeric.duration"},
    "%a = str.concat(%b) {keep}": {"str.concat": "support.function", "keep": "entity.other.attribute-name"},
    "%r = map(%xs) : list<i64> {": {"map": "keyword.control", "i64": "storage.type"},
    "%n = const {value = -0x1F, map = 2.5e-3} : i64": {"const": "support.function", "-0x1F": "constant.numeric.integer",
                                                       "map": "entity.other.attribute-name", "2.5e-3": "constant.numeric.float"},
    "after(%a) {value = -inf}": {"after": "keyword.other", "-inf": "constant.language"},
    r'%t = str.format(%a) {template = "a\n{0} {{ \q"}': {r"\n": "constant.character.escape", "{0}": "constant.other.placeholder",
                                                         "{{": "constant.other.placeholder", r"\q": "invalid.illegal"},
    '{template = """// no comment\n"{1}" \\n"""}': {'"""// no comment\n"{1}" \\n"""': "string.quoted.triple", "{1}": "constant.other.placeholder"},
    "%str = vote.majority(%list) : str": {"%str": "variable.other", "%list": "variable.other", "vote.majority": "support.function"},
    "type private @T = list<@U>": {"type": "storage.type", "private": "storage.modifier", "@T": "entity.name.type", "list": "storage.type",
                                   "@U": "entity.name.function"},
    'const @c = file("a.md")': {"const": "storage.type", "@c": "entity.name.type", "file": "support.function", '"a.md"': "string.quoted.double"},
    "func @g(%n: i64 = 5) {": {"i64": "storage.type", "5": "constant.numeric.integer"},
    '%ys = map(%xs) @f(%a, "b", true) : list<str>': {"map": "keyword.control", "@f": "entity.name.function", '"b"': "string.quoted.double",
                                                     "true": "constant.language"},
    "strs.concat mapping x.str": {"strs.concat mapping x.str": None},
}
wrong = []
for line, wanted in SAMPLES.items():
    got = {}
    for scope, text in pieces(line):
        got.setdefault(text, scope)
    for text, scope in wanted.items():
        if text not in got or (got[text] != scope and not (scope and got[text] and got[text].startswith(scope + "."))):
            wrong.append(f"{line}: {text!r} is {got.get(text, 'no piece')!r}, not {scope!r}")
# A word without a scope can only be the name of a field, which a colon follows.
for name in sys.argv[2:]:
    text = open(name, encoding="utf-8").read()
    for scope, piece in pieces(text):
        if scope is None:
            wrong += [f"{name}: `{word}` has no scope" for word in re.findall(r"[A-Za-z_][\w$.]*(?!\s*:)\b", piece)]
print("\n".join(wrong) or "all as they should be")
sys.exit(bool(wrong))
