#pragma once
#include "xcs/Analysis/Schedule.h"
#include "xcs/IR/Verifier.h"
#include "xcs/Syntax/Parser.h"
#include "llvm/Support/raw_ostream.h"
#include <gtest/gtest.h>

namespace xcs {

/// Resources that test programs name.
inline constexpr std::string_view resources = R"(
model @gpt { url = "http://127.0.0.1:8080/v1", model = "small" }
model @other { url = "http://127.0.0.1:8080/v1", model = "large" }
http @site { url = "http://Site.test/base" }
http @hidden { url = env("WHERE") }
)";

/// Tests that look at a program written as text.
struct AnalysisTest : ::testing::Test {
  std::unique_ptr<Module> module;

  /// Parses and verifies `resources` and the text; the first function is looked at.
  void parse(std::string_view text) {
    std::string messages;
    llvm::raw_string_ostream stream(messages);
    DiagnosticEngine diagnostics(&stream);
    module = parseModule(
        std::make_shared<SourceBuffer>("test.xir", std::string(resources) + std::string(text)), diagnostics);
    ASSERT_TRUE(module) << messages;
    diagnostics.setLocations(&module->locations);
    ASSERT_TRUE(verify(*module, diagnostics)) << messages;
  }
  const Function &function(size_t i = 0) const { return *module->functions[i]; }
  /// The operation whose first result has this name.
  OpId op(std::string_view name, size_t f = 0) const {
    const ComputationGraph &graph = function(f).graph;
    for (uint32_t v = 0; v != graph.valueCount(); ++v)
      if (StringId id = graph.value(ValueRef(v)).name; id && module->pool.text(id) == name)
        return graph.value(ValueRef(v)).definedBy;
    ADD_FAILURE() << "no value %" << name;
    return {};
  }
  OpId opAt(size_t node, size_t f = 0) const { return function(f).graph.region(function(f).body).body[node]; }
};

/// The edges of a graph as `0>1 data, 0>2 order`.
inline std::string edgesOf(const DependencyGraph &graph) {
  std::string text;
  for (uint32_t node = 0; node != graph.size(); ++node)
    for (size_t i = 0; i != graph.successors(node).size(); ++i) {
      text += text.empty() ? "" : ", ";
      text += std::to_string(node) + ">" + std::to_string(graph.successors(node)[i]);
      text += graph.edgeKind(node, i) == EdgeKind::Data ? " data" : " order";
    }
  return text;
}

} // namespace xcs
