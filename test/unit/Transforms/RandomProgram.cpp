#include "Transforms/RandomProgram.h"

using namespace xcs;

static constexpr const char *types[] = {"i64", "str", "list<i64>", "bool"};

void RandomProgram::define(Scope &scope, Kind kind, const std::string &text) {
  for (size_t copies = 1 + (below(8) == 0); copies--;) {
    std::string name = fresh();
    line(name + " = " + text + " : " + types[kind]);
    scope.values[kind].push_back(name);
  }
}

void RandomProgram::intOperation(Scope &scope) {
  const char *mostlyFine[] = {"add", "sub", "min", "max", "mul"};
  std::string a = pick(scope, Int), b = pick(scope, Int);
  switch (below(8)) {
  case 0:
    return define(scope, Int, "const {value = " + std::to_string(static_cast<int>(below(5)) - 1) + "}");
  case 1:
    return define(scope, Int, "i64." + std::string(below(2) ? "div(" : "rem(") + a + ", " + b + ")");
  case 2:
    return define(scope, Int, "select(" + pick(scope, Bool) + ", " + a + ", " + b + ")");
  case 3:
    return define(scope, Int, "list.len(" + pick(scope, Ints) + ")");
  case 4:
    return define(scope, Int, "list.get(" + pick(scope, Ints) + ", " + a + ")");
  case 5:
    return define(scope, Int, "str.length(" + pick(scope, Text) + ")");
  default:
    return define(scope, Int, "i64." + std::string(mostlyFine[below(5)]) + "(" + a + ", " + b + ")");
  }
}

void RandomProgram::textOperation(Scope &scope) {
  std::string a = pick(scope, Text), b = pick(scope, Text);
  switch (below(6)) {
  case 0:
    return define(scope, Text, "const {value = \"" + std::string(1 + below(3), 'a') + "\"}");
  case 1:
    return define(scope, Text, "str.format(" + a + ") {template = \"{0}\"}");
  case 2:
    return define(scope, Text, "str.from(" + (below(2) ? a : pick(scope, Int)) + ")");
  case 3:
    return define(scope, Text, "i64.to_str(" + pick(scope, Int) + ")");
  case 4:
    return define(scope, Text, "str.slice(" + a + ", " + pick(scope, Int) + ")");
  default:
    return define(scope, Text, "str.concat(" + a + (below(3) ? ", " + b : "") + ")");
  }
}

void RandomProgram::listOperation(Scope &scope) {
  std::string a = pick(scope, Ints);
  switch (below(5)) {
  case 0:
    return define(scope, Ints, "list.pack(" + pick(scope, Int) + ", " + pick(scope, Int) + ")");
  case 1:
    return define(scope, Ints, "list.reverse(" + a + ")");
  case 2:
    return define(scope, Ints, "list.sort(" + a + ")");
  case 3:
    return define(scope, Ints, "list.concat(" + a + ")");
  default:
    return define(scope, Ints, "list.top_k(" + a + ", " + pick(scope, Int) + ")");
  }
}

void RandomProgram::boolOperation(Scope &scope) {
  const char *compare[] = {"eq", "ne", "lt", "le", "gt", "ge"};
  const char *junction[] = {"and", "or", "xor"};
  switch (below(4)) {
  case 0:
    return define(scope, Bool, std::string("const {value = ") + (below(2) ? "true}" : "false}"));
  case 1:
    return define(scope, Bool, "bool.not(" + pick(scope, Bool) + ")");
  case 2:
    return define(scope, Bool,
                  "bool." + std::string(junction[below(3)]) + "(" + pick(scope, Bool) + ", " +
                      pick(scope, Bool) + ")");
  default:
    return define(scope, Bool,
                  "i64." + std::string(compare[below(6)]) + "(" + pick(scope, Int) + ", " + pick(scope, Int) +
                      ")");
  }
}

/// Something put together and taken apart again.
void RandomProgram::roundTrip(Scope &scope) {
  std::string made = fresh();
  switch (below(3)) {
  case 0:
    line(made + " = record.make(" + pick(scope, Int) + ", " + pick(scope, Text) +
         ") : record<a: i64, b: str>");
    return define(scope, Text, "record.get(" + made + ") {field = \"b\"}");
  case 1:
    line(made + " = option.some(" + pick(scope, Int) + ") : option<i64>");
    return define(scope, Int, "option.or(" + made + ", " + pick(scope, Int) + ")");
  default:
    line(made + " = result.ok(" + pick(scope, Text) + ") : result<str>");
    return define(scope, Text, "result.value(" + made + ")");
  }
}

