#pragma once
#include "xcs/Ops/Attributes.h"
#include "xcs/Ops/Constants.h"
#include <array>
#include <cstdint>
#include <span>
#include <string_view>

namespace xcs {

// The small language in which rows of the op table describe their operands, results and attributes. It is
// parsed at compile time, so a wrong row does not compile and the tables cost no start-up time.
//
//   signature := params? '->' params?         params := param (',' param)*
//   param     := type ('...' | '?')?          `...`: any number (last only); `?`: may be missing
//                                             (only such follow)
//   type      := kind ('<' type (',' type)? '>')?
//                                             kind: bool i64 f64 str bytes json none duration secret
//                                                   list option result dict (which has two types)
//              | 'record'                     any record            | 'any'   any type, each operand its own
//              | 'T' | 'U'                    a type variable: the same type wherever it occurs
//
//   attrs     := attr (',' attr)*             attr := key '!'?        `!`: required
// The key names a row of Attributes.def, which says the rest. Types there: a flag is a bare key or a bool,
// f64 accepts integers, texts is a list of strings.

/// What a signature requires of a type, in preorder: a node of kind List, Option, Result is followed by its
/// element, one of kind Dict by its key and its value.
struct SignatureNode {
  enum class Form : uint8_t { Exact, Variable, AnyRecord, Any } form = Form::Any;
  TypeKind kind = TypeKind::None; // Exact
  uint8_t variable = 0;           // Variable: 0 for T, 1 for U
};

struct SignatureParam {
  uint8_t firstNode = 0;
  enum class Count : uint8_t { One, Optional, Many } count = Count::One;
};

/// A parsed signature.
struct SignatureText {
  static constexpr size_t maxNodes = 24, maxParams = 8;
  std::array<SignatureNode, maxNodes> nodes{};
  std::array<SignatureParam, maxParams> params{};
  uint8_t nodeCount = 0, operandCount = 0, resultCount = 0;
  std::string_view text; // as written, for messages and docs

  consteval SignatureText(const char *source);
  constexpr std::span<const SignatureParam> operands() const { return {params.data(), operandCount}; }
  constexpr std::span<const SignatureParam> results() const {
    return {params.data() + operandCount, resultCount};
  }
  /// Whether a dictionary has the type variable (0 for T, 1 for U) as its keys.
  constexpr bool isKey(uint8_t variable) const {
    for (size_t i = 1; i < nodeCount; ++i)
      if (nodes[i].form == SignatureNode::Form::Variable && nodes[i].variable == variable &&
          nodes[i - 1].form == SignatureNode::Form::Exact && nodes[i - 1].kind == TypeKind::Dict)
        return true;
    return false;
  }
};

/// An attribute in the list of an operation or resource.
struct AttrRow {
  Attribute attribute{};
  bool required = false;
  std::string_view name = {}; // from the row of the attribute, like `type`: copied for fast access
  AttrType type = AttrType::Any;
};

/// The parsed attribute rows of an operation or resource.
struct AttrListText {
  static constexpr size_t maxRows = 24;
  std::array<AttrRow, maxRows> rows{};
  uint8_t count = 0;
  std::string_view text;

  consteval AttrListText(const char *source);
  constexpr std::span<const AttrRow> all() const { return {rows.data(), count}; }
};

namespace detail {

/// Deliberately not constexpr: a call of it makes a wrong row a compile error that shows the text.
inline void rowError(const char *) {}

/// A cursor over a row's text; errors are compile errors.
struct RowCursor {
  std::string_view rest;

  constexpr void skipSpace() {
    while (!rest.empty() && rest.front() == ' ')
      rest.remove_prefix(1);
  }
  constexpr bool eat(std::string_view word) {
    skipSpace();
    if (!rest.starts_with(word))
      return false;
    rest.remove_prefix(word.size());
    return true;
  }
  constexpr std::string_view word() {
    skipSpace();
    size_t n = 0;
    while (n < rest.size() && ((rest[n] >= 'a' && rest[n] <= 'z') || (rest[n] >= 'A' && rest[n] <= 'Z') ||
                               (rest[n] >= '0' && rest[n] <= '9') || rest[n] == '_'))
      ++n;
    std::string_view out = rest.substr(0, n);
    rest.remove_prefix(n);
    return out;
  }
  constexpr bool done() {
    skipSpace();
    return rest.empty();
  }
};

consteval SignatureNode signatureNode(std::string_view word) {
  constexpr std::string_view kinds[] = {"bool",     "i64",    "f64",  "str",    "bytes",  "json",   "none",
                                        "duration", "secret", "list", "option", "result", "record", "dict"};
  if (word == "any")
    return {SignatureNode::Form::Any};
  if (word == "record")
    return {SignatureNode::Form::AnyRecord};
  if (word == "T" || word == "U")
    return {SignatureNode::Form::Variable, TypeKind::None, static_cast<uint8_t>(word == "U")};
  for (size_t i = 0; i < std::size(kinds); ++i)
    if (kinds[i] == word)
      return {SignatureNode::Form::Exact, static_cast<TypeKind>(i)};
  rowError("unknown type in a signature");
  return {};
}

consteval AttrRow attrRowNamed(std::string_view name) {
  for (size_t i = 0; i < attributeCount; ++i)
    if (attributeRows[i].name == name)
      return {static_cast<Attribute>(i), false, attributeRows[i].name, attributeRows[i].type};
  rowError("no such attribute; add a row to Attributes.def");
  return {};
}

} // namespace detail

consteval SignatureText::SignatureText(const char *source) : text(source) {
  detail::RowCursor cursor{text};
  bool inResults = false;
  while (!cursor.done()) {
    if (cursor.eat("->")) {
      inResults = true;
      continue;
    }
    params[operandCount + resultCount].firstNode = nodeCount;
    size_t open = 0, missing = 1; // types
    while (true) {
      SignatureNode &node = nodes[nodeCount++] = detail::signatureNode(cursor.word());
      --missing;
      if (cursor.eat("<")) {
        missing += node.form == SignatureNode::Form::Exact && node.kind == TypeKind::Dict ? 2 : 1;
        ++open;
        continue;
      }
      while (open && cursor.eat(">"))
        --open;
      if (!open || !cursor.eat(","))
        break;
    }
    if (open || missing)
      detail::rowError("a missing >, or too few or too many types, in a signature");
    SignatureParam &param = params[operandCount + resultCount];
    if (cursor.eat("..."))
      param.count = SignatureParam::Count::Many;
    else if (cursor.eat("?"))
      param.count = SignatureParam::Count::Optional;
    ++(inResults ? resultCount : operandCount);
    cursor.eat(",");
  }
  if (!inResults)
    detail::rowError("a signature needs an arrow");
}

consteval AttrListText::AttrListText(const char *source) : text(source) {
  detail::RowCursor cursor{text};
  while (!cursor.done()) {
    AttrRow &row = rows[count++];
    row = detail::attrRowNamed(cursor.word());
    row.required = cursor.eat("!");
    cursor.eat(",");
  }
}

} // namespace xcs
