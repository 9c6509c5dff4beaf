#include "FieldReader.h"
#include <algorithm>

namespace xcs::faults {

namespace dom = simdjson::dom;

void FieldReader::fail(std::string_view key, std::string_view what) {
  if (firstMistake.empty())
    firstMistake = place + ": `" + std::string(key) + "` " + std::string(what);
}

std::vector<std::pair<std::string_view, FieldReader::Value>> FieldReader::fields(std::string_view key,
                                                                                 Value value) {
  std::vector<std::pair<std::string_view, Value>> out;
  // Copied out: a failed conversion leaves an object that must not be walked.
  dom::object object;
  if (value.get(object) != simdjson::SUCCESS) {
    fail(key, "must be an object");
    return out;
  }
  for (auto [name, field] : object)
    out.emplace_back(name, field);
  return out;
}

std::string FieldReader::text(std::string_view key, Value value) {
  std::string_view out;
  if (value.get(out) != simdjson::SUCCESS)
    fail(key, "must be a string");
  return std::string(out);
}

std::vector<std::string> FieldReader::texts(std::string_view key, Value value) {
  dom::array list;
  if (value.get(list) != simdjson::SUCCESS)
    return {text(key, value)};
  std::vector<std::string> out;
  for (dom::element item : list)
    out.push_back(text(key, item));
  return out;
}

double FieldReader::number(std::string_view key, Value value) {
  double out = 0;
  if (value.get(out) != simdjson::SUCCESS || out < 0)
    fail(key, "must be a number that is not negative");
  return out;
}

std::uint64_t FieldReader::count(std::string_view key, Value value) {
  std::uint64_t out = 0;
  if (value.get(out) != simdjson::SUCCESS)
    fail(key, "must be a whole number that is not negative");
  return out;
}

std::uint64_t FieldReader::milliseconds(std::string_view key, Value value) {
  static constexpr double day = 86400e3;
  const double ms = number(key, value);
  if (ms > day)
    fail(key, "must be at most a day");
  return static_cast<std::uint64_t>(std::clamp(ms, 0.0, day) * 1e6);
}

bool FieldReader::flag(std::string_view key, Value value) {
  bool out = false;
  if (value.get(out) != simdjson::SUCCESS)
    fail(key, "must be true or false");
  return out;
}

} // namespace xcs::faults
