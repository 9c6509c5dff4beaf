#include "Ops/JsonSupport.h"
#include "Ops/KernelSupport.h"
#include "Ops/RegexWalk.h"
#include "Ops/Text.h"
#include "xcs/Ops/Prepared.h"
#include "xcs/Ops/Template.h"

// The operations of the dialect `str` that take a regular expression. Patterns that are attributes were
// checked when the program was compiled, and again when the plan was opened.
namespace xcs::kernels {

namespace {

std::string_view text(const KernelCall &call) { return call.operand(0).text(); }

constexpr size_t patternRow = 0; // of every operation here

/// The pattern of a call: the plan's, one of the run's, or, during folding, one compiled for it.
class Pattern {
public:
  /// Null if the call's pattern is none, with the error set.
  const Regex *of(KernelCall &call) {
    const AttrId attr = call.attributes[patternRow];
    if (!attr)
      return ofOperand(call);
    if (const Regex *prepared = call.prepared ? call.prepared->regex(attr) : nullptr)
      return prepared;
    std::string what;
    own = Regex::compile(call.constants.textAttr(attr), call.limits, what);
    if (!own)
      call.fail(Diag::BadConstant, {opName(call)});
    return own.get();
  }

private:
  const Regex *ofOperand(KernelCall &call) {
    const std::string_view pattern = call.operand(call.operandCount - 1).text();
    std::string what;
    own = call.prepared ? call.prepared->patternOf(pattern, what)
                        : std::shared_ptr<const Regex>(Regex::compile(pattern, call.limits, what, true));
    if (!own)
      call.fail(Diag::BadPattern, {excerpt(pattern), what});
    return own.get();
  }

