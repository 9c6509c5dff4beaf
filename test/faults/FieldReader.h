#pragma once
#include "Text.h"
#include <cstdint>
#include <simdjson.h>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace xcs::faults {

/// Takes typed fields out of a script's JSON and remembers the first mistake, so that a reader can go on to
/// the end and look at it once. After a mistake the values it gives are of no use.
class FieldReader {
public:
  using Value = simdjson::dom::element;

  /// `place` opens the mistake's message, as in ``rule 2: `status` must have three digits``.
  explicit FieldReader(std::string place) : place(std::move(place)) {}

  void fail(std::string_view key, std::string_view what);
  const std::string &mistake() const { return firstMistake; }

  /// The fields in the order written; `key` names the object in a mistake.
  std::vector<std::pair<std::string_view, Value>> fields(std::string_view key, Value value);
  std::string text(std::string_view key, Value value);
  /// One text or a list of them.
  std::vector<std::string> texts(std::string_view key, Value value);
  std::uint64_t count(std::string_view key, Value value);
  double number(std::string_view key, Value value);
  /// A number of milliseconds, as nanoseconds; at most a day.
  std::uint64_t milliseconds(std::string_view key, Value value);
  bool flag(std::string_view key, Value value);
  static std::string compact(Value value) { return simdjson::minify(value); }

private:
  std::string place, firstMistake;
};

} // namespace xcs::faults
