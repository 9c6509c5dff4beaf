"""The session of a running program: operations one by one, what each waits for, how each fails, who is told."""

import gc
import random
import select
import threading
import time
import weakref

import pytest
from waiting import value_of

import xcs
from xcs import _core


@pytest.fixture
def session():
    made = _core.Session(record=True)
    yield made
    made.close()


def test_operations_of_the_language(session):
    a = session.call("str.concat", ("Hello, ", "Ada"))
    b = session.call("str.format", (a, "!"), {"template": "{0}{1}"})
    assert value_of(session, b) == "Hello, Ada!" and value_of(session, a) == "Hello, Ada"
    assert a.done and not a.failed and a.value() is a.value()
    assert value_of(session, session.call("str.join", ([a, "and", b],), {"separator": " "})) == "Hello, Ada and Hello, Ada!"
    assert value_of(session, session.call("i64.add", (2, 3))) == 5
    assert value_of(session, session.call("json.get", ({"a": [1, {"b": None}]},), {"pointer": "/a/1"})) == {"b": None}
    assert value_of(session, session.call("f64.mean", ([1.0, 2],))) == 1.5
    assert any("str.concat" in text for text in session.segments)


def test_functions_of_the_program(session):
    class Thing:
        def __init__(self, text):
            self.text = text

    thing = session.host(Thing, ("x",), {}, effect="pure")
    text = session.host(lambda thing, *, end: thing.text + end, (thing,), {"end": "!"}, effect="pure")
    loud = session.call("str.upper", (text,))
    assert value_of(session, loud) == "X!"
    assert isinstance(value_of(session, thing), Thing) and thing.value() is thing.value()
    # Now that it is there, it is passed as a value.
    assert value_of(session, session.call("str.concat", (text, "?"))) == "x!?"


def test_arguments_are_searched_for_results(session):
    a = session.host(lambda: 1, (), {}, effect="pure")
    b = session.call("str.concat", ("b", ""))
    seen = session.host(lambda *args, **kwargs: (args, kwargs), ([a, {"k": (b, [a])}], 5), {"key": {"x": b}}, effect="pure")
    assert value_of(session, seen) == (([1, {"k": ("b", [1])}], 5), {"key": {"x": "b"}})


def test_equal_objects_stay_one_object(session):
    made = session.host(lambda: {"n": 0}, (), {}, effect="pure")

    def touch(d):
        d["n"] += 1
        return d

    first = session.host(touch, (made,), {})
    second = session.host(touch, (made,), {})
    assert value_of(session, second) is value_of(session, made) is value_of(session, first)
    assert made.value() == {"n": 2}


def test_calls_are_in_flight_together(session):
    barrier = threading.Barrier(8, timeout=30)
    calls = [session.host(barrier.wait, (), {}, effect="sample") for _ in range(8)]
    assert sorted(value_of(session, call) for call in calls) == list(range(8))


def test_a_call_begins_before_anybody_waits(session):
    began = threading.Event()
    session.host(began.set, (), {}, effect="sample")
    assert began.wait(30)


def test_an_operation_fails_alone(session):
    def fail(text):
        raise ValueError(text)

    good = [session.host(lambda i=i: str(i), (), {}, effect="sample") for i in range(3)]
    bad = session.host(fail, ("no",), {}, effect="sample", origin=("here.py", 12))
    after_bad = session.call("str.concat", ("x", bad))
    after_both = session.call("str.concat", (good[0], after_bad))
    beside = session.call("str.concat", (good[1], "y"))
    session.wait([after_both])
    assert value_of(session, beside) == "1y" and [value_of(session, g) for g in good] == ["0", "1", "2"]
    for failed in (bad, after_bad, after_both):
        session.wait([failed])
        assert failed.failed
        with pytest.raises(ValueError, match="no") as caught:
            failed.value()
        assert caught.value is error_of(bad)
    assert bad.origin == ("here.py", 12)
    # One that is asked for only now fails as well.
    late = session.call("str.concat", (bad, "z"))
    assert late.done and error_of(late) is error_of(bad)


def error_of(deferred):
    try:
        deferred.value()
    except BaseException as error:
        return error


