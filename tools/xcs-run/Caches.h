#pragma once
#include "xcs-run/Options.h"
#include "xcs/World/ResultCaching.h"

namespace xcs::runner {

/// A size in bytes, such as `500MiB` (powers of 1024) or `2GB` (of 1000). False if it is none, or 0.
bool readSize(std::string_view text, uint64_t &bytes);

/// The result cache of a run; without `--cache` there is none.
class RunCache {
public:
  /// False if it cannot be used, or `--why` names nothing, which is reported.
  bool open(const PlanView &plan, const Options &options, DiagnosticEngine &diagnostics);
  /// Puts the cache, if there is one, in front of a world. `isResumed`: of a run that is resumed.
  MakeWorld before(MakeWorld inner, const PlanView &plan, const WorldOptions &options, bool isResumed) const;
  /// After the run: what `--why` asks for, and what is wrong with the cache.
  void report(const PlanView &plan, const Options &options, DiagnosticEngine &diagnostics);

private:
  void reportWarnings(const Options &options, DiagnosticEngine &diagnostics);

  std::shared_ptr<ResultCache> cache;
  std::shared_ptr<CacheReasons> reasons;
};

} // namespace xcs::runner
