#include "RuleBook.h"
#include <algorithm>

namespace xcs::faults {

static bool containsAll(std::string_view text, const std::vector<std::string> &parts) {
  return std::all_of(parts.begin(), parts.end(),
                     [&](const std::string &part) { return text.find(part) != std::string_view::npos; });
}

/// Header values compare byte for byte: a rule about a key must not match half of it.
static bool headerHolds(const HeaderTest &test, const HttpRequest &request) {
  const std::string *value = request.header(test.name);
  return test.value ? value && *value == *test.value : !value;
}

/// Every condition but the count of earlier matches. The cheap ones come first.
static bool conditionsHold(const Match &match, const Arrival &arrival, BodyReader &reader) {
  const HttpRequest &request = arrival.request;
  if (match.method && *match.method != request.method)
    return false;
  if (match.path && !wildcardMatch(*match.path, request.path()))
    return false;
  if (match.reused && *match.reused != arrival.reused)
    return false;
  if (match.inFlightAbove && arrival.inFlight <= *match.inFlightAbove)
    return false;
  if (!containsAll(request.body, match.bodyContains) ||
      !containsAll(arrival.facts.lastUser, match.lastContains))
    return false;
  for (const HeaderTest &test : match.headers)
    if (!headerHolds(test, request))
      return false;
  for (const JsonTest &test : match.json)
    if (reader.at(request.body, test.pointer, BodyReader::Form::Json) != test.json)
      return false;
  return true;
}

RuleBook::RuleBook(Script theScript) : script(std::move(theScript)), counts(script.rules.size()) {}

bool RuleBook::exceeds(Count &count, double perSecond, std::uint64_t atNs) {
  const double passed = count.filledNs ? static_cast<double>(atNs - *count.filledNs) / 1e9 : 1;
  count.filledNs = atNs;
  count.level = std::min(perSecond, count.level + passed * perSecond);
  if (count.level < 1)
    return true;
  count.level -= 1;
  return false;
}

RuleBook::Choice RuleBook::choose(const Arrival &arrival, BodyReader &reader) {
  for (std::size_t i = 0; i < script.rules.size(); ++i) {
    const Rule &rule = script.rules[i];
    if (!conditionsHold(rule.match, arrival, reader))
      continue;
    if (rule.match.aboveRate &&
        !exceeds(counts[i], static_cast<double>(*rule.match.aboveRate), arrival.atNs))
      continue;
    // A request outside the bounds counts for them and goes on to the next rule.
    const std::uint64_t nth = ++counts[i].eligible;
    if (nth < rule.match.from || nth > rule.match.to)
      continue;
    const std::uint64_t taken = ++counts[i].taken;
    return {&rule.replies[std::min<std::size_t>(taken, rule.replies.size()) - 1], i, taken};
  }
  return {};
}

std::vector<std::size_t> RuleBook::unmatched() const {
  std::vector<std::size_t> numbers;
  for (std::size_t i = 0; i < counts.size(); ++i)
    if (counts[i].taken == 0)
      numbers.push_back(i + 1);
  return numbers;
}

} // namespace xcs::faults
