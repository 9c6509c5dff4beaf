"""beside.py EXAMPLES SCRIPT CASES TEMP: runs each program and its twin in Python against a scripted server of its own, and compares results,
requests and the file that `out` names. CASES is a dictionary of a program's arguments, one or several, by its name."""
import json
import os
import pathlib
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
examples, script, cases, temp = (pathlib.Path(argument).resolve() for argument in sys.argv[1:])
KEY = "the-key-of-the-tests"


def served(log, command, **more):
    """What the command prints, and its requests, sorted."""
    server = ["xcs-faults", "--latency", "0", "--script", script, "--log", log, "--", *command]
    done = subprocess.run(server, capture_output=True, text=True, timeout=60, **more)
    if done.returncode != 0:
        sys.exit(f"{command} exited with {done.returncode}: {done.stderr}")
    requests = subprocess.run(["xcs-faults", "--requests", log], capture_output=True, text=True, check=True).stdout
    return json.loads(done.stdout), sorted(requests.splitlines())


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
