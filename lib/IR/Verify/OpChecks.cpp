#include "IR/Verify/FunctionVerifier.h"
#include "xcs/IR/OpEffects.h"
#include "xcs/Ops/Caching.h"
#include "llvm/ADT/StringRef.h"
#include <array>

using namespace xcs;

/// Checks the arguments of its regions, and the rules beyond its signature: Ops/RegionForm.h.
static void checkOwner(FunctionVerifier &verifier, OpId op) {
  verifier.checkArguments(op);
  const Operation &operation = verifier.ops().operation(op);
  const RegionFault fault = verifier.findFault(op);
  switch (fault.kind) {
  case RegionFault::Kind::None:
    return;
  case RegionFault::Kind::Regions:
    return verifier.countError(Diag::RegionCount, op, fault.expected, operation.regionCount, "region");
  case RegionFault::Kind::Results:
    return verifier.countError(Diag::ResultCount, op, fault.expected, operation.resultCount, "result");
  case RegionFault::Kind::Result: {
    std::string type = fault.type ? verifier.context.typeText(fault.type) : "..";
    return verifier.wrongResult(op, fault.index, fault.isList ? "list<" + type + ">" : type);
  }
  case RegionFault::Kind::Operand:
    return verifier.error(Diag::TypeRule, op, {rowOf(operation.code).name, fault.expected});
  case RegionFault::Kind::Attribute:
    return verifier.error(Diag::BadAttribute, op,
                          {fault.attribute, rowOf(operation.code).name, fault.expected});
  }
}

/// Against the callee's head; its body may come later in the text.
static void checkCall(FunctionVerifier &verifier, OpId op) {
  VerifyContext &context = verifier.context;
  const ComputationGraph &ops = verifier.ops();
  const Function *callee = context.module.findFunction(ops.operation(op).symbol);
  if (!callee)
    return; // reported with the symbol
  ComputationGraph::ValueRange parameters = callee->graph.arguments(callee->body);
  std::span<const ValueRef> operands = ops.operands(op);
  if (operands.size() != parameters.size()) {
    verifier.error(Diag::OperandCount, op,
                   {verifier.displayName(op), countText(parameters.size(), "operand"),
                    countText(operands.size(), "operand"), context.signatureText(*callee)});
    return;
  }
  for (size_t i = 0; i < operands.size(); ++i)
    if (TypeId wanted = callee->graph.type(parameters[i]); ops.type(operands[i]) != wanted)
      verifier.wrongOperand(op, i, wanted, "; its signature is `" + context.signatureText(*callee) + "`");
  ComputationGraph::ValueRange results = ops.results(op);
  if (results.size() != callee->resultTypes.size()) {
    verifier.error(Diag::ResultCount, op,
                   {verifier.displayName(op), countText(callee->resultTypes.size(), "result"),
                    countText(results.size(), "result")});
    return;
  }
  for (size_t i = 0; i < results.size(); ++i)
    if (TypeId wanted = callee->resultTypes[i]; ops.type(results[i]) != wanted)
      verifier.wrongResult(op, i, context.typeText(wanted));
}

/// `str.format` is total, so a template that could fail at run time is rejected.
static void checkFormat(FunctionVerifier &verifier, OpId op) {
  const Operation &operation = verifier.ops().operation(op);
  AttrId text = verifier.view.find(operation.attributes, Attribute::template_);
  TemplateError wrong;
  verifier.templateParts.clear();
  if (splitTemplate(verifier.view.textAttr(text), operation.operandCount, verifier.templateParts, wrong))
    return;
  verifier.error(
      Diag::BadAttribute, op,
      {"template", "str.format", "is invalid at byte " + std::to_string(wrong.byte) + ": " + wrong.what});
}

