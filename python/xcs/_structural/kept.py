"""Calls whose answers nobody uses. Python makes them all the same, and raises what they raise: `{keep}` has a plan do so, too."""

from __future__ import annotations

from .ir import FLAG

ASKING = frozenset({"host.call", "model.chat"})
# They are carried out whether or not their results are used.
STAYS = frozenset({"return", "yield", "continue", "fail", "assert", "log.print", "time.sleep"})


def keep_unused(region):
    """Marks the calls that no result of the function, and nothing that stays, depends on."""
    _mark(region, set(), True)


def _mark(region, needed, is_used):
    """`is_used`: whether what the region yields is. Adds what is needed of it to `needed`."""
    for op in reversed(region.ops):
        stays = op.name in STAYS and (is_used or op.name != "yield")
        used = stays or any(r in needed for r in op.results)
        if op.name in ASKING:
            if not used and str(op.attributes.get("effect", "write")).startswith(("sample", "read")) or op.name == "model.chat" and not used:
                op.attributes = {**op.attributes, "keep": FLAG}
            used = True
        for inner in op.regions:
            before = len(needed)
            _mark(inner, needed, used)
            used = used or len(needed) != before
        if used or op.name == "call":
            needed.update(x for x in op.operands if not isinstance(x, (str, int, float, bool)))
