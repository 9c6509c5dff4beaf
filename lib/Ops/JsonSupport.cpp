#include "Ops/JsonSupport.h"
#include <charconv>

using namespace xcs;

bool xcs::failWith(OpError &error, Diag id, std::initializer_list<std::string_view> arguments) {
  error.id = id;
  error.message = formatMessage(rowOf(id).text, {arguments.begin(), arguments.size()});
  return false;
}

bool xcs::failStopped(OpError &error) { return failWith(error, Diag::Interrupted, {}); }

bool xcs::failWithLimit(OpError &error, const Limits &limits, Limit limit, std::string_view what) {
  const LimitRow &row = limitRows[static_cast<size_t>(limit)];
  return failWith(error, Diag::LimitExceeded, {what, std::to_string(limits[limit]), row.unit, row.name});
}

std::string_view xcs::jsonKindName(const Value &json) {
  switch (json.kind()) {
  case ValueKind::None:
    return "null";
  case ValueKind::Bool:
    return "a bool";
  case ValueKind::I64:
  case ValueKind::F64:
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
  case ValueKind::Secret:
    return "no JSON"; // does not occur in values of type json
  }
  return {};
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

// The counterpart of printDuration, and what the lexer accepts: one whole number, one unit.
bool xcs::parseDuration(std::string_view text, int64_t &nanoseconds) {
  struct Unit {
    std::string_view name;
    int64_t size;
  };
  constexpr Unit units[] = {{"ns", 1},
                            {"us", 1'000},
                            {"ms", 1'000'000},
                            {"s", 1'000'000'000},
                            {"m", 60'000'000'000},
                            {"h", 3'600'000'000'000}};
  int64_t count;
  auto [stop, failed] = std::from_chars(text.data(), text.data() + text.size(), count);
  if (failed != std::errc())
    return false;
  text.remove_prefix(static_cast<size_t>(stop - text.data()));
  for (const Unit &unit : units)
    if (unit.name == text)
      return !__builtin_mul_overflow(count, unit.size, &nanoseconds);
  return false;
}

// RFC 6901, sections 3 and 4. Whether a key is an index depends on the value it is applied to.
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
