#include "World/WorldOp.h"
#include "xcs/Support/Utf8.h"

using namespace xcs;

std::unique_ptr<WorldOp> worldops::env_get(WorldOp::Site site, ImmediateResult &immediate) {
  std::string name(site.operands[0].text());
  if (site.context.options.grants.isDeniedEnv(name))
    return immediate.fail(Diag::AccessDenied, {"read the environment variable `" + name + "`", "env"});
  if (!site.context.options.grants.mayReadEnv(name))
    return immediate.fail(Diag::EnvNotGranted, {name});
  std::optional<std::string> value = site.context.options.host->environment(name);
  if (!value)
    return immediate.give(Value::optionNone());
  if (size_t bad = invalidUtf8At(*value); bad != std::string_view::npos)
    return immediate.fail(Diag::InvalidUtf8, {std::to_string(bad), "the environment variable " + name});
  return immediate.give(Value::some(Value::str(*value)));
}
