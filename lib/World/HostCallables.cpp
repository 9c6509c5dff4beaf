#include "xcs/World/HostCallables.h"

using namespace xcs;

std::optional<std::string_view> xcs::missingHostFunction(const PlanView &plan,
                                                         const HostCallables *callables) {
  if (!plan.mayCallHost)
    return std::nullopt;
  for (const PlanOp &op : plan.ops) {
    if (op.code != OpCode::host_call)
      continue;
    const std::string_view name =
        plan.constants.textAttr(plan.attrsOf(op)[attrRow<OpCode::host_call>("function")]);
    if (!callables || !callables->has(name))
      return name;
  }
  return std::nullopt;
}
