"""The traps of tracing, as functions of a program. `asked` is what reaches the operations, `written` what is written, in order."""

import xcs

asked = []
written = []
STYLE = "plain"


@xcs.op(effect="sample")
def ask(text: str) -> str:
    asked.append(text)
    return f"<{text}>"


@xcs.op(effect="sample")
def grade(text: str) -> int:
    asked.append(text)
    return len(text)


@xcs.op(effect="write(log)")
def note(text: str) -> int:
    written.append(text)
    return len(written)


@xcs.op(effect="sample")
def broken(text: str) -> str:
    asked.append(text)
    raise ValueError("broken")


def string_chain(topic: str) -> str:
    a = ask(topic)
    b = ask("again: " + a.upper())
    c = ask(f"{a} and {b}".replace("<", "(") + "!")
    return c + a


def passed_through(topic: str) -> list[str]:
    a = ask(topic)
    return [a, topic, a, "constant"]


def equal_calls(topic: str) -> list[str]:
    return [ask(topic), ask(topic), ask(topic), ask(topic), ask(topic)]


def ordered_writes(topic: str) -> int:
    note("first " + topic)
    a = ask(topic)
    note("second " + a)
    note("third")
    return note("fourth")


def mutated_variable(topic: str) -> list[str]:
    text = topic
    a = ask(text)
    text = text + "!"
    b = ask(text)
    text = "reset"
    return [a, b, text]


def mutated_list(topic: str) -> list[str]:
    rows = [topic]
    a = ask(",".join(rows))
    rows.append("more")
    b = ask(",".join(rows))
    rows.append(a)
    return rows + [b]


def variable_arguments(*topics, style="plain"):
    return [ask(f"{style}: {t}") for t in topics]


def recursion(topic: str, depth: int) -> str:
    return topic if depth == 0 else recursion(ask(topic), depth - 1)


def branch_on_an_answer(topic: str) -> str:
    n = grade(topic)
    if n > 5:
        return ask("long " + topic)
    elif n == 0:
        return "empty"
    return ask("short " + topic)


def inner(topic: str) -> str:
    return ask("inner " + topic)


def nested_functions(topic: str) -> list[str]:
    return [inner(topic), inner(inner(topic))]


def new_inputs(topic: str, times: int) -> list[str]:
    return [ask(f"{topic} {i}") for i in range(times)]


def default_arguments(topic: str, style: str = "short", most: int = 2) -> str:
    return ask(topic * most + style)


def global_that_changes(topic: str) -> str:
    return ask(STYLE + topic)


def loop_with_break(topics: list[str]) -> list[str]:
    out = []
    for t in topics:
        said = ask(t)
        if len(said) > 5:
            break
        out.append(said)
    return out


def call_in_a_try(topic: str) -> str:
    try:
        said = broken(topic)
    except Exception:
        said = "caught"
    return said + topic


def failure_that_is_not_looked_at(topic: str) -> str:
    broken(topic)
    return "done"


def answers_in_containers(topics: list[str]) -> dict[str, int]:
    counts: dict[str, int] = {}
    for t in topics:
        said = ask(t)
        counts[said] = counts.get(said, 0) + 1
    return counts


def order_of_evaluation(topic: str) -> str:
    return ask(ask(topic) + ask(topic + "2")) + str(grade(topic))


def accumulated(topics: list[str]) -> str:
    said = ""
    for t in topics:
        said = ask(said + t)
    return said


def loop_variable_after(topics: list[str]) -> str:
    last = "none"
    for t in topics:
        last = ask(t)
    return last
