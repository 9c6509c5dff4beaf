"""docs/examples/functions: each gives what its `.xir` gives, and the plans are the same up to names where its page says so."""

import importlib.util
import json
import re
import subprocess

import pytest
from checkout import BUILD, ROOT

import xcs

EXAMPLES = ROOT / "docs" / "examples"
ARGUMENTS = {
    "ensemble": [{"question": "Which is the largest planet?"}],
    "router": [{"question": "1 + 1?"}, {"question": "Is P = NP?"}],
    "triage": [{"request": "I was charged twice."}, {"request": "What is love?"}],
    "refine": [{"task": "A haiku on rain."}],
    "map_documents": [{"documents": ["Brevity.", "A long story."], "criteria": ["clear", "short"]}, {"documents": [], "criteria": []}],
    "cascade": [{"question": "The oldest city?", "threshold": 0.7}, {"question": "The oldest city?", "threshold": 0.1}],
    "fallback": [{"question": "Is anybody there?"}],
    "judge": [{"question": "Which is the largest planet?"}],
    "majority": [{"question": "What is six times seven?", "votes": 5}],
    "varied_ensemble": [{"question": "What is the capital of Australia?"}],
}
# Where the server answers equal requests in the order of their arrival, and so the answer depends on it.
BY_ARRIVAL = {"judge": {"Jupiter", "Saturn"}}
# Operations of Python that do what one of XIR does, and more: `lower()` beyond ASCII, `strip()` of more white space.
WIDER = {"python.lower": "str.lower", "python.strip": "str.trim"}
FACTS = ("draw", "sched.", "pattern.", "hint.")


@pytest.fixture(scope="module")
def port(tmp_path_factory):
    said = tmp_path_factory.mktemp("server") / "port"
    command = [BUILD / "bin" / "xcs-faults", "--port", "0", "--latency", "0", "--script", EXAMPLES / "answers.json", "--ready-file", said, "--exit-on-stdin-close", "--max-seconds", "300"]
    server = subprocess.Popen(command, stdin=subprocess.PIPE)
    while not (said.exists() and said.read_text().strip()):
        assert server.poll() is None
        try:
            server.wait(0.02)
        except subprocess.TimeoutExpired:
            pass
    yield said.read_text().strip()
    server.stdin.close()
    server.wait(30)


def function(name, folder, port, monkeypatch):
    monkeypatch.setenv("OPENAI_API_KEY", "a-key-for-the-examples")
    path = folder / f"{name}.py"
    path.write_text((EXAMPLES / "functions" / f"{name}.py").read_text().replace("127.0.0.1:8080", f"127.0.0.1:{port}"))
    spec = importlib.util.spec_from_file_location(f"example_{name}", path)
    module = importlib.util.module_from_spec(spec)
    monkeypatch.setitem(__import__("sys").modules, spec.name, module)
    spec.loader.exec_module(module)
    return module.main


def test_every_function_is_here_and_on_the_page():
    names = {p.stem for p in (EXAMPLES / "functions").glob("*.py")}
    page = (EXAMPLES / "functions" / "README.md").read_text()
    assert names == set(ARGUMENTS) == set(re.findall(r"^\| \[(\w+)\.py\]", page, re.MULTILINE))
    assert {n for n in names if re.search(rf"\[{n}\.py\][^|]*\| the same, up to names", page)} == set(SAME)


@pytest.mark.parametrize("name", sorted(ARGUMENTS))
def test_the_same_answer_as_the_xir(name, tmp_path, port, monkeypatch):
    main = function(name, tmp_path, port, monkeypatch)
    text = (EXAMPLES / f"{name}.xir").read_text().replace("127.0.0.1:8080", f"127.0.0.1:{port}")
    grants = {"allow_net": f"127.0.0.1:{port}", "allow_secret": f"OPENAI_API_KEY@127.0.0.1:{port}"}
    for arguments in ARGUMENTS[name]:
        ours, theirs = main(**arguments), xcs.load(xcs.compile(text, name=name), **grants)(**arguments)
        assert ours == theirs or (name in BY_ARRIVAL and ours in BY_ARRIVAL[name] and theirs in BY_ARRIVAL[name]), (ours, theirs)


