#include "xcs-bench/ProgramShapes.h"
#include <algorithm>
#include <vector>

using namespace xcs::bench;

namespace {

/// SplitMix64 (Steele, Lea and Flood 2014): the same numbers on every platform.
class Random {
public:
  explicit Random(uint64_t seed) : state(seed) {}
  uint64_t below(uint64_t bound) {
    uint64_t z = state += 0x9e3779b97f4a7c15u;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return (z ^ (z >> 31)) % bound;
  }

private:
  uint64_t state;
};

/// Writes a program operation by operation and counts them.
class ProgramWriter {
public:
  ProgramWriter(size_t operations, uint64_t seed) : left(operations), random(seed) {}

  std::string write(Shape shape) {
    switch (shape) {
    case Shape::Chain:
      chain();
      break;
    case Shape::Wide:
      wide();
      break;
    case Shape::Mixed:
      mixed();
      break;
    case Shape::Nested:
      nested();
      break;
    }
    return std::move(out);
  }

private:
  /// One operation: the pieces on one line, indented.
  template <class... Pieces> void op(const Pieces &...pieces) {
    out.append(indent, ' ');
    line(pieces...);
    --left;
  }
  template <class... Pieces> void line(const Pieces &...pieces) {
    (append(pieces), ...);
    out += '\n';
  }
  void append(std::string_view text) { out += text; }
  void append(uint64_t number) { out += std::to_string(number); }

  /// Words, as in a prompt.
  std::string words(size_t count) {
    static constexpr std::string_view list[] = {
        "answer", "the", "question", "with", "one", "short", "sentence",  "and", "give", "a",
        "reason", "for", "each",     "step", "in",  "order", "of weight", "to",  "be",   "checked"};
    std::string text;
    for (size_t i = 0; i < count; ++i) {
      text += i ? " " : "";
      text += list[random.below(std::size(list))];
    }
    return text;
  }

  /// Adds operations to the chain until only `reserve` are left to write; returns the value at its end.
  std::string fill(std::string value, size_t reserve, std::string_view operation, std::string_view type) {
    for (size_t i = 0; left > reserve; ++i) {
      std::string next = "%fill" + std::to_string(i);
      op(next, " = ", operation, "(", value, ") : ", type);
      value = std::move(next);
    }
    return value;
  }
  /// `%<name>0, %<name>1, ...`
  static std::string list(std::string_view name, size_t count) {
    std::string text;
    for (size_t i = 0; i < count; ++i)
      text += (i ? ", %" : "%") + std::string(name) + std::to_string(i);
    return text;
  }

  void chain();
  void wide();
  void mixed();
  void mixedStep(size_t i);
  void nested();
  void nestedFunction(size_t i);