void RandomProgram::world(Scope &scope) {
  std::string a = pick(scope, Text);
  if (!asksWorld)
    return line("assert(" + pick(scope, Bool) + ")");
  switch (below(6)) {
  case 0:
    return define(scope, Text, "model.chat @gpt(" + a + ")");
  case 1:
    return define(scope, Text, "model.chat @gpt(" + a + ") {deterministic}");
  case 2:
    return line("log.print(" + a + ") : none");
  case 3:
    return line("assert(" + pick(scope, Bool) + ")");
  default: {
    const char *attributes[] = {"", " {stable}", " {method = \"POST\"}", " {method = \"PUT\"}"};
    std::string answer = fresh();
    line(answer + " = http.request" + (below(2) ? " @site" : "") + "(" + a + ")" +
         attributes[below(races ? 2 : 4)] +
         " : record<status: i64, headers: list<record<name: str, value: str>>, body: str>");
    return define(scope, Text, "record.get(" + answer + ") {field = \"body\"}");
  }
  }
}

void RandomProgram::region(Scope &scope) {
  std::string value = fresh(), condition = pick(scope, Bool);
  Kind kind = static_cast<Kind>(below(kindCount));
  size_t size = below(6);
  switch (below(8)) {
  case 0: {
    if (below(3) == 0) { // the cases are what additions and constants come to
      line(value + " = switch(" + pick(scope, Int) + ") {cases = [1, 2, 0]} : " + types[kind] + " {");
      for (size_t i = 0; i != 4; ++i) {
        body(scope, kind, below(4));
        line(i == 3 ? "}" : "} {");
      }
      return scope.values[kind].push_back(value);
    }
    line(value + " = if(" + condition + ") : " + types[kind] + " {");
    body(scope, kind, size);
    line("} {");
    body(scope, kind, size);
    line("}");
    return scope.values[kind].push_back(value);
  }
  case 1: {
    line(value + " = try : result<" + types[kind] + "> {");
    body(scope, kind, size);
    line("}");
    return define(scope, kind, "result.or(" + value + ", " + pick(scope, kind) + ")");
  }
  case 2:
    return callFunction(scope);
  case 3:
    return fold(scope);
  case 4:
    return whileLoop(scope);
  case 5:
    return choose(scope);
  case 6:
    return hasRaces ? race(scope) : choose(scope);
  default: {
    std::string element = fresh();
    bool takes = hasRaces && below(4) == 0;
    line(value + " = map(" + pick(scope, Ints) + ") {" + (takes ? "take = 1" : "unordered") +
         "} : list<i64> {");
    line("^(" + element + ": i64)");
    Scope inner = scope;
    inner.values[Int].push_back(element);
    races += takes;
    body(inner, Int, size);
    races -= takes;
    line("}");
    return scope.values[Ints].push_back(value);
  }
  }
}

void RandomProgram::callFunction(Scope &scope) {
  if (functions == 0 || races != 0) // what it calls may write
    return;
  std::string results[] = {fresh(), fresh(), fresh(), fresh()};
  line(results[0] + ", " + results[1] + ", " + results[2] + ", " + results[3] + " = call @f" +
       std::to_string(below(functions)) + "(" + pick(scope, Int) + ", " + pick(scope, Text) + ", " +
       pick(scope, Ints) + ") : i64, str, list<i64>, bool");
  for (size_t k = 0; k != kindCount; ++k)
    scope.values[k].push_back(results[k]);
}

