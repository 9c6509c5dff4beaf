#include "World/SecretSearch.h"
#include "xcs/Support/Utf8.h"
#include <algorithm>
#include <cstdint>
#include <optional>
#include <utility>

using namespace xcs;

namespace {

/// A decoded text, and the origin of each of its bytes.
struct View {
  std::string text;
  std::vector<size_t> from; // one more than bytes; empty: not needed
  bool isMapped;

  explicit View(bool isMapped, size_t size) : isMapped(isMapped) {
    text.reserve(size);
    if (isMapped)
      from.reserve(size + 1);
  }
  void put(std::string_view bytes, size_t at) {
    text += bytes;
    if (isMapped)
      from.resize(from.size() + bytes.size(), at);
  }
  void put(char c, size_t at) { put(std::string_view(&c, 1), at); }
  void end(size_t size) {
    if (isMapped)
      from.push_back(size);
  }
};

} // namespace

static std::optional<unsigned> hexDigit(char c) {
  if (c >= '0' && c <= '9')
    return static_cast<unsigned>(c - '0');
  const char lower = static_cast<char>(c | 0x20);
  return lower >= 'a' && lower <= 'f' ? std::optional<unsigned>(static_cast<unsigned>(lower - 'a') + 10)
                                      : std::nullopt;
}

static std::optional<uint32_t> hexNumber(std::string_view digits) {
  uint32_t number = 0;
  for (char c : digits) {
    std::optional<unsigned> digit = hexDigit(c);
    if (!digit)
      return std::nullopt;
    number = number << 4 | *digit;
  }
  return digits.empty() ? std::nullopt : std::optional(number);
}

static std::string utf8Of(uint32_t codePoint) {
  std::string out;
  appendUtf8(out, codePoint);
  return out;
}

/// The UTF-16 unit that `\\uXXXX` at a position denotes.
static std::optional<uint32_t> unitAt(std::string_view text, size_t at) {
  const bool isThere = at + 6 <= text.size() && text[at] == '\\' && text[at + 1] == 'u';
  return isThere ? hexNumber(text.substr(at + 2, 4)) : std::nullopt;
}

/// A text with its escapes (RFC 8259, 7) decoded, whether it is JSON or not.
static View withoutJsonEscapes(std::string_view text, bool isMapped) {
  static constexpr std::string_view letters = "\"\\/bfnrt", meanings = "\"\\/\b\f\n\r\t";
  View out(isMapped, text.size());
  for (size_t at = 0; at < text.size();) {
    if (std::optional<uint32_t> unit = unitAt(text, at)) {
      std::optional<uint32_t> low = unitAt(text, at + 6);
      const bool isPair = *unit >= 0xD800 && *unit < 0xDC00 && low && *low >= 0xDC00 && *low < 0xE000;
      out.put(utf8Of(isPair ? 0x10000 + ((*unit - 0xD800) << 10) + (*low - 0xDC00) : *unit), at);
      at += isPair ? 12 : 6;
      continue;
    }
    const size_t letter =
        text[at] == '\\' && at + 1 < text.size() ? letters.find(text[at + 1]) : std::string_view::npos;
    out.put(letter == letters.npos ? text[at] : meanings[letter], at);
    at += letter == letters.npos ? 1 : 2;
  }
  out.end(text.size());
  return out;
}

static View withoutPercents(std::string_view text, bool isMapped) {
  View out(isMapped, text.size());
  for (size_t at = 0; at < text.size();) {
    std::optional<uint32_t> byte =
        text[at] == '%' && at + 3 <= text.size() ? hexNumber(text.substr(at + 1, 2)) : std::nullopt;
    out.put(byte ? static_cast<char>(*byte) : text[at], at);
    at += byte ? 3 : 1;
  }
  out.end(text.size());
  return out;
}

/// What `&amp;` or `&#x41;` at a position denotes, and its length; 0: nothing.
static size_t referenceAt(std::string_view text, size_t at, std::string &meaning) {
  const size_t end = text.substr(at, 12).find(';');
  if (end == text.npos || end < 2)
    return 0;
  const std::string_view name = text.substr(at + 1, end - 1);
  static constexpr std::pair<std::string_view, std::string_view> names[] = {
      {"amp", "&"}, {"lt", "<"}, {"gt", ">"}, {"quot", "\""}, {"apos", "'"}};
  for (const auto &[known, character] : names)
    if (name == known)
      return meaning = character, end + 1;
  if (name[0] != '#' || name.size() < 2)
    return 0;
  std::optional<uint32_t> code;
  if (name[1] == 'x' || name[1] == 'X') {
    code = hexNumber(name.substr(2));
  } else if (std::all_of(name.begin() + 1, name.end(), [](char c) { return c >= '0' && c <= '9'; })) {
    uint32_t number = 0;
    for (char c : name.substr(1))
      number = std::min<uint32_t>(number * 10 + static_cast<uint32_t>(c - '0'), 0x110000);
    code = number;
  }
  meaning = code ? utf8Of(*code) : "";
  return meaning.empty() ? 0 : end + 1;
}

static View withoutReferences(std::string_view text, bool isMapped) {
  View out(isMapped, text.size());
  std::string meaning;
  for (size_t at = 0; at < text.size();) {
    const size_t size = text[at] == '&' ? referenceAt(text, at, meaning) : 0;
    out.put(size ? std::string_view(meaning) : text.substr(at, 1), at);
    at += size ? size : 1;
  }
  out.end(text.size());
  return out;
}

