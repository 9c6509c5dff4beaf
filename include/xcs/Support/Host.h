#pragma once
#include "xcs/Support/Mutex.h"
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace xcs {

/// What a run takes from the process it is in. The process belongs to whoever runs plans in it: the rooms
/// read its environment and write to its streams through this alone. Thread safety: all members.
class Host {
public:
  virtual ~Host() = default;
  /// The content of an environment variable; none where it is not set, and for a name no variable can have.
  virtual std::optional<std::string> environment(std::string_view name) const = 0;
  /// The time of day: nanoseconds since 1970 in UTC.
  virtual int64_t timeOfDay() const = 0;
  /// Bits that nobody can foresee.
  virtual uint64_t entropy() = 0;
  /// Takes lines for a person (`log.print`), whole and with their line ends, secrets taken out. May wait for
  /// a reader for as long as `wanted`.
  virtual void log(std::string_view lines, const std::function<bool()> &wanted) = 0;
};

/// The environment and clocks of this process. What is logged is dropped: the process's streams are not ours.
class ProcessHost : public Host {
public:
  std::optional<std::string> environment(std::string_view name) const override;
  int64_t timeOfDay() const override;
  uint64_t entropy() override;
  void log(std::string_view, const std::function<bool()> &) override {}
};

/// One for whoever has no other.
std::shared_ptr<Host> processHost();

/// A host of a test: what is not set here does not exist, and each run is the same.
class FakeHost final : public Host {
public:
  std::map<std::string, std::string, std::less<>> variables;
  int64_t time = 0;
  uint64_t bits = 1; // what `entropy` gives next

  std::optional<std::string> environment(std::string_view name) const override;
  int64_t timeOfDay() const override { return time; }
  uint64_t entropy() override;
  void log(std::string_view lines, const std::function<bool()> &wanted) override;
  /// All lines so far.
  std::string logged() const;

private:
  mutable Mutex mutex;
  std::string lines XCS_GUARDED_BY(mutex);
};

} // namespace xcs
