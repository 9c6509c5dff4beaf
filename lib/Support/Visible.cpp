#include "xcs/Support/Visible.h"
#include "llvm/Support/ConvertUTF.h"
#include "llvm/Support/Format.h"

using namespace xcs;

using As = VisibleCharacter::As;

static bool isInvisible(uint32_t code) {
  struct Range {
    uint32_t first, last;
  };
  static constexpr Range ranges[] = {{0xad, 0xad},     {0x61c, 0x61c},    {0x180e, 0x180e}, {0x200b, 0x200b},
                                     {0x200e, 0x200f}, {0x2028, 0x202e},  {0x2060, 0x206f}, {0xfeff, 0xfeff},
                                     {0xfff9, 0xfffb}, {0xe0000, 0xe007f}};
  for (const Range &range : ranges)
    if (code >= range.first && code <= range.last)
      return true;
  return false;
}

VisibleCharacter xcs::firstCharacter(std::string_view text) {
  VisibleCharacter found;
  const auto *begin = reinterpret_cast<const llvm::UTF8 *>(text.data()), *at = begin;
  llvm::UTF32 code = 0;
  if (llvm::convertUTF8Sequence(&at, at + text.size(), &code, llvm::strictConversion) != llvm::conversionOK) {
    found.code = static_cast<uint8_t>(text[0]);
    found.as = As::Byte;
    return found;
  }
  found.bytes = static_cast<size_t>(at - begin);
  found.code = code;
  if ((code < 0x20 && code != '\t') || (code >= 0x7f && code < 0xa0))
    found.as = As::Control;
  else if (isInvisible(code))
    found.as = As::Invisible;
  return found;
}

static void printEscape(const VisibleCharacter &c, Escapes escapes, llvm::raw_ostream &out) {
  switch (escapes) {
  case Escapes::Text:
    if (c.code < 0x100)
      out << "\\x" << llvm::format_hex_no_prefix(c.code, 2);
    else if (c.code < 0x10000)
      out << "\\u" << llvm::format_hex_no_prefix(c.code, 4);
    else
      out << "\\U" << llvm::format_hex_no_prefix(c.code, 8);
    return;
  case Escapes::Json:
    if (c.as == As::Byte)
      out << "\xef\xbf\xbd";
    else if (c.code < 0x10000)
      out << "\\u" << llvm::format_hex_no_prefix(c.code, 4);
    else // a pair of surrogates (RFC 8259, 7)
      out << "\\u" << llvm::format_hex_no_prefix(0xd7c0 + (c.code >> 10), 4) << "\\u"
          << llvm::format_hex_no_prefix(0xdc00 + (c.code & 0x3ff), 4);
    return;
  }
}

static void print(std::string_view text, llvm::raw_ostream &out, Escapes escapes, bool keepLines) {
  size_t done = 0;
  for (size_t i = 0; i < text.size();) {
    if ((text[i] >= ' ' && text[i] < 0x7f) || (keepLines && text[i] == '\n')) {
      ++i;
      continue;
    }
    VisibleCharacter c = firstCharacter(text.substr(i));
    if (c.as != As::Itself) {
      out << text.substr(done, i - done);
      printEscape(c, escapes, out);
      done = i + c.bytes;
    }
    i += c.bytes;
  }
  out << text.substr(done);
}

void xcs::printVisible(std::string_view text, llvm::raw_ostream &out, Escapes escapes) {
  print(text, out, escapes, false);
}

std::string xcs::visible(std::string_view text, Escapes escapes) {
  std::string shown;
  llvm::raw_string_ostream out(shown);
  print(text, out, escapes, false);
  return shown;
}

std::string xcs::visibleLines(std::string_view text, Escapes escapes) {
  std::string shown;
  llvm::raw_string_ostream out(shown);
  print(text, out, escapes, true);
  return shown;
}

/// How many bytes at the end of a text may begin an incomplete character: at most three.
static size_t unfinished(std::string_view text) {
  for (size_t back = 1; back <= 3 && back <= text.size(); ++back) {
    unsigned char byte = static_cast<unsigned char>(text[text.size() - back]);
    if (byte < 0x80)
      return 0;
    if (byte >= 0xc0)
      return llvm::getNumBytesForUTF8(byte) > back ? back : 0;
  }
  return 0;
}

void VisibleStream::write_impl(const char *text, size_t size) {
  written += size;
  std::string joined;
  std::string_view whole(text, size);
  if (!begun.empty()) {
    joined = std::move(begun) + std::string(whole);
    whole = joined;
  }
  size_t kept = unfinished(whole);
  print(whole.substr(0, whole.size() - kept), out, escapes, true);
  begun = whole.substr(whole.size() - kept);
}

VisibleStream::~VisibleStream() {
  flush();
  print(begun, out, escapes, true); // never completed to a character
}
