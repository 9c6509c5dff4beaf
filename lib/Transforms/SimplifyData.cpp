#include "Transforms/Simplify.h"

using namespace xcs;

// Identities of strings, lists, records, options and results: taking apart what was just put together.

namespace {

using Context = SimplifyContext;

Simplified value(ValueRef v) { return {v, {}}; }

bool isStr(Context &c, ValueRef v) { return c.module.pool.kind(c.graph.type(v)) == TypeKind::Str; }

/// A single operand that is joined with nothing is the result.
Simplified single(Context &c, OpId op) {
  return c.operandCount(op) == 1 ? value(c.operand(op, 0)) : Simplified();
}

Simplified strFrom(Context &c, OpId op) {
  return isStr(c, c.operand(op, 0)) ? value(c.operand(op, 0)) : Simplified();
}

/// The template `{0}` yields a string unchanged.
Simplified strFormat(Context &c, OpId op) {
  if (c.operandCount(op) != 1 || !isStr(c, c.operand(op, 0)))
    return {};
  ConstantView view = c.module.pool.view();
  AttrId shape = view.find(c.graph.operation(op).attributes, Attribute::template_);
  bool bare = shape && view.attr(shape).kind == AttrKind::Str && view.textAttr(shape) == "{0}";
  return bare ? value(c.operand(op, 0)) : Simplified();
}

Simplified strJoin(Context &c, OpId op) {
  OpId pack = c.definedBy(c.operand(op, 0), OpCode::list_pack);
  return pack && c.operandCount(pack) == 1 ? value(c.operand(pack, 0)) : Simplified();
}

/// The other elements lose a use.
Simplified listGet(Context &c, OpId op) {
  OpId pack = c.definedBy(c.operand(op, 0), OpCode::list_pack);
  AttrId index = c.constant(c.operand(op, 1));
  ConstantView view = c.module.pool.view();
  if (!pack || !index || view.attr(index).kind != AttrKind::I64)
    return {};
  int64_t at = view.intAttr(index);
  if (at < 0 || static_cast<uint64_t>(at) >= c.operandCount(pack))
    return {}; // an error in every run
  bool all = c.operandCount(pack) == 1 || c.isSettled(c.operand(op, 0));
  return all ? value(c.operand(pack, static_cast<size_t>(at))) : Simplified();
}

Simplified listLen(Context &c, OpId op) {
  OpId pack = c.definedBy(c.operand(op, 0), OpCode::list_pack);
  if (!pack || !c.isSettled(c.operand(op, 0)))
    return {};
  return {{}, c.module.pool.intAttr(static_cast<int64_t>(c.operandCount(pack)))};
}

template <OpCode code> Simplified involution(Context &c, OpId op) {
  OpId inner = c.definedBy(c.operand(op, 0), code);
  return inner ? value(c.operand(inner, 0)) : Simplified();
}

std::string_view fieldOf(Context &c, OpId op) {
  ConstantView view = c.module.pool.view();
  AttrId field = view.find(c.graph.operation(op).attributes, Attribute::field);
  return field && view.attr(field).kind == AttrKind::Str ? view.textAttr(field) : std::string_view();
}

/// A field of a record just made; the other fields lose a use.
Simplified recordGet(Context &c, OpId op) {
  ValueRef record = c.operand(op, 0);
  ConstantView view = c.module.pool.view();
  std::string_view field = fieldOf(c, op);
  if (OpId with = c.definedBy(record, OpCode::record_with))
    return fieldOf(c, with) == field && c.isSettled(c.operand(with, 0)) ? value(c.operand(with, 1))
                                                                        : Simplified();
  OpId make = c.definedBy(record, OpCode::record_make);
  if (!make || (c.operandCount(make) != 1 && !c.isSettled(record)))
    return {};
  std::optional<size_t> found = c.fields.find(view, c.graph.type(record), field);
  return found && *found < c.operandCount(make) ? value(c.operand(make, *found)) : Simplified();
}

/// The content of an option or result just made.
template <OpCode code> Simplified unwrap(Context &c, OpId op) {
  OpId wrap = c.definedBy(c.operand(op, 0), code);
  return wrap ? value(c.operand(wrap, 0)) : Simplified();
}

/// The same with a default, which loses a use.
template <OpCode code> Simplified unwrapOr(Context &c, OpId op) {
  OpId wrap = c.definedBy(c.operand(op, 0), code);
  return wrap && c.isSettled(c.operand(op, 1)) ? value(c.operand(wrap, 0)) : Simplified();
}

template <OpCode code> Simplified isWrapped(Context &c, OpId op) {
  bool known = c.definedBy(c.operand(op, 0), code) && c.isSettled(c.operand(op, 0));
  return known ? Simplified{{}, c.module.pool.boolAttr(true)} : Simplified();
}

constexpr SimplifyRow rows[] = {
    {OpCode::str_from, strFrom},
    {OpCode::str_format, strFormat},
    {OpCode::str_concat, single},
    {OpCode::str_join, strJoin},
    {OpCode::list_get, listGet},
    {OpCode::list_len, listLen},
    {OpCode::list_concat, single},
    {OpCode::list_reverse, involution<OpCode::list_reverse>},
    {OpCode::record_get, recordGet},
    {OpCode::option_value, unwrap<OpCode::option_some>},
    {OpCode::option_or, unwrapOr<OpCode::option_some>},
    {OpCode::option_is_some, isWrapped<OpCode::option_some>},
    {OpCode::result_value, unwrap<OpCode::result_ok>},
    {OpCode::result_or, unwrapOr<OpCode::result_ok>},
    {OpCode::result_is_ok, isWrapped<OpCode::result_ok>},
};

} // namespace

std::span<const SimplifyRow> xcs::dataRules() { return rows; }
