"""What the endpoint answers: a function of the request alone, so that a program sees the same answers in whatever order it asks.

The last message's text may ask for a kind of answer (`MARKS`); everything else about the answer comes from a digest of all messages, so
a conversation whose messages are in another order is answered otherwise.
"""
import hashlib
import json

WORDS = (
    "amber birch Cedar delta ember fjord Grove harbor iris jade kelp lotus Maple nova ochre pearl quartz ridge "
    "sage thorn umber vale willow yarrow zephyr café naïve über"
).split()

# A text in the last message -> the kind of answer. The first that occurs counts.
MARKS = (
    ("!FAIL", "fail"),
    ("!NULL", "null"),
    ("!EMPTY", "empty"),
    ("from 1 to 5", "grade"),
    ("yes or no", "verdict"),
    ("as JSON", "json"),
    ("one per line", "lines"),
    ("!SPACED", "spaced"),
    ("!PERCENT", "percent"),
)


class Failure(Exception):
    """The endpoint refuses the request with `status`."""

    def __init__(self, status, message):
        super().__init__(message)
        self.status, self.message = status, message


def conversation(body):
    """The messages of a request to any of the interfaces."""
    if "messages" in body:
        head = [{"role": "system", "content": body["system"]}] if "system" in body else []
        return [*head, *(body["messages"] or [])]
    asked = body.get("input", body.get("prompt", ""))
    head = [{"role": "system", "content": body["instructions"]}] if "instructions" in body else []
    return [*head, *([{"role": "user", "content": asked}] if isinstance(asked, str) else asked)]


def last_text(body):
    messages = conversation(body)
    content = messages[-1].get("content") if messages else ""
    return content if isinstance(content, str) else json.dumps(content)


def digest(body):
    stable = json.dumps([conversation(body), body.get("model"), body.get("temperature")], sort_keys=True)
    return hashlib.sha256(stable.encode()).digest()


def kind_of(body):
    text = last_text(body)
    return next((kind for mark, kind in MARKS if mark in text), "words")


def content(body):
    """The text of the answer, or None; raises Failure when the request is to fail."""
    bits, kind = digest(body), kind_of(body)
    words = [WORDS[b % len(WORDS)] for b in bits[:8]]
    if kind == "fail":
        raise Failure(400, f"the prompt of {len(last_text(body))} characters is refused")
    if kind == "null":
        return None
    if kind == "empty":
        return ""
    if kind == "grade":
        return str(1 + bits[9] % 5)
    if kind == "verdict":
        return ("yes", "no", "Yes.", "No")[bits[9] % 4]
    if kind == "json":
        value = {"label": words[0], "score": bits[9] % 10, "tags": words[1 : 1 + bits[10] % 3], "ok": bits[11] % 2 == 0}
        return json.dumps(value, ensure_ascii=False)
    if kind == "lines":
        return "\n".join(f"- {word}" for word in words[: 2 + bits[9] % 3])
    if kind == "spaced":
        return f"  {words[0]} {words[1]}\t\n"
    if kind == "percent":
        return f"100% {{{words[0]}}} %s {words[1]} {{}}"
    return " ".join(words[: 1 + bits[9] % 4])


def completion(body):
    """The whole body of a successful answer."""
    text = content(body)
    bits = digest(body)
    asked, said = len(last_text(body)), len(text or "")
    message = {"role": "assistant", "content": text}
    if text is None:
        message["refusal"] = "no"
    return {
        "id": "chatcmpl-" + bits[:6].hex(),
        "object": "chat.completion",
        "created": 1700000000 + bits[12],
        "model": body.get("model", "?"),
        "choices": [{"index": i, "message": message, "finish_reason": "stop", "logprobs": None} for i in range(body.get("n") or 1)],
        "usage": {"prompt_tokens": asked, "completion_tokens": said, "total_tokens": asked + said},
    }


def response(body):
    """The answer of the Responses API, now and then with something before the text."""
    text, bits = content(body), digest(body)
    part = {"type": "refusal", "refusal": "no"} if text is None else {"type": "output_text", "text": text, "annotations": []}
    message = {"id": "msg_" + bits[:6].hex(), "type": "message", "role": "assistant", "status": "completed", "content": [part]}
    thought = [{"id": "rs_" + bits[:6].hex(), "type": "reasoning", "summary": []}] if bits[13] % 4 == 0 else []
    return {
        "id": "resp_" + bits[:6].hex(), "object": "response", "created_at": 1700000000 + bits[12], "model": body.get("model", "?"), "status": "completed",
        "output": [*thought, message], "parallel_tool_calls": True, "tool_choice": "auto", "tools": [],
    }  # fmt: skip


def message(body):
    """The answer of Anthropic's interface; one without a text has no block of text."""
    text, bits = content(body), digest(body)
    blocks = [] if text is None else [{"type": "text", "text": text}]
    return {
        "id": "msg_" + bits[:6].hex(), "type": "message", "role": "assistant", "model": body.get("model", "?"), "content": blocks, "stop_reason": "end_turn",
        "stop_sequence": None, "usage": {"input_tokens": len(last_text(body)), "output_tokens": len(text or "")},
    }  # fmt: skip


def plain_text(body):
    """The answer of the old completions."""
    bits = digest(body)
    choice = {"index": 0, "finish_reason": "stop", "logprobs": None, "text": content(body)}
    return {"id": "cmpl-" + bits[:6].hex(), "object": "text_completion", "created": 1700000000, "model": body.get("model", "?"), "choices": [choice]}


def vector(body):
    content(body)  # refused where a text would be
    row = {"object": "embedding", "index": 0, "embedding": [b / 256 for b in digest(body)[:3]]}
    return {"object": "list", "model": body.get("model", "?"), "data": [row], "usage": {"prompt_tokens": 1, "total_tokens": 1}}


# What each interface answers.
FORMS = {"v1/chat/completions": completion, "v1/responses": response, "v1/messages": message, "v1/completions": plain_text, "v1/embeddings": vector}


def chunks(body):
    """The events of the same answer as a stream."""
    whole = completion(body)
    head = {"id": whole["id"], "object": "chat.completion.chunk", "created": whole["created"], "model": whole["model"]}
    text = whole["choices"][0]["message"]["content"] or ""
    pieces = [text[at : at + 5] for at in range(0, len(text), 5)]
    for piece in pieces:
        yield {**head, "choices": [{"index": 0, "delta": {"role": "assistant", "content": piece}, "finish_reason": None}]}
    yield {**head, "choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]}
