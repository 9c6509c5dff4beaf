#include "IR/RandomModule.h"
#include "xcs/IR/OpEffects.h"
#include "xcs/Ops/ModelForm.h"
#include "xcs/Ops/RegionForm.h"
#include "xcs/Ops/SignatureMatch.h"

using namespace xcs;

RandomModule::RandomModule(Module &module, uint64_t seed, size_t operations)
    : module(module), pool(module.pool), dice(seed), left(operations) {
  if (dice.oneIn(2))
    module.name = pool.intern("random");
  makeNames();
  makeResources();
  size_t functions = 1 + dice.below(4);
  for (size_t i = 0; i < functions; ++i)
    makeFunction(i);
}

void RandomModule::makeResources() {
  auto resource = [&](ResourceKind kind, std::string_view symbol) {
    std::vector<Builder::Attr> attrs;
    for (const AttrRow &row : rowOf(kind).attributes.all())
      if (row.required || dice.oneIn(3))
        attrs.push_back({row.name, literal(row.name, row.type)});
    addResource(module, kind, symbol, attrs);
  };
  resource(ResourceKind::Model, "gpt");
  resource(ResourceKind::Http, "web");
  resource(ResourceKind::Limit, "slots");
  addResource(module, ResourceKind::Limit, "places", {{"max_in_flight", pool.intAttr(3)}});
}

/// Names for types, some of which occur, and for literals.
void RandomModule::makeNames() {
  static constexpr TypeKind scalars[] = {TypeKind::Bool, TypeKind::I64,  TypeKind::F64,
                                         TypeKind::Str,  TypeKind::Json, TypeKind::Duration};
  for (size_t i = dice.below(5); i--;)
    module.addTypeName({pool.intern("T" + std::to_string(i)), dice.oneIn(4), type(), Location()});
  for (size_t i = dice.below(5); i--;) {
    AttrId value = scalarLiteral(dice.pick(scalars));
    if (dice.oneIn(3))
      value = pool.listAttr({{value, value}});
    module.addConstant({pool.intern("c" + std::to_string(i)), dice.oneIn(4), value, Location()});
  }
}

/// Defaults of the last parameters, as far as they are of types that have literals.
void RandomModule::makeDefaults(size_t parameters) {
  for (size_t i = parameters; i-- && dice.oneIn(2);) {
    const TypeId wanted = graph().type(graph().arguments(function->body)[i]);
    const TypeKind kind = pool.kind(wanted);
    if (kind == TypeKind::Bytes || kind == TypeKind::Result || kind == TypeKind::Record ||
        kind == TypeKind::List || kind == TypeKind::Dict)
      return;
    function->defaults.insert(function->defaults.begin(), scalarLiteral(kind));
  }
}

void RandomModule::makeFunction(size_t index) {
  bool isPrivate = dice.oneIn(3);
  std::vector<Builder::Parameter> parameters;
  for (size_t i = dice.below(4); i--;)
    parameters.push_back({name(), type()});
  function = &addFunction(module, "f" + std::to_string(index), parameters, {});
  function->isPrivate = isPrivate;
  makeDefaults(parameters.size());
  builder.emplace(module, *function);
  writes.push_back(false);
  visible.clear();
  for (ValueRef parameter : graph().arguments(function->body))
    visible.push_back(parameter);
  size_t share = left / 2 + 1, keep = left - share;
  left = share;
  while (left != 0)
    fill(0);
  left = keep;
  std::vector<ValueRef> results;
  for (size_t i = dice.below(3); i-- && !visible.empty();)
    results.push_back(dice.pick(visible));
  for (ValueRef v : results)
    function->resultTypes.push_back(graph().type(v));
  if (!results.empty() || dice.oneIn(2))
    add(OpCode::core_return, results);
}

