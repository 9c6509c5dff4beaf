#include "src/Segment.h"

using namespace xcs;
using namespace xcs::python;

void Board::done(const NodeRef &node) {
  if (node->isWatched.load()) {
    MutexLock lock(mutex);
    if (watched.erase(node.get())) {
      ready.push_back(node);
      if (ready.size() == 1)
        bell.ring();
    }
  }
  if (node->waiting.load()) {
    MutexLock lock(mutex);
    for (const Bell *waiter : waiters)
      waiter->ring();
  }
}

void Board::watch(const NodeRef &node) {
  // First, so that a thread that ends the node from here on looks for it.
  node->isWatched.store(true);
  MutexLock lock(mutex);
  if (!node->isDone()) {
    watched.insert(node.get());
    return;
  }
  ready.push_back(node);
  if (ready.size() == 1)
    bell.ring();
}

std::vector<NodeRef> Board::take() {
  MutexLock lock(mutex);
  if (!ready.empty())
    bell.clear();
  return std::move(ready);
}

bool Board::hasReady() {
  MutexLock lock(mutex);
  return !ready.empty() || watched.empty();
}

void Board::addWaiter(const Bell &waiter) {
  MutexLock lock(mutex);
  waiters.push_back(&waiter);
}

void Board::removeWaiter(const Bell &waiter) {
  MutexLock lock(mutex);
  std::erase(waiters, &waiter);
}

void Board::leave(std::vector<NodeRef> nodes, std::shared_ptr<HostJob> job) {
  MutexLock lock(mutex);
  leftNodes.insert(leftNodes.end(), std::make_move_iterator(nodes.begin()),
                   std::make_move_iterator(nodes.end()));
  if (job)
    leftJobs.push_back(std::move(job));
}

void Board::dropLeft() {
  std::vector<NodeRef> nodes;
  std::vector<std::shared_ptr<HostJob>> left;
  {
    MutexLock lock(mutex);
    nodes.swap(leftNodes);
    left.swap(leftJobs);
  }
}
