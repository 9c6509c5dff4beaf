"""The other methods that are deferred: the same calls made plainly and deferred, sent by the engine and by the client itself."""

import json
import os
import pathlib
import re

import both
import faults
import pytest
from sent import FAILING, KEY, RETRIED, asked_text, count, headers, passing, run

TEXTS = ["responses", "parts", "messages", "blocks", "completions"]
METHODS = [*TEXTS, "embeddings"]
# The oldest openai has no Responses API.
CLIENTS = [(m, c) for m in METHODS for c in ("newest", "oldest") if c == "newest" or m not in ("responses", "parts", "blocks")]
SIMPLE = [(m, c) for m, c in CLIENTS if m not in ("parts", "blocks")]
OPENAI = """
import os
import openai
client = openai.OpenAI(base_url=os.environ["OPENAI_BASE_URL"], max_retries=RETRIES, timeout=TIMEOUT)
"""
ANTHROPIC = """
import anthropic
client = anthropic.Anthropic(max_retries=RETRIES, timeout=TIMEOUT)
"""
ASK = """
def ask(content, **more):
    return call(content, **more)"""
# How each method is called, and how its answer is looked at.
START = {
    "responses": OPENAI + '''
create = client.responses.create
def call(content, **more):
    return create(model="small", instructions="Be br\\u00e9if.", input=content, **more)''' + ASK + ".output_text\n",
    "parts": OPENAI + '''
create = client.responses.create
def call(content, **more):
    asked = [{"role": "system", "content": "Be br\\u00e9if."}, {"role": "user", "content": [{"type": "input_text", "text": content}]}]
    return create(model="small", input=asked, **more)''' + ASK + ".output[0].content[0].text\n",
    "messages": ANTHROPIC + '''
create = client.messages.create
def call(content, **more):
    return create(model="small", max_tokens=100, system="Be br\\u00e9if.", messages=[{"role": "user", "content": content}], **more)''' + ASK + ".content[0].text\n",
    "blocks": ANTHROPIC + '''
create = client.messages.create
def call(content, **more):
    asked = [{"role": "user", "content": "hello"}, {"role": "assistant", "content": "yes?"}, {"role": "user", "content": [{"type": "text", "text": content}]}]
    return create(model="small", max_tokens=100, system=[{"type": "text", "text": f"You know of {content}."}], messages=asked, **more)''' + ASK + ".content[0].text\n",
    "completions": OPENAI + '''
create = client.completions.create
def call(content, **more):
    return create(model="small", prompt=content, **more)''' + ASK + ".choices[0].text\n",
    "embeddings": OPENAI + '''
create = client.embeddings.create
def call(content, **more):
    return create(model="small", input=content, encoding_format="float", **more)''' + ASK + ".data[0].embedding\n",
}  # fmt: skip


@pytest.fixture(scope="module")
def server():
    made = faults.Faults()
    yield made
    made.close()


def saying(method, text, **more):
    if method == "embeddings":
        return faults.vectors([len(text) / 2, -0.125], **more)
    return {"responses": faults.response, "parts": faults.response, "completions": faults.completion}.get(method, faults.message)(text, **more)


def echo(method):
    return lambda n, asked: {"body": saying(method, asked_text(asked)[::-1] + "é"), "delay": 0.002}


BODIES = r"""
texts = ["plain", "", 'quote " back \\ slash / tab \t nl \n cr \r bell \x07 del \x7f nul \x00', "Gr\u00fc\u00dfe \u4e16\u754c \U0001f600", "\u2028\u2029 <b>&amp;", "%s {0} {} %%"]
for text in texts:
    first = ask(text)
    print(repr(first), repr(ask(first)), repr(ask(f"Judge: {first}!")), repr(ask("a" + first)), repr(ask(first.strip() + "b")))
print(repr(ask("more", extra_body={"top_k": 20, "deep": {"x": [1, 2.5, None, True]}}, extra_headers={"X-One": "1"}, extra_query={"v": "2"})))
print(repr(ask("more", timeout=20)))
"""
VECTORS = r"""
texts = ["plain", "Gr\u00fc\u00dfe \u4e16\u754c \U0001f600", 'quote " \\ \x00']
rows = [ask(text) for text in texts]
print(rows, [len(r) for r in rows], sum(rows[0]))
print(client.embeddings.create(model="small", input=["a", "b"], encoding_format="float").data[0].embedding, ask([1, 2, 3]), ask("x", user="me"))
"""


