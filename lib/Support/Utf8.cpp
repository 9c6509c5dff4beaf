#include "xcs/Support/Utf8.h"
#include "llvm/Support/ConvertUTF.h"
#include <algorithm>
#include <cstring>
#include <iterator>

using namespace xcs;

namespace {

bool continues(char c) { return (static_cast<unsigned char>(c) & 0xC0) == 0x80; }

/// Unicode 15, PropList.txt, White_Space, as UTF-8.
constexpr std::string_view whiteSpaces[] = {" ",
                                            "\t",
                                            "\n",
                                            "\v",
                                            "\f",
                                            "\r",
                                            "\xC2\x85",
                                            "\xC2\xA0",
                                            "\xE1\x9A\x80",
                                            "\xE2\x80\x80",
                                            "\xE2\x80\x81",
                                            "\xE2\x80\x82",
                                            "\xE2\x80\x83",
                                            "\xE2\x80\x84",
                                            "\xE2\x80\x85",
                                            "\xE2\x80\x86",
                                            "\xE2\x80\x87",
                                            "\xE2\x80\x88",
                                            "\xE2\x80\x89",
                                            "\xE2\x80\x8A",
                                            "\xE2\x80\xA8",
                                            "\xE2\x80\xA9",
                                            "\xE2\x80\xAF",
                                            "\xE2\x81\x9F",
                                            "\xE3\x80\x80"};

} // namespace

// Nearly all text is ASCII: checked eight bytes at a time. The rest uses LLVM's check, which is exact but
// slow.
size_t xcs::invalidUtf8At(std::string_view text) {
  const char *at = text.data(), *end = at + text.size();
  while (at != end) {
    uint64_t eight;
    if (end - at >= 8 && (std::memcpy(&eight, at, 8), (eight & 0x8080808080808080u) == 0)) {
      at += 8;
      continue;
    }
    const auto *lead = reinterpret_cast<const llvm::UTF8 *>(at);
    size_t size = *lead < 0x80 ? 1 : llvm::getNumBytesForUTF8(*lead);
    if (size > static_cast<size_t>(end - at) || (size > 1 && !llvm::isLegalUTF8Sequence(lead, lead + size)) ||
        (size == 1 && *lead >= 0x80))
      return static_cast<size_t>(at - text.data());
    at += size;
  }
  return std::string_view::npos;
}

size_t xcs::invalidTextAt(std::string_view text) {
  size_t nul = text.find('\0');
  size_t bad = invalidUtf8At(text.substr(0, nul));
  return bad == std::string_view::npos ? nul : bad;
}

std::string_view xcs::beginningOf(std::string_view text, size_t most) {
  size_t size = std::min(text.size(), most);
  for (size_t back = 0; back < 3 && size < text.size() && size; ++back, --size)
    if (!continues(text[size]))
      break;
  return text.substr(0, size);
}

std::string xcs::readableText(std::string_view text) {
  if (invalidUtf8At(text) == std::string_view::npos)
    return std::string(text);
  std::string out;
  for (char c : text)
    appendUtf8(out, static_cast<unsigned char>(c));
  return out;
}

// In valid UTF-8, each code point has exactly one byte that is not a continuation.
size_t xcs::codePointCount(std::string_view text) {
  return text.size() - static_cast<size_t>(std::count_if(text.begin(), text.end(), continues));
}

size_t xcs::byteOfCodePoint(std::string_view text, size_t index) {
  size_t at = 0;
  for (; at < text.size(); ++at)
    if (!continues(text[at]) && index-- == 0)
      break;
  return at;
}

std::string_view xcs::trimWhiteSpace(std::string_view text) {
  auto starts = [&](std::string_view space) { return text.starts_with(space); };
  auto ends = [&](std::string_view space) { return text.ends_with(space); };
  for (auto found = std::ranges::find_if(whiteSpaces, starts); found != std::end(whiteSpaces);
       found = std::ranges::find_if(whiteSpaces, starts))
    text.remove_prefix(found->size());
  for (auto found = std::ranges::find_if(whiteSpaces, ends); found != std::end(whiteSpaces);
       found = std::ranges::find_if(whiteSpaces, ends))
    text.remove_suffix(found->size());
  return text;
}

void xcs::appendUtf8(std::string &out, uint32_t codePoint) {
  char buffer[UNI_MAX_UTF8_BYTES_PER_CODE_POINT], *end = buffer;
  llvm::ConvertCodePointToUTF8(codePoint, end);
  out.append(buffer, end);
}

bool xcs::hasControlCharacter(std::string_view text) {
  for (size_t at = 0; at < text.size(); ++at) {
    const auto byte = static_cast<unsigned char>(text[at]);
    const bool isC1 = byte == 0xC2 && at + 1 < text.size() && static_cast<unsigned char>(text[at + 1]) < 0xA0;
    if (byte < 0x20 || byte == 0x7F || isC1)
      return true;
  }
  return false;
}
