#include "Frontend/Trace.h"
#include "xcs/Ops/JsonText.h"

using namespace xcs;

/// What an operation gives outside of a trace: it cannot be used, and says where it was made.
static Handle outsideHandle(const Origin &at) {
  Handle made(Trace::outside, 0);
  made.literal = Value::str(std::string(at.file_name()) + ":" + std::to_string(at.line()));
  return made;
}

Handle tracing::record(const Call &call, TypeMaker result) {
  Trace *trace = Trace::current();
  return trace ? trace->one(call, result) : outsideHandle(call.at);
}

void tracing::recordGuard(const Call &call) {
  uint32_t first = 0;
  if (Trace *trace = Trace::current())
    (void)trace->record(call, {}, first);
}

tracing::RegionOp::RegionOp(const Call &call, std::span<const TypeMaker> results)
    : at(call.at), trace(Trace::current() ? Trace::current()->number : Trace::outside) {
  if (Trace *now = Trace::current())
    op = now->record(call, results, firstResult).index;
}

bool tracing::RegionOp::begin(std::span<const TypeMaker> arguments, std::vector<Handle> &given) {
  Trace *now = Trace::current();
  isOpen = now && OpId(op).valid() && now->beginRegion(OpId(op), arguments, given, at);
  return isOpen;
}

tracing::RegionOp::~RegionOp() {
  if (!isOpen)
    return;
  refuse(Diag::TraceThrew, {"it left the body of a combinator"}, at);
  end({});
}

void tracing::RegionOp::end(std::span<const Operand> yielded, OpCode terminator) {
  isOpen = false;
  Trace::current()->endRegion(yielded, terminator, at);
}

Handle tracing::RegionOp::result(size_t index) const {
  if (trace == Trace::outside)
    return outsideHandle(at);
  return OpId(op).valid() ? Handle(trace, firstResult + static_cast<uint32_t>(index)) : Handle(trace, 0);
}

std::vector<Handle> tracing::callFunction(const Callee &callee, std::span<const Operand> operands,
                                          const Origin &at) {
  if (Trace *trace = Trace::current())
    return trace->call(callee, operands, at);
  return std::vector<Handle>(callee.results.size(), outsideHandle(at));
}

/// The fields of a literal record are literals; those of a misfit, misfits.
static std::vector<Handle> literalFields(const Handle &record, std::span<const TypeMaker> types) {
  if (record.isMisfit())
    return std::vector<Handle>(types.size(), record);
  std::vector<Handle> fields;
  for (size_t i = 0; i < types.size(); ++i)
    fields.emplace_back(record.literal.empty() ? tracing::zeroOf(types[i]) : record.literal.items()[i]);
  return fields;
}

std::vector<Handle> tracing::fieldsOf(const Handle &record, std::span<const TypeMaker> types) {
  if (record.isLiteral())
    return literalFields(record, types);
  Trace *trace = Trace::current();
  return trace ? trace->fieldsOf(record, types) : std::vector<Handle>(types.size(), record);
}

/// The first of some operands that is a misfit, which what is made of them is, too.
static const Handle *misfitAmong(std::span<const Operand> operands) {
  for (const Operand &operand : operands)
    if (operand.handle.isMisfit())
      return &operand.handle;
  return nullptr;
}

/// The values of operands that are all literals; empty otherwise.
static std::vector<Value> literalsOf(std::span<const Operand> operands) {
  std::vector<Value> values;
  for (const Operand &operand : operands) {
    if (!operand.handle.isLiteral())
      return {};
    values.push_back(tracing::valueOf(operand));
    if (values.back().empty())
      return {};
  }
  return values;
}

Handle tracing::recordOf(std::span<const Operand> fields, TypeMaker type, const Origin &at) {
  if (const Handle *misfit = misfitAmong(fields))
    return *misfit;
  if (std::vector<Value> values = literalsOf(fields); !values.empty())
    return Handle(Value::record(values));
  Trace *trace = Trace::current();
  return trace ? trace->recordOf(fields, type, at) : outsideHandle(at);
}

