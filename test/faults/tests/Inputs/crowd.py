"""usage: crowd.py PORT N: opens N connections, sends a request on each, then reads all answers."""
import resource
import socket
import sys
import time

port, count = int(sys.argv[1]), int(sys.argv[2])
resource.setrlimit(resource.RLIMIT_NOFILE, (resource.getrlimit(resource.RLIMIT_NOFILE)[1],) * 2)
crowd = [socket.create_connection(("127.0.0.1", port), 20) for _ in range(count)]
begun = []
for client in crowd:
    begun.append(time.monotonic())
    client.sendall(b"GET /x HTTP/1.1\r\nHost: here\r\n\r\n")
last = time.monotonic()
first = crowd[0].recv(4096)
early = time.monotonic() - begun[0] < 0.1
good = first.startswith(b"HTTP/1.1 200")
for client in crowd[1:]:
    good += client.recv(4096).startswith(b"HTTP/1.1 200")
print(f"{good} answers of 200,", "in time" if time.monotonic() - last < 5 else "late")
print("some early" if early else "none early")
