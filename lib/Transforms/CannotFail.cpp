#include "Transforms/CannotFail.h"
#include "Transforms/Rewrite.h"
#include <array>

using namespace xcs;

namespace {
/// The proof for one operation.
struct Proof {
  const ConstantView &view;
  const ComputationGraph &graph;
  OpId op;

  ValueRef operand(size_t i) const { return graph.operands(op)[i]; }
  size_t operandCount() const { return graph.operands(op).size(); }
  AttrId constant(size_t i) const { return constantOf(view, graph, operand(i)); }
  /// The operation that defines an operand, if it has this code; none otherwise.
  OpId definedBy(size_t i, OpCode code) const {
    OpId source = graph.value(operand(i)).definedBy;
    return source && graph.operation(source).code == code ? source : OpId();
  }
  bool constantInt(size_t i, int64_t &value) const {
    AttrId found = constant(i);
    if (!found || view.attr(found).kind != AttrKind::I64)
      return false;
    value = view.intAttr(found);
    return true;
  }
  /// The number of elements of a list, if it is known.
  bool listSize(size_t i, size_t &size) const {
    if (OpId pack = definedBy(i, OpCode::list_pack)) {
      size = graph.operands(pack).size();
      return true;
    }
    AttrId found = constant(i);
    if (!found || view.attr(found).kind != AttrKind::List)
      return false;
    size = view.items(found).size();
    return true;
  }
};

using Check = bool (*)(const Proof &);

/// -1 does not count either: the least i64 has no positive counterpart.
bool dividesSafely(const Proof &p) {
  int64_t divisor;
  return p.constantInt(1, divisor) && divisor != 0 && divisor != -1;
}
bool dividesFloatSafely(const Proof &p) {
  AttrId divisor = p.constant(1);
  if (!divisor)
    return false;
  const AttrNode &node = p.view.attr(divisor);
  return (node.kind == AttrKind::F64 && p.view.floatAttr(divisor) != 0) ||
         (node.kind == AttrKind::I64 && p.view.intAttr(divisor) != 0);
}
bool indexInside(const Proof &p) {
  int64_t index;
  size_t size;
  return p.constantInt(1, index) && p.listSize(0, size) && index >= 0 && static_cast<uint64_t>(index) < size;
}
bool listNotEmpty(const Proof &p) {
  size_t size;
  return p.listSize(0, size) && size != 0;
}
bool chunkPositive(const Proof &p) {
  int64_t size;
  return p.constantInt(1, size) && size >= 1;
}
bool countNotNegative(const Proof &p) {
  int64_t count;
  return p.constantInt(1, count) && count >= 0;
}
bool separatorNotEmpty(const Proof &p) {
  AttrId separator = p.operandCount() > 1
                         ? p.constant(1)
                         : p.view.find(p.graph.operation(p.op).attributes, Attribute::separator);
  return separator && p.view.attr(separator).kind == AttrKind::Str && !p.view.textAttr(separator).empty();
}
/// A pointer that is written as an attribute was checked.
bool pointerIsWritten(const Proof &p) { return p.operandCount() == 1; }
/// A regular expression that is written as an attribute was checked.
bool patternIsWritten(const Proof &p) {
  return p.view.find(p.graph.operation(p.op).attributes, Attribute::pattern).valid();
}
bool patternNotEmpty(const Proof &p) {
  AttrId pattern = p.constant(1);
  return pattern && p.view.attr(pattern).kind == AttrKind::Str && !p.view.textAttr(pattern).empty();
}
bool hasOption(const Proof &p) { return p.definedBy(0, OpCode::option_some).valid(); }
bool hasResult(const Proof &p) { return p.definedBy(0, OpCode::result_ok).valid(); }

struct CheckRow {
  OpCode code;
  Check check;
};
constexpr CheckRow checkRows[] = {
    {OpCode::i64_div, dividesSafely},
    {OpCode::i64_rem, dividesSafely},
    {OpCode::f64_div, dividesFloatSafely},
    {OpCode::list_get, indexInside},
    {OpCode::i64_min_of, listNotEmpty},
    {OpCode::i64_max_of, listNotEmpty},
    {OpCode::f64_mean, listNotEmpty},
    {OpCode::f64_min_of, listNotEmpty},
    {OpCode::f64_max_of, listNotEmpty},
    {OpCode::vote_majority, listNotEmpty},
    {OpCode::list_chunk, chunkPositive},
    {OpCode::list_top_k, countNotNegative},
    {OpCode::str_split, separatorNotEmpty},
    {OpCode::str_replace, patternNotEmpty},
    {OpCode::option_value, hasOption},
    {OpCode::result_value, hasResult},
    {OpCode::list_first, listNotEmpty},
    {OpCode::list_last, listNotEmpty},
    {OpCode::f64_median, listNotEmpty},
    {OpCode::f64_stddev, listNotEmpty},
    {OpCode::list_take, countNotNegative},
    {OpCode::list_drop, countNotNegative},
    {OpCode::json_find, pointerIsWritten},
    {OpCode::str_regex_match, patternIsWritten},
    {OpCode::str_regex_extract, patternIsWritten},
    {OpCode::str_regex_extract_all, patternIsWritten},
    {OpCode::str_regex_groups, patternIsWritten},
    {OpCode::str_regex_replace, patternIsWritten},
    {OpCode::str_regex_rewrite, patternIsWritten},
    {OpCode::str_regex_split, patternIsWritten},
};

/// By operation code, so that the look-up costs the same for every operation.
constexpr std::array<Check, opCodeCount> checksByCode = [] {
  std::array<Check, opCodeCount> table{};
  for (const CheckRow &row : checkRows)
    table[static_cast<size_t>(row.code)] = row.check;
  return table;
}();
} // namespace

bool xcs::cannotFail(const ConstantView &view, const ComputationGraph &graph, OpId op) {
  const Operation &o = graph.operation(op);
  const OpRow &row = rowOf(o.code);
  if (row.form != OpForm::Pure)
    return false;
  if (row.totality == Totality::Total)
    return true;
  Check check = checksByCode[static_cast<size_t>(o.code)];
  return check && check({view, graph, op});
}
