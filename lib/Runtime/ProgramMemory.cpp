#include "Runtime/Frame.h"
#include <algorithm>

using namespace xcs;

/// What a waiting operation takes: of the world, and of libcurl for a request, whose connection and buffers
/// are most of it (docs/performance.md, "Model calls").
static uint64_t waitingBytes(OpCode code) {
  switch (code) {
  case OpCode::model_chat:
  case OpCode::model_embed:
  case OpCode::http_request:
    return 16 << 10;
  case OpCode::exec_run:
    return 8 << 10;
  default: // operations that wait without a connection
    return 1 << 10;
  }
}

/// What an operation takes while it is in flight, with all that it runs at once.
uint64_t Program::bytesInFlight(const PlanOp &op) const {
  if (rowOf(op.code).form == OpForm::World)
    return waitingBytes(op.code);
  if (op.code == OpCode::core_call && !plan.functions[op.target].isRecursive)
    return outsideBytes[plan.functions[op.target].region];
  uint64_t sum = 0, most = 0;
  for (uint32_t r = op.firstRegion; r < op.firstRegion + op.regionCount; ++r) {
    const uint64_t bytes = Frame::byteSize(regions[r]) + outsideBytes[r];
    sum += bytes;
    most = std::max(most, bytes);
  }
  return op.code == OpCode::core_race ? sum : most;
}

/// By levels: of a chain one operation is in flight at a time, of independent ones all. Regions of an
/// operation come after the one it is in, and functions in any order: the second round knows what all of
/// them take. A recursion counts as nothing, and so do all iterations of a repetition but one.
void Program::prepareOutsideBytes() {
  static constexpr uint64_t most = uint64_t(1) << 40; // calls of calls may double it at each step
  outsideBytes.resize(regions.size(), 0);
  for (int round = 0; round < 2; ++round)
    for (size_t r = regions.size(); r-- > 0;) {
      const PlanRegion &region = plan.regions[r];
      const PlanNode *nodes = plan.nodes.data() + region.firstNode;
      std::vector<uint32_t> level(region.nodeCount, 0);
      std::vector<uint64_t> bytes(1, 0); // by level
      for (uint32_t n = 0; n < region.nodeCount; ++n) {
        bytes.resize(std::max<size_t>(bytes.size(), level[n] + 1), 0);
        for (uint32_t o = nodes[n].firstOp; o < nodes[n + 1].firstOp; ++o)
          bytes[level[n]] += bytesInFlight(plan.ops[o]);
        for (uint32_t s : plan.successorsOf(region.firstNode + n))
          level[s] = std::max(level[s], level[n] + 1);
      }
      outsideBytes[r] = std::min(*std::max_element(bytes.begin(), bytes.end()), most);
    }
}