void RandomModule::fill(unsigned depth) {
  for (size_t count = 1 + dice.below(6); count-- && left;) {
    switch (depth < 4 ? dice.below(14) : 13) {
    case 0:
      branch(depth);
      break;
    case 1:
      map(depth);
      break;
    case 2:
      attempt(depth);
      break;
    case 3:
      call();
      break;
    case 4:
      repeat(depth);
      break;
    case 5:
      callEach();
      break;
    default:
      OpCode code = static_cast<OpCode>(dice.below(opCodeCount));
      if (regionCount(code).most == 0 && !isTerminator(code) && symbolUse(code) != SymbolUse::Function)
        tableOp(code);
    }
  }
}

/// A type for one parameter of a row; type variables get a type at their first use.
TypeId RandomModule::bind(std::span<const SignatureNode> nodes, TypeId (&bound)[2]) {
  return typeOfNodes(pool, nodes, [&](const SignatureNode &node, bool) {
    switch (node.form) {
    case SignatureNode::Form::Any:
      return type();
    case SignatureNode::Form::AnyRecord:
      return record({{"a", type(1)}, {"b", type(1)}});
    case SignatureNode::Form::Variable:
      if (!bound[node.variable])
        bound[node.variable] = type();
      return bound[node.variable];
    case SignatureNode::Form::Exact:
      return pool.scalar(node.kind);
    }
    return TypeId();
  });
}

void RandomModule::bindKeys(const SignatureText &signature, TypeId (&bound)[2]) {
  for (uint8_t v = 0; v < 2; ++v)
    if (signature.isKey(v))
      bound[v] = keyType();
}

TypeId RandomModule::keyType() {
  static constexpr TypeKind keys[] = {TypeKind::Str, TypeKind::I64, TypeKind::Bool, TypeKind::Duration};
  return pool.scalar(dice.pick(keys));
}

/// Operations whose operands are more than their rows say.
bool RandomModule::openOperandOp(OpCode code) {
  TypeId str = pool.scalar(TypeKind::Str), json = pool.scalar(TypeKind::Json), a = type(1), key = keyType();
  const Builder::Attr field[] = {{"field", pool.textAttr("b")}};
  if (code == OpCode::dict_make)
    make(pool.dictionary(key, a));
  else if (code == OpCode::dict_from_items)
    result(add(code, {valueOf(pool.list(record({{"key", key}, {"value", a}})))}), pool.dictionary(key, a));
  else if (code == OpCode::list_pluck)
    result(add(code, {valueOf(pool.list(record({{"a", type(1)}, {"b", a}})))}, field), pool.list(a));
  else if (code == OpCode::list_flat)
    result(add(code, {valueOf(a), valueOf(pool.list(a)), valueOf(pool.option(a))}), pool.list(a));
  else if (code == OpCode::str_fill)
    result(add(code, {valueOf(str), valueOf(pool.dictionary(str, a))}), str);
  else if (code == OpCode::json_at)
    result(add(code, {valueOf(json), valueOf(pool.scalar(dice.oneIn(2) ? TypeKind::Str : TypeKind::I64))}),
           json);
  else if (code == OpCode::json_set)
    result(add(code, {valueOf(json), valueOf(str), valueOf(json)}), json);
  else
    return false;
  return true;
}

/// The rows of a table as text.
TypeId RandomModule::tableType() {
  return pool.list(dice.oneIn(3) ? pool.list(pool.scalar(TypeKind::Str))
                                 : record({{"a", keyType()}, {"b", pool.option(keyType())}}));
}

/// Operations that read and print tables, lines and points in time.
bool RandomModule::tableTextOp(OpCode code) {
  const TypeId str = pool.scalar(TypeKind::Str), i64 = pool.scalar(TypeKind::I64);
  const Builder::Attr separator[] = {{"separator", pool.textAttr("|")}};
  if (code == OpCode::csv_print)
    result(add(code, {valueOf(tableType())}, separator), str);
  else if (code == OpCode::csv_parse)
    result(add(code, {valueOf(str)}), tableType());
  else if (code == OpCode::json_lines)
    result(add(code, {valueOf(str)}), pool.list(type(1)));
  else if (code == OpCode::time_parts)
    result(add(code, {valueOf(pool.scalar(TypeKind::Duration))}), record({{"year", i64},
                                                                          {"month", i64},
                                                                          {"day", i64},
                                                                          {"hour", i64},
                                                                          {"minute", i64},
                                                                          {"second", i64},
                                                                          {"ns", i64},
                                                                          {"weekday", i64}}));
  else
    return false;
  return true;
}