  std::string out;
  size_t left, indent = 2;
  Random random;
};

void ProgramWriter::chain() {
  line("func @main(%start: i64) -> i64 {");
  op("%step = const {value = ", random.below(9) + 1, "} : i64");
  std::string value = "%start";
  for (size_t i = 0; left > 1; ++i) {
    std::string next = "%v" + std::to_string(i);
    op(next, " = i64.add(", value, ", %step) : i64");
    value = std::move(next);
  }
  op("return(", value, ")");
  line("}");
}

void ProgramWriter::wide() {
  constexpr size_t fan = 14, group = fan + 2, tail = 3;
  line("func @main(%text: str) -> i64 {");
  size_t groups = left > tail ? (left - tail) / group : 0;
  for (size_t g = 0; g < groups; ++g) {
    std::string prefix = "g" + std::to_string(g) + "_";
    for (size_t i = 0; i < fan; ++i)
      op("%", prefix, i, " = str.format(%text) {template = \"", words(2), " ", g, ".", i, ": {0}\"} : str");
    op("%", prefix, "all = list.pack(", list(prefix, fan), ") : list<str>");
    op("%join", g, " = str.join(%", prefix, "all) {separator = \" ", random.below(1000), " \"} : str");
  }
  std::string text = fill("%text", tail, "str.trim", "str");
  op("%joined = list.pack(", groups ? list("join", groups) + ", " : "", text, ") : list<str>");
  op("%count = list.len(%joined) : i64");
  op("return(%count)");
  line("}");
}

constexpr size_t mixedStepSize = 9;

void ProgramWriter::mixedStep(size_t i) {
  op("%prompt", i, " = str.format(%question) {template = \"", words(18), " (", i, "):\\n{0}\\n\"} : str");
  op("%draw", i, " = model.chat @gpt(%prompt", i, ") {temperature = 0.", random.below(10),
     ", max_tokens = ", 64 + random.below(400), ", system = \"", words(14), "\"} : str");
  op("%clean", i, " = str.trim(%draw", i, ") : str");
  op("%pair", i, " = list.pack(%clean", i, ", %question) : list<str>");
  op("%joined", i, " = str.join(%pair", i, ") {separator = \"\\n--- ", words(7), " ---\\n\"} : str");
  op("%object", i, " = json.from(%joined", i, ") : json");
  op("%field", i, " = json.put(%base, %object", i, ") {pointer = \"/answers/", words(1), "/", i,
     "\"} : json");
  op("%text", i, " = json.print(%field", i, ") {pretty} : str");
  op("%length", i, " = str.length(%text", i, ") : i64");
}

void ProgramWriter::mixed() {
  line("module @mixed");
  line("model @gpt {");
  line("  url = \"http://127.0.0.1:8080/v1\", model = \"small\", key = secret(\"OPENAI_API_KEY\"),");
  line("  max_in_flight = 64, timeout = 60s");
  line("}");
  line("func @main(%question: str) -> i64 {");
  constexpr size_t tail = 5;
  op("%base = json.parse(%question) : json");
  size_t steps = left > tail ? (left - tail) / mixedStepSize : 0;
  for (size_t i = 0; i < steps; ++i)
    mixedStep(i);
  std::string question = fill("%question", tail - 1, "str.trim", "str");
  op("%first = str.length(", question, ") : i64");
  op("%lengths = list.pack(", steps ? list("length", steps) + ", " : "", "%first) : list<i64>");
  op("%longest = i64.max_of(%lengths) : i64");
  op("return(%longest)");
  line("}");
}

constexpr size_t nestedFunctionSize = 12;

void ProgramWriter::nestedFunction(size_t i) {
  line("func private @step", i, "(%items: list<str>, %upper: bool) -> str {");
  op("%changed = map(%items) : list<str> {");
  line("  ^(%item: str)");
  indent = 4;
  op("%picked = if(%upper) : str {");
  indent = 6;
  op("%tried = try : result<str> {");
  indent = 8;
  op("%text = str.format(%item) {template = \"", words(3), " ", i, " {0}\"} : str");
  op("yield(%text)");
  line("      }");
  indent = 6;
  op("%text = result.or(%tried, %item) : str");
  op("yield(%text)");
  line("    } {");
  op("%text = str.lower(%item) : str");
  op("yield(%text)");
  line("    }");
  indent = 4;
  op("yield(%picked)");
  line("  }");
  indent = 2;
  op("%text = str.join(%changed) {separator = \" ", random.below(1000), " \"} : str");
  op("return(%text)");
  line("}");
}

void ProgramWriter::nested() {
  constexpr size_t tail = 3, each = nestedFunctionSize + 1; // and its call
  size_t functions = left > tail ? (left - tail) / each : 0;
  for (size_t i = 0; i < functions; ++i)
    nestedFunction(i);
  line("func @main(%items: list<str>, %upper: bool, %text: str) -> str {");
  for (size_t i = 0; i < functions; ++i)
    op("%done", i, " = call @step", i, "(%items, %upper) : str");
  std::string text = fill("%text", tail, "str.trim", "str");
  op("%all = list.pack(", functions ? list("done", functions) + ", " : "", text, ") : list<str>");
  op("%joined = str.join(%all) {separator = \"\\n\"} : str");
  op("return(%joined)");
  line("}");
}

} // namespace

std::string_view xcs::bench::shapeName(Shape shape) {
  switch (shape) {
  case Shape::Chain:
    return "chain";
  case Shape::Wide:
    return "wide";
  case Shape::Mixed:
    return "mixed";
  case Shape::Nested:
    return "nested";
  }
  return {};
}

std::optional<Shape> xcs::bench::findShape(std::string_view name) {
  auto found = std::ranges::find(allShapes, name, shapeName);
  return found == allShapes.end() ? std::nullopt : std::optional(*found);
}

std::string xcs::bench::makeProgram(Shape shape, size_t operations, uint64_t seed) {
  return ProgramWriter(operations, seed).write(shape);
}
