"""The table of harmless callables: a call of each leaves an earlier call unfinished, and gives what plain Python gives.

The others, by kind: each waits for the calls before it.
"""

import pytest
from both import compare

SETUP = """
import re, json, math, operator, itertools, functools, collections, copy, string, textwrap, html, difflib, statistics, fractions, decimal
import bisect, heapq, base64, binascii, hashlib, unicodedata, urllib.parse, enum, dataclasses, random, datetime, ast, keyword, zlib, struct
import pathlib, os, types, uuid, colorsys, calendar, graphlib, reprlib, abc, typing
open("there.txt", "w").write("some\\ntext\\n")
random.seed(1)
class Point:
    def __init__(self, x): self.x = x
    def __repr__(self): return f"Point({self.x})"
    def __lt__(self, other): return self.x < other.x
@dataclasses.dataclass
class Row:
    a: int
    b: str = ""
class Colour(enum.Enum):
    RED = 1
def double(x): return x * 2
l, d, s, b, t, q = [3, 1, 2], {"a": 1, "b": 2}, {1, 2}, b"ab", (1, 2), collections.deque([1, 2])
text = "some Text, 12"
match = re.search("(e) T", text)
"""

HARMLESS = """
abs(-1) | all([1, 0]) | any([1, 0]) | ascii("é") | bin(3) | bool([]) | bytes(3) | callable(len) | chr(65) | complex(1, 2) | dict(a=1) | divmod(7, 2)
list(enumerate("ab")) | list(filter(None, [0, 1])) | float("1.5") | format(3, "04d") | frozenset([1]) | hash(1) | hex(255) | int("7") | isinstance(1, int)
issubclass(bool, int) | next(iter([5])) | len(l) | list("ab") | list(map(double, [1, 2])) | max(1, 2) | min([3, 1]) | oct(8) | ord("a") | pow(2, 3) | list(range(3))
repr("x") | list(reversed([1, 2])) | round(2.567, 1) | set([1]) | slice(1, 2) | sorted([3, 1], key=double) | str(5) | sum([1, 2]) | tuple([1]) | type(5) | list(zip([1], [2]))
getattr(Point(1), "x") | hasattr(l, "pop") | sorted([Point(2), Point(1)]) | max(l, key=lambda v: -v) | ValueError("x").args | bytearray(b"a") | object is not None
l.copy() | l.index(3) | l.count(1) | l.append(9) | l.extend([8]) | l.insert(0, 7) | l.pop() | l.remove(9) | l.reverse() | l.sort() | d.get("a") | d.items() | d.keys()
list(d.values()) | d.copy() | d.setdefault("c", 3) | d.pop("c") | d.update(e=5) | t.index(2) | t.count(1) | s.union({3}) | s.add(4) | s.discard(4) | sorted(s.difference({1})) | s.issubset({1, 2, 3})
text.upper() | text.split(",") | text.replace("e", "E") | text.startswith("some") | text.encode() | text.find("T") | "{}-{}".format(1, 2) | "-".join(["a", "b"]) | text.partition(" ") | text.isalpha() | text.center(20, "*")
"%s" % text | text.splitlines() | text.strip("s") | b.decode() | b.hex() | (5).bit_length() | (1.5).is_integer() | (1.5).hex() | str.lower("A") | dict.fromkeys("ab", 1) | int.from_bytes(b, "big") | float.fromhex("0x1p3")
re.search("T", text).group() | re.sub("e", lambda m: m.group().upper(), text) | re.findall("[a-z]+", text) | re.split(",", text) | re.compile("a+").match("aab").end() | re.escape("a.b") | match.group(1) | match.span() | match.groups() | match.start()
json.dumps({"a": [1, None]}) | json.loads("[1, 2]") | math.sqrt(4) | math.floor(2.5) | math.isclose(1, 1.0) | operator.add(1, 2) | operator.itemgetter(0)([5]) | itertools.chain([1], [2]) | itertools.combinations([1, 2, 3], 2) | itertools.islice([1, 2, 3], 2)
functools.partial(double, 2)() | functools.cmp_to_key(lambda a, b: a - b) is not None | collections.Counter("aab").most_common(1) | collections.OrderedDict(a=1) | collections.defaultdict(list)["x"] | q.append(3) | q.popleft() | collections.namedtuple("N", "a")(1)
copy.copy([1]) | copy.deepcopy({"a": [1]}) | string.capwords("a b") | string.Template("$a").substitute(a=1) | textwrap.dedent("  a") | textwrap.shorten("aa bb cc", 5) | html.escape("<") | html.unescape("&lt;") | difflib.SequenceMatcher(None, "ab", "ac").ratio() | difflib.get_close_matches("ab", ["ac"])
statistics.mean([1, 2]) | fractions.Fraction(1, 2) + 1 | decimal.Decimal("1.5") * 2 | bisect.bisect([1, 3], 2) | heapq.nlargest(1, l) | heapq.heappush(l, 0) | base64.b64encode(b) | binascii.hexlify(b) | hashlib.sha256(b).hexdigest() | unicodedata.normalize("NFC", "é") | urllib.parse.quote("a b") | urllib.parse.urlparse("http://a/b").path
Colour(1).name | Colour["RED"] | dataclasses.asdict(Row(1)) | dataclasses.replace(Row(1), a=2) | Row(5, b="x") | random.random() | random.choice([1, 2]) | random.shuffle(l) | random.Random(3).randint(1, 9) | datetime.date(2020, 1, 2).isoformat() | datetime.timedelta(1).total_seconds() | datetime.datetime(2020, 1, 1).strftime("%Y") | datetime.date.fromisoformat("2020-01-02")
ast.literal_eval("[1]") | keyword.iskeyword("if") | zlib.crc32(b) | struct.pack(">H", 3) | uuid.UUID(int=5) | colorsys.rgb_to_hsv(1, 0, 0) | calendar.monthrange(2020, 2) | reprlib.repr([1] * 9) | types.SimpleNamespace(a=1) | pathlib.Path("a", "b").name | pathlib.Path("there.txt").with_suffix(".x")
pathlib.Path("there.txt").read_text() | pathlib.Path("there.txt").exists() | open("there.txt").read() | open("there.txt").readlines() | os.path.join("a", "b") | os.path.exists("there.txt") | os.path.getsize("there.txt") | sorted(os.listdir("."))[-1] | os.getenv("NOT_THERE") | os.environ.get("NOT_THERE", "x") | os.path.basename("a/b")
"""

