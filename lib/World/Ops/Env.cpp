#include "World/WorldOp.h"
#include "xcs/Support/Utf8.h"
#include <cstdlib>

using namespace xcs;

/// Nothing in this process changes its environment, so reading it needs no lock.
std::unique_ptr<WorldOp> worldops::env_get(WorldOp::Site site, ImmediateResult &immediate) {
  std::string name(site.operands[0].text());
  if (!site.context.options.grants.mayReadEnv(name))
    return immediate.fail(Diag::EnvNotGranted, {name});
  // A name with a NUL in it is no name of a variable.
  const char *value = name.find('\0') == name.npos ? std::getenv(name.c_str()) : nullptr;
  if (!value)
    return immediate.give(Value::optionNone());
  if (size_t bad = invalidUtf8At(value); bad != std::string_view::npos)
    return immediate.fail(Diag::InvalidUtf8, {std::to_string(bad), "the environment variable " + name});
  return immediate.give(Value::some(Value::str(value)));
}
