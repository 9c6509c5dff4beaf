#include "Runtime/EventLoop.h"
#include <algorithm>

using namespace xcs;

uint64_t Timers::add(int64_t when, Callback callback) {
  uint64_t id = nextId++;
  callbacks.emplace(id, std::move(callback));
  heap.push_back({when, id});
  std::push_heap(heap.begin(), heap.end());
  return id;
}

void Timers::remove(uint64_t id) { callbacks.erase(id); }

int64_t Timers::nextDeadline() {
  while (!heap.empty() && !callbacks.contains(heap.front().id)) {
    std::pop_heap(heap.begin(), heap.end());
    heap.pop_back();
  }
  return heap.empty() ? 0 : heap.front().when;
}

int64_t Timers::run(int64_t now) {
  for (int64_t when = nextDeadline(); when && when <= now; when = nextDeadline()) {
    auto found = callbacks.find(heap.front().id);
    Callback callback = std::move(found->second);
    callbacks.erase(found);
    callback();
  }
  return nextDeadline();
}
