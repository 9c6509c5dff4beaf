#pragma once
#include "xcs/Frontend/Operations.h"
#include "xcs/Frontend/Traced.h"

// Control flow that depends on values of a run. The bodies are lambdas that get handles and are run once,
// while the program is written down; what they return is what the region yields.

namespace xcs {

namespace tracing {

/// Runs a body as a region with arguments of types `P`.
template <class... P, class F>
void region(RegionOp &op, F &body, const Origin &at, OpCode terminator = OpCode::core_yield) {
  const std::vector<TypeMaker> types = {typeMaker<P>()...};
  std::vector<Handle> given;
  if (!op.begin(types, given))
    return;
  [&]<size_t... I>(std::index_sequence<I...>) {
    const std::vector<Operand> yielded = resultsOf(body, at, madeHandle<P>(given[I])...);
    op.end(yielded, terminator);
  }(std::index_sequence_for<P...>());
}

/// The results of an operation as those of a function that gives `R`.
template <class R> R resultsOfOp(const RegionOp &op) {
  if constexpr (!std::is_void_v<R>) {
    const size_t count = resultTypes<R>().size();
    std::vector<Handle> results;
    for (size_t i = 0; i < count; ++i)
      results.push_back(op.result(i));
    return ResultsForm<R>::made(results);
  }
}

template <class F, class... P> using BodyResult = ResultsOf<std::invoke_result_t<F &, const P &...>>;

/// A list of each result of a body.
template <class R> struct ListsForm {
  using type = List<R>;
};
template <class... X> struct ListsForm<std::tuple<X...>> {
  using type = std::tuple<List<X>...>;
};
template <class R> using ListsOf = typename ListsForm<R>::type;

/// The state of a loop: one value, or several as a tuple.
template <class S> struct StateForm;
template <class... X> struct StateForm<std::tuple<X...>> {
  using type = std::tuple<HandleOf<X>...>;
};
template <class S> struct StateForm {
  using type = std::tuple<HandleOf<S>>;
};
template <class S> using StateOf = typename StateForm<S>::type;

template <class S> void addState(const S &initial, const Origin &at, std::vector<Operand> &operands) {
  ResultsForm<S>::operands(ResultsOf<S>(initial), at, operands);
}

/// An operation that runs one body for each element of a list.
template <class R, class T, class A, class F>
R overList(OpCode code, const A &list, F &body, const Attributes *attributes, const Origin &at) {
  const Operand operands[] = {operandOf<List<T>>(asHandle<List<T>>(list, at), at)};
  RegionOp op({code, operands, attributes, nullptr, at}, resultTypes<R>());
  region<T>(op, body, at);
  return resultsOfOp<R>(op);
}

} // namespace tracing

/// Runs the body for each element, side by side; the results are in the order of the list.
template <class A, class F, class T = ElementOf<A>>
auto map(const A &list, F body, const MapOptions &options = {}, const Origin &at = Origin::current()) {
  const Attributes attributes = attributesOf(options);
  using R = tracing::ListsOf<tracing::BodyResult<F, T>>;
  return tracing::overList<R, T>(OpCode::core_map, list, body, &attributes, at);
}

/// The elements for which the body is true.
template <class A, class F, class T = ElementOf<A>>
List<T> filter(const A &list, F body, const FilterOptions &options = {},
               const Origin &at = Origin::current()) {
  const Attributes attributes = attributesOf(options);
  return tracing::overList<List<T>, T>(OpCode::core_filter, list, body, &attributes, at);
}

/// The elements for which the body is true, and the others.
template <class A, class F, class T = ElementOf<A>>
std::tuple<List<T>, List<T>> partition(const A &list, F body, const PartitionOptions &options = {},
                                       const Origin &at = Origin::current()) {
  const Attributes attributes = attributesOf(options);
  return tracing::overList<std::tuple<List<T>, List<T>>, T>(OpCode::core_partition, list, body, &attributes,
                                                            at);
}

/// The elements, sorted by the keys that the body gives.
template <class A, class F, class T = ElementOf<A>>
List<T> sortBy(const A &list, F body, const SortByOptions &options = {},
               const Origin &at = Origin::current()) {
  const Attributes attributes = attributesOf(options);
  return tracing::overList<List<T>, T>(OpCode::core_sort_by, list, body, &attributes, at);
}

/// The elements by the keys that the body gives.
template <class A, class F, class T = ElementOf<A>>
auto groupBy(const A &list, F body, const GroupByOptions &options = {},
             const Origin &at = Origin::current()) {
  const Attributes attributes = attributesOf(options);
  using R = Dict<tracing::BodyResult<F, T>, List<T>>;
  return tracing::overList<R, T>(OpCode::core_group_by, list, body, &attributes, at);
}

/// Combines the elements with the body, in order, beginning with `initial`.
template <class A, class F, class T = ElementOf<A>>
T reduce(const A &list, const std::type_identity_t<T> &initial, F body, const ReduceOptions &options = {},
         const Origin &at = Origin::current()) {
  const Attributes attributes = attributesOf(options);
  const Operand operands[] = {operandOf<List<T>>(asHandle<List<T>>(list, at), at), operandOf<T>(initial, at)};
  tracing::RegionOp op({OpCode::core_reduce, operands, &attributes, nullptr, at}, resultTypes<T>());
  tracing::region<T, T>(op, body, at);
  return tracing::resultsOfOp<T>(op);
}

namespace tracing {

template <class R, class T, class A, class S, class F>
R inTurn(OpCode code, const A &list, const S &initial, F &body, const Origin &at) {
  std::vector<Operand> operands = {operandOf<List<T>>(asHandle<List<T>>(list, at), at)};
  addState(initial, at, operands);
  RegionOp op({code, operands, nullptr, nullptr, at}, resultTypes<R>());
  [&]<class... X>(std::type_identity<std::tuple<X...>>) {
    region<T, X...>(op, body, at);
  }(std::type_identity<StateOf<S>>());
  return resultsOfOp<R>(op);
}

} // namespace tracing

/// Runs the body for each element in turn. It gets the element and the state, one value or as many as
/// `initial`, a tuple, has; and returns the next state. The result is the last state.
template <class A, class S, class F, class T = ElementOf<A>>
auto loop(const A &list, const S &initial, F body, const Origin &at = Origin::current()) {
  return tracing::inTurn<ResultsOf<S>, T>(OpCode::core_for, list, initial, body, at);
}

/// Like `loop`, but each result is the list of all states.
template <class A, class S, class F, class T = ElementOf<A>>
auto scan(const A &list, const S &initial, F body, const Origin &at = Origin::current()) {
  using R = tracing::ListsOf<ResultsOf<S>>;
  return tracing::inTurn<R, T>(OpCode::core_scan, list, initial, body, at);
}

/// What the body of a `loop` without a list returns: whether to run it again, and the next state.
template <class... X> struct Again {
  Bool go;
  std::tuple<X...> state;
};
template <class... X> Again<HandleOf<X>...> continueIf(const Bool &go, const X &...state) {
  return {go, {HandleOf<X>(state)...}};
}
template <class... X> struct ResultsForm<Again<X...>> {
  using type = Again<X...>;
  static void operands(const type &given, const Origin &at, std::vector<Operand> &out) {
    out.push_back(operandOf<Bool>(given.go, at));
    ResultsForm<std::tuple<X...>>::operands(given.state, at, out);
  }
};

/// Runs the body, which gets the state, until it says `continueIf(false, ...)`; at least once, and at most
/// `maxTrips` times.
template <class S, class F>
ResultsOf<S> loop(const S &initial, F body, const LoopOptions &options,
                  const Origin &at = Origin::current()) {
  std::vector<Operand> operands;
  tracing::addState(initial, at, operands);
  const Attributes attributes = attributesOf(options);
  tracing::RegionOp op({OpCode::core_while, operands, &attributes, nullptr, at}, resultTypes<ResultsOf<S>>());
  [&]<class... X>(std::type_identity<std::tuple<X...>>) {
    tracing::region<X...>(op, body, at, OpCode::core_continue);
  }(std::type_identity<tracing::StateOf<S>>());
  return tracing::resultsOfOp<ResultsOf<S>>(op);
}

/// Runs one of two bodies, which give the same types. The other one makes no call.
template <class F, class G>
auto cond(const Bool &condition, F then, G otherwise, const Origin &at = Origin::current()) {
  using R = tracing::BodyResult<F>;
  static_assert(std::is_same_v<R, tracing::BodyResult<G>>,
                "both bodies of xcs::cond must give the same type: write Str(\"...\"), I64(0), ...");
  const Operand operands[] = {operandOf<Bool>(condition, at)};
  tracing::RegionOp op({OpCode::core_if, operands, nullptr, nullptr, at}, resultTypes<R>());
  tracing::region<>(op, then, at);
  tracing::region<>(op, otherwise, at);
  return tracing::resultsOfOp<R>(op);
}

/// Runs the body if the condition is true.
template <class F> void cond(const Bool &condition, F then, const Origin &at = Origin::current()) {
  static_assert(std::is_void_v<tracing::BodyResult<F>>,
                "xcs::cond with one body gives nothing; add the other");
  const Operand operands[] = {operandOf<Bool>(condition, at)};
  tracing::RegionOp op({OpCode::core_if, operands, nullptr, nullptr, at}, {});
  tracing::region<>(op, then, at);
}

/// A case of `choose`.
template <class F> struct Case {
  Literal value;
  F body;
};
template <class F> Case<F> on(Literal value, F body) { return {std::move(value), std::move(body)}; }

/// Runs the body of the case that a Str, I64 or Bool equals, or `otherwise`:
/// `choose(kind, otherwise, on("a", f), on("b", g))`.
template <class G, class... F> auto choose(const Any &value, G otherwise, Case<F>... cases) {
  using R = tracing::BodyResult<G>;
  static_assert((std::is_same_v<R, tracing::BodyResult<F>> && ...),
                "all cases of xcs::choose must give the same type: write Str(\"...\"), I64(0), ...");
  Attributes attributes;
  attributes.add("cases", Literal::list({cases.value...}));
  tracing::RegionOp op({OpCode::core_switch, {&value.operand, 1}, &attributes, nullptr, value.at},
                       resultTypes<R>());
  (tracing::region<>(op, cases.body, value.at), ...);
  tracing::region<>(op, otherwise, value.at);
  return tracing::resultsOfOp<R>(op);
}

/// Runs the body; a failure in it becomes a value.
template <class F>
auto attempt(F body, const AttemptOptions &options = {}, const Origin &at = Origin::current()) {
  using R = tracing::BodyResult<F>;
  const Attributes attributes = attributesOf(options);
  tracing::RegionOp op({OpCode::core_try, {}, &attributes, nullptr, at}, resultTypes<Outcome<R>>());
  tracing::region<>(op, body, at);
  return tracing::resultsOfOp<Outcome<R>>(op);
}

/// The options of `race`, which know where it is written: `race({.take = 2}, f, g)`.
struct RaceSettings {
  std::optional<int64_t> take = {};
  bool majority = false;
  Origin at = Origin::current();
};

/// Runs the bodies side by side, gives what the first `take` of them to succeed give, in the order in which
/// they are written, and cancels the others.
template <class F, class... G> auto race(const RaceSettings &options, F first, G... others) {
  using R = tracing::BodyResult<F>;
  static_assert((std::is_same_v<R, tracing::BodyResult<G>> && ...),
                "all bodies of xcs::race must give the same type: write Str(\"...\"), I64(0), ...");
  const Attributes attributes = attributesOf(RaceOptions{.take = options.take, .majority = options.majority});
  tracing::RegionOp op({OpCode::core_race, {}, &attributes, nullptr, options.at}, resultTypes<List<R>>());
  tracing::region<>(op, first, options.at);
  (tracing::region<>(op, others, options.at), ...);
  return tracing::resultsOfOp<List<R>>(op);
}

/// Fails with a message.
inline void fail(const Str &message, const Origin &at = Origin::current()) {
  const Operand operands[] = {operandOf<Str>(message, at)};
  tracing::recordGuard({OpCode::core_fail, operands, nullptr, nullptr, at});
}

/// Fails with a message if the condition is false (`assert`).
inline void require(const Bool &condition, std::string message = {}, const Origin &at = Origin::current()) {
  const Operand operands[] = {operandOf<Bool>(condition, at)};
  Attributes attributes;
  if (!message.empty())
    attributes.add("message", Literal(std::move(message)));
  tracing::recordGuard({OpCode::core_assert, operands, &attributes, nullptr, at});
}

/// A template of `format`, which knows where it is written.
struct Template {
  template <class X>
    requires std::is_convertible_v<const X &, std::string>
  Template(const X &text, const Origin &at = Origin::current()) : text(text), at(at) {}
  std::string text;
  Origin at;
};

/// The template with `{0}`, `{1}`, ... replaced by the values, each as `str.from` shows it (`str.format`).
template <class... X> Str format(const Template &text, const X &...values) {
  const std::vector<Operand> operands = {
      operandOf<HandleOf<X>>(asHandle<HandleOf<X>>(values, text.at), text.at)...};
  Attributes attributes;
  attributes.add("template", Literal(text.text));
  return Str(tracing::record({OpCode::str_format, operands, &attributes, nullptr, text.at}, &Str::typeIn));
}

/// Records a value here and not where it is used first: a literal as a `const`, a member of a record as a
/// `record.get`.
template <class T> T place(const T &value, const Origin &at = Origin::current()) {
  return madeHandle<T>(tracing::place(operandOf<T>(value, at), at));
}

/// Gives the operation that made a value an attribute that any operation may have: `keep`, `hint.latency`,
/// `meta.stage`, ...
template <class T>
const T &annotate(const T &value, std::string_view key, Literal given = {},
                  const Origin &at = Origin::current()) {
  tracing::annotate(value, key, std::move(given), at);
  return value;
}

/// Makes the operation that made `value` start after those that made `earlier` (`after`).
template <class T>
const T &after(const T &value, std::initializer_list<Handle> earlier, const Origin &at = Origin::current()) {
  tracing::orderAfter(value, {earlier.begin(), earlier.size()}, at);
  return value;
}

/// A function of the traced program, which is recorded once and called (`func private`): unlike a function
/// of the host program, which is recorded wherever it runs. It may call itself.
template <class Signature> class NamedFunction;
template <class R, class... P> class NamedFunction<R(P...)> {
public:
  NamedFunction(std::string name, TracedHandles body)
      : shared(std::make_shared<Shared>(Shared{std::move(name), std::move(body)})) {}
  R operator()(const P &...given, const Origin &at = Origin::current()) const {
    const std::vector<Operand> operands = {operandOf<P>(given, at)...};
    const std::vector<TypeMaker> parameters = {typeMaker<P>()...}, results = resultTypes<R>();
    const tracing::Callee callee{shared, shared->name, parameters, results, shared->body};
    const std::vector<Handle> made = tracing::callFunction(callee, operands, at);
    if constexpr (!std::is_void_v<R>)
      return ResultsForm<R>::made(made);
  }

private:
  struct Shared {
    std::string name;
    TracedHandles body;
  };
  std::shared_ptr<const Shared> shared;
};

template <class F, class Signature = typename SignatureOf<F>::type>
NamedFunction<Signature> function(std::string name, F body, const Origin &at = Origin::current()) {
  return NamedFunction<Signature>(std::move(name), TracedBodyOf<Signature>::body(std::move(body), at));
}

} // namespace xcs
