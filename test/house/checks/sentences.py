"""No sentence of a page is longer than 35 words: a reader who looks something up reads it once. Code blocks do not count, code in a line
counts as one word, and so does a list of it (`a`, `b` and `c`). Each item of a list and each cell of a table is a text of its own."""
import re

MOST_WORDS = 35
FENCE = re.compile(r"^\s*(```|~~~)")
ITEM = re.compile(r"^\s*(?:[-*+]|\d+[.)])\s+")
HEADING = re.compile(r"^\s*#+\s+")
CODE = re.compile(r"(`+)(?:(?!\1).)+?\1(?!`)")
CODE_LIST = re.compile(r"CODE(?:,? (?:and |or )?CODE)+")
LINK = re.compile(r"!?\[([^\]]*)\]\([^)]*\)")
SHORTENED = re.compile(r"\b(?:e\.g|i\.e|etc|vs|cf)\.")
END = re.compile(r"(?<=[.!?])[\"')\]*_]*\s+")
CELLS = re.compile(r"(?<!\\)\|")


def plain(text):
    """The text without marks: code as one word, a link as its words, and no dots except those that end sentences."""
    text = CODE_LIST.sub("CODE", LINK.sub(r"\1", CODE.sub("CODE", text)))
    return SHORTENED.sub(lambda match: match.group().replace(".", ""), text)


def texts(lines):
    """Pairs of a line's number and a text that begins there: paragraphs, items, headings, cells."""
    in_code, begun, words = False, 0, []
    for number, line in enumerate([*lines, ""], 1):
        fence = FENCE.match(line)
        table = line.lstrip().startswith("|")
        new = fence or in_code or table or not line.strip() or ITEM.match(line) or HEADING.match(line)
        if new and words:
            yield begun, " ".join(words)
            words = []
        in_code = in_code != bool(fence)
        if fence or in_code:
            continue
        if table:
            yield from ((number, cell) for cell in CELLS.split(CODE.sub("CODE", line)))
        elif HEADING.match(line):
            yield number, line
        elif line.strip():
            begun = begun if words else number
            words.append(ITEM.sub("", line).strip())


def long_sentences(page):
    for number, text in texts(page.split("\n")):
        for sentence in END.split(plain(text)):
            words = [word for word in sentence.split() if re.search(r"\w", word)]
            if len(words) > MOST_WORDS:
                yield number, words


def check(tree):
    problems = []
    for name in tree.files:
        if name.endswith(".md") and not name.startswith("test/house/"):
            for number, words in long_sentences(tree.text(name)):
                problems.append(f"{name}:{number}: a sentence of {len(words)} words, at most {MOST_WORDS}: {' '.join(words[:6])} ...")
    return problems
