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

/// What a run needs from the process that it is part of. The process belongs to the program that embeds XCS:
/// the libraries read its environment and write to its streams only through this interface. Thread safety:
/// all members.
class Host {
public:
  virtual ~Host() = default;
  /// The content of an environment variable; none if it is not set or the name is invalid.
  virtual std::optional<std::string> environment(std::string_view name) const = 0;
  /// The content of a secret: by default that of the environment variable of its name.
  virtual std::optional<std::string> secret(std::string_view name) const { return environment(name); }
  /// The time of day: nanoseconds since 1970 in UTC.
  virtual int64_t timeOfDay() const = 0;
  /// Bits that differ from call to call, thread to thread and process to process. Cheap. Who knows some can
  /// compute later ones: not for secrets.
  virtual uint64_t entropy() = 0;
  /// Writes lines for a person (`log.print`): complete, with their line ends, secrets redacted. May wait for
  /// a reader for as long as `wanted` returns true.
  virtual void log(std::string_view lines, const std::function<bool()> &wanted) = 0;
};

/// The environment and clocks of this process. Log lines are dropped, since the process's streams are not
/// ours.
class ProcessHost : public Host {
public:
  std::optional<std::string> environment(std::string_view name) const override;
  int64_t timeOfDay() const override;
  uint64_t entropy() override;
  void log(std::string_view, const std::function<bool()> &) override {}
};

/// A shared ProcessHost, the default.
std::shared_ptr<Host> processHost();

/// A host for tests: what is not set here does not exist, and every run is the same.
class FakeHost final : public Host {
public:
  std::map<std::string, std::string, std::less<>> variables;
  int64_t time = 0;
  uint64_t bits = 1; // the next result of `entropy`

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
