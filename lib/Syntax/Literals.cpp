#include "Syntax/Literals.h"
#include "xcs/Ops/ConstantPool.h"
#include "xcs/Support/Utf8.h"
#include <charconv>
#include <cmath>
#include <limits>
#include <optional>

using namespace xcs;

namespace {

/// Replaces the escapes of one string (RFC 8259, section 7).
class Unescaper {
public:
  Unescaper(Reading &reading, std::string_view body, uint32_t offset, std::string &out)
      : reading(reading), body(body), offset(offset), out(out) {}

  void run() {
    while (true) {
      size_t escape = body.find('\\', at);
      out += body.substr(at, escape == body.npos ? escape : escape - at);
      if (escape == body.npos)
        return;
      at = escape;
      if (!one()) {
        // The escape with the whole character after it.
        size_t size = std::min<size_t>(2, body.size() - at);
        while (at + size < body.size() && (static_cast<uint8_t>(body[at + size]) & 0xc0) == 0x80)
          ++size;
        if (body.substr(at, 2) == "\\u")
          size = std::min(body.find_first_not_of("0123456789abcdefABCDEF", at + 2),
                          std::min(at + 6, body.size())) -
                 at;
        reading.report(Diag::BadEscape, offset + static_cast<uint32_t>(at), {body.substr(at, size)});
        at += size;
      }
    }
  }

private:
  bool one() {
    if (at + 1 == body.size()) // only in an unclosed string
      return false;
    constexpr std::string_view letters = "\"\\/bfnrt", meanings = "\"\\/\b\f\n\r\t";
    if (size_t known = letters.find(body[at + 1]); known != letters.npos) {
      out += meanings[known];
      at += 2;
      return true;
    }
    std::optional<uint32_t> unit = hexUnit(at);
    if (!unit || (*unit >= 0xdc00 && *unit < 0xe000))
      return false;
    if (*unit < 0xd800 || *unit >= 0xe000) {
      appendUtf8(out, *unit);
      at += 6;
      return true;
    }
    std::optional<uint32_t> low = hexUnit(at + 6); // a surrogate pair
    if (!low || *low < 0xdc00 || *low >= 0xe000)
      return false;
    appendUtf8(out, 0x10000 + ((*unit - 0xd800) << 10) + (*low - 0xdc00));
    at += 12;
    return true;
  }

  std::optional<uint32_t> hexUnit(size_t from) const {
    if (from + 6 > body.size() || body[from] != '\\' || body[from + 1] != 'u')
      return std::nullopt;
    uint32_t unit = 0;
    const char *digits = body.data() + from + 2;
    if (std::from_chars(digits, digits + 4, unit, 16).ptr != digits + 4)
      return std::nullopt;
    return unit;
  }

  Reading &reading;
  std::string_view body;
  uint32_t offset;
  std::string &out;
  size_t at = 0;
};

} // namespace

std::string_view xcs::readText(Reading &reading, Token token, std::string &scratch) {
  std::string_view body = reading.spelling(token);
  std::string_view quote = body.starts_with("\"\"\"") ? "\"\"\"" : "\"";
  body.remove_prefix(quote.size());
  if (body.ends_with(quote)) // an unclosed string has been reported
    body.remove_suffix(quote.size());
  bool unclosed = reading.doubtful && reading.doubtfulSince == token.offset;
  if (quote.size() != 1 || unclosed || body.find('\\') == body.npos)
    return body;
  scratch.clear();
  Unescaper(reading, body, token.offset + 1, scratch).run();
  return scratch;
}

int64_t xcs::readInteger(Reading &reading, Token token) {
  std::string_view text = reading.spelling(token);
  bool negative = text.starts_with('-'), hex = text.find('x') != text.npos;
  std::string_view digits = text.substr(size_t(negative) + (hex ? 2 : 0));
  uint64_t magnitude = 0;
  auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), magnitude, hex ? 16 : 10);
  uint64_t most = static_cast<uint64_t>(std::numeric_limits<int64_t>::max()) + negative;
  if (error != std::errc() || magnitude > most) {
    reading.report(
        Diag::BadNumber, token,
        {text, "i64, whose maximum is 9223372036854775807 (`json.parse` reads larger ones from a text)"});
    return 0;
  }
  return static_cast<int64_t>(negative ? 0 - magnitude : magnitude);
}

double xcs::readFloat(Reading &reading, Token token) {
  std::string_view text = reading.spelling(token);
  if (text == "-inf")
    return -std::numeric_limits<double>::infinity();
  double value = 0;
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || std::isinf(value))
    reading.report(Diag::BadNumber, token, {text, "f64, whose range is 4.9e-324 to 1.7e308"});
  return value;
}

int64_t xcs::readDuration(Reading &reading, Token token) {
  const std::string_view text = reading.spelling(token);
  int64_t nanoseconds = 0;
  if (parseDuration(text, nanoseconds))
    return nanoseconds;
  // After its first unit come only letters, or else there is another part.
  const size_t unit = text.find_first_not_of("-0123456789.");
  const bool isOnePart = text.find_first_of("0123456789", unit) == text.npos;
  reading.report(Diag::BadNumber, token,
                 {text, isOnePart ? "a duration, which counts whole nanoseconds up to 292 years"
                                  : "a duration, whose units go from large to small, up to 292 years"});
  return 0;
}
