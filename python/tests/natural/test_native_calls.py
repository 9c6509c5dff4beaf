"""Calls sent by the engine against the same calls made plainly: the bodies, the objects, the exceptions."""

import json
import os

import both
import faults
import pytest
from sent import FAILING, KEY, RETRIED, count, headers, passing, run

CLIENTS = ["newest", "oldest"]


@pytest.fixture(scope="module")
def server():
    made = faults.Faults()
    yield made
    made.close()


BODIES = r"""
texts = ["plain", "", 'quote " back \\ slash / tab \t nl \n cr \r bell \x07 del \x7f nul \x00', "Gr\u00fc\u00dfe \u4e16\u754c \U0001f600", "\u2028\u2029 <b>&amp;", "%s {0} {} %%"]
for text in texts:
    first = ask(text)
    print(repr(first), repr(ask(first)), repr(ask(f"Judge: {first}!")), repr(ask("a" + first)))
print(repr(ask("more", temperature=0.5, top_p=1, max_tokens=7, stop=["a", "b"], n=1, presence_penalty=0, logit_bias={"50256": -100}, user="me")))
print(repr(ask("more", extra_body={"top_k": 20, "deep": {"x": [1, 2.5, None, True]}}, extra_headers={"X-One": "1"}, extra_query={"v": "2"})))
a = ask("part")
parts = [{"type": "text", "text": a}, {"type": "image_url", "image_url": {"url": "data:image/png;base64,AAAA"}}, {"type": "text", "text": f"and {a}"}]
print(repr(client.chat.completions.create(model="small", messages=[{"role": "user", "content": parts, "name": "me"}]).choices[0].message.content))
talk = [{"role": "user", "content": "hello"}]
for i in range(3):
    said = client.chat.completions.create(model="small", messages=talk, timeout=20).choices[0].message.content
    talk.append({"role": "assistant", "content": said})
    talk.append({"role": "user", "content": f"and {i}?"})
print(repr(talk))
print(repr(ask("more", response_format={"type": "json_object"}, seed=3)))
"""


def echo(n, asked):
    """The last text, turned round."""
    last = asked["messages"][-1]["content"]
    text = last if isinstance(last, str) else json.dumps(last)
    return {"body": faults.said(text[::-1] + "é"), "delay": 0.002}


@pytest.mark.parametrize("client", CLIENTS)
def test_bodies(tmp_path, server, client):
    plain, ours = run(tmp_path, server, BODIES, echo, client=client)
    assert count(ours, "native") == count(ours, "deferred") > 25
    assert "sent by the client itself" not in ours["err"]
    assert headers(ours) == headers(plain)


ANEW = """
import itertools
from openai._base_client import BaseClient
turns = itertools.count()
BaseClient.platform_headers = lambda self: {"X-Turn": str(next(turns))}
for i in range(4):
    print(ask(f"question {i}"))
print([ask("a"), ask("b"), ask("c")])
"""


def test_what_the_client_makes_anew_for_each_call_is_sent_once(tmp_path, server):
    plain, ours = run(tmp_path, server, ANEW, echo)
    for outcome in (plain, ours):
        keys = [value for _, headers, _ in outcome["requests"] for name, value in headers.items() if name.lower() == "x-turn"]
        assert len(keys) == len(set(keys)) == 7
    assert count(ours, "native") == 1
    assert "the client sends something else each time" in ours["err"]


OBJECTS = """
for word in ["whole", "null", "parts", "tool", "empty", "none", "unicode", "extra"]:
    r = call(word)
    try:
        print(word, repr(r.choices[0].message.content))
        print(word, repr(f"it is {r.choices[0].message.content}"))
    except Exception as e:
        print(word, type(e).__name__, e)
    try:
        print(word, r.model_dump() if hasattr(r, "model_dump") else r.dict(), r.usage, r.id, getattr(r, "_request_id", None), type(r).__name__, r)
    except Exception as e:
        print(word, type(e).__name__, e)
"""
ANSWERS = {
    "whole": {**faults.OK, "system_fingerprint": "fp", "usage": {"prompt_tokens": 1, "completion_tokens": 2, "total_tokens": 3, "prompt_tokens_details": {"cached_tokens": 1}}},
    "null": faults.said(None),
    "parts": faults.said(["a", "b"]),
    "tool": faults.said(None, tool_calls=[{"id": "c1", "type": "function", "function": {"name": "f", "arguments": "{}"}}]),
    "empty": {**faults.OK, "choices": []},
    "none": {"error": {"message": "no"}},
    "unicode": faults.said("\u4e16 \" \\ \x00 \U0001f600"),
    "extra": {**faults.said("x", refusal=None, reasoning_content="because"), "provider": {"name": "p"}},
}  # fmt: skip


