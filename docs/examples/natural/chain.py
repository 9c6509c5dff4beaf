"""An outline, a draft made from it, and an edited text made from that; the title needs the outline alone."""
from openai import OpenAI

client = OpenAI()


def ask(prompt):
    response = client.chat.completions.create(model="small", messages=[{"role": "user", "content": prompt}])
    return response.choices[0].message.content


outline = ask("Outline a story about a lighthouse.")
title = ask("A title for the story with this outline: %s" % outline)
draft = ask("Write the story for this outline:\n{}".format(outline))
edited = ask("Shorten this:\n" + draft.replace("very ", ""))
print(title.strip().title())
print("-" * 20)
print(edited)