/// Whether its result is names of files, which are text or bytes.
static bool givesNames(OpCode code) { return code == OpCode::file_list || code == OpCode::file_glob; }

void RandomModule::tableOp(OpCode code) {
  if (openOperandOp(code) || tableTextOp(code))
    return;
  const SignatureText &signature = rowOf(code).signature;
  for (const SignatureParam &param : signature.results())
    for (const SignatureNode &node : nodesOf(signature, param))
      if (node.form == SignatureNode::Form::Any || node.form == SignatureNode::Form::AnyRecord)
        return openResultOp(code);
  const bool writesFiles = isWrite(rowOf(code).effect);
  if (writesFiles && maps != 0) { // no order there
    valueOf(type());
    return;
  }
  writes.back() = writes.back() || writesFiles;
  TypeId bound[2];
  bindKeys(signature, bound);
  if (givesNames(code))
    bound[0] = pool.scalar(dice.oneIn(2) ? TypeKind::Str : TypeKind::Bytes);
  std::vector<ValueRef> operands;
  for (const SignatureParam &param : signature.operands()) {
    size_t count = param.count == SignatureParam::Count::One        ? 1
                   : param.count == SignatureParam::Count::Optional ? dice.below(2)
                                                                    : dice.below(5);
    while (count--)
      operands.push_back(valueOf(bind(nodesOf(signature, param), bound)));
  }
  // `any` that is no content of a file.
  if (code == OpCode::file_write || code == OpCode::file_append)
    operands[1] = valueOf(pool.scalar(dice.oneIn(2) ? TypeKind::Str : TypeKind::Bytes));
  OpId op = add(code, operands);
  for (const SignatureParam &param : signature.results())
    result(op, bind(nodesOf(signature, param), bound));
  addAttributes(op);
}

/// The result of a `model.chat` whose answers are of a type: by its attributes.
TypeId RandomModule::chatResult(DictId attributes, TypeId answer) {
  const TypeId number = pool.option(pool.scalar(TypeKind::I64)), f64 = pool.scalar(TypeKind::F64),
               str = pool.scalar(TypeKind::Str);
  AttrId rows[AttrListText::maxRows];
  const AttrListText &all = rowOf(OpCode::model_chat).attributes;
  for (size_t i = 0; i < all.count; ++i)
    rows[i] = pool.view().find(attributes, all.rows[i].name);
  const ChatAsks asks = chatAsksOf(pool.view(), rows);
  const TypeId usage = record({{"prompt", number},
                               {"completion", number},
                               {"cached", number},
                               {"reasoning", number},
                               {"usd", pool.option(f64)}});
  const TypeId plain = record({{"token", str}, {"logprob", f64}});
  const TypeId token =
      asks.alternatives ? record({{"token", str}, {"logprob", f64}, {"top", pool.list(plain)}}) : plain;
  const TypeId one = pool.option(pool.list(token)), tokens = asks.hasCount ? pool.list(one) : one;
  const TypeId answers = asks.hasCount ? pool.list(answer) : answer;
  if (asks.usage && asks.logprobs)
    return record({{"answer", answers}, {"usage", usage}, {"logprobs", tokens}});
  if (asks.usage)
    return record({{"answer", answers}, {"usage", usage}});
  return asks.logprobs ? record({{"answer", answers}, {"logprobs", tokens}}) : answers;
}

