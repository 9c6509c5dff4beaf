// Cutting texts against a reference that works on a vector of units, with rapidcheck where it is installed.
#ifdef XCS_HAVE_RAPIDCHECK
#include "OpsTest.h"
#include <rapidcheck/gtest.h>

using namespace xcs;

namespace {

struct CutProperties : OpsTest {
  std::vector<std::string> pieces(std::string_view op, const std::vector<Typed> &operands,
                                  const Attrs &attrs = {}) {
    Value value;
    OpError error;
    TypeId type = pool.list(str);
    RC_ASSERT(evaluate(op, operands, attrs, type, value, error));
    std::vector<std::string> out;
    for (const Value &item : value.items())
      out.emplace_back(item.text());
    return out;
  }
};

/// Texts of short words, marks and characters of every length in UTF-8.
std::string drawText() {
  auto parts = *rc::gen::container<std::vector<std::string>>(rc::gen::elementOf(std::vector<std::string>{
      "a",   "word", "extraordinarily", " ",      "  ",     "\n",     "\n\n",   ".",          "!",  "? ",
      ".\"", "12",   "34567",           "\u00e9", "\u0431", "\u4e2d", "\u3002", "\U0001f600", "Ab", ","}));
  std::string text;
  for (const std::string &part : parts)
    text += part;
  return text;
}

std::string joined(std::span<const std::string> units) {
  std::string out;
  for (const std::string &unit : units)
    out += unit;
  return out;
}

/// Pieces of `size` units, each `size - overlap` further on, until one ends the text.
std::vector<std::string> naive(const std::vector<std::string> &units, size_t size, size_t overlap) {
  std::vector<std::string> out;
  for (size_t start = 0; !units.empty(); start += size - overlap) {
    size_t end = std::min(start + size, units.size());
    out.push_back(joined(std::span(units).subspan(start, end - start)));
    if (end == units.size())
      break;
  }
  return out;
}

RC_GTEST_FIXTURE_PROP(CutProperties, PiecesAreThoseOfTheUnits, ()) {
  std::string text = drawText();
  auto size = *rc::gen::inRange<size_t>(1, 9), overlap = *rc::gen::inRange<size_t>(0, size);
  for (const char *op : {"str.chunk", "str.chunk_sentences", "str.chunk_tokens"}) {
    std::vector<std::string> units = pieces(op, {S(text), I(1)});
    RC_ASSERT(joined(units) == text); // nothing is lost
    RC_ASSERT(pieces(op, {S(text), I(static_cast<int64_t>(size)), I(static_cast<int64_t>(overlap))}) ==
              naive(units, size, overlap));
  }
}

RC_GTEST_FIXTURE_PROP(CutProperties, APieceHasTheTokensItWasCutBy, ()) {
  std::string text = drawText();
  auto size = *rc::gen::inRange<int64_t>(1, 9);
  std::vector<std::string> cut = pieces("str.chunk_tokens", {S(text), I(size)});
  int64_t left = std::stoll(eval("str.count_tokens", {S(text)}));
  for (const std::string &piece : cut) {
    RC_ASSERT(eval("str.count_tokens", {S(piece)}) == std::to_string(std::min(left, size)));
    left -= size;
  }
}

/// The runs of `ab` characters of a text, by hand: begin and end.
std::vector<std::pair<size_t, size_t>> runs(std::string_view text) {
  std::vector<std::pair<size_t, size_t>> out;
  for (size_t i = 0; i < text.size(); ++i) {
    size_t begin = i;
    while (i < text.size() && (text[i] == 'a' || text[i] == 'b'))
      ++i;
    if (i != begin)
      out.emplace_back(begin, i);
  }
  return out;
}

RC_GTEST_FIXTURE_PROP(CutProperties, RegexSplitIsSplittingByHand, ()) {
  auto text = *rc::gen::container<std::string>(rc::gen::elementOf(std::string("abc\n{0}")));
  std::vector<std::string> parts, found;
  size_t start = 0;
  for (auto [begin, end] : runs(text)) {
    parts.push_back(text.substr(start, begin - start));
    found.push_back(text.substr(begin, end - begin));
    start = end;
  }
  parts.push_back(text.substr(start));
  Attrs by = {{"pattern", pool.textAttr("[ab]+")}};
  RC_ASSERT(pieces("str.regex_split", {S(text)}, by) == parts);
  RC_ASSERT(pieces("str.regex_extract_all", {S(text)}, by) == found);
  std::string replaced;
  for (size_t i = 0; i < parts.size(); ++i)
    replaced += (i ? "{1}" : "") + parts[i];
  Value value;
  OpError error;
  TypeId type = str;
  RC_ASSERT(evaluate("str.regex_replace", {S(text), S("{1}")}, by, type, value, error));
  RC_ASSERT(value.text() == replaced);
}

} // namespace
#endif