@pytest.mark.parametrize("client", CLIENTS)
def test_objects(tmp_path, server, client):
    _, ours = run(tmp_path, server, OBJECTS, lambda n, asked: {"body": ANSWERS[asked["messages"][-1]["content"]]}, client=client)
    assert count(ours, "native") == len(ANSWERS)


ERRORS = FAILING.replace("LOOK", "r.choices[0].message.content") + """\
for word in WORDS:
    try:
        first = ask(word)
        print(word, ask(f"then {first}"))
    except Exception as e:
        caught.append((word, e))
for word, e in caught:
    print(word, shown(e))
"""
STATUSES = [400, 401, 403, 404, 409, 422, 429, 500, 503]


def bad(n, asked):
    word = asked["messages"][-1]["content"]
    if word.isdigit():
        return {"status": int(word), "headers": {"x-mine": "yes"}, "body": {"error": {"message": f"status {word}", "type": "t", "param": "p", "code": "c"}}}
    return {
        "garbage": {"body": b"{not json"},
        "empty": {"body": b""},
        "html": {"body": b"<html>502</html>", "headers": {"Content-Type": "text/html"}},
        "html-bad": {"status": 502, "body": b"<html>502</html>", "headers": {"Content-Type": "text/html"}},
        "latin": {"body": b"\xff\xfe{}"},
        "list": {"body": [1, 2]},
        "null": {"body": b"null"},
        "reset": {"reset": True},
        "late": {"delay": 1.5},
        "quota": {"status": 429, "body": {"error": {"message": "used up", "code": "insufficient_quota"}}},
    }.get(word, {})


@pytest.mark.parametrize("client", CLIENTS)
def test_errors(tmp_path, server, client):
    words = [str(s) for s in STATUSES] + ["garbage", "empty", "html", "html-bad", "list", "null", "reset", "quota"]
    plain, ours = run(tmp_path, server, f"WORDS = {words}\n" + ERRORS, bad, client=client, check=False)
    assert ours["out"] == plain["out"]
    assert count(ours, "native") >= len(words)


def test_an_answer_that_is_no_utf8_is_asked_for_again_by_the_client(tmp_path, server):
    plain, ours = run(tmp_path, server, "WORDS = ['latin']\n" + ERRORS, bad, check=False)
    assert ours["out"] == plain["out"]


def test_timeouts(tmp_path, server):
    plain, ours = run(tmp_path, server, "WORDS = ['late']\n" + ERRORS, bad, timeout=0.4)
    assert "APITimeoutError" in ours["out"] and count(ours, "native") >= 1


def test_nothing_listens(tmp_path, server):
    source = ("client = openai.OpenAI(base_url='http://127.0.0.1:1/v1', max_retries=0)\nWORDS = ['x']\n" + ERRORS)
    _, ours = run(tmp_path, server, source)
    assert "APIConnectionError" in ours["out"] and count(ours, "native") >= 1


@pytest.mark.parametrize("client", CLIENTS)
def test_retries(tmp_path, server, client):
    _, ours = run(tmp_path, server, RETRIED, passing, retries=2, client=client)
    assert count(ours, "native") == 10


@pytest.mark.parametrize("status", [429, 500])
def test_retries_that_are_used_up(tmp_path, server, status):
    answers = lambda n, asked: {"status": status, "headers": {"retry-after-ms": "5"}, "body": {"error": {"message": "always"}}}  # noqa: E731
    run(tmp_path, server, "WORDS = ['x']\n" + ERRORS, answers, retries=1)


CALLS = "print([ask(f'{i}') for i in range(40)])\n"


@pytest.mark.parametrize("retries", [0, 2])
@pytest.mark.parametrize("native", [True, False])
@pytest.mark.parametrize("said", [None, "1"])
def test_overlapping_calls_meet_no_rate_limit_that_plain_would_not_meet(tmp_path, server, native, said, retries):
    """One call at a time takes 0.1 s, as the endpoint allows: ten a second."""

    class Ten(faults.Rate):
        def __init__(self):
            super().__init__(rate=10, burst=10, retry_after=said)

    source = "import time\n" + CALLS
    text = source if retries else source.replace("ask(f'{i}')", "ask(f'{i}')")
    plain, ours = run(tmp_path, server, text, Ten, retries=retries, native=native, check=False)
    assert ours["code"] == 0, ours["err"]
    assert ours["out"].count("fine") == 40


def test_a_rate_limit_met_alone_is_an_error_as_in_plain(tmp_path, server):
    answers = lambda n, asked: {"status": 429, "body": {"error": {"message": "never"}}}  # noqa: E731
    for native in (True, False):
        plain, ours = run(tmp_path, server, "WORDS = ['x']\n" + ERRORS, answers, native=native)
        assert "RateLimitError" in ours["out"]


