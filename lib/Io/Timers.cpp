#include "xcs/Io/Timers.h"
#include <algorithm>

using namespace xcs;

// An id is the slot and, in the upper half, the generation of the timer in it.
static uint32_t slotOf(uint64_t id) { return static_cast<uint32_t>(id); }
static uint32_t generationOf(uint64_t id) { return static_cast<uint32_t>(id >> 32); }

uint64_t Timers::add(int64_t when, Callback callback) {
  if (freeSlots.empty()) {
    freeSlots.push_back(static_cast<uint32_t>(slots.size()));
    slots.emplace_back();
  }
  uint32_t slot = freeSlots.back();
  freeSlots.pop_back();
  slots[slot].callback = std::move(callback);
  uint32_t generation = slots[slot].generation;
  heap.push_back({when, nextSequence++, slot, generation});
  std::push_heap(heap.begin(), heap.end());
  return static_cast<uint64_t>(generation) << 32 | slot;
}

void Timers::free(uint32_t slot) {
  slots[slot].callback = nullptr;
  if (++slots[slot].generation == 0) // wrapped: no id is 0
    slots[slot].generation = 1;
  freeSlots.push_back(slot);
}

void Timers::remove(uint64_t id) {
  if (!id || slots[slotOf(id)].generation != generationOf(id))
    return;
  free(slotOf(id));
  if (++removed > heap.size() / 2)
    dropRemoved();
}

void Timers::dropRemoved() {
  std::erase_if(heap, [this](const Entry &e) { return isDead(e); });
  std::make_heap(heap.begin(), heap.end());
  removed = 0;
}

int64_t Timers::nextDeadline() {
  while (!heap.empty() && isDead(heap.front())) {
    std::pop_heap(heap.begin(), heap.end());
    heap.pop_back();
    --removed;
  }
  return heap.empty() ? 0 : heap.front().when;
}

int64_t Timers::run(int64_t now) {
  for (int64_t when = nextDeadline(); when && when <= now; when = nextDeadline()) {
    uint32_t slot = heap.front().slot;
    std::pop_heap(heap.begin(), heap.end());
    heap.pop_back();
    Callback callback = std::move(slots[slot].callback);
    free(slot);
    callback();
  }
  return nextDeadline();
}
