#include "Ops/Text.h"
#include "xcs/Support/Utf8.h"
#include <algorithm>
#include <cstring>

using namespace xcs;

// Text without escapes is copied in runs. Everything from U+0080 on and DEL is unchanged: only what JSON
// requires is escaped (RFC 8259, section 7).
void xcs::appendEscaped(std::string &out, std::string_view text) {
  constexpr char digits[] = "0123456789abcdef";
  constexpr std::string_view named = "\"\\\b\f\n\r\t", letters = "\"\\bfnrt";
  size_t clean = 0; // start of the run without escapes
  for (size_t i = 0; i < text.size(); ++i) {
    unsigned char c = static_cast<unsigned char>(text[i]);
    if (c >= 0x20 && c != '"' && c != '\\')
      continue;
    out.append(text, clean, i - clean);
    clean = i + 1;
    out += '\\';
    if (size_t at = named.find(text[i]); at != named.npos) {
      out += letters[at];
    } else {
      out += "u00";
      out += digits[c >> 4];
      out += digits[c & 15];
    }
  }
  out.append(text, clean);
}

std::string xcs::excerpt(std::string_view text) {
  constexpr size_t most = 40;
  std::string_view shown = text.substr(0, byteOfCodePoint(text.substr(0, 4 * most + 4), most));
  std::string out;
  appendEscaped(out, shown);
  return shown.size() < text.size() ? out + "..." : out;
}

// The standard library's find is quadratic for texts like "aaa...", so a program could make it run for hours
// within its limits. memmem is not (two-way algorithm, Crochemore and Perrin 1991).
static size_t findPiece(std::string_view whole, std::string_view part) {
  const void *found = ::memmem(whole.data(), whole.size(), part.data(), part.size());
  return found ? static_cast<size_t>(static_cast<const char *>(found) - whole.data()) : whole.npos;
}

size_t xcs::findText(std::string_view whole, std::string_view part, const Limits &limits, size_t from) {
  if (from > whole.size())
    return whole.npos;
  if (part.empty())
    return from;
  // In pieces, each of which overlaps the next by what may hold a beginning of the part.
  const size_t step = std::max<size_t>(size_t(16) << 20, part.size());
  for (; whole.size() - from >= part.size(); from += std::min(step, whole.size() - from)) {
    if (limits.isStopped())
      return whole.npos;
    if (size_t at = findPiece(whole.substr(from, step + part.size() - 1), part); at != whole.npos)
      return from + at;
  }
  return whole.npos;
}