def test_a_server_that_lets_nobody_in_is_an_error(tmp_path, server):
    answers = lambda n, asked: {"status": 429, "headers": {"retry-after-ms": "10"}, "body": {"error": {"message": "never"}}}  # noqa: E731
    for native in (True, False):
        _, ours = run(tmp_path, server, "print([ask(f'{i}') for i in range(5)])", answers, native=native, check=False)
        assert ours["code"] == 1 and "RateLimitError" in ours["err"]


HOST = {
    "an http_client of its own": "import httpx2 as h\nclient = OpenAI(http_client=h.Client(), max_retries=0)",
    "its key is made anew": "client = OpenAI(api_key=lambda: 'sk-other-key-0', max_retries=0)",
    "handle_request was replaced": "import httpx2\nbefore = httpx2.HTTPTransport.handle_request\ndef handle(self, request):\n    return before(self, request)\nhttpx2.HTTPTransport.handle_request = handle",
    "log records of the client are wanted": "import logging\nlogging.getLogger('httpx2').setLevel(logging.INFO)",
    "an argument of class": "import decimal\ndef call(content, **more):\n    return client.chat.completions.create(model='small', messages=[{'role': 'user', 'content': content}], timeout=__import__('httpx2').Timeout(9))",
}


@pytest.mark.parametrize("why", HOST)
def test_sent_by_the_client_itself(tmp_path, server, why):
    _, ours = run(tmp_path, server, HOST[why] + "\nprint([ask(f'{i}') for i in range(3)], ask('then ' + ask('x')))\n", echo)
    assert "sent by the client itself" in ours["err"] and why in ours["err"], ours["err"]
    assert count(ours, "native") == 0 and count(ours, "deferred") >= 5


def test_a_client_of_a_class_of_the_program_is_not_deferred(tmp_path, server):
    source = "class Mine(openai.OpenAI):\n    pass\nclient = Mine(base_url=os.environ['OPENAI_BASE_URL'], max_retries=0)\nprint([ask(f'{i}') for i in range(3)])\n"
    _, ours = run(tmp_path, server, source, echo)
    assert count(ours, "native") == count(ours, "deferred") == 0


def test_a_session_touches_what_it_was_granted_and_nothing_else(server):
    import xcs._core

    server.clear(lambda n, asked: {})
    session = xcs._core.Session(record=True)
    session.set_variable("XCS_TEST_HEADER", "a value that nobody sees")
    session.declare("http", "it", {"url": server.url, "headers": {"X-Mine": ("env", "XCS_TEST_HEADER")}})

    def asked():
        call = session.call("http.request", ("chat/completions", "{}"), {"method": "POST", "effect": "sample"}, ("x", 1), "it")
        session.wait([call])
        return call

    # What a declaration names as its host is granted with it; the variables that it names are not.
    with pytest.raises(xcs.Error) as failed:
        asked().value()
    assert failed.value.id == "env-not-granted" and "nobody sees" not in str(failed.value)
    session.grant(["env=XCS_TEST_HEADER"])
    assert asked().value()["status"] == 200 and server.requests[-1][1]["X-Mine"] == "a value that nobody sees"
    assert "XCS_TEST_HEADER" not in os.environ and not any("nobody sees" in text for text in session.segments)
    elsewhere = session.call("http.request", ("http://127.0.0.1:1/", "{}"), {"method": "POST", "effect": "sample"}, ("x", 2))
    session.wait([elsewhere])
    with pytest.raises(xcs.Error) as failed:
        elsewhere.value()
    assert failed.value.id == "net-not-granted"
    with pytest.raises(ValueError, match="is no grant of a running session"):
        session.grant(["read=/"])
    session.close()


def test_requests_that_only_ask_overlap_and_others_do_not(server):
    import xcs._core

    for more, most in (({"effect": "sample"}, 4), ({}, 1)):
        server.clear(lambda n, asked: {"delay": 0.3})
        session = xcs._core.Session(allow=[f"net={server.url[7:-3]}"])
        calls = [session.call("http.request", (server.url + f"/{i}", "{}"), {"method": "POST", **more}, ("x", i)) for i in range(4)]
        while not all(c.done for c in calls):
            session.wait([c for c in calls if not c.done])
        assert [c.value()["status"] for c in calls] == [200] * 4 and server.most == most
        session.close()


def test_a_deferred_text_elsewhere_is_for_the_client(tmp_path, server):
    _, ours = run(tmp_path, server, "print(ask('x', user=ask('y')))", echo)
    assert "an argument beside its texts" in ours["err"]


def test_half_a_character_fails_as_in_plain(tmp_path, server):
    run(tmp_path, server, "try:\n    print(ask('\\ud83d'))\nexcept Exception as e:\n    print(type(e).__name__, e)\n", echo, check=False)


