"""Programs that ask for too much, or for what nobody may have: (name, body of `@main`, flags, exit, kind, result or what the message says).
The first table's never get as far as a plan; those of the second are run, unoptimised and optimised."""
import os
import sys

from hostile import Outcome, Table, write

SMALL = ["--limit", "value-bytes=1000000"]
folder = os.path.abspath(sys.argv[1])


MEASURES = {
    "str": "%n = str.length(%x) : i64",
    "list<i64>": "%n = list.len(%x) : i64",
    "json": "%n = json.len(%x) : i64",
}


def main(result, *lines):
    return f"func @main() -> {result} {{\n  " + "\n  ".join(lines) + "\n}\n"


def constant(name, value, type="str"):
    return f"%{name} = const {{value = {value}}} : {type}"


def doubling(times, start, step, type):
    """A value that doubles `times` times, by a loop: small as a program, larger than any memory."""
    return main(
        "i64",
        constant("s", start, type),
        constant("yes", "true", "bool"),
        f'%x = while(%s) {{max_trips = {times}, at_bound = "yield"}} : {type} {{',
        f"^(%v: {type})",
        *step,
        "  continue(%yes, %w)",
        "}",
        MEASURES[type],
        "return(%n)",
    )


def calls(depth):
    """Each function calls the next twice: 2^depth calls."""
    text = main("duration", "%x = call @f0() : duration", "return(%x)")
    for i in range(depth):
        text += f"func private @f{i}() -> duration {{\n  %a = call @f{i + 1}() : duration\n  %b = call @f{i + 1}() : duration\n  %c = duration.min(%a, %b) : duration\n  return(%c)\n}}\n"
    return text + f"func private @f{depth}() -> duration {{\n  %t = time.now() : duration\n  return(%t)\n}}\n"


def matching(pattern, text="%s = str.repeat(%a, %n) : str", count=100_000):
    return main("bool", constant("a", '"a"'), constant("n", str(count), "i64"), text, f'%m = str.regex_match(%s) {{pattern = "{pattern}"}} : bool', "return(%m)")


refused = [
    ("pattern-repeats", matching("((a{100}){100}){100}"), 1, "bad-attribute", None),
    ("pattern-nested", matching("(" * 5_000 + "a" + ")" * 5_000), 0, None, None),
    ("pattern-long", matching("a" * 100_000), 1, "bad-attribute", None),
    ("pattern-open", matching("(a"), 1, "bad-attribute", None),
    ("pattern-backreference", matching(r"(a)\\1"), 1, "bad-attribute", None),
    ("pattern-look-ahead", matching("a(?=b)"), 1, "bad-attribute", None),
    ("hole-huge", main("str", constant("a", '"a"'), '%s = str.format(%a) {template = "{99999999999999999999}"} : str', "return(%s)"), 1, "bad-attribute", None),
    ("hole-negative", main("str", constant("a", '"a"'), '%s = str.format(%a) {template = "{-1}"} : str', "return(%s)"), 1, "bad-attribute", None),
    ("hole-open", main("str", constant("a", '"a"'), '%s = str.format(%a) {template = "{0"} : str', "return(%s)"), 1, "bad-attribute", None),
    ("unbounded-while", main("bool", constant("yes", "true", "bool"), "%x = while(%yes) : bool {", "^(%v: bool)", "  continue(%yes, %v)", "}", "return(%x)"), 1, "missing-attribute", None),
    ("calls-itself", "func @main() -> i64 {\n  %x = call @main() : i64\n  return(%x)\n}\n", 1, "recursion", None),
    ("secret-printed", main("none", '%s = const {value = secret("HOME")} : secret', "%l = log.print(%s) : none", "return(%l)"), 1, "constant-type", None),
    ("schema-reference", main("json", constant("j", "1", "json"), '%v = json.validate(%j) {schema = {"$ref" = "file:///etc/passwd"}} : json', "return(%v)"), 1, "bad-attribute", None),
    ("import-absolute", 'import "/etc/passwd"\n', 1, "cannot-import", None),
    ("import-up", 'import "../../../../etc/passwd"\n', 1, "cannot-import", None),
    ("import-itself", 'import "import-itself.xir"\n', 1, "import-cycle", None),
    ("import-escape", 'import "\\u001b[2J"\n', 1, "cannot-import", None),
    ("import-nul", 'import "a\\u0000b"\n', 1, "cannot-import", None),
    ("import-url", 'import "http://127.0.0.1/x.xir"\n', 1, "cannot-import", None),
]

