"""An evaluation with accuracy by category; see ../evaluation.xir."""

import asyncio
import json
import sys
from collections import defaultdict
from statistics import fmean

from openai import AsyncOpenAI

client = AsyncOpenAI(max_retries=3)
gate = asyncio.Semaphore(8)


def normal(text):
    return text.lower().lstrip().rstrip(" \t\r\n.")


async def solve(case):
    messages = [
        {"role": "system", "content": "Answer with one word."},
        {"role": "user", "content": case["question"]},
    ]
    async with gate, asyncio.timeout(60):
        response = await client.chat.completions.create(
            model="small", messages=messages, temperature=0, max_tokens=16
        )
    given = normal(response.choices[0].message.content)
    return {**case, "given": given, "mark": float(given == normal(case["answer"]))}


def accuracy(rows):
    return fmean(row["mark"] for row in rows)


async def main(cases):
    rows = await asyncio.gather(*map(solve, cases))
    groups = defaultdict(list)
    for row in rows:
        groups[row["category"]].append(row)
    return {
        "accuracy": accuracy(rows),
        "categories": {name: accuracy(group) for name, group in groups.items()},
        "wrong": [row for row in rows if not row["mark"]],
    }


print(json.dumps(asyncio.run(main(**json.load(sys.stdin)))))
