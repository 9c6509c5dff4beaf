#include "src/HostThread.h"
#include "src/Errors.h"
#include "src/Segment.h"
#include <unordered_map>

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

HostThread::Wait::Wait() : engine(current ? current->engine.lock() : nullptr) {
  if (engine)
    engine->lendHostThread(1);
}

HostThread::Wait::~Wait() {
  if (engine)
    engine->lendHostThread(-1);
}

namespace {

/// What waits for what: a segment for those before it, and for the results that its function waits for now.
class WaitsFor {
public:
  /// Whether a result can only be there after `mine` is over.
  bool reaches(const NodeRef &node, const std::shared_ptr<Segment> &mine) {
    add(node->segment.lock());
    for (size_t at = 0; at < found.size(); ++at)
      if (found[at] == mine)
        break;
      else
        expand(*found[at]);
    std::vector<const Segment *> never{mine.get()};
    for (size_t at = 0; at < never.size(); ++at)
      for (const Segment *other : neededBy[never[at]])
        if (isNever.insert(other).second)
          never.push_back(other);
    std::shared_ptr<Segment> first = node->segment.lock();
    return first && !node->isDone() && (first == mine || isNever.contains(first.get()));
  }

private:
  void add(std::shared_ptr<Segment> segment) {
    if (segment && !segment->isOver() && seen.insert(segment.get()).second)
      found.push_back(std::move(segment));
  }

  void expand(Segment &segment) {
    for (const std::weak_ptr<Segment> &need : segment.needs)
      edge(segment, need.lock());
    // Of several results it waits for the first, which this takes for one that may come.
    if (auto waits = blocked().find(&segment); waits != blocked().end() && waits->second.size() == 1)
      edge(segment, waits->second[0]->segment.lock());
  }

  void edge(Segment &from, const std::shared_ptr<Segment> &to) {
    if (!to || to->isOver())
      return;
    neededBy[to.get()].push_back(&from);
    add(to);
  }

  std::vector<std::shared_ptr<Segment>> found;
  std::unordered_set<const Segment *> seen, isNever;
  std::unordered_map<const Segment *, std::vector<const Segment *>> neededBy;
};

} // namespace

HostThread::WaitForAny::WaitForAny(const std::vector<NodeRef> &nodes) {
  std::shared_ptr<Segment> mine = current ? current->segment.lock() : nullptr;
  if (!mine)
    return;
  bool mayCome = nodes.empty();
  for (const NodeRef &node : nodes)
    mayCome = mayCome || !WaitsFor().reaches(node, mine);
  if (!mayCome)
    raise(
        PyExc_RuntimeError,
        "a function waits for a call that cannot begin, or end, before the function has ended: both have an "
        "effect "
        "on the same resource, or one needs the other's result. Give the inner call another effect, such as "
        "effect=\"pure\", or call its function directly");
  segment = mine.get();
  blocked()[segment] = nodes;
}

HostThread::WaitForAny::~WaitForAny() {
  if (segment)
    blocked().erase(segment);
}