@pytest.mark.parametrize("late", [False, True])
@pytest.mark.parametrize("native", [False, True])
def test_of_two_failures_the_first_in_the_program_counts(session, late, native):
    go = threading.Event()

    def fail(text, wait):
        if wait:
            go.wait(30)
        raise ValueError(text)

    def both(a, b):
        if native:
            return session.call("str.concat", (b, a))
        return session.host(lambda *_: None, (b, [a]), {}, effect="sample")

    slow = session.host(fail, ("first", True), {}, effect="sample")
    fast = session.host(fail, ("second", False), {}, effect="sample")
    if late:
        session.wait([fast])
    needs = both(slow, fast)
    session.flush()
    session.wait([fast])
    time.sleep(0.05)
    assert not needs.done
    go.set()
    session.wait([needs])
    assert str(error_of(needs)) == "first"
    # An earlier one that does not fail changes nothing.
    go.clear()
    slow = session.host(go.wait, (30,), {}, effect="sample")
    fast = session.host(fail, ("second", False), {}, effect="sample")
    needs = both(slow, fast)
    session.wait([fast])
    go.set()
    session.wait([needs])
    assert str(error_of(needs)) == "second"


def test_an_error_of_the_language_has_the_place_of_its_call(session):
    text = session.host(lambda: "x", (), {}, effect="pure")
    failed = session.call("str.to_i64", (text,), None, ("calls.py", 3))
    session.wait([failed])
    error = error_of(failed)
    assert isinstance(error, xcs.Error) and error.id == "parse-failed"
    assert error.origin == ("calls.py", 3)
    number = session.host(lambda: 5, (), {}, effect="pure")
    concat = session.call("str.concat", ("a", number), None, ("calls.py", 9))
    session.wait([concat])
    assert concat.failed and error_of(concat).origin == ("calls.py", 9)


def test_what_the_verifier_rejects_is_raised_at_the_call(session):
    with pytest.raises(xcs.Error) as caught:
        session.call("str.concatenate", ("a",), None, ("calls.py", 4))
    assert caught.value.origin == ("calls.py", 4)
    with pytest.raises(xcs.Error):
        session.call("str.upper", (5,))
    with pytest.raises(UnicodeEncodeError, match=r"operands\[1\]"):
        session.call("str.concat", ("a", "\ud800"))
    with pytest.raises(TypeError):
        session.call("str.concat", "text")
    with pytest.raises(TypeError):
        session.host(5, (), {})
    # Nothing of it is left behind.
    assert value_of(session, session.call("str.concat", ("a", "b"))) == "ab"


def test_writes_keep_their_order_and_reads_come_between(session):
    seen = []

    def write(i):
        time.sleep(random.random() * 0.004)
        seen.append(("w", i))

    def read(i):
        time.sleep(random.random() * 0.004)
        seen.append(("r", i))

    expected, calls = [], []
    for i in range(30):
        kind = i % 5
        function, effect = (write, "write(db)") if kind < 2 else (read, "read(db)")
        calls.append(session.host(function, (i,), {}, effect=effect))
        expected.append((kind < 2, i))
    for call in calls:
        value_of(session, call)
    place = {i: at for at, (_, i) in enumerate(seen)}
    for is_write, i in expected:
        for other_is_write, j in expected[:i]:
            if is_write or other_is_write:
                assert place[j] < place[i]


def test_resources_are_ordered_by_themselves(session):
    release = threading.Event()
    held = session.host(release.wait, (30,), {}, effect="write(a)")
    assert value_of(session, session.host(lambda: 1, (), {}, effect="write(b)")) == 1
    everything = session.host(lambda: 2, (), {}, effect="write")
    assert not held.done and not everything.done
    release.set()
    assert value_of(session, everything) == 2


def test_nothing_after_a_failed_write_happens(session):
    happened, asked = [], threading.Event()

    def fail():
        asked.wait(10)  # those after it are held back as long as it is not over
        raise OSError("disk full")

    failed = session.host(fail, (), {}, effect="write(f)")
    others = [session.host(happened.append, (i,), {}, effect="write(f)") for i in range(500)]
    asked.set()
    session.wait([others[-1]])
    assert not happened and all(error_of(other) is error_of(failed) for other in others)


