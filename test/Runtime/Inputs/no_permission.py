"""no_permission.py DIR URL: runs every operation of the table that needs a permission, without one."""
import json
import re
import subprocess
import sys
from pathlib import Path

directory, url = Path(sys.argv[1]), sys.argv[2]
RECORD = "record<status: i64, headers: list<record<name: str, value: str>>, body: str>"
RUN = "record<exit: i64, stdout: str, stderr: str>"
# An operation's program: `%p` is a path, `%m` one where nothing is, `%d` their directory, `%u` a url, `%n` a name, `%l` texts, `%c` a command that leaves a file.
CASES = {
    "http.request": f'%r = http.request(%u) {{method = "POST"}} : {RECORD}',
    "model.chat": "%r = model.chat @gpt(%p) : str",
    "model.embed": "%r = model.embed @gpt(%l) : list<list<f64>>",
    "file.read": "%r = file.read(%p) : bytes",
    "file.read_text": "%r = file.read_text(%p) : str",
    "file.write": "%r = file.write(%p, %p) : none",
    "file.append": "%r = file.append(%p, %p) : none",
    "file.exists": "%r = file.exists(%p) : bool",
    "file.list": "%r = file.list(%d) : list<str>",
    "file.remove": "%r = file.remove(%p) : none",
    "file.stat": "%r = file.stat(%p) : option<record<size: i64, modified: duration, kind: str>>",
    "file.glob": '%r = file.glob(%d, "*") : list<str>',
    "file.make_dir": "%r = file.make_dir(%m) : none",
    "file.rename": "%r = file.rename(%p, %m) : none",
    "file.copy": "%r = file.copy(%p, %m) : none",
    "exec.run": f"%r = exec.run(%c) : {RUN}",
    "env.get": "%r = env.get(%n) : option<str>",
}
VALUES = f"""\
  %p = const {{value = "{directory}/witness"}} : str
  %m = const {{value = "{directory}/made"}} : str
  %d = const {{value = "{directory}"}} : str
  %u = const {{value = "{url}/"}} : str
  %n = const {{value = "HOME"}} : str
  %l = const {{value = ["text"]}} : list<str>
  %c = const {{value = ["touch", "{directory}/ran"]}} : list<str>
"""
PROGRAM = """model @gpt {{url = "{url}/v1", model = "small"}}
func private @refused() {{
{values}  {line}
}}
func @main() {{
  call @refused : ()
}}
func @caught() -> result<none> {{
{values}  %t = try {{refused}} : result<none> {{
    {line}
    %none = const {{value}} : none
    yield(%none)
  }}
  return(%t)
}}
func @called() -> result<none> {{
  %t = try {{refused}} : result<none> {{
    call @refused : ()
    %none = const {{value}} : none
    yield(%none)
  }}
  return(%t)
}}
"""


def needed():
    """The operations with a capability, and its flag, from the table as the compiler prints it."""
    page = subprocess.run(["xcsc", "--print-op-docs"], check=True, capture_output=True, text=True).stdout
    return re.findall(r"^\| `([^`]+)` .*; needs `(--allow-[a-z]+)`", page, re.MULTILINE)


def refused(name, flag, level):
    program = directory / "in.xir"
    # What it gives is not used: `keep` holds reads and samples in the program.
    line = CASES[name].replace(" : ", " {keep} : ", 1) if "{" not in CASES[name].split(" : ")[0] else CASES[name]
    program.write_text(PROGRAM.format(url=url, values=VALUES, line=line))
    plan = directory / "out.xplan"
    subprocess.run(["xcsc", program, level, "-o", plan], check=True)
    good = True
    for entry in ("main", "called"):  # what a `try {refused}` calls is not written in it
        run = subprocess.run(["xcs-run", plan, "--entry=" + entry], capture_output=True, text=True)
        if run.returncode != 3 or flag + "=" not in run.stderr or name not in run.stderr or run.stdout:
            print(f"{name} {level} {entry}: exit {run.returncode}, wanted 3 and `{flag}=`: {run.stderr}")
            good = False
    run = subprocess.run(["xcs-run", plan, "--entry=caught", "--stats=json"], capture_output=True, text=True)
    value = {"error": {"kind": "refused", "message": f"this run may not do what `{name}` asks for", "op": name, "attempt": 1}}
    if run.returncode != 0 or json.loads(run.stdout) != value or json.loads(run.stderr)["refused"] != 1:
        print(f"{name} {level}, caught: exit {run.returncode}: {run.stdout} {run.stderr}")
        good = False
    return good


witness = directory / "witness"
witness.write_text("seen by nobody")
before = witness.stat()
count, good = 0, True
for name, flag in needed():
    if name not in CASES:
        print(f"{name} needs {flag} and has no case here")
        good = False
        continue
    good = all([refused(name, flag, level) for level in ("-O0", "-O2")]) and good
    count += 1
names = sorted(p.name for p in directory.iterdir() if p.name not in ("log", "in.xir", "out.xplan"))
after = witness.stat()
if names != ["witness"] or (after.st_mtime_ns, after.st_size) != (before.st_mtime_ns, before.st_size):
    print("a witness was touched:", names)
    good = False
if not good or count != len(CASES):
    sys.exit(f"only {count} of {len(CASES)} cases refused")
print(f"{count} operations refused")
