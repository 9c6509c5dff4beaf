"""A random program from a seed: `Program(seed).source`. The same seed gives the same text with the same version of this package."""
import random

from . import helpers, weights
from .expressions import Expressions
from .scope import Scope, chosen, indented
from .statements import Statements
from .traps import Traps

IMPORTS = """import ast, collections, contextlib, copy, csv, dataclasses, functools, hashlib, io, itertools, json, logging, operator, os, pathlib
import pickle, pprint, random, re, sqlite3, string, sys, textwrap, threading, time
from concurrent.futures import ThreadPoolExecutor
import anthropic
from openai import APIStatusError, BadRequestError, OpenAI, OpenAIError
import kit

client = OpenAI(max_retries=0, base_url=os.environ["OPENAI_BASE_URL"])
claude = anthropic.Anthropic(max_retries=0)
logging.basicConfig(level=logging.INFO, format="%(levelname)s %(name)s %(message)s")
logging.getLogger("httpx").setLevel(logging.WARNING)
logging.getLogger("httpx2").setLevel(logging.WARNING)
logging.getLogger("openai").setLevel(logging.WARNING)
logging.getLogger("anthropic").setLevel(logging.WARNING)
log = logging.getLogger("program")
total, notes, stack = 0, [], []
"""

# Functions of the module, put into a program that uses them; FIRST and LAST are ways to ask.
COMMON = {
    "tick(": '''
def tick(by):
    global total
    total += by
    return total
''',
    "note(": '''
def note(text):
    notes.append(text)
''',
    "in_pool(": '''
def in_pool(function, values):
    with ThreadPoolExecutor(3) as pool:
        return list(pool.map(function, values))
''',
    "produce(": '''
def produce(values, extra=None):
    for value in values:
        yield FIRST("For %s" % value)
    if extra is not None:
        yield f"extra {extra}"
''',
    "refine(": '''
def refine(text, times):
    if times == 0:
        return text
    return refine(FIRST(f"Refine: {text}"), times - 1)
''',
    "summary(": '''
def summary(values, *, head="Sum"):
    return LAST(head + "\\n" + "\\n".join(f"* {value}" for value in values))
''',
}


class Program(Expressions, Statements, Traps):
    def __init__(self, seed):
        self.seed, self.random = seed, random.Random(f"program {seed}")
        self.scope = Scope(self.random)
        self.loops, self.inside, self.clean, self.busy = 0, False, False, frozenset()
        self.failing = self.random.random() < weights.FAILING_PROGRAM
        self.nulls = self.random.random() < weights.NULL_PROGRAM
        self.asks, self.exacts = [], []
        self.usual = weights.FLOW if chosen(self.random, weights.PROFILE) == "flow" else weights.STATEMENT
        self.classes = self.random.sample(list(helpers.CLASSES), self.random.choice(weights.CLASSES))
        self.source = "\n".join(self.lines()) + "\n"

    def mark(self):
        """A mark for a prompt that is to fail or to have no text, or nothing."""
        if self.failing and self.random.random() < weights.FAILING_PROMPT:
            return " !FAIL"
        return " !NULL" if self.nulls and self.random.random() < weights.NULL_PROMPT else ""

    def lines(self):
        asks, body = self.ask_functions(), []
        for _ in range(self.random.randint(0, 2)):
            body += self.function()
        least, most = self.random.choices(list(weights.SIZES), list(weights.SIZES.values()))[0]
        count = self.random.randint(least, most)
        if self.random.random() < 0.35:
            body += self.main(count)
        else:
            for _ in range(count):
                body += self.statement(3)
        kept = [name for block in self.scope.blocks for name, kind in block.items() if kind in ("text", "texts", "table", "integer")]
        body += [f"print({', '.join(kept[-6:]) or 'total'})", "print(total, notes)"]
        handlers = ["log.addHandler(logging.FileHandler('run.log'))"] if self.random.random() < weights.LOG_FILE else []
        return IMPORTS.split("\n") + handlers + [f"random.seed({self.seed})"] + asks + self.used("\n".join(body)) + body

    def used(self, body):
        """The definitions that a program's statements name."""
        common = {name: text.replace("FIRST", self.asks[0]).replace("LAST", self.asks[-1]) for name, text in COMMON.items()}
        classes = {f"{name}(": helpers.CLASSES[name] for name in self.classes}
        return [line for name, text in {**helpers.USED, **classes, **common}.items() if name in body for line in text.split("\n")]

    def ask_functions(self):
        lines = []
        for name in self.random.sample(["ask", "draft", "judge"], self.random.choice([1, 1, 2, 2, 3])):
            text, exact = helpers.ASK[chosen(self.random, weights.ASK)]
            lines += text.replace("NAME", name).replace("MODEL", self.random.choice(["small", "large"])).split("\n")
            self.asks.append(name)
            if exact:
                self.exacts.append(name)
        if not self.exacts:
            lines += helpers.ASK["direct"][0].replace("NAME", "exact").replace("MODEL", "small").split("\n")
            self.exacts.append("exact")
        return lines

    def function(self):
        """A function of the module: its statements, then a text."""
        name, argument, number = self.scope.fresh("function"), self.scope.fresh("text"), self.scope.fresh("integer")
        with self.scope.function():
            self.scope.add(argument, "text"), self.scope.add(number, "integer")
            self.inside = True
            body = [line for _ in range(self.random.randint(1, 4)) for line in self.statement(2)]
            if self.random.random() < 0.3:
                body += [f"if {self.truth(1)}:", f"    return {self.text(1)}"]
            body += [f"return {self.text(2)}"]
            self.inside = False
        self.scope.add(name, "function")
        return ["", f"def {name}({argument}, {number}={self.random.randint(0, 3)}):"] + indented(body)

    def main(self, count):
        with self.scope.function():
            self.inside = True
            body = [line for _ in range(count) for line in self.statement(3)]
            self.inside = False
        end = self.random.choice([["main()"], ["if __name__ == '__main__':", "    main()"], ["try:", "    main()", "finally:", "    print('the end')"],
                                  ["sys.exit(main())"], ["try:", "    main()", "except Exception as e:", "    print('failed', type(e).__name__)", "    raise"]])
        return ["", "def main():"] + indented(body) + end
