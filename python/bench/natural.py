"""Runs the natural scripts (docs/examples/natural) plainly and deferred against an endpoint that takes 100 ms for an answer.

Prints a table: both times, the limit (calls of the longest chain times the delay), requests, and whether everything the two runs let the
world see is equal: output, files, exit code, requests. Ends with 1 when something differs. Times are those of a script with the client
already loaded, so that a second of `import openai` hides nothing; the best of `--times` runs counts.
"""
import argparse
import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SCRIPTS = ROOT / "docs" / "examples" / "natural"
sys.path.insert(0, str(ROOT / "python" / "tests"))

from differential import clients  # noqa: E402
from differential.endpoint import Endpoint  # noqa: E402
from differential.runner import Runner, differences  # noqa: E402

ROW = re.compile(r"\| \[(\w+\.py)\]\(\1\) \| .* \| (\d+) \|")


def scripts():
    """(name, calls of its longest chain), as the page of the folder says."""
    rows = ROW.findall((SCRIPTS / "README.md").read_text(encoding="utf-8"))
    assert {name for name, _ in rows} == {path.name for path in SCRIPTS.glob("*.py")}, "the page does not list every script"
    return [(name, int(chain)) for name, chain in rows]


def best(runner, source, front, times):
    runs = [runner.seen(source, front, beside=SCRIPTS / "library") for _ in range(times)]
    return min(runs, key=lambda seen: seen.milliseconds)


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--delay", type=float, default=0.1, help="seconds before an answer")
    parser.add_argument("--times", type=int, default=1)
    parser.add_argument("--client", choices=["newest", "oldest"], default="newest")
    parser.add_argument("--front", default="xcs", help="the module that carries a script out")
    parser.add_argument("--path", action="append", default=[], help="a folder of modules put first, may be repeated")
    parser.add_argument("--preload", action="append", default=[])
    parser.add_argument("names", nargs="*", help="scripts; all when none is named")
    return parser.parse_args()


def main():
    options, differing = arguments(), 0
    print(f"{'script':<24}{'plain ms':>10}{'deferred ms':>13}{'limit ms':>10}{'/ limit':>9}{'requests':>10}  equal")
    with Endpoint(options.delay) as endpoint:
        path = [*options.path, *clients.path(options.client)]
        runner = Runner(endpoint, path, options.front, options.preload, longest=60.0)
        for name, chain in scripts():
            if options.names and name not in options.names:
                continue
            source, limit = (SCRIPTS / name).read_text(encoding="utf-8"), chain * options.delay * 1000
            plain, deferred = best(runner, source, "", options.times), best(runner, source, options.front, options.times)
            found = differences(plain, deferred)
            differing += bool(found)
            count = sum(plain.requests.values())
            print(f"{name:<24}{plain.milliseconds:>10.0f}{deferred.milliseconds:>13.0f}{limit:>10.0f}{deferred.milliseconds / limit:>9.2f}{count:>10}  {'no' if found else 'yes'}")
            for difference in found:
                print("   ", difference)
        runner.close()
    return 1 if differing else 0


if __name__ == "__main__":
    sys.exit(main())
