"""A question over a folder of files: each is judged for relevance, the relevant ones are quoted, and the answer is made from the quotes."""
from pathlib import Path

from openai import OpenAI

client = OpenAI()


def ask(prompt, temperature=0.0):
    messages = [{"role": "system", "content": "You answer from the text alone."}, {"role": "user", "content": prompt}]
    response = client.chat.completions.create(model="small", messages=messages, temperature=temperature)
    return response.choices[0].message.content


question = "What does the old bridge need?"
quotes = []
for path in sorted(Path("library").glob("*.txt")):
    text = path.read_text(encoding="utf-8")
    verdict = ask(f"Does this say something about '{question}'? Answer yes or no.\n\n{text}")
    if verdict.lower().startswith("yes"):
        quotes.append(f"{path.name}: {ask(f'Quote what answers: {question}{chr(10)}{text}')}")

print(len(quotes), "relevant")
print(ask(f"{question}\n\n" + "\n".join(quotes)))
