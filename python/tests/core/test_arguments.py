"""Every function and class of the package with arguments that it does not take: an exception of Python, in words that say what to write."""

import math
import re

import pytest

import xcs
from xcs import _core

ADD = "func @main(%a: i64, %b: f64, %c: str, %d: bool, %e: list<i64>, %f: bytes, %g: option<str>) -> i64 {\n  return(%a)\n}"
GIVEN = {"a": 1, "b": 2.5, "c": "x", "d": True, "e": [1], "f": b"x"}


class Odd:
    def __repr__(self):
        raise RuntimeError("no repr")


@pytest.fixture(scope="module")
def s():
    made = _core.Session()
    yield made
    made.close()


@pytest.fixture(scope="module")
def other():
    made = _core.Session()
    yield made
    made.close()


@pytest.fixture(scope="module")
def p():
    return xcs.load(xcs.compile(ADD))


TYPE, VALUE = TypeError, ValueError
# (what is written, the exception, words of its message). `s` is a session, `o` a Deferred of another, `p` a loaded plan.
CALLS = [
    # compile
    ("xcs.compile()", TYPE, "compile() needs the argument `text`"),
    ("xcs.compile(5)", TYPE, "text: expected str, got int"),
    ("xcs.compile(None)", TYPE, "text: expected str, got NoneType"),
    ("xcs.compile('a', 'b')", TYPE, "compile() takes 1 argument without a name, got 2; write name=.."),
    ("xcs.compile('a', lvl=2)", TYPE, "compile() has no parameter `lvl`; its parameters: `text`, `name`, `level`, `start_directory`, `reroll`"),
    ("xcs.compile('a', text='b')", TYPE, "compile() got `text` twice"),
    ("xcs.compile('', name=5)", TYPE, "name: expected str, got int"),
    ("xcs.compile('', level='2')", TYPE, "level: expected an int (as `xcsc -O`), got str"),
    ("xcs.compile('', level=2.0)", TYPE, "level: expected an int"),
    ("xcs.compile('', level=None)", TYPE, "level: expected an int"),
    ("xcs.compile('', level=-1)", VALUE, "level: expected 0 to 3 (as `xcsc -O`), got -1"),
    ("xcs.compile('', level=4)", VALUE, "level: expected 0 to 3"),
    ("xcs.compile('', level=10**30)", VALUE, "level: expected 0 to 3"),
    ("xcs.compile('', level=10**5000)", VALUE, "level: expected 0 to 3"),
    ("xcs.compile('', start_directory=5)", TYPE, "start_directory: expected a path such as os.getcwd(), got int"),
    ("xcs.compile('', reroll=1)", TYPE, "reroll: expected True or False, got int"),
    ("xcs.compile('', start_directory='here')", VALUE, "absolute path"),
    ("xcs.compile('\\ud800')", UnicodeEncodeError, "in text"),
    # load
    ("xcs.load()", TYPE, "load() needs the argument `plan`"),
    ("xcs.load(None)", TYPE, "expected the bytes of a plan (xcs.compile) or the path"),
    ("xcs.load(3.5)", TYPE, "expected the bytes of a plan"),
    ("xcs.load(b'', 5)", TYPE, "load() takes 1 argument without a name, got 2; write ops=.."),
    ("xcs.load(b'', jobs=-1)", VALUE, "jobs: expected 0 to 1024 (threads that compute, 0 for one per core), got -1"),
    ("xcs.load(b'', jobs=10**9)", VALUE, "jobs: expected 0 to 1024"),
    ("xcs.load(b'', jobs=2**64)", VALUE, "jobs: expected 0 to 1024"),
    ("xcs.load(b'', jobs=1.5)", TYPE, "jobs: expected an int"),
    ("xcs.load(b'', jobs=math.nan)", TYPE, "jobs: expected an int"),
    ("xcs.load(b'', jobs='4')", TYPE, "jobs: expected an int"),
    ("xcs.load(b'', jobs=None)", TYPE, "jobs: expected an int"),
    ("xcs.load(b'', ops=[])", TYPE, 'ops: expected a dict such as {"name": function}, got list'),
    ("xcs.load(b'', ops={5: len})", TYPE, "ops: expected str, got int"),
    ("xcs.load(b'', ops={'f': 5})", TYPE, 'ops["f"]: expected a callable, got int'),
    ("xcs.load(b'', limits=5)", TYPE, "limits: expected a dict such as"),
    ("xcs.load(b'', limits={'json-depth': -1})", VALUE, "takes a whole number of 0 or more"),
    ("xcs.load(b'', limits={'json-depth': math.nan})", VALUE, "takes a whole number of 0 or more"),
    ("xcs.load(b'', limits={'json-depth': 10**30})", VALUE, "takes a whole number of 0 or more"),
    ("xcs.load(b'', limits={'nothing': 1})", VALUE, "there is no limit"),
    ("xcs.load(b'', limits={5: 1})", TYPE, "limits: expected str, got int"),
    ("xcs.load(b'', allow_net=5)", TYPE, "allow_net: expected a str or a list of str, got int"),
    ("xcs.load(b'', allow_net=[5])", TYPE, "allow_net: expected str, got int"),
    ("xcs.load(b'', allow_net='')", VALUE, "is not HOST[:PORT]"),
    ("xcs.load(b'', allow_all=1)", TYPE, "allow_all: expected True or False, got int"),
    ("xcs.load(b'', allow_everything=True)", TYPE, "load() has no parameter `allow_everything`"),
    ("xcs.load(b'')", xcs.Error, ""),
    ("xcs.load('')", OSError, ""),
    ("xcs.load('no\\0path')", (OSError, ValueError), ""),
    # a plan
    ("xcs.Program()", TYPE, "a Program is made by xcs.load(plan)"),
    ("p(1)", TYPE, "program() takes 0 arguments without a name, got 1"),
    ("p()", TYPE, "@main needs the argument `a`, a `i64`"),
    ("p(**GIVEN, z=1)", TYPE, "@main has no parameter `z`"),
    ("p(**{**GIVEN, 'a': '1'})", TYPE, "a: expected an int for `i64`, got str; write int(..) around it"),
    ("p(**{**GIVEN, 'a': 1.0})", TYPE, "a: expected an int for `i64`, got float; write int(..) around it"),
    ("p(**{**GIVEN, 'a': True})", TYPE, "a: expected an int for `i64`, got bool"),
    ("p(**{**GIVEN, 'a': None})", TYPE, "a: expected an int for `i64`, got NoneType"),
    ("p(**{**GIVEN, 'a': 2**63})", OverflowError, "a: an int beyond 64 bits; pass it as a float, or as text"),
    ("p(**{**GIVEN, 'b': '2.5'})", TYPE, "b: expected a float or an int for `f64`, got str; write float(..) around it"),
    ("p(**{**GIVEN, 'c': 5})", TYPE, "c: expected a str for `str`, got int; write str(..) around it"),
    ("p(**{**GIVEN, 'c': b'x'})", TYPE, "c: expected a str for `str`, got bytes; write .decode() after it"),
    ("p(**{**GIVEN, 'd': 1})", TYPE, "d: expected True or False for `bool`, got int; write bool(..) around it"),
    ("p(**{**GIVEN, 'e': 5})", TYPE, "e: expected a list for `list<i64>`, got int"),
    ("p(**{**GIVEN, 'e': ['x']})", TYPE, "e[0]: expected an int for `i64`, got str; write int(..) around it"),
    ("p(**{**GIVEN, 'f': 'x'})", TYPE, "f: expected bytes for `bytes`, got str; write .encode() after it"),
    ("p(**{**GIVEN, 'g': 5})", TYPE, "g: expected a str for `str`, got int"),
    ("p(**{**GIVEN, 'a': Odd()})", TYPE, "a: expected an int for `i64`, got Odd"),
    ("p.run([])", TYPE, 'arguments: expected a dict such as {"name": "Ada"}, got list'),
    ("p.run(None)", TYPE, "arguments: expected a dict"),
    ("p.run({5: 1})", TYPE, "arguments: a name: expected str, got int"),
    ("p.run(GIVEN, 'main')", TYPE, "run() takes 1 argument without a name, got 2; write entry=.."),
    ("p.run(GIVEN, entry=5)", TYPE, "entry: expected str, got int"),
    ("p.run(GIVEN, entry='nothing')", xcs.Error, "nothing"),
    ("p.run(GIVEN, seed='x')", TYPE, "seed: expected an int, or None"),
    ("p.run(GIVEN, seed=1.5)", TYPE, "seed: expected an int, or None"),
    ("p.run(GIVEN, timeout='1')", TYPE, "timeout: expected seconds such as 2.5, or None for none, got str"),
    ("p.run(GIVEN, timeout=0)", VALUE, "timeout: expected seconds above 0"),
    ("p.run(GIVEN, timeout=-1)", VALUE, "timeout: expected seconds above 0 and below 9e9, or None for none, got -1"),
    ("p.run(GIVEN, timeout=math.nan)", VALUE, "timeout: expected seconds above 0"),
    ("p.run(GIVEN, timeout=math.inf)", VALUE, "timeout: expected seconds above 0"),
    ("p.run(GIVEN, timeout=10**400)", VALUE, "timeout: expected seconds above 0"),
    ("p.run(GIVEN, time=1)", TYPE, "run() has no parameter `time`; its parameters: `arguments`, `entry`, `seed`, `timeout`"),
    # a session
    ("_core.Session(1)", TYPE, "Session() takes 0 arguments without a name, got 1; write jobs=.."),
    ("_core.Session(job=1)", TYPE, "Session() has no parameter `job`"),
    ("_core.Session(jobs=10**9)", VALUE, "jobs: expected 0 to 1024"),
    ("_core.Session(jobs=-1)", VALUE, "jobs: expected 0 to 1024"),
    ("_core.Session(jobs='1')", TYPE, "jobs: expected an int"),
    ("_core.Session(threads=0)", VALUE, "threads: expected 1 to 4096 (functions of the program that may run at once), got 0"),
    ("_core.Session(threads=10**9)", VALUE, "threads: expected 1 to 4096"),
    ("_core.Session(record=1)", TYPE, "record: expected True or False, got int"),
    ("_core.Session(allow='net=a')", TYPE, 'allow: expected a list such as ["net=127.0.0.1:8080"], got str'),
    ("_core.Session(allow=5)", TYPE, "allow: expected a list such as"),
    ("_core.Session(allow=[5])", TYPE, "allow: expected str, got int"),
    ("_core.Session(allow=[''])", VALUE, '"" is no grant'),
    ("s.call()", TYPE, "call() needs the argument `op`"),
    ("s.call('str.concat')", TYPE, "call() needs the argument `operands`"),
    ("s.call(5, ())", TYPE, "op: expected str, got int"),
    ("s.call('', ())", xcs.Error, ""),
    ("s.call('str.concat', ['a'])", TYPE, 'operands: expected a tuple such as ("a", deferred), got list'),
    ("s.call('str.concat', ())", None, None),
    ("s.call('str.concat', (Odd(),))", TYPE, "operands[0]: expected"),
    ("s.call('str.concat', ('a', o))", VALUE, "operands: a Deferred of another session; wait for it there, and pass its value"),
    ("s.call('str.join', (['a', [o]],))", VALUE, "operands: a Deferred of another session"),
    ("s.call('str.upper', ('a',), [])", TYPE, "attributes: expected a dict, got list"),
    ("s.call('str.upper', ('a',), {5: 1})", TYPE, "attributes: expected str, got int"),
    ("s.call('str.upper', ('a',), {'nothing': 1})", xcs.Error, ""),
    ("s.call('str.upper', ('a',), {'nothing': Odd()})", TYPE, 'attributes["nothing"]: expected str, int, float, bool, None, list or dict, got Odd'),
    ("s.call('str.upper', ('a',), None, ('x', -1))", VALUE, "origin[1]: expected 0 to 4294967295 (a line, 0 for none), got -1"),
    ("s.call('str.upper', ('a',), None, ('x', 10**30))", VALUE, "origin[1]: expected 0 to 4294967295"),
    ("s.call('str.upper', ('a',), None, ('x', 1.5))", TYPE, 'origin: expected the place of the call, such as ("report.py", 12)'),
    ("s.call('str.upper', ('a',), None, (5, 1))", TYPE, "origin: expected the place of the call"),
    ("s.call('str.upper', ('a',), None, 'x')", TYPE, "origin: expected the place of the call"),
    ("s.call('str.upper', ('a',), None, Odd())", TYPE, "got an object of type Odd"),
    ("s.call('str.upper', ('a',), symbol=5)", TYPE, "symbol: expected str, got int"),
    ("s.call('str.upper', ('a',), result=5)", TYPE, "result: expected str, got int"),
    ("s.call('str.upper', ('a',), result='nothing')", VALUE, "result: `nothing` is no type such as `str` or `option<str>`"),
    ("s.call('str.upper', ('a',), result='')", xcs.Error, None),
    ("s.host(len)", TYPE, "host() needs the argument `args`"),
    ("s.host(5, (), {})", TYPE, "function: expected a callable, got int"),
    ("s.host(len, ['a'], {})", TYPE, "args: expected a tuple such as (1, deferred), got list"),
    ("s.host(len, ('a',), None)", TYPE, 'kwargs: expected a dict such as {"key": 1}, got NoneType'),
    ("s.host(len, (o,), {})", VALUE, "operands: a Deferred of another session"),
    ("s.host(len, ('a',), {'k': [o]})", VALUE, "operands: a Deferred of another session"),
    ("s.host(len, ('a',), {}, 'pure')", TYPE, "host() takes 3 arguments without a name, got 4; write effect=.."),
    ("s.host(len, ('a',), {}, effect='reads')", VALUE, 'effect: expected "pure", "sample", "read(R)" or "write(R)"'),
    ("s.host(len, ('a',), {}, effect='read(')", VALUE, "effect: expected"),
    ("s.host(len, ('a',), {}, effect='read()')", VALUE, "effect: expected"),
    ("s.host(len, ('a',), {}, effect='')", VALUE, "effect: expected"),
    ("s.host(len, ('a',), {}, effect=None)", TYPE, "effect: expected str, got NoneType"),
    ("s.host(len, ('a',), {}, repeat='often')", VALUE, 'repeat: expected "never" or "idempotent", got \'often\''),
    ("s.host(len, ('a',), {}, origin=('x', -1))", VALUE, "origin[1]: expected 0"),
    ("s.declare('model')", TYPE, "declare() needs the argument `symbol`"),
    ("s.declare(5, 'x', {})", TYPE, "kind: expected str, got int"),
    ("s.declare('nothing', 'x', {})", VALUE, "there is no kind of resource `nothing`"),
    ("s.declare('http', 5, {})", TYPE, "symbol: expected str, got int"),
    ("s.declare('http', 'x', 5)", TYPE, "attributes: expected a dict, got int"),
    ("s.declare('http', 'x', {'url': 5})", xcs.Error, ""),
    ("s.grant('net=a')", TYPE, "allow: expected a list such as"),
    ("s.grant(['read=.'])", VALUE, "is no grant of a running session"),
    ("s.grant(None)", TYPE, "allow: expected a list such as"),
    ("s.set_variable('a')", TYPE, "set_variable() needs the argument `value`"),
    ("s.set_variable('', 'b')", VALUE, 'name: expected the name of a variable such as "OPENAI_API_KEY"'),
    ("s.set_variable('a=b', 'c')", VALUE, "name: expected the name of a variable"),
    ("s.set_variable('a', 5)", TYPE, "value: expected str, got int"),
    ("s.wait()", TYPE, "wait() needs the argument `deferreds`"),
    ("s.wait(5)", TYPE, "deferreds: expected a list such as [deferred], got int"),
    ("s.wait(None)", TYPE, "deferreds: expected a list such as [deferred], got NoneType"),
    ("s.wait(['x'])", TYPE, "expected a Deferred, got str"),
    ("s.wait(o)", TYPE, "write wait([deferred])"),
    ("s.wait([o])", VALUE, "deferreds: a Deferred of another session"),
    ("s.watch(o)", VALUE, "deferred: a Deferred of another session"),
    ("s.watch(5)", TYPE, "expected a Deferred, got int"),
    ("s.watch(None)", TYPE, "expected a Deferred, got NoneType"),
    ("s.watch()", TYPE, "watch() needs the argument `deferred`"),
    ("_core.Deferred()", TYPE, "a Deferred is made by a session"),
    # the front end
    ("xcs.install(5)", TYPE, 'xcs.install takes names of packages, such as ["mypkg"], not int'),
    ("xcs.install(None)", TYPE, "xcs.install takes names of packages"),
    ("xcs.install(b'json')", TYPE, "xcs.install takes names of packages"),
    ("xcs.install([5])", TYPE, "one of them is of class int"),
    ("xcs.install([''])", VALUE, "'' is not the name of a package"),
    ("xcs.install('my-pkg')", VALUE, "'my-pkg' is not the name of a package"),
    ("xcs.install('my.pkg')", VALUE, "write 'my' in place of 'my.pkg'"),
    ("xcs.model()", TYPE, "name"),
    ("xcs.model(5)", TYPE, "xcs.model: name must be a str"),
    ("xcs.model('')", VALUE, "xcs.model: name is empty"),
    ("xcs.model('m', url=5)", TYPE, "xcs.model: url must be a str"),
    ("xcs.model('m', url='')", VALUE, "xcs.model: url is empty"),
    ("xcs.model('m', url='127.0.0.1')", VALUE, "url must begin with"),
    ("xcs.model('m', key=5)", TYPE, "xcs.model: key must be a str"),
    ("xcs.model('m', max_in_flight='8')", TYPE, "max_in_flight must be an int, not str"),
    ("xcs.model('m', max_in_flight=1.5)", TYPE, "max_in_flight must be an int, not float"),
    ("xcs.model('m', max_in_flight=0)", VALUE, "max_in_flight must be more than 0, and None for no bound, not 0"),
    ("xcs.model('m', max_in_flight=-1)", VALUE, "max_in_flight must be more than 0"),
    ("xcs.model('m', rpm='60')", TYPE, "rpm must be a number, not str"),
    ("xcs.model('m', rpm=math.nan)", VALUE, "rpm must be more than 0"),
    ("xcs.model('m', rpm=math.inf)", VALUE, "rpm must be more than 0, and None for no bound"),
    ("xcs.model('m')()", TYPE, "prompt"),
    ("xcs.model('m')(5)", TYPE, "xcs.model('m') takes a text, or a list of messages, not int"),
    ("xcs.op(5)", TYPE, "xcs.op takes a callable, not int"),
    ("xcs.op(len, effect=5)", TYPE, "xcs.op: effect must be a str, not int"),
    ("xcs.op(len, effect='reads')", VALUE, "unknown effect"),
    ("xcs.op(len, effect='')", VALUE, "unknown effect"),
    ("xcs.op(len, repeat=5)", TYPE, "xcs.op: repeat must be a str, not int"),
    ("xcs.op(len, repeat='often')", VALUE, "unknown repeat"),
    ("xcs.program(5)", TYPE, "xcs.program takes a function, not int"),
    ("xcs.program(record='x')", TYPE, "xcs.program: record must be True or False, not str"),
    ("xcs.program(lambda: 1).xir()", RuntimeError, "write @xcs.program(record=True)"),
    ("xcs.program(strategy='fast')", VALUE, "unknown strategy 'fast'; write \"tracing\", \"structural\", \"enhanced\", or a Strategy object"),
    ("xcs.program(strategy=5)", VALUE, "unknown strategy 5"),
    ("xcs.Strategy().program(len)", NotImplementedError, "Strategy.program"),
    ("xcs.TracingStrategy(1)", TYPE, "takes no arguments"),
    ("xcs.StructuralStrategy(1)", TYPE, "positional"),
    ("xcs.StructuralStrategy(level='x')", VALUE, "level must be 0, 1, 2 or 3, not 'x'"),
    ("xcs.StructuralStrategy(level=4)", VALUE, "level must be 0, 1, 2 or 3, not 4"),
    ("xcs.EnhancedStrategy(watch=-1)", VALUE, "watch must be a number of calls, not -1"),
    ("xcs.EnhancedStrategy(watch=True)", VALUE, "watch must be a number of calls, not True"),
    ("xcs.EnhancedStrategy(profile=5)", TYPE, "profile must be a path, not int"),
]  # fmt: skip


