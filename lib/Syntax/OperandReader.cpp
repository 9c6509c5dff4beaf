#include "Syntax/OperandReader.h"
#include "Syntax/NameResolver.h"
#include "xcs/IR/OperandTypes.h"
#include "xcs/Ops/Value.h"
#include <algorithm>

using namespace xcs;

namespace {

/// Reads the operands of one function after another.
class OperandReader {
public:
  OperandReader(Module &module, ProgramParts &program, DiagnosticEngine &diagnostics, const Limits &limits)
      : module(module), pool(module.pool), program(program), diagnostics(diagnostics), limits(limits),
        types(module), texts(module) {}

  void read(size_t index, size_t file);

private:
  bool isLiteral(ValueRef v) const { return v.index < literal.size() && literal[v.index]; }
  void readLiterals(OpId op);
  void readLiteral(OpId op, size_t operand, ValueRef v);
  AttrId valueOf(ValueRef v);
  void wrongLiteral(OpId op, size_t operand, const OperandTypes::Wanted &wanted, AttrId value, Location at);
  void setConstant(ValueRef v, AttrId value, TypeId type);
  void makeBody(const RegionFunction &wanted);
  std::vector<TypeId> resultsOf(const Function *callee);
  bool returnsYields(const Function &callee) const;
  void reportYields(const RegionFunction &wanted, const Function &callee);
  void addDefaults(OpId call);
  size_t missingOperands(const Function *callee, size_t given) const;
  ValueRef makeConstant(RegionId region, AttrId value, TypeId type, Location at);
  void placeConstants();
  bool count(size_t added, Location at);

  Module &module;
  ConstantPool &pool;
  ProgramParts &program;
  DiagnosticEngine &diagnostics;
  const Limits &limits;
  OperandTypes types;
  RegionTypes regionTypes;
  TypeTexts texts;
  Function *function = nullptr;
  ComputationGraph *graph = nullptr;
  size_t file = 0;
  bool stopped = false;
  std::vector<uint8_t> literal; // by ValueRef
  /// Constants for calls, in the order of the calls' ids; they come before the call in its region.
  struct Added {
    OpId before, constant;
  };
  std::vector<Added> added;
};

} // namespace

/// Whether so many more operations are within the limit.
bool OperandReader::count(size_t more, Location at) {
  program.operationCount += more;
  if (program.operationCount <= limits[Limit::Operations])
    return true;
  if (!stopped)
    diagnostics.report(limitError(Limit::Operations, limits[Limit::Operations]), at);
  stopped = true;
  return false;
}

/// The value of a literal operand; none, after a report, if it is a name that has none.
AttrId OperandReader::valueOf(ValueRef v) {
  const Operation &op = graph->operation(graph->value(v).definedBy);
  const AttrId value = pool.view().find(op.attributes, Attribute::value);
  if (pool.view().attr(value).kind != AttrKind::Symbol)
    return value;
  const StringId written = pool.view().symbolOf(value);
  const StringId name = program.nameIn(file, written, op.location, diagnostics);
  const std::optional<SymbolTarget> target = name ? module.lookup(name) : std::nullopt;
  if (target && target->kind == SymbolTarget::Kind::Constant)
    return module.constants[target->index].value;
  if (target) {
    const std::string text = "@" + std::string(pool.text(written));
    diagnostics.report(
        Diag::WrongSymbol, op.location,
        {text, describe(module, *target), "an operand",
         target->kind == SymbolTarget::Kind::Resource
             ? "; write it before the parentheses, as in `model.chat " + text + "(..)`"
         : target->kind == SymbolTarget::Kind::Function
             ? "; write it after the parentheses of an operation with a region, or `call " + text + "(..)`"
             : "; give a value, a literal or a constant"});
  } else if (name) {
    reportUnknownName(module, diagnostics, op.location, written, SymbolTarget::Kind::Constant);
  }
  return {};
}

void OperandReader::setConstant(ValueRef v, AttrId value, TypeId type) {
  if (pool.kind(type) == TypeKind::F64 && pool.view().attr(value).kind == AttrKind::I64)
    value = pool.floatAttr(static_cast<double>(pool.view().intAttr(value)));
  const DictEntry entry{pool.intern(nameOf(Attribute::value)), value};
  graph->setAttributes(graph->value(v).definedBy, pool.dict({&entry, 1}));
  graph->setType(v, type);
}

/// A literal of the kind that a place wants.
static std::string_view exampleOf(TypeKind kind) {
  switch (kind) {
  case TypeKind::Bool:
    return "write `true` or `false`";
  case TypeKind::I64:
    return "write a whole number such as `3`";
  case TypeKind::F64:
    return "write a number such as `1.5`";
  case TypeKind::Str:
    return "write a quoted string";
  case TypeKind::Duration:
    return "write a duration such as `250ms`";
  case TypeKind::Json:
    return "write a finite number, a quoted string, `true` or `false`";
  case TypeKind::Bytes:
  case TypeKind::None:
  case TypeKind::Secret:
  case TypeKind::List:
  case TypeKind::Option:
  case TypeKind::Result:
  case TypeKind::Record:
  case TypeKind::Dict:
    break;
  }
  return "write `%name = ..` of that type above, and `%name` here";
}

