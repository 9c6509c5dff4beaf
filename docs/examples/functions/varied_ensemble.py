"""Two models and three prompts give six answers, and a vote decides; see ../varied_ensemble.xir."""

from collections import Counter

import xcs

quick = xcs.model("small", url="http://127.0.0.1:8080/v1", max_in_flight=16, temperature=0.7, max_tokens=64)
thorough = xcs.model("large", url="http://127.0.0.1:8080/v1", max_in_flight=16, temperature=0.3, max_tokens=64)

OPENINGS = (
    "Answer with the bare answer and nothing else.",
    "You are an expert. Say the answer in as few words as you can.",
    "Think first, in silence. Then write the answer alone.",
)


def normal(text):
    return text.lower().replace(".", "").strip()


def answers(prompt):
    """Both answers, without those that failed."""
    both = []
    try:
        both.append(normal(quick(prompt)))
    except Exception:
        pass
    try:
        both.append(normal(thorough(prompt)))
    except Exception:
        pass
    return both


@xcs.program(strategy="structural")
def main(question: str) -> str:
    votes = [answer for opening in OPENINGS for answer in answers(f"{opening}\n\n{question}")]
    return Counter(votes).most_common(1)[0][0]
