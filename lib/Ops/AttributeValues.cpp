#include "xcs/Ops/AttributeValues.h"
#include "xcs/Ops/JsonText.h"
#include "xcs/Ops/ModelForm.h"
#include "xcs/Support/NearestName.h"
#include "xcs/Support/Utf8.h"
#include <algorithm>
#include <cmath>

using namespace xcs;

namespace {
/// The least value of a number or duration, by name. `above`: the least value itself is out.
struct NumberRule {
  std::string_view name;
  double least;
  bool above;
  std::string_view text;
};
constexpr NumberRule numberRules[] = {
    {"timeout", 0, true, "must be longer than 0s"},
    {"connect_timeout", 0, true, "must be longer than 0s"},
    {"first_byte_timeout", 0, true, "must be longer than 0s"},
    {"idle_timeout", 0, true, "must be longer than 0s"},
    {"attempt_timeout", 0, true, "must be longer than 0s"},
    {"max_in_flight", 1, false, "must be at least 1"},
    {"requests_per_minute", 0, true, "must be above 0"},
    {"tokens_per_minute", 0, true, "must be above 0"},
    {"redirects", 0, false, "must not be negative"},
    {"retries", 0, false, "must not be negative"},
    {"usd_per_mtok_in", 0, false, "must not be negative"},
    {"usd_per_mtok_out", 0, false, "must not be negative"},
    {"max_tokens", 1, false, "must be at least 1"},
    {"max_trips", 1, false, "must be at least 1"},
    {"take", 1, false, "must be at least 1"},
    {"window", 1, false, "must be at least 1"},
    {"max_batch", 1, false, "must be at least 1"},
    {"max_batch_tokens", 1, false, "must be at least 1"},
    {"dimensions", 1, false, "must be at least 1"},
    {"n", 1, false, "must be at least 1"},
    {"temperature", 0, false, "must not be negative"},
    {"hint.latency", 0, false, "must not be negative"},
    {"hint.cost", 0, false, "must not be negative"},
    {"hint.tokens", 0, false, "must not be negative"},
    {"hint.size", 0, false, "must not be negative"},
};

constexpr int64_t mostAnswers = 128; // of one `model.chat`, as many as OpenAI gives

/// One of two words.
struct ChoiceRule {
  std::string_view name, one, other, text;
};
constexpr ChoiceRule choiceRules[] = {
    {"cache", "auto", "off", "must be `auto` or `off`"},
    {"at_bound", "fail", "yield", "must be `fail` or `yield`"},
    {"repeat", "never", "idempotent", "must be `never` or `idempotent`"},
};

constexpr std::string_view methods[] = {"GET", "HEAD", "PUT", "DELETE", "POST", "PATCH"};
} // namespace

static double numberOf(const ConstantView &view, AttrId value) {
  return view.attr(value).kind == AttrKind::F64 ? view.floatAttr(value)
                                                : static_cast<double>(view.intAttr(value));
}

static std::string_view wrongNumber(const ConstantView &view, std::string_view name, AttrId value) {
  double number = numberOf(view, value);
  if (!std::isfinite(number))
    return "must be a finite number";
  if (name == "n" && number > mostAnswers)
    return "must be at most 128; use `map` for more answers";
  for (const NumberRule &rule : numberRules)
    if (rule.name == name)
      return number < rule.least || (rule.above && number == rule.least) ? rule.text : std::string_view();
  return {};
}

static bool isHttpUrl(std::string_view url) {
  return url.starts_with("http://") || url.starts_with("https://");
}

static std::string_view wrongWord(const ConstantView &view, std::string_view name, AttrId value) {
  std::string_view text = view.textAttr(value);
  if (name == "method") {
    for (std::string_view method : methods)
      if (text == method)
        return {};
    return "must be one of `GET`, `HEAD`, `PUT`, `DELETE`, `POST`, `PATCH`";
  }
  for (const ChoiceRule &rule : choiceRules)
    if (rule.name == name && text != rule.one && text != rule.other)
      return rule.text;
  if (name == "url" && !isHttpUrl(text))
    return "must begin with `http://` or `https://`";
  if (name == "tool_choice" && text != "auto" && text != "none" && text != "required")
    return "must be `auto`, `none` or `required`";
  std::vector<std::string> keys;
  std::string what;
  if (name == "pointer" &&
      !splitPointer(text, keys, what)) // `json.find` is total: it may not fail for it at run time
    return "must be a JSON pointer like `/items/0/name`";
  return {};
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

/// `capabilities = {n = "off", json_schema = "auto"}`.
static std::string wrongCapabilities(const ConstantView &view, AttrId value) {
  for (const DictEntry &entry : view.entries(DictId(static_cast<uint32_t>(view.attr(value).payload)))) {
    std::string_view key = view.text(entry.key);
    if (std::find(std::begin(capabilityNames), std::end(capabilityNames), key) == std::end(capabilityNames)) {
      NearestName nearest(key);
      for (std::string_view name : capabilityNames)
        nearest.offer(name);
      return "has no entry `" + std::string(key) + "`" + nearest.suggestion();
    }
    std::string_view word = view.attr(entry.value).kind == AttrKind::Str ? view.textAttr(entry.value) : "";
    if (word != "auto" && word != "on" && word != "off")
      return "has a `" + std::string(key) + "` that is not `\"auto\"`, `\"on\"` or `\"off\"`";
  }
  return {};
}

static std::string wrongHeaders(const ConstantView &view, AttrId value) {
  for (const DictEntry &entry : view.entries(DictId(static_cast<uint32_t>(view.attr(value).payload)))) {
    AttrKind kind = view.attr(entry.value).kind;
    if (kind != AttrKind::Str && kind != AttrKind::Secret)
      return "has a `" + std::string(view.text(entry.key)) + "` that is neither a string nor `secret(..)`";
  }
  return {};
}

/// `env` of a program; which names it may have is a question of grants.
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

/// A prefix stands before a secret in one line of text.
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

static std::string_view wrongAny(const ConstantView &view, std::string_view name, AttrId value) {
  AttrKind kind = view.attr(value).kind;
  if (name == "key" && kind != AttrKind::Secret)
    return "must be `secret(\"NAME\")`: a program never contains a key";
  if (name != "url" || kind == AttrKind::Env)
    return {};
  return kind == AttrKind::Str ? wrongWord(view, name, value) : "must be a string or `env(\"NAME\")`";
}

std::string xcs::wrongValue(const ConstantView &view, std::string_view name, AttrId value, AttrType type) {
  if (std::string wrong = wrongSecret(view, value); !wrong.empty())
    return wrong;
  switch (type) {
  case AttrType::I64:
  case AttrType::F64:
  case AttrType::Duration:
    return std::string(wrongNumber(view, name, value));
  case AttrType::Str:
    return std::string(wrongWord(view, name, value));
  case AttrType::Dict:
    if (name == "retry")
      return wrongRetry(view, value);
    if (name == "capabilities")
      return wrongCapabilities(view, value);
    if (name == "env")
      return wrongEnvironment(view, value);
    return name == "headers" ? wrongHeaders(view, value) : std::string();
  case AttrType::Any:
    return std::string(wrongAny(view, name, value));
  case AttrType::Bool:
  case AttrType::Symbol:
  case AttrType::Type:
  case AttrType::List:
  case AttrType::Flag:
  case AttrType::Texts:
    return {};
  }
  return {};
}
