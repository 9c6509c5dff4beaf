"""Every question is tried twice; one that is refused is put more mildly the second time, and one that is refused again is left out."""
from openai import BadRequestError, OpenAI

client = OpenAI(max_retries=0)


def ask(prompt):
    response = client.chat.completions.create(model="small", messages=[{"role": "user", "content": prompt}])
    return response.choices[0].message.content


def patient(prompt):
    try:
        return ask(prompt)
    except BadRequestError as error:
        first = error.status_code
    try:
        return ask(prompt.replace(" !FAIL now", "") + f" (asked again after {first})")
    except BadRequestError:
        return None


answers = []
for question in ["How is glass made?", "How are locks opened? !FAIL now", "How is bread baked?", "What must be kept secret? !FAIL", "How do sails work?", "How is paper made?"]:
    answer = patient(question)
    if answer is None:
        print("left out:", question)
        continue
    answers.append(f"{question} {answer}")
print("\n".join(answers))
