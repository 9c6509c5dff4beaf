#include "Runtime/Repetition.h"
#include <cstdlib>
#include <new>

using namespace xcs;

static_assert(alignof(Frame) <= alignof(std::max_align_t) && sizeof(Frame) % alignof(Value) == 0);

size_t Frame::byteSize(const PreparedRegion &region) {
  return sizeof(Frame) + region.slotCount * (sizeof(Value) + sizeof(uint32_t)) +
         region.nodeCount * sizeof(uint32_t);
}

Frame *Frame::create(const PreparedRegion &region, bool counted) {
  char *memory = static_cast<char *>(::operator new(byteSize(region)));
  Frame *frame = new (memory) Frame;
  frame->region = &region;
  frame->sinksLeft.store(region.sinkCount, std::memory_order_relaxed);
  memory += sizeof(Frame);
  frame->slots = reinterpret_cast<Value *>(memory);
  memory += region.slotCount * sizeof(Value);
  frame->ready = reinterpret_cast<std::atomic<uint32_t> *>(memory);
  frame->uses = frame->ready + region.nodeCount;
  for (uint32_t s = 0; s < region.slotCount; ++s) {
    new (frame->slots + s) Value();
    new (frame->uses + s) std::atomic<uint32_t>(region.slots[s].uses);
  }
  for (uint32_t n = 0; counted && n < region.nodeCount; ++n)
    new (frame->ready + n) std::atomic<uint32_t>(region.readyCounts[n]);
  return frame;
}

void Frame::destroy(Frame *frame) {
  for (uint32_t s = 0; s < frame->region->slotCount; ++s)
    frame->slots[s].~Value();
  delete frame->failure.load(std::memory_order_relaxed);
  delete frame->dependents.load(std::memory_order_relaxed);
  frame->~Frame();
  ::operator delete(frame);
}

void Frame::renew() {
  for (uint32_t s = 0; s < region->slotCount; ++s) {
    if (slots[s].ownsMemory())
      slots[s] = Value();
    uses[s].store(region->slots[s].uses, std::memory_order_relaxed);
  }
  wantedAt.store(0, std::memory_order_relaxed);
}

/// Whether the owner of a frame still wants it.
static bool wantedOutside(const Frame *f) {
  if (f->run && f->index >= f->run->stopFrom.load(std::memory_order_acquire))
    return false;
  return !f->parent || f->parentOp->order < f->parent->stopFrom.load(std::memory_order_acquire) ||
         !f->parent->isStopped(f->parentOp->order);
}

bool Frame::wanted(uint32_t order) const {
  if (order >= stopFrom.load(std::memory_order_acquire) && isStopped(order))
    return false;
  // Read before anything is checked: what is cancelled meanwhile counts as not seen yet.
  uint64_t now = engine->stops.load(std::memory_order_acquire);
  const Frame *known = this;
  for (; known && known->wantedAt.load(std::memory_order_relaxed) != now; known = known->parent)
    if (!wantedOutside(known))
      return false;
  for (const Frame *f = this; f != known; f = f->parent)
    f->wantedAt.store(now, std::memory_order_relaxed);
  return true;
}

bool xcs::lower(std::atomic<uint32_t> &place, uint32_t value) {
  uint32_t seen = place.load(std::memory_order_relaxed);
  while (value < seen)
    if (place.compare_exchange_weak(seen, value, std::memory_order_acq_rel))
      return true;
  return false;
}

bool xcs::storeFirst(std::atomic<FailureRecord *> &place, FailureRecord *candidate) {
  // While the record is taken out, another thread may see none and store its own; the one that comes back
  // second compares again. Nothing is lost: each thread continues until its record is stored or beaten.
  for (;;) {
    FailureRecord *seen = place.exchange(nullptr, std::memory_order_acq_rel);
    FailureRecord *winner = !seen || candidate->order < seen->order ? candidate : seen;
    FailureRecord *loser = winner == candidate ? seen : candidate;
    FailureRecord *expected = nullptr;
    if (place.compare_exchange_strong(expected, winner, std::memory_order_acq_rel)) {
      delete loser;
      return winner == candidate;
    }
    // Another thread stored a record meanwhile: compete again with the better one of ours.
    delete loser;
    candidate = winner;
  }
}
