#include "Model/ContentParts.h"
#include "Model/CompletionReader.h"

using namespace xcs;

// Of one content: what is sent must not make us look through long lists for each piece.
static constexpr size_t mostParts = 256;

/// The part of an earlier piece that this one continues; null when it begins one.
ContentParts::Part *ContentParts::continued(std::string_view type, std::optional<int64_t> index,
                                            bool isThought) {
  if (index) {
    for (size_t i = before; i > 0; --i)
      if (parts[i - 1].index == index && parts[i - 1].type == type)
        return &parts[i - 1];
    return nullptr;
  }
  const bool isLast = goesOn && before == parts.size() && !parts.empty();
  return isLast && isThought && !parts.back().index && parts.back().type == type ? &parts.back() : nullptr;
}

bool ContentParts::add(const RawObject &part, std::string_view type, bool isThought, const std::string &at,
                       AnswerFault &fault) {
  const std::optional<int64_t> index = part.find("index").integer();
  Part *to = continued(type, index, isThought);
  if (!to && parts.size() >= mostParts)
    return failAt(fault, at, "is one of more than " + std::to_string(mostParts) + " parts that are not text");
  const bool isPiece = to;
  if (!to)
    to = &parts.emplace_back(Part{std::string(type), index, RestMembers(RestMembers::Texts::Joined)});
  goesOn = true;
  return to->members.add(part, {}, isPiece, at, fault);
}

void ContentParts::replaceBy(ContentParts other) {
  if (!other.isEmpty())
    *this = std::move(other);
}

bool ContentParts::take(const Limits &limits, Value &out, AnswerFault &fault) {
  std::vector<Value> all;
  for (Part &part : std::exchange(parts, {})) {
    Value value;
    if (!part.members.take(limits, value, fault))
      return false;
    all.push_back(std::move(value));
  }
  out = Value::list(all);
  return true;
}
