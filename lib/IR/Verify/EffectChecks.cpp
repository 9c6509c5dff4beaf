#include "IR/Verify/FunctionVerifier.h"
#include "xcs/IR/OpEffects.h"

using namespace xcs;

/// Regions that run side by side have no order among them, and nothing proves yet that their writes are
/// distinct, so what writes must say `{unordered}`. Of a race the losers are stopped, at whatever point they
/// are: a write may then have happened or not.
static WriteRefusal::Reason refusalOf(const ConstantView &view, const Operation &operation) {
  using Reason = WriteRefusal::Reason;
  auto flag = [&](std::string_view name) { return flagAttr(view, operation.attributes, name); };
  bool sideBySide = false;
  if (operation.code == OpCode::core_race)
    return Reason::CutOff;
  if (operation.code == OpCode::core_map) {
    if (view.find(operation.attributes, "take") || flag("majority"))
      return Reason::CutOff;
    sideBySide = true;
  } else if (operation.code == OpCode::core_reduce) {
    sideBySide = flag("associative");
  } else {
    sideBySide = operation.code == OpCode::core_filter || operation.code == OpCode::core_sort_by;
  }
  return sideBySide && !flag("unordered") ? Reason::Unordered : Reason::None;
}

void xcs::reportRefusedWrite(VerifyContext &context, Location at, std::string_view what,
                             const WriteRefusal &refusal) {
  std::string_view owner = rowOf(refusal.owner).name;
  bool unordered = refusal.reason == WriteRefusal::Reason::Unordered;
  context.error(unordered ? Diag::UnorderedWrite : Diag::RaceWrite, at, {what, owner});
  context.error(Diag::OwnerIsHere, refusal.location, {owner});
}

/// Calls are looked into when all functions are known.
void FunctionVerifier::checkEffects(OpId op) {
  const Operation &operation = graph->operation(op);
  if (regionForm(operation.code)) {
    WriteRefusal::Reason reason = refusalOf(view, operation);
    if (reason != WriteRefusal::Reason::None)
      refusals.push_back({reason, operation.code, op, operation.location});
    return;
  }
  if (operation.code == OpCode::core_call && operation.symbol) {
    std::optional<SymbolTarget> callee = context.module.lookup(operation.symbol);
    if (callee && callee->kind == SymbolTarget::Kind::Function)
      context.calls.push_back({functionIndex, callee->index, operation.location,
                               refusals.empty() ? WriteRefusal() : refusals.back()});
    return;
  }
  if (!isWrite(effectOf(view, operation)))
    return;
  context.writes[functionIndex] = true;
  if (!refusals.empty())
    reportRefusedWrite(context, operation.location, rowOf(operation.code).name, refusals.back());
}
