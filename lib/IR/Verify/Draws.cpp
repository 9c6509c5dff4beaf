#include "IR/Verify/FunctionVerifier.h"
#include "xcs/IR/DrawNames.h"
#include <algorithm>
#include <tuple>

using namespace xcs;

/// Names of draws, written in the program or assigned by `assignDraws`, must differ within a function:
/// otherwise two executions would share one identity.
void FunctionVerifier::checkDraw(OpId op) {
  const DictId attributes = graph->operation(op).attributes;
  const bool isQuestion = graph->operation(op).code == OpCode::ask_human;
  if (const StringId names = graph->drawName(op)) {
    if (!isListOfDrawNames(view.text(names)))
      return checkDrawName(op, names, Diag::DuplicateDraw);
    return forEachDrawName(view.text(names), [&](std::string_view name) {
      if (const StringId known = context.module.pool.lookup(name))
        checkDrawName(op, known, Diag::DuplicateDraw);
    });
  }
  if (!attributes || !hasAttr(graph->operation(op).code, Attribute::draw))
    return;
  const AttrId written = view.find(attributes, Attribute::draw);
  if (!written && isQuestion) { // its name is that of its draw
    const AttrId name = view.find(attributes, Attribute::name);
    if (name && view.attr(name).kind == AttrKind::Str)
      checkDrawName(op, view.symbolOf(name), Diag::DuplicateQuestion);
    return;
  }
  if (!written || !fitsAttrType(view, written, AttrType::Names))
    return;
  if (view.attr(written).kind == AttrKind::Str)
    return checkDrawName(op, view.symbolOf(written), Diag::DuplicateDraw);
  for (AttrId name : view.items(written))
    checkDrawName(op, view.symbolOf(name), Diag::DuplicateDraw);
}

void FunctionVerifier::checkDrawName(OpId op, StringId name, Diag twice) {
  auto [first, isNew] = draws.try_emplace(name.index, op);
  if (isNew) {
    anyPath = anyPath || view.text(name).find('/') != std::string_view::npos;
    return;
  }
  const std::string quoted = "\"" + std::string(view.text(name)) + "\"";
  error(twice, op, {quoted});
  error(Diag::FirstDefinedHere, first->second, {quoted});
}

/// `a/b` is the draw `b` of what the call `a` calls; a draw beside that call with the same name would be the
/// same. So no name begins with that of a call and a `/`: then the paths of all draws differ, whatever the
/// callees draw, since of two equal paths that begin with different names one name begins with the other.
void FunctionVerifier::checkDrawPaths() {
  if (!anyPath)
    return;
  std::unordered_map<uint64_t, StringId> calls; // by the hash of their name
  for (const auto &[name, op] : draws)
    if (graph->operation(op).code == OpCode::core_call)
      calls.emplace(DrawNameHash::of(view.text(StringId(name))), StringId(name));
  if (calls.empty())
    return;
  struct Wrong {
    OpId op;
    StringId name, call;
  };
  std::vector<Wrong> wrong;
  for (const auto &[name, op] : draws)
    forEachPrefix(view.text(StringId(name)), [&](const DrawPrefix &prefix) {
      auto call = calls.find(prefix.hash);
      if (call != calls.end() && view.text(call->second) == prefix.text)
        wrong.push_back({op, StringId(name), call->second});
    });
  std::ranges::sort(wrong, [](const Wrong &a, const Wrong &b) {
    return std::tie(a.op.index, a.call.index) < std::tie(b.op.index, b.call.index);
  });
  for (const Wrong &w : wrong) {
    const OpId call = draws.at(w.call.index);
    const std::string callee = displayName(call);
    error(Diag::DrawOfCall, w.op, {view.text(w.name), callee, view.text(w.call)});
    error(Diag::OwnerIsHere, call, {callee});
  }
}
