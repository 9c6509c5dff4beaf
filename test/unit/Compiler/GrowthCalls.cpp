#include "Compiler/GrowthShapes.h"

namespace xcs::growth {

static std::string chain(int n, std::string_view keyword, std::string_view body) {
  return repeat(n, "func " + std::string(keyword) + "@f{i}(%x: i64, %d: duration) -> i64 {\n" +
                       std::string(body) + "%r = call @f{n}(%y, %d) : i64\nreturn(%r)\n}\n") +
         "func private @f" + std::to_string(n) +
         "(%x: i64, %d: duration) -> i64 {\nreturn(%x)\n}\nfunc @main(%x: i64, %d: duration) -> i64 {\n"
         "%r = call @f0(%x, %d) : i64\nreturn(%r)\n}\n";
}

static constexpr std::string_view leaf =
    "func private @leaf(%x: i64) -> i64 {\n%y = i64.neg(%x) : i64\nreturn(%y)\n}\n";

static std::string fileName(int i) { return "f" + std::to_string(i) + ".xir"; }

// Functions, how they call one another, and the files they come from.
static constexpr Shape shapes[] = {
    {"a chain of private functions", [](int n) { return chain(n, "private ", "%y = i64.neg(%x) : i64\n"); }},
    {"a chain of private functions, called twice",
     [](int n) {
       return chain(n, "private ", "%y = i64.neg(%x) : i64\n") +
              "func @two(%x: i64, %d: duration) -> i64 {\n"
              "%r = call @f0(%x, %d) : i64\nreturn(%r)\n}\n";
     }},
    {"a chain of functions that draw",
     [](int n) { return chain(n, "private ", "%y = random.int(%x, %x) : i64\n"); }, 1000},
    {"a chain of functions that wait",
     [](int n) {
       return repeat(n, "func private @f{i}(%x: i64, %d: duration) -> i64 {\n%s = time.sleep(%d) : none\n"
                        "%y = i64.neg(%x) : i64\n%r = call @f{n}(%y, %d) after(%s) : i64\nreturn(%r)\n}\n") +
              "func private @f" + std::to_string(n) +
              "(%x: i64, %d: duration) -> i64 {\nreturn(%x)\n}\nfunc @main(%x: i64, %d: duration) -> i64 {\n"
              "%s = time.sleep(%d) : none\n%r = call @f0(%x, %d) after(%s) : i64\nreturn(%r)\n}\n";
     },
     1000},
    {"a chain of functions that hand an order on",
     [](int n) {
       return repeat(n,
                     "func private @f{i}(%x: i64, %d: duration, %o: none) -> i64 {\n%y = i64.neg(%x) : i64\n"
                     "%q = const {value = true} : bool\n%r = call @f{n}(%y, %d, %o) after(%q) : "
                     "i64\nreturn(%r)\n}\n") +
              "func private @f" + std::to_string(n) +
              "(%x: i64, %d: duration, %o: none) -> i64 {\n%s = time.sleep(%d) : none\nreturn(%x)\n}\n"
              "func @main(%x: i64, %d: duration) -> i64 {\n"
              "%s = time.sleep(%d) : none\n%r = call @f0(%x, %d, %s) after(%s) : i64\nreturn(%r)\n}\n";
     },
     1000},
    {"a chain of functions that can be entered",
     [](int n) { return chain(n, "", "%y = i64.neg(%x) : i64\n"); }, 1000, "canonicalize,cse,dce,schedule"},
    // Towers of four: a taller one grows by what the limit allows, which is the same for each size.
    {"functions, each called twice by the next",
     [](int n) {
       return std::string(leaf) + repeat(n,
                                         "func private @a{i}(%x: i64) -> i64 {\n%a = call @leaf(%x) : i64\n"
                                         "%b = call @leaf(%a) : i64\nreturn(%b)\n}\n"
                                         "func private @b{i}(%x: i64) -> i64 {\n%a = call @a{i}(%x) : i64\n"
                                         "%b = call @a{i}(%a) : i64\nreturn(%b)\n}\n"
                                         "func @c{i}(%x: i64) -> i64 {\n%a = call @b{i}(%x) : i64\n"
                                         "%b = call @b{i}(%a) : i64\nreturn(%b)\n}\n");
     },
     500},
    {"one function called many times",
     [](int n) {
       return std::string(leaf) + "func @main(%v0: i64) -> i64 {\n" +
              repeat(n, "%v{n} = call @leaf(%v{i}) : i64\n") + "return(%v" + std::to_string(n) + ")\n}\n";
     }},
    {"many functions called by one",
     [](int n) {
       return repeat(n, "func private @f{i}(%x: i64) -> i64 {\n%y = i64.neg(%x) : i64\nreturn(%y)\n}\n") +
              "func @main(%v0: i64) -> i64 {\n" + repeat(n, "%v{n} = call @f{i}(%v{i}) : i64\n") +
              "return(%v" + std::to_string(n) + ")\n}\n";
     }},
    {"many functions that are not called",
     [](int n) {
       return repeat(n, "func private @f{i}(%x: i64) -> i64 {\n%y = i64.neg(%x) : i64\nreturn(%y)\n}\n") +
              "func @main(%x: i64) -> i64 {\nreturn(%x)\n}\n";
     }},
    {"many functions that can be entered",
     [](int n) {
       return repeat(n, "func @f{i}(%x: i64) -> i64 {\n%y = i64.neg(%x) : i64\nreturn(%y)\n}\n");
     }},
    {"a large function called many times",
     [](int n) {
       return "func private @f(%v0: i64) -> i64 {\n" + repeat(n, "%v{n} = i64.add(%v{i}, %v0) : i64\n") +
              "return(%v" + std::to_string(n) + ")\n}\nfunc @main(%v0: i64) -> i64 {\n" +
              repeat(n, "%v{n} = call @f(%v{i}) : i64\n") + "return(%v" + std::to_string(n) + ")\n}\n";
     }},
    {"a call of many arguments and results",
     [](int n) {
       return "func private @f(" + listed(n, "%p{i}: i64") + ") -> " + listed(n, "i64") + " {\nreturn(" +
              listed(n, "%p{i}") + ")\n}\nfunc @main(%x: i64) -> list<i64> {\n" + listed(n, "%r{i}") +
              " = call @f(" + listed(n, "%x") + ") : " + listed(n, "i64") + "\n%l = list.pack(" +
              listed(n, "%r{i}") + ") : list<i64>\nreturn(%l)\n}\n";
     }},
    {"a circle of calls",
     [](int n) {
       return repeat(n, "func @f{i}(%x: i64) -> i64 attributes {recursive} {\n%y = call @f{n}(%x) : "
                        "i64\nreturn(%y)\n}\n") +
              "func @f" + std::to_string(n) +
              "(%x: i64) -> i64 attributes {recursive} {\n%y = call @f0(%x) : i64\nreturn(%y)\n}\n";
     }},
    {"calls in regions",
     [](int n) {
       return std::string(leaf) + "func @main(%l: list<i64>) {\n" +
              repeat(n,
                     "%m{i} = map(%l) : list<i64> {\n^(%e: i64)\n%y = call @leaf(%e) : i64\nyield(%y)\n}\n") +
              "return\n}\n";
     },
     1000},
    {"calls that an `after` waits for",
     [](int n) {
       return "func private @f(%d: duration) -> none {\n%s = time.sleep(%d) : none\n%t = time.sleep(%d) : "
              "none\n"
              "return(%t)\n}\nfunc @main(%d: duration) -> none {\n%s0 = time.sleep(%d) : none\n" +
              repeat(n, "%s{n} = call @f(%d) after(%s{i}) : none\n") + "return(%s" + std::to_string(n) +
              ")\n}\n";
     },
     1000},
    {"imports that share a private name",
     [](int n) {
       return repeat(n, "import \"f{i}.xir\"\n") + "func @main(%v0: i64) -> i64 {\n" +
              repeat(n, "%v{n} = call @g{i}(%v{i}) : i64\n") + "return(%v" + std::to_string(n) + ")\n}\n";
     },
     1000, "",
     [](int n) {
       std::map<std::string, std::string> files;
       for (int i = 0; i != n; ++i)
         files[fileName(i)] =
             repeat(1,
                    "func private @helper(%x: i64) -> i64 {\n%y = i64.neg(%x) : i64\nreturn(%y)\n}\n"
                    "func @g{i}(%x: i64) -> i64 {\n%y = call @helper(%x) : i64\nreturn(%y)\n}\n",
                    i);
       return files;
     }},
    {"imports of one file",
     [](int n) {
       return repeat(n, "import \"f0.xir\"\n") +
              "func @main(%x: i64) -> i64 {\n%y = call @g(%x) : i64\nreturn(%y)\n}\n";
     },
     2000, "",
     [](int) {
       return std::map<std::string, std::string>{
           {fileName(0), "func @g(%x: i64) -> i64 {\n%y = i64.neg(%x) : i64\nreturn(%y)\n}\n"}};
     }},
};

std::span<const Shape> callShapes() { return shapes; }

} // namespace xcs::growth
