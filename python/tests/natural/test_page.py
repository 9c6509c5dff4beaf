"""The table of docs/natural/deferred.md, row by row: whether a second call is in flight beside the first once the program has done that with its text."""

import re
import textwrap

import pytest
from both import HERE, compare

PAGE = (HERE.parents[2] / "docs" / "natural" / "deferred.md").read_text(encoding="utf-8")
# what a row begins with -> what programs do with `text`
DOES = {
    "f-strings": ["f'<{text}>'", "f'{text!r}'", "f'{text:>9}'"],
    '`"..%s.."': ["'..%s..' % text", "'..{}..'.format(text)", "', '.join([text, 'x'])", "', '.join(t for t in [text])"],
    '`text + "x"`': ["text + 'x'", "'x' + text"],
    "`strip`": ["text.strip().lower().upper().title().capitalize().casefold().swapcase()", "text.replace('a', 'b').removeprefix('x').removesuffix('y')"],
    "`center`": ["text.center(40).ljust(50).rjust(60).zfill(70).expandtabs()"],
    "it goes into a list": ["[text, (text, {'k': text})]", "rows.append(text)", "note.said", "Row(text)", "Note(text)"],
    "it is given to a function": ["passed(text)", "passed(passed(text))"],
    "it goes into the messages": [],  # below
    "`print(text)`": ["print(text)", "logging.info('%s', text)"],
    "`len(text)`": ["len(text)", "text[:3]", "text.split()", "text.startswith('x')", "text.find('x')", "text.encode()"],
    "`text == ": ["text == 'x'", "text < 'x'", "'x' in text", "[c for c in text]", "text * 2"],
    "`if text`": ["1 if text else 2", "text or 'x'", "not text", "matched(text)"],
    "`int(text)`": ["int(number)", "float(number)", "json.loads(number)", "re.search('x', text)", "sorted([text, 'x'])"],
    "`text is None`": ["text is None", "isinstance(text, str)", "type(text)"],
    "it becomes the key": ["{text: 1}", "{text}", "set([text])"],
    "it is given to a function of a library": ["textwrap.shorten(text, 20)", "textwrap.shorten(str([text]), 20)", "pprint.pformat([text])", "pprint.pformat(note.put(text))"],
    "it is written": ["open('out.txt', 'w').write(text)", "os.putenv('XCS_SEEN', text)"],
}
BEFORE = """
import dataclasses, json, logging, os, pprint, re, sys, textwrap
logging.basicConfig(level=logging.INFO, stream=sys.stdout, format="%(message)s")
for name in ("httpx", "httpx2", "openai"):
    logging.getLogger(name).setLevel(logging.WARNING)
@dataclasses.dataclass
class Row:
    text: str
class Note:
    def __init__(self, text):
        self.said = text
    def put(self, text):
        self.said = text
        return vars(self)
def passed(text):
    other = text
    return other
def matched(text):
    match text:
        case "x":
            return 1
    return 2
rows, note = [], Note("")
"""


def rows():
    """(what the program does, what happens) of the table."""
    table = PAGE[PAGE.index("| what the program does") :].split("\n\n")[0].splitlines()[2:]
    return [tuple(cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:3]) for line in table]


def row_of(begin):
    """The row that begins so, and no longer key does: `it is given to a function` begins two."""
    found = [r for r in rows() if r[0].startswith(begin) and not any(k != begin and k.startswith(begin) and r[0].startswith(k) for k in DOES)]
    assert len(found) == 1, (begin, found)
    return found[0]


def test_each_row_is_tried():
    assert len(rows()) == len(DOES)
    assert sorted(row_of(begin) for begin in DOES) == sorted(rows())


@pytest.mark.parametrize(("begin", "does"), [(begin, does) for begin, all_ in DOES.items() for does in all_])
def test_row(begin, does, server):
    happens = row_of(begin)[1]
    waits = happens.startswith(("waits", "[waits"))
    assert waits or happens.startswith(("stays deferred", "the program goes on")), happens
    server.server.delay = 0.1 if waits else 0.01
    first = "number = ask('NUMBER')" if "number" in does else "text = ask('one')"
    _, ours = compare(f"{BEFORE}\n{first}\n{does}\nother = ask('two')\nprint(other)\n", server, together=1 if waits else 2)
    assert ours.most == (1 if waits else 2), ours.remarks


def test_a_text_in_the_messages_of_another_call(server):
    server.server.delay = 0.01
    source = """
        text = ask("one")
        follows = ask(f"about {text}")
        other = ask("two")
        print(follows, other)
    """
    _, ours = compare(textwrap.dedent(source), server, together=2)
    assert ours.most == 2
