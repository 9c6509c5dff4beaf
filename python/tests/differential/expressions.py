"""Random expressions, by type. Each method gives source text that may be used as an operand as it is."""
from . import weights
from .scope import chosen

NOUNS = "ocean ledger tower garden engine letter market planet river bridge kernel violin".split()
SPECS = [">12", "<10", "^14", ".4", "*^9.3", "10s", ""]
METHODS = [
    ".upper()", ".lower()", ".strip()", ".title()", ".replace('a', 'A')", ".removeprefix('am')", ".swapcase()", ".capitalize()",
    ".zfill(9)", ".center(16, '.')", ".lstrip('abc')", ".casefold()", ".ljust(12, '_')", ".removesuffix('e')", ".expandtabs(2)",
    ".replace(' ', '_', 1)", ".rstrip()",
]


class Expressions:
    """Needs `random`, `scope`, `asks` (names of functions that ask), `exacts` (those that give the answer as it is), and `mark`."""

    def one(self, prefix, table, depth, but=()):
        name = chosen(self.random, table, but)
        return getattr(self, f"{prefix}_{name}")(depth)

    def text(self, depth=2):
        if depth <= 0:
            return self.scope.pick("text") or self.text_literal(0)
        but = weights.UNCLEAN if self.clean and self.random.random() < 0.85 else ()
        return self.one("text", weights.TEXT, depth, but)

    def integer(self, depth=1):
        if depth <= 0:
            return self.scope.pick("integer") or self.integer_literal(0)
        return self.one("integer", weights.INTEGER, depth)

    def truth(self, depth=1):
        return self.one("truth", weights.TRUTH, max(depth, 1)) if depth > 0 else self.truth_longer(0)

    def texts(self, depth=2):
        if depth <= 0:
            return self.scope.pick("texts") or self.texts_literal(0)
        return self.one("texts", weights.TEXTS, depth)

    def table(self, depth=2):
        if depth <= 0:
            return self.scope.pick("table") or self.table_literal(0)
        return self.one("table", weights.TABLE, depth)

    def asked(self, prompt):
        return f"{self.random.choice(self.asks)}({prompt})"

    def prompt(self, depth=1, kind=None):
        """An expression of type str for a call; its text may hold a mark (answers.MARKS)."""
        kind = kind or chosen(self.random, weights.PROMPT)
        noun = self.random.choice(NOUNS)
        lead = {"plain": f"Describe the {noun}", "grade": f"Grade the {noun} from 1 to 5", "verdict": f"Is the {noun} good, yes or no",
                "json": f"Give the {noun} as JSON", "lines": f"List {noun}s, one per line", "spaced": f"The {noun} !SPACED",
                "empty": f"The {noun} !EMPTY", "percent": f"The {noun} !PERCENT"}[kind]
        lead += self.mark()
        form = self.random.randrange(8)
        if form < 2 or depth <= 0:
            return repr(lead)
        if form < 6:
            return f"f'{lead}: {{{self.operand(depth - 1)}}}'"
        if form == 6:
            return f"'{lead}: ' + {self.text(depth - 1)}"
        return f"'{lead.replace('%', '%%')}: %s' % ({self.text(depth - 1)},)"

    def operand(self, depth):
        """A text without quotes of f-strings in it: a name, or a call on names."""
        name = self.scope.pick("text")
        if name and self.random.random() < 0.75:
            return name
        number = self.scope.pick("integer")
        return number or self.random.choice(['"plain"', "7"])

    # --- str
    def text_literal(self, depth):
        return repr(self.random.choice(NOUNS) + self.random.choice(["", " and sea", "s", "\n", " 100%", " {x}", "é"]))

    def text_variable(self, depth):
        return self.scope.pick("text") or self.text_call(depth)

    def text_call(self, depth):
        return self.asked(self.prompt(depth - 1))

    def text_fstring(self, depth):
        parts = []
        for _ in range(self.random.randint(1, 3)):
            form = self.random.randrange(12)
            name = self.scope.pick("text") or "'bare'"
            if form < 5:
                parts.append(f"{{{name}}}")
            elif form == 5:
                parts.append(f"{{{name}!r}}")
            elif form == 6:
                parts.append(f"{{{name}:{self.random.choice(SPECS)}}}")
            elif form == 7:
                parts.append(f"{{{self.scope.pick('integer') or 3}:03d}}")
            elif form == 8:
                parts.append(f"{{{name}.upper()}}")
            elif form == 9 and name[0] != "'":
                parts.append(f"{{{name}=}}")
            elif form == 10:
                parts.append(f"{{{name}:>{{{self.random.randint(6, 14)}}}}}")
            else:
                parts.append(f"{{{self.scope.pick('texts') or name}}}")
            parts.append(self.random.choice([" ", ", ", "\\n", " {{}} ", ": ", ""]))
        quote = '"' if self.random.random() < 0.8 else '"""'
        return f"f{quote}{self.random.choice(NOUNS)} {''.join(parts)}{quote}"

    def text_percent(self, depth):
        a, b = self.text(depth - 1), self.text(depth - 1)
        return self.random.choice([
            f"('%s and %s' % ({a}, {b}))", f"('%-10s|%5.2f|' % ({a}, {self.integer(0)}))", f"('%r' % ({a},))",
            f"('%(one)s/%(two)d' % {{'one': {a}, 'two': {self.integer(0)}}})", f"('100%%: %.5s' % {a})", f"('%*s' % (9, {a}))"])

    def text_format(self, depth):
        a, b = self.text(depth - 1), self.text(depth - 1)
        return self.random.choice([
            f"'{{}} then {{}}'.format({a}, {b})", f"'{{1}}-{{0}}'.format({a}, {b})", f"'{{:>10}}|{{k!r}}'.format({a}, k={b})",
            f"'{{a[0]}}{{b}}'.format(a=[{a}], b={b})", f"format({a}, '>12')", f"'{{x:{{w}}}}'.format(x={a}, w=9)",
            f"'{{one}}'.format_map({{'one': {a}}})", f"'{{}}'.format(*[{a}])", f"'{{k}}'.format(**{{'k': {a}}})"])

    def text_join(self, depth):
        separator = self.random.choice(["', '", "'\\n'", "''", "' | '"])
        values, name = self.texts(depth - 1), self.scope.fresh("text")
        return self.random.choice([
            f"{separator}.join({values})", f"{separator}.join(f'{{i}}. {{{name}}}' for i, {name} in enumerate({values}))",
            f"str.join({separator}, {values})", f"{separator}.join([{self.text(depth - 1)}, {self.text(0)}])",
            f"{separator}.join({name} for {name} in {values} if {name})", f"{self.text(0)}.join({values})",
            f"{separator}.join(map(str, {values}))", f"{separator}.join({self.table(0)})"])

    def text_plus(self, depth):
        return f"({self.text(depth - 1)} + {self.text(depth - 1)})"

    def text_times(self, depth):
        return f"({self.text(depth - 1)} * {self.random.randint(0, 2)})"

    def text_method(self, depth):
        return f"{self.text(depth - 1)}{self.random.choice(METHODS)}"

    def text_slice(self, depth):
        return f"{self.text(depth - 1)}[{self.random.choice(['1:', ':4', '-3:', '::2', '2:5', '::-1', ':' + self.integer(0)])}]"

    def text_choice(self, depth):
        return f"({self.text(depth - 1)} if {self.truth(depth - 1)} else {self.text(0)})"

    def text_default(self, depth):
        return f"({self.text(depth - 1)} or {self.text_literal(0)})"

    def text_item(self, depth):
        values = self.scope.pick("texts")
        return f"({values}[{self.random.choice(['0', '-1'])}] if {values} else 'nothing')" if values else self.text_call(depth)

    def text_lookup(self, depth):
        table = self.table(depth - 1)
        return self.random.choice([f"{table}.get({self.text(0)}, 'missing')", f"str({table})", f"next(iter({table}.values()), 'none')"])

    def text_convert(self, depth):
        a = self.text(depth - 1)
        return self.random.choice([f"str({a})", f"repr({a})", f"str({self.texts(0)})", f"json.dumps({a})", f"str({self.integer(0)})",
                                   f"json.dumps([{a}, {self.integer(0)}])", f"ascii({a})", f"str({self.truth(0)})"])

    def text_regular(self, depth):
        a = self.text(depth - 1)
        return self.random.choice([f"re.sub('[aeiou]', '*', {a})", f"' '.join(re.findall('[a-m]+', {a}))", f"textwrap.fill({a}, 12)",
                                   f"textwrap.shorten({a}, 20)", f"re.split('e', {a})[-1]"])

    def text_template(self, depth):
        return f"string.Template('$a and ${{b}}').substitute(a={self.text(depth - 1)}, b={self.integer(0)})"

    def text_json_field(self, depth):
        call = self.asked(self.prompt(depth - 1, "json"))
        return self.random.choice([f"json.loads({call})['label']", f"str(json.loads({call}).get('score'))",
                                   f"','.join(json.loads({call})['tags'])"])

    def text_split(self, depth):
        a = self.text(depth - 1)
        return self.random.choice([f"(({a}).split() or ['x'])[0]", f"{a}.partition(' ')[2]", f"'+'.join({a}.split())",
                                   f"' '.join(reversed({a}.split()))", f"{a}.rsplit(' ', 1)[-1]"])

    def text_unbound(self, depth):
        a = self.text(depth - 1)
        return self.random.choice([f"str.upper({a})", f"''.join(map(str.title, [{a}]))", f"str.replace({a}, 'e', 'E')",
                                   f"''.join([{a}, 'z'])", f"'pre'.__add__({a})", f"operator.add({a}, '+')"])

    def text_walrus(self, depth):
        return self.text_plus(depth)

    def text_kit(self, depth):
        a, ask = self.text(depth - 1), self.random.choice(self.asks)
        return self.random.choice([
            f"kit.shout({a})", f"kit.tidy({a})", f"kit.joined([{a}, {self.text(0)}])", f"kit.apply({ask}, {self.prompt(0)})",
            f"'/'.join(kit.each({ask}, {self.texts(0)}))", f"kit.guard({ask}, {self.prompt(0)})", f"kit.kinds({a}, {self.integer(0)})",
            f"kit.Box({a}).render()", f"kit.Register().put('a', {a}).put('b', {self.text(0)}).text()", f"str(kit.remember({a}))",
            f"str(kit.is_text({a}))", f"kit.apply(lambda x, y='q': x + y, {a})", f"kit.apply({a}.replace, 'a', 'o')"])

    def text_attribute(self, depth):
        name = self.scope.pick("object")
        return self.random.choice([f"{name}.text", f"{name}.title", f"{name}.render()", f"str({name}.weight)"]) if name else self.text_call(depth)

    def text_lambda(self, depth):
        return self.random.choice([f"(lambda x: f'<{{x}}>')({self.text(depth - 1)})", f"(lambda *a: '-'.join(a))({self.text(0)}, {self.text(0)})"])

    def text_starred(self, depth):
        ask, prompt = self.random.choice(self.asks), self.prompt(depth - 1)
        return self.random.choice([f"{ask}(*[{prompt}])", f"{ask}(*({prompt},))", f"'{{}}{{}}'.format(*[{self.text(0)}, {self.text(0)}])"])

    def text_roundtrip(self, depth):
        a = self.text(depth - 1)
        return self.random.choice([f"copy.deepcopy([{a}])[0]", f"pickle.loads(pickle.dumps({a}))", f"json.loads(json.dumps({{'a': {a}}}))['a']",
                                   f"copy.copy({a})", f"tuple([{a}])[0]", f"ast.literal_eval(repr({a}))", f"dict(a={a})['a']"])

    def text_bytes(self, depth):
        a = self.text(depth - 1)
        return self.random.choice([f"{a}.encode().decode()", f"str(bytes({a}, 'utf-8'))", f"''.join(chr(c) for c in bytearray({a}, 'utf-8')[:4])"])

    def text_digest(self, depth):
        return f"hashlib.sha256({self.text(depth - 1)}.encode()).hexdigest()[:6]"

    def text_field(self, depth):
        call = f"client.chat.completions.create(model='m', messages=[{{'role': 'user', 'content': {self.prompt(depth - 1)}}}])"
        return self.random.choice([
            f"{call}.id", f"{call}.choices[0].finish_reason", f"{call}.model", f"str({call}.choices[0].message.content)", f"str({call}.created)",
            f"str({call}.model_dump()['choices'][0]['message']['content'])", f"str(len({call}.choices))", f"type({call}).__name__",
            f"str([c.message.content for c in {call}.choices])"])

    def text_function(self, depth):
        name = self.scope.pick("function")
        if name:
            return f"{name}({self.text(depth - 1)})"
        return f"summary({self.texts(0)})"

    def text_first(self, depth):
        values = self.texts(depth - 1)
        return self.random.choice([f"next(iter({values}), 'none')", f"max({values}, key=len, default='none')", f"min({values}, default='none')",
                                   f"next((x for x in {values} if len(x) > 5), 'short')"])

    def text_chosen(self, depth):
        return f"random.choice({self.texts_literal(0)})"

    def text_wrapped(self, depth):
        return f"({self.text(depth - 1)},)[0]"

    def text_translate(self, depth):
        return f"{self.text(depth - 1)}.translate(str.maketrans('ae', 'AE'))"

    def text_reduce(self, depth):
        return self.random.choice([f"functools.reduce(lambda a, b: a + '/' + b, {self.texts(depth - 1)}, '')",
                                   f"functools.reduce(operator.add, {self.texts(0)}, {self.text(0)})"])

    def text_getattr(self, depth):
        return f"getattr({self.text(depth - 1)}, {self.random.choice(['upper', 'strip', 'title'])!r})()"

    def text_recursive(self, depth):
        return f"refine({self.text(0)}, {self.random.randint(0, 3)})"

    # --- int
    def integer_literal(self, depth):
        return str(self.random.randint(0, 9))

    def integer_variable(self, depth):
        return self.scope.pick("integer") or self.integer_length(depth)

    def integer_length(self, depth):
        return f"len({self.random.choice([self.text, self.texts])(depth)})"

    def integer_count(self, depth):
        return f"{self.text(depth - 1)}.count('a')"

    def integer_grade(self, depth):
        return f"int({self.exact(self.prompt(depth - 1, 'grade'))})"

    def exact(self, prompt):
        return f"{self.random.choice(self.exacts)}({prompt})"

    def integer_total(self, depth):
        return f"sum(len(x) for x in {self.texts(depth - 1)})"

    def integer_find(self, depth):
        return f"{self.text(depth - 1)}.find({self.random.choice(['e', 'a '])!r})"

    def integer_usage(self, depth):
        return f"client.chat.completions.create(model='m', messages=[{{'role': 'user', 'content': {self.prompt(0)}}}]).usage.total_tokens"

    def integer_arithmetic(self, depth):
        return f"({self.integer(depth - 1)} {self.random.choice(['+', '-', '*', '% 7 +', '|'])} {self.integer(depth - 1)})"

    def integer_table(self, depth):
        return f"len({self.table(depth - 1)})"

    def integer_random(self, depth):
        return "random.randint(0, 9)"

    def integer_ordinal(self, depth):
        return f"ord(({self.text(depth - 1)} or 'z')[0])"

    def integer_minmax(self, depth):
        return f"{self.random.choice(['min', 'max'])}({self.integer(depth - 1)}, {self.integer(0)})"

    def integer_hash(self, depth):
        return f"int(hash({self.text(depth - 1)}) == hash({self.text(0)}))"

    def integer_attribute(self, depth):
        name = self.scope.pick("object")
        return f"{name}.weight" if name else self.integer_length(depth)

    # --- bool
    def truth_equal(self, depth):
        return f"({self.text(depth - 1)} {self.random.choice(['==', '!='])} {self.text(0)})"

    def truth_contains(self, depth):
        return self.random.choice([f"({self.random.choice('aeiou')!r} in {self.text(depth - 1)})", f"({self.text(0)} in {self.text(depth - 1)})",
                                   f"('an' not in {self.text(depth - 1)})", f"({self.text(0)} in 'amber birch cedar')"])

    def truth_starts(self, depth):
        return f"{self.text(depth - 1)}.{self.random.choice(['startswith', 'endswith'])}({self.random.choice(['a', 'Ce', ('a', 'b', 'e')])!r})"

    def truth_longer(self, depth):
        return f"(len({self.text(depth - 1)}) {self.random.choice(['> 8', '< 12', '% 2 == 0', '> 5'])})"

    def truth_verdict(self, depth):
        return f"{self.exact(self.prompt(depth - 1, 'verdict'))}.lower().startswith('yes')"

    def truth_negated(self, depth):
        return f"(not {self.truth(depth - 1)})"

    def truth_both(self, depth):
        return f"({self.truth(depth - 1)} and {self.truth(0)})"

    def truth_either(self, depth):
        return f"({self.truth(depth - 1)} or {self.truth(0)})"

    def truth_instance(self, depth):
        return self.random.choice([f"isinstance({self.text(depth - 1)}, str)", f"isinstance({self.text(0)}, (int, list))",
                                   f"callable({self.text(0)})", f"hasattr({self.text(0)}, 'upper')", f"issubclass(type({self.text(0)}), str)"])

    def truth_none(self, depth):
        name = self.scope.pick("optional") or self.exact(self.prompt(0))
        return f"({name} {self.random.choice(['is None', 'is not None', '== None', 'is not True'])})"

    def truth_kind(self, depth):
        return f"(type({self.text(depth - 1)}) {self.random.choice(['is', '=='])} str)"

    def truth_bare(self, depth):
        return f"bool({self.text(depth - 1)})" if self.random.random() < 0.4 else f"({self.text(depth - 1)} != '')"

    def truth_anyall(self, depth):
        return f"{self.random.choice(['any', 'all'])}({self.random.choice(['len(x) > 6', repr('e') + ' in x', 'x'])} for x in {self.texts(depth - 1)})"

    def truth_less(self, depth):
        return f"({self.integer(depth - 1)} {self.random.choice(['<', '>=', '>', '=='])} {self.integer(0)})"

    def truth_chained(self, depth):
        return f"(0 < {self.integer(depth - 1)} <= 9)" if self.random.random() < 0.5 else f"('a' < {self.text(0)} < 'm')"

    def truth_member(self, depth):
        return f"({self.text(0)} in {self.random.choice([self.table, self.texts])(0)})"

    def truth_search(self, depth):
        return f"(re.search('[a-e]{{2}}', {self.text(depth - 1)}) is not None)"

    def truth_digits(self, depth):
        return f"{self.text(depth - 1)}.{self.random.choice(['isdigit', 'isalpha', 'islower', 'istitle'])}()"

    def truth_identity(self, depth):
        a, b = self.scope.pick("texts"), self.scope.pick("texts")
        return f"({a} is {b})" if a else self.truth_longer(depth)

    # --- list of str
    def texts_literal(self, depth):
        words = [self.random.choice(NOUNS) + self.mark() for _ in range(self.random.randint(2, 4))]
        return repr(words)

    def texts_variable(self, depth):
        return self.scope.pick("texts") or self.texts_literal(depth)

    def texts_comprehension(self, depth):
        name = self.scope.fresh("text")
        source = self.random.choice([self.texts(0), self.texts_literal(0), f"range({self.random.randint(1, 4)})"])
        ask = self.random.choice(self.asks)
        return self.random.choice([f"[{ask}(f'About {{{name}}}') for {name} in {source}]", f"[{ask}(str({name})) for {name} in {source}]",
                                   f"[f'{{{name}}}: {{{ask}({name!s} if isinstance({name}, str) else str({name}))}}' for {name} in {source}]",
                                   f"[{ask}('Again') for _ in range({self.random.randint(1, 4)})]"])

    def texts_mapped(self, depth):
        return f"list(map({self.random.choice([self.random.choice(self.asks), 'str.upper', 'str', 'lambda x: x + chr(33)'])}, {self.texts(depth - 1)}))"

    def texts_words(self, depth):
        return f"{self.text(depth - 1)}.split()"

    def texts_lines(self, depth):
        call = self.exact(self.prompt(depth - 1, "lines"))
        return self.random.choice([f"{call}.splitlines()", f"[x.removeprefix('- ') for x in {call}.split('\\n')]"])

    def texts_sorted(self, depth):
        return f"sorted({self.texts(depth - 1)}{self.random.choice(['', ', key=len', ', key=str.lower', ', reverse=True', ', key=lambda x: x[-1:]'])})"

    def texts_slice(self, depth):
        return f"{self.texts(depth - 1)}[{self.random.choice(['1:', ':2', '::-1', ':'])}]"

    def texts_plus(self, depth):
        return f"({self.texts(depth - 1)} + [{self.text(depth - 1)}])"

    def texts_starred(self, depth):
        return f"[*{self.texts(depth - 1)}, {self.text(depth - 1)}]"

    def texts_values(self, depth):
        return f"list({self.table(depth - 1)}.values())"

    def texts_keys(self, depth):
        return f"list({self.table(depth - 1)})"

    def texts_generated(self, depth):
        return f"list(produce({self.texts(0)}))" if self.random.random() < 0.6 else f"[x for x in produce({self.texts(0)}, {self.integer_literal(0)})]"

    def texts_found(self, depth):
        return f"re.findall('[a-z]+', {self.text(depth - 1)})"

    def texts_filtered(self, depth):
        return f"list(filter({self.random.choice(['None', 'lambda x: len(x) > 5', 'str.islower'])}, {self.texts(depth - 1)}))"

    def texts_pool(self, depth):
        return f"in_pool({self.random.choice(self.asks)}, {self.texts(0)})"

    def texts_zipped(self, depth):
        return f"[a + b for a, b in zip({self.texts(depth - 1)}, {self.texts(0)})]"

    def texts_conditional(self, depth):
        name = self.scope.fresh("text")
        return f"[{name} for {name} in {self.texts(depth - 1)} if {self.random.choice([f'len({name}) > 6', name, f'{chr(39)}a{chr(39)} in {name}'])}]"

    def texts_copied(self, depth):
        return self.random.choice([f"copy.copy({self.texts(0)})", f"copy.deepcopy({self.texts(0)})", f"{self.texts(0)}.copy()", f"list(tuple({self.texts(0)}))"])

    def texts_nested(self, depth):
        return f"[x for row in [{self.texts(0)}, [{self.text(depth - 1)}]] for x in row]"

    # --- dict of str to str
    def table_literal(self, depth):
        keys = self.random.sample(NOUNS, 2)
        return "{" + ", ".join(f"{key!r}: {self.text(depth - 1)}" for key in keys) + "}"

    def table_variable(self, depth):
        return self.scope.pick("table") or self.table_literal(depth)

    def table_comprehension(self, depth):
        name, ask = self.scope.fresh("text"), self.random.choice(self.asks)
        return self.random.choice([f"{{{name}: {ask}({name}) for {name} in {self.texts(0)}}}", f"{{{ask}({name}): {name} for {name} in {self.texts(0)}}}",
                                   f"{{{name}: {name}.upper() for {name} in {self.texts(depth - 1)}}}"])

    def table_zipped(self, depth):
        return f"dict(zip({self.texts(depth - 1)}, {self.texts(0)}))"

    def table_merged(self, depth):
        return f"{{**{self.table(0)}, {self.text(0)}: {self.text(depth - 1)}}}"

    def table_from_pairs(self, depth):
        return f"dict([({self.text_literal(0)}, {self.text(depth - 1)})])"

    def table_counter(self, depth):
        return f"{{k: str(v) for k, v in collections.Counter({self.text(depth - 1)}).items()}}"
