#include "Frontend/Trace.h"
#include "xcs/Ops/Fold.h"
#include "xcs/Ops/JsonText.h"
#include "xcs/Ops/ValueFits.h"
#include <algorithm>
#include <atomic>

using namespace xcs;

static thread_local Trace *currentTrace = nullptr;
static std::atomic<uint64_t> lastNumber = 0;

Trace *Trace::current() { return currentTrace; }
Trace::Active::Active(Trace *trace) : before(currentTrace) { currentTrace = trace; }
Trace::Active::~Active() { currentTrace = before; }

Trace::Trace(Module &module, const Limits &limits) : number(++lastNumber), module(module), limits(limits) {
  entries.emplace_back(); // the mistake
}

void Trace::fail(Diag id, std::initializer_list<std::string_view> arguments, const Origin &at) {
  if (error)
    return;
  error = TraceError{id, formatMessage(rowOf(id).text, {arguments.begin(), arguments.size()}), at.file_name(),
                     at.line(), at.column()};
}

TypeId Trace::typeOf(TypeMaker maker) {
  auto [at, isNew] = types.try_emplace(maker);
  if (isNew) {
    const TypeId made = maker(module.pool);
    return types[maker] = made; // making it may have looked up others
  }
  return at->second;
}

void Trace::setLocation(const Origin &at) {
  if (at.line() == 0)
    return; // that of the operation before
  const Place place{at.file_name(), static_cast<uint64_t>(at.line()) << 32 | at.column()};
  auto [known, isNew] = places.try_emplace(place);
  if (isNew)
    known->second = module.locations.addExplicit(at.file_name(), at.line(), at.column());
  frame().builder.setLocation(known->second);
}

Handle Trace::add(ValueRef value, TypeId type) {
  entries.push_back({value, type, frame().scopes.back()});
  return Handle(number, static_cast<uint32_t>(entries.size() - 1));
}

void Trace::openScope() {
  frame().scopes.push_back(static_cast<uint32_t>(scopeIsOpen.size()));
  scopeIsOpen.push_back(true);
}

void Trace::closeScope() {
  scopeIsOpen[frame().scopes.back()] = false;
  frame().scopes.pop_back();
}

bool Trace::isUsable(const Entry &entry) const {
  return entry.value && scopeIsOpen[entry.scope] && entry.scope >= frames.back()->firstScope;
}

ValueRef Trace::getField(ValueRef record, TypeId type, uint32_t field) {
  Builder &builder = frame().builder;
  const TypeField &of = module.pool.view().fields(type)[field];
  const AttrId name = module.pool.textAttr(of.name);
  return builder.value(OpCode::record_get, of.type, {record}, {{nameOf(Attribute::field), name}});
}

/// The value of an entry. A field that was not used, or not where its value can be seen, is got from its
/// record: from the innermost one that can be seen.
ValueRef Trace::useEntry(uint32_t entry, const Origin &at) {
  std::vector<uint32_t> toGet;
  uint32_t from = entry;
  while (!isUsable(entries[from])) {
    const Entry &unseen = entries[from];
    if (unseen.parent == none) {
      const bool isCaller = unseen.scope < frame().firstScope;
      fail(isCaller ? Diag::TraceCapture : Diag::TraceEscaped, {}, at);
      return {};
    }
    toGet.push_back(from);
    from = unseen.parent;
  }
  for (size_t i = toGet.size(); i-- > 0; from = toGet[i]) {
    Entry &field = entries[toGet[i]];
    field.value = getField(entries[from].value, entries[from].type, field.field);
    field.scope = frame().scopes.back();
  }
  return entries[entry].value;
}

ValueRef Trace::constant(const Value &value, TypeId type) {
  const AttrId literal = attrOfValue(module.pool, value, type);
  return literal ? frame().builder.constant(type, literal) : ValueRef();
}

static std::string hexOf(std::string_view bytes) {
  static constexpr char digits[] = "0123456789abcdef";
  std::string text;
  for (const unsigned char c : bytes) {
    text += digits[c >> 4];
    text += digits[c & 15];
  }
  return text;
}

/// A value that `const` cannot make.
ValueRef Trace::constantWithoutLiteral(const Value &value, TypeId type, const Origin &at) {
  Builder &builder = frame().builder;
  const TypeId str = module.pool.scalar(TypeKind::Str);
  const TypeKind kind = module.pool.kind(type);
  if (kind == TypeKind::Bytes)
    return builder.value(OpCode::bytes_from_hex, type,
                         {builder.constant(str, module.pool.textAttr(hexOf(value.text())))});
  std::string text;
  OpError why;
  if (kind == TypeKind::Json && appendJson(text, value, JsonLayout::Line, limits, why))
    return builder.value(OpCode::json_parse, type, {builder.constant(str, module.pool.textAttr(text))});
  fail(Diag::TraceLiteral,
       {printType(module.pool.view(), type), "it has no literal; make it a parameter of the function"}, at);
  return {};
}

