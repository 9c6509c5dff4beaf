#include "Transforms/BodyCopy.h"
#include "Transforms/Passes.h"
#include "Transforms/Rewrite.h"
#include "xcs/Analysis/CallOrder.h"
#include "xcs/IR/DrawNames.h"
#include "xcs/IR/OpEffects.h"
#include "xcs/IR/Walk.h"
#include "xcs/Support/Counted.h"
#include <algorithm>
#include <optional>

using namespace xcs;

// A larger body, in operations, is worth a call: what inlining gains at its boundary is small compared with
// its work.
static constexpr uint32_t largestBody = 1000;

// Names of draws contain the calls that lead to them. Inlining stops at this length, because a long chain of
// calls would need ever longer names.
static constexpr size_t longestDrawName = 1024;

namespace {
/// Replaces calls by the bodies of their functions, so that a call is not a barrier. Operations of a body
/// that need only some of the arguments start when those are available, and users of some of the results wait
/// only for those. Legal for every function that is not recursive, since a call means its body: operations
/// keep their program order, their effects and so the order between them, and errors keep their place. An
/// `after` keeps its meaning: the operations of the body wait for what the call had to wait for, and a call
/// whose result is named in an `after`, which waits for all of the call, stays. So does one within
/// `try {refused}`, which catches refusals of what is written in it, not of what is called. Bounded by the
/// size of a body, by Limit::InlinedOperations for the module, by the names of draws, and by half of
/// Limit::NestingDepth (literals nest too). Private functions that are no longer reachable are dropped.
///
/// First all calls are chosen, callees first. Then the remaining functions are rewritten, callers first, each
/// from bodies that still have their calls, so that an operation is copied once to each of its final places.
/// Linear in the resulting operations.
class Inline : public Pass {
public:
  Result<Change> run(Module &module, PassContext &context) override;
};

/// What a caller needs to know of a function whose calls are chosen.
struct Callee {
  uint64_t operations = 0;     // including chosen calls and regions, but not the `return`
  uint32_t depth = 0;          // of nested regions, including the body
  size_t orderOperands = 0;    // the most that one of its outermost operations has
  size_t drawName = 0;         // bytes of the longest name of a draw
  std::vector<bool> waitedFor; // by parameter: whether an `after` names it, here or in a callee
};

class Inliner {
public:
  Inliner(Module &module, PassContext &context)
      : module(module), context(context), chosen(module), callees(module.functions.size()),
        calls(module.functions.size()), hasCalls(module.functions.size()), stays(module.functions.size()) {}
  /// Returns whether anything changed.
  bool run();

private:
  friend class CallChooser;
  void countCalls();
  void findStaying();
  std::vector<bool> namedInAfter(const ComputationGraph &graph) const;
  size_t dropOthers();

  Module &module;
  PassContext &context;
  ChosenCalls chosen;
  std::vector<std::optional<Callee>> callees; // by function; none before its turn
  std::vector<uint32_t> calls;                // by function: how often it is called in the program
  std::vector<bool> hasCalls;                 // by function
  std::vector<bool> stays;                    // by function: whether it remains in the end
  uint64_t added = 0;                         // how many operations the module has gained
};

/// Chooses the calls of one function to replace, and sums up the resulting function. The visitor of walk().
class CallChooser {
public:
  CallChooser(Inliner &inliner, uint32_t index)
      : inliner(inliner), module(inliner.module), index(index), graph(module.functions[index]->graph),
        named(inliner.namedInAfter(graph)) {}
  Callee run();

  // Walk.
  void beginRegion(RegionId) { sum.depth = std::max(sum.depth, ++depth); }
  bool beginOp(OpId op);
  void endOp(OpId op) { refusalsCaught -= catchesRefusals(op); }
  void endRegion(RegionId) { --depth; }

private:
  bool choose(OpId op, uint32_t callee);
  std::string whyNot(OpId op, uint32_t callee);
  std::string otherAttribute(DictId attributes) const;
  bool fitsBudget(uint32_t callee);
  size_t drawNameOf(OpId op) const;
  bool catchesRefusals(OpId op) const;

  Inliner &inliner;
  Module &module;
  uint32_t index;
  const ComputationGraph &graph;
  std::vector<bool> named; // by value: whether an `after` names it
  uint32_t depth = 0;
  uint32_t refusalsCaught = 0; // how many `try {refused}` are around
  Callee sum;
};

/// Replaces the chosen calls of one function.
class CallReplacer {
public:
  CallReplacer(Module &module, const ChosenCalls &chosen, Function &function, uint32_t index)
      : module(module), chosen(chosen), function(function), index(index), graph(function.graph),
        copy(module, chosen, graph), replacements(graph), rewriter(graph) {}
  /// In program order, so that the replacement of a value is known before its uses.
  void run() { rewriter.run(function.body, *this); }

  // Visitor of BodyRewriter.
  void beginRegion(RegionId) {}
  void visit(OpId op);
  void endRegion(RegionId) {}

private:
  void replace(OpId call);

  Module &module;
  const ChosenCalls &chosen;
  Function &function;
  uint32_t index;
  ComputationGraph &graph;
  BodyCopy copy;
  ValueReplacements replacements;
  BodyRewriter rewriter;
};
} // namespace

