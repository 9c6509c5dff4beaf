"""The long mode: `python -m differential --count 10000` in python/tests.

Goes on where the last one ended when told to (`--state FILE`), and writes each minimal program that differs to `--findings FOLDER`.
"""
import argparse
import hashlib
import json
import re
import sys
import threading
import time
from pathlib import Path

from . import clients
from .campaign import Campaign, usual_workers
from .cases import all_cases
from .endpoint import Endpoint
from .program import Program
from .runner import PRELOADED, Runner


def arguments():
    parser = argparse.ArgumentParser(prog="python -m differential", description=__doc__.split("\n")[0])
    parser.add_argument("--count", type=int, default=1000, help="programs to run")
    parser.add_argument("--from", dest="first", type=int, default=0, help="the first seed")
    parser.add_argument("--seed", type=int, help="this program alone")
    parser.add_argument("--show", action="store_true", help="print the program of --seed and end")
    parser.add_argument("--script", type=Path, help="a script in place of a random program")
    parser.add_argument("--cases", action="store_true", help="the hand-written cases in place of random programs")
    parser.add_argument("--case", help="one of them")
    parser.add_argument("--client", choices=["newest", "oldest", "both"], default="newest", help="`both`: the oldest for every tenth program")
    parser.add_argument("--front", default="xcs", help="the module that carries a script out")
    parser.add_argument("--path", action="append", default=[], help="a folder of modules put first, may be repeated")
    parser.add_argument("--preload", action="append", help="a module loaded before the forks, may be repeated; PRELOADED of the front end xcs if none is named")
    parser.add_argument("--bare", action="store_true", help="nothing is loaded before the forks")
    parser.add_argument("--minutes", type=float, help="begin no program after so many minutes")
    parser.add_argument("--workers", type=int, default=usual_workers())
    parser.add_argument("--delay", type=float, default=0.002, help="seconds before an answer")
    parser.add_argument("--most", type=int, default=20, help="end after so many findings")
    parser.add_argument("--shrink", type=float, default=60.0, help="seconds to make one program smaller; 0: not at all")
    parser.add_argument("--findings", type=Path, help="folder for minimal programs")
    parser.add_argument("--state", type=Path, help="file that keeps the next seed")
    options = parser.parse_args()
    if options.preload is None:
        options.preload = list(PRELOADED) if options.front == "xcs" and not options.bare else []
    return options


def kept(folder, finding):
    folder.mkdir(parents=True, exist_ok=True)
    kind = re.sub(r"\W+", "-", finding.smallest[0].kind)
    name = f"{kind}-{finding.seed}-{hashlib.sha256(finding.source.encode()).hexdigest()[:6]}.py"
    (folder / name).write_text(finding.report(), encoding="utf-8")


def one_script(options, source):
    with Endpoint(options.delay) as endpoint:
        runner = Runner(endpoint, [*options.path, *clients.path(options.client.replace("both", "newest"))], options.front, options.preload)
        found = runner.compare(source)
        runner.close()
    print(*(found or ["no difference"]), sep="\n")
    return 1 if found else 0


def seeds_of(options):
    """{client: its seeds}, and what gives a seed's program."""
    if options.cases:
        return {options.client.replace("both", "newest"): list(all_cases())}, all_cases().get
    first = json.loads(options.state.read_text())["next"] if options.state and options.state.exists() else options.first
    seeds = range(first, first + options.count)
    if options.client != "both":
        return {options.client: seeds}, program
    return {"newest": [seed for seed in seeds if seed % 10], "oldest": [seed for seed in seeds if seed % 10 == 0]}, program


def program(seed):
    return Program(seed).source


def many(options):
    failed = done = 0
    chosen, source_of = seeds_of(options)
    for client, seeds in chosen.items():
        counts = campaign(options, client, seeds, source_of)
        failed += len(counts.findings)
        done += counts.programs
    if options.state and not options.cases:
        # Seeds are begun in their order, so that those behind the last one done are the ones to go on with.
        first = min(min(seeds) for seeds in chosen.values() if seeds)
        options.state.write_text(json.dumps({"next": first + done}))
    return 1 if failed else 0


def campaign(options, client, seeds, source_of):
    """Runs the programs of `seeds` with one client and prints what it found; gives the counts."""
    begun = time.monotonic()

    def told(finding):
        print(f"--- seed {finding.seed}: " + "; ".join(d.kind for d in finding.differences), finding.report(), sep="\n", flush=True)
        if options.findings:
            kept(options.findings, finding)

    with Endpoint(options.delay) as endpoint:
        path = [*options.path, *clients.path(client)]
        work = Campaign(lambda: Runner(endpoint, path, options.front, options.preload), options.workers, options.shrink, options.most, told, source_of)
        timer = threading.Timer((options.minutes or 0) * 60, work.stop)
        timer.daemon = True
        if options.minutes:
            timer.start()
        counts = work.run(seeds)
        timer.cancel()
    print(f"openai {clients.version(client)}: {counts.programs} programs, {counts.calls} calls, {counts.failing} programs with failing calls, "
          f"{counts.too_long} too long, {len(counts.unsteady)} not steady, {len(counts.findings)} differences, {time.monotonic() - begun:.0f} s", flush=True)
    if counts.unsteady:
        print("not steady plainly: seeds", *counts.unsteady)
    return counts


def main():
    options = arguments()
    if options.seed is not None:
        source = Program(options.seed).source
        if options.show:
            print(source)
            return 0
        return one_script(options, source)
    if options.case:
        return one_script(options, all_cases()[options.case])
    if options.script:
        return one_script(options, options.script.read_text(encoding="utf-8"))
    return many(options)


if __name__ == "__main__":
    sys.exit(main())
