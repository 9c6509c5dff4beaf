#include "xcs/Ops/OpDocs.h"
#include "xcs/Ops/OpEffects.h"
#include "xcs/Ops/OpTable.h"
#include "xcs/Support/Diagnostics.h"
#include "xcs/Support/Limits.h"
#include "llvm/Support/raw_ostream.h"
#include <initializer_list>
#include <string>

using namespace xcs;

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

/// An effect that depends on more than the row, and what it means where its name does not say it.
std::string_view rowEffect(Effect effect) {
  switch (effect) {
  case Effect::Guard:
    return "orders every later write";
  case Effect::Bodies:
    return "that of its regions";
  case Effect::HttpMethod:
    return "by `method`";
  case Effect::Exec:
    return "by `writes` and `repeat`";
  case Effect::Host:
    return "by `effect` and `repeat`";
  case Effect::Wait:
    return "takes time";
  case Effect::Pure:
  case Effect::Read:
  case Effect::Sample:
  case Effect::WriteIdempotent:
  case Effect::WriteKeyed:
  case Effect::WriteNever:
  case Effect::Log:
    return effectName(effect);
  }
  return {};
}

/// What the compiler and the runtime may do with the operation, in the terms of docs/LangRef.md.
std::string effectText(OpCode opCode) {
  const OpRow &row = rowOf(opCode);
  std::string text(rowEffect(row.effect));
  text += row.totality == Totality::Total ? ", total" : ", fallible";
  if (std::string_view flag = flagOf(row.capability); !flag.empty())
    text += "; needs " + (opCode == OpCode::file_copy ? code(flagOf(Capability::Read)) + " and " : "") +
            code(flag);
  return text;
}

/// `separator: str, group!: i64`.
std::string attributesText(const AttrListText &attributes) {
  std::string text;
  for (const AttrRow &row : attributes.all()) {
    text += text.empty() ? "" : ", ";
    text += std::string(row.name) + (row.required ? "!: " : ": ") + std::string(attrTypeName(row.type));
  }
  return text;
}

std::string_view scopeText(AttrScope scope) {
  switch (scope) {
  case AttrScope::Own:
    return "those whose row names it";
  case AttrScope::Every:
    return "every operation";
  case AttrScope::World:
    return "operations that touch the world or take time";
  case AttrScope::Gated:
    return "operations that touch the world or take time, but not `ask.human`";
  case AttrScope::Net:
    return "operations that make requests";
  case AttrScope::Draws:
    return "operations that touch the world or take time, and `call`";
  }
  return {};
}

/// Operations without a dot belong to the language itself.
std::string_view dialectOf(std::string_view name) {
  size_t dot = name.find('.');
  return dot == name.npos ? "core" : name.substr(0, dot);
}

/// Of operations and resources alike.
void printAttributeDocs(llvm::raw_ostream &out) {
  out << "\n## Attributes\n\n"
         "A *request* attribute is part of what is asked for, and of the identity of a request.\n"
         "A *bound* says how, how long and how often it may be asked, and does not change the answer.\n"
         "A *hint* is an estimate by the author. A *fact* was found by a pass and is not written to the "
         "plan.\n"
         "An *inherited* attribute may be given by the operation's resource instead.\n\n";
  printHead(out, {"attribute", "type", "its values", "class", "on", "meaning"});
  for (size_t i = 0; i < attributeCount; ++i) {
    const AttributeRow &row = rowOf(static_cast<Attribute>(i));
    std::string kind(attrClassName(row.kind));
    printRow(out, {code(row.name), code(attrTypeName(row.type)), rangeText(row.range),
                   row.inherited ? kind + ", inherited" : kind, scopeText(row.scope), row.doc});
  }
}

} // namespace

void xcs::printOpDocs(llvm::raw_ostream &out) {
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
    printRow(out, {code(row.name), code(row.signature.text), code(attributesText(row.attributes)),
                   effectText(static_cast<OpCode>(i)), row.doc});
  }
  printAttributeDocs(out);
}

void xcs::printResourceDocs(llvm::raw_ostream &out) {
  out << "# Resources\n\nAn attribute with `!` is required.\n\n";
  printHead(out, {"kind", "attributes", "what it is"});
#define XCS_RESOURCE(id, kindName, attributeRows, doc)                                                       \
  printRow(out, {code(kindName), code(attributesText(rowOf(ResourceKind::id).attributes)), doc});
#include "xcs/Ops/Resources.def"
}

void xcs::printLimitDocs(llvm::raw_ostream &out) {
  out << "# Limits\n\nEach is set by `--limit NAME=N`.\n\n";
  printHead(out, {"name", "value", "unit", "what it bounds"});
  for (const LimitRow &row : limitRows)
    printRow(out, {code(row.name), std::to_string(row.value), row.unit, row.what});
}

void xcs::printDiagnosticDocs(llvm::raw_ostream &out) {
  out << "# Diagnostics\n\n`{0}`, `{1}`, ... stand for the subject of the message.\n\n";
  out << "A class says what an error means; the exit code follows from it, and so does whether `try` catches "
         "the error.\n\n";
  printHead(out, {"class", "exit code", "caught by `try`"});
  for (size_t i = 1; i < failureClassCount; ++i) {
    const FailureClass failure = static_cast<FailureClass>(i);
    printRow(out, {failureClassName(failure), std::to_string(static_cast<int>(exitCodeOf(failure))),
                   isCatchable(failure) ? "yes" : "no"});
  }
  out << '\n';
  printHead(out, {"kind", "severity", "class", "text"});
  for (size_t i = 0; i < diagnosticCount(); ++i) {
    const DiagnosticRow &row = rowOf(static_cast<Diag>(i));
    printRow(out, {code(row.kind), severityName(row.severity), failureClassName(row.failure), row.text});
  }
}
