"""Starts the tools with less memory than they need: each says so, ends with 4, and leaves neither half a file nor a program behind.

usage: memory.py FOLDER"""
import json
import os
import resource
import subprocess
import sys
import time

folder = sys.argv[1]


def path(name):
    return os.path.join(folder, name)


def quiet(megabytes, command):
    def limit():
        resource.setrlimit(resource.RLIMIT_AS, (megabytes << 20, megabytes << 20))

    return subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, preexec_fn=limit, timeout=50)


def start(megabytes, command):
    ended = quiet(megabytes, command)
    print(os.path.basename(command[0]), ended.returncode, (ended.stdout + ended.stderr).strip())
    return ended


def write(name, text):
    with open(path(name), "w", encoding="utf-8") as file:
        file.write(text)
    return path(name)


many = "".join(f"  %v{i} = i64.add(%x, %x) : i64\n" for i in range(80_000))
big = write("big.xir", f"func @main(%x: i64) -> i64 {{\n{many}  return(%v0)\n}}\n")
# A little more than the compiler takes for nothing, whoever built it.
small = write("small.xir", "func @main() {\n  return\n}\n")
enough = next(m for m in range(20, 500, 10) if not quiet(m, ["xcsc", small, "--emit=none"]).returncode) + 5
start(enough, ["xcsc", big, "-o", path("big.xplan")])
ended = start(enough, ["xcsc", big, "--diagnostics=json", "--emit=xir", "-O0", "-o", path("out.xir")])
print("kind", json.loads(ended.stderr)["kind"])

plan = path("p.xplan")
subprocess.run(["xcsc", path("in.xir"), "-O0", "-o", plan], check=True)
# The limit on what a run holds would end it before the system does.
unlimited = "--limit=run-bytes=1000000000000"
bounded = ["xcs-run", plan, "--entry=@texts", "--arg", "n=60000000"]
too_much = ["xcs-run", plan, unlimited, "--entry=@texts", "--arg", "n=60000000"]
start(800, ["xcs-run", plan, "--entry=@texts", "--arg", "n=1000"])
start(800, bounded)
start(800, too_much)
start(800, too_much + ["--jobs=1", "-o", path("out.json")])
ended = start(800, too_much + ["--diagnostics=json", f"--trace={path('trace.json')}"])
print("kind", json.loads(ended.stderr)["kind"])
# A value from a file, before anything runs.
with open(path("huge"), "wb") as file:
    file.truncate(900 << 20)
start(800, ["xcs-run", plan, "--entry=@file", "--arg-file", "b=" + path("huge")])
os.remove(path("huge"))

# A program that was started before ends with the process.
started = path("started")
start(800, ["xcs-run", plan, unlimited, "--entry=@program", "--allow-all", "--arg", "started=" + started, "--arg", "n=60000000"])
with open(started, encoding="utf-8") as file:
    pid = int(file.read())
for _ in range(200):
    if not os.path.exists(f"/proc/{pid}"):
        break
    time.sleep(0.01)
print("program", "left behind" if os.path.exists(f"/proc/{pid}") else "gone")
print(sorted(os.listdir(folder)))
