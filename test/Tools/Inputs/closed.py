"""Starts a tool with each choice of the standard descriptors closed: whatever was closed, the work is done and no file gets what was meant
for a reader.

usage: closed.py FOLDER"""
import itertools
import os
import subprocess
import sys

folder = sys.argv[1]


def path(name):
    return os.path.join(folder, name)


def read(name):
    with open(path(name), encoding="utf-8") as file:
        return file.read()


def start(closed, command):
    """Runs a command without some of its standard descriptors; its status and what came out of those that are left."""

    def close():
        for descriptor in closed:
            os.close(descriptor)

    ended = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, preexec_fn=close, timeout=50, cwd=folder)
    return ended.returncode, ended.stdout.decode(), ended.stderr.decode()


def check(closed, what, found, wanted):
    if found != wanted:
        print(f"without {closed}: {what}: {found!r}, not {wanted!r}")


subprocess.run(["xcsc", path("in.xir"), "-o", path("p.xplan")], check=True)
plan = open(path("p.xplan"), "rb").read()
run = ["xcs-run", path("p.xplan"), "--allow-run=sh", "--allow-write=" + folder]
result = '{"exit":0,"stdout":"input out","stderr":"err"}'
count = 0
for closed in [c for n in (1, 2, 3) for c in itertools.combinations(range(3), n)]:
    count += 1
    for name in ("out.json", "out.xplan", "written"):
        if os.path.exists(path(name)):
            os.remove(path(name))
    status, out, err = start(closed, ["xcsc", path("in.xir"), "-o", path("out.xplan")])
    check(closed, "xcsc", (status, out, err), (0, "", ""))
    check(closed, "the plan", open(path("out.xplan"), "rb").read(), plan)
    # A text on standard output: there, or nowhere.
    status, out, err = start(closed, ["xcsc", path("small.xir"), "--emit=xir"])
    check(closed, "xcsc --emit", (status, out, err), (0, "" if 1 in closed else read("small.xir"), ""))
    # A message.
    status, out, err = start(closed, ["xcsc", path("wrong.xir"), "--emit=none"])
    check(closed, "xcsc, wrong", (status, out, "[unknown-op]" in err), (1, "", 2 not in closed))

    status, out, err = start(closed, run + ["-o", path("out.json")])
    check(closed, "xcs-run", (status, out, err), (0, "", "" if 2 in closed else "logged\n"))
    check(closed, "the result", read("out.json"), result + "\n")
    check(closed, "the file", read("written"), "text")
    status, out, err = start(closed, run)
    check(closed, "xcs-run to standard output", (status, out), (0, "" if 1 in closed else result + "\n"))
    check(closed, "its messages", err, "" if 2 in closed else "logged\n")
    # Standard input that is closed is an empty one.
    status, out, err = start(closed, run + ["--args", "-"])
    check(closed, "xcs-run --args -", (status, "[json-syntax]" in err), (2, 2 not in closed))
print(f"{count} ways of {2 ** 3 - 1}")
