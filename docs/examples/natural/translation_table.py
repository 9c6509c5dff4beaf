"""Words times languages: a table made with format strings; nothing depends on anything else."""
from openai import OpenAI

client = OpenAI()
words = ["bridge", "harbour", "lantern", "orchard"]
languages = ["French", "Italian", "Polish"]


def translate(word, language):
    messages = [{"role": "user", "content": "Translate '%s' into %s." % (word, language)}]
    return client.chat.completions.create(model="small", messages=messages).choices[0].message.content


table = {word: [translate(word, language) for language in languages] for word in words}

width = 26
print(f"{'':<10}" + "".join(f"{language:^{width}}" for language in languages))
for word, row in table.items():
    print("{:<10}".format(word) + "".join("%-*.*s" % (width, width - 1, cell) for cell in row))