void OperandReader::wrongLiteral(OpId op, size_t operand, const OperandTypes::Wanted &wanted, AttrId value,
                                 Location at) {
  const Operation &operation = graph->operation(op);
  std::string name(rowOf(operation.code).name);
  if (operation.code == OpCode::core_call)
    name += " @" + std::string(pool.text(operation.symbol));
  const TypeId type = types.typeOf(wanted, pool);
  const TypeKind kind = type ? pool.kind(type) : TypeKind::List;
  if (type) // what follows from it is right
    graph->setType(graph->operands(op)[operand], type);
  diagnostics.report(Diag::LiteralType, at,
                     {printAttr(pool.view(), value), std::to_string(operand + 1), name,
                      types.text(wanted, texts), exampleOf(kind)});
  texts.explain(diagnostics);
}

void OperandReader::readLiteral(OpId op, size_t operand, ValueRef v) {
  const Location at = graph->operation(graph->value(v).definedBy).location;
  const AttrId value = valueOf(v);
  if (!value)
    return;
  const OperandTypes::Wanted wanted = types.of(operand);
  if (!types.isFree(wanted)) {
    const TypeId type = types.typeOf(wanted, pool);
    if (!type || valueOfAttr(pool.view(), value, type).empty())
      return wrongLiteral(op, operand, wanted, value, at);
    return setConstant(v, value, type);
  }
  const std::optional<TypeKind> own = kindOfLiteral(pool.view().attr(value).kind);
  if (!own) {
    const AttrId written =
        pool.view().find(graph->operation(graph->value(v).definedBy).attributes, Attribute::value);
    const std::string name = printAttr(pool.view(), written);
    diagnostics.report(Diag::NotAnOperand, at,
                       {"`" + name + "`", "its type is not known here; write `%name = const {value = " +
                                              name + "} : list<T>` above, and `%name` here"});
    return;
  }
  setConstant(v, value, pool.scalar(*own));
  types.bind(wanted, pool.scalar(*own));
}

void OperandReader::readLiterals(OpId op) {
  types.enter(*function, op, [&](ValueRef v) { return isLiteral(v); });
  for (size_t i = 0; i != graph->operands(op).size(); ++i)
    if (const ValueRef v = graph->operands(op)[i]; isLiteral(v))
      readLiteral(op, i, v);
}

/// How many operands of a call are the defaults of the function.
size_t OperandReader::missingOperands(const Function *callee, size_t given) const {
  if (!callee || callee->defaults.empty())
    return 0;
  const size_t wanted = callee->graph.arguments(callee->body).size();
  return given < wanted && wanted - given <= callee->defaults.size() ? wanted - given : 0;
}

ValueRef OperandReader::makeConstant(RegionId region, AttrId value, TypeId type, Location at) {
  const OpId constant = graph->addOperation(region, OpCode::core_const, {}, {}, at);
  const ValueRef made = graph->addResult(constant, type, StringId());
  setConstant(made, value, type);
  return made;
}

/// The constants are placed later, all of a region at once.
void OperandReader::addDefaults(OpId call) {
  const Function *callee = module.findFunction(graph->operation(call).symbol);
  const Location at = graph->operation(call).location;
  std::vector<ValueRef> operands(graph->operands(call).begin(), graph->operands(call).end());
  const size_t missing = missingOperands(callee, operands.size());
  if (missing == 0 || !count(missing, at))
    return;
  const ComputationGraph::ValueRange parameters = callee->graph.arguments(callee->body);
  for (size_t i = operands.size(); i != parameters.size(); ++i) {
    operands.push_back(
        makeConstant(RegionId(), defaultOf(*callee, i), callee->graph.type(parameters[i]), at));
    added.push_back({call, graph->value(operands.back()).definedBy});
  }
  const std::vector<ValueRef> order(graph->orderOperands(call).begin(), graph->orderOperands(call).end());
  graph->setOperands(call, operands, order);
}

/// The types that a call in a region gives; where the function does not exist, those that are wanted.
std::vector<TypeId> OperandReader::resultsOf(const Function *callee) {
  if (callee)
    return callee->resultTypes;
  std::vector<TypeId> results;
  for (const YieldedType &yielded : regionTypes.yields)
    results.push_back(yielded.type ? yielded.type : pool.scalar(TypeKind::Bool));
  return results;
}

/// Whether a function returns what the region yields whose types were found last.
bool OperandReader::returnsYields(const Function &callee) const {
  const std::vector<YieldedType> &yields = regionTypes.yields;
  // `try` of a function that returns nothing is a `result<none>`.
  if (callee.resultTypes.empty() && yields.size() == 1 && yields[0].type)
    return pool.kind(yields[0].type) == TypeKind::None;
  bool fits = callee.resultTypes.size() == yields.size();
  for (size_t i = 0; fits && i != yields.size(); ++i)
    fits = fitsYield(pool.view(), yields[i], callee.resultTypes[i]);
  return fits;
}

