"""Every eleventh prefix of a plan, every ninth byte of it changed, and what is no plan at all."""
import sys

from hostile import SANITIZED, Outcome, Table, write

program = """
func @main(%xs: list<i64>) -> list<i64>, str {
  %all = map(%xs) : list<i64> {
  ^(%x: i64)
    %y = i64.mul(%x, %x) : i64
    yield(%y)
  }
  %t = const {value = "text"} : str
  return(%all, %t)
}
"""
KINDS = {"plan-altered", "plan-truncated", "plan-newer", "plan-older", "plan-unknown-row", "plan-changed-row", "not-a-plan", "text-given", "bad-plan"}
STEP = 10 if SANITIZED else 1

folder = sys.argv[1]
plan = folder + "/p.xplan"
table = Table()
table.check("compiles", Outcome(["xcsc", write(folder, "in.xir", program), "-o", plan]), 0)
with open(plan, "rb") as file:
    whole = file.read()


def refused(name, content):
    outcome = Outcome(["xcs-run", write(folder, "altered", content), "--arg", "xs=[1]"])
    kind = outcome.kinds[0] if outcome.kinds else None
    table.check(name, outcome, 2, kind if kind in KINDS else "a kind of plans")


table.check("whole", Outcome(["xcs-run", plan, "--arg", "xs=[3]"]), 0, None, None, '[[9],"text"]')
for size in range(0, len(whole), 11 * STEP):
    refused(f"cut to {size}", whole[:size])
for at in range(0, len(whole), 9 * STEP):
    refused(f"byte {at}", whole[:at] + bytes([whole[at] ^ (1 << at % 8)]) + whole[at + 1 :])
for name, content in (
    ("twice", whole + whole),
    ("zeros", bytes(100_000)),
    ("only the magic", whole[:8]),
    ("magic and zeros", whole[:8] + bytes(100_000)),
    ("magic and ones", whole[:8] + b"\xff" * 100_000),
):
    refused(name, content)
table.end()
