"""A model with tools, in rounds; see ../agent_tools.xir."""

import asyncio
import json
import sys

from openai import AsyncOpenAI

client = AsyncOpenAI()
agent = asyncio.Semaphore(4)
expert = asyncio.Semaphore(8)


def tool(name, description, argument, schema):
    parameters = {
        "type": "object",
        "properties": {argument: schema},
        "required": [argument],
    }
    function = {"name": name, "description": description, "parameters": parameters}
    return {"type": "function", "function": function}


TOOLS = [
    tool(
        "add",
        "the sum of some numbers",
        "numbers",
        {"type": "array", "items": {"type": "number"}},
    ),
    tool(
        "ask_expert",
        "what an expert says to a question",
        "question",
        {"type": "string"},
    ),
]


async def add(numbers):
    return str(float(sum(numbers)))


async def ask_expert(question):
    messages = [{"role": "user", "content": question}]
    async with expert, asyncio.timeout(60):
        response = await client.chat.completions.create(
            model="small", messages=messages, max_tokens=200
        )
    return response.choices[0].message.content


async def carry_out(call):
    try:
        function = {"add": add, "ask_expert": ask_expert}[call.function.name]
        content = await function(**json.loads(call.function.arguments))
    except Exception as error:
        content = f"error: {error}"
    return {"role": "tool", "content": content, "tool_call_id": call.id}


async def main(task):
    messages = [{"role": "user", "content": task}]
    for _ in range(5):
        async with agent, asyncio.timeout(60):
            response = await client.chat.completions.create(
                model="large", messages=messages, tools=TOOLS
            )
        reply = response.choices[0].message
        if not reply.tool_calls:
            return reply.content
        messages.append(reply)
        messages += await asyncio.gather(*map(carry_out, reply.tool_calls))
    raise RuntimeError("the model still calls tools after five rounds")


print(json.dumps(asyncio.run(main(**json.load(sys.stdin)))))
