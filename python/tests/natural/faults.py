"""An endpoint on 127.0.0.1 that answers as it is told: statuses, bodies, headers, breaks; and it may allow only so many calls a second.

`answers(n, request)` gives what is done with the n-th request (from 0) that asked the same: a dictionary with `status`, `headers`, `body`
(bytes, or JSON), `delay`, or `reset`. Without a body it says `fine`, in the form of the interface that was asked.
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


def response(*output, **more):
    """A response of the Responses API; a text in `output` is a message of the model."""
    items = [o if isinstance(o, dict) else {"id": f"msg_{i}", "type": "message", "role": "assistant", "status": "completed",
                                            "content": [{"type": "output_text", "text": o, "annotations": []}]} for i, o in enumerate(output)]
    return {"id": "resp_1", "object": "response", "created_at": 1, "model": "small", "status": "completed", "parallel_tool_calls": True, "tool_choice": "auto",
            "tools": [], "output": items, "usage": {"input_tokens": 3, "output_tokens": 2, "total_tokens": 5, "input_tokens_details": {"cached_tokens": 0},
                                                    "output_tokens_details": {"reasoning_tokens": 0}}, **more}  # fmt: skip


def message(*content, **more):
    """A message of Anthropic's; a text in `content` is a block of text."""
    return {"id": "msg_1", "type": "message", "role": "assistant", "model": "small", "stop_reason": "end_turn", "stop_sequence": None,
            "content": [c if isinstance(c, dict) else {"type": "text", "text": c} for c in content],
            "usage": {"input_tokens": 3, "output_tokens": 2}, **more}  # fmt: skip


def completion(text, **more):
    return {"id": "cmpl_1", "object": "text_completion", "created": 1, "model": "small", "usage": OK["usage"],
            "choices": [{"index": 0, "finish_reason": "stop", "logprobs": None, "text": text}], **more}  # fmt: skip


def vectors(*rows, **more):
    return {"object": "list", "model": "small", "data": [{"object": "embedding", "index": i, "embedding": row} for i, row in enumerate(rows)],
            "usage": {"prompt_tokens": 3, "total_tokens": 3}, **more}  # fmt: skip


def fine(path):
    forms = {"responses": response("fine"), "messages": message("fine"), "embeddings": vectors([0.25, -1.5]), "completions": completion("fine")}
    return OK if "/chat/" in path else forms.get(path.partition("?")[0].rpartition("/")[2], OK)


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
        body = answer["body"] if "body" in answer else fine(self.path)
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
