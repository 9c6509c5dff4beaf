"""Many objects to JSON text."""

import json
import time

EMPTY = ({}, 20000)
SIMPLE = ({"key1": 0, "key2": True, "key3": "value", "key4": "foo", "key5": "string"}, 10000)
NESTED = ({"key1": 0, "key2": SIMPLE[0], "key3": "value", "key4": SIMPLE[0], "key5": SIMPLE[0], "key": "ąćż"}, 10000)
HUGE = ([NESTED[0]] * 100, 60)


def dump(cases):
    for data, count in cases:
        for _ in range(count):
            json.dumps(data)


begin = time.process_time()
dump((EMPTY, SIMPLE, NESTED, HUGE))
print(json.dumps({"seconds": time.process_time() - begin}))
