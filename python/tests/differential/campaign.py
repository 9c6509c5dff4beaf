"""Runs many seeds on a few workers, each with its fork server, and shrinks what it finds."""
import dataclasses
import os
import queue
import threading

from .program import Program
from .runner import Runner
from .shrink import shrink

AGAIN = 9  # plain runs of a program that differs: on a busy machine, threads of its own seldom take turns another way
# A plain run that ends with one of these says that shrinking cut a name's definition away.
SLIPS = ("NameError", "UnboundLocalError", "IndentationError")


@dataclasses.dataclass
class Finding:
    seed: int
    differences: list  # of the whole program
    source: str  # the smallest program that still differs
    smallest: list  # the differences of that one

    def report(self):
        kinds = "\n".join(f"# {line}" for difference in self.smallest for line in str(difference).split("\n"))
        return f"# seed {self.seed}\n{kinds}\n{self.source}"


@dataclasses.dataclass
class Counts:
    programs: int = 0
    too_long: int = 0
    calls: int = 0
    failing: int = 0
    findings: list = dataclasses.field(default_factory=list)
    unsteady: list = dataclasses.field(default_factory=list)  # seeds whose plain runs differ among themselves


def both_streams(seed):
    """One program in five is run with both streams in one file, so that their order shows."""
    return isinstance(seed, int) and seed % 5 == 0


class Campaign:
    """Thread safety: `run` is called once; `stop` from any thread. `source_of(seed)` is the program of a seed; a seed may be anything that names a program."""

    def __init__(self, make_runner, workers=2, shrink_seconds=60.0, most=10, on_finding=None, source_of=lambda seed: Program(seed).source):
        self.source_of = source_of
        self.make_runner, self.workers, self.shrink_seconds, self.most = make_runner, workers, shrink_seconds, most
        self.on_finding, self.counts, self.lock, self.errors = on_finding, Counts(), threading.Lock(), []

    def run(self, seeds):
        self.waiting = queue.SimpleQueue()
        for seed in seeds:
            self.waiting.put(seed)
        threads = [threading.Thread(target=self.work) for _ in range(self.workers)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        if self.errors:
            raise self.errors[0]
        return self.counts

    def stop(self):
        while not self.waiting.empty():
            try:
                self.waiting.get_nowait()
            except queue.Empty:
                return

    def work(self):
        runner = self.make_runner()
        try:
            while True:
                try:
                    seed = self.waiting.get_nowait()
                except queue.Empty:
                    return
                self.one(runner, seed)
        except BaseException as error:
            self.errors.append(error)
            self.stop()
        finally:
            runner.close()

    def one(self, runner, seed):
        source, both = self.source_of(seed), both_streams(seed)
        found = runner.compare(source, both)
        with self.lock:
            self.counts.programs += 1
            self.counts.too_long += found is None
            self.counts.calls += runner.calls
            self.counts.failing += runner.failing
        if not found:
            return
        if not steady(runner, source, both):
            self.counts.unsteady.append(seed)
            return
        kinds = {found[0].kind}
        smallest = source
        if self.shrink_seconds:
            smallest = shrink(source, lambda other: shows(runner, other, both, kinds), self.shrink_seconds)
        finding = Finding(seed, found, smallest, runner.compare(smallest, both) or found)
        with self.lock:
            self.counts.findings.append(finding)
            if self.on_finding:
                self.on_finding(finding)
            if len(self.counts.findings) >= self.most:
                self.stop()


def steady(runner, source, both):
    """Whether plain Python gives the same each time: a program that depends on the time of day, or on its own threads, says nothing."""
    first = runner.seen(source, "", both)
    return all(runner.seen(source, "", both) == first for _ in range(AGAIN))


def shows(runner, source, both, kinds):
    found = runner.compare(source, both)
    return bool(found) and found[0].kind in kinds and not any(name in runner.plain_error for name in SLIPS)


def usual_workers():
    return max(1, min(4, os.cpu_count() or 1))
