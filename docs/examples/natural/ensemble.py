from collections import Counter

from openai import OpenAI

client = OpenAI()


def ask(question):
    answer = client.chat.completions.create(model="small", temperature=0.9, messages=[{"role": "user", "content": question}])
    return answer.choices[0].message.content


answers = [ask("Which is the largest planet?") for _ in range(5)]
print(Counter(answers).most_common(1)[0][0])
