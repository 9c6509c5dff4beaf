// The hand-written lexer against the one generated from its specification: the same tokens, whatever the
// text.
#include "../unit/Syntax/LexerOracle.h"
#include "xcs/Support/Utf8.h"
#include <cstdio>
#include <cstdlib>

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  std::string text(reinterpret_cast<const char *>(data), size);
  if (xcs::invalidTextAt(text) != std::string_view::npos) // the lexer never sees such
    return 0;
  std::string wanted = xcs::describe(xcs::tokensBySpecification(text), text);
  std::string found = xcs::describe(xcs::tokensByLexer(text), text);
  if (wanted == found)
    return 0;
  std::fprintf(stderr, "by the specification:\n%s\nby the lexer:\n%s\n", wanted.c_str(), found.c_str());
  std::abort();
}
