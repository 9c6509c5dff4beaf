#include "Runtime/Language/Reference.h"
#include "xcs/Ops/ConstantPool.h"
#include <algorithm>
#include <cmath>
#include <cstdlib>

using namespace xcs;
using namespace xcs::reference;

// str and bytes: docs/generated/ops.md, row by row. Positions count code points, so texts are taken apart
// into them.

std::u32string xcs::reference::decode(std::string_view text) {
  std::u32string out;
  for (size_t i = 0; i != text.size();) {
    unsigned char lead = static_cast<unsigned char>(text[i++]);
    int more = lead < 0x80 ? 0 : lead < 0xE0 ? 1 : lead < 0xF0 ? 2 : 3;
    char32_t c = more == 0 ? lead : lead & (0x3Fu >> more);
    while (more--)
      c = c << 6 | (static_cast<unsigned char>(text[i++]) & 0x3Fu);
    out += c;
  }
  return out;
}

std::string xcs::reference::encode(const std::u32string &text) {
  std::string out;
  for (char32_t c : text) {
    int more = c < 0x80 ? 0 : c < 0x800 ? 1 : c < 0x10000 ? 2 : 3;
    const unsigned char leads[] = {0, 0xC0, 0xE0, 0xF0};
    out += static_cast<char>(leads[more] | c >> (6 * more));
    while (more--)
      out += static_cast<char>(0x80 | ((c >> (6 * more)) & 0x3F));
  }
  return out;
}

/// A text of code points 0 to 0x10FFFF without surrogates, each in its shortest form.
bool xcs::reference::isUtf8(const std::string &bytes) {
  for (size_t i = 0; i != bytes.size();) {
    unsigned char lead = static_cast<unsigned char>(bytes[i]);
    size_t size = lead < 0x80 ? 1 : lead < 0xC2 ? 0 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : lead < 0xF5 ? 4 : 0;
    if (size == 0 || size > bytes.size() - i)
      return false;
    for (size_t k = 1; k != size; ++k)
      if ((static_cast<unsigned char>(bytes[i + k]) & 0xC0) != 0x80)
        return false;
    std::u32string one = decode(bytes.substr(i, size));
    if (encode(one).size() != size || (one[0] >= 0xD800 && one[0] < 0xE000) || one[0] > 0x10FFFF)
      return false;
    i += size;
  }
  return true;
}

