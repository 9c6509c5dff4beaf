"""Runs a script plainly and deferred, against the same endpoint, and compares everything that can be told apart."""

import os
import pathlib
import subprocess
import sys
import tempfile

import endpoint

HERE = pathlib.Path(__file__).resolve().parent
PREAMBLE = '''
from openai import OpenAI
client = OpenAI(max_retries=0)
def ask(prompt):
    r = client.chat.completions.create(model="small", messages=[{"role": "user", "content": prompt}])
    return r.choices[0].message.content
'''


class Outcome:
    def __init__(self, done, requests, most, files, remarks):
        self.code, self.out, self.err = done.returncode, done.stdout, done.stderr
        self.requests, self.most, self.files, self.remarks = requests, most, files, remarks


def engine_path():
    """What has to be in PYTHONPATH: the package, and the stand-in where the compiled part is missing."""
    paths = [str(HERE.parent)]
    try:
        import xcs._core  # noqa: F401

        if sys.modules["xcs._core"].__name__ == "xcs._core":
            return os.pathsep.join([os.path.dirname(os.path.dirname(sys.modules["xcs._core"].__file__))])
    except ImportError:
        pass
    return os.pathsep.join([str(HERE / "with_standin"), *paths])


def run(folder, script, server, args=(), deferred=True, remarks=False, stdin=None, timeout=60, options=()):
    server.clear()
    env = {k: v for k, v in os.environ.items() if not k.startswith("XCS_")}
    env.update(OPENAI_API_KEY="none", OPENAI_BASE_URL=server.url, PYTHONPATH=engine_path(), PYTHONHASHSEED="0", NO_PROXY="*", PYTHONDONTWRITEBYTECODE="1")
    if remarks:
        env["XCS_REMARKS"] = "1"
    command = [sys.executable, *(["-m", "xcs", *options] if deferred else []), script, *args]
    done = subprocess.run(command, cwd=folder, env=env, capture_output=True, timeout=timeout, input=stdin)
    files = {p.name: p.read_bytes() for p in pathlib.Path(folder).iterdir() if p.is_file() and p.suffix != ".py"}
    return Outcome(done, server.requests, server.most, files, done.stderr.decode(errors="replace"))


def compare(source, server, *, same_requests=None, files=(), remarks=True, same_err=False, preamble=True, args=(), other=None, stdin=None):
    """Returns the two outcomes after checking that output, exit code and files are equal, and the requests when no call fails."""
    results = []
    for deferred in (False, True):
        with tempfile.TemporaryDirectory() as folder:
            text = (PREAMBLE if preamble else "") + source
            (pathlib.Path(folder) / "script.py").write_text(text)
            for name, content in (other or {}).items():
                (pathlib.Path(folder) / name).write_text(content)
            results.append(run(folder, "script.py", server, args, deferred, remarks and deferred and not same_err, stdin))
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
