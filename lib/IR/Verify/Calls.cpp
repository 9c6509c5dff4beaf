#include "IR/Verify/VerifyContext.h"
#include "xcs/IR/OpEffects.h"
#include <algorithm>

using namespace xcs;

namespace {

/// The calls grouped by function: the edges of function f are `edges[first[f]]` to `edges[first[f + 1]]`.
struct Adjacency {
  std::vector<uint32_t> first, edges;

  /// `key` selects the end of an edge to group by.
  template <class Key> Adjacency(const std::vector<CallEdge> &calls, size_t functions, Key key) {
    first.assign(functions + 1, 0);
    for (const CallEdge &call : calls)
      ++first[key(call) + 1];
    for (size_t i = 0; i < functions; ++i)
      first[i + 1] += first[i];
    edges.resize(calls.size());
    std::vector<uint32_t> next(first.begin(), first.end() - 1);
    for (uint32_t i = 0; i < calls.size(); ++i)
      edges[next[key(calls[i])]++] = i;
  }
};

/// Finds the groups of functions that call each other (R. Tarjan, "Depth-first search and linear graph
/// algorithms", 1972), with an explicit stack, since a chain of calls may be as long as the text. A function
/// on a cycle must say `recursive`; for each group the first one that does not is reported, with its shortest
/// cycle.
class CycleSearch {
public:
  explicit CycleSearch(VerifyContext &context)
      : context(context), outgoing(context.calls, context.module.functions.size(),
                                   [](const CallEdge &call) { return call.caller; }),
        number(context.module.functions.size(), none), lowest(number), group(number), cameBy(number) {}

  void run() {
    for (uint32_t f = 0; f < number.size(); ++f)
      if (number[f] == none)
        visit(f);
  }

private:
  static constexpr uint32_t none = UINT32_MAX;
  struct Visit {
    uint32_t function, next; // position in outgoing.edges
  };

  void visit(uint32_t root) {
    open(root);
    while (!path.empty()) {
      Visit &top = path.back();
      uint32_t function = top.function;
      if (top.next == outgoing.first[function + 1]) {
        path.pop_back();
        if (!path.empty())
          lowest[path.back().function] = std::min(lowest[path.back().function], lowest[function]);
        if (lowest[function] == number[function])
          closeGroup(function);
        continue;
      }
      uint32_t callee = context.calls[outgoing.edges[top.next++]].callee;
      if (number[callee] == none)
        open(callee);
      else if (group[callee] == none)
        lowest[function] = std::min(lowest[function], number[callee]);
    }
  }

  void open(uint32_t function) {
    number[function] = lowest[function] = numbered++;
    path.push_back({function, outgoing.first[function]});
    ungrouped.push_back(function);
  }

  /// The functions opened since the group's first one belong to it, unless they already have a group.
  void closeGroup(uint32_t first) {
    uint32_t unmarked = none;
    for (uint32_t function = none; function != first;) {
      function = ungrouped.back();
      ungrouped.pop_back();
      group[function] = first;
      if (!flagAttr(context.view, context.module.functions[function]->attributes, Attribute::recursive))
        unmarked = std::min(unmarked, function);
    }
    if (unmarked != none)
      reportCycle(unmarked);
  }

  /// Reports the shortest cycle from a function back to itself, if there is one: breadth-first in its group.
  void reportCycle(uint32_t start) {
    std::vector<uint32_t> reached{start};
    for (size_t i = 0; i < reached.size(); ++i)
      for (uint32_t e = outgoing.first[reached[i]]; e < outgoing.first[reached[i] + 1]; ++e) {
        const CallEdge &call = context.calls[outgoing.edges[e]];
        if (call.callee == start)
          return report(start, reached[i], call);
        if (group[call.callee] != group[start] || cameBy[call.callee] != none)
          continue;
        cameBy[call.callee] = reached[i];
        reached.push_back(call.callee);
      }
  }

  std::string name(uint32_t function) const {
    return context.symbolText(context.module.functions[function]->symbol);
  }

  void report(uint32_t start, uint32_t last, const CallEdge &closing) {
    constexpr size_t shown = 8; // functions shown of a long cycle
    std::vector<uint32_t> cycle;
    for (uint32_t f = last; f != start; f = cameBy[f])
      cycle.push_back(f);
    cycle.push_back(start);
    std::string text;
    for (size_t i = 0; i < cycle.size() && i < shown; ++i)
      text += name(cycle[cycle.size() - 1 - i]) + " -> ";
    if (cycle.size() > shown)
      text += "(" + std::to_string(cycle.size() - shown) + " more) -> ";
    context.error(Diag::Recursion, closing.location, {name(start), text + name(start)});
  }

  VerifyContext &context;
  Adjacency outgoing;
  std::vector<uint32_t> number,
      lowest;                   // by function: the order of the visits, and the first one it leads back to
  std::vector<uint32_t> group;  // by function: the first function of its group; none while it is open
  std::vector<uint32_t> cameBy; // by function: its caller, in the search for a cycle
  std::vector<uint32_t> ungrouped;
  uint32_t numbered = 0;
  std::vector<Visit> path;
};

} // namespace

/// Propagates what functions do themselves, such as to write, to all their callers.
static void propagate(const VerifyContext &context, std::vector<bool> &does) {
  Adjacency incoming(context.calls, context.module.functions.size(),
                     [](const CallEdge &call) { return call.callee; });
  std::vector<uint32_t> pending;
  for (uint32_t f = 0; f < does.size(); ++f)
    if (does[f])
      pending.push_back(f);
  while (!pending.empty()) {
    uint32_t f = pending.back();
    pending.pop_back();
    for (uint32_t i = incoming.first[f]; i < incoming.first[f + 1]; ++i) {
      uint32_t caller = context.calls[incoming.edges[i]].caller;
      if (!does[caller]) {
        does[caller] = true;
        pending.push_back(caller);
      }
    }
  }
}

void xcs::checkCalls(VerifyContext &context) {
  if (context.calls.empty())
    return;
  CycleSearch(context).run();
  propagate(context, context.writes);
  propagate(context, context.asks);
  for (const CallEdge &call : context.calls) {
    const bool writes = call.refusal.reason != WriteBan::None && context.writes[call.callee];
    const bool asks = call.cutOff.reason != WriteBan::None && context.asks[call.callee];
    if (!writes && !asks)
      continue;
    const std::string callee = "call " + context.symbolText(context.module.functions[call.callee]->symbol);
    if (writes)
      reportRefusedWrite(context, call.location, callee, call.refusal);
    if (asks)
      reportCutOffQuestion(context, call.location, callee, call.cutOff);
  }
}
