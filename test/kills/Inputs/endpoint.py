"""The scripted server of a harness, and what its log says."""
import http.client
import json
import pathlib
import re
import subprocess
import time

HERE = pathlib.Path(__file__).parent
TOKEN = re.compile(r"r\d+x(?:\.\w+)+")  # what a request is about: `r12x.order.3`, first in its text
# The log is written in blocks: a request as long as this pushes out what came before it.
PADDING = "." * 9000


def rules():
    turned_away = [{"status": 503}, {"content": "{last}"}] * 2000
    return [
        {"match": {"last_contains": ".stall"}, "reply": {"stall": True}},
        {"match": {"path": "/stall"}, "reply": {"stall": True}},
        {"match": {"last_contains": ".vote."}, "reply": {"content": "the vote"}},
        {"match": {"last_contains": ".whim;"}, "reply": {"content": "{last} ({draw})"}},
        {"match": {"last_contains": ".bad.1;"}, "reply": {"status": 400}},
        {"match": {"last_contains": ".bad.3;"}, "reply": {"status": 404}},
        {"match": {"last_contains": ".flaky."}, "reply": turned_away},
    ]


def token_of(text):
    """The first token, without the run it is of; none if there is none."""
    found = TOKEN.search(text)
    return found.group().partition(".")[2] if found else None


class Endpoint:
    """xcs-faults with answers that depend on the request alone; those to a whim are never the same."""

    def __init__(self, folder, latency="15ms"):
        self.folder = folder
        (folder / "rules.json").write_text(json.dumps(rules()))
        self.process = subprocess.Popen(
            ["xcs-faults", "--echo", "--latency", latency, "--script", "rules.json", "--log", "log.jsonl", "--ready-file", "port", "--exit-on-stdin-close"]
            + ["--max-seconds", "36000"],
            cwd=folder,
            stdin=subprocess.PIPE,
        )
        for _ in range(1500):
            if (folder / "port").exists() and (folder / "port").read_text().strip():
                break
            time.sleep(0.02)
        self.port = int((folder / "port").read_text())
        self.url = f"http://127.0.0.1:{self.port}"
        self.marks = 0
        self.lines = []
        self.rest = b""
        self.log = open(folder / "log.jsonl", "rb")

    def close(self):
        self.process.stdin.close()
        self.process.wait()
        self.log.close()

    def mark(self):
        """Puts a mark into the log, and returns it with what came before: all requests that were made until now."""
        self.marks += 1
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        connection.request("POST", f"/mark/{self.marks}", PADDING)
        connection.getresponse().read()
        connection.close()
        for _ in range(3000):
            self._read()
            if any(line["path"] == f"/mark/{self.marks}" for line in self.lines[-50:]):
                break
            # What is behind the mark in its block comes with the next request.
            connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
            connection.request("POST", "/push", PADDING)
            connection.getresponse().read()
            connection.close()
        else:
            raise RuntimeError("the log of the server does not grow")
        return self.marks

    def forget(self):
        """What came before the last mark is not asked for any more."""
        last = next(i for i, line in enumerate(self.lines) if line["path"] == f"/mark/{self.marks}")
        del self.lines[:last]

    def _read(self):
        text = self.rest + self.log.read()
        *whole, self.rest = text.split(b"\n")
        for line in whole:
            made = json.loads(line)
            if "path" in made:
                made["body"] = made["body"][:4000]
                self.lines.append(made)

    def requests(self, tag, since=0):
        """(token, method) of the requests of a run, in the order of their arrival, that came after a mark."""
        start = next((line["id"] for line in self.lines if line["path"] == f"/mark/{since}"), 0)
        out = []
        for line in sorted(self.lines, key=lambda line: line["id"]):
            text = line["path"] if line["method"] == "GET" else prompt_of(line["body"])
            if line["id"] > start and text.removeprefix("/item/").startswith(tag + "."):
                out.append((token_of(text), line["method"]))
        return out


def prompt_of(body):
    if body.startswith("{"):
        found = re.search(r'"content":\s*"((?:[^"\\]|\\.)*)"', body)
        return found.group(1) if found else ""
    return body
