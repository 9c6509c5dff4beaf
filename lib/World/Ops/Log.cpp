#include "World/Secrets.h"
#include "World/WorldOp.h"
#include "xcs/World/Redaction.h"

using namespace xcs;

/// `[3.1] ` for the second iteration of an inner map in the fourth of an outer one.
static std::string iterationPrefix(const RequestPlace &place) {
  std::string path;
  for (const RequestPlace::Step &step : place.steps)
    if (step.index != UINT32_MAX)
      path += (path.empty() ? "" : ".") + std::to_string(step.index);
  return path.empty() ? "" : "[" + path + "] ";
}

/// Printed immediately: order edges keep the lines of one activation in order. If the output is not read, it
/// waits for as long as the operation is wanted.
std::unique_ptr<WorldOp> worldops::log_print(WorldOp::Site site, ImmediateResult &immediate) {
  std::string line = iterationPrefix(site.context.client.placeOf(site.ticket));
  for (size_t i = 0; i < site.operands.size(); ++i) {
    if (i)
      line += ' ';
    line += site.operands[i].text();
  }
  line += '\n';
  line = redactSecrets(std::move(line), site.context.secrets.used());
  site.context.options.host->log(
      line, [&client = site.context.client, ticket = site.ticket] { return client.wanted(ticket); });
  immediate.value = Value::none();
  return nullptr;
}