  std::shared_ptr<const Regex> own;
};

/// A list of texts that is checked against the limit as it grows.
class TextList {
public:
  bool add(KernelCall &call, std::string_view item) {
    bytes += Value::textBytes(item.size());
    if (!mayAllocate(call, Value::sequenceBytes(bytes)))
      return false;
    items.push_back(Value::str(item));
    return true;
  }
  bool returnValue(KernelCall &call) { return returnList(call, items); }
  Value take() { return Value::list(items); }

private:
  std::vector<Value> items;
  uint64_t bytes = 0;
};

/// The group to return: that of `group`, or the first, or the whole match. False if the pattern, which is an
/// operand, has no such group.
bool chooseGroup(KernelCall &call, const Regex &regex, size_t &group) {
  constexpr size_t row = attrRow<OpCode::str_regex_extract>("group");
  static_assert(row == attrRow<OpCode::str_regex_extract_all>("group"));
  group =
      call.hasAttr(row) ? static_cast<size_t>(call.intAttr(row)) : std::min<size_t>(1, regex.groupCount());
  return group <= regex.groupCount() ||
         call.fail(Diag::BadArgument, {"the `group`", opName(call),
                                       "be one of the pattern, at most " + std::to_string(regex.groupCount()),
                                       std::to_string(group)});
}

/// All matches in the text of a call.
RegexWalk matches(const KernelCall &call, const Regex &regex, size_t groups) {
  return RegexWalk(regex, call.operand(0), groups, RegexWalk::Find::All, call.limits);
}

/// The first match only.
RegexWalk firstMatch(const KernelCall &call, const Regex &regex, size_t groups) {
  return RegexWalk(regex, call.operand(0), groups, RegexWalk::Find::First, call.limits);
}

/// Whether a walk has reached the end; if not, the call has failed.
bool isWhole(KernelCall &call, const RegexWalk &walk) {
  if (isStopped(call))
    return false;
  if (!walk.isOutOfSteps())
    return true;
  return failWithLimit(call.error, call.limits, Limit::RegexSteps);
}

/// The text with every match replaced by what `append(groups, out)` appends. A text without a match is
/// shared.
template <class Append>
bool replaceMatches(KernelCall &call, const Regex &regex, size_t groups, Append append) {
  RegexWalk walk = matches(call, regex, groups);
  std::string out;
  size_t done = 0;
  bool any = false;
  while (walk.next()) {
    any = true;
    out.append(text(call), done, walk.begin() - done);
    if (!append(walk.groups(), out))
      return false;
    done = walk.end();
  }
  if (!isWhole(call, walk))
    return false;
  if (!any)
    return returnValue(call, call.operand(0));
  if (!mayAllocate(call, Value::textBytes(out.size() + text(call).size() - done)))
    return false;
  out.append(text(call), done);
  return returnValue(call, Value::str(out));
}

} // namespace

bool str_regex_match(KernelCall &call) {
  Pattern pattern;
  const Regex *regex = pattern.of(call);
  if (!regex)
    return false;
  RegexWalk walk = firstMatch(call, *regex, 0);
  const bool found = walk.next();
  return !isStopped(call) && returnBool(call, found);
}

bool str_regex_extract(KernelCall &call) {
  Pattern pattern;
  const Regex *regex = pattern.of(call);
  size_t group;
  if (!regex || !chooseGroup(call, *regex, group))
    return false;
  RegexWalk walk = firstMatch(call, *regex, group + 1);
  const bool found = walk.next() && walk.groups().back().data();
  return !isStopped(call) &&
         returnValue(call, found ? Value::some(Value::str(walk.groups().back())) : Value::optionNone());
}

bool str_regex_extract_all(KernelCall &call) {
  Pattern pattern;
  const Regex *regex = pattern.of(call);
  size_t group;
  if (!regex || !chooseGroup(call, *regex, group))
    return false;
  TextList found;
  RegexWalk walk = matches(call, *regex, group + 1);
  while (walk.next())
    if (!found.add(call, walk.groups().back()))
      return false;
  return isWhole(call, walk) && found.returnValue(call);
}

bool str_regex_groups(KernelCall &call) {
  Pattern pattern;
  const Regex *regex = pattern.of(call);
  if (!regex)
    return false;
  RegexWalk walk = firstMatch(call, *regex, regex->groupCount() + 1);
  if (!walk.next())
    return !isStopped(call) && returnValue(call, Value::optionNone());
  TextList found;
  for (std::string_view group : walk.groups().subspan(1))
    if (!found.add(call, group))
      return false;
  return returnValue(call, Value::some(found.take()));
}

bool str_regex_replace(KernelCall &call) {
  Pattern pattern;
  const Regex *regex = pattern.of(call);
  return regex && replaceMatches(call, *regex, 1, [&](auto, std::string &out) {
           std::string_view with = call.operand(1).text();
           return mayAllocate(call, Value::textBytes(out.size() + with.size())) && (out.append(with), true);
         });
}

bool str_regex_rewrite(KernelCall &call) {
  Pattern pattern;
  const Regex *regex = pattern.of(call);
  if (!regex)
    return false;
  std::vector<TemplatePart> parts;
  TemplateError wrong;
  std::string_view source = call.textAttr(attrRow<OpCode::str_regex_rewrite>("template"));
  if (!splitTemplate(source, regex->groupCount() + 1, parts, wrong))
    return call.fail(Diag::BadTemplate, {std::to_string(wrong.byte), wrong.what});
  return replaceMatches(call, *regex, regex->groupCount() + 1, [&](auto groups, std::string &out) {
    for (const TemplatePart &part : parts) {
      std::string_view piece = part.operand == TemplatePart::literal ? part.text : groups[part.operand];
      if (!mayAllocate(call, Value::textBytes(out.size() + piece.size())))
        return false;
      out.append(piece);
    }
    return true;
  });
}

bool str_regex_split(KernelCall &call) {
  Pattern pattern;
  const Regex *regex = pattern.of(call);
  if (!regex)
    return false;
  TextList parts;
  size_t start = 0;
  RegexWalk walk = matches(call, *regex, 1);
  for (; walk.next(); start = walk.end())
    if (!parts.add(call, text(call).substr(start, walk.begin() - start)))
      return false;
  return isWhole(call, walk) && parts.add(call, text(call).substr(start)) && parts.returnValue(call);
}

} // namespace xcs::kernels
