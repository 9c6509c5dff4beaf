#include "Model/RawJson.h"
#include "xcs/Support/Utf8.h"
#include <charconv>
#include <cmath>
#include <cstring>

using namespace xcs;

using Kind = RawJson::Kind;

static constexpr size_t npos = std::string_view::npos;
static bool isBlank(char byte) { return byte == ' ' || byte == '\n' || byte == '\r' || byte == '\t'; }

static size_t skipBlanks(std::string_view text, size_t at) {
  while (at < text.size() && isBlank(text[at]))
    ++at;
  return at;
}

/// The first place of a byte from `at` on; the size of the text when there is none.
static size_t findByte(std::string_view text, char byte, size_t at) {
  const void *found = memchr(text.data() + at, byte, text.size() - at);
  return found ? static_cast<size_t>(static_cast<const char *>(found) - text.data()) : text.size();
}

/// The position after the string whose quote is at `at`; npos when it is not closed.
static size_t skipString(std::string_view text, size_t at) {
  size_t quote = findByte(text, '"', ++at);
  for (;;) {
    size_t escape = findByte(text.substr(0, quote), '\\', at);
    if (escape >= quote)
      return quote < text.size() ? quote + 1 : npos;
    at = escape + 2;
    if (at > text.size())
      return npos;
    if (escape + 1 == quote)
      quote = findByte(text, '"', at);
  }
}

/// What `skipValue` gives for brackets that do not fit each other.
static constexpr size_t mismatched = npos - 1;

namespace {

/// Bytes by what they mean outside of strings.
enum : uint8_t { Plain = 0, Bracket = 1, Quote = 2, Other = 4 }; // Other: what ends a number or a word, too
struct ByteTable {
  uint8_t of[256] = {};
  constexpr ByteTable() {
    for (unsigned char byte : {'{', '}', '[', ']'})
      of[byte] = Bracket;
    for (unsigned char byte : {',', ':', ' ', '\t', '\r', '\n'})
      of[byte] = Other;
    of[static_cast<unsigned char>('"')] = Quote;
  }
  constexpr bool is(char byte, uint8_t kinds) const { return of[static_cast<unsigned char>(byte)] & kinds; }
};
constexpr ByteTable bytes;

/// Which of the brackets that are open are those of objects: a bit each, the innermost last.
class OpenBrackets {
public:
  void open(bool isObject) {
    if (depth % 64 == 0 && depth > 0)
      outer.push_back(bits);
    bits = bits << 1 | static_cast<uint64_t>(isObject);
    ++depth;
  }
  /// False when the innermost one is of the other kind.
  bool close(bool isObject) {
    if ((bits & 1) != static_cast<uint64_t>(isObject))
      return false;
    bits >>= 1;
    if (--depth % 64 == 0 && depth > 0) {
      bits = outer.back();
      outer.pop_back();
    }
    return true;
  }
  bool empty() const { return depth == 0; }

private:
  uint64_t bits = 0;
  size_t depth = 0;
  std::vector<uint64_t> outer;
};

} // namespace

/// The position after the array or object whose bracket is at `at`; npos when it is not closed.
static size_t skipContainer(std::string_view text, size_t at) {
  OpenBrackets open;
  const char *data = text.data();
  const size_t size = text.size();
  while (at < size) {
    const char byte = data[at];
    if (!bytes.is(byte, Bracket | Quote)) {
      ++at;
    } else if (byte == '"') {
      at = skipString(text, at);
      if (at == npos)
        return npos;
    } else {
      ++at;
      if (byte == '{' || byte == '[')
        open.open(byte == '{');
      else if (!open.close(byte == '}'))
        return mismatched;
      if (open.empty())
        return at;
    }
  }
  return npos;
}

