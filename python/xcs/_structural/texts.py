"""Texts: f-strings, `%`, `format`, `str(..)` of values, and the methods of `str`."""

from __future__ import annotations

import ast
import re
import string

from .types import BOOL, FLOAT, INT, NONE, STR, ListType, OptionType
from .values import Caught, Val, constant, is_empty_list

_SPEC = re.compile(r"(?:(?P<fill>[^{}])?(?P<align>[<>^]))?(?P<zero>0)?(?P<width>[1-9]\d*)?(?P<comma>,)?(?:\.(?P<digits>\d+))?(?P<kind>[dfs%])?")
_WHITE = " \t\n\r\f\v\x1c\x1d\x1e\x1f\x85\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u2028\u2029\u202f\u205f\u3000"


class Texts:
    # The text of a value.

    def text(self, val, node):
        """`str(val)`."""
        if isinstance(val, Caught):
            if val.text is None:
                raise self.refuse(node, "the text of an exception that an operation raises is not Python's in a plan", "write the text yourself, or raise it in the function: `raise ValueError(\"..\")`")
            return val.text
        val = self.as_value(val, node)
        t = val.type
        if t is STR:
            return val
        if val.is_constant:
            return constant(str(val.constant))
        if t is INT:
            return self.op("i64.to_str", [val], STR)
        if t is BOOL:
            return self.op("select", [val, "True", "False"], STR)
        if t is FLOAT:
            return self.prelude("float_text", [val], STR, fails=[("failed", None)])
        if t is NONE:
            return constant("None")
        if isinstance(t, OptionType) and t.inner in (STR, INT, BOOL, FLOAT):
            return self._text_of_option(val, node)
        raise self.refuse(node, f"the text of {t.shown} is Python's repr, which has no form in a plan", "write the parts: `\", \".join(xs)`, or `json.dumps(x)`")

    def _text_of_option(self, val, node):
        some = self.op("option.is_some", [val], BOOL)
        with self.inside() as then:
            self.add("yield", [self.text(self.op("option.value", [val], val.type.inner), node)])
        with self.inside() as other:
            self.add("yield", [constant("None")])
        self.region.absorb(then)
        return self.op("if", [some], STR, regions=[then, other])

    def inserted(self, val, node):
        """A value as an operand of `str.format`, which shows texts and whole numbers as Python does."""
        if isinstance(val, Val) and val.type is INT and not val.is_constant:
            return val
        return self.text(val, node)

    def concat(self, parts):
        parts = [p for p in parts if not (p.is_constant and p.constant == "")]
        if not parts:
            return constant("")
        if len(parts) == 1:
            return parts[0]
        if all(p.is_constant for p in parts):
            return constant("".join(p.constant for p in parts))
        return self.op("str.concat", parts, STR)

    def filled(self, pieces):
        """A text of constant pieces (str) and values: `str.format` with a template."""
        template, operands = "", []
        for p in pieces:
            if isinstance(p, str):
                template += p.replace("{", "{{").replace("}", "}}")
            elif p.is_constant:
                template += str(p.constant).replace("{", "{{").replace("}", "}}")
            else:
                known = next((i for i, o in enumerate(operands) if o.ref is p.ref), None)
                if known is None:
                    operands.append(p)
                template += f"{{{len(operands) - 1 if known is None else known}}}"
        if not operands:
            return constant(template.replace("{{", "{").replace("}}", "}"))
        if template == "{0}" and operands[0].type is STR:
            return operands[0]
        return self.op("str.format", operands, STR, {"template": template})

    def e_JoinedStr(self, node, want):
        pieces = []
        for part in node.values:
            if isinstance(part, ast.Constant):
                self.encodable(part.value, node)
                pieces.append(part.value)
            else:
                pieces.append(self._formatted(part))
        return self.filled(pieces)

    def e_FormattedValue(self, node, want):
        return self.filled([self._formatted(node)])

    def _formatted(self, part):
        val = self.look(part.value)
        if part.conversion == ord("s"):
            val = self.text(val, part.value)
        elif part.conversion not in (-1, None):
            raise self.refuse(part, "`!r` and `!a` have no form in a plan", "write the value itself, or json.dumps(..)")
        if part.format_spec is None:
            return self.inserted(val, part.value)
        spec = self.e_JoinedStr(part.format_spec, None)
        if not spec.is_constant:
            raise self.refuse(part, "a format that is not known when the function is compiled has no form in a plan", "write it in place: `{x:.2f}`")
        return self.formatted(self.as_value(val, part.value), spec.constant, part.value)

    def formatted(self, val, spec, node):
        """`format(val, spec)`."""
        if not spec:
            return self.inserted(val, node)
        m = _SPEC.fullmatch(spec)
        why = f"the format `{spec}` of {val.type.shown} has no form in a plan"
        if m is None or m["comma"] or m["kind"] == "%":
            raise self.refuse(node, why, "formats of a plan: `.2f` of a float, `d`, and a width with `<`, `>` or `^`")
        t = val.type
        if t is FLOAT and m["digits"] and m["kind"] == "f":
            text = self.op("f64.format", [val, ], STR, {"digits": int(m["digits"])})
        elif t is INT and m["kind"] == "f" and m["digits"]:
            text = self.op("f64.format", [self.exact(val)], STR, {"digits": int(m["digits"])})
        elif m["digits"] or m["kind"] == "f" or t is BOOL or t is FLOAT:
            raise self.refuse(node, why, "write `.2f` of a float, or pass `str(..)`")
        elif t is INT and m["kind"] in (None, "d") or t is STR and m["kind"] in (None, "s"):
            text = self.text(val, node)
        else:
            raise self.refuse(node, why, "pass `str(..)` of it")
        if m["zero"]:
            raise self.refuse(node, why, "write `str(..).zfill(n)` of a number that is not negative")
        if not m["width"]:
            return text
        align = m["align"] or ("<" if t is STR else ">")
        return self._padded(text, int(m["width"]), align, m["fill"] or " ", node)

    def _padded(self, text, width, align, fill, node):
        if text.is_constant:
            return constant(format(text.constant, f"{fill}{align}{width}"))
        name = {"<": "pad_right", ">": "pad_left", "^": "pad_both"}[align]
        return self.prelude(name, [text, constant(width), constant(fill)], STR)

    def percent(self, template, args, node):
        """`"..%s.." % args`."""
        values = [args] if not isinstance(args, ast.Tuple) else list(args.elts)
        pieces, at = [], 0
        for m in re.finditer(r"%(?:(%)|([^%]*?)([a-zA-Z]))", template):
            pieces.append(template[at : m.start()])
            at = m.end()
            if m[1]:
                pieces.append("%")
                continue
            if not values:
                raise self.refuse(node, "there are more `%` than values")
            e = values.pop(0)
            pieces.append(self._percent_one(m[2], m[3], self.look(e), e, node))
        pieces.append(template[at:])
        if values or "%" in re.sub(r"%(?:%|[^%]*?[a-zA-Z])", "", template):
            raise self.refuse(node, "the values do not fit the `%` of the text", "write an f-string")
        return self.filled(pieces)

    def _percent_one(self, flags, kind, val, e, node):
        if kind == "s" and not flags:
            return self.inserted(val, e)
        val = self.as_value(val, e)
        if kind == "d" and not flags and val.type is INT:
            return val
        if kind == "f" and re.fullmatch(r"\.\d+", flags) and val.type in (FLOAT, INT):
            return self.formatted(val, flags + "f", e)
        raise self.refuse(node, f"`%{flags}{kind}` of {val.type.shown} has no form in a plan", "write an f-string")

    def format_method(self, template, node):
        """`"..{}..".format(..)` of a constant template."""
        pieces, count = [], 0
        named = {k.arg: k.value for k in node.keywords}
        if None in named or any(isinstance(a, ast.Starred) for a in node.args):
            return self._format_spread(template, node)
        values = {id(e): self.look(e) for e in [*node.args, *named.values()]}  # as Python evaluates them: all, and in this order
        for literal, field, spec, conversion in string.Formatter().parse(template):
            pieces.append(literal)
            if field is None:
                continue
            if conversion not in (None, "s") or "{" in (spec or "") or not re.fullmatch(r"\w*", field):
                raise self.refuse(node, f"`{{{field}}}` has no form in a plan", "write an f-string")
            key = field
            if field == "":
                key, count = str(count), count + 1
            e = node.args[int(key)] if key.isdigit() and int(key) < len(node.args) else named.get(key)
            if e is None:
                raise self.refuse(node, f"there is no value for `{{{field}}}`")
            val = values[id(e)]
            pieces.append(self.formatted(self.as_value(val, e) if spec else val, spec, e) if spec else self.inserted(val, e))
        return self.filled(pieces)

    def _format_spread(self, template, node):
        raise self.refuse(node, "`*` or `**` in format() has no form in a plan", "write an f-string with the elements")

    # Methods.

    def text_method(self, box, name, node):
        handler = getattr(self, "m_" + name, None)
        if handler is None:
            raise self.refuse(node, f"`str.{name}` has no form in a plan", "put it into a function with `@xcs.op(effect=\"pure\")`")
        if name == "format":
            if not box.is_constant:
                raise self.refuse(node, "format() of a text that is not known when the function is compiled has no form in a plan", "write an f-string")
            return self.format_method(box.constant, node)
        if node.keywords:
            raise self.refuse(node, f"`str.{name}` with named arguments has no form in a plan", "give them by position")
        args = [] if name == "join" else [self.value(a) for a in node.args]
        return handler(box, args, node)

    def _texts(self, args, node, *counts):
        if len(args) not in counts or any(a.type is not STR for a in args):
            raise self.refuse(node, "this method takes other arguments in a plan", f"give it {' or '.join(map(str, counts))} texts")

    def m_format(self, box, args, node):
        raise AssertionError

    def m_join(self, box, args, node):
        if len(node.args) != 1:
            raise self.refuse(node, "join() takes one list")
        parts = self.as_list(node.args[0])
        if is_empty_list(parts):
            return constant("")
        if parts.type.element is not STR:
            raise self.refuse(node.args[0], f"join() takes texts, not {parts.type.element.shown}", "write `str(x) for x in ..`")
        if box.is_constant:
            return self.op("str.join", [parts], STR, {"separator": box.constant})
        return self.op("str.join", [parts, box], STR)

    def _cased(self, box, args, node, name):
        self._texts(args, node, 0)
        if box.is_constant:
            return constant(getattr(box.constant, name)())
        return self.prelude(name, [box], STR, fails=[("failed", None)])

    def m_lower(self, box, args, node):
        return self._cased(box, args, node, "lower")

    def m_upper(self, box, args, node):
        return self._cased(box, args, node, "upper")

    def _stripped(self, box, args, node, name):
        self._texts(args, node, 0, 1)
        if args and not args[0].is_constant:
            raise self.refuse(node, f"`{name}` of characters that are not known when the function is compiled has no form in a plan", "write the characters in place")
        characters = args[0].constant if args else _WHITE
        if box.is_constant:
            return constant(getattr(box.constant, name)(*([characters] if args else [])))
        if not characters:
            return box
        if name == "strip" and not args:
            return self.prelude("strip", [box], STR)
        inside = "[" + "".join(f"\\x{{{ord(c):x}}}" for c in dict.fromkeys(characters)) + "]"
        pattern = {"strip": f"(?s)^{inside}*(.*?){inside}*$", "lstrip": f"(?s)^{inside}*(.*)$", "rstrip": f"(?s)^(.*?){inside}*$"}[name]
        found = self.op("str.regex_extract", [box], OptionType(STR), {"pattern": pattern.replace("$", "\\z").replace("^", "\\A", 1)})
        return self.op("option.or", [found, ""], STR)

    def m_strip(self, box, args, node):
        return self._stripped(box, args, node, "strip")

    def m_lstrip(self, box, args, node):
        return self._stripped(box, args, node, "lstrip")

    def m_rstrip(self, box, args, node):
        return self._stripped(box, args, node, "rstrip")

    def m_startswith(self, box, args, node):
        return self._edge(box, args, node, "str.starts_with")

    def m_endswith(self, box, args, node):
        return self._edge(box, args, node, "str.ends_with")

    def _edge(self, box, args, node, name):
        if len(args) == 1 and args[0].type is not STR and isinstance(node.args[0], ast.Tuple):
            cond = None
            for n, _ in args[0].type.fields:
                one = self.op(name, [box, self.field(args[0], n)], BOOL)
                cond = one if cond is None else self.op("bool.or", [cond, one], BOOL)
            return cond
        self._texts(args, node, 1)
        return self.op(name, [box, args[0]], BOOL)

    def m_replace(self, box, args, node):
        self._texts(args, node, 2)
        if args[0].is_constant and args[0].constant:
            return self.op("str.replace", [box, *args], STR)
        return self.prelude("replace", [box, *args], STR)

    def m_split(self, box, args, node):
        self._texts(args, node, 0, 1)
        if args:
            if args[0].is_constant:
                if not args[0].constant:
                    raise self.refuse(node, "an empty separator fails")
                return self.op("str.split", [box], ListType(STR), {"separator": args[0].constant})
            return self.op("str.split", [box, args[0]], ListType(STR), fails=[("empty-separator", "ValueError")])
        inside = "".join(f"\\x{{{ord(c):x}}}" for c in _WHITE)
        return self.op("str.regex_extract_all", [box], ListType(STR), {"pattern": f"[^{inside}]+"}, hint="words")

    def m_splitlines(self, box, args, node):
        self._texts(args, node, 0)
        return self.prelude("splitlines", [box], ListType(STR))

    def m_count(self, box, args, node):
        self._texts(args, node, 1)
        if not (args[0].is_constant and args[0].constant):
            return self.prelude("count", [box, args[0]], INT)
        got = self.op("str.count", [box, args[0]], INT)
        got.count = True
        return got

    def m_find(self, box, args, node):
        self._texts(args, node, 1)
        return self.op("option.or", [self.op("str.find", [box, args[0]], OptionType(INT)), -1], INT)

    def m_index(self, box, args, node):
        self._texts(args, node, 1)
        found = self.op("str.find", [box, args[0]], OptionType(INT))
        self.require(self.op("option.is_some", [found], BOOL), "ValueError", "substring not found")
        return self.op("option.or", [found, 0], INT, count=True)

    def m_removeprefix(self, box, args, node):
        self._texts(args, node, 1)
        return self.prelude("removeprefix", [box, args[0]], STR)

    def m_removesuffix(self, box, args, node):
        self._texts(args, node, 1)
        return self.prelude("removesuffix", [box, args[0]], STR)

    def _just(self, box, args, node, align):
        if len(args) not in (1, 2) or args[0].type is not INT or any(a.type is not STR for a in args[1:]):
            raise self.refuse(node, "this method takes a width and a character")
        fill = args[1] if len(args) == 2 else constant(" ")
        if fill.is_constant and len(fill.constant) != 1 or not fill.is_constant:
            raise self.refuse(node, "the character to fill with has to be written here")
        return self.prelude({"<": "pad_right", ">": "pad_left"}[align], [box, args[0], fill], STR)

    def m_ljust(self, box, args, node):
        return self._just(box, args, node, "<")

    def m_rjust(self, box, args, node):
        return self._just(box, args, node, ">")

    def m_isdigit(self, box, args, node):
        self._texts(args, node, 0)
        return self.prelude("isdigit", [box], BOOL, fails=[("failed", None)])

    def m_partition(self, box, args, node):
        self._texts(args, node, 1)
        if not (args[0].is_constant and args[0].constant):
            raise self.refuse(node, "partition() with a separator that is not written here has no form in a plan", "write the separator in place")
        from .types import tuple_type

        return self.prelude("partition", [box, args[0]], tuple_type([STR, STR, STR]))
