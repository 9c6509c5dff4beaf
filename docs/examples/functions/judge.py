"""Best of five with a judge; see ../judge.xir."""

import xcs

writer = xcs.model("small", url="http://127.0.0.1:8080/v1", max_in_flight=16)
judge = xcs.model("large", url="http://127.0.0.1:8080/v1", max_in_flight=4)


@xcs.program(strategy="structural")
def main(question: str) -> str:
    drafts = [writer(question, temperature=0.9) for _ in range(5)]
    listed = "\n".join(f"[{i}] {draft}" for i, draft in enumerate(drafts, 1))
    prompt = f"You are the judge of five answers to this question:\n{question}\n\n{listed}\n\nWrite the number of the best answer and nothing else."
    verdict = judge(prompt, temperature=0.0, max_tokens=4)
    try:
        number = int(verdict)
    except ValueError:
        return drafts[0]
    return drafts[number - 1] if 1 <= number <= 5 else drafts[0]
