#include "IR/Verify/VerifyContext.h"

using namespace xcs;

namespace {

/// The calls of each function side by side: what leaves function f is `edges[first[f]]` to `edges[first[f +
/// 1]]`.
struct Adjacency {
  std::vector<uint32_t> first, edges;

  /// `key` says by which end of an edge to group.
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

/// Depth-first over the call graph, with a stack of its own: a chain of calls may be as long as the text.
class CycleSearch {
public:
  explicit CycleSearch(VerifyContext &context)
      : context(context), outgoing(context.calls, context.module.functions.size(),
                                   [](const CallEdge &call) { return call.caller; }),
        state(context.module.functions.size(), State::New), position(state.size()) {}

  void run() {
    for (uint32_t f = 0; f < state.size(); ++f)
      if (state[f] == State::New)
        visit(f);
  }

private:
  enum class State : uint8_t { New, Open, Done };
  struct Visit {
    uint32_t function, next; // position in outgoing.edges
  };

  void visit(uint32_t root) {
    open(root);
    while (!path.empty()) {
      Visit &top = path.back();
      if (top.next == outgoing.first[top.function + 1]) {
        state[top.function] = State::Done;
        path.pop_back();
        continue;
      }
      const CallEdge &call = context.calls[outgoing.edges[top.next++]];
      if (state[call.callee] == State::New)
        open(call.callee);
      else if (state[call.callee] == State::Open)
        report(call);
    }
  }

  void open(uint32_t function) {
    state[function] = State::Open;
    position[function] = path.size();
    path.push_back({function, outgoing.first[function]});
  }

  std::string name(uint32_t function) const {
    return context.symbolText(context.module.functions[function]->symbol);
  }

  void report(const CallEdge &closing) {
    constexpr size_t shown = 8; // functions of a long cycle
    size_t begin = position[closing.callee];
    std::string cycle;
    for (size_t i = begin; i < path.size() && i < begin + shown; ++i)
      cycle += name(path[i].function) + " -> ";
    if (path.size() > begin + shown)
      cycle += "(" + std::to_string(path.size() - begin - shown) + " more) -> ";
    cycle += name(closing.callee);
    context.error(Diag::Recursion, closing.location, {name(closing.callee), cycle});
  }

  VerifyContext &context;
  Adjacency outgoing;
  std::vector<State> state;
  std::vector<size_t> position; // of an open function in `path`
  std::vector<Visit> path;
};

} // namespace

/// Extends `writes` from the functions that write themselves to all their callers.
static void propagateWrites(VerifyContext &context) {
  Adjacency incoming(context.calls, context.module.functions.size(),
                     [](const CallEdge &call) { return call.callee; });
  std::vector<uint32_t> pending;
  for (uint32_t f = 0; f < context.writes.size(); ++f)
    if (context.writes[f])
      pending.push_back(f);
  while (!pending.empty()) {
    uint32_t f = pending.back();
    pending.pop_back();
    for (uint32_t i = incoming.first[f]; i < incoming.first[f + 1]; ++i) {
      uint32_t caller = context.calls[incoming.edges[i]].caller;
      if (!context.writes[caller]) {
        context.writes[caller] = true;
        pending.push_back(caller);
      }
    }
  }
}

void xcs::checkCalls(VerifyContext &context) {
  if (context.calls.empty())
    return;
  CycleSearch(context).run();
  propagateWrites(context);
  for (const CallEdge &call : context.calls) {
    if (call.refusal.reason == WriteRefusal::Reason::None || !context.writes[call.callee])
      continue;
    StringId callee = context.module.functions[call.callee]->symbol;
    reportRefusedWrite(context, call.location, "call " + context.symbolText(callee), call.refusal);
  }
}