namespace {

Value str(const std::string &text) { return Value::str(text); }
Value count(size_t n) { return Value::i64(static_cast<int64_t>(n)); }
Value texts(const std::vector<std::string> &parts) {
  std::vector<Value> items;
  for (const std::string &part : parts)
    items.push_back(str(part));
  return listOf(items);
}

/// An operand as `str.from` shows it.
std::string shown(Call &c, size_t k) {
  Value json;
  TypeKind kind = c.view.kind(c.types[k]);
  if (kind == TypeKind::Str)
    return c.s(k);
  toJson(c.view, c[k], c.types[k], false, json);
  if (kind == TypeKind::F64)
    return printFloat(c.f(k));
  bool written = kind == TypeKind::Bytes || kind == TypeKind::Duration; // no quotes around them
  return written ? std::string(json.text()) : writeJson(json, false);
}

/// Fills `{0}`, `{1}`, ... by what `fill` gives, `{{` and `}}` by braces.
template <class Fill> std::string filled(const std::string &holes, Fill fill) {
  std::string out;
  for (size_t i = 0; i != holes.size(); ++i) {
    if (holes[i] != '{' && holes[i] != '}') {
      out += holes[i];
    } else if (holes[i + 1] == holes[i]) {
      out += holes[i++];
    } else {
      size_t close = holes.find('}', i);
      out += fill(static_cast<size_t>(std::stoul(holes.substr(i + 1, close - i - 1))));
      i = close;
    }
  }
  return out;
}

std::vector<std::string> splitAt(const std::string &whole, const std::string &separator) {
  std::vector<std::string> parts;
  size_t start = 0;
  for (size_t at; (at = whole.find(separator, start)) != whole.npos; start = at + separator.size())
    parts.push_back(whole.substr(start, at - start));
  parts.push_back(whole.substr(start));
  return parts;
}
std::string joinWith(const std::vector<std::string> &parts, const std::string &separator) {
  std::string out;
  for (size_t i = 0; i != parts.size(); ++i)
    out += (i ? separator : "") + parts[i];
  return out;
}

Value join(Call &c) {
  std::vector<std::string> parts;
  for (const Value &v : c.list(0))
    parts.emplace_back(v.text());
  return str(joinWith(parts, c.size() > 1 ? c.s(1) : c.attr("separator") ? c.text("separator") : ""));
}
Value split(Call &c) {
  std::string separator = c.size() > 1 ? c.s(1) : c.text("separator");
  return separator.empty() ? c.fail(Diag::BadArgument) : texts(splitAt(c.s(0), separator));
}
Value lines(Call &c) {
  std::vector<std::string> parts = splitAt(c.s(0), "\n");
  if (parts.back().empty())
    parts.pop_back();
  else if (parts.back().ends_with("\r"))
    parts.back() += '\r'; // ended by no line end: it stays
  for (std::string &line : parts)
    if (line.ends_with("\r"))
      line.pop_back();
  return texts(parts);
}
Value replace(Call &c) {
  return c.s(1).empty() ? c.fail(Diag::BadArgument) : str(joinWith(splitAt(c.s(0), c.s(1)), c.s(2)));
}
bool isSpace(char32_t c) {
  return (c >= 9 && c <= 13) || c == 0x20 || c == 0x85 || c == 0xA0 || c == 0x1680 ||
         (c >= 0x2000 && c <= 0x200A) || c == 0x2028 || c == 0x2029 || c == 0x202F || c == 0x205F ||
         c == 0x3000;
}
Value trim(Call &c) {
  std::u32string text = decode(c.s(0));
  while (!text.empty() && isSpace(text.back()))
    text.pop_back();
  size_t first = 0;
  while (first != text.size() && isSpace(text[first]))
    ++first;
  return str(encode(text.substr(first)));
}
Value mapped(Call &c, char first, char last, int shift) {
  std::string text = c.s(0);
  for (char &letter : text)
    if (letter >= first && letter <= last)
      letter = static_cast<char>(letter + shift);
  return str(text);
}
Value slice(Call &c) {
  std::u32string text = decode(c.s(0));
  size_t first, last;
  return c.range(text.size(), first, last) ? str(encode(text.substr(first, last - first))) : Value();
}
Value find(Call &c) {
  size_t at = decode(c.s(0)).find(decode(c.s(1)));
  return at == std::u32string::npos ? Value::optionNone() : Value::some(count(at));
}
Value repeat(Call &c) {
  if (c.i(1) < 0)
    return c.fail(Diag::BadArgument);
  std::string out;
  c.gaveUp = static_cast<uint64_t>(c.i(1)) > 1000;
  for (int64_t i = 0; i != c.i(1) && !c.gaveUp; ++i)
    out += c.s(0);
  return str(out);
}
Value toInteger(Call &c) {
  __extension__ using Wide = __int128;
  std::string text = c.s(0);
  bool negative = text.starts_with("-");
  Wide number = 0;
  if (text.size() == negative)
    return c.fail(Diag::ParseFailed);
  for (char digit : text.substr(negative)) {
    number = number * 10 + (digit - '0');
    if (digit < '0' || digit > '9' || number > Wide(INT64_MAX) + negative)
      return c.fail(Diag::ParseFailed);
  }
  return Value::i64(static_cast<int64_t>(negative ? -number : number));
}
Value toFloat(Call &c) {
  std::string text = c.s(0);
  if (text == "nan" || text == "inf" || text == "-inf")
    return Value::f64(std::strtod(text.c_str(), nullptr));
  char *stop = nullptr;
  double number = std::strtod(text.c_str(), &stop);
  bool fine = !text.empty() && text.find_first_not_of("0123456789+-.eE") == text.npos && text[0] != '+' &&
              stop == text.c_str() + text.size() && std::isfinite(number);
  return fine ? Value::f64(number) : c.fail(Diag::ParseFailed);
}
Value toBool(Call &c) {
  bool fine = c.s(0) == "true" || c.s(0) == "false";
  return fine ? Value::boolean(c.s(0) == "true") : c.fail(Diag::ParseFailed);
}
/// By `size` units of a text; each piece begins `overlap` before the end of the one before it.
Value chunk(Call &c) {
  std::u32string text = decode(c.s(0));
  int64_t overlap = c.size() > 2 ? c.i(2) : 0;
  if (c.i(1) < 1 || overlap < 0 || overlap >= c.i(1))
    return c.fail(Diag::BadArgument);
  std::vector<std::string> pieces;
  size_t size = static_cast<size_t>(c.i(1)), step = size - static_cast<size_t>(overlap);
  for (size_t begin = 0, end = 0; end < text.size(); begin += step) {
    end = text.size() - begin < size ? text.size() : begin + size;
    pieces.push_back(encode(text.substr(begin, end - begin)));
  }
  return texts(pieces);
}

constexpr char digits[] = "0123456789abcdef";
Value toHex(Call &c) {
  std::string out;
  for (unsigned char byte : c.s(0))
    (out += digits[byte >> 4]) += digits[byte & 15];
  return str(out);
}
int digitOf(char c) {
  return c >= '0' && c <= '9'   ? c - '0'
         : c >= 'a' && c <= 'f' ? c - 'a' + 10
         : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                : -1;
}
bool fromHex(std::string_view text, std::string &out) {
  for (size_t i = 0; i < text.size(); i += 2) {
    int high = digitOf(text[i]), low = i + 1 < text.size() ? digitOf(text[i + 1]) : -1;
    if (high < 0 || low < 0)
      return false;
    out += static_cast<char>(high * 16 + low);
  }
  return true;
}
Value urlEncode(Call &c) {
  std::string out;
  for (char byte : c.s(0)) {
    bool plain = isalnum(static_cast<unsigned char>(byte)) ||
                 std::string_view("-._~").find(byte) != std::string_view::npos;
    char escaped[4];
    snprintf(escaped, sizeof escaped, "%%%02X", static_cast<unsigned char>(byte));
    out += plain ? std::string(1, byte) : escaped;
  }
  return str(out);
}
Value urlDecode(Call &c) {
  std::string text = c.s(0), out;
  for (size_t i = 0; i != text.size(); ++i) {
    if (text[i] != '%') {
      out += text[i];
    } else if (!fromHex(text.substr(i + 1, 2), out) || i + 2 >= text.size()) {
      return c.fail(Diag::ParseFailed);
    } else {
      i += 2;
    }
  }
  return isUtf8(out) ? str(out) : c.fail(Diag::InvalidUtf8);
}
Value hexText(Call &c) {
  std::string out;
  if (!fromHex(c.s(0), out))
    return c.fail(Diag::ParseFailed);
  return isUtf8(out) ? str(out) : c.fail(Diag::InvalidUtf8);
}
Value hexBytes(Call &c) {
  std::string out;
  return fromHex(c.s(0), out) ? Value::bytes(out) : c.fail(Diag::ParseFailed);
}
std::string joinedTexts(Call &c) {
  std::string out;
  for (const Value &v : c.operands)
    out += v.text();
  return out;
}
Value bytesSlice(Call &c) {
  size_t first, last;
  return c.range(c.s(0).size(), first, last) ? Value::bytes(c.s(0).substr(first, last - first)) : Value();
}

constexpr MeaningRow rows[] = {
    {OpCode::str_format,
     [](Call &c) { return str(filled(c.text("template"), [&](size_t k) { return shown(c, k); })); }},
    {OpCode::str_from, [](Call &c) { return str(shown(c, 0)); }},
    {OpCode::str_concat, [](Call &c) { return str(joinedTexts(c)); }},
    {OpCode::str_join, join},
    {OpCode::str_split, split},
    {OpCode::str_lines, lines},
    {OpCode::str_trim, trim},
    {OpCode::str_lower, [](Call &c) { return mapped(c, 'A', 'Z', 'a' - 'A'); }},
    {OpCode::str_upper, [](Call &c) { return mapped(c, 'a', 'z', 'A' - 'a'); }},
    {OpCode::str_replace, replace},
    {OpCode::str_find, find},
    {OpCode::str_slice, slice},
    {OpCode::str_length, [](Call &c) { return count(decode(c.s(0)).size()); }},
    {OpCode::str_starts_with, [](Call &c) { return Value::boolean(c.s(0).starts_with(c.s(1))); }},
    {OpCode::str_ends_with, [](Call &c) { return Value::boolean(c.s(0).ends_with(c.s(1))); }},
    {OpCode::str_contains, [](Call &c) { return Value::boolean(c.s(0).find(c.s(1)) != std::string::npos); }},
    {OpCode::str_repeat, repeat},
    {OpCode::str_to_i64, toInteger},
    {OpCode::str_to_f64, toFloat},
    {OpCode::str_to_bool, toBool},
    {OpCode::str_eq, [](Call &c) { return Value::boolean(c.s(0) == c.s(1)); }},
    {OpCode::str_ne, [](Call &c) { return Value::boolean(c.s(0) != c.s(1)); }},
    {OpCode::str_lt, [](Call &c) { return Value::boolean(c.s(0) < c.s(1)); }},
    {OpCode::str_le, [](Call &c) { return Value::boolean(c.s(0) <= c.s(1)); }},
    {OpCode::str_gt, [](Call &c) { return Value::boolean(c.s(0) > c.s(1)); }},
    {OpCode::str_ge, [](Call &c) { return Value::boolean(c.s(0) >= c.s(1)); }},
    {OpCode::str_chunk, chunk},
    {OpCode::str_url_encode, urlEncode},
    {OpCode::str_url_decode, urlDecode},
    {OpCode::str_to_hex, toHex},
    {OpCode::str_from_hex, hexText},

    {OpCode::bytes_from_str, [](Call &c) { return Value::bytes(c.s(0)); }},
    {OpCode::bytes_to_str, [](Call &c) { return isUtf8(c.s(0)) ? str(c.s(0)) : c.fail(Diag::InvalidUtf8); }},
    {OpCode::bytes_len, [](Call &c) { return count(c.s(0).size()); }},
    {OpCode::bytes_slice, bytesSlice},
    {OpCode::bytes_concat, [](Call &c) { return Value::bytes(joinedTexts(c)); }},
    {OpCode::bytes_eq, [](Call &c) { return Value::boolean(c.s(0) == c.s(1)); }},
    {OpCode::bytes_to_hex, toHex},
    {OpCode::bytes_from_hex, hexBytes},
};

} // namespace

std::span<const MeaningRow> xcs::reference::textMeanings() { return rows; }