# The same plan, up to names.


class Canonical:
    """A function as text that does not depend on names, nor on the order of operations that no one can tell apart."""

    def __init__(self, program):
        self.program = program
        self.functions = {f["function"]: f for f in program["program"] if "function" in f}
        self.resources = {r["name"]: r["attributes"]["model"] for r in program["program"] if r.get("declare") == "model"}
        self.types = {r["name"]: r["is"]["type"] for r in program["program"] if r.get("declare") == "type"}

    def type(self, t):
        return re.sub(r"@(\w+)", lambda m: self.type(self.types[m[1]]), t)

    def function(self, name):
        f = self.functions[name]
        values = {p["name"]: f"argument {i}" for i, p in enumerate(f.get("parameters", []))}
        types = [self.type(p["type"]) for p in f.get("parameters", [])]
        return f"{types} -> {list(map(self.type, f.get('results', [])))}\n" + self.body(f["body"], values, 0)

    def body(self, ops, values, depth):
        values, seen = dict(values), []
        for op in ops:
            text = self.op(op, values, depth)
            results = op.get("results", [])
            for i, r in enumerate(results):
                values[r["name"]] = f"({text})" + (f"[{i}]" if len(results) > 1 else "")
            if op["op"] in ("return", "yield", "continue", "fail", "assert", "host.call", "log.print", "time.sleep") or op["op"].startswith("model.") and not results:
                seen.append(text)
        return "{" + "; ".join(seen) + "}"

    def op(self, op, values, depth):
        if op["op"] == "const":
            return f"literal {self.literal(op['attributes']['value'])}"
        operands = [values[o["value"]] if isinstance(o, dict) and "value" in o else f"(literal {self.literal(o)})" for o in op.get("operands", [])]
        attributes = {k: self.literal(v) for k, v in op.get("attributes", {}).items() if not k.startswith(FACTS)}
        name, symbol = op["op"], self.resources.get(op.get("symbol"), op.get("symbol"))
        if name == "call" and symbol in WIDER:
            name, symbol = WIDER[symbol], None
        regions = []
        for r in op.get("regions", []):
            inner = {**values, **{p["name"]: f"argument {depth + 1}.{i}" for i, p in enumerate(r.get("parameters", []))}}
            regions.append(self.body(r["body"], inner, depth + 1))
        return f"{name} {symbol} {operands} {sorted(attributes.items())} {regions}"

    def literal(self, v):
        return json.dumps(v, sort_keys=True)


def canonical(text, folder):
    source = folder / "program.xir"
    source.write_text(text)
    printed = subprocess.run([BUILD / "bin" / "xcsc", source, "--emit=ir-json"], capture_output=True, text=True)
    assert printed.returncode == 0, printed.stderr
    return Canonical(json.loads(printed.stdout)).function("main")


SAME = ["ensemble", "router", "triage", "refine"]


@pytest.mark.parametrize("name", SAME)
def test_the_same_plan_up_to_names(name, tmp_path, port, monkeypatch):
    main = function(name, tmp_path, port, monkeypatch)
    ours, theirs = canonical(main.xir(), tmp_path), canonical((EXAMPLES / f"{name}.xir").read_text(), tmp_path)
    assert ours == theirs


@pytest.mark.parametrize("name", sorted(set(ARGUMENTS) - set(SAME)))
def test_another_plan_where_the_page_says_so(name, tmp_path, port, monkeypatch):
    main = function(name, tmp_path, port, monkeypatch)
    assert canonical(main.xir(), tmp_path) != canonical((EXAMPLES / f"{name}.xir").read_text(), tmp_path)