void OperandReader::reportYields(const RegionFunction &wanted, const Function &callee) {
  const auto list = [](std::string &text, const std::string &type) {
    text += (text.empty() ? "" : ", ") + type;
  };
  const auto quoted = [&](TypeId type) { return "`" + texts.of(type) + "`"; };
  std::string needed, given;
  for (const YieldedType &yielded : regionTypes.yields)
    list(needed, yielded.form == YieldedType::Form::Exact ? quoted(yielded.type)
                 : yielded.form == YieldedType::Form::Bool
                     ? "`bool`"
                     : "a key (`i64`, `f64`, `str`, `bool` or `duration`)");
  for (TypeId type : callee.resultTypes)
    list(given, quoted(type));
  const std::string name = "@" + std::string(pool.text(wanted.symbol));
  const std::string wrong = "needs a function that returns " + needed + ", but `" + name + "` returns " +
                            (given.empty() ? "nothing" : given) + "; name another, or change what it returns";
  diagnostics.report(Diag::RegionFunction, wanted.at, {rowOf(graph->operation(wanted.op).code).name, wrong});
  texts.explain(diagnostics);
}

void OperandReader::makeBody(const RegionFunction &wanted) {
  const OpId op = wanted.op;
  const RegionForm &form = *regionForm(graph->operation(op).code);
  const StringId symbol = program.nameIn(file, wanted.symbol, wanted.at, diagnostics);
  if (!symbol || !count(2, wanted.at))
    return;
  std::vector<TypeId> operandTypes, results;
  for (ValueRef v : graph->operands(op))
    operandTypes.push_back(graph->type(v));
  for (ValueRef v : graph->results(op))
    results.push_back(graph->type(v));
  regionTypes.set(pool.view(), form, operandTypes, results);

  const RegionId region = graph->addRegion(op);
  std::vector<ValueRef> operands, yielded;
  for (TypeId type : regionTypes.arguments)
    operands.push_back(graph->addArgument(region, type ? type : pool.scalar(TypeKind::None), StringId()));
  operands.insert(operands.end(), wanted.captures.begin(), wanted.captures.end());
  const Function *callee = module.findFunction(symbol);
  const std::vector<TypeId> given = resultsOf(callee);
  const OpId call = graph->addOperation(region, OpCode::core_call, operands, {}, wanted.at);
  graph->setSymbol(call, symbol);
  // Where the operation has no results, those of the function are not used.
  const bool isUsed = !results.empty() || form.gives == RegionGives::Decision;
  if (callee && isUsed && !returnsYields(*callee))
    return reportYields(wanted, *callee);
  for (TypeId type : given)
    yielded.push_back(graph->addResult(call, type, StringId()));
  graph->addOperation(region, form.terminator(),
                      isUsed ? std::span<const ValueRef>(yielded) : std::span<const ValueRef>(), {},
                      wanted.at);
  addDefaults(call);
  readLiterals(call);
}

/// Puts the constants before their calls; each region is written once.
void OperandReader::placeConstants() {
  std::unordered_map<OpId, std::vector<OpId>> before;
  std::vector<RegionId> regions;
  for (const Added &each : added) {
    std::vector<OpId> &constants = before[each.before];
    if (constants.empty())
      regions.push_back(graph->operation(each.before).parent);
    constants.push_back(each.constant);
  }
  std::sort(regions.begin(), regions.end());
  regions.erase(std::unique(regions.begin(), regions.end()), regions.end());
  for (RegionId region : regions) {
    std::vector<OpId> body;
    for (OpId op : graph->region(region).body) {
      if (const auto found = before.find(op); found != before.end())
        body.insert(body.end(), found->second.begin(), found->second.end());
      body.push_back(op);
    }
    graph->setBody(region, std::move(body));
  }
  added.clear();
}

void OperandReader::read(size_t index, size_t inFile) {
  const PendingOperands::OfFunction &pending = program.operands.of(index);
  if (pending.empty() && !program.operands.hasDefaults())
    return;
  function = module.functions[index].get();
  graph = &function->graph;
  file = inFile;
  literal.assign(graph->valueCount(), false);
  for (ValueRef v : pending.literals)
    literal[v.index] = true;
  const size_t operations = graph->operationCount();
  for (OpId op : pending.operations)
    readLiterals(op);
  for (const RegionFunction &wanted : pending.regionFunctions)
    makeBody(wanted);
  for (uint32_t i = 0; program.operands.hasDefaults() && i != operations && !stopped; ++i)
    if (graph->operation(OpId(i)).code == OpCode::core_call)
      addDefaults(OpId(i));
  placeConstants();
}

void xcs::readOperands(Module &module, ProgramParts &program, DiagnosticEngine &diagnostics,
                       const Limits &limits) {
  OperandReader reader(module, program, diagnostics, limits);
  for (size_t file = 0; file != program.fileCount(); ++file)
    for (size_t f = program.beginOf(file).function; f != program.beginOf(file + 1).function; ++f)
      reader.read(f, file);
}
