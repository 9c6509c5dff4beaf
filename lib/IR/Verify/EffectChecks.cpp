#include "IR/Verify/FunctionVerifier.h"
#include "xcs/IR/OpEffects.h"
#include <algorithm>

using namespace xcs;

void xcs::reportRefusedWrite(VerifyContext &context, Location at, std::string_view what,
                             const WriteRefusal &refusal) {
  std::string_view owner = rowOf(refusal.owner).name;
  bool unordered = refusal.reason == WriteBan::Unordered;
  context.error(unordered ? Diag::UnorderedWrite : Diag::RaceWrite, at, {what, owner});
  context.error(Diag::OwnerIsHere, refusal.location, {owner});
}

void xcs::reportCutOffQuestion(VerifyContext &context, Location at, std::string_view what,
                               const WriteRefusal &cutOff) {
  std::string_view owner = rowOf(cutOff.owner).name;
  context.error(Diag::AskCutOff, at, {what, owner});
  context.error(Diag::OwnerIsHere, cutOff.location, {owner});
}

/// The innermost of the enclosing operations whose regions may be cut off.
static WriteRefusal cutOffAmong(const std::vector<WriteRefusal> &refusals) {
  const auto found = std::find_if(refusals.rbegin(), refusals.rend(), [](const WriteRefusal &refusal) {
    return refusal.reason == WriteBan::CutOff;
  });
  return found == refusals.rend() ? WriteRefusal() : *found;
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
                               refusals.empty() ? WriteRefusal() : refusals.back(), cutOffAmong(refusals)});
    return;
  }
  if (operation.code == OpCode::ask_human) {
    context.asks[functionIndex] = true;
    if (const WriteRefusal cutOff = cutOffAmong(refusals); cutOff.reason != WriteBan::None)
      reportCutOffQuestion(context, operation.location, rowOf(operation.code).name, cutOff);
    return;
  }
  if (!isWrite(effectOf(view, operation)))
    return;
  context.writes[functionIndex] = true;
  if (!refusals.empty())
    reportRefusedWrite(context, operation.location, rowOf(operation.code).name, refusals.back());
}
