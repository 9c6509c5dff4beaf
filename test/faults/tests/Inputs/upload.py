"""Sends a large body; the server's usual answer to PUT is the same bytes."""
import os
import sys
import urllib.request

body = os.urandom(30_000_000)
request = urllib.request.Request(f"http://127.0.0.1:{sys.argv[1]}/x", body, {"Content-Type": "a/b"}, method="PUT")
with urllib.request.urlopen(request, timeout=60) as answer:
    print(len(body), "bytes came back", "as they went" if answer.read() == body else "changed")
