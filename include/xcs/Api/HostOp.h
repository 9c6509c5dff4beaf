#pragma once
#include "xcs/Frontend/Combinators.h"
#include "xcs/Frontend/HostForm.h"
#include "xcs/World/HostCallables.h"
#include <cmath>
#include <limits>

namespace xcs {

/// A function of the host program that has a name for the plans of the process.
struct HostFunction {
  std::string name;
  std::function<Result<Value, HostFailure>(std::span<const Value>)> call;
};
/// Registers a function for as long as the result or a compiled function that calls it lives. Null: another
/// one has the name.
std::shared_ptr<const HostFunction> registerHostFunction(HostFunction function);
/// The failure of a call whose parameter, counted from 0, is too narrow for the value.
HostFailure tooNarrow(size_t parameter, const Value &value);

/// What a function of the host program returns: a value, or `Result<value, HostFailure>`.
template <class R> struct HostReturn {
  using type = HandleOf<R>;
  static Result<Value, HostFailure> value(const R &returned) {
    const Operand made = operandOf<type>(type(returned), Origin::current());
    Value known = tracing::valueOf(made);
    if (known.empty())
      return HostFailure{"what it returned is no value of its type: " + tracing::whyNoValue(made)};
    return known;
  }
};
template <> struct HostReturn<void> {
  using type = None;
};
template <class R> struct HostReturn<Result<R, HostFailure>> {
  using type = HandleOf<R>;
  static Result<Value, HostFailure> value(const Result<R, HostFailure> &returned) {
    if (!returned)
      return returned.error();
    return HostReturn<R>::value(*returned);
  }
};
template <> struct HostReturn<Result<void, HostFailure>> {
  using type = None;
  static Result<Value, HostFailure> value(const Result<void, HostFailure> &returned) {
    if (!returned)
      return returned.error();
    return Value::none();
  }
};

/// Whether a type of the host program has a value of a run: parameters may be narrower than it.
template <class X, class Host> bool fitsIn(const Host &value) {
  if constexpr (std::integral<X> && std::integral<Host>)
    return static_cast<Host>(static_cast<X>(value)) == value && (static_cast<X>(value) < X()) == (value < 0);
  else if constexpr (std::floating_point<X> && std::floating_point<Host>)
    return !std::isfinite(value) ||
           std::fabs(static_cast<long double>(value)) <= std::numeric_limits<X>::max();
  else if constexpr (requires {
                       typename X::rep;
                       typename X::period;
                     }) // of durations
    return fitsIn<typename X::rep>(
        std::chrono::duration<std::common_type_t<typename X::rep, typename Host::rep>, typename X::period>(
            value)
            .count());
  else if constexpr (requires {
                       *value;
                       typename X::value_type;
                       typename Host::value_type;
                       value.has_value();
                     })
    return !value || fitsIn<typename X::value_type>(*value);
  else
    return true;
}

/// The parameters and the result of a function of the host program.
template <class F> struct HostSignature {};
template <class F>
  requires requires { &F::operator(); }
struct HostSignature<F> : HostSignature<decltype(&F::operator())> {};
template <class R, class... X> struct HostSignature<R (*)(X...)> {
  using Returned = std::remove_cvref_t<R>;
  using type = typename HostReturn<Returned>::type(HandleOf<X>...);

  template <class F> static Result<Value, HostFailure> call(F &function, std::span<const Value> given) {
    (void)given; // without parameters
    return [&]<size_t... I>(std::index_sequence<I...>) -> Result<Value, HostFailure> {
      std::tuple<HostOf<HandleOf<X>>...> values{HostForm<HandleOf<X>>::from(given[I])...};
      size_t wrong = sizeof...(X);
      ((wrong = wrong > I && !fitsIn<std::remove_cvref_t<X>>(std::get<I>(values)) ? I : wrong), ...);
      if (wrong < sizeof...(X))
        return tooNarrow(wrong, given[wrong]);
      if constexpr (std::is_void_v<Returned>) {
        function(static_cast<std::remove_cvref_t<X>>(std::move(std::get<I>(values)))...);
        return Value::none();
      } else {
        return HostReturn<Returned>::value(
            function(static_cast<std::remove_cvref_t<X>>(std::move(std::get<I>(values)))...));
      }
    }(std::index_sequence_for<X...>());
  }
};
template <class C, class R, class... X>
struct HostSignature<R (C::*)(X...) const> : HostSignature<R (*)(X...)> {};
template <class C, class R, class... X> struct HostSignature<R (C::*)(X...)> : HostSignature<R (*)(X...)> {};

/// An operation that calls a function of the host program (`host.call`), on a thread of its own that may
/// block. The function is called on several threads at once.
template <class Signature> class HostOperation;
template <class R, class... P> class HostOperation<R(P...)> {
public:
  HostOperation(std::string name, std::string effect, std::optional<std::string> repeat,
                std::shared_ptr<const HostFunction> registered)
      : name(std::move(name)), effect(std::move(effect)), repeat(std::move(repeat)),
        registered(std::move(registered)) {}

  R operator()(const P &...given, const Origin &at = Origin::current()) const {
    if (!registered)
      tracing::refuse(Diag::TraceHostTwice, {name}, at);
    tracing::keep(registered);
    Attributes attributes;
    attributes.add("function", Literal(name));
    if (!effect.empty())
      attributes.add("effect", Literal(effect));
    attributes.add("repeat", repeat);
    const std::vector<Operand> operands = {operandOf<P>(given, at)...};
    return madeHandle<R>(
        tracing::record({OpCode::host_call, operands, &attributes, nullptr, at}, typeMaker<R>()));
  }

private:
  std::string name, effect;
  std::optional<std::string> repeat;
  std::shared_ptr<const HostFunction> registered;
};

/// Makes an operation of a function of the host program. `effect` says what it does to the world: `pure`,
/// `sample`, `read(R)` or `write(R)`, as in a program; empty: it may write anything of the host's. A failure
/// is a `HostFailure` that it returns, or an exception.
template <class F>
auto hostOp(std::string name, std::string effect, F function, std::optional<std::string> repeat = {}) {
  using Signature = HostSignature<F>;
  auto call = [function =
                   std::move(function)](std::span<const Value> given) mutable -> Result<Value, HostFailure> {
#if defined(__cpp_exceptions)
    try {
      return Signature::call(function, given);
    } catch (const std::exception &thrown) {
      return HostFailure{thrown.what()};
    } catch (...) {
      return HostFailure{"it threw something that is not a std::exception"};
    }
#else
    return Signature::call(function, given);
#endif
  };
  auto registered = registerHostFunction({name, std::move(call)});
  return HostOperation<typename Signature::type>(std::move(name), std::move(effect), std::move(repeat),
                                                 std::move(registered));
}

} // namespace xcs