@pytest.mark.parametrize(("method", "client"), CLIENTS)
def test_bodies(tmp_path, server, method, client):
    source = BODIES if method != "embeddings" else VECTORS
    answers = echo(method) if method != "embeddings" else lambda n, asked: {"body": faults.vectors([len(str(asked["input"])) / 2, -0.125], [1.0])}
    plain, ours = run(tmp_path, server, source, answers, start=START[method], client=client)
    assert ours["code"] == 0 and count(ours, "native") == count(ours, "deferred") == len(ours["requests"]) >= 6
    assert "sent by the client itself" not in ours["err"] and headers(ours) == headers(plain)


CONVERSATION = """
system = ask("system")
talk = [{"role": "user", "content": f"hello {system}"}]
for i in range(3):
    said = HEAR
    talk.append({"role": "assistant", "content": said})
    talk.append({"role": "user", "content": [{"type": "text", "text": f"{said} and {i}?"}]})
print(talk)
"""
HEAR = {"responses": 'client.responses.create(model="small", instructions=system, input=talk, temperature=0.5, reasoning={"effort": "low"}).output_text',
        "messages": 'client.messages.create(model="small", system=system, messages=talk, max_tokens=5, stop_sequences=["x"]).content[0].text'}  # fmt: skip


@pytest.mark.parametrize("method", HEAR)
def test_a_conversation(tmp_path, server, method):
    _, ours = run(tmp_path, server, CONVERSATION.replace("HEAR", HEAR[method]), echo(method), start=START[method])
    assert ours["code"] == 0 and count(ours, "native") == 4


OBJECTS = """
ways = [lambda r: r.output_text, lambda r: r.output[0].content[0].text, lambda r: r.content[0].text, lambda r: r.choices[0].text, lambda r: r.data[0].embedding]
for word in WORDS:
    for way in ways:
        r = call(word)
        try:
            print(word, repr(way(r)))
        except Exception as e:
            print(word, type(e).__name__, e)
        try:
            print(word, f"it is {way(r)}")
        except Exception as e:
            print(word, type(e).__name__, e)
    try:
        print(word, r.model_dump(), r.id if hasattr(r, "id") else None, r.usage, r._request_id if hasattr(r, "_request_id") else None, type(r).__name__, r)
    except Exception as e:
        print(word, type(e).__name__, e)
"""
REASONING = {"id": "rs_1", "type": "reasoning", "summary": []}
CALL = {"id": "fc_1", "type": "function_call", "call_id": "c", "name": "f", "arguments": "{}"}


def part(*content):
    return {"id": "msg_0", "type": "message", "role": "assistant", "status": "completed", "content": list(content)}


def output(text):
    return {"type": "output_text", "text": text, "annotations": []}


