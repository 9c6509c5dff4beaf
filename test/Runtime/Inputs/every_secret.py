"""every_secret.py DIR PORT: runs every function of DIR/out.xir with a secret, and searches what was printed for it."""
import base64
import json
import os
import re
import subprocess
import sys
import urllib.parse
from pathlib import Path

os.chdir(sys.argv[1])
host = "127.0.0.1:" + sys.argv[2]
SECRET = 'sk-p@ss<>"word"/key?'


def forms():
    raw = SECRET.encode()
    found = {raw, json.dumps(SECRET)[1:-1].encode(), raw.hex().encode(), raw.hex().upper().encode()}
    found |= {urllib.parse.quote(SECRET, safe="").encode(), urllib.parse.quote_plus(SECRET).encode()}
    for before in range(3):
        # Without the digits that depend on what stands around the secret.
        start, end = -(-8 * before // 6), (8 * (before + len(raw))) // 6
        for encode in (base64.standard_b64encode, base64.urlsafe_b64encode):
            found.add(encode(b"\0" * before + raw)[start:end])
    return found


assert subprocess.run(["xcsc", "out.xir", "-O0", "-o", "p.xplan"]).returncode == 0
environment = dict(os.environ, KEY=SECRET)
net = [f"--allow-net={host}"]
secret = net + [f"--allow-secret=KEY@{host}"]
run = ["--allow-run=sh", "--allow-secret=KEY@run:sh", "--allow-read=.", "--allow-env=KEY"]
outputs = {"plan": Path("p.xplan").read_bytes()}
for look in ("--explain", "--dump"):
    outputs[look] = subprocess.run(["xcs-run", "p.xplan", look], env=environment, capture_output=True).stdout
for entry in re.findall(r"^func @(\w+)", Path("out.xir").read_text(), re.MULTILINE):
    if entry.startswith("refused"):
        grants = net + ["--allow-run=sh"]
    else:
        grants = run if entry.startswith(("child", "file", "environment")) else secret
    for form in ("text", "json"):
        result, trace = Path(f"{entry}.{form}.result"), Path(f"{entry}.{form}.trace")
        command = ["xcs-run", "p.xplan", f"--entry={entry}", *grants, f"--diagnostics={form}", f"--trace={trace}"]
        command += ["-o", result, "--stats=json" if form == "json" else "--stats"]
        done = subprocess.run(command, env=environment, capture_output=True)
        outputs[f"{entry} {form} said"] = done.stdout + done.stderr
        for file in (result, trace):
            if file.exists():
                outputs[file.name] = file.read_bytes()
    kind = re.search(rb'"kind": ?"([a-z-]+)"', done.stderr)
    print(f"{entry}: exit {done.returncode}" + (f", {kind[1].decode()}" if kind else ""))

leaks = [f"{name} holds {form!r}" for name, text in outputs.items() for form in forms() if form in text]
if leaks:
    sys.exit("\n".join(leaks))
print(f"{sum(map(len, outputs.values()))} bytes in {len(outputs)} outputs hold none of {len(forms())} forms")
