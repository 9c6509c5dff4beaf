#include "IR/Verify/FunctionVerifier.h"

using namespace xcs;

/// Names of draws, written in the program or assigned by `assignDraws`, must differ within a function:
/// otherwise two executions would share one identity.
void FunctionVerifier::checkDraw(OpId op) {
  StringId name = graph->drawName(op);
  const DictId attributes = graph->operation(op).attributes;
  if (!name && attributes && hasAttr(graph->operation(op).code, Attribute::draw))
    if (AttrId written = view.find(attributes, Attribute::draw);
        written && view.attr(written).kind == AttrKind::Str)
      name = view.symbolOf(written);
  if (!name)
    return;
  auto [first, isNew] = draws.try_emplace(name.index, op);
  if (isNew)
    return;
  const std::string quoted = "\"" + std::string(view.text(name)) + "\"";
  error(Diag::DuplicateDraw, op, {quoted});
  error(Diag::FirstDefinedHere, first->second, {quoted});
}
