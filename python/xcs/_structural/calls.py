"""Calls: of functions of the program, classes, operations of the host, methods."""

from __future__ import annotations

import ast
import builtins
import dataclasses
import types

from .. import _births
from .types import BOOL, INT, NONE, STR, DictType, ListType, NoType, OptionType, RecordType, is_known, inside_of, objects_in, of_class
from .values import Answer, Caught, Local, Parsed, Static, Val, constant, is_empty_list


class Calls:
    def e_Call(self, node, want):
        return self.call(node, want)

    def call(self, node, want, wanted=True):
        """A call. `wanted`: something uses what it gives."""
        f = node.func
        if isinstance(f, ast.Attribute):
            box = self.look(f.value)
            if isinstance(box, Static) and isinstance(box.object, type) and f.attr == "model_validate_json":
                return self.validated(box.object, node)
            if not isinstance(box, Static):
                return self.method(box, f.attr, node, want)
            found = self.resolve.attribute(self, box, f)
        else:
            found = self.look(f)
        if isinstance(found, Local):
            return self.local_call(found, node)
        if not isinstance(found, Static):
            raise self.refuse(f, "this is not called in a plan", "call a function by its name")
        return self.static_call(found, node, want, wanted)

    def static_call(self, found, node, want, wanted):
        x = found.object
        special = self.special_call(x, node, want)
        if special is not None:
            return special
        operation = _births.operations.get(id(x))
        if operation is not None and operation.function is x:
            return self.host_call(operation, node, wanted)
        if self.models.fits(x):
            return self.models.call(self, x, node, want)
        if isinstance(x, type) and x.__module__ != "builtins":
            return self.construct(x, node)
        x = getattr(x, "__xcs_function__", x)
        if isinstance(x, types.MethodType):
            self.unit.seen_part(x.__func__.__name__, lambda: x.__self__, x.__self__)
            return self.function_call(x.__func__, node, [self.resolve.of_object(self, x.__self__, node.func, "its object")])
        if isinstance(x, types.FunctionType):
            return self.function_call(x, node, [])
        if getattr(x, "__module__", None) == "builtins" or isinstance(x, types.BuiltinFunctionType):
            name = getattr(x, "__name__", "this")
            raise self.refuse(node, f"`{name}()` has no form in a plan", _builtin_remedy(name))
        raise self.refuse(node, f"a call of {type(x).__name__} has no form in a plan", "put it into a function with `@xcs.op(effect=\"..\")`")

    def builtin(self, node):
        """The builtin function that a name is, if it is one."""
        if isinstance(node, ast.Name) and node.id not in self.env and node.id not in self.own:
            found = self.resolve.value(self, node.id, node)
            if isinstance(found, Static) and getattr(builtins, node.id, None) is found.object:
                return found.object
        return None

    def argument(self, node, index, name):
        """The argument of a call by position or name, or None."""
        if len(node.args) > index:
            return node.args[index]
        return next((k.value for k in node.keywords if k.arg == name), None)

    # Functions.

    def bound(self, spec, node, first, defaults):
        """{parameter: what it gets} of a call; `spec` is the `ast.arguments` of the function."""
        if spec.vararg or spec.kwarg:
            raise self.refuse(node, "a function with `*` or `**` parameters has no form in a plan", "give it a list or a dictionary")
        names = [a.arg for a in [*spec.posonlyargs, *spec.args]]
        keyword_only = [a.arg for a in spec.kwonlyargs]
        got = dict(zip(names, first))
        positional = names[len(first) :]
        if any(isinstance(a, ast.Starred) for a in node.args) or any(k.arg is None for k in node.keywords):
            raise self.refuse(node, "`*` and `**` in a call have no form in a plan", "write the arguments")
        if len(node.args) > len(positional):
            raise self.refuse(node, f"the call has more arguments than the function has parameters ({', '.join(names) or 'none'})")
        for name, a in zip(positional, node.args):
            got[name] = self.passed(a)
        for k in node.keywords:
            if k.arg in got or k.arg not in [*positional, *keyword_only]:
                raise self.refuse(k.value, f"the function has no parameter `{k.arg}`, or it is given twice")
            got[k.arg] = self.passed(k.value)
        for name in [*names, *keyword_only]:
            if name not in got:
                if name not in defaults:
                    raise self.refuse(node, f"the call lacks the argument `{name}`")
                got[name] = defaults[name]()
        return {n: got[n] for n in [*names, *keyword_only]}

    def passed(self, node):
        """An argument. The function may keep it in what it returns, which the caller of this looks after."""
        return self.look(node)

    def function_call(self, function, node, first):
        spec = self.unit.function(self, function, node)
        defaults = {n: (lambda v=v: self.resolve.of_object(self, v, node, "a default")) for n, v in spec.defaults.items()}
        got = self.bound(spec.node.args, node, first, defaults)
        made = self.unit.compiled(self, spec, got, node)
        return self._called(made, got, node)

    def local_call(self, local, node):
        """A function of the function: what it reads of its surroundings is passed as well."""
        spec = local.node.args
        if any(d is not None and not isinstance(d, ast.Constant) for d in [*spec.defaults, *spec.kw_defaults]):
            raise self.refuse(node, "a default that is computed has no form in a function in a function", "write a constant, or pass the argument")
        names = [a.arg for a in [*spec.posonlyargs, *spec.args]]
        defaults = {n: (lambda d=d: constant(d.value)) for n, d in zip(reversed(names), reversed(spec.defaults))}
        defaults |= {a.arg: (lambda d=d: constant(d.value)) for a, d in zip(spec.kwonlyargs, spec.kw_defaults) if d is not None}
        got = self.bound(spec, node, [], defaults)
        made = self.unit.compiled_local(self, local, got, node)
        return self._called(made, made.passed, node, set(made.passed) - {a.arg for a in [*spec.posonlyargs, *spec.args, *spec.kwonlyargs]})

    def _called(self, made, got, node, captured=()):
        operands = [self.to(got[n], t, node) for n, t in made.parameters]
        if made.type is not None and made.type.mutable:
            kept = inside_of(made.type) if made.fresh else objects_in(made.type)
            if any(kept & objects_in(t) for _, t in made.parameters):
                self._shared_by(node, captured)
        self.region.take_effects(made.region)
        self.region.fails |= made.region.fails
        if made.type is None or made.type is NONE:
            self.add("call", operands, symbol=made.name)
            return constant(None)
        val = self.op("call", operands, made.type, symbol=made.name)
        val.fresh = made.fresh or not made.type.mutable
        return val

    def _shared_by(self, node, captured):
        """What a call gives may refer to its arguments, and to what the function reads of its surroundings."""
        names = {n.id for n in ast.walk(node) if isinstance(n, ast.Name)}
        for name in names | set(captured):
            slot = self.env.get(name)
            if slot is not None and slot.owned and isinstance(slot.val, Val) and slot.val.type.mutable:
                self.env[name] = slot._replace(owned=False, shared=node.lineno)

    # Classes.

    def construct(self, cls, node):
        try:
            t = of_class(cls)
        except NoType as e:
            raise self.refuse(node, str(e)) from None
        if t is None:
            raise self.refuse(node, f"an object of `{cls.__qualname__}` has no form in a plan", "write a dataclass or a TypedDict, or a function with `@xcs.op`")
        if t.kind == "pydantic" and node.args:
            raise self.refuse(node, f"`{cls.__qualname__}` takes its fields by name")
        names = [n for n, _ in t.fields]
        if t.kind == "dict" and (node.args or [k.arg for k in node.keywords] != names):
            raise self.refuse(node, f"`{cls.__qualname__}` is made with its keys in another order, which Python keeps", f"write them as `{cls.__qualname__}` has them: {', '.join(names)}")
        defaults = self._defaults(cls, t, node)
        if t.kind == "dataclass":
            self.unit.seen_attribute(cls, "__init__", cls.__init__)
            self.unit.seen_function(cls.__init__)
        keyword_only = {f.name for f in dataclasses.fields(cls) if f.kw_only} if t.kind == "dataclass" else set()
        spec = ast.arguments([], [ast.arg(n) for n in names if n not in keyword_only], None, [ast.arg(n) for n in names if n in keyword_only], [], None, [])
        got = self._construct_args(spec, node, dict(t.fields), defaults)
        return self.op("record.make", [self.to(got[n], ft, node) for n, ft in t.fields], t)

    def _construct_args(self, spec, node, fields, defaults):
        before = self.passed
        order = [a.arg for a in spec.args]
        wants = {id(a): fields.get(n) for n, a in zip(order, node.args)} | {id(k.value): fields.get(k.arg) for k in node.keywords}
        self.passed = lambda e: self.expr(e, wants.get(id(e)))
        try:
            return self.bound(spec, node, [], defaults)
        finally:
            self.passed = before

    def _defaults(self, cls, t, node):
        out = {}
        if t.kind == "dataclass":
            for f in dataclasses.fields(cls):
                self._default_of_init(cls, f, node)
                if f.default is not dataclasses.MISSING:
                    out[f.name] = lambda v=f.default, n=f.name: self.resolve.of_object(self, v, node, "a default", t.field(n))
                elif f.default_factory is not dataclasses.MISSING:
                    out[f.name] = lambda make=f.default_factory, n=f.name: self._from_factory(make, t.field(n), node)
        elif t.kind == "pydantic":
            for n, f in cls.model_fields.items():
                if not f.is_required():
                    self.unit.seen_part(n, lambda n=n: cls.model_fields[n].default, f.default)
                    out[n] = lambda v=f.default, n=n: self.resolve.of_object(self, v, node, "a default", t.field(n))
        return out

    def _default_of_init(self, cls, field, node):
        """Python takes the default from `__init__`, which somebody may have changed since the class was made."""
        parameter = self.unit.signature(cls.__init__).parameters.get(field.name)
        same = parameter is not None and (field.default is dataclasses.MISSING or parameter.default is field.default)
        if not same:
            raise self.refuse(node, f"the default of `{cls.__qualname__}.{field.name}` is another one than the class was written with", "pass the field")

    def _from_factory(self, make, t, node):
        if make not in (list, dict, tuple):
            raise self.refuse(node, "a default_factory other than list and dict has no form in a plan", "pass the field")
        return self.resolve.of_object(self, make(), node, "a default", t)

    # Operations of the host.

    def host_call(self, operation, node, wanted):
        function = operation.send
        returns = self.host_type(operation, node, wanted)
        spec = self.unit.signature(function)
        if spec is None:
            raise self.refuse(node, "the parameters of this operation are not known", "give the function with `@xcs.op` plain parameters")
        got = self._host_arguments(function, spec, self.unit.host_hints(function), node)
        names, passed = list(got), list(got.values())
        name = self.unit.host(operation, function, names, [v.type for v in passed], returns)
        attributes = {"function": name, "effect": operation.effect}
        if operation.repeat == "safe":
            attributes["repeat"] = "idempotent"
        self._effects(operation.effect)
        if returns is NONE:
            self.add("host.call", passed, attributes=attributes, fails=[("host-failed", "Exception")])
            return constant(None)
        val = self.op("host.call", passed, returns, attributes, fails=[("host-failed", "Exception")], hint=function.__name__ if function.__name__.isidentifier() else "result")
        if any(objects_in(returns) & objects_in(v.type) for v in passed):  # it may return what it was given
            self._shared_by(node, ())
            val.fresh = False
        return val

    def _host_arguments(self, function, spec, hints, node):
        """{parameter: value} of a call of an operation, in the order of its parameters; defaults are passed as well."""
        if any(isinstance(a, ast.Starred) for a in node.args) or any(k.arg is None for k in node.keywords) or any(p.kind in (p.VAR_POSITIONAL, p.VAR_KEYWORD) for p in spec.parameters.values()):
            raise self.refuse(node, "`*` and `**` of an operation have no form in a plan", "write plain parameters")
        try:
            given = spec.bind(*node.args, **{k.arg: k.value for k in node.keywords}).arguments
        except TypeError as e:
            raise self.refuse(node, f"the call does not fit the function: {e}") from None
        parameter = {id(v): n for n, v in given.items()}
        values = {}
        for n, p in spec.parameters.items():
            if n not in given and p.default is not p.empty:
                self.unit.seen_part(n, lambda n=n: self.unit.signature(function).parameters[n].default, p.default)
        for a in [*node.args, *(k.value for k in node.keywords)]:  # as Python evaluates them
            n = parameter[id(a)]
            values[n] = self._host_argument(self.as_value(self.look(a, hints.get(n)), a, hints.get(n)), hints.get(n), a)
        for n, p in spec.parameters.items():
            if n not in values:
                default = self.resolve.of_object(self, p.default, node, f"the default of `{n}`")
                values[n] = self._host_argument(self.as_value(default, node), hints.get(n), node)
        return {n: values[n] for n in spec.parameters}

    def _host_argument(self, val, hint, node):
        if hint is not None and (not is_known(val.type) or val.type is NONE or isinstance(hint, OptionType)):
            val = self.to(val, hint, node)
        if not is_known(val.type) or val.type is NONE:
            raise self.refuse(node, "the type of this argument is not known", "annotate the parameter of the operation")
        return val

    def _effects(self, effect):
        if effect.startswith("write"):
            self.region.writes = True
        if effect != "pure":
            self.region.asks = True

    def host_type(self, operation, node, wanted):
        try:
            returns = self.unit.host_returns(operation.send)
        except NoType as e:
            raise self.refuse(node, str(e)) from None
        if returns is None:
            if not wanted:
                return NONE
            raise self.refuse(node, f"what `{operation.send.__name__}` returns is not known", "annotate it: `def f(..) -> str:`")
        return returns

    # Methods.

    def method(self, box, name, node, want):
        if isinstance(box, Parsed):
            raise self.refuse(node, "the type of what json.loads gives is not known", "annotate the name that it is assigned to: `x: Reading = json.loads(text)`")
        if isinstance(box, Answer):
            return self.answer_method(box, name, node)
        if isinstance(box, Caught):
            raise self.refuse(node, "an exception as a value has no form in a plan", "use `str(e)`")
        box = self.as_value(box, node.func.value)
        t = box.type
        if t is STR:
            return self.text_method(box, name, node)
        if isinstance(t, DictType):
            return self.dict_method(box, name, node, want)
        if isinstance(t, ListType):
            return self.list_method(box, name, node)
        if isinstance(t, RecordType) and t.kind == "dict":
            return self.fixed_method(box, name, node)
        if isinstance(t, RecordType) and t.cls is not None:
            return self.record_method(box, name, node)
        hint = "test it with `is not None` before" if isinstance(t, OptionType) else None
        raise self.refuse(node, f"{t.shown} has no method `{name}` in a plan", hint)

    def record_method(self, box, name, node):
        found = self._member(box.type.cls, name)
        if isinstance(found, types.FunctionType) and (found.__module__ or "").partition(".")[0] != "pydantic":
            return self.function_call(found, node, [box])
        if name == "model_dump_json" and box.type.kind == "pydantic" and not node.args and not node.keywords:
            return self.dumped(box, node, compact=True)
        raise self.refuse(node, f"`{box.type.shown}.{name}` has no form in a plan", "write a function of the record")

    def _member(self, cls, name):
        """A method, property or value of a class, which may be replaced later."""
        found = _of_class(cls, name)
        self.unit.seen_part(name, lambda: _of_class(cls, name), found)
        return found

    def property_of(self, box, node):
        found = self._member(box.type.cls, node.attr)
        if isinstance(found, property) and found.fget is not None:
            call = ast.copy_location(ast.Call(node, [], []), node)
            return self.function_call(found.fget, call, [box])
        if found is not None and not callable(found):
            return self.resolve.of_object(self, found, node, "a class attribute")
        raise self.refuse(node, f"`{box.type.shown}` has no field `{node.attr}`", f"its fields: {', '.join(n for n, _ in box.type.fields)}")

    def dict_method(self, box, name, node, want):
        if node.keywords:
            raise self.refuse(node, f"`dict.{name}` with named arguments has no form in a plan")
        if name in ("keys", "values", "items") and not node.args:
            raise self.refuse(node, f"`.{name}()` as a value has no form in a plan", f"go through it, or write `list(d.{name}())`")
        if name == "copy" and not node.args:
            return Val(box.type, box.ref, fresh=True)
        if name == "get" and len(node.args) in (1, 2):
            return self._dict_get(box, node, want)
        if name == "setdefault":
            raise self.refuse(node, "`dict.setdefault` has no form in a plan", "write `d[k] = d.get(k, []) + [x]`")
        raise self.refuse(node, f"`dict.{name}` has no form in a plan", "use d[k], d.get(k), `k in d`, d.items() and d[k] = v")

    def _dict_get(self, box, node, want):
        if box.type.keys.xir == "?":
            return self.expr(node.args[1]) if len(node.args) == 2 else constant(None)
        key = self.to(self.look(node.args[0]), box.type.keys, node.args[0])
        t = box.type.value
        if isinstance(t, OptionType):
            raise self.refuse(node, "get() of values that may be None has no form in a plan", "write `d[k] if k in d else ..`")
        found = self.op("dict.get", [box, key], OptionType(t))
        if len(node.args) == 1:
            found.fresh = not t.mutable
            return found
        default = self.as_value(self.expr(node.args[1], t), node.args[1], t)
        if default.type is NONE:
            found.fresh = not t.mutable
            return found
        got = self.op("option.or", [found, self.to(default, t, node.args[1])], t)
        got.fresh = not t.mutable
        return got

    def fixed_method(self, box, name, node):
        if name == "get" and len(node.args) == 1:
            field, t = self.fixed_key(box, node.args[0])
            got = self.field(box, field)
            return Val(t, got.ref, not t.mutable)
        if name == "copy" and not node.args:
            return Val(box.type, box.ref, fresh=True)
        raise self.refuse(node, f"`.{name}` of a dictionary with fixed keys has no form in a plan", "annotate it as `dict[str, ..]`, or write its keys")

    def list_method(self, box, name, node):
        if node.keywords:
            raise self.refuse(node, f"`list.{name}` with named arguments has no form in a plan")
        if name == "copy" and not node.args and not box.type.frozen:
            return Val(box.type, box.ref, fresh=True) if not is_empty_list(box) else box
        if name in ("index", "count") and len(node.args) == 1 and not is_empty_list(box):
            return self._list_search(box, name, node)
        raise self.refuse(node, f"`list.{name}` has no form in a plan as an expression", "use append as a statement, sorted(), reversed(), slices and comprehensions")

    def _list_search(self, box, name, node):
        from .types import has_float

        if has_float(box.type.element):
            raise self.refuse(node, f"`{name}` of floats looks at whether two nan are one object", "compare the numbers in a comprehension")
        item = self.to(self.look(node.args[0]), box.type.element, node.args[0])
        if name == "index":
            found = self.op("list.index_of", [box, item], OptionType(INT))
            self.require(self.op("option.is_some", [found], BOOL), "ValueError", "the value is not in the list")
            return self.op("option.or", [found, 0], INT, count=True)
        equal = self.comprehension_of(box, lambda e: self.equal(e, item, node))
        return self.op("list.len", [equal], INT, count=True)

    def comprehension_of(self, box, keep):
        """The elements of a list for which `keep(element)` is true."""
        from .ir import Ref

        ref = Ref(box.type.element.xir, "element")
        with self.inside(ref) as region:
            self.add("yield", [keep(Val(box.type.element, ref))])
        self.region.absorb(region)
        return self.op("filter", [box], box.type, regions=[region])

    # Calls that change a list or a dictionary in place.

    def changing_call(self, node):
        """A call as a statement that changes the object of a name: True if it was one."""
        f = node.func
        if not isinstance(f, ast.Attribute) or f.attr not in _CHANGES:
            return False
        if isinstance(f.value, ast.Name) and self.is_sink(f.value.id):
            self.sink_put(f.value.id, self._appended(node, self.env[f.value.id].val))
            return True
        inner = self.look(f.value) if not isinstance(f.value, ast.Name) or f.value.id in self.env else None
        if not (isinstance(inner, Val) and isinstance(inner.type, (ListType, DictType, RecordType))) or isinstance(inner.type, RecordType):
            return False
        name, slot = self.owner(f.value, f"`{f.attr}`")
        new = getattr(self, "c_" + f.attr)(slot.val, node)
        self.rebind(name, self.env[name], new)
        return True

    def _appended(self, node, box):
        if len(node.args) != 1 or node.keywords:
            raise self.refuse(node, "append() takes one element")
        want = box.type.element if isinstance(box.type, ListType) and is_known(box.type) and box.sink is None else None
        return self.as_value(self.expr(node.args[0], want), node.args[0], want)

    def c_append(self, box, node):
        val = self._appended(node, box)
        if not isinstance(box.type, ListType):
            raise self.refuse(node, f"{box.type.shown} has no append")
        if is_empty_list(box) and not is_known(val.type):
            raise self.refuse(node, "the type of an empty list in this list is not known", "annotate the list")
        t = ListType(self.common(box.type.element, val.type, node, "the element"))
        return self.op("list.append", [self.to(box, t, node), self.to(val, t.element, node)], t)

    def c_extend(self, box, node):
        if len(node.args) != 1 or not isinstance(box.type, ListType):
            raise self.refuse(node, "extend() takes one list")
        return self.list_extended(box, node.args[0])

    def list_extended(self, box, node):
        more = self.as_list(node)
        return box if is_empty_list(more) else self.extended(box, more, node)

    def c_update(self, box, node):
        if len(node.args) != 1 or node.keywords or not isinstance(box.type, DictType):
            raise self.refuse(node, "update() takes one dictionary in a plan")
        more = self.value(node.args[0], box.type if is_known(box.type) else None)
        if not isinstance(more.type, DictType):
            raise self.refuse(node, f"update() with {more.type.shown} has no form in a plan", "use a dictionary whose values have one type")
        if more.type.keys.xir == "?":
            return box
        if box.type.keys.xir == "?":
            return Val(more.type, more.ref, fresh=True)
        t = DictType(self.common(box.type.keys, more.type.keys, node), self.common(box.type.value, more.type.value, node))
        return self.op("dict.merge", [self.to(box, t, node), self.to(more, t, node)], t)

    def c_sort(self, box, node):
        return self.sorted_list(box, node, [])

    def c_reverse(self, box, node):
        return box if is_empty_list(box) else self.op("list.reverse", [box], box.type)

    def c_clear(self, box, node):
        from .values import empty_list

        return empty_list() if isinstance(box.type, ListType) else self.empty_dict()

    def prelude(self, name, operands, t, fails=()):
        """A call of an operation of Python that is no single one of XIR."""
        self.unit.prelude.setdefault(name)
        return self.op("call", operands, t, symbol=f"python.{name}", fails=fails, hint=name)


_CHANGES = ("append", "extend", "update", "sort", "reverse", "clear")


def _of_class(cls, name):
    for base in cls.__mro__:
        if name in vars(base):
            return vars(base)[name]
    return None


def _builtin_remedy(name):
    if name == "print":
        return "return the text, or call a function with `@xcs.op(effect=\"write(output)\")` that prints it"
    if name == "open":
        return "read and write files in functions with `@xcs.op(effect=\"read(files)\")` or `\"write(files)\"`"
    if name in ("map", "filter"):
        return "write a comprehension"
    return "put it into a function with `@xcs.op(effect=\"pure\")`"
