#include "Transforms/BodyCopy.h"
#include "Transforms/Passes.h"
#include "Transforms/Rewrite.h"
#include "xcs/Analysis/CallOrder.h"
#include "xcs/IR/OpEffects.h"
#include "xcs/IR/Walk.h"
#include <algorithm>
#include <optional>

using namespace xcs;

// A body larger than this many operations is worth a call of its own: what is gained where it begins and ends
// is little beside what it does.
static constexpr uint32_t largestBody = 1000;

namespace {
/// Puts the bodies of functions in place of their calls, callees first, so that a call is no barrier: what of
/// a body needs only some of the arguments starts when those are there, and what uses only some of the
/// results waits for those alone. Legal for every function that is not recursive, since a call means its
/// body: operations keep their program order, their effects and so the order between them, and an error its
/// place. What an `after` says stays true: the operations of the body wait for what the call had to wait for,
/// and a call whose result is named in an `after`, which waits for all of the call, stays. Bounded by the
/// size of a body, by Limit::InlinedOperations for the module, and by half of Limit::NestingDepth (literals
/// nest too). Private functions that nobody can reach any more are dropped. Linear in the operations it
/// leaves.
class Inline : public Pass {
public:
  Status run(Module &module, PassContext &context) override;
};

/// What a caller wants to know of a function. The visitor of walk() that finds it out.
struct Callee {
  uint32_t operations = 0;     // those in regions included, the `return` left out
  uint32_t depth = 0;          // regions within one another, the body counted
  size_t orderOperands = 0;    // the most that one of its outermost operations has
  std::vector<bool> waitedFor; // by parameter: whether an `after` in it or in what it calls names it

  const ComputationGraph &graph;
  uint32_t open = 0;

  void beginRegion(RegionId) { depth = std::max(depth, ++open); }
  bool beginOp(OpId op) {
    if (open == 1)
      orderOperands = std::max<size_t>(orderOperands, graph.operation(op).orderCount);
    operations += open != 1 || !isTerminator(graph.operation(op).code);
    return true;
  }
  void endOp(OpId) {}
  void endRegion(RegionId) { --open; }
};

class Inliner {
public:
  Inliner(Module &module, PassContext &context)
      : module(module), context(context), callees(module.functions.size()), calls(module.functions.size()),
        hasCalls(module.functions.size()) {}
  void run();

private:
  friend class CallReplacer;
  void countCalls();
  void summarise(uint32_t index);
  std::vector<bool> namedInAfter(const ComputationGraph &graph) const;
  size_t dropUnreachable();

  Module &module;
  PassContext &context;
  std::vector<std::optional<Callee>> callees; // by function; none before it is its turn
  std::vector<uint32_t> calls;                // by function: how often it is called in the program
  std::vector<bool> hasCalls;                 // by function
  uint64_t added = 0;                         // operations the module has more than before
};

/// Replaces calls in one function. First the visitor of walk() that chooses them.
class CallReplacer {
public:
  CallReplacer(Inliner &inliner, Function &function)
      : inliner(inliner), module(inliner.module), function(function), graph(function.graph),
        replacements(function.graph), named(inliner.namedInAfter(function.graph)),
        chosen(function.graph.operationCount()) {}
  void run();

  // Walk.
  void beginRegion(RegionId) { ++depth; }
  bool beginOp(OpId op);
  void endOp(OpId) {}
  void endRegion(RegionId) { --depth; }

private:
  struct Open {
    RegionId region;
    uint32_t next = 0;
    bool changed = false;
    std::vector<OpId> kept = {};
  };
  std::string whyNot(OpId op, uint32_t callee);
  std::string otherAttribute(DictId attributes) const;
  bool fitsBudget(uint32_t callee);
  void replaceAll();
  void visit(OpId op);
  void replace(OpId call);
  void open(RegionId region) { stack.push_back({region}); }

  Inliner &inliner;
  Module &module;
  Function &function;
  ComputationGraph &graph;
  ValueReplacements replacements;
  std::vector<bool> named;  // by value: whether an `after` names it
  std::vector<bool> chosen; // by operation
  bool any = false;
  uint32_t depth = 0;
  std::vector<Open> stack;
  std::vector<OpId> dead;
};
} // namespace

static std::string operationsText(uint32_t count) {
  return std::to_string(count) + (count == 1 ? " operation" : " operations");
}

/// An attribute of a call that its body could not keep; empty when there is none. Hints and what passes wrote
/// change no meaning, and its name on the way to draws goes to those.
std::string CallReplacer::otherAttribute(DictId attributes) const {
  ConstantView view = module.pool.view();
  for (const DictEntry &entry : view.entries(attributes)) {
    std::string_view key = view.text(entry.key);
    if (key != "draw" && !key.starts_with("hint.") && !key.starts_with("sched.") &&
        !key.starts_with("pattern."))
      return std::string(key);
  }
  return {};
}

/// Takes the operations of a body from what the module may still grow by. The only call of a function that
/// cannot be entered otherwise costs nothing: the function goes.
bool CallReplacer::fitsBudget(uint32_t callee) {
  if (module.functions[callee]->isPrivate && inliner.calls[callee] == 1)
    return true;
  uint64_t more = inliner.callees[callee]->operations;
  if (inliner.added + more > inliner.context.limits[Limit::InlinedOperations])
    return false;
  inliner.added += more;
  return true;
}

