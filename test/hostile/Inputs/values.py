"""Values of parameters that mean no good: (name, type, JSON, exit, kind, result or what the message says)."""
import sys

from hostile import Outcome, Table, write

program = """
func @json(%x: json) -> json { return(%x) }
func @i64(%x: i64) -> i64 { return(%x) }
func @f64(%x: f64) -> f64 { return(%x) }
func @str(%x: str) -> str { return(%x) }
func @bytes(%x: bytes) -> bytes { return(%x) }
func @duration(%x: duration) -> duration { return(%x) }
func @record(%x: record<id: i64, __proto__: option<str>>) -> record<id: i64, __proto__: option<str>> { return(%x) }
func @list(%x: list<i64>) -> list<i64> { return(%x) }
func @options(%x: option<option<i64>>) -> option<option<i64>> { return(%x) }
func @result(%x: result<i64>) -> result<i64> { return(%x) }
"""
many = 200_000
rows = [
    # Depth.
    ("deep-arrays", "json", "[" * 100_000 + "]" * 100_000, 4, "limit-exceeded", None),
    ("deep-objects", "json", '{"a":' * 100_000 + "1" + "}" * 100_000, 4, "limit-exceeded", None),
    ("deep-open", "json", "[" * 1_000_000, 4, "limit-exceeded", None),
    ("deep-mixed", "json", '[{"a":' * 50_000, 4, "limit-exceeded", None),
    # Numbers.
    ("1e999", "json", "1e999", 2, "bad-argument-value", None),
    ("-1e999", "json", "-1e999", 2, "bad-argument-value", None),
    ("1e-999", "json", "1e-999", 0, None, "0.0"),
    ("huge-exponent", "json", "1e" + "9" * 100, 2, "bad-argument-value", None),
    ("zeros-exponent", "json", "0e" + "9" * 100, 2, "bad-argument-value", None),
    ("million-digits", "json", "9" * 1_000_000, 2, "bad-argument-value", None),
    ("million-zeros", "json", "0." + "0" * 1_000_000 + "1", 0, None, "0.0"),
    ("-0", "json", "-0", 0, None, "0"),
    ("-0.0", "f64", "-0.0", 0, None, "-0.0"),
    ("beyond-2-53", "json", "9007199254740993", 0, None, "9007199254740993"),
    ("beyond-i64", "i64", "9223372036854775808", 2, "bad-argument-value", None),
    ("beyond-u64", "json", "18446744073709551616", 0, None, "18446744073709551616"),
    ("nan", "f64", "NaN", 2, "bad-argument-value", None),
    ("infinity", "f64", "-Infinity", 2, "bad-argument-value", None),
    ("hex", "i64", "0x10", 2, "bad-argument-value", None),
    ("leading-zero", "i64", "010", 2, "bad-argument-value", None),
    ("plus", "i64", "+1", 2, "bad-argument-value", None),
    ("point", "f64", "1.", 2, "bad-argument-value", None),
    ("bool-as-number", "i64", "true", 2, "bad-argument-value", None),
    ("text-as-number", "i64", '"1"', 2, "bad-argument-value", None),
    # Texts.
    ("lone-high", "json", r'"\ud800"', 2, "bad-argument-value", None),
    ("lone-low", "json", r'"\udc00"', 2, "bad-argument-value", None),
    ("pair", "json", r'"\ud83d\ude00"', 0, None, '"\U0001f600"'),
    ("raw-surrogate", "json", b'"\xed\xa0\x80"', 2, "bad-argument-value", None),
    ("overlong", "json", b'"\xc0\xaf"', 2, "bad-argument-value", None),
    ("utf-16", "json", '"a"'.encode("utf-16"), 2, "bad-argument-value", None),
    ("latin-1", "json", b'"\xfc"', 2, "bad-argument-value", None),
    ("nul-escape", "json", r'"a\u0000b"', 0, None, r'"a\u0000b"'),
    ("nul", "json", b'"a\0b"', 2, "bad-argument-value", None),
    ("nul-behind", "json", b"1\0", 2, "bad-argument-value", None),
    ("control", "json", '"a\tb"', 2, "bad-argument-value", None),
    ("terminal-escape", "json", r'"\u001b[2J\u009b"', 0, None, '"\\u001b[2J\u009b"'),
    ("line-separator", "json", '"\u2028"', 0, None, '"\u2028"'),
    ("bidi", "json", '"\u202e"', 0, None, '"\u202e"'),
    ("wrong-escape", "json", r'"\x41"', 2, "bad-argument-value", None),
    ("open-string", "json", '"' + "a" * 1_000_000, 2, "bad-argument-value", None),
    ("backslashes", "json", '"' + "\\\\" * 500_000 + '"', 0, None, '"' + "\\\\" * 500_000 + '"'),
    ("byte-order-mark", "json", "\ufeff1", 2, "bad-argument-value", None),
    ("template", "str", "{0} $1 %x %s \\1 {{", 0, None, '"{0} $1 %x %s \\\\1 {{"'),
    ("long-wrong-text", "i64", '"' + "x" * 1_000_000 + '"', 2, "bad-argument-value", None),
    # Form.
    ("empty", "json", "", 2, "bad-argument-value", None),
    ("blanks", "json", " \n" * 100_000, 2, "bad-argument-value", None),
    ("two-values", "json", "1 2", 2, "bad-argument-value", None),
    ("trailing-comma", "json", "[1,]", 2, "bad-argument-value", None),
    ("only-commas", "json", "[" + "," * 100_000 + "]", 2, "bad-argument-value", None),
    ("comment", "json", "/* a */ 1", 2, "bad-argument-value", None),
    ("single-quotes", "json", "{'a': 1}", 2, "bad-argument-value", None),
    ("bare-key", "json", "{a: 1}", 2, "bad-argument-value", None),
    ("open-object", "json", '{"a": ', 2, "bad-argument-value", None),
    # Keys.
    ("key-twice", "json", '{"a": 1, "a": 2}', 2, "bad-argument-value", None),
    ("key-twice-escaped", "json", r'{"a": 1, "\u0061": 2}', 2, "bad-argument-value", None),
    ("proto", "json", '{"__proto__":{"x":1},"constructor":null}', 0, None, '{"__proto__":{"x":1},"constructor":null}'),
    ("proto-field", "record", '{"__proto__":"p","id":1}', 0, None, '{"id":1,"__proto__":"p"}'),
    ("proto-missing", "record", '{"id":1}', 0, None, '{"id":1,"__proto__":null}'),
    ("unknown-key", "record", '{"id":1,"ID":2}', 2, "bad-argument-value", None),
    ("empty-key", "json", '{"":1}', 0, None, '{"":1}'),
    ("many-keys", "json", "{" + ",".join(f'"k{i}":{i}' for i in range(many)) + "}", 0, None, None),
    ("many-unknown-keys", "record", "{" + ",".join(f'"k{i}":{i}' for i in range(many)) + "}", 2, "bad-argument-value", None),
    ("long-key", "record", '{"' + "k" * 1_000_000 + '": 1}', 2, "bad-argument-value", None),
    ("alike-keys", "json", "{" + ",".join(f'"{"a" * 200}{i:06}":0' for i in range(20_000)) + "}", 0, None, None),
    # Types of their own.
    ("base64-bad", "bytes", '"AP8"', 2, "bad-argument-value", None),
    ("base64-blank", "bytes", '"AP 8="', 2, "bad-argument-value", None),
    ("base64-padding-bits", "bytes", '"AB=="', 0, None, '"AA=="'),
    ("duration-long", "duration", '"99999999999h"', 2, "bad-argument-value", None),
    ("duration-negative", "duration", '"-1ns"', 0, None, '"-1ns"'),
    ("duration-number", "duration", "1", 2, "bad-argument-value", None),
    ("options", "options", "null", 0, None, "null"),
    ("result-both", "result", '{"ok":1,"error":{}}', 2, "bad-argument-value", None),
    ("result-error", "result", '{"error":{"kind":"k","message":"m","op":"o","attempt":1,"more":2}}', 2, "bad-argument-value", None),
    ("list-of-others", "list", "[1,null]", 2, "bad-argument-value", None),
]

folder = sys.argv[1]
source, plan = write(folder, "in.xir", program), folder + "/p.xplan"
table = Table()
table.check("compiles", Outcome(["xcsc", source, "-o", plan]), 0)
for name, entry, text, exit, kind, gives in rows:
    # Bytes are JSON on the command line alone: from a file they are taken as they are.
    given = ["--arg", "x=" + text] if entry == "bytes" else ["--arg-file", "x=" + write(folder, name + ".json", text)]
    command = ["xcs-run", plan, "--entry", "@" + entry, *given]
    table.check(name, Outcome(command), exit, kind, None, gives)
table.end()
