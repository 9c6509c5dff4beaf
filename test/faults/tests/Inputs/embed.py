"""Looks into the parts of the usual answers that a line of text does not show."""
import json
import sys
import urllib.request


def post(path, body):
    request = urllib.request.Request(f"http://127.0.0.1:{sys.argv[1]}{path}", json.dumps(body).encode())
    with urllib.request.urlopen(request, timeout=20) as answer:
        return json.load(answer)


chat = post("/v1/chat/completions", {"n": 2, "messages": [{"role": "user", "content": "one two"}]})
print("choices:", " | ".join(choice["message"]["content"] for choice in chat["choices"]))
print("usage:", chat["usage"])

texts = ["the cat sat on the mat", "a cat on a mat", "interest rates rose again"]
vectors = [row["embedding"] for row in post("/v1/embeddings", {"input": texts})["data"]]
again = post("/v1/embeddings", {"input": texts[0]})["data"][0]["embedding"]


def dot(a, b):
    return sum(x * y for x, y in zip(a, b))


print(f"vectors: {len(vectors)} of {len(vectors[0])}, length {dot(vectors[0], vectors[0]):.2f}")
print("equal texts are equal:", again == vectors[0])
print("shared words are nearer:", dot(vectors[0], vectors[1]) > dot(vectors[0], vectors[2]))
print("dimensions:", len(post("/v1/embeddings", {"input": "x", "dimensions": 4})["data"][0]["embedding"]))