/// The same of operations that leave the process.
void RandomModule::openWorldOp(OpCode code, TypeId a, TypeId b) {
  const TypeId i64 = pool.scalar(TypeKind::I64), str = pool.scalar(TypeKind::Str);
  if (code == OpCode::http_request) {
    const TypeId options = record(
        {{"headers", pool.option(pool.dictionary(str, str))}, {"timeout", pool.scalar(TypeKind::Duration)}});
    OpId op = dice.oneIn(2) ? add(code, {valueOf(str), valueOf(str)})
                            : add(code, {valueOf(str), valueOf(str), valueOf(options)});
    TypeId headers = pool.list(record({{"name", str}, {"value", str}}));
    result(op, record({{"status", i64}, {"headers", headers}, {"body", str}}));
    addAttributes(op);
  } else if (code == OpCode::exec_run && maps == 0) { // it says not that it writes nothing
    const TypeId options = record({{"env", pool.dictionary(str, str)}});
    result(add(code, {valueOf(pool.list(str)), valueOf(dice.oneIn(2) ? str : options)}),
           record({{"exit", i64}, {"stdout", str}, {"stderr", str}}));
    writes.back() = true;
  } else if (code == OpCode::file_stat) {
    result(
        add(code, {valueOf(str)}),
        pool.option(record({{"size", i64}, {"modified", pool.scalar(TypeKind::Duration)}, {"kind", str}})));
  } else if (code == OpCode::ask_human && maps == 0) { // nothing cuts it off
    const TypeId answers[] = {str, pool.scalar(TypeKind::Bool), pool.scalar(TypeKind::Json)};
    const Builder::Attr named[] = {{"name", pool.textAttr("q" + std::to_string(graph().operationCount()))}};
    result(add(code, {valueOf(str)}, named), answers[dice.below(std::size(answers))]);
    writes.back() = true; // it is called where a write may be
  } else if (code == OpCode::host_call) {
    OpId op = dice.oneIn(4) ? add(code, {}) : add(code, {valueOf(a), valueOf(str)});
    result(op, b);
    addAttributes(op);
  } else if (code == OpCode::model_chat) {
    OpId op = add(code, {valueOf(str), valueOf(record({{"temperature", pool.scalar(TypeKind::F64)}}))});
    addAttributes(op);
    result(op, chatResult(graph().operation(op).attributes, a));
  } else {
    valueOf(type());
  }
}

/// Operations whose rows leave the result open.
void RandomModule::openResultOp(OpCode code) {
  TypeId i64 = pool.scalar(TypeKind::I64), str = pool.scalar(TypeKind::Str), a = type(1), b = type(1);
  TypeId pair = record({{"a", a}, {"b", b}});
  const Builder::Attr field[] = {{"field", pool.textAttr("b")}};
  if (code == OpCode::record_make) {
    valueOf(pair);
  } else if (code == OpCode::record_get) {
    result(add(code, {valueOf(pair)}, field), b);
  } else if (code == OpCode::record_with) {
    result(add(code, {valueOf(pair), valueOf(b)}, field), pair);
  } else if (code == OpCode::list_enumerate) {
    result(add(code, {valueOf(pool.list(a))}), pool.list(record({{"index", i64}, {"value", a}})));
  } else if (code == OpCode::list_zip) {
    result(add(code, {valueOf(pool.list(a)), valueOf(pool.list(b))}),
           pool.list(record({{"first", a}, {"second", b}})));
  } else if (code == OpCode::dict_items) {
    const TypeId key = keyType();
    result(add(code, {valueOf(pool.dictionary(key, a))}), pool.list(record({{"key", key}, {"value", a}})));
  } else if (code == OpCode::result_error) {
    result(add(code, {valueOf(pool.result(a))}),
           record({{"kind", str}, {"message", str}, {"op", str}, {"attempt", i64}}));
  } else if (code == OpCode::result_errors) {
    result(add(code, {valueOf(pool.list(pool.result(a)))}),
           pool.list(record({{"kind", str}, {"message", str}, {"op", str}, {"attempt", i64}})));
  } else if (code == OpCode::vote_first_valid) {
    result(add(code, {valueOf(pool.list(dice.oneIn(2) ? pool.result(a) : pool.option(a)))}), a);
  } else if (code == OpCode::json_cast) {
    result(add(code, {valueOf(pool.scalar(TypeKind::Json))}), a);
  } else {
    openWorldOp(code, a, b);
  }
}

