"""A scripted endpoint on 127.0.0.1 with the interface of chat completions. It records what it is asked and how much is in flight.

Rules by words in the last message: BAD is refused with status 400, NOTEXT gives no text, SLOW takes ten times as long, LIST gives lines,
NUMBER a number. Every other answer is made of a digest of the request, so equal requests have equal answers.
"""

import hashlib
import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def log_message(self, *args):
        pass

    def do_POST(self):  # noqa: N802 (the name is the library's)
        body = self.rfile.read(int(self.headers["Content-Length"]))
        asked = json.loads(body)
        with self.server.lock:
            turn = self.server.turn
            self.server.requests.append(asked)
            self.server.flying += 1
            self.server.most = max(self.server.most, self.server.flying)
            self.server.lock.notify_all()
            # A test that says how many calls are together has that many wait for one another, however slow the machine is.
            self.server.lock.wait_for(lambda: self.server.most >= self.server.together, 8)
        try:
            self._answer(asked, body)
        finally:
            with self.server.lock:
                if turn == self.server.turn:  # else it is of a script before, which is over
                    self.server.flying -= 1

    def _answer(self, asked, body):
        last = json.dumps(asked["messages"][-1], ensure_ascii=False)
        digest = hashlib.sha256(json.dumps(asked, sort_keys=True).encode()).hexdigest()
        delay = self.server.delay * (1 + int(digest[:2], 16) / 255)
        time.sleep(delay * 10 if "SLOW" in last else delay)
        if "BAD" in last:
            return self._send(400, {"error": {"message": "this was bad", "type": "invalid_request_error", "param": None, "code": None}})
        text = f"answer {digest[:8]}" + (" yes" if int(digest[2], 16) % 2 else "")
        if "NOTEXT" in last:
            text = None
        elif "LIST" in last:
            text = "\n".join(f"{i}. item {digest[i]}" for i in range(3))
        elif "NUMBER" in last:
            text = str(int(digest[:2], 16) % 7)
        elif "UNICODE" in last:
            text = "Grüße, 世界 {0} % \\ " + digest[:4]
        if asked.get("stream"):
            return self._stream(text or "")
        self._send(200, {
            "id": "x", "object": "chat.completion", "created": 1, "model": asked["model"],
            "choices": [] if "NOCHOICE" in last else [{"index": i, "finish_reason": "stop", "message": {"role": "assistant", "content": text if i == 0 else f"{text} ({i})"}} for i in range(asked.get("n") or 1)],
            "usage": {"prompt_tokens": len(body), "completion_tokens": 2, "total_tokens": len(last) + 2},
        })  # fmt: skip

    def _stream(self, text):
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Connection", "close")
        self.end_headers()
        for piece in text.split(" "):
            chunk = {"id": "x", "object": "chat.completion.chunk", "created": 1, "model": "m", "choices": [{"index": 0, "delta": {"content": piece}}]}
            self.wfile.write(b"data: " + json.dumps(chunk).encode() + b"\n\n")
        self.wfile.write(b"data: [DONE]\n\n")
        self.close_connection = True

    def _send(self, status, answer):
        data = json.dumps(answer).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 512


class Endpoint:
    def __init__(self, delay=0.004):
        self.server = _Server(("127.0.0.1", 0), _Handler)
        self.server.lock, self.server.delay, self.server.turn = threading.Condition(), delay, 0
        self.clear()
        self.thread = threading.Thread(target=self.server.serve_forever, args=(0.05,), daemon=True)
        self.thread.start()

    @property
    def url(self):
        return f"http://127.0.0.1:{self.server.server_address[1]}/v1"

    def clear(self):
        with self.server.lock:
            self.server.turn += 1
            self.server.requests, self.server.flying, self.server.most, self.server.together = [], 0, 0, 1

    @property
    def requests(self):
        return sorted(json.dumps(r, sort_keys=True) for r in self.server.requests)

    @property
    def most(self):
        return self.server.most

    def close(self):
        self.server.shutdown()
        self.server.server_close()
