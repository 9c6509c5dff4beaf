"""Whole programs: the scripts that showed the rules first, each with how many of its calls are together."""

import pathlib

import pytest
from both import HERE, compare

# script -> (calls in flight together, at least; requests)
PROGRAMS = {"chain": (2, 5), "effect": (1, 1), "grade": (20, 40), "guarded": (3, 3), "judge": (5, 6), "stateful": (1, 3), "unused": (1, 1), "usage": (4, 4)}
WITHOUT_A_TEXT = """
from openai import OpenAI
client = OpenAI(max_retries=0)
def ask(q):
    r = client.chat.completions.create(model="small", messages=[{"role": "user", "content": q}])
    return r.choices[0].message.content
said = ask("NOTEXT")
if said is None:
    print("refused")
other = ask(f"was {said}")
print(type(other) is str, other)
"""
UNCONVERTED = """
import textwrap, collections
from openai import OpenAI
client = OpenAI(max_retries=0)
def ask(q):
    r = client.chat.completions.create(model="small", messages=[{"role": "user", "content": q}])
    return r.choices[0].message.content
a, b = ask("one"), ask("two")
print(textwrap.fill(f"{a} and {b}", 12), collections.Counter([a, b]), textwrap.indent(b, "> "))
"""
CHANGED_MESSAGES = """
from openai import OpenAI
client = OpenAI(max_retries=0)
messages = [{"role": "user", "content": "one"}]
first = client.chat.completions.create(model="small", messages=messages)
messages[0]["content"] = "two"
second = client.chat.completions.create(model="small", messages=messages)
print(first.choices[0].message.content, second.choices[0].message.content)
"""


@pytest.mark.parametrize("name", PROGRAMS)
def test_program(name, server):
    together, requests = PROGRAMS[name]
    server.server.delay = 0.002
    plain, ours = compare((HERE / "programs" / f"{name}.py").read_text(), server, preamble=False, args=["out.txt"], together=together)
    assert plain.most == 1
    assert ours.most >= together, ours.remarks
    assert len(plain.requests) == requests


@pytest.mark.parametrize("source", [WITHOUT_A_TEXT, UNCONVERTED, CHANGED_MESSAGES], ids=["without a text", "helpers of libraries", "changed messages"])
def test_others(source, server):
    server.server.delay = 0.02
    compare(source, server, preamble=False)


def test_all_have_a_row():
    assert {p.stem for p in pathlib.Path(HERE / "programs").glob("*.py")} == set(PROGRAMS)


NESTED = """
import xcs

@xcs.op
def inner(x):
    return x + 1

@xcs.op(effect="sample")
def drawn(x):
    return x * 2

@xcs.program
def both(x):
    return [inner(x), inner(x + 1), drawn(x), drawn(x)]

@xcs.op
def outer(x):
    return both(x)

@xcs.op(effect="sample")
def deep(n):
    return 0 if n == 0 else 1 + down(n - 1)

@xcs.program
def down(n):
    made = [deep(n)]
    return made[0]

print(outer(1), outer(2), [deep(i) for i in range(3)])
print(down(300))
"""


def test_an_operation_may_run_programs_whose_calls_it_would_wait_for(server):
    compare(NESTED, server, preamble=False, fresh=True)
