#pragma once
#include "Ops/Regex.h"
#include "xcs/Ops/Value.h"
#include <optional>

namespace xcs {

/// A pattern of a JSON Schema, which is to be written as in ECMA-262 and is searched for anywhere in a text.
/// Of what RE2 lacks it takes `\u0041`, `\cA`, `(?<name>..)`, and lookahead directly after a leading `^`:
/// the texts that `^(?!A)(?=B)C` matches are those that `^C` and `^B` match and `^A` does not. Thread safety:
/// immutable.
class SchemaPattern {
public:
  /// Nothing, with the reason in `what`, where it is no such pattern.
  static std::optional<SchemaPattern> compile(std::string_view pattern, const Limits &limits,
                                              std::string &what);
  /// Of a key: a short text.
  bool matches(std::string_view text) const;
  /// Of a string, which may be long: a stop of the run ends the search, and what it says then means nothing.
  bool matches(const Value &text, const Limits &limits) const;
  /// As it was written.
  std::string_view text() const { return written; }

private:
  struct Part {
    std::unique_ptr<const Regex> regex;
    bool wanted;
  };
  std::string written;
  std::vector<Part> parts; // those that are wanted must match, the others must not
};

} // namespace xcs
