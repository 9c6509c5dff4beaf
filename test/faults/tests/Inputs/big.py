"""usage: big.py PORT PATH...: fetches bodies larger than any socket's buffer; of `/left` it reads a part and leaves."""
import http.client
import sys
import time

for path in sys.argv[2:]:
    connection = http.client.HTTPConnection("127.0.0.1", int(sys.argv[1]), timeout=20)
    connection.request("GET", path)
    answer = connection.getresponse()
    time.sleep(0.1)  # the server cannot write on: it has to keep the rest
    if path == "/left":
        print(path, len(answer.read(1000)))
    else:
        body = answer.read()
        print(path, len(body), "right" if body == b"0123456789" * (len(body) // 10) else "wrong", answer.headers["Connection"])
    connection.close()
