"""Texts that are no programs, or programs nobody would write: (name, text, exit, kind of the first error, what the message says)."""
import sys

from hostile import Outcome, Table, write

whole = "func @f() { return }\n"


def inside(text):
    """A string literal of the program."""
    return 'func @f() -> str {\n  %a = const {value = "' + text + '"} : str\n  return(%a)\n}\n'


rows = [
    # Bytes that are no text.
    ("utf-16", whole.encode("utf-16"), 2, "binary-input", None),
    ("utf-32", whole.encode("utf-32-be"), 2, "nul-byte", None),
    ("latin-1", b"// \xfc\n" + whole.encode(), 2, "binary-input", None),
    ("overlong-slash", b"// \xc0\xaf\n" + whole.encode(), 2, "binary-input", None),
    ("surrogate", b"// \xed\xa0\x80\n" + whole.encode(), 2, "binary-input", None),
    ("beyond-unicode", b"// \xf4\x90\x80\x80\n" + whole.encode(), 2, "binary-input", None),
    ("cut-character", whole.encode() + b"// \xf0\x9f\x98", 2, "binary-input", None),
    ("nul-in-string", inside("a\0b"), 2, "nul-byte", None),
    ("nul-at-end", whole + "\0", 2, "nul-byte", None),
    ("random", bytes((i * 7919 + 13) % 256 for i in range(100_000)), 2, "binary-input", None),
    ("elf", b"\x7fELF\x02\x01\x01" + bytes(100), 2, "nul-byte", None),
    # Text with marks that change how it is read or shown.
    ("byte-order-mark", "\ufeff" + whole, 0, None, None),
    ("byte-order-mark-inside", "func\ufeff @f() { return }\n", 1, "bad-character", None),
    ("carriage-returns", whole.replace("\n", "\r"), 0, None, None),
    ("return-ends-comment", "// a\rfunc @f() { return }\r", 0, None, None),
    ("line-separator", "// a\u2028func @f() { return }\n", 2, "empty-input", None),
    ("line-separator-code", "func @f()\u2028{ return }\n", 1, "bad-character", None),
    ("next-line", "func @f()\u0085{ return }\n", 1, "bad-character", '`\\x85`'),
    ("no-break-space", "func\u00a0@f() { return }\n", 1, "bad-character", None),
    ("zero-width-space", "func\u200b @f() { return }\n", 1, "bad-character", '`\\u200b`'),
    ("bidi-comment", "// \u202e } nruter { \u2066\n" + whole, 0, None, None),
    ("bidi-string", inside("\u202eadmin\u2066"), 0, None, None),
    ("bidi-code", "func @f() \u202e{ return }\n", 1, "bad-character", '`\\u202e`'),
    ("cyrillic-name", "func @\u0430() { return }\n", 1, "bad-character", '`@`'),
    ("cyrillic-keyword", "fun\u0441 @f() { return }\n", 1, "bad-character", None),
    ("fullwidth", "func @f\uff08\uff09 { return }\n", 1, "bad-character", None),
    ("vertical-tab", "func @f()\v{ return }\n", 1, "bad-character", None),
    ("escape-sequence", "func @f() { \x1b[31m return }\n", 1, "bad-character", '`\\x1b`'),
    ("escape-in-string", inside("\x1b]0;title\x07"), 0, None, None),
    ("delete", "func @f() { \x7f return }\n", 1, "bad-character", None),
    # Strings.
    ("lone-surrogate-escape", inside("\\ud800"), 1, "bad-escape", None),
    ("half-pair-escape", inside("\\ud83d\\u0041"), 1, "bad-escape", None),
    ("nul-escape", inside("\\u0000"), 0, None, None),
    ("no-escape", inside("\\x41"), 1, "bad-escape", None),
    ("string-over-lines", inside("a\nb"), 1, "unterminated-string", None),
    ("open-raw-string", 'func @f() { const {value = """' + "a\n" * 100_000, 1, "unterminated-string", None),
    ("quotes", 'func @f() { const {value = ' + '"' * 100_001 + "}", 1, "expected-token", None),
    ("backslashes", inside("\\" * 100_001), 1, "unterminated-string", None),
    # Numbers.
    ("beyond-i64", "func @f() -> i64 { %a = const {value = 9223372036854775808} : i64 return(%a) }", 1, "bad-number", None),
    ("least-i64", "func @f() -> i64 { %a = const {value = -9223372036854775808} : i64 return(%a) }", 0, None, None),
    ("below-i64", "func @f() -> i64 { %a = const {value = -9223372036854775809} : i64 return(%a) }", 1, "bad-number", None),
    ("million-digits", "func @f() -> i64 { %a = const {value = " + "9" * 1_000_000 + "} : i64 return(%a) }", 1, "bad-number", None),
    ("million-decimals", "func @f() -> f64 { %a = const {value = 0." + "1" * 1_000_000 + "} : f64 return(%a) }", 0, None, None),
    ("1e999", "func @f() -> f64 { %a = const {value = 1e999} : f64 return(%a) }", 1, "bad-number", None),
    ("1e-999", "func @f() -> f64 { %a = const {value = 1e-999} : f64 return(%a) }", 1, "bad-number", None),
    ("huge-exponent", "func @f() -> f64 { %a = const {value = 1e99999999999999999999} : f64 return(%a) }", 1, "bad-number", None),
    ("minus-zero", "func @f() -> f64 { %a = const {value = -0.0} : f64 return(%a) }", 0, None, None),
    ("hex-beyond", "func @f() -> i64 { %a = const {value = 0xFFFFFFFFFFFFFFFFF} : i64 return(%a) }", 1, "bad-number", None),
    ("hex-empty", "func @f() -> i64 { %a = const {value = 0x} : i64 return(%a) }", 1, "expected-token", None),
    ("long-duration", "func @f() -> duration { %a = const {value = 99999999999h} : duration return(%a) }", 1, "bad-number", None),
    # Names that stand twice, names that mean something elsewhere.
    ("key-twice", "func @f() attributes {a = 1, a = 2} { return }", 1, "duplicate-key", None),
    ("field-twice", "func @f(%a: record<x: i64, x: i64>) { return }", 1, "duplicate-key", None),
    ("parameter-twice", "func @f(%a: i64, %a: i64) { return }", 1, "redefined-value", None),
    ("proto-field", "func @f(%a: record<__proto__: i64, constructor: i64>) { return }", 0, None, None),
    ("keyword-names", "func @func(%func: i64) { return }", 0, None, None),
    # Size.
    ("long-name", "func @" + "f" * 1_000_000 + "() { return }", 0, None, None),
    ("long-unknown-op", "func @f() { " + "x" * 1_000_000 + "() return }", 1, "unknown-op", None),
    ("long-unknown-value", "func @f() { log.print(%" + "x" * 1_000_000 + ") return }", 1, "undefined-value", None),
    ("long-line-error", "func @f() { " + "%a = const {value = 1} : i64 " * 10_000 + "? return }", 1, "redefined-value", None),
    ("operations-on-a-line", "func @f() { " + " ".join(f"%a{i} = const {{value = {i}}} : i64" for i in range(100_000)) + " return }", 0, None, None),
    ("lines", "\n" * 2_000_000 + whole, 0, None, None),
    ("comments", "// a\n" * 500_000 + whole, 0, None, None),
    ("errors", "func @f() {\n" + "  ?\n" * 200_000 + "}\n", 1, "bad-character", None),
    ("open-brackets", "func @f(" + "(" * 200_000, 1, "expected-token", None),
    ("closing-brackets", "func @f() { return }" + "}" * 200_000, 1, "expected-token", None),
    ("open-functions", "func @f() {\n" * 50_000, 1, "expected-token", None),
    ("parameters", "func @f(" + ", ".join(f"%p{i}: i64" for i in range(100_000)) + ") { return }", 0, None, None),
    ("attributes", "func @f() attributes {" + ", ".join(f"k{i} = {i}" for i in range(100_000)) + "} { return }", 0, None, None),
    ("list-elements", "func @f() -> list<i64> { %a = const {value = [" + "1, " * 500_000 + "1]} : list<i64> return(%a) }", 0, None, None),
    ("record-fields", "func @f(%a: record<" + ", ".join(f"f{i}: i64" for i in range(50_000)) + ">) { return }", 0, None, None),
    ("empty", "", 2, "empty-input", None),
    ("blanks", " \t\r\n" * 100_000, 2, "empty-input", None),
]

table = Table()
for name, text, exit, kind, says in rows:
    path = write(sys.argv[1], name + ".xir", text)
    table.check(name, Outcome(["xcsc", "--emit=none", path]), exit, kind, says)
table.end()
