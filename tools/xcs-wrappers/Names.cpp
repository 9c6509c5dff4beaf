#include "xcs-wrappers/Names.h"
#include "llvm/ADT/StringExtras.h"
#include <algorithm>

using namespace xcs;

static constexpr std::string_view reserved[] = {"and",   "or",     "not",      "xor",   "union",  "int",
                                                "float", "double", "template", "bool",  "switch", "case",
                                                "new",   "delete", "default",  "while", "for",    "if"};

std::string wrappers::memberName(std::string_view name) {
  std::string made;
  bool isNext = false;
  for (const char c : name) {
    if (c == '_' || c == '.') {
      isNext = true;
      continue;
    }
    made += isNext ? llvm::toUpper(c) : c;
    isNext = false;
  }
  if (std::find(std::begin(reserved), std::end(reserved), made) != std::end(reserved))
    made += '_';
  return made;
}

std::string wrappers::typeName(std::string_view name) {
  std::string made = memberName(name);
  if (made.ends_with('_'))
    made.pop_back();
  made[0] = llvm::toUpper(made[0]);
  return made;
}

std::string_view wrappers::dialectOf(std::string_view op) {
  const size_t dot = op.find('.');
  return dot == op.npos ? std::string_view() : op.substr(0, dot);
}

std::string_view wrappers::withoutDialect(std::string_view op) {
  const size_t dot = op.find('.');
  return dot == op.npos ? op : op.substr(dot + 1);
}

std::string wrappers::rowId(std::string_view op) {
  std::string made = dialectOf(op).empty() ? "core_" + std::string(op) : std::string(op);
  std::replace(made.begin(), made.end(), '.', '_');
  return made;
}
