"""Runs scripts in forked children of a process that has the clients loaded: one line of JSON on the standard input for each, one with its end back.

A child ends as a process of its own would: its `atexit` callbacks run and its streams are flushed.
"""

import json
import os
import sys


def serve():
    import anthropic  # noqa: F401
    import openai  # noqa: F401
    import openai.resources.chat.completions  # noqa: F401
    import openai.resources.responses  # noqa: F401
    import openai.types.chat  # noqa: F401

    if "XCS_TEST_PRELOAD" in os.environ:
        import greenlet  # noqa: F401
    for line in sys.stdin:
        job = json.loads(line)
        pid = os.fork()
        if pid == 0:
            return job
        status = os.waitpid(pid, 0)[1]
        print(os.waitstatus_to_exitcode(status), flush=True)
    return None


def child(job):
    os.chdir(job["cwd"])
    for name in [n for n in os.environ if n.startswith("XCS_")]:
        del os.environ[name]
    os.environ.update(job["env"])
    for fd, path, mode in ((0, job["stdin"], os.O_RDONLY), (1, job["out"], os.O_WRONLY), (2, job["err"], os.O_WRONLY)):
        new = os.open(path, mode)
        os.dup2(new, fd)
        os.close(new)
    script, *args = job["args"]
    if job["deferred"]:
        sys.argv = ["xcs", *job["options"], script, *args]
        import xcs.__main__

        return xcs.__main__.main()
    import runpy

    sys.argv = [script, *args]
    sys.path[0] = os.getcwd()
    try:
        runpy.run_path(os.path.abspath(script), run_name="__main__")
    except SystemExit:
        raise
    except Exception:
        sys.excepthook(*sys.exc_info())
        return 1
    return 0


if __name__ == "__main__":
    job = serve()
    if job is not None:
        sys.exit(child(job))
