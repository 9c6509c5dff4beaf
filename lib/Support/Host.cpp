#include "xcs/Support/Host.h"
#include "xcs/Support/Clock.h"
#include <chrono>
#include <cstdlib>
#include <unistd.h>

using namespace xcs;

std::optional<std::string> ProcessHost::environment(std::string_view name) const {
  if (name.find('\0') != name.npos)
    return std::nullopt;
  const char *value = std::getenv(std::string(name).c_str());
  return value ? std::optional<std::string>(value) : std::nullopt;
}

int64_t ProcessHost::timeOfDay() const {
  auto now = std::chrono::system_clock::now().time_since_epoch();
  return std::chrono::duration_cast<std::chrono::nanoseconds>(now).count();
}

uint64_t ProcessHost::entropy() {
  uint64_t bits = 0;
  if (getentropy(&bits, sizeof bits) != 0)
    bits = static_cast<uint64_t>(monotonicNanoseconds());
  return bits;
}

std::shared_ptr<Host> xcs::processHost() { return std::make_shared<ProcessHost>(); }

std::optional<std::string> FakeHost::environment(std::string_view name) const {
  auto found = variables.find(name);
  return found == variables.end() ? std::nullopt : std::optional(found->second);
}

uint64_t FakeHost::entropy() {
  std::lock_guard lock(mutex);
  return bits++ * 0x9E3779B97F4A7C15; // spread over all bits, as its users expect
}

void FakeHost::log(std::string_view added, const std::function<bool()> &) {
  std::lock_guard lock(mutex);
  lines += added;
}

std::string FakeHost::logged() const {
  std::lock_guard lock(mutex);
  return lines;
}
