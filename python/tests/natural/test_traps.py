"""The table of traps of the front end's contract: each script is run plainly and deferred, and nothing may tell the two apart."""

import textwrap

import pytest
import scripts_programs
import scripts_values
from both import compare

SCRIPTS = scripts_values.SCRIPTS | scripts_programs.SCRIPTS
OTHER = {
    "modules of the program": {
        "helper.py": """
def send(client, q):
    return client.chat.completions.create(model="small", messages=[{"role": "user", "content": q}]).choices[0].message.content
def grade(client, q):
    said = send(client, q)
    return said if len(said) % 2 else send(client, "again " + said)
class Judge:
    def __init__(self, client): self.client = client
    def judge(self, rows): return send(self.client, "\\n".join(rows))
CONSTANT = "x".upper()
"""
    }
}


@pytest.mark.parametrize("name", SCRIPTS)
def test_trap(name, server):
    script = SCRIPTS[name]
    script, together = script if isinstance(script, tuple) else (script, 1)
    server.server.delay = 0.002
    plain, ours = compare(textwrap.dedent(script), server, other=OTHER.get(name), stdin=b"somebody\n", together=together)
    assert ours.most >= together, f"{ours.most} in flight\n{ours.remarks}"
