"""Which frames run which form of converted code, and where a failure would be caught.

A call may be deferred only when every frame up to the start of the run is converted, called the next one from its deferring form, and is not
within reach of a `try` or `with`. Then nothing between the call and the start can tell when its failure is raised.
"""

from __future__ import annotations

import sys
import types

TEMP = "__xcs_t__"
COMPREHENSIONS = frozenset({"<listcomp>", "<setcomp>", "<dictcomp>"})
GUARD, FOREIGN, PLAIN = "guard", "foreign", "plain"

_known = {}  # id(code) -> Info, which keeps the code
roots = {}  # id(code) of the frames that begin a run or an iteration -> True
bottoms = set()  # those of them that begin a script: what is above them is not the program's
through = set()  # id(code) of helpers that run a generator of converted code in its caller's place


class Info:
    """What the frames of one converted code object can be asked."""

    __slots__ = ("code", "inner", "_sites", "_ranges", "_answers")

    def __init__(self, code):
        self.code = code
        # A comprehension of a deferring form; its frame belongs to the statement that it is in. (From 3.12 on it has no frame.)
        self.inner = code.co_name in COMPREHENSIONS
        self._sites = self._ranges = None
        self._answers = {}  # offset -> whether it is guarded

    def defers(self, offset):
        """Whether the call made at `offset` is one whose callee may give back handles."""
        if self._sites is None:
            self._sites = frozenset(o for start, end in _sites(self.code) for o in range(start, end, 2))
        return offset in self._sites

    def guarded(self, offset):
        answer = self._answers.get(offset)
        if answer is None:
            if self._ranges is None:
                self._ranges = _ranges(self.code)
            answer = self._answers[offset] = any(start <= offset < end for start, end in self._ranges)
        return answer


def _sites(code):
    """The calls of the form `__xcs_t__.pop()()`: the second call of each, as (its offset, that of what comes after it)."""
    if TEMP not in (*code.co_varnames, *code.co_names, *code.co_cellvars, *code.co_freevars):
        return []
    return _sites_of_3_11(code) if sys.version_info[:2] == (3, 11) else _sites_by_dis(code)


def _sites_by_dis(code):
    import dis

    return _found(
        (i.offset, i.opname, "temp" if TEMP in (i.argval if i.opname.startswith("LOAD_FAST_") and type(i.argval) is tuple else (i.argval,))[-1:]
         else i.argval if i.opname in ("LOAD_METHOD", "LOAD_ATTR") else i.arg)
        for i in dis.get_instructions(code)
    )  # fmt: skip


def _sites_of_3_11(code):
    """The same without `dis`, which takes milliseconds for a long function: it is asked before the first call is sent."""
    from opcode import opname

    where = {}  # (name of an instruction, its argument) -> what it loads
    locals_ = [*code.co_varnames, *[n for n in code.co_cellvars if n not in code.co_varnames], *code.co_freevars]
    for i, n in enumerate(locals_):
        if n == TEMP:
            where.update({("LOAD_FAST", i): "temp", ("LOAD_DEREF", i): "temp", ("LOAD_CLASSDEREF", i): "temp", ("LOAD_CLOSURE", i): "temp"})
    for i, n in enumerate(code.co_names):
        if n == TEMP:
            where.update({("LOAD_NAME", i): "temp", ("LOAD_GLOBAL", 2 * i): "temp", ("LOAD_GLOBAL", 2 * i + 1): "temp"})
        elif n == "pop":
            where.update({("LOAD_METHOD", i): "pop", ("LOAD_ATTR", i): "pop"})

    def instructions(raw=code.co_code, high=0):
        for offset in range(0, len(raw), 2):
            name, arg = opname[raw[offset]], raw[offset + 1] | high
            high = arg << 8 if name == "EXTENDED_ARG" else 0
            yield offset, name, where.get((name, arg), arg)

    return _found(instructions())


_BETWEEN = frozenset({"PRECALL", "CACHE", "PUSH_NULL", "NOP", "EXTENDED_ARG"})


def _found(instructions):
    """`instructions`: (offset, name, "temp", "pop" or an argument)."""
    sites, previous, open_site = [], (None, None, None), None
    for offset, name, arg in instructions:
        if open_site is not None and name != "CACHE":
            sites.append((open_site, offset))
            open_site = None
        if name in _BETWEEN:
            continue
        if name.startswith("CALL") and name != "CALL_INTRINSIC_1" and previous == ("temp", "pop", "CALL 0"):
            open_site = offset
        if name.startswith("LOAD") and arg == "temp":
            what = "temp"
        elif name in ("LOAD_METHOD", "LOAD_ATTR") and arg == "pop":
            what = "pop"
        else:
            what = "CALL 0" if name == "CALL" and arg == 0 else name
        previous = (*previous[1:], what)
    if open_site is not None:
        sites.append((open_site, open_site + 2))
    return sites


def _ranges(code):
    """Where an exception would be caught: handlers of `try`, `with`, not the cleanup that restores names or ends a generator."""
    if not code.co_exceptiontable:
        return []
    import dis

    opcodes, handler = code.co_code, dis.opmap["PUSH_EXC_INFO"]
    return [
        (e.start, e.end) for e in dis._parse_exception_table(code) if opcodes[e.target] == handler
    ]


def register(code):
    """Makes a module's code and all that is in it known as converted."""
    todo = [code]
    while todo:
        c = todo.pop()
        _known[id(c)] = Info(c)
        todo += [k for k in c.co_consts if type(k) is types.CodeType]


def known(code):
    return _known.get(id(code))


def converted(code):
    return id(code) in _known


def closed(frame):
    """Why a call made by `frame` may not be deferred; None when it may.

    Returns FOREIGN or PLAIN with the name of a function, or else GUARD with the line of the code within reach of a `try`.
    """
    guard = None
    while frame is not None:
        info = _known.get(id(frame.f_code))
        if info is None:
            kind = id(frame.f_code)
            if kind in roots:
                return guard
            if kind not in through:
                return FOREIGN, frame.f_code.co_name
            frame = frame.f_back
            continue
        if guard is None and info.guarded(frame.f_lasti):
            guard = GUARD, frame.f_lineno
        back = frame.f_back
        if back is not None and not info.inner:
            caller = _known.get(id(back.f_code))
            if caller is not None and not caller.defers(back.f_lasti):
                return PLAIN, (id(back.f_code), back.f_lasti)
        frame = back
    return FOREIGN, "a frame without a caller"


def open_caller(frame):
    """Whether the function running in `frame` may give a handle back to its caller: the caller called it, itself, and may defer."""
    back = frame.f_back
    if back is None:
        return False
    if id(back.f_code) in roots:
        return False
    caller = _known.get(id(back.f_code))
    return caller is not None and caller.defers(back.f_lasti)


def place(frame=None):
    """File and line of the program's innermost converted frame, for notes and remarks."""
    frame = frame or sys._getframe(1)
    while frame is not None:
        if id(frame.f_code) in _known:
            return frame.f_code.co_filename, frame.f_lineno
        frame = frame.f_back
    return "?", 0
