#include "xcs/World/Redaction.h"
#include "World/SecretSearch.h"
#include <algorithm>
#include <utility>

using namespace xcs;

static constexpr std::string_view replacement = "[redacted]";

/// The spans of secrets, in order, with overlapping ones merged, so that no part of either stays readable.
static std::vector<SecretSpan> spansOf(std::string_view text, const std::vector<std::string> &secrets) {
  std::vector<SecretSpan> united;
  for (const SecretSpan &span : secretSpans(text, secrets))
    if (!united.empty() && span.begin < united.back().end)
      united.back().end = std::max(united.back().end, span.end);
    else
      united.push_back(span);
  return united;
}

std::string xcs::redactSecrets(std::string text, const std::vector<std::string> &secrets) {
  std::vector<SecretSpan> spans = spansOf(text, secrets);
  if (spans.empty())
    return text;
  std::string out;
  size_t done = 0;
  for (const SecretSpan &span : spans) {
    out.append(text, done, span.begin - done).append(replacement);
    done = span.end;
  }
  return out.append(text, done);
}

static bool isScalar(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || c == '-' || c == '+' || c == '.' || c == 'E';
}

/// The end of the smallest unit at `at` that can be replaced: in a string a character or an escape, outside a
/// number or a word; else one byte.
static size_t endOfUnit(std::string_view text, size_t at, bool inString) {
  size_t end = at + 1;
  if (inString && text[at] == '\\')
    end += text.substr(end).starts_with('u') ? 5 : 1;
  else if (inString)
    while (end < text.size() && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80)
      ++end;
  else if (isScalar(text[at]))
    while (end < text.size() && isScalar(text[end]))
      ++end;
  return std::min(end, text.size());
}

std::string xcs::redactJson(std::string text, const std::vector<std::string> &secrets) {
  std::vector<SecretSpan> spans = spansOf(text, secrets);
  if (spans.empty())
    return text;
  std::string out;
  bool inString = false, wasCovered = false;
  auto span = spans.begin();
  for (size_t at = 0, end; at < text.size(); at = end) {
    end = endOfUnit(text, at, inString);
    while (span != spans.end() && span->end <= at)
      ++span;
    bool isQuote = text[at] == '"';
    bool isContent = inString ? !isQuote : isScalar(text[at]);
    bool isCovered = isContent && span != spans.end() && span->begin < end;
    if (!isCovered)
      out.append(text, at, end - at);
    else if (!inString)
      out.append("\"").append(replacement).append("\"");
    else if (!wasCovered)
      out.append(replacement);
    wasCovered = isCovered && inString;
    inString = inString != isQuote;
  }
  return out;
}