template <class Body> void RandomModule::region(OpId owner, std::span<const TypeId> arguments, Body body) {
  std::vector<ValueRef> seen = visible;
  std::vector<Builder::Parameter> named;
  for (TypeId argument : arguments)
    named.push_back({name(), argument});
  for (ValueRef argument : graph().arguments(builder->beginRegion(owner, named)))
    visible.push_back(argument);
  body();
  builder->endRegion();
  visible = std::move(seen);
}

void RandomModule::yield(std::span<const TypeId> types) {
  std::vector<ValueRef> values = valuesOf(types);
  if (!values.empty() || dice.oneIn(2))
    add(OpCode::core_yield, values);
}

/// An `if` or a `switch`: one region of several.
void RandomModule::branch(unsigned depth) {
  const bool isSwitch = dice.oneIn(3);
  const size_t cases = isSwitch ? dice.below(4) : 0;
  OpId op = isSwitch ? add(OpCode::core_switch, {valueOf(pool.scalar(TypeKind::I64))})
                     : add(OpCode::core_if, {valueOf(pool.scalar(TypeKind::Bool))});
  if (isSwitch) {
    std::vector<AttrId> values;
    for (size_t i = 0; i < cases; ++i)
      values.push_back(pool.intAttr(static_cast<int64_t>(i)));
    builder->setAttributes(op, {{"cases", pool.listAttr(values)}});
  }
  std::vector<TypeId> types;
  for (size_t i = dice.below(3); i--;)
    types.push_back(type());
  std::vector<ValueRef> made = results(op, types);
  const size_t regions = isSwitch ? cases + 1 : types.empty() ? 1 + dice.below(2) : 2;
  for (size_t i = regions; i--;)
    region(op, {}, [&] {
      fill(depth + 1);
      yield(types);
    });
  visible.insert(visible.end(), made.begin(), made.end());
}

void RandomModule::map(unsigned depth) {
  TypeId element = type(), yielded = type();
  OpId op = add(OpCode::core_map, {valueOf(pool.list(element))});
  if (dice.oneIn(2))
    builder->setAttributes(op, {{"unordered", pool.unitAttr()}});
  bool gives = dice.oneIn(2);
  ValueRef made = gives ? builder->result(op, pool.list(yielded), name()) : ValueRef();
  ++maps;
  region(op, {{element}}, [&] {
    fill(depth + 1);
    yield(std::span(&yielded, gives ? 1 : 0));
  });
  --maps;
  if (gives)
    visible.push_back(made);
}

void RandomModule::attempt(unsigned depth) {
  TypeId held = type();
  OpId op = add(OpCode::core_try, {});
  ValueRef made = builder->result(op, pool.result(held), name());
  region(op, {}, [&] {
    fill(depth + 1);
    yield({&held, 1});
  });
  visible.push_back(made);
}

/// Operands for an operation that is handed values, results for any.
void RandomModule::repeatTypes(const RegionForm &form, std::vector<TypeId> &operands,
                               std::vector<TypeId> &results) {
  TypeId element = type(1);
  bool isScan = form.code == OpCode::core_scan;
  if (form.takesElement)
    operands.push_back(pool.list(element));
  if (form.code == OpCode::core_group_by)
    return results.push_back(pool.dictionary(keyType(), pool.list(element)));
  if (!form.takesCarried)
    return results.resize(form.code == OpCode::core_partition ? 2 : 1, pool.list(element));
  if (form.code == OpCode::core_reduce)
    operands.push_back(element);
  else
    for (size_t i = isScan ? 1 + dice.below(2) : dice.below(3); i--;)
      operands.push_back(type(1));
  for (size_t i = form.firstCarried(); i < operands.size(); ++i)
    results.push_back(isScan ? pool.list(operands[i]) : operands[i]);
}

