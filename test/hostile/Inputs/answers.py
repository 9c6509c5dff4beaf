"""Answers of a server that means no good. `write FOLDER` makes the server's script and the program, `run FOLDER PORT URL` tries each row:
(name, what the server answers, function, exit, kind, what the message says or the result)."""
import gzip
import json
import sys
import zlib

from hostile import Outcome, Table, write


def raw(head, body=""):
    return {"raw": "HTTP/1.1 " + "\r\n".join(head) + "\r\n\r\n" + body}


def chat(content, **choice):
    message = {"role": "assistant", "content": content}
    return {"choices": [{"index": 0, "message": message, "finish_reason": "stop", **choice}]}


deep = "[" * 100_000
rows = [
    # Framing.
    ("no-http", {"raw": "SSH-2.0-OpenSSH_9\r\n"}, "get", 1, "connection-broken", None),
    ("http-0.9", {"raw": "<html>hello</html>"}, "get", 1, "connection-broken", None),
    ("no-status", {"raw": "HTTP/1.1\r\n\r\n"}, "get", 1, "connection-broken", None),
    ("status-text", {"raw": "HTTP/1.1 abc OK\r\n\r\n"}, "get", 1, "connection-broken", None),
    ("status-huge", {"raw": "HTTP/1.1 99999999999 OK\r\n\r\n"}, "get", 1, "connection-broken", None),
    ("status-999", raw(["999 Odd", "Content-Length: 2"], "ok"), "get", 0, None, '[999,"ok"]'),
    ("version-9", {"raw": "HTTP/9.9 200 OK\r\nContent-Length: 2\r\n\r\nok"}, "get", 1, "connection-broken", None),
    ("reason-colon", raw(["200 Fine: really", "Content-Length: 2"], "ok"), "headers", 0, None, '["Content-Length=2"]'),
    ("line-feeds", {"raw": "HTTP/1.1 200 OK\nContent-Length: 2\n\nok"}, "get", 0, None, '[200,"ok"]'),
    ("length-long", raw(["200 OK", "Content-Length: 100", "Connection: close"], "short") | {"then": "close"}, "get", 1, "connection-broken", None),
    ("length-short", raw(["200 OK", "Content-Length: 2"], "okEVIL"), "get", 0, None, '[200,"ok"]'),
    ("length-negative", raw(["200 OK", "Content-Length: -1"], "ok"), "get", 1, "connection-broken", None),
    ("length-text", raw(["200 OK", "Content-Length: many"], "ok"), "get", 1, "connection-broken", None),
    ("length-huge", raw(["200 OK", "Content-Length: 99999999999999999999"], "ok"), "get", 4, "response-too-large", None),
    ("length-large", raw(["200 OK", "Content-Length: 9000000000000000000"], "ok"), "get", 4, "response-too-large", None),
    ("length-and-chunked", raw(["200 OK", "Content-Length: 100", "Transfer-Encoding: chunked"], "2\r\nok\r\n0\r\n\r\n"), "get", 0, None, '[200,"ok"]'),
    ("chunk-garbage", raw(["200 OK", "Transfer-Encoding: chunked"], "xyz\r\nok\r\n0\r\n\r\n"), "get", 1, "connection-broken", None),
    ("chunk-huge", raw(["200 OK", "Transfer-Encoding: chunked"], "ffffffffffffffffff\r\nok"), "get", 1, "connection-broken", None),
    ("chunk-negative", raw(["200 OK", "Transfer-Encoding: chunked"], "-2\r\nok\r\n0\r\n\r\n"), "get", 1, "connection-broken", None),
    ("coding-unknown", raw(["200 OK", "Content-Encoding: odd", "Content-Length: 2"], "ok"), "get", 1, "connection-broken", "compressed as `odd`"),
    # Headers.
    ("header-nul", {"raw": "HTTP/1.1 200 OK\r\nX-A: a\0b\r\nContent-Length: 2\r\n\r\nok"}, "headers", 1, "connection-broken", None),
    ("header-fold", raw(["200 OK", "X-A: a", " b: c", "Content-Length: 0"]), "headers", 0, None, None),
    ("header-no-name", raw(["200 OK", ": a", "Content-Length: 0"]), "headers", 0, None, None),
    ("header-return", raw(["200 OK", "X-A: a\rX-B: b", "Content-Length: 0"]), "headers", 0, None, None),
    ("header-escape", raw(["200 OK", "X-A: \x1b[2J", "Content-Length: 0"]), "headers", 0, None, '["X-A=\\u001b[2J","Content-Length=0"]'),
    ("headers-many", raw(["200 OK"] + [f"X-{i}: {i}" for i in range(50_000)]), "get", 4, "response-too-large", None),
    ("header-long", raw(["200 OK", "X-A: " + "a" * 1_000_000]), "get", 1, "connection-broken", "a header is longer than 100 KiB"),
    ("interim-endless", {"raw": "HTTP/1.1 100 Continue\r\nX-A: b\r\n\r\n" * 20_000 + "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"}, "get", 4, "response-too-large", None),
    # Bodies.
    ("gzip-bomb", {"body": "0" * 100_000, "repeat": 1000, "gzip": True}, "get", 4, "response-too-large", None),
    ("gzip-garbage", raw(["200 OK", "Content-Encoding: gzip", "Content-Length: 7"], "no gzip"), "get", 1, "connection-broken", None),
    ("gzip-cut", {"body_file": "cut.gz", "headers": {"Content-Encoding": "gzip"}}, "get", 1, "connection-broken", "its compressed body is truncated"),
    ("gzip-more", {"body_file": "more.gz", "headers": {"Content-Encoding": "gzip"}}, "get", 1, "connection-broken", "not compressed as its"),
    ("gzip-members", {"body_file": "members.gz", "headers": {"Content-Encoding": "x-GZIP"}}, "get", 0, None, '[200,"onetwo"]'),
    ("gzip-five", {"body": "ok", "headers": {"Content-Encoding": "gzip, gzip, gzip, gzip, gzip"}}, "get", 1, "connection-broken", None),
    ("deflate", {"body_file": "deflate", "headers": {"Content-Encoding": "deflate"}}, "get", 0, None, '[200,"deflated"]'),
    ("deflate-bare", {"body_file": "bare", "headers": {"Content-Encoding": "deflate"}}, "get", 0, None, '[200,"deflated"]'),
    ("gzip-of-gzip-bomb", {"body_file": "twice.gz", "headers": {"Content-Encoding": "gzip, gzip"}}, "get", 4, "response-too-large", None),
    ("endless", {"body": "0123456789abcdef" * 4096, "repeat": 2000}, "get", 4, "response-too-large", None),
    ("nul-body", {"body": "a\u0000b"}, "get", 0, None, '[200,"a\\u0000b"]'),
    ("escape-body", {"body": "\u001b[31m"}, "get", 0, None, '[200,"\\u001b[31m"]'),
    ("template-body", {"body": "{0} $1 %x %s \\1"}, "get", 0, None, '[200,"{0} $1 %x %s \\\\1"]'),
    ("not-utf-8", {"body_file": "latin-1.txt"}, "get", 1, "invalid-utf8", None),
    # Redirects.
    ("redirect-loop", {"status": 302, "headers": {"Location": "/redirect-loop"}}, "get", 4, "limit-exceeded", None),
    ("redirect-file", {"status": 302, "headers": {"Location": "file:///etc/passwd"}}, "get", 1, "redirect-refused", None),
    ("redirect-user", {"status": 302, "headers": {"Location": "http://u:p@127.0.0.1:1/"}}, "get", 1, "redirect-refused", None),
    ("redirect-away", {"status": 302, "headers": {"Location": "http://169.254.169.254/latest/meta-data"}}, "get", 3, "net-not-granted", None),
    ("redirect-decimal", {"status": 302, "headers": {"Location": "http://2130706433:1/"}}, "get", 3, "net-not-granted", "127.0.0.1:1"),
    ("redirect-port", {"status": 302, "headers": {"Location": "http://127.0.0.1:99999/"}}, "get", 1, "redirect-refused", None),
    # Answers of models.
    ("chat-html", {"body": "<html>"}, "chat", 1, "model-answer", None),
    ("chat-empty", {"body": ""}, "chat", 1, "model-answer", None),
    ("chat-deep", {"body": deep}, "chat", 1, "model-answer", None),
    ("chat-deep-content", {"body": chat(deep)}, "typed", 4, "limit-exceeded", None),
    ("chat-null", {"body": "null"}, "chat", 1, "model-answer", None),
    ("chat-key-twice", {"body": '{"choices":[],"choices":[]}'}, "chat", 1, "model-answer", None),
    ("chat-surrogate", {"body": '{"choices":[{"message":{"content":"\\ud800"},"finish_reason":"stop"}]}'}, "chat", 0, None, '"\ufffd"'),
    ("chat-template", {"body": chat("{0} $1 %x {{")}, "chat", 0, None, '"{0} $1 %x {{"'),
    ("chat-escape", {"body": chat("\u001b]0;x\u0007")}, "chat", 0, None, '"\\u001b]0;x\\u0007"'),
    ("chat-reason-escape", {"body": chat("x", finish_reason="\u001b[2J\u202e")}, "chat", 1, "model-finish", None),
    ("chat-reason-long", {"body": chat("x", finish_reason="y" * 1_000_000)}, "chat", 1, "model-finish", None),
    ("chat-refusal-long", {"body": chat(None) | {"choices": [{"message": {"refusal": "y" * 1_000_000}, "finish_reason": "stop"}]}}, "chat", 1, "model-refused", None),
    ("chat-many", {"body": {"choices": [{"index": i} for i in range(10_000)]}}, "chat", 1, "model-answer", None),
    ("chat-usage", {"body": chat("x") | {"usage": {"prompt_tokens": 1e300, "completion_tokens": -5}}}, "chat", 0, None, '"x"'),
    ("chat-usage-huge", {"body": chat("x") | {"usage": {"prompt_tokens": 9223372036854775807, "completion_tokens": 9223372036854775807}}}, "twice", 0, None, '["x","x"]'),
    ("chat-error-latin-1", {"status": 400, "body_file": "latin-1.txt"}, "tried", 0, None, "true"),
    ("chat-wait-forever", {"status": 429, "headers": {"Retry-After": "Fri, 31 Dec 9999 23:59:59 GMT"}}, "chat", 1, "retry-too-late", None),
    ("chat-wait-huge", {"status": 429, "headers": {"Retry-After": "99999999999999999999"}}, "chat", 1, "retry-too-late", None),
    ("chat-wait-infinite", {"status": 429, "headers": {"Retry-After-Ms": "1e308"}}, "chat", 1, "retry-too-late", None),
    ("chat-rates", {"body": chat("x"), "headers": {"x-ratelimit-remaining-requests": "1e308", "x-ratelimit-limit-requests": "-1", "x-ratelimit-reset-requests": "1e308h", "x-ratelimit-remaining-tokens": "nan"}}, "twice", 0, None, '["x","x"]'),
    ("chat-redirect", {"status": 307, "headers": {"Location": "http://127.0.0.1:1/"}}, "chat", 1, "model-status", None),
    ("stream-endless-line", {"headers": {"Content-Type": "text/event-stream"}, "body": "data: " + "x" * 60_000, "repeat": 2000}, "stream", 4, "response-too-large", None),
    ("stream-deep", {"sse": [deep]}, "stream", 1, "model-stream", None),
    ("stream-index", {"sse": [{"data": {"choices": [{"index": 1 << 62, "delta": {"content": "x"}}]}}]}, "stream", 1, "model-stream", None),
    ("stream-wide", {"sse": [{"data": {"choices": [{"index": i, "delta": {"tool_calls": [{"index": 1023}]}} for i in range(1024)]}}, "[DONE]"]}, "stream", 1, "model-stream", None),
    ("embed-short", {"body": {"data": []}}, "embed", 1, "model-answer", None),
    ("embed-index", {"body": {"data": [{"index": -1, "embedding": [1]}]}}, "embed", 1, "model-answer", None),
    ("embed-text", {"body": {"data": [{"index": 0, "embedding": "AACAPw=="}]}}, "embed", 0, None, "[[1.0]]"),
    ("embed-empty", {"body": {"data": [{"index": 0, "embedding": []}]}}, "embed", 1, "model-answer", None),
]

