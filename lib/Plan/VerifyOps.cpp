#include "Plan/PlanVerifier.h"

#include "xcs/Ops/AttributeValues.h"
#include "xcs/Ops/OpEffects.h"
#include "xcs/Ops/RegionForm.h"
#include "xcs/Ops/SignatureMatch.h"
#include "xcs/Ops/Slots.h"

using namespace xcs;
using namespace xcs::planformat;

/// Whether a parameter is one scalar of a known kind, or of any type.
static bool isSimple(const SignatureText &signature, const SignatureParam &param, uint8_t any,
                     uint8_t &kind) {
  std::span<const SignatureNode> nodes = nodesOf(signature, param);
  const bool scalar = nodes[0].form == SignatureNode::Form::Exact && nodes[0].kind < TypeKind::List;
  kind = scalar ? static_cast<uint8_t>(nodes[0].kind) : any;
  return nodes.size() == 1 && (scalar || nodes[0].form == SignatureNode::Form::Any);
}

void OpVerifier::fillTypes(CodeInfo &info, OpCode code) {
  const SignatureText &signature = rowOf(code).signature;
  const ParamCount operands = countOf(signature.operands());
  info.operandCount = signature.operandCount;
  info.resultCount = signature.resultCount;
  info.least = operands.least;
  info.most = operands.most;
  info.simple = signature.operandCount <= std::size(info.kinds) && signature.resultCount <= 1 &&
                !hasTypeRule(code) && code != OpCode::core_call && !regionForm(code);
  for (size_t p = 0; info.simple && p < signature.operandCount; ++p)
    info.simple = isSimple(signature, signature.params[p], anyKind, info.kinds[p]);
  if (info.simple && signature.resultCount == 1) {
    const SignatureParam &result = signature.results()[0];
    info.simple = result.count == SignatureParam::Count::One &&
                  isSimple(signature, result, anyKind, info.resultKind) && info.resultKind != anyKind;
  }
}

/// Whether an effect occurs only in rows, because it depends on more than the row.
static bool isUnresolved(Effect effect) {
  return effect == Effect::Bodies || effect == Effect::HttpMethod || effect == Effect::Exec ||
         effect == Effect::Host;
}

OpVerifier::OpVerifier(VerifyState &state)
    : state(state), prepared(state.limits), infos(opCodeCount), rowsCheckedFor(state.plan.attrRows.size()),
      dictCheckedFor(state.plan.constants.dicts.size()), rowsComparedWith(state.plan.attrRows.size()) {
  for (size_t i = 0; i < opCodeCount; ++i) {
    const OpCode code = static_cast<OpCode>(i);
    const OpRow &row = rowOf(code);
    CodeInfo &info = infos[i];
    info.pure = row.form == OpForm::Pure;
    info.effect = row.effect;
    info.listed = state.rows.uses(code);
    info.plain = info.listed && row.attributes.count == 0 && symbolUse(code) == SymbolUse::None &&
                 regionCount(code).most == 0 && !isTerminator(code) && !isUnresolved(row.effect);
    fillTypes(info, code);
  }
  for (uint32_t r = 0; r < state.plan.resources.size(); ++r)
    if (state.plan.resources[r].kind == ResourceKind::Limit)
      limits.try_emplace(state.plan.constants.text(state.plan.resources[r].symbol), r);
}

static bool isCompound(const PlanView &plan, AttrId attr) {
  const AttrKind kind = plan.constants.attr(attr).kind;
  return kind == AttrKind::List || kind == AttrKind::Dict;
}

bool OpVerifier::fitsConstant(AttrId value, TypeId type) {
  const bool compound = isCompound(state.plan, value);
  if (compound && constantsPassed.contains(value.index, type.index))
    return true;
  if (!violatedTypeRule(state.plan.constants, OpCode::core_const, {}, {&type, 1}, {&value, 1}, prepared)
           .empty())
    return false;
  if (compound)
    constantsPassed.add(value.index, type.index);
  return true;
}

/// A constant that is an operation because of its `after`. Like those in slots, their total size is bounded.
bool OpVerifier::checkConstant(const PlanOp &op, uint64_t index, TypeId type) {
  const AttrId value = state.plan.attrsOf(op)[attrRow<OpCode::core_const>("value")];
  const uint64_t most = state.limits[Limit::ValueBytes];
  if (isCompound(state.plan, value) && !constantsPassed.contains(value.index, type.index))
    constantBytes += std::min(state.attrBytes[value.index], most); // cannot overflow: it is checked each time
  return state.isWithin(Limit::ValueBytes, constantBytes,
                        "the constants are larger than {} bytes together") &&
         (fitsConstant(value, type) || breaks(op, index, "has a value that does not match its type"));
}

/// Texts, lists and dictionaries are checked once for each row.
bool OpVerifier::fitsRow(AttrId attr, const AttrRow &row) {
  const bool isText = state.plan.constants.attr(attr).kind == AttrKind::Str;
  if (row.type == AttrType::Any || (!isText && !isCompound(state.plan, attr)))
    return state.fitsRow(attr, row);
  if (fits.contains({attr.index, &row}))
    return true;
  if (!state.fitsRow(attr, row))
    return false;
  fits.emplace(attr.index, &row);
  return true;
}

