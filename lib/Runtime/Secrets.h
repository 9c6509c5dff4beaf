#pragma once
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace xcs {

/// Reads secrets from the environment, once each, and remembers which were used so that output can be
/// searched for them. Thread safety: all members.
class Secrets {
public:
  /// The content of environment variable `name`; none when it is not set or empty.
  std::optional<std::string> resolve(std::string_view name);
  /// Whether `text` contains a secret that was used. Secrets of fewer than 8 bytes are not searched for: they
  /// would be found by accident.
  bool echoedIn(std::string_view text) const;
  std::vector<std::string> used() const;

private:
  mutable std::mutex mutex;
  std::map<std::string, std::string, std::less<>> values;
};

} // namespace xcs