ANSWERS = {
    "responses": {
        "whole": faults.response("one", metadata={"a": "b"}, instructions="x"),
        "reasoning": faults.response(REASONING, "after it"),
        "two": faults.response(part(output("one"), output(" and two")), REASONING, "three"),
        "refusal": faults.response(part({"type": "refusal", "refusal": "no"})),
        "call": faults.response(CALL),
        "nothing": faults.response(),
        "null": faults.response(part(output(None))),
        "number": faults.response(part(output(5))),
        "failed": faults.response(status="failed", error={"code": "server_error", "message": "m"}),
        "incomplete": faults.response("half", status="incomplete", incomplete_details={"reason": "max_output_tokens"}),
        "other": {"error": {"message": "no"}},
        "unicode": faults.response("\u4e16 \" \\ \x00 \U0001f600"),
        "unknown": faults.response({"type": "new_thing", "content": [{"type": "output_text", "text": "hidden"}]}, "shown"),
    },
    "messages": {
        "whole": faults.message("one", container=None),
        "thinking": faults.message({"type": "thinking", "thinking": "hm", "signature": "s"}, "after it"),
        "two": faults.message("one", "two"),
        "tool": faults.message({"type": "tool_use", "id": "t", "name": "f", "input": {}}, stop_reason="tool_use"),
        "refusal": faults.message(stop_reason="refusal"),
        "null": faults.message({"type": "text", "text": None}),
        "number": faults.message({"type": "text", "text": 5}),
        "other": {"type": "error", "error": {"type": "x", "message": "no"}},
        "unicode": faults.message("\u4e16 \" \\ \x00 \U0001f600"),
        "unknown": faults.message({"type": "new_thing", "text": "shown"}),
    },
    "completions": {
        "whole": faults.completion("one", system_fingerprint="fp"),
        "null": faults.completion(None),
        "nothing": {**faults.completion("x"), "choices": []},
        "other": {"error": {"message": "no"}},
        "unicode": faults.completion("\u4e16 \" \\ \x00 \U0001f600"),
    },
    "embeddings": {
        "whole": faults.vectors([0.5, 1e-9, -3]),
        "two": faults.vectors([0.5], [0.25]),
        "nothing": faults.vectors(),
        "null": faults.vectors(None),
        "other": {"error": {"message": "no"}},
    },
}  # fmt: skip


@pytest.mark.parametrize(("method", "client"), SIMPLE)
def test_objects(tmp_path, server, method, client):
    source = f"WORDS = {list(ANSWERS[method])}\n" + OBJECTS
    _, ours = run(tmp_path, server, source, lambda n, asked: {"body": ANSWERS[method][asked_text(asked)]}, start=START[method], client=client)
    assert count(ours, "native") == count(ours, "deferred") == 5 * len(ANSWERS[method])


SEEN_LATE = """
texts = [ask("reasoning"), ask("two"), ask("nothing")]
texts.append(ask(f"unicode"))
texts.append(ask(texts[0]))
print(" ".join(texts))
"""


def test_texts_of_responses_go_on_without_being_looked_at(tmp_path, server):
    answers = lambda n, asked: {"body": ANSWERS["responses"].get(asked["input"]) or faults.response(asked["input"] + "!")}  # noqa: E731
    _, ours = run(tmp_path, server, SEEN_LATE, answers, start=START["responses"])
    assert count(ours, "native") == 5 and "after it!" in ours["out"]


ERRORS = FAILING + """\
    try:
        first = ask(word)
        print(word, ask(f"then {first}"))
    except Exception as e:
        caught.append((word, e))
for word, e in caught:
    print(word, shown(e))
"""
LOOK = {"responses": "r.output_text", "messages": "r.content[0].text", "completions": "r.choices[0].text", "embeddings": "r.data[0].embedding",
        }  # fmt: skip
STATUSES = [400, 401, 403, 404, 409, 413, 422, 429, 500, 503, 529]


def bad(n, asked):
    word = asked_text(asked)
    if word.isdigit():
        error = {"message": f"status {word}", "type": "overloaded_error", "param": "p", "code": "c"}
        return {"status": int(word), "headers": {"x-mine": "yes", "request-id": "r1"}, "body": {"type": "error", "error": error}}
    return {
        "garbage": {"body": b"{not json"},
        "empty": {"body": b""},
        "html": {"body": b"<html>502</html>", "headers": {"Content-Type": "text/html"}},
        "html-bad": {"status": 502, "body": b"<html>502</html>", "headers": {"Content-Type": "text/html"}},
        "list": {"body": [1, 2]},
        "null": {"body": b"null"},
        "reset": {"reset": True},
        "late": {"delay": 1.5},
    }.get(word, {})


