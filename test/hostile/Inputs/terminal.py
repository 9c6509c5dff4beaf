"""Starts the tools on a terminal with whatever a program, a plan, a file name or a flag can hold, and looks at all that reaches it; then
through a pipe, where products go byte for byte.

usage: terminal.py FOLDER"""
import json
import os
import pty
import re
import subprocess
import sys
import unicodedata

from hostile import write

folder = sys.argv[1]
# Moves the cursor, hides a line, turns the writing round, hides letters, and forges a line of what is printed around it.
hostile = "a\x1b[2K\rb\x9bc\u202ed\x07e\u200b\x7f\nwants: nothing\n\U000e0041z\u0085\x00"
literal = json.dumps(hostile)
# What may not reach a terminal; Python's categories are another list than the one that is tested.
joiners = "\u200c\u200d"
os.chdir(folder)


def is_bad(c):
    return c not in "\n\t" + joiners and unicodedata.category(c) in ("Cc", "Cf", "Zl", "Zp")


def on_terminal(command):
    """What a command writes to a terminal that is its standard output and error."""
    master, slave = pty.openpty()
    process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=slave, stderr=slave)
    os.close(slave)
    written = b""
    while True:
        try:
            piece = os.read(master, 65536)
        except OSError:  # EIO: the last one that had it open has ended
            break
        if not piece:
            break
        written += piece
    os.close(master)
    process.wait(30)
    return written.replace(b"\r\n", b"\n")  # the terminal's own


def check(what, command, wanted="x1b|u001b", has_lines=False):
    """Nothing that a terminal obeys; the text itself, in its escaped form, where it is to be seen. `has_lines`: its line ends are meant."""
    text = on_terminal(command).decode("utf-8")
    bad = sorted({hex(ord(c)) for c in text if is_bad(c)})
    problems = [f"reached the terminal: {bad}"] if bad else []
    if not has_lines and re.search("^wants: nothing$", text, re.MULTILINE):
        problems.append("a line was forged")
    if not re.search(wanted, text):
        problems.append(f"no {wanted} in {text!r}")
    print(f"{what}: {'; '.join(problems) or 'shown'}")


everything = f"""
http @api {{url = "http://127.0.0.1:1/", headers = {{"x-b" = secret({literal}, prefix = "b ")}}}}
http @other {{url = env({literal})}}
func @main(%q: str) -> str, list<str>, json {{
  %text = const {{value = {literal}}} : str
  %command = const {{value = [{literal}, {literal}]}} : list<str>
  %list = list.pack(%text, %q) : list<str>
  %json = const {{value = {{{literal} = {literal}}}}} : json
  return(%text, %list, %json)
}}
func @logs(%q: str) {{
  %text = const {{value = {literal}}} : str
  %log = log.print(%text) : none
  return
}}
func @touch(%never: bool) {{
  if(%never) : () {{
    %text = const {{value = {literal}}} : str
    %command = const {{value = [{literal}, {literal}]}} : list<str>
    %a = exec.run(%command) {{env = {{K = secret({literal})}}, cwd = {literal}, reads = [{literal}]}} : record<exit: i64, stdout: str, stderr: str>
    %b = file.read(%text) : bytes
    %c = file.write(%text, %text) : none
    %d = env.get(%text) : option<str>
    %e = http.request(%text) : record<status: i64, headers: list<record<name: str, value: str>>, body: str>
    %f = http.request @api(%text) : record<status: i64, headers: list<record<name: str, value: str>>, body: str>
    %g = http.request @other(%text) : record<status: i64, headers: list<record<name: str, value: str>>, body: str>
  }} {{
  }}
  return
}}
func @fails(%q: str) {{
  %text = const {{value = {literal}}} : str
  fail(%text)
  return
}}
func @refused(%q: str) {{
  %text = const {{value = {literal}}} : str
  %c = file.write(%q, %text) : none
  return
}}
"""
source = write(folder, "in.xir", everything)
plan = os.path.join(folder, "p.xplan")
subprocess.run(["xcsc", source, "-o", plan], check=True)
run = ["xcs-run", plan, "--arg", "q=" + hostile.replace("\0", "")]

check("--explain", ["xcs-run", plan, "--explain"])
check("--dump", ["xcs-run", plan, "--dump"])
check("a result", run)
check("log.print", run + ["--entry=@logs"], has_lines=True)
check("a failure", run + ["--entry=@fails"])
check("a failure as JSON", run + ["--entry=@fails", "--diagnostics=json"])
check("a permission", run + ["--entry=@refused"])
check("statistics", run + ["--entry=@main", "--stats"])
check("statistics as JSON", run + ["--stats=json"])
check("a trace", run + ["--trace=-"])
check("an argument", ["xcs-run", plan, "--arg", hostile.replace("\0", "") + "=1"])
check("an option", ["xcs-run", plan, "--no-such-" + hostile.replace("\0", "")], has_lines=True)
check("a grant", run + ["--allow-run=" + hostile.replace("\0", "")])
for form in ("xir", "json", "dot", "mermaid"):
    check(f"--emit={form}", ["xcsc", source, f"--emit={form}"], "x1b|u001b" if form == "xir" else "func|digraph|flowchart|{")
check("--emit=report", ["xcsc", source, "--emit=report"], "operations")
check("--print-after", ["xcsc", source, "--emit=none", "-O2", "--print-after-all"])
check("--print-diff", ["xcsc", source, "--emit=none", "-O2", "--print-diff"])
check("printing passes", ["xcsc", source, "--emit=none", "--passes=print-effects,print-deps"])
check("remarks", ["xcsc", source, "--emit=none", "-O2", "--remarks=all"], ".")
check("an option of xcsc", ["xcsc", source, "--no-such-" + hostile.replace("\0", "")], has_lines=True)

# Names of files.
odd = hostile.replace("\0", "").replace("/", "")
os.makedirs(odd, exist_ok=True)
named = write(odd, odd + ".xir", everything.replace("fail(%text)", "fail(%q)"))
check("a source line", ["xcsc", write(odd, "wrong.xir", f"func @main() {{\n  no.such.op // {odd.split(chr(10))[0]}\n  return\n}}\n"), "--emit=none"])
subprocess.run(["xcsc", named, "-o", odd + "/p.xplan"], check=True)
check("a file in --explain", ["xcs-run", odd + "/p.xplan", "--explain"])
check("a file in --dump", ["xcs-run", odd + "/p.xplan", "--dump"])
check("a file in a failure", ["xcs-run", odd + "/p.xplan", "--entry=@fails", "--arg=q=x"])
check("a file that is no plan", ["xcs-run", named])
check("a file that is not there", ["xcsc", odd + "/none", "--emit=none"])

# Through a pipe: byte for byte.
piped = subprocess.run(run, stdin=subprocess.DEVNULL, capture_output=True).stdout.decode("utf-8")
print("a pipe:", "\x9bc\u202ed\\u0007e\u200b\x7f\\n" in piped and json.loads(piped)[0] == hostile)
# On a terminal it is the same value.
shown = on_terminal(run + ["--stats=json"]).decode("utf-8").split("\n")
print("the value:", any(line.startswith("[") and json.loads(line)[0] == hostile for line in shown))
again = write(folder, "again.xir", on_terminal(["xcsc", source, "--emit=xir", "-Wno-all"]).decode("utf-8"))
same = [subprocess.run(["xcsc", name, "--emit=xir"], stdin=subprocess.DEVNULL, capture_output=True, check=True).stdout for name in (source, again)]
print("the program:", same[0] == same[1])
