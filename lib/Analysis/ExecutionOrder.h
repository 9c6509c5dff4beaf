#pragma once
#include <cstdint>
#include <span>
#include <vector>

namespace xcs {

/// A graph of dispatches in flat arrays: the successors of d are successors[firstSuccessor[d]] ..
/// [firstSuccessor[d + 1]).
struct DispatchGraph {
  std::vector<uint32_t> firstSuccessor, successors, readyCount;
  std::vector<float> priority;
  std::vector<uint8_t> slow; // takes long: what it makes ready comes after what is already ready
  size_t size() const { return readyCount.size(); }
};

/// A topological order close to the one in which workers will run the dispatches: the most urgent ready one
/// first, then what it makes ready, most urgent first, until something must wait. Neighbours in the order are
/// neighbours in the plan's tables, and so in the caches. Linear, except for sorting what becomes ready at
/// once.
class ExecutionOrder {
public:
  /// `out[i]` is the i-th dispatch to run.
  void compute(const DispatchGraph &graph, std::vector<uint32_t> &out);

private:
  void makeReady(std::vector<uint32_t> &batch, const DispatchGraph &graph, std::vector<uint32_t> &onto);
  std::vector<uint32_t> waiting, stack, later, batch;
};

} // namespace xcs
