#pragma once
#include <array>
#include <atomic>
#include <cstdint>
#include <optional>
#include <string_view>

namespace xcs {

/// Bounds on untrusted input, one row each in Limits.def; each can be raised by `--limit NAME=N`.
enum class Limit : uint8_t {
#define XCS_LIMIT(id, name, value, unit, what) id,
#include "xcs/Support/Limits.def"
};

struct LimitRow {
  std::string_view name, unit, what;
  uint64_t value;
};

inline constexpr LimitRow limitRows[] = {
#define XCS_LIMIT(id, name, value, unit, what) {name, unit, what, value},
#include "xcs/Support/Limits.def"
};
inline constexpr size_t limitCount = sizeof(limitRows) / sizeof(limitRows[0]);

/// The limits in force for one compilation or run, and whether it has been stopped.
class Limits {
public:
  constexpr Limits() {
    for (size_t i = 0; i < limitCount; ++i)
      values[i] = limitRows[i].value;
  }
  constexpr uint64_t operator[](Limit l) const { return values[static_cast<size_t>(l)]; }
  constexpr void set(Limit l, uint64_t value) { values[static_cast<size_t>(l)] = value; }
  static constexpr std::optional<Limit> byName(std::string_view name) {
    for (size_t i = 0; i < limitCount; ++i)
      if (limitRows[i].name == name)
        return static_cast<Limit>(i);
    return std::nullopt;
  }

  /// Sets the flag that tells whether the run was stopped. It must outlive all copies of these limits.
  constexpr void stopWhen(const std::atomic<bool> *flag) { stop = flag; }
  /// Whether the run was stopped. Code that may run for more than a few milliseconds checks it now and then,
  /// and fails.
  bool isStopped() const { return stop && stop->load(std::memory_order_relaxed); }

private:
  std::array<uint64_t, limitCount> values{};
  const std::atomic<bool> *stop = nullptr; // null: it is never stopped
};

} // namespace xcs
