"""Messages are classified with answers in JSON, and counted by label."""
import collections
import json

from openai import OpenAI

client = OpenAI()
messages = ["The parcel is late.", "Thank you for the quick help!", "My card was charged twice.", "Where is my invoice?", "The screen stays dark.", "Please delete my account.",
            "The new colour is lovely.", "I was given a wrong size.", "Can I pay by transfer?", "The handle broke off.", "Your shop is closed again.", "When do you open?"]


def classify(message):
    response = client.chat.completions.create(
        model="small", temperature=0,
        messages=[{"role": "system", "content": "You sort customers' messages."}, {"role": "user", "content": f"Give label, score, tags and ok as JSON for: {message}"}])
    return response.choices[0].message.content


found = []
for message in messages:
    answer = json.loads(classify(message))
    found.append({"message": message, "label": answer["label"], "score": answer["score"], "tags": answer.get("tags", [])})

counts = collections.Counter(row["label"] for row in found)
print(json.dumps(counts.most_common(), ensure_ascii=False))
for row in sorted(found, key=lambda row: (-row["score"], row["message"])):
    print(f"{row['score']:>2} {row['label']:<8} {', '.join(row['tags']) or '-':<16} {row['message']}")
