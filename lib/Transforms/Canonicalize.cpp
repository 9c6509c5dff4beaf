#include "Transforms/CannotFail.h"
#include "Transforms/Folding.h"
#include "Transforms/Passes.h"
#include "Transforms/Simplify.h"
#include "xcs/Ops/ConstantPool.h"
#include "xcs/Ops/RegionForm.h"

using namespace xcs;

namespace {
/// Makes each operation as simple as its operands allow. Constants are folded with the kernels used at run
/// time, the identities of Simplify.h are applied, an `if` or `switch` of a constant is replaced by the
/// region it takes, and an `assert` of true is removed. Legal because nothing observable changes: an
/// operation that would fail stays, one with `after` stays, and no use of a value that could fail or take
/// time is removed. One sweep in program order; a second one changes nothing more.
class Canonicalize : public Pass {
public:
  Result<Change> run(Module &module, PassContext &context) override;
};

class Canonicalizer {
public:
  Canonicalizer(Module &module, Function &function, Folder &folder, RecordFields &fields,
                PassContext &context)
      : module(module), graph(function.graph), context(context), body(function.body), replacements(graph),
        settled(graph.valueCount()), rules(module, graph, fields, settled), folder(folder), rewriter(graph) {}
  /// Returns whether anything changed.
  bool run() { return rewriter.run(body, *this) || changed; }

  // Visitor of BodyRewriter.
  void beginRegion(RegionId region);
  void visit(OpId op);
  void endRegion(RegionId region);

private:
  /// The terminator of a region; none if it was omitted, as it may be in a region without results.
  OpId endOf(RegionId region) const {
    OpId last = graph.terminator(region);
    return last && isTerminator(graph.operation(last).code) ? last : OpId();
  }
  bool unwrapTaken(OpId op, const RegionForm &form);
  void remarkFolded(OpId op, AttrId constant);
  bool simplifyInPlace(OpId op);
  void makeConstant(OpId op, AttrId value);
  void settle(OpId op);

  Module &module;
  ComputationGraph &graph;
  PassContext &context;
  RegionId body;
  ValueReplacements replacements;
  std::vector<uint8_t> settled; // by value; see SimplifyContext::isSettled
  SimplifyContext rules;
  Folder &folder;
  BodyRewriter rewriter;
  bool changed = false; // in place
};
} // namespace

void Canonicalizer::beginRegion(RegionId region) {
  for (ValueRef argument : graph.arguments(region))
    settled[argument.index] = true; // a region starts when its arguments are available
}

/// The operations of an unwrapped region are now in the enclosing one; its `yield` defined the results of its
/// owner.
void Canonicalizer::endRegion(RegionId region) {
  if (!rewriter.inUnwrapped())
    return;
  OpId owner = graph.region(region).parent, end = endOf(region);
  for (size_t i = 0; i != graph.results(owner).size(); ++i)
    replacements.replace(graph.results(owner)[i], graph.operands(end)[i]);
}

void Canonicalizer::makeConstant(OpId op, AttrId value) {
  DictEntry entry{module.pool.intern(nameOf(Attribute::value)), value};
  graph.setCode(op, OpCode::core_const);
  graph.setOperands(op, {}, {});
  graph.setAttributes(op, module.pool.dict({&entry, 1}));
  settle(op);
  changed = true;
}

/// Whether nothing that an operation's results depend on can fail or take time.
void Canonicalizer::settle(OpId op) {
  bool good = graph.operation(op).orderCount == 0 && cannotFail(module.pool.view(), graph, op);
  for (ValueRef v : graph.operands(op))
    good = good && settled[v.index];
  for (ValueRef v : graph.results(op))
    settled[v.index] = good;
}

/// Replaces an operation with several regions by the one that it always takes, or drops it if it takes none.
bool Canonicalizer::unwrapTaken(OpId op, const RegionForm &form) {
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
  if (end && graph.operation(end).orderCount != 0) // users of the results must wait for that too
    return false;
  context.diagnostics.report(Diag::InlinedRegion, o.location,
                             {rowOf(o.code).name, printAttr(view, rules.constant(graph.operands(op)[0]))});
  context.count("operations replaced by the region they take");
  if (taken)
    rewriter.unwrap(op, taken);
  else
    rewriter.drop(op);
  return true;
}

void Canonicalizer::remarkFolded(OpId op, AttrId constant) {
  if (context.diagnostics.shows(Diag::Folded))
    context.diagnostics.report(
        Diag::Folded, graph.operation(op).location,
        {rowOf(graph.operation(op).code).name, "`" + printAttr(module.pool.view(), constant) + "`"});
}

/// Applies rules and folding; returns whether the operation is no longer needed.
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
    remarkFolded(op, simple.constant);
    makeConstant(op, simple.constant);
    return false;
  }
  Folded folded = folder.fold(graph, op);
  if (folded.constant) {
    context.count("operations folded");
    remarkFolded(op, folded.constant);
    makeConstant(op, folded.constant);
  } else if (!folded.failure.empty()) {
    context.diagnostics.report(Diag::NotFolded, o.location, {rowOf(o.code).name, folded.failure});
  }
  return false;
}

void Canonicalizer::visit(OpId op) {
  replacements.update(graph, op);
  const Operation &o = graph.operation(op);
  if (isTerminator(o.code))
    return rewriter.keep(op);
  if (const RegionForm *form = regionForm(o.code); form && form->taken && unwrapTaken(op, *form))
    return;
  if ((o.code == OpCode::core_assert && rules.boolean(graph.operands(op)[0]) == true) || simplifyInPlace(op))
    return rewriter.drop(op);
  settle(op);
  rewriter.keep(op);
}

Result<Change> Canonicalize::run(Module &module, PassContext &context) {
  Folder folder(module, context.limits);
  RecordFields fields;
  bool changed = false;
  for (const std::unique_ptr<Function> &function : module.functions)
    changed |= Canonicalizer(module, *function, folder, fields, context).run();
  return changed ? Change::Program : Change::Nothing;
}

std::unique_ptr<Pass> xcs::createCanonicalize() { return std::make_unique<Canonicalize>(); }
