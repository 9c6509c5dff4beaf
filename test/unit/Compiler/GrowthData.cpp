#include "Compiler/GrowthShapes.h"

namespace xcs::growth {

static std::string recordType(int n) { return "record<" + listed(n, "f{i}: i64") + ">"; }

static std::string fieldsOf(int n, bool backwards) {
  std::string gets = repeat(n, "%g{i} = record.get(%r) {field = \"f{i}\"} : i64\n");
  if (backwards) {
    gets.clear();
    for (int i = n; i-- != 0;)
      gets += repeat(1, "%g{i} = record.get(%r) {field = \"f{i}\"} : i64\n", i);
  }
  return "func @main(%x: i64) -> list<i64> {\n" + repeat(n, "%v{i} = i64.neg(%x) : i64\n") +
         "%r = record.make(" + listed(n, "%v{i}") + ") : " + recordType(n) + "\n" + gets + "%l = list.pack(" +
         listed(n, "%g{i}") + ") : list<i64>\nreturn(%l)\n}\n";
}

static std::string typed(std::string_view signature, const std::string &operation, std::string_view end) {
  return "func @main(" + std::string(signature) + " {\n" + operation + std::string(end) + "\n}\n";
}

// Large types, values and attributes.
static constexpr Shape shapes[] = {
    {"each field of a wide record", [](int n) { return fieldsOf(n, false); }, 1000},
    {"each field of a wide record, the last first", [](int n) { return fieldsOf(n, true); }, 1000},
    {"each field of a record from outside",
     [](int n) {
       return "func @main(%r: " + recordType(n) + ") -> list<i64> {\n" +
              repeat(n, "%g{i} = record.get(%r) {field = \"f{i}\"} : i64\n") + "%l = list.pack(" +
              listed(n, "%g{i}") + ") : list<i64>\nreturn(%l)\n}\n";
     }},
    {"fields of a constant record replaced one after the other",
     [](int n) {
       const std::string type = recordType(50);
       std::string program = "func @main() -> " + type + " {\n%r0 = const {value = {" +
                             listed(50, "f{i} = {i}") + "}} : " + type + "\n%x = const {value = 7} : i64\n";
       for (int i = 0; i != n; ++i)
         program += "%r" + std::to_string(i + 1) + " = record.with(%r" + std::to_string(i) +
                    ", %x) {field = \"f" + std::to_string(i % 50) + "\"} : " + type + "\n";
       return program + "return(%r" + std::to_string(n) + ")\n}\n";
     },
     500},
    {"each element of a wide list",
     [](int n) {
       return "func @main(%x: i64) -> list<i64> {\n" + repeat(n, "%v{i} = i64.neg(%x) : i64\n") +
              "%p = list.pack(" + listed(n, "%v{i}") + ") : list<i64>\n" +
              repeat(n, "%k{i} = const {value = {i}} : i64\n%g{i} = list.get(%p, %k{i}) : i64\n") +
              "%l = list.pack(" + listed(n, "%g{i}") + ") : list<i64>\nreturn(%l)\n}\n";
     },
     1000},
    {"each element of a constant list",
     [](int n) {
       return "func @main() -> list<i64> {\n%p = const {value = [" + listed(n, "{i}") + "]} : list<i64>\n" +
              repeat(n, "%k{i} = const {value = {i}} : i64\n%g{i} = list.get(%p, %k{i}) : i64\n") +
              "%l = list.pack(" + listed(n, "%g{i}") + ") : list<i64>\nreturn(%l)\n}\n";
     },
     1000},
    {"a constant list",
     [](int n) {
       return typed(") -> list<i64>", "%p = const {value = [" + listed(n, "{i}") + "]} : list<i64>\n",
                    "return(%p)");
     },
     8000},
    {"a constant record",
     [](int n) {
       return typed(") -> " + recordType(n),
                    "%p = const {value = {" + listed(n, "f{i} = {i}") + "}} : " + recordType(n) + "\n",
                    "return(%p)");
     },
     4000},
    {"a constant object",
     [](int n) {
       return typed(") -> json", "%p = const {value = {" + listed(n, "f{i} = {i}") + "}} : json\n",
                    "return(%p)");
     },
     4000},
    {"many constant texts",
     [](int n) {
       return "func @main() -> list<str> {\n" +
              repeat(n, "%k{i} = const {value = \"number {i} of them\"} : str\n") + "%l = list.pack(" +
              listed(n, "%k{i}") + ") : list<str>\nreturn(%l)\n}\n";
     },
     4000},
    {"many record types",
     [](int n) {
       return "func @main(%x: i64) {\n" + repeat(n, "%r{i} = record.make(%x) : record<f{i}: i64>\n") +
              "return\n}\n";
     }},
    {"a type with many parts",
     [](int n) {
       return typed("%x: json) -> record<" + listed(n, "f{i}: list<record<a{i}: option<str>>>") + ">",
                    "%y = json.cast(%x) : record<" + listed(n, "f{i}: list<record<a{i}: option<str>>>") +
                        ">\n",
                    "return(%y)");
     },
     1000},
    {"the schema of a wide record",
     [](int n) {
       return typed(") -> json", "%y = json.schema {type = " + recordType(n) + "} : json\n", "return(%y)");
     }},
    {"a schema of many properties",
     [](int n) {
       return typed("%x: json) -> json",
                    "%y = json.validate(%x) {schema = {type = \"object\", properties = {" +
                        listed(n, "f{i} = {type = \"string\"}") + "}, required = [" + listed(n, "\"f{i}\"") +
                        "]}} : json\n",
                    "return(%y)");
     },
     1000},
    {"many patterns",
     [](int n) {
       return "func @main(%t: str) {\n" +
              repeat(n, "%m{i} = str.regex_match(%t) {pattern = \"a{i}\"} : bool\n") + "return\n}\n";
     },
     200},
    {"one text of many parts",
     [](int n) {
       return "func @main(%x: i64) -> str {\n" + repeat(n, "%v{i} = str.from(%x) : str\n") +
              "%t = str.format(" + listed(n, "%v{i}") + ") {template = \"" + repeat(n, "{{i}}, ") +
              "\"} : str\nreturn(%t)\n}\n";
     },
     1000},
    {"one list joined of many",
     [](int n) {
       return "func @main(%x: list<i64>) -> list<i64> {\n" +
              repeat(n, "%v{i} = list.reverse(%x) : list<i64>\n") + "%t = list.concat(" + listed(n, "%v{i}") +
              ") : list<i64>\nreturn(%t)\n}\n";
     }},
    {"lists within lists",
     [](int n) {
       return "func @main(%x: i64) {\n" +
              repeat(n, "%a{i} = list.pack(%x) : list<i64>\n%b{i} = list.pack(%a{i}) : list<list<i64>>\n"
                        "%c{i} = list.pack(%b{i}) : list<list<list<i64>>>\n") +
              "return\n}\n";
     },
     1000},
    {"comments and blank lines",
     [](int n) { return repeat(n, "// {i}\n\n") + "func @main() {\nreturn\n}\n"; }, 8000},
};

std::span<const Shape> dataShapes() { return shapes; }

} // namespace xcs::growth