/// The operations that run their regions again and again or side by side, as their rows and forms say.
void RandomModule::repeat(unsigned depth) {
  static constexpr OpCode codes[] = {OpCode::core_for,      OpCode::core_while,  OpCode::core_scan,
                                     OpCode::core_reduce,   OpCode::core_filter, OpCode::core_sort_by,
                                     OpCode::core_group_by, OpCode::core_race,   OpCode::core_partition};
  const RegionForm &form = *regionForm(dice.pick(codes));
  std::vector<TypeId> operandTypes, resultTypes;
  repeatTypes(form, operandTypes, resultTypes);
  OpId op = add(form.code, valuesOf(operandTypes));
  std::vector<ValueRef> made = results(op, resultTypes);
  size_t regions = form.code == OpCode::core_race ? 1 + dice.below(3) : 1;
  repeatRegions(op, form, operandTypes, resultTypes, regions, depth);
  if (form.code != OpCode::core_race)
    addAttributes(op);
  else if (dice.oneIn(2))
    builder->setAttributes(op, {{"take", pool.intAttr(static_cast<int64_t>(1 + dice.below(regions)))}});
  visible.insert(visible.end(), made.begin(), made.end());
}

void RandomModule::repeatRegions(OpId op, const RegionForm &form, std::span<const TypeId> operandTypes,
                                 std::span<const TypeId> resultTypes, size_t regions, unsigned depth) {
  RegionTypes types;
  types.set(pool.view(), form, operandTypes, resultTypes);
  TypeId key = pool.scalar(dice.oneIn(2) ? TypeKind::I64 : TypeKind::Str);
  std::vector<TypeId> yielded;
  for (YieldedType wanted : types.yields)
    yielded.push_back(wanted.form == YieldedType::Form::Exact  ? wanted.type
                      : wanted.form == YieldedType::Form::Bool ? pool.scalar(TypeKind::Bool)
                                                               : key);
  bool quiet = !form.takesCarried || form.code == OpCode::core_reduce;
  maps += quiet;
  while (regions--)
    region(op, types.arguments, [&] {
      fill(depth + 1);
      add(form.terminator(), valuesOf(yielded));
    });
  maps -= quiet;
}

/// Earlier functions only: there is no recursion.
void RandomModule::call() {
  size_t self = module.functions.size() - 1;
  size_t target = dice.below(self + 1);
  if (target == self || (maps != 0 && writes[target]))
    return;
  if (writes[target])
    writes[self] = true;
  const Function &callee = *module.functions[target];
  std::vector<ValueRef> operands;
  for (ValueRef v : callee.graph.arguments(callee.body))
    operands.push_back(valueOf(callee.graph.type(v)));
  OpId op = add(OpCode::core_call, operands);
  builder->setSymbol(op, pool.text(callee.symbol));
  if (dice.oneIn(6))
    builder->setAttributes(op, {{nameOf(Attribute::draw), pool.textAttr(drawName())}});
  for (TypeId wanted : callee.resultTypes)
    result(op, wanted);
}

