"""Every row of Diagnostics.def is shown by a test: its kind name stands in brackets in a file under test/. Rows are unique and in style."""
import re

TABLE = "include/xcs/Support/Diagnostics.def"
ROW = re.compile(r'^XCS_DIAGNOSTIC\((\w+),\s*"([^"]*)",\s*(\w+),\s*\w+,\s*((?:"(?:\\.|[^"\\])*"\s*)+)\)', re.MULTILINE)


def check(tree):
    if TABLE not in tree.files:
        return [f"{TABLE}: missing"]
    text = tree.text(TABLE)
    shown = set()
    for name in tree.under("test"):
        if not name.startswith("test/house/"):
            shown.update(re.findall(r"\[([a-z][a-z0-9-]*)\]", tree.text(name)))
    problems, seen = [], set()
    rows = ROW.findall(text)
    if len(rows) != len(re.findall(r"^XCS_DIAGNOSTIC\(", text, re.MULTILINE)):
        problems.append(f"{TABLE}: a row is not of the form XCS_DIAGNOSTIC(Name, \"kind-name\", Severity, Class, \"text\")")
    for _, kind, _, message in rows:
        message = "".join(re.findall(r'"((?:\\.|[^"\\])*)"', message))
        if kind in seen:
            problems.append(f"{TABLE}: `{kind}` twice")
        seen.add(kind)
        if not re.fullmatch(r"[a-z][a-z0-9]*(-[a-z0-9]+)*", kind):
            problems.append(f"{TABLE}: `{kind}` is not a lower-case name with hyphens")
        if re.match(r"[A-Z][a-z]", message) or message.endswith("."):
            problems.append(f"{TABLE}: `{kind}`: the text starts with a capital or ends in a full stop")
        if kind not in shown:
            problems.append(f"{TABLE}: no test shows [{kind}]")
    return problems
