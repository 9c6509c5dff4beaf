"""Random programs give the same plainly and deferred; and the comparison finds what is wrong in front ends that are wrong."""
import ast
import os
import sys
from pathlib import Path

import pytest

from . import clients
from .campaign import Campaign
from .cases import KNOWN, all_cases
from .endpoint import Endpoint
from .program import Program
from .runner import PRELOADED, Runner
from .shrink import shrink

FIRST = int(os.environ.get("XCS_FUZZ_FROM", "0"))
WORKERS = 2


def front_end():
    """The folder of the package under test: the one in the build folder, unless PYTHONPATH names another."""
    sys.path.append(str(Path(os.environ.get("XCS_BUILD") or clients.ROOT / "build" / "dev") / "python"))
    import xcs

    return Path(xcs.__file__).parent.parent


@pytest.fixture(scope="module")
def endpoint():
    with Endpoint() as one:
        yield one


def reports(counts):
    return "\n\n".join(finding.report() for finding in counts.findings)


@pytest.mark.parametrize("client, seeds", [("newest", range(FIRST, FIRST + 90)), ("oldest", range(FIRST + 90, FIRST + 100))])
def test_deferred_is_plain(endpoint, client, seeds):
    path = [front_end(), *clients.path(client)]
    counts = Campaign(lambda: Runner(endpoint, path, "xcs", PRELOADED), WORKERS, shrink_seconds=20, most=2).run(seeds)
    assert not counts.findings, reports(counts)
    assert counts.programs == len(seeds) and counts.too_long + len(counts.unsteady) <= len(seeds) // 10
    assert counts.calls > 3 * len(seeds)


@pytest.mark.slow
def test_cases(endpoint):
    sources, path = all_cases(), [front_end(), *clients.path("newest")]
    make = lambda: Runner(endpoint, path, "xcs", PRELOADED)
    counts = Campaign(make, WORKERS, shrink_seconds=0, most=len(sources), source_of=sources.get).run(sources)
    differing = {finding.seed: finding for finding in counts.findings}
    unknown = [finding for name, finding in differing.items() if name not in KNOWN]
    assert not unknown, "\n\n".join(finding.report() for finding in unknown)
    assert set(differing) == set(KNOWN), "no longer different: take it off KNOWN"
    assert counts.programs == len(sources)


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
