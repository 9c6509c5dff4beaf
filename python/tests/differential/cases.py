"""The hand-written cases (cases/): their texts, and those that are known to differ."""
import re
from pathlib import Path

FOLDER = Path(__file__).with_name("cases")

PREAMBLE = """import ast, collections, contextlib, copy, dataclasses, functools, io, itertools, json, logging, operator, os, pickle, random, re, string
import sys, textwrap, threading, time
from openai import OpenAI, BadRequestError
import kit
client = OpenAI(max_retries=0)
def ask(p):
    return client.chat.completions.create(model="small", messages=[{"role": "user", "content": p}]).choices[0].message.content
"""

# Cases that are known to differ, with the reason. One that no longer differs is to be taken off.
KNOWN = {
    "docstring_inspect": "a converted function's code object shows a name of ours among its variables",
}


def all_cases():
    """{name: the whole script}, in the order of the files."""
    found = {}
    for path in sorted(FOLDER.glob("*.txt")):
        for block in re.split(r"^### ", path.read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]:
            name, _, body = block.partition("\n")
            assert name not in found, f"two cases are named {name}"
            found[name] = PREAMBLE + body
    return found
