#pragma once
#include "xcs/Frontend/Containers.h"
#include "xcs/Frontend/TraceFunction.h"
#include <exception>
#include <tuple>

namespace xcs {

/// What a function of the host program gives, as handles: nothing, one, or several as a tuple.
template <class R> struct ResultsForm {
  using type = HandleOf<R>;
  static void types(std::vector<TypeMaker> &out) { out.push_back(typeMaker<type>()); }
  static void operands(const type &given, const Origin &at, std::vector<Operand> &out) {
    out.push_back(operandOf<type>(given, at));
  }
  static type made(std::span<const Handle> results) { return madeHandle<type>(results[0]); }
};
template <> struct ResultsForm<void> {
  using type = void;
  static void types(std::vector<TypeMaker> &) {}
};
template <class... X> struct ResultsForm<std::tuple<X...>> {
  using type = std::tuple<HandleOf<X>...>;
  static void types(std::vector<TypeMaker> &out) { (out.push_back(typeMaker<HandleOf<X>>()), ...); }
  static void operands(const type &given, const Origin &at, std::vector<Operand> &out) {
    std::apply(
        [&](const auto &...one) {
          (out.push_back(operandOf<std::remove_cvref_t<decltype(one)>>(one, at)), ...);
        },
        given);
  }
  static type made(std::span<const Handle> results) {
    return [&]<size_t... I>(std::index_sequence<I...>) {
      return type{madeHandle<HandleOf<X>>(results[I])...};
    }(std::index_sequence_for<X...>());
  }
};
template <class A, class B> struct ResultsForm<std::pair<A, B>> : ResultsForm<std::tuple<A, B>> {};
template <class R> using ResultsOf = typename ResultsForm<std::remove_cvref_t<R>>::type;
template <class R> std::vector<TypeMaker> resultTypes() {
  std::vector<TypeMaker> types;
  ResultsForm<std::remove_cvref_t<R>>::types(types);
  return types;
}

/// Runs a function of the host program with handles and gives its results as operands.
template <class F, class... P>
std::vector<Operand> resultsOf(F &body, const Origin &at, const P &...arguments) {
  using R = std::remove_cvref_t<std::invoke_result_t<F &, const P &...>>;
  std::vector<Operand> operands;
  if constexpr (std::is_void_v<R>)
    body(arguments...);
  else
    ResultsForm<R>::operands(ResultsOf<R>(body(arguments...)), at, operands);
  return operands;
}

/// The types of a function: of a function, of a lambda that is not generic, or given by its parameters.
template <class F> struct SignatureOf {};
template <class F>
  requires requires { &F::operator(); }
struct SignatureOf<F> : SignatureOf<decltype(&F::operator())> {};
template <class R, class... P> struct SignatureOf<R (*)(P...)> {
  using Result = ResultsOf<R>;
  using type = Result(HandleOf<P>...);
};
template <class R, class... P> struct SignatureOf<R(P...)> : SignatureOf<R (*)(P...)> {};
template <class C, class R, class... P>
struct SignatureOf<R (C::*)(P...) const> : SignatureOf<R (*)(P...)> {};
template <class C, class R, class... P> struct SignatureOf<R (C::*)(P...)> : SignatureOf<R (*)(P...)> {};

/// The body of a traced function as the tracer sees it: handles of its parameters in, operands out.
using TracedHandles = std::function<std::vector<Operand>(std::span<const Handle>)>;

template <class Signature> struct TracedBodyOf;
template <class R, class... P> struct TracedBodyOf<R(P...)> {
  static std::vector<TypeMaker> parameters() { return {typeMaker<P>()...}; }
  static std::vector<TypeMaker> results() { return resultTypes<R>(); }

  /// An exception of the host program is a mistake of the trace: it must not cross what is built without.
  template <class F> static TracedHandles body(F function, const Origin &at) {
    return [function = std::move(function), at](std::span<const Handle> given) mutable {
#if defined(__cpp_exceptions)
      try {
        return run(function, at, given, std::index_sequence_for<P...>());
      } catch (const std::exception &thrown) {
        tracing::refuse(Diag::TraceThrew, {thrown.what()}, at);
      } catch (...) {
        tracing::refuse(Diag::TraceThrew, {"not a std::exception"}, at);
      }
      return std::vector<Operand>();
#else
      return run(function, at, given, std::index_sequence_for<P...>());
#endif
    };
  }

private:
  template <class F, size_t... I>
  static std::vector<Operand> run(F &function, const Origin &at,
                                  [[maybe_unused]] std::span<const Handle> given, std::index_sequence<I...>) {
    return resultsOf(function, at, madeHandle<P>(given[I])...);
  }
};

/// How a function is traced.
struct TraceSettings {
  std::string name = "main";                // of the function in the program
  std::vector<std::string> parameters = {}; // their names; without: p0, p1, ...
  Limits limits = {};
};

/// A traced function. After a mistake the module is null, and `error` says where it was made.
struct Traced {
  std::unique_ptr<Module> module;
  TraceError error;
  std::vector<std::shared_ptr<const void>> needed; // functions of the host that it calls
};

/// Runs the body once and records it.
Traced traceHandles(const TracedHandles &body, std::span<const TypeMaker> parameters,
                    std::span<const TypeMaker> results, const TraceSettings &settings, const Origin &at);

/// The same of a function that takes and returns handles: `traceFunction([](Str question) { ... })`. Loops,
/// recursion and helper functions of the host program simply run.
template <class F, class Signature = typename SignatureOf<F>::type>
  requires(!std::is_convertible_v<F, TracedBody>)
Traced traceFunction(F function, const TraceSettings &settings = {}, const Origin &at = Origin::current()) {
  using Body = TracedBodyOf<Signature>;
  return traceHandles(Body::body(std::move(function), at), Body::parameters(), Body::results(), settings, at);
}

} // namespace xcs