def test_a_long_chain(session):
    text = session.call("str.concat", ("", ""))
    for i in range(3000):
        text = session.call("str.concat", (text, "x"))
    assert value_of(session, text) == "x" * 3000


def test_random_graphs_equal_plain_python(session):
    rng = random.Random(5)
    for _ in range(30):
        plain, deferred = ["s"], ["s"]
        for i in range(rng.randrange(1, 40)):
            a, b = rng.randrange(len(plain)), rng.randrange(len(plain))
            kind = rng.randrange(4)
            if kind == 0:
                plain.append(plain[a] + plain[b][:40])
                part = session.host(lambda t: t[:40], (deferred[b],), {}, effect="pure")
                deferred.append(session.call("str.concat", (deferred[a], part)))
            elif kind == 1:
                plain.append(f"<{plain[a]}>")
                deferred.append(session.call("str.format", (deferred[a],), {"template": "<{0}>"}))
            elif kind == 2:
                plain.append(plain[a].upper()[:50])
                deferred.append(session.host(lambda t: t.upper()[:50], (deferred[a],), {}, effect=rng.choice(["pure", "sample"])))
            else:
                plain.append("-".join([plain[a][:30], "k", plain[b][:30]]))
                parts = [session.host(lambda t: t[:30], (deferred[k],), {}, effect="sample") for k in (a, b)]
                deferred.append(session.call("str.join", ([parts[0], "k", parts[1]],), {"separator": "-"}))
            if rng.random() < 0.1 and not isinstance(deferred[-1], str):
                value_of(session, deferred[-1])
        assert [d if isinstance(d, str) else value_of(session, d) for d in deferred] == plain


def test_watching(session):
    release = [threading.Event() for _ in range(3)]
    calls = [session.host(event.wait, (30,), {}, effect="sample") for event in release]
    for call in calls:
        session.watch(call)
    assert session.take_done() == []
    assert select.select([session.fileno()], [], [], 0)[0] == []
    release[1].set()
    assert select.select([session.fileno()], [], [], 30)[0]
    assert session.take_done() == [calls[1]]
    assert select.select([session.fileno()], [], [], 0)[0] == []
    release[0].set()
    release[2].set()
    rest = session.next_done()
    while len(rest) < 2:
        rest += session.next_done()
    assert set(rest) == {calls[0], calls[2]}
    assert session.next_done() == []
    session.watch(calls[0])  # of one that is done already
    assert session.next_done() == [calls[0]]


def test_waits_in_several_threads(session):
    release = threading.Event()
    calls = [session.host(release.wait, (30,), {}, effect="sample") for _ in range(4)]
    done = []
    threads = [threading.Thread(target=lambda c=c: (session.wait([c]), done.append(c))) for c in calls]
    for thread in threads:
        thread.start()
    time.sleep(0.05)
    assert not done
    release.set()
    for thread in threads:
        thread.join(30)
    assert len(done) == 4


def test_a_deferred_is_an_object_of_its_own(session):
    a, b = session.call("str.concat", ("a", "")), session.call("str.concat", ("a", ""))
    assert a != b and len({a, b}) == 2
    gone = weakref.ref(a)
    del a
    gc.collect()
    assert gone() is None
    unready = session.host(time.sleep, (0.05,), {}, effect="sample")
    with pytest.raises(RuntimeError, match="wait for it"):
        unready.value()
    with pytest.raises(TypeError, match="expected a Deferred"):
        session.wait([5])


def test_what_is_dropped_is_still_called(session):
    called = threading.Event()
    session.host(called.set, (), {})
    gc.collect()
    assert called.wait(30)


def test_stop_and_close():
    session = _core.Session()
    release = threading.Event()
    running = session.host(release.wait, (30,), {}, effect="write(x)")
    behind = session.host(print, ("never",), {}, effect="write(x)")
    text = session.call("str.concat", (behind, "x"))
    session.stop()
    session.wait([text])
    assert isinstance(error_of(text), xcs.Stopped), error_of(text)
    release.set()
    session.close()
    session.close()
    with pytest.raises(RuntimeError, match="closed"):
        session.call("str.concat", ("a", "b"))
        session.flush()
    assert running.done


