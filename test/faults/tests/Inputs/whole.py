"""Asks for one chat completion per text and prints the fields a caller looks at."""
import json
import sys
import urllib.request

for text in sys.argv[2:]:
    body = {"model": "tiny", "messages": [{"role": "system", "content": "be short"}, {"role": "user", "content": text}]}
    request = urllib.request.Request(f"http://127.0.0.1:{sys.argv[1]}/v1/chat/completions", json.dumps(body).encode())
    with urllib.request.urlopen(request, timeout=20) as answer:
        chat = json.load(answer)
    choice = chat["choices"][0]
    print(f"{text}: model={chat['model']} finish={choice['finish_reason']} content={choice['message']['content']!r}", end=" ")
    print(f"usage={chat.get('usage', 'left out')}")
