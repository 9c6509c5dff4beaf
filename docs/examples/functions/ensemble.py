"""Five answers to one question, and the most frequent one; see ../ensemble.xir."""

from collections import Counter

import xcs

gpt = xcs.model("small", url="http://127.0.0.1:8080/v1", max_in_flight=64)


@xcs.program(strategy="structural")
def main(question: str) -> str:
    a = gpt(question, temperature=0.7)
    b = gpt(question, temperature=0.7)
    c = gpt(question, temperature=0.7)
    d = gpt(question, temperature=0.7)
    e = gpt(question, temperature=0.7)
    return Counter([a, b, c, d, e]).most_common(1)[0][0]