@pytest.mark.parametrize(("method", "client"), SIMPLE)
def test_errors(tmp_path, server, method, client):
    words = [str(s) for s in STATUSES] + ["garbage", "empty", "html", "html-bad", "list", "null", "reset", "fine"]
    source = f"WORDS = {words}\n" + ERRORS.replace("LOOK", LOOK[method])
    if method == "embeddings":
        source = source.replace('print(word, ask(f"then {first}"))', "print(word, first[0])")
    plain, ours = run(tmp_path, server, source, bad, start=START[method], client=client, check=False)
    assert ours["out"] == plain["out"] and ours["code"] == plain["code"] == 0
    assert count(ours, "native") >= 2 * len(words)


@pytest.mark.parametrize("method", ["responses", "messages"])
def test_a_failure_that_nobody_looks_at(tmp_path, server, method):
    source = "print('before')\na = ask('400')\nb = ask('then ' + a)\nprint('after')\n"
    plain, ours = run(tmp_path, server, source, bad, start=START[method], check=False)
    assert ours["out"] == plain["out"] == "before\n" and ours["code"] == plain["code"] == 1
    for outcome in (plain, ours):
        assert "BadRequestError: Error code: 400" in outcome["err"]


@pytest.mark.parametrize("method", ["responses", "messages", "embeddings"])
def test_timeouts(tmp_path, server, method):
    source = "WORDS = ['late']\n" + ERRORS.replace("LOOK", LOOK[method])
    plain, ours = run(tmp_path, server, source, bad, start=START[method], timeout=0.4)
    assert "APITimeoutError" in ours["out"] and count(ours, "native") >= 1


@pytest.mark.parametrize(("method", "client"), SIMPLE)
def test_retries(tmp_path, server, method, client):
    _, ours = run(tmp_path, server, RETRIED, passing, start=START[method], retries=2, client=client)
    assert count(ours, "native") == 10


@pytest.mark.parametrize(("method", "native"), [*[(m, True) for m in METHODS], ("responses", False), ("messages", False), ("embeddings", False)])
def test_calls_are_in_flight_together(tmp_path, server, method, native):
    answers = lambda n, asked: {"delay": 0.5, "body": saying(method, asked_text(asked))}  # noqa: E731
    source = "drafts = [ask(f'draft {i}') for i in range(5)]\n"
    source += "print(ask('; '.join(drafts)))\n" if method != "embeddings" else "print([len(d) for d in drafts])\n"
    plain, ours = run(tmp_path, server, source, answers, start=START[method], native=native)
    assert (plain["most"], ours["most"]) == (1, 5)
    calls = len(ours["requests"])
    assert count(ours, "deferred") == calls and count(ours, "native") == (calls if native else 0)


LOOP = """
rows = []
for i in range(4):
    grade = ask(f"grade {i}")
    if len(grade) > 3:
        rows.append(ask(f"why {grade}"))
print(rows)
"""


@pytest.mark.parametrize("method", ["responses", "messages"])
def test_loops_overlap(tmp_path, server, method):
    answers = lambda n, asked: {"delay": 0.3, "body": saying(method, asked_text(asked))}  # noqa: E731
    plain, ours = run(tmp_path, server, LOOP, answers, start=START[method])
    assert (plain["most"], ours["most"]) == (1, 4) and "iterations run side by side" in ours["err"]


STREAM = {
    "responses": [{"type": "response.created", "sequence_number": 1, "response": faults.response(status="in_progress")},
                  {"type": "response.completed", "sequence_number": 2, "response": faults.response("fine")}],
    "messages": [{"type": "message_start", "message": faults.message()}, {"type": "content_block_start", "index": 0, "content_block": {"type": "text", "text": ""}},
                 {"type": "content_block_delta", "index": 0, "delta": {"type": "text_delta", "text": "fi"}}, {"type": "content_block_stop", "index": 0},
                 {"type": "message_delta", "delta": {"stop_reason": "end_turn", "stop_sequence": None}, "usage": {"output_tokens": 1}}, {"type": "message_stop"}],
}  # fmt: skip


