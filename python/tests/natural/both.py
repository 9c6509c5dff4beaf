"""Runs a script plainly and deferred, against the same endpoint, and compares everything that can be told apart."""

import json
import os
import pathlib
import select
import shutil
import subprocess
import sys
import tempfile

import endpoint

HERE = pathlib.Path(__file__).resolve().parent
sys.path.append(str(HERE.parent))
PREAMBLE = '''
from openai import OpenAI
client = OpenAI(max_retries=0)
def ask(prompt):
    r = client.chat.completions.create(model="small", messages=[{"role": "user", "content": prompt}])
    return r.choices[0].message.content
'''


class Outcome:
    def __init__(self, code, out, err, requests, most, files):
        self.code, self.out, self.err = code, out, err
        self.requests, self.most, self.files = requests, most, files

    @property
    def remarks(self):
        return self.err.decode(errors="replace")


BUILD = pathlib.Path(os.environ.get("XCS_BUILD", HERE.parents[2] / "build" / "dev"))


def engine_path():
    """What has to be in PYTHONPATH: the package in the build folder, unless PYTHONPATH names another."""
    return os.pathsep.join([*filter(None, [os.environ.get("XCS_TEST_PACKAGE")]), str(BUILD / "python")])


class _Server:
    """A process that forks one for each script, with the client loaded already."""

    def __init__(self):
        env = dict(os.environ, PYTHONPATH=engine_path(), PYTHONHASHSEED="0", PYTHONDONTWRITEBYTECODE="1", OPENAI_API_KEY="none", NO_PROXY="*")
        self.process = subprocess.Popen([sys.executable, str(HERE / "forkserver.py")], stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=env, text=True)

    def run(self, job, timeout):
        self.process.stdin.write(json.dumps(job) + "\n")
        self.process.stdin.flush()
        ready, _, _ = select.select([self.process.stdout], [], [], timeout)
        if not ready:
            self.process.kill()
            _forks.clear()
            raise subprocess.TimeoutExpired(job["args"], timeout)
        return int(self.process.stdout.readline())


_forks = []


def run(folder, script, server, args=(), deferred=True, remarks=False, stdin=None, timeout=60, options=(), fresh=False, together=1, env=None):
    """Runs a script in a process of its own: a new one when `fresh`, else a fork of one that has the client loaded."""
    server.clear()
    server.server.together = together
    env = dict(env or {}, OPENAI_API_KEY="none", OPENAI_BASE_URL=server.url, PYTHONHASHSEED="0", NO_PROXY="*", PYTHONDONTWRITEBYTECODE="1")
    env["PYTHONPATH"] = os.pathsep.join([*filter(None, [env.get("PYTHONPATH")]), engine_path()])
    if remarks:
        env["XCS_REMARKS"] = remarks if isinstance(remarks, str) else "1"
    if fresh:
        whole = {**{k: v for k, v in os.environ.items() if not k.startswith("XCS_")}, **env}
        command = [sys.executable, *(["-m", "xcs", *options] if deferred else []), script, *args]
        done = subprocess.run(command, cwd=folder, env=whole, capture_output=True, timeout=timeout, input=stdin)
        code, out, err = done.returncode, done.stdout, done.stderr
    else:
        code, out, err = _forked(folder, [script, *args], env, deferred, stdin, timeout, options)
    files = {p.name: p.read_bytes() for p in pathlib.Path(folder).iterdir() if p.is_file() and p.suffix != ".py"}
    return Outcome(code, out, err, server.requests, server.most, files)


def _forked(folder, args, env, deferred, stdin, timeout, options):
    if not _forks:
        _forks.append(_Server())
    with tempfile.TemporaryDirectory() as streams:
        paths = {n: os.path.join(streams, n) for n in ("stdin", "out", "err")}
        for n, path in paths.items():
            pathlib.Path(path).write_bytes((stdin or b"") if n == "stdin" else b"")
        code = _forks[0].run(dict(cwd=str(folder), env=env, args=args, deferred=deferred, options=list(options), **paths), timeout)
        return code, pathlib.Path(paths["out"]).read_bytes(), pathlib.Path(paths["err"]).read_bytes()


def compare(source, server, *, same_requests=None, remarks=True, same_err=False, preamble=True, args=(), other=None, stdin=None, fresh=False, together=1, env=None):
    """Returns the two outcomes after checking that output, exit code and files are equal, and the requests when no call fails."""
    results = []
    with tempfile.TemporaryDirectory() as outer:
        for deferred in (False, True):
            folder = pathlib.Path(outer) / "work"  # the same place for both: it is in tracebacks
            folder.mkdir()
            text = (PREAMBLE if preamble else "") + source
            (folder / "script.py").write_text(text)
            for name, content in (other or {}).items():
                (folder / name).write_text(content)
            results.append(run(folder, "script.py", server, args, deferred, remarks and deferred and not same_err, stdin, fresh=fresh, together=together if deferred else 1, env=env))
            shutil.rmtree(folder)
    plain, ours = results
    shown = f"\n--- plain: {plain.code}\n{plain.err.decode(errors='replace')}\n--- deferred: {ours.code}\n{ours.err.decode(errors='replace')}"
    assert ours.out == plain.out, f"{plain.out.decode(errors='replace')!r} became {ours.out.decode(errors='replace')!r}" + shown
    assert ours.code == plain.code, shown
    assert ours.files == plain.files, f"{plain.files} became {ours.files}" + shown
    if same_requests or same_requests is None and plain.code == 0 and not any("BAD" in r for r in plain.requests):
        assert ours.requests == plain.requests, shown
    else:
        for r in plain.requests:
            assert r in ours.requests, f"not sent: {r}" + shown
    for r in ours.requests:
        assert "Deferred" not in r and "object at 0x" not in r and "<xcs" not in r, r
    if same_err:
        assert ours.err == plain.err, shown
    return plain, ours


def server(delay=0.004):
    return endpoint.Endpoint(delay)
