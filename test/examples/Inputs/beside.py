"""beside.py EXAMPLES SCRIPT CASES TEMP: runs each program and its twin in Python against a scripted server of its own, and compares results,
requests and the file that `out` names. CASES is a dictionary of lists of arguments by a program's name. Of a request counts what both write
down: the model and its options, the conversation, the tools, the texts. What a tool says about an error is in each language's own words."""
import json
import os
import pathlib
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
examples, script, cases, temp = (pathlib.Path(argument).resolve() for argument in sys.argv[1:])
KEY = "the-key-of-the-tests"


def said(message):
    content = message.get("content") or ""
    return message["role"], "error" if content.startswith("error: ") else content


def asked(request):
    """What a request of the log asks for, as text."""
    body = json.loads(request["body"] or "{}")
    options = {name: body.get(name) for name in ("model", "temperature", "max_tokens", "input")}
    tools = [tool["function"] for tool in body.get("tools", [])]
    messages = [said(message) for message in body.get("messages", [])]
    what = {**options, "messages": messages, "tools": tools, "schema": "response_format" in body}
    return f"{request['method']} {request['target']} {request['status']} {json.dumps(what, sort_keys=True)}"


def served(log, command, **more):
    """What the command prints, and its requests, sorted."""
    server = ["xcs-faults", "--latency", "0", "--script", script, "--log", log, "--", *command]
    done = subprocess.run(server, capture_output=True, text=True, timeout=60, **more)
    if done.returncode != 0:
        sys.exit(f"{command} exited with {done.returncode}: {done.stderr}")
    entries = map(json.loads, log.read_text(encoding="utf-8").splitlines())
    return json.loads(done.stdout), sorted(asked(entry) for entry in entries if "method" in entry)


def program(name, arguments):
    out = arguments.get("out")
    run = ["sh", HERE / "run.sh", examples / f"{name}.xir", temp / name, "--args", temp / "arguments.json"]
    return served(temp / f"{name}.xir.log", [*run, f"--allow-write={out}"] if out else run)


def twin(name, arguments):
    unset = ("OPENAI_ORG_ID", "OPENAI_PROJECT_ID")
    urls = ["OPENAI_BASE_URL={url}/v1", "SHOP_URL={url}/shop", f"OPENAI_API_KEY={KEY}", "PYTHONDONTWRITEBYTECODE=1"]
    environment = {name: value for name, value in os.environ.items() if name not in unset}
    command = ["env", *urls, sys.executable, examples / "python" / f"{name}.py"]
    return served(temp / f"{name}.py.log", command, input=json.dumps(arguments), env=environment)


def outcome(run, name, arguments):
    """Result, requests, and what was written."""
    out = pathlib.Path(arguments["out"]) if "out" in arguments else None
    if out:
        out.unlink(missing_ok=True)
    return *run(name, arguments), out.read_text(encoding="utf-8") if out else None


def main():
    given = json.loads(cases.read_text(encoding="utf-8"))
    twins = {path.stem for path in (examples / "python").glob("*.py")}
    if twins != set(given):
        sys.exit(f"programs with a twin: {sorted(twins)}; programs with arguments here: {sorted(given)}")
    for name, arguments in ((name, arguments) for name, each in given.items() for arguments in each):
        (temp / "arguments.json").write_text(json.dumps(arguments), encoding="utf-8")
        ours, theirs = outcome(program, name, arguments), outcome(twin, name, arguments)
        if ours != theirs:
            sys.exit(f"{name}: the program gave\n{ours}\nits twin\n{theirs}")
        print(f"{name}: {len(ours[1])} requests, {json.dumps(ours[0], ensure_ascii=False)}")


main()
