"""Random programs give the same plainly and deferred; and the comparison finds what is wrong in front ends that are wrong."""
import ast
import importlib.util
import os
from pathlib import Path

import pytest

from . import clients
from .campaign import Campaign
from .endpoint import Endpoint
from .program import Program
from .runner import Runner
from .shrink import shrink

PACKAGE = Path(__file__).resolve().parents[2]
FIRST = int(os.environ.get("XCS_FUZZ_FROM", "0"))
WORKERS = 2


def front_end():
    """Where the front end is and what is loaded before it: (folders, modules)."""
    if importlib.util.find_spec("xcs") and importlib.util.find_spec("xcs._core"):
        return [], []
    return [PACKAGE], ["differential.standin_core"]


@pytest.fixture(scope="module")
def endpoint():
    with Endpoint() as one:
        yield one


def reports(counts):
    return "\n\n".join(finding.report() for finding in counts.findings)


@pytest.mark.parametrize("client, seeds", [("newest", range(FIRST, FIRST + 90)), ("oldest", range(FIRST + 90, FIRST + 100))])
def test_deferred_is_plain(endpoint, client, seeds):
    folders, preload = front_end()
    path = [*folders, *clients.path(client)]
    counts = Campaign(lambda: Runner(endpoint, path, "xcs", preload), WORKERS, shrink_seconds=20, most=2).run(seeds)
    assert not counts.findings, reports(counts)
    assert counts.programs == len(seeds) and counts.too_long + len(counts.unsteady) <= len(seeds) // 10
    assert counts.calls > 3 * len(seeds)


@pytest.mark.parametrize("fault, within", [("subclass", 40), ("overlapped", 60), ("effects", 40), ("snapshot", 60), ("merged", 20)])
def test_planted_fault_is_found(endpoint, fault, within):
    make = lambda: Runner(endpoint, clients.path("newest"), f"differential.planted.{fault}")
    counts = Campaign(make, WORKERS, shrink_seconds=0, most=1).run(range(within))
    assert counts.findings, f"no difference in {within} programs"


def test_no_fault_no_difference(endpoint):
    make = lambda: Runner(endpoint, clients.path("newest"), "differential.planted.nothing")
    counts = Campaign(make, WORKERS, shrink_seconds=0).run(range(30))
    assert not counts.findings, reports(counts)
    assert counts.programs == 30


def test_every_seed_gives_a_program():
    for seed in range(300):
        ast.parse(Program(seed).source)
    assert Program(7).source == Program(7).source != Program(8).source


def test_shrinking_keeps_what_matters():
    source = Program(3).source + "\nif total == 0:\n    for i in range(3):\n        print(len('needle') + i)\n"
    smallest = shrink(source, lambda other: "needle" in other and "for" in other, 30)
    assert len(smallest.split("\n")) <= 4, smallest


def test_answers_depend_on_the_order_of_a_conversation(endpoint):
    from . import answers

    first, second = {"role": "user", "content": "a"}, {"role": "user", "content": "b"}
    said = [answers.content({"messages": messages}) for messages in ([first, second], [second, first], [first, second])]
    assert said[0] == said[2] != said[1]
