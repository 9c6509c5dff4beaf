#pragma once
#include "xcs/Ops/Value.h"
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
  /// Whether `text` contains a secret that was used, in any of its forms, or with any of its characters as
  /// escapes of JSON. Secrets of fewer than 8 bytes are not searched for: they would be found by accident.
  bool echoedIn(std::string_view text) const;
  /// The same of every text and all bytes within a value.
  bool echoedIn(const Value &value) const;
  /// Whether there is none to search for.
  bool empty() const;
  /// The forms of all secrets that were used: what is printed is searched for them.
  std::vector<std::string> used() const;
  /// The names of those that were used and are too short to be searched for.
  std::vector<std::string> shortOnes() const;

private:
  struct Secret {
    std::string value;
    std::vector<std::string> forms;
  };
  mutable std::mutex mutex;
  std::map<std::string, Secret, std::less<>> secrets;
};

/// A secret as it may come back: itself; as JSON and URLs escape it; in hexadecimal digits; in base64,
/// whatever stands before it (three ways to lie on groups of three bytes), without the digits that depend on
/// what stands around it. None of a short one (Secrets::echoedIn).
std::vector<std::string> formsOfSecret(std::string_view secret);

} // namespace xcs
