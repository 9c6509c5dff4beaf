#pragma once
#include "xcs/Ops/Value.h"
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace xcs {

struct PlanView;
struct WorldOptions;

/// The secrets that a run may use, read before it begins, and the forms for which output is searched. Thread
/// safety: immutable.
class Secrets {
public:
  Secrets() = default;
  /// Contents by name.
  explicit Secrets(std::map<std::string, std::string, std::less<>> values);

  /// None if the variable is not set, is empty, or was not granted.
  std::optional<std::string_view> valueOf(std::string_view name) const;
  /// Whether `text` contains a secret, in any of its forms and decodings (SecretSearch.h). Secrets of fewer
  /// than 8 bytes are not searched for: they would be found by accident.
  bool echoedIn(std::string_view text) const;
  /// The same for every text and all bytes within a value.
  bool echoedIn(const Value &value) const;
  /// Whether there is none to search for.
  bool empty() const { return forms.empty(); }
  /// All their forms: everything printed is searched for them.
  const std::vector<std::string> &used() const { return forms; }
  /// The names of secrets that are too short to be searched for.
  const std::vector<std::string> &shortOnes() const { return tooShort; }

private:
  std::map<std::string, std::string, std::less<>> values;
  std::vector<std::string> forms, tooShort;
};

/// The secrets of a plan that may go somewhere.
Secrets grantedSecrets(const PlanView &plan, const WorldOptions &options);

/// A secret as it may come back: itself; escaped as in JSON and URLs; in hexadecimal digits; in base64 at
/// each of the three alignments to groups of three bytes, without the digits that depend on its surroundings.
/// Empty for a short one (Secrets::echoedIn).
std::vector<std::string> formsOfSecret(std::string_view secret);

} // namespace xcs
