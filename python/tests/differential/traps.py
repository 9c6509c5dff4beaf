"""Loops and statements that look independent, or harmless, and are not: each is a shape that a wrong analysis would overlap."""


class Traps:
    """Module-level statements, with what Expressions needs."""

    def loop_of(self, lines, after, before=()):
        item = "it"
        return [*before, f"for {item} in {self.texts_literal(0)}:"] + ["    " + line for line in lines] + list(after)

    def own(self, kind="texts"):
        return self.scope.fresh(kind)

    def say(self, about="it"):
        return f"{self.random.choice(self.asks)}(f'On {{{about}}}{self.mark()}')"

    def trap_carried(self):
        name, out = self.own("text"), self.own()
        return self.loop_of([f"{name} = {self.say(name)}", f"{out}.append({name}[:20])"], [f"print({out}, {name})"], [f"{name} = 'start'", f"{out} = []"])

    def trap_used_after(self):
        name, out = self.own("text"), self.own()
        self.scope.add(name, "text")
        return self.loop_of([f"{name} = {self.say()}", f"{out}.append({name} + '.')"], [f"print(len({out}), {name})"], [f"{out} = []"])

    def trap_loop_variable_after(self):
        out = self.own()
        return self.loop_of([f"{out}.append({self.say()})"], [f"print(it, {out})"], [f"{out} = []"])

    def trap_alias_in_loop(self):
        out, other = self.own(), self.own()
        return self.loop_of([f"{other}.append({self.say()})", f"if len({out}) > 1:", "    print('two')"], [f"print({out})"], [f"{out} = []", f"{other} = {out}"])

    def trap_method_changes(self):
        name = self.own("object")
        self.scope.add(name, "object")
        return self.loop_of([f"said = {self.say()}", f"if {self.random.choice(['len(said) > 4', 'said'])}:", f"    {name}.grow(said)"], [f"print({name}.render())"],
                            [f"{name} = {self.random.choice(self.classes)}('seed', 0)"])

    def trap_default_list(self):
        name, out = self.own("function"), self.own()
        return self.loop_of([f"{out}.append({name}(it))"], [f"print({out})"],
                            [f"def {name}(x, kept=[]):", f"    said = {self.say('x')}", "    kept.append(said)", "    return f'{len(kept)} {said} {kept[0]}'", f"{out} = []"])

    def trap_shared_iterator(self):
        name, out = self.own("function"), self.own()
        return self.loop_of([f"said = {self.say()}", "if said:", f"    {out}.append(said + next({name}, 'end'))"], [f"print({out})"],
                            [f"{name} = iter(['1', '2', '3'])", f"{out} = []"])

    def trap_global_counter(self):
        out = self.own()
        return self.loop_of([f"said = {self.say()}", "if 'e' in said:", "    tick(1)", f"{out}.append((total, said))"], [f"print({out}, total)"], [f"{out} = []"])

    def trap_closure_counter(self):
        make, name, out = self.own("function"), self.own("function"), self.own()
        return self.loop_of([f"{out}.append({name}({self.say()}))"], [f"print({out})"],
                            [f"def {make}():", "    n = 0", "    def up(x):", "        nonlocal n", "        if len(x) > 3:", "            n += 1", "        return f'{n}:{x}'", "    return up",
                             f"{name} = {make}()", f"{out} = []"])

    def trap_class_attribute(self):
        name, out = self.own("function").upper(), self.own()
        return self.loop_of([f"{out}.append({name}().say(it))"], [f"print({out}, {name}.count)"],
                            [f"class {name}:", "    count = 0", "    def say(self, x):", f"        said = {self.say('x')}", f"        {name}.count += len(said) % 3",
                             f"        return f'{{{name}.count}} {{said}}'", f"{out} = []"])

    def trap_late_closure(self):
        out = self.own()
        return self.loop_of([f"said = {self.say()}", f"{out}.append(lambda: (it, said))"], [f"print([f() for f in {out}])"], [f"{out} = []"])

    def trap_growing_list(self):
        out = self.own()
        return [f"{out} = ['seed']", f"for x in {out}:", f"    if len({out}) < 4:", f"        {out}.append({self.say('x')})", f"print({out})"]

    def trap_table_read_back(self):
        name = self.own("table")
        return self.loop_of([f"said = {self.say()}", f"{name}[said[:1]] = {name}.get(said[:1], '') + said"], [f"print({name})"], [f"{name} = {{}}"])

    def trap_stop_early(self):
        out = self.own()
        return self.loop_of([f"said = {self.say()}", f"if {self.random.choice(['len(said) > 12', repr('e') + ' in said'])}:", "    break", f"{out}.append(said)"], [f"print({out})"], [f"{out} = []"])

    def trap_else_loop(self):
        out = self.own()
        return self.loop_of([f"{out}.append({self.say()})", f"if {out}[-1].startswith('a'):", "    break"], ["else:", "    print('all')", f"print({out})"], [f"{out} = []"])

    def trap_return_inside(self):
        name = self.own("function")
        return [f"def {name}(words):", "    seen_here = []", "    for x in words:", f"        said = {self.say('x')}", f"        if {self.random.choice(['len(said) > 10', repr('i') + ' in said'])}:",
                "            return x, said", "        seen_here.append(said)", "    return seen_here", f"print({name}({self.texts_literal(0)}))"]

    def trap_file_in_loop(self):
        return self.loop_of([f"said = {self.say()}", "with open('loop.txt', 'a', encoding='utf-8') as f:", "    f.write(said + '\\n')"],
                            ["print(open('loop.txt', encoding='utf-8').read())"], ["open('loop.txt', 'w').close()"])

    def trap_random_in_loop(self):
        out = self.own()
        return self.loop_of([f"said = {self.say()}", "if len(said) % 2:", f"    {out}.append((random.random(), said))"], [f"print({out})"], [f"{out} = []"])

    def trap_chat_in_loop(self):
        name, history, out = self.own("function"), self.own(), self.own()
        return self.loop_of([f"{out}.append({name}(it))"], [f"print({out}, len({history}))"],
                            [f"{history} = []", f"def {name}(x):", f"    {history}.append({{'role': 'user', 'content': x}})",
                             f"    r = client.chat.completions.create(model='m', messages={history})", "    said = r.choices[0].message.content",
                             f"    {history}.append({{'role': 'assistant', 'content': said}})", "    return said", f"{out} = []"])

    def trap_row_changes(self):
        name = self.own()
        return [f"{name} = [{{'q': x, 'a': None}} for x in {self.texts_literal(0)}]", f"for row in {name}:", f"    row['a'] = {self.random.choice(self.asks)}(row['q'])",
                f"    row['n'] = {self.random.choice(['len(row[' + repr('a') + '])', '1'])}", f"print({name})"]

    def trap_setattr_in_loop(self):
        name = self.own("object")
        return self.loop_of([f"setattr({name}, 'text', {name}.text + {self.say()})"], [f"print({name}.text)"], [f"{name} = {self.random.choice(self.classes)}('s', 0)"])

    def trap_property_changes(self):
        name, out = self.own("function").upper(), self.own()
        return self.loop_of([f"said = {self.say()}", "if said:", f"    {out}.append({name}.next + said)"], [f"print({out})"],
                            [f"class {name}_Type:", "    n = 0", "    @property", "    def next(self):", "        self.n += 1", "        return str(self.n)", f"{name} = {name}_Type()", f"{out} = []"])

    def trap_operator_changes(self):
        name, out = self.own("function").upper(), self.own()
        return self.loop_of([f"said = {self.say()}", "if len(said) > 2:", f"    {out}.append({name} @ said)"], [f"print({out})"],
                            [f"class {name}_Type:", "    n = 0", "    def __matmul__(self, x):", "        self.n += 1", "        return f'{self.n}@{x}'", f"{name} = {name}_Type()", f"{out} = []"])

    def trap_iterated_generator(self):
        out, name = self.own(), self.own("function")
        return [f"def {name}():", "    for x in ['a', 'b', 'c']:", f"        said = {self.say('x')}", "        print('made', said)", "        yield said",
                f"{out} = []", f"for x in {name}():", f"    {out}.append({self.random.choice(self.asks)}('next ' + x))", "    print('took', len(x))", f"print({out})"]

    def trap_failing_loop(self):
        out = self.own()
        return [f"{out} = []", "try:", f"    for x in ['one', 'two{self.mark()}', 'three']:", f"        {out}.append({self.random.choice(self.asks)}(x))",
                f"        if {self.random.choice(['len(x) > 4', repr('t') + f' in {out}[-1]', 'False'])}:", "            raise Refused(x)", "except (Refused, BadRequestError) as e:", "    print(type(e).__name__)", f"print({out})"]

    def trap_nested_function(self):
        out, name = self.own(), self.own("function")
        return self.loop_of([f"def {name}(x):", f"    {out}.append(x)", f"    return {self.say('x')}", f"said = {name}(it)", "if said:", f"    {out}.append(said)"], [f"print({out})"], [f"{out} = []"])

    def trap_subscript_changes(self):
        name = self.own()
        return [f"{name} = {self.texts_literal(0)}", f"for i in range(len({name})):", f"    {name}[i] = {self.random.choice(self.asks)}({name}[i - 1])", f"print({name})"]

    def trap_clock_in_loop(self):
        out = self.own()
        return self.loop_of(["begun = time.perf_counter()", f"said = {self.say()}", f"{out}.append((time.perf_counter() - begun >= 0.0019, said))"], [f"print({out})"], [f"{out} = []"])

    def trap_contains_changes(self):
        name, out = self.own("function").upper(), self.own()
        return self.loop_of([f"said = {self.say()}", f"if said in {name}:", f"    {out}.append(said)", "else:", f"    {out}.append('-')"], [f"print({out}, {name}.asked)"],
                            [f"class {name}_Type:", "    asked = ()", "    def __contains__(self, x):", "        self.asked += (x[:3],)", "        return len(self.asked) % 2", f"{name} = {name}_Type()", f"{out} = []"])

    def trap_loop_over_call(self):
        out, a = self.own(), self.exact(self.prompt(0, "lines"))
        return [f"{out} = {{}}", f"for line in {a}.splitlines():", "    if not line.startswith('- '):", "        continue", f"    {out}[line] = {self.say('line')}", f"print({out})"]

    def trap_identity(self):
        a, b = self.own("text"), self.own("text")
        return [f"{a} = {self.say('7')}", f"{b} = {a}", f"print({a} is {b}, {a} is not None, [{a}] == [{b}], {a} in [{b}], id({a}) == id({b}))"]