def test_equal_shapes_are_compiled_once(session):
    for i in range(50):
        value_of(session, session.call("str.concat", (str(i), "x"), None, ("here.py", 7)))
    assert session.stats["compiled"] == 1 and session.stats["segments"] == 50


def test_nothing_leaks(session):
    def work(n):
        for i in range(n):
            value_of(session, session.call("str.concat", (session.host(str, (i,), {}, effect="pure"), "x")))
            session.wait([session.host(int, ("x",), {}, effect="sample")])

    work(100)
    gc.collect()
    before = len(gc.get_objects())
    work(400)
    session.take_done()
    gc.collect()
    assert len(gc.get_objects()) - before < 300


def test_grants_are_named():
    with pytest.raises(ValueError, match="no grant"):
        _core.Session(allow=["everything"])
    with pytest.raises(ValueError, match="no grant `nett`"):
        _core.Session(allow=["nett=a"])
    _core.Session(allow=["net=127.0.0.1:8080", "read=."]).close()


def test_files_by_the_engine(tmp_path):
    (tmp_path / "a").write_text("A")
    session = _core.Session(allow=[f"read={tmp_path}", f"write={tmp_path}"])
    written = session.call("file.write", (str(tmp_path / "b"), "B"))
    assert value_of(session, session.call("file.read_text", (str(tmp_path / "a"),))) == "A"
    value_of(session, written)
    assert (tmp_path / "b").read_text() == "B"
    session.close()


def test_a_thousand_calls(session):
    calls = [session.host(lambda i=i: i, (), {}, effect="sample") for i in range(1000)]
    assert sum(value_of(session, call) for call in calls) == 499500


def test_a_result_of_another_session_is_refused_at_once(session):
    other = _core.Session()
    try:
        foreign = other.host(time.sleep, (0,), {}, effect="sample")
        for wrong in (
            lambda: session.watch(foreign),
            lambda: session.wait([foreign]),
            lambda: session.call("str.concat", ("a", foreign)),
            lambda: session.call("str.join", (["a", foreign],), {"separator": ""}),
            lambda: session.host(len, (foreign,), {}),
            lambda: session.host(len, (), {"x": {"y": [foreign]}}),
        ):
            with pytest.raises(ValueError, match="another session"):
                wrong()
        assert session.next_done() == []  # nothing of it is watched
        other.wait([foreign])
        with pytest.raises(ValueError, match="another session"):
            session.watch(foreign)
    finally:
        other.close()
    assert value_of(session, session.call("str.concat", ("a", "b"))) == "ab"


def test_a_closed_session_takes_nothing_and_lets_nobody_wait():
    session = _core.Session()
    release = threading.Event()
    running = session.host(release.wait, (30,), {}, effect="write(x)")
    waiting = session.host(print, ("never",), {}, effect="write(x)")
    session.watch(waiting)
    release.set()
    session.close()
    for wrong in (
        lambda: session.call("str.concat", ("a", "b")),
        lambda: session.host(len, ("a",), {}),
        lambda: session.declare("http", "x", {"url": "http://127.0.0.1:1"}),
        lambda: session.grant(["net=127.0.0.1:1"]),
        lambda: session.set_variable("a", "b"),
    ):
        with pytest.raises(RuntimeError, match="the session is closed"):
            wrong()
    session.wait([running, waiting])
    assert session.next_done() == [waiting] and session.next_done() == []
    session.stop()
    session.close()


def test_functions_wait_for_calls_of_their_own(session):
    def tree(depth):
        if depth == 0:
            return 1
        calls = [session.host(tree, (depth - 1,), {}, effect="sample") for _ in range(2)]
        total = sum(value_of(session, call) for call in calls)
        return total + value_of(session, session.call("i64.add", (0, 0)))

    assert value_of(session, session.host(tree, (6,), {}, effect="sample")) == 64


