"""The programs of docs/examples, as its page runs them, in this process: the same output from the same scripted server."""

import json
import pathlib
import re
import shlex
import subprocess

import pytest
from places import ROOT

import xcs

EXAMPLES = ROOT / "docs" / "examples"
GRANTS = re.compile(r"--((?:allow|deny)-\w+)=(\S+)")


def commands(block):
    """(command, lines of its output) of a block; a command may go on in lines that begin with `>`."""
    found = []
    for line in block.splitlines():
        if line.startswith("$ "):
            found.append((line[2:], []))
        elif line.startswith(">") and not found[-1][1]:
            found[-1] = (found[-1][0] + "\n" + line[1:], [])
        else:
            found[-1][1].append(line)
    return found


def shown():
    """(what comes before it, the flags of xcs-run, the result) of each run on the page."""
    page = (EXAMPLES / "README.md").read_text()
    for block in re.findall(r"```console\n(.*?)```", page, re.DOTALL):
        before = []
        for command, output in commands(block):
            if command.startswith("xcs-run "):
                yield tuple(before), command[len("xcs-run ") :], output[0]
            elif re.match(r"(echo|printf|mkdir|export) ", command):
                before.append(command)


RUNS = [pytest.param(*run, id=f"{run[1].split('.')[0]}-{k}") for k, run in enumerate(shown())]


def test_the_page_has_runs():
    assert len({run.values[1].split('.')[0] for run in RUNS}) >= 22


@pytest.mark.parametrize(("before", "command", "result"), RUNS)
def test_an_example_gives_what_the_page_shows(before, command, result, port, tmp_path, monkeypatch):
    endpoint = f"127.0.0.1:{port}"
    for file in EXAMPLES.iterdir():
        if file.is_file():
            (tmp_path / file.name).write_text(file.read_text().replace("127.0.0.1:8080", endpoint))
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("OPENAI_API_KEY", "a-key-for-the-examples")
    for line in before:
        if line.startswith("export "):
            monkeypatch.setenv(*line[len("export ") :].split("="))
        else:
            subprocess.run(["sh", "-c", line], check=True)
    command = re.split(r" --stats| 2>", command)[0]
    command = command.replace("$GRANTS", f"--allow-net={endpoint} --allow-secret=OPENAI_API_KEY@{endpoint}").replace("127.0.0.1:8080", endpoint)
    words = iter(shlex.split(command))
    program, grants, texts, arguments = pathlib.Path(next(words)).stem, {}, {}, {}
    for word in words:
        if match := GRANTS.fullmatch(word):
            grants.setdefault(match[1].replace("-", "_"), []).append(match[2])
        elif word == "--args":
            arguments = json.loads(pathlib.Path(next(words)).read_text())
        else:
            assert word == "--arg", word
            key, _, text = next(words).partition("=")
            texts[key] = text
    loaded = xcs.load(f"{program}.xir", **grants)
    kinds = loaded.functions.get("main") or next(iter(loaded.functions.values()))
    arguments |= {name: text if kinds[name] == "str" else json.loads(text) for name, text in texts.items()}
    assert loaded(**arguments) == json.loads(result)
