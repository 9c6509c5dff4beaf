#pragma once
#include "Syntax/TokenStream.h"
#include <optional>
#include <string>

namespace xcs {

/// Reports what the grammar did not expect. A mistake is reported once: not again for the rules around it
/// that fail at the same token, not where another mistake just before made the tokens doubtful, not after the
/// reading was stopped. Thread safety: one thread.
class SyntaxErrors {
public:
  SyntaxErrors(Reading &reading, TokenStream &tokens) : reading(reading), tokens(tokens) {}

  /// Whether a mistake at the current token would be reported; working out what was expected takes a while.
  bool wanted() const;
  /// Whether the next error would still be shown; `unexpected` needs no words otherwise.
  bool shown() const { return reading.diagnostics.errorCount() < DiagnosticEngine::cap; }
  /// Where a mistake was made: something is missing within a construct, or something stands between two that
  /// belongs nowhere.
  enum class Where : uint8_t { Within, Between };
  /// Reports the current token. `expected` in words: "`)` or `,`". `unclosed`: a bracket that seems to lack
  /// its end.
  void unexpected(std::string_view expected, Where where, std::optional<Token> unclosed = std::nullopt);
  /// The parser's own stack is full: the nesting limit, by another count.
  void tooDeep() { reading.exceeds(Limit::NestingDepth, tokens.deepest(), tokens.current().offset); }
  void cannotRead(std::string_view reason);

private:
  Reading &reading;
  TokenStream &tokens;
  uint32_t lastOffset = UINT32_MAX;
};

/// A kind of token in words: "`)`", "a value such as `%x`".
std::string_view wordsFor(TokenKind kind);

} // namespace xcs