/// A `map` or `try` whose region does nothing but call a function, with names or without.
void RandomModule::callEach() {
  const size_t self = module.functions.size() - 1, target = dice.below(self + 1);
  if (target == self || writes[target])
    return;
  const Function &callee = *module.functions[target];
  std::vector<TypeId> wanted, given = callee.resultTypes;
  for (ValueRef v : callee.graph.arguments(callee.body))
    wanted.push_back(callee.graph.type(v));
  if (given.size() > 1)
    return;
  const bool isMap = !wanted.empty() && dice.oneIn(2);
  std::vector<ValueRef> captures = valuesOf(std::span(wanted).subspan(isMap));
  const OpId op = isMap ? add(OpCode::core_map, {valueOf(pool.list(wanted[0]))}) : add(OpCode::core_try, {});
  ValueRef made;
  if (!isMap)
    made = builder->result(op, pool.result(given.empty() ? pool.scalar(TypeKind::None) : given[0]), name());
  else if (!given.empty() && dice.oneIn(4) == false)
    made = builder->result(op, pool.list(given[0]), name());
  std::vector<Builder::Parameter> arguments;
  if (isMap)
    arguments.push_back({dice.oneIn(4) ? name() : "", wanted[0]});
  std::vector<ValueRef> operands;
  for (ValueRef argument : graph().arguments(builder->beginRegion(op, arguments)))
    operands.push_back(argument);
  operands.insert(operands.end(), captures.begin(), captures.end());
  const OpId call = builder->call(pool.text(callee.symbol), operands);
  std::vector<ValueRef> yielded;
  for (TypeId type : given)
    yielded.push_back(builder->result(call, type, dice.oneIn(4) ? name() : ""));
  if (!made)
    yielded.clear();
  if (!yielded.empty() || dice.oneIn(2))
    builder->op(OpCode::core_yield, yielded);
  builder->endRegion();
  if (made)
    visible.push_back(made);
}

ValueRef RandomModule::valueOf(TypeId wanted) {
  for (int attempts = 0; attempts < 4 && !visible.empty(); ++attempts)
    if (ValueRef v = dice.pick(visible); graph().type(v) == wanted)
      return v;
  return make(wanted);
}

ValueRef RandomModule::make(TypeId wanted) {
  TypeKind kind = pool.kind(wanted);
  std::vector<ValueRef> parts;
  auto compose = [&](OpCode code) { return result(add(code, parts), wanted); };
  // Making a part may add to the pool, so the fields are read before.
  std::vector<TypeField> fields;
  for (const TypeField &field : pool.view().fields(wanted))
    fields.push_back(field);
  switch (kind) {
  case TypeKind::Record:
    for (const TypeField &field : fields)
      parts.push_back(valueOf(field.type));
    return compose(OpCode::record_make);
  case TypeKind::List:
    for (size_t i = dice.below(3); i--;)
      parts.push_back(valueOf(fields[0].type));
    return compose(OpCode::list_pack);
  case TypeKind::Dict:
    for (size_t i = dice.below(3); i--;)
      for (const TypeField &field : fields)
        parts.push_back(valueOf(field.type));
    return compose(OpCode::dict_make);
  case TypeKind::Option:
  case TypeKind::Result:
    parts.push_back(valueOf(fields[0].type));
    return compose(kind == TypeKind::Option ? OpCode::option_some : OpCode::result_ok);
  case TypeKind::Bytes:
    parts.push_back(valueOf(pool.scalar(TypeKind::Str)));
    return compose(OpCode::bytes_from_str);
  case TypeKind::Bool:
  case TypeKind::I64:
  case TypeKind::F64:
  case TypeKind::Str:
  case TypeKind::Json:
  case TypeKind::None:
  case TypeKind::Duration:
  case TypeKind::Secret:
    break;
  }
  OpId op = add(OpCode::core_const, {});
  builder->setAttributes(op, {{"value", scalarLiteral(kind)}});
  return result(op, wanted);
}

std::vector<ValueRef> RandomModule::valuesOf(std::span<const TypeId> types) {
  std::vector<ValueRef> values;
  for (TypeId wanted : types)
    values.push_back(valueOf(wanted));
  return values;
}

OpId RandomModule::add(OpCode code, ListOf<ValueRef> operands, ListOf<Builder::Attr> attrs) {
  std::vector<ValueRef> order;
  if (!visible.empty() && dice.oneIn(8))
    order.push_back(dice.pick(visible));
  left -= left != 0;
  return builder->op(code, operands, attrs, order);
}

