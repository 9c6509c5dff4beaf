"""Names of addresses: (url, exit, kind, what the message says)."""
import sys

from hostile import Outcome, Table, write

LOOPBACK = "grant it with `--allow-net=127.0.0.1:1`"
rows = [
    ("http://127.0.0.1:1/", 3, "net-not-granted", LOOPBACK),
    ("http://2130706433:1/", 3, "net-not-granted", LOOPBACK),
    ("http://0177.0.0.1:1/", 3, "net-not-granted", LOOPBACK),
    ("http://0x7f.1:1/", 3, "net-not-granted", LOOPBACK),
    ("http://127.1:1/", 3, "net-not-granted", LOOPBACK),
    ("http://127.0.0.1:1#@good.example/", 3, "net-not-granted", LOOPBACK),
    ("http://[::ffff:127.0.0.1]:1/", 3, "net-not-granted", "--allow-net=[::ffff:127.0.0.1]:1"),
    ("http://[0:0:0:0:0:ffff:7f00:1]:1/", 3, "net-not-granted", "--allow-net=[::ffff:127.0.0.1]:1"),
    ("http://0.0.0.0:1/", 3, "net-not-granted", None),
    ("http://169.254.169.254/latest/meta-data", 3, "net-not-granted", None),
    ("http://good.example@127.0.0.1:1/", 1, "bad-url", "credentials do not belong in a URL"),
    ("http://127.0.0.1:1@good.example/", 1, "bad-url", "credentials do not belong in a URL"),
    ("http://good.example\\@127.0.0.1:1/", 1, "bad-url", "credentials do not belong in a URL"),
    ("http://granted.example:1@other.example/", 1, "bad-url", "credentials do not belong in a URL"),
    ("http://@granted.example/", 1, "bad-url", "credentials do not belong in a URL"),
    ("http:///granted.example/", 1, "bad-url", "it names no host"),
    ("http:/granted.example/", 1, "bad-url", "`//` is missing after its scheme"),
    ("http://granted.example:0/", 1, "bad-url", "port 0 is none"),
    ("http://granted.example:+80/", 1, "bad-url", "its port is no number"),
    ("http://granted.example: 80/", 1, "bad-url", "its port is no number"),
    ("http://granted.example\\other.example/", 1, "bad-url", "its host has a character that no name has"),
    ("http://granted.example.other.example/", 3, "net-not-granted", None),
    ("http://notgranted.example/", 3, "net-not-granted", None),
    ("http://granted.example:81/", 3, "net-not-granted", None),
    ("https://granted.example:80/", 3, "net-not-granted", None),
    ("http://granted.example%00.other.example/", 1, "bad-url", None),
    ("http://granted.example%2eother.example/", 3, "net-not-granted", None),
    ("file:///etc/passwd", 1, "bad-url", "only http and https are supported"),
    ("gopher://127.0.0.1:1/", 1, "bad-url", "only http and https are supported"),
    ("ftp://127.0.0.1:1/", 1, "bad-url", "only http and https are supported"),
    ("dict://127.0.0.1:1/", 1, "bad-url", "only http and https are supported"),
    ("unix:///var/run/x", 1, "bad-url", "only http and https are supported"),
    ("javascript:alert(1)", 1, "bad-url", None),
    ("//127.0.0.1:1/", 1, "bad-url", None),
    ("http:127.0.0.1:1", 1, "bad-url", None),
    ("http://", 1, "bad-url", None),
    ("http://127.0.0.1:99999/", 1, "bad-url", None),
    ("http://127.0.0.1:-1/", 1, "bad-url", None),
    ("http://127.0.0.1:1:2/", 1, "bad-url", None),
    ("http://[::1/", 1, "bad-url", None),
    ("http://127.0.0.1:1/ a", 1, "bad-url", None),
    ("http://127.0.0.1:1/\r\nHost: other", 1, "bad-url", "\\x0d\\x0aHost"),
    ("http://127.0.0.1:1/\t", 1, "bad-url", None),
    ("http://127.0.0.1:1/" + "a" * 100_000, 3, "net-not-granted", LOOPBACK),
    ("http://" + "a" * 100_000 + "/", 3, "net-not-granted", None),
    ("", 1, "bad-url", None),
]
with_nul = """
func @main() -> i64 {
  %url = const {value = "http://127.0.0.1:1/a\\u0000b"} : str
  %r = http.request(%url) {method = "GET"} : record<status: i64, headers: list<record<name: str, value: str>>, body: str>
  %s = record.get(%r) {field = "status"} : i64
  return(%s)
}
"""
program = with_nul.replace("@main()", "@main(%url: str)").replace('  %url = const {value = "http://127.0.0.1:1/a\\u0000b"} : str\n', "")

folder = sys.argv[1]
table = Table()
for name, text in (("given", program), ("nul", with_nul)):
    table.check(name, Outcome(["xcsc", write(folder, name + ".xir", text), "-o", f"{folder}/{name}.xplan"]), 0)
for url, exit, kind, says in rows:
    command = ["xcs-run", folder + "/given.xplan", "--arg-file", "url=" + write(folder, "url.txt", url), "--allow-net=granted.example"]
    table.check(url[:80], Outcome(command), exit, kind, says)
table.check("nul", Outcome(["xcs-run", folder + "/nul.xplan", "--allow-net=127.0.0.1:1"]), 1, "bad-url", "it contains a NUL character")
table.end()
