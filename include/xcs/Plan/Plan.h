#pragma once
#include "xcs/Ops/Constants.h"
#include "xcs/Ops/OpTable.h"
#include <algorithm>
#include <cstdint>
#include <span>
#include <string_view>

namespace xcs {

// A plan is what `xcsc` writes and `xcs-run` executes: flat tables of fixed-size structs, the very bytes of
// the file. docs/plan-format.md shows one byte by byte; lib/Plan/Plan.fbs is the schema for other languages.
//
// Shape of a plan: each region of the program is a small dataflow graph of its own. Its values live in
// numbered slots of a frame: first the region's arguments, then its captures (values of the enclosing region,
// copied in when the region is entered), then constants (filled in when the region is entered, so they cost
// no dispatch) and the results of its operations. Nodes are what is dispatched: one operation, or a cluster
// of small ones that run back to back. Nodes are listed in execution order (a topological order), so edges
// only go forward.
//
// Layout: in every table the ranges of its owners follow one another without gap or overlap, in the order of
// the owners (only attrRows is shared). Regions are listed function by function: a function's body, then
// breadth-first the regions of its operations. So one sweep checks a whole plan, and each entry has one
// owner.

/// A node: operations [firstOp, next node's firstOp), successors [firstSuccessor, next node's
/// firstSuccessor). Each region ends its nodes with a sentinel that only carries the two ends.
struct PlanNode {
  uint32_t firstOp;
  uint32_t firstSuccessor; // into PlanView::successors; values are node indices within the region
  uint32_t readyCount;     // nodes of the region that must be done before
  float priority;          // remaining critical path of the region in nanoseconds, this node included
};

/// One operation. Operand slots are indices into the frame of its region.
struct PlanOp {
  OpCode code;
  Effect effect; // resolved: never HttpMethod or Exec; Bodies only as the union of the bodies
  uint8_t regionCount;
  uint32_t order; // position in program order within the region (a permutation of 0 ..): decides which of two
                  // failures is reported, and what is cancelled
  uint32_t firstOperand, operandCount; // into PlanView::operands
  uint32_t resultSlot, resultCount;
  uint32_t attributes;  // first of its attribute values in PlanView::attrRows, one per row of the op
  DictId dict;          // all its attributes, common ones (`timeout`, `retry`) included
  uint32_t firstRegion; // regions firstRegion .. firstRegion + regionCount - 1; none: UINT32_MAX
  uint32_t target;      // index of the resource or function its symbol names; UINT32_MAX: none
  uint32_t location;    // into PlanView::locations; UINT32_MAX: unknown
  StringId name;        // name of its first result, for reports; none: unnamed
};

/// The static type of a slot and how often it is read in its region: once for each occurrence among the
/// operands of the region's operations, once for each capture of a region of theirs
/// (PlanRegion::firstCapture; one region, one count), and once for each occurrence among the region's
/// results. The last reader frees the value.
struct PlanSlot {
  TypeId type;
  uint32_t uses;
};

/// A slot that receives the value of an attribute when the region is entered.
struct PlanConstant {
  uint32_t slot;
  AttrId value;
};

/// A region: a function's body or a region of an operation.
struct PlanRegion {
  uint32_t firstNode, nodeCount; // without the sentinel at firstNode + nodeCount
  uint32_t firstSlot, slotCount; // into PlanView::slots
  uint32_t argumentCount;        // slots 0 ..
  uint32_t firstCapture,
      captureCount; // into PlanView::captures: slots of the enclosing frame, to slots argumentCount ..
  uint32_t firstConstant, constantCount; // into PlanView::constantSlots
  uint32_t firstResult, resultCount;     // into PlanView::operands: slots passed on when the region ends
  uint32_t sinkCount;                    // nodes without successors: the region finishes when they all have
};

/// A function that can be called or entered.
struct PlanFunction {
  StringId symbol;
  uint32_t region;
  uint32_t firstParameter, parameterCount; // into PlanView::parameters
  uint32_t firstResult, resultCount;       // into PlanView::parameters, unnamed
  uint32_t isPrivate;
  uint32_t isRecursive; // it can reach itself by calls: a run bounds their depth and their number
};

/// A parameter or result of a function.
struct PlanParameter {
  StringId name;
  TypeId type;
  AttrId defaultValue = {}; // of a parameter; none: a run has to give one, unless the type is an option
};

struct PlanResource {
  ResourceKind kind;
  uint8_t reserved[3];
  StringId symbol;
  DictId dict;
};

struct PlanLocation {
  StringId file;
  uint32_t line, column;
};

/// A location within a function that was inlined (`inline`), and the location of the replaced call. Rows
/// ascend by location; `caller` is a smaller one.
struct PlanCallSite {
  uint32_t location, caller;
};

/// Reads a verified plan; see PlanFile. A view: owns nothing, valid while the PlanFile lives. Concurrent
/// reads are safe.
struct PlanView {
  ConstantView constants;
  std::span<const PlanFunction> functions;
  std::span<const PlanParameter> parameters;
  std::span<const PlanResource> resources;
  std::span<const PlanRegion> regions;
  std::span<const PlanNode> nodes;
  std::span<const PlanOp> ops;
  std::span<const uint32_t> successors;
  std::span<const uint32_t> operands;
  std::span<const uint32_t> captures;
  std::span<const PlanConstant> constantSlots;
  std::span<const PlanSlot> slots;
  std::span<const AttrId> attrRows;
  std::span<const PlanLocation> locations;
  std::span<const PlanCallSite> callSites;
  /// The directory in which it must be started, an absolute normal path (Paths.h): its edges rely on where
  /// relative paths lead. Empty: anywhere.
  std::string_view startDirectory;
  uint64_t digest = 0; // xxh3 of the content
  uint32_t optimizationLevel = 0;
  bool mayAsk = true;      // false: no operation is an `ask.human`
  bool mayCallHost = true; // false: no operation is a `host.call`, so none has to be looked for
  bool mayUseNet = true;   // false: no operation needs Capability::Net