static size_t skipValue(std::string_view text, size_t at) {
  if (at >= text.size())
    return npos;
  if (text[at] == '"')
    return skipString(text, at);
  if (text[at] == '{' || text[at] == '[')
    return skipContainer(text, at);
  size_t end = at;
  while (end < text.size() && !bytes.is(text[end], Bracket | Quote | Other))
    ++end;
  return end == at ? mismatched : end;
}

/// Whether a text is a number as RFC 8259 writes one, of whatever size.
static bool isNumber(std::string_view text) {
  size_t at = text.starts_with('-');
  auto digits = [&] {
    size_t begin = at;
    while (at < text.size() && text[at] >= '0' && text[at] <= '9')
      ++at;
    return at - begin;
  };
  size_t first = at;
  size_t whole = digits();
  if (whole == 0 || (whole > 1 && text[first] == '0'))
    return false;
  if (at < text.size() && text[at] == '.' && (++at, digits() == 0))
    return false;
  if (at < text.size() && (text[at] == 'e' || text[at] == 'E')) {
    ++at;
    at += at < text.size() && (text[at] == '+' || text[at] == '-');
    if (digits() == 0)
      return false;
  }
  return at == text.size();
}

static Kind kindOf(std::string_view text) {
  switch (text.front()) {
  case '{':
    return Kind::Object;
  case '[':
    return Kind::Array;
  case '"':
    return Kind::String;
  default: // of a text of bytes: a word or a number
    break;
  }
  if (text == "null")
    return Kind::Null;
  if (text == "true" || text == "false")
    return Kind::Bool;
  return isNumber(text) ? Kind::Number : Kind::Odd;
}

RawJson RawJson::firstOf(std::string_view text) {
  size_t end = skipValue(text, 0);
  if (end == npos || end == mismatched)
    return {};
  text = text.substr(0, end);
  return {kindOf(text), text};
}

RawJson::Fault RawJson::whole(std::string_view text, RawJson &out, std::string_view *rest) {
  text = withoutByteOrderMark(text);
  size_t begin = skipBlanks(text, 0);
  if (begin == text.size())
    return Fault::Empty;
  size_t end = skipValue(text, begin);
  if (end == npos)
    return Fault::CutOff;
  if (end == mismatched)
    return Fault::Wrong;
  out = {kindOf(text.substr(begin, end - begin)), text.substr(begin, end - begin)};
  if (out.own == Kind::Odd)
    return Fault::Wrong;
  size_t behind = skipBlanks(text, end);
  if (rest)
    *rest = text.substr(behind);
  return behind == text.size() ? Fault::None : Fault::Extra;
}

std::string_view RawJson::description() const {
  switch (own) {
  case Kind::Absent:
    return "nothing";
  case Kind::Null:
    return "null";
  case Kind::Bool:
    return "a bool";
  case Kind::Number:
    return "a number";
  case Kind::String:
    return "a string";
  case Kind::Array:
    return "a list";
  case Kind::Object:
    return "an object";
  case Kind::Odd:
    return "something that is no JSON";
  case Kind::Twice:
    return "two different values";
  }
  return {};
}

// Halves of characters: U+D800 to U+DBFF and U+DC00 to U+DFFF, which belong together in this order. In bytes
// each of them is ED, A0 to BF, and one more.
static bool isHigh(uint32_t unit) { return unit >= 0xD800 && unit < 0xDC00; }
static bool isLow(uint32_t unit) { return unit >= 0xDC00 && unit < 0xE000; }

/// The half whose three bytes are at `at`; 0 when there is none.
static uint32_t halfAt(std::string_view text, size_t at) {
  if (at + 3 > text.size() || text[at] != '\xED')
    return 0;
  auto second = static_cast<unsigned char>(text[at + 1]), third = static_cast<unsigned char>(text[at + 2]);
  return second >= 0xA0 && second <= 0xBF && third >= 0x80 && third <= 0xBF
             ? 0xD000u | (second & 0x3Fu) << 6 | (third & 0x3Fu)
             : 0;
}

