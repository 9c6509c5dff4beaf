#include "Transforms/Passes.h"
#include "Transforms/PrintNames.h"
#include "xcs/Analysis/Effects.h"
#include "xcs/Ops/OpEffects.h"
#include "xcs/Support/Visible.h"
#include "llvm/Support/raw_ostream.h"

using namespace xcs;

namespace {
/// Prints the effects of every operation that has any, regions and callees included: `sample(model @gpt)`.
class PrintEffects : public Pass {
public:
  Result<Change> run(Module &module, PassContext &context) override;
};
} // namespace

static std::string targetText(const Module &module, const EffectTarget &target) {
  std::string known = target.identity ? visible(module.pool.text(target.identity)) : "?";
  switch (target.kind) {
  case EffectTarget::Kind::Model:
    return "(model " + std::string(target.identity ? "@" : "") + known + ")";
  case EffectTarget::Kind::Http:
    return "(http " + known + ")";
  case EffectTarget::Kind::File:
    return "(file " + known + ")";
  case EffectTarget::Kind::Env:
    return "(env " + known + ")";
  case EffectTarget::Kind::Host:
    return "(host " + known + ")";
  case EffectTarget::Kind::Process:
    return "(process)";
  case EffectTarget::Kind::Person:
    return "(person)";
  case EffectTarget::Kind::Log:
  case EffectTarget::Kind::Random:
  case EffectTarget::Kind::Clock:
  case EffectTarget::Kind::Control:
    return {};
  }
  return {};
}

static void printList(const Module &module, std::span<const EffectOn> effects, llvm::raw_ostream &out) {
  std::string_view separator;
  for (const EffectOn &on : effects) {
    out << separator << effectName(on.effect) << targetText(module, on.target);
    separator = ", ";
  }
  if (effects.empty())
    out << "pure";
  out << '\n';
}

Result<Change> PrintEffects::run(Module &module, PassContext &context) {
  const EffectAnalysis &effects = context.analyses().effects();
  for (size_t f = 0; f != module.functions.size(); ++f) {
    const Function &function = *module.functions[f];
    context.out << '@' << module.pool.text(function.symbol) << ": ";
    printList(module, effects.effects(f), context.out);
    for (uint32_t i = 0; i != function.graph.operationCount(); ++i) {
      OpId op(i);
      if (function.graph.erased(op) || effects.isPure(f, op))
        continue;
      context.out << "  " << operationText(module, function.graph, op) << ": ";
      printList(module, effects.effects(f, op), context.out);
    }
  }
  return Change::Nothing;
}

std::unique_ptr<Pass> xcs::createPrintEffects() { return std::make_unique<PrintEffects>(); }
