"""Random statements. Each method gives the lines of one statement, unindented, or an empty list when it cannot be made here."""
import re

from . import weights
from .scope import chosen, indented


class Statements:
    """Needs what Expressions needs, and: `loops` (how many loops are around this place), `busy` (what they go over), `inside` (whether a
    function is around it), `clean` (whether iterations are not to see one
    another), `usual` (the table of statements)."""

    def statement(self, depth, but=()):
        table = weights.CLEAN if self.clean else self.usual
        for _ in range(20):
            name = chosen(self.random, table, but)
            lines = getattr(self, f"statement_{name}")(depth)
            if lines:
                return lines
        return ["pass"]

    def block(self, depth, count=None):
        """The lines of a block of its own; names made in it end with it."""
        lines = []
        with self.scope.block():
            for _ in range(count or self.random.randint(1, 3)):
                lines += self.statement(depth)
        return indented(lines)

    # --- assignments
    def statement_assign_text(self, depth):
        value, names = self.text(2), self.scope.assignable("text")
        if names and not self.clean and self.random.random() < 0.25:
            return [f"{self.random.choice(names)} = {value}"]
        return [f"{self.scope.new('text')} = {value}"]

    def statement_assign_integer(self, depth):
        value = self.integer(2)
        return [f"{self.scope.new('integer')} = {value}"]

    def statement_assign_texts(self, depth):
        value = self.texts(2)
        return [f"{self.scope.new('texts')} = {value}"]

    def statement_assign_table(self, depth):
        value = self.table(2)
        return [f"{self.scope.new('table')} = {value}"]

    def statement_assign_optional(self, depth):
        value = self.random.choice([self.exact(self.prompt(0)), f"{self.table(0)}.get({self.text(0)})", f"({self.text(1)} or None)"])
        name = self.scope.new("optional")
        return [f"{name} = {value}", f"if {name} is {self.random.choice(['None', 'not None'])}:"] + indented([self.print_line()])

    def statement_discard(self, depth):
        return [self.random.choice([self.asked(self.prompt(1)), self.text(2), f"_ = {self.asked(self.prompt(0))}"])]

    def statement_augment(self, depth):
        texts, integers = self.scope.assignable("text"), self.scope.assignable("integer")
        if texts and (not integers or self.random.random() < 0.6):
            return [f"{self.random.choice(texts)} += {self.text(1)}"]
        return [f"{self.random.choice(integers)} {self.random.choice(['+=', '-='])} {self.integer(1)}"] if integers else []

    def statement_augment_own(self, depth):
        value, more = self.text(1), self.text(1)
        name = self.scope.new("text")
        return [f"{name} = {value}", f"{name} += {more}"]

    def statement_unpack(self, depth):
        a, b, rest = self.text(1), self.text(1), self.texts(0)
        first, second = self.scope.new("text"), self.scope.new("text")
        return self.random.choice([
            [f"{first}, {second} = {a}, {b}"], [f"{first}, {second} = ({a}, {b})", f"{first}, {second} = {second}, {first}"],
            [f"{first}, *{second} = [{a}, {b}, *{rest}]", f"{second} = '+'.join({second})"], [f"{first} = {second} = {a}"],
            [f"({first}, ({second}, _)) = ({a}, ({b}, 1))"], [f"{first}, _, {second} = {a}.partition(' ')"]])

    def statement_delete(self, depth):
        name = self.scope.fresh("text")
        return [f"{name} = {self.text(1)}", f"del {name}"]

    def statement_walrus(self, depth):
        value, name = self.text(2), self.scope.new("text")
        return [f"if ({name} := {value}) and len({name}) > {self.random.randint(3, 9)}:"] + self.block(depth - 1) + [f"print({name})"]

    # --- output
    def print_line(self):
        return getattr(self, f"print_{chosen(self.random, weights.PRINT)}")()

    def statement_print(self, depth):
        return [self.print_line()]

    def print_several(self):
        return f"print({self.text(1)}, {self.random.choice([self.text, self.integer, self.texts])(1)})"

    def print_fstring(self):
        return f"print({self.text_fstring(1)})"

    def print_plain(self):
        return f"print({self.text(2)})"

    def print_separator(self):
        return f"print({self.text(0)}, {self.text(1)}, sep={self.text(0)})"

    def print_ended(self):
        return f"print({self.text(1)}, end={self.random.choice([repr(' '), self.text(0)])})"

    def print_error(self):
        return f"print({self.text(1)}, file=sys.stderr)"

    def print_flushed(self):
        return f"print({self.text(1)}, flush=True)"

    def print_percent(self):
        return f"print('%s: %d' % ({self.text(1)}, {self.integer(0)}))"

    def print_written(self):
        return f"sys.stdout.write({self.text(1)} + '\\n')"

    def print_pretty(self):
        return f"pprint.pprint({self.table(1)})"

    def print_representation(self):
        return f"print(repr({self.text(1)}), {self.truth(1)})"

    def print_structure(self):
        return f"print({self.random.choice([self.texts, self.table])(1)})"

    def statement_log(self, depth):
        return [self.random.choice([f"log.info('%s has %d', {self.text(1)}, {self.integer(0)})", f"log.warning(f'note {{{self.operand(0)}}}')",
                                    f"log.debug('hidden %s', {self.text(1)})", f"logging.error({self.text(1)})",
                                    f"log.info('%(a)s', {{'a': {self.text(0)}}})"])]

    # --- control
    def source(self):
        """What a loop goes over: (names of its items by kind, the expression)."""
        item = self.scope.fresh("text")
        form = self.random.randrange(9)
        if form < 3:
            return [(item, "text")], f"for {item} in {self.texts(1)}:"
        if form < 5:
            return [(item, "text")], f"for {item} in {self.texts_literal(0)}:"
        number = self.scope.fresh("integer")
        if form == 5:
            return [(number, "integer")], f"for {number} in range({self.random.randint(2, 4)}):"
        if form == 6:
            return [(number, "integer"), (item, "text")], f"for {number}, {item} in enumerate({self.texts(1)}):"
        second = self.scope.fresh("text")
        if form == 7:
            return [(item, "text"), (second, "text")], f"for {item}, {second} in {self.table(1)}.items():"
        return [(item, "text"), (second, "text")], f"for {item}, {second} in zip({self.texts_literal(0)}, {self.texts(0)}):"

    def looped(self, depth, clean, count=None, extra=()):
        if self.loops >= 2 or depth <= 0:
            return []
        items, head = self.source()
        before, self.clean = self.clean, clean
        busy, self.busy = self.busy, self.busy | set(re.findall(r"\w+", head))
        self.loops += 1
        lines = list(extra)
        with self.scope.block():
            for name, kind in items:
                self.scope.add(name, kind)
            for _ in range(count or self.random.randint(1, 4)):
                lines += self.statement(depth - 1)
        self.loops -= 1
        self.clean, self.busy = before, busy
        return [head] + indented(lines)

    def statement_loop(self, depth):
        lines = self.looped(depth, False)
        if lines and self.random.random() < 0.25:
            lines += indented([f"if {self.truth(1)}:", f"    {self.random.choice(['break', 'continue'])}"] + self.statement(0))
        if lines and self.random.random() < 0.12:
            lines += ["else:"] + indented([self.print_line()])
        return lines

    def statement_clean_loop(self, depth):
        """Iterations that cannot see one another, with what they make read afterwards."""
        if self.loops >= 2 or depth <= 0:
            return []
        rows = self.scope.new("texts")
        hidden = self.scope.hidden
        if self.random.random() < 0.85:
            self.scope.hidden = hidden | {rows}
        lines = self.looped(depth, True, self.random.randint(1, 4), [])
        self.scope.hidden = hidden
        return [f"{rows} = []"] + lines + [f"print({rows})"] if lines else []

    def statement_append(self, depth):
        names = [name for name in self.scope.outer("texts") if name not in self.busy]
        return [f"{self.random.choice(names[-2:])}.append({self.text(2)})"] if names else []

    def statement_table_store(self, depth):
        names = self.scope.outer("table")
        return [f"{self.random.choice(names)}[{self.text(0)}] = {self.text(1)}"] if names else []

    def statement_continue(self, depth):
        return [f"if {self.truth(2)}:"] + indented(self.statement_append(depth) + ["continue"]) if self.loops else []

    def statement_while(self, depth):
        if self.loops >= 2 or depth <= 0:
            return []
        name = self.scope.fresh("integer")
        self.loops += 1
        body = self.block(depth - 1)
        self.loops -= 1
        return [f"{name} = 0", f"while {name} < {self.random.randint(1, 3)} and {self.truth(1)}:", f"    {name} += 1"] + body

    def statement_branch(self, depth):
        if depth < 0:
            return []
        lines = [f"if {self.truth(2)}:"] + self.block(depth - 1)
        if self.random.random() < 0.3:
            lines += [f"elif {self.truth(1)}:"] + self.block(depth - 1)
        if self.random.random() < 0.5:
            lines += ["else:"] + self.block(depth - 1)
        return lines

    def statement_match(self, depth):
        a = self.text(1)
        return self.random.choice([
            [f"match {a}:", "    case 'yes' | 'Yes.':", "        print('agreed')", "    case str(x) if len(x) > 9:", "        print('long', x)",
             "    case other:", "        print('other', other)"],
            [f"match [{a}, {self.text(0)}]:", "    case [x, 'no']:", "        print(x)", "    case [x, *rest]:", "        print(rest, x)"],
            [f"match {{'k': {a}}}:", "    case {'k': 'no'}:", "        print('no')", "    case {'k': str()}:", "        print('text')",
             "    case _:", "        print('none')"]])

    def handler(self):
        return self.random.choice([
            ["except BadRequestError as e:", "    print('refused', e.status_code)"], ["except Exception as e:", "    print(type(e).__name__)"],
            ["except (BadRequestError, ValueError) as e:", "    print('caught', str(e)[:60])"], ["except APIStatusError as e:", "    print(e.code, e.body)"],
            ["except Refused as e:", "    print(e.what, e.level)"], ["except (KeyError, TypeError, AttributeError) as e:", "    print(repr(e)[:80])"],
            ["except OpenAIError as e:", "    print('failed', e)"], ["except ValueError:", "    pass", "except Exception:", "    print('other')"]])

    def statement_guarded(self, depth):
        if depth < 0:
            return []
        lines = ["try:"] + self.block(depth - 1) + self.handler()
        if self.random.random() < 0.25:
            lines += ["else:"] + self.block(depth - 1, 1)
        if self.random.random() < 0.25:
            lines += ["finally:"] + indented([self.print_line()])
        return lines

    def statement_finally(self, depth):
        return ["try:"] + self.block(depth - 1) + ["finally:"] + indented([self.random.choice([self.print_line(), "print('at last')"])])

    def statement_with(self, depth):
        head = self.random.choice([
            "with Span('one'):", "with Span('two', swallow=True) as span:", "with contextlib.suppress(ValueError, BadRequestError):",
            "with scope('inner') as where:", "with contextlib.nullcontext():", "with kit.announced('part'):", "with Span('a'), scope('b'):",
            "with threading.Lock():", "with contextlib.ExitStack() as stack_of:"])
        lines = ["stack_of.callback(print, 'unwound')"] if "ExitStack" in head else []
        return [head] + indented(lines) + self.block(depth - 1)

    def statement_raise(self, depth):
        condition = self.truth(1)
        what = self.random.choice([f"Refused({self.text(0)}, {self.integer(0)})", f"ValueError({self.text(1)})", f"RuntimeError(f'{{{self.operand(0)}}}')",
                                   "KeyError('missing')"])
        raised = [f"if {condition}:", f"    raise {what}" + self.random.choice(["", "", " from None"])]
        if self.random.random() < 0.75:
            return ["try:"] + indented(raised + self.statement(0)) + self.handler()
        return raised

    def statement_assertion(self, depth):
        return [f"assert {self.truth_instance(1)} or True, {self.text(0)}"]

    def statement_exit(self, depth):
        return [f"if {self.truth(1)}:", f"    sys.exit({self.random.choice(['0', '3', self.text(0), ''])})"]

    # --- data
    def changeable(self, kind):
        """Names that no loop around this place goes over: a list that grows under its loop may have no end."""
        return [name for name in self.scope.visible(kind) if name not in self.busy]

    def statement_list_change(self, depth):
        names = self.changeable("texts")
        if not names:
            return []
        name, value = self.random.choice(names), self.text(1)
        return [self.random.choice([
            f"{name}.append({value})", f"{name}.extend([{value}, {self.text(0)}])", f"{name}.insert(0, {value})", f"{name}.sort()", f"{name}.reverse()",
            f"{name}[:1] = [{value}]", f"{name} and {name}.pop()", f"{name}.sort(key=len)", f"print({name}.count({value}))", f"{name}[len({name}):] = [{value}]",
            f"print({name}.index({value}) if {value} in {name} else -1)"])]

    def statement_table_change(self, depth):
        names = self.changeable("table")
        if not names:
            return []
        name, value = self.random.choice(names), self.text(1)
        return [self.random.choice([
            f"{name}[{self.text(0)}] = {value}", f"{name}.setdefault({self.text(0)}, {value})", f"{name}.update(extra={value})", f"print({name}.pop({self.text(0)}, 'gone'))",
            f"{name}.update({self.table(0)})", f"{name}['n'] = {name}.get('n', '') + {value}", f"print(sorted({name}.items())[:2])"])]

    def statement_set_change(self, depth):
        name = self.scope.pick("set")
        if not name:
            value = f"{{{self.text(1)}, {self.text(1)}}}"
            return [f"{self.scope.new('set')} = {value}"]
        return [self.random.choice([f"{name}.add({self.text(1)})", f"print(sorted({name}))", f"{name} |= set({self.texts(0)})" if name in self.scope.assignable("set") else f"{name}.update({self.texts(0)})",
                                    f"print({self.text(0)} in {name}, len({name}))", f"{name}.discard({self.text(0)})"])]

    def statement_alias(self, depth):
        names = self.changeable("texts")
        if not names:
            return []
        name = self.random.choice(names)
        value, other = self.text(1), self.scope.new("texts")
        return [f"{other} = {self.random.choice([name, name, name + '[:]'])}", f"{other}.append({value})", f"print(len({name}), {name} is {other}, {name} == {other})"]

    def statement_object(self, depth):
        if not self.classes:
            return []
        names = self.scope.visible("object")
        if not names or self.random.random() < 0.4:
            value = f"{self.random.choice(self.classes)}({self.text(1)}, {self.integer(0)})"
            return [f"{self.scope.new('object')} = {value}"]
        name = self.random.choice(names)
        return [self.random.choice([f"{name}.text = {self.text(1)}", f"{name}.weight += 1", f"{name}.grow({self.text(1)}).grow({self.text(0)})", f"print({name}.render())",
                                    f"{name}.title = {self.text(0)}", f"print({name})", f"setattr({name}, 'text', {self.text(1)})", f"print(getattr({name}, 'text', None))",
                                    f"print([x.render() for x in [{name}, {self.random.choice(self.classes)}({self.text(0)})]])", f"print({name} == {self.random.choice(names)})"])]

    def statement_messages(self, depth):
        """The list of messages changes after the call, before or after the answer is looked at."""
        name, prompt, said = self.scope.fresh("texts"), self.prompt(1), self.scope.new("text")
        call = f"client.chat.completions.create(model='m', messages={name})"
        change = self.random.choice([f"{name}.append({{'role': 'assistant', 'content': 'so'}})", f"{name}[0]['content'] = 'changed'", f"{name}.clear()"])
        lines = [f"{name} = [{{'role': 'user', 'content': {prompt}}}]"]
        if self.random.random() < 0.5:
            return lines + [f"{said} = {call}", change, f"{said} = {said}.choices[0].message.content"]
        use = [f"{name} += [{{'role': 'assistant', 'content': {said}}}, {{'role': 'user', 'content': 'go on'}}]", f"print({call}.choices[0].message.content)"]
        return lines + [f"{said} = {call}.choices[0].message.content", change, *self.random.choice([[f"print(len({name}), {said})"], ["pass"], use])]

    def statement_global(self, depth):
        return [self.random.choice([f"tick({self.integer(0)})", f"note({self.text(1)})", "print(total, notes)"])]

    def statement_random(self, depth):
        return [self.random.choice(["print(random.random())", f"random.shuffle({self.scope.pick('texts') or '[1]'})", f"print(random.sample({self.texts_literal(0)}, 2))"])]

    def statement_clock(self, depth):
        name = self.scope.fresh("integer")
        clock = self.random.choice(["time.perf_counter()", "time.time()", "time.monotonic()"])
        return [f"{name} = {clock}", self.asked(self.prompt(1)), f"print({clock} - {name} >= 0.0019)"]

    def statement_sleep(self, depth):
        return ["time.sleep(0.001)"]

    def statement_thread(self, depth):
        asked, out = self.asked(self.prompt(0)), self.scope.new("texts")
        return [f"{out} = []", f"worker = threading.Thread(target=lambda: {out}.append({asked}))", "worker.start()", "worker.join()", f"print({out})"]

    def statement_late(self, depth):
        """A call whose failure or value is looked at by nothing, or much later."""
        asked, name = self.asked(self.prompt(1)), self.scope.new("text")
        return [f"{name} = {asked}", self.random.choice([f"print('between', {self.integer(0)})", f"note('late')", "tick(1)"])]

    # --- files
    def statement_write(self, depth):
        name = self.random.choice(["out.txt", "log.txt", "notes.md"])
        mode = self.random.choice(["w", "a", "a"])
        value = self.text(2)
        return self.random.choice([
            [f"with open('{name}', '{mode}', encoding='utf-8') as f:", f"    f.write({value} + '\\n')"],
            [f"with open('{name}', '{mode}', encoding='utf-8') as f:"] + indented([f"print({value}, file=f)"]) + self.block(depth - 1, 1),
            [f"f = open('{name}', '{mode}', encoding='utf-8')", f"f.write({value})", f"f.close()"],
            [f"with open('{name}', '{mode}', encoding='utf-8') as f:", f"    f.writelines(x + '\\n' for x in {self.texts(1)})"],
            [f"pathlib.Path('{name}').write_text({value}, encoding='utf-8')"],
            [f"with open('{name}', '{mode}', encoding='utf-8') as f:", f"    f.write(f'{{{self.operand(0)}}}\\n')", f"    f.write({self.asked(self.prompt(1))})"]])

    def statement_read(self, depth):
        name, text = self.random.choice(["out.txt", "log.txt", "notes.md"]), self.scope.new("text")
        return [f"{text} = open('{name}', encoding='utf-8').read() if os.path.exists('{name}') else 'no file'", f"print(len({text}))"]

    def statement_file_kinds(self, depth):
        return self.random.choice([
            [f"with open('rows.json', 'w') as f:", f"    json.dump({{'t': {self.text(1)}, 'l': {self.texts(0)}}}, f)"],
            [f"with open('rows.csv', 'w', newline='') as f:", f"    csv.writer(f).writerows([[{self.text(1)}, {self.integer(0)}], {self.texts(0)}])"],
            ["os.makedirs('sub', exist_ok=True)", f"pathlib.Path('sub', 'a.txt').write_text({self.text(1)})", "print(sorted(os.listdir('.')))"],
            [f"open('flag', 'w').close()", self.asked(self.prompt(0)), "os.remove('flag')"],
            [f"with open('raw.bin', 'wb') as f:", f"    f.write({self.text(1)}.encode())"],
            [f"db = sqlite3.connect(':memory:')", "db.execute('create table t (a text, b text)')", f"db.execute('insert into t values (?, ?)', ({self.text(1)}, {self.text(0)}))",
             "print(db.execute('select * from t').fetchall())"]])

    def statement_captured_output(self, depth):
        body, name = self.block(depth - 1), self.scope.new("text")
        return ["with contextlib.redirect_stdout(io.StringIO()) as caught:", "    print('begin')", *body, f"{name} = caught.getvalue()",
                f"print(len({name}), {name}[:30])"]

    def statement_stringio(self, depth):
        value, name = self.text(1), self.scope.new("text")
        return ["buffer = io.StringIO()", f"buffer.write({value})", f"print({value}, file=buffer)", f"{name} = buffer.getvalue()"]

    # --- functions within
    def statement_closure(self, depth):
        if self.loops or depth < 1:
            return []
        name, argument, inner = self.scope.fresh("function"), self.scope.fresh("text"), self.scope.fresh("integer")
        owner = self.scope.assignable("text")
        with self.scope.function():
            self.scope.add(argument, "text")
            was, self.inside, self.loops = (self.inside, self.loops), True, 1
            body = [line for _ in range(self.random.randint(1, 2)) for line in self.statement(depth - 1)]
            self.inside, self.loops = was
            result = self.text(1)
        head = []
        if owner and self.random.random() < 0.4:
            head = [f"{'nonlocal' if len(self.scope.floors) > 1 else 'global'} {owner[-1]}", f"{owner[-1]} += '.'"]
        default = self.random.choice(["", "", "='filled'", f"={self.scope.pick('text') or repr('x')}"])
        lines = [f"def {name}({argument}{default}, {inner}=1):"] + indented(head + body + [f"return {result}"])
        self.scope.add(name, "function")
        return lines + [f"print({name}({self.text(1)}))"] + ([f"print({name}())"] if default else [])

    def statement_generator(self, depth):
        if self.loops or depth < 1:
            return []
        name, argument, item = self.scope.fresh("function"), self.scope.fresh("texts"), self.scope.fresh("text")
        with self.scope.function():
            self.scope.add(argument, "texts"), self.scope.add(item, "text")
            was, self.inside, self.loops = (self.inside, self.loops, self.busy), True, 1
            self.busy = self.busy | {argument}
            body = self.statement(depth - 1)
            self.inside, self.loops, self.busy = was
            value = self.text(1)
        out = self.scope.fresh("texts")
        lines = [f"def {name}({argument}):"] + indented([f"for {item} in {argument}:"] + indented(body + [f"yield {value}"]))
        use = self.random.choice([f"{out} = list({name}({self.texts(0)}))", f"{out} = [x.upper() for x in {name}({self.texts(0)})]",
                                  f"{out} = []\nfor x in {name}({self.texts(0)}):\n    {out}.append({self.asked('x')})", f"{out} = [next({name}({self.texts_literal(0)}))]",
                                  f"{out} = sorted(zip({name}({self.texts(0)}), range(9)))"])
        self.scope.add(out, "texts") if "zip" not in use else None
        return lines + use.split("\n") + [f"print({out})"]

    def statement_trap(self, depth):
        if self.loops or self.inside:
            return []
        needing = () if self.classes else ("method_changes", "setattr_in_loop")
        return getattr(self, f"trap_{chosen(self.random, weights.TRAP, needing)}")()
