"""Fetches a packed body and unpacks it."""
import gzip
import sys
import urllib.request

with urllib.request.urlopen(f"http://127.0.0.1:{sys.argv[1]}{sys.argv[2]}", timeout=20) as answer:
    assert answer.headers["Content-Encoding"] == "gzip"
    packed = answer.read()
text = gzip.decompress(packed).decode()
print(f"{len(packed)} bytes become {len(text)}, all of them {text[:10] if text == text[:10] * 2000 else 'something else'}")
