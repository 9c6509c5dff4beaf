"""A cheap call says whether a question is hard, and one of two models answers it; see ../router.xir."""

from typing import TypedDict

import xcs

small = xcs.model("small", url="http://127.0.0.1:8080/v1", max_in_flight=64)
large = xcs.model("large", url="http://127.0.0.1:8080/v1", max_in_flight=8)


class Routed(TypedDict):
    route: str
    answer: str


@xcs.program(strategy="structural")
def main(question: str) -> Routed:
    said = small(f"Is this question easy or hard? Answer with one word.\n{question}", temperature=0.0, max_tokens=3)
    if "hard" in said.lower():
        route, answer = "large", large(question, temperature=0.2)
    else:
        route, answer = "small", small(question, temperature=0.2)
    return {"route": route, "answer": answer}
