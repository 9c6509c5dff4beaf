"""A draft is judged, and written again with the judge's remark, at most five times; see ../refine.xir."""

from typing import TypedDict

import xcs

writer = xcs.model("small", url="http://127.0.0.1:8080/v1", max_in_flight=8)
judge = xcs.model("large", url="http://127.0.0.1:8080/v1", max_in_flight=4)


class Text(TypedDict):
    text: str
    rounds: int


@xcs.program(strategy="structural")
def main(task: str) -> Text:
    text, remark, rounds = "(nothing yet)", "none so far", 0
    for _ in range(5):
        text = writer(f"Task: {task}\n\nYour last draft:\n{text}\n\nWhat the editor says of it: {remark}\n\nWrite the text.", temperature=0.7)
        remark = judge(f"Does this text fulfil the task? Write OK, or one remark.\n\nTask: {task}\n\n{text}", temperature=0.0)
        rounds += 1
        if remark.startswith("OK"):
            break
    return {"text": text, "rounds": rounds}
