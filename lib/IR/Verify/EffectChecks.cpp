#include "IR/Verify/FunctionVerifier.h"
#include "xcs/IR/OpEffects.h"

using namespace xcs;

void xcs::reportRefusedWrite(VerifyContext &context, Location at, std::string_view what,
                             const WriteRefusal &refusal) {
  std::string_view owner = rowOf(refusal.owner).name;
  bool unordered = refusal.reason == WriteBan::Unordered;
  context.error(unordered ? Diag::UnorderedWrite : Diag::RaceWrite, at, {what, owner});
  context.error(Diag::OwnerIsHere, refusal.location, {owner});
}

/// Calls are checked later, when all functions are known.
void FunctionVerifier::checkEffects(OpId op) {
  const Operation &operation = graph->operation(op);
  if (const RegionForm *form = regionForm(operation.code)) {
    const WriteBan reason = writeBanOf(view, *form, operation.attributes);
    if (reason != WriteBan::None)
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