run = [
    ("doubled-text", doubling(60, '"0123456789"', ["  %w = str.concat(%v, %v) : str"], "str"), SMALL, 4, "limit-exceeded", None),
    ("doubled-list", doubling(60, "[1]", ["  %w = list.concat(%v, %v) : list<i64>"], "list<i64>"), SMALL, 4, "limit-exceeded", None),
    ("doubled-json", doubling(200, "[]", ["  %l = list.pack(%v, %v) : list<json>", "  %w = json.from(%l) : json"], "json"), SMALL, 4, "limit-exceeded", None),
    ("deep-json", doubling(100_000, "[]", ["  %l = list.pack(%v) : list<json>", "  %w = json.from(%l) : json"], "json"), [], 4, "limit-exceeded", None),
    ("repeat", main("str", constant("a", '"a"'), constant("n", "9223372036854775807", "i64"), "%s = str.repeat(%a, %n) : str", "return(%s)"), [], 4, "limit-exceeded", None),
    ("repeat-negative", main("str", constant("a", '"a"'), constant("n", "-9223372036854775808", "i64"), "%s = str.repeat(%a, %n) : str", "return(%s)"), [], 1, "bad-argument", None),
    ("range", main("i64", constant("a", "-9223372036854775808", "i64"), constant("b", "9223372036854775807", "i64"), "%l = list.range(%a, %b) : list<i64>", "%n = list.len(%l) : i64", "return(%n)"), [], 4, "limit-exceeded", None),
    ("range-step", main("i64", constant("a", "0", "i64"), constant("b", "9223372036854775807", "i64"), constant("c", "-9223372036854775808", "i64"), "%l = list.range(%a, %b, %c) : list<i64>", "%n = list.len(%l) : i64", "return(%n)"), [], 0, None, "0"),
    ("negate-least", main("i64", constant("a", "-9223372036854775808", "i64"), "%b = i64.neg(%a) : i64", "return(%b)"), [], 1, "integer-overflow", None),
    ("divide-least", main("i64", constant("a", "-9223372036854775808", "i64"), constant("b", "-1", "i64"), "%c = i64.div(%a, %b) : i64", "return(%c)"), [], 1, "integer-overflow", None),
    ("remainder-least", main("i64", constant("a", "-9223372036854775808", "i64"), constant("b", "-1", "i64"), "%c = i64.rem(%a, %b) : i64", "return(%c)"), [], 0, None, "0"),
    ("many-calls", calls(60), ["--timeout=300ms"], 4, "run-timeout", None),
    ("long-loop", doubling(1_000_000_000, '"a"', ["  %w = str.lower(%v) : str"], "str"), ["--timeout=300ms"], 4, "run-timeout", None),
    ("long-sleep", main("none", constant("t", "2562047h", "duration"), "%s = time.sleep(%t) : none", "return(%s)"), ["--timeout=300ms"], 4, "run-timeout", None),
    ("long-timeout", main("none", constant("t", "1ms", "duration"), "%s = time.sleep(%t) {timeout = 2562047h} : none", "return(%s)"), [], 0, None, "null"),
    ("negative-sleep", main("none", constant("t", "-1ns", "duration"), "%s = time.sleep(%t) : none", "return(%s)"), [], 1, "negative-duration", None),
    # Expressions that take others exponential time.
    ("pattern-nested-stars", matching("^(a+)+$", "%r = str.repeat(%a, %n) : str\n  %x = const {value = \"!\"} : str\n  %s = str.concat(%r, %x) : str"), [], 0, None, "false"),
    ("pattern-alternatives", matching("^(a|aa)+$", "%r = str.repeat(%a, %n) : str\n  %x = const {value = \"!\"} : str\n  %s = str.concat(%r, %x) : str"), [], 0, None, "false"),
    ("pattern-optional", matching("^(?:a?){100}a{100}$", count=100), [], 0, None, "true"),
    ("pattern-dots", matching("^.*.*.*.*.*.*.*.*x$", count=10_000), [], 0, None, "false"),
    # What is filled in is never looked at again.
    ("template", main("str", constant("a", '"{1} {0} {{ $1 %x \\\\1"'), constant("b", '"{0}"'), '%s = str.format(%a, %b) {template = "{0}|{1}"} : str', "return(%s)"), [], 0, None, '"{1} {0} {{ $1 %x \\\\1|{0}"'),
    # Paths.
    ("path-nul", main("str", constant("p", f'"{folder}/open\\u0000/x"'), "%s = file.read_text(%p) : str", "return(%s)"), [f"--allow-read={folder}/open"], 1, "bad-argument", None),
    ("path-empty", main("str", constant("p", '""'), "%s = file.read_text(%p) : str", "return(%s)"), [f"--allow-read={folder}/open"], 1, "bad-argument", None),
    ("path-up", main("str", constant("p", f'"{folder}/open/../closed"'), "%s = file.read_text(%p) : str", "return(%s)"), [f"--allow-read={folder}/open"], 3, "read-not-granted", None),
    ("path-ups", main("str", constant("p", '"' + "../" * 1000 + 'etc/passwd"'), "%s = file.read_text(%p) : str", "return(%s)"), [f"--allow-read={folder}/open"], 3, "read-not-granted", None),
    ("path-link", main("str", constant("p", f'"{folder}/open/link"'), "%s = file.read_text(%p) : str", "return(%s)"), [f"--allow-read={folder}/open"], 3, "symlink-refused", None),
    ("path-process", main("str", constant("p", '"/proc/self/environ"'), "%s = file.read_text(%p) : str", "return(%s)"), [f"--allow-read={folder}/open"], 3, "read-not-granted", None),
    ("path-endless", main("bytes", constant("p", '"/dev/zero"'), "%s = file.read(%p) : bytes", "return(%s)"), ["--allow-read=/dev/zero"], 1, "cannot-read", None),
    ("path-pipe", main("bytes", constant("p", f'"{folder}/open/pipe"'), "%s = file.read(%p) : bytes", "return(%s)"), [f"--allow-read={folder}/open"], 1, "cannot-read", None),
    ("path-long", main("bool", constant("p", f'"{folder}/open/' + "x" * 100_000 + '"'), "%s = file.exists(%p) : bool", "return(%s)"), [f"--allow-read={folder}/open"], 1, "cannot-read", None),
    ("path-line", main("str", constant("p", f'"{folder}/open/a\\nb\\u001b"'), "%s = file.read_text(%p) : str", "return(%s)"), [f"--allow-read={folder}/open"], 0, None, '"odd"'),
    ("path-lines", main("list<str>", constant("p", f'"{folder}/open"'), "%s = file.list(%p) : list<str>", "return(%s)"), [f"--allow-read={folder}/open"], 0, None, '["a\\nb\\u001b","link","pipe"]'),
    ("path-ungranted-escape", main("str", constant("p", '"a\\u001b[2J\\n\\u202e; rm -rf ~"'), "%s = file.read_text(%p) : str", "return(%s)"), [], 3, "read-not-granted", None),
    # Programs: an argument is never a text for a shell.
    ("argument-shell", main("str", constant("a", '["echo", "$(id); `id` | id > x", "*", "~"]', "list<str>"), "%r = exec.run(%a) : record<exit: i64, stdout: str, stderr: str>", '%s = record.get(%r) {field = "stdout"} : str', "return(%s)"), ["--allow-run=echo"], 0, None, '"$(id); `id` | id > x * ~\\n"'),
    ("argument-nul", main("str", constant("a", '["echo", "a\\u0000b"]', "list<str>"), "%r = exec.run(%a) : record<exit: i64, stdout: str, stderr: str>", '%s = record.get(%r) {field = "stdout"} : str', "return(%s)"), ["--allow-run=echo"], 1, "bad-argument", None),
    ("argument-endless", main("str", constant("a", '["yes"]', "list<str>"), "%r = exec.run(%a) {reads = [], writes = []} : record<exit: i64, stdout: str, stderr: str>", '%s = record.get(%r) {field = "stdout"} : str', "return(%s)"), ["--allow-run=yes", "--limit", "child-output-bytes=100000"], 4, "limit-exceeded", None),
    ("argument-endless-write", main("str", constant("a", '["yes"]', "list<str>"), "%r = exec.run(%a) : record<exit: i64, stdout: str, stderr: str>", '%s = record.get(%r) {field = "stdout"} : str', "return(%s)"), ["--allow-run=yes", "--limit", "child-output-bytes=100000"], 5, "outcome-unknown", None),
    ("program-path", main("str", constant("a", '["/bin/../bin/sh", "-c", "id"]', "list<str>"), "%r = exec.run(%a) : record<exit: i64, stdout: str, stderr: str>", '%s = record.get(%r) {field = "stdout"} : str', "return(%s)"), ["--allow-run=echo"], 3, "run-not-granted", None),
    ("environment-loader", main("str", constant("a", '["env"]', "list<str>"), '%r = exec.run(%a) {env = {LD_PRELOAD = "x.so"}} : record<exit: i64, stdout: str, stderr: str>', '%s = record.get(%r) {field = "stdout"} : str', "return(%s)"), ["--allow-run=env"], 3, "env-refused", None),
]

os.makedirs(folder + "/open", exist_ok=True)
write(folder, "closed", "closed")
write(folder + "/open", "a\nb\x1b", "odd")
if not os.path.lexists(folder + "/open/link"):
    os.symlink("../closed", folder + "/open/link")
    os.mkfifo(folder + "/open/pipe")
table = Table()
for name, text, exit, kind, says in refused:
    table.check(name, Outcome(["xcsc", "--emit=none", write(folder, name + ".xir", text)]), exit, kind, says)
for name, text, flags, exit, kind, gives in run:
    source, plan = write(folder, name + ".xir", text), f"{folder}/{name}.xplan"
    for level in ("-O0", "-O2"):
        compiled = Outcome(["xcsc", level, source, "-o", plan])
        table.check(f"{name} {level} compiled", compiled, 0)
        if compiled.exit == 0:
            table.check(f"{name} {level}", Outcome(["xcs-run", plan, "--jobs=2", *flags]), exit, kind, None, gives)
table.end()