/// Removes what may be between the digits of base64, or the characters of UTF-16.
static View withoutBlanks(std::string_view text, bool isMapped) {
  View out(isMapped, text.size());
  for (size_t at = 0; at < text.size(); ++at)
    if (std::string_view(" \t\r\n\0", 5).find(text[at]) == std::string_view::npos)
      out.put(text[at], at);
  out.end(text.size());
  return out;
}

/// Only the hexadecimal digits, in lower case, without separators of dumps; anything else becomes one byte
/// that no form contains.
static View hexDigitsAlone(std::string_view text, bool isMapped) {
  View out(isMapped, text.size());
  for (size_t at = 0; at < text.size(); ++at) {
    const bool isPrefix =
        (text[at] == '0' || text[at] == '\\') && at + 1 < text.size() && (text[at + 1] | 0x20) == 'x';
    if (isPrefix)
      ++at;
    else if (hexDigit(text[at]))
      out.put(text[at] >= 'A' && text[at] <= 'F' ? static_cast<char>(text[at] | 0x20) : text[at], at);
    else if (std::string_view(" \t\r\n\0:-,_", 9).find(text[at]) == std::string_view::npos)
      out.put('.', at);
  }
  out.end(text.size());
  return out;
}

/// Whether a form may be searched for in a text without its blanks: ordinary words would be found there by
/// accident.
static bool bearsGaps(std::string_view form) {
  return form.size() >= 10 && form.find(' ') == form.npos &&
         std::any_of(form.begin(), form.end(),
                     [](char c) { return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z'); });
}

static bool isHexForm(std::string_view form) {
  return form.size() >= 16 && std::all_of(form.begin(), form.end(), [](char c) {
           return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
         });
}

static bool anyForm(std::string_view) { return true; }

namespace {

class Search {
public:
  Search(const std::vector<std::string> &forms, bool wantsAll) : forms(forms), wantsAll(wantsAll) {}

  std::vector<SecretSpan> run(std::string_view text) {
    static constexpr int jsonDepth = 3;
    look(text, anyForm);
    std::string_view at = text;
    for (int level = 0; !isDone(); ++level) {
      decode(at);
      if (level == jsonDepth || at.find('\\') == at.npos)
        break;
      View next = withoutJsonEscapes(at, wantsAll);
      if (next.text == at)
        break;
      ways.push_back(std::move(next.from));
      kept = std::move(next.text);
      at = kept;
      look(at, anyForm);
    }
    std::sort(found.begin(), found.end(),
              [](const SecretSpan &a, const SecretSpan &b) { return a.begin < b.begin; });
    return std::move(found);
  }

private:
  bool isDone() const { return !wantsAll && !found.empty(); }

  /// Tries every other decoding of a text whose JSON escapes are already decoded.
  void decode(std::string_view text) {
    if (text.find('%') != text.npos) {
      View once = withoutPercents(text, wantsAll);
      lookIn(once, anyForm, [&] {
        lookIn(withoutBlanks(once.text, wantsAll), bearsGaps);
        if (once.text.find('%') != text.npos)
          lookIn(withoutPercents(once.text, wantsAll), anyForm);
      });
    }
    if (!isDone() && text.find('&') != text.npos)
      lookIn(withoutReferences(text, wantsAll), anyForm);
    if (!isDone())
      lookIn(withoutBlanks(text, wantsAll), bearsGaps);
    if (!isDone())
      lookIn(hexDigitsAlone(text, wantsAll), isHexForm);
  }

  template <class Inner> void lookIn(const View &view, bool (*which)(std::string_view), Inner inner) {
    ways.push_back(view.from);
    look(view.text, which);
    if (!isDone())
      inner();
    ways.pop_back();
  }
  void lookIn(const View &view, bool (*which)(std::string_view)) {
    lookIn(view, which, [] {});
  }

  /// Searches a text at the end of `ways`.
  void look(std::string_view text, bool (*which)(std::string_view)) {
    for (const std::string &form : forms) {
      if (form.empty() || !which(form))
        continue;
      for (size_t at = text.find(form); at != text.npos; at = text.find(form, at + 1)) {
        add({at, at + form.size()}); // the next one may begin within this one
        if (isDone())
          return;
      }
    }
  }

  void add(SecretSpan span) {
    if (wantsAll)
      for (auto way = ways.rbegin(); way != ways.rend(); ++way)
        span = {(*way)[span.begin], (*way)[span.end]};
    const bool goesOn = !found.empty() && found.back().begin <= span.begin && span.begin < found.back().end;
    if (goesOn)
      found.back().end = std::max(found.back().end, span.end);
    else
      found.push_back(span);
  }

  const std::vector<std::string> &forms;
  const bool wantsAll;
  std::vector<std::vector<size_t>> ways; // from the current text back to the original, outermost first
  std::string kept;                      // the current text, with JSON escapes decoded
  std::vector<SecretSpan> found;
};

} // namespace

std::vector<SecretSpan> xcs::secretSpans(std::string_view text, const std::vector<std::string> &forms) {
  return forms.empty() ? std::vector<SecretSpan>() : Search(forms, true).run(text);
}

bool xcs::holdsSecret(std::string_view text, const std::vector<std::string> &forms) {
  return !forms.empty() && !Search(forms, false).run(text).empty();
}
