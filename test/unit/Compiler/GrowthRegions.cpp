#include "Compiler/GrowthShapes.h"

namespace xcs::growth {

/// `outer` with itself within, `depth` deep, `inner` in the middle; `{r}` is where the next one goes, `{i}`
/// the depth.
static std::string nested(int depth, std::string_view outer, std::string inner) {
  for (int i = depth; i-- != 0;) {
    std::string text = repeat(1, outer, i);
    text.replace(text.find("{r}"), 3, inner);
    inner = std::move(text);
  }
  return inner;
}

static std::string loops(std::string_view each, int n) {
  return "func @main(%m0: list<i64>, %x: i64, %c: bool) -> list<i64> {\n" + repeat(n, each) + "return(%m" +
         std::to_string(n) + ")\n}\n";
}

static std::string ifs(std::string_view condition, int n) {
  return "func @main(%v0: i64, %c: bool) -> i64 {\n%yes = const {value = true} : bool\n" +
         repeat(n, "%v{n} = if(" + std::string(condition) +
                       ") : i64 {\n%a = i64.add(%v{i}, %v0) : i64\nyield(%a)\n} {\nyield(%v{i})\n}\n") +
         "return(%v" + std::to_string(n) + ")\n}\n";
}

// Operations with regions, one after the other, within one another, large ones, and what they capture.
static constexpr Shape shapes[] = {
    {"a line of `if`s", [](int n) { return ifs("%c", n); }, 1000},
    {"a line of `if`s whose way is known", [](int n) { return ifs("%yes", n); }, 1000},
    {"towers of `if`s",
     [](int n) {
       return "func @main(%x: i64, %c: bool) {\n" +
              repeat(n / 50,
                     nested(50, "if(%c) : () {\n{r}assert(%c)\n} {\n}\n", "%y = i64.neg(%x) : i64\n")) +
              "return\n}\n";
     }},
    {"towers of `if`s that capture",
     [](int n) {
       return "func @main(%x: i64, %c: bool) {\n" + repeat(n / 20, "%v{i} = i64.neg(%x) : i64\n") +
              nested(20, "if(%c) : () {\n{r}} {\n}\n",
                     "%l = list.pack(" + listed(n / 20, "%v{i}") + ") : list<i64>\n") +
              "return\n}\n";
     }},
    {"a line of `map`s",
     [](int n) {
       return loops(
           "%m{n} = map(%m{i}) : list<i64> {\n^(%e: i64)\n%f = i64.add(%e, %x) : i64\nyield(%f)\n}\n", n);
     },
     1000},
    {"a line of `for`s",
     [](int n) {
       return loops(
           "%s{i} = for(%m{i}, %x) : i64 {\n^(%e: i64, %a: i64)\n%f = i64.add(%e, %a) : i64\nyield(%f)\n}\n"
           "%m{n} = list.pack(%s{i}) : list<i64>\n",
           n);
     },
     1000},
    {"a line of `filter`s",
     [](int n) {
       return loops(
           "%m{n} = filter(%m{i}) : list<i64> {\n^(%e: i64)\n%f = i64.lt(%e, %x) : bool\nyield(%f)\n}\n", n);
     },
     1000},
    {"a line of `sort_by`s",
     [](int n) {
       return loops(
           "%m{n} = sort_by(%m{i}) : list<i64> {\n^(%e: i64)\n%f = i64.rem(%e, %x) : i64\nyield(%f)\n}\n", n);
     },
     1000},
    {"a line of `reduce`s",
     [](int n) {
       return loops("%s{i} = reduce(%m{i}, %x) : i64 {\n^(%a: i64, %b: i64)\n%f = i64.max(%a, %b) : "
                    "i64\nyield(%f)\n}\n"
                    "%m{n} = list.pack(%s{i}) : list<i64>\n",
                    n);
     },
     1000},
    {"a line of `while`s",
     [](int n) {
       return loops("%s{i} = while(%x) {max_trips = 9} : i64 {\n^(%a: i64)\n%f = i64.lt(%a, %x) : bool\n"
                    "continue(%f, %a)\n}\n%m{n} = list.pack(%s{i}) : list<i64>\n",
                    n);
     },
     1000},
    {"a line of `try`s",
     [](int n) {
       return loops("%r{i} = try : result<i64> {\n%f = i64.div(%x, %x) : i64\nyield(%f)\n}\n"
                    "%s{i} = result.or(%r{i}, %x) : i64\n%m{n} = list.pack(%s{i}) : list<i64>\n",
                    n);
     },
     1000},
    {"a line of `race`s",
     [](int n) {
       return loops("%m{n} = race : list<i64> {\nyield(%x)\n} {\n%f = i64.neg(%x) : i64\nyield(%f)\n}\n", n);
     },
     1000},
    {"`race`s of many regions",
     [](int n) {
       return "func @main(%x: i64) {\n" +
              repeat(n / 200, "%m{i} = race : list<i64> " +
                                  repeat(200, "{\n%f = i64.neg(%x) : i64\nyield(%f)\n} ") + "\n") +
              "return\n}\n";
     },
     1000},
    {"one `map` of a large body",
     [](int n) {
       return "func @main(%l: list<i64>, %x: i64) -> list<i64> {\n%m = map(%l) : list<i64> {\n^(%v0: i64)\n" +
              repeat(n, "%v{n} = i64.add(%v{i}, %x) : i64\n") + "yield(%v" + std::to_string(n) +
              ")\n}\nreturn(%m)\n}\n";
     }},
    {"one `map` that captures many values",
     [](int n) {
       return "func @main(%l: list<i64>, %x: i64) -> list<list<i64>> {\n" +
              repeat(n, "%v{i} = i64.neg(%x) : i64\n") +
              "%m = map(%l) : list<list<i64>> {\n^(%e: i64)\n%p = list.pack(" + listed(n, "%v{i}") +
              ") : list<i64>\nyield(%p)\n}\nreturn(%m)\n}\n";
     }},
    {"an `if` of many results",
     [](int n) {
       return "func @main(%c: bool, %x: i64) -> list<i64> {\n" + listed(n, "%r{i}") +
              " = if(%c) : " + listed(n, "i64") + " {\n" + repeat(n, "%v{i} = i64.neg(%x) : i64\n") +
              "yield(" + listed(n, "%v{i}") + ")\n} {\nyield(" + listed(n, "%x") + ")\n}\n%p = list.pack(" +
              listed(n, "%r{i}") + ") : list<i64>\nreturn(%p)\n}\n";
     }},
    {"a `for` of many states",
     [](int n) {
       return "func @main(%l: list<i64>, %x: i64) -> list<i64> {\n" + listed(n, "%r{i}") + " = for(%l, " +
              listed(n, "%x") + ") : " + listed(n, "i64") + " {\n^(%e: i64, " + listed(n, "%s{i}: i64") +
              ")\n" + repeat(n, "%v{i} = i64.add(%s{i}, %e) : i64\n") + "yield(" + listed(n, "%v{i}") +
              ")\n}\n%p = list.pack(" + listed(n, "%r{i}") + ") : list<i64>\nreturn(%p)\n}\n";
     }},
    {"regions that use one name",
     [](int n) {
       return "func @main(%y: i64, %c: bool) {\n" +
              repeat(n, "if(%c) : () {\n%z = i64.neg(%y) : i64\n%w = i64.neg(%z) : i64\n} {\n}\n") +
              "return\n}\n";
     },
     1000, "verify"},
    {"equal operations in many regions",
     [](int n) {
       return "func @main(%y: i64, %c: bool) -> i64 {\n%a = i64.mul(%y, %y) : i64\n" +
              repeat(n, "if(%c) : () {\n%z = i64.mul(%y, %y) : i64\n%f = i64.lt(%z, %a) : "
                        "bool\nassert(%f)\n} {\n}\n") +
              "return(%a)\n}\n";
     },
     1000},
    {"regions that wait for what is around them",
     [](int n) {
       return "func @main(%d: duration, %l: list<i64>) {\n%s0 = time.sleep(%d) : none\n" +
              repeat(n, "%s{n} = time.sleep(%d) : none\n%m{i} = map(%l) : list<none> {\n^(%e: i64)\n"
                        "%t = time.sleep(%d) after(%s{i}) : none\nyield(%t)\n}\n") +
              "return\n}\n";
     },
     500},
};

std::span<const Shape> regionShapes() { return shapes; }

} // namespace xcs::growth
