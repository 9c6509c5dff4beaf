"""Random functions of the structural subset, run plainly, traced and as a plan: `python fuzz.py --count 1000 --seed 0`.

A function is of typed statements, so nearly all of them have a form. A difference is printed with the program; `--show` prints one program.
"""

import argparse
import importlib.util
import random
import sys
import tempfile
from pathlib import Path

import kit

INT, FLOAT, STR, BOOL, INTS, STRS, DICT, OPT, PAIR = "int", "float", "str", "bool", "list[int]", "list[str]", "dict[str, int]", "int | None", "tuple[int, str]"
SCALARS = (INT, STR, BOOL, FLOAT)
HEAD = '''import math
import xcs
from dataclasses import dataclass, replace


@dataclass(frozen=True)
class Row:
    key: str
    n: int = 0


@xcs.op(effect="sample")
def ask(text: str) -> str:
    return f"<{text}>"


@xcs.op(effect="pure")
def weigh(text: str, by: int = 2) -> int:
    return len(text) * by


def half(n):
    if n < 0:
        return -(n // 2)
    return n // 2


def label(n, word="x"):
    if n == 0:
        return word
    return f"{word}{n}"


def total(xs):
    out = 0
    for x in xs:
        out += x
    return out

'''


class Generator:
    def __init__(self, seed):
        self.r = random.Random(seed)
        self.lines, self.names, self.count, self.loops = [], {}, 0, 0
        self.locked, self.budget, self.locals = set(), 14, 0

    # Expressions.

    def pick(self, *choices):
        return self.r.choice(choices)

    def name_of(self, t):
        found = [n for n, k in self.names.items() if k == t]
        return self.r.choice(found) if found else None

    def expr(self, t, depth=2):
        if depth <= 0 or self.r.random() < 0.25:
            return self.leaf(t)
        return getattr(self, "x_" + {INT: "int", FLOAT: "float", STR: "str", BOOL: "bool", INTS: "ints", STRS: "strs", DICT: "dict", OPT: "opt", PAIR: "pair"}[t])(depth - 1)

    def leaf(self, t):
        name = self.name_of(t)
        if name and self.r.random() < 0.7:
            return name
        return {
            INT: lambda: str(self.pick(0, 1, 2, 3, 5, -1, -4, 10, 100)),
            FLOAT: lambda: self.pick("0.5", "1.0", "-2.25", "3.0", "0.1"),
            STR: lambda: repr(self.pick("", "a", "b,c", " x ", "é", "Z9", "12", "{}", "日本")),
            BOOL: lambda: self.pick("True", "False"),
            INTS: lambda: self.pick("[1, 2, 3]", "[5]", "[0, -1, 4, 4]", "list(range(3))"),
            STRS: lambda: self.pick("['a', 'b']", "['']", "['x', 'é', 'x']"),
            DICT: lambda: self.pick("{'a': 1, 'b': 2}", "{'k': 0}"),
            OPT: lambda: self.pick("o", "o2"),
            PAIR: lambda: "(1, 'p')",
        }[t]()

    def x_int(self, d):
        e = self.expr
        return self.pick(
            lambda: f"({e(INT, d)} {self.pick('+', '-', '*')} {e(INT, d)})",
            lambda: f"({e(INT, d)} {self.pick('//', '%')} {self.pick('3', '-2', '7', '(' + e(INT, d) + ' or 1)')})",
            lambda: f"len({e(self.pick(STR, INTS, STRS, DICT), d)})",
            lambda: f"abs({e(INT, d)})",
            lambda: f"{self.pick('min', 'max')}({e(INT, d)}, {e(INT, d)})",
            lambda: f"sum({e(INTS, d)})",
            lambda: f"total({e(INTS, d)})",
            lambda: f"half({e(INT, d)})",
            lambda: f"g{self.r.randint(1, self.locals)}({e(INT, d)})" if self.locals else f"half({e(INT, d)})",
            lambda: f"({e(INT, d)} if {e(BOOL, d)} else {e(INT, d)})",
            lambda: f"int({e(BOOL, d)})",
            lambda: f"({e(INT, d)} {self.pick('and', 'or')} {e(INT, d)})",
            lambda: f"{e(DICT, d)}.get({e(STR, d)}, {e(INT, d)})",
            lambda: f"weigh({e(STR, d)})",
            lambda: f"max({e(INTS, d)}, default={e(INT, d)})",
            lambda: f"{e(STR, d)}.find({e(STR, d)})",
            lambda: f"{e(STR, d)}.count('a')",
            lambda: f"-{e(INT, d)}",
            lambda: f"Row({e(STR, d)}, {e(INT, d)}).n",
            lambda: f"{e(PAIR, d)}[0]",
            lambda: f"({e(INTS, d)} or [7])[{self.pick('0', '-1')}]",
            lambda: f"math.floor({e(FLOAT, d)})",
        )()

    def x_float(self, d):
        e = self.expr
        return self.pick(
            lambda: f"({e(FLOAT, d)} {self.pick('+', '-', '*')} {e(self.pick(FLOAT, INT), d)})",
            lambda: f"({e(INT, d)} / {self.pick('4', '-3', '10')})",
            lambda: f"float({e(INT, d)})",
            lambda: f"abs({e(FLOAT, d)})",
            lambda: f"({e(FLOAT, d)} if {e(BOOL, d)} else {e(FLOAT, d)})",
            lambda: f"round({e(FLOAT, d)}, {self.pick('0', '1', '2')})",
            lambda: f"{self.pick('min', 'max')}({e(FLOAT, d)}, {e(FLOAT, d)})",
        )()

    def x_str(self, d):
        e = self.expr
        return self.pick(
            lambda: f"({e(STR, d)} + {e(STR, d)})",
            lambda: f"('%s-%s' % ({e(STR, d)}, {e(self.pick(INT, BOOL, FLOAT), d)}))",
            lambda: f"str({e(self.pick(INT, BOOL, FLOAT), d)})",
            lambda: e(STR, d) + self.pick(".upper()", ".lower()", ".strip()", ".replace('a', 'bb')", ".lstrip()", ".removeprefix('a')"),
            lambda: f"{e(STR, d)}[{self.pick('', '1', '-2', '0')}:{self.pick('', '2', '-1')}]",
            lambda: self.pick("','", "''", "' '") + f".join({e(STRS, d)})",
            lambda: f"ask({e(STR, d)})",
            lambda: f"label({e(INT, d)})",
            lambda: f"label({e(INT, d)}, word={e(STR, d)})",
            lambda: f"({e(STR, d)} if {e(BOOL, d)} else {e(STR, d)})",
            lambda: f"({e(STR, d)} {self.pick('and', 'or')} {e(STR, d)})",
            lambda: f"({e(STR, d)} * {self.pick('0', '2', '-1')})",
            lambda: f"replace(Row({e(STR, d)}), n={e(INT, d)}).key",
            lambda: f"{e(PAIR, d)}[1]",
            lambda: f"'{{}}:{{}}'.format({e(INT, d)}, {e(STR, d)})",
            lambda: f"({e(STRS, d)} + ['z'])[0]",
            lambda: f"f'{{{self.leaf(INT)}:>4}}|'",
            lambda: f"f'{{{self.name_of(FLOAT) or '1.5'}:.2f}}'",
        )()

    def x_bool(self, d):
        e = self.expr
        return self.pick(
            lambda: f"({e(INT, d)} {self.pick('<', '<=', '==', '!=', '>', '>=')} {e(INT, d)})",
            lambda: f"({e(STR, d)} {self.pick('<', '==', '!=', '>=')} {e(STR, d)})",
            lambda: f"({e(FLOAT, d)} {self.pick('<', '==', '>')} {e(self.pick(FLOAT, INT), d)})",
            lambda: f"({e(BOOL, d)} {self.pick('and', 'or')} {e(BOOL, d)})",
            lambda: f"(not {e(self.pick(BOOL, INT, STR, INTS, OPT), d)})",
            lambda: f"({e(STR, d)} {self.pick('in', 'not in')} {e(self.pick(STR, STRS, DICT), d)})",
            lambda: f"({e(INT, d)} in {self.pick('(1, 2, 3)', e(INTS, d))})",
            lambda: f"bool({e(self.pick(INT, STR, INTS, DICT, FLOAT), d)})",
            lambda: f"{e(STR, d)}.{self.pick('startswith', 'endswith')}({e(STR, d)})",
            lambda: f"(0 <= {e(INT, d)} < 9)",
            lambda: f"({e(INTS, d)} == {e(INTS, d)})",
            lambda: f"({self.leaf(OPT)} {self.pick('is None', 'is not None')})",
            lambda: f"any(v > 2 for v in {e(INTS, d)})",
            lambda: f"all([v != {self.leaf(INT)} for v in {e(INTS, d)}])",
        )()

    def x_ints(self, d):
        e = self.expr
        return self.pick(
            lambda: f"[v {self.pick('+ 1', '* 2', '% 3', '- 7')} for v in {e(INTS, d)}]",
            lambda: f"[v for v in {e(INTS, d)} if v {self.pick('> 0', '% 2 == 0', '!= 4')}]",
            lambda: f"[v // 2 for v in {e(INTS, d)} if v > {self.leaf(INT)}]",
            lambda: f"sorted({e(INTS, d)}{self.pick('', ', reverse=True')})",
            lambda: f"({e(INTS, d)} + {e(INTS, d)})",
            lambda: f"{e(INTS, d)}[{self.pick('', '1', '-2')}:{self.pick('', '3', '-1')}]",
            lambda: f"list(reversed({e(INTS, d)}))",
            lambda: f"list({e(DICT, d)}.values())",
            lambda: f"[len(v) for v in {e(STRS, d)}]",
            lambda: f"[a * b for a in {e(INTS, d)} for b in {self.pick('(1, 2)', '[3]')}]",
            lambda: f"[i + v for i, v in enumerate({e(INTS, d)})]",
            lambda: f"[a - b for a, b in zip({e(INTS, d)}, {e(INTS, d)})]",
            lambda: f"[{e(INT, d)}, *{e(INTS, d)}]",
        )()

    def x_strs(self, d):
        e = self.expr
        return self.pick(
            lambda: f"{e(STR, d)}.split({self.pick('', repr(','), repr('a'))})",
            lambda: f"[v + {e(STR, 0)} for v in {e(STRS, d)}]",
            lambda: f"[ask(v) for v in {e(STRS, d)} if v]",
            lambda: f"[str(v) for v in {e(INTS, d)}]",
            lambda: f"sorted({e(STRS, d)}, key=len)",
            lambda: f"({e(STRS, d)} + {e(STRS, d)})",
            lambda: f"list({e(DICT, d)})",
            lambda: f"list({e(STR, d)})",
            lambda: f"[label(i, word=v) for i, v in enumerate({e(STRS, d)})]",
        )()

    def x_dict(self, d):
        e = self.expr
        return self.pick(
            lambda: f"{{v: len(v) for v in {e(STRS, d)}}}",
            lambda: f"{{{e(STR, d)}: {e(INT, d)}}}",
            lambda: f"{{**{e(DICT, d)}, {e(STR, d)}: {e(INT, d)}}}",
            lambda: f"dict(zip({e(STRS, d)}, {e(INTS, d)}))",
            lambda: f"{{k: v for k, v in {e(DICT, d)}.items() if v}}",
        )()

    def x_opt(self, d):
        return self.leaf(OPT)

    def x_pair(self, d):
        return f"({self.expr(INT, d)}, {self.expr(STR, d)})"

    # Statements.

    def add(self, depth, text):
        self.lines.append("    " * depth + text)

    def fresh(self):
        self.count += 1
        return f"v{self.count}"

    def block(self, depth, most, in_loop):
        before = dict(self.names)
        for _ in range(self.r.randint(1, most)):
            self.statement(depth, in_loop)
        self.names = {n: t for n, t in self.names.items() if n in before}

    def statement(self, depth, in_loop):
        self.budget -= 1
        kinds = ["assign"] * 4 + (["alias", "local"] if self.r.random() < 0.15 else []) + ["again"] * 4 + ["aug"] * 2 + ["append", "put", "opt", "pair"]
        if depth < 4 and self.budget > 0:
            kinds += ["if"] * 3 + ["for"] * 3 + ["while", "try", "narrow", "match"]
        if depth > 1:
            kinds += ["return"]
        if in_loop:
            kinds += ["jump"] * 2
        getattr(self, "s_" + self.r.choice(kinds))(depth, in_loop)

    def s_assign(self, depth, in_loop):
        t = self.pick(INT, STR, BOOL, FLOAT, INTS, STRS, DICT)
        value = self.expr(t)
        if t in (INTS, STRS):
            value = f"list({value})"
        if t == DICT:
            value = f"dict({value})"
        name = self.fresh()
        self.add(depth, f"{name} = {value}")
        self.names[name] = t

    def target(self, *types):
        found = [n for n, t in self.names.items() if t in types and n.startswith("v") and n not in self.locked]
        return self.r.choice(found) if found else None

    def s_again(self, depth, in_loop):
        name = self.target(*SCALARS)
        if name is None:
            return self.s_assign(depth, in_loop)
        self.add(depth, f"{name} = {self.expr(self.names[name])}")

    def s_aug(self, depth, in_loop):
        name = self.target(INT, STR, FLOAT)
        if name is None:
            return self.s_assign(depth, in_loop)
        t = self.names[name]
        value = f"{self.expr(INT)} % 1000" if t == INT else f"{self.expr(STR)}[:4]" if t == STR else self.expr(FLOAT)
        self.add(depth, f"{name} {self.pick('+=', '-=') if t != STR else '+='} {value}")

    def s_append(self, depth, in_loop):
        name = self.target(INTS, STRS)
        if name is None:
            return self.s_assign(depth, in_loop)
        self.add(depth, f"{name}.append({self.expr(INT if self.names[name] == INTS else STR)})")

    def s_put(self, depth, in_loop):
        name = self.target(DICT)
        if name is None:
            return self.s_assign(depth, in_loop)
        key = self.expr(STR, 1)
        self.add(depth, self.pick(f"{name}[{key}] = {self.expr(INT)}", f"{name}[{key}] = {name}.get({key}, 0) + 1"))

    def s_alias(self, depth, in_loop):
        """Another name for a list, or one list in another: what changes it afterwards is seen by both."""
        name = self.target(INTS, STRS)
        if name is None:
            return self.s_assign(depth, in_loop)
        new = self.fresh()
        self.add(depth, self.pick(f"{new} = {name}", f"{new} = {name} or {name}[:]", f"{new} = {name} if {self.expr(BOOL, 1)} else {name}[:1]", f"{new} = [{name}, {name}[:]][{self.pick('0', '1')}]"))
        self.names[new] = self.names[name]

    def s_local(self, depth, in_loop):
        """A function of the function, which looks at what a name is when it is called."""
        if depth > 1:
            return self.s_assign(depth, in_loop)
        self.locals += 1
        seen = self.pick("v_i", "len(v_xs)", "a", "len(v_s)")
        self.add(depth, f"def g{self.locals}(n, by={self.pick('1', '3')}):")
        self.add(depth + 1, f"return n * by + {seen}")

    def s_opt(self, depth, in_loop):
        self.add(depth, f"{self.pick('o', 'o2')} = {self.pick('None', self.expr(INT, 1))}")

    def s_pair(self, depth, in_loop):
        a, b = self.target(INT), self.target(STR)
        if a is None or b is None:
            return self.s_assign(depth, in_loop)
        self.add(depth, f"{a}, {b} = {self.expr(PAIR)}")

    def s_narrow(self, depth, in_loop):
        name = self.pick("o", "o2")
        self.add(depth, f"if {name} is not None and {self.pick(name + ' > 1', self.expr(BOOL, 1))}:")
        target = self.target(INT)
        self.add(depth + 1, f"{target} = {name} % 50" if target else f"ask(str({name}))")

    def s_if(self, depth, in_loop):
        self.add(depth, f"if {self.expr(self.pick(BOOL, BOOL, INT, STR))}:")
        self.block(depth + 1, 3, in_loop)
        if self.r.random() < 0.3:
            self.add(depth, f"elif {self.expr(BOOL)}:")
            self.block(depth + 1, 2, in_loop)
        if self.r.random() < 0.5:
            self.add(depth, "else:")
            self.block(depth + 1, 3, in_loop)

    def s_for(self, depth, in_loop):
        kind = self.pick("ints", "range", "strs", "items", "enumerate")
        a, b = self.fresh(), self.fresh()
        before = dict(self.names)
        if kind == "ints":
            head, bound = f"{a} in {self.expr(INTS)}", {a: INT}
        elif kind == "range":
            head, bound = f"{a} in range({self.pick('3', '5', '1, 4', self.leaf(INT) + ' % 5')})", {a: INT}
        elif kind == "strs":
            head, bound = f"{a} in {self.expr(STRS)}", {a: STR}
        elif kind == "items":
            head, bound = f"{a}, {b} in {self.expr(DICT)}.items()", {a: STR, b: INT}
        else:
            head, bound = f"{a}, {b} in enumerate({self.expr(STRS)})", {a: INT, b: STR}
        locked = {n for n, t in self.names.items() if t in (INTS, STRS, DICT) and n in head}
        self.locked |= locked | set(bound)
        self.names.update(bound)
        self.add(depth, f"for {head}:")
        self.block(depth + 1, 4, True)
        if self.r.random() < 0.15:
            self.add(depth, "else:")
            self.names = dict(before)
            self.block(depth + 1, 2, in_loop)
        self.locked -= locked
        self.names = before

    def s_while(self, depth, in_loop):
        i = self.fresh()
        self.add(depth, f"{i} = 0")
        before = dict(self.names)
        self.names[i] = INT
        self.locked.add(i)
        self.add(depth, f"while {i} < {self.pick('3', '5', self.leaf(INT) + ' % 4')}{self.pick('', ' and ' + self.expr(BOOL, 1))}:")
        self.add(depth + 1, f"{i} += 1")
        self.block(depth + 1, 3, True)
        if self.r.random() < 0.2:
            self.add(depth, "else:")
            self.names = dict(before)
            self.block(depth + 1, 2, in_loop)
        self.names = before

    def s_try(self, depth, in_loop):
        name = self.target(INT)
        if name is None:
            return self.s_assign(depth, in_loop)
        raising = self.pick(f"int({self.expr(STR, 1)})", f"{self.expr(INTS, 1)}[{self.expr(INT, 1)} % 6]", f"{self.expr(DICT, 1)}[{self.expr(STR, 1)}]", f"{self.expr(INT, 1)} // ({self.expr(INT, 1)} % 3)")
        self.add(depth, "try:")
        self.add(depth + 1, f"{name} = {raising}")
        self.add(depth, self.pick("except (ValueError, IndexError, KeyError, ZeroDivisionError):", "except Exception:", "except LookupError:", "except ValueError:"))
        self.block(depth + 1, 2, in_loop)
        if self.r.random() < 0.2:
            self.add(depth, "else:")
            self.block(depth + 1, 2, in_loop)

    def s_match(self, depth, in_loop):
        self.add(depth, f"match {self.expr(STR, 1)}:")
        self.add(depth + 1, f"case {self.pick(repr('a'), repr('') + ' | ' + repr('12'))}:")
        self.block(depth + 2, 2, in_loop)
        self.add(depth + 1, "case _:")
        self.block(depth + 2, 2, in_loop)

    def s_return(self, depth, in_loop):
        self.add(depth, f"return {self.result()}")

    def s_jump(self, depth, in_loop):
        self.add(depth, f"if {self.expr(BOOL, 1)}:")
        self.add(depth + 1, self.pick("break", "continue"))

    def result(self):
        return self.pick("r_str", "str(r_int)", "'early'") + f" + '{self.pick('!', '?')}', {self.expr(INT, 1)}, {self.expr(INTS, 1)}[:], {self.expr(STRS, 1)}[:], {self.expr(FLOAT, 1)}"

    def program(self):
        self.names = {"a": INT, "b": INT, "s": STR, "t": STR, "p": BOOL, "x": FLOAT, "xs": INTS, "ss": STRS, "d": DICT}
        self.add(1, "r_str, r_int = t, a")
        self.add(1, "o: int | None = None")
        self.add(1, "o2: int | None = b")
        self.names |= {"v_i": INT, "v_s": STR, "v_f": FLOAT}
        self.add(1, "v_i, v_s, v_f = b, s, x")
        self.add(1, "v_xs, v_ss, v_d = list(xs), list(ss), dict(d)")
        self.names |= {"v_xs": INTS, "v_ss": STRS, "v_d": DICT}
        for _ in range(self.r.randint(3, 8)):
            self.statement(1, False)
        self.add(1, "r_str = r_str + v_s + str(v_f) + str(o) + str(o2) + ','.join(v_ss) + ','.join(f'{k}{v}' for k, v in v_d.items())")
        self.add(1, "r_int = v_i")
        self.add(1, f"return r_str, r_int + {self.expr(INT, 1)} % 100, v_xs, v_ss, v_f")
        head = "def f(a: int, b: int, s: str, t: str, p: bool, x: float, xs: list[int], ss: list[str], d: dict[str, int]):\n"
        return HEAD + "\n" + head + "\n".join(self.lines) + "\n"


