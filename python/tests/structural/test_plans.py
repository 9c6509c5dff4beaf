"""Plans of functions: models, operations of the host, saved plans, constants, arguments, the strategies."""

import dataclasses
import json
import math
import os
import subprocess
import sys

import pytest
from checkout import BUILD

import xcs

KEY = "a-key-for-these-tests"
SCRIPT = """
import json, sys
from typing import TypedDict
import openai
from openai import OpenAI
import xcs

client = OpenAI()
STYLE = "Answer in one word."
TOPICS = ("rain", "snow", "hail")
gpt = xcs.model("large", max_in_flight=4, temperature=0.25)


def ask(prompt, model="small", temperature=0.5):
    response = client.chat.completions.create(model=model, messages=[{"role": "user", "content": prompt}], temperature=temperature)
    return response.choices[0].message.content


@xcs.op(effect="read(index)")
def search(words: str, top: int = 3) -> list[str]:
    if words == "boom":
        raise KeyError(words)
    return [f"{words}{i}" for i in range(top)]


class Reading(TypedDict):
    label: str
    sure: bool


def main(question: str, votes: int) -> dict[str, str]:
    answers = [ask(f"{question} {i}") for i in range(votes)]
    try:
        best = ask(question, "large", temperature=votes / 4)
    except openai.OpenAIError:
        best = "none"
    found = search(question, top=2)
    more, size = [], 0
    for t in TOPICS:
        if t != "snow":
            more.append(gpt(f"{t}: {found[0]}"))
        size += len(ask(t))
    try:
        bad = search("boom")
    except KeyError:
        bad = ["caught"]
    said = client.chat.completions.create(model="small", messages=[{"role": "system", "content": STYLE}, {"role": "user", "content": question}])
    history = [{"role": "user", "content": question}]
    for _ in range(2):
        history.append({"role": "assistant", "content": gpt(history)})
    data: Reading = json.loads('{"label": "x", "sure": true}')
    return {"best": best, "all": "|".join(answers), "more": "/".join(more), "bad": bad[0], "said": said.choices[0].message.content, "history": history[-1]["content"], "label": data["label"], "size": str(size)}


program = xcs.program(main, strategy="structural") if sys.argv[1] == "plan" else main
print(json.dumps(program("q", 3)))
"""


def served(folder, name, *arguments):
    """Runs a script beside an endpoint that echoes; gives what it prints and the bodies that it sent."""
    log = folder / f"{name}.log"
    command = [BUILD / "bin" / "xcs-faults", "--echo", "--latency", "100ms", "--log", log, "--max-seconds", "60", "--", "env", "OPENAI_BASE_URL={url}", *map(str, arguments)]
    done = subprocess.run(command, cwd=folder, env={**os.environ, "OPENAI_API_KEY": KEY}, capture_output=True, text=True, timeout=100)
    assert done.returncode == 0, done.stderr
    requests = subprocess.run([BUILD / "bin" / "xcs-faults", "--requests", log], capture_output=True, text=True, check=True).stdout
    summary = subprocess.run([BUILD / "bin" / "xcs-faults", "--summary", log], capture_output=True, text=True, check=True).stdout
    return done.stdout, requests, summary


def test_a_program_of_models_plainly_and_as_a_plan(tmp_path):
    script = tmp_path / "script.py"
    script.write_text(SCRIPT)
    plain, _, said = served(tmp_path, "plain", sys.executable, script, "plain")
    plan, _, parallel = served(tmp_path, "plan", sys.executable, script, "plan")
    assert plain == plan and json.loads(plan)["bad"] == "caught"
    count = lambda text: [line for line in text.splitlines() if line.startswith("requests")]  # noqa: E731
    assert count(said) == count(parallel) and count(said), (said, parallel)
    in_flight = int(parallel.split("max in flight: ")[1].split()[0])
    assert in_flight >= 8, parallel  # the votes, the loop over the topics and all that needs nothing else
    assert "max in flight: 1" in said


