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

std::string xcs::logLine(std::span<const Value> operands, const RequestPlace &place) {
  std::string line = iterationPrefix(place);
  for (size_t i = 0; i < operands.size(); ++i)
    line.append(i ? " " : "").append(operands[i].text());
  return line += '\n';
}

/// Printed immediately: order edges keep the lines of one activation in order. If the output is not read, it
/// waits for as long as the operation is wanted.
std::unique_ptr<WorldOp> worldops::log_print(WorldOp::Site site, ImmediateResult &immediate) {
  const std::string line = redactSecrets(logLine(site.operands, site.context.client.placeOf(site.ticket)),
                                         site.context.secrets.used());
  site.context.options.host->log(
      line, [&client = site.context.client, ticket = site.ticket] { return client.wanted(ticket); });
  immediate.value = Value::none();
  return nullptr;
}
