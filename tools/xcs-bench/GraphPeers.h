#pragma once
#include "xcs-bench/GraphShapes.h"
#include <memory>
#include <string_view>
#include <vector>

namespace xcs::bench {

/// What every task of a graph does.
using TaskBody = void (*)();

/// A graph in the form of another library, built once and run again and again.
class GraphPeer {
public:
  virtual ~GraphPeer() = default;
  virtual void run() = 0;
};

/// The names of the libraries that xcs-bench was built with: oneTBB, Taskflow.
std::vector<std::string_view> peerNames();
/// The graph in each of them, in that order, for so many threads. One set at a time.
std::vector<std::unique_ptr<GraphPeer>> makePeers(const Graph &graph, unsigned threads, TaskBody body);

} // namespace xcs::bench
