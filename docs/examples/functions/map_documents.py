"""Every document graded by every criterion; see ../map_documents.xir."""

from typing import TypedDict

import xcs

grader = xcs.model("small", url="http://127.0.0.1:8080/v1", max_in_flight=8)


class Grade(TypedDict):
    document: str
    grade: float


def graded(document, criterion):
    text = grader(f"Grade from 0 to 1 and write the number alone. Criterion: {criterion}\n\n{document}", temperature=0.0, max_tokens=8)
    return float(text.strip())


@xcs.program(strategy="structural")
def main(documents: list[str], criteria: list[str]) -> list[Grade]:
    rows = []
    for document in documents:
        grades = [graded(document, criterion) for criterion in criteria]
        rows.append({"document": document, "grade": sum(grades, 0.0) / len(grades)})
    return rows
