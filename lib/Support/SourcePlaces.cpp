#include "xcs/Support/SourcePlaces.h"
#include "Support/SourceLine.h"
#include <algorithm>
#include <optional>

using namespace xcs;

// A message is not worth a walk through a whole file.
static constexpr size_t mostBytes = 1u << 16;

namespace {

/// Goes through the words and marks of a text, past strings and comments.
class Words {
public:
  explicit Words(std::string_view text) : text(text) {}
  /// The next one; empty at the end.
  std::string_view next();
  size_t begin() const { return start; }

private:
  void skipBlanks();
  size_t stringEnd() const;
  std::string_view text;
  size_t at = 0, start = 0;
};

} // namespace

void Words::skipBlanks() {
  while (at < text.size()) {
    if (text[at] == ' ' || text[at] == '\t' || text[at] == '\n' || text[at] == '\r')
      ++at;
    else if (text.substr(at).starts_with("//"))
      at = std::min(text.find('\n', at), text.size());
    else
      return;
  }
}

size_t Words::stringEnd() const {
  static constexpr std::string_view raw = "\"\"\"";
  if (text.substr(at).starts_with(raw)) {
    const size_t close = text.find(raw, at + raw.size());
    return close == text.npos ? text.size() : close + raw.size();
  }
  for (size_t i = at + 1; i < text.size(); ++i)
    if (text[i] == '\\')
      ++i;
    else if (text[i] == '"' || text[i] == '\n')
      return i + 1;
  return text.size();
}

std::string_view Words::next() {
  skipBlanks();
  start = at;
  if (at == text.size())
    return {};
  if (text[at] == '"') {
    at = stringEnd();
  } else {
    const char first = text[at++];
    if (isWordByte(first) || first == '%' || first == '@')
      while (at < text.size() && isWordByte(text[at]))
        ++at;
    else if (first == '-' && at < text.size() && text[at] == '>')
      ++at; // of a function: no bracket
  }
  return text.substr(start, at - start);
}

/// The text from a location on, as far as it is looked at; none if it has no text.
static std::optional<std::string_view> textFrom(const LocationTable &locations, Location from) {
  if (!from.known() || from.isExplicit() || from.isCalled() || !locations.bufferOf(from))
    return std::nullopt;
  return locations.textFrom(from).substr(0, mostBytes);
}

static Location moved(Location from, size_t bytes) {
  return Location::atOffset(from.offset() + static_cast<uint32_t>(bytes));
}

static int depthChange(std::string_view word) {
  if (word == "(" || word == "[" || word == "{" || word == "<")
    return 1;
  return word == ")" || word == "]" || word == "}" || word == ">" ? -1 : 0;
}

/// The place of the first word of the text from a location on that a test accepts; the location itself if
/// there is none. `accepts` sees the words in order, and ends the search with Search::End.
enum class Search : uint8_t { Next, Here, End };
template <class Accepts>
static Location firstWord(const LocationTable &locations, Location from, Accepts accepts) {
  auto text = textFrom(locations, from);
  if (!text)
    return from;
  Words words(*text);
  for (std::string_view word = words.next(); !word.empty(); word = words.next())
    if (const Search search = accepts(word); search != Search::Next)
      return search == Search::Here ? moved(from, words.begin()) : from;
  return from;
}

Location xcs::operandPlace(const LocationTable &locations, Location from, size_t operand) {
  auto text = textFrom(locations, from);
  if (!text)
    return from;
  Words words(*text);
  std::string_view word = words.next();
  while (!word.empty() && word != "(" && word != "{" && word != ":")
    word = words.next();
  if (word != "(")
    return from;
  for (int depth = 0; depth >= 0;) {
    word = words.next();
    if (word.empty())
      return from;
    if (depth == 0 && operand == 0)
      return word == ")" ? from : moved(from, words.begin());
    depth += depthChange(word);
    if (depth == 0 && word == ",")
      --operand;
  }
  return from;
}

Location xcs::attributePlace(const LocationTable &locations, Location from, std::string_view key) {
  int depth = 0;
  bool inAttributes = false;
  return firstWord(locations, from, [&](std::string_view word) {
    const int change = depthChange(word);
    if (depth == 0 && change == 1)
      inAttributes = word == "{";
    depth += change;
    const bool isKey = word == key || (word.size() == key.size() + 2 && word.substr(1, key.size()) == key);
    if (depth == 1 && inAttributes && isKey)
      return Search::Here;
    // After `:` come the types, and bodies.
    return depth == 0 && (word == "}" || word == ":") ? Search::End : Search::Next;
  });
}

Location xcs::typePlace(const LocationTable &locations, Location from) {
  int depth = 0;
  bool isNext = false;
  return firstWord(locations, from, [&](std::string_view word) {
    if (isNext)
      return Search::Here;
    depth += depthChange(word);
    isNext = depth == 0 && word == ":";
    return depth < 0 ? Search::End : Search::Next;
  });
}

Location xcs::wordPlace(const LocationTable &locations, Location from, std::string_view wanted) {
  return firstWord(locations, from,
                   [&](std::string_view word) { return word == wanted ? Search::Here : Search::Next; });
}
