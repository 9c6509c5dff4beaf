#include "Compiler/GrowthShapes.h"

namespace xcs::growth {

static constexpr std::string_view response =
    "record<status: i64, headers: list<record<name: str, value: str>>, body: str>";
static constexpr std::string_view model =
    "model @gpt {url = \"http://127.0.0.1:8080/v1\", model = \"small\"}\n";

static std::string main(std::string_view parameters, const std::string &operations) {
  return "func @main(" + std::string(parameters) + ") {\n" + operations + "return\n}\n";
}
static std::string request(std::string_view operands, std::string_view method) {
  return "%r{i} = http.request(" + std::string(operands) + ") {method = \"" + std::string(method) +
         "\", keep} : " + std::string(response) + "\n";
}

// What touches the world, and the order that follows from it.
static constexpr Shape shapes[] = {
    {"draws of one model",
     [](int n) {
       return std::string(model) + "func @main(%q: str) -> str {\n" +
              repeat(n, "%a{i} = model.chat @gpt(%q) : str\n") + "%l = list.pack(" + listed(n, "%a{i}") +
              ") : list<str>\n%v = vote.majority(%l) : str\nreturn(%v)\n}\n";
     },
     1000},
    {"an early vote of many",
     [](int n) {
       return std::string(model) + "func @main(%q: str) -> str {\n" +
              repeat(n, "%a{i} = model.chat @gpt(%q) : str\n") + "%l = list.pack(" + listed(n, "%a{i}") +
              ") : list<str>\n%v = vote.majority(%l) {early} : str\nreturn(%v)\n}\n";
     },
     1000},
    {"many early votes",
     [](int n) {
       return std::string(model) + "func @main(%v0: str) -> str {\n" +
              repeat(
                  n,
                  "%a{i} = model.chat @gpt(%v{i}) : str\n%b{i} = model.chat @gpt(%v{i}) : str\n"
                  "%c{i} = model.chat @gpt(%v{i}) : str\n%l{i} = list.pack(%a{i}, %b{i}, %c{i}) : list<str>\n"
                  "%v{n} = vote.majority(%l{i}) {early} : str\n") +
              "return(%v" + std::to_string(n) + ")\n}\n";
     },
     500},
    {"many models",
     [](int n) {
       return repeat(n, "model @m{i} {url = \"http://127.0.0.1:8080/v1\", model = \"{i}\"}\n") +
              main("%q: str", repeat(n, "%a{i} = model.chat @m{i}(%q) {keep} : str\n"));
     },
     1000},
    {"resources that nobody uses",
     [](int n) {
       return repeat(n, "http @h{i} {url = \"http://h{i}.test/\"}\n") + "func @main() {\nreturn\n}\n";
     }},
    {"equal GETs", [](int n) { return main("%u: str", repeat(n, request("%u", "GET"))); }, 1000},
    {"POSTs to one origin", [](int n) { return main("%u: str", repeat(n, request("%u", "POST"))); }, 1000},
    {"GETs and POSTs in turn",
     [](int n) {
       return main("%u: str",
                   repeat(n, request("%u", "GET") + "%s{i} = http.request(%u) {method = \"POST\"} : " +
                                 std::string(response) + "\n"));
     },
     500},
    {"PUTs to many origins",
     [](int n) {
       return main(
           "", repeat(n, "%u{i} = const {value = \"http://h{i}.test/\"} : str\n" + request("%u{i}", "PUT")));
     },
     1000},
    {"PUTs to many origins, then GETs of unknown ones",
     [](int n) {
       return main("%u: str", repeat(n, "%u{i} = const {value = \"http://h{i}.test/\"} : str\n" +
                                            request("%u{i}", "PUT")) +
                                  repeat(n, request("%u", "GET"), n));
     },
     500},
    {"writes to many files",
     [](int n) {
       return main(
           "%t: str",
           repeat(n, "%p{i} = const {value = \"d/{i}\"} : str\n%w{i} = file.write(%p{i}, %t) : none\n"));
     },
     1000},
    {"writes to one file",
     [](int n) {
       return main("%t: str", "%p = const {value = \"d/f\"} : str\n" +
                                  repeat(n, "%w{i} = file.append(%p, %t) : none\n"));
     },
     1000},
    {"files in deep directories",
     [](int n) {
       std::string path;
       for (int i = 0; i != 100; ++i)
         path += "d/";
       return main("%t: str", repeat(n, "%p{i} = const {value = \"" + path +
                                            "{i}\"} : str\n%w{i} = file.write(%p{i}, %t) : none\n"));
     },
     300},
    {"reads of directories, writes beneath",
     [](int n) {
       return main(
           "%t: str",
           "%d = const {value = \"d\"} : str\n" +
               repeat(n, "%p{i} = const {value = \"d/{i}\"} : str\n%l{i} = file.list(%d) {keep} : list<str>\n"
                         "%w{i} = file.write(%p{i}, %t) : none\n"));
     },
     500},
    {"files known and unknown",
     [](int n) {
       return main("%t: str, %q: str",
                   repeat(n,
                          "%p{i} = const {value = \"d/{i}\"} : str\n"
                          "%w{i} = file.write(%p{i}, %t) : none\n%r{i} = file.read_text(%q) {keep} : str\n"));
     },
     500},
    {"relative and absolute paths",
     [](int n) {
       return main(
           "%t: str",
           repeat(n, "%p{i} = const {value = \"d/{i}\"} : str\n%q{i} = const {value = \"/d/{i}\"} : str\n"
                     "%w{i} = file.write(%p{i}, %t) : none\n%x{i} = file.write(%q{i}, %t) : none\n"));
     },
     500},
    {"one command of many files",
     [](int n) {
       return main("%c: list<str>", "%r = exec.run(%c) {reads = [" + listed(n, "\"a/{i}\"") +
                                        "], writes = [" + listed(n, "\"b/{i}\"") +
                                        "]} : record<exit: i64, stdout: str, stderr: str>\n");
     }},
    {"a line of commands",
     [](int n) {
       return main("%c: list<str>",
                   repeat(n, "%r{i} = exec.run(%c) {reads = [\"f{i}\"], writes = [\"f{n}\"]} : "
                             "record<exit: i64, stdout: str, stderr: str>\n"));
     },
     1000},
    {"commands that may touch anything",
     [](int n) {
       return main("%c: list<str>",
                   repeat(n, "%r{i} = exec.run(%c) : record<exit: i64, stdout: str, stderr: str>\n"));
     },
     1000},
    {"log lines", [](int n) { return main("%t: str", repeat(n, "%l{i} = log.print(%t) : none\n")); }},
    {"guards and writes in turn",
     [](int n) {
       return main("%t: str, %c: bool", repeat(n, "assert(%c)\n%p{i} = const {value = \"d/{i}\"} : str\n"
                                                  "%w{i} = file.write(%p{i}, %t) : none\n"));
     },
     500},
    {"guards, then writes",
     [](int n) {
       return main("%t: str, %c: bool",
                   repeat(n, "assert(%c)\n") + repeat(n, "%p{i} = const {value = \"d/{i}\"} : str\n"
                                                         "%w{i} = file.write(%p{i}, %t) : none\n"));
     },
     512}, // a multiple of how many guards one stands for, so that each size is left with as many
    {"numbers drawn",
     [](int n) {
       return "func @main(%a: i64, %b: i64) -> list<i64> {\n" +
              repeat(n, "%v{i} = random.int(%a, %b) : i64\n") + "%l = list.pack(" + listed(n, "%v{i}") +
              ") : list<i64>\nreturn(%l)\n}\n";
     }},
    {"variables of the environment",
     [](int n) {
       return main(
           "",
           repeat(n,
                  "%p{i} = const {value = \"N{i}\"} : str\n%e{i} = env.get(%p{i}) {keep} : option<str>\n"));
     },
     1000},
    {"an environment of many variables",
     [](int n) {
       return main("%c: list<str>", "%r = exec.run(%c) {env = {" + listed(n, "\"N{i}\" = \"{i}\"") +
                                        "}} : record<exit: i64, stdout: str, stderr: str>\n");
     }},
    {"a request of many headers",
     [](int n) {
       return main("%u: str", "%r = http.request(%u) {method = \"POST\", headers = {" +
                                  listed(n, "\"x-{i}\" = \"{i}\"") + "}} : " + std::string(response) + "\n");
     }},
    {"written names of many parts, beside calls",
     [](int n) {
       return "func private @f() -> f64 {\n%x = random.float {draw = \"x/x/x/x\"} : f64\nreturn(%x)\n}\n" +
              main("", repeat(n, "%c{i} = call @f() {draw = \"c{i}\", keep} : f64\n"
                                 "%d{i} = random.float {draw = \"d{i}/x/x/x\", keep} : f64\n"));
     },
     1000},
    {"one written name of many parts",
     [](int n) {
       return "func private @f() -> f64 {\n%x = random.float {keep} : f64\nreturn(%x)\n}\n" +
              main("", "%c = call @f() {keep} : f64\n%d = random.float {draw = \"" + repeat(n, "d{i}/") +
                           "\", keep} : f64\n");
     },
     4000},
    {"calls in `map`s that write",
     [](int n) {
       return main("%l: list<str>, %t: str", repeat(n, "%m{i} = map(%l) {unordered} : list<none> {\n^(%e: "
                                                       "str)\n%p = const {value = \"d/{i}\"} : str\n"
                                                       "%w = file.write(%p, %t) : none\nyield(%w)\n}\n"));
     },
     500},
    {"equal calls made one `map`",
     [](int n) {
       return main("%q: str", repeat(n, "%p{i} = list.pack(\"{i}\", %q) : list<str>\n"
                                        "%a{i} = random.choice(%p{i}) : str\n") +
                                  "%l = list.pack(" + listed(n, "%a{i}") + ") : list<str>\n");
     },
     2000, "reroll"},
    {"calls that are not made one `map`, for the last one is used twice",
     [](int n) {
       return main("%q: list<str>", repeat(n, "%a{i} = random.choice(%q) : str\n") + "%l = list.pack(" +
                                        listed(n, "%a{i}") + ", %a0) : list<str>\n");
     },
     2000, "reroll"},
    {"many groups that are made a `map` each",
     [](int n) {
       return main("%q: list<str>",
                   repeat(n, "%a{i} = random.choice(%q) : str\n%b{i} = random.choice(%q) : str\n"
                             "%c{i} = random.choice(%q) : str\n%d{i} = random.choice(%q) : str\n"
                             "%e{i} = random.choice(%q) : str\n%f{i} = random.choice(%q) : str\n"
                             "%l{i} = list.pack(%a{i}, %b{i}, %c{i}, %d{i}, %e{i}, %f{i}) : "
                             "list<str>\n"));
     },
     500, "reroll"},
};

std::span<const Shape> worldShapes() { return shapes; }

} // namespace xcs::growth
