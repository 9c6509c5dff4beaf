#pragma once
#include "Syntax/ProgramParts.h"
#include "Syntax/Token.h"
#include "xcs/IR/Module.h"
#include "xcs/Support/Diagnostics.h"
#include "xcs/Support/Limits.h"

namespace xcs {

/// The state shared by all parts that read one text. Thread safety: one thread.
struct Reading {
  Module &module;
  ProgramParts &program;
  const SourceBuffer &source;
  uint32_t base; // offset of the text's first byte in the module's locations
  std::string_view text;
  DiagnosticEngine &diagnostics;
  const Limits &limits;

  /// Set when a limit is reached: no more tokens are produced, and no more errors are reported.
  bool stopped = false;
  /// Where the current operation or item begins.
  uint32_t unitBegin = 0;
  /// Where the last error was that makes the following tokens doubtful (an unclosed string): a syntax error
  /// in the same unit would only be a consequence of it.
  uint32_t doubtfulSince = 0;
  bool doubtful = false;

  std::string_view spelling(Token t) const { return t.in(text); }
  /// Interns an identifier, with or without a `%` or `@` before it.
  StringId identifier(Token t) { return module.pool.intern(spelling(t)); }
  StringId marked(Token t) { return module.pool.intern(spelling(t).substr(1)); }
  /// The location of a byte of this text.
  Location at(uint32_t offset) const { return Location::atOffset(base + offset); }
  void report(Diag id, Location place, std::initializer_list<std::string_view> arguments = {}) {
    if (!stopped)
      diagnostics.report(id, place, arguments);
  }
  void report(Diag id, uint32_t offset, std::initializer_list<std::string_view> arguments = {}) {
    report(id, at(offset), arguments);
  }
  void report(Diag id, Token token, std::initializer_list<std::string_view> arguments = {}) {
    report(id, token.offset, arguments);
  }
  /// Reports that `limit` is exceeded, and stops reading.
  void exceeds(Limit limit, uint64_t value, uint32_t offset);

  void doubt(uint32_t offset) {
    doubtfulSince = offset;
    doubtful = true;
  }
  bool inDoubt() const { return doubtful && doubtfulSince >= unitBegin; }
};

} // namespace xcs