response = "record<status: i64, headers: list<record<name: str, value: str>>, body: str>"
program = """
func @get(%url: str) -> i64, str {
  %r = http.request(%url) {method = "GET"} : RESPONSE
  %status = record.get(%r) {field = "status"} : i64
  %body = record.get(%r) {field = "body"} : str
  return(%status, %body)
}
func @headers(%url: str) -> list<str> {
  %r = http.request(%url) {method = "GET"} : RESPONSE
  %headers = record.get(%r) {field = "headers"} : list<record<name: str, value: str>>
  %lines = map(%headers) : list<str> {
  ^(%h: record<name: str, value: str>)
    %name = record.get(%h) {field = "name"} : str
    %value = record.get(%h) {field = "value"} : str
    %line = str.format(%name, %value) {template = "{0}={1}"} : str
    yield(%line)
  }
  return(%lines)
}
""".replace("RESPONSE", response)
calls = """
model @NAME {url = "{url}/PATH", model = "small", retries = 1, timeout = 20s}
func @chat_NAME(%url: str) -> str {
  %a = model.chat @NAME(%url) {retry = {max = 1, base = 1ms}} : str
  return(%a)
}
func @twice_NAME(%url: str) -> str, str {
  %a = model.chat @NAME(%url) : str
  %b = model.chat @NAME(%a) : str
  return(%a, %b)
}
func @typed_NAME(%url: str) -> list<i64> {
  %a = model.chat @NAME(%url) : list<i64>
  return(%a)
}
func @stream_NAME(%url: str) -> str {
  %a = model.chat @NAME(%url) {stream, retry = {max = 1, base = 1ms}} : str
  return(%a)
}
func @embed_NAME(%url: str) -> list<list<f64>> {
  %texts = list.pack(%url) : list<str>
  %a = model.embed @NAME(%texts) : list<list<f64>>
  return(%a)
}
func @tried_NAME(%url: str) -> bool {
  %r = try : result<str> {
    %a = model.chat @NAME(%url) : str
    yield(%a)
  }
  %e = result.error(%r) : record<kind: str, message: str, op: str, attempt: i64>
  %m = record.get(%e) {field = "message"} : str
  %end = const {value = "Dienst \u00fcberlastet"} : str
  %is = str.ends_with(%m, %end) : bool
  return(%is)
}
"""


