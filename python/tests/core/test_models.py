"""Model calls of a session that the engine sends itself, against the scripted server; completions in an event loop."""

import asyncio

import pytest
from waiting import value_of

import xcs
from xcs import _core

QUESTION = "Which is the largest planet?"


@pytest.fixture
def session(port, monkeypatch):
    monkeypatch.setenv("XCS_TEST_KEY", "a-key-for-the-examples")
    made = _core.Session()
    # What a declaration names is granted.
    made.declare("model", "gpt", {"url": f"http://127.0.0.1:{port}/v1", "model": "small", "key": ("secret", "XCS_TEST_KEY"), "timeout": "30s"})
    yield made
    made.close()


def test_draws_and_what_is_made_of_them(session):
    draws = [session.call("model.chat", (QUESTION,), {"temperature": 0.9}, ("here.py", 3), "gpt") for _ in range(5)]
    said = session.call("str.join", (draws,), {"separator": ", "})
    answers = value_of(session, said).split(", ")
    assert len(answers) == 5 and "Jupiter" in answers
    assert [draw.value() for draw in draws] == answers


def test_a_text_carries_its_dependency(session):
    first = session.call("model.chat", (QUESTION,), None, ("here.py", 1), "gpt")
    prompt = session.call("str.format", (first,), {"template": "1 + 1? Not {0}"})
    second = session.call("model.chat", (prompt,), None, ("here.py", 2), "gpt")
    assert isinstance(value_of(session, second), str)
    assert first.done and prompt.done and prompt.value() == f"1 + 1? Not {first.value()}"


def test_what_is_not_named_is_refused(session, port, tmp_path):
    (tmp_path / "a").write_text("A")
    for op, operand, attributes in (("file.read_text", str(tmp_path / "a"), None), ("http.request", f"http://localhost:{port + 1}/", {"method": "GET"})):
        refused = session.call(op, (operand,), attributes, ("here.py", 9))
        session.wait([refused])
        with pytest.raises(xcs.Error) as caught:
            refused.value()
        assert caught.value.failure == "refused" and caught.value.origin == ("here.py", 9)


def test_wrong_resources_are_errors(session):
    with pytest.raises(xcs.Error):
        session.declare("model", "gpt", {"url": "http://127.0.0.1:1/v1", "model": "other"})
    with pytest.raises(xcs.Error):
        session.declare("model", "second", {"url": "no url", "model": "m"})
    with pytest.raises(ValueError, match="no kind"):
        session.declare("modell", "third", {})
    with pytest.raises(xcs.Error):
        session.call("model.chat", ("Hi",), None, ("here.py", 1), "unknown")


def test_completions_in_an_event_loop(session):
    async def value(deferred):
        future = asyncio.get_running_loop().create_future()
        futures[deferred] = future
        session.watch(deferred)
        session.flush()
        return await future

    def completed():
        for deferred in session.take_done():
            futures.pop(deferred).set_result(deferred.value())

    async def one(i):
        answer = session.call("model.chat", (QUESTION,), None, ("here.py", 5), "gpt")
        return await value(session.call("str.concat", (answer, f" {i}")))

    async def main():
        loop = asyncio.get_running_loop()
        loop.add_reader(session.fileno(), completed)
        ticks = 0

        async def tick():
            nonlocal ticks
            while True:
                ticks += 1
                await asyncio.sleep(0.001)

        ticker = asyncio.create_task(tick())
        answers = await asyncio.gather(*[one(i) for i in range(50)])
        ticker.cancel()
        loop.remove_reader(session.fileno())
        return answers, ticks

    futures = {}
    answers, ticks = asyncio.run(main())
    assert [answer.split()[-1] for answer in answers] == [str(i) for i in range(50)]
    assert ticks > 2 and not futures
