"""Five drafts of one answer, and a judge that sees them all."""
from openai import OpenAI

client = OpenAI()


def ask(prompt):
    response = client.chat.completions.create(model="small", messages=[{"role": "user", "content": prompt}])
    return response.choices[0].message.content


question = "Which is the largest planet?"
drafts = [ask(question) for _ in range(5)]
listing = "\n".join(f"{i + 1}. {draft}" for i, draft in enumerate(drafts))
print(ask(f"Pick the best answer to '{question}':\n{listing}"))