@pytest.mark.parametrize(("call", "error", "words"), CALLS, ids=[c[0] for c in CALLS])
def test_it_says_what_to_write(call, error, words, s, other, p):
    o = other.call("str.concat", ("a", "b"))
    names = {"xcs": xcs, "_core": _core, "math": math, "s": s, "o": o, "p": p, "GIVEN": GIVEN, "Odd": Odd}
    if words is None:  # it takes them
        assert eval(call, names) is not None
        return
    with pytest.raises(error) as caught:
        eval(call, names)
    message = str(caught.value)
    assert words in message, message
    for dumped in ("incompatible function arguments", "Invoked with", "std::", "bad_"):
        assert dumped not in message


def test_every_public_name_is_in_the_table():
    written = " ".join(c[0] for c in CALLS)
    for name in set(xcs.__all__) - {"CompileError", "Error", "Stopped", "__version__", "remarks", "value"}:
        assert f"xcs.{name}(" in written, name
    for cls, called in ((_core.Session, "s"), (_core.Program, "p")):
        for name in vars(cls):
            if not name.startswith("_") and callable(getattr(cls, name)) and re.search(r"\w", (getattr(cls, name).__doc__ or "").partition(")")[0].partition("self")[2]):
                assert f"{called}.{name}(" in written, name


def test_help_shows_each_text_once():
    for function in (xcs.load, xcs.compile, _core.Session.host, _core.Program.run):
        text = function.__doc__
        assert "Overloaded" not in text and len(text.split("\n\n")) >= 2


def test_what_it_takes():
    session = _core.Session(jobs=1, threads=1, record=True, allow={"net=127.0.0.1:1"})
    try:
        for origin in (("x", 0), ("", 2**32 - 1)):
            assert session.call("str.concat", ("a", "b"), origin=origin).origin == origin
        for effect in ("pure", "sample", "read", "write", "read(a.b)", "write(index-2)"):
            made = session.host(len, ("ab",), {}, effect=effect, repeat="idempotent")
            session.wait(d for d in [made])
            assert made.value() == 2
    finally:
        session.close()
    assert xcs.load(xcs.compile(ADD))(**GIVEN) == 1
    assert xcs.load(xcs.compile(ADD)).run(GIVEN, seed=-(10**40), timeout=1e9) == 1
