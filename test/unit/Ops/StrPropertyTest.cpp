// Properties of random texts, with rapidcheck where it is installed.
#ifdef XCS_HAVE_RAPIDCHECK
#include "OpsTest.h"
#include <rapidcheck/gtest.h>

using namespace xcs;

namespace {

/// Code points as a test draws them: of every length in UTF-8, some of them special to some operation.
std::u32string drawText() {
  return *rc::gen::container<std::u32string>(rc::gen::oneOf(
      rc::gen::inRange<char32_t>(0x20, 0x7f), rc::gen::elementOf(std::u32string(U"{}0123%$\n\t\u00a0")),
      rc::gen::inRange<char32_t>(0x80, 0x800), rc::gen::inRange<char32_t>(0x800, 0xd800),
      rc::gen::inRange<char32_t>(0x10000, 0x110000)));
}

std::string utf8(std::u32string_view text) {
  std::string out;
  for (char32_t c : text) {
    if (c < 0x80) {
      out += static_cast<char>(c);
    } else if (c < 0x800) {
      out += {static_cast<char>(0xc0 | c >> 6), static_cast<char>(0x80 | (c & 63))};
    } else if (c < 0x10000) {
      out += {static_cast<char>(0xe0 | c >> 12), static_cast<char>(0x80 | (c >> 6 & 63)),
              static_cast<char>(0x80 | (c & 63))};
    } else {
      out += {static_cast<char>(0xf0 | c >> 18), static_cast<char>(0x80 | (c >> 12 & 63)),
              static_cast<char>(0x80 | (c >> 6 & 63)), static_cast<char>(0x80 | (c & 63))};
    }
  }
  return out;
}

struct StrProperties : OpsTest {
  std::string textOf(std::string_view op, const std::vector<Typed> &operands, const Attrs &attrs = {}) {
    Value value;
    OpError error;
    TypeId type = str;
    return evaluate(op, operands, attrs, type, value, error) ? std::string(value.text()) : describe(error);
  }
};

RC_GTEST_FIXTURE_PROP(StrProperties, SliceIsThatOfCodePoints, ()) {
  std::u32string text = drawText();
  size_t first = *rc::gen::inRange<size_t>(0, text.size() + 1),
         last = *rc::gen::inRange<size_t>(first, text.size() + 1);
  RC_ASSERT(textOf("str.slice", {S(utf8(text)), I(static_cast<int64_t>(first)),
                                 I(static_cast<int64_t>(last))}) == utf8(text.substr(first, last - first)));
}

RC_GTEST_FIXTURE_PROP(StrProperties, LengthAndFindCountCodePoints, ()) {
  std::u32string text = drawText(), part = drawText();
  RC_ASSERT(eval("str.length", {S(utf8(text))}) == std::to_string(text.size()));
  std::u32string whole = text + part;
  RC_ASSERT(eval("str.find", {S(utf8(whole)), S(utf8(part))}) == std::to_string(whole.find(part)));
}

RC_GTEST_FIXTURE_PROP(StrProperties, FormatIsConcatenationWhateverTheValuesHold, ()) {
  std::string a = utf8(drawText()), b = utf8(drawText());
  RC_ASSERT(textOf("str.format", {S(a), S(b)}, {{"template", pool.textAttr("<{0}|{{1}}|{1}{0}>")}}) ==
            "<" + a + "|{1}|" + b + a + ">");
}

RC_GTEST_FIXTURE_PROP(StrProperties, AnEscapedTemplateIsItself, ()) {
  std::string text = utf8(drawText()), escaped;
  for (char c : text)
    escaped += c == '{' || c == '}' ? std::string(2, c) : std::string(1, c);
  RC_ASSERT(textOf("str.format", {}, {{"template", pool.textAttr(escaped)}}) == text);
}

RC_GTEST_FIXTURE_PROP(StrProperties, JoinUndoesSplit, ()) {
  std::string text = utf8(drawText()), separator = utf8(drawText());
  RC_PRE(!separator.empty());
  Value parts;
  OpError error;
  TypeId type;
  Attrs by = {{"separator", pool.textAttr(separator)}};
  RC_ASSERT(evaluate("str.split", {S(text)}, by, type, parts, error));
  RC_ASSERT(textOf("str.join", {{parts, type}}, by) == text);
}

RC_GTEST_FIXTURE_PROP(StrProperties, BytesAndTheirCodingsReadBack, ()) {
  auto content = *rc::gen::container<std::string>(rc::gen::arbitrary<char>());
  for (auto [to, from] :
       {std::pair("bytes.to_base64", "bytes.from_base64"), std::pair("bytes.to_hex", "bytes.from_hex")}) {
    Value decoded;
    OpError error;
    TypeId type = bytes;
    RC_ASSERT(evaluate(from, {S(textOf(to, {Y(content)}))}, {}, type, decoded, error));
    RC_ASSERT(decoded.text() == content);
  }
}

RC_GTEST_FIXTURE_PROP(StrProperties, NumbersReadBackFromTheirText, (int64_t whole, double number)) {
  RC_ASSERT(eval("str.to_i64", {S(textOf("i64.to_str", {I(whole)}))}) == std::to_string(whole));
  std::string text = textOf("f64.to_str", {F(number)});
  RC_ASSERT(eval("str.to_f64", {S(text)}) == text);
}

} // namespace
#endif
