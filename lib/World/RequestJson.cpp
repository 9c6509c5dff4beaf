#include "World/RequestJson.h"
#include "xcs/Ops/JsonText.h"
#include "xcs/Ops/OpTable.h"
#include "xcs/Support/Digest.h"

using namespace xcs;

static TypeId slotType(const PlanView &plan, const WorldRequest &request, uint32_t slot) {
  return plan.slots[plan.regions[request.region].firstSlot + slot].type;
}

TypeId xcs::resultType(const PlanView &plan, const WorldRequest &request) {
  return slotType(plan, request, plan.ops[request.op].resultSlot);
}

Value xcs::operandsAsJson(const PlanView &plan, const Limits &limits, const WorldRequest &request) {
  std::vector<Value> out;
  const auto slots = plan.operandsOf(plan.ops[request.op]);
  for (size_t i = 0; i < request.operands.size(); ++i) {
    Value json;
    OpError error;
    if (!jsonFromValue(request.operands[i], plan.constants, slotType(plan, request, slots[i]), limits, json,
                       error))
      json = Value::none();
    out.push_back(std::move(json));
  }
  return Value::list(out);
}

std::string xcs::siteText(const WorldClient &client, const WorldRequest &request) {
  std::string out;
  for (const RequestPlace::Step &step : client.placeOf(request.ticket).steps)
    out += std::to_string(step.op) + "/";
  return out + std::to_string(request.op);
}

uint64_t xcs::planShape(const PlanView &plan) {
  uint64_t shape = plan.ops.size();
  for (const PlanOp &op : plan.ops) {
    shape = digestOf(rowOf(op.code).name, shape);
    for (uint64_t number : {uint64_t(op.order), uint64_t(op.regionCount), uint64_t(op.firstRegion),
                            uint64_t(op.resultSlot), uint64_t(op.resultCount)})
      shape = digestOf(shape, number);
    for (uint32_t slot : plan.operandsOf(op))
      shape = digestOf(shape, slot);
  }
  return shape;
}
