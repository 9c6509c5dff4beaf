#include "World/Glob.h"
#include "xcs/Support/Utf8.h"

using namespace xcs;

/// Takes a character from the beginning; a byte that is not part of one becomes a number of its own.
static uint32_t takeCharacter(std::string_view &text) {
  const auto lead = static_cast<unsigned char>(text.front());
  const size_t size = lead < 0xC0 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
  if (lead >= 0x80 && invalidUtf8At(text.substr(0, size)) != std::string_view::npos) {
    text.remove_prefix(1);
    return 0x110000u + lead;
  }
  uint32_t character = size == 1 ? lead : lead & (0x7Fu >> size);
  for (size_t i = 1; i < size; ++i)
    character = character << 6 | (static_cast<unsigned char>(text[i]) & 0x3Fu);
  text.remove_prefix(size);
  return character;
}

static std::vector<uint32_t> charactersOf(std::string_view text) {
  std::vector<uint32_t> characters;
  while (!text.empty())
    characters.push_back(takeCharacter(text));
  return characters;
}

bool GlobPattern::Element::meets(uint32_t c) const {
  if (kind == Kind::Character)
    return c == character;
  if (kind != Kind::Set)
    return true;
  for (const auto &[first, last] : ranges)
    if (first <= c && c <= last)
      return !isNegated;
  return isNegated;
}

/// At a mismatch the last run takes one character more, so the time is the product of the lengths at most.
bool GlobPattern::Name::meets(const std::vector<uint32_t> &name) const {
  if (!name.empty() && name.front() == '.' && !takesDot)
    return false;
  size_t at = 0, run = elements.size(), runEnd = 0; // of the last run, and where the rest after it begins
  size_t i = 0;
  while (at < name.size()) {
    if (i < elements.size() && elements[i].kind == Element::Kind::Run) {
      run = i++;
      runEnd = at;
    } else if (i < elements.size() && elements[i].meets(name[at])) {
      ++i;
      ++at;
    } else if (run != elements.size()) {
      i = run + 1;
      at = ++runEnd;
    } else {
      return false;
    }
  }
  while (i < elements.size() && elements[i].kind == Element::Kind::Run)
    ++i;
  return i == elements.size();
}

/// The inside of a set up to its end; false if it has none. A `]` at the beginning is one of its characters.
static bool takeSet(std::string_view &rest, bool &isNegated,
                    std::vector<std::pair<uint32_t, uint32_t>> &ranges) {
  isNegated = rest.starts_with('!');
  rest.remove_prefix(isNegated);
  for (bool isFirst = true; !rest.empty(); isFirst = false) {
    if (rest.front() == ']' && !isFirst) {
      rest.remove_prefix(1);
      return true;
    }
    const uint32_t first = takeCharacter(rest);
    uint32_t last = first;
    if (rest.size() >= 2 && rest[0] == '-' && rest[1] != ']') {
      rest.remove_prefix(1);
      last = takeCharacter(rest);
    }
    ranges.emplace_back(first, last);
  }
  return false;
}

bool GlobPattern::parseName(std::string_view text, Name &name) {
  name.takesDot = text.starts_with('.');
  name.isDeep = text == "**";
  while (!text.empty()) {
    const uint32_t c = takeCharacter(text);
    Element element;
    element.character = c;
    if (c == '*')
      element.kind = Element::Kind::Run;
    else if (c == '?')
      element.kind = Element::Kind::Any;
    else if (c == '[')
      element.kind = Element::Kind::Set;
    if (c == '[' && !takeSet(text, element.isNegated, element.ranges))
      return false;
    name.elements.push_back(std::move(element));
  }
  return true;
}

std::optional<GlobPattern> GlobPattern::parse(std::string_view text, std::string &why) {
  GlobPattern pattern;
  if (text.empty() || text.size() > maxBytes || text.find('\0') != text.npos) {
    why = "have 1 to " + std::to_string(maxBytes) + " bytes, and no NUL";
    return std::nullopt;
  }
  pattern.isForDirectories = text.ends_with('/');
  bool isBeneath = !text.starts_with('/');
  for (size_t at = 0; at < text.size() && isBeneath;) {
    const size_t end = std::min(text.find('/', at), text.size());
    const std::string_view part = text.substr(at, end - at);
    at = end + 1;
    isBeneath = part != "..";
    if (part.empty() || part == ".")
      continue;
    if (!parseName(part, pattern.names.emplace_back())) {
      why = "close each `[` with a `]` before the next `/`";
      return std::nullopt;
    }
  }
  if (isBeneath && !pattern.names.empty())
    return pattern;
  why = "name something beneath the directory, without `..` and without a `/` at the beginning";
  return std::nullopt;
}

/// Adds a place, and those that are reached from it without a name.
void GlobPattern::enter(uint32_t place, Places &to) const {
  for (; place < names.size(); ++place) {
    if (!to.empty() && to.back() >= place) // and what it leads to
      return;
    to.push_back(place);
    if (!names[place].isDeep)
      return;
  }
}

GlobPattern::Places GlobPattern::start() const {
  Places places;
  enter(0, places);
  return places;
}

GlobPattern::Places GlobPattern::after(const Places &places, std::string_view name, bool &isWhole) const {
  const std::vector<uint32_t> characters = charactersOf(name);
  Places next;
  isWhole = false;
  for (uint32_t place : places) {
    if (!names[place].meets(characters)) // `**` meets any name but those with a dot
      continue;
    const bool isLast = place + 1 == names.size();
    isWhole = isWhole || isLast;
    enter(names[place].isDeep ? place : place + 1, next);
  }
  return next;
}