def write_all(folder):
    rules = [{"match": {"path": "/" + name + "*"}, "reply": reply} for name, reply, *_ in sorted(rows, key=lambda row: -len(row[0]))]
    write(folder, "script.json", json.dumps(rules))
    write(folder, "latin-1.txt", b"Dienst \xfcberlastet")
    write(folder, "cut.gz", gzip.compress(b"hello hello hello" * 100)[:30])
    write(folder, "more.gz", gzip.compress(b"hello") + b"more")
    write(folder, "members.gz", gzip.compress(b"one") + gzip.compress(b"two"))
    write(folder, "deflate", zlib.compress(b"deflated"))
    write(folder, "bare", zlib.compress(b"deflated")[2:-4])
    write(folder, "twice.gz", gzip.compress(gzip.compress(bytes(200_000_000), 9), 9))
    models = sorted({(name, name.replace("-", "_").replace(".", "_")) for name, _, entry, *_ in rows if entry not in ("get", "headers")})
    text = program + "".join(calls.replace("NAME", symbol).replace("PATH", name) for name, symbol in models)
    write(folder, "in.xir", text)


def run(folder, port, url):
    plan = folder + "/p.xplan"
    table = Table()
    table.check("compiles", Outcome(["xcsc", folder + "/out.xir", "-o", plan]), 0)
    for name, _, entry, exit, kind, gives in rows:
        entry = entry if entry in ("get", "headers") else entry + "_" + name.replace("-", "_").replace(".", "_")
        command = ["xcs-run", plan, "--entry", "@" + entry, "--arg", f"url={url}/{name}", f"--allow-net=127.0.0.1:{port}"]
        said, given = (gives, None) if exit else (None, gives)
        table.check(name, Outcome(command), exit, kind, said, given)
    table.end()


if sys.argv[1] == "write":
    write_all(sys.argv[2])
else:
    run(*sys.argv[2:5])