/// Appends a code point, or a half in its three bytes.
static void appendUnit(std::string &out, uint32_t unit) {
  if (!isHigh(unit) && !isLow(unit)) {
    appendUtf8(out, unit);
    return;
  }
  out += '\xED';
  out += static_cast<char>(0x80 | (unit >> 6 & 0x3F));
  out += static_cast<char>(0x80 | (unit & 0x3F));
}

static bool readHex(std::string_view digits, uint32_t &out) {
  if (digits.size() < 4)
    return false;
  auto [end, error] = std::from_chars(digits.data(), digits.data() + 4, out, 16);
  return error == std::errc() && end == digits.data() + 4;
}

/// Appends what an escape means; `rest` begins after the backslash and then after the escape.
static bool appendEscape(std::string_view &rest, std::string &out) {
  static constexpr std::string_view letters = "\"\\/bfnrt", meanings = "\"\\/\b\f\n\r\t";
  if (rest.empty())
    return false;
  char letter = rest.front();
  rest.remove_prefix(1);
  if (size_t which = letters.find(letter); which != npos) {
    out += meanings[which];
    return true;
  }
  uint32_t unit;
  if (letter != 'u' || !readHex(rest, unit))
    return false;
  rest.remove_prefix(4);
  appendUnit(out, unit);
  return true;
}

bool RawJson::appendTo(std::string &out) const {
  std::string_view rest = written.substr(1, written.size() - 2);
  while (!rest.empty()) {
    size_t escape = std::min(rest.find('\\'), rest.size());
    out += rest.substr(0, escape);
    rest.remove_prefix(escape);
    if (rest.empty())
      break;
    rest.remove_prefix(1);
    if (!appendEscape(rest, out))
      return false;
  }
  return true;
}

std::optional<double> RawJson::number() const {
  std::string_view text = written;
  if (own == Kind::String)
    text = text.substr(1, text.size() - 2);
  else if (own != Kind::Number)
    return std::nullopt;
  double value;
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error == std::errc::result_out_of_range && isNumber(text))
    value = std::strtod(std::string(text).c_str(), nullptr); // too near to zero is zero
  else if (error != std::errc() || end != text.data() + text.size())
    return std::nullopt;
  return std::isfinite(value) ? std::optional(value) : std::nullopt;
}

std::optional<int64_t> RawJson::integer() const {
  std::string_view text = own == Kind::String ? written.substr(1, written.size() - 2) : written;
  int64_t whole;
  if (own != Kind::String && own != Kind::Number)
    return std::nullopt;
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), whole);
  if (error == std::errc() && end == text.data() + text.size())
    return whole;
  std::optional<double> real = number();
  constexpr double most = 9007199254740992.0; // 2^53: beyond it a double skips whole numbers
  if (!real || std::floor(*real) != *real || std::abs(*real) > most)
    return std::nullopt;
  return static_cast<int64_t>(*real);
}

bool RawJson::numbers(std::vector<double> &out) const {
  const char *at = written.data() + skipBlanks(written, 1), *last = written.data() + written.size() - 1;
  auto isDigit = [](char byte) { return byte >= '0' && byte <= '9'; };
  while (at < last) {
    const char *first = at + (*at == '-');
    double number;
    auto [end, error] = std::from_chars(at, last, number);
    bool isStrict = isDigit(*first) && (*first != '0' || !isDigit(first[1]));
    if (error != std::errc() || !isStrict || !isDigit(end[-1]))
      return false;
    out.push_back(number);
    size_t behind = skipBlanks(written, static_cast<size_t>(end - written.data()));
    at = written.data() + behind;
    if (at == last)
      return true;
    if (*at != ',')
      return false;
    at = written.data() + skipBlanks(written, behind + 1);
  }
  return false;
}