Handle tracing::listOf(std::span<const Operand> elements, TypeMaker type, const Origin &at) {
  if (const Handle *misfit = misfitAmong(elements))
    return *misfit;
  if (std::vector<Value> values = literalsOf(elements); values.size() == elements.size())
    return Handle(Value::list(values));
  return record({OpCode::list_pack, elements, nullptr, nullptr, at}, type);
}

Handle tracing::dictOf(std::span<const Operand> keysAndValues, TypeMaker type, const Origin &at) {
  if (const Handle *misfit = misfitAmong(keysAndValues))
    return *misfit;
  if (std::vector<Value> values = literalsOf(keysAndValues); values.size() == keysAndValues.size())
    return Handle(Value::dict(values));
  return record({OpCode::dict_make, keysAndValues, nullptr, nullptr, at}, type);
}

bool tracing::isActive() { return Trace::current() != nullptr; }

void tracing::refuse(Diag id, std::initializer_list<std::string_view> arguments, const Origin &at) {
  if (Trace *trace = Trace::current())
    trace->fail(id, arguments, at);
}

void tracing::keep(std::shared_ptr<const void> needed) {
  if (Trace *trace = Trace::current())
    trace->needed.push_back(std::move(needed));
}

void tracing::annotate(const Handle &value, std::string_view key, Literal given, const Origin &at) {
  if (Trace *trace = Trace::current())
    trace->annotate(value, key, given, at);
}

void tracing::orderAfter(const Handle &value, std::span<const Handle> earlier, const Origin &at) {
  if (Trace *trace = Trace::current())
    trace->orderAfter(value, earlier, at);
}

Handle tracing::place(const Operand &value, const Origin &at) {
  Trace *trace = Trace::current();
  return trace ? trace->place(value, at) : value.handle;
}

TypeId tracing::scalarType(ConstantPool &pool, TypeKind kind) { return pool.scalar(kind); }
TypeId tracing::compoundType(ConstantPool &pool, TypeKind kind, TypeId element) {
  return pool.compound(kind, element);
}
TypeId tracing::dictType(ConstantPool &pool, TypeId key, TypeId value) { return pool.dictionary(key, value); }

TypeId tracing::recordType(ConstantPool &pool, std::span<const std::string_view> names,
                           std::span<const TypeMaker> types) {
  std::vector<TypeField> fields;
  for (size_t i = 0; i < names.size(); ++i) {
    if (!isName(names[i])) // C++ allows more, such as umlauts
      refuse(Diag::NotRecorded, {names[i], allowedNames}, Origin());
    fields.push_back({pool.intern(names[i]), types[i](pool)});
  }
  return pool.record(fields);
}

/// Recursive as far as records of the host program are written within one another.
static Value zeroIn(const ConstantView &view, TypeId type) {
  switch (view.kind(type)) {
  case TypeKind::Bool:
    return Value::boolean(false);
  case TypeKind::I64:
    return Value::i64(0);
  case TypeKind::F64:
    return Value::f64(0);
  case TypeKind::Str:
    return Value::str("");
  case TypeKind::Bytes:
    return Value::bytes("");
  case TypeKind::Json:
  case TypeKind::None:
    return Value::none();
  case TypeKind::Duration:
    return Value::duration(0);
  case TypeKind::List:
    return Value::list({});
  case TypeKind::Option:
    return Value::optionNone();
  case TypeKind::Dict:
    return Value::dict({});
  case TypeKind::Secret:
  case TypeKind::Result:
    return {};
  case TypeKind::Record:
    break;
  }
  std::vector<Value> fields;
  for (const TypeField &field : view.fields(type))
    fields.push_back(zeroIn(view, field.type));
  return Value::record(fields);
}

Value tracing::zeroOf(TypeMaker type) {
  ConstantPool pool;
  const TypeId made = type(pool);
  return zeroIn(pool.view(), made);
}

Value tracing::valueOf(const Operand &literal) {
  if (!literal.handle.isLiteral() || literal.handle.isMisfit())
    return {};
  return literal.handle.literal.empty() ? zeroOf(literal.type) : literal.handle.literal;
}

std::string tracing::whyNoValue(const Operand &literal) {
  if (literal.handle.isMisfit())
    return std::string(literal.handle.literal.text());
  if (literal.handle.isLiteral())
    return "nothing was assigned to it";
  return "it is the result of an operation, which has a value only while a program runs";
}