def arguments(seed):
    r = random.Random(seed * 7 + 1)
    for _ in range(4):
        yield (r.choice([0, 1, -3, 7, 12]), r.choice([2, -1, 5, 0]), r.choice(["", "a", "b,a", "é x", "12"]), r.choice(["t", " ", "日"]), r.random() < 0.5, r.choice([0.0, 1.5, -0.25, 1e16]),
               r.choice([[], [1, 2, 3], [4, -1, 0, 4]]), r.choice([[], ["a", "b"], ["é", "", "a,b"]]), r.choice([{}, {"a": 1}, {"b": 3, "a": 0}]))  # fmt: skip


def loaded(folder, seed, text):
    name = f"fuzzed_{seed}"
    path = Path(folder) / f"{name}.py"
    path.write_text(text, encoding="utf-8")
    spec = importlib.util.spec_from_file_location(name, path)
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


def compared(seed, folder, traced=True):
    """("equal" or "refused", None), or ("differs", what is told)."""
    import xcs

    text = Generator(seed).program()
    module = loaded(folder, seed, text)
    try:
        program = xcs.program(module.f, strategy="structural")
        try:
            program.plan()
        except xcs.CompileError as e:
            told = str(e)
            return ("refused", told) if "[no-form]" in told else ("differs", f"the plan does not compile: {told}\n{program_text(module)}")
        for args in arguments(seed):
            told = kit.difference(module.f, args, program)
            if told:
                return "differs", f"f{args}: {told}\n{text}"
        if traced:
            both = xcs.program(module.f)
            for args in arguments(seed):
                told = kit.difference(module.f, args, both)
                if told:
                    return "differs", f"traced: f{args}: {told}\n{text}"
        return "equal", None
    finally:
        del sys.modules[module.__name__]


