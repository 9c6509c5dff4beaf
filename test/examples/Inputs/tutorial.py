"""tutorial.py PAGE FOLDER: writes the programs that the tutorial shows into FOLDER, runs its commands there in their order, and
compares what they print with what the page says. Runs under xcs-faults, which plays the page's endpoint on another port.
Times and digests may differ."""
import os
import re
import subprocess
import sys

page, folder = open(sys.argv[1], encoding="utf-8").read(), sys.argv[2]
port = os.environ["XCS_FAULTS_PORT"]


def usual(text):
    text = text.replace(f"127.0.0.1:{port}", "127.0.0.1:8080")
    text = re.sub(r"digest [0-9a-f]{16}", "digest D", text)
    return re.sub(r"\d+\.\d{6} s  wall", "T s  wall", text)


def write(name, text):
    with open(os.path.join(folder, name), "w", encoding="utf-8") as file:
        file.write(text.replace("127.0.0.1:8080", f"127.0.0.1:{port}"))


programs = re.findall(r"`(\w+\.xir)`:\n```xir\n(.*?)^```", page, re.MULTILINE | re.DOTALL)
for name, text in programs:
    write(name, text)
one = dict(programs)["one.xir"]
write("wrong.xir", one.replace("(%question) {", "(%qestion) {"))
write("down.xir", one.replace('"small"', '"down"'))
subprocess.run(["xcsc", "down.xir", "-o", "down.xplan"], cwd=folder, check=True)

# One shell runs them all: later commands use variables that earlier ones set.
steps = []
for language, block in re.findall(r"^```(\w*)\n(.*?)^```$", page, re.MULTILINE | re.DOTALL):
    if not language and "cat answers.json" not in block:
        steps += [step.partition("\n") for step in re.split(r"^\$ ", block, flags=re.MULTILINE) if step]
mark = "--- next step ---"
script = "".join(f"echo '{mark}'\n{command.replace('127.0.0.1:8080', f'127.0.0.1:{port}')} 2>&1\n" for command, _, _ in steps)
printed = subprocess.run(["bash", "-c", script], cwd=folder, capture_output=True, text=True).stdout
found = printed.split(mark + "\n")[1:]
if len(found) != len(steps):
    sys.exit(f"{len(steps)} commands, {len(found)} ran")
for (command, _, expected), output in zip(steps, found):
    if usual(output).strip() != usual(expected).strip():
        sys.exit(f"$ {command}\n{output}\nbut the page says\n{expected}")
print(len(steps), "commands print what the page says")
