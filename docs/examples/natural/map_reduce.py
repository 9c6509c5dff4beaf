"""Eight chapters are summed up side by side, then pairs of summaries are joined until one is left."""
from openai import OpenAI

client = OpenAI()
chapters = [f"Chapter {number}. The {who} crosses the {where}." for number, (who, where) in enumerate(
    [("captain", "bay"), ("doctor", "moor"), ("thief", "square"), ("nurse", "yard"), ("pilot", "strait"), ("clerk", "bridge"), ("twin", "field"), ("poet", "ice")], 1)]


def ask(prompt):
    response = client.chat.completions.create(model="small", messages=[{"role": "user", "content": prompt}])
    return response.choices[0].message.content


summaries = [ask(f"Sum up in a line:\n{chapter}") for chapter in chapters]
while len(summaries) > 1:
    pairs = zip(summaries[::2], summaries[1::2])
    summaries = [ask(f"Make one summary of these two:\n- {first}\n- {second}") for first, second in pairs]
print(summaries[0])