ENDS = """
import json, sys
import openai
from openai import OpenAI
import xcs

client = OpenAI(max_retries=0)


def ask(prompt):
    return client.chat.completions.create(model="small", messages=[{"role": "user", "content": prompt}]).choices[0].message.content


def one(prompt: str) -> str:
    try:
        return ask(prompt)
    except openai.OpenAIError:
        return "failed"


def two(prompt: str) -> str:
    try:
        return ask(prompt)
    except ValueError:
        return "value"


one_plan, two_plan = (xcs.program(f, strategy="structural") for f in (one, two))
print(json.dumps([[p, one(p), one_plan(p)] for p in ("cut", "filter", "bad", "fine")]))
for f in (two, two_plan):
    try:
        print(f("bad"))
    except Exception as e:
        print(type(e).__name__, getattr(e, "id", ""))
"""


def test_how_answers_end(tmp_path):
    (tmp_path / "ends.py").write_text(ENDS)
    rules = [("cut", {"content": "partial", "finish_reason": "length"}), ("filter", {"content": "some", "finish_reason": "content_filter"}), ("bad", {"status": 400}), ("fine", {"content": "all"})]
    (tmp_path / "rules.json").write_text(json.dumps([{"match": {"last_contains": word}, "reply": reply} for word, reply in rules]))
    command = [BUILD / "bin" / "xcs-faults", "--latency", "1ms", "--script", "rules.json", "--max-seconds", "60", "--", "env", "OPENAI_BASE_URL={url}", sys.executable, "ends.py"]
    done = subprocess.run(command, cwd=tmp_path, env={**os.environ, "OPENAI_API_KEY": KEY}, capture_output=True, text=True, timeout=100)
    assert done.returncode == 0, done.stderr
    table, plain, plan = done.stdout.splitlines()
    assert json.loads(table) == [["cut", "partial", "partial"], ["filter", "some", "some"], ["bad", "failed", "failed"], ["fine", "all", "all"]]
    assert plain.startswith("BadRequestError") and plan == "Error model-status"


def test_what_is_saved_runs_without_python(tmp_path):
    script = tmp_path / "saves.py"
    script.write_text(
        "import os, subprocess, sys, xcs\n"
        'gpt = xcs.model("small")\n'
        "@xcs.program(strategy='structural')\n"
        "def main(topic: str, n: int = 2) -> list[str]:\n"
        "    return [gpt(f'{topic} {i}') for i in range(n)]\n"
        "main.save('main.xplan')\n"
        "host = os.environ['OPENAI_BASE_URL'].removeprefix('http://').split('/')[0]\n"
        f"command = [{str(BUILD / 'bin' / 'xcs-run')!r}, 'main.xplan', '--arg', 'topic=rain', f'--allow-net={{host}}', f'--allow-secret=OPENAI_API_KEY@{{host}}']\n"
        "print(subprocess.run(command, capture_output=True, text=True).stdout, end='')\n"
    )
    said, _, _ = served(tmp_path, "saved", sys.executable, script)
    assert json.loads(said) == ["rain 0", "rain 1"]


@xcs.op(effect="pure")
def shout(text: str, times: int = 1) -> str:
    return text.upper() + "!" * times


@xcs.op(effect="write(log)")
def note(line: str) -> None:
    NOTES.append(line)


NOTES = []
LIMIT = 3
TABLE = {"a": 1, "b": 2}


@dataclasses.dataclass
class Ticket:
    text: str
    tags: list[str] = dataclasses.field(default_factory=list)
    weight: float = 0.5


def with_host(name: str) -> str:
    return shout(name) + shout(name, times=3)