bool RawJson::items(std::vector<RawJson> &out) const {
  size_t at = skipBlanks(written, 1), last = written.size() - 1;
  if (at == last)
    return true;
  while (at < last) {
    size_t end = skipValue(written, at);
    if (end > last)
      return false;
    std::string_view item = written.substr(at, end - at);
    out.push_back({kindOf(item), item});
    at = skipBlanks(written, end);
    if (at == last)
      return true;
    if (written[at] != ',')
      return false;
    at = skipBlanks(written, at + 1);
  }
  return false;
}

RawObject::RawObject(const RawJson &object) {
  if (object.kind() != Kind::Object)
    return;
  std::string_view text = object.text();
  size_t at = skipBlanks(text, 1), last = text.size() - 1;
  if (at == last)
    return;
  broken = true;
  while (at < last && text[at] == '"') {
    size_t keyEnd = skipString(text, at), colon = skipBlanks(text, keyEnd);
    if (colon >= last || text[colon] != ':')
      return;
    size_t begin = skipBlanks(text, colon + 1), end = skipValue(text, begin);
    if (end > last)
      return;
    std::string_view value = text.substr(begin, end - begin);
    members.push_back({text.substr(at + 1, keyEnd - at - 2), {kindOf(value), value}});
    at = skipBlanks(text, end);
    if (at == last) {
      broken = false;
      return;
    }
    if (text[at] != ',')
      return;
    at = skipBlanks(text, at + 1);
  }
}

/// Reads the escapes of a key; false when one is none.
static bool readKey(std::string_view written, std::string &out) {
  std::string quoted = '"' + std::string(written) + '"';
  return RawJson::firstOf(quoted).appendTo(out);
}

static bool isKey(std::string_view written, std::string_view key) {
  if (written.find('\\') == npos)
    return written == key;
  std::string decoded;
  return readKey(written, decoded) && decoded == key;
}

bool RawObject::forEach(const std::function<bool(std::string_view, const RawJson &)> &visit) const {
  for (const Member &member : members) {
    std::string decoded;
    const bool isPlain = member.key.find('\\') == npos;
    if (!isPlain && !readKey(member.key, decoded))
      continue;
    if (!visit(isPlain ? member.key : std::string_view(decoded), member.value))
      return false;
  }
  return true;
}

RawJson RawObject::find(std::string_view key) const {
  RawJson found;
  for (const Member &member : members) {
    if (!isKey(member.key, key))
      continue;
    if (found.kind() != Kind::Absent && found.text() != member.value.text())
      found.own = Kind::Twice;
    else
      found = member.value;
    if (found.own == Kind::Twice)
      return found;
  }
  return found;
}

RawJson RawJson::at(std::string_view pointer) const {
  RawJson here = *this;
  while (!pointer.empty() && here.own != Kind::Absent) {
    pointer.remove_prefix(1);
    std::string_view key = pointer.substr(0, pointer.find('/'));
    pointer.remove_prefix(key.size());
    if (here.own == Kind::Object) {
      here = RawObject(here).find(key);
      continue;
    }
    std::vector<RawJson> items;
    size_t index = 0;
    bool isIndex = std::from_chars(key.data(), key.data() + key.size(), index).ec == std::errc();
    if (here.own != Kind::Array || !isIndex || !here.items(items) || index >= items.size())
      return {};
    here = items[index];
  }
  return here;
}

bool xcs::makeReadable(std::string &text) {
  std::string out;
  size_t from = 0;
  for (size_t at = text.find('\xED'); at != npos; at = text.find('\xED', std::max(at + 1, from))) {
    uint32_t half = halfAt(text, at);
    if (!half)
      continue;
    uint32_t next = isHigh(half) ? halfAt(text, at + 3) : 0;
    bool isPair = isLow(next);
    out.append(text, from, at - from);
    appendUtf8(out, isPair ? 0x10000 + ((half - 0xD800) << 10) + (next - 0xDC00) : 0xFFFD);
    from = at + (isPair ? 6 : 3);
  }
  if (from > 0)
    text = out.append(text, from, npos);
  return invalidUtf8At(text) == npos;
}