ValueRef RandomModule::result(OpId op, TypeId wanted) {
  ValueRef v = builder->result(op, wanted, name());
  visible.push_back(v);
  return v;
}

/// Results that cannot be seen yet: regions come before.
std::vector<ValueRef> RandomModule::results(OpId op, std::span<const TypeId> types) {
  std::vector<ValueRef> made;
  for (TypeId wanted : types)
    made.push_back(builder->result(op, wanted, name()));
  return made;
}

/// Attributes with which an operation whose effect they say may be where it is; notes if it may write.
DictId RandomModule::withoutWrites(OpCode code, DictId attributes) {
  if (code != OpCode::http_request && code != OpCode::host_call)
    return attributes;
  if (maps == 0) {
    writes.back() = writes.back() || isWrite(effectOf(pool.view(), code, attributes));
    return attributes;
  }
  if (code == OpCode::http_request)
    return pool.withoutEntry(attributes, pool.intern("method"));
  return pool.withEntry(attributes, pool.intern("effect"), pool.textAttr("sample"));
}

/// A value of an attribute for an operation with so many operands.
AttrId RandomModule::valueFor(const AttrRow &row, size_t operands) {
  if (row.name == "format")
    return pool.textAttr("%F, %H:%M");
  return row.name == "template" ? pool.textAttr(templateText(operands)) : literal(row.name, row.type);
}

void RandomModule::addAttributes(OpId op) {
  OpCode code = graph().operation(op).code;
  DictId attributes;
  auto set = [&](const AttrRow &row) {
    attributes =
        pool.withEntry(attributes, pool.intern(row.name), valueFor(row, graph().operands(op).size()));
  };
  // A schema says what the answer is, and the effect of a request what its method is: others must then fit.
  auto isWanted = [&](const AttrRow &row) {
    const TextPlace text =
        isPlacedText(row.name) ? textPlaceOf(code, graph().operands(op).size()) : TextPlace::Elsewhere;
    if (text != TextPlace::Elsewhere)
      return text == TextPlace::Attribute;
    const bool fitsAll = row.name != "schema" && (row.name != "effect" || code != OpCode::http_request);
    return row.required || (dice.oneIn(3) && fitsAll);
  };
  for (const AttrRow &row : rowOf(code).attributes.all())
    if (isWanted(row))
      set(row);
  for (const AttrRow &row : commonAttrs())
    if (!row.name.ends_with("*") && findAttr(code, row.name) && dice.oneIn(12)) {
      if (row.attribute == Attribute::draw)
        attributes = pool.withEntry(attributes, pool.intern(row.name), pool.textAttr(drawName()));
      else
        set(row);
    }
  attributes = withoutWrites(code, attributes);
  // Promises about what is drawn are refused where it writes.
  for (Attribute promise : {Attribute::stable, Attribute::deterministic})
    if (flagAttr(pool.view(), attributes, promise) && isWrite(effectOf(pool.view(), code, attributes)))
      attributes = pool.withoutEntry(attributes, pool.intern(nameOf(promise)));
  builder->setAttributes(op, attributes);
  if (symbolUse(code) == SymbolUse::Model)
    builder->setSymbol(op, "gpt");
  else if (symbolUse(code) == SymbolUse::Http && dice.oneIn(2))
    builder->setSymbol(op, "web");
}

/// The name of a draw, or of a call on the way to one: no two are equal, and none begins with another and a
/// `/`.
std::string RandomModule::drawName() {
  static constexpr std::string_view forms[] = {"d", "in/d", "/", "random.int#0:", "\u00fc \"", "a//b#"};
  return std::string(dice.pick(forms)) + std::to_string(++draws) + (dice.oneIn(4) ? ":/" : ":");
}

TypeId RandomModule::record(std::initializer_list<std::pair<std::string_view, TypeId>> fields) {
  std::vector<TypeField> list;
  for (const auto &[fieldName, fieldType] : fields)
    list.push_back({pool.intern(fieldName), fieldType});
  return pool.record(list);
}
