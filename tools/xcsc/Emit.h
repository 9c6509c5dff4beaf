#pragma once
#include "xcs/IR/Module.h"
#include "xcs/Transforms/Pass.h"
#include <optional>
#include <span>

namespace llvm {
class raw_ostream;
}

namespace xcs::compiler {

// The forms of `--emit` for a verified module, other than its own text and its plan. The functions intern
// names of origins in the module's pool and change nothing else. All are linear in operations and edges.

/// The dependency graph of every region for Graphviz: data edges solid, order edges dashed, the critical path
/// of each region bold. Regions are boxes within the box of their function.
void printDot(Module &module, llvm::raw_ostream &out);
/// The same for Mermaid (https://mermaid.js.org/syntax/flowchart.html), which many Markdown viewers render.
void printMermaid(Module &module, llvm::raw_ostream &out);
/// The same as a picture of its own, in layers from top to bottom.
void printSvg(Module &module, llvm::raw_ostream &out);
/// The same as one JSON object, with levels, slack and costs of each operation (docs/usage/xcsc.md describes
/// it).
void printGraphJson(Module &module, llvm::raw_ostream &out);
/// A summary for people. `counters` are those of the passes that ran.
void printReport(Module &module, std::optional<unsigned> level,
                 std::span<const PassContext::Counter> counters, llvm::raw_ostream &out);

} // namespace xcs::compiler
