#include "xcsc/Dictionary.h"
#include "xcs/Ops/ConstantPool.h"
#include "xcs/Ops/ModelForm.h"
#include "xcs/Ops/OpTable.h"
#include "xcs/Syntax/Parser.h"
#include "llvm/Support/raw_ostream.h"
#include <set>
#include <string>
#include <string_view>

using namespace xcs;
using namespace xcs::compiler;

// Format: https://llvm.org/docs/LibFuzzer.html#dictionaries. One entry per line, `"` and `\\` escaped.

namespace {

class DictionaryPrinter {
public:
  explicit DictionaryPrinter(llvm::raw_ostream &out) : out(out) {}

  void heading(std::string_view text) { out << "\n# " << text << '\n'; }

  /// Once, however many tables contain it.
  void word(std::string_view text) {
    if (!seen.insert(std::string(text)).second)
      return;
    out << '"';
    for (char c : text)
      out << (c == '"' || c == '\\' ? "\\" : "") << c;
    out << "\"\n";
  }

  void attributes(std::span<const AttrRow> rows) {
    for (const AttrRow &row : rows)
      word(row.name);
  }

private:
  llvm::raw_ostream &out;
  std::set<std::string> seen;
};

/// Tokens of the grammar other than names. Literals are boundary values of their kinds.
constexpr std::string_view signs[] = {"(",
                                      ")",
                                      "{",
                                      "}",
                                      "[",
                                      "]",
                                      "<",
                                      ">",
                                      ",",
                                      ":",
                                      "=",
                                      "->",
                                      "^(",
                                      "%",
                                      "@",
                                      "//",
                                      "\"",
                                      "\"\"\"",
                                      "\\u0000",
                                      "\\ud800",
                                      "type @",
                                      "const @",
                                      "file(\"",
                                      "private @",
                                      "true",
                                      "false",
                                      "nan",
                                      "inf",
                                      "-inf",
                                      "0x",
                                      "-0.0",
                                      "1e999",
                                      "1e-999",
                                      "9223372036854775807",
                                      "-9223372036854775808",
                                      "9223372036854775808",
                                      "ns",
                                      "us",
                                      "ms",
                                      "1s",
                                      "2562047h",
                                      "secret(\"",
                                      "env(\"",
                                      "loc(\"",
                                      "hint.",
                                      "{0}",
                                      "{{",
                                      "// -----"};

} // namespace

void compiler::printDictionary(llvm::raw_ostream &out) {
  out << "# Printed by `xcsc --print-op-docs=dictionary`; `./dev docs` writes it anew.\n";
  DictionaryPrinter printer(out);
  printer.heading("keywords");
  for (std::string_view keyword : keywords())
    printer.word(keyword);
  printer.heading("operations");
  for (size_t code = 0; code < opCodeCount; ++code)
    printer.word(rowOf(static_cast<OpCode>(code)).name);
  printer.heading("types");
  for (auto kind = TypeKind::Bool; kind <= lastTypeKind;
       kind = static_cast<TypeKind>(static_cast<uint8_t>(kind) + 1))
    printer.word(typeKindName(kind));
  printer.heading("resources");
  for (size_t kind = 0; kind < resourceKindCount; ++kind)
    printer.word(rowOf(static_cast<ResourceKind>(kind)).name);
  printer.heading("attributes");
  for (size_t code = 0; code < opCodeCount; ++code)
    printer.attributes(rowOf(static_cast<OpCode>(code)).attributes.all());
  for (size_t kind = 0; kind < resourceKindCount; ++kind)
    printer.attributes(rowOf(static_cast<ResourceKind>(kind)).attributes.all());
  printer.attributes(commonAttrs());
  for (const ChatOption &option : chatOptions)
    printer.word(option.name);
  printer.word(extraOption);
  for (std::string_view name : capabilityNames)
    printer.word(name);
  printer.heading("signs and literals");
  for (std::string_view sign : signs)
    printer.word(sign);
}
