"""An answer from documents, with its sources; see ../retrieval.xir."""

import asyncio
import json
import math
import re
import sys

from openai import AsyncOpenAI
from pydantic import BaseModel


class Reply(BaseModel):
    answer: str
    used: list[int]


client = AsyncOpenAI()
reading = asyncio.Semaphore(8)
embedding = asyncio.Semaphore(4)


def cut(document):
    sentences = re.split(r"(?<=[.!?])\s+", document["text"].strip())
    pieces = [sentences[i : i + 2] for i in range(max(1, len(sentences) - 1))]
    return [{"title": document["title"], "text": " ".join(piece)} for piece in pieces]


async def embed(texts):
    async with embedding, asyncio.timeout(60):
        response = await client.embeddings.create(model="vectors", input=texts)
    return [item.embedding for item in response.data]


def cosine(a, b):
    return sum(x * y for x, y in zip(a, b)) / (math.hypot(*a) * math.hypot(*b))


def count_tokens(text):
    return math.ceil(len(text) / 4)


async def main(question, documents, budget):
    pieces = [piece for document in documents for piece in cut(document)]
    texts = [piece["text"] for piece in pieces]
    batches = [texts[i : i + 4] for i in range(0, len(texts), 4)]
    [query], *vectors = await asyncio.gather(embed([question]), *map(embed, batches))
    vectors = [vector for batch in vectors for vector in batch]
    ranked = sorted(zip(vectors, pieces), key=lambda pair: -cosine(query, pair[0]))
    taken = []
    for _, piece in ranked[:8]:
        tokens = count_tokens(piece["text"])
        if tokens <= budget:
            taken.append(piece)
            budget -= tokens

    context = "\n".join(
        f"[{i}] {piece['title']}: {piece['text']}" for i, piece in enumerate(taken)
    )
    system = "Answer from the numbered passages alone, and give the numbers of those you used."
    messages = [
        {"role": "system", "content": system},
        {"role": "user", "content": f"{context}\n\nQuestion: {question}"},
    ]
    async with reading, asyncio.timeout(60):
        response = await client.chat.completions.parse(
            model="large", messages=messages, response_format=Reply
        )
    reply = response.choices[0].message.parsed
    return {"answer": reply.answer, "sources": [taken[i] for i in reply.used]}


print(json.dumps(asyncio.run(main(**json.load(sys.stdin)))))
