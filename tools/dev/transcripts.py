"""transcripts.py [--write] PAGE...: runs the commands that a page of documentation shows, and compares what they print with what the
page says, or with --write puts that into the page.

A page shows commands in blocks marked `console`: `$ COMMAND`, its further lines behind `> `, its output below, in the order in which they are to be run, in one shell. A block
behind "`NAME`:" is a file of that name; every file of the page's own folder is there as well. `$ xcs-faults --port 8080 ... &` is the
endpoint: it is started on a free port, which stands for 8080 everywhere. Behind a heading that links a program its comment is repeated.
Times, the bars of timelines, the digests of plans and those in the names of draws (which cover the endpoint's port) differ from run to run; where
nothing else does, the page stays as it is."""
import pathlib
import re
import shlex
import subprocess
import sys
import tempfile
import time

BLOCK = re.compile(r"^```console\n(.*?)^```$", re.MULTILINE | re.DOTALL)
FILE = re.compile(r"`([\w.]+)`:\n+```\w*\n(.*?)^```$", re.MULTILINE | re.DOTALL)
PROGRAM = re.compile(r"(^## \[(\w+)\]\(\w+\.xir\)\n\n)(.*?)(?=\n\n)", re.MULTILINE | re.DOTALL)
SERVER = re.compile(r"^xcs-faults --port 8080 (.*) &$")
MARK = "--- the next command ---"
SHOWN_PORT = "127.0.0.1:8080"


def usual(text):
    """What is left to compare."""
    text = re.sub(r"digest [0-9a-f]{16}", "digest D", text)
    text = re.sub(r"#[0-9a-f]{16}:", "#D:", text)
    text = re.sub(r" *\b\d+(\.\d+)? ms\b", " T ms", re.sub(r"\|[ #]+\|", "|bar|", text))
    return re.sub(r"\d+\.\d{6} s", "T s", text).strip()


def steps_of(block):
    """(command, output) in order; a command goes on in lines that begin with `> `, as in a shell."""
    found = []
    for line in block.splitlines(keepends=True):
        if line.startswith("$ "):
            found.append([line[2:], ""])
        elif found and not found[-1][1] and line.startswith("> "):
            found[-1][0] += line
        elif found:
            found[-1][1] += line
        else:
            sys.exit(f"output without a command: {line}")
    return found


def start_server(steps, folder):
    """The endpoint that the page starts, and its port; the caller ends it by closing its standard input."""
    commands = [match for command, _ in steps if (match := SERVER.match(command.strip()))]
    if not commands:
        return None, None
    arguments, ready = shlex.split(commands[0].group(1)), folder / ".ready"
    server = subprocess.Popen(
        ["xcs-faults", "--port", "0", "--ready-file", ready, "--exit-on-stdin-close", *arguments], cwd=folder, stdin=subprocess.PIPE
    )
    for _ in range(500):
        if ready.exists() and ready.read_text().strip():
            return server, ready.read_text().strip()
        time.sleep(0.02)
    server.kill()
    sys.exit("the endpoint does not start")


def run(steps, folder, port):
    """What each command printed, the endpoint's port replaced by that of the page."""
    script = ""
    for command, _ in steps:
        real = ":" if SERVER.match(command.strip()) else command.replace("\n> ", "\n").replace(SHOWN_PORT, f"127.0.0.1:{port}")
        script += f"echo '{MARK}'\n{{ {real.rstrip()}\n}} 2>&1\n"
    ran = subprocess.run(["bash", "-c", script], cwd=folder, capture_output=True, text=True, timeout=120)
    printed = ran.stdout.replace(f"127.0.0.1:{port}", SHOWN_PORT).replace(str(folder), "/work").split(MARK + "\n")[1:]
    if len(printed) != len(steps):
        sys.exit(f"{len(steps)} commands, {len(printed)} ran: {ran.stderr}")
    return printed


def put_files(page, text, folder, port):
    for source in page.parent.iterdir():
        if source.is_file():
            (folder / source.name).write_bytes(source.read_bytes())
    for name, content in FILE.findall(text):
        (folder / name).write_text(content, encoding="utf-8")
    for path in folder.iterdir():
        content = path.read_text(encoding="utf-8")
        path.write_text(content.replace(SHOWN_PORT, f"127.0.0.1:{port}" if port else SHOWN_PORT), encoding="utf-8")


def comment_of(program):
    lines = []
    for line in program.read_text(encoding="utf-8").splitlines():
        if not line.startswith("// "):
            break
        lines.append(line[3:])
    return "\n".join(lines)


def renewed(page):
    """The page as it should be, and the commands in it."""
    text = page.read_text(encoding="utf-8")
    text = PROGRAM.sub(lambda m: m.group(1) + comment_of(page.parent / f"{m.group(2)}.xir"), text)
    steps = [step for block in BLOCK.findall(text) for step in steps_of(block)]
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name).resolve()
        put_files(page, text, folder, None)
        server, port = start_server(steps, folder)
        put_files(page, text, folder, port)
        try:
            printed = iter(run(steps, folder, port))
        finally:
            if server:
                server.stdin.close()
                server.wait()

    def fill(match):
        out = ""
        for command, shown in steps_of(match.group(1)):
            fresh = next(printed)
            fresh += "\n" if fresh and not fresh.endswith("\n") else ""
            out += f"$ {command}" + (shown if usual(shown) == usual(fresh) else fresh)
        return f"```console\n{out}```"

    return BLOCK.sub(fill, text), len(steps)


def main():
    write = "--write" in sys.argv[1:]
    stale = False
    for name in sys.argv[1:]:
        if name == "--write":
            continue
        page = pathlib.Path(name)
        fresh, commands = renewed(page)
        before = page.read_text(encoding="utf-8")
        if write and fresh != before:
            page.write_text(fresh, encoding="utf-8")
        elif fresh != before:
            stale = True
            old, new = before.splitlines(), fresh.splitlines()
            first = next((i for i, pair in enumerate(zip(old, new)) if pair[0] != pair[1]), min(len(old), len(new)))
            print(f"{page.name}:{first + 1}: stale; the page says\n  {old[first] if first < len(old) else ''}")
            print("and it is\n  " + "\n  ".join(new[first : first + 12]), "\n(`./dev docs` renews it)")
        else:
            print(f"{page.name}: {commands} commands print what the page says")
    return 1 if stale else 0


if __name__ == "__main__":
    sys.exit(main())
