"""Runs a script plainly and deferred against the endpoint of `faults`, and compares output, exit code and the bodies that were sent."""

import json
import os
import subprocess
import sys

import both
from differential import clients

KEY = "sk-a-key-that-nothing-may-show"
START = """
import os
import openai
def OpenAI(**settings):
    return openai.OpenAI(base_url=os.environ["OPENAI_BASE_URL"], **settings)
client = OpenAI(max_retries=RETRIES, timeout=TIMEOUT)
def call(content, **more):
    return client.chat.completions.create(model="small", messages=[{"role": "system", "content": "Be br\\u00e9if."}, {"role": "user", "content": content}], **more)
def ask(content, **more):
    return call(content, **more).choices[0].message.content
"""
# Calls each of WORDS: prints LOOK, a part of the answer `r`, or keeps the exception for `shown`, which gives all that a program can see of it.
FAILING = """
def shown(e):
    out = [type(e).__mro__, str(e), getattr(e, "status_code", None), getattr(e, "body", None), getattr(e, "code", None), getattr(e, "request_id", None)]
    response = getattr(e, "response", None)
    if response is not None:
        out += [response.status_code, response.text, response.headers.get("x-mine"), response.headers.get("x-request-id"), response.url.path]
    request = getattr(e, "request", None)
    if request is not None:
        out += [request.method, request.url.path, request.content]
    return out
caught = []
for word in WORDS:
    try:
        r = call(word)
        t = LOOK
        print(word, repr(t), type(r).__name__)
    except Exception as e:
        caught.append((word, e))
"""


def run(tmp_path, server, source, answers=lambda n, asked: {}, *, start=START, retries=0, timeout=30, client="newest", native=True, env=None, check=True, options=()):
    """(plain, deferred): standard output, standard error, bodies and code of a script run both ways; the output must be equal."""
    results = []
    text = start.replace("RETRIES", str(retries)).replace("TIMEOUT", str(timeout)) + source
    (tmp_path / "script.py").write_text(text)
    for deferred in (False, True):
        server.clear(answers() if isinstance(answers, type) else answers)
        paths = [*map(str, clients.path(client)), both.engine_path()]
        own = dict(OPENAI_API_KEY=KEY, OPENAI_BASE_URL=server.url, ANTHROPIC_API_KEY=KEY, ANTHROPIC_BASE_URL=server.url[:-3], NO_PROXY="*",
                   PYTHONPATH=os.pathsep.join(paths), XCS_REMARKS="1", PYTHONDONTWRITEBYTECODE="1") | (env or {})  # fmt: skip
        if not native:
            own["XCS_NATIVE"] = "0"
        if client == "newest" and "PYTHONPATH" not in (env or {}):
            code, out, err = both._forked(tmp_path, ["script.py"], own, deferred, None, 120, options)
        else:
            whole = {k: v for k, v in os.environ.items() if not k.startswith(("XCS_", "OPENAI_", "ANTHROPIC_"))} | own
            command = [sys.executable, *(["-m", "xcs", *options] if deferred else []), "script.py"]
            done = subprocess.run(command, cwd=tmp_path, env=whole, capture_output=True, timeout=120)
            code, out, err = done.returncode, done.stdout, done.stderr
        results.append({"out": out.decode(), "err": err.decode(), "code": code, "bodies": server.bodies, "requests": server.requests, "most": server.most})
    plain, ours = results
    shown = f"--- plain\n{plain['out']}\n{plain['err']}\n--- deferred\n{ours['out']}\n{ours['err']}"
    assert KEY not in ours["err"] and KEY not in ours["out"]
    if check:
        assert (ours["out"], ours["code"]) == (plain["out"], plain["code"]), shown
        assert ours["bodies"] == plain["bodies"], shown
    return plain, ours


def count(outcome, what):
    """How many the summary on standard error counts."""
    line = next(line for line in outcome["err"].splitlines() if line.startswith("xcs: "))
    found = [part.split() for part in line[5:].split(", ")]
    return next((int(n) for n, *name in found if " ".join(name) == what), 0)


def headers(outcome):
    """What was asked, with the headers that say something."""
    quiet = ("host", "content-length", "accept-encoding", "connection")
    return sorted(json.dumps([path, sorted((k.lower(), v) for k, v in h.items() if k.lower() not in quiet)]) for path, h, _ in outcome["requests"])


def asked_text(asked):
    """The last text of a request, of whatever interface."""
    found = asked.get("input", asked.get("prompt"))
    if found is None or isinstance(found, list) and isinstance(found[-1], dict):
        found = (found or asked["messages"])[-1]["content"]
    if isinstance(found, list):
        found = found[-1] if isinstance(found[-1], str) else found[-1]["text"]
    return found


RETRIED = """
for word in ["408", "409", "429", "500", "503", "529", "reset", "no", "yes", "400"]:
    try:
        print(word, ask(word))
    except Exception as e:
        print(word, type(e).__name__, str(e))
"""


def passing(n, asked):
    """The third attempt is answered; what the server says of `x-should-retry` counts."""
    word, soon = asked_text(asked), {"retry-after-ms": "5"}
    if n >= 2:
        return {}
    if word.isdigit():
        return {"status": int(word), "headers": soon, "body": {"error": {"message": "m"}}}
    if word == "reset":
        return {"reset": True}
    if word == "no":
        return {"status": 500, "headers": {"x-should-retry": "false"}, "body": {}}
    return {"status": 400, "headers": {"x-should-retry": "true", **soon}, "body": {}}
