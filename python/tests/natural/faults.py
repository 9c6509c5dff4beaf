"""An endpoint on 127.0.0.1 that answers as it is told: statuses, bodies, headers, breaks; and it may allow only so many calls a second.

`answers(n, request)` gives what is done with the n-th request (from 0) that asked the same: a dictionary with `status`, `headers`, `body`
(bytes, or JSON), `delay`, or `reset`.
"""

import collections
import json
import socket
import struct
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

OK = {"id": "x", "object": "chat.completion", "created": 1, "model": "small",
      "choices": [{"index": 0, "finish_reason": "stop", "message": {"role": "assistant", "content": "fine"}}],
      "usage": {"prompt_tokens": 3, "completion_tokens": 2, "total_tokens": 5}}  # fmt: skip


def said(content, **more):
    return {**OK, "choices": [{"index": 0, "finish_reason": "stop", "message": {"role": "assistant", "content": content, **more}}]}


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def log_message(self, *args):
        pass

    def do_GET(self):  # noqa: N802 (the name is the library's)
        self.do_POST()

    def do_POST(self):  # noqa: N802
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        server = self.server
        with server.lock:
            number = server.seen[self.path, body]
            server.seen[self.path, body] += 1
            server.requests.append((self.path, dict(self.headers.items()), body))
            server.flying += 1
            server.most = max(server.most, server.flying)
        try:
            self._do(server.answers(number, json.loads(body) if body else None))
        finally:
            with server.lock:
                server.flying -= 1

    def _do(self, answer):
        time.sleep(answer.get("delay", 0))
        if answer.get("reset"):
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            self.connection.close()
            self.close_connection = True
            return
        body = answer.get("body", OK)
        data = body if type(body) is bytes else json.dumps(body).encode()
        self.send_response(answer.get("status", 200))
        headers = {"Content-Type": "application/json", "x-request-id": "req_1", **answer.get("headers", {})}
        for name, value in headers.items():
            if value is not None:
                self.send_header(name, value)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        try:
            self.wfile.write(data)
        except OSError:
            self.close_connection = True

    def handle_one_request(self):
        try:
            super().handle_one_request()
        except OSError:
            self.close_connection = True


class Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 512

    def handle_error(self, request, address):
        pass


class Faults:
    def __init__(self, answers=lambda n, asked: {}):
        self.server = Server(("127.0.0.1", 0), _Handler)
        self.server.lock = threading.Lock()
        self.clear(answers)
        threading.Thread(target=self.server.serve_forever, args=(0.05,), daemon=True).start()

    def clear(self, answers):
        self.server.answers, self.server.seen, self.server.requests = answers, collections.Counter(), []
        self.server.flying = self.server.most = 0

    url = property(lambda self: f"http://127.0.0.1:{self.server.server_address[1]}/v1")
    requests = property(lambda self: list(self.server.requests))
    bodies = property(lambda self: sorted(json.dumps(json.loads(b), sort_keys=True) for _, _, b in self.server.requests if b))
    most = property(lambda self: self.server.most)

    def close(self):
        self.server.shutdown()
        self.server.server_close()


class Rate:
    """Lets in `rate` requests a second, `burst` of them at once; others get 429."""

    def __init__(self, rate=10, burst=10, retry_after=None):
        self.rate, self.most, self.room, self.at = rate, burst, float(burst), time.monotonic()
        self.retry_after, self.rejected, self.lock = retry_after, 0, threading.Lock()

    def __call__(self, number, asked):
        with self.lock:
            now = time.monotonic()
            self.room = min(self.most, self.room + (now - self.at) * self.rate)
            self.at = now
            if self.room >= 1:
                self.room -= 1
                return {"delay": 0.1}
            self.rejected += 1
        headers = {"Retry-After": self.retry_after} if self.retry_after else {}
        return {"status": 429, "headers": headers, "body": {"error": {"message": "too many", "type": "rate", "code": None}}}
