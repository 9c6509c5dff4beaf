// What is printed is read back as it was: tables, JSON lines, points in time. With rapidcheck where it is
// installed.
#ifdef XCS_HAVE_RAPIDCHECK
#include "OpsTest.h"
#include <rapidcheck/gtest.h>

using namespace xcs;

namespace {

/// A field of a table: often empty, often with what must be quoted.
std::string drawField() {
  auto parts = *rc::gen::container<std::vector<std::string>>(
      rc::gen::elementOf(std::vector<std::string>{"a", "\"", ",", ";", "\n", "\r", "\r\n", " ", "\t",
                                                  "\uFEFF", "\u00e9", "\U0001f600", "1", "none", "\"\""}));
  std::string field;
  for (size_t i = 0; i < std::min<size_t>(parts.size(), 4); ++i)
    field += parts[i];
  return field;
}

struct TableProperties : OpsTest {
  /// `made` printed by one operation and read by the other.
  std::string roundTrip(std::string_view print, std::string_view parse, const Typed &made,
                        const Attrs &attrs = {}) {
    Value text, back;
    OpError error;
    TypeId type = str, result = made.type;
    if (!evaluate(print, {made}, attrs, type, text, error) ||
        !evaluate(parse, {{text, str}}, attrs, result, back, error))
      return describe(error);
    return show(back, result);
  }
  Typed made(std::string_view name, const std::vector<Typed> &operands, const Attrs &attrs, TypeId type) {
    Value value;
    OpError error;
    RC_ASSERT(evaluate(name, operands, attrs, type, value, error));
    return {value, type};
  }
  Attrs drawSeparator() {
    if (*rc::gen::inRange(0, 3) == 0)
      return {};
    return {{"separator",
             pool.textAttr(*rc::gen::elementOf(std::vector<std::string>{",", ";", "\t", " ", "|"}))}};
  }
  Typed drawRecord() {
    const auto number = *rc::gen::arbitrary<int64_t>();
    const auto real = *rc::gen::arbitrary<double>();
    const bool present = *rc::gen::arbitrary<bool>();
    return R({{"text", S(drawField())},
              {"a \"name\",", present ? some(S(drawField())) : noneOf(str)},
              {"number", I(number)},
              {"real", F(real)},
              {"real?", *rc::gen::arbitrary<bool>() ? some(F(number % 2 ? NAN : -INFINITY)) : noneOf(f64)},
              {"truth", B(present)},
              {"time", D(number)},
              {"time?", present ? noneOf(duration) : some(D(number / 1000))}});
  }
};

RC_GTEST_FIXTURE_PROP(TableProperties, ListsOfTexts, ()) {
  std::vector<Typed> rows;
  const size_t count = *rc::gen::inRange<size_t>(0, 5);
  for (size_t i = 0; i < count; ++i) {
    std::vector<Typed> fields;
    const size_t width = *rc::gen::inRange<size_t>(0, 4);
    for (size_t k = 0; k < width; ++k)
      fields.push_back(S(drawField()));
    rows.push_back(L(str, fields));
  }
  const Typed table = L(pool.list(str), rows);
  RC_ASSERT(roundTrip("csv.print", "csv.parse", table, drawSeparator()) == show(table.value, table.type));
}

RC_GTEST_FIXTURE_PROP(TableProperties, Records, ()) {
  std::vector<Typed> rows;
  const size_t count = *rc::gen::inRange<size_t>(0, 5);
  for (size_t i = 0; i < count; ++i)
    rows.push_back(drawRecord());
  const Typed table = L(drawRecord().type, rows);
  RC_ASSERT(roundTrip("csv.print", "csv.parse", table, drawSeparator()) == show(table.value, table.type));
}

RC_GTEST_FIXTURE_PROP(TableProperties, OneColumn, ()) {
  std::vector<Typed> texts, options;
  const size_t count = *rc::gen::inRange<size_t>(0, 5);
  for (size_t i = 0; i < count; ++i) {
    texts.push_back(R({{"a", S(drawField())}}));
    options.push_back(R({{"a", *rc::gen::arbitrary<bool>() ? some(S(drawField())) : noneOf(str)}}));
  }
  const Typed ofTexts = L(R({{"a", S("")}}).type, texts),
              ofOptions = L(R({{"a", noneOf(str)}}).type, options);
  RC_ASSERT(roundTrip("csv.print", "csv.parse", ofTexts) == show(ofTexts.value, ofTexts.type));
  RC_ASSERT(roundTrip("csv.print", "csv.parse", ofOptions) == show(ofOptions.value, ofOptions.type));
}

RC_GTEST_FIXTURE_PROP(TableProperties, JsonLines, ()) {
  std::vector<Typed> values, records;
  const size_t count = *rc::gen::inRange<size_t>(0, 5);
  for (size_t i = 0; i < count; ++i) {
    const Typed text = S(drawField());
    values.push_back(J("[" + show(text.value, str) + ", {\"a\": null}]"));
    records.push_back(R({{"a", text}, {"b", I(*rc::gen::arbitrary<int64_t>())}}));
  }
  const Typed ofJson = L(json, values), ofRecords = L(R({{"a", S("")}, {"b", I(0)}}).type, records);
  RC_ASSERT(roundTrip("json.print_lines", "json.lines", ofJson) == show(ofJson.value, ofJson.type));
  RC_ASSERT(roundTrip("json.print_lines", "json.lines", ofRecords) == show(ofRecords.value, ofRecords.type));
}

RC_GTEST_FIXTURE_PROP(TableProperties, PointsInTime, ()) {
  const Typed at = D(*rc::gen::arbitrary<bool>() ? *rc::gen::arbitrary<int64_t>()
                                                 : *rc::gen::inRange<int64_t>(INT64_MIN, INT64_MAX));
  const std::string shown = show(at.value, duration);
  RC_ASSERT(roundTrip("time.format", "time.parse", at) == shown);
  for (std::string_view format :
       {"%F %T.%N", "%a %d %B %Y, %I:%M:%S.%N %p %z", "%s.%N", "%A %b %e %Y %R:%S %Z %N"})
    RC_ASSERT(roundTrip("time.format", "time.parse", at, {{"format", pool.textAttr(format)}}) == shown);
  RC_ASSERT(eval("time.rfc3339", {at}) == eval("time.format", {at}));
}

RC_GTEST_FIXTURE_PROP(TableProperties, Calendar, ()) {
  const Typed at = D(*rc::gen::inRange<int64_t>(INT64_MIN / 2, INT64_MAX / 2));
  const Typed months = I(*rc::gen::inRange<int64_t>(-1200, 1200));
  const std::string later = eval("time.add_months", {at, months});
  auto floor = [&](std::string_view unit, const Typed &of) {
    return eval("time.floor", {of}, {{"unit", pool.textAttr(unit)}});
  };
  // A start is the start of itself, and that of a smaller unit lies in the same larger one.
  for (std::string_view unit : {"year", "month", "week", "day", "hour", "minute"}) {
    const Typed start = made("time.floor", {at}, {{"unit", pool.textAttr(unit)}}, duration);
    RC_ASSERT(start.value.asI64() <= at.value.asI64());
    RC_ASSERT(floor(unit, start) == show(start.value, duration));
    RC_ASSERT(unit == "year" || unit == "week" || floor("month", start) == floor("month", at));
  }
  // From the first of a month nothing is cut, so the way back leads there.
  const Typed first = made("time.floor", {at}, {{"unit", pool.textAttr("month")}}, duration);
  const Typed then = made("time.add_months", {first, months}, {}, duration);
  const Typed back = made("time.add_months", {then, I(-months.value.asI64())}, {}, duration);
  RC_ASSERT(back.value.asI64() == first.value.asI64());
  RC_ASSERT(floor("month", then) == show(then.value, duration));
  RC_ASSERT(later.find("integer-overflow") == later.npos);
}

} // namespace
#endif