/// An attribute that turns a sample into a read makes no sense on a write, so it is an error there.
static void checkPromise(FunctionVerifier &verifier, OpId op, Attribute promise, std::string_view why) {
  const Operation &operation = verifier.ops().operation(op);
  if (flagAttr(verifier.view, operation.attributes, promise) && isWrite(effectOf(verifier.view, operation)))
    verifier.error(Diag::BadAttribute, op, {nameOf(promise), rowOf(operation.code).name, why});
}
static void checkHttp(FunctionVerifier &verifier, OpId op) {
  checkPromise(verifier, op, Attribute::stable,
               "does nothing with a method that writes: it is for GET and HEAD; remove it");
  const ConstantView &view = verifier.view;
  const DictId attributes = verifier.ops().operation(op).attributes;
  if (AttrId effect = view.find(attributes, Attribute::effect)) {
    AttrId method = view.find(attributes, Attribute::method);
    if (view.textAttr(effect) != "sample")
      verifier.error(
          Diag::BadAttribute, op,
          {"effect", "http.request", "is `\"sample\"` or absent: its method says what else it does"});
    else if (!method || view.textAttr(method) != "POST")
      verifier.error(
          Diag::BadAttribute, op,
          {"effect", "http.request", "is for POST: the effect of other methods is known; remove it"});
    else if (view.find(attributes, Attribute::idempotency_key))
      verifier.error(
          Diag::BadAttribute, op,
          {"idempotency_key", "http.request",
           "does nothing where `effect` says that the request changes nothing; remove one of them"});
  }
  AttrId headers = view.find(attributes, Attribute::headers);
  if (!headers || !view.find(attributes, Attribute::idempotency_key))
    return;
  for (const DictEntry &entry : view.entries(DictId(static_cast<uint32_t>(view.attr(headers).payload))))
    if (llvm::StringRef(view.text(entry.key)).equals_insensitive("idempotency-key"))
      verifier.error(
          Diag::BadAttribute, op,
          {"headers", "http.request", "names a header that `idempotency_key` sends; remove one of them"});
}
static void checkExec(FunctionVerifier &verifier, OpId op) {
  checkPromise(verifier, op, Attribute::deterministic,
               "does nothing for a program that may write; add `writes = []`, or remove it");
  const AttrId directory = verifier.view.find(verifier.ops().operation(op).attributes, Attribute::cwd);
  if (directory && verifier.view.textAttr(directory).empty())
    verifier.error(Diag::BadAttribute, op,
                   {"cwd", "exec.run", "is empty; name a directory, such as `.`, or remove it"});
}

static void checkAsk(FunctionVerifier &verifier, OpId op) {
  const DictId attributes = verifier.ops().operation(op).attributes;
  if (verifier.view.find(attributes, Attribute::default_) &&
      !verifier.view.find(attributes, Attribute::timeout))
    verifier.error(
        Diag::BadAttribute, op,
        {"default", "ask.human", "is the answer once `timeout` has passed; add a `timeout`, or remove it"});
}

/// `cache = "sample"` is a choice that only samples have, and of those only what the cache can know.
void FunctionVerifier::checkCaching(OpId op) {
  const Operation &operation = ops().operation(op);
  const AttrId cache = view.find(operation.attributes, Attribute::cache);
  if (cache && view.textAttr(cache) == "sample" &&
      !mayCacheSamples(view, operation.code, operation.attributes))
    error(Diag::BadAttribute, op,
          {"cache", rowOf(operation.code).name,
           "is `\"sample\"` only for draws of models and servers, of which the cache then keeps one answer "
           "each; remove it"});
}

static constexpr std::array<OpCheck, opCodeCount> makeChecks() {
  std::array<OpCheck, opCodeCount> table{};
  auto set = [&table](OpCode code, OpCheck check) { table[static_cast<size_t>(code)] = check; };
  set(OpCode::core_call, checkCall);
  set(OpCode::str_format, checkFormat);
  set(OpCode::http_request, checkHttp);
  set(OpCode::exec_run, checkExec);
  set(OpCode::ask_human, checkAsk);
  return table;
}
static constexpr std::array<OpCheck, opCodeCount> checks = makeChecks();

OpCheck xcs::opCheckOf(OpCode code) {
  return regionForm(code) ? checkOwner : checks[static_cast<size_t>(code)];
}
