"""Best of five with a judge; see ../judge.xir."""

import asyncio
import json
import sys

from openai import AsyncOpenAI

TASK = """You are the judge of five answers to this question:
{}

[1] {}
[2] {}
[3] {}
[4] {}
[5] {}

Write the number of the best answer and nothing else."""

client = AsyncOpenAI()
writing = asyncio.Semaphore(16)
judging = asyncio.Semaphore(4)


async def ask(gate, model, prompt, **options):
    async with gate, asyncio.timeout(60):
        response = await client.chat.completions.create(
            model=model, messages=[{"role": "user", "content": prompt}], **options
        )
    return response.choices[0].message.content


async def main(question):
    drafts = await asyncio.gather(
        *(ask(writing, "small", question, temperature=0.9) for _ in range(5))
    )
    prompt = TASK.format(question, *drafts)
    verdict = await ask(judging, "large", prompt, temperature=0, max_tokens=4)
    try:
        number = int(verdict)
    except ValueError:
        return drafts[0]
    return drafts[number - 1] if 1 <= number <= 5 else drafts[0]


print(json.dumps(asyncio.run(main(**json.load(sys.stdin)))))