/// `for` and `scan` with a text and a number, `reduce` of numbers.
void RandomProgram::fold(Scope &scope) {
  std::string first = fresh(), second = fresh(), element = fresh(), a = fresh(), b = fresh();
  std::string list = pick(scope, Ints), text = pick(scope, Text), number = pick(scope, Int);
  size_t which = below(4), size = below(6);
  Scope inner = scope;
  inner.values[Int].insert(inner.values[Int].end(), {element, a});
  if (which < 2) {
    line(first + " = reduce(" + list + ", " + number + ")" + (which ? " {associative, unordered}" : "") +
         " : i64 {");
    line("^(" + a + ": i64, " + element + ": i64)");
    body(inner, Int, size);
    line("}");
    return scope.values[Int].push_back(first);
  }
  inner.values[Text].push_back(b);
  bool scan = which == 2;
  line(first + ", " + second + (scan ? " = scan(" : " = for(") + list + ", " + number + ", " + text +
       ") : " + (scan ? "list<i64>, list<str>" : "i64, str") + " {");
  line("^(" + element + ": i64, " + a + ": i64, " + b + ": str)");
  body(inner, {Int, Text}, size);
  line("}");
  scope.values[scan ? Ints : Int].push_back(first);
  if (!scan)
    scope.values[Text].push_back(second);
}

void RandomProgram::whileLoop(Scope &scope) {
  std::string result = fresh(), state = fresh();
  Kind kind = static_cast<Kind>(below(kindCount));
  line(result + " = while(" + pick(scope, kind) + ") {max_trips = " + std::to_string(1 + below(3)) +
       (below(4) ? ", at_bound = \"yield\"" : "") + "} : " + types[kind] + " {");
  line("^(" + state + ": " + types[kind] + ")");
  Scope inner = scope;
  inner.values[kind].push_back(state);
  body(inner, {Bool, kind}, below(6), "continue");
  line("}");
  scope.values[kind].push_back(result);
}

/// `filter` and `sort_by`.
void RandomProgram::choose(Scope &scope) {
  std::string result = fresh(), element = fresh();
  bool filter = below(2);
  line(result + " = " + (filter ? "filter(" : "sort_by(") + pick(scope, Ints) + ") {unordered" +
       (!filter && below(2) ? ", descending" : "") + "} : list<i64> {");
  line("^(" + element + ": i64)");
  Scope inner = scope;
  inner.values[Int].push_back(element);
  const Kind keys[] = {Int, Text, Bool};
  body(inner, filter ? Bool : keys[below(3)], below(6));
  line("}");
  scope.values[Ints].push_back(result);
}

void RandomProgram::race(Scope &scope) {
  std::string result = fresh();
  size_t regions = 1 + below(3);
  line(result + " = race {take = " + std::to_string(1 + below(regions)) + "} : list<i64> {");
  ++races;
  for (size_t i = 0; i != regions; ++i) {
    body(scope, Int, below(5));
    line(i + 1 == regions ? "}" : "} {");
  }
  --races;
  scope.values[Ints].push_back(result);
}

void RandomProgram::operation(Scope &scope) {
  --left;
  switch (below(14)) {
  case 0:
  case 1:
  case 2:
  case 3:
    return intOperation(scope);
  case 4:
  case 5:
    return textOperation(scope);
  case 6:
  case 7:
    return listOperation(scope);
  case 8:
  case 9:
    return boolOperation(scope);
  case 10:
    return roundTrip(scope);
  case 11:
    return isStraight ? textOperation(scope) : world(scope);
  default:
    return indent < 4 && !isStraight ? region(scope) : intOperation(scope);
  }
}

/// A region's operations and its end.
void RandomProgram::body(Scope scope, std::vector<Kind> results, size_t operations, std::string_view end) {
  ++indent;
  while (operations-- && left)
    operation(scope);
  std::string values;
  for (Kind kind : results)
    values += (values.empty() ? "" : ", ") + pick(scope, kind);
  line(std::string(end) + "(" + values + ")");
  --indent;
}

void RandomProgram::function(size_t index) {
  out += "func @f" + std::to_string(index) +
         "(%i: i64, %s: str, %l: list<i64>) -> i64, str, list<i64>, bool {\n";
  indent = 1;
  Scope scope{{{"%i"}, {"%s"}, {"%l"}, {}}};
  define(scope, Bool, "i64.lt(%i, %i)");
  for (size_t share = 1 + left / 2; share-- && left;)
    operation(scope);
  line("return(" + pick(scope, Int) + ", " + pick(scope, Text) + ", " + pick(scope, Ints) + ", " +
       pick(scope, Bool) + ")");
  out += "}\n";
  functions = index + 1;
}

std::string RandomProgram::text() {
  out = "model @gpt { url = \"http://127.0.0.1:8080/v1\", model = \"small\" }\nhttp @site { url = "
        "\"http://site.test\" }\n";
  for (size_t index = 0; left != 0; ++index)
    function(index);
  return out;
}
