"""Regular expressions compiled, without the cache of the module."""

import json
import re
import time

PATTERNS = [
    r"[a-z]+\d{2,4}", r"(?i)<(\w+)[^>]*>(.*?)</\1>", r"^\s*(?:[^#]|\\#)*$", r"(\d+)-(\d+)-(\d+)T(\d\d):(\d\d)", r"\b(?:foo|bar|baz|qux)+\b(?=\s)",
    r"(?P<name>[A-Za-z_]\w*)\s*=\s*(?P<value>\"(?:[^\"\\]|\\.)*\"|\d+)", r"[\w.+-]+@[\w-]+\.[\w.-]+", r"https?://(?:www\.)?[^\s/?#]+[^\s?#]*(?:\?[^\s#]*)?",
    r"(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)\.){3}(?:25[0-5]|2[0-4]\d|1?\d?\d)", r"(?s)/\*.*?\*/|//[^\n]*",
]  # fmt: skip


def compile_all(n):
    for _ in range(n):
        for p in PATTERNS:
            re.purge()
            re.compile(p)


begin = time.process_time()
compile_all(60)
print(json.dumps({"seconds": time.process_time() - begin}))
