#include "Plan/PlanText.h"

#include "xcs/Ops/ConstantPool.h"

#include "llvm/Support/Format.h"
#include "llvm/Support/raw_ostream.h"

using namespace xcs;

std::string planformat::signatureText(const PlanView &plan, const PlanFunction &function) {
  const ConstantView &c = plan.constants;
  std::string text = "@" + std::string(c.text(function.symbol)) + "(";
  for (const PlanParameter &p : plan.parameters.subspan(function.firstParameter, function.parameterCount)) {
    if (text.back() != '(')
      text += ", ";
    text += p.name ? "%" + std::string(c.text(p.name)) + ": " : "";
    text += printType(c, p.type);
    if (p.defaultValue)
      text += " = " + (c.attr(p.defaultValue).kind == AttrKind::Unit ? "none" : printAttr(c, p.defaultValue));
  }
  text += ")";
  for (const PlanParameter &p : plan.parameters.subspan(function.firstResult, function.resultCount)) {
    text += text.back() == ')' ? " -> " : ", ";
    text += printType(c, p.type);
  }
  return text;
}

std::string planformat::locationText(const PlanView &plan, uint32_t location) {
  if (location == UINT32_MAX)
    return {};
  const PlanLocation &l = plan.locations[location];
  return quoteString(plan.constants.text(l.file)) + ":" + std::to_string(l.line) + ":" +
         std::to_string(l.column);
}

std::string planformat::timeText(double nanoseconds) {
  static constexpr struct {
    double size;
    const char *name;
  } units[] = {{1e9, "s"}, {1e6, "ms"}, {1e3, "us"}, {1, "ns"}};
  for (const auto &unit : units) {
    if (nanoseconds < unit.size && unit.size > 1)
      continue;
    std::string text;
    llvm::raw_string_ostream(text) << llvm::format("%.4g", nanoseconds / unit.size) << unit.name;
    return text;
  }
  return {};
}
