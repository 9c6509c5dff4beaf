// Traces the example that is asked for:
//   xcs-cpp-examples NAME                  prints it as .xir
//   xcs-cpp-examples NAME --save P.xplan   writes its plan
//   xcs-cpp-examples NAME --equals F.xir   says whether it is that program, up to names and helper functions
#include "example.h"
#include "xcs/Compiler/Compiler.h"
#include "xcs/IR/Printer.h"
#include "xcs/Support/ReadFile.h"
#include "xcs/Syntax/Parser.h"
#include "llvm/Support/raw_ostream.h"
#include <algorithm>
#include <fstream>
#include <iostream>
#include <regex>
using namespace xcs;

static bool isInName(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) || c == '_' || c == '.' || c == '$';
}

/// The end of the string literal that begins at `at`.
static size_t afterString(const std::string &text, size_t at) {
  for (++at; at < text.size() && text[at] != '"'; ++at)
    at += text[at] == '\\';
  return at + 1;
}

/// A scalar constant with a name is the same as one without, which is printed where it is used.
static std::string withoutConstants(std::string text) {
  static const std::regex constant(
      R"(\n *(%[\w.$]+) = const \{value = ([^\n"{}\[]+)\} : (i64|f64|bool|duration)(?=\n))");
  for (std::smatch found; std::regex_search(text, found, constant);) {
    const std::string name = found[1], literal = found[2];
    text.erase(static_cast<size_t>(found.position(0)), static_cast<size_t>(found.length(0)));
    for (size_t at = text.find(name); at != text.npos; at = text.find(name, at + 1))
      if (!isInName(text[at + name.size()]))
        text.replace(at, name.size(), literal);
  }
  return text;
}

/// Each value by a number: a new one where it is defined, which is before `=`, `,` or `:`, but for operands.
/// A region may use a name again.
static std::string withoutNames(const std::string &text) {
  std::vector<std::map<std::string, std::string>> regions(1); // those open, each with the names that it sees
  std::string out;
  size_t count = 0;
  bool isDefining = true; // at the beginning of a line, and in parameters
  for (size_t i = 0; i < text.size();) {
    if (text[i] == '"') {
      const size_t end = afterString(text, i);
      out += text.substr(i, end - i);
      i = end;
      continue;
    }
    if (text.compare(i, 2, "{\n") == 0)
      regions.push_back(regions.back());
    if (text[i] == '}' && text.find_last_not_of(' ', i - 1) == text.rfind('\n', i) && regions.size() > 1)
      regions.pop_back();
    if (text[i] != '%') {
      isDefining = text[i] == '\n' || (isDefining && text[i] != '=');
      if (text[i] == '^' || text.compare(i, 5, "func ") == 0)
        isDefining = true;
      else if (text[i] == '(' && (i == 0 || text[i - 1] != '^') &&
               text.compare(text.rfind('\n', i) + 1, 5, "func ") != 0)
        isDefining = false;
      out += text[i++];
      continue;
    }
    size_t end = i + 1;
    while (end < text.size() && isInName(text[end]))
      ++end;
    std::string &number = regions.back()[text.substr(i, end - i)];
    if (isDefining || number.empty())
      number = "%v" + std::to_string(++count);
    out += number;
    i = end;
  }
  return out;
}

/// The same attributes in the order of their names.
static DictId inOrder(Module &module, DictId attributes) {
  const auto entries = module.pool.view().entries(attributes);
  std::vector<DictEntry> sorted(entries.begin(), entries.end());
  std::ranges::sort(sorted, {}, [&](const DictEntry &one) { return module.pool.text(one.key); });
  return module.pool.dict(sorted);
}

/// The program without names and places, with its helper functions inlined.
static std::string normalForm(Module &module, DiagnosticEngine &diagnostics) {
  CompileOptions options;
  options.nameDraws = false;
  auto steps = parsePipeline("inline", diagnostics);
  if (!steps)
    return {};
  options.passes = std::move(*steps);
  if (!optimize(module, options, diagnostics))
    return {};
  for (const auto &function : module.functions)
    for (uint32_t i = 0; i < function->graph.operationCount(); ++i) {
      function->graph.setLocation(OpId(i), Location());
      function->graph.setAttributes(OpId(i), inOrder(module, function->graph.operation(OpId(i)).attributes));
    }
  for (Resource &resource : module.resources)
    resource.attributes = inOrder(module, resource.attributes);
  module.name = StringId();
  module.typeNames.clear();
  module.constants.clear();
  std::ranges::sort(module.resources, {}, [&](const Resource &one) { return module.pool.text(one.symbol); });
  module.rebuildSymbols();
  std::string text;
  llvm::raw_string_ostream out(text);
  print(module, out);
  return withoutNames(withoutConstants(text));
}

static int compareWith(Module &module, const std::string &path) {
  DiagnosticEngine diagnostics(&llvm::errs());
  diagnostics.showRemarks(false);
  const auto text = readFile(path, 1 << 20);
  if (!text)
    return 2;
  const auto written = parseModule(std::make_shared<SourceBuffer>(path, *text), diagnostics);
  if (!written)
    return 1;
  const std::string ours = normalForm(module, diagnostics), theirs = normalForm(*written, diagnostics);
  if (!ours.empty() && ours == theirs) {
    std::cout << "the same program\n";
    return 0;
  }
  std::cout << "--- traced\n" << ours << "--- written\n" << theirs;
  return 1;
}

static int save(Module &module, const std::string &path) {
  DiagnosticEngine diagnostics(&llvm::errs());
  diagnostics.showRemarks(false);
  diagnostics.setLocations(&module.locations);
  const auto plan = compile(module, CompileOptions(), diagnostics);
  if (!plan)
    return 1;
  std::ofstream(path, std::ios::binary) << *plan;
  return 0;
}

int main(int argc, char **argv) {
  const std::string name = argc > 1 ? argv[1] : "", option = argc > 3 ? argv[2] : "";
  const auto example = examples().find(name);
  if (example == examples().end()) {
    std::cerr << "usage: xcs-cpp-examples NAME [--save PLAN | --equals FILE.xir], where NAME is one of";
    for (const auto &one : examples())
      std::cerr << ' ' << one.first;
    std::cerr << '\n';
    return 2;
  }
  const Traced traced = example->second();
  if (!traced.module) {
    std::cerr << traced.error.file << ':' << traced.error.line << ": error: " << traced.error.message << '\n';
    return 1;
  }
  if (option == "--save")
    return save(*traced.module, argv[3]);
  if (option == "--equals")
    return compareWith(*traced.module, argv[3]);
  print(*traced.module, llvm::outs());
  return 0;
}
