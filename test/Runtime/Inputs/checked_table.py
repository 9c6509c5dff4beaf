"""checked_table.py FOLDER: prints the table: what each cell said, what it said of the write, and how often it and its fallback were carried out."""
import json
import os
import re
import sys

folder = sys.argv[1]
count = {}
with open(folder + "/log") as log:
    paths = [json.loads(line).get("path", "") for line in log]
if os.path.exists(folder + "/ledger"):
    with open(folder + "/ledger") as ledger:
        paths += ["/" + line.strip() for line in ledger]
for path in paths:
    count[path] = count.get(path, 0) + 1
with open(folder + "/results.json") as given:
    for r in json.load(given):
        cell = "/%s/%s/%s" % (r["check"], r["kind"], r["where"])
        said = r["err"] + r["out"]
        caught = "caught" in r["out"]
        named = re.search(r"\[([a-z0-9-]+)\]", said)
        status = re.search(r"was answered with status (\d+)", said)
        code = re.search(r"exited with (\d+)", said)
        if status:
            known = "status " + status[1]
        elif code:
            known = "exit code " + code[1]
        else:
            known = "may have" if re.search(r"may have taken|may or may not have", said) else "nothing"
        end = "caught" if caught else "exit %d" % r["exit"]
        print("%-8s %-10s %-7s: %s %s, %s, %d sent, %d again" % (r["check"], r["kind"], r["where"], end, named[1] if named else "no error: " + said, known, count.get(cell, 0), count.get("/again" + cell, 0)))