bool OpVerifier::breaks(const PlanOp &op, uint64_t index, std::string_view rule) {
  state.broken.text = "operation " + std::to_string(index) + " (`" + std::string(rowOf(op.code).name) + "`) ";
  state.broken.text += rule;
  return false;
}

bool OpVerifier::wrongTypes(const PlanOp &op, uint64_t index) {
  return breaks(op, index, "does not match its signature");
}

/// The effect determines what a run may repeat, cancel and reorder, so it is computed again here. The effects
/// of bodies are known once all of them have been visited (EffectVerifier.h).
bool OpVerifier::checkEffect(const PlanOp &op, uint64_t index) {
  bool fits = rowOf(op.code).effect == Effect::Bodies
                  ? op.effect <= Effect::Wait && !isUnresolved(op.effect)
                  : op.effect == effectOf(state.plan.constants, op.code, op.dict);
  return state.require(fits, "operation {} has a different effect from what its row and attributes say",
                       {index});
}

bool OpVerifier::checkTarget(const PlanOp &op, uint64_t index) {
  const PlanView &plan = state.plan;
  bool fits = false;
  switch (symbolUse(op.code)) {
  case SymbolUse::None:
    fits = op.target == UINT32_MAX;
    break;
  case SymbolUse::Model:
    fits = op.target < plan.resources.size() && plan.resources[op.target].kind == ResourceKind::Model;
    break;
  case SymbolUse::Http: // without a resource, the url is an operand
    fits = op.target == UINT32_MAX ||
           (op.target < plan.resources.size() && plan.resources[op.target].kind == ResourceKind::Http);
    break;
  case SymbolUse::Function:
    fits = op.target < plan.functions.size();
    break;
  case SymbolUse::Limit: // named by an attribute, not by an operation
    break;
  }
  return state.require(fits, "operation {} does not name what it uses", {index});
}

/// Its own attributes, by row: kernels read them without checking their kind.
bool OpVerifier::checkRows(const PlanOp &op, uint64_t index) {
  std::span<const AttrRow> rows = rowOf(op.code).attributes.all();
  if (rows.empty())
    return state.require(op.attributes == 0, "operation {} has attribute rows it does not know", {index});
  std::span<const AttrId> given = state.plan.attrRows;
  if (op.attributes > given.size() || rows.size() > given.size() - op.attributes)
    return state.fail("the attribute rows of operation {} do not exist", {index});
  uint16_t &checked = rowsCheckedFor[op.attributes];
  const uint16_t mark = static_cast<uint16_t>(static_cast<uint16_t>(op.code) + 1);
  if (checked == mark || (checked && rowsPassed.contains(op.attributes, mark)))
    return true;
  for (size_t i = 0; i < rows.size(); ++i) {
    const AttrId attr = given[op.attributes + i];
    if (attr ? !fitsRow(attr, rows[i]) : rows[i].required)
      return state.fail("attribute {} of operation {} is missing or does not match its row", {i, index});
  }
  if (checked)
    rowsPassed.add(op.attributes, mark);
  else
    checked = mark;
  return true;
}

const AttrRow *OpVerifier::findKey(OpCode code, StringId key) {
  CachedKey &cached = keyCache[(static_cast<size_t>(code) * 7 + key.index) % cacheSize];
  if (cached.key != key || cached.code != code)
    cached = {code, key, findAttr(code, state.plan.constants.text(key))};
  return cached.row;
}

/// The limits exist and have so many slots: what takes more would wait for ever.
bool OpVerifier::checkSlots(AttrId limit, uint64_t index) {
  if (slotsPassed.contains(limit.index))
    return true;
  const PlanView &plan = state.plan;
  std::string wrong;
  forEachSlots(plan.constants, limit, [&](const Slots &slots) {
    if (!wrong.empty())
      return;
    if (const auto found = limits.find(slots.limit); found == limits.end())
      wrong = "names a limit that does not exist";
    else
      wrong = wrongSlotCount(plan.constants, slots, plan.resources[found->second].dict);
  });
  if (wrong.empty())
    slotsPassed.insert(limit.index);
  return state.require(wrong.empty(), "operation {} " + wrong, {index});
}

/// All its attributes by name, by which the common ones are read.
bool OpVerifier::checkDict(const PlanOp &op, uint64_t index) {
  if (!op.dict)
    return true;
  if (op.dict.index >= dictCheckedFor.size())
    return state.fail("the attributes of operation {} do not exist", {index});
  uint16_t &checked = dictCheckedFor[op.dict.index];
  const uint16_t mark = static_cast<uint16_t>(static_cast<uint16_t>(op.code) + 1);
  if (checked == mark || (checked && dictsPassed.contains(op.dict.index, mark)))
    return true;
  for (const DictEntry &entry : state.plan.constants.entries(op.dict)) {
    const AttrRow *row = findKey(op.code, entry.key);
    if (!row || !fitsRow(entry.value, *row))
      return state.fail("operation {} has an attribute that is unknown or does not match its row", {index});
    if (row->type == AttrType::Slots && !checkSlots(entry.value, index))
      return false;
  }
  if (checked)
    dictsPassed.add(op.dict.index, mark);
  else
    checked = mark;
  return true;
}

