#pragma once
#include "Runtime/Engine.h"

namespace xcs {

/// A control operation to execute: where, and by which worker.
struct ControlCall {
  Engine &engine;
  Worker &worker;
  Frame *frame;
  uint32_t node;
  const PlanOp &op;

  const Value &operand(uint32_t i) const { return engine.operandOf(frame, op, i); }
  /// Its attribute `row` (attrRow<OpCode::..>); none if not given.
  AttrId attribute(size_t row) const { return engine.plan.attrsOf(op)[row]; }
  /// Whether a flag is set: given without a value, or as true.
  bool isSet(size_t row) const;
};

using ControlHandler = Progress (*)(const ControlCall &call);

// The handlers, one per row of Control.def: a row without one does not link. A handler reads the operands and
// either executes the operation immediately, counts the operands as read (Engine::freeOperands) and returns
// Settled, or starts what will settle the node: a region (Engine::enter) or a Repetition. It never waits and
// never runs a region itself. Thread safety: on any worker, for any number of operations at a time.
namespace controlops {
#define XCS_PURE_OP(...)
#define XCS_WORLD_OP(...)
#define XCS_TERMINATOR_OP(...)
#define XCS_CONTROL_OP(id, ...) Progress id(const ControlCall &call);
#include "xcs/Ops/Ops.def"
} // namespace controlops

} // namespace xcs