@pytest.mark.parametrize("method", STREAM)
def test_streams_are_left_alone(tmp_path, server, method):
    body = "".join(f"event: {e['type']}\ndata: {json.dumps(e)}\n\n" for e in STREAM[method]).encode()
    answers = lambda n, asked: {"headers": {"Content-Type": "text/event-stream"}, "body": body} if asked.get("stream") else {}  # noqa: E731
    shown = {"responses": "client.responses.stream(model='small', input='x')", "messages": "client.messages.stream(model='small', max_tokens=5, messages=[{'role': 'user', 'content': 'x'}])"}
    source = f"""
print([event.model_dump() for event in call("x", stream=True)])
with {shown[method]} as stream:
    print([event.type for event in stream])
print(ask("x", stream=False))
"""
    _, ours = run(tmp_path, server, source, answers, start=START[method])
    assert ours["code"] == 0 and count(ours, "deferred") == 1 and "`stream` is given" in ours["err"]


LEFT = {
    "responses": """
tool = {"type": "function", "name": "f", "parameters": {"type": "object", "properties": {}}, "strict": False}
print(call("x", tools=[tool], tool_choice="auto").output_text, call("x", background=True).status, call("x", conversation="conv_1").output_text)
print(client.responses.with_raw_response.create(model="small", input="x").parse().output_text)
with client.responses.with_streaming_response.create(model="small", input="x") as r:
    print(r.parse().output_text, r.headers["x-request-id"])
print(client.responses.create(model="small", input="x", extra_headers={"X-Stainless-Raw-Response": "true"}).parse().output_text)
""",
    "messages": """
tool = {"name": "f", "input_schema": {"type": "object", "properties": {}}}
print(call("x", tools=[tool], tool_choice={"type": "auto"}).content[0].text)
print(client.messages.with_raw_response.create(model="small", max_tokens=5, messages=[{"role": "user", "content": "x"}]).parse().content[0].text)
with client.messages.with_streaming_response.create(model="small", max_tokens=5, messages=[{"role": "user", "content": "x"}]) as r:
    print(r.parse().content[0].text, r.headers["x-request-id"])
""",
    "completions": """
print(client.completions.with_raw_response.create(model="small", prompt="x").parse().choices[0].text)
print(create(model="small", prompt=ask("x"), **{"extra_headers": {"x-stainless-raw-response": "true"}}).parse().choices[0].text)
""",
    "embeddings": "print(client.embeddings.with_raw_response.create(model='small', input='x', encoding_format='float').parse().data[0].embedding)\n",
}


@pytest.mark.parametrize("method", LEFT)
def test_tools_raw_responses_and_what_has_a_state_are_left_alone(tmp_path, server, method):
    _, ours = run(tmp_path, server, LEFT[method] + "print(call('last').model_dump())\n", start=START[method])
    assert ours["code"] == 0 and count(ours, "deferred") == 1 + LEFT[method].count("ask(")


@pytest.mark.parametrize("method", ["responses", "messages", "embeddings"])
def test_copies_of_the_client(tmp_path, server, method):
    at = START[method].split("create = client.")[1].split(".create")[0]
    source = f"""
client = client.with_options(timeout=9, max_retries=1)
create = client.{at}.create
print([ask(str(i)) for i in range(3)])
client.api_key = "sk-another-key-1234"
print([ask(str(i)) for i in range(3)])
"""
    plain, ours = run(tmp_path, server, source, start=START[method])
    assert headers(ours) == headers(plain) and count(ours, "native") == 6


def test_asynchronous_clients_are_left_alone(tmp_path, server):
    source = """
import asyncio, os
from anthropic import AsyncAnthropic
from openai import AsyncOpenAI
async def main():
    a, b = AsyncOpenAI(max_retries=0), AsyncAnthropic(max_retries=0)
    print((await a.responses.create(model="small", input="x")).output_text)
    print((await b.messages.create(model="small", max_tokens=5, messages=[{"role": "user", "content": "x"}])).content[0].text)
    print(len((await a.embeddings.create(model="small", input="x", encoding_format="float")).data))
asyncio.run(main())
"""
    _, ours = run(tmp_path, server, source, start="")
    assert ours["code"] == 0 and count(ours, "deferred") == 0


