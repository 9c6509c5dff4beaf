#include "IR/Verify/VerifyContext.h"

using namespace xcs;

VerifyContext::VerifyContext(const Module &module, DiagnosticEngine &diagnostics, const Limits &limits)
    : module(module), view(module.pool.view()), diagnostics(diagnostics), holdsSecret(view.types.size()),
      writes(module.functions.size()), asks(module.functions.size()), prepared(limits), typeTexts(module) {
  // Types are interned bottom-up: the parts of a type come before it.
  for (size_t i = 0; i < view.types.size(); ++i) {
    TypeId type(i);
    holdsSecret[i] = view.kind(type) == TypeKind::Secret;
    for (const TypeField &field : view.fields(type))
      holdsSecret[i] = holdsSecret[i] || holdsSecret[field.type.index];
  }
}

std::string VerifyContext::typesText(std::span<const TypeId> types) const {
  if (types.empty() || !shown())
    return "nothing";
  std::string text;
  for (TypeId type : types) {
    text += text.empty() ? "`" : ", `";
    text += typeText(type);
    text += '`';
  }
  return text;
}

std::string VerifyContext::signatureText(const Function &function) const {
  std::string text;
  if (!shown())
    return text;
  for (ValueRef v : function.graph.arguments(function.body))
    text += (text.empty() ? "" : ", ") + typeText(function.graph.type(v));
  text += " -> ";
  const char *before = "";
  for (TypeId type : function.resultTypes) {
    text += before + typeText(type);
    before = ", ";
  }
  return text;
}

std::string xcs::countText(size_t count, std::string_view noun) {
  std::string text = count == 0 ? "no" : std::to_string(count);
  text += ' ';
  text += noun;
  if (count != 1)
    text += 's';
  return text;
}