WAITING = """
time.time() | time.perf_counter() | time.sleep(0) | datetime.datetime.now() | datetime.date.today() | os.getpid() and os.system("true") | open("new.txt", "w").close() | sys.stdout.flush() | subprocess.run(["true"]) | os.mkdir("folder") | pathlib.Path("f.txt").write_text("x")
uuid.uuid4() | threading.Lock() | socket.gethostname() | input | list(map(os.path.exists, ["a"])) and os.remove("new.txt") | shutil.copy("there.txt", "copy.txt") | sqlite3.connect(":memory:") | pprint.pprint(3) | exec_it() | os.environ.update(A="b") | tempfile.gettempdir() | signal.getsignal(2) | gc.collect() | functools.lru_cache(len)("a") | json.dump({}, open("j.json", "w")) | warnings.warn("x")
"""


def expressions(table):
    return [e.strip() for line in table.strip().splitlines() for e in line.split(" | ")]


def test_harmless(server):
    server.server.delay = 0.001
    lines = []
    for e in expressions(HARMLESS):
        lines.append(f"""
kept = ask("SLOW {len(lines)}")
value = {e}
""")
    check = """
import sys
joined, shown = [], []
import threading
state = sys.modules["xcs._state"].state if "xcs._state" in sys.modules else None
me = threading.get_ident()
"""
    body = SETUP + check
    for i, line in enumerate(lines):
        body += line + f"joined.append(state is not None and not state.paths[me].items and {expressions(HARMLESS)[i]!r})\nshown.append(re.sub('0x.*', '', repr(value)))\n"
    body += "print([j for j in joined if j is not False])\nprint('\\n'.join(shown))\n"
    compare(body, server)


@pytest.mark.parametrize("part", [0, 1, 2])
def test_others_wait(part, server):
    server.server.delay = 0.001
    found = expressions(WAITING)
    found = [e for e in found[part::3] if e != "input"]
    body = """
import time, datetime, os, sys, subprocess, pathlib, uuid, threading, socket, shutil, sqlite3, pprint, tempfile, signal, gc, functools, json, warnings
open("there.txt", "w").write("some"); open("new.txt", "w").close()
exec_it = lambda: exec("x = 1")
state = sys.modules["xcs._state"].state if "xcs._state" in sys.modules else None
joined = []
me = threading.get_ident()
"""
    for i, e in enumerate(found):
        body += f"kept = ask('SLOW {i}')\nx = {e}\njoined.append(state is None or not state.paths[me].items or {e!r})\n"
    body += "print(joined)\n"
    compare(body, server)


def test_every_module_has_a_row():
    """A module in the table that no expression uses would be a row without a test."""
    from xcs import _harmless

    used = HARMLESS + SETUP
    implied = {"json.decoder", "json.encoder", "_operator", "_functools", "_statistics", "_decimal", "_bisect", "_heapq", "_hashlib", "_random", "_struct",
               "_csv", "csv", "cmath", "numbers", "abc", "typing", "graphlib"}  # fmt: skip
    for module in _harmless.MODULES - implied:
        assert f"{module}." in used, module