HOST = {
    "middleware": ("messages", "client = client.with_middleware(lambda request, call_next: call_next(request))\ncreate = client.messages.create", "it has middleware"),
    "http_client": ("messages", "import httpx2\nclient = anthropic.Anthropic(http_client=httpx2.Client(), max_retries=0)\ncreate = client.messages.create", "an http_client of its own"),
    "credentials": ("messages", "client = anthropic.Anthropic(credentials=lambda **more: anthropic.AccessToken(token='t-1', expires_at=None), max_retries=0)\ncreate = client.messages.create", "its key is made anew"),
    "traced": ("messages", "import opentelemetry.trace as t\nt.set_tracer_provider(t.NoOpTracerProvider())", "its calls are traced"),
    "span": ("messages", "import opentelemetry.trace as t, opentelemetry.context as c\nspan = t.NonRecordingSpan(t.SpanContext(5, 6, True, t.TraceFlags(1)))\n"
             "c.attach(t.set_span_in_context(span))", "its calls are traced"),
    "hooks": ("embeddings", "before = openai.OpenAI._prepare_options\ndef prepare(self, options):\n    return before(self, options)\nopenai.OpenAI._prepare_options = prepare", "_prepare_options was replaced"),
    "logs": ("messages", "import logging\nlogging.getLogger('anthropic').setLevel(logging.INFO)", "log records of the client are wanted"),
    "argument": ("completions", "import httpx2\nbefore = call\ndef call(content):\n    return before(content, timeout=httpx2.Timeout(9))", "an argument of class Timeout"),
}  # fmt: skip


@pytest.mark.parametrize("case", HOST)
def test_sent_by_the_client_itself(tmp_path, server, case):
    method, change, why = HOST[case]
    source = change + "\nprint([ask(f'{i}') for i in range(3)], ask('then it') if " + str(method == "embeddings") + " else ask('then ' + ask('x')))\n"
    _, ours = run(tmp_path, server, source, start=START[method])
    assert ours["code"] == 0 and "sent by the client itself" in ours["err"] and why in ours["err"], ours["err"]
    assert count(ours, "native") == 0 and count(ours, "deferred") >= 4


def test_warnings_of_old_models_are_shown_at_the_line_of_the_program(tmp_path, server):
    source = """
from anthropic.resources.messages.messages import DEPRECATED_MODELS, MODELS_TO_WARN_WITH_THINKING_ENABLED
for model in (sorted(DEPRECATED_MODELS)[0], sorted(MODELS_TO_WARN_WITH_THINKING_ENABLED)[0], "small"):
    messages = [{"role": "user", "content": "x"}]
    print(client.messages.create(model=model, max_tokens=5000, thinking={"type": "enabled", "budget_tokens": 1024}, messages=messages).content[0].text)
"""
    plain, ours = run(tmp_path, server, source, start=START["messages"])
    told = [line for line in plain["err"].splitlines() if "Warning:" in line]
    assert len(told) == 2 and told == [line for line in ours["err"].splitlines() if "Warning:" in line]
    assert count(ours, "deferred") == 1


def test_what_the_client_refuses_to_send_is_refused_at_the_call(tmp_path, server):
    source = """
try:
    client.messages.create(model="small", max_tokens=100)
except TypeError as e:
    print(e)
client = anthropic.Anthropic(max_retries=0)
a = ask("x")
client.messages.create(model="small", max_tokens=1000000, messages=[{"role": "user", "content": a}])
"""
    plain, ours = run(tmp_path, server, source, start=START["messages"])
    assert ours["code"] == 1 and plain["err"].strip().splitlines()[-1] in ours["err"]