@pytest.mark.parametrize("threads", [1, 2, 5])
@pytest.mark.parametrize("how", ["wait", "next_done"])
def test_when_all_threads_would_wait_for_functions_one_is_told(threads, how):
    session = _core.Session(threads=threads)

    def wait(deferred):
        if how == "wait":
            return value_of(session, deferred)
        session.watch(deferred)
        while not deferred.done:
            session.next_done()
        return deferred.value()

    def deeper(n):
        return 0 if n == 0 else 1 + wait(session.host(deeper, (n - 1,), {}, effect="sample"))

    assert wait(session.host(deeper, (threads - 1,), {}, effect="sample")) == threads - 1
    too_deep = session.host(deeper, (threads,), {}, effect="sample")
    session.wait([too_deep])
    with pytest.raises(RuntimeError, match=f"at most {threads} functions of this session run at once.*threads="):
        too_deep.value()
    # What the engine does itself needs none of them.
    native = session.host(lambda: value_of(session, session.call("str.concat", ("a", "b"))), (), {}, effect="sample")
    assert value_of(session, native) == "ab"
    chain = session.host(lambda: value_of(session, session.call("str.concat", ("a", session.host(str, ("b",), {}, effect="sample")))), (), {}, effect="sample")
    if threads == 1:
        session.wait([chain])
        with pytest.raises(RuntimeError, match="at most 1 functions"):
            chain.value()
    else:
        assert value_of(session, chain) == "ab"
    session.close()


def test_functions_of_a_plan_run_the_plan_itself():
    text = 'func @main(%n: i64) -> i64 {\n  %a = host.call(%n) {function = "step", effect = "sample"} : i64\n  return(%a)\n}'
    programs = []

    def step(n):
        return n if n == 0 else programs[0](n=n - 1) + 1

    programs.append(xcs.load(xcs.compile(text), ops={"step": step}))
    assert programs[0](n=100) == 100
    with pytest.raises(RuntimeError, match="at most 256 functions"):
        programs[0](n=300)  # more than the functions that may run at once


WAITS_FOR_ITSELF = {
    "two writes": lambda s, wait: wait(s.host(len, ("a",), {})),
    "one that needs such a one": lambda s, wait: wait(s.call("str.concat", ("x", s.host(str, ("a",), {})))),
    "a read of what it writes": lambda s, wait: wait(s.host(len, ("a",), {}, effect="read(host)")),
    "all of the world": lambda s, wait: wait(s.host(len, ("a",), {}, effect="write")),
}


@pytest.mark.parametrize("how", ["wait", "next_done"])
@pytest.mark.parametrize("name", WAITS_FOR_ITSELF)
def test_a_function_that_would_wait_for_itself_is_told(session, name, how):
    def wait(deferred):
        if how == "next_done":
            session.watch(deferred)
            return session.next_done()
        return value_of(session, deferred)

    outer = session.host(lambda: WAITS_FOR_ITSELF[name](session, wait), (), {})
    session.wait([outer])
    with pytest.raises(RuntimeError, match="cannot begin, or end, before the function has ended.*effect="):
        outer.value()
    assert value_of(session, session.host(len, ("abc",), {}, effect="pure")) == 3


def test_a_function_that_waits_for_its_own_result_is_told(session):
    own, begin = [], threading.Event()

    def function():
        begin.wait(30)
        return value_of(session, own[0])

    own.append(session.host(function, (), {}, effect="sample"))
    begin.set()
    session.wait(own)
    with pytest.raises(RuntimeError, match="before the function has ended"):
        own[0].value()


def test_two_functions_that_would_wait_for_each_other_are_told(session):
    calls, begin = [], threading.Barrier(3, timeout=30)

    def function(i):
        begin.wait()
        try:
            return value_of(session, calls[1 - i])
        except RuntimeError as error:
            return str(error)

    calls += [session.host(function, (i,), {}, effect="sample") for i in range(2)]
    begin.wait()
    texts = [value_of(session, call) for call in calls]
    assert any("before the function has ended" in text for text in texts)


def test_one_of_several_that_may_come_is_waited_for(session):
    def function():
        never, soon = session.host(len, ("a",), {}), session.host(time.sleep, (0.01,), {}, effect="sample")
        session.wait([never, soon])
        return soon.done, never.done

    assert value_of(session, session.host(function, (), {})) == (True, False)


def test_a_function_does_not_close_its_session(session):
    outer = session.host(session.close, (), {}, effect="sample")
    session.wait([outer])
    with pytest.raises(RuntimeError, match=r"write stop\(\) there"):
        outer.value()
    other = _core.Session()
    assert value_of(session, session.host(other.close, (), {}, effect="sample")) is None
