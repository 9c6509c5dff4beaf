#include "PlanVerifier.h"

#include "xcs/Ops/AttributeValues.h"
#include "xcs/Ops/SignatureMatch.h"

using namespace xcs;
using namespace xcs::planformat;

bool VerifyState::fail(std::string_view rule, std::initializer_list<uint64_t> numbers) {
  const uint64_t *number = numbers.begin();
  for (size_t at = 0; at < rule.size(); ++at) {
    if (rule.substr(at, 2) != "{}") {
      broken += rule[at];
      continue;
    }
    broken += std::to_string(*number++);
    ++at;
  }
  return false;
}

bool VerifyState::fitsRow(AttrId attr, const AttrRow &row) const {
  return fitsAttrType(plan.constants, attr, row.type) &&
         wrongValue(plan.constants, row.attribute, attr).empty();
}

std::string planformat::verifyTables(const PlanView &plan, std::string_view text, const ResolvedRows &rows,
                                     const Limits &limits) {
  VerifyState state{plan, text, rows, limits, {}, {}, {}};
  if (verifyConstants(state) && verifySymbols(state))
    (void)verifyRegions(state);
  return std::move(state.broken);
}

/// The attributes of a resource: known names, types, what is required.
static bool checkResource(VerifyState &state, const PlanResource &resource, uint64_t index) {
  const ConstantView &c = state.plan.constants;
  if (resource.kind >= static_cast<ResourceKind>(resourceKindCount) || !state.isString(resource.symbol) ||
      (resource.dict && resource.dict.index >= c.dicts.size()) || resource.reserved[0] ||
      resource.reserved[1] || resource.reserved[2])
    return state.fail("resource {} has an unknown kind, no name or no attributes", {index});
  if (!state.rows.uses(resource.kind))
    return state.fail("resource {} is of a kind that no row of the plan names", {index});
  std::span<const AttrRow> rows = rowOf(resource.kind).attributes.all();
  uint32_t given = 0;
  for (const DictEntry &entry : c.entries(resource.dict)) {
    size_t row = 0;
    while (row < rows.size() && rows[row].name != c.text(entry.key))
      ++row;
    if (row == rows.size() || !state.fitsRow(entry.value, rows[row]))
      return state.fail("resource {} has an attribute that does not match its kind", {index});
    given |= 1u << row;
  }
  for (size_t row = 0; row < rows.size(); ++row)
    if (rows[row].required && !(given & (1u << row)))
      return state.fail("resource {} lacks an attribute", {index});
  return true;
}

static bool checkFunctions(VerifyState &state) {
  uint64_t next = 0;
  for (size_t f = 0; f < state.plan.functions.size(); ++f) {
    const PlanFunction &function = state.plan.functions[f];
    const uint64_t count = uint64_t(function.parameterCount) + function.resultCount;
    if (!state.isString(function.symbol) || function.isPrivate > 1 || function.isRecursive > 1)
      return state.fail("function {} has no name, or an invalid private or recursive flag", {f});
    if (function.firstParameter != next || function.firstResult != next + function.parameterCount ||
        count > state.plan.parameters.size() - next)
      return state.fail("the parameters of function {} are misplaced", {f});
    next += count;
  }
  return state.require(next == state.plan.parameters.size(), "a parameter belongs to no function");
}

bool planformat::verifySymbols(VerifyState &state) {
  const PlanView &plan = state.plan;
  for (size_t i = 0; i < plan.resources.size(); ++i)
    if (!checkResource(state, plan.resources[i], i))
      return false;
  if (!checkFunctions(state))
    return false;
  for (size_t i = 0; i < plan.parameters.size(); ++i)
    if (!state.isStringOrNone(plan.parameters[i].name) || !state.isValueType(plan.parameters[i].type))
      return state.fail("parameter {} has an invalid name or type", {i});
  for (size_t i = 0; i < plan.locations.size(); ++i)
    if (!state.isString(plan.locations[i].file))
      return state.fail("location {} names no file", {i});
  for (size_t i = 0; i < plan.callSites.size(); ++i) {
    const PlanCallSite &site = plan.callSites[i];
    if (site.location >= plan.locations.size() || site.caller >= site.location ||
        (i && plan.callSites[i - 1].location >= site.location))
      return state.fail("call site {} is misplaced, or does not follow its caller", {i});
  }
  for (size_t i = 0; i < plan.attrRows.size(); ++i)
    if (plan.attrRows[i] && plan.attrRows[i].index >= plan.constants.attrs.size())
      return state.fail("attribute row {} names no attribute", {i});
  return true;
}
