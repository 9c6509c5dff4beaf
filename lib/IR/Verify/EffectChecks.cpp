#include "IR/Verify/FunctionVerifier.h"
#include "xcs/IR/OpEffects.h"

using namespace xcs;

/// Writes in the body of a `map` have no order, and calls are looked into when all functions are known.
/// Nothing proves yet that writes are distinct for each element, so every `map` around a write must say
/// `{unordered}`.
void FunctionVerifier::checkEffects(OpId op) {
  const Operation &operation = graph->operation(op);
  if (operation.code == OpCode::core_map && !flagAttr(view, operation.attributes, "unordered"))
    orderedMaps.push_back(op);
  Location map = orderedMaps.empty() ? Location() : graph->operation(orderedMaps.back()).location;
  if (operation.code == OpCode::core_call && operation.symbol) {
    std::optional<SymbolTarget> callee = context.module.lookup(operation.symbol);
    if (callee && callee->kind == SymbolTarget::Kind::Function)
      context.calls.push_back({functionIndex, callee->index, operation.location, map, !orderedMaps.empty()});
    return;
  }
  if (!isWrite(effectOf(view, operation)))
    return;
  context.writes[functionIndex] = true;
  if (orderedMaps.empty())
    return;
  error(Diag::UnorderedWrite, op, {rowOf(operation.code).name});
  context.error(Diag::MapIsHere, map, {});
}
