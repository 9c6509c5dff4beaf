"""Twenty documents are graded; for those with a low grade a second call asks for the reason."""
from openai import OpenAI

client = OpenAI()
documents = [f"Report {number}: {topic}" for number in range(5) for topic in ("harbour", "railway", "forest", "market")]


def ask(prompt):
    response = client.chat.completions.create(model="small", messages=[{"role": "user", "content": prompt}])
    return response.choices[0].message.content


rows = []
for document in documents:
    grade = ask(f"Grade this text from 1 to 5.\n{document}")
    if int(grade) >= 3:
        rows.append((document, grade, "good enough"))
        continue
    reason = ask(f"Why is this only worth {grade}?\n{document}")
    rows.append((document, grade, reason.strip().lower()))

for document, grade, reason in rows:
    print(f"{grade}  {document:<22} {reason}")
