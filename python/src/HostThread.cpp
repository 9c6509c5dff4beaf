#include "src/HostThread.h"
#include "src/Errors.h"
#include "src/Segment.h"
#include <unordered_map>
#include <unordered_set>

using namespace xcs;
using namespace xcs::python;

static thread_local HostThread *current = nullptr;

/// What functions wait for, by the segments that end with them; with the GIL. Never destroyed, as threads may
/// outlive the static objects of the process.
static std::unordered_map<const Segment *, std::vector<NodeRef>> &blocked() {
  static auto &only = *new std::unordered_map<const Segment *, std::vector<NodeRef>>;
  return only;
}

HostThread::HostThread(std::weak_ptr<Engine> engine, std::weak_ptr<Segment> segment)
    : engine(std::move(engine)), segment(std::move(segment)), outer(current) {
  current = this;
}

HostThread::~HostThread() { current = outer; }

bool HostThread::isHere() { return current != nullptr; }

bool HostThread::isOf(const Engine &engine) {
  for (const HostThread *thread = current; thread; thread = thread->outer)
    if (thread->engine.lock().get() == &engine)
      return true;
  return false;
}

namespace {

/// What some results wait for, and what of that can proceed: a segment whose needs can, and whose function
/// does not wait, or waits for a result that can come. (The least fixed point: what waits in a circle is not
/// in it.)
class WaitsFor {
public:
  /// `hasThreads`: whether a function that was not called yet will be.
  explicit WaitsFor(bool hasThreads) : hasThreads(hasThreads) {}

  bool mayCome(const std::vector<NodeRef> &nodes) {
    for (const NodeRef &node : nodes)
      add(segmentOf(node));
    for (size_t at = 0; at < found.size(); ++at)
      expand(*std::shared_ptr<Segment>(found[at]));
    for (bool isNew = true; isNew;) {
      isNew = false;
      for (size_t i = found.size(); i-- > 0;) // what is needed was found after what needs it
        if (!goesOn.contains(found[i].get()) && canGoOn(*found[i]))
          isNew = goesOn.insert(found[i].get()).second;
    }
    return nodes.empty() || comes(nodes);
  }

private:
  static std::shared_ptr<Segment> segmentOf(const NodeRef &node) {
    return node->isDone() ? nullptr : node->segment.lock();
  }

  void add(std::shared_ptr<Segment> segment) {
    if (segment && !segment->isOver() && seen.insert(segment.get()).second)
      found.push_back(std::move(segment));
  }

  void expand(Segment &segment) {
    for (const std::weak_ptr<Segment> &need : segment.needs)
      add(need.lock());
    if (auto waits = blocked().find(&segment); waits != blocked().end())
      for (const NodeRef &node : waits->second)
        add(segmentOf(node));
  }

  bool isKnownToGoOn(const std::shared_ptr<Segment> &segment) const {
    return !segment || !seen.contains(segment.get()) || goesOn.contains(segment.get());
  }

  /// Whether the first of some results can come.
  bool comes(const std::vector<NodeRef> &nodes) const {
    for (const NodeRef &node : nodes)
      if (isKnownToGoOn(segmentOf(node)))
        return true;
    return false;
  }

  bool canGoOn(Segment &segment) const {
    if (!hasThreads && segment.lacksThread.load())
      return false;
    for (const std::weak_ptr<Segment> &need : segment.needs)
      if (!isKnownToGoOn(need.lock()))
        return false;
    auto waits = blocked().find(&segment);
    return waits == blocked().end() || comes(waits->second);
  }

  const bool hasThreads;
  std::vector<std::shared_ptr<Segment>> found; // that are not over
  std::unordered_set<const Segment *> seen, goesOn;
};

} // namespace

[[noreturn]] static void raiseNoThread(const Engine &engine) {
  raise(PyExc_RuntimeError,
        "at most " + std::to_string(engine.functionThreads()) +
            " functions of this session run at once, and all of them would wait for calls of others, which "
            "then have no "
            "thread; call the inner functions directly, or allow more: Session(threads=..)");
}

/// Whether nothing that functions wait for can come when no more of them get a thread.
static bool areAllStuck() {
  for (const auto &[segment, nodes] : blocked())
    if (WaitsFor(false).mayCome(nodes))
      return false;
  return true;
}

HostThread::Wait::Wait(const std::shared_ptr<Engine> &given, const std::vector<NodeRef> &nodes) {
  std::shared_ptr<Segment> mine = isOf(*given) ? current->segment.lock() : nullptr;
  if (!mine)
    return;
  blocked()[mine.get()] = nodes;
  const bool isForItself = !WaitsFor(true).mayCome(nodes);
  const bool isLast = given->functionsThatWait + 1 >= given->functionThreads();
  if (isForItself || (isLast && areAllStuck())) {
    blocked().erase(mine.get());
    if (!isForItself)
      raiseNoThread(*given);
    raise(
        PyExc_RuntimeError,
        "a function waits for a call that cannot begin, or end, before the function has ended: both have an "
        "effect "
        "on the same resource, or one needs the other's result. Give the inner call another effect, such as "
        "effect=\"pure\", or call its function directly");
  }
  segment = mine.get();
  engine = given;
  ++engine->functionsThatWait;
}

HostThread::Wait::Wait(const std::shared_ptr<Engine> &given) {
  if (!isOf(*given))
    return;
  if (given->functionsThatWait + 1 >= given->functionThreads())
    raiseNoThread(*given);
  engine = given;
  ++engine->functionsThatWait;
}

HostThread::Wait::~Wait() {
  if (segment)
    blocked().erase(segment);
  if (engine)
    --engine->functionsThatWait;
}
