"""Compiling, loading and running plans in process: results, errors, grants, functions of the caller."""

import os
import pathlib
import threading
import time
import traceback

import pytest

import xcs

ADD = "func @main(%a: i64, %b: i64) -> i64 {\n  %c = i64.add(%a, %b) : i64\n  return(%c)\n}"


def test_a_text_is_compiled_and_run():
    program = xcs.load(xcs.compile(ADD))
    assert program(a=2, b=3) == 5
    assert program.run({"a": 4, "b": 5}) == 9
    assert program.functions == {"main": {"a": "i64", "b": "i64"}}
    assert program.stats["operations"] >= 1 and program.stats["wall_seconds"] > 0
    assert "i64.add" in program.explain() or "main" in program.explain()


def test_results_none_one_several():
    assert xcs.load(xcs.compile("func @main() {\n  return()\n}"))() is None
    two = xcs.load(xcs.compile("func @main(%a: i64, %b: str) -> i64, str {\n  return(%a, %b)\n}"))
    assert two(a=1, b="x") == (1, "x")


def test_an_error_shows_the_line_and_a_caret():
    with pytest.raises(xcs.CompileError) as caught:
        xcs.compile("func @main() -> str {\n  %a = str.lower(%nothing) : str\n  %b = str.upper(%nowhere) : str\n  return(%a)\n}", name="my.xir")
    error = caught.value
    assert str(error).startswith("my.xir:2:") and "%nothing" in str(error) and "^" in str(error)
    assert error.id == "undefined-value" and error.origin == ("my.xir", 2)
    assert any("my.xir:3:" in note for note in error.__notes__)
    assert isinstance(error, xcs.Error)


