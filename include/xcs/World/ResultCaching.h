#pragma once
#include "xcs/Store/ResultCache.h"
#include "xcs/Support/Mutex.h"
#include "xcs/World/LiveWorld.h"
#include "xcs/World/World.h"
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

namespace xcs {

/// Why operations of a run were asked for although there is a cache; for people. Thread safety: all members,
/// from any thread.
class CacheReasons {
public:
  struct Reason {
    std::vector<uint32_t> iterations; // of the execution
    std::string text;                 // `operand 0 is another than that of the nearest entry`
  };
  static constexpr size_t mostOfEach = 8;

  /// `ops`: the operations that are of interest; indices in PlanView::ops.
  explicit CacheReasons(std::set<uint32_t> ops) : ops(std::move(ops)) {}
  bool areOf(uint32_t op) const { return ops.contains(op); }
  void add(uint32_t op, Reason reason);
  /// The first few of each operation that was executed.
  std::map<uint32_t, std::vector<Reason>> all() const;
  const std::set<uint32_t> &interesting() const { return ops; }

private:
  const std::set<uint32_t> ops;
  mutable Mutex mutex;
  std::map<uint32_t, std::vector<Reason>> reasons XCS_GUARDED_BY(mutex);
};

/// A world in front of the one that `inner` makes, which takes answers from a cache and keeps them there
/// (Ops/Caching.h says which). Of equal requests in flight, in this process or another, one is asked; the
/// others take its answer, or ask by themselves once it has none. An answer from the cache needs the grants
/// that the request needs: what may not be asked goes to the inner world, which says why.
/// `reasons` may be null. `isResumed`: the run is resumed, so that it may have written already, which this
/// world has not seen: servers are asked anew after a write (docs/usage/cache.md).
MakeWorld cachedWorld(const PlanView &plan, WorldOptions options, MakeWorld inner,
                      std::shared_ptr<ResultCache> cache, std::shared_ptr<CacheReasons> reasons = nullptr,
                      bool isResumed = false);

} // namespace xcs
