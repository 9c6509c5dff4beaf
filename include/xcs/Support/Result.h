#pragma once
#include <cassert>
#include <type_traits>
#include <utility>
#include <variant>

namespace xcs {

/// The error of an operation whose diagnostics have already been reported to a DiagnosticEngine: the caller
/// has nothing to report and returns.
struct Failure {};

/// Either a value or an error. The default error, Failure, means "already reported". Must be checked.
template <class T, class E = Failure> class [[nodiscard]] Result {
public:
  Result(T value) : state(std::in_place_index<0>, std::move(value)) {}
  Result(E error) : state(std::in_place_index<1>, std::move(error)) {}

  bool ok() const { return state.index() == 0; }
  explicit operator bool() const { return ok(); }

  T &operator*() { return *std::get_if<0>(&state); }
  const T &operator*() const { return *std::get_if<0>(&state); }
  T *operator->() { return std::get_if<0>(&state); }
  const T *operator->() const { return std::get_if<0>(&state); }
  const E &error() const { return *std::get_if<1>(&state); }
  E &error() { return *std::get_if<1>(&state); }

private:
  std::variant<T, E> state;
};

/// A Result without a value: success or an error.
template <class E> class [[nodiscard]] Result<void, E> {
public:
  Result() = default;
  Result(E e) : failure(std::move(e)), good(false) {}

  bool ok() const { return good; }
  explicit operator bool() const { return good; }
  const E &error() const { return failure; }
  E &error() { return failure; }

private:
  E failure{};
  bool good = true;
};

/// A Result that only tells success from failure; errors have been reported.
using Status = Result<void, Failure>;
inline Status success() { return {}; }

} // namespace xcs
