"""A server of HTTP/2 over TLS that does as its script says, and runs a command beside it.

usage: h2_server.py FOLDER [--latency MS] [--streams N] [--script STEP[,STEP..]] -- COMMAND..
Makes an authority and a certificate for `localhost` in FOLDER, which the command gets as SSL_CERT_FILE; `{url}` in the command is the
server's. A stream beyond the
allowed number is refused. Each other request takes the next step, and the last one holds for all that follow:
  answer      status 200 after the latency
  refuse      RST_STREAM, REFUSED_STREAM: it was not processed (RFC 9113, 8.7)
  reset       RST_STREAM, INTERNAL_ERROR: it may have been
  goaway      GOAWAY that leaves this stream and later ones out: they were not processed; those before are answered, then the connection ends
  gone        GOAWAY that counts this stream in, and the connection ends without an answer
Ends with a line on standard error: connections, requests, how many were answered, the most streams open at once on a connection.
"""
import argparse
import asyncio
import os
import ssl
import struct
import subprocess
import sys

DATA, HEADERS, RST_STREAM, SETTINGS, PING, GOAWAY, WINDOW_UPDATE, CONTINUATION = 0, 1, 3, 4, 6, 7, 8, 9
END_STREAM, END_HEADERS, ACK = 1, 4, 1
PREFACE = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"
MAX_CONCURRENT_STREAMS = 3
# `:status: 200` and `content-type: application/json` (RFC 7541, appendix A).
HEAD = b"\x88\x5f\x10application/json"
ANSWER = b'{"choices":[{"index":0,"finish_reason":"stop","message":{"role":"assistant","content":"yes"}}],"usage":{"prompt_tokens":1,"completion_tokens":1}}'


def frame(kind, flags, stream, payload=b""):
    return struct.pack(">I", len(payload))[1:] + struct.pack(">BBI", kind, flags, stream) + payload


class Book:
    """What happened, over all connections."""

    def __init__(self, latency, streams, script):
        self.latency, self.streams, self.script = latency, streams, script
        self.connections = self.requests = self.answered = self.most_open = 0

    def step(self):
        self.requests += 1
        return self.script.pop(0) if len(self.script) > 1 else self.script[0]


class Connection(asyncio.Protocol):
    def __init__(self, book):
        self.book, self.buffer, self.is_open, self.open = book, b"", False, set()
        self.ends = False

    def connection_made(self, transport):
        self.transport = transport
        self.book.connections += 1
        transport.write(frame(SETTINGS, 0, 0, struct.pack(">HI", MAX_CONCURRENT_STREAMS, self.book.streams)))

    def data_received(self, data):
        self.buffer += data
        if not self.is_open:
            if len(self.buffer) < len(PREFACE):
                return
            self.buffer, self.is_open = self.buffer[len(PREFACE):], True
        while len(self.buffer) >= 9:
            length = int.from_bytes(self.buffer[:3], "big")
            if len(self.buffer) < 9 + length:
                return
            kind, flags, stream = struct.unpack(">BBI", self.buffer[3:9])
            payload, self.buffer = self.buffer[9:9 + length], self.buffer[9 + length:]
            self.take(kind, flags, stream, payload)

    def take(self, kind, flags, stream, payload):
        if kind == SETTINGS and not flags & ACK:
            self.transport.write(frame(SETTINGS, ACK, 0))
        elif kind == PING and not flags & ACK:
            self.transport.write(frame(PING, ACK, 0, payload))
        elif kind == RST_STREAM:
            self.open.discard(stream)
        elif kind == HEADERS and not self.ends:
            if len(self.open) < self.book.streams:
                self.open.add(stream)
            self.book.most_open = max(self.book.most_open, len(self.open))
        elif kind == DATA and payload:
            more = struct.pack(">I", len(payload))
            self.transport.write(frame(WINDOW_UPDATE, 0, 0, more) + frame(WINDOW_UPDATE, 0, stream, more))
        if kind in (HEADERS, DATA) and flags & END_STREAM and (stream in self.open or not self.ends):
            getattr(self, self.book.step() if stream in self.open else "refuse")(stream)

    def answer(self, stream):
        asyncio.get_running_loop().call_later(self.book.latency, self.send_answer, stream)

    def send_answer(self, stream):
        if stream not in self.open or self.transport.is_closing():
            return
        self.book.answered += 1
        self.open.discard(stream)
        self.transport.write(frame(HEADERS, END_HEADERS, stream, HEAD) + frame(DATA, END_STREAM, stream, ANSWER))
        if self.ends and not self.open:
            self.transport.close()

    def refuse(self, stream, code=7):
        self.open.discard(stream)
        self.transport.write(frame(RST_STREAM, 0, stream, struct.pack(">I", code)))

    def reset(self, stream):
        self.refuse(stream, 2)

    def goaway(self, stream):
        self.open = {s for s in self.open if s < stream}
        self.transport.write(frame(GOAWAY, 0, 0, struct.pack(">II", max(stream - 2, 0), 0)))
        self.ends = True
        if not self.open:
            self.transport.close()

    def gone(self, stream):
        self.transport.write(frame(GOAWAY, 0, 0, struct.pack(">II", stream, 0)))
        self.transport.close()


def make_certificate(folder):
    os.makedirs(folder, exist_ok=True)
    with open(folder + "/leaf.conf", "w") as conf:
        conf.write("subjectAltName=DNS:localhost,IP:127.0.0.1\n")
    make = lambda *words: subprocess.run(["openssl", *words], cwd=folder, check=True, stderr=subprocess.DEVNULL)
    key = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes")
    make("req", "-x509", *key, "-days", "2", "-subj", "/CN=test authority", "-keyout", "authority.key", "-out", "authority.pem")
    make("req", *key, "-subj", "/CN=localhost", "-keyout", "leaf.key", "-out", "leaf.csr")
    make("x509", "-req", "-in", "leaf.csr", "-CA", "authority.pem", "-CAkey", "authority.key", "-CAcreateserial", "-days", "2",
         "-extfile", "leaf.conf", "-out", "leaf.pem")


async def main():
    split = sys.argv.index("--")
    parser = argparse.ArgumentParser()
    parser.add_argument("folder")
    parser.add_argument("--latency", type=float, default=0, help="milliseconds")
    parser.add_argument("--streams", type=int, default=100)
    parser.add_argument("--script", default="answer")
    options = parser.parse_args(sys.argv[1:split])
    make_certificate(options.folder)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(options.folder + "/leaf.pem", options.folder + "/leaf.key")
    context.set_alpn_protocols(["h2"])
    book = Book(options.latency / 1000, options.streams, options.script.split(","))
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: Connection(book), "127.0.0.1", 0, ssl=context, backlog=1000)
    url = f"https://localhost:{server.sockets[0].getsockname()[1]}"
    environment = dict(os.environ, SSL_CERT_FILE=options.folder + "/authority.pem", XCS_H2_URL=url)
    for name in ("CURL_CA_BUNDLE", "SSL_CERT_DIR", "https_proxy", "all_proxy"):
        environment.pop(name, None)
    command = [word.replace("{url}", url) for word in sys.argv[split + 1:]]
    process = await asyncio.create_subprocess_exec(*command, env=environment)
    try:
        status = await asyncio.wait_for(process.wait(), 300)
    except asyncio.TimeoutError:
        process.kill()
        status = 124
    server.close()
    print(f"connections {book.connections}, requests {book.requests}, answered {book.answered}, most streams {book.most_open}", file=sys.stderr)
    return status


sys.exit(asyncio.run(main()))
