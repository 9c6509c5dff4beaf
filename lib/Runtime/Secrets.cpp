#include "Runtime/Secrets.h"
#include "xcs/Runtime/Executor.h"
#include <cstdlib>

using namespace xcs;

static constexpr size_t shortestSearched = 8;

std::optional<std::string> Secrets::resolve(std::string_view name) {
  std::lock_guard lock(mutex);
  auto known = values.find(name);
  if (known == values.end()) {
    const char *value = std::getenv(std::string(name).c_str());
    if (!value || !*value)
      return std::nullopt;
    known = values.emplace(name, value).first;
  }
  return known->second;
}

bool Secrets::echoedIn(std::string_view text) const {
  std::lock_guard lock(mutex);
  for (const auto &[name, value] : values)
    if (value.size() >= shortestSearched && text.find(value) != std::string_view::npos)
      return true;
  return false;
}

std::vector<std::string> Secrets::used() const {
  std::lock_guard lock(mutex);
  std::vector<std::string> out;
  for (const auto &[name, value] : values)
    out.push_back(value);
  return out;
}

std::string xcs::redactSecrets(std::string text, const std::vector<std::string> &secrets) {
  static constexpr std::string_view replacement = "[redacted]";
  for (const std::string &secret : secrets)
    for (size_t at = text.find(secret); at != std::string::npos;
         at = text.find(secret, at + replacement.size()))
      text.replace(at, secret.size(), replacement);
  return text;
}
