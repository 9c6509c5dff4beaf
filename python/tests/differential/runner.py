"""Runs a script plainly and deferred, and says what differs."""
import ast
import collections
import dataclasses
import difflib
import itertools
import json
import re
import shutil
import tempfile
from pathlib import Path

from .forkserver import Forkserver, Run

KIT = Path(__file__).with_name("kit.py")
# What of the package is loaded before the forks: it starts nothing.
PRELOADED = ("xcs._run", "xcs._convert")
NOTES = re.compile(r"the (?:call|text|part) was made at |`\w+` may hold a text that is not there yet")


@dataclasses.dataclass
class Seen:
    """All that a run let the world see."""

    status: int
    late: bool
    out: bytes
    err: str
    files: dict
    requests: collections.Counter
    failed: int  # requests that were refused
    milliseconds: float = dataclasses.field(default=0.0, compare=False)  # from the fork to the end


@dataclasses.dataclass
class Difference:
    kind: str  # one of KINDS
    text: str

    def __str__(self):
        return f"{self.kind}: {self.text}"


# Seconds of processor time: a random program that takes more of it plainly is left out, one that takes more deferred hangs.
PLAIN_TIME, FRONT_TIME = 3, 20

KINDS = ("hang", "crash", "exit code", "stdout", "stderr", "files", "requests missing", "requests added")


def without_frames(text):
    """Standard error without the places in tracebacks and without our notes: a failure that is seen later has other frames."""
    kept, within = [], False
    for line in text.split("\n"):
        if line.startswith("Traceback (most recent call last):"):
            within = True
            continue
        if within and line.startswith("  "):
            continue
        within = False
        if not NOTES.search(line):
            kept.append(line)
    return "\n".join(kept)


def canonical(entry):
    body = f"{entry['path']} {json.dumps(entry['body'], sort_keys=True, ensure_ascii=False)}"
    return body if entry["headers"] in ({"authorization": "Bearer sk-fuzz"}, {"x-api-key": "sk-fuzz"}) else f"{body} with {entry['headers']}"


class Runner:
    """One folder, and a fork server for each way to run a script. Thread safety: one thread at a time uses an instance."""

    numbers = itertools.count()

    def __init__(self, endpoint, path, front="xcs", preload=()):
        self.endpoint, self.front = endpoint, front
        path = [*path, Path(__file__).parent.parent]
        self.plainly = Forkserver(path, (), endpoint.base_url("warm"))
        # What a front end loads beforehand must not be there when a script is run plainly.
        self.deferred = Forkserver(path, preload, endpoint.base_url("warm")) if preload else self.plainly
        self.folder = Path(tempfile.mkdtemp(prefix="differential-"))
        shutil.copy(KIT, self.folder / "kit.py")

    def close(self):
        for server in {self.plainly, self.deferred}:
            server.close()
        shutil.rmtree(self.folder)

    def seen(self, source, front, both=False, beside=None):
        """Carries `source` out; `front` is empty for plain Python. A copy of the folder `beside` lies in the current directory."""
        number = next(self.numbers)
        script, place = self.folder / "script.py", self.folder / "place"
        out, err = self.folder / "out", self.folder / "err"
        script.write_text(source, encoding="utf-8")
        place.mkdir()
        if beside:
            shutil.copytree(beside, place / beside.name)
        base = self.endpoint.base_url(number)
        environment = {"OPENAI_BASE_URL": base, "ANTHROPIC_BASE_URL": base.removesuffix("/v1"), "XDG_CACHE_HOME": str(self.folder / "cache")}
        status = (self.deferred if front else self.plainly).run(Run(str(script), str(place), str(out), str(err), environment, front, both, processor=FRONT_TIME if front else PLAIN_TIME))
        files = {str(path.relative_to(place)): path.read_bytes() for path in sorted(place.rglob("*")) if path.is_file()}
        log = self.endpoint.take_log(number)
        address = f"127.0.0.1:{self.endpoint.port}/{number}/"
        printed, told = (path.read_bytes().replace(address.encode(), b"ENDPOINT/") for path in (out, err))
        told = told.decode("utf-8", "replace")
        for path in (out, err, script):
            path.unlink()
        shutil.rmtree(place)
        if both:
            printed = without_frames(printed.decode("utf-8", "replace")).encode()
        requests = collections.Counter(canonical(entry) for entry in log)
        return Seen(status["status"], status["late"], printed, without_frames(told), files, requests, sum(entry["status"] != 200 for entry in log),
                    status["milliseconds"])

    def compare(self, source, both=False):
        """The differences between the two runs, as a list; None when the plain run says nothing (it takes too long)."""
        plain = self.seen(source, "", both)
        told = plain.err + (plain.out.decode("utf-8", "replace") if both else "")
        self.plain_error, self.calls, self.failing = told, sum(plain.requests.values()), plain.failed > 0
        if plain.late:
            return None
        deferred = self.seen(source, self.front, both)
        found = differences(plain, deferred)
        if any(difference.kind == "requests added" for difference in found) and self.excused(source):
            found = [difference for difference in found if difference.kind != "requests added"]
        return found

    def excused(self, source):
        """Whether an exception of the program itself left a loop: iterations behind it may have been begun, as when a call fails."""
        return b"!left a loop!" in self.seen(with_loops_watched(source), "").out


def with_loops_watched(source):
    class Watch(ast.NodeTransformer):
        def visit_For(self, node):
            self.generic_visit(node)
            tell = ast.parse("import os\nos.write(1, b'!left a loop!')\nraise").body
            node.body = [ast.Try(node.body, [ast.ExceptHandler(ast.Name("BaseException", ast.Load()), None, tell)], [], [])]
            return node

    tree = ast.parse(source)
    return ast.unparse(ast.fix_missing_locations(Watch().visit(tree)))


def differences(plain, deferred):
    found = []

    def say(kind, text):
        found.append(Difference(kind, text))

    if deferred.late:
        say("hang", "the deferred run does not end")
        return found
    if deferred.status < 0:
        say("crash", f"signal {-deferred.status}")
    if plain.status != deferred.status:
        say("exit code", f"{plain.status} plainly, {deferred.status} deferred")
    if plain.out != deferred.out:
        say("stdout", changed(plain.out.decode("utf-8", "replace"), deferred.out.decode("utf-8", "replace")))
    if plain.err != deferred.err:
        say("stderr", changed(plain.err, deferred.err))
    if plain.files != deferred.files:
        names = sorted(name for name in {*plain.files, *deferred.files} if plain.files.get(name) != deferred.files.get(name))
        say("files", "; ".join(f"{name}: {plain.files.get(name)!r} plainly, {deferred.files.get(name)!r} deferred" for name in names))
    missing, added = plain.requests - deferred.requests, deferred.requests - plain.requests
    if missing:
        say("requests missing", "; ".join(missing))
    if added and not plain.failed:
        say("requests added", "; ".join(added))
    return found


def changed(plain, deferred):
    lines = difflib.unified_diff(plain.split("\n"), deferred.split("\n"), "plain", "deferred", lineterm="", n=1)
    return "\n    ".join(itertools.islice(lines, 2, 40))
