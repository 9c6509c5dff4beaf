#include "xcs/IR/OpEffects.h"
#include "xcs/IR/Verifier.h"

using namespace xcs;

/// What a shell would make of a path, in words; empty: nothing.
static std::string expansionIn(std::string_view path) {
  if (path == "~" || path.starts_with("~/"))
    return "nothing puts a home directory in place of `~`";
  if (path.find_first_of("*?") != path.npos)
    return std::string("nothing expands `") + path[path.find_first_of("*?")] + "`";
  for (size_t at = path.find('$'); at != path.npos; at = path.find('$', at + 1)) {
    const char next = at + 1 < path.size() ? path[at + 1] : ' ';
    if (next == '{' || next == '_' || (next >= 'A' && next <= 'Z') || (next >= 'a' && next <= 'z'))
      return "nothing puts the value of a variable in place of `$`";
  }
  return {};
}

namespace {
struct Warnings {
  const Module &module;
  DiagnosticEngine &diagnostics;
  const ConstantView view = module.pool.view();

  void path(Location at, AttrId text, std::string_view where, OpCode code) {
    if (!text || view.attr(text).kind != AttrKind::Str)
      return;
    const std::string_view path = view.textAttr(text);
    if (const std::string what = expansionIn(path); !what.empty())
      diagnostics.report(Diag::LiteralPath, at, {path, where, rowOf(code).name, what});
  }

  /// The paths that an `exec.run` names.
  void program(const Operation &op) {
    path(op.location, view.find(op.attributes, Attribute::cwd), "`cwd`", op.code);
    for (Attribute list : {Attribute::reads, Attribute::writes})
      if (AttrId paths = view.find(op.attributes, list); paths && view.attr(paths).kind == AttrKind::List)
        for (AttrId one : view.items(paths))
          path(op.location, one, "`" + std::string(nameOf(list)) + "`", op.code);
  }

  /// The constant paths of an operation on files.
  void file(const ComputationGraph &graph, OpId id) {
    for (const PathOperand &at : pathOperands(graph.operation(id).code)) {
      const std::span<const ValueRef> operands = graph.operands(id);
      const OpId source =
          operands.size() <= at.operand ? OpId() : graph.value(operands[at.operand]).definedBy;
      if (source && graph.operation(source).code == OpCode::core_const)
        path(graph.operation(id).location, view.find(graph.operation(source).attributes, Attribute::value),
             "the path", graph.operation(id).code);
    }
  }

  void model(const Resource &resource) {
    AttrId url = view.find(resource.attributes, Attribute::url);
    if (!url || view.attr(url).kind != AttrKind::Str)
      return;
    std::string_view stem = view.textAttr(url);
    stem = stem.substr(0, stem.find('?'));
    while (stem.ends_with('/'))
      stem.remove_suffix(1);
    for (std::string_view end : {"/chat/completions", "/embeddings"})
      if (stem.ends_with(end))
        diagnostics.report(Diag::UrlWithPath, resource.location, {view.text(resource.symbol), end});
  }
};
} // namespace

void xcs::warn(const Module &module, DiagnosticEngine &diagnostics) {
  Warnings warnings{module, diagnostics};
  for (const Resource &resource : module.resources)
    if (resource.kind == ResourceKind::Model)
      warnings.model(resource);
  for (const auto &function : module.functions)
    for (uint32_t i = 0; i < function->graph.operationCount(); ++i) {
      const OpId id(i);
      const Operation &op = function->graph.operation(id);
      if (function->graph.erased(id))
        continue;
      if (op.code == OpCode::exec_run)
        warnings.program(op);
      else
        warnings.file(function->graph, id);
    }
}
