"""programs.py PAGE: every program in a page (blocks marked `xir`) compiles as it stands there."""
import re
import subprocess
import sys

programs = re.findall(r"^```xir\n(.*?)^```", open(sys.argv[1], encoding="utf-8").read(), re.MULTILINE | re.DOTALL)
if not programs:
    sys.exit(f"{sys.argv[1]} shows no program")
for program in programs:
    result = subprocess.run(["xcsc", "-", "--emit=none", "-O2"], input=program, text=True, capture_output=True)
    if result.returncode != 0:
        sys.exit(f"{program}\n{result.stderr}")
