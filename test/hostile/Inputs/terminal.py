"""Runs the tools with a terminal as their standard error, and shows what reached it."""
import os
import pty
import subprocess
import sys

from hostile import write

folder = sys.argv[1]
program = """
func @log() -> none {
  %a = const {value = "log: \\u001b[31m red \\u0007 \\u009b2J done"} : str
  %l = log.print(%a) : none
  return(%l)
}
func @message() {
  %a = const {value = "message: \\u001b]0;title\\u0007"} : str
  fail(%a)
  return
}
"""


def on_terminal(command):
    """What the command writes to a terminal."""
    master, slave = pty.openpty()
    process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=slave)
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
    return written


plan = folder + "/p.xplan"
subprocess.run(["xcsc", write(folder, "in.xir", program), "-o", plan], check=True)
odd = write(folder, "file: a\x1b[2J.xplan", "no plan")
shown = b""
for command in (["xcs-run", plan, "--entry=@log"], ["xcs-run", odd], ["xcs-run", plan, "--entry=@message"]):
    shown += on_terminal(command)
text = shown.decode("utf-8")
print(text.replace("\r\n", "\n"))
bad = sorted({c for c in text if (c < " " and c not in "\r\n") or "\x7f" <= c < "\xa0"})
print(f"control characters: {bad}" if bad else "as it should be")
