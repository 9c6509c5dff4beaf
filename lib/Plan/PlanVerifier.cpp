#include "Plan/PlanVerifier.h"

#include "xcs/Ops/AttributeValues.h"
#include "xcs/Ops/SignatureMatch.h"
#include "xcs/Ops/Value.h"
#include "xcs/Support/Paths.h"
#include "xcs/Support/Utf8.h"

#include <algorithm>
#include <string_view>
#include <unordered_set>

using namespace xcs;
using namespace xcs::planformat;

bool VerifyState::breaks(std::string_view rule, std::span<const uint64_t> numbers) {
  const uint64_t *number = numbers.data();
  for (size_t at = 0; at < rule.size(); ++at) {
    if (rule.substr(at, 2) != "{}") {
      broken.text += rule[at];
      continue;
    }
    broken.text += std::to_string(*number++);
    ++at;
  }
  return false;
}

bool VerifyState::isWithin(Limit limit, uint64_t quantity, std::string_view rule,
                           std::initializer_list<uint64_t> numbers) {
  if (quantity <= limits[limit])
    return true;
  broken.limit = limit;
  std::vector<uint64_t> all(numbers);
  all.push_back(limits[limit]);
  return breaks(rule, all);
}

bool VerifyState::fitsRow(AttrId attr, const AttrRow &row) const {
  return fitsAttrType(plan.constants, attr, row.type) &&
         wrongValue(plan.constants, row.attribute, attr).empty();
}

static bool isLetter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }
static bool isWord(char c) { return isLetter(c) || (c >= '0' && c <= '9') || c == '$' || c == '.'; }

VerifyState::NameForm VerifyState::formOf(StringId id) {
  if (!isString(id))
    return NameForm::None;
  nameForms.resize(plan.constants.strings.size());
  NameForm &form = nameForms[id.index];
  if (form != NameForm::NotLooked)
    return form;
  std::string_view name = plan.constants.text(id);
  form = name.empty() || !std::all_of(name.begin(), name.end(), isWord) ? NameForm::None
         : isLetter(name[0])                                            ? NameForm::Name
                                                                        : NameForm::Value;
  return form;
}

BrokenRule planformat::verifyTables(const PlanView &plan, std::string_view text, const ResolvedRows &rows,
                                    const Limits &limits) {
  VerifyState state(plan, text, rows, limits);
  if (verifyConstants(state) && verifySymbols(state))
    (void)verifyRegions(state);
  return std::move(state.broken);
}

/// Checks the attributes of a resource: known names, types, required ones.
static bool checkResource(VerifyState &state, const PlanResource &resource, uint64_t index) {
  const ConstantView &c = state.plan.constants;
  if (resource.kind >= static_cast<ResourceKind>(resourceKindCount) || !state.isName(resource.symbol) ||
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

/// The names and types of a function's parameters and results. A parameter has a name, by which a run sets
/// it; a result has none.
static bool checkDefault(VerifyState &state, uint32_t index, uint64_t &bytes) {
  const PlanParameter &p = state.plan.parameters[index];
  const ConstantView &c = state.plan.constants;
  static constexpr std::string_view invalid = "parameter {} has an invalid default";
  if (!state.require(p.defaultValue.index < c.attrs.size(), invalid, {index}))
    return false;
  bytes += state.attrBytes[p.defaultValue.index]; // cannot overflow: it is checked each time
  return state.isWithin(Limit::ValueBytes, bytes, "the default values are larger than {} bytes together") &&
         state.require(!valueOfAttr(c, p.defaultValue, p.type).empty(), invalid, {index});
}

static bool checkParameters(VerifyState &state, const PlanFunction &function) {
  uint64_t defaultBytes = 0;
  std::unordered_set<std::string_view> names;
  const uint32_t end = function.firstResult + function.resultCount;
  for (uint32_t i = function.firstParameter; i < end; ++i) {
    const PlanParameter &p = state.plan.parameters[i];
    const bool isResult = i >= function.firstResult;
    if ((isResult ? static_cast<bool>(p.name) : !state.isValueName(p.name)) || !state.isValueType(p.type))
      return state.fail("parameter {} has an invalid name or type", {i});
    if (p.defaultValue && isResult)
      return state.fail("result {} has a default", {i});
    if (p.defaultValue && !checkDefault(state, i, defaultBytes))
      return false;
    if (!isResult && !names.insert(state.plan.constants.text(p.name)).second)
      return state.fail("parameter {} has the same name as another of its function", {i});
  }
  return true;
}

static bool checkFunctions(VerifyState &state) {
  uint64_t next = 0;
  std::unordered_set<std::string_view> entries;
  for (size_t f = 0; f < state.plan.functions.size(); ++f) {
    const PlanFunction &function = state.plan.functions[f];
    const uint64_t count = uint64_t(function.parameterCount) + function.resultCount;
    if (!state.isName(function.symbol) || function.isPrivate > 1 || function.isRecursive > 1)
      return state.fail("function {} has no name, or an invalid private or recursive flag", {f});
    if (function.firstParameter != next || function.firstResult != next + function.parameterCount ||
        count > state.plan.parameters.size() - next)
      return state.fail("the parameters of function {} are misplaced", {f});
    next += count;
    if (!checkParameters(state, function))
      return false;
    if (!function.isPrivate && !entries.insert(state.plan.constants.text(function.symbol)).second)
      return state.fail("function {} has the name of another public function", {f});
  }
  return state.require(next == state.plan.parameters.size(), "a parameter belongs to no function");
}

bool planformat::verifySymbols(VerifyState &state) {
  const PlanView &plan = state.plan;
  std::unordered_set<std::string_view> resources;
  for (size_t i = 0; i < plan.resources.size(); ++i) {
    if (!checkResource(state, plan.resources[i], i))
      return false;
    if (!resources.insert(plan.constants.text(plan.resources[i].symbol)).second)
      return state.fail("resource {} has the same name as another", {i});
  }
  if (!checkFunctions(state))
    return false;
  const std::string_view start = plan.startDirectory;
  if (!start.empty() && (!isAbsolutePath(start) || normalPath(start) != start ||
                         invalidUtf8At(start) != std::string_view::npos))
    return state.fail("the directory of the start is not an absolute path in its normal form", {});
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
