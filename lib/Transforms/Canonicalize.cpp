#include "Transforms/Folding.h"
#include "Transforms/Passes.h"
#include "Transforms/Simplify.h"
#include "xcs/Ops/ConstantPool.h"
#include "xcs/Ops/RegionForm.h"

using namespace xcs;

namespace {
/// Makes each operation as simple as its operands allow: constants are computed with the kernels that would
/// run them, the identities of Simplify.h are applied, an `if` or `switch` of a constant gives way to the
/// region it takes, an `assert` of true goes. Legal because nothing observable changes: an operation that
/// would fail stays, one with `after` stays, and no value is let go of that could fail or take time. One
/// sweep in program order, so doing it twice changes nothing more.
class Canonicalize : public Pass {
public:
  Status run(Module &module, PassContext &context) override;
};

class Canonicalizer {
public:
  Canonicalizer(Module &module, Function &function, Folder &folder, PassContext &context)
      : module(module), graph(function.graph), context(context), body(function.body), replacements(graph),
        settled(graph.valueCount()), rules(module, graph, settled), folder(folder) {}
  void run();

private:
  /// A region on the way: what its body becomes. A region put in place of its owner fills the body around it.
  struct Open {
    RegionId region;
    uint32_t next = 0;
    bool inlined = false;
    bool changed = false;
    std::vector<OpId> kept;
  };
  /// The terminator of a region; none where it was left out, as a region without results may.
  OpId endOf(RegionId region) const {
    OpId last = graph.terminator(region);
    return last && isTerminator(graph.operation(last).code) ? last : OpId();
  }
  void openRegion(RegionId region, bool inlined);
  void closeRegion();
  void closeInlined(RegionId region);
  void visit(OpId op);
  bool inlineTaken(OpId op, const RegionForm &form);
  bool simplifyInPlace(OpId op);
  void makeConstant(OpId op, AttrId value);
  void settle(OpId op);
  void keep(OpId op) { target().kept.push_back(op); }
  void drop() { target().changed = true; }
  /// The innermost region that is not inlined: its body takes what is visited.
  Open &target();

  Module &module;
  ComputationGraph &graph;
  PassContext &context;
  RegionId body;
  ValueReplacements replacements;
  std::vector<uint8_t> settled; // by value; see SimplifyContext::isSettled
  SimplifyContext rules;
  Folder &folder;
  std::vector<Open> stack;
  std::vector<OpId> dead;
};
} // namespace

Canonicalizer::Open &Canonicalizer::target() {
  size_t i = stack.size() - 1;
  while (stack[i].inlined)
    --i;
  return stack[i];
}

void Canonicalizer::openRegion(RegionId region, bool inlined) {
  for (ValueRef argument : graph.arguments(region))
    settled[argument.index] = true; // a region starts when its arguments are there
  stack.push_back({region, 0, inlined, false, {}});
  if (!inlined)
    stack.back().kept.reserve(graph.region(region).body.size());
}

/// The operations of an inlined region now stand around it; its `yield` said what the results of its
/// owner are.
void Canonicalizer::closeInlined(RegionId region) {
  OpId owner = graph.region(region).parent, end = endOf(region);
  for (size_t i = 0; i != graph.results(owner).size(); ++i)
    replacements.replace(graph.results(owner)[i], graph.operands(end)[i]);
  graph.setBody(region, end ? std::vector<OpId>{end} : std::vector<OpId>());
  dead.push_back(owner);
}

void Canonicalizer::closeRegion() {
  Open closed = std::move(stack.back());
  stack.pop_back();
  if (closed.inlined)
    return closeInlined(closed.region);
  if (closed.changed)
    graph.setBody(closed.region, std::move(closed.kept));
}

void Canonicalizer::makeConstant(OpId op, AttrId value) {
  DictEntry entry{module.pool.intern("value"), value};
  graph.setCode(op, OpCode::core_const);
  graph.setOperands(op, {}, {});
  graph.setAttributes(op, module.pool.dict({&entry, 1}));
  settle(op);
}

