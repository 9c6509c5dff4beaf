#pragma once
#include "src/Engine.h"
#include <memory>
#include <vector>

namespace xcs::python {

class Segment;
struct Node;
using NodeRef = std::shared_ptr<Node>;

/// A thread of an engine while it calls a function of the program. Such a function may wait for calls of the
/// same engine; a wait that could never end is found before it begins. With the GIL.
class HostThread {
public:
  /// `segment`: what ends with the call; empty for a function of a loaded plan.
  HostThread(std::weak_ptr<Engine> engine, std::weak_ptr<Segment> segment);
  ~HostThread();
  HostThread(const HostThread &) = delete;
  /// Whether a function of an engine runs here.
  static bool isHere();
  /// Whether the function that runs here is one of that engine.
  static bool isOf(const Engine &engine);

  /// A wait for something of an engine. Both constructors raise RuntimeError for a wait that cannot end.
  class Wait {
  public:
    /// For the first of some results: none of them can be there before this thread proceeds, since what makes
    /// them begins after the function that runs here has ended, or after one that waits for it; or all
    /// threads of the engine would wait for functions that have none.
    Wait(const std::shared_ptr<Engine> &engine, const std::vector<NodeRef> &nodes);
    /// For a run of a loaded plan: all threads that may call its functions would wait for such runs.
    explicit Wait(const std::shared_ptr<Engine> &engine);
    ~Wait();
    Wait(const Wait &) = delete;

  private:
    std::shared_ptr<Engine> engine;   // null: no function of it runs here
    const Segment *segment = nullptr; // null: the function of no segment runs here
  };

private:
  std::weak_ptr<Engine> engine;
  std::weak_ptr<Segment> segment;
  HostThread *outer; // whose function called Python code that ran this one
};

} // namespace xcs::python