def program_text(module):
    return Path(module.__file__).read_text(encoding="utf-8")


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--count", type=int, default=300, help="functions to run")
    parser.add_argument("--seed", type=int, default=0, help="the first one")
    parser.add_argument("--show", action="store_true", help="print the program of --seed and end")
    parser.add_argument("--most", type=int, default=5, help="end after so many differences")
    parser.add_argument("--why", action="store_true", help="print why functions are refused")
    parser.add_argument("--untraced", action="store_true", help="plainly and as a plan alone")
    options = parser.parse_args()
    if options.show:
        return print(Generator(options.seed).program())
    counts = {"equal": 0, "refused": 0, "differs": 0}
    with tempfile.TemporaryDirectory() as folder:
        for seed in range(options.seed, options.seed + options.count):
            try:
                kind, told = compared(seed, folder, not options.untraced)
            except Exception as e:
                kind, told = "differs", f"{type(e).__name__}: {e}\n" + Generator(seed).program()
            counts[kind] += 1
            if kind == "differs":
                print(f"--- seed {seed}: {told}\n")
            elif told and options.why:
                print(f"--- seed {seed}: {told}")
            if counts["differs"] >= options.most:
                break
    print(f"{counts['equal']} equal, {counts['refused']} refused, {counts['differs']} differ")
    return 1 if counts["differs"] else 0


if __name__ == "__main__":
    sys.exit(main())