def test_changes_of_the_client_are_seen(tmp_path, server):
    source = """
print(ask("a"))
client.api_key = "sk-another-key-1234"
print(ask("b"))
client._custom_headers["X-Two"] = "2"
print(ask("c"), client.with_options(timeout=9, max_retries=1).chat.completions.create(model="small", messages=[{"role": "user", "content": "d"}]).choices[0].message.content)
"""
    plain, ours = run(tmp_path, server, source, echo)
    for name in ("authorization", "x-two"):
        values = [[{k.lower(): v for k, v in h.items()}.get(name) for _, h, _ in outcome["requests"]] for outcome in (plain, ours)]
        assert sorted(map(str, values[0])) == sorted(map(str, values[1]))
    assert count(ours, "native") == 4


def test_the_key_is_shown_nowhere(tmp_path, server):
    source = "print(ask('then ' + ask('x')))\nimport xcs\nfrom xcs._state import state\nprint(len(state.session.segments) > 0) if state.session else print(True)\n"
    _, ours = run(tmp_path, server, source, echo, options=("--trace", "t.json"), check=False, env={"XCS_RECORD": "1"})
    trace = (tmp_path / "t.json").read_text()
    assert "http.request" in trace and KEY not in trace and "Bearer" not in trace
    assert all({k.lower(): v for k, v in h.items()}["authorization"] == f"Bearer {KEY}" for _, h, _ in ours["requests"])


WRAPPED = """
import functools
from openai.resources.chat.completions import Completions
before = Completions.create
seen = []
@functools.wraps(before)
def create(self, *args, **kwargs):
    seen.append(kwargs["messages"][-1]["content"])
    return before(self, *args, **kwargs)
Completions.create = create
print([ask(f"{i}") for i in range(3)], ask("then " + ask("x")), seen)
Completions.create = before
print([ask(f"{i}") for i in range(3)], seen)
"""


def test_wrappers_around_create(tmp_path, server):
    _, ours = run(tmp_path, server, WRAPPED, echo)
    assert count(ours, "native") == 8  # also through the wrapper, which is the program's own


def test_a_wrapper_that_was_there_first_sees_every_call(tmp_path, server):
    """`sitecustomize` wraps the method before the package does."""
    (tmp_path / "sitecustomize.py").write_text("""
import functools, sys
from openai.resources.chat.completions import Completions
before = Completions.create
@functools.wraps(before)
def create(self, *args, **kwargs):
    sys.modules["builtins"].__dict__.setdefault("seen_calls", []).append(1)
    return before(self, *args, **kwargs)
Completions.create = create
""")
    paths = os.pathsep.join([str(tmp_path), both.engine_path()])
    _, ours = run(tmp_path, server, "print([ask(f'{i}') for i in range(3)])\nimport builtins\nprint(len(builtins.seen_calls))", echo, env={"PYTHONPATH": paths})
    assert count(ours, "native") == 0 and "replaced" in ours["err"]


def test_unpatched(tmp_path, server):
    source = """
import xcs
if hasattr(xcs, "_clients") or "xcs._clients" in __import__("sys").modules:
    __import__("sys").modules["xcs._clients"].unpatch()
print(ask("x"), client.chat.completions.create.__module__, client.chat.completions.create.__qualname__)
"""
    run(tmp_path, server, source, echo)


@pytest.mark.parametrize("source", ["out = []\nfor i in range(4):\n    r = call(f'{i}')\n    t = r.choices[0].message.content\n    out.append(len(t))\nprint(out)\n",
                                    "out = []\nfor i in range(4):\n    out.append(len(ask(f'{i}')))\n", "print([len(ask(f'{i}')) for i in range(4)])\n",
                                    "for i in range(4):\n    print(ask(f'{i}'))\n", "x = ask('0')\ny = ask('1')\nprint(len(x), len(y))\n"],
                         ids=["a loop", "a loop that appends", "a list", "lines", "one by one"])  # fmt: skip
@pytest.mark.parametrize("status", [300, 307])
def test_the_client_is_asked_once_where_the_engine_cannot_say(tmp_path, server, source, status):
    """The client then connects by itself, which as an effect of the host would wait for this very call."""
    plain, ours = run(tmp_path, server, source, lambda n, asked: {"status": status}, check=False)
    assert (plain["out"], plain["code"]) == (ours["out"], ours["code"]) and "RecursionError" not in ours["err"], ours["err"]
    assert plain["err"].splitlines()[-1] in ours["err"], ours["err"]
    calls = 4 if "range" in source else 2
    assert len(plain["requests"]) == 1 and 2 <= len(ours["requests"]) <= 2 * calls
