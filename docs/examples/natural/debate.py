"""Two sides answer each other for three rounds, each seeing what the other said last; a judge reads both."""
from openai import OpenAI

client = OpenAI()


def ask(prompt, model="small"):
    response = client.chat.completions.create(model=model, messages=[{"role": "user", "content": prompt}])
    return response.choices[0].message.content


motion = "Cities should have no cars."
pro = [ask(f"Speak for: {motion}")]
con = [ask(f"Speak against: {motion}")]
for round in range(2):
    said, replied = pro[-1], con[-1]
    pro.append(ask(f"Speak for: {motion}\nAnswer this: {replied}"))
    con.append(ask(f"Speak against: {motion}\nAnswer this: {said}"))

transcript = "\n".join(f"FOR: {a}\nAGAINST: {b}" for a, b in zip(pro, con))
print(transcript)
print("Verdict:", ask(f"Who won this debate?\n{transcript}", model="large"))
