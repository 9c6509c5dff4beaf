#include "xcs/Ops/AttributeValues.h"
#include "xcs/Ops/HostEffect.h"
#include "xcs/Ops/JsonText.h"
#include "xcs/Ops/ModelForm.h"
#include "xcs/Ops/Slots.h"
#include "xcs/Support/NearestName.h"
#include "xcs/Support/Utf8.h"
#include "llvm/ADT/StringExtras.h"
#include <algorithm>
#include <cmath>
#include <map>

using namespace xcs;

static std::string wrongNumber(const ConstantView &view, AttrId value, const AttrRange &range) {
  const double number = view.attr(value).kind == AttrKind::F64 ? view.floatAttr(value)
                                                               : static_cast<double>(view.intAttr(value));
  if (!std::isfinite(number))
    return "must be a finite number";
  if (number > range.most)
    return "must be at most " + std::to_string(static_cast<int64_t>(range.most)) + "; " +
           std::string(range.remedy);
  return number < range.least || (range.above && number == range.least) ? rangeText(range) : std::string();
}

static bool isOneOf(std::string_view text, const AttrRange &range) {
  return std::find(range.words.begin(), range.words.end(), text) != range.words.end() && !text.empty();
}

static std::string wrongUrl(const ConstantView &view, AttrId value, const AttrRange &range) {
  const AttrKind kind = view.attr(value).kind;
  if (kind == AttrKind::Env)
    return {};
  if (kind != AttrKind::Str)
    return "must be a string or `env(\"NAME\")`";
  const std::string_view url = view.textAttr(value);
  if (url.find('#') != url.npos)
    return "has a fragment (`#..`), which is never sent; remove it";
  const size_t begin = url.find("://");
  const size_t authority = begin == url.npos ? url.size() : begin + 3;
  if (url.substr(authority, url.find_first_of("/?", authority) - authority).find('@') != url.npos)
    return "contains credentials; use a secret in a header";
  return url.starts_with("http://") || url.starts_with("https://") ? std::string() : rangeText(range);
}

static bool isLine(std::string_view text) { return !text.empty() && !hasControlCharacter(text); }
/// A line, or a list of them that is not empty.
static bool isName(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    return llvm::isAlnum(c) || c == '_' || c == '-' || c == '.';
  });
}

static bool isLines(const ConstantView &view, AttrId value) {
  if (view.attr(value).kind != AttrKind::List)
    return isLine(view.textAttr(value));
  for (AttrId item : view.items(value))
    if (!isLine(view.textAttr(item)))
      return false;
  return !view.items(value).empty();
}

/// `json.find` is total: it may not fail for its pointer at run time.
static bool isPointer(std::string_view text) {
  std::vector<std::string> keys;
  std::string what;
  return splitPointer(text, keys, what);
}

/// `retry = {max = 3, base = 500ms, cap = 8s}`.
static std::string wrongRetry(const ConstantView &view, AttrId value) {
  for (const DictEntry &entry : view.entries(DictId(static_cast<uint32_t>(view.attr(value).payload)))) {
    std::string_view key = view.text(entry.key);
    AttrKind kind = view.attr(entry.value).kind;
    if (key == "max") {
      if (kind != AttrKind::I64 || view.intAttr(entry.value) < 0)
        return "has a `max` that is not a number of attempts";
    } else if (key == "base" || key == "cap") {
      if (kind != AttrKind::Duration || view.intAttr(entry.value) <= 0)
        return "has a `" + std::string(key) + "` that is not a duration above 0s";
    } else {
      return "has no entry `" + std::string(key) + "`; it has `max`, `base` and `cap`";
    }
  }
  return {};
}

/// `finish_reasons = {fertig = "stop", voll = "length"}` of capabilities.
static bool isFinishReasons(const ConstantView &view, AttrId value) {
  if (view.attr(value).kind != AttrKind::Dict)
    return false;
  for (const DictEntry &entry : view.entries(DictId(static_cast<uint32_t>(view.attr(value).payload)))) {
    std::string_view word = view.attr(entry.value).kind == AttrKind::Str ? view.textAttr(entry.value) : "";
    if (std::find(std::begin(finishMeanings), std::end(finishMeanings), word) == std::end(finishMeanings))
      return false;
  }
  return true;
}

/// `capabilities = {n = "off", json_schema = "auto"}`.
static std::string wrongCapabilities(const ConstantView &view, AttrId value) {
  for (const DictEntry &entry : view.entries(DictId(static_cast<uint32_t>(view.attr(value).payload)))) {
    std::string_view key = view.text(entry.key);
    if (key == finishReasonsName) {
      if (!isFinishReasons(view, entry.value))
        return "has `finish_reasons` that are not words with `\"stop\"`, `\"length\"` or "
               "`\"content_filter\"` each";
      continue;
    }
    if (std::find(std::begin(capabilityNames), std::end(capabilityNames), key) == std::end(capabilityNames)) {
      NearestName nearest(key);
      for (std::string_view name : capabilityNames)
        nearest.offer(name);
      nearest.offer(finishReasonsName);
      return "has no entry `" + std::string(key) + "`" + nearest.suggestion();
    }
    std::string_view word = view.attr(entry.value).kind == AttrKind::Str ? view.textAttr(entry.value) : "";
    if (word != "auto" && word != "on" && word != "off")
      return "has a `" + std::string(key) + "` that is not `\"auto\"`, `\"on\"` or `\"off\"`";
  }
  return {};
}

