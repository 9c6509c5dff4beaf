#include "Ops/JsonSupport.h"
#include "Ops/Text.h"
#include "xcs/Ops/ConstantPool.h"
#include <charconv>
#include <cstdint>

using namespace xcs;

bool xcs::failWith(OpError &error, Diag id, std::initializer_list<std::string_view> arguments) {
  error.id = id;
  error.message = formatMessage(rowOf(id).text, {arguments.begin(), arguments.size()});
  return false;
}

bool xcs::failStopped(OpError &error) { return failWith(error, Diag::Interrupted, {}); }

bool xcs::failWithLimit(OpError &error, const Limits &limits, Limit limit, std::string_view what,
                        uint64_t needed) {
  error.id = Diag::LimitExceeded;
  error.message = limitError(limit, limits[limit], what, needed).message();
  return false;
}

std::string_view xcs::jsonKindName(const Value &json) {
  switch (json.kind()) {
  case ValueKind::None:
    return "null";
  case ValueKind::Bool:
    return "a bool";
  case ValueKind::I64:
  case ValueKind::F64:
  case ValueKind::Whole:
    return "a number";
  case ValueKind::Str:
    return "a string";
  case ValueKind::List:
    return "an array";
  case ValueKind::Object:
    return "an object";
  case ValueKind::Empty:
  case ValueKind::Duration:
  case ValueKind::OptionNone:
  case ValueKind::Bytes:
  case ValueKind::Record:
  case ValueKind::OptionSome:
  case ValueKind::ResultOk:
  case ValueKind::ResultError:
  case ValueKind::Dict:
  case ValueKind::Secret:
    return "no JSON"; // does not occur in values of type json
  }
  return {};
}

std::string xcs::foundJson(const Value &json) {
  std::string found(jsonKindName(json));
  if (json.kind() == ValueKind::F64)
    found += " (`" + printFloat(json.asF64()) + "`)";
  if (json.kind() == ValueKind::Whole)
    found += " beyond i64 (`" + excerpt(json.text()) + "`)";
  return found;
}

void xcs::appendPointerKey(std::string &pointer, std::string_view key) {
  pointer += '/';
  for (char c : key) {
    if (c == '~')
      pointer += "~0";
    else if (c == '/')
      pointer += "~1";
    else
      pointer += c;
  }
}

void xcs::appendPointerIndex(std::string &pointer, size_t index) {
  pointer += '/';
  pointer += std::to_string(index);
}

// "At ``" would look like a mistake.
std::string xcs::atPointer(std::string_view pointer, std::string_view what) {
  std::string text = pointer.empty() ? "at the top: " : "at `" + std::string(pointer) + "`: ";
  return text += what;
}

const Value *xcs::findKey(const Value &object, std::string_view key) {
  std::span<const Value> items = object.items();
  for (size_t i = 0; i < items.size(); i += 2)
    if (items[i].text() == key)
      return &items[i + 1];
  return nullptr;
}

__extension__ using WideDuration = __int128; // of any number that fits, times any unit

namespace {
struct DurationUnit {
  std::string_view name;
  int64_t size;
};
} // namespace
static constexpr DurationUnit durationUnits[] = {
    {"h", 3'600'000'000'000}, {"m", 60'000'000'000}, {"s", 1'000'000'000},
    {"ms", 1'000'000},        {"us", 1'000},         {"ns", 1}};

/// Takes a number, perhaps with decimals, and its unit off the text; false when there is none, when the unit
/// is not below `most`, which becomes the unit, or when it is not a whole number of nanoseconds.
static bool takePart(std::string_view &text, int64_t &most, WideDuration &total) {
  const size_t end = text.find_first_not_of("0123456789.");
  if (end == text.npos || text.find_first_of("0123456789") != 0 || text[end - 1] == '.')
    return false;
  std::string digits(text.substr(0, end));
  text.remove_prefix(end);
  const std::string_view name = text.substr(0, text.find_first_of("0123456789"));
  text.remove_prefix(name.size());
  // 1.50s is 15 units of a tenth of a second.
  size_t point = digits.find('.'), decimals = 0;
  if (point != digits.npos) {
    digits.erase(point, 1);
    while (digits.size() > point && digits.back() == '0')
      digits.pop_back();
    decimals = digits.size() - point;
  }
  uint64_t number = 0;
  auto [stop, failed] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
  if (failed != std::errc() || stop != digits.data() + digits.size() ||
      decimals > 18) // no unit divides by more
    return false;
  WideDuration scale = 1;
  for (; decimals; --decimals)
    scale *= 10;
  for (const DurationUnit &unit : durationUnits)
    if (unit.name == name && unit.size < most) {
      most = unit.size;
      const WideDuration part = WideDuration(number) * unit.size;
      total += part / scale;
      return part % scale == 0;
    }
  return false;
}

// What the lexer takes and printDuration prints: `250ms`, `-1.5s`, `1h30m`, larger units first.
bool xcs::parseDuration(std::string_view text, int64_t &nanoseconds) {
  const bool negative = text.starts_with('-');
  text.remove_prefix(negative);
  WideDuration total = 0;
  int64_t most = INT64_MAX;
  do
    if (!takePart(text, most, total))
      return false;
  while (!text.empty());
  if (total > WideDuration(INT64_MAX) + negative)
    return false;
  nanoseconds = static_cast<int64_t>(negative ? -total : total);
  return true;
}

// RFC 6901, sections 3 and 4. Whether a key is an index is the business of the value it meets.
bool xcs::splitPointer(std::string_view pointer, std::vector<std::string> &keys, std::string &what) {
  if (!pointer.empty() && pointer.front() != '/') {
    what = "it does not start with `/`";
    return false;
  }
  for (size_t i = 0; i < pointer.size(); ++i) {
    if (pointer[i] == '/') {
      keys.emplace_back();
    } else if (pointer[i] != '~') {
      keys.back() += pointer[i];
    } else if (i + 1 < pointer.size() && (pointer[i + 1] == '0' || pointer[i + 1] == '1')) {
      keys.back() += pointer[++i] == '0' ? '~' : '/';
    } else {
      what = "`~` must be written as `~0`";
      return false;
    }
  }
  return true;
}