/// An attribute of a call that its body could not keep; empty when there is none. Hints and what passes wrote
/// change no meaning, and its name on the way to draws goes to those.
std::string CallChooser::otherAttribute(DictId attributes) const {
  ConstantView view = module.pool.view();
  for (const DictEntry &entry : view.entries(attributes)) {
    std::string_view key = view.text(entry.key);
    const AttrRow *row = findAttr(OpCode::core_call, key);
    const AttrClass kind = row ? rowOf(row->attribute).kind : AttrClass::Bound;
    if (kind == AttrClass::Request || kind == AttrClass::Bound)
      return std::string(key);
  }
  return {};
}

/// Charges the operations of a body to the growth that the module has left. The only call of a function that
/// is not entered otherwise costs nothing, because the function is then dropped.
bool CallChooser::fitsBudget(uint32_t callee) {
  if (module.functions[callee]->isPrivate && inliner.calls[callee] == 1)
    return true;
  uint64_t more = inliner.callees[callee]->operations;
  if (inliner.added + more > inliner.context.limits[Limit::InlinedOperations])
    return false;
  inliner.added += more;
  return true;
}

/// Why a call stays; empty if it is to be replaced.
std::string CallChooser::whyNot(OpId op, uint32_t callee) {
  const Operation &call = graph.operation(op);
  if (flagAttr(module.pool.view(), module.functions[callee]->attributes, Attribute::recursive) ||
      !inliner.callees[callee])
    return "it is recursive";
  if (std::string key = otherAttribute(call.attributes); !key.empty())
    return "it has `{" + key + "}`";
  if (const StringId name = graph.drawName(op); name && isListOfDrawNames(module.pool.text(name)))
    return "it has a name for each iteration of the `map` around it";
  if (refusalsCaught)
    return "`try {refused}` around it catches nothing of its body";
  for (ValueRef result : graph.results(op))
    if (named[result.index])
      return "an `after` waits for all of it";
  const Callee &body = *inliner.callees[callee];
  bool onlyCall = module.functions[callee]->isPrivate && inliner.calls[callee] == 1;
  if (body.operations > largestBody && !onlyCall)
    return "its body has " + std::to_string(body.operations) + " operations, more than " +
           std::to_string(largestBody);
  if (body.orderOperands + call.orderCount > ComputationGraph::maxCount ||
      depth + body.depth - 1 > inliner.context.limits[Limit::NestingDepth] / 2)
    return "its body would nest too deeply here";
  if (body.drawName + drawNameOf(op) > longestDrawName)
    return "the names of its draws would become longer than " + std::to_string(longestDrawName) + " bytes";
  if (!fitsBudget(callee))
    return "the program has grown by " + std::to_string(inliner.added) +
           " operations already; raise it with `--limit inlined-operations=N`";
  return {};
}

/// The bytes of its name if it is or contains a draw, including the following `/`.
size_t CallChooser::drawNameOf(OpId op) const {
  const StringId names = graph.drawName(op);
  size_t longest = 0;
  if (names)
    forEachDrawName(module.pool.text(names),
                    [&](std::string_view name) { longest = std::max(longest, name.size() + 1); });
  return longest;
}

bool CallChooser::choose(OpId op, uint32_t callee) {
  const Operation &call = graph.operation(op);
  std::string why = whyNot(op, callee), symbol(module.pool.text(call.symbol));
  if (!why.empty()) {
    inliner.context.diagnostics.report(Diag::NotInlined, call.location, {symbol, why});
    return false;
  }
  inliner.chosen.add(module, index, op);
  inliner.context.count("calls inlined");
  inliner.context.diagnostics.report(Diag::Inlined, call.location,
                                     {symbol, counted(inliner.callees[callee]->operations, "operation")});
  return true;
}

bool CallChooser::beginOp(OpId op) {
  const Operation &o = graph.operation(op);
  uint32_t callee = o.code == OpCode::core_call ? calledFunction(module, o) : UINT32_MAX;
  size_t order = o.orderCount;
  sum.operations += depth != 1 || !isTerminator(o.code);
  sum.drawName = std::max(sum.drawName, drawNameOf(op));
  if (callee != UINT32_MAX && choose(op, callee)) {
    const Callee &body = *inliner.callees[callee];
    sum.operations += body.operations - 1;
    sum.depth = std::max(sum.depth, depth + body.depth - 1);
    sum.drawName = std::max(sum.drawName, drawNameOf(op) + body.drawName);
    order += body.orderOperands;
  }
  if (depth == 1)
    sum.orderOperands = std::max(sum.orderOperands, order);
  refusalsCaught += catchesRefusals(op);
  return true;
}

bool CallChooser::catchesRefusals(OpId op) const {
  const Operation &o = graph.operation(op);
  return o.code == OpCode::core_try && flagAttr(module.pool.view(), o.attributes, Attribute::refused);
}

Callee CallChooser::run() {
  const Function &function = *module.functions[index];
  walk(graph, function.body, *this);
  for (ValueRef parameter : graph.arguments(function.body))
    sum.waitedFor.push_back(named[parameter.index]);
  return std::move(sum);
}

