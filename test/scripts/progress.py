"""progress.py XCS_RUN PLAN: what a run of three waits, one at a time, shows of its progress."""
import os
import pty
import re
import select
import signal
import struct
import subprocess
import sys
import termios
import time
from fcntl import ioctl

ERASE = "\r\x1b[K"


def on_terminal(command, columns):
    """All that the command writes to a terminal of that width."""
    parent, child = pty.openpty()
    ioctl(child, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
    with subprocess.Popen(command, stdin=child, stdout=child, stderr=child) as process:
        os.close(child)
        text, end = b"", time.monotonic() + 30
        while time.monotonic() < end:
            if select.select([parent], [], [], 0.1)[0]:
                try:
                    text += os.read(parent, 65536)
                except OSError:  # its last user has closed it
                    break
            elif process.poll() is not None:
                break
        assert process.wait(10) == 0, text
    os.close(parent)
    return text.decode().replace("\r\n", "\n")


def asked(command, signals, after=0.3):
    """What the command writes to a pipe, with some SIGUSR1."""
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr.readline() == "begun\n"
        for _ in range(signals):
            time.sleep(after)
            process.send_signal(signal.SIGUSR1)
        out, err = process.communicate(timeout=30)
    assert process.returncode == 0 and out == '"done"\n', (out, err)
    return err.splitlines()


def looks(command):
    """How often the process waits with a timeout of its guard."""
    # The sanitizer that looks for leaks does not work in a process that is traced.
    env = os.environ | {"ASAN_OPTIONS": os.environ.get("ASAN_OPTIONS", "") + ":detect_leaks=0"}
    traced = ["strace", "-f", "-e", "trace=rt_sigtimedwait", *command]
    trace = subprocess.run(traced, capture_output=True, text=True, timeout=60, check=True, env=env)
    return len(re.findall(r"rt_sigtimedwait\([^\n]*tv_sec", trace.stderr))


def main():
    run = [sys.argv[1], sys.argv[2], "--arg", "time=400ms"]
    text = on_terminal(run, 100)
    found = re.search(r"\[\d+\.\d s\] \d+ done, (1 in flight, 2 wait for @one \()", text)
    print(f"terminal: shows `{found[1]}`" if found else f"terminal: no status in {text!r}")
    result = text.index('"done"')
    kept = text[:result].endswith(ERASE) and "[" not in text[result:]
    print(f"terminal: {'the line is erased before the log line and before the result' if kept else repr(text)}")
    widest = max(len(line) for line in re.split(r"\r\x1b\[K|\n", on_terminal(run, 41)))
    print(f"terminal: {widest if widest > 40 else 40} columns at most")

    lines = asked(run, 1)
    print("pipe:", lines[0].removeprefix("xcs-run: "))
    print("pipe:", lines[1:] or "nothing else")
    quiet = [len(asked([*run, "--progress=none"], n)) for n in (0, 1)]
    print("none: no line without a signal, one with it" if quiet == [0, 1] else f"none: {quiet}")
    print("idle:", "no look at the run is made" if looks([*run, "--progress=none"]) == 0 else "looks")


if __name__ == "__main__":
    main()
