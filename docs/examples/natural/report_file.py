"""A report of five sections is written to a file; a summary made from what the file holds is put on top of it."""
from openai import OpenAI

client = OpenAI()
topics = ["ports", "roads", "schools", "forests", "markets"]


def ask(prompt):
    response = client.chat.completions.create(model="small", messages=[{"role": "user", "content": prompt}])
    return response.choices[0].message.content


sections = []
for number, topic in enumerate(topics, 1):
    text = ask(f"Write about the {topic} of the town.")
    sections.append(f"## {number}. {topic.title()}\n\n{text}\n")

with open("report.md", "w", encoding="utf-8") as file:
    file.write("# The year\n\n")
    file.write("\n".join(sections))

with open("report.md", encoding="utf-8") as file:
    body = file.read()
summary = ask("Sum up:\n" + body)
with open("report.md", "w", encoding="utf-8") as file:
    file.write(f"> {summary}\n\n{body}")
print(len(body.splitlines()), "lines;", summary)
