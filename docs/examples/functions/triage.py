"""A small model names the queue of a request, and each queue has its own prompt; see ../triage.xir."""

from typing import TypedDict

import xcs

small = xcs.model("small", url="http://127.0.0.1:8080/v1", max_in_flight=64)
large = xcs.model("large", url="http://127.0.0.1:8080/v1", max_in_flight=8)


class Sorted(TypedDict):
    queue: str
    reply: str


@xcs.program(strategy="structural")
def main(request: str) -> Sorted:
    said = small(f"Sort this request: billing, technical or praise? Answer with one word.\n{request}", temperature=0.0, max_tokens=3)
    queue = said.lower().strip()
    match queue:
        case "billing":
            reply = small(f"Answer this question on a bill, politely and in one sentence.\n{request}")
        case "technical":
            reply = large(f"Find the cause of this problem, then give one step to try.\n{request}", temperature=0.2)
        case "praise":
            reply = "Thank you!"
        case _:
            reply = "A person will answer."
    return {"queue": queue, "reply": reply}
