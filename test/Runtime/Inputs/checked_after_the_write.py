"""checked_after_the_write.py FOLDER URL http|programs: compiles one program and runs every cell of one part of the table; what each said goes
into results.json."""
import concurrent.futures
import json
import os
import subprocess
import sys

os.chdir(sys.argv[1])
URL = sys.argv[2]
PORT = URL.rsplit(":", 1)[1]
with open("no-interpreter", "w") as script:
    script.write("#!/nonexistent/interpreter\n")
os.chmod("no-interpreter", 0o755)

RESPONSE = ": record<status: i64, headers: list<record<name: str, value: str>>, body: str>"
EXITED = ": record<exit: i64, stdout: str, stderr: str>"
WRITES = {"never": 'method = "POST"', "keyed": 'method = "POST", idempotency_key = "k-1"', "idempotent": 'method = "PUT"'}
PROGRAMS = {"exec": "", "repeatable": ', repeat = "idempotent"', "harmless": ", writes = [], keep"}
lines = [f'http @site {{url = "{URL}", headers = {{"X-Key" = secret("KEY")}}}}', 'http @absent {url = "http://127.0.0.1:1", headers = {"X-Key" = "k"}}']


def entries(name, parameter, write, again, kind_of_operand):
    lines.extend([f"func @{name}_outside(%p: {kind_of_operand}, %again: {kind_of_operand}) -> str {{", *write, '  %done = const {value = "done"} : str', "  return(%done)", "}",
                  f"func @{name}_try(%p: {kind_of_operand}, %again: {kind_of_operand}) -> str {{", '  %done = const {value = "done"} : str', "  %t = try : result<str> {", *write, "    yield(%done)", "  }",
                  "  %ok = result.is_ok(%t) : bool", "  %said = if(%ok) : str {", "    yield(%done)", "  } {", *again,
                  "    %e = result.error(%t) : record<kind: str, message: str, op: str, attempt: i64>", '    %m = record.get(%e) {field = "message"} : str',
                  '    %k = record.get(%e) {field = "kind"} : str', '    %text = str.format(%m, %k) {template = "caught {0} [{1}]"} : str', "    yield(%text)", "  }", "  return(%said)", "}"])


for kind, attributes in WRITES.items():
    for site in ("site", "absent"):
        for form, more in (("", "timeout = 20s"), ("_stall", "timeout = 1500ms"), ("_retried", "timeout = 20s, retry = {max = 1, base = 1ms}")):
            name = kind + ("_absent" if site == "absent" else "") + form
            entries(name, "str", [f"  %r = http.request @{site}(%p, %p) {{{attributes}, {more}}} {RESPONSE}"],
                    [f'    %f = http.request @site(%again, %p) {{method = "POST"}} {RESPONSE}'], "str")
for kind, attributes in PROGRAMS.items():
    entries(kind, "list<str>", [f'  %r = exec.run(%p) {{env = {{KEY = secret("KEY")}}, timeout = 1500ms{attributes}}} {EXITED}'],
            [f"    %f = exec.run(%again) {EXITED}"], "list<str>")
with open("p.xir", "w") as out:
    out.write("\n".join(lines) + "\n")
subprocess.run(["xcsc", "p.xir", "-o", "p.xplan"], check=True)

LIMITS = {"large": "response-bytes=1000", "endless": "response-bytes=1000", "headers": "response-header-bytes=300", "chatty": "child-output-bytes=1000"}
cells, in_turn = [], []


def run(check, kind, where, entry, p, again):
    limit = ["--limit", LIMITS[check]] if check in LIMITS else []
    done = subprocess.run(["xcs-run", "p.xplan", f"--entry={entry}", "--arg", "p=" + p, "--arg", "again=" + again, f"--allow-net=127.0.0.1:{PORT}", "--allow-net=127.0.0.1:1",
                           f"--allow-secret=KEY@127.0.0.1:{PORT}", "--allow-secret=KEY@run:sh", "--allow-secret=KEY@run:./no-interpreter", "--allow-run=sh", "--allow-run=./no-interpreter", *limit], capture_output=True, text=True, timeout=30)
    return {"check": check, "kind": kind, "where": where, "exit": done.returncode, "out": done.stdout, "err": done.stderr}


def http(check, kinds=WRITES):
    for kind in kinds:
        for where in ("outside", "try"):
            name = kind + ("_absent" if check == "absent" else "") + ("_" + check if check in ("stall", "retried") else "")
            (in_turn if check == "retried" else cells).append((check, kind, where, f"{name}_{where}", f"{check}/{kind}/{where}", f"again/{check}/{kind}/{where}"))


def program(check, script):
    for kind in PROGRAMS:
        for where in ("outside", "try"):
            cell = f"{check}/{kind}/{where}"
            command = ["sh", "-c", f"echo {cell} >> ledger; {script}"] if script else ["./no-interpreter"]
            cells.append((check, kind, where, f"{kind}_{where}", json.dumps(command), json.dumps(["sh", "-c", f"echo again/{cell} >> ledger"])))


if sys.argv[3] == "http":
    for check in ("utf8", "refused", "secret", "header", "large", "endless", "bomb", "headers", "packed", "length", "cut", "stall", "early", "silent", "absent"):
        http(check)
    http("retried", ("keyed", "idempotent"))
else:
    program("stdout", r"printf 'a\377'; exit 3")
    program("stderr", r"printf 'a\377' >&2")
    program("echo", "echo $KEY")
    program("killed", r"printf 'a\377'; kill -9 $$")
    program("chatty", "while :; do echo 0123456789012345678901234567890123456789; done")
    program("slow", "sleep 20")
    program("missing", None)
with concurrent.futures.ThreadPoolExecutor(8) as pool:
    results = list(pool.map(lambda cell: run(*cell), cells)) + [run(*cell) for cell in in_turn]
with open("results.json", "w") as out:
    json.dump(results, out)
