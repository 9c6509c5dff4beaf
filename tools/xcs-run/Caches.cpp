#include "xcs-run/Caches.h"
#include "llvm/ADT/StringRef.h"
#include <algorithm>

using namespace xcs;
using namespace xcs::runner;

bool runner::readSize(std::string_view text, uint64_t &bytes) {
  static constexpr std::pair<llvm::StringLiteral, uint64_t> units[] = {
      {"KiB", 1u << 10}, {"MiB", 1u << 20}, {"GiB", 1u << 30},     {"TiB", uint64_t(1) << 40},
      {"KB", 1'000},     {"MB", 1'000'000}, {"GB", 1'000'000'000}, {"TB", 1'000'000'000'000},
      {"B", 1},          {"", 1},
  };
  llvm::StringRef rest(text.data(), text.size());
  uint64_t number = 0;
  if (rest.consumeInteger(10, number) || number == 0)
    return false;
  for (const auto &[unit, factor] : units)
    if (rest == unit)
      return !__builtin_mul_overflow(number, factor, &bytes) && bytes <= INT64_MAX;
  return false;
}

/// The operations that a name of `--why` means: of the result `%name`, or all of that kind.
static std::set<uint32_t> named(const PlanView &plan, std::string_view name) {
  const bool isResult = name.starts_with('%');
  std::set<uint32_t> found;
  for (uint32_t i = 0; i < plan.ops.size(); ++i) {
    const PlanOp &op = plan.ops[i];
    const OpRow &row = rowOf(op.code);
    const std::string_view result = op.name ? plan.constants.text(op.name) : std::string_view();
    const bool isNamed = isResult ? result == name.substr(1) : name == result || name == row.name;
    if (isNamed && row.form == OpForm::World && op.code != OpCode::log_print)
      found.insert(i);
  }
  return found;
}

bool RunCache::open(const PlanView &plan, const Options &options, DiagnosticEngine &diagnostics) {
  if (options.cache.empty())
    return true;
  std::set<uint32_t> asked;
  for (const std::string &name : options.why) {
    const std::set<uint32_t> found = named(plan, name);
    if (found.empty()) {
      diagnostics.reportFile(
          Diag::BadFlagValue, options.plan,
          {name, "--why",
           "the name of a result that comes from outside, such as `%answer`, or of such an "
           "operation, such as `model.chat`"});
      return false;
    }
    asked.insert(found.begin(), found.end());
  }
  auto opened = ResultCache::open(options.cache, {.bytes = options.cacheBytes});
  if (!opened) {
    diagnostics.reportFile(Diag::CannotWrite, options.cache, {options.cache, opened.error()});
    return false;
  }
  cache = std::move(*opened);
  if (!asked.empty())
    reasons = std::make_shared<CacheReasons>(std::move(asked));
  reportWarnings(options, diagnostics);
  return true;
}

MakeWorld RunCache::before(MakeWorld inner, const PlanView &plan, const WorldOptions &options,
                           bool isResumed) const {
  return cache ? cachedWorld(plan, options, std::move(inner), cache, reasons, isResumed) : std::move(inner);
}

void RunCache::reportWarnings(const Options &options, DiagnosticEngine &diagnostics) {
  for (const std::string &warning : cache->takeWarnings())
    diagnostics.reportFile(Diag::ResultCacheDamaged, options.cache, {options.cache, warning});
}

static std::string ofWhich(const PlanView &plan, const PlanOp &op, const std::vector<uint32_t> &iterations) {
  std::string text = op.name ? " of `%" + std::string(plan.constants.text(op.name)) + "`" : "";
  for (size_t i = 0; i < iterations.size(); ++i)
    text += (i ? "." : " in iteration ") + std::to_string(iterations[i]);
  return text;
}

static void reportWhy(const PlanView &plan, const Options &options, uint32_t index,
                      const CacheReasons::Reason &reason, DiagnosticEngine &diagnostics) {
  const PlanOp &op = plan.ops[index];
  LineColumn place{options.plan};
  if (op.location != UINT32_MAX) {
    const PlanLocation &location = plan.locations[op.location];
    place = {plan.constants.text(location.file), location.line, location.column};
  }
  diagnostics.reportAt(Diag::WhyAsked, place,
                       {rowOf(op.code).name, ofWhich(plan, op, reason.iterations), reason.text});
}

void RunCache::report(const PlanView &plan, const Options &options, DiagnosticEngine &diagnostics) {
  if (!cache)
    return;
  if (reasons) {
    auto all = reasons->all();
    for (uint32_t op : reasons->interesting()) {
      if (!all.contains(op))
        reportWhy(plan, options, op, {{}, "it was not executed"}, diagnostics);
      std::sort(all[op].begin(), all[op].end(),
                [](const auto &a, const auto &b) { return a.iterations < b.iterations; });
      for (const CacheReasons::Reason &reason : all[op])
        reportWhy(plan, options, op, reason, diagnostics);
    }
  }
  reportWarnings(options, diagnostics);
}
