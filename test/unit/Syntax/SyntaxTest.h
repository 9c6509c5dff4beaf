#pragma once
#include "xcs/IR/Printer.h"
#include "xcs/Syntax/Parser.h"
#include "llvm/Support/raw_ostream.h"
#include <gtest/gtest.h>

namespace xcs {

/// A text parsed, with everything that was said about it.
struct Parsed {
  explicit Parsed(std::string_view text, const Limits &limits = {})
      : module(parseModule(std::make_shared<SourceBuffer>("t.xir", std::string(text)), engine, limits)) {
    EXPECT_EQ(module != nullptr, !engine.hasErrors()) << "a module exactly when there is no error";
  }

  /// `line:column: kind: message` for each diagnostic.
  std::string messages() const {
    std::string out;
    for (const Diagnostic &d : engine.all())
      out += std::to_string(d.line) + ":" + std::to_string(d.column) + ": " + std::string(d.kind) + ": " +
             d.message + "\n";
    return out;
  }
  /// `line: kind` for each diagnostic.
  std::string kinds() const {
    std::string out;
    for (const Diagnostic &d : engine.all())
      out += std::to_string(d.line) + ": " + std::string(d.kind) + "\n";
    return out;
  }
  std::string printed() const {
    std::string out;
    llvm::raw_string_ostream stream(out);
    if (module)
      print(*module, stream);
    return out;
  }
  const Function &function(size_t i = 0) const { return *module->functions[i]; }
  const ComputationGraph &graph(size_t i = 0) const { return function(i).graph; }
  std::string_view text(StringId id) const { return module->pool.text(id); }
  /// The name of a value, without its `%`.
  std::string_view name(ValueRef v, size_t i = 0) const { return text(graph(i).value(v).name); }
  /// The operations of a function's body.
  const std::vector<OpId> &body(size_t i = 0) const { return graph(i).region(function(i).body).body; }
  /// The value of attribute `key` of an operation, as it is printed.
  std::string attr(OpId op, std::string_view key) const {
    ConstantView view = module->pool.view();
    AttrId found = view.find(graph().operation(op).attributes, key);
    return found ? printAttr(view, found) : "none";
  }

  DiagnosticEngine engine;
  std::unique_ptr<Module> module;
};

} // namespace xcs
