"""A loop of 10^6 calls of a small function."""

import json
import time


def add(a, b):
    return a + b


def run(n):
    s = 0
    for i in range(n):
        s = add(s, i)
    return s


begin = time.process_time()
assert run(1_000_000) == 499999500000
print(json.dumps({"seconds": time.process_time() - begin}))
