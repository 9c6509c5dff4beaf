"""A process with the clients loaded that forks once per run: `import openai` costs about a second, a fork a few milliseconds.

Reads one JSON object a line (`Run` as a dict) and answers with one: {"status": exit code or minus the signal, "late": bool, "milliseconds": from the fork to the end}.
A run is a script carried out plainly, or by a front end: a module that runs the script named by its first argument, as
`python -m xcs script.py` does.
"""
import atexit
import builtins
import dataclasses
import json
import os
import resource
import select
import signal
import subprocess
import sys
import threading
import time
import traceback
import types

# What the programs import; loaded once.
LOADED = (
    "ast collections contextlib copy csv dataclasses functools hashlib io itertools json logging operator os pathlib pickle pprint random re "
    "sqlite3 string textwrap threading time concurrent.futures openai anthropic"
).split()


@dataclasses.dataclass
class Run:
    script: str
    folder: str  # current directory; the output goes to files beside it
    out: str
    err: str
    environment: dict
    front: str = ""  # the module that carries the script out; empty: plain Python
    both: bool = False  # standard output and error into `out`, unbuffered, so that their order shows
    seconds: float = 90.0  # by the clock
    processor: int = 20  # seconds of processor time: what a program without an end takes, however busy the machine is


class Forkserver:
    """Thread safety: one thread at a time uses an instance; several instances are several processes."""

    def __init__(self, path, preload=(), base_url=""):
        environment = {**os.environ, "PYTHONPATH": os.pathsep.join(map(str, path)), "PYTHONHASHSEED": "0", "PYTHONDONTWRITEBYTECODE": "1"}
        for name in ("OPENAI_ORG_ID", "OPENAI_PROJECT_ID", "OPENAI_BASE_URL", "HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy", "SSL_CERT_FILE"):
            environment.pop(name, None)
        environment.update(OPENAI_API_KEY="sk-fuzz", ANTHROPIC_API_KEY="sk-fuzz", NO_PROXY="127.0.0.1", OPENAI_BASE_URL=base_url)
        # No certificates: each client would read all of the system, for a quarter of the time of a program. The endpoint has none.
        environment.update(SSL_CERT_DIR=os.path.join(os.path.dirname(os.path.abspath(__file__)), "cases"))
        command = [sys.executable, "-P", "-m", "differential.forkserver", *preload]  # -P: nothing of the current directory
        self.process = subprocess.Popen(command, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def run(self, run):
        self.process.stdin.write(json.dumps(dataclasses.asdict(run)) + "\n")
        self.process.stdin.flush()
        answer = self.process.stdout.readline()
        if not answer:
            raise RuntimeError(f"the fork server ended: {self.process.wait()}")
        return json.loads(answer)

    def close(self):
        self.process.stdin.close()
        self.process.wait()
        self.process.stdout.close()


def warm(preload):
    """Loads what every run needs; nothing of it may start a thread."""
    for name in (*LOADED, *preload):
        __import__(name)
    if os.environ["OPENAI_BASE_URL"]:
        from openai import OpenAI

        # The oldest client does not read OPENAI_BASE_URL by itself.
        client = OpenAI(max_retries=0, base_url=os.environ["OPENAI_BASE_URL"])
        client.chat.completions.create(model="warm", messages=[{"role": "user", "content": "warm"}])
        client.close()
    assert threading.active_count() == 1, threading.enumerate()


def serve(preload):
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    warm(preload)
    for line in sys.stdin:
        run = Run(**json.loads(line))
        begun = time.monotonic()
        child = os.fork()
        if child == 0:
            answers.close()
            carry_out(run)
        result = waited(child, run.seconds)
        json.dump({**result, "milliseconds": (time.monotonic() - begun) * 1000}, answers)
        answers.write("\n")
        answers.flush()


def waited(child, seconds):
    descriptor = os.pidfd_open(child)
    ready, _, _ = select.select([descriptor], [], [], seconds)
    os.close(descriptor)
    if not ready:
        os.kill(child, signal.SIGKILL)
    _, status = os.waitpid(child, 0)
    code = os.waitstatus_to_exitcode(status)
    return {"status": code, "late": not ready or code == -signal.SIGXCPU}


def carry_out(run):
    """In the child: what `python script.py` would do from here to its end. Never returns."""
    status = 1
    try:
        status = finished(run)
    except BaseException:
        traceback.print_exc()
    finally:
        os._exit(status)


def redirect(run):
    os.chdir(run.folder)
    resource.setrlimit(resource.RLIMIT_CPU, (run.processor, run.processor + 2))
    os.environ.update(run.environment)
    files = [os.open(os.devnull, os.O_RDONLY)] + [os.open(name, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600) for name in (run.out, run.err)]
    for number, descriptor in enumerate(files):
        os.dup2(descriptor, number)
        os.close(descriptor)
    if run.both:
        os.dup2(1, 2)
    sys.stdin = open(0, closefd=False)
    sys.stdout = open(1, "w", encoding="utf-8", buffering=1 if run.both else -1, closefd=False)
    sys.stderr = open(2, "w", encoding="utf-8", buffering=1, errors="backslashreplace", closefd=False)
    sys.__stdout__, sys.__stderr__ = sys.stdout, sys.stderr
    if run.both:
        sys.stdout.reconfigure(write_through=True)


def finished(run):
    redirect(run)
    sys.path.insert(0, os.path.dirname(run.script))
    try:
        if run.front:
            front(run)
        else:
            plain(run)
        status = 0
    except SystemExit as exit:
        status = exit_status(exit.code)
    except BaseException as error:
        sys.excepthook(type(error), error, error.__traceback__)
        status = 1
    # What Python does at its end, in its order.
    threading._shutdown()
    atexit._run_exitfuncs()
    for stream in (sys.stdout, sys.stderr):
        stream.flush()
    return status


def plain(run):
    sys.argv = [run.script]
    module = types.ModuleType("__main__")
    module.__dict__.update(__file__=run.script, __builtins__=builtins)
    sys.modules["__main__"] = module
    with open(run.script, encoding="utf-8") as file:
        exec(compile(file.read(), run.script, "exec"), module.__dict__)


def front(run):
    import runpy

    # Converted code is kept in the runner's own XDG_CACHE_HOME. Plain Python writes no bytecode: it would lie among the program's files.
    sys.dont_write_bytecode = False
    sys.argv = ["", run.script]
    runpy.run_module(run.front, run_name="__main__", alter_sys=True)


def exit_status(code):
    if code is None:
        return 0
    if isinstance(code, int):
        return code & 0xFF
    print(code, file=sys.stderr)
    return 1


if __name__ == "__main__":
    serve(sys.argv[1:])
