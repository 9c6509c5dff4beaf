#!/usr/bin/env python3
"""A small HTTP client for the tests of the scripted server.

usage: client.py [--parallel] [--timeout S] [--show head|times] PORT STEP...
A step is one request and prints one line: the status with the message of a chat completion or else the body, or
what went wrong. Steps share one connection, which is opened again after it was lost; with --parallel each has its
own and all are sent before any answer is read.
  chat TEXT          POST /v1/chat/completions with TEXT as the user's message
  json PATH JSON     POST PATH with this body
  METHOD PATH [BODY [Name:value ...]]
  leave STEP         sends the request and closes the connection, without waiting for the answer
  raw TEXT           these bytes (\\r\\n and the like are read as in Python); prints all that comes back
--show head prints the answer's head too; --show times the tenths of a second until each piece of the body.
"""
import argparse
import http.client
import json
import socket
import threading
import time

parser = argparse.ArgumentParser()
parser.add_argument("--parallel", action="store_true")
parser.add_argument("--timeout", type=float, default=20)
parser.add_argument("--show", choices=("head", "times"))
parser.add_argument("port", type=int)
parser.add_argument("steps", nargs="+")
options = parser.parse_args()


def request_of(step):
    word, _, rest = step.partition(" ")
    kind = {"Content-Type": "application/json"}
    if word == "chat":
        body = {"model": "tiny", "messages": [{"role": "system", "content": "be short"}, {"role": "user", "content": rest}]}
        return "POST", "/v1/chat/completions", json.dumps(body), kind
    if word == "json":
        path, _, body = rest.partition(" ")
        return "POST", path, body, kind
    path, *more = rest.split(" ")
    headers = dict(pair.split(":", 1) for pair in more[1:])
    return word, path, more[0] if more else None, headers


def shown(answer, body, times):
    text = body.decode()
    try:
        text = json.loads(text)["choices"][0]["message"]["content"]
    except (ValueError, KeyError, TypeError, IndexError):
        pass
    line = f"{answer.status} {text}"
    if options.show == "head":
        line = "\n".join([f"{answer.status} {answer.reason}"] + [f"{k}: {v}" for k, v in answer.getheaders()] + [text])
    if options.show == "times":
        line += " after " + " ".join(f"{t:.1f}" for t in times)
    return line


def mistake(error):
    if isinstance(error, (http.client.RemoteDisconnected, http.client.IncompleteRead)):
        kept = getattr(error, "partial", b"").decode()
        return f"closed {kept}".rstrip()
    if isinstance(error, ConnectionResetError):
        return "reset"
    if isinstance(error, (TimeoutError, socket.timeout)):
        return "timeout"
    return f"{type(error).__name__}: {error}"


def perform(connection, step):
    leaves = step.startswith("leave ")
    method, path, body, headers = request_of(step.removeprefix("leave "))
    try:
        start = time.monotonic()
        connection.request(method, path, body, headers)
        if leaves:
            connection.close()
            return "left"
        answer = connection.getresponse()
        pieces, times = [], []
        while piece := answer.read1(65536):
            pieces.append(piece)
            times.append(time.monotonic() - start)
        if answer.length:
            raise http.client.IncompleteRead(b"".join(pieces), answer.length)
        answer.close()
        return shown(answer, b"".join(pieces), times)
    except (OSError, http.client.HTTPException) as error:
        connection.close()
        return mistake(error)


def raw(text):
    with socket.create_connection(("127.0.0.1", options.port), options.timeout) as connection:
        # One byte at a time: however the bytes are cut, they are the same request.
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        back = b""
        try:
            for byte in text.encode().decode("unicode_escape").encode("latin-1"):
                connection.sendall(bytes([byte]))
        except OSError:
            pass  # the server has heard enough; its answer may be there all the same
        try:
            while piece := connection.recv(65536):
                back += piece
            end = "closed"
        except (TimeoutError, socket.timeout):
            end = "open"
        except ConnectionResetError:
            end = "reset"
        return back.decode("latin-1").replace("\r\n", "\n") + f"\n({end})"


def connect():
    return http.client.HTTPConnection("127.0.0.1", options.port, timeout=options.timeout)


if options.parallel:
    lines = [None] * len(options.steps)

    def one(index):
        lines[index] = perform(connect(), options.steps[index])

    threads = [threading.Thread(target=one, args=(i,)) for i in range(len(options.steps))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    print(*lines, sep="\n")
else:
    connection = connect()
    for step in options.steps:
        print(raw(step[4:]) if step.startswith("raw ") else perform(connection, step), flush=True)