def test_what_load_does_not_take(tmp_path):
    with pytest.raises(FileNotFoundError):
        xcs.load(tmp_path / "none.xplan")
    with pytest.raises(TypeError, match="bytes of a plan"):
        xcs.load(3)
    with pytest.raises(TypeError, match="no parameter `alow_net`"):
        xcs.load(xcs.compile(ADD), alow_net="x")
    with pytest.raises(xcs.Error):
        xcs.load(b"no plan at all")
    plan = bytearray(xcs.compile(ADD))
    plan[len(plan) // 2] ^= 1
    with pytest.raises(xcs.Error):
        xcs.load(bytes(plan))
    with pytest.raises(ValueError, match="level: expected 0 to 3"):
        xcs.compile(ADD, level=4)


def test_files_of_programs_and_plans(tmp_path):
    (tmp_path / "lib.xir").write_text("func @double(%a: i64) -> i64 {\n  %b = i64.add(%a, %a) : i64\n  return(%b)\n}\n")
    (tmp_path / "p.xir").write_text('import "lib.xir"\nfunc @main(%a: i64) -> i64 {\n  %b = call @double(%a) : i64\n  return(%b)\n}\n')
    assert xcs.load(tmp_path / "p.xir").run({"a": 21}, entry="main") == 42
    (tmp_path / "p.xplan").write_bytes(xcs.compile(ADD))
    assert xcs.load(str(tmp_path / "p.xplan"))(a=1, b=1) == 2


def test_arguments_are_checked_by_name():
    program = xcs.load(xcs.compile(ADD))
    with pytest.raises(TypeError, match="needs the argument `b`"):
        program(a=1)
    with pytest.raises(TypeError, match="no parameter `c`.*`a`, `b`"):
        program(a=1, b=2, c=3)
    with pytest.raises(TypeError, match="a: expected an int for `i64`, got str"):
        program(a="1", b=2)
    with pytest.raises(xcs.Error, match="nothing"):
        program.run({}, entry="nothing")


FAILS = 'func @main(%a: i64) -> i64 {\n  %z = i64.sub(%a, %a) : i64\n  %c = i64.div(%a, %z) : i64\n  return(%c)\n}'


def test_a_failure_is_an_error_with_id_and_place():
    with pytest.raises(xcs.Error) as caught:
        xcs.load(xcs.compile(FAILS, name="f.xir", level=0))(a=1)
    assert caught.value.id == "division-by-zero" and caught.value.failure == "program"
    assert caught.value.origin == ("f.xir", 3)
    assert any("f.xir:3" in note for note in caught.value.__notes__)


def test_nothing_is_granted_by_default(tmp_path):
    (tmp_path / "a.txt").write_text("here")
    text = "func @main(%path: str) -> str {\n  %a = file.read_text(%path) : str\n  return(%a)\n}"
    path = str(tmp_path / "a.txt")
    with pytest.raises(xcs.Error) as caught:
        xcs.load(xcs.compile(text))(path=path)
    assert caught.value.failure == "refused" and "allow-read" in str(caught.value)
    assert xcs.load(xcs.compile(text), allow_read=[tmp_path])(path=path) == "here"
    assert xcs.load(xcs.compile(text), allow_all=True)(path=path) == "here"
    with pytest.raises(xcs.Error):
        xcs.load(xcs.compile(text), allow_all=True, deny_read=str(tmp_path))(path=path)
    with pytest.raises(ValueError, match="allow_read"):
        xcs.load(xcs.compile(text), allow_read="/nowhere/at/all")
    with pytest.raises(ValueError, match="allow_net"):
        xcs.load(xcs.compile(text), allow_net="a b")
    with pytest.raises(TypeError, match="allow_net"):
        xcs.load(xcs.compile(text), allow_net=5)


def test_limits():
    text = "func @main(%a: str) -> json {\n  %b = json.parse(%a) : json\n  return(%b)\n}"
    deep = "[" * 20 + "]" * 20
    assert xcs.load(xcs.compile(text))(a=deep)
    with pytest.raises(xcs.Error) as caught:
        xcs.load(xcs.compile(text), limits={"json-depth": 10})(a=deep)
    assert caught.value.id == "limit-exceeded"
    with pytest.raises(ValueError, match="no limit"):
        xcs.load(xcs.compile(text), limits={"json-deep": 10})


def test_a_timeout_and_a_seed():
    sleep = xcs.load(xcs.compile("func @main() {\n  %s = const {value = 20s} : duration\n  %d = time.sleep(%s) : none\n  return()\n}"))
    started = time.monotonic()
    with pytest.raises(xcs.Error) as caught:
        sleep.run({}, timeout=0.05)
    assert caught.value.id == "run-timeout" and time.monotonic() - started < 5
    draw = xcs.load(xcs.compile("func @main() -> i64 {\n  %a = const {value = 0} : i64\n  %b = const {value = 1000000} : i64\n  %c = random.int(%a, %b) : i64\n  return(%c)\n}"))
    assert draw.run({}, seed=7) == draw.run({}, seed=7)


CALLS = ('func @main(%a: str) -> str {\n  %b = host.call(%a) {function = "shout", effect = "pure"} : str\n  return(%b)\n}')


def test_functions_of_the_caller():
    assert xcs.load(xcs.compile(CALLS), ops={"shout": str.upper})(a="hey") == "HEY"
    with pytest.raises(xcs.Error, match="shout"):
        xcs.load(xcs.compile(CALLS))(a="hey")
    with pytest.raises(TypeError, match="callable"):
        xcs.load(xcs.compile(CALLS), ops={"shout": 3})
    with pytest.raises(TypeError) as caught:
        xcs.load(xcs.compile(CALLS), ops={"shout": lambda text: 5})(a="hey")
    assert "expected a str for `str`, got int" in str(caught.value)


def test_what_a_function_raises_comes_out_as_itself():
    class Mine(Exception):
        pass

    raised = Mine("no")

    def shout(text):
        raise raised

    with pytest.raises(Mine) as caught:
        xcs.load(xcs.compile(CALLS, name="calls.xir"), ops={"shout": shout})(a="x")
    assert caught.value is raised
    assert any("calls.xir:2" in note for note in raised.__notes__)
    assert "in shout" in "".join(traceback.format_exception(raised))


def test_many_threads_run_one_program():
    program, wrong = xcs.load(xcs.compile(ADD)), []

    def work(k):
        for i in range(200):
            if program(a=i, b=k) != i + k:
                wrong.append((i, k))

    threads = [threading.Thread(target=work, args=(k,)) for k in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong


def test_other_threads_go_on_while_a_run_waits():
    sleep = xcs.load(xcs.compile("func @main() {\n  %s = const {value = 300ms} : duration\n  %d = time.sleep(%s) : none\n  return()\n}"))
    ticks = []
    waiter = threading.Thread(target=sleep)
    waiter.start()
    while waiter.is_alive():
        ticks.append(1)
        time.sleep(0.005)
    assert len(ticks) > 10


def test_equal_computations_become_one_map():
    calls = "".join(f'  %b{i} = host.call(%a, {i}) {{function = "f", effect = "sample"}} : str\n' for i in range(20))
    text = "func @main(%a: str) -> list<str> {\n" + calls + "  %all = list.pack(" + ", ".join(f"%b{i}" for i in range(20)) + ") : list<str>\n  return(%all)\n}"
    plans = {reroll: xcs.compile(text, reroll=reroll) for reroll in (False, True)}
    results = [xcs.load(plan, ops={"f": lambda a, i: f"{a}{i}"})(a="x") for plan in plans.values()]
    assert results == [[f"x{i}" for i in range(20)]] * 2
    assert len(plans[True]) < len(plans[False])


def test_a_question_that_no_one_answers():
    text = (
        "func @main(%a: str) -> str, i64 {\n  %b = ask.human(%a) {name = \"why\"} : str\n"
        '  %c = host.call(%a) {function = "f", effect = "write(x)"} : i64\n  return(%b, %c)\n}'
    )
    done = []
    with pytest.raises(xcs.Error, match="the question `why` waits for a person's answer") as raised:
        xcs.load(xcs.compile(text), ops={"f": lambda a: done.append(a) or 1})(a="Why?")
    assert (raised.value.id, raised.value.failure) == ("question-waiting", "waiting")
    assert done == ["Why?"]  # all else was done


def test_variables_of_the_environment(monkeypatch):
    plan = xcs.compile('func @main() -> option<str> {\n  %n = const {value = "XCS_TEST_SAYS"} : str\n  %a = env.get(%n) : option<str>\n  return(%a)\n}')
    monkeypatch.setenv("XCS_TEST_SAYS", "first")
    assert xcs.load(plan, allow_env="XCS_TEST_SAYS")() == "first"
    monkeypatch.setenv("XCS_TEST_SAYS", "second")
    assert xcs.load(plan, allow_env="XCS_TEST_SAYS")() == "second"


@pytest.mark.parametrize("fails", [False, True])
def test_a_program_in_a_cycle_with_its_functions_is_freed(fails):
    import gc

    plan = xcs.compile(CALLS)

    def run_once():
        def shout(text):
            if fails:
                raise ValueError(f"{program} gives nothing for {text}")
            return program.functions and text.upper()

        program = xcs.load(plan, ops={"shout": shout})
        if not fails:
            assert program(a="x")
            return
        with pytest.raises(ValueError, match="gives nothing"):
            program(a="x")

    def descriptors():
        return len(list(pathlib.Path("/proc/self/fd").iterdir()))

    before = descriptors()
    for _ in range(3):
        run_once()
    end = time.monotonic() + 10
    while descriptors() > before + 3 and time.monotonic() < end:  # an engine ends on a thread of its own
        gc.collect()
        time.sleep(0.01)
    assert descriptors() <= before + 3  # each of them had 6


def test_a_program_is_freed():
    import gc

    before = len(os.listdir("/proc/self/task"))
    for _ in range(20):
        xcs.load(xcs.compile(CALLS), ops={"shout": str.upper})(a="x")
    gc.collect()
    assert len(os.listdir("/proc/self/task")) <= before + 12
    assert len(list(pathlib.Path("/proc/self/fd").iterdir())) < 200
