"""The fixed parts of the programs: ways to ask a model, classes, context managers.

A way to ask is (its text, whether it gives back the answer's text as it is). `NAME` becomes the function's name, `MODEL` the model's.
"""
import textwrap

MESSAGE = '[{"role": "user", "content": prompt}]'
CREATE = f'client.chat.completions.create(model="MODEL", messages={MESSAGE})'
SAID = ".choices[0].message.content"
RESPONSE = 'client.responses.create(model="MODEL", input=prompt)'
CLAUDE = f'claude.messages.create(model="MODEL", max_tokens=100, messages={MESSAGE})'


def either(body):
    """A function for clients that have the Responses API; the oldest has not."""
    ways = [textwrap.indent(f"def NAME(prompt):\n{way}", "    ") for way in (body, f"    return {CREATE}{SAID}\n")]
    return 'if hasattr(client, "responses"):\n{}else:\n{}'.format(*ways)


ASK = {
    "direct": (f"def NAME(prompt):\n    return {CREATE}{SAID}\n", True),
    "two_lines": (f"def NAME(prompt):\n    r = {CREATE}\n    return r{SAID}\n", True),
    "options": (
        "def NAME(prompt, model=\"MODEL\", temperature=0.25, **more):\n"
        f"    r = client.chat.completions.create(model=model, messages={MESSAGE}, temperature=temperature, **more)\n"
        f"    return r{SAID}\n", True),
    "system": (
        "def NAME(prompt, role=\"You are terse.\"):\n"
        "    messages = [{\"role\": \"system\", \"content\": role}, {\"role\": \"user\", \"content\": f\"{prompt}\"}]\n"
        f"    return client.chat.completions.create(model=\"MODEL\", messages=messages){SAID}\n", True),
    "method": (
        "class NAME_Bot:\n    def __init__(self, name):\n        self.name, self.asked = name, 0\n\n"
        f"    def say(self, prompt):\n        self.asked += 1\n        r = {CREATE}\n        return r{SAID}\n\n"
        "NAME_bot = NAME_Bot(\"bot\")\nNAME = NAME_bot.say\n", True),
    "chat": (
        "NAME_history = [{\"role\": \"system\", \"content\": \"short\"}]\n"
        "def NAME(prompt):\n    NAME_history.append({\"role\": \"user\", \"content\": prompt})\n"
        f"    said = client.chat.completions.create(model=\"MODEL\", messages=NAME_history[-5:]){SAID}\n"
        "    NAME_history.append({\"role\": \"assistant\", \"content\": said})\n    return said\n", True),
    "retry": (
        f"def NAME(prompt):\n    for attempt in range(2):\n        try:\n            return {CREATE}{SAID}\n"
        "        except BadRequestError as e:\n            print(\"retry\", attempt, e.status_code, file=sys.stderr)\n"
        "            prompt = prompt.replace(\"!FAIL\", \"again\")\n    return \"(none)\"\n", True),
    "cached": (f"@functools.lru_cache(maxsize=None)\ndef NAME(prompt):\n    return {CREATE}{SAID}\n", True),
    "memo": (
        "NAME_memo = {}\ndef NAME(prompt):\n    if prompt not in NAME_memo:\n"
        f"        NAME_memo[prompt] = {CREATE}{SAID}\n    return NAME_memo[prompt]\n", True),
    "logged": (
        f"def NAME(prompt):\n    log.info(\"asking %s\", prompt[:20])\n    r = {CREATE}\n    log.info(\"said %s\", r{SAID})\n"
        f"    return r{SAID}\n", True),
    "stripped": (f"def NAME(prompt):\n    return ({CREATE}{SAID} or \"\").strip()\n", True),
    "lambda": (f"NAME = lambda prompt: {CREATE}{SAID}\n", True),
    "appended": (
        f"def NAME(prompt):\n    messages = {MESSAGE}\n"
        "    r = client.chat.completions.create(model=\"MODEL\", messages=messages)\n"
        "    messages.append({\"role\": \"assistant\", \"content\": \"later\"})\n    messages[0][\"content\"] = \"changed\"\n"
        f"    return r{SAID}\n", True),
    "printed": (f"def NAME(prompt):\n    print(\"asking\", len(prompt))\n    return {CREATE}{SAID}\n", True),
    "timed": (
        f"def NAME(prompt):\n    begun = time.perf_counter()\n    said = {CREATE}{SAID}\n"
        "    print(\"took time:\", time.perf_counter() - begun >= 0.002)\n    return said\n", True),
    "made": (
        "def NAME_make(role):\n    def inner(prompt):\n        asked = f\"{role}: {prompt}\"\n"
        f"        return {CREATE.replace('prompt', 'asked')}{SAID}\n    return inner\n\nNAME = NAME_make(\"judge\")\n", True),
    "partial": (
        "NAME_create = functools.partial(client.chat.completions.create, model=\"MODEL\")\n"
        f"def NAME(prompt):\n    return NAME_create(messages={MESSAGE}){SAID}\n", True),
    "decorated": (
        "def NAME_counted(function):\n    @functools.wraps(function)\n    def inner(*args, **named):\n        inner.count += 1\n"
        "        return function(*args, **named)\n    inner.count = 0\n    return inner\n\n"
        f"@NAME_counted\ndef NAME(prompt):\n    return {CREATE}{SAID}\n", True),
    "fallback": (
        f"def NAME(prompt):\n    try:\n        return {CREATE}{SAID}\n    except Exception as e:\n"
        "        return f\"({type(e).__name__})\"\n", True),
    "with_options": (f"def NAME(prompt):\n    return {CREATE.replace('client.', 'client.with_options(timeout=30).')}{SAID}\n", True),
    "message": (
        f"def NAME_message(prompt):\n    return {CREATE}.choices[0].message\n"
        "def NAME(prompt):\n    message = NAME_message(prompt)\n    assert message.role == \"assistant\"\n    return message.content\n", True),
    "raw": (
        f"def NAME(prompt):\n    raw = {CREATE.replace('completions.create', 'completions.with_raw_response.create')}\n"
        f"    return raw.parse(){SAID}\n", True),
    "stream": (
        f"def NAME(prompt):\n    parts = []\n    for event in {CREATE[:-1]}, stream=True):\n"
        "        if event.choices[0].delta.content:\n            parts.append(event.choices[0].delta.content)\n"
        "    return \"\".join(parts)\n", True),
    "counted": (
        f"NAME_count = 0\ndef NAME(prompt):\n    global NAME_count\n    NAME_count += 1\n    return {CREATE}{SAID}\n", True),
    "default_list": (
        f"def NAME(prompt, asked=[]):\n    asked.append(prompt[:8])\n    said = {CREATE}{SAID}\n"
        "    return f\"{len(asked)}: {said}\"\n", False),
    "positional": (
        f"def NAME(prompt, /, *, prefix=\"\"):\n    r = {CREATE.replace('prompt', 'prefix + prompt')}\n    return r{SAID}\n", True),
    "responses": (either(f"    return {RESPONSE}.output_text\n"), True),
    "response_lines": (either(f"    r = {RESPONSE[:-1]}, instructions=f\"In {{len(prompt) % 7}} words.\")\n    text = r.output_text\n    return text.strip()\n"), True),
    "response_parts": (either(
        f"    r = {RESPONSE.replace('=prompt', '=' + MESSAGE)}\n    if r.output[0].type != \"message\":\n        return r.output_text\n"
        "    return r.output[0].content[0].text\n"), True),
    "claude": (f"def NAME(prompt):\n    return {CLAUDE}.content[0].text\n", True),
    "claude_system": (
        "def NAME(prompt, role=\"You are terse.\"):\n"
        f"    r = {CLAUDE[:-1]}, system=[{{\"type\": \"text\", \"text\": f\"{{role}} {{prompt}}\"}}])\n"
        "    return r.content[0].text\n", True),
    "claude_joined": (f"def NAME(prompt):\n    return \"\".join(block.text for block in {CLAUDE}.content)\n", True),
    "old": ("def NAME(prompt):\n    r = client.completions.create(model=\"MODEL\", prompt=prompt)\n    return r.choices[0].text\n", True),
    "vector": (
        "def NAME(prompt):\n    row = client.embeddings.create(model=\"MODEL\", input=prompt, encoding_format=\"float\").data[0].embedding\n"
        "    return f\"{row[0]}: {prompt}\"\n", False),
    "annotated": (
        f"def NAME(prompt: str) -> str:\n    \"\"\"Asks.\"\"\"\n    messages: list = {MESSAGE}\n"
        "    if not prompt:\n        raise ValueError(\"nothing to ask\")\n"
        f"    return client.chat.completions.create(model=\"MODEL\", messages=messages){SAID}\n", True),
}
CLASSES = {
    "Note": '''
class Note:
    def __init__(self, text, weight=1):
        self.text, self.weight = text, weight

    @property
    def title(self):
        return self.text[:6].title()

    @title.setter
    def title(self, value):
        self.text = value + self.text

    def render(self):
        return f"<{self.text}|{self.weight}>"

    def grow(self, more):
        self.weight += 1
        self.text += more
        return self

    def __str__(self):
        return f"Note({self.text})"

    def __repr__(self):
        return f"Note({self.text!r}, {self.weight})"

    def __eq__(self, other):
        return isinstance(other, Note) and self.text == other.text

    def __hash__(self):
        return hash(self.text)

    def __len__(self):
        return len(self.text)

    def __add__(self, other):
        return Note(self.text + str(other), self.weight)

    def __contains__(self, part):
        return part in self.text

    def __lt__(self, other):
        return self.text < other.text
''',
    "Record": '''
@dataclasses.dataclass
class Record:
    text: str
    weight: int = 1
    tags: list = dataclasses.field(default_factory=list)

    @property
    def title(self):
        return self.text[:6]

    @title.setter
    def title(self, value):
        self.text = f"{value}{self.text}"

    def render(self):
        return f"{self.text}#{self.weight}#{','.join(self.tags)}"

    def grow(self, more):
        self.tags.append(more)
        self.weight += len(self.tags)
        return self
''',
    "Counted": '''
class Counted:
    made = 0

    def __init__(self, text, weight=1):
        self.text, self.weight = text, weight
        Counted.made += 1
        self.number = Counted.made

    title = property(lambda self: f"{self.number}. {self.text}", lambda self, value: setattr(self, "text", value))

    def render(self):
        return f"{self.number}/{Counted.made}:{self.text}"

    def grow(self, more):
        self.__dict__["text"] += more
        return self
''',
    "Slotted": '''
class Slotted:
    __slots__ = ("text", "weight", "parts")

    def __init__(self, text, weight=1):
        self.text, self.weight, self.parts = text, weight, [text]

    @property
    def title(self):
        return "-".join(self.parts)

    @title.setter
    def title(self, value):
        self.parts.insert(0, value)

    def render(self):
        return "%s(%d)" % (self.text, self.weight)

    def grow(self, more):
        self.parts += [more]
        self.text = more
        return self

    def __getitem__(self, at):
        return self.parts[at]

    def __iter__(self):
        return iter(self.parts)

    def __repr__(self):
        return f"Slotted{tuple(self.parts)!r}"
''',
}

# Put into a program that uses them.
SPAN = '''
class Span:
    """Tells when it begins and ends; swallows ValueError when told to."""
    def __init__(self, name, swallow=False):
        self.name, self.swallow = name, swallow

    def __enter__(self):
        print("begin", self.name)
        return self

    def __exit__(self, kind, value, trace):
        print("end", self.name, kind.__name__ if kind else None)
        return self.swallow and kind is not None and issubclass(kind, (ValueError, BadRequestError))
'''

SCOPE = '''
@contextlib.contextmanager
def scope(name):
    stack.append(name)
    try:
        yield name
    finally:
        print("leave", stack.pop())
'''

REFUSED = '''
class Refused(Exception):
    def __init__(self, what, level=1):
        super().__init__(what, level)
        self.what, self.level = what, level
'''

USED = {"Span(": SPAN, "scope(": SCOPE, "Refused": REFUSED}
