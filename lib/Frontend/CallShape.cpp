#include "Frontend/CallShape.h"
#include "xcs/IR/OpEffects.h"
#include "xcs/IR/Verifier.h"
#include "xcs/Support/NearestName.h"
#include "xcs/Support/Utf8.h"

using namespace xcs;

TraceError xcs::traceError(Diag id, std::initializer_list<std::string_view> arguments) {
  return {id, formatMessage(rowOf(id).text, {arguments.begin(), arguments.size()})};
}

/// Types by their text: ids are those of one segment.
std::string CallShapes::keyOf(const Asked &asked) const {
  const ConstantView view = asked.pool.view();
  std::string key(asked.call.op);
  key += '@';
  key += asked.call.symbol;
  for (TypeId type : asked.operandTypes) {
    key += ',';
    appendType(key, view, type);
  }
  key += ':';
  if (asked.call.resultType)
    appendType(key, view, asked.call.resultType);
  for (const Builder::Attr &attr : asked.call.attributes) {
    key += '\n';
    key += attr.key;
    key += '=';
    appendAttr(key, view, attr.value);
  }
  return key;
}

std::optional<TraceError> CallShapes::errorOf(const Module &module) const {
  DiagnosticEngine diagnostics;
  if (verify(module, diagnostics, limits))
    return std::nullopt;
  for (const Diagnostic &found : diagnostics.all())
    if (found.severity == Severity::Error)
      return TraceError{found.id, found.message};
  return traceError(Diag::BrokenModule, {"the call"});
}

/// The error of a function with this call alone.
std::optional<TraceError> CallShapes::verifyAlone(const Asked &asked, OpCode code, TypeId result) {
  Module module;
  PoolCopy fromSegment(asked.pool, module.pool), fromLasting(lasting.pool, module.pool);
  if (const StringId symbol = lasting.pool.lookup(asked.call.symbol))
    if (const Resource *used = lasting.findResource(symbol))
      module.addResource({used->kind, module.pool.intern(asked.call.symbol),
                          fromLasting.dict(used->attributes), Location()});
  std::vector<Builder::Parameter> parameters;
  for (TypeId type : asked.operandTypes)
    parameters.push_back({{}, fromSegment.type(type)});
  Function &function = addFunction(module, "shape", parameters, {});
  Builder builder(module, function);
  std::vector<ValueRef> operands;
  for (size_t i = 0; i < parameters.size(); ++i)
    operands.push_back(builder.argument(i));
  std::vector<Builder::Attr> attributes;
  for (const Builder::Attr &attr : asked.call.attributes)
    attributes.push_back({attr.key, fromSegment.attr(attr.value)});
  OpId op = builder.op(code, operands, attributes);
  if (!asked.call.symbol.empty())
    builder.setSymbol(op, asked.call.symbol);
  builder.result(op, fromSegment.type(result));
  builder.op(OpCode::core_return);
  return errorOf(module);
}

static std::string_view whyNot(OpCode code, std::span<const Builder::Attr> attributes) {
  if (rowOf(code).form == OpForm::Control)
    return "it has regions or belongs to control flow, which the host language has itself";
  if (rowOf(code).signature.resultCount != 1)
    return "it has not one result";
  for (const Builder::Attr &attr : attributes)
    if (attr.key == nameOf(Attribute::draw))
      return "the tracer names its draws; remove the attribute `draw`";
  return {};
}

static std::optional<TraceError> twiceGiven(std::span<const Builder::Attr> attributes) {
  for (size_t i = 0; i < attributes.size(); ++i)
    for (size_t j = 0; j < i; ++j)
      if (attributes[i].key == attributes[j].key)
        return traceError(Diag::DuplicateKey, {attributes[i].key});
  return std::nullopt;
}

/// What is wrong with the texts of a call before anything looks at what they mean.
static std::optional<TraceError> wrongTexts(const TraceCall &call) {
  for (const Builder::Attr &attr : call.attributes)
    if (invalidTextAt(attr.key) != std::string_view::npos)
      return traceError(Diag::UnknownAttribute, {call.op, readableText(attr.key), ""});
  return twiceGiven(call.attributes);
}

Result<CallShape, TraceError> CallShapes::judge(const Asked &asked) {
  const TraceCall &call = asked.call;
  CallShape shape;
  if (!findOp(call.op, shape.code)) {
    const std::string name = readableText(call.op);
    NearestName nearest(name);
    nearest.offer(nearestOp(name));
    return traceError(Diag::UnknownOp, {name, nearest.suggestion()});
  }
  if (std::string_view why = whyNot(shape.code, call.attributes); !why.empty())
    return traceError(Diag::NotRecorded, {call.op, why});
  if (auto wrong = wrongTexts(call))
    return *wrong;
  const TypeId usual = call.resultType
                           ? call.resultType
                           : usualResult(asked.pool, shape.code, asked.operandTypes, call.attributes);
  // Without a type of the result, the rest is checked all the same: it may be the reason.
  auto wrong = verifyAlone(asked, shape.code, usual ? usual : asked.pool.scalar(TypeKind::None));
  if (!usual && (!wrong || wrong->id == Diag::TypeRule || wrong->id == Diag::ResultType ||
                 wrong->id == Diag::ResultKind))
    return traceError(Diag::NotRecorded,
                      {call.op, "the type of its result follows from nothing; give it with the call"});
  if (wrong)
    return *wrong;
  std::vector<DictEntry> entries;
  for (const Builder::Attr &attr : call.attributes)
    entries.push_back({asked.pool.intern(attr.key), attr.value});
  // First the attributes, then the view: it is of the pool as it is, and arguments have no order.
  const DictId attributes = asked.pool.dict(entries);
  const Effect effect = effectOf(asked.pool.view(), shape.code, attributes);
  shape.result = PoolCopy(asked.pool, lasting.pool).type(usual);
  shape.isWorld = rowOf(shape.code).form == OpForm::World && effect != Effect::Log;
  shape.isDraw = shape.isWorld && (effect == Effect::Sample || isWrite(effect));
  shape.mayBeKept = shape.isWorld && !isWrite(effect);
  return shape;
}

Result<const CallShape *, TraceError> CallShapes::find(const Asked &asked) {
  std::string key = keyOf(asked);
  if (auto known = shapes.find(key); known != shapes.end())
    return &known->second;
  Result<CallShape, TraceError> judged = judge(asked);
  if (!judged)
    return judged.error();
  if (shapes.size() >= most)
    shapes.clear();
  return &shapes.emplace(std::move(key), *judged).first->second;
}