ValueRef Trace::useLiteral(const Operand &operand, const Origin &at) {
  const TypeId type = typeOf(operand.type);
  const Value value = tracing::valueOf(operand);
  if (value.empty() || !fitsType(value, module.pool.view(), type)) {
    fail(Diag::TraceLiteral,
         {printType(module.pool.view(), type),
          value.empty() ? tracing::whyNoValue(operand)
                        : "it is no value of that type, such as text that is not UTF-8"},
         at);
    return {};
  }
  const ValueRef made = constant(value, type);
  return made ? made : constantWithoutLiteral(value, type, at);
}

ValueRef Trace::use(const Operand &operand, const Origin &at) {
  if (error)
    return {};
  const Handle &handle = operand.handle;
  if (handle.trace == number)
    return useEntry(handle.entry, at);
  if (handle.isLiteral())
    return useLiteral(operand, at);
  if (handle.trace == outside)
    fail(Diag::TraceOutside, {handle.literal.empty() ? std::string_view("?") : handle.literal.text()}, at);
  else
    fail(Diag::TraceForeign, {}, at);
  return {};
}

bool Trace::useAll(std::span<const Operand> operands, std::vector<ValueRef> &values, const Origin &at) {
  values.reserve(operands.size());
  for (const Operand &operand : operands) {
    const ValueRef value = use(operand, at);
    if (!value)
      return false;
    values.push_back(value);
  }
  return true;
}

OpId Trace::record(const tracing::Call &call, std::span<const TypeMaker> results, uint32_t &first) {
  if (error)
    return {};
  setLocation(call.at);
  std::vector<ValueRef> values;
  if (!useAll(call.operands, values, call.at))
    return {};
  Builder &builder = frame().builder;
  const OpId op = builder.op(call.code, values);
  if (call.resource)
    frame().function.graph.setSymbol(op, declare(*call.resource, call.at));
  if (call.attributes)
    builder.setAttributes(op, dictOf(*call.attributes, call.at));
  first = static_cast<uint32_t>(entries.size());
  for (TypeMaker maker : results) {
    const TypeId type = typeOf(maker);
    add(builder.result(op, type), type);
  }
  return op;
}

Handle Trace::one(const tracing::Call &call, TypeMaker result) {
  uint32_t first = 0;
  return record(call, {&result, 1}, first) ? Handle(number, first) : mistake();
}

std::vector<Handle> Trace::fieldsOf(const Handle &record, std::span<const TypeMaker> makers) {
  std::vector<Handle> fields;
  if (record.trace != number || record.entry == 0)
    return std::vector<Handle>(makers.size(), record.trace == number ? mistake() : record);
  for (uint32_t i = 0; i < makers.size(); ++i) {
    entries.push_back({ValueRef(), typeOf(makers[i]), 0, record.entry, i});
    fields.emplace_back(number, static_cast<uint32_t>(entries.size() - 1));
  }
  return fields;
}

Handle Trace::recordOf(std::span<const Operand> fields, TypeMaker type, const Origin &at) {
  // The record of which all but at most one field are, in their places.
  uint32_t parent = none, changed = none;
  size_t others = 0;
  for (uint32_t i = 0; i < fields.size(); ++i) {
    const Handle &field = fields[i].handle;
    const Entry *entry = field.trace == number && field.entry != 0 ? &entries[field.entry] : nullptr;
    if (entry && entry->parent != none && entry->field == i && (parent == none || parent == entry->parent) &&
        entries[entry->parent].type == typeOf(type)) {
      parent = entry->parent;
    } else {
      changed = i;
      ++others;
    }
  }
  if (parent != none && others == 0)
    return Handle(number, parent);
  if (parent != none && others == 1 && fields.size() > 1) {
    const std::string name(module.pool.text(module.pool.view().fields(entries[parent].type)[changed].name));
    Attributes attributes;
    attributes.add(nameOf(Attribute::field), Literal(name));
    const Operand operands[] = {{Handle(number, parent), type}, fields[changed]};
    return one({OpCode::record_with, operands, &attributes, nullptr, at}, type);
  }
  return one({OpCode::record_make, fields, nullptr, nullptr, at}, type);
}
