#include "xcs/Frontend/ExecutionTracer.h"
#include "Frontend/TraceState.h"
#include "xcs/Ops/Fold.h"
#include "xcs/Ops/ValueFits.h"
#include "xcs/Support/Utf8.h"
#include "llvm/ADT/StringExtras.h"
#include <algorithm>

using namespace xcs;
using Source = OpenSegment::Source;

ExecutionTracer::ExecutionTracer(TraceForm form, std::string_view symbol, Limits limits)
    : state(std::make_unique<State>(form, symbol, limits)) {}
ExecutionTracer::~ExecutionTracer() = default;

OpenSegment &ExecutionTracer::State::segment() {
  if (!open)
    open = std::make_unique<OpenSegment>(lasting.pool);
  return *open;
}

ConstantPool &ExecutionTracer::pool() { return state->segment().module->pool; }
size_t ExecutionTracer::size() const { return state->open ? state->open->ops.size() : 0; }
size_t ExecutionTracer::worldSize() const { return state->open ? state->open->worldSize : 0; }

/// A name that the grammar can read.
static bool isWord(std::string_view name) {
  return !name.empty() && !llvm::isDigit(name[0]) &&
         std::ranges::all_of(name, [](char c) { return llvm::isAlnum(c) || c == '_'; });
}

Result<void, TraceError> ExecutionTracer::declare(ResourceKind kind, std::string_view symbol,
                                                  std::span<const Builder::Attr> attributes) {
  if (!isWord(symbol))
    return traceError(Diag::NotRecorded,
                      {readableText(symbol), "the name of a resource has letters, digits and `_` alone, and "
                                             "begins with no digit"});
  Module alone; // it is verified by itself, before it is known
  PoolCopy fromSegment(pool(), alone.pool);
  std::vector<DictEntry> entries;
  for (const Builder::Attr &attr : attributes)
    entries.push_back({alone.pool.intern(attr.key), fromSegment.attr(attr.value)});
  alone.addResource({kind, alone.pool.intern(symbol), alone.pool.dict(entries), Location()});
  if (std::optional<TraceError> wrong = state->shapes.errorOf(alone))
    return *wrong;
  Module &lasting = state->lasting;
  const Resource made{kind, lasting.pool.intern(symbol),
                      PoolCopy(alone.pool, lasting.pool).dict(alone.resources[0].attributes), Location()};
  if (const Resource *known = lasting.findResource(made.symbol)) {
    if (known->kind == made.kind && known->attributes == made.attributes)
      return {};
    return traceError(Diag::RedefinedSymbol, {"@" + std::string(symbol)});
  }
  lasting.addResource(made);
  return {};
}

Recorded ExecutionTracer::State::record(Source source) {
  open->recorded.push_back(source);
  return {nextId++};
}

Recorded ExecutionTracer::parameter(TypeId type, std::string_view name) {
  OpenSegment &open = state->segment();
  StringId known;
  if (isWord(name) && !OpenSegment::isNumbered(name)) {
    known = open.module->pool.intern(name);
    for (const OpenSegment::Parameter &other : open.parameters)
      if (other.name == known)
        known = StringId();
  }
  return state->record({open.addParameter(type, known, {}), 1});
}

/// Where a recorded value comes from in this segment; none if it is not known.
std::optional<Source> ExecutionTracer::State::sourceOf(Recorded recorded) {
  if (recorded.id >= firstId)
    return recorded.id < nextId ? std::optional(open->recorded[recorded.id - firstId]) : std::nullopt;
  auto known = results.find(recorded.id);
  if (known == results.end())
    return std::nullopt;
  OpenSegment &now = segment();
  auto [at, isNew] = now.earlier.try_emplace(recorded.id);
  if (isNew)
    at->second = now.addParameter(now.toSegment.type(known->second), StringId(), {recorded, {}});
  return Source{at->second, 1};
}

/// A value becomes a parameter, so that the graph does not depend on it; in a whole program, a constant.
Result<Source, TraceError> ExecutionTracer::State::constant(const TraceOperand &operand, std::string_view op,
                                                            size_t at) {
  ConstantPool &pool = open->module->pool;
  if (!operand.type || !fitsType(operand.value, pool.view(), operand.type))
    return traceError(Diag::ConstantType, {"operand " + std::to_string(at + 1) + " of " + std::string(op),
                                           operand.type ? printType(pool.view(), operand.type) : "any type"});
  if (form == TraceForm::Segment)
    return Source{open->addParameter(operand.type, StringId(), {{}, operand.value}), 1};
  const AttrId literal = attrOfValue(pool, operand.value, operand.type);
  if (!literal)
    return traceError(Diag::NotRecorded, {op, "operand " + std::to_string(at + 1) +
                                                  " has no literal; make it a parameter of the function"});
  const DictEntry entry{pool.intern(nameOf(Attribute::value)), literal};
  open->addOp({OpCode::core_const, 0, 0, StringId(), pool.dict({&entry, 1}), operand.type, Location()}, {});
  return Source{static_cast<uint32_t>(open->ops.size() - 1), 0};
}

Result<Source, TraceError> ExecutionTracer::State::sourceOf(const TraceOperand &operand, std::string_view op,
                                                            size_t at) {
  if (!operand.recorded)
    return constant(operand, op, at);
  if (std::optional<Source> known = sourceOf(operand.recorded))
    return *known;
  return traceError(Diag::NotRecorded,
                    {op, "operand " + std::to_string(at + 1) +
                             " is a result of an earlier segment that was not wanted there"});
}