/// Kernels read an attribute by its row, but the effect is computed from its name: both must agree.
bool OpVerifier::checkRowsAgainstDict(const PlanOp &op, uint64_t index) {
  std::span<const AttrRow> rows = rowOf(op.code).attributes.all();
  if (rows.empty())
    return true;
  Compared &first = rowsComparedWith[op.attributes];
  const Compared own{true, op.code, op.dict};
  if (first == own || (first.known && rowsCompared.contains({op.attributes, own})))
    return true;
  std::span<const AttrId> given = state.plan.attrsOf(op);
  size_t named = 0, present = 0;
  for (const DictEntry &entry : state.plan.constants.entries(op.dict)) {
    const AttrRow *row = findKey(op.code, entry.key);
    if (row < rows.data() || row >= rows.data() + rows.size())
      continue;
    ++named;
    if (given[static_cast<size_t>(row - rows.data())] != entry.value)
      return state.fail("the attribute rows of operation {} are not its attributes", {index});
  }
  for (AttrId attr : given)
    present += static_cast<bool>(attr);
  if (present != named)
    return state.fail("the attribute rows of operation {} are not its attributes", {index});
  if (first.known)
    rowsCompared.emplace(op.attributes, own);
  else
    first = own;
  return true;
}

bool OpVerifier::checkFormInFull(const PlanOp &op, uint64_t index) {
  if (!infos[static_cast<size_t>(op.code)].listed)
    return state.fail("operation {} has a code that no row of the plan names", {index});
  if (isTerminator(op.code))
    return state.fail("operation {} is a terminator", {index});
  const RegionCount regions = regionCount(op.code);
  if (op.regionCount < regions.least || op.regionCount > regions.most ||
      (op.regionCount == 0) != (op.firstRegion == UINT32_MAX))
    return state.fail("operation {} has the wrong number of regions", {index});
  return checkTarget(op, index) && checkRows(op, index) && checkDict(op, index) &&
         checkRowsAgainstDict(op, index) && checkEffect(op, index);
}

bool OpVerifier::checkCall(const PlanOp &op, uint64_t index, std::span<const TypeId> operands,
                           std::span<const TypeId> results) {
  const PlanFunction &callee = state.plan.functions[op.target];
  auto fits = [&](std::span<const TypeId> types, uint32_t first, uint32_t count) {
    bool same = types.size() == count;
    for (size_t i = 0; same && i < count; ++i)
      same = types[i] == state.plan.parameters[first + i].type;
    return same;
  };
  return state.require(fits(operands, callee.firstParameter, callee.parameterCount) &&
                           fits(results, callee.firstResult, callee.resultCount),
                       "operation {} does not match the function it calls", {index});
}

/// The rules for an operation with regions beyond its signature and what they take and yield.
bool OpVerifier::checkOwner(const PlanOp &op, uint64_t index, std::span<const TypeId> operands,
                            std::span<const TypeId> results) {
  const RegionFault fault =
      findFault({state.plan.constants, op.code, op.dict, operands, results, op.regionCount});
  switch (fault.kind) {
  case RegionFault::Kind::None:
    return true;
  case RegionFault::Kind::Regions:
    return breaks(op, index, "must have " + fault.expected);
  case RegionFault::Kind::Results:
    return breaks(op, index, "must return " + fault.expected);
  case RegionFault::Kind::Result:
    return breaks(op, index, "returns a wrong type in result " + std::to_string(fault.index));
  case RegionFault::Kind::Operand:
    return breaks(op, index, fault.expected);
  case RegionFault::Kind::Attribute:
    return breaks(op, index,
                  "has the attribute `" + std::string(fault.attribute) + "`, which " + fault.expected);
  }
  return false;
}

/// The type that `json.schema` describes.
static size_t namedType(const PlanView &plan, const PlanOp &op) {
  return plan.constants.attr(plan.attrsOf(op)[attrRow<OpCode::json_schema>("type")]).payload;
}

bool OpVerifier::checkTypesInFull(const PlanOp &op, uint64_t index, std::span<const TypeId> operands,
                                  std::span<const TypeId> results) {
  const PlanView &plan = state.plan;
  if (!fitsSignature(plan.constants, rowOf(op.code).signature, operands, results))
    return wrongTypes(op, index);
  if (op.code == OpCode::core_call)
    return checkCall(op, index, operands, results);
  if (regionForm(op.code))
    return checkOwner(op, index, operands, results);
  if (op.code == OpCode::core_const)
    return checkConstant(op, index, results[0]);
  if (op.code == OpCode::json_schema && !state.holdsSecret[namedType(plan, op)]) // known without a traversal
    return true;
  std::string_view rule =
      violatedTypeRule(plan.constants, op.code, operands, results, plan.attrsOf(op), prepared);
  return rule.empty() || breaks(op, index, rule);
}