/// `extra = {top_k = 20, chat_template_kwargs = {enable_thinking = false}}`.
static std::string wrongExtra(const ConstantView &view, AttrId value) {
  for (const DictEntry &entry : view.entries(DictId(static_cast<uint32_t>(view.attr(value).payload)))) {
    std::string name(view.text(entry.key));
    if (std::string instead = insteadOfMember(name); !instead.empty())
      return "has an entry `" + name + "`, which is said elsewhere; " + instead;
    if (jsonOfAttr(view, entry.value).empty())
      return "has a `" + name + "` without a JSON form";
  }
  return {};
}

static std::string wrongHeaders(const ConstantView &view, AttrId value) {
  std::map<std::string, std::string_view> seen; // names have no case (RFC 9110, 5.1)
  for (const DictEntry &entry : view.entries(DictId(static_cast<uint32_t>(view.attr(value).payload)))) {
    AttrKind kind = view.attr(entry.value).kind;
    if (kind != AttrKind::Str && kind != AttrKind::Secret && kind != AttrKind::Env)
      return "has a `" + std::string(view.text(entry.key)) +
             "` that is neither a string nor `secret(..)` nor `env(..)`";
    std::string name(view.text(entry.key));
    for (char &c : name)
      c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    auto [first, isNew] = seen.try_emplace(std::move(name), view.text(entry.key));
    if (!isNew)
      return "names one header twice, as `" + std::string(first->second) + "` and `" +
             std::string(view.text(entry.key)) + "`; remove one of them";
  }
  return {};
}

/// `env` of a program; which names are allowed is a matter of grants.
static std::string wrongEnvironment(const ConstantView &view, AttrId value) {
  for (const DictEntry &entry : view.entries(DictId(static_cast<uint32_t>(view.attr(value).payload)))) {
    std::string name(view.text(entry.key));
    AttrKind kind = view.attr(entry.value).kind;
    if (kind != AttrKind::Str && kind != AttrKind::Secret && kind != AttrKind::Env)
      return "has a `" + name + "` that is neither a string nor `secret(..)` nor `env(..)`";
    if (name.empty() || name.find('=') != name.npos || name.find('\0') != name.npos)
      return "has a `" + name + "` that is not the name of a variable";
  }
  return {};
}

/// `limit = {@gpu = 2, @db = 1}`; whether the resources exist, and have so many slots, is for others to say.
static std::string wrongSlots(const ConstantView &view, AttrId value) {
  if (view.attr(value).kind == AttrKind::Symbol)
    return {};
  const std::span<const DictEntry> entries =
      view.entries(DictId(static_cast<uint32_t>(view.attr(value).payload)));
  for (const DictEntry &entry : entries) {
    const std::string key(view.text(entry.key));
    if (!isSymbolKey(key))
      return "has an entry `" + key + "`, which is no symbol; write `@name`";
    if (view.attr(entry.value).kind == AttrKind::Unit)
      return "does not say how many slots of `" + key + "` it takes; write `" + key + " = 1`";
    if (view.attr(entry.value).kind != AttrKind::I64 || view.intAttr(entry.value) < 1)
      return "has a `" + key + "` that is not a number of slots, at least 1";
  }
  return entries.empty() ? "names no limit; write `limit = @name`, or leave it out" : std::string();
}

/// A prefix precedes a secret in one line of text.
static bool hasWrongPrefix(const ConstantView &view, AttrId value) {
  StringId prefix = view.attr(value).kind == AttrKind::Secret ? StringId(view.attr(value).count) : StringId();
  return prefix && hasControlCharacter(view.text(prefix));
}

static std::string wrongSecret(const ConstantView &view, AttrId value) {
  static constexpr std::string_view rule =
      "has a control character in the prefix of a secret; it is one line";
  if (hasWrongPrefix(view, value))
    return std::string(rule);
  if (view.attr(value).kind == AttrKind::Dict)
    for (const DictEntry &entry : view.entries(DictId(static_cast<uint32_t>(view.attr(value).payload))))
      if (hasWrongPrefix(view, entry.value))
        return std::string(rule);
  return {};
}

std::string xcs::wrongValue(const ConstantView &view, Attribute attribute, AttrId value) {
  if (std::string wrong = wrongSecret(view, value); !wrong.empty())
    return wrong;
  const AttributeRow &row = rowOf(attribute);
  const bool isNumber =
      row.type == AttrType::I64 || row.type == AttrType::F64 || row.type == AttrType::Duration;
  switch (row.range.form) {
  case AttrRange::Form::Any: // a number must be finite
  case AttrRange::Form::Number:
    return isNumber ? wrongNumber(view, value, row.range) : std::string();
  case AttrRange::Form::Words:
    return isOneOf(view.textAttr(value), row.range) ? std::string() : rangeText(row.range);
  case AttrRange::Form::Url:
    return wrongUrl(view, value, row.range);
  case AttrRange::Form::Pointer:
    return isPointer(view.textAttr(value)) ? std::string() : rangeText(row.range);
  case AttrRange::Form::Secret:
    return view.attr(value).kind == AttrKind::Secret ? std::string() : rangeText(row.range);
  case AttrRange::Form::Retry:
    return wrongRetry(view, value);
  case AttrRange::Form::Headers:
    return wrongHeaders(view, value);
  case AttrRange::Form::Environment:
    return wrongEnvironment(view, value);
  case AttrRange::Form::Capabilities:
    return wrongCapabilities(view, value);
  case AttrRange::Form::Extra:
    return wrongExtra(view, value);
  case AttrRange::Form::Slots:
    return wrongSlots(view, value);
  case AttrRange::Form::Line:
    return isLines(view, value) ? std::string() : rangeText(row.range);
  case AttrRange::Form::Name:
    return isName(view.textAttr(value)) ? std::string() : rangeText(row.range);
  case AttrRange::Form::HostEffect:
    return readHostEffect(view.textAttr(value)) ? std::string() : rangeText(row.range);
  }
  return {};
}
