"""A conversation that remembers: every turn is asked with all turns before it, so the turns stay one after the other."""
from openai import OpenAI

client = OpenAI()


class Agent:
    def __init__(self, role):
        self.messages = [{"role": "system", "content": role}]

    def say(self, text):
        self.messages.append({"role": "user", "content": text})
        response = client.chat.completions.create(model="small", messages=self.messages)
        answer = response.choices[0].message.content
        self.messages.append({"role": "assistant", "content": answer})
        return answer


agent = Agent("You plan a journey.")
for wish in ["I want to see the sea.", "It should not cost much.", "I leave in May.", "Make me a list, one per line."]:
    answer = agent.say(wish)
    print(">", wish)
    print(answer)
print(len(agent.messages), "messages")
