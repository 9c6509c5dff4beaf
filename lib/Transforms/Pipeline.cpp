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

/// What every level does and in which order. The order is part of the design; each line says why it stands
/// where it does.
PipelineSteps xcs::defaultPipeline(unsigned level) {
  Stages pipeline;

  // Level 0 leaves the program as written: only what runs first is decided, most urgent first, each operation
  // by itself.
  if (level == 0) {
    pipeline.then("note-order");
    pipeline.then("schedule", "no-clusters");
    return std::move(pipeline.steps);
  }

  // First of all let calls give way to the bodies they mean: everything behind sees across them, and a call
  // holds nothing up.
  pipeline.then("inline");
  // Make operations simple: folded and inlined code shows the passes behind it more that is equal and more
  // that is dead.
  pipeline.then("canonicalize");
  // Merge what is equal while everything still stands in the written form; it leaves the second of two
  // results unused ...
  pipeline.then("cse");
  // ... so that dropping the unused comes last of the three.
  pipeline.then("dce");

  // Level 1 stops here: the program is smaller, but for its calls and votes its shape is the author's.
  if (level == 1) {
    pipeline.then("early-votes");
    pipeline.then("note-order");
    pipeline.then("schedule", "no-clusters");
    return std::move(pipeline.steps);
  }

  // Level 3 does what level 2 does: there is nothing yet that would be worth a longer compilation.

  // Recognise the shapes of the final program: what is found is reported as it will run.
  pipeline.then("match-patterns");
  // Gather the voters that a vote may stop: behind what puts their operations side by side and leaves each
  // its own, and behind the patterns, which know the form it takes apart.
  pipeline.then("early-votes");
  // Say what waits for want of knowledge: of the operations that are left, one by one.
  pipeline.then("note-order");
  // Straight lines of small operations run as one: before `schedule`, which gathers side by side what is
  // left.
  pipeline.then("fuse-chains");
  // Last, because it looks at the operations as they will be dispatched.
  pipeline.then("schedule");
  return std::move(pipeline.steps);
}
