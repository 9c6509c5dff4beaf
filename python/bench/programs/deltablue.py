"""A solver of one-way constraints by strengths, after Freeman-Benson and Maloney: classes, lists, polymorphic calls."""

import json
import time

PROJECTED = 1495555  # what this program gives in plain Python
REQUIRED, STRONG, PREFERRED, DEFAULT, WEAKEST = 0, 1, 2, 3, 6


class Variable:
    def __init__(self, name, value=0):
        self.name, self.value, self.constraints, self.determined_by = name, value, [], None
        self.mark, self.strength, self.stay = 0, WEAKEST, True


class Constraint:
    def __init__(self, planner, strength):
        self.planner, self.strength = planner, strength

    def add(self):
        self.to_graph()
        self.planner.incremental_add(self)

    def satisfy(self, mark):
        self.choose(mark)
        if not self.satisfied():
            if self.strength == REQUIRED:
                raise RuntimeError("could not satisfy a required constraint")
            return None
        self.mark_inputs(mark)
        out = self.output()
        overridden = out.determined_by
        if overridden is not None:
            overridden.unsatisfy()
        out.determined_by = self
        if not self.planner.propagate(self, mark):
            raise RuntimeError("a cycle")
        out.mark = mark
        return overridden

    def destroy(self):
        if self.satisfied():
            self.planner.incremental_remove(self)
        self.from_graph()

    def is_input(self):
        return False


class Unary(Constraint):
    def __init__(self, planner, variable, strength):
        super().__init__(planner, strength)
        self.out, self.on = variable, False
        self.add()

    def to_graph(self):
        self.out.constraints.append(self)
        self.on = False

    def choose(self, mark):
        self.on = self.out.mark != mark and self.strength < self.out.strength

    def satisfied(self):
        return self.on

    def mark_inputs(self, mark):
        pass

    def output(self):
        return self.out

    def recalculate(self):
        self.out.strength = self.strength
        self.out.stay = not self.is_input()
        if self.out.stay:
            self.execute()

    def unsatisfy(self):
        self.on = False

    def known(self, mark):
        return True

    def from_graph(self):
        self.out.constraints.remove(self)
        self.on = False

    def execute(self):
        pass


class Stay(Unary):
    pass


class Edit(Unary):
    def is_input(self):
        return True


class Binary(Constraint):
    def __init__(self, planner, a, b, strength):
        super().__init__(planner, strength)
        self.a, self.b, self.direction = a, b, 0
        self.add()

    def choose(self, mark):
        a, b = self.a, self.b
        if a.mark == mark:
            self.direction = 1 if b.mark != mark and self.strength < b.strength else 0
        elif b.mark == mark:
            self.direction = -1 if self.strength < a.strength else 0
        elif a.strength > b.strength:
            self.direction = -1 if self.strength < a.strength else 0
        else:
            self.direction = 1 if self.strength < b.strength else 0

    def to_graph(self):
        self.a.constraints.append(self)
        self.b.constraints.append(self)
        self.direction = 0

    def satisfied(self):
        return self.direction != 0

    def mark_inputs(self, mark):
        self.input().mark = mark

    def input(self):
        return self.a if self.direction == 1 else self.b

    def output(self):
        return self.b if self.direction == 1 else self.a

    def recalculate(self):
        i, o = self.input(), self.output()
        o.strength = max(self.strength, i.strength)
        o.stay = i.stay
        if o.stay:
            self.execute()

    def unsatisfy(self):
        self.direction = 0

    def known(self, mark):
        i = self.input()
        return i.mark == mark or i.stay or i.determined_by is None

    def from_graph(self):
        self.a.constraints.remove(self)
        self.b.constraints.remove(self)
        self.direction = 0


class Equal(Binary):
    def execute(self):
        self.output().value = self.input().value