  std::span<const uint32_t> operandsOf(const PlanOp &op) const {
    return operands.subspan(op.firstOperand, op.operandCount);
  }
  std::span<const AttrId> attrsOf(const PlanOp &op) const {
    return attrRows.subspan(op.attributes, rowOf(op.code).attributes.count);
  }
  /// An attribute of an operation; if it is inherited and absent, that of the operation's resource. None if
  /// neither has it.
  AttrId attrOf(const PlanOp &op, Attribute attribute) const {
    AttrId own = constants.find(op.dict, attribute);
    const bool asks = !own && rowOf(attribute).inherited && op.target < resources.size() &&
                      symbolUse(op.code) != SymbolUse::Function;
    return asks ? constants.find(resources[op.target].dict, attribute) : own;
  }
  /// The index of a resource; UINT32_MAX if none has that name.
  uint32_t resourceNamed(StringId symbol) const {
    for (size_t r = 0; r < resources.size(); ++r)
      if (resources[r].symbol == symbol)
        return static_cast<uint32_t>(r);
    return UINT32_MAX;
  }
  /// The location of the call that was replaced by the inlined function containing `location`; UINT32_MAX if
  /// there is none.
  uint32_t callerOf(uint32_t location) const {
    auto site = std::lower_bound(callSites.begin(), callSites.end(), location,
                                 [](const PlanCallSite &s, uint32_t at) { return s.location < at; });
    return site != callSites.end() && site->location == location ? site->caller : UINT32_MAX;
  }
  std::span<const PlanOp> opsOf(uint32_t node) const {
    return ops.subspan(nodes[node].firstOp, nodes[node + 1].firstOp - nodes[node].firstOp);
  }
  std::span<const uint32_t> successorsOf(uint32_t node) const {
    return successors.subspan(nodes[node].firstSuccessor,
                              nodes[node + 1].firstSuccessor - nodes[node].firstSuccessor);
  }
};

} // namespace xcs
