"""An endpoint of models on 127.0.0.1 that answers after a fixed time and remembers what it was asked, run by run.

`python -m differential.endpoint --delay 0.002` prints its port and serves until its standard input ends. A client of run R uses the base
URL `http://127.0.0.1:PORT/R/v1`; `GET /R/log` gives what run R asked, as JSON, and forgets it.
"""
import argparse
import asyncio
import collections
import json
import subprocess
import sys
import urllib.request
from pathlib import Path

from . import answers

REASONS = {200: "OK", 400: "Bad Request", 404: "Not Found"}
HEADERS_TOLD = ("authorization", "x-api-key", "x-fuzz")


class Connection(asyncio.Protocol):
    """One keep-alive connection. Requests on it come one after the other, as the clients send them."""

    def __init__(self, server):
        self.server, self.received = server, b""

    def connection_made(self, transport):
        self.transport = transport

    def data_received(self, data):
        self.received += data
        while True:
            head, found, rest = self.received.partition(b"\r\n\r\n")
            if not found:
                return
            first, *lines = head.decode("latin-1").split("\r\n")
            headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
            length = int(headers.get("content-length", 0))
            if len(rest) < length:
                return
            self.received = rest[length:]
            method, path, _ = first.split(" ")
            self.request(method, path, headers, rest[:length])

    def request(self, method, path, headers, body):
        run, _, rest = path.lstrip("/").partition("/")
        if method == "GET" and rest == "log":
            self.send(200, json.dumps(self.server.log.pop(run, [])).encode())
        elif method == "POST" and rest in answers.FORMS:
            self.answer(run, rest, headers, json.loads(body))
        else:
            self.send(404, json.dumps({"error": {"message": f"no such page: {path}"}}).encode())

    def answer(self, run, path, headers, body):
        entry = {"path": path, "body": body, "headers": {name: headers[name] for name in HEADERS_TOLD if name in headers}, "status": 200}
        self.server.log[run].append(entry)
        kind = "application/json"
        try:
            if body.get("stream"):
                events = [f"data: {json.dumps(chunk)}\n\n" for chunk in answers.chunks(body)]
                kind, answer = "text/event-stream", ("".join(events) + "data: [DONE]\n\n").encode()
            else:
                answer = json.dumps(answers.FORMS[path](body)).encode()
        except answers.Failure as failure:
            entry["status"] = failure.status
            error = {"message": failure.message, "type": "invalid_request_error", "param": None, "code": "refused"}
            answer = json.dumps({"error": error}).encode()
        status = entry["status"]
        asyncio.get_running_loop().call_later(self.server.delay, self.send, status, answer, kind)

    def send(self, status, answer, kind="application/json"):
        head = f"HTTP/1.1 {status} {REASONS[status]}\r\nContent-Type: {kind}\r\nContent-Length: {len(answer)}\r\n\r\n"
        self.transport.write(head.encode() + answer)


class Server:
    def __init__(self, delay):
        self.delay, self.log = delay, collections.defaultdict(list)

    async def serve(self):
        loop = asyncio.get_running_loop()
        listener = await loop.create_server(lambda: Connection(self), "127.0.0.1", 0, backlog=2048)
        print(listener.sockets[0].getsockname()[1], flush=True)
        ended = asyncio.Event()
        loop.add_reader(sys.stdin, lambda: sys.stdin.buffer.read1(1) or ended.set())
        await ended.wait()


class Endpoint:
    """The endpoint as a process of its own, for as long as the `with` block lasts."""

    def __init__(self, delay=0.002):
        self.delay = delay

    def __enter__(self):
        command = [sys.executable, "-m", "differential.endpoint", "--delay", str(self.delay)]
        place = Path(__file__).resolve().parent.parent
        self.process = subprocess.Popen(command, cwd=place, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.port = int(self.process.stdout.readline())
        return self

    def __exit__(self, *_):
        self.process.stdin.close()
        self.process.wait()
        self.process.stdout.close()

    def base_url(self, run):
        return f"http://127.0.0.1:{self.port}/{run}/v1"

    def take_log(self, run):
        """What run `run` asked since the last time, in the order of arrival: {"path", "body", "headers", "status"} each."""
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        with opener.open(f"http://127.0.0.1:{self.port}/{run}/log") as answer:
            return json.load(answer)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--delay", type=float, default=0.002, help="seconds before each answer")
    asyncio.run(Server(parser.parse_args().delay).serve())
