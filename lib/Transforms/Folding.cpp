#include "Transforms/Folding.h"
#include "Transforms/Rewrite.h"
#include <algorithm>
#include <array>

using namespace xcs;

// A longer search is left for the run, which can be stopped.
static constexpr uint64_t maxRegexSteps = 1 << 26;

Folder::Folder(Module &module, const Limits &given) : module(module), limits(given) {
  limits.set(Limit::ValueBytes, std::min(limits[Limit::ValueBytes], maxBytes));
  limits.set(Limit::RegexSteps, std::min(limits[Limit::RegexSteps], maxRegexSteps));
}

/// False if an operand is not a plain constant, or is too large.
bool Folder::readOperands(const ComputationGraph &graph, OpId op) {
  ConstantView view = module.pool.view();
  operands.clear();
  types.clear();
  for (ValueRef v : graph.operands(op)) {
    AttrId constant = constantOf(view, graph, v);
    if (!constant || tooLarge.contains(constant.index))
      return false;
    operands.push_back(valueOfAttr(view, constant, graph.type(v)));
    types.push_back(graph.type(v));
    if (operands.back().empty())
      return false;
    if (operands.back().byteSize() > maxBytes) {
      tooLarge.insert(constant.index);
      return false;
    }
  }
  return true;
}

std::span<const Value> Folder::constantOperands(const ComputationGraph &graph, OpId op) {
  return readOperands(graph, op) ? std::span<const Value>(operands) : std::span<const Value>();
}

Folded Folder::fold(const ComputationGraph &graph, OpId op) {
  const Operation &o = graph.operation(op);
  if (o.orderCount != 0 || !readOperands(graph, op))
    return {};
  ConstantView view = module.pool.view();
  std::array<AttrId, AttrListText::maxRows> attributes{};
  const AttrListText &rows = rowOf(o.code).attributes;
  for (size_t i = 0; i != rows.count; ++i)
    attributes[i] = view.find(o.attributes, rows.rows[i].name);

  TypeId type = graph.type(graph.results(op)[0]);
  Value result;
  OpError error;
  if (!foldPure(o.code, view, operands, types, {attributes.data(), rows.count}, type, limits, result,
                error)) {
    // The limit is that of the folder: the run has a larger one.
    return error.id == Diag::LimitExceeded ? Folded() : Folded{{}, std::move(error.message)};
  }
  uint64_t size = result.byteSize();
  if (size > maxBytes || (size > smallBytes && spent + size > budget))
    return {};
  if (size > smallBytes)
    spent += size;
  return {attrOfValue(module.pool, result, type), {}};
}