void CallReplacer::replace(OpId call) {
  const Operation &o = graph.operation(call);
  // Copies: the graph's own lists move when it grows.
  std::span<const ValueRef> operands = graph.operands(call), order = graph.orderOperands(call);
  const StringId draw = graph.drawName(call);
  const std::string_view drawName = draw ? module.pool.text(draw) : std::string_view();
  std::vector<OpId> body;
  std::vector<ValueRef> returned = copy.copy({calledFunction(module, o),
                                              {operands.begin(), operands.end()},
                                              {order.begin(), order.end()},
                                              o.location,
                                              std::string(drawName)},
                                             body);
  for (size_t i = 0; i != returned.size(); ++i)
    replacements.replace(graph.results(call)[i], returned[i]);
  rewriter.replace(call, body);
}

void CallReplacer::visit(OpId op) {
  replacements.update(graph, op);
  if (chosen.has(index, op))
    replace(op);
  else
    rewriter.keep(op);
}

void Inliner::countCalls() {
  for (size_t f = 0; f != module.functions.size(); ++f) {
    const ComputationGraph &graph = module.functions[f]->graph;
    for (uint32_t i = 0; i != graph.operationCount(); ++i) {
      const Operation &op = graph.operation(OpId(i));
      if (op.code != OpCode::core_call || !op.parent)
        continue;
      hasCalls[f] = true;
      if (uint32_t callee = calledFunction(module, op); callee != UINT32_MAX)
        ++calls[callee];
    }
  }
}

/// By value: whether an `after` names it, here or, if it is passed to a function, as that function's
/// parameter. In a function that is not known yet, each parameter counts as named.
std::vector<bool> Inliner::namedInAfter(const ComputationGraph &graph) const {
  std::vector<bool> named(graph.valueCount());
  for (uint32_t i = 0; i != graph.operationCount(); ++i) {
    const Operation &op = graph.operation(OpId(i));
    if (!op.parent)
      continue;
    for (ValueRef v : graph.orderOperands(OpId(i)))
      named[v.index] = true;
    uint32_t callee = op.code == OpCode::core_call ? calledFunction(module, op) : UINT32_MAX;
    if (callee == UINT32_MAX)
      continue;
    std::span<const ValueRef> operands = graph.operands(OpId(i));
    for (size_t p = 0; p != operands.size(); ++p)
      if (!callees[callee] || callees[callee]->waitedFor[p])
        named[operands[p].index] = true;
  }
  return named;
}

/// The functions that remain: those that can be entered from outside, and those called by calls that remain,
/// in functions that remain or are copied into them.
void Inliner::findStaying() {
  std::vector<bool> seen(module.functions.size()); // whether its body ends up somewhere
  std::vector<uint32_t> pending;
  auto reach = [&](uint32_t function) {
    if (seen[function])
      return;
    seen[function] = true;
    pending.push_back(function);
  };
  for (uint32_t f = 0; f != module.functions.size(); ++f)
    if (!module.functions[f]->isPrivate) {
      stays[f] = true;
      reach(f);
    }
  while (!pending.empty()) {
    const uint32_t f = pending.back();
    pending.pop_back();
    if (!hasCalls[f])
      continue;
    const ComputationGraph &graph = module.functions[f]->graph;
    for (uint32_t i = 0; i != graph.operationCount(); ++i) {
      const Operation &op = graph.operation(OpId(i));
      if (op.code != OpCode::core_call || !op.parent)
        continue;
      uint32_t callee = calledFunction(module, op);
      if (callee == UINT32_MAX)
        continue;
      if (!chosen.has(f, OpId(i)))
        stays[callee] = true;
      reach(callee);
    }
  }
}

/// Returns how many functions were dropped.
size_t Inliner::dropOthers() {
  std::vector<std::unique_ptr<Function>> kept;
  for (size_t f = 0; f != stays.size(); ++f)
    if (stays[f])
      kept.push_back(std::move(module.functions[f]));
  const size_t dropped = stays.size() - kept.size();
  module.functions = std::move(kept);
  if (dropped)
    module.rebuildSymbols();
  return dropped;
}

bool Inliner::run() {
  countCalls();
  bool changed = false;
  const std::vector<uint32_t> order = calleesFirst(module);
  for (uint32_t index : order)
    if (hasCalls[index] || calls[index] != 0)
      callees[index] = CallChooser(*this, index).run();
  findStaying();
  // Callers first: what is copied into them still has its calls.
  for (size_t i = order.size(); i-- != 0;)
    if (stays[order[i]] && chosen.hasAny(order[i])) {
      CallReplacer(module, chosen, *module.functions[order[i]], order[i]).run();
      changed = true;
    }
  const size_t dropped = dropOthers();
  if (dropped)
    context.count("functions dropped", dropped);
  return changed || dropped;
}

Result<Change> Inline::run(Module &module, PassContext &context) {
  return Inliner(module, context).run() ? Change::Program : Change::Nothing;
}

std::unique_ptr<Pass> xcs::createInline() { return std::make_unique<Inline>(); }
