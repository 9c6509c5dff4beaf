"""The names that a place in a program may use, with their types, and the seeded choices every part of the generator makes."""

KINDS = {"text": "t", "integer": "n", "texts": "ls", "table": "d", "set": "s", "rows": "rows", "object": "o", "optional": "m", "function": "f"}


class Scope:
    """A stack of blocks. Names are never used twice, so that a block's names cannot hide others; `floor` is where the innermost
    function's own names begin: only those may be assigned to."""

    def __init__(self, random):
        self.random, self.blocks, self.floors, self.made = random, [{}], [0], 0
        self.hidden = set()  # names that expressions do not use at present

    def fresh(self, kind):
        self.made += 1
        return f"{KINDS[kind]}{self.made}"

    def add(self, name, kind):
        self.blocks[-1][name] = kind
        return name

    def new(self, kind):
        return self.add(self.fresh(kind), kind)

    def visible(self, kind):
        return [name for block in self.blocks for name, its in block.items() if its == kind and name not in self.hidden]

    def assignable(self, kind):
        return [name for block in self.blocks[self.floors[-1]:] for name, its in block.items() if its == kind]

    def outer(self, kind):
        """Names of the innermost function that a block around this one has made."""
        return [name for block in self.blocks[self.floors[-1]:-1] for name, its in block.items() if its == kind]

    def pick(self, kind):
        """A visible name of a kind, late ones more often; None when there is none."""
        names = self.visible(kind)
        if not names:
            return None
        return names[max(self.random.randrange(len(names)), self.random.randrange(len(names)))]

    def block(self):
        return Inner(self, False)

    def function(self):
        return Inner(self, True)


class Inner:
    def __init__(self, scope, function):
        self.scope, self.function = scope, function

    def __enter__(self):
        if self.function:
            self.scope.floors.append(len(self.scope.blocks))
        self.scope.blocks.append({})

    def __exit__(self, *_):
        self.scope.blocks.pop()
        if self.function:
            self.scope.floors.pop()


def chosen(random, table, but=()):
    names = [name for name in table if name not in but]
    return random.choices(names, [table[name] for name in names])[0]


def indented(lines, by=1):
    return ["    " * by + line for line in lines] or ["    " * by + "pass"]
