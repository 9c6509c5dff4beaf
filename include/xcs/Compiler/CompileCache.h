#pragma once
#include "xcs/Compiler/Compiler.h"
#include "xcs/Support/Mutex.h"
#include <cstdint>
#include <list>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>

namespace xcs {

/// The plans of one process by the modules that they were made from: an equal module is compiled once. The
/// key is everything that a plan depends on: structure, types, attributes, names of functions, resources,
/// values and draws, the places in messages, and the options of the compiler. So a hit gives the very bytes
/// of a miss. An entry holds its whole key, which is compared: a digest only finds it.
///
/// A compilation that reports something, or that is observed, is repeated each time and not stored: an error,
/// a warning, an engine that shows remarks, options that print or call back. Plans are dropped when there are
/// too many, the least recently used first; one that is still referenced stays with its holder.
///
/// Thread safety: all members, from any thread. Two threads that miss the same module both compile it.
class CompileCache {
public:
  /// What all plans and keys together may take. A plan that is larger than an eighth of it is not kept.
  struct Bounds {
    uint64_t bytes = 64u << 20;
    size_t entries = 4096;
  };
  struct Stats {
    uint64_t hits = 0, misses = 0, dropped = 0; // since the cache was made
    uint64_t bytes = 0;
    size_t entries = 0;
  };
  /// The bytes of a plan. Of two equal pointers the plans are equal, so that what was made from one, such as
  /// a loaded program, can be kept beside it.
  using Plan = std::shared_ptr<const std::string>;
  using Digest = uint64_t (*)(std::string_view bytes);

  CompileCache() : CompileCache(Bounds()) {}
  explicit CompileCache(Bounds bounds);
  /// With another digest, for tests.
  CompileCache(Bounds bounds, Digest digest);

  /// The plan of a module, as `compile` makes it. After a hit the module is as it was; after a miss it holds
  /// the optimised program.
  Result<Plan> compile(Module &module, const CompileOptions &options, DiagnosticEngine &diagnostics);
  /// The plan of an equal module, if it is there.
  Plan find(const Module &module, const CompileOptions &options);

  void clear();
  Stats stats() const;

private:
  struct Entry {
    std::string key;
    uint64_t digest;
    Plan plan;
    uint64_t size() const { return key.size() + plan->size(); }
  };
  using Entries = std::list<Entry>; // the most recently used first
  using Index = std::unordered_multimap<uint64_t, Entries::iterator>;

  Plan look(const std::string &key, uint64_t digest);
  Plan store(std::string key, uint64_t digest, std::string plan);
  Index::iterator findIn(std::string_view key, uint64_t digest) XCS_REQUIRES(mutex);
  void dropLast() XCS_REQUIRES(mutex);

  const Bounds bounds;
  const Digest digestOfKey;
  mutable Mutex mutex;
  Entries entries XCS_GUARDED_BY(mutex);
  Index index XCS_GUARDED_BY(mutex);
  Stats counts XCS_GUARDED_BY(mutex);
};

} // namespace xcs
