#pragma once
#include "src/Engine.h"
#include <memory>
#include <vector>

namespace xcs::python {

class Segment;
struct Node;
using NodeRef = std::shared_ptr<Node>;

/// A thread of an engine while it calls a function of the program. Functions may wait for calls of the same
/// engine: then one more may run meanwhile, and what would wait for itself is found. With the GIL.
class HostThread {
public:
  /// `segment`: what ends with the call; empty for a function of a loaded plan.
  HostThread(std::weak_ptr<Engine> engine, std::weak_ptr<Segment> segment);
  ~HostThread();
  HostThread(const HostThread &) = delete;
  /// Whether the function that runs here is one of that engine.
  static bool isOf(const Engine &engine);

  /// Whether a function of an engine runs here.
  static bool isHere();

  /// A wait of the thread that runs, of whatever kind it is.
  class Wait {
  public:
    /// Raises RuntimeError where too many wait.
    Wait();
    ~Wait();
    Wait(const Wait &) = delete;

  private:
    std::shared_ptr<Engine> engine; // none: it is no thread of an engine
  };

  /// A wait for the first of some results. Raises RuntimeError when none of them can be there before this
  /// thread goes on: what makes them begins after the function that runs here has ended, or after one that
  /// waits for it.
  class WaitForAny {
  public:
    explicit WaitForAny(const std::vector<NodeRef> &nodes);
    ~WaitForAny();
    WaitForAny(const WaitForAny &) = delete;

  private:
    const Segment *segment = nullptr; // null: the function of no segment runs here
  };

private:
  std::weak_ptr<Engine> engine;
  std::weak_ptr<Segment> segment;
  HostThread *outer; // whose function called Python code that ran this one
};

} // namespace xcs::python