PATCHED = """
import inspect, sys
import openai.resources, anthropic.resources
classes = [openai.resources.responses.Responses, openai.resources.Completions, openai.resources.Embeddings, anthropic.resources.Messages]
print([inspect.signature(c.create) for c in classes], [c.create.__qualname__ + c.create.__module__ for c in classes])
if "xcs" in sys.modules:
    from xcs import _clients
    ours = [c.create for c in classes]
    _clients.patch_loaded()
    files = [[os.path.basename(f.__code__.co_filename) == "_clients.py" for f in (o, o.__wrapped__)] for o in ours]
    assert ours == [c.create for c in classes] and files == [[True, False]] * 4
    print(call("x").model_dump())
    _clients.unpatch()
    assert [c.create for c in classes] == [o.__wrapped__ for o in ours]
else:
    print(call("x").model_dump())
create = client.responses.create
print(ask("x"))
"""


def test_patched_once_and_unpatched(tmp_path, server):
    _, ours = run(tmp_path, server, PATCHED, start=START["responses"])
    assert ours["code"] == 0 and count(ours, "deferred") == 1


WRAPPED = """
import functools
cls = type(client.messages)
before = cls.create
seen = []
@functools.wraps(before)
def create(self, *args, **kwargs):
    seen.append(kwargs["messages"][-1]["content"])
    return before(self, *args, **kwargs)
cls.create = create
create = client.messages.create
print([ask(f"{i}") for i in range(3)], ask("then " + ask("x")), seen)
cls.create = before
create = client.messages.create
print([ask(f"{i}") for i in range(3)], seen)
"""


def test_wrappers_around_create(tmp_path, server):
    _, ours = run(tmp_path, server, WRAPPED, echo("messages"), start=START["messages"])
    assert count(ours, "native") == 8  # also through the wrapper, which is the program's own


@pytest.mark.parametrize("native", [True, False])
def test_the_key_is_shown_nowhere(tmp_path, server, native):
    _, ours = run(tmp_path, server, "print(ask('then ' + ask('x')))\n", start=START["messages"], native=native, options=("--trace", "t.json"), check=False, env={"XCS_RECORD": "1"})
    trace = (tmp_path / "t.json").read_text()
    assert ("http.request" in trace) == native and KEY not in trace and "Bearer" not in trace
    assert len(ours["requests"]) == 2 and all(KEY in json.dumps(h) for _, h, _ in ours["requests"])


def test_clients_that_are_imported_by_the_program(tmp_path, server):
    """In a new process: the methods are replaced when their modules are loaded."""

    def named(method):
        text = START[method].replace("RETRIES", "0").replace("TIMEOUT", "9")
        return re.sub(r"\b(create|call|ask)( =|\()", rf"\1_{method}\2", text).replace(f".create_{method}", ".create")

    asked = ", ".join(f'ask_{m}("x")' for m in TEXTS)
    source = "\n".join(map(named, TEXTS)) + f"\nprint({asked})\n"
    _, ours = run(tmp_path, server, source, start="", env={"PYTHONPATH": both.engine_path()})
    assert ours["code"] == 0 and count(ours, "native") == len(TEXTS)


PAGE = pathlib.Path(__file__).resolve().parents[3] / "docs" / "natural" / "deferred.md"


def test_the_page_has_a_row_for_each_method():
    from xcs._clients import METHODS

    table = PAGE.read_text().split("## Which calls are deferred")[1].split("\n\n")[0].splitlines()[4:]
    rows = [[re.findall(r"`([^`]*)`", cell) for cell in re.split(r"(?<!\\)\|", line)[1:5]] for line in table]
    assert len(rows) == len(METHODS)
    for row, method in zip(rows, METHODS):
        ways = ["r" + "".join(f"[{n}]" if kind == "[" else f".{n}" for kind, n in way.steps) for way in method.answer()[1]]
        direct = [d for d in method.direct if d != "stream"]
        assert row == [["client." + ".".join(method.at) + ".create"], ways, row[2], direct]
        assert set(row[2]) == method.texts