def test_operations_of_the_host_are_named(tmp_path):
    program = xcs.program(with_host, strategy="structural")
    assert program("a") == with_host("a") == "A!A!!!"
    assert "shout: a function of the host" in program.explain()
    program.save(tmp_path / "host.xplan")
    done = subprocess.run([BUILD / "bin" / "xcs-run", tmp_path / "host.xplan", "--arg", "name=a"], capture_output=True, text=True)
    assert done.returncode == 2 and "`shout`" in done.stderr
    loaded = xcs.load(tmp_path / "host.xplan", ops={"shout": lambda text, times: text + str(times)})
    assert loaded(name="a") == "a1a3"


def in_order(xs: list[str]) -> int:
    for x in xs:
        note(x)
        note(x + "2")
    return len(xs)


def test_writes_are_made_in_order():
    NOTES.clear()
    xs = [f"n{i}" for i in range(20)]
    assert xcs.program(in_order, strategy="structural")(xs) == 20
    assert NOTES == [y for x in xs for y in (x, x + "2")]


def limited(xs: list[int]) -> list[int]:
    return [x for x in xs if x < LIMIT][: TABLE["b"]]


def test_a_constant_that_changes_makes_another_plan(monkeypatch):
    program = xcs.program(limited, strategy="structural")
    assert program([1, 5, 2, 0]) == limited([1, 5, 2, 0]) == [1, 2]
    monkeypatch.setattr(sys.modules[__name__], "LIMIT", 6)
    assert program([1, 5, 2, 0]) == limited([1, 5, 2, 0]) == [1, 5]
    monkeypatch.setitem(TABLE, "b", 3)
    assert program([1, 5, 2, 0]) == limited([1, 5, 2, 0]) == [1, 5, 2]


def test_closures_are_constants():
    def made(by):
        def scaled(x: int) -> int:
            return x * by

        return scaled

    for by in (2, 5):
        assert xcs.program(made(by), strategy="structural")(4) == 4 * by


def retagged(t: Ticket, more: str) -> Ticket:
    return Ticket(t.text + more, [*t.tags, more], weight=t.weight * 2)


def test_dataclasses_in_and_out():
    program = xcs.program(retagged, strategy="structural")
    assert program(Ticket("a"), "b") == retagged(Ticket("a"), "b") == Ticket("ab", ["b"], 1.0)


@pytest.mark.parametrize(
    ("args", "told"),
    [((["a"],), "xs[0] must be int, not str"), (((1,),), "xs must be list[int], not tuple"), ((True,), "xs must be list[int], not bool"), (([True],), "xs[0] must be int, not bool"), ((), "missing a required argument")],
)
def test_arguments_are_not_converted(args, told):
    with pytest.raises(TypeError) as caught:
        xcs.program(limited, strategy="structural")(*args)
    assert told in str(caught.value)


def pydantic_module(tmp_path):
    pytest.importorskip("pydantic")
    path = tmp_path / "with_pydantic.py"
    path.write_text(
        "from pydantic import BaseModel, ConfigDict\n"
        "class Reading(BaseModel):\n"
        '    model_config = ConfigDict(strict=True, extra="forbid")\n'
        "    label: str\n"
        "    score: float\n"
        "class Loose(BaseModel):\n"
        "    label: str\n"
        "def read(text: str) -> str:\n"
        "    try:\n"
        "        r = Reading.model_validate_json(text)\n"
        "    except ValueError:\n"
        "        return 'unread'\n"
        "    return f'{r.label} {r.score}'\n"
        "def loose(text: str) -> str:\n"
        "    return Loose.model_validate_json(text).label\n"
    )
    names = {"__name__": "with_pydantic"}
    exec(compile(path.read_text(), str(path), "exec"), names)
    return names


def test_pydantic_models(tmp_path):
    names = pydantic_module(tmp_path)
    program = xcs.program(names["read"], strategy="structural")
    for text in ('{"label": "x", "score": 1}', '{"label": "x", "score": 0.25}', "{}", "no", '{"label": 1, "score": 1.0}', '{"label": "x", "score": "1"}', '{"label": "x", "score": 1, "more": 2}', '{"score": 1e2, "label": ""}'):
        assert program(text) == names["read"](text), text
    with pytest.raises(xcs.CompileError, match="strict=True"):
        xcs.program(names["loose"], strategy="structural").plan()


