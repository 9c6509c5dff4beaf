"""The long mode: `python -m differential --count 10000` in python/tests.

Goes on where the last one ended when told to (`--state FILE`), and writes each minimal program that differs to `--findings FOLDER`.
"""
import argparse
import hashlib
import json
import re
import sys
import time
from pathlib import Path

from . import clients
from .campaign import Campaign, usual_workers
from .endpoint import Endpoint
from .program import Program
from .runner import Runner


def arguments():
    parser = argparse.ArgumentParser(prog="python -m differential", description=__doc__.split("\n")[0])
    parser.add_argument("--count", type=int, default=1000, help="programs to run")
    parser.add_argument("--from", dest="first", type=int, default=0, help="the first seed")
    parser.add_argument("--seed", type=int, help="this program alone")
    parser.add_argument("--show", action="store_true", help="print the program of --seed and end")
    parser.add_argument("--script", type=Path, help="a script in place of a random program")
    parser.add_argument("--client", choices=["newest", "oldest", "both"], default="newest", help="`both`: the oldest for every tenth program")
    parser.add_argument("--front", default="xcs", help="the module that carries a script out")
    parser.add_argument("--path", action="append", default=[], help="a folder of modules put first, may be repeated")
    parser.add_argument("--preload", action="append", default=[], help="a module loaded before the forks; differential.standin_core is an engine in Python")
    parser.add_argument("--workers", type=int, default=usual_workers())
    parser.add_argument("--delay", type=float, default=0.002, help="seconds before an answer")
    parser.add_argument("--most", type=int, default=20, help="end after so many findings")
    parser.add_argument("--shrink", type=float, default=60.0, help="seconds to make one program smaller; 0: not at all")
    parser.add_argument("--findings", type=Path, help="folder for minimal programs")
    parser.add_argument("--state", type=Path, help="file that keeps the next seed")
    return parser.parse_args()


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


def many(options):
    first = json.loads(options.state.read_text())["next"] if options.state and options.state.exists() else options.first
    seeds = range(first, first + options.count)
    tenths = {"newest": {"newest": seeds}, "oldest": {"oldest": seeds}, "both": {"newest": [s for s in seeds if s % 10], "oldest": [s for s in seeds if s % 10 == 0]}}
    failed = 0
    for client, chosen in tenths[options.client].items():
        begun = time.monotonic()

        def told(finding):
            print(f"--- seed {finding.seed}: " + "; ".join(d.kind for d in finding.differences), finding.report(), sep="\n", flush=True)
            if options.findings:
                kept(options.findings, finding)

        with Endpoint(options.delay) as endpoint:
            path = [*options.path, *clients.path(client)]
            campaign = Campaign(lambda: Runner(endpoint, path, options.front, options.preload), options.workers, options.shrink, options.most, told)
            counts = campaign.run(chosen)
        failed += len(counts.findings)
        print(f"openai {clients.version(client)}: {counts.programs} programs, {counts.calls} calls, {counts.failing} programs with failing calls, "
              f"{counts.too_long} too long, {len(counts.unsteady)} not steady, {len(counts.findings)} differences, {time.monotonic() - begun:.0f} s", flush=True)
        if counts.unsteady:
            print("not steady plainly: seeds", *counts.unsteady)
    if options.state:
        options.state.write_text(json.dumps({"next": first + options.count}))
    return 1 if failed else 0


def main():
    options = arguments()
    if options.seed is not None:
        source = Program(options.seed).source
        if options.show:
            print(source)
            return 0
        return one_script(options, source)
    if options.script:
        return one_script(options, options.script.read_text(encoding="utf-8"))
    return many(options)


if __name__ == "__main__":
    sys.exit(main())