/// Fills `sources` and `types`. What this has added for a call that is rejected goes again (`add`).
Result<void, TraceError> ExecutionTracer::State::findOperands(const TraceCall &call) {
  sources.clear();
  types.clear();
  for (size_t i = 0; i < call.operands.size(); ++i) {
    Result<Source, TraceError> found = sourceOf(call.operands[i], call.op, i);
    if (!found)
      return found.error();
    sources.push_back(*found);
    types.push_back(open->typeOf(*found));
  }
  return {};
}

/// `report.py:6` for the first call there, `report.py:6#1` for the next.
StringId ExecutionTracer::State::nextDraw(StringId base) {
  const uint32_t before = open->draws[base]++;
  ConstantPool &pool = open->module->pool;
  return before == 0 ? base : pool.intern(std::string(pool.text(base)) + "#" + std::to_string(before));
}

DictId ExecutionTracer::State::attributesOf(const TraceCall &call, const CallShape &shape,
                                            const OpenSegment::Site &site) {
  ConstantPool &pool = open->module->pool;
  std::vector<DictEntry> entries;
  bool isKept = false;
  for (const Builder::Attr &attr : call.attributes) {
    entries.push_back({pool.intern(attr.key), attr.value});
    isKept |= attr.key == nameOf(Attribute::keep);
  }
  if (form == TraceForm::Segment && shape.mayBeKept && !isKept)
    entries.push_back({pool.intern(nameOf(Attribute::keep)), pool.unitAttr()});
  if (form == TraceForm::Segment && shape.isDraw)
    entries.push_back({pool.intern(nameOf(Attribute::draw)), pool.textAttr(nextDraw(site.draw))});
  return pool.dict(entries);
}

/// The symbol of a resource of the segment, which holds it from now on.
StringId ExecutionTracer::State::useResource(std::string_view name) {
  if (name.empty())
    return {};
  const StringId known = lasting.pool.lookup(name);
  for (uint32_t i = 0; i < lasting.resources.size(); ++i)
    if (lasting.resources[i].symbol == known &&
        std::find(open->resources.begin(), open->resources.end(), i) == open->resources.end())
      open->resources.push_back(i);
  return open->module->pool.intern(name);
}

Result<Recorded, TraceError> ExecutionTracer::add(const TraceCall &call) {
  OpenSegment &open = state->segment();
  const size_t opsBefore = open.ops.size(), parametersBefore = open.parameters.size();
  Result<void, TraceError> operands = state->findOperands(call);
  Result<const CallShape *, TraceError> shape =
      operands ? state->shapes.find({call, state->types, open.module->pool}) : operands.error();
  if (!shape) {
    open.ops.resize(opsBefore, OpenSegment::Op());
    open.parameters.resize(parametersBefore);
    open.bindings.resize(parametersBefore);
    std::erase_if(open.earlier, [&](const auto &entry) { return entry.second >= parametersBefore; });
    return shape.error();
  }
  const CallShape &known = **shape;
  const OpenSegment::Site site = open.siteOf(call.origin);
  OpenSegment::Op op{};
  op.code = known.code;
  op.symbol = state->useResource(call.symbol);
  op.attributes = state->attributesOf(call, known, site);
  op.result = open.toSegment.type(known.result);
  op.location = site.location;
  open.addOp(op, state->sources);
  open.worldSize += known.isWorld;
  return state->record({static_cast<uint32_t>(open.ops.size() - 1), 0});
}

bool ExecutionTracer::knows(Recorded recorded) const {
  if (recorded.id >= state->firstId)
    return recorded.id < state->nextId;
  return state->results.contains(recorded.id);
}

TypeId ExecutionTracer::typeOf(Recorded recorded) {
  if (recorded.id >= state->firstId)
    return state->open->typeOf(state->open->recorded[recorded.id - state->firstId]);
  return state->segment().toSegment.type(state->results.at(recorded.id));
}

TraceSegment ExecutionTracer::finish(std::span<const Recorded> wanted) {
  TraceSegment segment;
  segment.ordinal = state->ordinal;
  if (!state->open || state->open->ops.empty()) {
    discard();
    return segment;
  }
  OpenSegment &open = *state->open;
  Module &module = *open.module;
  for (uint32_t index : open.resources) {
    const Resource &used = state->lasting.resources[index];
    module.addResource({used.kind, module.pool.intern(state->lasting.pool.text(used.symbol)),
                        open.toSegment.dict(used.attributes), Location()});
  }
  PoolCopy toLasting(module.pool, state->lasting.pool);
  std::vector<Source> results;
  for (Recorded recorded : wanted) {
    assert(recorded.id >= state->firstId && recorded.id < state->nextId && "a result of this segment");
    results.push_back(open.recorded[recorded.id - state->firstId]);
    state->results.emplace(recorded.id, toLasting.type(open.typeOf(results.back())));
  }
  open.build(state->symbol, results);
  segment.module = std::move(open.module);
  segment.parameters = std::move(open.bindings);
  segment.results.assign(wanted.begin(), wanted.end());
  ++state->ordinal;
  discard();
  return segment;
}

void ExecutionTracer::forget(Recorded recorded) { state->results.erase(recorded.id); }

void ExecutionTracer::discard() {
  state->open.reset();
  state->firstId = state->nextId;
}
