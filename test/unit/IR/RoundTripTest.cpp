#include "IR/IrTest.h"
#include "IR/RandomModule.h"
#include "xcs/Syntax/IrJson.h"
#include "xcs/Syntax/Parser.h"

using namespace xcs;

namespace {

std::string textOf(const Module &module) {
  std::string out;
  llvm::raw_string_ostream stream(out);
  print(module, stream);
  return out;
}

std::string jsonOf(const std::string &text) {
  std::string out;
  llvm::raw_string_ostream stream(out);
  printIrJson(text, stream);
  return out;
}

/// The module of a text; null, with a failure of the test, when it has errors.
std::unique_ptr<Module> moduleOf(const std::string &text) {
  std::string messages;
  llvm::raw_string_ostream stream(messages);
  DiagnosticEngine diagnostics(&stream);
  std::unique_ptr<Module> module =
      parseModule(std::make_shared<SourceBuffer>("random.xir", text), diagnostics);
  bool good = module && verify(*module, diagnostics).ok();
  EXPECT_TRUE(good) << messages << text;
  return module;
}

} // namespace

TEST(RoundTrip, PrintedRandomModulesReadBackAndPrintTheSame) {
  size_t functions = 0, types = 0, constants = 0, literals = 0, defaults = 0;
  for (uint64_t seed = 0; seed < 500; ++seed) {
    Module module;
    RandomModule random(module, seed, 60);
    std::string first = textOf(module);
    std::unique_ptr<Module> again = moduleOf(first);
    ASSERT_NE(again, nullptr) << "seed " << seed;
    ASSERT_EQ(textOf(*again), first) << "seed " << seed;
    const std::string json = jsonOf(first);
    std::unique_ptr<Module> fromJson = moduleOf(json);
    ASSERT_NE(fromJson, nullptr) << "seed " << seed;
    ASSERT_EQ(textOf(*fromJson), first) << json;
    ASSERT_EQ(jsonOf(textOf(*fromJson)), json) << "seed " << seed;
    functions += first.find(" = try @f") != first.npos || first.find(") @f") != first.npos;
    types += first.find(": @T") != first.npos;
    constants += first.find("(@c") != first.npos;
    literals += first.find("(1500ms") != first.npos || first.find("(42") != first.npos;
    defaults += first.find(": i64 = ") != first.npos;
  }
  // All short forms occur.
  for (size_t count : {functions, types, constants, literals, defaults})
    EXPECT_GT(count, 0u);
}

/// Names, orders and types are those of the text: printed text stays as it is.
TEST(RoundTrip, ATextStaysAsItIs) {
  std::string text =
      "module @kept attributes {version = 2, tags = [\"a\", @b, list<str>, {x, y = 1.5}]}\n"
      "\n"
      "model @gpt {url = env(\"URL\"), model = \"small\", key = secret(\"KEY\", prefix = \"Bearer \")}\n"
      "http @web {url = \"https://a.example\", headers = {\"Content-Type\" = \"text/plain\"}}\n"
      "\n"
      "func private @helper(%x: i64) -> i64, str attributes {entry} {\n"
      "  %after = const {value = \"after\", hint.latency = 250ms} : str\n"
      "  return(%x, %after)\n"
      "}\n"
      "\n"
      "func @main(%xs: list<i64>, %c: bool) -> list<i64> {\n"
      "  %a, %b = if(%c) : i64, str {\n"
      "    %x = const {value = -9223372036854775808} : i64\n"
      "    %s = const {value = \"\\\"\\\\\\n\\u0001\"} : str\n"
      "    yield(%x, %s)\n"
      "  } {\n"
      "    %x = const {value = 1} : i64\n"
      "    %x.1, %y = call @helper(%x) : i64, str\n"
      "    yield(%x.1, %y)\n"
      "  }\n"
      "  %2 = map(%xs) after(%a, %b) {unordered} : list<i64> {\n"
      "  ^(%a: i64)\n"
      "    %0 = i64.add(%a, %a) : i64\n"
      "    yield(%0)\n"
      "  }\n"
      "  return(%2)\n"
      "}\n";
  std::unique_ptr<Module> module = moduleOf(text);
  ASSERT_NE(module, nullptr);
  EXPECT_EQ(textOf(*module), text);
}

TEST(RoundTrip, LocationsCanBePrintedAndReadBack) {
  std::string text = "func @main() {\n"
                     "  %0 = const {value = 1} : i64 loc(\"prog.py\":3:7)\n"
                     "}\n";
  std::unique_ptr<Module> module = moduleOf(text);
  ASSERT_NE(module, nullptr);
  std::string out;
  llvm::raw_string_ostream stream(out);
  print(*module, stream, {.locations = true});
  EXPECT_EQ(out, text);
}
