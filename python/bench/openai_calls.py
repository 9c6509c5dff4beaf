"""Many calls in one comprehension: sent by the engine, by the client on the engine's threads, by a thread pool, and by asyncio.

    python python/bench/openai_calls.py [--calls 1000 5000] [--rounds 5] [--delay 0.05]

A server of its own process on 127.0.0.1 answers each call after `--delay` seconds. The contenders take turns within each round, each in a process
of its own that makes the calls once before it is timed; the figures are medians, and ratios of medians to the engine's.
"""

import argparse
import asyncio
import json
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile

BUILD = pathlib.Path(os.environ.get("XCS_BUILD", pathlib.Path(__file__).resolve().parents[2] / "build" / "release"))
ANSWER = {"id": "x", "object": "chat.completion", "created": 1, "model": "small",
          "choices": [{"index": 0, "finish_reason": "stop", "message": {"role": "assistant", "content": "fine"}}],
          "usage": {"prompt_tokens": 3, "completion_tokens": 2, "total_tokens": 5}}  # fmt: skip
SERIAL = """
import sys, time
from openai import OpenAI
client = OpenAI(max_retries=0, timeout=300)
def ask(p):
    return client.chat.completions.create(model="small", messages=[{"role": "user", "content": p}]).choices[0].message.content
warm = [ask(f"warm {i}") for i in range(20)]
print(len(warm), file=sys.stderr)
began, cpu = time.perf_counter(), time.process_time()
answers = [ask(f"call {i}") for i in range(int(sys.argv[1]))]
assert answers == ["fine"] * int(sys.argv[1])
print(time.perf_counter() - began, time.process_time() - cpu)
"""
POOL = SERIAL.replace("import sys, time", "import sys, time\nfrom concurrent.futures import ThreadPoolExecutor\npool = ThreadPoolExecutor(256)").replace(
    '[ask(f"call {i}") for i in range(int(sys.argv[1]))]', 'list(pool.map(ask, [f"call {i}" for i in range(int(sys.argv[1]))]))'
)
ASYNC = """
import asyncio, sys, time
from openai import AsyncOpenAI
client = AsyncOpenAI(max_retries=0, timeout=300)
async def ask(p):
    r = await client.chat.completions.create(model="small", messages=[{"role": "user", "content": p}])
    return r.choices[0].message.content
async def main():
    await asyncio.gather(*[ask(f"warm {i}") for i in range(20)])
    began, cpu = time.perf_counter(), time.process_time()
    answers = await asyncio.gather(*[ask(f"call {i}") for i in range(int(sys.argv[1]))])
    assert answers == ["fine"] * int(sys.argv[1])
    print(time.perf_counter() - began, time.process_time() - cpu)
asyncio.run(main())
"""
AIOHTTP = """
import aiohttp, asyncio, os, sys, time
async def main():
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=1000)) as session:
        async def ask(p):
            async with session.post(os.environ["OPENAI_BASE_URL"] + "/chat/completions", json={"model": "small", "messages": [{"role": "user", "content": p}]}) as r:
                return (await r.json())["choices"][0]["message"]["content"]
        await asyncio.gather(*[ask(f"warm {i}") for i in range(20)])
        began, cpu = time.perf_counter(), time.process_time()
        answers = await asyncio.gather(*[ask(f"call {i}") for i in range(int(sys.argv[1]))])
        assert answers == ["fine"] * int(sys.argv[1])
        print(time.perf_counter() - began, time.process_time() - cpu)
asyncio.run(main())
"""


async def _serve(delay):
    data = json.dumps(ANSWER).encode()
    answer = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s" % (len(data), data)

    async def talk(reader, writer):
        try:
            while True:
                head = await reader.readuntil(b"\r\n\r\n")
                length = next(int(line.split(b":")[1]) for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:"))
                await reader.readexactly(length)
                await asyncio.sleep(delay)
                writer.write(answer)
        except (asyncio.IncompleteReadError, OSError):
            writer.close()

    server = await asyncio.start_server(talk, "127.0.0.1", 0, backlog=4096)
    print(server.sockets[0].getsockname()[1], flush=True)
    async with server:
        await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)


def _contenders():
    yield "deferred, sent by the engine", SERIAL, ["-m", "xcs"], {}
    yield "deferred, sent by the client", SERIAL, ["-m", "xcs"], {"XCS_NATIVE": "0"}
    yield "ThreadPoolExecutor(256)", POOL, [], {}
    yield "asyncio, AsyncOpenAI", ASYNC, [], {}
    try:
        import aiohttp  # noqa: F401

        yield "asyncio, aiohttp, no client", AIOHTTP, [], {}
    except ImportError:
        print("aiohttp is not installed: left out")


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--calls", type=int, nargs="+", default=[1000, 5000])
    options.add_argument("--rounds", type=int, default=5)
    options.add_argument("--delay", type=float, default=0.05)
    options.add_argument("--serve", action="store_true", help=argparse.SUPPRESS)
    given = options.parse_args()
    if given.serve:
        return asyncio.run(_serve(given.delay))
    server = subprocess.Popen([sys.executable, __file__, "--serve", "--delay", str(given.delay)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    url = f"http://127.0.0.1:{server.stdout.readline().strip()}/v1"
    env = dict(os.environ, OPENAI_BASE_URL=url, OPENAI_API_KEY="none", NO_PROXY="*", PYTHONPATH=os.pathsep.join([str(BUILD / "python"), os.environ.get("PYTHONPATH", "")]))  # fmt: skip
    print(f"load average {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores; each call is answered after {given.delay * 1000:.0f} ms")
    contenders = list(_contenders())
    with tempfile.TemporaryDirectory() as folder:
        for calls in given.calls:
            seen = {name: [] for name, *_ in contenders}
            for _ in range(given.rounds):
                for name, source, before, more in contenders:
                    script = pathlib.Path(folder) / "calls.py"
                    script.write_text(source)
                    done = subprocess.run([sys.executable, *before, str(script), str(calls)], env=env | more, capture_output=True, text=True)
                    if done.returncode:
                        sys.exit(f"{name} failed:\n{done.stderr}")
                    seen[name].append(tuple(map(float, done.stdout.split())))
            first = None
            for name, times in seen.items():
                wall, cpu = (statistics.median(t) for t in zip(*times))
                first = first or (wall, cpu)
                print(f"{calls:6} calls  {name:30} {wall * 1000:9.0f} ms {wall / first[0]:6.2f} x   CPU {cpu * 1000:8.0f} ms {cpu / first[1]:6.2f} x", flush=True)
    server.stdin.close()
    server.wait()


if __name__ == "__main__":
    main()
