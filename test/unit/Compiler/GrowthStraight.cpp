#include "Compiler/GrowthShapes.h"

namespace xcs::growth {

static std::string body(std::string_view signature, const std::string &operations, std::string_view end) {
  return "func @main" + std::string(signature) + " {\n" + operations + std::string(end) + "\n}\n";
}

static std::string intChain(std::string_view operation, int n) {
  return body("(%v0: i64, %x: i64) -> i64", repeat(n, "%v{n} = " + std::string(operation) + "\n"),
              "return(%v" + std::to_string(n) + ")");
}

// Straight lines of operations and how they use one another.
static constexpr Shape shapes[] = {
    {"chain of additions", [](int n) { return intChain("i64.add(%v{i}, %x) : i64", n); }},
    {"chain of two negations each", [](int n) { return intChain("i64.neg(%v{i}) : i64", n); }},
    {"chain of additions, level 0", [](int n) { return intChain("i64.add(%v{i}, %x) : i64", n); }, 2000,
     "schedule(no-clusters)"},
    {"chain where each waits for the one before",
     [](int n) { return intChain("i64.add(%x, %x) after(%v{i}) : i64", n); }},
    {"chain of texts put together",
     [](int n) {
       return body("(%v0: str) -> str", repeat(n, "%v{n} = str.concat(%v{i}, %v{i}) : str\n"),
                   "return(%v" + std::to_string(n) + ")");
     }},
    {"chain of options",
     [](int n) {
       return body(
           "(%v0: i64) -> i64",
           repeat(n, "%o{i} = option.some(%v{i}) : option<i64>\n%v{n} = option.or(%o{i}, %v0) : i64\n"),
           "return(%v" + std::to_string(n) + ")");
     }},
    {"chain of selects",
     [](int n) {
       return body("(%v0: i64, %c: bool) -> i64", repeat(n, "%v{n} = select(%c, %v{i}, %v0) : i64\n"),
                   "return(%v" + std::to_string(n) + ")");
     }},
    {"one value used by all",
     [](int n) {
       return body("(%x: i64) -> list<i64>", repeat(n, "%v{i} = i64.neg(%x) : i64\n"),
                   "%l = list.pack(" + listed(n, "%v{i}") + ") : list<i64>\nreturn(%l)");
     }},
    {"all values used by one",
     [](int n) {
       return body("(%x: i64) -> list<i64>",
                   "%k0 = const {value = 0} : i64\n" +
                       repeat(n, "%k{n} = const {value = {n}} : i64\n%v{i} = i64.mul(%x, %k{n}) : i64\n"),
                   "%l = list.pack(" + listed(n, "%v{i}") + ") : list<i64>\nreturn(%l)");
     }},
    {"all values returned",
     [](int n) {
       return "func @main(%x: i64) -> " + listed(n, "i64") + " {\n" +
              repeat(n, "%v{i} = i64.neg(%x) : i64\n") + "return(" + listed(n, "%v{i}") + ")\n}\n";
     }},
    {"many parameters",
     [](int n) {
       return "func @main(" + listed(n, "%p{i}: i64") + ") -> i64 {\n%v0 = i64.neg(%p0) : i64\n" +
              repeat(n, "%v{n} = i64.add(%v{i}, %p{i}) : i64\n") + "return(%v" + std::to_string(n) + ")\n}\n";
     }},
    {"equal operations",
     [](int n) {
       return body("(%x: i64) -> list<i64>", repeat(n, "%v{i} = i64.add(%x, %x) : i64\n"),
                   "%l = list.pack(" + listed(n, "%v{i}") + ") : list<i64>\nreturn(%l)");
     }},
    {"equal chains",
     [](int n) {
       return body("(%a0: i64, %x: i64) -> i64",
                   "%b0 = i64.neg(%a0) : i64\n%c0 = i64.neg(%a0) : i64\n" +
                       repeat(n, "%b{n} = i64.add(%b{i}, %x) : i64\n%c{n} = i64.add(%c{i}, %x) : i64\n"),
                   "%s = i64.add(%b" + std::to_string(n) + ", %c" + std::to_string(n) +
                       ") : i64\nreturn(%s)");
     }},
    {"unused operations",
     [](int n) {
       return body("(%x: i64) -> i64", repeat(n, "%v{i} = i64.min(%x, %x) : i64\n"), "return(%x)");
     }},
    {"an unused chain",
     [](int n) {
       return body("(%v0: i64) -> i64", repeat(n, "%v{n} = i64.max(%v{i}, %v0) : i64\n"), "return(%v0)");
     }},
    {"unused operations that may fail",
     [](int n) {
       return body("(%x: i64) -> i64", repeat(n, "%v{i} = i64.div(%x, %x) : i64\n"), "return(%x)");
     }},
    {"constants, all equal",
     [](int n) {
       return body("() -> list<i64>", repeat(n, "%k{i} = const {value = 7} : i64\n"),
                   "%l = list.pack(" + listed(n, "%k{i}") + ") : list<i64>\nreturn(%l)");
     }},
    {"constants that are folded",
     [](int n) {
       return body("() -> i64",
                   "%v0 = const {value = 1} : i64\n" + repeat(n, "%v{n} = i64.max(%v{i}, %v0) : i64\n"),
                   "return(%v" + std::to_string(n) + ")");
     }},
    {"texts that are folded",
     [](int n) {
       return body(
           "() -> str",
           "%v0 = const {value = \"a text\"} : str\n" +
               repeat(n, "%k{i} = const {value = \"{i}\"} : str\n%w{i} = str.concat(%v{i}, %k{i}) : str\n"
                         "%v{n} = str.trim(%w{i}) : str\n"),
           "return(%v" + std::to_string(n) + ")");
     }},
    {"divisions by a constant zero",
     [](int n) {
       return body("() -> list<i64>",
                   "%z = const {value = 0} : i64\n" + repeat(n, "%v{i} = i64.div(%z, %z) after(%z) : i64\n"),
                   "%l = list.pack(" + listed(n, "%v{i}") + ") : list<i64>\nreturn(%l)");
     }},
    {"layers, each the sum of two",
     [](int n) {
       return body("(%v0: i64, %v1: i64) -> i64", repeat(n, "%v{n} = i64.add(%v{p}, %v{i}) : i64\n", 1),
                   "return(%v" + std::to_string(n + 1) + ")");
     }},
    {"one long `after`",
     [](int n) {
       return body("(%x: i64) -> i64", repeat(n, "%v{i} = i64.neg(%x) : i64\n"),
                   "%s = i64.neg(%x) after(" + listed(n, "%v{i}") + ") : i64\nreturn(%s)");
     }},
    {"many wait for one",
     [](int n) {
       return body("(%x: i64, %d: duration) -> list<i64>",
                   "%z = time.sleep(%d) : none\n" + repeat(n, "%v{i} = i64.neg(%x) after(%z) : i64\n"),
                   "%l = list.pack(" + listed(n, "%v{i}") + ") : list<i64>\nreturn(%l)");
     }},
    {"small operations between slow ones",
     [](int n) {
       return body("(%v0: i64, %d: duration) -> i64",
                   repeat(n,
                          "%s{i} = time.sleep(%d) after(%v{i}) : none\n"
                          "%w{i} = i64.neg(%v{i}) after(%s{i}) : i64\n%v{n} = i64.add(%w{i}, %v0) : i64\n"),
                   "return(%v" + std::to_string(n) + ")");
     },
     1000},
    {"small operations behind many slow ones",
     [](int n) {
       return body(
           "(%v0: i64, %d: duration) -> i64",
           repeat(n, "%s{i} = time.sleep(%d) : none\n%v{n} = i64.add(%v{i}, %v0) after(%s{i}) : i64\n"),
           "return(%v" + std::to_string(n) + ")");
     },
     1000},
    {"values without names",
     [](int n) { return body("(%0: i64) -> i64", repeat(n, "%{n} = i64.neg(%{i}) : i64\n"), "return(%0)"); }},
};

std::span<const Shape> straightShapes() { return shapes; }

} // namespace xcs::growth