/// Whether nothing on the way to an operation's results can fail or take time.
void Canonicalizer::settle(OpId op) {
  const OpRow &row = rowOf(graph.operation(op).code);
  bool good =
      row.form == OpForm::Pure && row.totality == Totality::Total && graph.operation(op).orderCount == 0;
  for (ValueRef v : graph.operands(op))
    good = good && settled[v.index];
  for (ValueRef v : graph.results(op))
    settled[v.index] = good;
}

/// Opens the region that an operation with several always takes, or drops the operation when it takes none.
bool Canonicalizer::inlineTaken(OpId op, const RegionForm &form) {
  const Operation &o = graph.operation(op);
  if (o.orderCount != 0)
    return false;
  std::span<const Value> operands = folder.constantOperands(graph, op);
  if (operands.empty())
    return false;
  ConstantView view = module.pool.view();
  size_t number = form.taken(view, o.attributes, o.regionCount, operands[0]);
  RegionId taken = o.firstRegion;
  while (number-- && taken)
    taken = graph.region(taken).next;
  OpId end = taken ? endOf(taken) : OpId();
  if (end && graph.operation(end).orderCount != 0) // what uses the results must wait for that too
    return false;
  context.diagnostics.report(Diag::InlinedRegion, o.location,
                             {rowOf(o.code).name, printAttr(view, rules.constant(graph.operands(op)[0]))});
  context.count("operations replaced by the region they take");
  drop();
  if (taken)
    openRegion(taken, true);
  else
    dead.push_back(op);
  return true;
}

/// Applies rules and folding; gives true when the operation is no longer needed.
bool Canonicalizer::simplifyInPlace(OpId op) {
  const Operation &o = graph.operation(op);
  if (o.resultCount != 1 || rowOf(o.code).form != OpForm::Pure || o.code == OpCode::core_const)
    return false;
  if (Simplified simple = simplify(rules, op)) {
    if (simple.value) {
      context.count("operations replaced by a value");
      replacements.replace(graph.results(op)[0], simple.value);
      return true;
    }
    context.count("operations replaced by a constant");
    makeConstant(op, simple.constant);
    return false;
  }
  Folded folded = folder.fold(graph, op);
  if (folded.constant) {
    context.count("operations folded");
    makeConstant(op, folded.constant);
  } else if (!folded.failure.empty()) {
    context.diagnostics.report(Diag::NotFolded, o.location, {rowOf(o.code).name, folded.failure});
  }
  return false;
}

void Canonicalizer::visit(OpId op) {
  replacements.update(graph, op);
  const Operation &o = graph.operation(op);
  if (isTerminator(o.code)) {
    if (!stack.back().inlined)
      keep(op);
    return;
  }
  if (const RegionForm *form = regionForm(o.code); form && form->taken && inlineTaken(op, *form))
    return;
  if ((o.code == OpCode::core_assert && rules.boolean(graph.operands(op)[0]) == true) ||
      simplifyInPlace(op)) {
    dead.push_back(op);
    drop();
    return;
  }
  keep(op);
  settle(op);
  // The last one first: the stack turns them around.
  std::vector<RegionId> regions = graph.regionsOf(op);
  for (auto region = regions.rbegin(); region != regions.rend(); ++region)
    openRegion(*region, false);
}

void Canonicalizer::run() {
  openRegion(body, false);
  while (!stack.empty()) {
    Open &top = stack.back();
    if (top.next == graph.region(top.region).body.size()) {
      closeRegion();
      continue;
    }
    visit(graph.region(top.region).body[top.next++]);
  }
  // Only now: an inlined region's operations have found their new place.
  for (OpId op : dead)
    graph.erase(op);
}

Status Canonicalize::run(Module &module, PassContext &context) {
  Folder folder(module, context.limits);
  for (const std::unique_ptr<Function> &function : module.functions)
    Canonicalizer(module, *function, folder, context).run();
  return success();
}

std::unique_ptr<Pass> xcs::createCanonicalize() { return std::make_unique<Canonicalize>(); }