def failing(xs: list[int], i: int) -> int:
    y = xs[i]
    return 10 // y


def test_a_failure_names_its_line_of_python():
    program = xcs.program(failing, strategy="structural")
    line = failing.__code__.co_firstlineno
    for args, cls, at in ((([0], 0), ZeroDivisionError, line + 2), (([0], 4), IndexError, line + 1)):
        with pytest.raises(cls) as caught:
            program(*args)
        assert any(f"{__file__}:{at}" in n for n in caught.value.__notes__), caught.value.__notes__
        assert isinstance(caught.value.__cause__, xcs.Error)


def test_beyond_64_bits_is_a_failure_and_no_handler_takes_it():
    def large(n: int) -> int:
        try:
            return n * n
        except Exception:
            return -1

    with pytest.raises(OverflowError):
        xcs.program(large, strategy="structural")(2**40)
    assert xcs.program(large, strategy="structural")(2**30) == 2**60


def test_the_places_are_in_the_plan():
    program = xcs.program(failing, strategy="structural")
    host = xcs.program(with_host, strategy="structural")
    assert f'"{__file__}":{with_host.__code__.co_firstlineno + 1}:12' in host.explain()
    assert f"{__file__}" not in program.xir() and "func @main(%xs: list<i64>, %i: i64) -> i64" in program.xir()
    assert xcs.compile(program.xir())


def test_within_an_event_loop_it_is_awaited():
    import asyncio

    async def together():
        program = xcs.program(with_host, strategy="structural")
        return await asyncio.gather(*(program(name) for name in ("a", "b", "c")))

    assert asyncio.run(together()) == [with_host(name) for name in ("a", "b", "c")]


def test_names_beyond_ascii():
    def named(größe: int) -> int:
        return größe

    def inner(n: int) -> int:
        größe = n + 1
        return größe * 2

    assert xcs.program(inner, strategy="structural")(2) == 6
    with pytest.raises(xcs.CompileError, match="ASCII"):
        xcs.program(named, strategy="structural").plan()


def test_defaults_are_those_of_the_plan(tmp_path):
    def greeted(name: str, word: str = "Hello") -> str:
        return f"{word}, {name}"

    program = xcs.program(greeted, strategy="structural")
    program.save(tmp_path / "greeted.xplan")
    assert xcs.load(tmp_path / "greeted.xplan")(name="Ada") == program("Ada") == "Hello, Ada"


def test_strategies():
    def same(x: int) -> int:
        return x + 1

    for strategy in ("structural", xcs.StructuralStrategy, xcs.StructuralStrategy(level=0), xcs.StructuralStrategy(level=3)):
        assert xcs.program(strategy=strategy)(same)(2) == 3
    for strategy in ("tracing", xcs.TracingStrategy()):
        assert type(xcs.program(same, strategy=strategy)).__name__ == "Program"
    assert isinstance(xcs.program(same), type(xcs.program(same, strategy="tracing")))
    assert issubclass(xcs.EnhancedStrategy, xcs.StructuralStrategy) and issubclass(xcs.TracingStrategy, xcs.Strategy)
    for wrong in ("fast", 3, None, int):
        with pytest.raises((ValueError, TypeError), match="strategy"):
            xcs.program(same, strategy=wrong)
    with pytest.raises(ValueError, match="level"):
        xcs.StructuralStrategy(level=9)


def test_a_function_without_source():
    names = {}
    exec("def f(x: int) -> int:\n    return x", names)
    with pytest.raises(xcs.CompileError, match="no source"):
        xcs.program(names["f"], strategy="structural").plan()


