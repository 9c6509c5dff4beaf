"""ask.py XCS_RUN PLAN: answers the questions of a run at a terminal of its own, and shows what it sees there."""
import json
import os
import pty
import re
import select
import signal
import subprocess
import sys
import tempfile
import time

PROMPTS = "Is this \x1b[2J a text?\nand on a second line: > no one can see \u202e this"


class Terminal:
    """A command with a controlling terminal."""

    def __init__(self, command, inside=None):
        self.seen, self.at = "", 0
        self.process, self.parent = pty.fork()
        if self.process == 0:
            signal.signal(signal.SIGINT, signal.SIG_DFL)  # who runs the tests may ignore it
            if inside:  # not the leader of the session: its group is another one
                os._exit(inside(command))
            os.execv(command[0], command)

    def read(self, seconds):
        """Reads for so long, or until there is something; false at the end."""
        if select.select([self.parent], [], [], seconds)[0]:
            try:
                self.seen += os.read(self.parent, 65536).decode().replace("\r\n", "\n")
            except OSError:  # its last user has closed it
                return False
        return True

    def expect(self, text):
        """What is printed until that comes, and it."""
        end = time.monotonic() + 30
        while text not in self.seen[self.at :]:
            assert time.monotonic() < end and self.read(1), (text, self.seen[self.at :])
        begin, self.at = self.at, self.seen.index(text, self.at) + len(text)
        return self.seen[begin : self.at]

    def type(self, text):
        os.write(self.parent, text.encode())

    def end(self):
        """The rest of the output, and the exit code."""
        while self.read(30):
            pass
        os.close(self.parent)
        return self.seen[self.at :], os.waitstatus_to_exitcode(os.waitpid(self.process, 0)[1])


def shown(text):
    return re.sub(r"\r\x1b\[K", "", text).strip("\n")


def conversation(run):
    terminal = Terminal([*run, "--arg", "prompts=" + json.dumps([PROMPTS, "two"]), "--arg", "time=300ms"])
    print("asked:", shown(terminal.expect("yes or no> ")).removesuffix("\nyes or no> "))
    terminal.type("perhaps\n")
    terminal.expect("this is no answer")
    again = terminal.expect("yes or no> ")
    print("a wrong answer: this is no answer" + shown(again).split("\n")[0])
    print("asked again:", shown(again).split("\n")[-1])
    while "beside it\n" not in terminal.seen:  # the log line of another branch, while the question is open
        terminal.read(1)
    terminal.type("yes\nno\n")  # the second line comes before its question
    print("then:", shown(terminal.expect("first[1]: two\n")).split("\n")[-1])
    terminal.expect("yes or no> ")
    time.sleep(0.3)
    terminal.read(0.1)
    early = "JSON>" in terminal.seen
    print("what was typed before is", "taken for an answer" if early else "no answer to it")
    terminal.type("N\n")
    terminal.expect("JSON> ")
    terminal.type('{"a":\n')
    print("bad JSON: " + shown(terminal.expect("JSON> ")).split("\n")[-2])
    terminal.type('{"a": 1}\n')
    terminal.expect('timed: {"a":1}\n')
    print("with time:", shown(terminal.expect(")\n")))
    print("when it has passed:", shown(terminal.expect("any more\n")).split("\n")[-1].removeprefix("a text> "))
    rest, code = terminal.end()
    print("the log goes on beside it" if terminal.seen.count("beside it\n") == 1 else terminal.seen)
    print(f"result: {shown(rest)}, {code}")
    print("no status line is in the way" if " in flight" not in terminal.seen else terminal.seen)


def at_end(run):
    terminal = Terminal(run)
    terminal.expect("yes or no> ")
    terminal.type("\x04")
    rest, code = terminal.end()
    return f"{code}, {re.search(r'[0-9]+ questions wait', rest)[0]}"


def given(run, answers):
    terminal = Terminal([*run, *answers])
    terminal.expect("first[1]: two\n")
    only = "first[0]" not in terminal.seen
    terminal.type("\x03")
    terminal.end()
    return "first[1] is the only one asked" if only else terminal.seen


def unasked(command, inside=None):
    text, code = Terminal(command, inside).end()
    return f"{code}, no one is asked" if "yes or no> " not in text else text


def main():
    plan = sys.argv[1:3]
    conversation(plan)
    run = [*plan, "--arg", 'prompts=["one","two","three"]', "--arg", "time=1ms"]
    print("Ctrl-D:", at_end(run))
    waiting = subprocess.run(run, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False).stderr
    answers = [f"--answer={re.search(f'({re.escape(name)}#[0-9a-f]+)=', waiting)[1]}=yes" for name in ("first[0]", "first[2]")]
    print("given:", given(run, answers))
    with tempfile.NamedTemporaryFile("w", suffix=".json") as arguments:
        arguments.write('{"prompts": ["one"], "time": "1ms"}')
        arguments.flush()
        command = [*plan, "--args", "-"]
        piped = f"exec {' '.join(command)}"  # the terminal is standard error alone, and the input an argument
        print("--args -:", unasked(["/bin/sh", "-c", f"{piped} < {arguments.name}"]))
    print("background:", unasked(run, lambda command: subprocess.run(command, preexec_fn=os.setpgrp, check=False).returncode))
    terminal = Terminal(run)
    terminal.expect("yes or no> ")
    terminal.type("\x03")
    print("Ctrl-C:", terminal.end()[1])


if __name__ == "__main__":
    signal.alarm(120)
    main()
