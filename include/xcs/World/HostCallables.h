#pragma once
#include "xcs/Ops/Value.h"
#include "xcs/Plan/Plan.h"
#include "xcs/Support/Result.h"
#include <atomic>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace xcs {

/// One call of a function of the host (`host.call`). What it refers to lives as long as the call, also when
/// the plan does not.
struct HostCall {
  std::string_view function; // the name that the plan gives
  std::span<const Value> operands;
  std::span<const TypeId> operandTypes; // in `constants`, which has types alone
  TypeId resultType;
  const ConstantView &constants;
  const std::atomic<bool> &unwanted;

  /// False once the result will be dropped: the operation was cancelled, or took longer than its timeout. A
  /// long call may look at it and end early.
  bool isWanted() const { return !unwanted.load(std::memory_order_relaxed); }
};

/// Why a function failed, in its own words; valid UTF-8.
struct HostFailure {
  std::string message;
};

/// The functions that the program which embeds XCS gives to its plans. Thread safety: all members, from any
/// thread; `call` is called on several threads at once.
class HostCallables {
public:
  virtual ~HostCallables() = default;

  /// Whether there is a function of that name. Asked once for each operation before a plan runs.
  virtual bool has(std::string_view function) const = 0;

  /// Calls the function, on a thread of its own that may block. The result must fit `resultType`
  /// (Ops/ValueFits.h): anything else is an error of the operation. A failure is the function's own verdict:
  /// a function that may have written something before it failed says so in its message. Throws nothing.
  virtual Result<Value, HostFailure> call(const HostCall &call) = 0;
};

/// The name of a function that a plan calls and `callables` does not have; null has none. Nothing if it has
/// all of them. Such a plan is refused before anything of it runs (Diag::HostMissing).
std::optional<std::string_view> missingHostFunction(const PlanView &plan, const HostCallables *callables);

} // namespace xcs
