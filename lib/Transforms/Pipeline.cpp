#include "xcs/Transforms/Pass.h"
#include <cassert>

using namespace xcs;

namespace {
/// The steps of a pipeline under construction.
class Stages {
public:
  Stages &then(std::string_view name, std::string_view options = {}) {
    const PassRow *row = findPass(name);
    assert(row && "a pipeline names a pass that has no row");
    steps.push_back({row, std::string(options)});
    return *this;
  }
  PipelineSteps steps;
};
} // namespace

/// The passes of every level, in order. The order is part of the design; each comment gives its reason.
PipelineSteps xcs::defaultPipeline(unsigned level, bool rerolls) {
  Stages pipeline;

  // Level 0 leaves the program as written and only decides the order: the most urgent first, each operation
  // by itself.
  if (level == 0) {
    pipeline.then("note-order");
    pipeline.then("schedule", "no-clusters");
    return std::move(pipeline.steps);
  }

  // First inline calls: everything after that sees across them, and a call is not a barrier.
  pipeline.then("inline");
  // Simplify operations: folded and inlined code gives later passes more that is equal and more that is dead.
  pipeline.then("canonicalize");
  // Merge equal operations while everything still has its written form; that leaves the results of the second
  // one unused ...
  pipeline.then("cse");
  // ... so dropping unused operations comes last of the three.
  pipeline.then("dce");
  // Only then it shows which computations are alike and serve nothing else. Not by itself: messages then name
  // an iteration in place of a line.
  if (rerolls)
    pipeline.then("reroll");

  // Level 1 stops here: the program is smaller, but except for its calls and votes it keeps the author's
  // shape.
  if (level == 1) {
    pipeline.then("early-votes");
    pipeline.then("note-order");
    pipeline.then("schedule", "no-clusters");
    return std::move(pipeline.steps);
  }

  // Level 3 equals level 2: nothing yet is worth a longer compilation.

  // Recognise the shapes of the final program, so that the reports describe what will run.
  pipeline.then("match-patterns");
  // Gather the voters that a vote may cancel: after the passes that separate their operations, and after the
  // patterns, which know the form that this changes.
  pipeline.then("early-votes");
  // Say what waits for want of knowledge: of the operations that are left, one by one.
  pipeline.then("note-order");
  // Straight lines of small operations run as one: before `schedule`, which gathers side by side what is
  // left.
  pipeline.then("fuse-chains");
  // Last, because it works on the operations as they will be dispatched.
  pipeline.then("schedule");
  return std::move(pipeline.steps);
}
