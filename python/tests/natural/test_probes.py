"""What CPython does with a handle in place of a text: 53 constructs, each kind of handle, compared with the text itself."""

import pytest
from both import compare

CASES = '''
import json, re, string, textwrap, copy, sys

def matched(h):
    match h:
        case "x":
            return 1
        case _:
            return 2

CASES = {
    'f"{h}"': lambda h: f"{h}", 'f"a{h}b"': lambda h: f"a{h}b", 'f"{h!r}"': lambda h: f"a{h!r}", 'f"{h:>9}"': lambda h: f"a{h:>9}",
    '"a" + h': lambda h: "a" + h, 'h + "a"': lambda h: h + "a", '"a%s" % h': lambda h: "a%s" % h, '"a%s" % (h,)': lambda h: "a%s" % (h,), '"a{}".format(h)': lambda h: "a{}".format(h),
    '"".join([h])': lambda h: "".join([h]), '"-".join(["a", h])': lambda h: "-".join(["a", h]), 'h.join(["a","b"])': lambda h: h.join(["a", "b"]), "h[:3]": lambda h: h[:3], "len(h)": lambda h: len(h),
    'h == "x"': lambda h: h == "x", '"x" == h': lambda h: "x" == h, 'h in ("x", "y")': lambda h: h in ("x", "y"), 'h in {"x"}': lambda h: h in {"x"}, '{"x": 1}.get(h)': lambda h: {"x": 1}.get(h), '"x" in h': lambda h: "x" in h,
    'h in "xyz"': lambda h: h in "xyz", "for c in h": lambda h: [c for c in h], "if h": lambda h: 1 if h else 0, "not h": lambda h: not h, "h is None": lambda h: h is None, "isinstance(h, str)": lambda h: isinstance(h, str),
    "h.lower()": lambda h: h.lower(), "h.split()": lambda h: h.split(), "int(h)": lambda h: int(h), "float(h)": lambda h: float(h), "str(h)": lambda h: str(h), "print(h)": lambda h: print(h, file=open("/dev/null", "w")),
    "sorted([h, 'a'])": lambda h: sorted([h, "a"]), "re.search(p, h)": lambda h: re.search("4", h), "json.loads(h)": lambda h: json.loads(h), "json.dumps({'c': h})": lambda h: json.dumps({"c": h}),
    "match h: case 'x'": lambda h: matched(h), "file.write(h)": lambda h: open("/dev/null", "w").write(h), "h.encode()": lambda h: h.encode(), "bytes(h, 'utf8')": lambda h: bytes(h, "utf8"), "textwrap.dedent(h)": lambda h: textwrap.dedent(h),
    "Template.substitute": lambda h: string.Template("a$x").substitute(x=h), "str.lower(h)": lambda h: str.lower(h), "'a'.replace('a', h)": lambda h: "a".replace("a", h), "'ab'.startswith(h)": lambda h: "ab".startswith(h), "copy.deepcopy(h)": lambda h: copy.deepcopy(h),
    "open(h)": lambda h: open(h), "h * 2": lambda h: h * 2, "max(h, 'a')": lambda h: max(h, "a"), "dict key {h: 1}": lambda h: {h: 1}, "h or 'x'": lambda h: h or "x", "[h].index('x')": lambda h: ["x", h].index("x"), "'x' + f'{h}' in cache": lambda h: ("x" + f"{h}") in {},
}
assert len(CASES) == 53

def shown(x):
    return re.sub("0x[0-9a-f]+", "0x", repr(x)), type(x).__name__

def caught(name, f, h):
    try:
        return name, shown(f(h))
    except Exception as e:
        return name, type(e).__name__, str(e)

FAILS = {"int(h)", "float(h)", "json.loads(h)", "open(h)"}
'''

KINDS = {
    "text of an answer": 'h = ask(f"p{i}")',
    "number in an answer": 'h = ask(f"NUMBER {i}")',
    "sum of texts": 'h = "<" + ask(f"p{i}")',
    "f-string": 'h = f"{ask(str(i))}{i}"',
    "f-string of surely text": 'h = f"x{ask(str(i))}"; h = f"{h}y"; h = h + "z"',
    "method of a text": "h = ask(str(i)).upper()",
    "unicode": 'h = ask(f"UNICODE {i}").removeprefix("G")',
    "no text": 'h = ask(f"NOTEXT {i}")',
}


@pytest.mark.parametrize("kind", KINDS)
def test_probe(kind, server):
    server.server.delay = 0.001
    make = KINDS[kind]
    unseen = 'not in FAILS' if kind not in ("no text",) else 'in ("if h", "not h", "h is None", "isinstance(h, str)", "str(h)", "h or \'x\'")'
    compare(
        CASES
        + f"""
for i, (name, f) in enumerate(CASES.items()):
    {make}
    print(caught(name, f, h))
for i, (name, f) in enumerate(CASES.items()):
    if name {unseen}:
        {make}
        print(name, shown(f(h)))
""",
        server,
    )
