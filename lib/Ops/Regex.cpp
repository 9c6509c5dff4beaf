#include "Ops/Regex.h"
#include "llvm/ADT/SmallVector.h"
#include <algorithm>
// The one translation unit that sees RE2.
#include <re2/re2.h>

using namespace xcs;

struct Regex::Compiled {
  Compiled(std::string_view pattern, const RE2::Options &options)
      : re(re2::StringPiece(pattern.data(), pattern.size()), options) {}
  RE2 re;
};

/// Whether a pattern has an alternative or repeats a group; may also be true for one that only looks like it.
static bool hasChoices(std::string_view pattern) {
  bool inClass = false;
  for (size_t i = 0; i < pattern.size(); ++i) {
    const char c = pattern[i], next = i + 1 < pattern.size() ? pattern[i + 1] : '\0';
    if (c == '\\' && next == 'Q')
      return true;
    if (c == '\\')
      ++i;
    else if (c == '[')
      inClass = true;
    else if (c == ']')
      inClass = false;
    else if (!inClass &&
             (c == '|' || (c == ')' && (next == '*' || next == '+' || next == '?' || next == '{'))))
      return true;
  }
  return false;
}

/// Whether a pattern has a `\\C`, which takes one byte, and so tears characters apart.
static bool takesBytes(std::string_view pattern) {
  for (size_t i = 0; i + 1 < pattern.size(); ++i) {
    if (pattern[i] != '\\')
      continue;
    ++i;
    if (pattern[i] == 'C')
      return true;
    if (pattern[i] == 'Q') // until `\\E`, or the end, everything means itself
      i = std::min(pattern.find("\\E", i + 1), pattern.size());
  }
  return false;
}

/// Where that is in the pattern which RE2 does not accept; empty if it does not say.
static std::string placeOfError(const RE2 &re) {
  const size_t at = re.error_arg().empty() ? std::string::npos : re.pattern().find(re.error_arg());
  return at == std::string::npos ? "" : ", at byte " + std::to_string(at);
}

Regex::Regex(std::shared_ptr<const Compiled> compiled, std::string_view pattern)
    : compiled(std::move(compiled)), canBacktrack(hasChoices(pattern)) {}
Regex::~Regex() = default;

// RE2 itself bounds what a pattern compiles to and its caches (8 MiB); the length is bounded before it is
// read at all.
std::unique_ptr<const Regex> Regex::compile(std::string_view pattern, const Limits &limits, std::string &what,
                                            bool saysWhere) {
  if (pattern.size() > limits[Limit::RegexBytes]) {
    what = "it is longer than " + std::to_string(limits[Limit::RegexBytes]) +
           " bytes; raise it with `--limit regex-bytes=N`";
    return nullptr;
  }
  RE2::Options options;
  options.set_log_errors(false);
  auto compiled = std::make_shared<const Compiled>(pattern, options);
  if (!compiled->re.ok()) {
    what = compiled->re.error() + (saysWhere ? placeOfError(compiled->re) : "");
    return nullptr;
  }
  if (takesBytes(pattern)) {
    what = "`\\C` takes a byte, which may be a part of a character; write `(?s:.)` for any character";
    return nullptr;
  }
  return std::unique_ptr<const Regex>(new Regex(std::move(compiled), pattern));
}

size_t Regex::groupCount() const { return static_cast<size_t>(compiled->re.NumberOfCapturingGroups()); }

bool Regex::find(std::string_view text, size_t from, std::span<std::string_view> groups) const {
  llvm::SmallVector<re2::StringPiece, 8> pieces(groups.size());
  if (!compiled->re.Match({text.data(), text.size()}, from, text.size(), RE2::UNANCHORED, pieces.data(),
                          static_cast<int>(pieces.size())))
    return false;
  for (size_t i = 0; i < groups.size(); ++i)
    groups[i] = {pieces[i].data(), pieces[i].size()};
  return true;
}

bool Regex::mayTakeLong(size_t bytes) const {
  static constexpr size_t most = size_t(1) << 24; // steps of 10 ns at most
  return bytes > most / static_cast<size_t>(compiled->re.ProgramSize());
}