def test_a_key_stands_in_no_plan(tmp_path, monkeypatch):
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    gpt = xcs.model("small", url="http://127.0.0.1:9/v1")
    own = xcs.model("small", url="http://127.0.0.1:9/v1", key="another-key-of-this-test")

    def asked(x: str) -> str:
        return gpt(x)

    def asked_own(x: str) -> str:
        return own(x)

    program = xcs.program(asked, strategy="structural")
    assert KEY.encode() not in program.plan() and 'secret("OPENAI_API_KEY")' in program.xir()
    with pytest.raises(xcs.CompileError, match="a plan contains no key"):
        xcs.program(asked_own, strategy="structural").plan()


CALLED = []


@xcs.op(effect="pure")
def counted(text: str) -> str:
    CALLED.append(text)
    if text == "bad":
        raise ValueError(text)
    return text


def indirectly(text):
    return counted(text + "2")


def unused(text: str, xs: list[str]) -> str:
    counted(text)
    word = counted(text + "1").strip()
    indirectly(text)
    rows = [counted(x) for x in xs]
    if text:
        other = counted(text + "3")
    for x in xs:
        indirectly(x)
    return text


def test_calls_whose_answers_are_not_used_are_made():
    program = xcs.program(unused, strategy="structural")
    CALLED.clear()
    unused("a", ["x", "y"])
    plainly = sorted(CALLED)
    CALLED.clear()
    program("a", ["x", "y"])
    assert sorted(CALLED) == plainly and len(plainly) == 8
    with pytest.raises(ValueError, match="bad"):
        program("bad", [])


class Own(LookupError):
    pass


@xcs.op(effect="pure")
def raising(text: str) -> str:
    raise {"own": Own, "key": KeyError, "value": ValueError}.get(text, RuntimeError)(text)


def handled(text: str) -> str:
    try:
        return raising(text)
    except LookupError:
        return "lookup"
    except ValueError:
        return "value"


@pytest.mark.parametrize("text", ["own", "key", "value"])
def test_handlers_of_what_the_host_raises(text):
    assert xcs.program(handled, strategy="structural")(text) == handled(text)


def test_what_no_handler_takes_is_raised_as_it_was():
    with pytest.raises(RuntimeError, match="other"):
        xcs.program(handled, strategy="structural")("other")


def test_the_compensated_sum():
    """From Python 3.12 on `sum` is compensated; its operation is there on every version."""
    from xcs._structural import prelude

    text = prelude.text("sum") + "\nfunc @main(%xs: list<f64>) -> f64 {\n  %s = call @python.sum(%xs) : f64\n  return(%s)\n}\n"
    program = xcs.load(xcs.compile(text))
    for xs in ([], [0.1] * 10, [1e16, 1.0, -1e16], [1e308, 1e308], [1e308, 1e308, -1e308], [float("inf"), 1.0], [-0.0], [1.0, 1e100, 1.0, -1e100]):
        assert repr(program(xs=xs)) == repr(compensated(xs)), xs


def compensated(xs):
    """As CPython 3.12 adds floats (Python/bltinmodule.c)."""
    high, low = 0.0, 0.0
    for x in xs:
        total = high + x
        low += (high - total) + x if abs(high) >= abs(x) else (x - total) + high
        high = total
    return high + low if low and math.isfinite(low) else high


CONVERTED = """
import xcs


@xcs.op(effect="sample")
def ask(prompt: str) -> str:
    return prompt + "!"


@xcs.program(strategy="structural")
def loud(xs: list[str]) -> list[str]:
    return [ask(x) for x in xs]


first = ask("one")
print(loud([first, ask("two")]), loud([first])[0] + ask("x"))
"""


@pytest.mark.parametrize("how", [[], ["-m", "xcs"]])
def test_in_a_script_plainly_and_converted(how, tmp_path):
    (tmp_path / "script.py").write_text(CONVERTED)
    done = subprocess.run([sys.executable, *how, "script.py"], cwd=tmp_path, capture_output=True, text=True, timeout=60)
    assert done.stdout.startswith("['one!!', 'two!!'] one!!x!"), done.stderr
