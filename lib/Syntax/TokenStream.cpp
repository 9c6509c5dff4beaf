#include "Syntax/TokenStream.h"
#include <algorithm>

using namespace xcs;

// Parentheses have smaller numbers: they do not nest.
static constexpr TokenKind firstCounted = TokenKind::LBrace;

TokenStream::TokenStream(Reading &reading)
    : reading(reading), lexer(reading.text),
      maxDepth(std::min(reading.limits[Limit::NestingDepth], deepestPossible)) {
  fetch();
}

void TokenStream::fetch() {
  if (reading.stopped) {
    now = {TokenKind::End, now.offset, 0};
    return;
  }
  now = lexer.next();
  if (now.kind >= firstCounted && now.kind <= TokenKind::Greater)
    count(now.kind);
  else if (now.kind >= TokenKind::Unclosed)
    lexicalError();
}

void TokenStream::count(TokenKind bracket) {
  unsigned number = static_cast<unsigned>(bracket) - static_cast<unsigned>(firstCounted);
  auto pair = static_cast<uint8_t>(number / 2);
  if (number % 2 == 0) {
    open.push_back(pair);
    if (open.size() > maxDepth) {
      reading.exceeds(Limit::NestingDepth, maxDepth, now.offset);
      now = {TokenKind::End, now.offset, 0};
    }
    return;
  }
  // A bracket also closes whatever was opened within it and left open. An unmatched one is ignored.
  auto match = std::find(open.rbegin(), open.rend(), pair);
  if (match != open.rend())
    open.erase(match.base() - 1, open.end());
}

/// Reports unknown characters and skips them; an unclosed string counts as a string. A loop: a file of
/// unknown characters only must not recurse.
void TokenStream::lexicalError() {
  uint32_t end = UINT32_MAX; // of the last unknown characters reported: a run of them is one error
  for (; now.kind == TokenKind::Unknown; now = lexer.next()) {
    if (now.offset != end)
      reading.report(Diag::BadCharacter, now, {"`" + std::string(reading.spelling(now)) + "`"});
    reading.doubt(now.offset);
    end = now.end();
  }
  if (now.kind == TokenKind::Unclosed) {
    bool raw = reading.spelling(now).starts_with("\"\"\"");
    reading.report(Diag::UnterminatedString, now, {raw ? "\"\"\"" : "\""});
    reading.doubt(now.offset);
    now.kind = TokenKind::String;
  } else if (now.kind >= firstCounted && now.kind <= TokenKind::Greater) {
    count(now.kind);
  }
}

bool TokenStream::firstOnLine() const {
  std::string_view before = reading.text.substr(0, now.offset);
  size_t last = before.find_last_not_of(" \t");
  return last == before.npos || before[last] == '\n' || before[last] == '\r';
}
