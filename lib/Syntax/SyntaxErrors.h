#pragma once
#include "Syntax/TokenStream.h"
#include <optional>
#include <string>

namespace xcs {

/// Reports what the grammar did not expect. An error is reported once: not again for enclosing rules that
/// fail at the same token, not if an error just before made the tokens doubtful, not after reading was
/// stopped. Thread safety: one thread.
class SyntaxErrors {
public:
  SyntaxErrors(Reading &reading, TokenStream &tokens) : reading(reading), tokens(tokens) {}

  /// Whether an error at the current token would be reported; finding out what was expected is costly.
  bool wanted() const;
  /// Whether the next error would still be shown; otherwise `unexpected` needs no words.
  bool shown() const { return reading.diagnostics.errorCount() < DiagnosticEngine::cap; }
  /// Where an error is: something is missing within a construct, or something between two constructs belongs
  /// to neither.
  enum class Where : uint8_t { Within, Between };
  /// Reports the current token. `expected` in words: "`)` or `,`". `unclosed`: a bracket that seems to be
  /// unclosed.
  void unexpected(std::string_view expected, Where where, std::optional<Token> unclosed = std::nullopt);
  /// The parser's own stack is full: the nesting limit, counted differently.
  void tooDeep() { reading.exceeds(Limit::NestingDepth, tokens.deepest(), tokens.current().offset); }
  void cannotRead(std::string_view reason);

private:
  Reading &reading;
  TokenStream &tokens;
  uint32_t lastOffset = UINT32_MAX;
};

/// The operation whose operand at `offset` should be in parentheses, in `return %a`; empty if it is no such
/// operand.
std::string_view operationBefore(std::string_view text, uint32_t offset);

/// A kind of token in words: "`)`", "a value such as `%x`".
std::string_view wordsFor(TokenKind kind);

} // namespace xcs
