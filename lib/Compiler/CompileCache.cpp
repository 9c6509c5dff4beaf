#include "xcs/Compiler/CompileCache.h"
#include "Compiler/ModuleKey.h"
#include "xcs/Support/Digest.h"
#include <algorithm>

using namespace xcs;

static uint64_t xxh3(std::string_view bytes) { return digestOf(bytes); }

CompileCache::CompileCache(Bounds bounds) : CompileCache(bounds, xxh3) {}
CompileCache::CompileCache(Bounds bounds, Digest digest) : bounds(bounds), digestOfKey(digest) {}

/// Whether the caller would notice that nothing was compiled.
static bool isWatched(const CompileOptions &options) {
  const PassManagerOptions &m = options.manager;
  return options.passOutput || options.beforePasses || options.afterPass || m.printAfterAll ||
         m.printBeforeAll || m.time || m.stats || !m.printBefore.empty() || !m.printAfter.empty();
}

/// A remark tells what was done, so it cannot come from a plan that is already there.
static bool showsRemarks(const DiagnosticEngine &diagnostics) {
  for (size_t i = 0; i < diagnosticCount(); ++i)
    if (const Diag id = static_cast<Diag>(i); rowOf(id).severity == Severity::Remark && diagnostics.shows(id))
      return true;
  return false;
}

static std::string keyOf(const Module &module, const CompileOptions &options) {
  std::string key;
  key.reserve(1024);
  appendOptionsKey(key, options);
  appendModuleKey(key, module);
  return key;
}

CompileCache::Index::iterator CompileCache::findIn(std::string_view key, uint64_t digest) {
  auto [at, end] = index.equal_range(digest);
  for (; at != end; ++at)
    if (at->second->key == key)
      return at;
  return index.end();
}

CompileCache::Plan CompileCache::look(const std::string &key, uint64_t digest) {
  MutexLock lock(mutex);
  const auto found = findIn(key, digest);
  if (found == index.end()) {
    ++counts.misses;
    return nullptr;
  }
  ++counts.hits;
  entries.splice(entries.begin(), entries, found->second);
  return found->second->plan;
}

void CompileCache::dropLast() {
  const Entry &last = entries.back();
  counts.bytes -= last.size();
  ++counts.dropped;
  index.erase(findIn(last.key, last.digest));
  entries.pop_back();
}

/// Another thread may have been first: then its plan is the one that both give.
CompileCache::Plan CompileCache::store(std::string key, uint64_t digest, std::string plan) {
  Plan made = std::make_shared<const std::string>(std::move(plan));
  Entry entry{std::move(key), digest, made};
  if (entry.size() > bounds.bytes / 8 || bounds.entries == 0)
    return made;
  MutexLock lock(mutex);
  if (const auto found = findIn(entry.key, digest); found != index.end())
    return found->second->plan;
  counts.bytes += entry.size();
  entries.push_front(std::move(entry));
  index.emplace(digest, entries.begin());
  while (counts.bytes > bounds.bytes || entries.size() > bounds.entries)
    dropLast();
  return made;
}

Result<CompileCache::Plan> CompileCache::compile(Module &module, const CompileOptions &options,
                                                 DiagnosticEngine &diagnostics) {
  if (isWatched(options) || showsRemarks(diagnostics)) {
    Result<std::string> plan = xcs::compile(module, options, diagnostics);
    return plan ? Result<Plan>(std::make_shared<const std::string>(std::move(*plan))) : Failure{};
  }
  std::string key = keyOf(module, options);
  const uint64_t digest = digestOfKey(key);
  if (Plan known = look(key, digest))
    return known;
  const size_t toldBefore = diagnostics.all().size();
  Result<std::string> plan = xcs::compile(module, options, diagnostics);
  if (!plan)
    return Failure{};
  if (diagnostics.all().size() != toldBefore)
    return Plan(std::make_shared<const std::string>(std::move(*plan)));
  return store(std::move(key), digest, std::move(*plan));
}

CompileCache::Plan CompileCache::find(const Module &module, const CompileOptions &options) {
  if (isWatched(options))
    return nullptr;
  const std::string key = keyOf(module, options);
  return look(key, digestOfKey(key));
}

void CompileCache::clear() {
  MutexLock lock(mutex);
  index.clear();
  entries.clear();
  counts.bytes = 0;
}

CompileCache::Stats CompileCache::stats() const {
  MutexLock lock(mutex);
  Stats now = counts;
  now.entries = entries.size();
  return now;
}