class Scale(Binary):
    def __init__(self, planner, a, scale, offset, b, strength):
        self.scale, self.offset = scale, offset
        super().__init__(planner, a, b, strength)

    def to_graph(self):
        super().to_graph()
        self.scale.constraints.append(self)
        self.offset.constraints.append(self)

    def execute(self):
        if self.direction == 1:
            self.b.value = self.a.value * self.scale.value + self.offset.value
        else:
            self.a.value = (self.b.value - self.offset.value) // self.scale.value

    def recalculate(self):
        i, o = self.input(), self.output()
        o.strength = max(self.strength, i.strength)
        o.stay = i.stay and self.scale.stay and self.offset.stay
        if o.stay:
            self.execute()


class Planner:
    def __init__(self):
        self.mark = 0

    def new_mark(self):
        self.mark += 1
        return self.mark

    def incremental_add(self, constraint):
        mark = self.new_mark()
        overridden = constraint.satisfy(mark)
        while overridden is not None:
            overridden = overridden.satisfy(mark)

    def incremental_remove(self, constraint):
        out = constraint.output()
        constraint.unsatisfy()
        constraint.from_graph_after = True
        unsatisfied = self.remove_from(out)
        strength = REQUIRED
        while True:
            for u in unsatisfied:
                if u.strength == strength:
                    self.incremental_add(u)
            strength += 1
            if strength == WEAKEST:
                return

    def remove_from(self, out):
        out.determined_by, out.strength, out.stay = None, WEAKEST, True
        unsatisfied, todo = [], [out]
        while todo:
            v = todo.pop(0)
            for c in v.constraints:
                if not c.satisfied():
                    unsatisfied.append(c)
            for c in v.constraints:
                if c is not v.determined_by and c.satisfied():
                    c.recalculate()
                    todo.append(c.output())
        return unsatisfied

    def plan_from(self, constraints):
        sources = [c for c in constraints if c.is_input() and c.satisfied()]
        mark, plan, todo = self.new_mark(), [], sources
        while todo:
            c = todo.pop(0)
            if c.output().mark != mark and c.known(mark):
                plan.append(c)
                c.output().mark = mark
                self.consuming(c.output(), todo)
        return plan

    def consuming(self, v, found):
        for c in v.constraints:
            if c is not v.determined_by and c.satisfied():
                found.append(c)

    def propagate(self, constraint, mark):
        todo = [constraint]
        while todo:
            c = todo.pop(0)
            if c.output().mark == mark:
                self.incremental_remove(constraint)
                return False
            c.recalculate()
            self.consuming(c.output(), todo)
        return True


def chain(n):
    planner = Planner()
    variables = [Variable(f"v{i}") for i in range(n + 1)]
    for i in range(n):
        Equal(planner, variables[i], variables[i + 1], REQUIRED)
    Stay(planner, variables[n], DEFAULT)
    edit = Edit(planner, variables[0], PREFERRED)
    plan = planner.plan_from([edit])
    for i in range(100):
        variables[0].value = i
        for c in plan:
            c.execute()
        assert variables[n].value == i
    edit.destroy()


def projection(n):
    planner = Planner()
    scale, offset = Variable("scale", 10), Variable("offset", 1000)
    targets, source = [], None
    for i in range(n):
        source, target = Variable(f"s{i}", i), Variable(f"t{i}", i)
        targets.append(target)
        Stay(planner, source, DEFAULT)
        Scale(planner, source, scale, offset, target, REQUIRED)
    change(planner, source, 17)
    assert target.value == 1170
    change(planner, target, 1050)
    change(planner, scale, 5)
    return sum(t.value for t in targets)


def change(planner, variable, value):
    edit = Edit(planner, variable, PREFERRED)
    plan = planner.plan_from([edit])
    for _ in range(10):
        variable.value = value
        for c in plan:
            c.execute()
    edit.destroy()


begin = time.process_time()
for _ in range(3):
    chain(1000)
    assert projection(600) == PROJECTED
print(json.dumps({"seconds": time.process_time() - begin}))
