"""Several lines of reasoning, and a vote over the short answers at their ends; see ../majority.xir."""

from collections import Counter

import xcs

thinker = xcs.model("small", url="http://127.0.0.1:8080/v1", max_in_flight=64)


def extract(text):
    """What follows the last `Answer:`, up to the end of its line, in lower case and without a full stop."""
    tail = text.split("Answer:")[-1]
    return tail.splitlines()[0].lower().replace(".", "").strip()


@xcs.program(strategy="structural")
def main(question: str, votes: int) -> str:
    prompt = f"{question}\nThink step by step. End with a line `Answer: ` and the answer."
    answers = []
    for _ in range(votes):
        try:
            answers.append(extract(thinker(prompt, temperature=0.8)))
        except Exception:
            pass
    return Counter(answers).most_common(1)[0][0]
