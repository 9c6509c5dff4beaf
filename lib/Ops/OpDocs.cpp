#include "xcs/Ops/OpDocs.h"
#include "xcs/Ops/OpTable.h"
#include "xcs/Support/Diagnostics.h"
#include "xcs/Support/Limits.h"
#include "llvm/Support/raw_ostream.h"
#include <initializer_list>
#include <string>

namespace xcs {

namespace {

/// A row of a Markdown table; `|` would end a cell.
void printRow(llvm::raw_ostream &out, std::initializer_list<std::string_view> cells) {
  for (std::string_view cell : cells) {
    out << "| ";
    for (char c : cell) {
      if (c == '|')
        out << '\\';
      out << c;
    }
    out << ' ';
  }
  out << "|\n";
}

void printHead(llvm::raw_ostream &out, std::initializer_list<std::string_view> titles) {
  printRow(out, titles);
  for (size_t i = 0; i < titles.size(); ++i)
    out << "| --- ";
  out << "|\n";
}

std::string code(std::string_view text) { return text.empty() ? "" : "`" + std::string(text) + "`"; }

std::string_view effectName(Effect effect) {
  switch (effect) {
  case Effect::Pure:
    return "pure";
  case Effect::Read:
    return "read";
  case Effect::Sample:
    return "sample";
  case Effect::WriteIdempotent:
    return "write, repeat=idempotent";
  case Effect::WriteKeyed:
    return "write, repeat=keyed";
  case Effect::WriteNever:
    return "write, repeat=never";
  case Effect::Guard:
    return "orders every later write";
  case Effect::Bodies:
    return "that of its regions";
  case Effect::HttpMethod:
    return "by `method`";
  case Effect::Exec:
    return "by `writes` and `repeat`";
  case Effect::Log:
    return "log";
  case Effect::Wait:
    return "takes time";
  }
  return {};
}

/// What the compiler and the runtime may do with the operation, in the words of docs/LangRef.md.
std::string effectText(const OpRow &row) {
  std::string text(effectName(row.effect));
  text += row.totality == Totality::Total ? ", total" : ", fallible";
  if (std::string_view flag = flagOf(row.capability); !flag.empty())
    text += "; needs " + code(flag);
  return text;
}

/// Operations without a dot are the language itself.
std::string_view dialectOf(std::string_view name) {
  size_t dot = name.find('.');
  return dot == name.npos ? "core" : name.substr(0, dot);
}

std::string_view severityName(Severity severity) {
  switch (severity) {
  case Severity::Error:
    return "error";
  case Severity::Warning:
    return "warning";
  case Severity::Remark:
    return "remark";
  case Severity::Note:
    return "note";
  }
  return {};
}

} // namespace

void printOpDocs(llvm::raw_ostream &out) {
  out << "# Operations\n\n"
         "`T` and `U` each stand for one type throughout a signature, each `any` for any type; `...` "
         "for any number\nof operands, `?` for an optional one. An attribute with `!` is required. A "
         "fallible "
         "operation can\nfail for some operands; any operation that makes a value can exceed the limit "
         "`value-bytes`.\n";
  std::string_view dialect;
  for (size_t i = 0; i < opCodeCount; ++i) {
    const OpRow &row = rowOf(static_cast<OpCode>(i));
    if (dialect != dialectOf(row.name)) {
      dialect = dialectOf(row.name);
      out << "\n## " << dialect << "\n\n";
      printHead(out, {"operation", "signature", "attributes", "effect", "what it does"});
    }
    printRow(out,
             {code(row.name), code(row.signature.text), code(row.attributes.text), effectText(row), row.doc});
  }
  out << "\n## Attributes of any operation\n\n";
  printHead(out, {"attribute", "type", "on"});
  for (const AttrRow &row : commonAttrs()) {
    std::string_view where = "operations that make requests";
    if (findAttr(OpCode::core_const, row.name))
      where = "every operation";
    else if (findAttr(OpCode::time_sleep, row.name))
      where = "operations that touch the world or take time";
    printRow(out, {code(row.name), code(attrTypeName(row.type)), where});
  }
}

void printResourceDocs(llvm::raw_ostream &out) {
  out << "# Resources\n\nAn attribute with `!` is required.\n\n";
  printHead(out, {"kind", "attributes", "what it is"});
#define XCS_RESOURCE(id, kindName, attributeRows, doc)                                                       \
  printRow(out, {code(kindName), code(rowOf(ResourceKind::id).attributes.text), doc});
#include "xcs/Ops/Resources.def"
}

void printLimitDocs(llvm::raw_ostream &out) {
  out << "# Limits\n\nEach is set by `--limit NAME=N`.\n\n";
  printHead(out, {"name", "value", "unit", "what it bounds"});
  for (const LimitRow &row : limitRows)
    printRow(out, {code(row.name), std::to_string(row.value), row.unit, row.what});
}

void printDiagnosticDocs(llvm::raw_ostream &out) {
  out << "# Diagnostics\n\n`{0}`, `{1}`, ... stand for the subject of the message.\n\n";
  printHead(out, {"kind", "severity", "text"});
  for (size_t i = 0; i < diagnosticCount(); ++i) {
    const DiagnosticRow &row = rowOf(static_cast<Diag>(i));
    printRow(out, {code(row.kind), severityName(row.severity), row.text});
  }
}

} // namespace xcs