/// Why a call stays; empty when it is to be replaced.
std::string CallReplacer::whyNot(OpId op, uint32_t callee) {
  const Operation &call = graph.operation(op);
  if (flagAttr(module.pool.view(), module.functions[callee]->attributes, "recursive") ||
      !inliner.callees[callee])
    return "it is recursive";
  if (std::string key = otherAttribute(call.attributes); !key.empty())
    return "it has `{" + key + "}`";
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
  if (!fitsBudget(callee))
    return "the program has grown by " + std::to_string(inliner.added) +
           " operations already; raise it with `--limit inlined-operations=N`";
  return {};
}

bool CallReplacer::beginOp(OpId op) {
  const Operation &call = graph.operation(op);
  uint32_t callee = call.code == OpCode::core_call ? calledFunction(module, call) : UINT32_MAX;
  if (callee == UINT32_MAX)
    return true;
  std::string why = whyNot(op, callee), symbol(module.pool.text(call.symbol));
  if (!why.empty()) {
    inliner.context.diagnostics.report(Diag::NotInlined, call.location, {symbol, why});
    return true;
  }
  chosen[op.index] = any = true;
  inliner.context.count("calls inlined");
  inliner.context.diagnostics.report(Diag::Inlined, call.location,
                                     {symbol, operationsText(inliner.callees[callee]->operations)});
  return true;
}

void CallReplacer::replace(OpId call) {
  const Function &callee = *module.functions[calledFunction(module, graph.operation(call))];
  // Copies: the graph's own lists move while it grows.
  std::span<const ValueRef> operands = graph.operands(call), order = graph.orderOperands(call);
  std::vector<ValueRef> arguments(operands.begin(), operands.end()), waitFor(order.begin(), order.end());
  StringId unseen = graph.drawName(call);
  std::string_view drawName = unseen ? module.pool.text(unseen) : std::string_view();
  AttrId draw = module.pool.view().find(graph.operation(call).attributes, "draw");
  if (draw && module.pool.view().attr(draw).kind == AttrKind::Str)
    drawName = module.pool.view().textAttr(draw);
  std::vector<OpId> body;
  std::vector<ValueRef> returned = BodyCopy(callee, graph, module, graph.operation(call).location, drawName)
                                       .copy(arguments, waitFor, body);
  for (size_t i = 0; i != returned.size(); ++i)
    replacements.replace(graph.results(call)[i], returned[i]);
  Open &around = stack.back();
  around.kept.insert(around.kept.end(), body.begin(), body.end());
  around.changed = true;
  dead.push_back(call);
}

void CallReplacer::visit(OpId op) {
  replacements.update(graph, op);
  if (chosen[op.index])
    return replace(op);
  stack.back().kept.push_back(op);
  // The last one first: the stack turns them around.
  std::vector<RegionId> regions = graph.regionsOf(op);
  for (auto region = regions.rbegin(); region != regions.rend(); ++region)
    open(*region);
}

/// In program order, so that what a value is replaced by is known before its uses.
void CallReplacer::replaceAll() {
  open(function.body);
  while (!stack.empty()) {
    Open &top = stack.back();
    const std::vector<OpId> &body = graph.region(top.region).body;
    if (top.next != body.size()) {
      visit(body[top.next++]);
      continue;
    }
    if (top.changed)
      graph.setBody(top.region, std::move(top.kept));
    stack.pop_back();
  }
  for (OpId op : dead)
    graph.erase(op);
}

void CallReplacer::run() {
  walk(graph, function.body, *this);
  if (any)
    replaceAll();
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

/// By value: whether an `after` names it, here or, as a parameter, in a function that is called with it. Of
/// a function that is not known yet, each parameter may be named.
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

void Inliner::summarise(uint32_t index) {
  const Function &function = *module.functions[index];
  Callee callee{.waitedFor = {}, .graph = function.graph};
  walk(function.graph, function.body, callee);
  std::vector<bool> named = namedInAfter(function.graph);
  for (ValueRef parameter : function.graph.arguments(function.body))
    callee.waitedFor.push_back(named[parameter.index]);
  callees[index].emplace(std::move(callee));
}

/// Drops private functions that no function that can be entered leads to; gives how many.
size_t Inliner::dropUnreachable() {
  std::vector<bool> reached = reachableFunctions(module);
  std::vector<std::unique_ptr<Function>> kept;
  for (size_t f = 0; f != reached.size(); ++f)
    if (reached[f])
      kept.push_back(std::move(module.functions[f]));
  module.functions = std::move(kept);
  module.rebuildSymbols();
  return reached.size() - module.functions.size();
}

void Inliner::run() {
  countCalls();
  for (uint32_t index : calleesFirst(module)) {
    if (hasCalls[index])
      CallReplacer(*this, *module.functions[index]).run();
    if (calls[index] != 0)
      summarise(index);
  }
  callees.clear(); // they point into functions
  if (size_t dropped = dropUnreachable())
    context.count("functions dropped", dropped);
}

Status Inline::run(Module &module, PassContext &context) {
  Inliner(module, context).run();
  return success();
}

std::unique_ptr<Pass> xcs::createInline() { return std::make_unique<Inline>(); }
