#include "xcs/Model/Quirks.h"
#include <algorithm>

using namespace xcs;

static char folded(char byte) {
  if (byte == '-')
    return '_';
  return byte >= 'A' && byte <= 'Z' ? static_cast<char>(byte - 'A' + 'a') : byte;
}

/// Without regard to case and to how words are joined: `MAX_TOKENS`, `max-tokens`.
static bool isWord(std::string_view given, std::string_view word) {
  return std::equal(given.begin(), given.end(), word.begin(), word.end(),
                    [](char a, char b) { return folded(a) == b; });
}

std::optional<Finish> xcs::finishOf(std::string_view word) {
  for (const FinishRow &row : finishRows)
    if (isWord(word, row.word))
      return row.meaning;
  return std::nullopt;
}

std::optional<PartMeaning> xcs::partMeaningOf(std::string_view type) {
  for (const PartRow &row : partRows)
    if (isWord(type, row.type))
      return row.meaning;
  return std::nullopt;
}

bool xcs::isIdleEvent(std::string_view name) {
  return std::any_of(std::begin(idleEvents), std::end(idleEvents),
                     [&](std::string_view idle) { return isWord(name, idle); });
}

bool xcs::isKept(std::string_view member) {
  return std::any_of(std::begin(keptMembers), std::end(keptMembers),
                     [&](std::string_view kept) { return member == kept; });
}

int64_t xcs::statusOfWord(std::string_view word) {
  for (const ErrorWordRow &row : errorWords)
    if (isWord(word, row.word))
      return row.status;
  return 0;
}
