"""The cheap model answers and says how sure it is; the strong one is asked where that is too little; see ../cascade.xir."""

from typing import TypedDict

from pydantic import BaseModel, ConfigDict

import xcs

small = xcs.model("small", url="http://127.0.0.1:8080/v1", max_in_flight=64)
large = xcs.model("large", url="http://127.0.0.1:8080/v1", max_in_flight=8)


class Reading(BaseModel):
    model_config = ConfigDict(strict=True, extra="forbid")
    answer: str
    confidence: float


class Answer(TypedDict):
    asked: list[str]
    answer: str


@xcs.program(strategy="structural")
def main(question: str, threshold: float) -> Answer:
    said = small(f'Answer as JSON with "answer" and with "confidence" from 0 to 1.\n{question}', temperature=0.0)
    try:
        first = Reading.model_validate_json(said)
        answer, confidence = first.answer, first.confidence
    except ValueError:
        answer, confidence = "", -1.0
    if confidence >= threshold:
        return {"asked": ["small"], "answer": answer}
    return {"asked": ["small", "large"], "answer": large(question, temperature=0.2)}
