#include "Ops/KeyText.h"
#include "xcs/Ops/ConstantPool.h"
#include <charconv>

using namespace xcs;

std::string xcs::keyText(const Value &key) {
  if (key.kind() == ValueKind::Bool)
    return key.asBool() ? "true" : "false";
  if (key.kind() == ValueKind::I64)
    return std::to_string(key.asI64());
  return key.kind() == ValueKind::Duration ? printDuration(key.asI64()) : std::string(key.text());
}

static std::optional<Value> readKey(std::string_view text, TypeKind kind) {
  int64_t number = 0;
  if (kind == TypeKind::Bool)
    return Value::boolean(text == "true");
  if (kind == TypeKind::Duration)
    return parseDuration(text, number) ? std::optional(Value::duration(number)) : std::nullopt;
  std::from_chars(text.data(), text.data() + text.size(), number);
  return Value::i64(number);
}

// What is read must print as the same text: `01`, `+1` and `60s` would be second texts of keys.
std::optional<Value> xcs::keyOfText(std::string_view text, TypeKind kind) {
  if (kind == TypeKind::Str)
    return Value::str(text);
  std::optional<Value> key = readKey(text, kind);
  return key && keyText(*key) == text ? key : std::nullopt;
}

std::string xcs::rightKeyText(std::string_view text, TypeKind kind) {
  int64_t number = 0;
  if (kind == TypeKind::Bool)
    return "`true` or `false`";
  if (kind == TypeKind::Duration)
    return parseDuration(text, number) ? "`" + printDuration(number) + "`" : "a duration such as `250ms`";
  if (text.starts_with('+'))
    text.remove_prefix(1);
  const auto [end, wrong] = std::from_chars(text.data(), text.data() + text.size(), number);
  const bool isWhole = wrong == std::errc() && end == text.data() + text.size();
  return isWhole ? "`" + std::to_string(number) + "`" : "a whole number such as `12`, of 64 bits";
}
